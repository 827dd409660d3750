import { AP_ALL_RO, AP_EL1_RO, PTE_HI_PXN, PTE_HI_UXN } from "../../emulator/arch/descriptor.js";
import {
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  type Ppn,
  type VmProt,
} from "../types.js";
import { flushEntry, publishWrites, syncFlush } from "./flush.js";
import { accountCompressed, compressedMarker, countEntry, dropMapping } from "./mapping.js";
import {
  PMAP_OPTIONS_COMPRESSOR,
  PMAP_OPTIONS_COMPRESSOR_IFF_MODIFIED,
  PP_ATTR_MODIFIED,
  PP_ATTR_REFERENCED,
  VM_MEM_MODIFIED,
  VM_MEM_REFERENCED,
} from "./options.js";
import { withAp, withoutWriteable } from "./pte.js";
import { pvIsMapped, pvMappings } from "./pv.js";
import type { PmapSystem } from "./system.js";

/**
 * Take rights away from every mapping of a frame. XNU: pmap.c pmap_page_protect_options.
 * @param prot ALL: nothing to do; READ (also loses execute) and READ|EXECUTE: read-only, and the
 *   next write goes to vm_fault; anything else, READ|WRITE included, removes every mapping
 * @param options PMAP_OPTIONS_COMPRESSOR leaves a marker where an internal page was mapped. Differs
 *   from XNU, which then keeps the table's entry count for external mappings as well.
 */
export function pmapPageProtect(system: PmapSystem, ppn: Ppn, prot: VmProt, options = 0): void {
  if (prot === VM_PROT_ALL || !system.isManaged(ppn)) return;
  if (prot === VM_PROT_READ) return protectMappings(system, ppn, PTE_HI_PXN | PTE_HI_UXN);
  if (prot === (VM_PROT_READ | VM_PROT_EXECUTE)) return protectMappings(system, ppn, 0);
  removeMappings(system, ppn, (options & PMAP_OPTIONS_COMPRESSOR) !== 0);
}

function protectMappings(system: PmapSystem, ppn: Ppn, notExecutable: number): void {
  let flushed = false;
  for (const pte of pvMappings(system.pv, system.index(ppn))) {
    const { pmap } = system.tableOf(pte);
    const lo = system.phys.readPteLo(pte) | 0;
    const hi = system.phys.readPteHi(pte) | 0;
    const newLo = withAp(lo, pmap.isKernel ? AP_EL1_RO : AP_ALL_RO);
    const newHi = hi | notExecutable;
    // The writeable mark is software's: a change of it alone leaves nothing stale in the TLB.
    if (newLo === lo && withoutWriteable(newHi) === hi) continue;
    system.writePte(pte, newLo, withoutWriteable(newHi));
    if (newLo === lo && newHi === hi) continue;
    flushed = true;
    publishWrites(system);
    flushEntry(pmap, pte);
  }
  if (flushed) syncFlush(system);
}

function removeMappings(system: PmapSystem, ppn: Ppn, compress: boolean): void {
  const frame = system.index(ppn);
  if (!pvIsMapped(system.pv, frame)) return;
  for (const pte of pvMappings(system.pv, frame)) {
    const desc = system.tableOf(pte);
    const { pmap } = desc;
    const lo = system.phys.readPteLo(pte) | 0;
    const hi = system.phys.readPteHi(pte) | 0;
    system.writePte(pte, 0, 0);
    const flags = dropMapping(pmap, desc, pte, lo, hi);
    if (compress && flags.internal && !pmap.isKernel) {
      const marker = compressedMarker(flags);
      system.writePte(pte, 0, marker);
      accountCompressed(pmap, marker, 1);
    } else {
      countEntry(pmap, desc, -1);
    }
    publishWrites(system);
    flushEntry(pmap, pte);
  }
  syncFlush(system);
}

/**
 * Remove every mapping of a frame. XNU: pmap.c pmap_disconnect_options.
 * @returns its VM_MEM_MODIFIED and VM_MEM_REFERENCED state, which stays as it is
 */
export function pmapDisconnect(system: PmapSystem, ppn: Ppn, options = 0): number {
  const modified = (pmapGetRefmod(system, ppn) & VM_MEM_MODIFIED) !== 0;
  const compress =
    (options & PMAP_OPTIONS_COMPRESSOR) !== 0 ||
    ((options & PMAP_OPTIONS_COMPRESSOR_IFF_MODIFIED) !== 0 && modified);
  pmapPageProtect(system, ppn, VM_PROT_NONE, compress ? PMAP_OPTIONS_COMPRESSOR : 0);
  return pmapGetRefmod(system, ppn);
}

/** VM_MEM_MODIFIED and VM_MEM_REFERENCED of a frame; 0 if it is not managed. XNU: pmap_get_refmod. */
export function pmapGetRefmod(system: PmapSystem, ppn: Ppn): number {
  if (!system.isManaged(ppn)) return 0;
  const attributes = system.ppAttr[system.index(ppn)]!;
  return (
    ((attributes & PP_ATTR_MODIFIED) !== 0 ? VM_MEM_MODIFIED : 0) |
    ((attributes & PP_ATTR_REFERENCED) !== 0 ? VM_MEM_REFERENCED : 0)
  );
}
