import { check } from "../../emulator/arch/check.js";
import {
  THREAD_AWAKENED,
  type Blocking,
  type Interruptible,
  type WaitResult,
} from "../blocking.js";
import type { VmContext } from "../context.js";
import type { VmObject } from "../object/object.js";
import { pmapDisconnect, pmapPageGrabbed } from "../pmap/index.js";
import { PAGE_SIZE, panic, VM_KERN_MEMORY_NONE, type VmTag } from "../types.js";
import {
  type VmPage,
  VM_PAGE_IS_WIRED,
  VM_PAGE_NOT_ON_Q,
  VM_PAGE_ON_ACTIVE_LOCAL_Q,
} from "./page.js";
import { isGuard } from "./guard.js";
import { isStealable, vmPageoutStealLaundry } from "./laundry.js";
import { vmPageoutWake } from "./pageout.js";
import { vmPageActivate, vmPageQueuesRemove } from "./queues.js";

/**
 * Pages and the objects they are in. XNU: vm_resident.c. Unless said otherwise the object's pages
 * may only change between two sleeps, so these never block.
 */

/** The resident page of `object` at byte `offset` (page aligned), if any. XNU: vm_page_lookup. */
export function vmPageLookup(object: VmObject, offset: number): VmPage | null {
  check(offset % PAGE_SIZE === 0, "unaligned offset", offset);
  return object.pages.get(offset / PAGE_SIZE) ?? null;
}

/**
 * Take a page off the free list: busy, on no queue, contents unspecified. What the CPU has fetched
 * ahead is taken first, whatever the reserve. The pageout scan is woken when few are left. XNU:
 * vm_page_grab.
 * @param privileged may dip into the reserve (page tables), but for what the compressor needs of it
 * @returns null when only the reserve is left
 */
export function vmPageGrab(ctx: VmContext, privileged = false): VmPage | null {
  const { reserved, compressorReserve } = ctx.pages.targets;
  return grabAbove(ctx, privileged ? compressorReserve + 1 : reserved);
}

/** As `vmPageGrab`, to the last page: for what makes pages free. */
export function vmPageGrabPageout(ctx: VmContext): VmPage | null {
  return grabAbove(ctx, 0);
}

/** @param least pages that must be free */
function grabAbove(ctx: VmContext, least: number): VmPage | null {
  const q = ctx.pages;
  const page =
    q.free.takeLocal() ?? (q.free.count < least ? null : q.free.refill(q.targets.reserved));
  if (q.free.count < q.targets.min) vmPageoutWake(ctx);
  if (!page) return null;
  q.grabbedZero = page.untouched;
  if (page.untouched) {
    page.untouched = false; // nothing ever looked at it or ran it
    return page;
  }
  // XNU leaves stale reference and modify bits on a recycled frame; cleared here so that what a
  // page does never depends on who had its frame before.
  pmapPageGrabbed(ctx.pmaps, page.ppn);
  ctx.phys.noteWrite(page.ppn);
  return page;
}

/**
 * Give a page back: it leaves its queue and its object, sleepers are woken. Legal for wired pages.
 * The caller has removed its mappings. XNU: vm_page_free.
 */
export function vmPageFree(ctx: VmContext, page: VmPage): void {
  if (isStealable(page)) vmPageoutStealLaundry(ctx, page);
  vmPageQueuesRemove(ctx, page);
  if (page.wireCount > 0) vmPageUnwireAccount(ctx, page);
  if (page.object) vmPageRemove(page);
  vmPageWakeup(ctx, page);
  if (page.xpmapped) ctx.phys.noteWrite(page.ppn);
  if (isGuard(page)) return; // it never had a frame
  resetForFree(page);
  ctx.pages.free.append(page);
  if (ctx.pages.freeWaiters > 0 && ctx.pages.enoughFree) ctx.wakeup(ctx.pages.freeWanted);
}

/** As `vmPageFree`, for a page that may still be mapped: it is unmapped everywhere first. */
export function vmPageFreeUnmapped(ctx: VmContext, page: VmPage): void {
  if (page.pmapped) pmapDisconnect(ctx.pmaps, page.ppn);
  vmPageFree(ctx, page);
}

function resetForFree(page: VmPage): void {
  page.object = null;
  page.offset = -1;
  page.wireCount = 0;
  page.busy = true;
  page.wanted = false;
  page.tabled = false;
  page.reference = false;
  page.clustered = false;
  page.pmapped = false;
  page.xpmapped = false;
  page.wpmapped = false;
  page.absent = false;
  page.error = false;
  page.restart = false;
  page.unusual = false;
  page.dirty = false;
  page.precious = false;
  page.cleaning = false;
  page.overwriting = false;
  page.laundry = false;
  page.freeWhenDone = false;
  page.noCache = false;
  page.reusable = false;
  page.gobbled = false;
  page.queueState = VM_PAGE_NOT_ON_Q;
}

/** Make `page` the page of `object` at `offset`. XNU: vm_page_insert. There must be none yet. */
export function vmPageInsert(page: VmPage, object: VmObject, offset: number): void {
  check(offset % PAGE_SIZE === 0, "unaligned offset", offset);
  check(!page.tabled && page.object === null, "page is in an object already", page);
  if (object.internal && offset >= object.size) panic("vm_page_insert past the end of the object");
  const index = offset / PAGE_SIZE;
  check(!object.pages.has(index), "the object has a page there", object, offset);
  object.pages.set(index, page);
  page.object = object;
  page.offset = offset;
  page.tabled = true;
  page.listPrev = object.lastPage;
  page.listNext = null;
  if (object.lastPage) object.lastPage.listNext = page;
  else object.firstPage = page;
  object.lastPage = page;
  if (page.wireCount > 0) object.wiredPageCount += 1;
}

