import { alignDown, alignUp, isAligned } from "../address.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { copyoutMap } from "../copyio.js";
import { pmapRemove } from "../pmap/index.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import {
  requireSmall,
  vmMapCopyDiscard,
  vmMapCopyPutBack,
  vmMapCopyTakePrefix,
  type VmMapCopy,
  type VmMapCopyEntryList,
} from "./copy.js";
import { vmMapCopyOverwriteAligned, vmMapEntryIsOverwritable } from "./copy-overwrite-aligned.js";
import { vmMapCopyOverwriteUnaligned } from "./copy-overwrite-unaligned.js";
import { vmMapEntryWait } from "./delete.js";
import { vmeObjectSet, type VmMapEntry } from "./entry.js";
import { vmMapEntryAt } from "./find.js";
import { vmMapDeallocate } from "./lifecycle.js";
import { vmMapReference, type VmMap } from "./map.js";

/**
 * Overwrite in one piece: the whole destination is checked before a byte is written.
 * XNU: vm_map_copy_overwrite_nested. Arguments and results as vmMapCopyOverwrite.
 * Locks: takes the map.
 */
export function* vmMapCopyOverwriteNested(
  map: VmMap,
  start: VmOffset,
  copy: VmMapCopy,
  interruptible: boolean,
): Blocking<KernReturn> {
  if (copy.type === "kernelBuffer") {
    requireSmall(copy);
    return yield* copyoutMap(map, start, copy.data);
  }
  const kr = copy.size === 0 ? KERN_SUCCESS : yield* overwriteList(map, start, copy, interruptible);
  if (kr === KERN_SUCCESS) yield* vmMapCopyDiscard(copy);
  return kr;
}

function* overwriteList(
  map: VmMap,
  start: VmOffset,
  copy: VmMapCopyEntryList,
  interruptible: boolean,
): Blocking<KernReturn> {
  if (start >= map.maxOffset) return KERN_INVALID_ADDRESS;
  const pageSize = map.pageSize;
  const aligned =
    copy.pageShift === map.pageShift &&
    isAligned(start, pageSize) &&
    isAligned(copy.offset, pageSize) &&
    isAligned(copy.size, pageSize);
  const end = alignUp((start + copy.size) as VmOffset, pageSize);
  map.lockExclusive();
  const checked = yield* checkDestination(map, start, end, false);
  if (checked.kr !== KERN_SUCCESS || (interruptible && checked.permanentObjects)) {
    map.unlockExclusive();
    return checked.kr === KERN_SUCCESS ? KERN_FAILURE : checked.kr;
  }
  return checked.submaps
    ? yield* overwritePieces(map, start, copy, aligned, interruptible)
    : yield* overwriteRun(map, start, copy, aligned);
}

/** Destination without submaps. Locks: map exclusively on entry, not held on return. */
function* overwriteRun(
  map: VmMap,
  start: VmOffset,
  copy: VmMapCopyEntryList,
  aligned: boolean,
): Blocking<KernReturn> {
  if (aligned) {
    const kr = yield* vmMapCopyOverwriteAligned(map, start, copy);
    map.unlockExclusive();
    return kr;
  }
  map.lockDowngrade();
  const kr = yield* vmMapCopyOverwriteUnaligned(map, start, copy);
  map.unlockShared();
  return kr;
}

/** What the check of a destination found. */
interface Destination {
  readonly kr: KernReturn;
  /** A submap that is not copy-on-write was met. */
  readonly submaps: boolean;
  /** A file or shared memory was met before the last entry. */
  readonly permanentObjects: boolean;
}

/**
 * May [start, end) be overwritten? The first entry is clipped at its page. XNU: pass 1 of
 * vm_map_copy_overwrite_nested and, for `inSubmap`, vm_map_overwrite_submap_recurse.
 * Locks: map exclusively on entry and return; given up inside submaps and while waiting.
 */
function* checkDestination(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  inSubmap: boolean,
): Blocking<Destination> {
  let submaps = false;
  let permanentObjects = false;
  const done = (kr: KernReturn): Destination => ({ kr, submaps, permanentObjects });

  let entry = vmMapEntryAt(map, start);
  if (entry !== null) vmMapClipStart(map, entry, alignDown(start, map.pageSize));
  while (entry !== null) {
    if (entry.inTransition && (entry.submap !== null || isWritable(map, entry))) {
      yield* vmMapEntryWait(map, entry, THREAD_UNINT);
      submaps = false;
      permanentObjects = false;
      entry = vmMapEntryAt(map, start);
      continue;
    }
    const entryEnd: VmOffset = entry.end;
    if (entry.submap !== null) {
      if (!entry.needsCopy || inSubmap) {
        submaps = true;
        const kr = yield* checkInSubmap(map, entry, end);
        if (kr !== KERN_SUCCESS) return done(kr);
      }
      if (end <= entryEnd) return done(KERN_SUCCESS);
      entry = vmMapEntryAt(map, entryEnd);
      continue;
    }
    if (!isWritable(map, entry)) return done(KERN_PROTECTION_FAILURE);
    if (end <= entryEnd) return done(KERN_SUCCESS);
    const next: VmMapEntry | null = entry.next;
    if (next === null || next.start !== entryEnd) return done(KERN_INVALID_ADDRESS);
    const object = entry.object;
    if (object !== null && (!object.internal || object.trueShare)) {
      permanentObjects = true;
      if (inSubmap && submaps) return done(KERN_FAILURE);
    }
    entry = next;
  }
  return done(KERN_INVALID_ADDRESS);
}

