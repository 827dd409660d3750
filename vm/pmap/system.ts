import { check } from "../../emulator/arch/check.js";
import type { PhysMemoryAccess, TlbSink } from "../platform.js";
import { PAGE_SIZE, type Ppn } from "../types.js";
import { AsidAllocator, type AsidBits } from "./asid.js";
import {
  VM_WIMG_DEFAULT,
  PP_ATTR_REFERENCED,
  PP_ATTR_MODIFIED,
  PP_ATTR_REFFAULT,
  PP_ATTR_MODFAULT,
} from "./options.js";
import type { Commpage } from "./commpage.js";
import type { Pmap } from "./pmap.js";
import type { PvTable } from "./pv.js";
import { newPvTable } from "./pv.js";
import type { PageTableSource } from "./source.js";

/** One table: whose it is, what it covers, and how full it is (struct pt_desc). */
export interface PtDesc {
  readonly pmap: Pmap;
  /** 0 to 3. */
  readonly level: number;
  /** First virtual address the table covers. */
  readonly va: number;
  /** Leaf tables: entries that are not empty, compressed markers included; and wired ones. */
  refcnt: number;
  wiredcnt: number;
}

/** A frame of tables: one of 16 KiB, or up to four of 4 KiB (null: not in use). */
export interface PtPage {
  /** Whose tables these are; null for a frame that roots of several pmaps share. */
  readonly owner: Pmap | null;
  readonly parts: (PtDesc | null)[];
}

/** What the CPU can do, as far as the pmap makes use of it. */
export interface PmapFeatures {
  /** Bits of an ASID. 8. */
  readonly asidBits?: AsidBits;
  /** TLBI by range (FEAT_TLBIRANGE). Yes. */
  readonly rangeTlbi?: boolean;
}

/** What the CPU last ran with: what it may still have in its TLB under a tag that is now another's. */
export interface LastActive {
  /** Software ASID that last ran under each hardware ASID, or -1. */
  readonly swAsid: Int16Array;
  nested: Pmap | null;
  commpage: Pmap | null;
}

/** What all pmaps of a machine share: frame attributes, reverse mappings, ASIDs, page-table pages. */
export class PmapSystem {
  readonly phys: PhysMemoryAccess;
  readonly tlb: TlbSink;
  readonly source: PageTableSource;
  readonly rangeTlbi: boolean;
  readonly firstPpn: Ppn;
  readonly pageCount: number;
  /** PP_ATTR_* bits by frame index (ppn - firstPpn). */
  readonly ppAttr: Uint16Array;
  readonly pv: PvTable;
  /** Table pages by frame number. */
  readonly tables = new Map<Ppn, PtPage>();
  /** Room for roots of 4 KiB in frames that have some already, by physical address. */
  readonly spareRoots: number[] = [];
  readonly asids: AsidAllocator;
  readonly last: LastActive;
  readonly pmaps = new Set<Pmap>();
  /** The pmap that TTBR1 translates; made by pmapCreateKernel at boot. */
  kernelPmap: Pmap | null = null;
  /** The commpage, where there is one; made by commpageCreate at boot. */
  commpage: Commpage | null = null;
  /** The entry the last pmapEnter or fast fault wrote: its value, and its physical address. */
  lastPteLo = 0;
  lastPteHi = 0;
  lastPtePa = 0;

  constructor(
    phys: PhysMemoryAccess,
    tlb: TlbSink,
    source: PageTableSource,
    features: PmapFeatures = {},
  ) {
    this.phys = phys;
    this.tlb = tlb;
    this.source = source;
    this.rangeTlbi = features.rangeTlbi ?? true;
    this.asids = new AsidAllocator(features.asidBits ?? 8);
    this.last = {
      swAsid: new Int16Array(this.asids.hwCount).fill(-1),
      nested: null,
      commpage: null,
    };
    this.firstPpn = phys.firstPpn;
    this.pageCount = phys.pageCount;
    this.ppAttr = new Uint16Array(phys.pageCount).fill(VM_WIMG_DEFAULT);
    this.pv = newPvTable(phys.pageCount);
  }

  /** True for frames the VM manages: those have attributes and reverse mappings. */
  isManaged(ppn: Ppn): boolean {
    return ppn >= this.firstPpn && ppn < this.firstPpn + this.pageCount;
  }

  /** Index of a managed frame in the per-frame arrays. */
  index(ppn: Ppn): number {
    return ppn - this.firstPpn;
  }

  /** The descriptor of the table that holds the entry at physical address `pa`. */
  tableOf(pa: number): PtDesc {
    const ppn = Math.floor(pa / PAGE_SIZE) as Ppn;
    const page = this.tables.get(ppn);
    const parts = page?.parts;
    const desc =
      parts === undefined
        ? null
        : parts[parts.length === 1 ? 0 : Math.floor((pa / PAGE_SIZE - ppn) * parts.length)];
    check(desc !== null && desc !== undefined, "physical address is not in a page table", pa);
    return desc;
  }

  writePte(pa: number, lo: number, hi: number): void {
    this.phys.writePte(pa, lo, hi);
  }
}

/**
 * A frame was taken from the free list: its referenced and modified state starts clear.
 * Differs from XNU, which leaves the bits of the frame's former life (the specification allows either).
 */
export function pmapPageGrabbed(system: PmapSystem, ppn: Ppn): void {
  system.ppAttr[system.index(ppn)]! &= ~(
    PP_ATTR_REFERENCED |
    PP_ATTR_MODIFIED |
    PP_ATTR_REFFAULT |
    PP_ATTR_MODFAULT
  );
}
