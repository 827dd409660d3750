import { PMAP_TYPE_KERNEL, PMAP_TYPE_NESTED } from "./options.js";
import type { Pmap } from "./pmap.js";
import type { PmapSystem } from "./system.js";
import { pteVa } from "./tables.js";

/**
 * TLB maintenance after entries were written. The order is the architecture's: the writes, DSB ISHST,
 * the invalidations, DSB ISH, ISB (Arm ARM D8.14).
 */

/** More pages than this: invalidating the whole address space is cheaper, or the only way. */
const MAX_RANGE_PAGES = 2 ** 21;
const MAX_SINGLE_PAGES = 256;

/** Bits that SCALE and NUM of one range instruction have. */
const NUM_VALUES = 32;

/**
 * Pages that one range instruction covers when asked for `pages` of them: (NUM + 1) << (5 * SCALE + 1).
 * @param pages 2 to 2^21
 */
export function rangeOperand(pages: number): {
  readonly scale: number;
  readonly num: number;
  readonly covered: number;
} {
  const log2 = 31 - Math.clz32(pages - 1);
  const scale = Math.floor((Math.max(log2, 1) - 1) / 5);
  const unit = 2 ** (5 * scale + 1);
  const num = Math.min(Math.ceil(pages / unit), NUM_VALUES) - 1;
  return { scale, num, covered: (num + 1) * unit };
}

/**
 * Invalidate what the TLB holds of [start, end), and wait. Entries were written before. XNU:
 * pmap.c pmap_get_pt_ops flush_tlb_region.
 * @param lastLevelOnly keep cached walks: no table went away
 */
export function flushRange(pmap: Pmap, start: number, end: number, lastLevelOnly = true): void {
  publishWrites(pmap.system);
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
  const { tlb, rangeTlbi } = pmap.system;
  const { pageBytes } = pmap.attr;
  const pages = (end - start) / pageBytes;
  if (pages > (rangeTlbi ? MAX_RANGE_PAGES : MAX_SINGLE_PAGES)) flushAllAsync(pmap);
  else if (pages === 1) flushPageAsync(pmap, start, lastLevelOnly);
  else if (rangeTlbi) {
    const bytes = rangeOperand(pages).covered * pageBytes;
    tlb.tlbiRange(start, bytes, isShared(pmap) ? null : pmap.hwAsid, lastLevelOnly);
  } else {
    for (let va = start; va < end; va += pageBytes) flushPageAsync(pmap, va, lastLevelOnly);
  }
}

function flushPageAsync(pmap: Pmap, va: number, lastLevelOnly: boolean): void {
  const { tlb } = pmap.system;
  if (isShared(pmap)) tlb.tlbiVaAllAsid(va, lastLevelOnly);
  else tlb.tlbiVa(va, pmap.hwAsid, lastLevelOnly);
}

/** Everything the TLB may hold of a pmap. */
export function flushAllAsync(pmap: Pmap): void {
  const { tlb } = pmap.system;
  if (pmap.type === PMAP_TYPE_KERNEL || isShared(pmap)) tlb.tlbiAll();
  else tlb.tlbiAsid(pmap.hwAsid);
}

/** Mappings that several address spaces use, each under its own ASID or none. */
function isShared(pmap: Pmap): boolean {
  return pmap.type === PMAP_TYPE_NESTED;
}

/** One entry, given by its physical address; barriers as for `flushRangeAsync`. */
export function flushEntry(pmap: Pmap, pte: number): void {
  flushPageAsync(pmap, pteVa(pmap.system, pte), true);
}

/** Invalidate entries that were just written, given by their physical addresses, and wait. */
export function flushEntries(system: PmapSystem, entries: readonly number[]): void {
  if (entries.length === 0) return;
  publishWrites(system);
  for (const pte of entries) flushEntry(system.tableOf(pte).pmap, pte);
  syncFlush(system);
}

/** Make entries written before visible to whoever walks the tables from here on. */
export function publishWrites(system: PmapSystem): void {
  system.tlb.dsb("ishst");
}

/** Wait until earlier invalidations are complete everywhere. */
export function syncFlush(system: PmapSystem): void {
  system.tlb.dsb("ish");
  system.tlb.isb();
}
