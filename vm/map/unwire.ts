import type { Blocking } from "../blocking.js";
import { vmFaultUnwire } from "../fault/index.js";
import { sanitizeAddressEnd } from "../sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  panic,
  type KernReturn,
  type RawU64,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import { vmMapEntryWakeup } from "./delete.js";
import { vmMapEntryCopyFull, type VmMapEntry } from "./entry.js";
import { vmMapEntryAt, vmMapLookupEntryOrNext } from "./find.js";
import { vmMapClampRange } from "./inherit.js";
import type { VmMap } from "./map.js";
import { vmMapSimplifyRange } from "./simplify.js";
import { vmMapSubtractWireCounts } from "./wire-counts.js";
import { pmapAddress, submapPart, type PmapTarget } from "./wire-submap.js";

/**
 * Take one wiring of the given kind off [start, end). XNU: vm_map_unwire. The kernel must only
 * unwire what it wired; for a user, what is not user-wired is skipped.
 * @returns KERN_INVALID_ARGUMENT for a range that wraps; KERN_INVALID_ADDRESS when a user's start is not mapped
 * @throws KernelPanic when the kernel unwires memory that is unmapped or not wired
 * Locks: takes the map exclusively, gives it up while the pages are unwired.
 */
export function* vmMapUnwire(
  map: VmMap,
  start: RawU64,
  end: RawU64,
  userWire: boolean,
): Blocking<KernReturn> {
  const range = sanitizeAddressEnd(map, start, end, { zeroSize: "succeeds" });
  if (!range.proceed) return range.kr;
  return yield* vmMapUnwireNested(map, range.start, range.end, userWire);
}

/**
 * XNU: vm_map_unwire_nested.
 * @param target where the translations are, for a submap
 */
export function* vmMapUnwireNested(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  userWire: boolean,
  target: PmapTarget | null = null,
): Blocking<KernReturn> {
  map.lockExclusive();
  const range = vmMapClampRange(map, start, end);
  if (range.start >= range.end) {
    map.unlockExclusive();
    return KERN_SUCCESS;
  }
  const wakeup = { needed: false };
  const kr = yield* unwireEntries(map, range.start, range.end, userWire, target, wakeup);
  if (kr === KERN_SUCCESS) vmMapSimplifyRange(map, range.start, range.end);
  map.unlockExclusive();
  if (wakeup.needed) vmMapEntryWakeup(map);
  return kr;
}

function* unwireEntries(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  userWire: boolean,
  target: PmapTarget | null,
  wakeup: { needed: boolean },
): Blocking<KernReturn> {
  let entry = vmMapEntryAt(map, start);
  if (entry === null) {
    return userWire ? KERN_INVALID_ADDRESS : panic("vm_map_unwire: start not found");
  }
  while (entry !== null && entry.start < end) {
    const wired = entry.wiredCount > 0 && (!userWire || entry.userWiredCount > 0);
    if (entry.inTransition || !wired) {
      if (!userWire) panic("vm_map_unwire: kernel unwire of an entry in transition or not wired");
      entry = entry.next;
      continue;
    }
    vmMapClipStart(map, entry, start);
    vmMapClipEnd(map, entry, end);
    if (!userWire && entry.end < end && entry.next?.start !== entry.end) {
      panic("vm_map_unwire: non-contiguous region");
    }
    vmMapSubtractWireCounts(map, entry, userWire);
    if (entry.wiredCount > 0) {
      entry = entry.next;
      continue;
    }
    const entryEnd: VmOffset = entry.end;
    yield* unwirePages(map, entry, userWire, target, wakeup);
    entry = vmMapLookupEntryOrNext(map, entryEnd);
  }
  return KERN_SUCCESS;
}

/**
 * The last wiring is gone: let the pages go with the map unlocked. Explicit unwiring never zeroes
 * them. Locks: map exclusively on entry and return.
 */
function* unwirePages(
  map: VmMap,
  entry: VmMapEntry,
  userWire: boolean,
  target: PmapTarget | null,
  wakeup: { needed: boolean },
): Blocking<void> {
  entry.zeroWiredPages = false;
  const snapshot = vmMapEntryCopyFull(entry);
  entry.inTransition = true;
  map.unlockExclusive();
  yield* vmMapUnwireMemory(map, snapshot, userWire, target);
  map.lockExclusive();
  let piece = vmMapEntryAt(map, snapshot.start);
  for (; piece !== null && piece.start < snapshot.end; piece = piece.next) {
    piece.inTransition = false;
    if (piece.needsWakeup) {
      piece.needsWakeup = false;
      wakeup.needed = true;
    }
  }
}

/**
 * Take the wiring off the pages of an entry whose last wiring is gone, or off the part of a submap.
 * @param snapshot of the entry, which is in transition
 * Locks: none held.
 */
export function* vmMapUnwireMemory(
  map: VmMap,
  snapshot: VmMapEntry,
  userWire: boolean,
  target: PmapTarget | null,
): Blocking<void> {
  const { submap } = snapshot;
  if (submap === null) {
    const pmap = target === null ? map.pmap : target.pmap;
    const at = pmapAddress(target, snapshot.start);
    yield* vmFaultUnwire(map, snapshot, pmap, at, snapshot.kernelObject);
  } else {
    const part = submapPart(map, snapshot, target);
    yield* vmMapUnwireNested(submap, part.start, part.end, userWire, part.target);
  }
}
