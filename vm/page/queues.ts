import { check } from "../../emulator/arch/check.js";
import {
  pmapClearRefmod,
  pmapClearReference,
  PMAP_OPTIONS_NOFLUSH,
  VM_MEM_REFERENCED,
} from "../pmap/index.js";
import type { VmContext } from "../context.js";
import { panic, type Ppn } from "../types.js";
import { DEFAULT_COLORS, FreePages } from "./free-list.js";
import { isGuard } from "./guard.js";
import { PageList } from "./page-list.js";
import { SpeculativeQueue } from "./speculative.js";
import { freeTargets, type FreeTargets } from "./targets.js";
import {
  VM_PAGE_IS_WIRED,
  VM_PAGE_NOT_ON_Q,
  VM_PAGE_ON_FREE_Q,
  VM_PAGE_ON_ACTIVE_LOCAL_Q,
  VM_PAGE_ON_ACTIVE_Q,
  VM_PAGE_ON_INACTIVE_CLEANED_Q,
  VM_PAGE_ON_INACTIVE_EXTERNAL_Q,
  VM_PAGE_ON_INACTIVE_INTERNAL_Q,
  VM_PAGE_ON_PAGEOUT_Q,
  VM_PAGE_ON_SPECULATIVE_Q,
  VM_PAGE_ON_THROTTLED_Q,
  VM_PAGE_USED_BY_COMPRESSOR,
  VmPage,
} from "./page.js";

type PageableState =
  | typeof VM_PAGE_ON_THROTTLED_Q
  | typeof VM_PAGE_ON_SPECULATIVE_Q
  | typeof VM_PAGE_ON_ACTIVE_Q
  | typeof VM_PAGE_ON_INACTIVE_INTERNAL_Q
  | typeof VM_PAGE_ON_INACTIVE_EXTERNAL_Q
  | typeof VM_PAGE_ON_INACTIVE_CLEANED_Q;

/** Most pages one fault takes: a placeholder, the page read in, its copy, and the page pushed. */
const PAGES_PER_FAULT = 4;

/** What lists a machine keeps. */
export interface PageQueueOptions {
  /** Frames are zero until they are used for the first time. */
  readonly startsZero?: boolean;
  /** Colours of the free list, a power of two. Default: 1. */
  readonly colors?: number;
  /** Free pages are fetched ahead for the CPU. Default: no, as on machines with little memory. */
  readonly freePerCpu?: boolean;
  /** With two or more, fresh anonymous pages go to a list of the CPU first. Default: 1. */
  readonly cpus?: number;
}

/** From so many frames on (128 MiB) a machine has the full reserve, and pages to spare for its CPU. */
const LARGE_MACHINE_PAGES = 8192;

/**
 * The lists of a machine with so many frames.
 *
 * Differs from XNU: machines below 128 MiB have one colour and fetch no free pages ahead, which would be
 * a good part of all they have.
 */
export function defaultPageQueues(pageCount: number): PageQueueOptions {
  return pageCount < LARGE_MACHINE_PAGES ? {} : { colors: DEFAULT_COLORS, freePerCpu: true };
}

/**
 * Every managed frame of the machine and the queue each is on. XNU: vm_resident.c, vm_pageout.c.
 *
 * Differs from XNU: only one CPU ever runs, so that there is one list of each kind it keeps for itself.
 */
