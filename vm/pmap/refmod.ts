import {
  AP_ALL_RO,
  PTE_HI_WIRED,
  PTE_HI_WRITEABLE,
  PTE_LO_AF,
} from "../../emulator/arch/descriptor.js";
import { VM_PROT_EXECUTE, VM_PROT_READ, panic, type Ppn } from "../types.js";
import { flushEntry, syncFlush } from "./flush.js";
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
import { pteIsWritable, withAp } from "./pte.js";
import { pvFlags, pvMappings } from "./pv.js";
import type { PmapSystem } from "./system.js";

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
 */
export function pmapClearRefmod(system: PmapSystem, ppn: Ppn, mask: number, options = 0): void {
  if (!system.isManaged(ppn)) return;
  if ((options & (PMAP_OPTIONS_FF_LOCKED | PMAP_OPTIONS_FF_WIRED)) !== 0) {
    panic(`pmap_clear_refmod: options 0x${options.toString(16)}`);
  }
  const frame = system.index(ppn);
  setReusable(system, frame, options);
  if ((options & PMAP_OPTIONS_CLEAR_WRITE) !== 0 && (mask & VM_MEM_MODIFIED) !== 0) {
    pmapPageProtect(system, ppn, VM_PROT_READ | VM_PROT_EXECUTE);
  }
  const flush = (options & PMAP_OPTIONS_NOFLUSH) === 0 || mask !== VM_MEM_REFERENCED;
  let changed = 0;
  let refused = false;
  for (const pte of pvMappings(system.pv, frame)) {
    const hi = system.phys.readPteHi(pte) | 0;
    if ((hi & PTE_HI_WIRED) !== 0) {
      refused = true;
      break;
    }
    changed |= watch(system, pte, hi, mask, flush, changed === 0);
  }
  if (changed !== 0 && flush) syncFlush(system);
  let attributes = system.ppAttr[frame]!;
  if ((changed & VM_MEM_REFERENCED) !== 0) attributes |= PP_ATTR_REFFAULT;
  if ((changed & VM_MEM_MODIFIED) !== 0) attributes |= PP_ATTR_MODFAULT;
  if (!refused) {
    if ((mask & VM_MEM_REFERENCED) !== 0) attributes &= ~PP_ATTR_REFERENCED;
    if ((mask & VM_MEM_MODIFIED) !== 0) attributes &= ~PP_ATTR_MODIFIED;
  }
  system.ppAttr[frame] = attributes;
}

/** Make one mapping fault on its next use or write. @returns which of the two were changed */
function watch(
  system: PmapSystem,
  pte: number,
  hi: number,
  mask: number,
  flush: boolean,
  first: boolean,
): number {
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
  if (changed === 0) return 0;
  system.writePte(pte, newLo, newHi);
  if (!flush) return changed;
  if (first) system.tlb.dsb();
  flushEntry(pmap, pte);
  return changed;
}

/** Move a frame's internal mappings between the reusable and the internal ledger. */
function setReusable(system: PmapSystem, frame: number, options: number): void {
  const wanted =
    (options & PMAP_OPTIONS_SET_REUSABLE) !== 0
      ? PP_ATTR_REUSABLE
      : (options & PMAP_OPTIONS_CLEAR_REUSABLE) !== 0
        ? 0
        : null;
  if (wanted === null || (system.ppAttr[frame]! & PP_ATTR_REUSABLE) === wanted) return;
  const charge = (sign: 1 | -1): void => {
    const single = singleFlags(system, frame);
    for (const pte of pvMappings(system.pv, frame)) {
      account(system.tableOf(pte).pmap, frame, pvFlags(system.pv, frame, pte, single), sign);
    }
  };
  charge(-1);
  system.ppAttr[frame]! ^= PP_ATTR_REUSABLE;
  charge(1);
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
