import {
  EC_ILLEGAL_STATE,
  EC_INSTRUCTION_ABORT_LOWER,
  EC_INSTRUCTION_ABORT_SAME,
  EC_PC_ALIGNMENT,
  makeEsr,
} from "../arch/esr.js";
import { normalizePc } from "../cpu/branch-address.js";
import type { CpuState } from "../cpu/state.js";
import {
  OFF_CODE_CHANGED,
  OFF_EXIT_CODE,
  OFF_INDIRECT_FROM,
  OFF_MODE_KEY,
  PSTATE_IL,
} from "../cpu/state-layout.js";
import type { Bus } from "../devices/bus.js";
import type { EngineCounters } from "../engine.js";
import type { Decoder } from "../isa/decode.js";
import { ACCESS_EXEC } from "../mmu/access.js";
import type { Mmu } from "../mmu/mmu.js";
import { RAM_OFFSET, type PhysMemory } from "../mmu/phys-memory.js";
import { ModuleBuilder } from "../wasm/module.js";
import { CODE_PAGE_SHIFT, type Translation } from "./code-cache.js";
import { DataAccess } from "./data-access.js";
import { EntryMaker } from "./entries.js";
import { EXIT_LOOKUP, EXIT_PENDING, LOOKUP_SLOT, NEXT_EXIT } from "./exit.js";
import { hostFunctions, type CodeHost } from "./host-functions.js";
import { JumpCache } from "./jump-cache.js";
import { Links } from "./links.js";
import { carefulKey, KEY_OF_REGISTERS, modeKeyOf, modeOf, type Surroundings } from "./mode.js";
import { MIN_SLICE, type Pace } from "./pace.js";
import { instantiate, makeRuntime } from "./runtime.js";
import { Translator } from "./translator.js";

export interface EngineOptions {
  readonly icache?: "coherent" | "architectural";
  readonly codeCacheBytes?: number | null;
  readonly bus?: Bus;
}

/** Memory for translated code unless the machine says otherwise. */
export const DEFAULT_MAX_CODE_BYTES = 512 * 2 ** 20;

/** No slot: the PC cannot be executed. */
export const NO_SLOT = -1;

/**
 * Finds or makes the translation for the PC, links it, and forgets what is no longer right: when code, control
 * registers or translations of addresses change.
 */
