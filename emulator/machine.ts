import { accessHook } from "./access-hooks.js";
import {
  COUNTER_HZ,
  cpuModel,
  withFeature,
  type CpuConfig,
  type CpuModelName,
} from "./arch/cpu-model.js";
import { exceptionReturn } from "./cpu/exception.js";
import { PSTATE_F, PSTATE_I } from "./cpu/state-layout.js";
import { Bus, type MmioDevice } from "./devices/bus.js";
import { Timeline, type TimedDevice } from "./devices/timeline.js";
import type { AccessHook, CpuEngine, EngineCounters, EngineParts } from "./engine.js";
import { ExceptionHooks } from "./exception-hooks.js";
import { Hooks, type Hook, type HookHandlers, type HookKind, type HookRange } from "./hooks.js";
import { HostCalls } from "./host-calls.js";
import { decoderFor } from "./isa/table.js";
import { Engine } from "./jit/engine.js";
import type { MachineOptions } from "./machine-options.js";
import { Mmu } from "./mmu/mmu.js";
import { DEFAULT_RAM_BASE, PhysMemory } from "./mmu/phys-memory.js";
import { watchMmu, type MmuReport, type MmuSanitizer } from "./mmu/sanitizer/index.js";
import { Cpu, type CpuContext } from "./registers.js";
import { Runner, type RunExit } from "./runner.js";
import { readVirtual, writeVirtual, type MemoryFault, type VirtualRead } from "./virtual-memory.js";

const DEFAULT_RAM_BYTES = 256 * 2 ** 20;

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
  /** What answers outside RAM: see `mapDevice`. */
  readonly bus = new Bus();
  readonly #timeline = new Timeline();
  readonly #hooks = new Hooks();
  readonly #accessHook: AccessHook;
  readonly #exceptionHooks: ExceptionHooks;
  readonly #runner: Runner;

  constructor(options: MachineOptions = {}) {
    this.memory = new PhysMemory(
      options.ramBytes ?? DEFAULT_RAM_BYTES,
      options.ramBase ?? DEFAULT_RAM_BASE,
    );
    this.cpuModel = options.cpuModel ?? "max";
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
    const wordAtPc = (): number => this.#wordAtPc();
    const { firmware = null, semihosting = null } = options;
    this.#accessHook = accessHook(this.#hooks, this.memory);
    this.#exceptionHooks = new ExceptionHooks(this.#hooks, this.cpu, wordAtPc);
    this.#runner = new Runner({
      cpu: this.cpu,
      mmu: this.mmu,
      engine: this.#engine,
      decoder: decoderFor(this.cpuModel),
      hooks: this.#hooks,
      exceptionHooks: this.#exceptionHooks,
      calls: new HostCalls(this.cpu, firmware, semihosting, wordAtPc),
      timeline: this.#timeline,
      callbacks: this,
      vectors: options.exceptions !== "host",
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
    return this.#runner.run(maxInstructions, null);
  }

  /** Execute until the PC is `address`, but at most `maxInstructions`. */
  runUntil(address: bigint, maxInstructions: number): RunExit {
    return this.#runner.run(maxInstructions, BigInt.asUintN(64, address));
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
    this.#runner.stop();
  }

  /** From a hook or from firmware: go on as after WFI, when an interrupt is pending. */
  waitForInterrupt(): void {
    this.#runner.waitForInterrupt();
  }

  /** Asked when the CPU waits for an interrupt that no device will raise by itself: true if there is one now. */
  onIdle: (() => boolean) | null = null;

  /**
   * Told when exceptions are taken one after the other with not one instruction executed in between, as where there is no
   * vector table: unless it calls `stop`, that goes on to the instruction limit.
   */
  onStuck: (() => void) | null = null;

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
    this.#engine.setAccessHook(wanted ? this.#accessHook : null);
    this.#exceptionHooks.hooksChanged();
  }

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

  #wordAtPc(): number {
    const read = this.readVirtual(this.cpu.pc, 4);
    return read.ok ? new DataView(read.bytes.buffer).getUint32(0, true) : 0;
  }

  /** What an instruction word is called in the table, or null: UNDEFINED. */
  describeInstruction(word: number): string | null {
    return decoderFor(this.cpuModel).allocated(word)?.row.name ?? null;
  }
}
