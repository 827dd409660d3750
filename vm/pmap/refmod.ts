import {
  AP_ALL_RO,
  AP_ALL_RW,
  PTE_HI_WIRED,
  PTE_HI_WRITEABLE,
  PTE_LO_AF,
} from "../../emulator/arch/descriptor.js";
import { VM_PROT_EXECUTE, VM_PROT_READ, panic, type Ppn } from "../types.js";
import { flushEntries, flushEntry, flushRangeAsync, publishWrites, syncFlush } from "./flush.js";
import { account, singleFlags } from "./mapping.js";
import {
  PMAP_OPTIONS_CLEAR_REUSABLE,
  PMAP_OPTIONS_CLEAR_WRITE,
  PMAP_OPTIONS_FF_LOCKED,
  PMAP_OPTIONS_FF_WIRED,
  PMAP_OPTIONS_NOFLUSH,
  PMAP_OPTIONS_SET_REUSABLE,
  PP_ATTR_MODFAULT,
  PP_ATTR_MODIFIED,
  PP_ATTR_REFERENCED,
  PP_ATTR_REFFAULT,
  PP_ATTR_REUSABLE,
  VM_MEM_MODIFIED,
  VM_MEM_REFERENCED,
} from "./options.js";
import { pmapGetRefmod, pmapPageProtect } from "./page.js";
import type { Pmap } from "./pmap.js";
import { pteIsValid, pteIsWritable, ptePpn, withAp } from "./pte.js";
import { pvFlags, pvMappings } from "./pv.js";
import type { PmapSystem } from "./system.js";
import { findPte, pteVa } from "./tables.js";

/**
 * Forget that a frame was referenced and/or modified, and arrange to notice when it is again:
 * clearing REFERENCED takes the access flag from its mappings, clearing MODIFIED their write access
 * (with the mark that lets `armFastFault` give it back). XNU: pmap.c pmap_clear_refmod_options.
 *
 * A wired mapping must never fault: if there is one the state stays set, and mappings after it are
 * not touched.
 * @param mask VM_MEM_REFERENCED, VM_MEM_MODIFIED or both
 * @param options PMAP_OPTIONS_CLEAR_WRITE: the next write goes to vm_fault instead;
 *   SET_REUSABLE and CLEAR_REUSABLE move internal mappings between ledgers; NOFLUSH, of REFERENCED
 *   alone, leaves the TLB as it is: accesses it still lets through are not noticed
 * @throws KernelPanic for FF_LOCKED and FF_WIRED, which are the fast fault's own, and for NOFLUSH where
 *   write access is taken: a stale right to write would lose data
 */
export function pmapClearRefmod(system: PmapSystem, ppn: Ppn, mask: number, options = 0): void {
  if (!system.isManaged(ppn)) return;
  checkOptions(mask, options);
  const changed = clearRefmod(system, system.index(ppn), mask, options);
  if ((options & PMAP_OPTIONS_NOFLUSH) === 0) flushEntries(system, changed);
}

function checkOptions(mask: number, options: number): void {
  const forbidden =
    PMAP_OPTIONS_FF_LOCKED |
    PMAP_OPTIONS_FF_WIRED |
    ((mask & VM_MEM_MODIFIED) !== 0 ? PMAP_OPTIONS_NOFLUSH : 0);
  if ((options & forbidden) !== 0) {
    panic(`pmap_clear_refmod: options 0x${options.toString(16)}`);
  }
}

/** @returns the entries that changed, for the caller to invalidate */
function clearRefmod(
  system: PmapSystem,
  frame: number,
  mask: number,
  options: number,
): readonly number[] {
  const enabled = setReusable(system, frame, options);
  if ((options & PMAP_OPTIONS_CLEAR_WRITE) !== 0 && (mask & VM_MEM_MODIFIED) !== 0) {
    const ppn = (system.firstPpn + frame) as Ppn;
    pmapPageProtect(system, ppn, VM_PROT_READ | VM_PROT_EXECUTE);
  }
  const changed = [...enabled];
  let watched = 0;
  let refused = false;
  for (const pte of pvMappings(system.pv, frame)) {
    const hi = system.phys.readPteHi(pte) | 0;
    if ((hi & PTE_HI_WIRED) !== 0) {
      refused = true;
      break;
    }
    const now = watch(system, pte, hi, mask);
    watched |= now;
    if (now !== 0) changed.push(pte);
  }
  let attributes = system.ppAttr[frame]!;
  if ((watched & VM_MEM_REFERENCED) !== 0) attributes |= PP_ATTR_REFFAULT;
  if ((watched & VM_MEM_MODIFIED) !== 0) attributes |= PP_ATTR_MODFAULT;
  if (!refused) {
    if ((mask & VM_MEM_REFERENCED) !== 0) attributes &= ~PP_ATTR_REFERENCED;
    if ((mask & VM_MEM_MODIFIED) !== 0) attributes &= ~PP_ATTR_MODIFIED;
  }
  system.ppAttr[frame] = attributes;
  return changed;
}

