import {
  VM_PURGABLE_ALL_MASKS,
  VM_PURGABLE_GET_STATE,
  VM_PURGABLE_PURGE_ALL,
  VM_PURGABLE_SET_STATE,
  VM_PURGABLE_SET_STATE_FROM_KERNEL,
  VM_PURGABLE_STATE_MASK,
  vmObjectPurgableControl,
  vmPurgeableObjectPurgeAll,
  type PurgableResult,
} from "../object/purgeable.js";
import { vmObjectCompressedPageCount } from "../object/compressed.js";
import { VM_PURGABLE_DENY, VM_PURGABLE_EMPTY, VM_PURGABLE_VOLATILE } from "../object/object.js";
import { pmapQueryResident } from "../pmap/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_WRITE,
  type VmOffset,
} from "../types.js";
import { vmMapEntryAt } from "./find.js";
import type { VmMap } from "./map.js";

/**
 * Ask whether the contents of purgeable memory may be dropped, or say so. XNU:
 * vm_map_purgable_control.
 * @param va where any part of the memory is mapped: all of it is meant
 * @param control VM_PURGABLE_SET_STATE and its kind; PURGE_ALL ignores everything else
 * @returns the state before; KERN_INVALID_ARGUMENT for an unknown control or state, memory that is not
 *   purgeable; KERN_INVALID_ADDRESS at a hole or a submap;
 *   KERN_PROTECTION_FAILURE to set what may not be written
 * Locks: takes the map shared.
 */
export function vmMapPurgableControl(
  map: VmMap,
  va: VmOffset,
  control: number,
  state: number,
): PurgableResult {
  const sets = control === VM_PURGABLE_SET_STATE || control === VM_PURGABLE_SET_STATE_FROM_KERNEL;
  if (control === VM_PURGABLE_PURGE_ALL) {
    vmPurgeableObjectPurgeAll(map.context);
    return { kr: KERN_SUCCESS, state };
  }
  if (!sets && control !== VM_PURGABLE_GET_STATE) return { kr: KERN_INVALID_ARGUMENT };
  const unknownBits = (state & ~VM_PURGABLE_ALL_MASKS) !== 0;
  if (sets && (unknownBits || (state & VM_PURGABLE_STATE_MASK) > VM_PURGABLE_EMPTY)) {
    return { kr: KERN_INVALID_ARGUMENT };
  }
  map.lockShared();
  const result = controlEntry(map, va, control, state);
  map.unlockShared();
  return result;
}

function controlEntry(map: VmMap, va: VmOffset, control: number, state: number): PurgableResult {
  const entry = vmMapEntryAt(map, va);
  if (entry === null || entry.submap !== null) return { kr: KERN_INVALID_ADDRESS };
  if (control !== VM_PURGABLE_GET_STATE && (entry.protection & VM_PROT_WRITE) === 0) {
    return { kr: KERN_PROTECTION_FAILURE };
  }
  const { object } = entry;
  if (object === null || object.purgable === VM_PURGABLE_DENY) return { kr: KERN_INVALID_ARGUMENT };
  return vmObjectPurgableControl(object, control, state);
}

/** Memory of a map whose contents may be dropped at any time, in bytes. */
export interface VolatileMemory {
  /** Mapped by the pmap; resident in the objects; mapped by the map. */
  readonly pmapBytes: number;
  readonly residentBytes: number;
  readonly virtualBytes: number;
  readonly compressedBytes: number;
}

/**
 * How much writable volatile memory a map shows. XNU: vm_map_query_volatile. An object counts as resident from the
 * entry's offset on, whatever part of it the entry shows.
 * Locks: takes the map shared.
 */
export function vmMapQueryVolatile(map: VmMap): VolatileMemory {
  const sum = { pmapBytes: 0, residentBytes: 0, virtualBytes: 0, compressedBytes: 0 };
  map.lockShared();
  for (const { object, start, end, offset, protection } of map.entries) {
    if (object?.purgable !== VM_PURGABLE_VOLATILE || (protection & VM_PROT_WRITE) === 0) continue;
    sum.virtualBytes += end - start;
    sum.residentBytes += Math.max(0, object.residentPageCount * PAGE_SIZE - offset);
    sum.compressedBytes += vmObjectCompressedPageCount(object) * PAGE_SIZE;
    if (map.pmap !== null) sum.pmapBytes += pmapQueryResident(map.pmap, start, end).resident;
  }
  map.unlockShared();
  return sum;
}