function isWritable(map: VmMap, entry: VmMapEntry): boolean {
  return (entry.protection & VM_PROT_WRITE) !== 0 && vmMapEntryIsOverwritable(map, entry);
}

/** The same check for the part of the range behind a submap entry. */
function* checkInSubmap(map: VmMap, entry: VmMapEntry, end: VmOffset): Blocking<KernReturn> {
  const submap = entry.submap;
  if (submap === null) return KERN_SUCCESS;
  const from = entry.offset as VmOffset;
  const to = (Math.min(entry.end, end) - entry.start + entry.offset) as VmOffset;
  vmMapReference(submap);
  map.unlockExclusive();
  submap.lockExclusive();
  const { kr } = yield* checkDestination(submap, from, to, true);
  submap.unlockExclusive();
  yield* vmMapDeallocate(submap);
  map.lockExclusive();
  return kr;
}

/**
 * A destination with submaps, walked piece by piece. XNU: pass 2 of vm_map_copy_overwrite_nested.
 * Locks: map exclusively on entry, not held on return.
 */
function* overwritePieces(
  map: VmMap,
  start: VmOffset,
  copy: VmMapCopyEntryList,
  aligned: boolean,
  interruptible: boolean,
): Blocking<KernReturn> {
  let at = start;
  const end = (start + copy.size) as VmOffset;
  while (at < end) {
    const entry = vmMapEntryAt(map, at);
    if (entry === null) {
      map.unlockExclusive();
      return KERN_INVALID_ADDRESS;
    }
    const submap = entry.submap;
    if (submap !== null && entry.needsCopy) {
      yield* replaceSubmap(map, entry, at, end, submap);
      continue;
    }
    const stop = submap === null ? endOfRun(entry, end) : Math.min(entry.end, end);
    const part = vmMapCopyTakePrefix(copy, stop - at);
    let kr: KernReturn;
    if (submap === null) {
      vmMapClipStart(map, entry, alignDown(at, map.pageSize));
      kr = yield* overwriteRun(map, at, part, aligned);
    } else {
      const inside = (at - entry.start + entry.offset) as VmOffset;
      vmMapReference(submap);
      map.unlockExclusive();
      kr = yield* vmMapCopyOverwriteNested(submap, inside, part, interruptible);
      yield* vmMapDeallocate(submap);
    }
    if (kr !== KERN_SUCCESS) {
      vmMapCopyPutBack(copy, part);
      return kr;
    }
    yield* vmMapCopyDiscard(part);
    at = stop as VmOffset;
    map.lockExclusive();
  }
  map.unlockExclusive();
  return KERN_SUCCESS;
}

/** End of the entries from `entry` on that map memory themselves, without a gap; at most `end`. */
function endOfRun(first: VmMapEntry, end: VmOffset): VmOffset {
  let last = first;
  while (last.end < end) {
    const next = last.next;
    if (next === null || next.start !== last.end || next.submap !== null) return last.end;
    last = next;
  }
  return end;
}

/**
 * A copy-on-write submap whose contents are about to be overwritten becomes fresh memory.
 * Locks: map exclusively on entry and return; given up while the submap is let go.
 */
function* replaceSubmap(
  map: VmMap,
  entry: VmMapEntry,
  at: VmOffset,
  end: VmOffset,
  submap: VmMap,
): Blocking<void> {
  vmMapClipStart(map, entry, alignDown(at, map.pageSize));
  vmMapClipEnd(map, entry, alignUp(end, map.pageSize));
  if (map.pmap !== null) pmapRemove(map.pmap, entry.start, entry.end);
  vmeObjectSet(entry, null);
  entry.offset = 0;
  entry.isShared = false;
  entry.needsCopy = false;
  entry.usePmap = true;
  entry.protection = VM_PROT_DEFAULT;
  entry.maxProtection = VM_PROT_ALL;
  entry.wiredCount = 0;
  entry.userWiredCount = 0;
  if (entry.inheritance === VM_INHERIT_SHARE) entry.inheritance = VM_INHERIT_COPY;
  map.unlockExclusive();
  yield* vmMapDeallocate(submap);
  map.lockExclusive();
}
