import { check } from "../../emulator/arch/check.js";
import {
  AP_ALL_RO,
  PTE_AP_SHIFT,
  PTE_HI_PXN,
  PTE_HI_UXN,
  PTE_LO_AF,
  PTE_LO_TYPE,
  PTE_SH_SHIFT,
  SH_INNER,
} from "../../emulator/arch/descriptor.js";
import { KERN_RESOURCE_SHORTAGE, KERN_SUCCESS, PAGE_SIZE, panic } from "../types.js";
import type { KernReturn, Ppn } from "../types.js";
import { COMM_PAGE_DATA_ADDRESS, COMMPAGE_ADDRESSES } from "./commpage-layout.js";
import { flushRange } from "./flush.js";
import { PT_ATTR_4K } from "./geometry.js";
import {
  PMAP_CREATE_64BIT,
  PMAP_CREATE_FORCE_4K_PAGES,
  PMAP_TYPE_COMMPAGE,
  PMAP_TYPE_USER,
} from "./options.js";
import { giveUpAsid, pmapCreate, type Pmap } from "./pmap.js";
import type { PmapSystem } from "./system.js";
import { countEntry } from "./mapping.js";
import { expand, expandTwig, findTwigEntry } from "./tables.js";

/**
 * The commpage: a page of the kernel's that every task can read, without an entry in any map. It is
 * entered once for each page size, in a pmap that is never active; a task's pmap gets a copy of that
 * pmap's level 2 entry. The mappings are global.
 */
export interface Commpage {
  /** The page: what the kernel writes there all tasks see. */
  readonly ppn: Ppn;
  readonly pmap16K: Pmap;
  readonly pmap4K: Pmap;
}

/**
 * Make the commpage, of zeroes, at boot. XNU: pmap_create_commpages.
 * @returns null when there is no memory for it
 */
export function pmapCreateCommpages(system: PmapSystem): Commpage | null {
  check(system.commpage === null, "a second commpage");
  const ppn = system.source.allocPage();
  if (ppn === null) return null;
  system.phys.zeroPage(ppn);
  const pmap16K = commpagePmap(system, ppn, PMAP_CREATE_64BIT);
  const pmap4K = commpagePmap(system, ppn, PMAP_CREATE_64BIT | PMAP_CREATE_FORCE_4K_PAGES);
  if (pmap16K === null || pmap4K === null) return null;
  system.commpage = { ppn, pmap16K, pmap4K };
  return system.commpage;
}

/** A pmap that maps the page at its two addresses; of a 4 KiB one, the page's first 4 KiB. */
function commpagePmap(system: PmapSystem, ppn: Ppn, flags: number): Pmap | null {
  const pmap = pmapCreate(system, flags);
  if (pmap === null) return null;
  pmap.type = PMAP_TYPE_COMMPAGE;
  giveUpAsid(pmap);
  for (const va of COMMPAGE_ADDRESSES) {
    const pte = expand(pmap, va);
    if (pte === 0) return null;
    const { lo, hi } = commpageEntry(ppn);
    system.writePte(pte, lo, hi);
    countEntry(pmap, system.tableOf(pte), 1);
  }
  system.tlb.dmb();
  system.tlb.isb();
  return pmap;
}

/** Write-back, inner shareable, read-only for both levels, global, never executable. */
function commpageEntry(ppn: Ppn): { readonly lo: number; readonly hi: number } {
  const physical = ppn * PAGE_SIZE;
  const attributes =
    PTE_LO_TYPE | PTE_LO_AF | (SH_INNER << PTE_SH_SHIFT) | (AP_ALL_RO << PTE_AP_SHIFT);
  return {
    lo: (physical % 2 ** 32) | attributes,
    hi: Math.floor(physical / 2 ** 32) | PTE_HI_PXN | PTE_HI_UXN,
  };
}

/**
 * Show a task the commpage. XNU: pmap_insert_commpage.
 * @returns KERN_RESOURCE_SHORTAGE when there is no page for a table
 * @throws KernelPanic where the slot is in use
 */
export function pmapInsertCommpage(pmap: Pmap): KernReturn {
  const { system } = pmap;
  const { commpage } = system;
  check(commpage !== null && pmap.type === PMAP_TYPE_USER, "no commpage, or not for this pmap");
  const from = pmap.attr === PT_ATTR_4K ? commpage.pmap4K : commpage.pmap16K;
  const slot = expandTwig(pmap, COMM_PAGE_DATA_ADDRESS);
  if (slot === 0) return KERN_RESOURCE_SHORTAGE;
  if (system.phys.readPteLo(slot) !== 0) panic("pmap_insert_commpage: the slot is in use");
  const entry = findTwigEntry(from, COMM_PAGE_DATA_ADDRESS);
  system.tlb.dmb();
  system.writePte(slot, system.phys.readPteLo(entry), system.phys.readPteHi(entry));
  system.tlb.dsb("ishst");
  system.tlb.isb();
  pmap.commpage = from;
  return KERN_SUCCESS;
}

/** Stop showing the commpage. XNU: pmap_remove_commpage. */
export function pmapRemoveCommpage(pmap: Pmap): void {
  if (pmap.commpage === null) return;
  pmap.commpage = null;
  pmap.cachedTwig = -1;
  const { twigBytes } = pmap.attr;
  const start = Math.floor(COMM_PAGE_DATA_ADDRESS / twigBytes) * twigBytes;
  pmap.system.writePte(findTwigEntry(pmap, COMM_PAGE_DATA_ADDRESS), 0, 0);
  flushRange(pmap, start, start + twigBytes, false);
}
