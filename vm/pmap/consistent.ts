import { check } from "../../emulator/arch/check.js";
import {
  PTE_HI_COMPRESSED,
  PTE_HI_COMPRESSED_ALT,
  PTE_HI_WIRED,
  PTE_LO_NG,
} from "../../emulator/arch/descriptor.js";
import { PAGE_SIZE, type Ppn } from "../types.js";
import { PTE_BYTES } from "./geometry.js";
import { expectedFootprint, newLedger, type PmapLedger } from "./ledger.js";
import { singleFlags } from "./mapping.js";
import {
  PMAP_TYPE_COMMPAGE,
  PMAP_TYPE_NESTED,
  PMAP_TYPE_USER,
  PP_ATTR_ALTACCT,
  PP_ATTR_INTERNAL,
  PP_ATTR_REUSABLE,
} from "./options.js";
import type { Pmap } from "./pmap.js";
import { pteIsCompressed, pteIsValid, pteIsWritable, ptePpn } from "./pte.js";
import { PVH_TYPE_PTDP, PVH_TYPE_PTEP, pvFlags, pvMappings } from "./pv.js";
import type { PmapSystem, PtDesc } from "./system.js";
import { findPte, leafTable, pteVa } from "./tables.js";

/**
 * Check everything the pmap layer keeps twice: page tables against reverse mappings, table counts
 * and ledgers, what is shared against whose it is. Slow: reads every page table. @throws HostBug
 */
export function pmapAssertConsistent(system: PmapSystem): void {
  const ledgers = new Map<Pmap, PmapLedger>();
  let asids = 0;
  for (const pmap of system.pmaps) {
    check(pmap.refCount > 0, "live pmap without references", pmap.asid);
    check(
      pmap.asid >= 0 === (pmap.type === PMAP_TYPE_USER),
      "ASID of a pmap never active",
      pmap.type,
    );
    if (pmap.asid >= 0) asids++;
    ledgers.set(pmap, newLedger());
  }
  check(asids === system.asids.inUse, "ASIDs in use", asids, system.asids.inUse);
  checkTables(system, ledgers);
  const mapped = new Map<Ppn, Set<number>>();
  for (const pmap of system.pmaps) {
    const ledger = ledgers.get(pmap)!;
    for (const table of pmap.tables) {
      const desc = system.tableOf(table);
      check(desc.pmap === pmap, "table of another pmap", table);
      if (desc.level === 3) checkLeaf(system, table, desc, ledger, mapped);
    }
    checkShown(pmap);
  }
  checkFrames(system, mapped);
  checkNesting(system);
  for (const [pmap, ledger] of ledgers) {
    if (pmap.isKernel) continue;
    ledger.iokitMapped = pmap.ledger.iokitMapped; // no table says it
    ledger.physFootprint = expectedFootprint(ledger);
    for (const key of Object.keys(ledger) as (keyof PmapLedger)[]) {
      check(pmap.ledger[key] === ledger[key], `ledger ${key}`, pmap.ledger[key], ledger[key]);
    }
  }
}

/** Every frame of tables: its parts are live pmaps' tables or spare, and are paid for. */
function checkTables(system: PmapSystem, ledgers: ReadonlyMap<Pmap, PmapLedger>): void {
  const spare = new Set(system.spareRoots);
  for (const pmap of system.pmaps) for (const table of pmap.spareTables) spare.add(table);
  let tables = 0;
  for (const [ppn, page] of system.tables) {
    check(system.pv.type[system.index(ppn)] === PVH_TYPE_PTDP, "table frame is not marked", ppn);
    if (page.owner !== null) charge(ledgers, page.owner, PAGE_SIZE);
    page.parts.forEach((desc, part) => {
      const table = ppn * PAGE_SIZE + (part * PAGE_SIZE) / page.parts.length;
      check((desc === null) === spare.delete(table), "table neither used nor spare", table);
      if (desc === null) return;
      tables++;
      check(desc.pmap.tables.has(table), "table is not in its pmap's list", table);
      check(page.owner === null || page.owner === desc.pmap, "table in another's frame", table);
      if (page.owner === null) charge(ledgers, desc.pmap, desc.pmap.attr.tableBytes);
    });
    check(
      page.parts.some((desc) => desc !== null),
      "frame without a table in it",
      ppn,
    );
  }
  check(spare.size === 0, "spare tables outside of table frames", spare);
  const listed = [...system.pmaps].reduce((sum, pmap) => sum + pmap.tables.size, 0);
  check(tables === listed, "tables of dead pmaps", tables, listed);
}

function charge(ledgers: ReadonlyMap<Pmap, PmapLedger>, pmap: Pmap, bytes: number): void {
  const ledger = ledgers.get(pmap);
  check(ledger !== undefined, "table of a dead pmap", pmap.asid);
  if (!pmap.isKernel) ledger.pageTable += bytes;
}

