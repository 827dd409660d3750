import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { vmFaultCopy } from "../fault/index.js";
import { MEMORY_OBJECT_COPY_NONE, MEMORY_OBJECT_COPY_SYMMETRIC } from "../object/object.js";
import type { VmObject } from "../object/object.js";
import { vmObjectDeallocate, vmObjectPmapProtect, vmObjectReference } from "../object/index.js";
import { pmapRemove } from "../pmap/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_MEMORY_MALLOC,
  VM_MEMORY_MALLOC_MEDIUM,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import { vmMapCopyClipEnd, type VmMapCopyEntryList } from "./copy.js";
import { vmMapEntryWait } from "./delete.js";
import {
  vmMapEntryAllocateObject,
  vmMapEntryReleaseObject,
  vmMapEntryShadow,
} from "./entry-object.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import type { VmMap } from "./map.js";
import { chargeIokitRegion, isChargedToOwner } from "./owner.js";

/** macOS: a small piece of a large object is copied, so that it does not keep all of it alive. */
const TRADEOFF_OBJECT_BYTES = 64 * 2 ** 20;
const TRADEOFF_COPY_BYTES = 128 * 2 ** 10;

/** May the entry's contents be replaced at all? XNU: vm_map_entry_is_overwritable. */
export function vmMapEntryIsOverwritable(map: VmMap, entry: VmMapEntry): boolean {
  if (entry.usedForJit && map.csEnforcement && !map.csDebugged) return false;
  return !entry.permanent && !entry.usedForTpro;
}

/**
 * Overwrite whole pages: where both sides allow it the destination entry takes over the copy's
 * memory, elsewhere the pages' contents are copied. The entries done are gone from the copy.
 * XNU: vm_map_copy_overwrite_aligned.
 * @returns KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE: as checked before, should the map have
 *   changed meanwhile; or what a page that cannot be read or written says
 * Locks: map exclusively on entry and return; given up while contents are copied.
 */
export function* vmMapCopyOverwriteAligned(
  map: VmMap,
  start: VmOffset,
  copy: VmMapCopyEntryList,
): Blocking<KernReturn> {
  let at = start;
  for (;;) {
    const piece = copy.entries.first;
    if (piece === null) return KERN_SUCCESS;
    const entry = vmMapEntryAt(map, at);
    if (entry === null || (entry.submap !== null && !entry.needsCopy)) return KERN_INVALID_ADDRESS;
    const writable = (entry.protection & VM_PROT_WRITE) !== 0 && entry.submap === null;
    if (!writable || !vmMapEntryIsOverwritable(map, entry)) return KERN_PROTECTION_FAILURE;
    if (entry.inTransition) {
      yield* vmMapEntryWait(map, entry, THREAD_UNINT);
      continue;
    }
    vmMapClipStart(map, entry, at);
    vmMapClipEnd(map, entry, (at + (piece.end - piece.start)) as VmOffset);
    const size = entry.end - entry.start;
    vmMapCopyClipEnd(copy, piece, (piece.start + size) as VmOffset);
    if (maySubstitute(map, entry, piece)) {
      copy.entries.remove(piece);
      substitute(map, entry, piece);
      at = entry.end;
      continue;
    }
    const copied = yield* copyContents(map, entry, piece);
    if (copied.kr !== KERN_SUCCESS) return copied.kr;
    if (copied.bytes > 0) {
      vmMapCopyClipEnd(copy, piece, (piece.start + copied.bytes) as VmOffset);
      copy.entries.remove(piece);
      vmMapEntryReleaseObject(piece);
    }
    at = (at + copied.bytes) as VmOffset;
  }
}

