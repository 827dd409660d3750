import type { WaitResult } from "./blocking.js";
import { vmAssertConsistent, type VmRoots } from "./consistent.js";
import type { VmContext, VmCounters } from "./context.js";
import type { FaultEvent } from "./fault/event.js";
import { vmMapCreate } from "./map/lifecycle.js";
import type { VmMap } from "./map/map.js";
import { MEMORY_OBJECT_COPY_NONE, VmObject } from "./object/object.js";
import { ObjectSystem } from "./object/system.js";
import { PageTablePages } from "./page-tables.js";
import { PageQueues } from "./page/queues.js";
import type { PhysMemoryAccess, TlbSink } from "./platform.js";
import { pmapCreate, pmapCreateKernel, PmapSystem } from "./pmap/index.js";
import { SeededRandom } from "./random.js";
import {
  MACH_VM_MAX_ADDRESS,
  PAGE_SIZE,
  VM_MAX_KERNEL_ADDRESS,
  VM_MIN_ADDRESS,
  VM_MIN_KERNEL_ADDRESS,
  type Ppn,
  type VmOffset,
} from "./types.js";

/** What a machine gives its VM. */
export interface VmSystemOptions {
  readonly phys: PhysMemoryAccess;
  readonly tlb: TlbSink;
  /** Seed of every random choice. */
  readonly seed: number;
  /** Frames the embedder keeps for itself: the VM never touches them. Default: none. */
  readonly reservedFrames?: readonly Ppn[];
  /** Make runnable whoever sleeps on `channel`. */
  wakeup(channel: object, result?: WaitResult): void;
  /** EXC_GUARD for the current task. Default: nobody is told. */
  guardException?(map: VmMap, flavor: "DEALLOC_GAP", address: VmOffset): void;
}

/** The kernel's map ends where its last byte is; ranges here are half-open. */
const KERNEL_END = (VM_MAX_KERNEL_ADDRESS + 1) as VmOffset;

/**
 * One machine's VM: every frame, the kernel's map, and the objects only the kernel has. XNU: what
 * vm_mem_bootstrap sets up.
 */
export class VmSystem implements VmContext {
  readonly phys: PhysMemoryAccess;
  readonly pages: PageQueues;
  readonly pmaps: PmapSystem;
  readonly objects = new ObjectSystem();
  readonly counters: VmCounters = {
    faults: 0,
    cowFaults: 0,
    zeroFillCount: 0,
    pageins: 0,
    pageouts: 0,
    reactivations: 0,
    compressions: 0,
    decompressions: 0,
    purges: 0,
  };
  readonly kernelMap: VmMap;
  readonly kernelObject: VmObject;
  /** Holds the page-table pages. XNU: pmap_object. */
  readonly pmapObject: VmObject;
  faultSink: ((event: FaultEvent) => void) | null = null;
  readonly #options: VmSystemOptions;
  readonly #random: SeededRandom;
  #lastObjectId = 0;

  constructor(options: VmSystemOptions) {
    const { phys } = options;
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
    this.phys = phys;
    this.pages = new PageQueues(phys.firstPpn, phys.pageCount, new Set(options.reservedFrames));
    this.kernelObject = kernelOnlyObject(this, KERNEL_END - VM_MIN_KERNEL_ADDRESS);
    this.pmapObject = kernelOnlyObject(this, phys.pageCount * PAGE_SIZE);
    this.pmaps = new PmapSystem(phys, options.tlb, new PageTablePages(this, this.pmapObject));
    const kernelPmap = pmapCreateKernel(this.pmaps);
    this.kernelMap = vmMapCreate(
      this,
      kernelPmap,
      VM_MIN_KERNEL_ADDRESS,
      KERNEL_END,
      undefined,
      "kernel",
    );
  }

  nextObjectId(): number {
    this.#lastObjectId += 1;
    return this.#lastObjectId;
  }

  random32(): number {
    return this.#random.next32();
  }

  wakeup(channel: object, result?: WaitResult): void {
    this.#options.wakeup(channel, result);
  }

  guardException(map: VmMap, flavor: "DEALLOC_GAP", address: VmOffset): void {
    this.#options.guardException?.(map, flavor, address);
  }

  /**
   * An empty address space with its own pmap, [0, MACH_VM_MAX_ADDRESS). Keeping page zero free is
   * the loader's business (vmMapRaiseMinOffset).
   * @returns null when there is no memory for its root table, or no ASID
   */
  createTaskMap(owner = "task"): VmMap | null {
    const pmap = pmapCreate(this.pmaps);
    if (pmap === null) return null;
    return vmMapCreate(this, pmap, VM_MIN_ADDRESS, MACH_VM_MAX_ADDRESS, undefined, owner);
  }

  /**
   * Check everything global: frames, queues, objects, reverse mappings. With `roots`, every map and
   * copy there is, also that each object is reached as often as it is referenced.
   * @throws HostBug at the first thing that is wrong
   */
  assertConsistent(roots?: VmRoots): void {
    vmAssertConsistent(this, roots);
  }
}

/** An object of wired pages that nobody copies and nobody may fault on. */
function kernelOnlyObject(ctx: VmContext, sizeBytes: number): VmObject {
  const object = new VmObject(ctx, sizeBytes);
  object.copyStrategy = MEMORY_OBJECT_COPY_NONE;
  return object;
}
