import { THREAD_TIMED_OUT, THREAD_UNINT, type Blocking, type WaitResult } from "../blocking.js";
import {
  availableMemory,
  availableNonCompressed,
  compressorThresholds,
} from "../compressor/limits.js";
import type { VmContext } from "../context.js";
import { vmObjectCacheEvict } from "../object/cache.js";
import { vmPurgeableObjectPurgeOne } from "../object/purgeable.js";
import { VM_PURGABLE_EMPTY, VM_PURGABLE_VOLATILE, type VmObject } from "../object/object.js";
import {
  pmapDisconnect,
  pmapGetRefmod,
  PMAP_OPTIONS_COMPRESSOR,
  PMAP_OPTIONS_COMPRESSOR_IFF_MODIFIED,
  VM_MEM_MODIFIED,
  VM_MEM_REFERENCED,
} from "../pmap/index.js";
import { vmPageoutLaunder } from "./laundry.js";
import { vmPageReactivateLocal } from "./local.js";
import { VM_PAGE_ON_THROTTLED_Q, type VmPage } from "./page.js";
import { balanceInactive, vmPageActivate, vmPageDeactivate } from "./queues.js";
import { purgeForceOf, vmPressureUpdate } from "./pressure.js";
import { vmPageFreeUnmapped } from "./resident.js";
import { chooseVictim, type Victim } from "./victim.js";

/**
 * The target is met; or every page was looked at and none could be freed; or most of the memory is
 * compressed and cannot be swapped, so that what is left only goes in and out.
 */
export type ScanOutcome = "done" | "stuck" | "exhausted";

/** One in so many pages that were used is taken all the same, so that the scan ends. */
const CHANCES_IN_A_ROW = 1000;
/** Of so many file pages looked at while there are too few, one is taken. */
const KEPT_FILE_PAGES = 100;
/** Turns of the scan the object cache is left alone once it had nothing. */
const CACHE_EVICT_SKIP = 1000;
/** How long to wait for the laundry before looking again, nanoseconds. */
const LAUNDRY_WAIT_NS = 100e6;

/**
 * Free pages until the target is met: what nobody used since it was last looked at, cheapest first;
 * dirty pages go to the laundry. XNU: vm_pageout_scan.
 *
 * Differs from XNU: there is one CPU, so once enough is in the laundry the scan lets the threads that
 * clean it work, instead of laundering more meanwhile.
 */
export function* vmPageoutScan(ctx: VmContext): Blocking<ScanOutcome> {
  const { pages, pageout } = ctx;
  pageout.counters.scans++;
  const limit = reactivateLimit(ctx);
  let reactivated = 0;
  // Victims looked at since the last page was freed or cleaned, whoever did that.
  let fruitless = 0;
  let progress = progressOf(ctx);
  // File pages wait for a pager that does not answer: do not count on them.
  let stalled = false;
  for (;;) {
    balanceInactive(ctx, 1);
    if (pages.free.count >= pages.targets.target) {
      if (pages.freeWaiters > 0) ctx.wakeup(pages.freeWanted);
      return "done";
    }
    const now = progressOf(ctx);
    if (now !== progress) fruitless = 0;
    progress = now;
    const inLaundry = pageout.internal.pages.count + (stalled ? 0 : pageout.external.pages.count);
    if (pages.free.count + inLaundry >= pages.targets.target || pageout.internal.throttled) {
      stalled = (yield* waitForLaundry(ctx)) === THREAD_TIMED_OUT;
      continue;
    }
    if (vmPurgeableObjectPurgeOne(ctx, purgeForceOf(vmPressureUpdate(ctx)))) continue;
    if (evictCache(ctx)) continue;
    if (isExhausted(ctx)) return "exhausted";
    // Every page may use up a second chance and move from active to inactive before it is taken.
    const pageable = pages.active.count + pages.inactiveCount + pages.speculative.count;
    const victim = fruitless > 3 * pageable ? null : nextVictim(ctx);
    if (victim !== null) {
      pageout.counters.considered++;
      fruitless++;
      if (victim.keep === true && (reactivated + 1) % KEPT_FILE_PAGES !== 0) {
        keepFilePage(ctx, victim.page);
        reactivated++;
      } else if (vmPageoutConsider(ctx, victim, reactivated < limit)) {
        reactivated++;
      }
    } else if (inLaundry > 0) {
      stalled = (yield* waitForLaundry(ctx)) === THREAD_TIMED_OUT;
    } else if (yield* lastResort(ctx)) {
      fruitless = 0;
    } else {
      return "stuck";
    }
  }
}

