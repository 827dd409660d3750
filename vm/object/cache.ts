import type { VmContext } from "../context.js";
import type { VmPage } from "../page/page.js";
import { vmPageDeactivate } from "../page/queues.js";
import { vmPageFreeUnmapped } from "../page/resident.js";
import { isPageDirty } from "./clean.js";
import type { VmObject } from "./object.js";

/** Pages and objects one eviction deals with at most (EVICTPREPMAX and the scan's argument). */
const EVICT_PAGES = 100;
const EVICT_OBJECTS = 10;

/** Files nobody maps, whose pages wait to be mapped again, longest unmapped first. XNU: vm_object_cached_list. */
export type ObjectCache = Set<VmObject>;

/** The last mapping of a file is gone, or it is mapped again. */
export function vmObjectCacheNote(object: VmObject): void {
  const { cache } = object.context.objects;
  cache.delete(object);
  const unmapped = object.named && object.refCount === 1 && object.alive;
  if (unmapped && object.residentPageCount > 0) cache.add(object);
}

/**
 * Take pages of files nobody maps: clean ones are freed, dirty ones become inactive, wired and busy ones
 * stay. XNU: vm_object_cache_evict.
 * @returns pages freed
 */
export function vmObjectCacheEvict(ctx: VmContext): number {
  const { cache } = ctx.objects;
  let looked = 0;
  let objects = 0;
  let freed = 0;
  for (const object of [...cache]) {
    if (objects === EVICT_OBJECTS || looked === EVICT_PAGES) break;
    objects += 1;
    for (let page = object.firstPage; page !== null && looked < EVICT_PAGES;) {
      const next: VmPage | null = page.listNext;
      looked += 1;
      if (evict(ctx, page)) freed += 1;
      page = next;
    }
    // What is left of it is for the queues: it is not looked at again until it was mapped once more.
    if (looked < EVICT_PAGES || object.residentPageCount === 0) cache.delete(object);
  }
  ctx.pageout.counters.cacheEvicted += freed;
  return freed;
}

function evict(ctx: VmContext, page: VmPage): boolean {
  const inUse = page.wireCount > 0 || page.busy || page.cleaning || page.overwriting;
  if (inUse || page.laundry) return false;
  if (isPageDirty(page)) {
    vmPageDeactivate(ctx, page);
    return false;
  }
  vmPageFreeUnmapped(ctx, page);
  return true;
}
