import { PTE_HI_ADDRESS, GEOMETRY_4K } from "../../emulator/arch/descriptor.js";
import { panic, type VmOffset } from "../types.js";
import { levelBytes, PMAP_VA_BYTES, PTE_BYTES, type PtAttr } from "./geometry.js";
import { PMAP_TYPE_USER } from "./options.js";
import type { Pmap } from "./pmap.js";
import type { PmapSystem } from "./system.js";
import { allocateTable, freeTable } from "./table-pages.js";

/** The tree of translation tables of a pmap, by physical addresses of tables and entries. */

/** Bits 1:0 of an entry that leads on: a table (levels 0 to 2), or a page (level 3). */
const TYPE_TABLE = 3;
const TYPE_BLOCK = 1;
const LEAF_LEVEL = 3;
const TWIG_LEVEL = 2;

/** Address as an offset from the start of its half. */
function linear(va: number): number {
  return va < 0 ? va + PMAP_VA_BYTES : va;
}

/**
 * Physical address in a descriptor given as halves. Bits 13:12 are zero where the granule is 16 KiB,
 * so the mask of 4 KiB does for both.
 */
export function descriptorAddress(lo: number, hi: number): number {
  return (hi & PTE_HI_ADDRESS) * 2 ** 32 + ((lo & GEOMETRY_4K.addressMaskLo) >>> 0);
}

/** The entry for an address in a table of a level. */
function entryOf(attr: PtAttr, table: number, level: number, va: number): number {
  const index = Math.floor(linear(va) / levelBytes(attr, level)) % attr.tableEntries;
  return table + index * PTE_BYTES;
}

/** Physical address of the entry for `va` in a leaf table of the pmap. */
export function entryIn(pmap: Pmap, leaf: number, va: number): number {
  const { attr } = pmap;
  return leaf + (Math.floor(linear(va) / attr.pageBytes) % attr.tableEntries) * PTE_BYTES;
}

/** The table an entry points to, or 0. */
function follow(system: PmapSystem, entry: number): number {
  const lo = system.phys.readPteLo(entry);
  return (lo & TYPE_TABLE) === TYPE_TABLE ? descriptorAddress(lo, system.phys.readPteHi(entry)) : 0;
}

/** Where a walk down to the table of `level` ends. */
interface Walk {
  /** Physical address of the table, or 0: there is none. */
  table: number;
  /** Level of the entry that leads nowhere, if there is none. */
  missing: number;
  /** Physical address of the last entry read; 0 if the root was asked for. */
  entry: number;
}

const walked: Walk = { table: 0, missing: 0, entry: 0 };

/** Walk to the table of `level` that has the entry for `va`. The result is good until the next walk. */
function walkTo(pmap: Pmap, va: number, level: number): Walk {
  const { attr, system } = pmap;
  let table = pmap.root;
  walked.entry = 0;
  for (let at = attr.rootLevel; at < level && table !== 0; at++) {
    walked.entry = entryOf(attr, table, at, va);
    walked.missing = at;
    table = follow(system, walked.entry);
  }
  walked.table = table;
  return walked;
}

/** Physical address of the twig's entry in its level 2 table, or 0 if there is no such table. */
export function findTwigEntry(pmap: Pmap, va: number): number {
  const { table } = walkTo(pmap, va, TWIG_LEVEL);
  return table === 0 ? 0 : entryOf(pmap.attr, table, TWIG_LEVEL, va);
}

/** Physical address of the leaf table for an address, or 0. */
export function leafTable(pmap: Pmap, va: number): number {
  const twig = Math.floor(va / pmap.attr.twigBytes);
  if (twig === pmap.cachedTwig) return pmap.cachedLeaf;
  const { table } = walkTo(pmap, va, LEAF_LEVEL);
  if (table !== 0) {
    pmap.cachedTwig = twig;
    pmap.cachedLeaf = table;
  }
  return table;
}

/** Physical address of the leaf entry for an address, or 0 if there is no table for it. */
export function findPte(pmap: Pmap, va: number): number {
  const leaf = leafTable(pmap, va);
  return leaf === 0 ? 0 : entryIn(pmap, leaf, va);
}

/** Physical address that a level 2 block maps `va` to, or -1 if no block does. */
export function findBlock(pmap: Pmap, va: number): number {
  const entry = findTwigEntry(pmap, va);
  const lo = entry === 0 ? 0 : pmap.system.phys.readPteLo(entry);
  if ((lo & TYPE_TABLE) !== TYPE_BLOCK) return -1;
  const { twigBytes } = pmap.attr;
  const base = descriptorAddress(lo, pmap.system.phys.readPteHi(entry));
  return base - (base % twigBytes) + (linear(va) % twigBytes);
}

