import { alignDown, alignUp } from "../address.js";
import type { Blocking } from "../blocking.js";
import { copyoutMap } from "../copyio.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  VM_BEHAVIOR_DEFAULT,
  VM_INHERIT_DEFAULT,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapCopyAdjustToTarget } from "./copy-adjust.js";
import {
  requireSmall,
  vmMapCopyDiscard,
  type VmMapCopy,
  type VmMapCopyEntryList,
  type VmMapCopyKernelBuffer,
} from "./copy.js";
import { vmMapRemove } from "./delete.js";
import { vmMapEnter } from "./enter.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapLocateSpace } from "./find-space.js";
import { vmkFlagsAnywhere } from "./flags.js";
import type { VmMap } from "./map.js";

const ZERO = 0 as VmOffset;

/** How a copyout ended; the address is 0 on most failures, as its callers can see. */
export interface CopyoutResult {
  readonly kr: KernReturn;
  readonly address: VmOffset;
}

/**
 * Map a copy somewhere in `map`, readable and writable; consumes it on success. XNU:
 * vm_map_copyout. A list's memory keeps its position within the page (unless it comes from smaller
 * pages and had to be copied physically); a buffer's starts at one.
 * @returns KERN_NO_SPACE; KERN_INVALID_ADDRESS when a buffer cannot be stored
 */
export function* vmMapCopyout(map: VmMap, copy: VmMapCopy | null): Blocking<CopyoutResult> {
  return yield* vmMapCopyoutSize(map, copy, copy?.size ?? 0);
}

/** As vmMapCopyout, for a client that claims `size`. @returns KERN_FAILURE if it is another */
export function* vmMapCopyoutSize(
  map: VmMap,
  copy: VmMapCopy | null,
  size: number,
): Blocking<CopyoutResult> {
  if (copy === null) return { kr: KERN_SUCCESS, address: ZERO };
  if (copy.size !== size) return { kr: KERN_FAILURE, address: ZERO };
  if (copy.type === "kernelBuffer") return yield* copyoutKernelBuffer(map, copy);
  if (copy.pageShift === map.pageShift) return yield* copyoutEntryList(map, copy);
  const adjusted = yield* vmMapCopyAdjustToTarget(copy, 0, size, map, true);
  if (adjusted.kr !== KERN_SUCCESS) return { kr: adjusted.kr, address: ZERO };
  const result = yield* copyoutEntryList(map, adjusted.copy);
  yield* vmMapCopyDiscard(result.kr === KERN_SUCCESS ? copy : adjusted.copy);
  return result;
}

function* copyoutKernelBuffer(map: VmMap, copy: VmMapCopyKernelBuffer): Blocking<CopyoutResult> {
  requireSmall(copy);
  const size = alignUp(copy.size, map.pageSize);
  const entered = yield* vmMapEnter(map, { address: ZERO, size, flags: vmkFlagsAnywhere() });
  if (!("address" in entered)) return { kr: entered.kr, address: ZERO };
  const { address } = entered;
  const kr = yield* copyoutMap(map, address, copy.data);
  if (kr !== KERN_SUCCESS) {
    yield* vmMapRemove(map, address, (address + size) as VmOffset);
    return { kr: KERN_INVALID_ADDRESS, address: ZERO };
  }
  return { kr: KERN_SUCCESS, address };
}

function* copyoutEntryList(map: VmMap, copy: VmMapCopyEntryList): Blocking<CopyoutResult> {
  const pageSize = 2 ** copy.pageShift;
  const base = alignDown(copy.offset, pageSize);
  const size = alignUp(copy.offset + copy.size, pageSize) - base;
  map.lockExclusive();
  const space = yield* vmMapLocateSpace(map, size, 0, vmkFlagsAnywhere(), ZERO);
  if (!("address" in space)) {
    map.unlockExclusive();
    return { kr: space.kr, address: ZERO };
  }
  for (const entry of copy.entries) {
    entry.protection = VM_PROT_DEFAULT;
    entry.maxProtection = VM_PROT_ALL;
    entry.inheritance = VM_INHERIT_DEFAULT;
    entry.behavior = VM_BEHAVIOR_DEFAULT;
  }
  vmMapCopyInsert(map, space.after, copy, space.address - base);
  map.unlockExclusive();
  return { kr: KERN_SUCCESS, address: (space.address + (copy.offset - base)) as VmOffset };
}

/**
 * Move a list's entries into the map, `shift` bytes away from where they were copied.
 * XNU: vm_map_copy_insert. Locks: map exclusively; the target range is free.
 */
export function vmMapCopyInsert(
  map: VmMap,
  after: VmMapEntry | null,
  copy: VmMapCopyEntryList,
  shift: number,
): void {
  let before = after;
  for (const entry of copy.entries) {
    copy.entries.remove(entry);
    entry.start = (entry.start + shift) as VmOffset;
    entry.end = (entry.end + shift) as VmOffset;
    entry.mapAligned = map.isExotic;
    map.link(before, entry);
    before = entry;
  }
}
