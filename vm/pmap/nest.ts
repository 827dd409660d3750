import { check } from "../../emulator/arch/check.js";
import { PTE_LO_NG } from "../../emulator/arch/descriptor.js";
import {
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  panic,
  type KernReturn,
  type VmOffset,
} from "../types.js";
import { flushRange } from "./flush.js";
import { PTE_BYTES } from "./geometry.js";
import { PMAP_TYPE_NESTED, PMAP_TYPE_USER } from "./options.js";
import { giveUpAsid, pmapDestroy, pmapReference, type Pmap } from "./pmap.js";
import { pteIsValid } from "./pte.js";
import { freeTable } from "./table-pages.js";
import { expand, expandTwig, findTwigEntry, leafTable, unlinkLeafTable } from "./tables.js";

/**
 * A shared region: a pmap of type NESTED whose leaf tables other pmaps link to, so that what one task
 * faults in all have, under global TLB entries. Its addresses are the same in each of them.
 */

/** What a pmap shows of a NESTED one; in the NESTED pmap itself, its own bounds. */
export interface NestedRegion {
  readonly pmap: Pmap;
  readonly start: VmOffset;
  readonly bytes: number;
}

/** Nothing is linked in halves: the smallest piece that can be nested. XNU: pmap_shared_region_size_min. */
export function pmapSharedRegionSizeMin(pmap: Pmap): number {
  return pmap.attr.twigBytes;
}

/**
 * Turn an empty, unused user pmap into one that is only ever nested. Its ASID goes back. XNU:
 * pmap_set_nested.
 */
export function pmapSetNested(pmap: Pmap): void {
  if (pmap.type !== PMAP_TYPE_USER || pmap.nested !== null)
    panic("pmap_set_nested: not a user pmap");
  pmap.type = PMAP_TYPE_NESTED;
  giveUpAsid(pmap);
}

/**
 * Note the bounds of the shared region that `grand` is going to show: a switch to another region
 * then invalidates these addresses and not everything. XNU: pmap_set_shared_region.
 */
export function pmapSetSharedRegion(
  grand: Pmap,
  subord: Pmap,
  start: VmOffset,
  bytes: number,
): void {
  checkNestable(grand, subord, start, bytes);
  subord.nested ??= { pmap: subord, start, bytes };
  adopt(grand, subord);
}

/**
 * Let `grand` show [start, start + bytes) of `subord`, at the same addresses: its level 2 entries point
 * to subord's leaf tables, which are made now. Holds a reference on `subord`. XNU: pmap_nest.
 * @param start twig aligned (32 MiB, or 2 MiB with 4 KiB pages), as is `bytes`
 * @returns KERN_RESOURCE_SHORTAGE when there is no page for a table; nothing is nested then
 * @throws KernelPanic where a slot is in use, and for pmaps of the wrong kind
 */
export function pmapNest(grand: Pmap, subord: Pmap, start: VmOffset, bytes: number): KernReturn {
  checkNestable(grand, subord, start, bytes);
  const { twigBytes } = grand.attr;
  const end = start + bytes;
  for (let va = start as number; va < end; va += twigBytes) {
    if (expand(subord, va) === 0 || expandTwig(grand, va) === 0) return KERN_RESOURCE_SHORTAGE;
  }
  adopt(grand, subord);
  const { phys, tlb } = grand.system;
  for (let va = start as number; va < end; va += twigBytes) {
    const slot = findTwigEntry(grand, va);
    const from = findTwigEntry(subord, va);
    if (phys.readPteLo(slot) !== 0) panic(`pmap_nest: 0x${va.toString(16)} is in use`);
    tlb.dmb();
    grand.system.writePte(slot, phys.readPteLo(from), phys.readPteHi(from));
  }
  tlb.dsb("ishst");
  tlb.isb();
  return KERN_SUCCESS;
}

function adopt(grand: Pmap, subord: Pmap): void {
  const bounds = subord.nested;
  const start = bounds?.start ?? (0 as VmOffset);
  const bytes = bounds?.bytes ?? 0;
  if (grand.nested === null) pmapReference(subord);
  else check(grand.nested.pmap === subord, "a second shared region");
  grand.nested = { pmap: subord, start, bytes };
}

function checkNestable(grand: Pmap, subord: Pmap, start: VmOffset, bytes: number): void {
  const { twigBytes } = grand.attr;
  if (subord.type !== PMAP_TYPE_NESTED) panic("pmap_nest: the inner pmap is not of type NESTED");
  if (grand.type !== PMAP_TYPE_USER) panic("pmap_nest: the outer pmap is not a user's");
  if (grand.attr !== subord.attr) panic("pmap_nest: different page sizes");
  if (start % twigBytes !== 0 || bytes % twigBytes !== 0 || start + bytes > grand.max) {
    panic(`pmap_nest: bad range 0x${start.toString(16)}, 0x${bytes.toString(16)} bytes`);
  }
}