export class PageQueues {
  /** Index = ppn - firstPpn; nothing where nobody has asked for the page, or the machine keeps the frame for itself. */
  readonly #pages: (VmPage | undefined)[];
  readonly #reserved: ReadonlySet<Ppn>;
  readonly #startsZero: boolean;
  readonly firstPpn: Ppn;
  readonly targets: FreeTargets;
  readonly free: FreePages;
  /** Fresh anonymous pages the CPU keeps for itself: not pageable yet. */
  readonly activeLocal = new PageList();
  /** Whether it does. */
  readonly hasLocal: boolean;
  readonly active = new PageList();
  readonly inactiveInternal = new PageList();
  readonly inactiveExternal = new PageList();
  readonly inactiveCleaned = new PageList();
  readonly speculative = new SpeculativeQueue();
  /** Dirty anonymous pages of a machine that cannot compress them. */
  readonly throttled = new PageList();
  wireCount = 0;
  /** Pages on the speculative, active and inactive queues, by kind of object. */
  pageableInternalCount = 0;
  pageableExternalCount = 0;
  /** What vm_page_wait sleeps on, and how many do. */
  readonly freeWanted = {};
  /** The page grabbed last is zero already. */
  grabbedZero = false;
  freeWaiters = 0;

  constructor(
    firstPpn: Ppn,
    pageCount: number,
    reserved: ReadonlySet<Ppn>,
    options: PageQueueOptions = {},
  ) {
    this.hasLocal = (options.cpus ?? 1) > 1;
    this.firstPpn = firstPpn;
    this.#reserved = reserved;
    this.#startsZero = options.startsZero ?? false;
    this.#pages = new Array<VmPage | undefined>(pageCount);
    const pageOf = (ppn: Ppn): VmPage => this.pageOf(ppn)!;
    const frames = { first: firstPpn, count: pageCount, reserved, pageOf };
    this.free = new FreePages(frames, options.colors, options.freePerCpu);
    this.targets = freeTargets(this.free.count);
  }

  /** The page of a frame; null if the frame is not managed. */
  pageOf(ppn: Ppn): VmPage | null {
    const index = ppn - this.firstPpn;
    if (index < 0 || index >= this.#pages.length || this.#reserved.has(ppn)) return null;
    return (this.#pages[index] ??= this.#makePage(ppn));
  }

  /** A frame that has no page yet is free, and was never used. */
  #makePage(ppn: Ppn): VmPage {
    const page = new VmPage(ppn);
    page.untouched = this.#startsZero;
    page.queueState = VM_PAGE_ON_FREE_Q;
    return page;
  }

  /** Every managed page, in frame order; makes those there are not, so it is for checkers. */
  *all(): IterableIterator<VmPage> {
    for (let n = 0; n < this.#pages.length; n++) {
      const page = this.pageOf((this.firstPpn + n) as Ppn);
      if (page !== null) yield page;
    }
  }

  get inactiveCount(): number {
    return this.inactiveInternal.count + this.inactiveExternal.count + this.inactiveCleaned.count;
  }

  /** Pages the inactive side should have (vm_page_inactive_target). */
  get inactiveTarget(): number {
    return Math.floor((this.active.count + this.inactiveCount + this.speculative.count) / 2);
  }

  /**
   * True if whoever was short of memory gets all it needs now. One free page is not enough: a fault
   * that got its first page and not its second gives the first back, and two of them would wake
   * each other with it for ever.
   */
  get enoughFree(): boolean {
    return this.free.count >= this.targets.reserved + PAGES_PER_FAULT;
  }

  /** Put a page that is on no queue at the tail of a pageable one. */
  enqueue(page: VmPage, state: PageableState): void {
    const object = page.object;
    check(page.queueState === VM_PAGE_NOT_ON_Q && page.wireCount === 0, "page is queued", page);
    check(object !== null, "a pageable page belongs to an object", page);
    if (object === object.context.kernelObject) panic("kernel page on a pageable queue");
    page.queueState = state;
    if (state === VM_PAGE_ON_SPECULATIVE_Q) this.speculative.append(page, object.context.now());
    else this.#listOf(state).append(page);
    if (state === VM_PAGE_ON_THROTTLED_Q) return;
    if (object.internal) this.pageableInternalCount += 1;
    else this.pageableExternalCount += 1;
  }

  /** As `enqueue` to the active queue, at its head: taken before the others. */
  enqueueFirst(page: VmPage): void {
    this.enqueue(page, VM_PAGE_ON_ACTIVE_Q);
    this.active.remove(page);
    this.active.prepend(page);
  }

  /**
   * Take a page off whatever queue it is on. XNU: vm_page_queues_remove. Pages that are wired, the
   * compressor's or on no queue stay as they are.
   */
  dequeue(page: VmPage): void {
    const state = page.queueState;
    switch (state) {
      case VM_PAGE_NOT_ON_Q:
      case VM_PAGE_IS_WIRED:
      case VM_PAGE_USED_BY_COMPRESSOR:
        return;
      case VM_PAGE_ON_THROTTLED_Q:
        this.throttled.remove(page);
        page.queueState = VM_PAGE_NOT_ON_Q;
        return;
      case VM_PAGE_ON_ACTIVE_LOCAL_Q:
        this.activeLocal.remove(page);
        page.queueState = VM_PAGE_NOT_ON_Q;
        return;
      case VM_PAGE_ON_SPECULATIVE_Q:
      case VM_PAGE_ON_ACTIVE_Q:
      case VM_PAGE_ON_INACTIVE_INTERNAL_Q:
      case VM_PAGE_ON_INACTIVE_EXTERNAL_Q:
      case VM_PAGE_ON_INACTIVE_CLEANED_Q:
        if (state === VM_PAGE_ON_SPECULATIVE_Q) this.speculative.remove(page);
        else this.#listOf(state).remove(page);
        page.queueState = VM_PAGE_NOT_ON_Q;
        if (page.object?.internal === true) this.pageableInternalCount -= 1;
        else this.pageableExternalCount -= 1;
        if (state !== VM_PAGE_ON_ACTIVE_Q && page.object !== null) {
          page.object.context.purgeable.pagesLeftInactive += 1;
        }
        return;
      case VM_PAGE_ON_PAGEOUT_Q:
        return panic("queues_remove of a laundry page");
      default:
        return panic(`queues_remove of a page in state ${state}`);
    }
  }

  #listOf(state: Exclude<PageableState, typeof VM_PAGE_ON_SPECULATIVE_Q>): PageList {
    switch (state) {
      case VM_PAGE_ON_THROTTLED_Q:
        return this.throttled;
      case VM_PAGE_ON_ACTIVE_Q:
        return this.active;
      case VM_PAGE_ON_INACTIVE_INTERNAL_Q:
        return this.inactiveInternal;
      case VM_PAGE_ON_INACTIVE_EXTERNAL_Q:
        return this.inactiveExternal;
      case VM_PAGE_ON_INACTIVE_CLEANED_Q:
        return this.inactiveCleaned;
    }
  }
}

