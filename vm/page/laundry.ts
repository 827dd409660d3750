import { check } from "../../emulator/arch/check.js";
import type { VmContext } from "../context.js";
import { vmObjectActivityBegin, vmObjectActivityEnd } from "../object/holds.js";
import { PageList } from "./page-list.js";
import { VM_PRESSURE_NORMAL, type PressureLevel } from "./pressure.js";
import { VM_PAGE_NOT_ON_Q, VM_PAGE_ON_PAGEOUT_Q, type VmPage } from "./page.js";

/** One queue of pages on their way out (struct vm_pageout_queue). */
export class PageoutQueue {
  readonly pages = new PageList();
  /** What its thread sleeps on, and whether it does. */
  readonly wanted = {};
  idle = false;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get throttled(): boolean {
    return this.pages.count >= this.limit;
  }
}

/** vm_pageout.h VM_PAGE_LAUNDRY_MAX, and 512 pages for each compressor thread. */
const EXTERNAL_LIMIT = 128;
const INTERNAL_LIMIT = 512;

/** What the pageout threads share (struct vm_pageout_state, vm_pageout_vminfo). */
export class PageoutState {
  /** Anonymous pages for the compressor; file pages for their pagers. */
  readonly internal = new PageoutQueue(INTERNAL_LIMIT);
  readonly external = new PageoutQueue(EXTERNAL_LIMIT);
  /** What the scan sleeps on while it has nothing to do, and while it waits for the threads above. */
  readonly scanWanted = {};
  readonly laundryDone = {};
  scanIdle = false;
  /** Anonymous pages taken since the last file page. */
  anonymousInARow = 0;
  /** Second chances given since a page was last taken in spite of one. */
  chancesInARow = 0;
  /** The next victim must be anonymous: file pages cannot be written. */
  forceAnonymous = false;
  /** How short memory was when it was last looked at. */
  pressureLevel: PressureLevel = VM_PRESSURE_NORMAL;
  /** Turns of the scan until the object cache is looked at again. */
  cacheEvictSkip = 0;
  /** Counts since boot, for dumps (vm_pageout_vminfo). */
  readonly counters = {
    scans: 0,
    considered: 0,
    freedInternal: 0,
    freedExternal: 0,
    freedSpeculative: 0,
    freedCleaned: 0,
    laundered: 0,
    compressorFailed: 0,
    stolen: 0,
    stuck: 0,
    cacheEvicted: 0,
    throttledFaults: 0,
  };
}

/** A page goes to be cleaned: laundry, with a hold on its object. XNU: vm_pageout_cluster. */
export function vmPageoutLaunder(ctx: VmContext, page: VmPage): void {
  const { object } = page;
  check(object !== null && page.queueState === VM_PAGE_NOT_ON_Q, "page cannot be laundered", page);
  const queue = object.internal ? ctx.pageout.internal : ctx.pageout.external;
  page.laundry = true;
  page.queueState = VM_PAGE_ON_PAGEOUT_Q;
  if (object.internal) page.busy = true;
  queue.pages.append(page);
  vmObjectActivityBegin(object);
  ctx.pageout.counters.laundered++;
  if (queue.idle) {
    queue.idle = false;
    ctx.wakeup(queue.wanted);
  }
}

/** Take the next page off a laundry queue: it is on no queue then, and the hold is the caller's. */
export function takeLaundry(queue: PageoutQueue): VmPage | null {
  const page = queue.pages.head;
  if (page === null) return null;
  queue.pages.remove(page);
  page.queueState = VM_PAGE_NOT_ON_Q;
  page.laundry = false;
  return page;
}

/**
 * Somebody needs a page that waits to be cleaned: it is taken back, on no queue, and not busy any more
 * if it was so only for that. XNU: vm_pageout_steal_laundry. Its object may be gone afterwards if it
 * was dying.
 */
export function vmPageoutStealLaundry(ctx: VmContext, page: VmPage): void {
  const { object } = page;
  check(object !== null && isStealable(page), "page is not in the laundry", page);
  const queue = object.internal ? ctx.pageout.internal : ctx.pageout.external;
  queue.pages.remove(page);
  page.queueState = VM_PAGE_NOT_ON_Q;
  page.laundry = false;
  page.freeWhenDone = false;
  if (object.internal) page.busy = false;
  ctx.pageout.counters.stolen++;
  if (page.wanted) {
    page.wanted = false;
    ctx.wakeup(page);
  }
  vmObjectActivityEnd(object);
}

/** On a laundry queue, where nobody works on it yet. */
export function isStealable(page: VmPage): boolean {
  return page.laundry && page.queueState === VM_PAGE_ON_PAGEOUT_Q;
}
