import type { CpuModelName } from "./arch/cpu-model.js";
import type { Exception } from "./cpu/exception.js";
import type { CpuState } from "./cpu/state.js";
import type { Bus } from "./devices/bus.js";
import type { Access } from "./mmu/access.js";
import type { Mmu } from "./mmu/mmu.js";
import type { PhysMemory } from "./mmu/phys-memory.js";

/** What a run of the engine ended with. The state block is exact in every case. */
export type EngineExit =
  /** The instruction limit was reached. */
  | { readonly kind: "budget" }
  /** `stop` was called. */
  | { readonly kind: "stopped" }
  /** An exception to EL1 is due; it is not taken yet, and the PC is its preferred return address. */
  | { readonly kind: "exception"; readonly exception: Exception }
  /** A device was accessed, or a timer set: what happens when must be worked out again. */
  | { readonly kind: "attention" }
  /** WFI. The PC is behind it. */
  | { readonly kind: "wait" };

/** Event counts since the engine was made. */
export interface EngineCounters {
  readonly regions: number;
  /** Guest instructions in the regions. */
  readonly instructions: number;
  /** WebAssembly modules the regions are in. */
  readonly modules: number;
  /** How often all translations were forgotten for want of room. */
  readonly flushes: number;
  /** How often translated code asked the dispatcher where to go on. */
  readonly lookups: number;
  /** How often the links between regions were dropped. */
  readonly linkDrops: number;
}

/**
 * Called for every data access of the guest, reads and writes, before it is made.
 * @param vaLo first address, low half; `vaHi` high half
 * @param bytes 1 to 64
 * @param host byte offset into the WebAssembly memory where the data is: what will be read, or what
 *   will be written
 */
export type AccessHook = (
  access: Access,
  vaLo: number,
  vaHi: number,
  bytes: number,
  host: number,
) => void;

/**
 * What a `Machine` needs of the thing that executes instructions. The registers are in the state block
 * (cpu/state-layout.ts) whenever the host is in control; translations of addresses come from the
 * MMU, which tells its losses through `Mmu.onExecutedDropped` and `Mmu.onDropped`.
 */
export interface CpuEngine {
  readonly counters: Readonly<EngineCounters>;
  /** Execute at most `limit` instructions from the current state, counted in `CpuState.instructionCount`. */
  run(limit: number): EngineExit;
  /** Come back from `run` at the next opportunity. */
  stop(): void;
  /** Control registers, EL or PAN were changed by the host. */
  contextChanged(): void;
  /** Let the MMU translate under the control registers as they are now; `run` does it by itself. */
  enterContext(): void;
  /** Physical memory was written by the host: what was made from it is stale. */
  noteWrite(physical: number, bytes: number): void;
  /**
   * Call `hook` for every data access from the next `run` on, or never again (null). In the hook the
   * registers can be read: they are those before the instruction.
   */
  setAccessHook(hook: AccessHook | null): void;
}

/** What an engine works on. */
export interface EngineParts {
  readonly memory: PhysMemory;
  readonly cpu: CpuState;
  readonly mmu: Mmu;
  /** What answers outside RAM. */
  readonly bus: Bus;
  readonly cpuModel: CpuModelName;
  /** Whether stores reach the instruction stream without the maintenance the architecture asks for. */
  readonly icache: "coherent" | "architectural";
  /** Upper bound of translated code, bytes; null: the engine's own. */
  readonly codeCacheBytes: number | null;
}
