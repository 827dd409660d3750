import { alignDown } from "../address.js";
import type { Blocking } from "../blocking.js";
import { KERN_SUCCESS, PAGE_SIZE, type KernReturn, type VmOffset } from "../types.js";
import {
  vmMapCopyPutBack,
  vmMapCopyTakePrefix,
  vmMapCopyVetRange,
  type VmMapCopy,
  type VmMapCopyEntryList,
} from "./copy.js";
import { vmMapCopyOverwriteNested } from "./copy-overwrite-nested.js";
import { vmMapEntryAt } from "./find.js";
import type { VmMap } from "./map.js";

/** Shorter overwrites are not worth splitting (VM_MAP_COPY_OVERWRITE_OPTIMIZATION_THRESHOLD_PAGES). */
const SPLIT_THRESHOLD_PAGES = 3;

/**
 * Write a copy over memory that is mapped. XNU: vm_map_copy_overwrite. Whole pages of an entry list
 * replace the pages below them copy-on-write, the rest is copied byte by byte. A long copy with
 * equal misalignment on both sides is done as head, body and tail.
 *
 * Consumes the copy on success. On failure the caller keeps what is left of it, fit only to be
 * discarded, and what was written stays written.
 * @param address exact destination
 * @param size of the copy, as the caller validated it
 * @param interruptible refuse destinations whose writing could hang: all but the last entry must be
 *   anonymous and unshared
 * @returns KERN_INVALID_ADDRESS at a hole and outside the map, and for anything that stops a copy by
 *   value; KERN_PROTECTION_FAILURE where writing is denied or the entry is permanent; KERN_FAILURE
 *   for an interruptible overwrite of a file or of shared memory; a pager's error
 * Locks: takes the map; gives it up while bytes are copied.
 */
export function* vmMapCopyOverwrite(
  map: VmMap,
  address: VmOffset,
  copy: VmMapCopy | null,
  size: number,
  interruptible: boolean,
): Blocking<KernReturn> {
  if (copy === null) return KERN_SUCCESS;
  const vetted = vmMapCopyVetRange(map, address, size);
  if (vetted !== KERN_SUCCESS) return vetted;
  if (!interruptible && copy.type === "entryList") {
    const split = splitSizes(map, address, copy, size);
    if (split !== null) return yield* overwriteSplit(map, address, copy, split);
  }
  return yield* vmMapCopyOverwriteNested(map, address, copy, interruptible);
}

/** Bytes up to the first page edge, and after the last one; the body between is whole pages. */
interface Split {
  readonly head: number;
  readonly body: number;
}

/** How to split the overwrite, or null if it is to be done in one. */
function splitSizes(
  map: VmMap,
  address: VmOffset,
  copy: VmMapCopyEntryList,
  size: number,
): Split | null {
  const pageSize = Math.max(map.pageSize, PAGE_SIZE, 2 ** copy.pageShift);
  if (2 ** copy.pageShift < PAGE_SIZE || map.isExotic) return null;
  if (size < SPLIT_THRESHOLD_PAGES * pageSize) return null;
  const inPage = address - alignDown(address, pageSize);
  if (inPage !== copy.offset - alignDown(copy.offset, pageSize)) return null;
  const head = inPage === 0 ? 0 : pageSize - inPage;
  const tail = (inPage + size) % pageSize;
  if ((head === 0 && tail === 0) || !isPlainRange(map, address, size)) return null;
  return { head, body: size - head - tail };
}

/** Is the start mapped, and no submap in the range? Holes are found later. */
function isPlainRange(map: VmMap, address: VmOffset, size: number): boolean {
  map.lockShared();
  const first = vmMapEntryAt(map, address);
  let plain = first !== null;
  for (let entry = first; entry !== null && entry.start < address + size; entry = entry.next) {
    if (entry.submap !== null) plain = false;
  }
  map.unlockShared();
  return plain;
}

function* overwriteSplit(
  map: VmMap,
  address: VmOffset,
  copy: VmMapCopyEntryList,
  split: Split,
): Blocking<KernReturn> {
  const head = vmMapCopyTakePrefix(copy, split.head);
  const body = vmMapCopyTakePrefix(copy, split.body);
  let at = address;
  let kr = KERN_SUCCESS as KernReturn;
  for (const part of [head, body, copy]) {
    const next = (at + part.size) as VmOffset;
    kr = yield* vmMapCopyOverwriteNested(map, at, part, false);
    if (kr !== KERN_SUCCESS) break;
    at = next;
  }
  if (kr !== KERN_SUCCESS) {
    vmMapCopyPutBack(copy, body);
    vmMapCopyPutBack(copy, head);
  }
  return kr;
}
