import {
  availableMemory,
  availableNonCompressed,
  compressorThresholds,
} from "../compressor/limits.js";
import type { VmContext } from "../context.js";
import type { VmMap } from "../map/map.js";
import { PAGE_SIZE } from "../types.js";
import { DBG_CACHE_HIT_FAULT, DBG_GUARD_FAULT, type FaultType } from "./event.js";

/** What a task that makes too many pages waits after each (HARD_THROTTLE_DELAY, SOFT_THROTTLE_DELAY). */
export const HARD_THROTTLE_DELAY_NS = 10e6;
export const SOFT_THROTTLE_DELAY_NS = 200e3;
/** Pages a second, and how many seconds of them in a row, are too many. */
const CREATION_THROTTLE_RATE = 20_000;
const CREATION_THROTTLE_SECS = 6;
const CREATION_THROTTLE_PAGES = CREATION_THROTTLE_RATE * CREATION_THROTTLE_SECS;

/** What a task made lately: pages, since when. */
export interface PageCreation {
  count: number;
  sinceNs: number;
}

/** Can it be that a fault must be slowed down? Cheap, and true only while memory is short. */
export function throttleIsPossible(ctx: VmContext): boolean {
  const { free, targets } = ctx.pages;
  return free.count < targets.throttleLimit || ctx.compressor.lowOnSpace;
}

/**
 * A fault has made a page: count it. A page that came from a file or from swap starts the count anew.
 * @param isRead it came by I/O
 */
export function notePageCreated(map: VmMap, isRead: boolean): void {
  const { pageCreation } = map;
  if (isRead || pageCreation.count === 0) pageCreation.sinceNs = map.context.now();
  pageCreation.count = isRead ? 0 : pageCreation.count + 1;
}

/** Faults of this type count as made pages. */
export function createsPage(type: FaultType): boolean {
  return type !== DBG_CACHE_HIT_FAULT && type !== DBG_GUARD_FAULT;
}

/**
 * How long the task must wait for having made one more page, nanoseconds; 0: not at all. XNU:
 * vm_fault.c vm_page_throttled.
 *
 * Differs from XNU: counted by task, not by thread, and there are no I/O tiers.
 */
export function pageCreationDelay(map: VmMap): number {
  const ctx = map.context;
  if (map.isKernel) return 0;
  const { compressor, pages } = ctx;
  const available = availableNonCompressed(ctx);
  const { hardThrottle, unthrottle } = compressorThresholds(availableMemory(ctx));
  const hardLimit = available < hardThrottle;
  const swaps = compressor.store !== null;
  if (swaps && (compressor.lowOnSpace || hardLimit) && ownsMuchCompressed(map)) {
    return HARD_THROTTLE_DELAY_NS;
  }
  const short = pages.free.count < pages.targets.throttleLimit || (swaps && available < unthrottle);
  if (!short || pages.freeWaiters === 0) return 0;
  const { pageCreation } = map;
  if (pageCreation.count < CREATION_THROTTLE_PAGES) return 0;
  const seconds = (ctx.now() - pageCreation.sinceNs) / 1e9;
  if (pageCreation.count / Math.max(seconds, 1e-9) < CREATION_THROTTLE_RATE) {
    pageCreation.count = 0; // slow enough: judge it anew
    return 0;
  }
  return hardLimit ? HARD_THROTTLE_DELAY_NS : SOFT_THROTTLE_DELAY_NS;
}

/** More than a quarter of everything that is compressed. */
function ownsMuchCompressed(map: VmMap): boolean {
  const pages = (map.pmap?.ledger.internalCompressed ?? 0) / PAGE_SIZE;
  return pages > map.context.compressor.pagesCompressed / 4;
}
