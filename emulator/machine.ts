import { cpuModel, type CpuConfig, type CpuModelName } from "./arch/cpu-model.js";
import { EC_HVC64, EC_SMC64, esrClass, esrIss } from "./arch/esr.js";
import { takeException, exceptionReturn, type Vector } from "./cpu/exception.js";
import { CpuState } from "./cpu/state.js";
import { decoderFor } from "./isa/table.js";
import { Engine, type TranslationCounters } from "./jit/engine.js";
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
  /** What the numbers of RNDR and RNDRRS start from: 32 bits. 0. */
  readonly seed?: number;
  /** Answers HVC or SMC, which are UNDEFINED otherwise: there is no EL2 and no EL3. */
  readonly firmware?: Firmware;
}

/** What stands for firmware (PSCI, SMCCC): called between two instructions. */
export interface Firmware {
  readonly conduit: "hvc" | "smc";
  /** The registers hold the call's arguments, the PC is behind the instruction. */
  call(cpu: CpuState, immediate: number): void;
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
  readonly #firmware: Firmware | null;

  constructor(options: MachineOptions = {}) {
    this.memory = new PhysMemory(
      options.ramBytes ?? DEFAULT_RAM_BYTES,
      options.ramBase ?? DEFAULT_RAM_BASE,
    );
    this.cpuModel = options.cpuModel ?? "max";
    this.#firmware = options.firmware ?? null;
    const config: CpuConfig = {
      model: cpuModel(this.cpuModel),
      conduit: options.firmware?.conduit ?? "none",
      seed: (options.seed ?? 0) >>> 0,
    };
    this.cpu = new CpuState(this.memory, config);
    this.cpu.fpsrExact = options.fpsr === "exact";
    this.mmu = new Mmu(this.memory, this.cpu);
    this.#engine = new Engine(this.memory, this.cpu, this.mmu, decoderFor(this.cpuModel));
    this.#vectors = options.exceptions !== "host";
  }

  /** Instructions executed since the machine was made. */
  get instructionsExecuted(): number {
    return this.cpu.instructionCount;
  }

  /** Regions translated so far, guest instructions in them, dispatcher lookups. */
  get translationCounters(): TranslationCounters {
    return this.#engine.counters;
  }

  /**
   * Execute at most `maxInstructions`, exactly counted. An exception taken by the very instruction that an
   * exception led to, as when there is no vector table, counts as one too: `run` always returns.
   */
  run(maxInstructions: number): RunExit {
    let left = maxInstructions;
    let isInVector = false;
    for (;;) {
      const start = this.cpu.instructionCount;
      const exit = this.#engine.run(left);
      const executed = this.cpu.instructionCount - start;
      left -= isInVector && executed === 0 ? 1 : executed;
      if (exit.kind !== "exception") return exit;
      if (this.#callsFirmware(exit.exception.esr)) {
        isInVector = false;
      } else {
        takeException(this.cpu, exit.exception, this.#vectors);
        if (!this.#vectors) return { kind: "exception", vector: exit.exception.vector };
        isInVector = true;
      }
      this.#engine.contextChanged();
      if (left <= 0) return { kind: "budget" };
    }
  }

  /** HVC and SMC come here only when they are the firmware's conduit. */
  #callsFirmware(esr: number): boolean {
    const ec = esrClass(esr);
    if (this.#firmware === null || (ec !== EC_HVC64 && ec !== EC_SMC64)) return false;
    this.#firmware.call(this.cpu, esrIss(esr) & 0xffff);
    return true;
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

  /**
   * The embedder wrote guest memory at a physical address: code translated from it is stale, and an
   * exclusive store that is under way fails, as it would after another CPU's store.
   */
  notifyWrite(physical: number, bytes: number): void {
    this.cpu.clearExclusive();
    this.#engine.noteWrite(physical, bytes);
  }

  /** What an instruction word is called in the table, or null: UNDEFINED. */
  describeInstruction(word: number): string | null {
    return decoderFor(this.cpuModel).allocated(word)?.row.name ?? null;
  }
}
