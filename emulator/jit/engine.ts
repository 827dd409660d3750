import {
  EC_ILLEGAL_STATE,
  EC_INSTRUCTION_ABORT_LOWER,
  EC_INSTRUCTION_ABORT_SAME,
  EC_PC_ALIGNMENT,
  FSC_ALIGNMENT,
  makeEsr,
} from "../arch/esr.js";
import { normalizePc } from "../cpu/branch-address.js";
import type { CpuState } from "../cpu/state.js";
import {
  OFF_BUDGET,
  OFF_CALL_DEPTH,
  OFF_CODE_CHANGED,
  OFF_EXIT_ARG,
  OFF_EXIT_CODE,
  OFF_FLAG_A,
  OFF_FLAG_KIND,
  OFF_ICOUNT,
  OFF_ICOUNT_END,
  OFF_INDIRECT_FROM,
  OFF_INTERRUPTS,
  OFF_MODE_KEY,
  OFF_NZCV,
  PSTATE_F,
  PSTATE_IL,
} from "../cpu/state-layout.js";
import type { Bus } from "../devices/bus.js";
import type { AccessHook, CpuEngine, EngineCounters, EngineExit } from "../engine.js";
import type { Decoder } from "../isa/decode.js";
import { helpers } from "../isa/helpers.js";
import type { SystemHelperContext } from "../isa/system-context.js";
import { ACCESS_EXEC } from "../mmu/access.js";
import type { Mmu } from "../mmu/mmu.js";
import { RAM_OFFSET, type PhysMemory } from "../mmu/phys-memory.js";
import { ModuleBuilder } from "../wasm/module.js";
import { CODE_PAGE_SHIFT, type Translation } from "./code-cache.js";
import {
  EXIT_BUDGET,
  EXIT_ESR,
  EXIT_LOOKUP,
  EXIT_PENDING,
  LOOKUP_SLOT,
  NEXT_EXIT,
} from "./exit.js";
import { AGAIN, DataAccess, type Pace } from "./data-access.js";
import {
  ATTENTION_EXIT,
  BUDGET_EXIT,
  FIQ_EXIT,
  IRQ_EXIT,
  STOPPED_EXIT,
  syncExit,
  WAIT_EXIT,
} from "./engine-exits.js";
import { EntryMaker } from "./entries.js";
import { JumpCache } from "./jump-cache.js";
import { Links } from "./links.js";
import { armBranchType, settleBranchType } from "./branch-type.js";
import { carefulKey, KEY_OF_REGISTERS, modeKeyOf, modeOf, type Surroundings } from "./mode.js";
import { MAX_REGION_INSNS } from "./region.js";
import { instantiate, makeRuntime } from "./runtime.js";
import { Translator } from "./translator.js";

/**
 * Instructions that run before everything comes back: V8 replaces a running function's code only
 * when it is entered again, so a loop that never returned would stay in its first, slow form. Slices
 * grow while nothing new is translated.
 */
const MIN_SLICE = 150_000;
const MAX_SLICE = 2 ** 24;
function paceFor(left: number): Pace {
  if (left > MAX_REGION_INSNS) return "full";
  return left > 1 ? "careful" : "single";
}

export interface EngineOptions {
  readonly icache?: "coherent" | "architectural";
  readonly codeCacheBytes?: number | null;
  readonly bus?: Bus;
}

/** Memory for translated code unless the machine says otherwise. */
export const DEFAULT_MAX_CODE_BYTES = 512 * 2 ** 20;

/** No slot: the PC cannot be executed. */
const NO_SLOT = -1;

/**
 * Runs guest code: finds or makes the translation for the PC, enters it, and deals with what made it
 * come back. Faults travel as return codes; nothing throws.
 */
