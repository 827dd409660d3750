import { alignDown } from "../address.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  PAGE_SIZE,
  type KernResult,
  type VmInherit,
  type VmOffset,
  type VmProt,
  type VmTag,
} from "../types.js";
import type { VmMapEntry } from "./entry.js";
import { vmMapLookupEntryOrNext } from "./find.js";
import type { VmMap } from "./map.js";
import {
  SM_COW,
  SM_EMPTY,
  SM_PRIVATE,
  SM_SHARED,
  SM_TRUESHARED,
  visibleReferences,
  vmMapRegionWalk,
  type RegionWalk,
  type ShareMode,
} from "./region-walk.js";

/** Where a region lies, in bytes. */
export interface RegionRange {
  readonly address: VmOffset;
  readonly size: number;
}

/** vm_region_basic_info_64. */
export interface RegionBasicInfo {
  readonly protection: VmProt;
  readonly maxProtection: VmProt;
  readonly inheritance: VmInherit;
  readonly shared: boolean;
  /** Set for submaps. */
  readonly reserved: boolean;
  readonly offset: number;
  readonly behavior: number;
  readonly userWiredCount: number;
}

/** vm_region_extended_info. */
export interface RegionExtendedInfo extends Readonly<RegionWalk> {
  readonly protection: VmProt;
  readonly userTag: VmTag;
}

/** vm_region_top_info. */
export interface RegionTopInfo {
  readonly objectId: number;
  readonly refCount: number;
  readonly privatePagesResident: number;
  readonly sharedPagesResident: number;
  readonly shareMode: ShareMode;
}

/** vm_region_submap_info_64: a region, looked at through submaps. */
export interface RegionSubmapInfo extends Readonly<RegionWalk> {
  readonly protection: VmProt;
  readonly maxProtection: VmProt;
  readonly inheritance: VmInherit;
  readonly offset: number;
  readonly userTag: VmTag;
  readonly isSubmap: boolean;
  readonly behavior: number;
  readonly objectId: number;
  readonly userWiredCount: number;
}

/**
 * The region at `va`, or the next one above. XNU: the flavours of vm_map_region.
 * @returns KERN_INVALID_ADDRESS when there is none
 * Locks: takes the map shared.
 */
function regionAt<T>(
  map: VmMap,
  va: VmOffset,
  describe: (entry: VmMapEntry) => T,
): KernResult<RegionRange & { readonly info: T }> {
  map.lockShared();
  const entry = vmMapLookupEntryOrNext(map, alignDown(va, map.pageSize));
  const info = entry === null ? null : describe(entry);
  map.unlockShared();
  if (entry === null || info === null) return { kr: KERN_INVALID_ADDRESS };
  return { kr: KERN_SUCCESS, address: entry.start, size: entry.end - entry.start, info };
}

/** XNU: vm_map_region, VM_REGION_BASIC_INFO_64. */
export function vmMapRegionBasic(
  map: VmMap,
  va: VmOffset,
): KernResult<RegionRange & { readonly info: RegionBasicInfo }> {
  return regionAt(map, va, (entry) => ({
    protection: entry.protection,
    maxProtection: entry.maxProtection,
    inheritance: entry.inheritance,
    shared: entry.isShared && !entry.isSubMap,
    reserved: entry.isSubMap,
    offset: entry.offset,
    behavior: entry.behavior,
    userWiredCount: entry.userWiredCount,
  }));
}

/** XNU: vm_map_region, VM_REGION_EXTENDED_INFO. */
export function vmMapRegionExtended(
  map: VmMap,
  va: VmOffset,
): KernResult<RegionRange & { readonly info: RegionExtendedInfo }> {
  return regionAt(map, va, (entry) => ({
    ...vmMapRegionWalk(map, entry),
    protection: entry.protection,
    userTag: entry.alias,
  }));
}

/** XNU: vm_map_region, VM_REGION_TOP_INFO. */
export function vmMapRegionTop(
  map: VmMap,
  va: VmOffset,
): KernResult<RegionRange & { readonly info: RegionTopInfo }> {
  return regionAt(map, va, topInfo);
}

