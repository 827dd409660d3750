import { vmObjectDeallocate } from "../object/index.js";
import type { VmOffset } from "../types.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapLookupEntryOrNext } from "./find.js";
import { vmMapDropReference, type VmMap } from "./map.js";

/**
 * Merge `entry` with the one before it if that is the same mapping continued; `entry` survives and
 * grows downwards. XNU: vm_map_simplify_entry. Locks: map exclusively.
 */
export function vmMapSimplifyEntry(map: VmMap, entry: VmMapEntry): void {
  map.lock.assertExclusive();
  const prev = entry.prev;
  if (prev === null || !prev.continuesIn(entry)) return;
  const firstFreeMoves = map.firstFree === prev;
  map.unlinkPiece(prev);
  entry.offset = prev.offset;
  map.setStart(entry, prev.start);
  if (firstFreeMoves) map.firstFree = entry;
  if (entry.submap !== null) vmMapDropReference(entry.submap);
  else vmObjectDeallocate(entry.object);
  map.hint = entry;
}

/** Merge every entry that begins in [start, end], the one at `end` included. XNU: vm_map_simplify_range. */
export function vmMapSimplifyRange(map: VmMap, start: VmOffset, end: VmOffset): void {
  let entry = vmMapLookupEntryOrNext(map, start);
  while (entry !== null && entry.start <= end) {
    vmMapSimplifyEntry(map, entry);
    entry = entry.next;
  }
}