function checkLeaf(
  system: PmapSystem,
  table: number,
  desc: PtDesc,
  ledger: PmapLedger,
  mapped: Map<Ppn, Set<number>>,
): void {
  const { pmap } = desc;
  const { pageBytes, tableEntries } = pmap.attr;
  let entries = 0;
  let wired = 0;
  for (let i = 0; i < tableEntries; i++) {
    const pte = table + PTE_BYTES * i;
    const lo = system.phys.readPteLo(pte) | 0;
    const hi = system.phys.readPteHi(pte) | 0;
    if (lo === 0 && hi === 0) continue;
    entries++;
    check(findPte(pmap, pteVa(system, pte)) === pte, "entry is not reached by a walk", pte);
    if (!pteIsValid(lo)) {
      check(pteIsCompressed(lo, hi), "entry neither valid nor compressed", pte, lo, hi);
      const stray = hi & ~(PTE_HI_COMPRESSED | PTE_HI_COMPRESSED_ALT);
      check(lo === 0 && stray === 0, "compressed entry with other bits", pte, lo, hi);
      ledger.internalCompressed += pageBytes;
      if ((hi & PTE_HI_COMPRESSED_ALT) !== 0) ledger.alternateAccountingCompressed += pageBytes;
      continue;
    }
    checkGlobal(pmap, desc.va, lo);
    if (pmap.type === PMAP_TYPE_COMMPAGE) continue; // has no reverse mappings
    if ((hi & PTE_HI_WIRED) !== 0) {
      wired++;
      ledger.wiredMem += pageBytes;
    }
    const ppn = ptePpn(lo, hi);
    if (!system.isManaged(ppn)) continue;
    let of = mapped.get(ppn);
    if (of === undefined) mapped.set(ppn, (of = new Set()));
    of.add(pte);
    chargePage(system, pte, ppn, pageBytes, ledger);
  }
  if (pmap.isKernel) return;
  check(desc.refcnt === entries, "entry count of a leaf table", desc.refcnt, entries);
  check(desc.wiredcnt === wired, "wired count of a leaf table", desc.wiredcnt, wired);
}

/** Only what is the same for everybody is global. */
function checkGlobal(pmap: Pmap, twig: number, lo: number): void {
  const global = (lo & PTE_LO_NG) === 0;
  const shared = pmap.type === PMAP_TYPE_NESTED && !pmap.unnested.has(twig / pmap.attr.twigBytes);
  const expected = pmap.isKernel || pmap.type === PMAP_TYPE_COMMPAGE || shared;
  check(global === expected, "global mark of an entry", pmap.type, twig);
  if (pmap.type === PMAP_TYPE_NESTED) check(!pteIsWritable(pmap, lo), "writable shared region", lo);
}

function chargePage(
  system: PmapSystem,
  pte: number,
  ppn: Ppn,
  bytes: number,
  ledger: PmapLedger,
): void {
  const frame = system.index(ppn);
  const flags = pvFlags(system.pv, frame, pte, singleFlags(system, frame));
  ledger.physMem += bytes;
  if ((system.ppAttr[frame]! & PP_ATTR_REUSABLE) !== 0 && !flags.altacct) {
    ledger.reusable += bytes;
  } else if (flags.internal) {
    ledger.internal += bytes;
    if (flags.altacct) ledger.alternateAccounting += bytes;
  } else {
    ledger.external += bytes;
  }
}

/** The lookup cache is right, and the shared region shown is that of a live NESTED pmap. */
function checkShown(pmap: Pmap): void {
  const { cachedTwig, cachedLeaf, nested } = pmap;
  if (cachedTwig >= 0 || (pmap.isKernel && cachedTwig !== -1)) {
    pmap.cachedTwig = -1;
    const walked = leafTable(pmap, cachedTwig * pmap.attr.twigBytes);
    check(walked === cachedLeaf, "cached leaf table", cachedTwig, cachedLeaf, walked);
  }
  if (nested === null) return;
  check(pmap.system.pmaps.has(nested.pmap), "a dead shared region", pmap.asid);
  check(nested.pmap.type === PMAP_TYPE_NESTED, "shared region of the wrong kind", nested.pmap.type);
}

/** Each pmap that shows a shared region holds one reference on it. */
function checkNesting(system: PmapSystem): void {
  for (const subord of system.pmaps) {
    if (subord.type !== PMAP_TYPE_NESTED) continue;
    let shown = 0;
    for (const pmap of system.pmaps) if (pmap !== subord && pmap.nested?.pmap === subord) shown++;
    check(subord.refCount >= shown, "references of a shared region", subord.refCount, shown);
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
