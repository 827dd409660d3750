import type { Blocking } from "../blocking.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_PROT_NONE,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { vmMapEnter } from "./enter.js";
import { vmkFlagsFixed } from "./flags.js";
import type { VmMap } from "./map.js";

/** User addresses that no program can have. */
export interface ReservedRegion {
  readonly start: VmOffset;
  readonly end: VmOffset;
}

/** XNU: the reserved regions of arm64: "commpage nesting", "GPU Carveout". */
export const RESERVED_REGIONS: readonly ReservedRegion[] = [
  { start: 0xf_c000_0000 as VmOffset, end: 0x10_0000_0000 as VmOffset },
  { start: 0x10_0000_0000 as VmOffset, end: 0x70_0000_0000 as VmOffset },
];

/**
 * Keep a range of a new address space from ever being used: a permanent entry without any protection.
 * It does not count in what the task is said to have. XNU: vm_reserve_regions.
 * @returns KERN_NO_SPACE where something is mapped already
 */
export function* vmMapReserve(map: VmMap, { start, end }: ReservedRegion): Blocking<KernReturn> {
  map.reservedBytes += end - start;
  const { kr } = yield* vmMapEnter(map, {
    address: start,
    size: end - start,
    flags: vmkFlagsFixed({ permanent: true }),
    cur: VM_PROT_NONE,
    max: VM_PROT_NONE,
    inheritance: VM_INHERIT_COPY,
  });
  if (kr !== KERN_SUCCESS) map.reservedBytes -= end - start;
  return kr;
}
