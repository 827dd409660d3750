import { check } from "../../emulator/arch/check.js";
import { PageList } from "./page-list.js";
import {
  VM_PAGE_NOT_ON_Q,
  VM_PAGE_ON_FREE_LOCAL_Q,
  VM_PAGE_ON_FREE_Q,
  type VmPage,
} from "./page.js";

/** Most colours there are (MAX_COLORS), and what XNU takes where nothing else is known. */
export const MAX_COLORS = 128;
export const DEFAULT_COLORS = 32;
/** A CPU takes so many pages of each colour at once (vm_free_magazine_refill_limit = colours x 4). */
const REFILL_PER_COLOR = 4;

/**
 * The free frames: a queue for each colour, so that pages handed out one after the other fall into
 * different parts of a physically indexed cache; and the pages the CPU has fetched ahead, which no
 * longer count as free. XNU: vm_resident.c vm_page_queue_free, the free_pages of each CPU.
 */
export class FreePages {
  /** Power of two. */
  readonly colors: number;
  readonly #queues: readonly PageList[];
  /** The CPU's own list; empty on a machine without such lists. */
  readonly local = new PageList();
  readonly #keepsLocal: boolean;
  /** Colour of the next page to go. */
  #color = 0;
  /** Pages on the queues: those of the CPU are not counted (vm_page_free_count). */
  count = 0;

  /** @param keepsLocal the CPU fetches pages ahead of need */
  constructor(colors = 1, keepsLocal = false) {
    const legal = colors >= 1 && colors <= MAX_COLORS && (colors & (colors - 1)) === 0;
    check(legal, "number of colours", colors);
    this.colors = colors;
    this.#keepsLocal = keepsLocal;
    this.#queues = Array.from({ length: colors }, () => new PageList());
  }

  /** The page that goes next, if there is one. */
  get head(): VmPage | null {
    return this.#queueWithPages()?.head ?? null;
  }

  /** To the tail of its colour's queue. XNU: vm_page_release. */
  append(page: VmPage): void {
    page.queueState = VM_PAGE_ON_FREE_Q;
    this.#queueOf(page).append(page);
    this.count += 1;
  }

  /** The next page of the next colour that has one, off all queues. */
  take(): VmPage | null {
    const queue = this.#queueWithPages();
    const page = queue?.head ?? null;
    if (page === null || queue === null) return null;
    queue.remove(page);
    this.count -= 1;
    this.#color = (this.#color + 1) & (this.colors - 1);
    page.queueState = VM_PAGE_NOT_ON_Q;
    return page;
  }

  /** A page the CPU fetched earlier: nobody asks whether the machine can spare it. */
  takeLocal(): VmPage | null {
    const page = this.local.head;
    if (page === null) return null;
    this.local.remove(page);
    page.queueState = VM_PAGE_NOT_ON_Q;
    return page;
  }

  /**
   * Fetch pages for the CPU, and take the first: as many as there are above `reserved`, up to a few of
   * each colour; one if there are none above it. XNU: vm_page_grab_options.
   */
  refill(reserved: number): VmPage | null {
    const spare = this.count - reserved;
    const page = this.take();
    if (!this.#keepsLocal || page === null) return page;
    for (let left = Math.min(this.colors * REFILL_PER_COLOR, spare) - 1; left > 0; left--) {
      const next = this.take();
      if (next === null) break;
      next.queueState = VM_PAGE_ON_FREE_LOCAL_Q;
      this.local.append(next);
    }
    return page;
  }

  *[Symbol.iterator](): IterableIterator<VmPage> {
    for (const queue of this.#queues) yield* queue;
  }

  #queueOf(page: VmPage): PageList {
    return this.#queues[page.ppn & (this.colors - 1)]!;
  }

  #queueWithPages(): PageList | null {
    for (let i = 0; i < this.colors; i++) {
      const color = (this.#color + i) & (this.colors - 1);
      const queue = this.#queues[color]!;
      if (queue.count === 0) continue;
      this.#color = color;
      return queue;
    }
    return null;
  }
}
