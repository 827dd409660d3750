import { check } from "../../emulator/arch/check.js";
import { GEOMETRY_16K, PTE_HI_ADDRESS } from "../../emulator/arch/descriptor.js";
import { PAGE_SIZE, panic, type Ppn, type VmOffset } from "../types.js";
import type { Pmap } from "./pmap.js";
import type { PmapSystem } from "./system.js";
import { PVH_TYPE_NULL, PVH_TYPE_PTDP } from "./pv.js";

/**
 * The tree of translation tables: 16 KiB granule, 47-bit addresses, so three levels of 2048 entries.
 * A level 1 entry covers 64 GiB, a level 2 entry ("twig") 32 MiB, a leaf entry one page.
 */
export const TABLE_ENTRIES = 2048;
const PTE_BYTES = 8;
const LEVEL1_BYTES = 2 ** GEOMETRY_16K.levelShift[1];
export const TWIG_BYTES = 2 ** GEOMETRY_16K.levelShift[2];
const VA_BYTES = 2 ** 47;
/** Valid, and a table (levels 1 and 2) or page (level 3). */
const TYPE_TABLE = 3;
/** Table refcnt that says "not counted": tables that are not leaves. */
const NOT_COUNTED = 0x4000;

/** Address as an offset from the start of its half. */
function linear(va: number): number {
  return va < 0 ? va + VA_BYTES : va;
}

/** Physical address in a descriptor given as halves. */
export function descriptorAddress(lo: number, hi: number): number {
  return (hi & PTE_HI_ADDRESS) * 2 ** 32 + ((lo & GEOMETRY_16K.addressMaskLo) >>> 0);
}

/** A zeroed table page, known to the system. @returns its physical address, or null: no memory */
export function allocateTable(pmap: Pmap, level: number, va: number): number | null {
  const { system } = pmap;
  const ppn = system.source.allocPage();
  if (ppn === null) return null;
  system.phys.zeroPage(ppn);
  check(system.pv.type[system.index(ppn)] === PVH_TYPE_NULL, "table frame is mapped", ppn);
  system.pv.type[system.index(ppn)] = PVH_TYPE_PTDP;
  const counted = level === 3 ? 0 : NOT_COUNTED;
  system.tables.set(ppn, { pmap, level, va, refcnt: counted, wiredcnt: 0 });
  if (!pmap.isKernel) {
    pmap.ledger.pageTable += PAGE_SIZE;
    pmap.ledger.physFootprint += PAGE_SIZE;
  }
  return ppn * PAGE_SIZE;
}

function freeTable(pmap: Pmap, physical: number): void {
  const { system } = pmap;
  const ppn = (physical / PAGE_SIZE) as Ppn;
  system.tables.delete(ppn);
  system.pv.type[system.index(ppn)] = PVH_TYPE_NULL;
  if (!pmap.isKernel) {
    pmap.ledger.pageTable -= PAGE_SIZE;
    pmap.ledger.physFootprint -= PAGE_SIZE;
  }
  system.source.freePage(ppn);
}

function level1Entry(pmap: Pmap, va: number): number {
  return pmap.root + Math.floor(linear(va) / LEVEL1_BYTES) * PTE_BYTES;
}

function level2Entry(table: number, va: number): number {
  return table + (Math.floor(linear(va) / TWIG_BYTES) % TABLE_ENTRIES) * PTE_BYTES;
}

function leafEntry(table: number, va: number): number {
  return table + (Math.floor(linear(va) / PAGE_SIZE) % TABLE_ENTRIES) * PTE_BYTES;
}

/** The table an entry points to, or 0. */
function follow(system: PmapSystem, entry: number): number {
  const lo = system.phys.readPteLo(entry);
  return (lo & TYPE_TABLE) === TYPE_TABLE ? descriptorAddress(lo, system.phys.readPteHi(entry)) : 0;
}

/** Physical address of the leaf table for an address, or 0. */
export function leafTable(pmap: Pmap, va: number): number {
  const twig = Math.floor(va / TWIG_BYTES);
  if (twig === pmap.cachedTwig) return pmap.cachedLeaf;
  const table = follow(pmap.system, level1Entry(pmap, va));
  const leaf = table === 0 ? 0 : follow(pmap.system, level2Entry(table, va));
  if (leaf !== 0) {
    pmap.cachedTwig = twig;
    pmap.cachedLeaf = leaf;
  }
  return leaf;
}

