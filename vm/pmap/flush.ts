import { PAGE_SIZE } from "../types.js";
import type { Pmap } from "./pmap.js";
import type { PmapSystem } from "./system.js";
import { pteVa } from "./tables.js";

/** More pages than one range instruction can cover: the whole address space is cheaper. */
const MAX_RANGE_PAGES = 2 ** 21;

/**
 * Invalidate what the TLB holds of [start, end), and wait. Entries were written before. XNU:
 * pmap.c pmap_get_pt_ops flush_tlb_region.
 * @param lastLevelOnly keep cached walks: no table went away
 */
export function flushRange(pmap: Pmap, start: number, end: number, lastLevelOnly = true): void {
  const { tlb } = pmap.system;
  tlb.dsb();
  flushRangeAsync(pmap, start, end, lastLevelOnly);
  syncFlush(pmap.system);
}

/** As `flushRange`, without the barriers: for many entries with one `syncFlush` after. */
export function flushRangeAsync(
  pmap: Pmap,
  start: number,
  end: number,
  lastLevelOnly = true,
): void {
  const { tlb } = pmap.system;
  const pages = (end - start) / PAGE_SIZE;
  if (pages === 1) tlb.tlbiVa(start, pmap.hwAsid, lastLevelOnly);
  else if (pages <= MAX_RANGE_PAGES) tlb.tlbiRange(start, end - start, pmap.hwAsid, lastLevelOnly);
  else if (pmap.isKernel) tlb.tlbiAll();
  else tlb.tlbiAsid(pmap.hwAsid);
}

/**
 * One entry, given by its physical address, that was just written: the new value is visible first (XNU:
 * WRITE_PTE_STRONG). `syncFlush` comes after.
 */
export function flushEntry(pmap: Pmap, pte: number): void {
  pmap.system.tlb.dsb();
  pmap.system.tlb.tlbiVa(pteVa(pmap.system, pte), pmap.hwAsid, true);
}

/** Wait until earlier invalidations are complete everywhere. */
export function syncFlush(system: PmapSystem): void {
  system.tlb.dsb();
  system.tlb.isb();
}