/** XNU: vm_map_region_top_walk. */
function topInfo(entry: VmMapEntry): RegionTopInfo {
  const { object } = entry;
  const pages = (entry.end - entry.start) / PAGE_SIZE;
  const none = { privatePagesResident: 0, sharedPagesResident: 0 };
  if (object === null) return { ...none, objectId: 0, refCount: 0, shareMode: SM_EMPTY };
  const resident = Math.min(object.residentPageCount, pages);
  const refs = visibleReferences(object);
  const alone = { ...none, privatePagesResident: resident };
  const together = { ...none, sharedPagesResident: resident };
  const objectId = object.id;
  if (object.shadow !== null) {
    let refCount = refs;
    let { privatePagesResident, sharedPagesResident } = refs === 1 ? alone : together;
    for (let at = object.shadow; at !== null;) {
      const below = Math.min(at.residentPageCount, pages);
      if (visibleReferences(at) === 1) privatePagesResident += below;
      else sharedPagesResident += below;
      refCount += visibleReferences(at) - 1;
      if (at.shadow === null) break;
      at = at.shadow;
    }
    return { objectId, refCount, privatePagesResident, sharedPagesResident, shareMode: SM_COW };
  }
  if (entry.needsCopy) return { ...together, objectId, refCount: refs, shareMode: SM_COW };
  if (refs === 1 || (refs === 2 && object.named)) {
    return { ...alone, objectId, refCount: refs, shareMode: SM_PRIVATE };
  }
  return { ...together, objectId, refCount: refs, shareMode: SM_SHARED };
}

/** A region found by descending, in the caller's addresses. */
interface NestedRegion {
  readonly map: VmMap;
  readonly entry: VmMapEntry;
  readonly start: VmOffset;
  readonly end: VmOffset;
  readonly level: number;
  /** A submap on the way is copied on write. */
  readonly copied: boolean;
}

/**
 * The region at `va`, or the next one above, looking into submaps down to `depth` levels; only what
 * can be seen through the entries above is reported. XNU: vm_map_region_recurse_64.
 * @param countPages false leaves the page counts 0 (the short form)
 * @returns the level the region was found at; KERN_INVALID_ADDRESS when there is none
 * Locks: takes the maps shared, one inside the other.
 */
export function vmMapRegionRecurse(
  map: VmMap,
  va: VmOffset,
  depth: number,
  countPages = true,
): KernResult<RegionRange & { readonly depth: number; readonly info: RegionSubmapInfo }> {
  const from = alignDown(va, map.pageSize);
  const found = withNested(map, from, Infinity, from, depth, 0, false, (region) => ({
    address: region.start,
    size: region.end - region.start,
    depth: region.level,
    info: submapInfo(region, countPages),
  }));
  return found === null ? { kr: KERN_INVALID_ADDRESS } : { kr: KERN_SUCCESS, ...found };
}

/**
 * Find the first region in [low, high) of `map` and describe it with the locks held.
 * @param user the caller's address of `low`
 */
function withNested<T>(
  map: VmMap,
  low: VmOffset,
  high: number,
  user: VmOffset,
  depth: number,
  level: number,
  copied: boolean,
  describe: (region: NestedRegion) => T,
): T | null {
  map.lockShared();
  let result: T | null = null;
  let entry = vmMapLookupEntryOrNext(map, low);
  for (; entry !== null && entry.start < high && result === null; entry = entry.next) {
    // At the top the region begins where its entry does; further down, where it becomes visible.
    const from = level === 0 && entry.submap === null ? entry.start : Math.max(entry.start, low);
    const to = Math.min(entry.end, high);
    const start = (user + (from - low)) as VmOffset;
    const end = (user + (to - low)) as VmOffset;
    if (entry.submap !== null && level < depth) {
      const inside = (from - entry.start + entry.offset) as VmOffset;
      const limit = inside + (to - from);
      const below = copied || entry.needsCopy;
      result = withNested(entry.submap, inside, limit, start, depth, level + 1, below, describe);
    } else {
      result = describe({ map, entry, start, end, level, copied });
    }
  }
  map.unlockShared();
  return result;
}

function submapInfo(region: NestedRegion, countPages: boolean): RegionSubmapInfo {
  const { map, entry, copied } = region;
  const walk = vmMapRegionWalk(map, entry, countPages);
  if (entry.submap !== null) {
    walk.shareMode = entry.usePmap ? SM_TRUESHARED : SM_PRIVATE;
    walk.refCount = entry.submap.refCount;
  } else if (copied && walk.shareMode !== SM_EMPTY) {
    walk.shareMode = SM_COW;
  }
  return {
    ...walk,
    protection: entry.protection,
    maxProtection: entry.maxProtection,
    inheritance: entry.inheritance,
    offset: entry.offset,
    userTag: entry.alias,
    isSubmap: entry.isSubMap,
    behavior: entry.behavior,
    objectId: entry.object?.id ?? 0,
    userWiredCount: entry.userWiredCount,
  };
}
