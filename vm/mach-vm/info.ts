import type { VmMap } from "../map/map.js";
import { vmMapPageInfo, type PageInfo } from "../map/page-info.js";
import {
  vmMapRegionBasic,
  vmMapRegionExtended,
  vmMapRegionRecurse,
  vmMapRegionTop,
  type RegionBasicInfo,
  type RegionExtendedInfo,
  type RegionRange,
  type RegionSubmapInfo,
  type RegionTopInfo,
} from "../map/region-info.js";
import {
  isZeroSize,
  overflowIsBadAddress,
  rawU64,
  sanitizeAddress,
  sanitizeArray,
  sanitizeExactAddress,
  sanitizeRange,
} from "../sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  type KernResult,
  type RawU64,
  type VmOffset,
} from "../types.js";

/** Region flavours (mach/vm_region.h). */
export const VM_REGION_BASIC_INFO_64 = 9;
export const VM_REGION_BASIC_INFO = 10;
export const VM_REGION_EXTENDED_INFO = 13;
export const VM_REGION_EXTENDED_INFO_LEGACY = 11;
export const VM_REGION_TOP_INFO = 12;

/** Sizes of the answers in 32-bit words. */
export const VM_REGION_BASIC_INFO_COUNT_64 = 9;
export const VM_REGION_BASIC_INFO_COUNT = 8;
export const VM_REGION_EXTENDED_INFO_COUNT = 9;
export const VM_REGION_EXTENDED_INFO_LEGACY_COUNT = 8;
export const VM_REGION_TOP_INFO_COUNT = 5;
export const VM_REGION_SUBMAP_INFO_V2_COUNT_64 = 19;
export const VM_REGION_SUBMAP_INFO_V1_COUNT_64 = 17;
export const VM_REGION_SUBMAP_INFO_V0_COUNT_64 = 16;
export const VM_REGION_SUBMAP_SHORT_INFO_COUNT_64 = 12;

/** A region in the flavour asked for, and how many words of the answer are filled. */
export type RegionAnswer = RegionRange & { readonly count: number } & (
    | { readonly flavor: "basic"; readonly info: RegionBasicInfo }
    | { readonly flavor: "extended"; readonly info: RegionExtendedInfo }
    | { readonly flavor: "top"; readonly info: RegionTopInfo }
  );

/**
 * The region at `address`, or the next one above. XNU: mach_vm_region.
 * @param count room for the answer, in 32-bit words
 * @returns KERN_INVALID_ARGUMENT for an unknown flavour or too little room; KERN_INVALID_ADDRESS when
 *   nothing is mapped from there up
 */
export function machVmRegion(
  map: VmMap | null,
  address: RawU64,
  flavor: number,
  count: number,
): KernResult<RegionAnswer> {
  const invalid = { kr: KERN_INVALID_ARGUMENT } as const;
  if (map === null) return invalid;
  const va = sanitizeAddress(map, address);
  switch (flavor) {
    case VM_REGION_BASIC_INFO:
    case VM_REGION_BASIC_INFO_64: {
      const filled = VM_REGION_BASIC_INFO_COUNT_64;
      if (count < filled) return invalid;
      const region = vmMapRegionBasic(map, va);
      return region.kr === KERN_SUCCESS ? { ...region, flavor: "basic", count: filled } : region;
    }
    case VM_REGION_EXTENDED_INFO_LEGACY:
    case VM_REGION_EXTENDED_INFO: {
      const legacy = flavor === VM_REGION_EXTENDED_INFO_LEGACY;
      const filled = legacy ? VM_REGION_EXTENDED_INFO_LEGACY_COUNT : VM_REGION_EXTENDED_INFO_COUNT;
      if (count < filled) return invalid;
      const region = vmMapRegionExtended(map, va);
      return region.kr === KERN_SUCCESS ? { ...region, flavor: "extended", count: filled } : region;
    }
    case VM_REGION_TOP_INFO: {
      const filled = VM_REGION_TOP_INFO_COUNT;
      if (count < filled) return invalid;
      const region = vmMapRegionTop(map, va);
      return region.kr === KERN_SUCCESS ? { ...region, flavor: "top", count: filled } : region;
    }
    default:
      return invalid;
  }
}

/** VM_MAX_ADDRESS: what the calls with 32-bit addresses can tell of ends below this. */
const MAX_32BIT_END = 0xf000_0000;

/**
 * As machVmRegion for programs with 32-bit addresses: the basic flavour has a word less. XNU:
 * vm_region and vm_region_64.
 * @returns KERN_INVALID_ADDRESS, too, for a region whose end they could not name
 */
export function vmRegion(
  map: VmMap | null,
  address: RawU64,
  flavor: number,
  count: number,
): KernResult<RegionAnswer> {
  const short = flavor === VM_REGION_BASIC_INFO;
  if (short && count < VM_REGION_BASIC_INFO_COUNT) return { kr: KERN_INVALID_ARGUMENT };
  const room = short ? Math.max(count, VM_REGION_BASIC_INFO_COUNT_64) : count;
  const region = below32Bits(machVmRegion(map, address, flavor, room));
  if (region.kr !== KERN_SUCCESS || !short) return region;
  return { ...region, count: VM_REGION_BASIC_INFO_COUNT };
}