/** Make one mapping fault on its next use or write. @returns which of the two were changed */
function watch(system: PmapSystem, pte: number, hi: number, mask: number): number {
  const { pmap } = system.tableOf(pte);
  const lo = system.phys.readPteLo(pte) | 0;
  let newLo = lo;
  let newHi = hi;
  let changed = 0;
  if ((mask & VM_MEM_REFERENCED) !== 0 && (lo & PTE_LO_AF) !== 0) {
    newLo &= ~PTE_LO_AF;
    changed |= VM_MEM_REFERENCED;
  }
  // The kernel's own mappings keep their write access: nothing repairs them.
  if ((mask & VM_MEM_MODIFIED) !== 0 && !pmap.isKernel && pteIsWritable(pmap, lo)) {
    newLo = withAp(newLo, AP_ALL_RO);
    newHi |= PTE_HI_WRITEABLE;
    changed |= VM_MEM_MODIFIED;
  }
  if (changed !== 0) system.writePte(pte, newLo, newHi);
  return changed;
}

/**
 * As `pmapClearRefmod` for every frame mapped in [start, end) of a pmap, with one invalidation of the
 * range after all of them; mappings elsewhere are invalidated one by one. XNU:
 * pmap_clear_refmod_range_options, which exists where the CPU has TLBI by range.
 */
export function pmapClearRefmodRange(
  pmap: Pmap,
  start: number,
  end: number,
  mask: number,
  options = 0,
): void {
  const { system } = pmap;
  if (!system.rangeTlbi) return;
  checkOptions(mask, options & ~PMAP_OPTIONS_NOFLUSH);
  const elsewhere: number[] = [];
  let any = false;
  for (let va = start; va < end; va += pmap.pageSize) {
    const pte = findPte(pmap, va);
    const lo = pte === 0 ? 0 : system.phys.readPteLo(pte) | 0;
    if (!pteIsValid(lo)) continue;
    const ppn = ptePpn(lo, system.phys.readPteHi(pte) | 0);
    if (!system.isManaged(ppn)) continue;
    for (const changed of clearRefmod(system, system.index(ppn), mask, options)) {
      const here = system.tableOf(changed).pmap === pmap;
      const at = pteVa(system, changed);
      if (here && at >= start && at < end) any = true;
      else elsewhere.push(changed);
    }
  }
  if (!any && elsewhere.length === 0) return;
  publishWrites(system);
  for (const pte of elsewhere) flushEntry(system.tableOf(pte).pmap, pte);
  if (any) flushRangeAsync(pmap, start, end);
  syncFlush(system);
}

/**
 * Move a frame's internal mappings between the reusable and the internal ledger. Memory that is used
 * again may be written again: what was withheld to see the first write is given back, and the page
 * counts as modified. XNU: arm_force_fast_fault.
 * @returns the entries that changed
 */
function setReusable(system: PmapSystem, frame: number, options: number): readonly number[] {
  const reused = (options & PMAP_OPTIONS_CLEAR_REUSABLE) !== 0;
  if (!reused && (options & PMAP_OPTIONS_SET_REUSABLE) === 0) return [];
  const wanted = reused ? 0 : PP_ATTR_REUSABLE;
  if ((system.ppAttr[frame]! & PP_ATTR_REUSABLE) !== wanted) {
    chargeAll(system, frame, -1);
    system.ppAttr[frame]! ^= PP_ATTR_REUSABLE;
    chargeAll(system, frame, 1);
  }
  return reused ? enableWrites(system, frame) : [];
}

function chargeAll(system: PmapSystem, frame: number, sign: 1 | -1): void {
  const single = singleFlags(system, frame);
  for (const pte of pvMappings(system.pv, frame)) {
    account(system.tableOf(pte).pmap, frame, pvFlags(system.pv, frame, pte, single), sign);
  }
}

function enableWrites(system: PmapSystem, frame: number): readonly number[] {
  const changed: number[] = [];
  for (const pte of pvMappings(system.pv, frame)) {
    const hi = system.phys.readPteHi(pte) | 0;
    if ((hi & PTE_HI_WRITEABLE) === 0) continue;
    const lo = system.phys.readPteLo(pte) | 0;
    system.writePte(pte, withAp(lo, AP_ALL_RW) | PTE_LO_AF, hi & ~PTE_HI_WRITEABLE);
    changed.push(pte);
  }
  if (changed.length > 0) system.ppAttr[frame]! |= PP_ATTR_REFERENCED | PP_ATTR_MODIFIED;
  return changed;
}

/** XNU: pmap_clear_modify. */
export function pmapClearModify(system: PmapSystem, ppn: Ppn): void {
  pmapClearRefmod(system, ppn, VM_MEM_MODIFIED);
}

/** XNU: pmap_clear_reference. */
export function pmapClearReference(system: PmapSystem, ppn: Ppn): void {
  pmapClearRefmod(system, ppn, VM_MEM_REFERENCED);
}

/** Mark a frame modified; its mappings stay as they are. XNU: pmap_set_modify. */
export function pmapSetModify(system: PmapSystem, ppn: Ppn): void {
  if (system.isManaged(ppn)) system.ppAttr[system.index(ppn)]! |= PP_ATTR_MODIFIED;
}

/** XNU: pmap_is_modified. */
export function pmapIsModified(system: PmapSystem, ppn: Ppn): boolean {
  return (pmapGetRefmod(system, ppn) & VM_MEM_MODIFIED) !== 0;
}

/** XNU: pmap_is_referenced. */
export function pmapIsReferenced(system: PmapSystem, ppn: Ppn): boolean {
  return (pmapGetRefmod(system, ppn) & VM_MEM_REFERENCED) !== 0;
}
