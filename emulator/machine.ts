import type { CpuModelName } from "./arch/cpu-model.js";
import { takeException, exceptionReturn, type Vector } from "./cpu/exception.js";
import { CpuState } from "./cpu/state.js";
import { decoderFor } from "./isa/table.js";
import { Engine } from "./jit/engine.js";
import { Mmu } from "./mmu/mmu.js";
import { DEFAULT_RAM_BASE, PhysMemory } from "./mmu/phys-memory.js";

export interface MachineOptions {
  /** RAM in bytes, a multiple of 64 KiB. 256 MiB. */
  readonly ramBytes?: number;
  /** Physical address of the first byte of RAM. */
  readonly ramBase?: number;
  /**
   * Who handles exceptions taken to EL1: the guest's vectors ("vectors", the default), or the
   * embedder between two runs ("host").
   */
  readonly exceptions?: "host" | "vectors";
  /** Which CPU: "max" (Armv8.6-A, the default), "cortex-a57" (Armv8.0-A) or "apple-m1". */
  readonly cpuModel?: CpuModelName;
  /**
   * When FPSR's cumulative flags become exact: "lazy" (the default) from the guest's first access to
   * FPSR on, "exact" from the start. Exact flags cost speed.
   */
  readonly fpsr?: "lazy" | "exact";
}

/** Why `run` came back. The state is exact in every case. */
export type RunExit =
  /** Host mode: an exception has been taken to EL1 (ELR, SPSR, ESR, FAR set); the PC has not moved. */
  | { readonly kind: "exception"; readonly vector: Vector }
  /** The instruction limit was reached. */
  | { readonly kind: "budget" }
  /** `stop` was called. */
  | { readonly kind: "stopped" };

const DEFAULT_RAM_BYTES = 256 * 2 ** 20;

/** One CPU with its MMU and memory. Knows nothing of any operating system. */
export class Machine {
  readonly memory: PhysMemory;
  readonly cpu: CpuState;
  readonly mmu: Mmu;
  readonly cpuModel: CpuModelName;
  readonly #engine: Engine;
  readonly #vectors: boolean;

  constructor(options: MachineOptions = {}) {
    this.memory = new PhysMemory(
      options.ramBytes ?? DEFAULT_RAM_BYTES,
      options.ramBase ?? DEFAULT_RAM_BASE,
    );
    this.cpu = new CpuState(this.memory);
    this.cpu.fpsrExact = options.fpsr === "exact";
    this.mmu = new Mmu(this.memory, this.cpu);
    this.cpuModel = options.cpuModel ?? "max";
    this.#engine = new Engine(this.memory, this.cpu, this.mmu, decoderFor(this.cpuModel));
    this.#vectors = options.exceptions !== "host";
  }

  /** Instructions executed since the machine was made. */
  get instructionsExecuted(): number {
    return this.cpu.instructionCount;
  }

  /** Regions translated so far, guest instructions in them, dispatcher lookups. */
  get translationCounters(): Readonly<Engine["counters"]> {
    return this.#engine.counters;
  }

  /** Execute at most `maxInstructions`, exactly counted. */
  run(maxInstructions: number): RunExit {
    let left = maxInstructions;
    for (;;) {
      const start = this.cpu.instructionCount;
      const exit = this.#engine.run(left);
      left -= this.cpu.instructionCount - start;
      if (exit.kind !== "exception") return exit;
      takeException(this.cpu, exit.exception, this.#vectors);
      if (!this.#vectors) return { kind: "exception", vector: exit.exception.vector };
      this.#engine.contextChanged();
      if (left <= 0) return { kind: "budget" };
    }
  }

  /** Execute one instruction. */
  step(): RunExit {
    return this.run(1);
  }

  /** Return from EL1 on the embedder's behalf: PC from ELR_EL1, PSTATE from SPSR_EL1. */
  eret(): void {
    exceptionReturn(this.cpu);
  }

  /** Make `run` come back soon; for use from another callback. */
  stop(): void {
    this.#engine.stop();
  }

  /**
   * System registers that control translation were changed by the embedder: TTBR0_EL1, TCR_EL1,
   * SCTLR_EL1, ... The TLB keeps its entries: maintenance is the embedder's, as on hardware.
   */
  contextChanged(): void {
    this.#engine.contextChanged();
  }

  /** The embedder wrote guest memory at a physical address: code translated from it is stale. */
  notifyWrite(physical: number, bytes: number): void {
    this.#engine.noteWrite(physical, bytes);
  }

  /** What an instruction word is called in the table, or null: UNDEFINED. */
  describeInstruction(word: number): string | null {
    return decoderFor(this.cpuModel).allocated(word)?.row.name ?? null;
  }
}
