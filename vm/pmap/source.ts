import type { Ppn } from "../types.js";

/**
 * Where page tables get their memory: the same free pages as everything else. The VM implements it
 * on its free list; tests on a counter.
 */
export interface PageTableSource {
  /** A frame for page tables, contents unspecified; null when there is none right now. */
  allocPage(): Ppn | null;
  /** Give a frame back. */
  freePage(ppn: Ppn): void;
}
