import { check } from "../../emulator/arch/check.js";
import { MACH_VM_MAX_ADDRESS, panic, type VmOffset } from "../types.js";
import { flushAllAsync, publishWrites, syncFlush } from "./flush.js";
import { PMAP_VA_BYTES, PT_ATTR_16K, PT_ATTR_4K, type PtAttr } from "./geometry.js";
import { newLedger, type PmapLedger } from "./ledger.js";
import {
  PMAP_CREATE_64BIT,
  PMAP_CREATE_DISABLE_JOP,
  PMAP_CREATE_FORCE_4K_PAGES,
  PMAP_CREATE_KNOWN_FLAGS,
  PMAP_TYPE_COMMPAGE,
  PMAP_TYPE_KERNEL,
  PMAP_TYPE_NESTED,
  PMAP_TYPE_USER,
  type PmapType,
} from "./options.js";
import type { NestedRegion } from "./nest.js";
import type { PmapSystem } from "./system.js";
import { allocateTable } from "./table-pages.js";
import { freeAllTables } from "./tables.js";

/** End of a 32-bit address space (VM_MAX_ADDRESS). */
const VM_MAX_32BIT = 0xf000_0000;

/** One address space's translation tables (struct pmap): a cache of its vm_map. */
export class Pmap {
  readonly system: PmapSystem;
  /** How its tables are built: pages of 16 KiB, or of 4 KiB. */
  readonly attr: PtAttr;
  /** USER when made; see pmapSetNested and the commpage for the others. */
  type: PmapType;
  /** Mappable addresses: [min, max). */
  readonly min: VmOffset;
  readonly max: VmOffset;
  /** PMAP_CREATE_* it was made with. */
  readonly flags: number;
  /** Physical address of the root table. */
  root = 0;
  /** Virtual ASID, or -1: the kernel, and pmaps that are never active. */
  asid: number;
  hwAsid: number;
  swAsid: number;
  refCount = 1;
  readonly ledger: PmapLedger = newLedger();
  /** Physical addresses of its tables, the root included. */
  readonly tables = new Set<number>();
  /** Free room for tables of 4 KiB in the frames it has. */
  readonly spareTables: number[] = [];
  /** The shared region this pmap shows, if any: see nest.ts. */
  nested: NestedRegion | null = null;
  /** NESTED: twigs (by number) whose mappings are no longer global. */
  readonly unnested = new Set<number>();
  /** The pmap whose pages the commpage's slot leads to, if it was put in. */
  commpage: Pmap | null = null;
  /** The twig the last lookup found a leaf table for, and that table. */
  cachedTwig = -1;
  cachedLeaf = 0;

  constructor(system: PmapSystem, type: PmapType, asid: number, flags: number) {
    this.system = system;
    this.type = type;
    this.attr = (flags & PMAP_CREATE_FORCE_4K_PAGES) !== 0 ? PT_ATTR_4K : PT_ATTR_16K;
    this.flags = flags;
    this.asid = asid;
    const split = asid < 0 ? { hw: 0, sw: 0 } : system.asids.split(asid);
    this.hwAsid = split.hw;
    this.swAsid = split.sw;
    this.min = (type === PMAP_TYPE_KERNEL ? -PMAP_VA_BYTES : 0) as VmOffset;
    const userMax = this.is64Bit ? PMAP_VA_BYTES : VM_MAX_32BIT;
    this.max = (type === PMAP_TYPE_KERNEL ? 0 : userMax) as VmOffset;
  }

  get isKernel(): boolean {
    return this.type === PMAP_TYPE_KERNEL;
  }

  get is64Bit(): boolean {
    return (this.flags & PMAP_CREATE_64BIT) !== 0;
  }

  /** Pointer authentication with the task's own keys is off. */
  get disableJop(): boolean {
    return (this.flags & PMAP_CREATE_DISABLE_JOP) !== 0;
  }

