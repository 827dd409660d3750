import {
  AP_ALL_RO,
  AP_ALL_RW,
  AP_EL1_RO,
  AP_EL1_RW,
  PTE_AP_SHIFT,
  PTE_ATTR_SHIFT,
  PTE_HI_COMPRESSED,
  PTE_HI_COMPRESSED_ALT,
  PTE_HI_PXN,
  PTE_HI_UXN,
  PTE_HI_WIRED,
  PTE_HI_WRITEABLE,
  PTE_LO_AF,
  PTE_LO_AP,
  PTE_LO_NG,
  PTE_LO_TYPE,
  PTE_LO_VALID,
  PTE_SH_SHIFT,
  SH_INNER,
  SH_NONE,
  SH_OUTER,
} from "../../emulator/arch/descriptor.js";
import {
  PAGE_SIZE,
  VM_PROT_EXECUTE,
  VM_PROT_WRITE,
  type Ppn,
  type VmOffset,
  type VmProt,
} from "../types.js";
import {
  PMAP_TYPE_NESTED,
  PP_ATTR_MODFAULT,
  PP_ATTR_MODIFIED,
  PP_ATTR_REFERENCED,
  PP_ATTR_WIMG_MASK,
  VM_WIMG_COPYBACK,
  VM_WIMG_INNERWBACK,
  VM_WIMG_IO,
  VM_WIMG_MASK,
  VM_WIMG_POSTED,
  VM_WIMG_POSTED_COMBINED_REORDERED,
  VM_WIMG_POSTED_REORDERED,
  VM_WIMG_RT,
  VM_WIMG_USE_DEFAULT,
  VM_WIMG_WCOMB,
  VM_WIMG_WTHRU,
} from "./options.js";
import type { Pmap } from "./pmap.js";
import { descriptorAddress } from "./tables.js";

/**
 * Leaf entries as two 32-bit halves: what they say and how they are made. Halves are compared after
 * `| 0`, so that bit 31 does not matter.
 */

/**
 * MAIR_EL1 attribute bytes by AttrIndx, as boot writes them: write-back, write-combining,
 * write-through, nGnRnE, (unused), nGnRE, nGRE, GRE. XNU: proc_reg.h MAIR_*.
 */
export const MAIR_ATTRIBUTES = [0xff, 0x44, 0xbb, 0x00, 0xff, 0x04, 0x08, 0x0c] as const;
const ATTR_WRITEBACK = 0;
const ATTR_WRITECOMB = 1;
const ATTR_WRITETHRU = 2;
const ATTR_POSTED_COMBINED_REORDERED = 7;

export function pteIsValid(lo: number): boolean {
  return (lo & PTE_LO_VALID) !== 0;
}

/** Not valid, but a mark that the compressor has the page. */
export function pteIsCompressed(lo: number, hi: number): boolean {
  return !pteIsValid(lo) && (hi & (PTE_HI_COMPRESSED | PTE_HI_COMPRESSED_ALT)) !== 0;
}

/** Physical address a valid entry maps, bytes: with 4 KiB pages perhaps a quarter of a frame. */
export function ptePa(lo: number, hi: number): number {
  return descriptorAddress(lo, hi);
}

/** Frame a valid entry maps, or maps a part of. */
export function ptePpn(lo: number, hi: number): Ppn {
  return Math.floor(descriptorAddress(lo, hi) / PAGE_SIZE) as Ppn;
}

export function pteAp(lo: number): number {
  return (lo & PTE_LO_AP) >>> PTE_AP_SHIFT;
}

export function withAp(lo: number, ap: number): number {
  return (lo & ~PTE_LO_AP) | (ap << PTE_AP_SHIFT);
}

/** A data write from EL0 (user) or EL1 (kernel pmap) is allowed by the entry. */
export function pteIsWritable(pmap: Pmap, lo: number): boolean {
  return pteAp(lo) === (pmap.isKernel ? AP_EL1_RW : AP_ALL_RW);
}

/** A data read from EL0 (user) or EL1 (kernel pmap) is allowed by the entry. */
export function pteIsReadable(pmap: Pmap, lo: number): boolean {
  const ap = pteAp(lo);
  return pmap.isKernel
    ? ap === AP_EL1_RO || ap === AP_EL1_RW
    : ap === AP_ALL_RO || ap === AP_ALL_RW;
}

