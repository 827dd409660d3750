import { vmPageLookup, vmPageZeroFill } from "../page/resident.js";
import type { VmObject } from "../object/object.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_NO_ACCESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_EXECUTE,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapLookupEntryOrNext } from "./find.js";
import { vmMapRangeCheck } from "./find-space.js";
import type { VmMap } from "./map.js";

/**
 * Zero [start, end) in place, without faulting anything in. XNU: vm_map_zero (VM_BEHAVIOR_ZERO).
 *
 * Differs from XNU: memory that may show another object's pages (a shadow, a pager) is refused like
 * memory with a pending copy.
 * @returns KERN_INVALID_ADDRESS at a hole; KERN_PROTECTION_FAILURE for memory that is not writable, or
 *   is code; KERN_NO_ACCESS for a submap, memory to be copied first, and maps of small pages; what came
 *   before that is zeroed
 * Locks: takes the map exclusively.
 */
export function vmMapZero(map: VmMap, start: VmOffset, end: VmOffset): KernReturn {
  if (map.isExotic) return KERN_NO_ACCESS;
  map.lockExclusive();
  let kr: KernReturn = vmMapRangeCheck(map, start, end) ? KERN_SUCCESS : KERN_INVALID_ADDRESS;
  let entry = kr === KERN_SUCCESS ? vmMapLookupEntryOrNext(map, start) : null;
  for (; entry !== null && entry.start < end && kr === KERN_SUCCESS; entry = entry.next) {
    kr = refusal(entry);
    if (kr !== KERN_SUCCESS || entry.object === null) continue;
    const from = Math.max(entry.start, start);
    zeroPages(entry.object, entry.offset + (from - entry.start), Math.min(entry.end, end) - from);
  }
  map.unlockExclusive();
  return kr;
}

function refusal(entry: VmMapEntry): KernReturn {
  const { protection, object } = entry;
  const code = (protection & VM_PROT_EXECUTE) !== 0 || entry.usedForJit;
  if ((protection & VM_PROT_WRITE) === 0 || code) return KERN_PROTECTION_FAILURE;
  if (entry.needsCopy || entry.submap !== null) return KERN_NO_ACCESS;
  if (object === null) return KERN_SUCCESS;
  const others = object.shadow !== null || object.copy !== null || !object.internal;
  return others ? KERN_NO_ACCESS : KERN_SUCCESS;
}

function zeroPages(object: VmObject, offset: number, size: number): void {
  const { context } = object;
  for (let at = offset; at < offset + size; at += PAGE_SIZE) {
    const page = vmPageLookup(object, at);
    if (page === null || page.busy || page.absent) continue;
    vmPageZeroFill(context, page);
    context.phys.noteWrite(page.ppn);
    page.dirty = true;
  }
}
