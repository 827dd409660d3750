import type { Blocking } from "../blocking.js";
import {
  vmObjectDeactivatePages,
  vmObjectDeallocate,
  vmObjectReference,
  vmObjectSync,
} from "../object/index.js";
import { MEMORY_OBJECT_COPY_SYMMETRIC, type VmObject } from "../object/object.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  VM_SYNC_ASYNCHRONOUS,
  VM_SYNC_CONTIGUOUS,
  VM_SYNC_DEACTIVATE,
  VM_SYNC_INVALIDATE,
  VM_SYNC_KILLPAGES,
  VM_SYNC_SYNCHRONOUS,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapLookupEntryOrNext } from "./find.js";
import { vmMapDeallocate } from "./lifecycle.js";
import { vmMapReference, type VmMap } from "./map.js";

/**
 * Make files agree with their pages in [start, end), drop the contents of pages (KILLPAGES) or let
 * them go soon (DEACTIVATE). XNU: vm_map_msync. Anonymous memory has nothing to write back. Holes
 * are skipped, but KILLPAGES stops at the first one.
 * @param flags VM_SYNC_*
 * @returns KERN_INVALID_ARGUMENT for both sync flags; KERN_INVALID_ADDRESS if there was a hole and
 *   CONTIGUOUS was asked for, after the work is done
 * Locks: takes the map shared; given up while pages are written.
 */
export function* vmMapMsync(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  flags: number,
): Blocking<KernReturn> {
  const both = VM_SYNC_ASYNCHRONOUS | VM_SYNC_SYNCHRONOUS;
  if ((flags & both) === both) return KERN_INVALID_ARGUMENT;
  let hadHole = false;
  let at = start;
  while (at < end) {
    map.lockShared();
    const entry = vmMapLookupEntryOrNext(map, at);
    if (entry === null || entry.start > at) {
      map.unlockShared();
      hadHole = true;
      if (entry === null || (flags & VM_SYNC_KILLPAGES) !== 0) break;
      at = entry.start;
      continue;
    }
    const size = Math.min(entry.end, end) - at;
    if ((yield* syncEntry(map, entry, at, size, flags)) === KERN_INVALID_ADDRESS) hadHole = true;
    at = (at + size) as VmOffset;
  }
  return hadHole && (flags & VM_SYNC_CONTIGUOUS) !== 0 ? KERN_INVALID_ADDRESS : KERN_SUCCESS;
}

/** Locks: map shared on entry, not held on return. */
function* syncEntry(
  map: VmMap,
  entry: VmMapEntry,
  at: VmOffset,
  size: number,
  flags: number,
): Blocking<KernReturn> {
  const { object, submap } = entry;
  const offset = entry.offset + (at - entry.start);
  if (submap !== null) {
    // From the submap's offset whatever the position in the entry: XNU does the same.
    const inside = entry.offset as VmOffset;
    vmMapReference(submap);
    map.unlockShared();
    const kr = yield* vmMapMsync(submap, inside, (inside + size) as VmOffset, flags);
    yield* vmMapDeallocate(submap);
    return kr;
  }
  if (object !== null && (flags & (VM_SYNC_KILLPAGES | VM_SYNC_DEACTIVATE)) !== 0) {
    const kill = (flags & VM_SYNC_KILLPAGES) !== 0;
    if (!kill || isKillable(object)) vmObjectDeactivatePages(object, offset, size, kill);
    map.unlockShared();
    return KERN_SUCCESS;
  }
  if (object === null || object.pager === null || object.internal) {
    map.unlockShared();
    return KERN_SUCCESS;
  }
  vmObjectReference(object);
  map.unlockShared();
  const flush = (flags & VM_SYNC_INVALIDATE) !== 0;
  const write = (flags & (VM_SYNC_SYNCHRONOUS | VM_SYNC_ASYNCHRONOUS)) !== 0;
  yield* vmObjectSync(object, offset, size, flush, write);
  vmObjectDeallocate(object);
  return KERN_SUCCESS;
}

/** Nobody else would miss the pages. */
function isKillable(object: VmObject): boolean {
  const pushed = object.copyStrategy !== MEMORY_OBJECT_COPY_SYMMETRIC && object.copy === null;
  return object.shadow === null && (object.refCount === 1 || pushed);
}
