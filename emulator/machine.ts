import { check } from "./arch/check.js";
import {
  COUNTER_HZ,
  cpuModel,
  withFeature,
  type CpuConfig,
  type CpuModelName,
} from "./arch/cpu-model.js";
import { EC_HVC64, EC_SMC64, EC_UNKNOWN, esrClass, esrIss } from "./arch/esr.js";
import { exceptionReturn, takeException, type Exception, type Vector } from "./cpu/exception.js";
import { PSTATE_F, PSTATE_I, PSTATE_SS } from "./cpu/state-layout.js";
import type { CpuState, ExternalRegisters } from "./cpu/state.js";
import { Bus, type MmioDevice } from "./devices/bus.js";
import { Timeline, type TimedDevice } from "./devices/timeline.js";
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
  /** Frequency of the system counter in Hz. 24 MHz. */
  readonly counterHz?: number;
  /** Keeps the system registers of a GICv3, ICC_*_EL1, which are UNDEFINED otherwise. */
  readonly gicRegisters?: ExternalRegisters;
  /** Answers HVC or SMC, which are UNDEFINED otherwise: there is no EL2 and no EL3. */
  readonly firmware?: Firmware;
  readonly semihosting?: Semihosting;
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

/** Answers semihosting calls ("Semihosting for AArch32 and AArch64", Arm): HLT #0xF000 at EL1, else UNDEFINED. */
export interface Semihosting {
  /** W0 holds the operation, X1 its argument, X0 takes the result. The PC is behind the instruction. */
  call(cpu: CpuState): void;
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
  | { readonly kind: "reached" }
  /**
   * A machine with timed devices waits (WFI) for an interrupt, and no device will ever ask for one by itself: only the
   * embedder can. The PC is behind the instruction.
   */
  | { readonly kind: "idle" };

const DEFAULT_RAM_BYTES = 256 * 2 ** 20;
const ASKED: readonly HookKind[] = ["unmapped", "protected", "invalid", "exception"];
const BUDGET: RunExit = { kind: "budget" };
const STOPPED: RunExit = { kind: "stopped" };
const IDLE: RunExit = { kind: "idle" };
/** HLT #0xF000. */
const SEMIHOSTING_CALL = 0xd45e_0000;
/** Exceptions taken one after the other with nothing executed before it is clear that nothing ever will be. */
const STUCK_AFTER = 16;

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
  /** What answers outside RAM: see `mapDevice`. */
  readonly bus = new Bus();
  readonly #timeline = new Timeline();
  readonly #firmware: Firmware | null;
  readonly #semihosting: Semihosting | null;
  readonly #hooks = new Hooks();
  readonly #tracer: Tracer;
  #running = false;
  #inEngine = false;
  #stopRequested = false;
  #waiting = false;
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
    this.#semihosting = options.semihosting ?? null;
    const model = cpuModel(this.cpuModel);
    const gic = options.gicRegisters;
    const config: CpuConfig = {
      model: gic === undefined ? model : withFeature(model, "gicv3"),
      conduit: options.firmware?.conduit ?? "none",
      seed: (options.seed ?? 0) >>> 0,
      counterHz: options.counterHz ?? COUNTER_HZ,
    };
    this.cpu = new Cpu(this.memory, config);
    if (gic !== undefined) this.cpu.external = gic;
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
    const { cpu } = this;
    let end = cpu.instructionCount + maxInstructions;
    let isInVector = false;
    let stuck = 0;
    for (;;) {
      const start = cpu.instructionCount;
      const left = end - start;
      const traced = until !== null || this.#hooks.has("code") || this.#hooks.has("block");
      const bound = Math.min(left, this.#untilEvent());
      const exit = traced ? this.#tracer.run(bound, until) : this.#runEngine(bound);
      stuck = cpu.instructionCount === start ? stuck + 1 : 0;
      if (isInVector && stuck > 0) end--;
      switch (exit.kind) {
        case "stopped":
        case "reached":
          return exit;
        case "budget":
          break;
        case "attention":
          this.#timeline.touch();
          break;
        case "wait":
          this.#waiting = true;
          break;
        case "exception":
          isInVector = false;
          if (this.#dealtWith(exit.exception)) break;
          if (this.#isCall(exit.exception)) this.#engine.contextChanged();
          else {
            takeException(cpu, exit.exception, this.#vectors);
            if (!this.#vectors) return { kind: "exception", vector: exit.exception.vector };
            isInVector = true;
            if (stuck === STUCK_AFTER) this.onStuck?.();
          }
      }
      if (this.#waiting) {
        this.#waiting = false;
        if (!this.#wait()) return IDLE;
      }
      if (this.#stopRequested) return STOPPED;
      if (cpu.instructionCount >= end) return BUDGET;
    }
  }

  /** From a hook or from firmware: go on as after WFI, when an interrupt is pending. */
  waitForInterrupt(): void {
    this.#waiting = true;
  }

  /** Let happen what is due. @returns instructions until the next event */
  #untilEvent(): number {
    if (this.#timeline.isEmpty) return Infinity;
    const { time } = this.cpu;
    return this.#timeline.advance(time) - time;
  }

  /**
   * WFI: time goes on to the next event, whether or not that raises an interrupt. Without timed devices it does nothing,
   * as the architecture allows.
   * @returns false if nothing would ever happen
   */
  #wait(): boolean {
    if (this.#timeline.isEmpty) return true;
    while (this.cpu.interrupts === 0) {
      const next = this.#timeline.advance(this.cpu.time);
      if (this.cpu.interrupts !== 0) break;
      if (next === Infinity) {
        if (this.onIdle?.() === true) continue;
        return false;
      }
      this.cpu.waited = next - this.cpu.instructionCount;
    }
    return true;
  }

  /** Asked when the CPU waits for an interrupt that no device will raise by itself: true if there is one now. */
  onIdle: (() => boolean) | null = null;

  /**
   * Told when exceptions are taken one after the other with not one instruction executed in between, as where there is no
   * vector table: unless it calls `stop`, that goes on to the instruction limit.
   */
  onStuck: (() => void) | null = null;

  /** Calls of firmware and of semihosting are not exceptions: they are answered here and now. */
  #isCall({ esr }: Exception): boolean {
    return this.#callsFirmware(esr) || this.#callsSemihosting(esr);
  }

  /** HLT is UNDEFINED as far as translated code knows. */
  #callsSemihosting(esr: number): boolean {
    const { cpu } = this;
    if (this.#semihosting === null || esrClass(esr) !== EC_UNKNOWN || cpu.el === 0) return false;
    if (this.#wordAtPc() !== SEMIHOSTING_CALL) return false;
    cpu.pc += 4n;
    cpu.instructionCount++;
    cpu.pstate = (cpu.pstate & ~(1 << PSTATE_SS)) >>> 0; // if it was stepped, that was the step
    this.#semihosting.call(cpu);
    return true;
  }

  #wordAtPc(): number {
    const read = this.readVirtual(this.cpu.pc, 4);
    return read.ok ? new DataView(read.bytes.buffer).getUint32(0, true) : 0;
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
    const handled = askHooks(this.#hooks, exception, cpu.pc, () => this.#wordAtPc());
    this.#handled = handled ? what : "";
    return handled;
  }

  /** Return from EL1 on the embedder's behalf: PC from ELR_EL1, PSTATE from SPSR_EL1. */
  eret(): void {
    exceptionReturn(this.cpu);
    this.mmu.synchronized("eret");
  }

  // Devices

  /**
   * Have `device` answer loads and stores in a range of physical addresses, with translation on or off. Its functions are
   * called once for every access (one wider than four bytes comes in pieces), with all registers exact. A range that
   * translation tables map should be Device memory.
   * @throws HostBug if the range overlaps RAM or another device
   */
  mapDevice(device: MmioDevice): void {
    const { ramBase, ramBytes } = this.memory;
    this.bus.map(device, ramBase, ramBase + ramBytes);
  }

  /** @returns false if the device was not there */
  unmapDevice(device: MmioDevice): boolean {
    return this.bus.unmap(device);
  }

  /** Have `device` told about time: its outputs change at their very instruction. */
  addTimed(device: TimedDevice): void {
    this.#timeline.add(device);
  }

  /** A timed device changed by itself, not in an access of the guest: when it acts next must be worked out again. */
  timingChanged(): void {
    this.#timeline.touch();
  }

  /**
   * Request an interrupt, or no longer: a level, taken before the next instruction at which PSTATE does not mask it. An
   * interrupt controller drives these two inputs.
   */
  setInterrupt(input: "irq" | "fiq", isRequested: boolean): void {
    const bit = input === "irq" ? PSTATE_I : PSTATE_F;
    const { cpu } = this;
    cpu.interrupts = isRequested ? cpu.interrupts | bit : cpu.interrupts & ~bit;
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
