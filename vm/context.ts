import type { WaitResult } from "./blocking.js";
import type { Compressor } from "./compressor/compressor.js";
import type { FaultEvent, FaultType } from "./fault/event.js";
import type { VmMap } from "./map/map.js";
import type { MapThread } from "./map/switch.js";
import type { VmObject } from "./object/object.js";
import type { VmTask } from "./object/ownership.js";
import type { PurgeableQueues } from "./object/purgeable.js";
import type { ObjectSystem } from "./object/system.js";
import type { PageoutState } from "./page/laundry.js";
import type { PressureLevel } from "./page/pressure.js";
import type { PageQueues } from "./page/queues.js";
import type { PmapSystem } from "./pmap/system.js";
import type { PhysMemoryAccess } from "./platform.js";
import type { VmOffset } from "./types.js";

/** Event counts of the whole machine (struct vm_statistics64), since boot. */
export interface VmCounters {
  faults: number;
  cowFaults: number;
  zeroFillCount: number;
  pageins: number;
  pageouts: number;
  reactivations: number;
  compressions: number;
  decompressions: number;
  /** Pages read from and written to swap, whole segments at a time. */
  swapins: number;
  swapouts: number;
  purges: number;
}

/**
 * One machine's VM: what XNU keeps in globals. Everything in `vm/` reaches shared state through
 * the context of the map or object at hand, so several machines live side by side in one process.
 */
export interface VmContext {
  readonly phys: PhysMemoryAccess;
  readonly pages: PageQueues;
  readonly pmaps: PmapSystem;
  readonly objects: ObjectSystem;
  readonly counters: VmCounters;
  readonly compressor: Compressor;
  /** False on a machine that was told not to compress: written anonymous memory stays resident. */
  readonly compressorActive: boolean;
  readonly pageout: PageoutState;
  readonly purgeable: PurgeableQueues;
  /** The kernel's own map and the objects no user maps (set once at boot). */
  readonly kernelMap: VmMap;
  readonly kernelObject: VmObject;
  /** Owner of the kernel's memory, and of what lost its owner (kernel_task). */
  readonly kernelTask: VmTask;
  /** The task that asks for something now; null when nobody knows (current_task). */
  currentTask(): VmTask | null;
  /** The thread on whose behalf the kernel works; null where nobody has threads. */
  currentThread(): MapThread | null;
  nextObjectId(): number;
  /** Seeded random 32-bit number (VM_FLAGS_RANDOM_ADDR, ASLR). */
  random32(): number;
  /** Nanoseconds since boot, by the machine's own clock. */
  now(): number;
  /** Memory is wanted and nothing can be freed: end a task. */
  memoryShortage(): void;
  /** Memory got shorter, or there is more of it again. */
  pressureChanged(now: PressureLevel, old: PressureLevel): void;
  /** Wake whoever sleeps on `channel`. */
  wakeup(channel: object, result?: WaitResult): void;
  /** A guard exception for the current task (EXC_GUARD): flavour and the address it reports. */
  guardException(map: VmMap, flavor: "DEALLOC_GAP", address: VmOffset): void;
  /** Called for each finished vm_fault when somebody traces; null costs nothing. */
  faultSink: ((event: FaultEvent) => void) | null;
  /** Type of the vm_fault that finished last, 0 for none yet: for who asked for it, at no cost. */
  lastFaultType: FaultType | 0;
}