/**
 * Make the tables down to the leaf for an address. XNU: pmap_expand.
 * @returns physical address of the leaf entry, or 0: no memory for a table
 */
export function expand(pmap: Pmap, va: number): number {
  const existing = findPte(pmap, va);
  if (existing !== 0) return existing;
  const leaf = expandTo(pmap, va, LEAF_LEVEL);
  return leaf === 0 ? 0 : entryIn(pmap, leaf, va);
}

/** Make the tables down to that of the twig's entry. @returns the entry, or 0: no memory */
export function expandTwig(pmap: Pmap, va: number): number {
  const table = expandTo(pmap, va, TWIG_LEVEL);
  return table === 0 ? 0 : entryOf(pmap.attr, table, TWIG_LEVEL, va);
}

/** From the top down, on demand. @returns the table of `level`, or 0: no memory */
function expandTo(pmap: Pmap, va: number, level: number): number {
  const { attr, system } = pmap;
  let table = pmap.root;
  for (let at = attr.rootLevel; at < level; at++) {
    const entry = entryOf(attr, table, at, va);
    let below = follow(system, entry);
    if (below === 0) {
      const bytes = levelBytes(attr, at);
      const made = allocateTable(pmap, at + 1, Math.floor(va / bytes) * bytes);
      if (made === null) return 0;
      below = made;
      linkTable(system, entry, below);
    }
    table = below;
  }
  return table;
}

/** The table's contents are visible before the entry that leads to it. */
function linkTable(system: PmapSystem, entry: number, table: number): void {
  system.tlb.dmb();
  system.writePte(entry, (table % 2 ** 32) | TYPE_TABLE, Math.floor(table / 2 ** 32));
}

/** Virtual address that the leaf entry at physical address `pte` translates. */
export function pteVa(system: PmapSystem, pte: number): VmOffset {
  const desc = system.tableOf(pte);
  const { attr } = desc.pmap;
  return (desc.va + ((pte % attr.tableBytes) / PTE_BYTES) * attr.pageBytes) as VmOffset;
}

/**
 * Unlink the leaf table of a twig. Its entries are all empty. The caller invalidates the TLB, not
 * only for the last level, and then frees it. XNU: pmap_tte_deallocate, its first half.
 * @returns the table
 */
export function unlinkLeafTable(pmap: Pmap, va: number): number {
  const { system } = pmap;
  const leaf = leafTable(pmap, va);
  const desc = system.tableOf(leaf);
  if (desc.refcnt !== 0) panic(`pmap: freeing a table with ${desc.refcnt} entries`);
  system.writePte(findTwigEntry(pmap, va), 0, 0);
  pmap.cachedTwig = -1;
  return leaf;
}

/** True if the leaf table of `desc` goes as soon as a removal finds it empty: not the shared ones. */
export function leafTableMayGo(pmap: Pmap): boolean {
  return pmap.type === PMAP_TYPE_USER;
}

/** Free every table of a pmap that maps nothing any more. @throws KernelPanic if it does */
export function freeAllTables(pmap: Pmap): void {
  const { system } = pmap;
  pmap.cachedTwig = -1;
  for (const table of [...pmap.tables]) {
    const desc = system.tableOf(table);
    if (desc.level === LEAF_LEVEL && desc.refcnt !== 0) {
      panic(`pmap_destroy: ${desc.refcnt} mappings left at 0x${desc.va.toString(16)}`);
    }
    freeTable(pmap, table);
  }
}

/** Visit the leaf tables that exist under [start, end): the piece of the range in each. */
export function forEachTwig(
  pmap: Pmap,
  start: number,
  end: number,
  visit: (from: number, to: number, leaf: number) => void,
): void {
  const { attr } = pmap;
  for (let at = start; at < end;) {
    const next = Math.min((Math.floor(at / attr.twigBytes) + 1) * attr.twigBytes, end);
    const leaf = leafTable(pmap, at);
    if (leaf !== 0) {
      visit(at, next, leaf);
      at = next;
      continue;
    }
    // The walk ended at an entry that leads nowhere: nothing in all that it covers.
    const bytes = levelBytes(attr, walked.missing);
    at = Math.min((Math.floor(at / bytes) + 1) * bytes, end);
  }
}