  /** Bytes of a page. */
  get pageSize(): number {
    return this.attr.pageBytes;
  }
}

/**
 * A new user address space, empty. XNU: pmap_create_options.
 * @param flags PMAP_CREATE_*; with FORCE_4K_PAGES its pages are 4 KiB
 * @param size 0; anything else is a guest's physical memory, which this machine has not
 * @returns null for a size or unknown flags, or when there is no ASID or no page for the root table
 */
export function pmapCreate(
  system: PmapSystem,
  flags: number = PMAP_CREATE_64BIT,
  size = 0,
): Pmap | null {
  if (size !== 0 || (flags & ~PMAP_CREATE_KNOWN_FLAGS) !== 0) return null;
  const asid = system.asids.allocate();
  if (asid === null) return null;
  const pmap = new Pmap(system, PMAP_TYPE_USER, asid, flags);
  const root = allocateTable(pmap, pmap.attr.rootLevel, 0);
  if (root === null) {
    system.asids.free(asid);
    return null;
  }
  pmap.root = root;
  system.pmaps.add(pmap);
  return pmap;
}

/** A new user address space with the page size and the options of another. */
export function pmapCreateLike(other: Pmap): Pmap | null {
  return pmapCreate(other.system, other.flags);
}

/** The kernel's pmap, translated by TTBR1. Made once, at boot. */
export function pmapCreateKernel(system: PmapSystem): Pmap {
  check(system.kernelPmap === null, "a second kernel pmap");
  const pmap = new Pmap(system, PMAP_TYPE_KERNEL, -1, PMAP_CREATE_64BIT);
  const root = allocateTable(pmap, pmap.attr.rootLevel, pmap.min);
  check(root !== null, "no memory for the kernel's root table");
  pmap.root = root;
  system.pmaps.add(pmap);
  system.kernelPmap = pmap;
  return pmap;
}

/** Give a pmap that is never active its ASID back. XNU: free_asid in pmap_set_nested. */
export function giveUpAsid(pmap: Pmap): void {
  if (pmap.asid < 0) return;
  pmap.system.asids.free(pmap.asid);
  pmap.asid = -1;
  pmap.hwAsid = 0;
  pmap.swAsid = 0;
}

/** XNU: pmap_reference. */
export function pmapReference(pmap: Pmap): void {
  check(pmap.refCount > 0, "reference to a dead pmap");
  pmap.refCount++;
}

/**
 * Drop a reference; the last one frees the tables and the ASID, and drops the reference on the
 * shared region. Everything mapped has been removed before. XNU: pmap_destroy.
 * @throws KernelPanic for the kernel's and the commpage's pmap, and where something is still mapped
 */
export function pmapDestroy(pmap: Pmap): void {
  if (pmap.isKernel) panic("pmap_destroy of the kernel pmap");
  if (pmap.type === PMAP_TYPE_COMMPAGE) panic("pmap_destroy of a commpage pmap");
  if (pmap.refCount <= 0) panic("pmap_destroy: reference underflow");
  pmap.refCount--;
  if (pmap.refCount > 0) return;
  const { system } = pmap;
  const { last } = system;
  // The tables of what was spliced in are not this pmap's: freeing its own leaves them alone.
  const region = pmap.nested;
  pmap.nested = null;
  pmap.commpage = null;
  // Nothing walks the tables of a pmap that is not active, but walks may be cached.
  publishWrites(system);
  flushAllAsync(pmap);
  syncFlush(system);
  freeAllTables(pmap);
  giveUpAsid(pmap);
  system.pmaps.delete(pmap);
  if (pmap.type === PMAP_TYPE_NESTED && last.nested === pmap) last.nested = null;
  if (region !== null && region.pmap !== pmap) pmapDestroy(region.pmap);
}

/** Highest address a user vm_map may use by default. XNU: pmap_max_offset, macOS. */
export function pmapMaxOffset(): VmOffset {
  return MACH_VM_MAX_ADDRESS;
}
