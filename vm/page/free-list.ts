import { check } from "../../emulator/arch/check.js";
import { PageList } from "./page-list.js";
import type { Ppn } from "../types.js";
import {
  VM_PAGE_NOT_ON_Q,
  VM_PAGE_ON_FREE_LOCAL_Q,
  VM_PAGE_ON_FREE_Q,
  type VmPage,
} from "./page.js";

/** The frames of a machine, all free when it starts. */
export interface Frames {
  readonly first: Ppn;
  readonly count: number;
  /** Those that nobody manages. */
  readonly reserved: ReadonlySet<Ppn>;
  /** The page of a frame, made when it is asked for. */
  readonly pageOf: (ppn: Ppn) => VmPage;
}

/** Most colours there are (MAX_COLORS), and what XNU takes where nothing else is known. */
export const MAX_COLORS = 128;
export const DEFAULT_COLORS = 32;
/** A CPU takes so many pages of each colour at once (vm_free_magazine_refill_limit = colours x 4). */
const REFILL_PER_COLOR = 4;

/**
 * The free frames: a queue for each colour, so that pages handed out one after the other fall into
 * different parts of a physically indexed cache; and the pages the CPU has fetched ahead, which no
 * longer count as free. XNU: vm_resident.c vm_page_queue_free, the free_pages of each CPU. Frames that were never
 * handed out stand at the head of their queues, in order, as numbers: a machine is made without a page for each.
 */
export class FreePages {
  /** Power of two. */
  readonly colors: number;
  /** What was released, by colour. */
  readonly #queues: readonly PageList[];
  readonly #frames: Frames;
  /** By colour the first frame that was never handed out; none from `#end` on. */
  readonly #fresh: Ppn[];
  readonly #end: number;
  /** The CPU's own list; empty on a machine without such lists. */
  readonly local = new PageList();
  readonly #keepsLocal: boolean;
  /** Colour of the next page to go. */
  #color = 0;
  /** Pages on the queues: those of the CPU are not counted (vm_page_free_count). */
  count = 0;

  /** @param keepsLocal the CPU fetches pages ahead of need */
  constructor(frames: Frames, colors = 1, keepsLocal = false) {
    const legal = colors >= 1 && colors <= MAX_COLORS && (colors & (colors - 1)) === 0;
    check(legal, "number of colours", colors);
    this.colors = colors;
    this.#keepsLocal = keepsLocal;
    this.#queues = Array.from({ length: colors }, () => new PageList());
    const { first, count, reserved } = frames;
    this.#frames = frames;
    this.#end = first + count;
    this.#fresh = Array.from({ length: colors }, (_, color) =>
      this.#managed(first + ((color - first) & (colors - 1))),
    );
    this.count = count;
    for (const ppn of reserved) if (ppn >= first && ppn < this.#end) this.count -= 1;
  }

  /** The first frame from `ppn` on of its colour that is managed, or one beyond the end. */
  #managed(ppn: number): Ppn {
    let at = ppn;
    while (at < this.#end && this.#frames.reserved.has(at as Ppn)) at += this.colors;
    return at as Ppn;
  }

  /** The page that goes next, if there is one. */
  get head(): VmPage | null {
    const color = this.#colorWithPages();
    if (color < 0) return null;
    const fresh = this.#fresh[color]!;
    return fresh < this.#end ? this.#frames.pageOf(fresh) : this.#queues[color]!.head;
  }

  /** To the tail of its colour's queue. XNU: vm_page_release. */
  append(page: VmPage): void {
    page.queueState = VM_PAGE_ON_FREE_Q;
    this.#queueOf(page).append(page);
    this.count += 1;
  }

  /** The next page of the next colour that has one, off all queues. */
  take(): VmPage | null {
    const color = this.#colorWithPages();
    if (color < 0) return null;
    const fresh = this.#fresh[color]!;
    const queue = this.#queues[color]!;
    let page;
    if (fresh < this.#end) {
      page = this.#frames.pageOf(fresh);
      this.#fresh[color] = this.#managed(fresh + this.colors);
    } else {
      page = queue.head!;
      queue.remove(page);
    }
    this.count -= 1;
    this.#color = (color + 1) & (this.colors - 1);
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
    for (let color = 0; color < this.colors; color++) {
      let fresh = this.#fresh[color]!;
      for (; fresh < this.#end; fresh = this.#managed(fresh + this.colors)) {
        yield this.#frames.pageOf(fresh);
      }
      yield* this.#queues[color]!;
    }
  }

  #queueOf(page: VmPage): PageList {
    return this.#queues[page.ppn & (this.colors - 1)]!;
  }

  /** The next colour that has a page, or -1. */
  #colorWithPages(): number {
    for (let i = 0; i < this.colors; i++) {
      const color = (this.#color + i) & (this.colors - 1);
      if (this.#fresh[color]! >= this.#end && this.#queues[color]!.count === 0) continue;
      this.#color = color;
      return color;
    }
    return -1;
  }
}