/** On the active or an inactive queue. */
export function isActiveOrInactive(page: VmPage): boolean {
  return page.queueState === VM_PAGE_ON_ACTIVE_Q || isInactive(page);
}

export function isInactive(page: VmPage): boolean {
  const state = page.queueState;
  return (
    state === VM_PAGE_ON_INACTIVE_INTERNAL_Q ||
    state === VM_PAGE_ON_INACTIVE_EXTERNAL_Q ||
    state === VM_PAGE_ON_INACTIVE_CLEANED_Q
  );
}

/** Leave the queues, and keep the inactive side stocked if that is where the page was. */
export function vmPageQueuesRemove(ctx: VmContext, page: VmPage): void {
  const wasReclaimable = isInactive(page) || page.queueState === VM_PAGE_ON_SPECULATIVE_Q;
  ctx.pages.dequeue(page);
  if (wasReclaimable) balanceInactive(ctx, 3);
}

/**
 * To the tail of the active queue, also when it is there already. XNU: vm_page_activate. Nothing
 * happens to laundry, to the compressor's pages and to wired ones (but for the reference bit).
 */
export function vmPageActivate(ctx: VmContext, page: VmPage): void {
  if (page.laundry || page.queueState === VM_PAGE_USED_BY_COMPRESSOR) return;
  if (page.queueState === VM_PAGE_ON_PAGEOUT_Q || isGuard(page)) return;
  vmPageQueuesRemove(ctx, page);
  if (page.wireCount === 0) {
    if (mustThrottle(ctx, page)) ctx.pages.enqueue(page, VM_PAGE_ON_THROTTLED_Q);
    else {
      ctx.pages.enqueue(page, VM_PAGE_ON_ACTIVE_Q);
      balanceInactive(ctx, 3);
    }
  }
  page.reference = true;
  page.noCache = false;
}