export class Engine extends DataAccess implements CpuEngine, SystemHelperContext {
  readonly #i32: Int32Array;
  readonly #jumps: JumpCache;
  readonly #links: Links;
  readonly #translator: Translator;
  readonly #settleFlags: () => void;
  readonly #chain: (slot: number) => void;
  #stopRequested = false;
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
    this.#i32 = memory.i32;
    const module = new ModuleBuilder(memory.memory.buffer.byteLength / 65536);
    this.#jumps = new JumpCache(memory);
    this.#links = new Links(this.#jumps);
    const imports = { m: this.#hostFunctions() };
    const runtime = makeRuntime(module, (bytes) => instantiate(bytes, imports));
    const regionImports = { m: { memory: memory.memory, ...runtime.hostFunctions } };
    const entries = new EntryMaker(module, memory.memory);
    this.#translator = new Translator(
      memory,
      mmu,
      decoder,
      this.#links,
      module,
      (bytes) => instantiate(bytes, regionImports),
      (entry, run) => entries.make(entry, run),
      options.codeCacheBytes ?? DEFAULT_MAX_CODE_BYTES,
    );
    this.#links.setStub(runtime.stub);
    this.#settleFlags = runtime.settleFlags;
    this.#chain = runtime.chain;
    mmu.onDescriptorWrite = (pa) => {
      this.noteWrite(pa, 8);
    };
    mmu.onExecutedDropped = () => {
      this.#dropLinks();
    };
  }

  /** What was translated, and what that was asked for. */
  get counters(): EngineCounters {
    return { ...this.#translator.counters, ...this.#counters };
  }

  #hostFunctions(): WebAssembly.ModuleImports {
    const imports: WebAssembly.ModuleImports = {
      memory: this.memory.memory,
      table: this.#links.table,
      loadSlow: (lo: number, hi: number, bytes: number, unit: number) =>
        this.loadSlow(lo, hi, bytes, unit),
      storeSlow: (lo: number, hi: number, bytes: number, unit: number) =>
        this.storeSlow(lo, hi, bytes, unit),
      loadHooked: (lo: number, hi: number, bytes: number, unit: number) =>
        this.loadSlow(lo, hi, bytes, unit),
      storeHooked: (lo: number, hi: number, bytes: number, unit: number) =>
        this.storeSlow(lo, hi, bytes, unit),
      loadUnprivileged: (lo: number, hi: number, bytes: number, unit: number) =>
        this.loadSlow(lo, hi, bytes, unit, this.unprivilegedRead),
      storeUnprivileged: (lo: number, hi: number, bytes: number, unit: number) =>
        this.storeSlow(lo, hi, bytes, unit, this.unprivilegedWrite),
      lookUp: () => this.#lookUpNested(),
      alignmentFault: (lo: number, hi: number, isWrite: number) => {
        this.dataAbort(FSC_ALIGNMENT, isWrite !== 0, lo, hi);
      },
    };
    for (const helper of helpers().values()) {
      imports[helper.name] = (...args: number[]) => helper.run(this, ...args);
    }
    return imports;
  }

  // SystemHelperContext

  contextChanged(): void {
    this.mmu.controlWritten();
    this.#contextValid = false;
    this.#dropLinks();
  }

  invalidateCode(physical: number | null): void {
    if (physical !== null) {
      this.noteWrite(physical, 1);
      return;
    }
    this.#translator.clear();
    this.#dropLinks();
  }

  /** Physical memory was written by the host: translations of it are stale. */
  noteWrite(physical: number, bytes: number): void {
    const first = Math.floor(physical / 2 ** CODE_PAGE_SHIFT);
    const last = Math.floor((physical + bytes - 1) / 2 ** CODE_PAGE_SHIFT);
    for (let page = first; page <= last; page++) {
      if (!this.mmu.isCodePage(page * 2 ** CODE_PAGE_SHIFT)) continue;
      this.#translator.dropPage(page);
      this.#dropLinks();
    }
  }

  /** Come back from `run` at the next opportunity. */
  stop(): void {
    this.#stopRequested = true;
  }

  setAccessHook(hook: AccessHook | null): void {
    this.accessHook = hook;
  }

  #dropLinks(): void {
    this.#counters.linkDrops++;
    this.#i32[OFF_CODE_CHANGED / 4] = 1;
    this.#translator.mappingsChanged();
    this.#links.dropAll();
  }

  timersChanged(): void {
    this.attention = ATTENTION_EXIT;
  }

  debugChanged(): void {
    this.debug.refresh();
  }

  waitForInterrupt(): void {
    this.attention = WAIT_EXIT;
  }

  // The dispatcher

  /**
   * Execute at most `limit` instructions from the current state.
   * @returns why it stopped; the state block is exact, and an exception is not taken yet
   */
  run(limit: number): EngineExit {
    const { cpu } = this;
    const i32 = this.#i32;
    this.enterContext();
    i32[OFF_FLAG_KIND / 4] = 0;
    i32[OFF_FLAG_A / 4] = i32[OFF_NZCV / 4]!;
    i32[OFF_FLAG_A / 4 + 1] = 0;
    let left = limit;
    // A hook sees the registers as they are before the instruction: nothing is kept in locals across two.
    const stepping = this.accessHook !== null;
    let pace = stepping ? "single" : paceFor(left);
    /** The pace to go back to after a single instruction. */
    let redone: Pace | null = null;
    let exit: EngineExit = BUDGET_EXIT;
    let again = false;
    this.pending = null;
    this.mmu.position = "exact";
    while (left > 0) {
      if (this.#stopRequested) {
        exit = STOPPED_EXIT;
        break;
      }
      if (this.attention !== null) {
        exit = this.attention;
        this.attention = null;
        break;
      }
      const due = i32[OFF_INTERRUPTS / 4]! & ~cpu.pstate;
      if (due !== 0) {
        this.debug.interrupted();
        exit = (due & PSTATE_F) !== 0 ? FIQ_EXIT : IRQ_EXIT;
        break;
      }
      this.enterContext();
      this.isLive = this.debug.isArmed && this.debug.isLive();
      if (this.isLive) {
        const esr = this.debug.stepDue();
        if (esr !== null) {
          exit = syncExit(esr);
          break;
        }
      }
      const single = pace === "single" || this.isLive;
      this.pace = single ? "single" : pace;
      const slot = this.#lookup(this.pace);
      this.#resumes = false;
      if (slot === NO_SLOT) {
        exit = this.#takePending();
        break;
      }
      const slice = single ? 1 : Math.min(left, this.#slice);
      const start = cpu.instructionCount;
      i32[OFF_BUDGET / 4] = slice;
      setCount(i32, OFF_ICOUNT_END, start + slice);
      i32[OFF_CALL_DEPTH / 4] = 0;
      i32[OFF_CODE_CHANGED / 4] = 0;
      armBranchType(cpu, i32, slice);
      if (stepping || this.isLive) this.#settleFlags();
      if (single) this.#runSingle();
      else {
        this.mmu.position = "inexact";
        this.#chain(slot);
        this.mmu.position = "exact";
      }
      settleBranchType(cpu, i32, i32[OFF_BUDGET / 4]!);
      const executed = slice - i32[OFF_BUDGET / 4]!;
      left -= executed;
      setCount(i32, OFF_ICOUNT, start + executed);
      if (this.isLive && executed === 1) this.debug.stepped(this.#singleWord);
      const code = i32[OFF_EXIT_CODE / 4];
      if (again && !stepping) pace = paceFor(left);
      again = code === EXIT_PENDING && this.pending === AGAIN;
      if (again) {
        pace = "single";
        continue;
      }
      this.#resumes = code === EXIT_BUDGET;
      if (redone !== null) {
        pace = redone;
        redone = null;
      }
      if (code === EXIT_LOOKUP) continue;
      if (code === EXIT_BUDGET) {
        this.#slice = Math.min(this.#slice * 2, MAX_SLICE);
        if (this.#translator.dropOutdated(cpu.pcNumber)) this.#dropLinks();
        // A block that does not fit in what is left is finished one instruction at a time.
        pace = stepping || pace === "careful" ? "single" : paceFor(left);
        continue;
      }
      if (code === EXIT_PENDING && this.redo) {
        this.redo = false;
        redone = pace;
        pace = "single";
        continue;
      }
      if (code === EXIT_PENDING) exit = this.#takePending();
      else if (code === EXIT_ESR) {
        const esr = i32[OFF_EXIT_ARG / 4]! >>> 0;
        exit = syncExit(esr);
      }
      break;
    }
    this.#stopRequested = false;
    this.mmu.position = "host";
    normalizePc(cpu); // the last instruction may have been a branch to a tagged address
    this.#settleFlags();
    return exit;
  }

  #takePending(): EngineExit {
    const exception = this.pending;
    this.pending = null;
    return exception === null ? STOPPED_EXIT : { kind: "exception", exception };
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

  #single: Translation | null = null;
  /** The instruction it is of. */
  #singleWord = 0;
  #slice = MIN_SLICE;
  /** The PC is where a slice ended. */
  #resumes = false;

  /** Run the one-instruction translation that `#lookup` found. Where it would go on is a lookup too. */
  #runSingle(): void {
    if (this.#single!.run() !== NEXT_EXIT) this.#i32[OFF_EXIT_CODE / 4] = EXIT_LOOKUP;
  }

  /**
   * Find or make the translation for the PC and link it. A single step's is left in `#single`.
   * @returns its slot, or NO_SLOT with the exception pending
   */
  #lookup(pace: Pace): number {
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
      this.#singleWord = this.memory.u32[(physical - this.memory.ramBase + RAM_OFFSET) / 4]!;
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
    const resumes = this.#resumes || mode.observed;
    const known = this.#translator.counters.regions;
    const found = this.#translator.get({ physical, pc, mode, el: this.el, single, resumes });
    if (this.#translator.counters.regions !== known && !resumes) this.#slice = MIN_SLICE;
    if (single) {
      this.#single = found;
      return LOOKUP_SLOT;
    }
    this.#i32[OFF_MODE_KEY / 4] = mode.key;
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
    const isPlain = pace === "full" && !this.#resumes && !this.isLive && this.accessHook === null;
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
    this.#i32[OFF_MODE_KEY / 4] = found.modeKey;
    return found.slot;
  }

  /**
   * A lookup that translated code asks for: regions may be waiting for calls to return, and what they
   * rely on must stay.
   * @returns a slot, or NEXT_EXIT with the reason
   */
  #lookUpNested(): number {
    const i32 = this.#i32;
    const mustLeave = this.#stopRequested || this.attention !== null || this.mmu.observer !== null;
    if (mustLeave || !this.#contextValid || this.#translator.isFull) {
      i32[OFF_EXIT_CODE / 4] = EXIT_LOOKUP;
      return NEXT_EXIT;
    }
    const slot = this.#lookup(this.pace);
    if (slot !== NO_SLOT) return slot;
    i32[OFF_EXIT_CODE / 4] = EXIT_PENDING;
    return NEXT_EXIT;
  }

  /** If an indirect branch asked for this lookup, remember where it went. */
  #noteIndirect(pc: number): void {
    const at = OFF_INDIRECT_FROM / 4;
    const i32 = this.#i32;
    if (i32[at] === 0 && i32[at + 1] === 0) return;
    this.#translator.noteIndirect(i32[at + 1]! * 2 ** 32 + (i32[at]! >>> 0), pc);
    i32[at] = 0;
    i32[at + 1] = 0;
  }
}

function setCount(i32: Int32Array, offset: number, count: number): void {
  i32[offset / 4] = count % 2 ** 32;
  i32[offset / 4 + 1] = Math.floor(count / 2 ** 32);
}