/**
 * Grab a page and insert it: busy, on no queue, contents unspecified. XNU: vm_page_alloc.
 * @returns null when there is no page to be had without sleeping
 */
export function vmPageAlloc(object: VmObject, offset: number): VmPage | null {
  const page = vmPageGrab(object.context);
  if (page) vmPageInsert(page, object, offset);
  return page;
}

/** As `vmPageInsert`, freeing the page that was there. XNU: vm_page_replace. */
export function vmPageReplace(page: VmPage, object: VmObject, offset: number): void {
  const old = vmPageLookup(object, offset);
  if (old) vmPageFree(object.context, old);
  vmPageInsert(page, object, offset);
}

/** Take a page out of its object; queue and wiring stay. XNU: vm_page_remove. */
export function vmPageRemove(page: VmPage): void {
  const object = page.object;
  check(object !== null && page.tabled, "page is in no object", page);
  check(!page.cleaning && !page.laundry, "page is being cleaned", page);
  object.pages.delete(page.offset / PAGE_SIZE);
  const { listNext: next, listPrev: prev } = page;
  if (prev) prev.listNext = next;
  else object.firstPage = next;
  if (next) next.listPrev = prev;
  else object.lastPage = prev;
  page.listNext = null;
  page.listPrev = null;
  if (page.wireCount > 0) uncountWired(object);
  page.object = null;
  page.offset = -1;
  page.tabled = false;
}

/** Move a page to another object, keeping frame, mappings and queue. XNU: vm_page_rename. */
export function vmPageRename(page: VmPage, object: VmObject, offset: number): void {
  check(page.object?.internal === object.internal, "rename across kinds of object", page);
  if (page.queueState === VM_PAGE_ON_ACTIVE_LOCAL_Q) vmPageActivate(object.context, page);
  vmPageRemove(page);
  vmPageInsert(page, object, offset);
}

/**
 * Pin a page: off the pageout queues while wired. XNU: vm_page_wire.
 * @param tag whom it is charged to, unless the object has wired pages of somebody's already
 */
export function vmPageWire(ctx: VmContext, page: VmPage, tag: VmTag = VM_KERN_MEMORY_NONE): void {
  if (page.object !== null) vmObjectSetWireTag(page.object, tag);
  if (page.wireCount === 0) {
    if (isStealable(page)) vmPageoutStealLaundry(ctx, page);
    vmPageQueuesRemove(ctx, page);
    page.queueState = VM_PAGE_IS_WIRED;
    ctx.pages.wireCount += 1;
    if (page.object) page.object.wiredPageCount += 1;
  }
  page.wireCount += 1;
  if (page.wireCount > 0xffff) panic("vm_page_wire: wire count overflow");
}

/** Undo one wiring; the last one activates the page. XNU: vm_page_unwire. */
export function vmPageUnwire(ctx: VmContext, page: VmPage, queueIt = true): void {
  check(page.wireCount > 0, "page is not wired", page);
  if (page.wireCount > 1) {
    page.wireCount -= 1;
    return;
  }
  vmPageUnwireAccount(ctx, page);
  if (queueIt) vmPageActivate(ctx, page);
}

/** Forget all wirings of a page that is going away or being unwired. */
function vmPageUnwireAccount(ctx: VmContext, page: VmPage): void {
  page.wireCount = 0;
  page.queueState = VM_PAGE_NOT_ON_Q;
  ctx.pages.wireCount -= 1;
  if (page.object) uncountWired(page.object);
}

function uncountWired(object: VmObject): void {
  object.wiredPageCount -= 1;
  if (object.wiredPageCount === 0) object.wireTag = VM_KERN_MEMORY_NONE;
}

/** Charge an object's wired pages to a tag, unless somebody is charged already. */
export function vmObjectSetWireTag(object: VmObject, tag: VmTag): void {
  if (object.wireTag === VM_KERN_MEMORY_NONE) object.wireTag = tag;
}

/** Fill with zeroes. Sets no reference or modify bit. XNU: vm_page_zero_fill. */
export function vmPageZeroFill(ctx: VmContext, page: VmPage): void {
  ctx.phys.zeroPage(page.ppn);
}

/** Copy contents. Sets no reference or modify bit; an error is copied too. XNU: vm_page_copy. */
export function vmPageCopy(ctx: VmContext, from: VmPage, to: VmPage): void {
  ctx.phys.copyPage(from.ppn, to.ppn);
  to.error = from.error;
}

/** Wake those who sleep on a page. XNU: vm_page_wakeup. */
export function vmPageWakeup(
  ctx: VmContext,
  page: VmPage,
  result: WaitResult = THREAD_AWAKENED,
): void {
  if (!page.wanted) return;
  page.wanted = false;
  ctx.wakeup(page, result);
}

/** No longer busy. XNU: vm_page_wakeup_done. */
export function vmPageWakeupDone(ctx: VmContext, page: VmPage): void {
  check(page.busy, "page is not busy", page);
  page.busy = false;
  vmPageWakeup(ctx, page);
}

/** Sleep until a page is no longer busy (or being cleaned). Look everything up again afterwards. */
export function* vmPageSleep(page: VmPage, interruptible: Interruptible): Blocking<WaitResult> {
  page.wanted = true;
  return yield { channel: page, interruptible, reason: "page busy" };
}
