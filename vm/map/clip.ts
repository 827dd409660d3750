import { check } from "../../emulator/arch/check.js";
import { alignDown } from "../address.js";
import { pmapSharedRegionSizeMin, pmapUnnest } from "../pmap/index.js";
import { VM_MEMORY_SHARED_PMAP, VM_MEMORY_UNSHARED_PMAP, panic, type VmOffset } from "../types.js";
import { vmMapEntryCopyFull, type VmMapEntry } from "./entry.js";
import { vmMapEntryReference } from "./entry-object.js";
import type { VmMap } from "./map.js";

/**
 * Before part of a nested submap is treated apart from the rest: un-nest it, in whole twigs. `entry`
 * becomes the piece [start, end) of itself, whose memory is entered in the map's own pmap from here on.
 * XNU: vm_map_clip_unnest. Locks: map exclusively.
 */
export function vmMapClipUnnest(
  map: VmMap,
  entry: VmMapEntry,
  start: VmOffset,
  end: VmOffset,
): void {
  const { pmap } = map;
  check(entry.submap !== null && entry.usePmap && pmap !== null, "entry is not nested", entry);
  clipFront(map, entry, start);
  clipBack(map, entry, end);
  pmapUnnest(pmap, entry.start, entry.end - entry.start);
  entry.usePmap = false;
  if (!map.isKernel && entry.alias === VM_MEMORY_SHARED_PMAP) {
    entry.alias = VM_MEMORY_UNSHARED_PMAP;
  }
}

/** The smallest part around `address` that can be un-nested on its own; null if nothing is nested. */
function nestingBlock(
  map: VmMap,
  entry: VmMapEntry,
  address: VmOffset,
): { readonly start: VmOffset; readonly end: VmOffset } | null {
  if (entry.submap === null || !entry.usePmap || map.pmap === null) return null;
  const bytes = pmapSharedRegionSizeMin(map.pmap);
  const start = alignDown(address, bytes);
  return { start, end: (start + bytes) as VmOffset };
}

/** Un-nest the smallest part of a nested submap entry around an address in it. */
export function vmMapUnnestAround(map: VmMap, entry: VmMapEntry, address: VmOffset): void {
  const block = nestingBlock(map, entry, address);
  if (block !== null) vmMapClipUnnest(map, entry, block.start, block.end);
}

/**
 * Make `entry` begin at `start` if it begins below: a new entry takes the front part. A nested submap
 * is un-nested around `start` first. XNU: vm_map_clip_start. Locks: map exclusively.
 * @throws KernelPanic for an atomic entry
 */
export function vmMapClipStart(map: VmMap, entry: VmMapEntry, start: VmOffset): void {
  map.lock.assertExclusive();
  if (start <= entry.start) return;
  vmMapUnnestAround(map, entry, start);
  clipFront(map, entry, start);
}

function clipFront(map: VmMap, entry: VmMapEntry, start: VmOffset): void {
  if (start <= entry.start) return;
  check(start < entry.end, "clip past the end of entry", entry);
  if (entry.atomic) panic("vm_map_clip_start: atomic entry");
  const front = vmMapEntryCopyFull(entry);
  front.end = start;
  vmMapEntryReference(entry);
  entry.offset += start - entry.start;
  map.setStart(entry, start);
  map.linkPiece(entry.prev, front);
}

/**
 * Make `entry` end at `end` if it ends above: a new entry takes the back part. A nested submap is
 * un-nested up to there first. XNU: vm_map_clip_end. Locks: map exclusively.
 *
 * Differs from XNU, which un-nests the block around `end` only, after which the entry begins there.
 * @throws KernelPanic for an atomic entry
 */
export function vmMapClipEnd(map: VmMap, entry: VmMapEntry, end: VmOffset): void {
  map.lock.assertExclusive();
  if (end >= entry.end) return;
  const block = nestingBlock(map, entry, (end - 1) as VmOffset);
  if (block !== null) vmMapClipUnnest(map, entry, entry.start, block.end);
  clipBack(map, entry, end);
}

function clipBack(map: VmMap, entry: VmMapEntry, end: VmOffset): void {
  if (end >= entry.end) return;
  check(end > entry.start, "clip before the start of entry", entry);
  if (entry.atomic) panic("vm_map_clip_end: atomic entry");
  const back = vmMapEntryCopyFull(entry);
  back.start = end;
  back.offset += end - entry.start;
  vmMapEntryReference(entry);
  map.setEnd(entry, end);
  map.linkPiece(entry, back);
}

/** Clip every entry that straddles `start` or `end`. XNU: vm_map_clip_range's callers. */
export function vmMapClipRange(map: VmMap, start: VmOffset, end: VmOffset): void {
  const first = map.tree.floor(start);
  if (first !== null && start < first.end) vmMapClipStart(map, first, start);
  const last = map.tree.floor(end);
  if (last !== null && end < last.end) vmMapClipEnd(map, last, end);
}
