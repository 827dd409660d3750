import { check } from "./arch/check.js";
import { cpuModel, type CpuConfig, type CpuModelName } from "./arch/cpu-model.js";
import { EC_HVC64, EC_SMC64, esrClass, esrIss } from "./arch/esr.js";
import { exceptionReturn, takeException, type Exception, type Vector } from "./cpu/exception.js";
import type { CpuState } from "./cpu/state.js";
import type { AccessHook, CpuEngine, EngineCounters, EngineExit, EngineParts } from "./engine.js";
import { askHooks } from "./exception-hooks.js";
import { Hooks, type Hook, type HookHandlers, type HookKind, type HookRange } from "./hooks.js";
import { decoderFor } from "./isa/table.js";
import { Engine } from "./jit/engine.js";
import { ACCESS_WRITE } from "./mmu/access.js";
import { Mmu } from "./mmu/mmu.js";
import { DEFAULT_RAM_BASE, PhysMemory } from "./mmu/phys-memory.js";
import type { TlbOptions } from "./mmu/tlb-options.js";
import {
  watchMmu,
  type MmuMode,
  type MmuReport,
  type MmuSanitizer,
  type SanitizerOptions,
} from "./mmu/sanitizer/index.js";
import { Cpu, type CpuContext } from "./registers.js";
import { Tracer } from "./tracer.js";
import {
  addressOf,
  readVirtual,
  writeVirtual,
  type MemoryFault,
  type VirtualRead,
} from "./virtual-memory.js";

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
  /**
   * "coherent": code that is overwritten is executed as it is now, always. "architectural" (the default): for
   * certain only after the maintenance the architecture asks for, IC IVAU and ISB.
   */
  readonly icache?: "coherent" | "architectural";
  /** Upper bound of translated code, bytes: by estimate; all are made again when it is reached. 512 MiB. */
  readonly codeCacheBytes?: number;
  /** Shape and ways of the TLB (mmu/tlb-options.ts). */
  readonly tlb?: TlbOptions;
  /**
   * "strict": what the guest does with its translation tables is checked against the architecture
   * (`mmuReports`); `{ adversarial: seed }`: and hardware's freedom is used against it. "plain" by default.
   * The translating engine only.
   */
  readonly mmu?: MmuMode;
  /** Told of every new report, and asked what the host is doing. */
  readonly mmuReporting?: SanitizerOptions;
  /** What executes instructions: `translatingEngine` (the default), or another one. */
  readonly engine?: (parts: EngineParts) => CpuEngine;
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
  | { readonly kind: "stopped" }
  /** `runUntil` came to its address: the instruction there is not executed. */
  | { readonly kind: "reached" };

const DEFAULT_RAM_BYTES = 256 * 2 ** 20;
const ASKED: readonly HookKind[] = ["unmapped", "protected", "invalid", "exception"];
const BUDGET: RunExit = { kind: "budget" };
const STOPPED: RunExit = { kind: "stopped" };

/** The engine that translates to WebAssembly. */
export function translatingEngine(parts: EngineParts): CpuEngine {
  return new Engine(parts.memory, parts.cpu, parts.mmu, decoderFor(parts.cpuModel), parts);
}

