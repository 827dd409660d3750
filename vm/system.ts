import type { Blocking, WaitResult } from "./blocking.js";
import { Compressor, MemorySwap, vmCompactorDaemon, C_SEG_BUFSIZE } from "./compressor/index.js";
import type { SwapStore } from "./compressor/swap.js";
import { vmAssertConsistent, type VmRoots } from "./consistent.js";
import type { VmContext, VmCounters } from "./context.js";
import type { FaultEvent, FaultType } from "./fault/event.js";
import { vmMapCreate } from "./map/lifecycle.js";
import type { VmMap } from "./map/map.js";
import type { MapThread } from "./map/switch.js";
import { MEMORY_OBJECT_COPY_NONE, VmObject } from "./object/object.js";
import { VmTask } from "./object/ownership.js";
import { PurgeableQueues } from "./object/purgeable.js";
import { vmObjectReaperDaemon } from "./object/reaper.js";
import { ObjectSystem } from "./object/system.js";
import { PageTablePages } from "./page-tables.js";
import { vmPageoutExternalDaemon, vmPageoutInternalDaemon } from "./page/iothread.js";
import { PageoutState } from "./page/laundry.js";
import { vmPageoutDaemon } from "./page/pageout.js";
import type { PressureLevel } from "./page/pressure.js";
import { defaultPageQueues, PageQueues, type PageQueueOptions } from "./page/queues.js";
import type { PhysMemoryAccess, TlbSink } from "./platform.js";
import {
  PMAP_CREATE_64BIT,
  PMAP_CREATE_FORCE_4K_PAGES,
  pmapCreate,
  pmapCreateKernel,
  PmapSystem,
} from "./pmap/index.js";
import { SeededRandom } from "./random.js";
import {
  MACH_VM_MAX_ADDRESS,
  PAGE_SHIFT,
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
  /** Anonymous memory is compressed when memory is short. Default: yes. */
  readonly compressor?: boolean;
  /** Where compressed memory goes when it is too much; null: it stays. Default: the host's memory. */
  readonly swap?: SwapStore | null;
  /** Lists of free and of fresh pages the machine keeps; see PageQueueOptions. Default: by RAM. */
  readonly pageQueues?: Omit<PageQueueOptions, "startsZero">;
  /** Nanoseconds since boot. Default: time stands still. */
  now?(): number;
  /** Somebody waits for memory and nothing can be freed. Default: nothing happens. */
  memoryShortage?(): void;
  /** Memory got shorter, or there is more of it again (VM_PRESSURE_*). Default: nobody is told. */
  pressureChanged?(now: PressureLevel, old: PressureLevel): void;
  /** Make runnable whoever sleeps on `channel`. */
  wakeup(channel: object, result?: WaitResult): void;
  /** The task that asks for something now. Default: whose map it is about. */
  currentTask?(): VmTask | null;
  /** The thread on whose behalf the kernel works. Default: there are none. */
  currentThread?(): MapThread | null;
  /** EXC_GUARD for the current task. Default: nobody is told. */
  guardException?(map: VmMap, flavor: "DEALLOC_GAP", address: VmOffset): void;
}

/**
 * A kernel thread of the VM: work that never ends. Whoever has the machine runs these like any other
 * thread, from boot on, and before users' threads.
 */
export interface VmDaemon {
  readonly name: string;
  readonly work: Blocking<void>;
}

/** Swap in the host's memory: so many times RAM, and at most so many bytes. */
const MEMORY_SWAP_TIMES = 8;
const MEMORY_SWAP_LIMIT = 2 ** 30;

function defaultSwap(ramBytes: number): SwapStore {
  const bytes = Math.min(ramBytes * MEMORY_SWAP_TIMES, MEMORY_SWAP_LIMIT);
  return new MemorySwap(Math.floor(bytes / C_SEG_BUFSIZE));
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
    swapins: 0,
    swapouts: 0,
    purges: 0,
  };
  readonly pageout = new PageoutState();
  readonly purgeable = new PurgeableQueues();
  readonly kernelTask = new VmTask();
  readonly compressor: Compressor;
  readonly compressorActive: boolean;
  /** The kernel threads to run; see VmDaemon. */
  readonly daemons: readonly VmDaemon[];
  readonly kernelMap: VmMap;
  readonly kernelObject: VmObject;
  /** Holds the page-table pages. XNU: pmap_object. */
  readonly pmapObject: VmObject;
  /** Holds the frames of compressed memory. XNU: compressor_object. */
  readonly compressorObject: VmObject;
  faultSink: ((event: FaultEvent) => void) | null = null;
  lastFaultType: FaultType | 0 = 0;
  readonly #options: VmSystemOptions;
  readonly #random: SeededRandom;
  #lastObjectId = 0;

  constructor(options: VmSystemOptions) {
    const { phys } = options;
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
    this.phys = phys;
    this.pages = new PageQueues(phys.firstPpn, phys.pageCount, new Set(options.reservedFrames), {
      ...(options.pageQueues ?? defaultPageQueues(phys.pageCount)),
      startsZero: phys.startsZero ?? false,
    });
    this.kernelObject = kernelOnlyObject(this, KERNEL_END - VM_MIN_KERNEL_ADDRESS);
    this.pmapObject = kernelOnlyObject(this, phys.pageCount * PAGE_SIZE);
    this.compressorObject = kernelOnlyObject(this, phys.pageCount * PAGE_SIZE);
    const swap =
      options.swap === undefined ? defaultSwap(phys.pageCount * PAGE_SIZE) : options.swap;
    this.compressor = new Compressor(this, this.compressorObject, swap);
    this.compressorActive = options.compressor ?? true;
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
    this.kernelMap.owningTask = this.kernelTask;
    this.daemons = [
      { name: "pageout", work: vmPageoutDaemon(this) },
      { name: "pageout internal", work: vmPageoutInternalDaemon(this) },
      { name: "pageout external", work: vmPageoutExternalDaemon(this) },
      { name: "compactor", work: vmCompactorDaemon(this.compressor) },
      { name: "object reaper", work: vmObjectReaperDaemon(this) },
    ];
  }

  now(): number {
    return this.#options.now?.() ?? 0;
  }

  memoryShortage(): void {
    this.#options.memoryShortage?.();
  }

  pressureChanged(now: PressureLevel, old: PressureLevel): void {
    this.#options.pressureChanged?.(now, old);
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

  currentTask(): VmTask | null {
    return this.#options.currentTask?.() ?? null;
  }

  currentThread(): MapThread | null {
    return this.#options.currentThread?.() ?? null;
  }

  guardException(map: VmMap, flavor: "DEALLOC_GAP", address: VmOffset): void {
    this.#options.guardException?.(map, flavor, address);
  }

  /**
   * An empty address space with its own pmap, [0, MACH_VM_MAX_ADDRESS). Keeping page zero free is
   * the loader's business (vmMapRaiseMinOffset).
   * @param pageShift log2 of its page size: 14, or 12 for pages of 4 KiB
   * @returns null when there is no memory for its root table, or no ASID
   */
  createTaskMap(owner = "task", pageShift: 12 | 14 = PAGE_SHIFT): VmMap | null {
    const small = pageShift < PAGE_SHIFT ? PMAP_CREATE_FORCE_4K_PAGES : 0;
    const pmap = pmapCreate(this.pmaps, PMAP_CREATE_64BIT | small);
    if (pmap === null) return null;
    const map = vmMapCreate(this, pmap, VM_MIN_ADDRESS, MACH_VM_MAX_ADDRESS, undefined, owner);
    map.pageShift = pageShift;
    map.owningTask = new VmTask();
    return map;
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