/** Memory type and shareability for a WIMG value. Device types are never executable. */
function memoryType(wimg: number): { attr: number; sh: number; executable: boolean } {
  switch (wimg & VM_WIMG_MASK) {
    case VM_WIMG_INNERWBACK:
      return { attr: ATTR_WRITEBACK, sh: SH_INNER, executable: true };
    case VM_WIMG_WCOMB:
    case VM_WIMG_RT:
      return { attr: ATTR_WRITECOMB, sh: SH_NONE, executable: false };
    case VM_WIMG_WTHRU:
      return { attr: ATTR_WRITETHRU, sh: SH_OUTER, executable: true };
    case VM_WIMG_IO:
    case VM_WIMG_POSTED:
    case VM_WIMG_POSTED_REORDERED:
    case VM_WIMG_POSTED_COMBINED_REORDERED:
      // All of our memory is DRAM, for which every device type means this one.
      return { attr: ATTR_POSTED_COMBINED_REORDERED, sh: SH_OUTER, executable: false };
    default:
      return { attr: ATTR_WRITEBACK, sh: SH_OUTER, executable: true };
  }
}

/**
 * Compose the entry for a mapping into `system.lastPteLo/lastPteHi`. XNU: pmap.c
 * pmap_construct_pte.
 * @param va where, for the global mark of a shared region's mappings
 * @param physical bytes, page aligned
 * @param wimgFlags 0 for the frame's own memory type
 * @returns PP_ATTR_* bits the frame gains once the entry is in place
 */
export function composePte(
  pmap: Pmap,
  va: VmOffset,
  physical: number,
  prot: VmProt,
  faultType: VmProt,
  wimgFlags: number,
  wired: boolean,
): number {
  const { system } = pmap;
  const ppn = Math.floor(physical / PAGE_SIZE) as Ppn;
  const managed = system.isManaged(ppn);
  const attributes = managed ? system.ppAttr[system.index(ppn)]! : VM_WIMG_COPYBACK;
  const wimg =
    (wimgFlags & (VM_WIMG_MASK | VM_WIMG_USE_DEFAULT)) !== 0 &&
    (wimgFlags & VM_WIMG_USE_DEFAULT) === 0
      ? wimgFlags & VM_WIMG_MASK
      : attributes & PP_ATTR_WIMG_MASK;
  const type = memoryType(wimg);
  let lo =
    (physical % 2 ** 32) |
    PTE_LO_TYPE |
    PTE_LO_AF |
    (type.attr << PTE_ATTR_SHIFT) |
    (type.sh << PTE_SH_SHIFT);
  let hi = Math.floor(physical / 2 ** 32);
  if (wired) hi |= PTE_HI_WIRED;
  const executable = type.executable && (prot & VM_PROT_EXECUTE) !== 0 && !pmap.isKernel;
  hi |= executable ? PTE_HI_PXN : PTE_HI_PXN | PTE_HI_UXN;

  let gained = PP_ATTR_REFERENCED;
  let ap: number;
  if (pmap.isKernel) {
    ap = (prot & VM_PROT_WRITE) !== 0 ? AP_EL1_RW : AP_EL1_RO;
    if (ap === AP_EL1_RW) gained |= PP_ATTR_MODIFIED;
  } else {
    if (!isGlobal(pmap, va)) lo |= PTE_LO_NG;
    if ((prot & VM_PROT_WRITE) === 0) {
      ap = prot === VM_PROT_EXECUTE && executable ? AP_EL1_RO : AP_ALL_RO;
    } else if (!managed || (attributes & PP_ATTR_MODIFIED) !== 0) {
      ap = AP_ALL_RW;
    } else if ((faultType & VM_PROT_WRITE) !== 0) {
      ap = AP_ALL_RW;
      gained |= PP_ATTR_MODIFIED;
    } else {
      // The first write is to be seen: armFastFault makes it writable then.
      ap = AP_ALL_RO;
      hi |= PTE_HI_WRITEABLE;
      gained |= PP_ATTR_MODFAULT;
    }
  }
  system.lastPteLo = withAp(lo, ap) | 0;
  system.lastPteHi = hi | 0;
  return managed ? gained : 0;
}

/** What a shared region maps is the same for all who show it, until one of them had that twig unnested. */
function isGlobal(pmap: Pmap, va: VmOffset): boolean {
  if (pmap.type !== PMAP_TYPE_NESTED) return false;
  return !pmap.unnested.has(Math.floor(va / pmap.attr.twigBytes));
}

/** Forget that a read-only entry may become writable without asking vm_fault. */
export function withoutWriteable(hi: number): number {
  return hi & ~PTE_HI_WRITEABLE;
}