/** The last half of `pmapUnnest` only: the inner pmap is to keep its global mappings. XNU. */
export const PMAP_UNNEST_CLEAN = 1;

/**
 * Stop showing [start, start + bytes) of the shared region, so that `grand` can have mappings of its
 * own there. What others go on sharing is no longer global: each sees it under its own ASID, now and
 * for what is entered from here on. XNU: pmap_unnest, pmap_unnest_options.
 * @param options PMAP_UNNEST_CLEAN: `grand` goes away, nothing of its own will ever be there
 */
export function pmapUnnest(grand: Pmap, start: VmOffset, bytes: number, options = 0): void {
  const { twigBytes } = grand.attr;
  const subord = grand.nested?.pmap;
  if (subord === undefined) panic("pmap_unnest: nothing is nested");
  if (start % twigBytes !== 0 || bytes % twigBytes !== 0) panic("pmap_unnest: unaligned");
  const end = (start + bytes) as VmOffset;
  if ((options & PMAP_UNNEST_CLEAN) === 0) makeLocal(subord, start, end);
  clearSlots(grand, start, end);
}

/** Mappings of the twigs in [start, end) lose their global mark, everywhere. */
function makeLocal(subord: Pmap, start: number, end: number): void {
  const { system, attr } = subord;
  let changed = false;
  for (let va = start; va < end; va += attr.twigBytes) {
    subord.unnested.add(va / attr.twigBytes);
    const leaf = leafTable(subord, va);
    if (leaf === 0) continue;
    for (let pte = leaf; pte < leaf + attr.tableEntries * PTE_BYTES; pte += PTE_BYTES) {
      const lo = system.phys.readPteLo(pte) | 0;
      if (!pteIsValid(lo) || (lo & PTE_LO_NG) !== 0) continue;
      system.writePte(pte, lo | PTE_LO_NG, system.phys.readPteHi(pte));
      changed = true;
    }
  }
  if (changed) flushRange(subord, start, end);
}

/** Take the links out of `grand`. The tables behind them are the inner pmap's. */
function clearSlots(grand: Pmap, start: number, end: number): void {
  const { system, attr } = grand;
  let cleared = false;
  for (let va = start; va < end; va += attr.twigBytes) {
    const slot = findTwigEntry(grand, va);
    if (slot === 0 || system.phys.readPteLo(slot) === 0) continue;
    const leaf = leafTable(grand, va);
    if (system.tableOf(leaf).pmap === grand) panic("pmap_unnest: mappings that are not nested");
    system.writePte(slot, 0, 0);
    cleared = true;
  }
  grand.cachedTwig = -1;
  if (cleared) flushRange(grand, start, end, false);
}

/**
 * The shared region turns out to be [start, start + bytes) only: `grand` stops showing what is around
 * it, and the inner pmap gives back its tables there once nobody shows them. XNU: pmap_trim.
 */
export function pmapTrim(grand: Pmap, subord: Pmap, start: VmOffset, bytes: number): void {
  checkNestable(grand, subord, start, bytes);
  const end = start + bytes;
  subord.nested = { pmap: subord, start, bytes };
  for (const desc of leavesOutside(subord, start, end)) {
    clearSlots(grand, desc.va, desc.va + grand.attr.twigBytes);
  }
  adopt(grand, subord);
  const others = [...grand.system.pmaps].some(
    (pmap) => pmap.nested?.pmap === subord && pmap !== subord && !isTrimmed(pmap, start, bytes),
  );
  if (!others) freeOutside(subord, start, end);
}

function isTrimmed(pmap: Pmap, start: VmOffset, bytes: number): boolean {
  return pmap.nested?.start === start && pmap.nested.bytes === bytes;
}

function leavesOutside(subord: Pmap, start: number, end: number): { readonly va: number }[] {
  return [...subord.tables]
    .map((table) => subord.system.tableOf(table))
    .filter((desc) => desc.level === 3 && (desc.va < start || desc.va >= end));
}

function freeOutside(subord: Pmap, start: number, end: number): void {
  for (const { va } of leavesOutside(subord, start, end)) {
    const leaf = unlinkLeafTable(subord, va);
    flushRange(subord, va, va + subord.attr.twigBytes, false);
    freeTable(subord, leaf);
  }
}

/**
 * A child of fork is going to show the same shared region: the map nests its parts as it copies the
 * entries. XNU: pmap_fork_nest.
 */
export function pmapForkNest(parent: Pmap, child: Pmap): void {
  if (parent.nested === null || parent.type !== PMAP_TYPE_USER) return;
  check(child.nested === null, "the child has a shared region already");
  pmapReference(parent.nested.pmap);
  child.nested = parent.nested;
}

/** Give up the shared region, when every part has been unnested: another one may come. */
export function pmapLeaveSharedRegion(grand: Pmap): void {
  const region = grand.nested;
  if (region === null || grand.type !== PMAP_TYPE_USER) return;
  grand.nested = null;
  pmapDestroy(region.pmap);
}
