import { vmObjectDeallocate } from "../object/index.js";
import type { VmOffset } from "../types.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapLookupEntryOrNext } from "./find.js";
import { vmMapDropReference, type VmMap } from "./map.js";

/** True if `next` continues `prev` in every respect. XNU: the condition of vm_map_simplify_entry. */
function canMerge(prev: VmMapEntry, next: VmMapEntry): boolean {
  return (
    prev.end === next.start &&
    prev.submap === next.submap &&
    prev.object === next.object &&
    prev.kernelObject === next.kernelObject &&
    prev.offset + (prev.end - prev.start) === next.offset &&
    prev.behavior === next.behavior &&
    prev.needsCopy === next.needsCopy &&
    prev.protection === next.protection &&
    prev.maxProtection === next.maxProtection &&
    prev.inheritance === next.inheritance &&
    prev.usePmap === next.usePmap &&
    prev.alias === next.alias &&
    prev.noCache === next.noCache &&
    prev.permanent === next.permanent &&
    prev.mapAligned === next.mapAligned &&
    prev.zeroWiredPages === next.zeroWiredPages &&
    prev.usedForJit === next.usedForJit &&
    prev.usedForTpro === next.usedForTpro &&
    prev.csmAssociated === next.csmAssociated &&
    prev.xnuUserDebug === next.xnuUserDebug &&
    prev.iokitAcct === next.iokitAcct &&
    prev.resilientCodesign === next.resilientCodesign &&
    prev.resilientMedia === next.resilientMedia &&
    prev.noCopyOnRead === next.noCopyOnRead &&
    prev.translatedAllowExecute === next.translatedAllowExecute &&
    prev.wiredCount === next.wiredCount &&
    prev.userWiredCount === next.userWiredCount &&
    prev.isShared === next.isShared &&
    isPlain(prev) &&
    isPlain(next)
  );
}

function isPlain(entry: VmMapEntry): boolean {
  return !entry.atomic && !entry.inTransition && !entry.needsWakeup && !entry.superpageSize;
}

/**
 * Merge `entry` with the one before it if that is the same mapping continued; `entry` survives and
 * grows downwards. XNU: vm_map_simplify_entry. Locks: map exclusively.
 */
export function vmMapSimplifyEntry(map: VmMap, entry: VmMapEntry): void {
  map.lock.assertExclusive();
  const prev = entry.prev;
  if (prev === null || !canMerge(prev, entry)) return;
  const firstFreeMoves = map.firstFree === prev;
  map.unlinkPiece(prev);
  entry.offset = prev.offset;
  entry.start = prev.start;
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