/**
 * Files nobody maps come before those somebody does, when no read-ahead is to be had; when they had
 * nothing, they are left alone for a while.
 */
function evictCache(ctx: VmContext): boolean {
  const { pageout, pages } = ctx;
  if (pages.speculative.aged.count > 0) return false;
  if (pageout.cacheEvictSkip > 0) {
    pageout.cacheEvictSkip -= 1;
    return false;
  }
  if (vmObjectCacheEvict(ctx) > 0) return true;
  pageout.cacheEvictSkip = CACHE_EVICT_SKIP;
  return false;
}

/** XNU: the thresholds of vm_compressor_needs_to_swap and jetsam's; here that of the hard throttle. */
function isExhausted(ctx: VmContext): boolean {
  const { compressor } = ctx;
  if (compressor.poolPages === 0 || (compressor.store !== null && !compressor.swapFailed)) {
    return false;
  }
  const { hardThrottle } = compressorThresholds(availableMemory(ctx));
  return availableNonCompressed(ctx) < hardThrottle;
}

/** Counts of what makes memory free: when it has changed the scan was not in vain. */
function progressOf(ctx: VmContext): number {
  const { counters, pageout } = ctx;
  const { freedInternal, freedExternal, freedSpeculative, freedCleaned } = pageout.counters;
  const freed = freedInternal + freedExternal + freedSpeculative + freedCleaned;
  return freed + counters.compressions + counters.pageouts + counters.purges;
}

/**
 * Half of one page is none: the last active page is not balanced away. Before that the pages CPUs keep
 * for themselves are wanted; XNU, with memory for many times as many, does not ask for those.
 */
function nextVictim(ctx: VmContext): Victim | null {
  let victim = chooseVictim(ctx);
  if (victim === null && ctx.pages.activeLocal.count > 0) {
    vmPageReactivateLocal(ctx);
    victim = chooseVictim(ctx);
  }
  const { head } = ctx.pages.active;
  if (victim !== null || head === null) return victim;
  vmPageDeactivate(ctx, head);
  return chooseVictim(ctx);
}

/** Sleep until the threads that clean pages are done with what they have. */
function* waitForLaundry(ctx: VmContext): Blocking<WaitResult> {
  return yield {
    channel: ctx.pageout.laundryDone,
    interruptible: THREAD_UNINT,
    reason: "laundry",
    timeoutNs: LAUNDRY_WAIT_NS,
  };
}

/** Nothing on the queues can be taken: purge whatever may be purged, then swap segments. */
function* lastResort(ctx: VmContext): Blocking<boolean> {
  if (vmPurgeableObjectPurgeOne(ctx, 8)) return true;
  const { compressor, pages } = ctx;
  if (compressor.store === null || compressor.swapFailed) return false;
  const before = pages.free.count;
  compressor.swapForced = true;
  compressor.wakeCompactor();
  yield {
    channel: compressor,
    interruptible: THREAD_UNINT,
    reason: "compactor",
    timeoutNs: LAUNDRY_WAIT_NS,
  };
  return pages.free.count > before;
}

/** Second chances a scan gives at most. XNU: vps_init_page_targets, embedded. */
function reactivateLimit(ctx: VmContext): number {
  return Math.floor((ctx.pages.active.count + ctx.pages.inactiveCount) / 4);
}

/**
 * Take a page, if it can be taken. XNU: the rest of vm_pageout_scan's loop.
 * @param mayReactivate a second chance may still be given
 * @returns true if it was given one
 */
