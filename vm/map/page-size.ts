import { PAGE_SHIFT } from "../types.js";
import type { VmMap } from "./map.js";

/** log2 of a map's page size; the kernel's for no map. XNU: vm_map_page_shift. */
export function vmMapPageShift(map: VmMap | null): number {
  return map?.pageShift ?? PAGE_SHIFT;
}

/** A map's page size in bytes. XNU: vm_map_page_size. */
export function vmMapPageSize(map: VmMap | null): number {
  return 2 ** vmMapPageShift(map);
}

/** The 64-bit mask of a map's page offsets. XNU: vm_map_page_mask. */
export function vmMapPageMask(map: VmMap | null): bigint {
  return (1n << BigInt(vmMapPageShift(map))) - 1n;
}

/**
 * The complement of a mask as the header's macros take it: the mask is cast to a signed 32-bit int
 * first, so only masks below 2^31 come out as one would think.
 */
function complement(mask: bigint): bigint {
  return ~BigInt.asIntN(32, mask);
}

/** `x` rounded up to a page, modulo 2^64: 0 means it wrapped. XNU: VM_MAP_ROUND_PAGE. */
export function vmMapRoundPage(x: bigint, mask: bigint): bigint {
  return BigInt.asUintN(64, (x + mask) & complement(mask));
}

/** `x` rounded down to a page. XNU: VM_MAP_TRUNC_PAGE. */
export function vmMapTruncPage(x: bigint, mask: bigint): bigint {
  return BigInt.asUintN(64, x & complement(mask));
}

/** The function form of the macro, with the same result. XNU: vm_map_round_page_mask. */
export function vmMapRoundPageMask(x: bigint, mask: bigint): bigint {
  return vmMapRoundPage(x, mask);
}

/** The function form of the macro, with the same result. XNU: vm_map_trunc_page_mask. */
export function vmMapTruncPageMask(x: bigint, mask: bigint): bigint {
  return vmMapTruncPage(x, mask);
}
