import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapRangeCheck } from "./find-space.js";
import type { VmMap } from "./map.js";

/** Attributes of memory (mach/vm_attributes.h). */
export const MATTR_CACHE = 1;
export const MATTR_MIGRATE = 2;
export const MATTR_REPLICATE = 4;

/**
 * Have the caches agree with memory. XNU: vm_map_machine_attribute. The machine's caches always agree,
 * so what remains is the verdict.
 * @returns KERN_INVALID_ADDRESS outside the map, and for every attribute but MATTR_CACHE;
 *   KERN_FAILURE at a hole
 * Locks: takes the map shared.
 */
export function vmMapMachineAttribute(
  map: VmMap,
  start: VmOffset,
  end: VmOffset,
  attribute: number,
): KernReturn {
  if (start < map.minOffset || end > map.maxOffset) return KERN_INVALID_ADDRESS;
  if (attribute !== MATTR_CACHE) return KERN_INVALID_ADDRESS;
  map.lockShared();
  const mapped = vmMapRangeCheck(map, start, end);
  map.unlockShared();
  return mapped ? KERN_SUCCESS : KERN_FAILURE;
}