/** Written anonymous memory that nothing can page out: it only gets in the way of the scan. */
function mustThrottle(ctx: VmContext, page: VmPage): boolean {
  return !ctx.compressorActive && page.dirty && page.object?.internal === true;
}

/**
 * To the tail of an inactive queue; a page already inactive keeps its place. A file page that
 * nobody maps any more goes to the speculative queue. XNU: vm_page_deactivate.
 */
export function vmPageDeactivate(ctx: VmContext, page: VmPage, clearHardware = true): void {
  const object = page.object;
  if (page.laundry || page.wireCount > 0 || !object || isGuard(page)) return;
  if (page.queueState === VM_PAGE_USED_BY_COMPRESSOR) return;
  if (page.queueState === VM_PAGE_ON_PAGEOUT_Q) return;
  if (!page.absent && clearHardware && page.pmapped) pmapClearReference(ctx.pmaps, page.ppn);
  page.reference = false;
  page.noCache = false;
  if (isInactive(page)) return;
  ctx.pages.dequeue(page);
  if (mustThrottle(ctx, page)) {
    ctx.pages.enqueue(page, VM_PAGE_ON_THROTTLED_Q);
  } else if (!object.internal && object.named && object.refCount === 1) {
    ctx.pages.enqueue(page, VM_PAGE_ON_SPECULATIVE_Q);
  } else if (object.internal) {
    ctx.pages.enqueue(page, VM_PAGE_ON_INACTIVE_INTERNAL_Q);
  } else {
    ctx.pages.enqueue(page, VM_PAGE_ON_INACTIVE_EXTERNAL_Q);
  }
}

/** To the tail of the speculative queue: read ahead, not used yet. XNU: vm_page_speculate. */
export function vmPageSpeculate(ctx: VmContext, page: VmPage, isNew: boolean): void {
  const object = page.object;
  check(object !== null && !object.internal, "only file pages are speculative", page);
  if (page.wireCount > 0 || page.laundry) return;
  vmPageQueuesRemove(ctx, page);
  ctx.pages.enqueue(page, VM_PAGE_ON_SPECULATIVE_Q);
  if (isNew) object.pagesCreated += 1;
}

/** To the tail of the inactive queue, reference bits untouched. XNU: vm_page_lru. */
export function vmPageLru(ctx: VmContext, page: VmPage): void {
  const object = page.object;
  if (page.laundry || page.wireCount > 0 || !object) return;
  if (page.queueState === VM_PAGE_USED_BY_COMPRESSOR) return;
  ctx.pages.dequeue(page);
  ctx.pages.enqueue(
    page,
    object.internal ? VM_PAGE_ON_INACTIVE_INTERNAL_Q : VM_PAGE_ON_INACTIVE_EXTERNAL_Q,
  );
}

/**
 * Move up to `limit` pages from the head of the active queue to the inactive side while that side
 * holds less than half of the pageable pages. XNU: vm_page_balance_inactive.
 */
export function balanceInactive(ctx: VmContext, limit: number): void {
  const q = ctx.pages;
  const target = q.inactiveTarget;
  for (let left = limit; left > 0; left--) {
    if (q.inactiveCount + q.speculative.count >= target) return;
    const page = q.active.head;
    if (!page) return;
    // What the TLB still holds may be used unseen for a while: cheaper than a flush for each page.
    if (page.pmapped && !page.absent) {
      pmapClearRefmod(ctx.pmaps, page.ppn, VM_MEM_REFERENCED, PMAP_OPTIONS_NOFLUSH);
    }
    vmPageDeactivate(ctx, page, false);
  }
}
