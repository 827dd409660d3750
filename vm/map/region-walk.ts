import { vmObjectIsCompressed } from "../object/compressed.js";
import type { VmObject } from "../object/object.js";
import { vmPageLookup } from "../page/resident.js";
import { pmapIsModified } from "../pmap/index.js";
import { PAGE_SIZE } from "../types.js";
import type { VmMapEntry } from "./entry.js";
import type { VmMap } from "./map.js";

/** How an entry's memory is shared (mach/vm_region.h SM_*). */
export const SM_COW = 1;
export const SM_PRIVATE = 2;
export const SM_EMPTY = 3;
export const SM_SHARED = 4;
export const SM_TRUESHARED = 5;
export const SM_PRIVATE_ALIASED = 6;
export const SM_SHARED_ALIASED = 7;
export const SM_LARGE_PAGE = 8;
export type ShareMode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What an entry maps, seen from its page counts (vm_region_extended_info). */
export interface RegionWalk {
  shareMode: ShareMode;
  /** References on the object and those below it, less the chain's own. */
  refCount: number;
  shadowDepth: number;
  externalPager: boolean;
  pagesResident: number;
  pagesSharedNowPrivate: number;
  pagesSwappedOut: number;
  pagesDirtied: number;
  pagesReusable: number;
}

/**
 * Count the pages of an entry, shadows included, and name its share mode. XNU: vm_map_region_walk.
 * @param countPages false leaves the page counts 0, as the short forms do
 * Locks: map held.
 */
export function vmMapRegionWalk(map: VmMap, entry: VmMapEntry, countPages = true): RegionWalk {
  map.lock.assertHeld();
  const walk: RegionWalk = {
    shareMode: SM_EMPTY,
    refCount: 0,
    shadowDepth: 0,
    externalPager: false,
    pagesResident: 0,
    pagesSharedNowPrivate: 0,
    pagesSwappedOut: 0,
    pagesDirtied: 0,
    pagesReusable: 0,
  };
  const object = entry.object;
  if (object === null || object.physContiguous) return walk;

  const refs = visibleReferences(object);
  walk.refCount = refs;
  for (let at = object.shadow; at !== null; at = at.shadow) {
    walk.shadowDepth += 1;
    walk.refCount += at.refCount - 1;
  }
  walk.externalPager = !bottomOf(object).internal;
  if (countPages) countEntryPages(entry, object, walk);

  if (walk.shadowDepth > 0 || entry.needsCopy) walk.shareMode = SM_COW;
  else if (refs === 1) walk.shareMode = SM_PRIVATE;
  else walk.shareMode = object.trueShare ? SM_TRUESHARED : SM_SHARED;
  if (walk.shareMode === SM_SHARED) walk.shareMode = sharedMode(map, object, refs, walk);
  return walk;
}

/** References but for the one a fault in progress holds. */
export function visibleReferences(object: VmObject): number {
  return object.refCount > 1 && object.pagingInProgress > 0 ? object.refCount - 1 : object.refCount;
}

function bottomOf(object: VmObject): VmObject {
  let at = object;
  while (at.shadow !== null) at = at.shadow;
  return at;
}

/** Sharing without true sharing: with the pager only, with this map itself, or with others too. */
function sharedMode(map: VmMap, object: VmObject, refs: number, walk: RegionWalk): ShareMode {
  if (walk.externalPager && walk.refCount === 2) return SM_PRIVATE;
  let mine = 0;
  for (const entry of map.entries) {
    for (let at = entry.object; at !== null; at = at.shadow) if (at === object) mine += 1;
  }
  if (mine === refs) return SM_PRIVATE_ALIASED;
  return mine > 1 ? SM_SHARED_ALIASED : SM_SHARED;
}

function countEntryPages(entry: VmMapEntry, object: VmObject, walk: RegionWalk): void {
  const { pmaps } = object.context;
  const size = entry.end - entry.start;
  for (let offset = entry.offset; offset < entry.offset + size; offset += PAGE_SIZE) {
    let maxRefs = visibleReferences(object);
    let at: VmObject | null = object;
    for (let inObject = offset; at !== null; inObject += at.shadowOffset, at = at.shadow) {
      maxRefs = Math.max(maxRefs, at.refCount);
      const inPages = inObject - (inObject % PAGE_SIZE);
      const page = vmPageLookup(at, inPages);
      if (page === null) {
        if (!vmObjectIsCompressed(at, inPages)) continue;
        walk.pagesSwappedOut += 1;
        break;
      }
      walk.pagesResident += 1;
      if (object.shadow !== null && maxRefs === 1) walk.pagesSharedNowPrivate += 1;
      if (page.dirty || pmapIsModified(pmaps, page.ppn)) walk.pagesDirtied += 1;
      else if (page.reusable) walk.pagesReusable += 1;
      break;
    }
  }
}