/** One CPU with its MMU and memory. Knows nothing of any operating system. */
export class Machine {
  readonly memory: PhysMemory;
  readonly cpu: Cpu;
  readonly mmu: Mmu;
  /** Checks the use of translation tables; null in plain mode. */
  readonly mmuSanitizer: MmuSanitizer | null;
  readonly cpuModel: CpuModelName;
  readonly icache: "coherent" | "architectural";
  readonly codeCacheBytes: number | null;
  readonly #engine: CpuEngine;
  readonly #vectors: boolean;
  readonly #firmware: Firmware | null;
  readonly #hooks = new Hooks();
  readonly #tracer: Tracer;
  #running = false;
  #inEngine = false;
  #stopRequested = false;
  /** There are hooks that want to be asked about exceptions. */
  #asking = false;
  /** The exception a hook dealt with last, and when: the same again without progress is taken. */
  #handled = "";

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
    this.cpu = new Cpu(this.memory, config);
    this.cpu.fpsrExact = options.fpsr === "exact";
    this.mmu = new Mmu(this.memory, this.cpu, config.model, options.tlb);
    this.icache = options.icache ?? "architectural";
    this.codeCacheBytes = options.codeCacheBytes ?? null;
    this.#engine = (options.engine ?? translatingEngine)(this);
    this.#vectors = options.exceptions !== "host";
    this.#tracer = new Tracer({
      cpu: this.cpu,
      mmu: this.mmu,
      engine: {
        enterContext: () => {
          this.#engine.enterContext();
        },
        run: (limit) => this.#runEngine(limit),
      },
      decoder: decoderFor(this.cpuModel),
      hooks: this.#hooks,
      stopRequested: () => this.#stopRequested,
    });
    const { mmu = "plain", mmuReporting = {} } = options;
    this.mmuSanitizer = watchMmu(this.mmu, this.cpu, mmu, mmuReporting);
    this.cpu.onControlWrite = () => {
      this.#engine.contextChanged();
    };
  }

  /** Instructions executed since the machine was made. */
  get instructionsExecuted(): number {
    return this.cpu.instructionCount;
  }

  /** Regions translated so far, guest instructions in them, dispatcher lookups. */
  get translationCounters(): Readonly<EngineCounters> {
    return this.#engine.counters;
  }

  /** What was found about the use of translation tables, each once. */
  get mmuReports(): readonly MmuReport[] {
    return this.mmuSanitizer?.reports ?? [];
  }

  // Running

  /**
   * Execute at most `maxInstructions`, exactly counted. An exception taken by the very instruction that an
   * exception led to, as when there is no vector table, counts as one too: `run` always returns.
   */
  run(maxInstructions: number): RunExit {
    return this.#run(maxInstructions, null);
  }

  /** Execute until the PC is `address`, but at most `maxInstructions`. */
  runUntil(address: bigint, maxInstructions: number): RunExit {
    return this.#run(maxInstructions, BigInt.asUintN(64, address));
  }

  /** Execute one instruction. */
  step(): RunExit {
    return this.run(1);
  }

  /**
   * Make `run` come back as soon as the current instruction is finished: from a hook, or from another
   * callback of a run. Without a run going on it does nothing.
   */
  stop(): void {
    if (!this.#running) return;
    this.#stopRequested = true;
    if (this.#inEngine) this.#engine.stop();
  }

  #run(maxInstructions: number, until: bigint | null): RunExit {
    check(!this.#running, "run called while the machine runs");
    this.#running = true;
    this.#stopRequested = false;
    try {
      return this.#runOn(maxInstructions, until);
    } finally {
      this.#running = false;
    }
  }

  #runOn(maxInstructions: number, until: bigint | null): RunExit {
    let left = maxInstructions;
    let isInVector = false;
    for (;;) {
      const start = this.cpu.instructionCount;
      const traced = until !== null || this.#hooks.has("code") || this.#hooks.has("block");
      const exit = traced ? this.#tracer.run(left, until) : this.#runEngine(left);
      const executed = this.cpu.instructionCount - start;
      left -= isInVector && executed === 0 ? 1 : executed;
      if (exit.kind !== "exception") return exit;
      isInVector = false;
      if (!this.#dealtWith(exit.exception)) {
        if (!this.#callsFirmware(exit.exception.esr)) {
          takeException(this.cpu, exit.exception, this.#vectors);
          this.mmu.synchronized("exception");
          if (!this.#vectors) return { kind: "exception", vector: exit.exception.vector };
          isInVector = true;
        }
        this.#engine.contextChanged();
      }
      if (this.#stopRequested) return STOPPED;
      if (left <= 0) return BUDGET;
    }
  }

  /** HVC and SMC come here only when they are the firmware's conduit. */
  #callsFirmware(esr: number): boolean {
    const ec = esrClass(esr);
    if (this.#firmware === null || (ec !== EC_HVC64 && ec !== EC_SMC64)) return false;
    this.#firmware.call(this.cpu, esrIss(esr) & 0xffff);
    return true;
  }

  #runEngine(limit: number): EngineExit {
    this.#inEngine = true;
    try {
      return this.#engine.run(limit);
    } finally {
      this.#inEngine = false;
    }
  }

  /** Whether a hook takes care of an exception. What it did not cure it is not asked about again. */
  #dealtWith(exception: Exception): boolean {
    if (!this.#asking) return false;
    const { cpu } = this;
    const { esr, far } = exception;
    const what = `${cpu.instructionCount} ${cpu.pc} ${esr} ${far?.lo} ${far?.hi}`;
    if (what === this.#handled) return false;
    const word = (): number => {
      const read = this.readVirtual(cpu.pc, 4);
      return read.ok ? new DataView(read.bytes.buffer).getUint32(0, true) : 0;
    };
    const handled = askHooks(this.#hooks, exception, cpu.pc, word);
    this.#handled = handled ? what : "";
    return handled;
  }

  /** Return from EL1 on the embedder's behalf: PC from ELR_EL1, PSTATE from SPSR_EL1. */
  eret(): void {
    exceptionReturn(this.cpu);
    this.mmu.synchronized("eret");
  }

  // Hooks

  /**
   * Call `handler` whenever something happens (see `HookHandlers`). Hooks of the same kind are called in
   * the order they were set. While none is set none costs anything.
   * @param range addresses the hook is for; every address by default
   * @returns what `unhook` wants
   */
  hook<K extends HookKind>(kind: K, handler: HookHandlers[K], range?: HookRange): Hook {
    const hook = this.#hooks.add(kind, handler, range);
    this.#hooksChanged();
    return hook;
  }

  /** Remove a hook. @returns false if it was not set */
  unhook(hook: Hook): boolean {
    const removed = this.#hooks.remove(hook);
    this.#hooksChanged();
    return removed;
  }

  #hooksChanged(): void {
    const wanted = this.#hooks.has("read") || this.#hooks.has("write");
    this.#engine.setAccessHook(wanted ? this.#observe : null);
    this.#asking = ASKED.some((kind) => this.#hooks.has(kind));
  }

  readonly #observe: AccessHook = (access, vaLo, vaHi, bytes, host) => {
    const kind = access === ACCESS_WRITE ? "write" : "read";
    if (!this.#hooks.has(kind)) return;
    let value = 0n;
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.memory.u8[host + i]!);
    const address = addressOf(vaLo, vaHi);
    this.#hooks.tell(kind, address, { address, size: bytes, value });
  };

  // State

  /** Everything the CPU holds. Memory and the TLB are not part of it. */
  saveContext(): CpuContext {
    return this.cpu.saveAll();
  }

  /** Put a context back. The TLB is emptied: it may belong to other translation tables. */
  restoreContext(context: CpuContext): void {
    this.cpu.restoreAll(context);
    this.mmu.barrier({ kind: "dsb", accesses: "all" });
    this.mmu.tlbiAll();
    this.mmu.barrier({ kind: "dsb", accesses: "all" });
    this.#engine.contextChanged();
  }

  /**
   * System registers that control translation were changed by the embedder: TTBR0_EL1, TCR_EL1,
   * SCTLR_EL1, ... The TLB keeps its entries: maintenance is the embedder's, as on hardware.
   */
  contextChanged(): void {
    this.#engine.contextChanged();
  }

  // Memory

  /**
   * The embedder wrote guest memory at a physical address: code translated from it is stale, and an
   * exclusive store that is under way fails, as it would after another CPU's store.
   */
  notifyWrite(physical: number, bytes: number): void {
    this.cpu.clearExclusive();
    this.#engine.noteWrite(physical, bytes);
    this.mmu.noteWrite(physical, bytes);
  }

  /** A copy of `[physical, physical + length)`, which must be RAM. */
  readPhysical(physical: number, length: number): Uint8Array {
    return this.memory.view(physical, length).slice();
  }

  /** Write RAM at a physical address; code translated from it is forgotten. */
  writePhysical(physical: number, bytes: Uint8Array): void {
    this.memory.view(physical, bytes.length).set(bytes);
    if (bytes.length > 0) this.notifyWrite(physical, bytes.length);
  }

  /** Read through the MMU, as a load at the current exception level would. */
  readVirtual(address: bigint, length: number): VirtualRead {
    this.#engine.enterContext();
    return readVirtual(this.mmu, this.cpu, address, length);
  }

  /** Write through the MMU, as stores at the current exception level would: all of it, or nothing. */
  writeVirtual(address: bigint, bytes: Uint8Array): MemoryFault | null {
    this.#engine.enterContext();
    return writeVirtual(this.mmu, this.cpu, address, bytes, (physical, size) => {
      this.notifyWrite(physical, size);
    });
  }

  /** What an instruction word is called in the table, or null: UNDEFINED. */
  describeInstruction(word: number): string | null {
    return decoderFor(this.cpuModel).allocated(word)?.row.name ?? null;
  }
}
