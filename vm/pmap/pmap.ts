import { check } from "../../emulator/arch/check.js";
import { MACH_VM_MAX_ADDRESS, PAGE_SIZE, panic, type Ppn, type VmOffset } from "../types.js";
import { splitAsid } from "./asid.js";
import { newLedger, type PmapLedger } from "./ledger.js";
import {
  PMAP_CREATE_64BIT,
  PMAP_CREATE_DISABLE_JOP,
  PMAP_CREATE_TEST,
  PMAP_TYPE_KERNEL,
  PMAP_TYPE_USER,
  type PmapType,
} from "./options.js";
import type { PmapSystem } from "./system.js";
import { allocateTable, freeAllTables } from "./tables.js";

/** Highest address the tables can express plus one: 64 - T0SZ = 47 bits. */
const USER_LIMIT = 2 ** 47;

/** One address space's translation tables (struct pmap): a cache of its vm_map. */
export class Pmap {
  readonly system: PmapSystem;
  readonly type: PmapType;
  /** Mappable addresses: [min, max). */
  readonly min: VmOffset;
  readonly max: VmOffset;
  /** Physical address of the level 1 table. */
  root = 0;
  /** Virtual ASID, or -1 for the kernel. */
  readonly asid: number;
  readonly hwAsid: number;
  readonly swAsid: number;
  refCount = 1;
  readonly ledger: PmapLedger = newLedger();
  /** The twig (32 MiB) the last lookup found a leaf table for, and that table. */
  cachedTwig = -1;
  cachedLeaf = 0;

  constructor(system: PmapSystem, type: PmapType, asid: number) {
    this.system = system;
    this.type = type;
    this.asid = asid;
    const split = asid < 0 ? { hw: 0, sw: 0 } : splitAsid(asid);
    this.hwAsid = split.hw;
    this.swAsid = split.sw;
    this.min = (type === PMAP_TYPE_KERNEL ? -USER_LIMIT : 0) as VmOffset;
    this.max = (type === PMAP_TYPE_KERNEL ? 0 : USER_LIMIT) as VmOffset;
  }

  get isKernel(): boolean {
    return this.type === PMAP_TYPE_KERNEL;
  }
}

/** Flags this pmap supports. Differs from XNU: no 4 KiB or Rosetta address spaces yet. */
const KNOWN_FLAGS = PMAP_CREATE_64BIT | PMAP_CREATE_DISABLE_JOP | PMAP_CREATE_TEST;

/**
 * A new user address space, empty. XNU: pmap_create_options.
 * @returns null for unknown flags, or when there is no ASID or no page for the root table
 */
export function pmapCreate(system: PmapSystem, flags: number = PMAP_CREATE_64BIT): Pmap | null {
  if ((flags & ~KNOWN_FLAGS) !== 0) return null;
  const asid = system.asids.allocate();
  if (asid === null) return null;
  const pmap = new Pmap(system, PMAP_TYPE_USER, asid);
  const root = allocateTable(pmap, 1, 0);
  if (root === null) {
    system.asids.free(asid);
    return null;
  }
  pmap.root = root;
  system.pmaps.add(pmap);
  return pmap;
}

/** The kernel's pmap, translated by TTBR1. Made once, at boot. */
export function pmapCreateKernel(system: PmapSystem): Pmap {
  check(system.kernelPmap === null, "a second kernel pmap");
  const pmap = new Pmap(system, PMAP_TYPE_KERNEL, -1);
  const root = allocateTable(pmap, 1, pmap.min);
  check(root !== null, "no memory for the kernel's root table");
  pmap.root = root;
  system.pmaps.add(pmap);
  system.kernelPmap = pmap;
  return pmap;
}

/** XNU: pmap_reference. */
export function pmapReference(pmap: Pmap): void {
  check(pmap.refCount > 0, "reference to a dead pmap");
  pmap.refCount++;
}

/**
 * Drop a reference; the last one frees the tables and the ASID. Everything mapped has been removed
 * before. XNU: pmap_destroy.
 */
export function pmapDestroy(pmap: Pmap): void {
  const { system } = pmap;
  if (pmap.isKernel) panic("pmap_destroy of the kernel pmap");
  if (pmap.refCount <= 0) panic("pmap_destroy: reference underflow");
  pmap.refCount--;
  if (pmap.refCount > 0) return;
  freeAllTables(pmap);
  system.tlb.dsb();
  system.tlb.tlbiAsid(pmap.hwAsid);
  system.tlb.dsb();
  system.tlb.isb();
  system.asids.free(pmap.asid);
  system.pmaps.delete(pmap);
}

/** What TTBR0_EL1 holds while this pmap is active: root table and ASID, as 32-bit halves. */
export function pmapTtbr(pmap: Pmap): { readonly lo: number; readonly hi: number } {
  return {
    lo: pmap.root % 2 ** 32,
    hi: Math.floor(pmap.root / 2 ** 32) + pmap.hwAsid * 2 ** 16,
  };
}

/**
 * Make a pmap the active one: flushes its hardware ASID if another address space used it last.
 * XNU: pmap_switch. @returns the TTBR0_EL1 value to load
 */
export function pmapSwitch(pmap: Pmap): { readonly lo: number; readonly hi: number } {
  const { system } = pmap;
  const last = system.lastSwAsid[pmap.hwAsid]!;
  if (last !== pmap.swAsid) {
    if (last >= 0) {
      system.tlb.tlbiAsid(pmap.hwAsid);
      system.tlb.dsb();
    }
    system.lastSwAsid[pmap.hwAsid] = pmap.swAsid;
  }
  return pmapTtbr(pmap);
}

/** Highest address a user vm_map may use by default. XNU: pmap_max_offset, macOS. */
export function pmapMaxOffset(): VmOffset {
  return MACH_VM_MAX_ADDRESS;
}

/** Frame of a table page. */
export function framePpn(physical: number): Ppn {
  return Math.floor(physical / PAGE_SIZE) as Ppn;
}
