import { check } from "../../emulator/arch/check.js";
import {
  PTE_HI_COMPRESSED,
  PTE_HI_COMPRESSED_ALT,
  PTE_HI_WIRED,
} from "../../emulator/arch/descriptor.js";
import type { Ppn } from "../types.js";
import {
  PMAP_OPTIONS_ALT_ACCT,
  PMAP_OPTIONS_INTERNAL,
  PMAP_OPTIONS_REUSABLE,
  PP_ATTR_ALTACCT,
  PP_ATTR_INTERNAL,
  PP_ATTR_REUSABLE,
} from "./options.js";
import type { Pmap } from "./pmap.js";
import { ptePpn } from "./pte.js";
import { pvAdd, pvIsMapped, pvRemove, type PvFlags } from "./pv.js";
import type { PmapSystem, PtDesc } from "./system.js";

/** What goes with an entry besides its bits: the frame's reverse mapping, and the ledgers. */

const PAGE_CLASS = PP_ATTR_INTERNAL | PP_ATTR_ALTACCT;

/** Accounting flags of a frame's only mapping, which live with the frame. */
export function singleFlags(system: PmapSystem, frame: number): PvFlags {
  const attributes = system.ppAttr[frame]!;
  return {
    internal: (attributes & PP_ATTR_INTERNAL) !== 0,
    altacct: (attributes & PP_ATTR_ALTACCT) !== 0,
  };
}

function setSingleFlags(system: PmapSystem, frame: number, flags: PvFlags | null): void {
  let attributes = system.ppAttr[frame]! & ~PAGE_CLASS;
  if (flags?.internal === true) attributes |= PP_ATTR_INTERNAL;
  if (flags?.altacct === true) attributes |= PP_ATTR_ALTACCT;
  system.ppAttr[frame] = attributes;
}

/** How PMAP_OPTIONS_* say a new mapping is accounted. */
export function flagsOf(options: number): PvFlags {
  const internal = (options & PMAP_OPTIONS_INTERNAL) !== 0;
  return { internal, altacct: internal && (options & PMAP_OPTIONS_ALT_ACCT) !== 0 };
}

/** Charge (`sign` +1) or release (-1) one mapped page by its class. The kernel has no ledger. */
export function account(pmap: Pmap, frame: number, flags: PvFlags, sign: 1 | -1): void {
  if (pmap.isKernel) return;
  const { ledger } = pmap;
  const bytes = sign * pmap.pageSize;
  ledger.physMem += bytes;
  if ((pmap.system.ppAttr[frame]! & PP_ATTR_REUSABLE) !== 0 && !flags.altacct) {
    ledger.reusable += bytes;
  } else if (flags.internal) {
    ledger.internal += bytes;
    if (flags.altacct) ledger.alternateAccounting += bytes;
    else ledger.physFootprint += bytes;
  } else {
    ledger.external += bytes;
  }
}

/** A managed frame gains the mapping at `pte`. */
export function addMapping(pmap: Pmap, ppn: Ppn, pte: number, options: number): PvFlags {
  const { system } = pmap;
  const frame = system.index(ppn);
  if (!pvIsMapped(system.pv, frame)) {
    const both = PMAP_OPTIONS_INTERNAL | PMAP_OPTIONS_REUSABLE;
    if ((options & both) === both) system.ppAttr[frame]! |= PP_ATTR_REUSABLE;
    else system.ppAttr[frame]! &= ~PP_ATTR_REUSABLE;
  }
  const flags = flagsOf(options);
  const only = pvAdd(system.pv, frame, pte, flags, singleFlags(system, frame));
  setSingleFlags(system, frame, only ? flags : null);
  account(pmap, frame, flags, 1);
  return flags;
}

/**
 * The mapping at `pte`, which held the given bits, is gone: reverse mapping, wiring and ledgers.
 * @returns how it was accounted
 */
export function dropMapping(
  pmap: Pmap,
  desc: PtDesc,
  pte: number,
  lo: number,
  hi: number,
): PvFlags {
  const { system } = pmap;
  if ((hi & PTE_HI_WIRED) !== 0) countWired(pmap, desc, -1);
  const ppn = ptePpn(lo, hi);
  if (!system.isManaged(ppn)) return { internal: false, altacct: false };
  const frame = system.index(ppn);
  const { removed, nowSingle } = pvRemove(system.pv, frame, pte, singleFlags(system, frame));
  account(pmap, frame, removed, -1);
  setSingleFlags(system, frame, nowSingle);
  return removed;
}

/** A wired entry came (+1) or went (-1) in a leaf table. */
export function countWired(pmap: Pmap, desc: PtDesc, sign: 1 | -1): void {
  if (pmap.isKernel) return;
  desc.wiredcnt += sign;
  check(desc.wiredcnt >= 0, "wired count of a page table", desc.va);
  pmap.ledger.wiredMem += sign * pmap.pageSize;
}

/** Non-empty entries of a leaf table; the kernel's tables are never freed, so not counted. */
export function countEntry(pmap: Pmap, desc: PtDesc, sign: 1 | -1): void {
  if (pmap.isKernel) return;
  desc.refcnt += sign;
  check(desc.refcnt >= 0, "entry count of a page table", desc.va);
}

/** The high half of a compressed marker for a mapping accounted this way. */
export function compressedMarker(flags: PvFlags): number {
  return flags.altacct ? PTE_HI_COMPRESSED | PTE_HI_COMPRESSED_ALT : PTE_HI_COMPRESSED;
}

/** A compressed marker is put in (+1) or taken out (-1), with its share of the footprint. */
export function accountCompressed(pmap: Pmap, markerHi: number, sign: 1 | -1): void {
  if (pmap.isKernel) return;
  const bytes = sign * pmap.pageSize;
  pmap.ledger.internalCompressed += bytes;
  if ((markerHi & PTE_HI_COMPRESSED_ALT) !== 0) {
    pmap.ledger.alternateAccountingCompressed += bytes;
  } else {
    pmap.ledger.physFootprint += bytes;
  }
}
