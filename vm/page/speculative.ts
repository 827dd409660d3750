import { PageList } from "./page-list.js";
import type { VmPage } from "./page.js";

/** Bins that pages age through (VM_PAGE_MIN_SPECULATIVE_AGE_Q .. MAX), and the one of the aged. */
export const SPECULATIVE_BINS = 10;
export const SPECULATIVE_AGED = 0;
/** How long a bin takes new pages (vm_page_speculative_q_age_ms), nanoseconds. */
export const SPECULATIVE_BIN_NS = 500e6;

/**
 * Pages that were read ahead and not used yet, by age: new ones go to the current bin; a bin whose turn
 * comes again is emptied into the aged ones, from which pages are taken first. XNU: vm_page.h
 * vm_page_queue_speculative, vm_page_speculate.
 */
export class SpeculativeQueue {
  readonly #bins = Array.from({ length: SPECULATIVE_BINS + 1 }, () => new PageList());
  #current = 1;
  /** When the current bin closes, by the machine's clock. */
  #closes = 0;
  count = 0;

  /** The page to take first, aged or not. */
  get head(): VmPage | null {
    const aged = this.aged.head;
    if (aged !== null) return aged;
    for (let i = 0; i < SPECULATIVE_BINS; i++) {
      const bin = this.#bins[1 + ((this.#current + i) % SPECULATIVE_BINS)];
      if (bin?.head) return bin.head;
    }
    return null;
  }

  get aged(): PageList {
    return this.bin(SPECULATIVE_AGED);
  }

  bin(index: number): PageList {
    return this.#bins[index]!;
  }

  append(page: VmPage, now: number): void {
    if (this.count === 0) {
      this.#current = 1;
      this.#closes = now + SPECULATIVE_BIN_NS;
    } else if (now >= this.#closes) {
      this.#current = (this.#current % SPECULATIVE_BINS) + 1;
      this.#closes = now + SPECULATIVE_BIN_NS;
      this.#age(this.#current);
    }
    this.#put(page, this.#current);
    this.count += 1;
  }

  remove(page: VmPage): void {
    this.bin(page.speculativeBin).remove(page);
    this.count -= 1;
  }

  /** Make the pages of the oldest bin that has any aged. @returns false if there are none */
  ageOldest(): boolean {
    for (let i = 0; i < SPECULATIVE_BINS; i++) {
      const index = 1 + ((this.#current + i) % SPECULATIVE_BINS);
      if (this.bin(index).count === 0) continue;
      this.#age(index);
      return true;
    }
    return false;
  }

  /** Time since the current bin closed; negative while it is open. Nanoseconds. */
  overdue(now: number): number {
    return now - this.#closes;
  }

  *[Symbol.iterator](): IterableIterator<VmPage> {
    for (const bin of this.#bins) yield* bin;
  }

  #age(index: number): void {
    const bin = this.bin(index);
    for (let page = bin.head; page !== null; page = bin.head) {
      bin.remove(page);
      this.#put(page, SPECULATIVE_AGED);
    }
  }

  #put(page: VmPage, index: number): void {
    page.speculativeBin = index;
    this.bin(index).append(page);
  }
}
