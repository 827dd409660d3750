import { PTE_HI_COMPRESSED_ALT, PTE_LO_AF } from "../../emulator/arch/descriptor.js";
import { check } from "../../emulator/arch/check.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type Ppn,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { singleFlags } from "./mapping.js";
import {
  PMAP_QUERY_PAGE_ALTACCT,
  PMAP_QUERY_PAGE_COMPRESSED,
  PMAP_QUERY_PAGE_COMPRESSED_ALTACCT,
  PMAP_QUERY_PAGE_INTERNAL,
  PMAP_QUERY_PAGE_PRESENT,
  PMAP_QUERY_PAGE_REUSABLE,
  PP_ATTR_REUSABLE,
} from "./options.js";
import type { Pmap } from "./pmap.js";
import { pteIsCompressed, pteIsReadable, pteIsValid, pteIsWritable, ptePa, ptePpn } from "./pte.js";
import { pvFlags } from "./pv.js";
import type { PmapSystem } from "./system.js";
import { PTE_BYTES } from "./geometry.js";
import { entryIn, findBlock, findPte, forEachTwig } from "./tables.js";

/** Frame an address is mapped to, rights and access flag aside; 0 if none. XNU: pmap_find_phys. */
export function pmapFindPhys(pmap: Pmap, va: VmOffset): Ppn {
  return Math.floor(pmapExtract(pmap, va) / PAGE_SIZE) as Ppn;
}

/**
 * Physical address an address is mapped to, in bytes; 0 if none. Looks at the tables alone: rights
 * and the access flag do not matter. XNU: pmap_extract, pmap_find_pa.
 */
export function pmapExtract(pmap: Pmap, va: VmOffset): number {
  if (va < pmap.min || va >= pmap.max) return 0;
  const pte = findPte(pmap, va);
  if (pte === 0) return Math.max(findBlock(pmap, va), 0);
  const { phys } = pmap.system;
  const lo = phys.readPteLo(pte) | 0;
  if (!pteIsValid(lo)) return 0;
  return ptePa(lo, phys.readPteHi(pte) | 0) + inPage(pmap, va);
}

/** Where in its page an address lies; kernel addresses are negative. */
function inPage(pmap: Pmap, va: number): number {
  return va - Math.floor(va / pmap.pageSize) * pmap.pageSize;
}

/**
 * As `pmapFindPhys`, by what the MMU would say of a read now: only of the kernel's pmap or the active
 * one, and a page that may not be read, or whose access flag is clear, is none. XNU:
 * pmap_find_phys_nofault.
 * @param active the pmap that TTBR0 translates, if any
 */
export function pmapFindPhysNofault(pmap: Pmap, active: Pmap | null, va: VmOffset): Ppn {
  if (!pmap.isKernel && pmap !== active) return 0 as Ppn;
  const found = pmapTranslate(pmap, va, VM_PROT_READ);
  return typeof found === "string" ? (0 as Ppn) : found;
}

/**
 * The frame of what `pmapTranslateAddr` finds.
 * @returns the frame, or why not
 */
export function pmapTranslate(
  pmap: Pmap,
  va: VmOffset,
  access: VmProt,
  unused = false,
): Ppn | "translation" | "permission" {
  const found = pmapTranslateAddr(pmap, va, access, unused);
  return typeof found === "string" ? found : (Math.floor(found / PAGE_SIZE) as Ppn);
}

/**
 * What an unprivileged load or store (for the kernel's pmap: a privileged one) would find, by walking the tables as the MMU does but leaving
 * no trace in any TLB.
 * @param unused entries whose access flag is clear will do
 * @returns the physical address in bytes, or why not; a clear access flag counts as "permission"
 */
export function pmapTranslateAddr(
  pmap: Pmap,
  va: VmOffset,
  access: VmProt,
  unused = false,
): number | "translation" | "permission" {
  if (va < pmap.min || va >= pmap.max) return "translation";
  const pte = findPte(pmap, va);
  if (pte === 0) return "translation";
  const { phys } = pmap.system;
  const lo = phys.readPteLo(pte) | 0;
  if (!pteIsValid(lo)) return "translation";
  const allowed =
    (access & VM_PROT_WRITE) !== 0 ? pteIsWritable(pmap, lo) : pteIsReadable(pmap, lo);
  const used = unused || (lo & PTE_LO_AF) !== 0;
  if (!allowed || !used) return "permission";
  return ptePa(lo, phys.readPteHi(pte) | 0) + inPage(pmap, va);
}

/**
 * How an address is mapped. XNU: pmap_query_page_info.
 * @returns PMAP_QUERY_PAGE_* bits (PRESENT alone for a frame that is not managed or is external);
 *   KERN_INVALID_ARGUMENT for no pmap or the kernel's
 */