/** May the destination entry give up its memory for the copy's? */
function maySubstitute(map: VmMap, entry: VmMapEntry, piece: VmMapEntry): boolean {
  if (!entry.needsCopy && !isPrivateMemory(entry)) return false;
  if (isSameMemory(entry, piece)) return true;
  const source = piece.object;
  if (source === null) return true;
  const size = piece.end - piece.start;
  if (source.size >= TRADEOFF_OBJECT_BYTES && size <= TRADEOFF_COPY_BYTES) return false;
  const mallocTag = entry.alias >= VM_MEMORY_MALLOC && entry.alias <= VM_MEMORY_MALLOC_MEDIUM;
  return map.isKernel || !mallocTag || isPlainChain(source);
}

function isPrivateMemory(entry: VmMapEntry): boolean {
  if (entry.isShared || entry.permanent || entry.usedForJit || entry.usedForTpro) return false;
  if ((entry.protection & VM_PROT_EXECUTE) !== 0) return false;
  const object = entry.object;
  if (object === null) return true;
  return object.internal && !object.trueShare && object.copyStrategy !== MEMORY_OBJECT_COPY_NONE;
}

/** Malloc memory should stay anonymous, unshared and symmetrically copied all the way down. */
function isPlainChain(top: VmObject): boolean {
  for (let object: VmObject | null = top; object !== null; object = object.shadow) {
    if (!object.internal || object.trueShare) return false;
    if (object.copyStrategy !== MEMORY_OBJECT_COPY_SYMMETRIC) return false;
  }
  return true;
}

function isSameMemory(entry: VmMapEntry, piece: VmMapEntry): boolean {
  return entry.object === piece.object && entry.offset === piece.offset;
}

/** Hand the memory of `piece`, which is in no list, to the destination entry. */
function substitute(map: VmMap, entry: VmMapEntry, piece: VmMapEntry): void {
  const old = entry.object;
  if (isSameMemory(entry, piece)) {
    vmMapEntryReleaseObject(piece); // the very same pages: there is nothing to write
    return;
  }
  if (old !== null) {
    removeTranslations(map, entry, old);
    vmObjectDeallocate(old);
  }
  chargeIokitRegion(map, entry, -1);
  entry.iokitAcct = false;
  entry.object = piece.object;
  entry.usePmap = !isChargedToOwner(entry);
  entry.offset = piece.offset;
  entry.needsCopy = piece.needsCopy;
  entry.wiredCount = 0;
  entry.userWiredCount = 0;
  piece.object = null;
}

/** A submap's memory is entered in the pmaps of the maps it is part of. */
function removeTranslations(map: VmMap, entry: VmMapEntry, object: VmObject): void {
  if (map.mappedInOtherPmaps || map.pmap === null) {
    const size = entry.end - entry.start;
    vmObjectPmapProtect(object, entry.offset, size, null, entry.start, VM_PROT_NONE);
  } else {
    pmapRemove(map.pmap, entry.start, entry.end);
  }
}

/**
 * Copy page contents into the destination entry's own object, with the map unlocked.
 * @returns bytes copied; fewer than asked (perhaps none) if the map changed meanwhile
 */
function* copyContents(
  map: VmMap,
  entry: VmMapEntry,
  piece: VmMapEntry,
): Blocking<{ readonly kr: KernReturn; readonly bytes: number }> {
  if (entry.object === null) vmMapEntryAllocateObject(map, entry);
  else if (entry.needsCopy) vmMapEntryShadow(map, entry);
  const object = entry.object;
  if (object === null) return { kr: KERN_INVALID_ADDRESS, bytes: 0 };
  const size = entry.end - entry.start;
  const destinationOffset = entry.offset;
  vmObjectReference(object);
  const destinationVersion = map.timestamp + 1; // our own unlock counts
  map.unlockExclusive();
  const { kr, copied } = yield* vmFaultCopy({
    sourceObject: piece.object,
    sourceOffset: piece.offset,
    size,
    destinationObject: object,
    destinationOffset,
    destinationMap: map,
    destinationVersion,
    interruptible: THREAD_UNINT,
  });
  vmObjectDeallocate(object);
  map.lockExclusive();
  return { kr, bytes: copied };
}
