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
import { VM_PURGABLE_DENY, VM_PURGABLE_EMPTY } from "../object/object.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
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
