import { check } from "../../emulator/arch/check.js";
import { PAGE_SIZE, type Ppn } from "../types.js";
import type { Pmap } from "./pmap.js";
import { PVH_TYPE_NULL, PVH_TYPE_PTDP } from "./pv.js";
import type { PmapSystem, PtDesc, PtPage } from "./system.js";

/**
 * Where tables live: a frame for each of 16 KiB; for those of 4 KiB a frame has room for four. The
 * four belong to one pmap, but roots are taken from frames that roots of all pmaps share. XNU:
 * pmap_tt_allocate, pmap_tt1_allocate.
 */

/** Table refcnt that says "not counted": tables that are not leaves. */
const NOT_COUNTED = 0x4000;

/** A zeroed table, known to the system. @returns its physical address, or null: no memory */
export function allocateTable(pmap: Pmap, level: number, va: number): number | null {
  const { system, attr } = pmap;
  const isRoot = level === attr.rootLevel;
  const spare = spareTables(pmap, isRoot);
  let table = spare?.pop() ?? null;
  if (table === null) {
    table = allocatePage(pmap, isRoot && spare !== null ? null : pmap);
    if (table === null) return null;
    for (let at = table + PAGE_SIZE - attr.tableBytes; at > table; at -= attr.tableBytes) {
      spare?.push(at);
    }
  }
  const page = pageOf(system, table);
  const part = partOf(page, table);
  check(page.parts[part] === null, "table is in use", table);
  const refcnt = level === 3 ? 0 : NOT_COUNTED;
  page.parts[part] = { pmap, level, va, refcnt, wiredcnt: 0 };
  pmap.tables.add(table);
  if (page.owner === null) chargeTable(pmap, attr.tableBytes);
  if (attr.tableBytes < PAGE_SIZE) clearTable(system, table, attr.tableBytes);
  return table;
}

/** Give a table back; its frame when no other table is in it. */
export function freeTable(pmap: Pmap, table: number): void {
  const { system, attr } = pmap;
  const page = pageOf(system, table);
  const part = partOf(page, table);
  const desc = page.parts[part];
  check(desc?.pmap === pmap, "table of another pmap", table);
  page.parts[part] = null;
  pmap.tables.delete(table);
  if (page.owner === null) chargeTable(pmap, -attr.tableBytes);
  const spare = page.owner === null ? system.spareRoots : pmap.spareTables;
  if (page.parts.some((other) => other !== null)) {
    spare.push(table);
    return;
  }
  const ppn = Math.floor(table / PAGE_SIZE) as Ppn;
  const rest = spare.filter((other) => Math.floor(other / PAGE_SIZE) !== ppn);
  spare.splice(0, spare.length, ...rest);
  system.tables.delete(ppn);
  system.pv.type[system.index(ppn)] = PVH_TYPE_NULL;
  if (page.owner !== null) chargeTable(pmap, -PAGE_SIZE);
  system.source.freePage(ppn);
}

/** Unused parts of frames already taken; null where a table fills its frame. */
function spareTables(pmap: Pmap, isRoot: boolean): number[] | null {
  if (pmap.attr.tableBytes === PAGE_SIZE) return null;
  return isRoot ? pmap.system.spareRoots : pmap.spareTables;
}

function allocatePage(pmap: Pmap, owner: Pmap | null): number | null {
  const { system, attr } = pmap;
  const ppn = system.source.allocPage();
  if (ppn === null) return null;
  const frame = system.index(ppn);
  check(system.pv.type[frame] === PVH_TYPE_NULL, "table frame is mapped", ppn);
  system.phys.zeroPage(ppn);
  system.pv.type[frame] = PVH_TYPE_PTDP;
  const parts = new Array<PtDesc | null>(PAGE_SIZE / attr.tableBytes).fill(null);
  system.tables.set(ppn, { owner, parts });
  if (owner !== null) chargeTable(owner, PAGE_SIZE);
  return ppn * PAGE_SIZE;
}

/** A part of a frame may have held another table before. */
function clearTable(system: PmapSystem, table: number, bytes: number): void {
  const ppn = Math.floor(table / PAGE_SIZE) as Ppn;
  const start = table % PAGE_SIZE;
  system.phys.page(ppn).fill(0, start, start + bytes);
  system.phys.noteWrite(ppn);
}

/** Table memory is part of the footprint; the kernel has no ledger. */
function chargeTable(pmap: Pmap, bytes: number): void {
  if (pmap.isKernel) return;
  pmap.ledger.pageTable += bytes;
  pmap.ledger.physFootprint += bytes;
}

function pageOf(system: PmapSystem, table: number): PtPage {
  const page = system.tables.get(Math.floor(table / PAGE_SIZE) as Ppn);
  check(page !== undefined, "not a table", table);
  return page;
}

function partOf(page: PtPage, table: number): number {
  return ((table % PAGE_SIZE) / PAGE_SIZE) * page.parts.length;
}
