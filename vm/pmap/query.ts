import {
  AP_ALL_RO,
  AP_ALL_RW,
  PTE_HI_COMPRESSED_ALT,
  PTE_LO_AF,
} from "../../emulator/arch/descriptor.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  PAGE_SIZE,
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
import { pteAp, pteIsCompressed, pteIsValid, ptePpn } from "./pte.js";
import { pvFlags } from "./pv.js";
import type { PmapSystem } from "./system.js";
import { entryIn, findPte, forEachTwig } from "./tables.js";

/** Frame an address is mapped to, rights and access flag aside; 0 if none. XNU: pmap_find_phys. */
export function pmapFindPhys(pmap: Pmap, va: VmOffset): Ppn {
  if (va < pmap.min || va >= pmap.max) return 0 as Ppn;
  const pte = findPte(pmap, va);
  if (pte === 0) return 0 as Ppn;
  const { phys } = pmap.system;
  const lo = phys.readPteLo(pte) | 0;
  return pteIsValid(lo) ? ptePpn(lo, phys.readPteHi(pte) | 0) : (0 as Ppn);
}

/** Physical address an address is mapped to, in bytes; 0 if none. XNU: pmap_extract. */
export function pmapExtract(pmap: Pmap, va: VmOffset): number {
  const ppn = pmapFindPhys(pmap, va);
  return ppn === 0 ? 0 : ppn * PAGE_SIZE + (va - Math.floor(va / PAGE_SIZE) * PAGE_SIZE);
}

/**
 * What an unprivileged load or store would find, by walking the tables as the MMU does but leaving
 * no trace in any TLB.
 * @param unused entries whose access flag is clear will do
 * @returns the frame, or why not; a clear access flag counts as "permission"
 */
export function pmapTranslate(
  pmap: Pmap,
  va: VmOffset,
  access: VmProt,
  unused = false,
): Ppn | "translation" | "permission" {
  if (va < pmap.min || va >= pmap.max) return "translation";
  const pte = findPte(pmap, va);
  if (pte === 0) return "translation";
  const { phys } = pmap.system;
  const lo = phys.readPteLo(pte) | 0;
  if (!pteIsValid(lo)) return "translation";
  const ap = pteAp(lo);
  const allowed =
    (access & VM_PROT_WRITE) !== 0 ? ap === AP_ALL_RW : ap === AP_ALL_RO || ap === AP_ALL_RW;
  const used = unused || (lo & PTE_LO_AF) !== 0;
  return allowed && used ? ptePpn(lo, phys.readPteHi(pte) | 0) : "permission";
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
    if (pteIsCompressed(lo, hi)) compressed += PAGE_SIZE;
    else if (pteIsValid(lo) && pmap.system.isManaged(ptePpn(lo, hi))) resident += PAGE_SIZE;
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
    let pte = entryIn(leaf, from);
    for (let left = (to - from) / PAGE_SIZE; left > 0; left--, pte += 8) {
      const lo = phys.readPteLo(pte) | 0;
      const hi = phys.readPteHi(pte) | 0;
      if (lo !== 0 || hi !== 0) visit(lo, hi);
    }
  });
}

/** Fill a frame with zeroes; its modified state stays. XNU: pmap_zero_page. */
export function pmapZeroPage(system: PmapSystem, ppn: Ppn): void {
  system.phys.zeroPage(ppn);
}

/** Copy one frame to another; modified state stays. XNU: pmap_copy_page. */
export function pmapCopyPage(system: PmapSystem, from: Ppn, to: Ppn): void {
  system.phys.copyPage(from, to);
}