export abstract class CodeAccess extends DataAccess implements CodeHost {
  protected readonly i32: Int32Array;
  protected readonly translator: Translator;
  protected readonly settleFlags: () => void;
  /** Runs from a slot on until something comes back. */
  protected readonly chain: (slot: number) => void;
  protected stopRequested = false;
  /** The one-instruction translation that was looked up last. */
  protected single: Translation | null = null;
  /** The instruction it is of. */
  protected singleWord = 0;
  protected slice = MIN_SLICE;
  /** The PC is where a slice ended. */
  protected resumes = false;
  readonly #jumps: JumpCache;
  readonly #links: Links;
  #pan = false;
  #contextValid = false;
  readonly #surroundings: { -readonly [K in keyof Surroundings]: boolean } = {
    accessHooks: false,
    observed: false,
    inGuardedPage: false,
    coherent: false,
  };
  readonly #counters = { lookups: 0, linkDrops: 0 };

  /** @param options see MachineOptions */
  constructor(
    memory: PhysMemory,
    cpu: CpuState,
    mmu: Mmu,
    decoder: Decoder,
    options: EngineOptions = {},
  ) {
    super(memory, cpu, mmu, options.bus ?? null);
    this.#surroundings.coherent = options.icache === "coherent";
    this.i32 = memory.i32;
    const module = new ModuleBuilder(memory.memory.buffer.byteLength / 65536);
    this.#jumps = new JumpCache(memory);
    this.#links = new Links(this.#jumps);
    const imports = { m: hostFunctions(this, this.#links.table) };
    const runtime = makeRuntime(module, (bytes) => instantiate(bytes, imports));
    const regionImports = { m: { memory: memory.memory, ...runtime.hostFunctions } };
    const entries = new EntryMaker(module, memory.memory);
    this.translator = new Translator(
      mmu,
      decoder,
      this.#links,
      module,
      (bytes) => instantiate(bytes, regionImports),
      (entry, run) => entries.make(entry, run),
      options.codeCacheBytes ?? DEFAULT_MAX_CODE_BYTES,
    );
    this.#links.setStub(runtime.stub);
    this.settleFlags = runtime.settleFlags;
    this.chain = runtime.chain;
    mmu.onDescriptorWrite = (pa) => {
      this.noteWrite(pa, 8);
    };
    mmu.onExecutedDropped = () => {
      this.dropLinks();
    };
  }

  /** What was translated, and what that was asked for. */
  get counters(): EngineCounters {
    return { ...this.translator.counters, ...this.#counters };
  }

  abstract timersChanged(): void;
  abstract debugChanged(): void;
  abstract waitForInterrupt(): void;

  // What code is, and under what, has changed

  contextChanged(): void {
    this.mmu.controlWritten();
    this.#contextValid = false;
    this.dropLinks();
  }

  invalidateCode(physical: number | null): void {
    if (physical !== null) {
      this.noteWrite(physical, 1);
      return;
    }
    this.translator.clear();
    this.dropLinks();
  }

  /** Physical memory was written by the host: translations of it are stale. */
  noteWrite(physical: number, bytes: number): void {
    const first = Math.floor(physical / 2 ** CODE_PAGE_SHIFT);
    const last = Math.floor((physical + bytes - 1) / 2 ** CODE_PAGE_SHIFT);
    for (let page = first; page <= last; page++) {
      if (!this.mmu.isCodePage(page * 2 ** CODE_PAGE_SHIFT)) continue;
      this.translator.dropPage(page);
      this.dropLinks();
    }
  }

  protected dropLinks(): void {
    this.#counters.linkDrops++;
    this.i32[OFF_CODE_CHANGED / 4] = 1;
    this.translator.mappingsChanged();
    this.#links.dropAll();
  }

  /** Make the inline TLB the one of the current exception level. */
  enterContext(): void {
    const { cpu } = this;
    const el = cpu.el;
    const pan = cpu.pan;
    if (this.#contextValid && el === this.el && pan === this.#pan) return;
    this.el = el;
    this.#pan = pan;
    this.#contextValid = true;
    this.debug.refresh();
    this.mmu.contextChanged(el, pan);
  }

  // Lookups

  /**
   * Find or make the translation for the PC and link it. A single step's is left in `single`.
   * @returns its slot, or NO_SLOT with the exception pending
   */
  protected lookUp(pace: Pace): number {
    const { cpu, mmu } = this;
    const single = pace === "single";
    this.#counters.lookups++;
    normalizePc(cpu);
    const lo = cpu.pcLo;
    const hi = cpu.pcHi;
    if ((lo & 3) !== 0) {
      this.raise(makeEsr(EC_PC_ALIGNMENT, 0), { lo, hi });
      return NO_SLOT;
    }
    const slot = this.#knownSlot(lo, hi, pace);
    if (slot !== NO_SLOT) return slot;
    mmu.announce(lo, hi, ACCESS_EXEC, this.el, false);
    const physical = mmu.translate(lo, hi, ACCESS_EXEC, this.el, false);
    if (physical < 0) {
      const ec = this.el === 0 ? EC_INSTRUCTION_ABORT_LOWER : EC_INSTRUCTION_ABORT_SAME;
      this.raise(makeEsr(ec, mmu.fault.status), { lo, hi });
      return NO_SLOT;
    }
    if (this.isLive) {
      this.singleWord = this.memory.u32[(physical - this.memory.ramBase + RAM_OFFSET) / 4]!;
      const esr = this.debug.breakpointAt(lo, hi);
      if (esr !== null) {
        this.raise(esr, null);
        return NO_SLOT;
      }
    }
    if ((cpu.pstate & (1 << PSTATE_IL)) !== 0) {
      this.raise(makeEsr(EC_ILLEGAL_STATE, 0), null);
      return NO_SLOT;
    }
    const around = this.#surroundings;
    around.accessHooks = this.accessHook !== null || (this.isLive && this.debug.watches);
    around.inGuardedPage = mmu.lastGuarded;
    around.observed = mmu.observer !== null;
    const usual = modeKeyOf(cpu, mmu.pageShift, around);
    const mode = modeOf(cpu.config, pace === "careful" ? carefulKey(usual) : usual);
    const pc = cpu.pcNumber;
    this.#noteIndirect(pc);
    // What an observer sees of fetches, it sees here.
    const resumes = this.resumes || mode.observed;
    const known = this.translator.counters.regions;
    const found = this.translator.get({ physical, pc, mode, el: this.el, single, resumes });
    if (this.translator.counters.regions !== known && !resumes) this.slice = MIN_SLICE;
    if (single) {
      this.single = found;
      return LOOKUP_SLOT;
    }
    this.i32[OFF_MODE_KEY / 4] = mode.key;
    const made = this.#links.slotFor(mode.key, pc);
    this.#links.link(made, found.run, pc, mode.key);
    this.#jumps.fill(lo, hi, made, mode.key);
    return made;
  }

  /**
   * The slot for the PC, if it is linked: as after an exception, a return from one, or whatever else came back
   * to the host without a change of what code there is.
   */
  #knownSlot(lo: number, hi: number, pace: Pace): number {
    const { cpu, mmu } = this;
    const isPlain = pace === "full" && !this.resumes && !this.isLive && this.accessHook === null;
    if (!isPlain || mmu.observer !== null || (cpu.pstate & (1 << PSTATE_IL)) !== 0) return NO_SLOT;
    const around = this.#surroundings;
    around.accessHooks = around.inGuardedPage = around.observed = false;
    const key = modeKeyOf(cpu, mmu.pageShift, around);
    const pc = cpu.pcNumber;
    let found = this.#jumps.find(lo, hi, key, KEY_OF_REGISTERS);
    if (found === null) {
      found = this.#links.find(pc, key, KEY_OF_REGISTERS);
      if (found === null) return NO_SLOT;
      this.#jumps.fill(lo, hi, found.slot, found.modeKey);
    }
    this.#noteIndirect(pc);
    this.i32[OFF_MODE_KEY / 4] = found.modeKey;
    return found.slot;
  }

  /**
   * A lookup that translated code asks for: regions may be waiting for calls to return, and what they
   * rely on must stay.
   * @returns a slot, or NEXT_EXIT with the reason
   */
  lookUpNested(): number {
    const i32 = this.i32;
    const mustLeave = this.stopRequested || this.attention !== null || this.mmu.observer !== null;
    if (mustLeave || !this.#contextValid || this.translator.isFull) {
      i32[OFF_EXIT_CODE / 4] = EXIT_LOOKUP;
      return NEXT_EXIT;
    }
    const slot = this.lookUp(this.pace);
    if (slot !== NO_SLOT) return slot;
    i32[OFF_EXIT_CODE / 4] = EXIT_PENDING;
    return NEXT_EXIT;
  }

  /** If an indirect branch asked for this lookup, remember where it went. */
  #noteIndirect(pc: number): void {
    const at = OFF_INDIRECT_FROM / 4;
    const i32 = this.i32;
    if (i32[at] === 0 && i32[at + 1] === 0) return;
    this.translator.noteIndirect(i32[at + 1]! * 2 ** 32 + (i32[at]! >>> 0), pc);
    i32[at] = 0;
    i32[at + 1] = 0;
  }
}