/** As machVmRegionRecurse for programs with 32-bit addresses. XNU: vm_region_recurse. */
export function vmRegionRecurse(
  map: VmMap | null,
  address: RawU64,
  depth: number,
  count: number,
): KernResult<RecurseAnswer> {
  return below32Bits(machVmRegionRecurse(map, address, depth, count));
}

function below32Bits<T extends RegionRange>(region: KernResult<T>): KernResult<T> {
  if (region.kr !== KERN_SUCCESS) return region;
  const fits = region.address + region.size <= MAX_32BIT_END;
  return fits ? region : { kr: KERN_INVALID_ADDRESS };
}

/** A region seen through submaps. */
export type RecurseAnswer = RegionRange & {
  readonly depth: number;
  readonly count: number;
  readonly info: RegionSubmapInfo;
};

/**
 * As machVmRegion, descending at most `depth` submaps. XNU: mach_vm_region_recurse. Less than 16
 * words of room get the short form, without page counts.
 */
export function machVmRegionRecurse(
  map: VmMap | null,
  address: RawU64,
  depth: number,
  count: number,
): KernResult<RecurseAnswer> {
  if (map === null || count < VM_REGION_SUBMAP_SHORT_INFO_COUNT_64) {
    return { kr: KERN_INVALID_ARGUMENT };
  }
  const filled = [
    VM_REGION_SUBMAP_INFO_V2_COUNT_64,
    VM_REGION_SUBMAP_INFO_V1_COUNT_64,
    VM_REGION_SUBMAP_INFO_V0_COUNT_64,
  ].find((words) => words <= count);
  const va = sanitizeAddress(map, address);
  const region = vmMapRegionRecurse(map, va, depth, filled !== undefined);
  if (region.kr !== KERN_SUCCESS) return region;
  return { ...region, count: filled ?? VM_REGION_SUBMAP_SHORT_INFO_COUNT_64 };
}

/**
 * Whether the page at `address` is resident, dirty and so on; zeroes for what is not mapped.
 * XNU: mach_vm_page_query.
 * @returns KERN_INVALID_ADDRESS in the last page of the address space
 */
export function machVmPageQuery(
  map: VmMap | null,
  address: RawU64,
): KernResult<{ disposition: number; refCount: number }> {
  const info = pageInfo(map, address);
  if (info.kr !== KERN_SUCCESS) return info;
  return { kr: KERN_SUCCESS, disposition: info.disposition, refCount: info.refCount };
}

/** VM_PAGE_INFO_BASIC, and the sizes of it that are accepted. */
export const VM_PAGE_INFO_BASIC = 1;
const PAGE_INFO_COUNTS: ReadonlySet<number> = new Set([7, 8]);

/** As machVmPageQuery, with everything known. XNU: mach_vm_page_info. */
export function machVmPageInfo(
  map: VmMap | null,
  address: RawU64,
  flavor: number,
  count: number,
): KernResult<PageInfo> {
  if (map === null || !PAGE_INFO_COUNTS.has(count) || flavor !== VM_PAGE_INFO_BASIC) {
    return { kr: KERN_INVALID_ARGUMENT };
  }
  return pageInfo(map, address);
}

function pageInfo(map: VmMap | null, address: RawU64): KernResult<PageInfo> {
  if (map === null) return { kr: KERN_INVALID_ARGUMENT };
  const range = sanitizeRange(map, address, rawU64(1), {
    zeroSize: "fails",
    onOverflow: overflowIsBadAddress,
  });
  if (!range.proceed) {
    return range.kr === KERN_SUCCESS ? { kr: KERN_INVALID_ARGUMENT } : { kr: range.kr };
  }
  return { kr: KERN_SUCCESS, ...vmMapPageInfo(map, sanitizeExactAddress(map, address)) };
}

/**
 * Dispositions of all pages of a range, at most `count` of them. XNU: mach_vm_page_range_query,
 * whose caller copies them to the task's memory at `buffer`.
 * @param callerPageShift log2 of the page size of who asks; it must be the map's
 * @returns KERN_INVALID_ARGUMENT when the range, or count words at `buffer`, wrap, or for other pages
 */
export function machVmPageRangeQuery(
  map: VmMap | null,
  address: RawU64,
  size: RawU64,
  buffer: RawU64,
  count: RawU64,
  callerPageShift?: number,
): KernResult<{ dispositions: Int32Array }> {
  const invalid = { kr: KERN_INVALID_ARGUMENT } as const;
  if (map === null) return invalid;
  if (isZeroSize(size) || isZeroSize(count))
    return { kr: KERN_SUCCESS, dispositions: new Int32Array(0) };
  if (callerPageShift !== undefined && callerPageShift !== map.pageShift) return invalid;
  const range = sanitizeRange(map, address, size, { zeroSize: "fails" });
  const room = sanitizeArray(buffer, count, 4);
  if (!range.proceed || room === null) return invalid;
  const pages = Math.min(range.size / map.pageSize, room, MAX_PAGES_AT_ONCE);
  const dispositions = new Int32Array(pages);
  for (let i = 0; i < pages; i++) {
    const va = (range.start + i * map.pageSize) as VmOffset;
    dispositions[i] = vmMapPageInfo(map, va).disposition;
  }
  return { kr: KERN_SUCCESS, dispositions };
}

/**
 * A query covers 1 GiB (MAX_PAGE_RANGE_QUERY) at a time in XNU, which then goes on with the rest;
 * here the caller does.
 */
const MAX_PAGES_AT_ONCE = 2 ** 30 / 4096;
