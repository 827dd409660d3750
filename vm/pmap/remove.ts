import {
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  panic,
  type VmOffset,
  type VmProt,
} from "../types.js";
import { AP_ALL_RO, AP_EL1_RO, PTE_HI_PXN, PTE_HI_UXN } from "../../emulator/arch/descriptor.js";
import { flushRange } from "./flush.js";
import { PTE_BYTES } from "./geometry.js";
import { accountCompressed, countEntry, dropMapping } from "./mapping.js";
import { PMAP_OPTIONS_REMOVE, PMAP_TYPE_NESTED } from "./options.js";
import type { Pmap } from "./pmap.js";
import { pteIsCompressed, pteIsValid, withAp, withoutWriteable } from "./pte.js";
import { freeTable } from "./table-pages.js";
import { entryIn, forEachTwig, leafTableMayGo, unlinkLeafTable } from "./tables.js";

/**
 * Forget every mapping in [start, end), compressed markers included. Leaf tables that become empty
 * are freed. XNU: pmap.c pmap_remove.
 * @param start virtual, page aligned, as is `end`
 */
export function pmapRemove(pmap: Pmap, start: VmOffset, end: VmOffset): void {
  pmapRemoveOptions(pmap, start, end, PMAP_OPTIONS_REMOVE);
}

/**
 * As `pmapRemove`; compressed markers stay unless PMAP_OPTIONS_REMOVE says that the addresses
 * themselves go away. The commpage stays. XNU: pmap.c pmap_remove_options.
 * @throws KernelPanic where a mapping is a shared region's: it is unnested first
 */
export function pmapRemoveOptions(
  pmap: Pmap,
  start: VmOffset,
  end: VmOffset,
  options: number,
): void {
  const { system } = pmap;
  const markers = (options & PMAP_OPTIONS_REMOVE) !== 0 && !pmap.isKernel;
  forEachTwig(pmap, Math.max(start, pmap.min), Math.min(end, pmap.max), (from, to, leaf) => {
    const desc = system.tableOf(leaf);
    if (desc.pmap !== pmap) {
      checkNotNested(pmap, from, to, leaf);
      return;
    }
    const removed = removeEntries(pmap, from, to, leaf, markers);
    if (leafTableMayGo(pmap) && desc.refcnt === 0) {
      unlinkLeafTable(pmap, from);
      flushRange(pmap, from, to, false);
      freeTable(pmap, leaf); // only now can no walk reach it
    } else if (removed > 0) flushRange(pmap, from, to);
  });
}

/** @throws KernelPanic if there is a mapping in a shared region's table */
function checkNotNested(pmap: Pmap, from: number, to: number, leaf: number): void {
  const { phys } = pmap.system;
  if (pmap.system.tableOf(leaf).pmap.type !== PMAP_TYPE_NESTED) return;
  for (let va = from; va < to; va += pmap.pageSize) {
    if (pteIsValid(phys.readPteLo(entryIn(pmap, leaf, va)))) {
      panic(`pmap_remove: 0x${va.toString(16)} is a shared region's`);
    }
  }
}

/** @returns how many valid entries were cleared */
function removeEntries(
  pmap: Pmap,
  from: number,
  to: number,
  leaf: number,
  markers: boolean,
): number {
  const { system } = pmap;
  const { phys } = system;
  const desc = system.tableOf(leaf);
  let removed = 0;
  let pte = entryIn(pmap, leaf, from);
  for (let left = (to - from) / pmap.pageSize; left > 0; left--, pte += PTE_BYTES) {
    const lo = phys.readPteLo(pte) | 0;
    if (pteIsValid(lo)) {
      const hi = phys.readPteHi(pte) | 0;
      system.writePte(pte, 0, 0);
      dropMapping(pmap, desc, pte, lo, hi);
      countEntry(pmap, desc, -1);
      removed++;
    } else if (markers) {
      const hi = phys.readPteHi(pte) | 0;
      if (!pteIsCompressed(lo, hi)) continue;
      system.writePte(pte, 0, 0);
      accountCompressed(pmap, hi, -1);
      countEntry(pmap, desc, -1);
    }
  }
  return removed;
}

/**
 * Take rights away from the mappings in [start, end); never gives any. XNU: pmap.c pmap_protect.
 * @param prot compared exactly: READ, EXECUTE or both make mappings read-only (without EXECUTE also
 *   not executable); READ|WRITE and ALL change nothing; anything else removes them
 */
export function pmapProtect(pmap: Pmap, start: VmOffset, end: VmOffset, prot: VmProt): void {
  pmapProtectOptions(pmap, start, end, prot, 0);
}

/** As `pmapProtect`; the options are those of removal. XNU: pmap.c pmap_protect_options. */
export function pmapProtectOptions(
  pmap: Pmap,
  start: VmOffset,
  end: VmOffset,
  prot: VmProt,
  options: number,
): void {
  switch (prot) {
    case VM_PROT_READ | VM_PROT_WRITE:
    case VM_PROT_READ | VM_PROT_WRITE | VM_PROT_EXECUTE:
      return;
    case VM_PROT_READ:
    case VM_PROT_EXECUTE:
    case VM_PROT_READ | VM_PROT_EXECUTE:
      forEachTwig(pmap, Math.max(start, pmap.min), Math.min(end, pmap.max), (from, to, leaf) => {
        if (pmap.system.tableOf(leaf).pmap !== pmap) {
          checkNotNested(pmap, from, to, leaf);
          return;
        }
        protectEntries(pmap, from, to, leaf, prot);
        flushRange(pmap, from, to);
      });
      return;
    default:
      pmapRemoveOptions(pmap, start, end, options);
  }
}

function protectEntries(pmap: Pmap, from: number, to: number, leaf: number, prot: VmProt): void {
  const { system } = pmap;
  const ap = prot === VM_PROT_EXECUTE || pmap.isKernel ? AP_EL1_RO : AP_ALL_RO;
  const notExecutable =
    (prot & VM_PROT_EXECUTE) === 0 || pmap.isKernel ? PTE_HI_PXN | PTE_HI_UXN : PTE_HI_PXN;
  let pte = entryIn(pmap, leaf, from);
  for (let left = (to - from) / pmap.pageSize; left > 0; left--, pte += PTE_BYTES) {
    const lo = system.phys.readPteLo(pte) | 0;
    if (!pteIsValid(lo)) continue;
    const hi = system.phys.readPteHi(pte) | 0;
    system.writePte(pte, withAp(lo, ap), withoutWriteable(hi) | notExecutable);
  }
}
