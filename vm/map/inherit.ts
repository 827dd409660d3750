import {
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  type KernReturn,
  type VmInherit,
  type VmOffset,
} from "../types.js";
import { vmMapClipEnd, vmMapClipStart } from "./clip.js";
import { vmMapLookupEntryOrNext } from "./find.js";
import type { VmMap } from "./map.js";

/** [start, end) cut down to the map's bounds; start = end when nothing is left. */
export function vmMapClampRange(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
): { readonly start: VmOffset; readonly end: VmOffset } {
  const from = Math.max(start, map.minOffset) as VmOffset;
  const to = Math.min(end, map.maxOffset) as VmOffset;
  return from < to ? { start: from, end: to } : { start: to, end: to };
}

/**
 * Set what a fork does with [start, end); holes are ignored and nothing is merged.
 * XNU: vm_map_inherit.
 * @returns KERN_INVALID_ARGUMENT if a submap would have to be copied, before anything changes
 * Locks: takes the map exclusively.
 */
export function vmMapInherit(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  inheritance: VmInherit,
): KernReturn {
  map.lockExclusive();
  const kr = inheritLocked(map, start, end, inheritance);
  map.unlockExclusive();
  return kr;
}

function inheritLocked(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  inheritance: VmInherit,
): KernReturn {
  const range = vmMapClampRange(map, start, end);
  const first = vmMapLookupEntryOrNext(map, range.start);
  for (let entry = first; entry !== null && entry.start < range.end; entry = entry.next) {
    if (entry.submap !== null && inheritance === VM_INHERIT_COPY) return KERN_INVALID_ARGUMENT;
  }
  if (range.start >= range.end) return KERN_SUCCESS;
  for (let entry = first; entry !== null && entry.start < range.end; entry = entry.next) {
    vmMapClipStart(map, entry, range.start);
    vmMapClipEnd(map, entry, range.end);
    entry.inheritance = inheritance;
  }
  return KERN_SUCCESS;
}
