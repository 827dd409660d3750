import { THREAD_UNINT, type Blocking } from "../blocking.js";
import type { VmContext } from "../context.js";
import { vmObjectCleanPage } from "../object/clean.js";
import { vmObjectCollapse } from "../object/collapse.js";
import { vmObjectCompressorPagerCreate, vmObjectPageOut } from "../object/compressed.js";
import { vmObjectActivityEnd, vmObjectPagingBegin, vmObjectPagingEnd } from "../object/holds.js";
import type { VmObject } from "../object/object.js";
import { KERN_SUCCESS } from "../types.js";
import { takeLaundry, type PageoutQueue } from "./laundry.js";
import { VM_PAGE_ON_INACTIVE_CLEANED_Q, type VmPage } from "./page.js";
import { vmPageActivate } from "./queues.js";
import { vmPageFreeUnmapped, vmPageWakeupDone } from "./resident.js";

/** Pages that are compressed before the scan is looked after again. */
const BATCH = 32;

/**
 * The thread that compresses anonymous pages. XNU: vm_pageout_iothread_internal_continue.
 */
export function* vmPageoutInternalDaemon(ctx: VmContext): Blocking<void> {
  const { internal } = ctx.pageout;
  for (;;) {
    let done = 0;
    for (let page = takeLaundry(internal); page !== null; page = takeLaundry(internal)) {
      compressOne(ctx, page);
      done += 1;
      if (done === BATCH) break;
    }
    if (done > 0) ctx.wakeup(ctx.pageout.laundryDone);
    if (internal.pages.count === 0) yield* sleep(internal, "compressor idle");
  }
}

/** Compress a page, which is busy and held by its object's activity hold, and free its frame. */
function compressOne(ctx: VmContext, page: VmPage): void {
  const { object } = page;
  if (object === null) return;
  if (!object.alive) {
    vmPageFreeUnmapped(ctx, page);
  } else {
    if (object.pager === null) vmObjectCollapse(object, 0, true);
    vmObjectCompressorPagerCreate(object);
    if (vmObjectPageOut(object, page)) {
      ctx.counters.compressions += 1;
    } else {
      ctx.pageout.counters.compressorFailed++;
      ctx.compressor.wakeCompactor();
      vmPageActivate(ctx, page);
      vmPageWakeupDone(ctx, page);
    }
  }
  vmObjectActivityEnd(object);
}

/**
 * The thread that gives file pages back to their pagers. XNU: vm_pageout_iothread_external_continue.
 */
export function* vmPageoutExternalDaemon(ctx: VmContext): Blocking<void> {
  const { external } = ctx.pageout;
  for (;;) {
    for (let page = takeLaundry(external); page !== null; page = takeLaundry(external)) {
      const { object } = page;
      if (object === null) continue;
      yield* writeOne(ctx, object, page);
      vmObjectActivityEnd(object);
    }
    ctx.pageout.forceAnonymous = false;
    ctx.wakeup(ctx.pageout.laundryDone);
    yield* sleep(external, "pageout I/O idle");
  }
}

/** Write a file page back; it is reclaimed when it comes round again still clean. */
function* writeOne(ctx: VmContext, object: VmObject, page: VmPage): Blocking<void> {
  if (!object.alive || object.pager === null) {
    if (page.freeWhenDone) vmPageFreeUnmapped(ctx, page);
    else vmPageActivate(ctx, page);
    return;
  }
  page.busy = true;
  vmObjectPagingBegin(object);
  const kr = yield* vmObjectCleanPage(object, page);
  if (page.object !== object) {
    // Freed while it was written.
  } else {
    if (page.wireCount === 0) {
      if (kr === KERN_SUCCESS) ctx.pages.enqueue(page, VM_PAGE_ON_INACTIVE_CLEANED_Q);
      else vmPageActivate(ctx, page);
    }
    vmPageWakeupDone(ctx, page);
  }
  vmObjectPagingEnd(object);
}

function* sleep(queue: PageoutQueue, reason: string): Blocking<void> {
  queue.idle = true;
  yield { channel: queue.wanted, interruptible: THREAD_UNINT, reason };
  queue.idle = false;
}
