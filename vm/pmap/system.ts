import { check } from "../../emulator/arch/check.js";
import type { PhysMemoryAccess, TlbSink } from "../platform.js";
import { PAGE_SIZE, type Ppn } from "../types.js";
import { AsidAllocator } from "./asid.js";
import {
  VM_WIMG_DEFAULT,
  PP_ATTR_REFERENCED,
  PP_ATTR_MODIFIED,
  PP_ATTR_REFFAULT,
  PP_ATTR_MODFAULT,
} from "./options.js";
import type { Pmap } from "./pmap.js";
import type { PvTable } from "./pv.js";
import { newPvTable } from "./pv.js";
import type { PageTableSource } from "./source.js";

/** One table page: whose it is, what it covers, and how full it is (struct pt_desc). */
export interface PtDesc {
  readonly pmap: Pmap;
  /** 1, 2 or 3. */
  readonly level: number;
  /** First virtual address the table covers. */
  readonly va: number;
  /** Leaf tables: entries that are not empty, compressed markers included; and wired ones. */
  refcnt: number;
  wiredcnt: number;
}

/** What all pmaps of a machine share: frame attributes, reverse mappings, ASIDs, page-table pages. */
export class PmapSystem {
  readonly phys: PhysMemoryAccess;
  readonly tlb: TlbSink;
  readonly source: PageTableSource;
  readonly firstPpn: Ppn;
  readonly pageCount: number;
  /** PP_ATTR_* bits by frame index (ppn - firstPpn). */
  readonly ppAttr: Uint16Array;
  readonly pv: PvTable;
  /** Table pages by frame number. */
  readonly tables = new Map<Ppn, PtDesc>();
  readonly asids = new AsidAllocator();
  /** Software ASID that last ran under each hardware ASID, or -1. */
  readonly lastSwAsid = new Int16Array(256).fill(-1);
  readonly pmaps = new Set<Pmap>();
  /** The pmap that TTBR1 translates; made by pmapCreateKernel at boot. */
  kernelPmap: Pmap | null = null;
  /** The entry the last pmapEnter or fast fault wrote: its value, and its physical address. */
  lastPteLo = 0;
  lastPteHi = 0;
  lastPtePa = 0;

  constructor(phys: PhysMemoryAccess, tlb: TlbSink, source: PageTableSource) {
    this.phys = phys;
    this.tlb = tlb;
    this.source = source;
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

  /** The descriptor of the table page that holds the entry at physical address `pa`. */
  tableOf(pa: number): PtDesc {
    const desc = this.tables.get(Math.floor(pa / PAGE_SIZE) as Ppn);
    check(desc !== undefined, "physical address is not in a page table", pa);
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