export function pmapQueryPageInfo(
  pmap: Pmap | null,
  va: VmOffset,
): { readonly kr: KernReturn; readonly disposition: number } {
  if (pmap === null || pmap.isKernel) return { kr: KERN_INVALID_ARGUMENT, disposition: 0 };
  return { kr: KERN_SUCCESS, disposition: disposition(pmap, va) };
}

function disposition(pmap: Pmap, va: VmOffset): number {
  const { system } = pmap;
  const pte = va < pmap.min || va >= pmap.max ? 0 : findPte(pmap, va);
  if (pte === 0) return 0;
  const lo = system.phys.readPteLo(pte) | 0;
  const hi = system.phys.readPteHi(pte) | 0;
  if (pteIsCompressed(lo, hi)) {
    return (hi & PTE_HI_COMPRESSED_ALT) !== 0
      ? PMAP_QUERY_PAGE_COMPRESSED | PMAP_QUERY_PAGE_COMPRESSED_ALTACCT
      : PMAP_QUERY_PAGE_COMPRESSED;
  }
  if (!pteIsValid(lo)) return 0;
  const ppn = ptePpn(lo, hi);
  if (!system.isManaged(ppn)) return PMAP_QUERY_PAGE_PRESENT;
  const frame = system.index(ppn);
  const flags = pvFlags(system.pv, frame, pte, singleFlags(system, frame));
  if (flags.altacct) return PMAP_QUERY_PAGE_PRESENT | PMAP_QUERY_PAGE_ALTACCT;
  if ((system.ppAttr[frame]! & PP_ATTR_REUSABLE) !== 0) {
    return PMAP_QUERY_PAGE_PRESENT | PMAP_QUERY_PAGE_REUSABLE;
  }
  return PMAP_QUERY_PAGE_PRESENT | (flags.internal ? PMAP_QUERY_PAGE_INTERNAL : 0);
}

/**
 * Bytes mapped and bytes compressed in [start, end). XNU: pmap_query_resident. Differs from XNU,
 * whose compressed count ends up zero and whose walk ends at the first missing level 2 table.
 */
export function pmapQueryResident(
  pmap: Pmap,
  start: VmOffset,
  end: VmOffset,
): { readonly resident: number; readonly compressed: number } {
  let resident = 0;
  let compressed = 0;
  forEachEntry(pmap, start, end, (lo, hi) => {
    if (pteIsCompressed(lo, hi)) compressed += pmap.pageSize;
    else if (pteIsValid(lo) && pmap.system.isManaged(ptePpn(lo, hi))) resident += pmap.pageSize;
  });
  return { resident, compressed };
}

/** True if [start, end) has no entry, compressed markers included. XNU: pmap_is_empty. */
export function pmapIsEmpty(pmap: Pmap, start: VmOffset, end: VmOffset): boolean {
  let empty = true;
  forEachEntry(pmap, start, end, () => {
    empty = false;
  });
  return empty;
}

/** Visit the entries of [start, end) that are not empty. */
function forEachEntry(
  pmap: Pmap,
  start: number,
  end: number,
  visit: (lo: number, hi: number) => void,
): void {
  const { phys } = pmap.system;
  forEachTwig(pmap, Math.max(start, pmap.min), Math.min(end, pmap.max), (from, to, leaf) => {
    let pte = entryIn(pmap, leaf, from);
    for (let left = (to - from) / pmap.pageSize; left > 0; left--, pte += PTE_BYTES) {
      const lo = phys.readPteLo(pte) | 0;
      const hi = phys.readPteHi(pte) | 0;
      if (lo !== 0 || hi !== 0) visit(lo, hi);
    }
  });
}

/**
 * Physical copies and fills. They go past every mapping: referenced and modified state stays.
 * Offsets and lengths are bytes within one frame.
 */

/** XNU: pmap_zero_page. */
export function pmapZeroPage(system: PmapSystem, ppn: Ppn): void {
  system.phys.zeroPage(ppn);
}

/** XNU: pmap_zero_part_page. */
export function pmapZeroPartPage(
  system: PmapSystem,
  ppn: Ppn,
  offset: number,
  length: number,
): void {
  partOf(system, ppn, offset, length).fill(0);
  system.phys.noteWrite(ppn);
}

/** XNU: pmap_copy_page. */
export function pmapCopyPage(system: PmapSystem, from: Ppn, to: Ppn): void {
  system.phys.copyPage(from, to);
}

/** XNU: pmap_copy_part_page. */
export function pmapCopyPartPage(
  system: PmapSystem,
  from: Ppn,
  fromOffset: number,
  to: Ppn,
  toOffset: number,
  length: number,
): void {
  partOf(system, to, toOffset, length).set(partOf(system, from, fromOffset, length));
  system.phys.noteWrite(to);
}

function partOf(system: PmapSystem, ppn: Ppn, offset: number, length: number): Uint8Array {
  check(
    offset >= 0 && length >= 0 && offset + length <= PAGE_SIZE,
    "not in one frame",
    offset,
    length,
  );
  return system.phys.page(ppn).subarray(offset, offset + length);
}
