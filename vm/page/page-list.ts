import { check } from "../../emulator/arch/check.js";
import type { VmPage } from "./page.js";

/**
 * A queue of pages, linked through `queueNext` and `queuePrev`. Pages are added at the tail and
 * victims are taken from the head. A page is on at most one list; its `queueState` says which.
 */
export class PageList {
  head: VmPage | null = null;
  tail: VmPage | null = null;
  count = 0;

  append(page: VmPage): void {
    page.queuePrev = this.tail;
    page.queueNext = null;
    if (this.tail) this.tail.queueNext = page;
    else this.head = page;
    this.tail = page;
    this.count += 1;
  }

  prepend(page: VmPage): void {
    page.queueNext = this.head;
    page.queuePrev = null;
    if (this.head) this.head.queuePrev = page;
    else this.tail = page;
    this.head = page;
    this.count += 1;
  }

  remove(page: VmPage): void {
    const { queueNext: next, queuePrev: prev } = page;
    check(prev ? prev.queueNext === page : this.head === page, "page is not on this queue", page);
    if (prev) prev.queueNext = next;
    else this.head = next;
    if (next) next.queuePrev = prev;
    else this.tail = prev;
    page.queueNext = null;
    page.queuePrev = null;
    this.count -= 1;
  }

  *[Symbol.iterator](): IterableIterator<VmPage> {
    for (let page = this.head; page;) {
      const next: VmPage | null = page.queueNext;
      yield page;
      page = next;
    }
  }
}