export function vmPageoutConsider(
  ctx: VmContext,
  { page, from }: Victim,
  mayReactivate: boolean,
): boolean {
  const { object } = page;
  ctx.pages.dequeue(page);
  if (object === null) return false;
  if (page.busy) {
    vmPageActivate(ctx, page);
    return false;
  }
  if (page.freeWhenDone || page.cleaning || page.overwriting) return false;
  const gone = !object.alive || (!object.internal && object.pager === null);
  if (page.absent || page.error || gone) return reclaim(ctx, page, from);
  if (object.copy === null && object.purgable === VM_PURGABLE_EMPTY) {
    ctx.counters.purges += page.dirty || page.precious ? 1 : 0;
    return reclaim(ctx, page, from);
  }
  if (object.copy === null && object.purgable === VM_PURGABLE_VOLATILE && !ctx.compressorActive) {
    vmPageActivate(ctx, page);
    return false;
  }
  const refmod = page.pmapped ? pmapGetRefmod(ctx.pmaps, page.ppn) : 0;
  if (!page.noCache && (page.reference || (refmod & VM_MEM_REFERENCED) !== 0)) {
    if (mayReactivate && ctx.pageout.chancesInARow < CHANCES_IN_A_ROW) {
      return secondChance(ctx, object, page);
    }
    ctx.pageout.chancesInARow = 0;
  }
  return launderOrReclaim(ctx, object, page, from, (refmod & VM_MEM_MODIFIED) !== 0);
}

function launderOrReclaim(
  ctx: VmContext,
  object: VmObject,
  page: VmPage,
  from: Victim["from"],
  modified: boolean,
): boolean {
  const { pageout } = ctx;
  const queue = object.internal ? pageout.internal : pageout.external;
  const mustClean = page.dirty || page.precious || modified;
  if (mustClean && object.internal && !ctx.compressorActive) {
    page.dirty = true;
    ctx.pages.enqueue(page, VM_PAGE_ON_THROTTLED_Q);
    return false;
  }
  if (mustClean && queue.throttled) {
    if (!object.internal) pageout.forceAnonymous = true;
    else ctx.counters.reactivations += 1;
    vmPageActivate(ctx, page);
    return false;
  }
  if (page.pmapped) {
    const marker = page.dirty ? PMAP_OPTIONS_COMPRESSOR : PMAP_OPTIONS_COMPRESSOR_IFF_MODIFIED;
    const options = object.internal ? marker : 0;
    const state = pmapDisconnect(ctx.pmaps, page.ppn, options);
    if ((state & VM_MEM_MODIFIED) !== 0) page.dirty = true;
  }
  if (!page.dirty && !page.precious) return reclaim(ctx, page, from);
  vmPageoutLaunder(ctx, page);
  return false;
}

/** Too few file pages are left to take one. */
function keepFilePage(ctx: VmContext, page: VmPage): void {
  vmPageActivate(ctx, page);
  ctx.counters.reactivations += 1;
}

/** Used since it was last looked at: keep it, unless nobody maps its file any more. */
function secondChance(ctx: VmContext, object: VmObject, page: VmPage): boolean {
  ctx.pageout.chancesInARow += 1;
  if (!object.internal && object.named && object.refCount === 1) {
    page.reference = false;
    vmPageDeactivate(ctx, page);
    return false;
  }
  vmPageActivate(ctx, page);
  ctx.counters.reactivations += 1;
  return true;
}

/** What it holds is nowhere else needed, or elsewhere as well: free it. */
function reclaim(ctx: VmContext, page: VmPage, from: Victim["from"]): false {
  const { counters } = ctx.pageout;
  if (from === "cleaned") counters.freedCleaned++;
  else if (from === "speculative") counters.freedSpeculative++;
  else if (from === "internal") counters.freedInternal++;
  else counters.freedExternal++;
  vmPageFreeUnmapped(ctx, page);
  return false;
}
