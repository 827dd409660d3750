import type { VmInherit, VmOffset, VmProt, VmTag } from "../types.js";
import type { VmMapEntry } from "./entry.js";
import type { VmMap } from "./map.js";
import { SM_EMPTY, vmMapRegionWalk, type ShareMode } from "./region-walk.js";

/** As vmmap prints them. */
const SHARE_MODE_NAMES: Readonly<Record<ShareMode, string>> = {
  1: "COW",
  2: "PRV",
  3: "NUL",
  4: "SHM",
  5: "SHM",
  6: "P/A",
  7: "S/A",
  8: "LPG",
};

/** One entry of a map as lists and reports show it. Sizes and offsets in bytes, counts in pages. */
export interface RegionInfo {
  readonly start: VmOffset;
  readonly end: VmOffset;
  readonly protection: VmProt;
  readonly maxProtection: VmProt;
  readonly inheritance: VmInherit;
  readonly behavior: number;
  readonly tag: VmTag;
  readonly wiredCount: number;
  readonly userWiredCount: number;
  readonly isShared: boolean;
  readonly needsCopy: boolean;
  readonly isSubmap: boolean;
  readonly permanent: boolean;
  /** Serial number of the object, null while there is none. */
  readonly objectId: number | null;
  readonly offset: number;
  readonly shadowDepth: number;
  readonly refCount: number;
  readonly residentPages: number;
  readonly dirtyPages: number;
  /** COW, PRV, NUL, SHM, P/A (aliased within this map), S/A. */
  readonly shareMode: string;
  /** The pager at the bottom of the shadow chain, if it is an external one: "vnode /bin/a". */
  readonly pager: string | null;
}

/** Every entry in address order. For `maps` and crash reports. Locks: takes the map shared. */
export function vmMapRegions(map: VmMap): readonly RegionInfo[] {
  map.lockShared();
  const regions = [...map.entries].map((entry) => regionInfo(map, entry));
  map.unlockShared();
  return regions;
}

/** The entry that contains `va`, or null. Locks: takes the map shared. */
export function vmMapRegionAt(map: VmMap, va: VmOffset): RegionInfo | null {
  map.lockShared();
  const entry = map.tree.floor(va);
  const region = entry !== null && va < entry.end ? regionInfo(map, entry) : null;
  map.unlockShared();
  return region;
}

function regionInfo(map: VmMap, entry: VmMapEntry): RegionInfo {
  const walk = vmMapRegionWalk(map, entry);
  return {
    start: entry.start,
    end: entry.end,
    protection: entry.protection,
    maxProtection: entry.maxProtection,
    inheritance: entry.inheritance,
    behavior: entry.behavior,
    tag: entry.alias,
    wiredCount: entry.wiredCount,
    userWiredCount: entry.userWiredCount,
    isShared: entry.isShared,
    needsCopy: entry.needsCopy,
    isSubmap: entry.isSubMap,
    permanent: entry.permanent,
    objectId: entry.object?.id ?? null,
    offset: entry.offset,
    shadowDepth: walk.shadowDepth,
    refCount: walk.refCount,
    residentPages: walk.pagesResident,
    dirtyPages: walk.pagesDirtied,
    shareMode: SHARE_MODE_NAMES[walk.shareMode],
    pager: walk.shareMode === SM_EMPTY ? null : pagerOf(entry),
  };
}

function pagerOf(entry: VmMapEntry): string | null {
  let at = entry.object;
  while (at !== null && at.shadow !== null) at = at.shadow;
  return at === null || at.internal ? null : (at.pager?.description ?? null);
}
