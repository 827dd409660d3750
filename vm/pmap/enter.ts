import { PTE_HI_WIRED } from "../../emulator/arch/descriptor.js";
import {
  KERN_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_EXECUTE,
  VM_PROT_WRITE,
  panic,
  type KernReturn,
  type Ppn,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { flushRange } from "./flush.js";
import { accountCompressed, addMapping, countEntry, countWired, dropMapping } from "./mapping.js";
import { PMAP_OPTIONS_NOENTER, PMAP_TYPE_COMMPAGE, PMAP_TYPE_NESTED } from "./options.js";
import type { Pmap } from "./pmap.js";
import { composePte, pteIsCompressed, pteIsValid, ptePa } from "./pte.js";
import type { PtDesc } from "./system.js";
import { expand, findPte } from "./tables.js";

/** What may be entered where. @throws KernelPanic as XNU does */
function checkRequest(pmap: Pmap, va: VmOffset, physical: number, prot: VmProt): void {
  const { pageSize } = pmap;
  const lowest = pmap.isKernel ? pmap.min : pageSize;
  if (va % pageSize !== 0 || va < lowest || va >= pmap.max) {
    panic(`pmap_enter: bad address 0x${va.toString(16)}`);
  }
  if (physical % pageSize !== 0) panic(`pmap_enter: bad frame at 0x${physical.toString(16)}`);
  if (pmap.type === PMAP_TYPE_COMMPAGE) panic("pmap_enter: nothing is entered beside the commpage");
  if (pmap.type === PMAP_TYPE_NESTED && (prot & VM_PROT_WRITE) !== 0) {
    panic("pmap_enter: a writable mapping in a shared region");
  }
}

/**
 * Map a frame, building tables as needed; an entry that is there is replaced. XNU: pmap.c
 * pmap_enter_options. With 4 KiB pages, the first 4 KiB of the frame: see `pmapEnterAddr`.
 *
 * A page that may be written but was not modified yet is entered read-only unless this fault is a
 * write, so that `armFastFault` sees the first write.
 * @param va virtual, page aligned, inside the pmap and not the first page
 * @param prot what the mapping allows; there is no encoding for "nothing", which maps as readable
 * @param faultType the access that asks, or 0
 * @param wimgFlags memory type VM_WIMG_*, or 0 for the frame's own
 * @param options PMAP_OPTIONS_INTERNAL, REUSABLE and ALT_ACCT choose the ledger; NOENTER only builds
 *   the tables
 * @returns KERN_SUCCESS; KERN_RESOURCE_SHORTAGE when there is no page for a table (also without
 *   NOWAIT: the caller waits and retries, nothing here sleeps); KERN_FAILURE for an executable
 *   mapping of a frame that is not managed. `system.lastPte*` tell what was written where.
 * @throws KernelPanic for an address that cannot be mapped, a writable mapping in a shared region, and
 *   an address where another pmap's table is shown
 */
export function pmapEnter(
  pmap: Pmap,
  va: VmOffset,
  ppn: Ppn,
  prot: VmProt,
  faultType: VmProt,
  wimgFlags: number,
  wired: boolean,
  options: number,
): KernReturn {
  return pmapEnterAddr(pmap, va, ppn * PAGE_SIZE, prot, faultType, wimgFlags, wired, options);
}

/**
 * As `pmapEnter`, of the page at a physical address: a pmap of 4 KiB pages maps any quarter of a
 * frame. XNU: pmap_enter_options_addr.
 * @param physical bytes, aligned to the pmap's page
 */
export function pmapEnterAddr(
  pmap: Pmap,
  va: VmOffset,
  physical: number,
  prot: VmProt,
  faultType: VmProt,
  wimgFlags: number,
  wired: boolean,
  options: number,
): KernReturn {
  checkRequest(pmap, va, physical, prot);
  const { system, pageSize } = pmap;
  const pte = expand(pmap, va);
  if (pte === 0) return KERN_RESOURCE_SHORTAGE;
  if ((options & PMAP_OPTIONS_NOENTER) !== 0) return KERN_SUCCESS;
  const ppn = Math.floor(physical / PAGE_SIZE) as Ppn;
  const managed = system.isManaged(ppn);
  if (!managed && (prot & VM_PROT_EXECUTE) !== 0) return KERN_FAILURE;

  const desc = system.tableOf(pte);
  if (desc.pmap !== pmap) panic(`pmap_enter: 0x${va.toString(16)} is another pmap's`);
  let oldLo = system.phys.readPteLo(pte) | 0;
  let oldHi = system.phys.readPteHi(pte) | 0;
  if (pteIsValid(oldLo) && ptePa(oldLo, oldHi) !== physical) {
    // Break before make.
    system.writePte(pte, 0, 0);
    flushRange(pmap, va, va + pageSize);
    dropMapping(pmap, desc, pte, oldLo, oldHi);
    countEntry(pmap, desc, -1);
    oldLo = 0;
    oldHi = 0;
  }

  const gained = composePte(pmap, va, physical, prot, faultType, wimgFlags, wired);
  const lo = system.lastPteLo;
  const hi = system.lastPteHi;
  system.lastPtePa = pte;
  if (lo !== oldLo || hi !== oldHi) {
    system.writePte(pte, lo, hi);
    if (pteIsValid(oldLo)) flushRange(pmap, va, va + pageSize);
    else publish(pmap);
  }
  if (managed) system.ppAttr[system.index(ppn)]! |= gained;

  if (pteIsValid(oldLo)) {
    rewire(pmap, desc, (oldHi & PTE_HI_WIRED) !== 0, wired);
    return KERN_SUCCESS;
  }
  if (pteIsCompressed(oldLo, oldHi)) accountCompressed(pmap, oldHi, -1);
  else countEntry(pmap, desc, 1);
  if (managed) addMapping(pmap, ppn, pte, options);
  rewire(pmap, desc, false, wired);
  return KERN_SUCCESS;
}

/** From invalid to valid nothing can be in the TLB: only order the write. */
function publish(pmap: Pmap): void {
  pmap.system.tlb.dmb();
  pmap.system.tlb.isb();
}

function rewire(pmap: Pmap, desc: PtDesc, was: boolean, is: boolean): void {
  if (was !== is) countWired(pmap, desc, is ? 1 : -1);
}

/**
 * Set or clear the wired mark of a mapping. Unwiring what is not mapped is fine. XNU: pmap.c
 * pmap_change_wiring. @throws KernelPanic wiring what is not mapped
 */
export function pmapChangeWiring(pmap: Pmap, va: VmOffset, wired: boolean): void {
  const { system } = pmap;
  const pte = va >= pmap.min && va < pmap.max ? findPte(pmap, va) : 0;
  const lo = pte === 0 ? 0 : system.phys.readPteLo(pte) | 0;
  if (!pteIsValid(lo)) {
    if (wired) panic(`pmap_change_wiring: nothing is mapped at 0x${va.toString(16)}`);
    return;
  }
  const hi = system.phys.readPteHi(pte) | 0;
  const was = (hi & PTE_HI_WIRED) !== 0;
  if (was === wired) return;
  const desc = system.tableOf(pte);
  system.writePte(pte, lo, wired ? hi | PTE_HI_WIRED : hi & ~PTE_HI_WIRED);
  rewire(desc.pmap, desc, was, wired);
}