/** Physical address of the leaf entry for an address, or 0 if there is no table for it. */
export function findPte(pmap: Pmap, va: number): number {
  const leaf = leafTable(pmap, va);
  return leaf === 0 ? 0 : leafEntry(leaf, va);
}

/**
 * Make the tables down to the leaf for an address. XNU: pmap_expand.
 * @returns physical address of the leaf entry, or 0: no memory for a table
 */
export function expand(pmap: Pmap, va: number): number {
  const existing = findPte(pmap, va);
  if (existing !== 0) return existing;
  const { system } = pmap;
  const upper = level1Entry(pmap, va);
  let table = follow(system, upper);
  if (table === 0) {
    const made = allocateTable(pmap, 2, Math.floor(va / LEVEL1_BYTES) * LEVEL1_BYTES);
    if (made === null) return 0;
    table = made;
    link(system, upper, table);
  }
  const made = allocateTable(pmap, 3, Math.floor(va / TWIG_BYTES) * TWIG_BYTES);
  if (made === null) return 0;
  link(system, level2Entry(table, va), made);
  return leafEntry(made, va);
}

/** The table's zeroes are visible (DMB) before the entry that leads to it. */
function link(system: PmapSystem, entry: number, table: number): void {
  system.tlb.dsb();
  system.writePte(entry, (table % 2 ** 32) | TYPE_TABLE, Math.floor(table / 2 ** 32));
}

/** Virtual address that the leaf entry at physical address `pte` translates. */
export function pteVa(system: PmapSystem, pte: number): VmOffset {
  const desc = system.tableOf(pte);
  return (desc.va + ((pte % PAGE_SIZE) / PTE_BYTES) * PAGE_SIZE) as VmOffset;
}

/**
 * Unlink and free the leaf table of a twig. Its entries are all empty. The caller flushes the TLB,
 * not only for the last level. XNU: pmap_tte_deallocate.
 */
export function freeLeafTable(pmap: Pmap, va: number): void {
  const { system } = pmap;
  const leaf = leafTable(pmap, va);
  const desc = system.tableOf(leaf);
  if (desc.refcnt !== 0) panic(`pmap: freeing a table with ${desc.refcnt} entries`);
  const table = follow(system, level1Entry(pmap, va));
  system.writePte(level2Entry(table, va), 0, 0);
  pmap.cachedTwig = -1;
  freeTable(pmap, leaf);
}

/** Free every table of a pmap that maps nothing any more. */
export function freeAllTables(pmap: Pmap): void {
  const { system } = pmap;
  pmap.cachedTwig = -1;
  for (const [ppn, desc] of [...system.tables]) {
    if (desc.pmap !== pmap) continue;
    if (desc.level === 3 && desc.refcnt !== 0) {
      panic(`pmap_destroy: ${desc.refcnt} mappings left at 0x${desc.va.toString(16)}`);
    }
    freeTable(pmap, ppn * PAGE_SIZE);
  }
}

/** Visit the leaf tables that exist under [start, end): the piece of the range in each. */
export function forEachTwig(
  pmap: Pmap,
  start: number,
  end: number,
  visit: (from: number, to: number, leaf: number) => void,
): void {
  for (let at = start; at < end;) {
    const next = Math.min((Math.floor(at / TWIG_BYTES) + 1) * TWIG_BYTES, end);
    const leaf = leafTable(pmap, at);
    if (leaf !== 0) visit(at, next, leaf);
    else if (follow(pmap.system, level1Entry(pmap, at)) === 0) {
      // Nothing in these 64 GiB.
      at = Math.min((Math.floor(at / LEVEL1_BYTES) + 1) * LEVEL1_BYTES, end);
      continue;
    }
    at = next;
  }
}

/** Physical address of the entry for `va` in a leaf table. */
export function entryIn(leaf: number, va: number): number {
  return leafEntry(leaf, va);
}
