import {
  AP_ALL_RW,
  AP_EL1_RW,
  PTE_HI_UXN,
  PTE_HI_WRITEABLE,
  PTE_LO_AF,
} from "../../emulator/arch/descriptor.js";
import {
  KERN_FAILURE,
  KERN_SUCCESS,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { flushEntries } from "./flush.js";
import {
  PP_ATTR_MODFAULT,
  PP_ATTR_MODIFIED,
  PP_ATTR_REFERENCED,
  PP_ATTR_REFFAULT,
} from "./options.js";
import type { Pmap } from "./pmap.js";
import { pteIsReadable, pteIsValid, pteIsWritable, ptePpn, withAp } from "./pte.js";
import { pvMappings } from "./pv.js";
import type { PmapSystem } from "./system.js";
import { findPte } from "./tables.js";

/**
 * Resolve an access-flag or write fault that exists only because the pmap tracks references and
 * modifications: no map, no object is asked. XNU: pmap.c arm_fast_fault.
 * @param va virtual, tag byte removed, any alignment
 * @param faultType the access; user writes carry READ|WRITE
 * @returns KERN_SUCCESS: run the instruction again; KERN_FAILURE: go on to vm_fault. Differs from
 *   XNU, which looks at 64 list elements of a frame at most in one pass.
 */
export function armFastFault(pmap: Pmap, va: VmOffset, faultType: VmProt): KernReturn {
  const { system } = pmap;
  if (va < pmap.min || va >= pmap.max) return KERN_FAILURE;
  const pte = findPte(pmap, va);
  if (pte === 0) return KERN_FAILURE;
  const lo = system.phys.readPteLo(pte) | 0;
  const hi = system.phys.readPteHi(pte) | 0;
  if (!pteIsValid(lo)) return KERN_FAILURE;
  const ppn = ptePpn(lo, hi);
  if (!system.isManaged(ppn)) return KERN_FAILURE;

  const frame = system.index(ppn);
  const write = (faultType & VM_PROT_WRITE) !== 0;
  const attributes = system.ppAttr[frame]!;
  const watched =
    (attributes & PP_ATTR_REFFAULT) !== 0 || (write && (attributes & PP_ATTR_MODFAULT) !== 0);
  if (watched) {
    system.ppAttr[frame]! &= ~(PP_ATTR_REFFAULT | (write ? PP_ATTR_MODFAULT : 0));
    if (repair(system, frame, pvMappings(system.pv, frame), faultType)) {
      return resolved(system, pte);
    }
  }
  if (suffices(pmap, lo, hi, faultType)) return resolved(system, pte);
  return repair(system, frame, [pte], faultType) ? resolved(system, pte) : KERN_FAILURE;
}

/** Tell tracers what the entry of the faulting address is now. */
function resolved(system: PmapSystem, pte: number): KernReturn {
  system.lastPteLo = system.phys.readPteLo(pte) | 0;
  system.lastPteHi = system.phys.readPteHi(pte) | 0;
  system.lastPtePa = pte;
  return KERN_SUCCESS;
}

/** Give entries of a frame what was withheld to see the access. @returns true if one changed */
function repair(
  system: PmapSystem,
  frame: number,
  entries: readonly number[],
  faultType: VmProt,
): boolean {
  const changed: number[] = [];
  for (const pte of entries) {
    const lo = system.phys.readPteLo(pte) | 0;
    const hi = system.phys.readPteHi(pte) | 0;
    const { pmap } = system.tableOf(pte);
    let newLo: number;
    let newHi = hi;
    if ((faultType & VM_PROT_WRITE) !== 0 && (hi & PTE_HI_WRITEABLE) !== 0) {
      newLo = withAp(lo, pmap.isKernel ? AP_EL1_RW : AP_ALL_RW) | PTE_LO_AF;
      newHi = hi & ~PTE_HI_WRITEABLE;
      system.ppAttr[frame]! |= PP_ATTR_REFERENCED | PP_ATTR_MODIFIED;
    } else if ((faultType & VM_PROT_READ) !== 0 && (lo & PTE_LO_AF) === 0) {
      newLo = lo | PTE_LO_AF;
      system.ppAttr[frame]! |= PP_ATTR_REFERENCED;
    } else {
      continue;
    }
    changed.push(pte);
    system.writePte(pte, newLo, newHi);
  }
  flushEntries(system, changed);
  return changed.length > 0;
}

/** The entry allows the access already: somebody else resolved the fault, or the TLB was stale. */
function suffices(pmap: Pmap, lo: number, hi: number, faultType: VmProt): boolean {
  if ((lo & PTE_LO_AF) === 0) return false;
  if ((faultType & VM_PROT_EXECUTE) !== 0 && (hi & PTE_HI_UXN) !== 0) return false;
  return (faultType & VM_PROT_WRITE) !== 0 ? pteIsWritable(pmap, lo) : pteIsReadable(pmap, lo);
}
