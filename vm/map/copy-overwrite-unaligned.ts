import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { vmFaultCopy } from "../fault/index.js";
import { vmObjectDeallocate, vmObjectReference } from "../object/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapCopyEntryDispose, type VmMapCopyEntryList } from "./copy.js";
import { vmMapEntryIsOverwritable } from "./copy-overwrite-aligned.js";
import { vmMapEntryWait } from "./delete.js";
import { vmMapEntryAllocateObject, vmMapEntryShadow } from "./entry-object.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import type { VmMap } from "./map.js";

/**
 * Overwrite byte by byte, whatever the alignment of either side. The source entries done are gone
 * from the copy. XNU: vm_map_copy_overwrite_unaligned.
 * @returns KERN_INVALID_ADDRESS at a hole, or when the copy has too few entries;
 *   KERN_PROTECTION_FAILURE; KERN_INVALID_ARGUMENT for a submap; or what a page that cannot be read
 *   or written says
 * Locks: map shared on entry and return; given up while bytes are copied.
 */
export function* vmMapCopyOverwriteUnaligned(
  map: VmMap,
  start: VmOffset,
  copy: VmMapCopyEntryList,
): Blocking<KernReturn> {
  let at = start;
  let left = copy.size;
  let source = copy.entries.first;
  let from = source === null ? 0 : copy.offset - source.start;
  while (left > 0) {
    const entry = vmMapEntryAt(map, at);
    if (entry === null || source === null) return KERN_INVALID_ADDRESS;
    if ((entry.protection & VM_PROT_WRITE) === 0) return KERN_PROTECTION_FAILURE;
    if (entry.submap !== null) return KERN_INVALID_ARGUMENT;
    if (!vmMapEntryIsOverwritable(map, entry)) return KERN_PROTECTION_FAILURE;
    if (entry.inTransition) {
      yield* waitShared(map, entry);
      continue;
    }
    const size = Math.min(entry.end - at, source.end - source.start - from, left);
    const { kr, copied } = yield* copyBytes(map, entry, at, source, from, size);
    if (kr !== KERN_SUCCESS) return kr;
    at = (at + copied) as VmOffset;
    left -= copied;
    from += copied;
    if (from === source.end - source.start || left === 0) {
      yield* disposeShared(map, copy, source);
      source = copy.entries.first;
      from = 0;
    }
  }
  return KERN_SUCCESS;
}

/** Wait for an entry in transition. Locks: map shared on entry and return. */
function* waitShared(map: VmMap, entry: VmMapEntry): Blocking<void> {
  map.lockUpgrade();
  yield* vmMapEntryWait(map, entry, THREAD_UNINT);
  map.lockDowngrade();
}

/** Let go of a source entry; its object may be the last reference, so without the map's lock. */
function* disposeShared(map: VmMap, copy: VmMapCopyEntryList, source: VmMapEntry): Blocking<void> {
  map.unlockShared();
  yield* vmMapCopyEntryDispose(copy, source);
  map.lockShared();
}

/** Copy `size` bytes to `at`, inside one entry on either side, with the map unlocked. */
function* copyBytes(
  map: VmMap,
  entry: VmMapEntry,
  at: VmOffset,
  source: VmMapEntry,
  from: number,
  size: number,
): Blocking<{ readonly kr: KernReturn; readonly copied: number }> {
  if (entry.needsCopy || entry.object === null) {
    map.lockUpgrade();
    if (entry.object === null) vmMapEntryAllocateObject(map, entry);
    else vmMapEntryShadow(map, entry);
    map.lockDowngrade();
  }
  const object = entry.object;
  if (object === null) return { kr: KERN_INVALID_ADDRESS, copied: 0 };
  const destinationOffset = entry.offset + (at - entry.start);
  const destinationVersion = map.timestamp;
  vmObjectReference(object);
  map.unlockShared();
  const result = yield* vmFaultCopy({
    sourceObject: source.object,
    sourceOffset: source.offset + from,
    size,
    destinationObject: object,
    destinationOffset,
    destinationMap: map,
    destinationVersion,
    interruptible: THREAD_UNINT,
  });
  vmObjectDeallocate(object);
  map.lockShared();
  return result;
}
