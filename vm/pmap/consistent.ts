import { check } from "../../emulator/arch/check.js";
import {
  PTE_HI_COMPRESSED,
  PTE_HI_COMPRESSED_ALT,
  PTE_HI_WIRED,
} from "../../emulator/arch/descriptor.js";
import { PAGE_SIZE, type Ppn } from "../types.js";
import { expectedFootprint, newLedger, type PmapLedger } from "./ledger.js";
import { singleFlags } from "./mapping.js";
import { PP_ATTR_ALTACCT, PP_ATTR_INTERNAL, PP_ATTR_REUSABLE } from "./options.js";
import type { Pmap } from "./pmap.js";
import { pteIsCompressed, pteIsValid, ptePpn } from "./pte.js";
import { PVH_TYPE_PTDP, PVH_TYPE_PTEP, pvFlags, pvMappings } from "./pv.js";
import type { PmapSystem, PtDesc } from "./system.js";
import { findPte, pteVa, TABLE_ENTRIES } from "./tables.js";

/**
 * Check everything the pmap layer keeps twice: page tables against reverse mappings, table counts
 * and ledgers. Slow: reads every page table. @throws HostBug
 */
export function pmapAssertConsistent(system: PmapSystem): void {
  const ledgers = new Map<Pmap, PmapLedger>();
  for (const pmap of system.pmaps) {
    check(pmap.refCount > 0, "live pmap without references", pmap.asid);
    ledgers.set(pmap, newLedger());
  }
  const mapped = new Map<Ppn, Set<number>>();
  for (const [ppn, desc] of system.tables) {
    check(system.pv.type[system.index(ppn)] === PVH_TYPE_PTDP, "table frame is not marked", ppn);
    const ledger = ledgers.get(desc.pmap);
    check(ledger !== undefined, "table of a dead pmap", ppn);
    if (!desc.pmap.isKernel) ledger.pageTable += PAGE_SIZE;
    if (desc.level === 3) checkLeaf(system, ppn, desc, ledger, mapped);
  }
  checkFrames(system, mapped);
  for (const [pmap, ledger] of ledgers) {
    if (pmap.isKernel) continue;
    ledger.physFootprint = expectedFootprint(ledger);
    for (const key of Object.keys(ledger) as (keyof PmapLedger)[]) {
      check(pmap.ledger[key] === ledger[key], `ledger ${key}`, pmap.ledger[key], ledger[key]);
    }
  }
}

function checkLeaf(
  system: PmapSystem,
  tablePpn: Ppn,
  desc: PtDesc,
  ledger: PmapLedger,
  mapped: Map<Ppn, Set<number>>,
): void {
  let entries = 0;
  let wired = 0;
  for (let i = 0; i < TABLE_ENTRIES; i++) {
    const pte = tablePpn * PAGE_SIZE + 8 * i;
    const lo = system.phys.readPteLo(pte) | 0;
    const hi = system.phys.readPteHi(pte) | 0;
    if (lo === 0 && hi === 0) continue;
    entries++;
    check(findPte(desc.pmap, pteVa(system, pte)) === pte, "entry is not reached by a walk", pte);
    if (!pteIsValid(lo)) {
      check(pteIsCompressed(lo, hi), "entry neither valid nor compressed", pte, lo, hi);
      const stray = hi & ~(PTE_HI_COMPRESSED | PTE_HI_COMPRESSED_ALT);
      check(lo === 0 && stray === 0, "compressed entry with other bits", pte, lo, hi);
      ledger.internalCompressed += PAGE_SIZE;
      if ((hi & PTE_HI_COMPRESSED_ALT) !== 0) ledger.alternateAccountingCompressed += PAGE_SIZE;
      continue;
    }
    if ((hi & PTE_HI_WIRED) !== 0) {
      wired++;
      ledger.wiredMem += PAGE_SIZE;
    }
    const ppn = ptePpn(lo, hi);
    if (!system.isManaged(ppn)) continue;
    let of = mapped.get(ppn);
    if (of === undefined) mapped.set(ppn, (of = new Set()));
    of.add(pte);
    charge(system, pte, ppn, ledger);
  }
  if (desc.pmap.isKernel) return;
  check(desc.refcnt === entries, "entry count of a leaf table", desc.refcnt, entries);
  check(desc.wiredcnt === wired, "wired count of a leaf table", desc.wiredcnt, wired);
}

function charge(system: PmapSystem, pte: number, ppn: Ppn, ledger: PmapLedger): void {
  const frame = system.index(ppn);
  const flags = pvFlags(system.pv, frame, pte, singleFlags(system, frame));
  ledger.physMem += PAGE_SIZE;
  if ((system.ppAttr[frame]! & PP_ATTR_REUSABLE) !== 0 && !flags.altacct) {
    ledger.reusable += PAGE_SIZE;
  } else if (flags.internal) {
    ledger.internal += PAGE_SIZE;
    if (flags.altacct) ledger.alternateAccounting += PAGE_SIZE;
  } else {
    ledger.external += PAGE_SIZE;
  }
}

/** Reverse mappings are exactly the entries found in the tables. */
function checkFrames(system: PmapSystem, mapped: ReadonlyMap<Ppn, ReadonlySet<number>>): void {
  for (let frame = 0; frame < system.pageCount; frame++) {
    const ppn = (system.firstPpn + frame) as Ppn;
    const found = mapped.get(ppn);
    if (system.pv.type[frame] === PVH_TYPE_PTDP) {
      check(system.tables.has(ppn) && found === undefined, "table frame", ppn);
      continue;
    }
    const listed = pvMappings(system.pv, frame);
    check(listed.length === (found?.size ?? 0), "number of reverse mappings", ppn, listed);
    for (const pte of listed) check(found?.has(pte) === true, "stale reverse mapping", ppn, pte);
    if (system.pv.type[frame] !== PVH_TYPE_PTEP) {
      const single = system.ppAttr[frame]! & (PP_ATTR_INTERNAL | PP_ATTR_ALTACCT);
      check(single === 0, "single-mapping flags on a frame without one", ppn);
    }
  }
}
