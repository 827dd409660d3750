import { check } from "../../emulator/arch/check.js";
import { isAligned } from "../address.js";
import {
  THREAD_ABORTSAFE,
  THREAD_INTERRUPTED,
  THREAD_UNINT,
  type Blocking,
  type Interruptible,
  type WaitResult,
} from "../blocking.js";
import { vmObjectPmapProtect } from "../object/index.js";
import { PMAP_UNNEST_CLEAN, pmapRemove, pmapUnnest } from "../pmap/index.js";
import {
  KERN_ABORTED,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_VALUE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_PROT_NONE,
  panic,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import { vmMapEntryReleaseObject } from "./entry-object.js";
import { vmMapEntryCopyFull, type VmMapEntry } from "./entry.js";
import { vmMapLookupEntryOrNext } from "./find.js";
import { vmMapWakeSpaceWaiters } from "./find-space.js";
import { vmMapDeallocate } from "./lifecycle.js";
import { hasOwnTranslations, type VmMap } from "./map.js";
import { chargeIokitRegion } from "./owner.js";
import { vmMapUnwireMemory } from "./unwire.js";
import { vmMapSubtractWireCounts } from "./wire-counts.js";

export const VM_MAP_REMOVE_NO_FLAGS = 0;
/** Drop one kernel wiring as well. */
export const VM_MAP_REMOVE_KUNWIRE = 0x1;
export const VM_MAP_REMOVE_INTERRUPTIBLE = 0x2;
/** Remove even permanent entries. */
export const VM_MAP_REMOVE_IMMUTABLE = 0x10;
/** A gap in the range is KERN_INVALID_VALUE instead of a guard exception. */
export const VM_MAP_REMOVE_GAPS_FAIL = 0x20;
export const VM_MAP_REMOVE_TO_OVERWRITE = 0x200;

/** Entries taken out of a map, with the references they hold (vm_map_zap list), in address order. */
export type ZapList = VmMapEntry[];

/** What a deletion did: how it ended, and the first unmapped address it met. */
export interface DeleteResult {
  readonly kr: KernReturn;
  readonly firstGap: VmOffset | null;
}

/**
 * Sleep until an entry is no longer being worked on. XNU: vm_map_entry_wait.
 * Locks: map exclusively on entry and on return; given up meanwhile, so the caller looks up again.
 */
export function* vmMapEntryWait(
  map: VmMap,
  entry: VmMapEntry,
  interruptible: Interruptible,
): Blocking<WaitResult> {
  entry.needsWakeup = true;
  map.unlockExclusive();
  const result = yield { channel: map.entries, interruptible, reason: "map entry in transition" };
  map.lockExclusive();
  return result;
}

/** Wake everyone who waits for some entry of this map. XNU: vm_map_entry_wakeup. */
export function vmMapEntryWakeup(map: VmMap): void {
  map.context.wakeup(map.entries);
}

/**
 * Take [start, end) out of the map: unwire, remove translations, unlink. The entries go to `zap`
 * and keep their references until vmMapZapDispose, so that an overwrite can put them back.
 *
 * Permanent memory stays listed but loses all protection. User wirings are dropped; kernel ones are
 * waited for. XNU: vm_map_delete. Out-of-bounds ranges delete nothing and count as a gap.
 * @returns KERN_INVALID_ARGUMENT for end < start; KERN_PROTECTION_FAILURE at a permanent submap;
 *   KERN_ABORTED when an interruptible wait is broken; KERN_INVALID_VALUE at a gap with GAPS_FAIL
 * Locks: map exclusively on entry and return; given up while waiting and while unwiring.
 */
export function* vmMapDelete(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  flags: number,
  zap: ZapList,
): Blocking<DeleteResult> {
  map.lock.assertExclusive();
  if (!map.terminated) {
    if (end === 0 || end > map.maxOffset) return { kr: KERN_SUCCESS, firstGap: map.maxOffset };
    if (end < start) return { kr: KERN_INVALID_ARGUMENT, firstGap: null };
    if (start < map.minOffset) return { kr: KERN_SUCCESS, firstGap: start };
  }
  if (!isAligned(start, map.pageSize)) panic("vm_map_delete: misaligned start");
  if (map.corpseSource && (flags & VM_MAP_REMOVE_TO_OVERWRITE) === 0 && !map.terminated) {
    return { kr: KERN_SUCCESS, firstGap: null };
  }
  return yield* deleteEntries(map, start, end, flags, zap);
}

function* deleteEntries(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  flags: number,
  zap: ZapList,
): Blocking<DeleteResult> {
  const interruptible =
    (flags & VM_MAP_REMOVE_INTERRUPTIBLE) !== 0 ? THREAD_ABORTSAFE : THREAD_UNINT;
  let firstGap: VmOffset | null = null;
  let at = start;
  while (at < end) {
    const entry = vmMapLookupEntryOrNext(map, at);
    const gapEnd = entry === null ? end : (Math.min(entry.start, end) as VmOffset);
    if (at < gapEnd) {
      firstGap ??= at;
      if ((flags & VM_MAP_REMOVE_GAPS_FAIL) !== 0) return { kr: KERN_INVALID_VALUE, firstGap };
      at = gapEnd;
      continue;
    }
    check(entry !== null, "no entry where the gap ended", map);
    const removable = mayRemovePermanent(map, flags);
    if (entry.permanent && entry.submap !== null && !removable) {
      return { kr: KERN_PROTECTION_FAILURE, firstGap };
    }
    vmMapClipStart(map, entry, at);
    vmMapClipEnd(map, entry, end);
    if (entry.inTransition) {
      const result = yield* vmMapEntryWait(map, entry, interruptible);
      if (result === THREAD_INTERRUPTED) return { kr: KERN_ABORTED, firstGap };
      continue;
    }
    if (entry.wiredCount > 0) {
      const unwired = yield* unwireForDelete(map, entry, flags, interruptible);
      if (unwired !== KERN_SUCCESS) return { kr: unwired, firstGap };
      continue; // the lock was given up: look the address up again
    }
    at = entry.end;
    if (entry.submap === null) {
      removeTranslations(map, entry);
    } else {
      removeSubmapTranslations(map, entry);
    }
    if (entry.permanent && !removable) {
      entry.protection = VM_PROT_NONE;
      entry.maxProtection = VM_PROT_NONE;
      continue;
    }
    const before = entry.prev;
    map.unlink(entry);
    chargeIokitRegion(map, entry, -1);
    map.hint = before;
    zap.push(entry);
  }
  vmMapWakeSpaceWaiters(map);
  return { kr: KERN_SUCCESS, firstGap };
}

function mayRemovePermanent(map: VmMap, flags: number): boolean {
  return map.terminated || (flags & VM_MAP_REMOVE_IMMUTABLE) !== 0;
}

/** A submap's memory is entered in the pmaps of the maps it is part of. */
function removeTranslations(map: VmMap, entry: VmMapEntry): void {
  if (map.mappedInOtherPmaps && entry.object !== null) {
    const size = entry.end - entry.start;
    vmObjectPmapProtect(entry.object, entry.offset, size, null, entry.start, VM_PROT_NONE);
  }
  if (hasOwnTranslations(map)) pmapRemove(map.pmap, entry.start, entry.end);
}

/**
 * A nested submap's translations are its own, and only the links to them go; those of another submap
 * were entered in this map's pmap.
 */
function removeSubmapTranslations(map: VmMap, entry: VmMapEntry): void {
  const { pmap } = map;
  if (pmap === null) return;
  const clean = map.terminated ? PMAP_UNNEST_CLEAN : 0;
  if (entry.usePmap) pmapUnnest(pmap, entry.start, entry.end - entry.start, clean);
  else pmapRemove(pmap, entry.start, entry.end);
}

/** Drop what wirings a deletion may drop, then wait for the kernel's or unwire the pages. */
function* unwireForDelete(
  map: VmMap,
  entry: VmMapEntry,
  flags: number,
  interruptible: Interruptible,
): Blocking<KernReturn> {
  const userWire = entry.userWiredCount > 0;
  if ((flags & VM_MAP_REMOVE_KUNWIRE) !== 0) entry.wiredCount -= 1;
  if (entry.userWiredCount > 0) {
    entry.userWiredCount = 1;
    vmMapSubtractWireCounts(map, entry, true);
  }
  if (entry.wiredCount !== 0) {
    check(!map.isKernel, "kernel memory unmapped while still wired", entry);
    // The kernel still uses the pages (I/O, say); its unwire wakes us.
    const result = yield* vmMapEntryWait(map, entry, interruptible);
    return result === THREAD_INTERRUPTED ? KERN_ABORTED : KERN_SUCCESS;
  }
  entry.inTransition = true;
  map.unlockExclusive();
  yield* vmMapUnwireMemory(map, vmMapEntryCopyFull(entry), userWire, null);
  map.lockExclusive();
  entry.inTransition = false;
  if (entry.needsWakeup) {
    entry.needsWakeup = false;
    vmMapEntryWakeup(map);
  }
  return KERN_SUCCESS;
}

/** Drop the references of removed entries. XNU: vm_map_zap_dispose. Locks: no map held. */
export function* vmMapZapDispose(zap: ZapList): Blocking<void> {
  for (const entry of zap) {
    const submap = entry.submap;
    if (submap !== null) {
      entry.submap = null;
      yield* vmMapDeallocate(submap);
    } else {
      vmMapEntryReleaseObject(entry);
    }
  }
  zap.length = 0;
}

/**
 * Unmap [start, end) and let go of what was there. XNU: vm_map_remove_guard and vm_map_remove.
 * @param guard a gap raises the guard exception of the owning task
 * Locks: takes the map exclusively.
 */
export function* vmMapRemove(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  flags: number = VM_MAP_REMOVE_NO_FLAGS,
  guard = false,
): Blocking<KernReturn> {
  const zap: ZapList = [];
  map.lockExclusive();
  const { kr, firstGap } = yield* vmMapDelete(map, start, end, flags, zap);
  map.unlockExclusive();
  yield* vmMapZapDispose(zap);
  if (guard && firstGap !== null && kr === KERN_SUCCESS) {
    map.context.guardException(map, "DEALLOC_GAP", firstGap);
  }
  return kr;
}
