import { THREAD_INTERRUPTED, type Blocking, type Interruptible } from "../blocking.js";
import type { VmContext } from "../context.js";
import { isPageDirty, vmObjectCleanPage } from "../object/clean.js";
import { vmObjectPagingBegin, vmObjectPagingEnd } from "../object/holds.js";
import type { VmObject } from "../object/object.js";
import { pmapIsReferenced } from "../pmap/index.js";
import { KERN_SUCCESS } from "../types.js";
import { VM_PAGE_ON_INACTIVE_CLEANED_Q, type VmPage } from "./page.js";
import { balanceInactive, vmPageActivate, vmPageDeactivate, type PageQueues } from "./queues.js";
import { vmPageFreeUnmapped, vmPageWakeupDone } from "./resident.js";

/**
 * Wait for free memory: what can be reclaimed is; failing that, sleep until a page is freed.
 * XNU: vm_page_wait.
 *
 * Differs from XNU: reclaiming is done here, by whoever is short, instead of by a thread of its own
 * that keeps ahead of demand.
 * @returns false if the wait was interrupted
 */
export function* vmPageWait(ctx: VmContext, interruptible: Interruptible): Blocking<boolean> {
  const q = ctx.pages;
  if (q.enoughFree) return true;
  yield* vmPageoutScan(ctx);
  if (q.enoughFree) return true;
  q.freeWaiters += 1;
  const result = yield { channel: q.freeWanted, interruptible, reason: "no free pages" };
  q.freeWaiters -= 1;
  return result !== THREAD_INTERRUPTED;
}

/**
 * Reclaim pages until the free target is met or every page was looked at: clean pages nobody used
 * lately are freed, dirty file pages are written first. XNU: vm_pageout_scan.
 *
 * Differs from XNU: without a compressor, anonymous memory that was written stays resident.
 */
export function* vmPageoutScan(ctx: VmContext): Blocking<void> {
  const q = ctx.pages;
  // Each page may use up a second chance and move from active to inactive before it is taken.
  const pageable = q.active.count + q.inactiveCount + q.speculative.count;
  for (let left = 3 * pageable; left > 0 && q.free.count < q.targets.target; left--) {
    balanceInactive(ctx, 1);
    // Half of one page is none: the last active page is not balanced away.
    if (chooseVictim(q) === null && q.active.head !== null) vmPageDeactivate(ctx, q.active.head);
    const page = chooseVictim(q);
    if (page === null) return;
    yield* reclaim(ctx, page);
  }
}

/** Cheapest first. */
function chooseVictim(q: PageQueues): VmPage | null {
  return (
    q.inactiveCleaned.head ??
    q.speculative.head ??
    q.inactiveExternal.head ??
    q.inactiveInternal.head
  );
}

function* reclaim(ctx: VmContext, page: VmPage): Blocking<void> {
  const { object } = page;
  ctx.pages.dequeue(page);
  if (object === null) return;
  if (page.busy || page.cleaning || page.overwriting) return vmPageActivate(ctx, page);
  if (page.absent || page.error || !object.alive) return vmPageFreeUnmapped(ctx, page);
  if (page.reference || pmapIsReferenced(ctx.pmaps, page.ppn))
    return secondChance(ctx, object, page);
  if (!isPageDirty(page)) return vmPageFreeUnmapped(ctx, page);
  if (object.internal || object.pager === null) return vmPageActivate(ctx, page);
  yield* launder(ctx, object, page);
}

/** Used since it was last looked at: keep it, unless nobody maps its file any more. */
function secondChance(ctx: VmContext, object: VmObject, page: VmPage): void {
  if (!object.internal && object.named && object.refCount === 1) {
    page.reference = false;
    vmPageDeactivate(ctx, page);
    return;
  }
  vmPageActivate(ctx, page);
  ctx.counters.reactivations += 1;
}

/** Write a file page back; it is reclaimed when it comes round again still clean. */
function* launder(ctx: VmContext, object: VmObject, page: VmPage): Blocking<void> {
  page.busy = true;
  vmObjectPagingBegin(object);
  const kr = yield* vmObjectCleanPage(object, page);
  if (kr === KERN_SUCCESS) ctx.pages.enqueue(page, VM_PAGE_ON_INACTIVE_CLEANED_Q);
  else vmPageActivate(ctx, page);
  vmPageWakeupDone(ctx, page);
  vmObjectPagingEnd(object);
}
