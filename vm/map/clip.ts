import { check } from "../../emulator/arch/check.js";
import { panic, type VmOffset } from "../types.js";
import { vmMapEntryCopyFull, type VmMapEntry } from "./entry.js";
import { vmMapEntryReference } from "./entry-object.js";
import type { VmMap } from "./map.js";

/**
 * Make `entry` begin at `start` if it begins below: a new entry takes the front part.
 * XNU: vm_map_clip_start. Locks: map exclusively. @throws KernelPanic for an atomic entry
 */
export function vmMapClipStart(map: VmMap, entry: VmMapEntry, start: VmOffset): void {
  map.lock.assertExclusive();
  if (start <= entry.start) return;
  check(start < entry.end, "clip past the end of entry", entry);
  if (entry.atomic) panic("vm_map_clip_start: atomic entry");
  const front = vmMapEntryCopyFull(entry);
  front.end = start;
  vmMapEntryReference(entry);
  entry.offset += start - entry.start;
  entry.start = start;
  map.linkPiece(entry.prev, front);
}

/**
 * Make `entry` end at `end` if it ends above: a new entry takes the back part.
 * XNU: vm_map_clip_end. Locks: map exclusively. @throws KernelPanic for an atomic entry
 */
export function vmMapClipEnd(map: VmMap, entry: VmMapEntry, end: VmOffset): void {
  map.lock.assertExclusive();
  if (end >= entry.end) return;
  check(end > entry.start, "clip before the start of entry", entry);
  if (entry.atomic) panic("vm_map_clip_end: atomic entry");
  const back = vmMapEntryCopyFull(entry);
  back.start = end;
  back.offset += end - entry.start;
  vmMapEntryReference(entry);
  entry.end = end;
  map.linkPiece(entry, back);
}

/** Clip every entry that straddles `start` or `end`. XNU: vm_map_clip_range's callers. */
export function vmMapClipRange(map: VmMap, start: VmOffset, end: VmOffset): void {
  const first = map.tree.floor(start);
  if (first !== null && start < first.end) vmMapClipStart(map, first, start);
  const last = map.tree.floor(end);
  if (last !== null && end < last.end) vmMapClipEnd(map, last, end);
}
