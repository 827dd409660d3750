import { check } from "../arch/check.js";
import type { CpuModelName } from "../arch/cpu-model.js";
import {
  dataAbortIss,
  EC_BRK64,
  EC_DATA_ABORT_LOWER,
  EC_INSTRUCTION_ABORT_LOWER,
  EC_PC_ALIGNMENT,
  EC_SVC64,
  makeEsr,
} from "../arch/esr.js";
import { sysregSlot } from "../arch/sysreg.js";
import type { CpuState } from "../cpu/state.js";
import type { AccessHook, CpuEngine, EngineCounters, EngineExit, EngineParts } from "../engine.js";
import { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE, type Access } from "../mmu/access.js";
import type { Mmu } from "../mmu/mmu.js";
import type { PhysMemory } from "../mmu/phys-memory.js";
import {
  EXCP_BKPT,
  EXCP_SWI,
  UC_CPU_ARM64_A72,
  UC_CPU_ARM64_MAX,
  UC_MEM_FETCH_PROT,
  UC_MEM_FETCH_UNMAPPED,
  UC_MEM_WRITE_PROT,
  UC_MEM_WRITE_UNMAPPED,
  UnicornError,
  type UnicornBinding,
} from "./binding.js";
import { enterEl0 } from "./boot.js";
import { LivePages } from "./pages.js";
import { EL0_REGISTERS, PC_ONLY } from "./state.js";

/** No PC is odd: Unicorn's `until` never comes. */
const NEVER = 1n;
const SVC_BYTES = 4;
/** A page that was mapped and is missed again at once is one Unicorn refuses for a reason of its own. */
const MAX_REMAPS = 4;
const CONTROLS = (["SCTLR_EL1", "CPACR_EL1"] as const).map(sysregSlot);

const BUDGET: EngineExit = { kind: "budget" };
const STOPPED: EngineExit = { kind: "stopped" };

/** CPU models Unicorn can play: UC_CPU_ARM64_*. */
const MODELS: Readonly<Partial<Record<CpuModelName, number>>> = {
  max: UC_CPU_ARM64_MAX,
  "cortex-a57": UC_CPU_ARM64_A72,
};

/** @returns why Unicorn cannot be this CPU, or null */
export function unicornRefuses(model: CpuModelName): string | null {
  return MODELS[model] === undefined ? `Unicorn has no CPU like ${model}` : null;
}

interface Fault {
  readonly access: Access;
  readonly address: bigint;
  readonly sizeBytes: number;
}

/**
 * A `CpuEngine` on Unicorn, for EL0 code with the embedder at EL1 (`exceptions: "host"`). Unicorn's own
 * MMU is off: what it has mapped are virtual pages, each put there when it is first missed, with the
 * rights our MMU gives. Instructions Unicorn refuses (undefined, trapped, newer than it) and
 * exceptions that need a syndrome are left to `fallback`, one instruction at a time.
 *
 * Differs from the translating engine: a store across two pages of which the second faults has written the
 * first; SP and PC alignment are not checked but where a run starts; instructions counted by blocks, so that
 * code which changes itself within a block is counted wrong; no access hooks.
 */
export class UnicornEngine implements CpuEngine {
  /** Of the fallback: what Unicorn translates it does not tell. */
  get counters(): EngineCounters {
    return this.#fallback.counters;
  }

  /** Instructions the fallback executed or judged. */
  fallbacks = 0;
  readonly #memory: PhysMemory;
  readonly #cpu: CpuState;
  readonly #mmu: Mmu;
  readonly #model: number;
  readonly #binding: UnicornBinding;
  readonly #fallback: CpuEngine;
  readonly #pages: LivePages;
  #open = false;
  #contextValid = false;
  #controls = "";
  #stopRequested = false;
  #inEmulation = false;
  // What the handlers saw during one emuStart:
  #fault: Fault | null = null;
  #interrupt = -1;
  /** Instructions in blocks that were left at their end, and the block being executed. */
  #completed = 0;
  #blockStart = 0;
  #blockBytes = 0;
  /** Faults in a row without an instruction executed. */
  #remaps = 0;

  constructor(parts: EngineParts, binding: UnicornBinding, fallback: CpuEngine) {
    const model = MODELS[parts.cpuModel];
    check(model !== undefined, unicornRefuses(parts.cpuModel) ?? "");
    this.#memory = parts.memory;
    this.#cpu = parts.cpu;
    this.#mmu = parts.mmu;
    this.#model = model;
    this.#binding = binding;
    this.#fallback = fallback;
    this.#pages = new LivePages(parts.mmu, binding);
    // Unicorn always keeps FPSR's flags.
    parts.cpu.fpsrExact = true;
    parts.mmu.onDropped = (lo, hi) => {
      this.#pages.dropped(lo, hi);
    };
  }

  /** Pages mapped in Unicorn now. */
  get livePages(): number {
    return this.#pages.count;
  }

  close(): void {
    if (this.#open) this.#binding.close();
    this.#open = false;
    this.#pages.forget();
  }

  stop(): void {
    this.#stopRequested = true;
    if (this.#inEmulation) this.#binding.emuStop();
  }

  contextChanged(): void {
    this.#contextValid = false;
    if (this.#open) this.#pages.flush();
    this.#fallback.contextChanged();
  }

  enterContext(): void {
    if (this.#contextValid) return;
    this.#contextValid = true;
    this.#mmu.contextChanged(this.#cpu.el, this.#cpu.pan);
  }

  noteWrite(physical: number, bytes: number): void {
    if (this.#open) this.#pages.wrote(this.#memory.hostOffset(physical), bytes);
    this.#fallback.noteWrite(physical, bytes);
  }

  setAccessHook(hook: AccessHook | null): void {
    check(hook === null, "the Unicorn engine has no hooks for memory accesses");
  }

  run(limit: number): EngineExit {
    check(this.#cpu.el === 0, "the Unicorn engine runs EL0 code only");
    this.enterContext();
    this.#prepare();
    this.#binding.regWrite(EL0_REGISTERS);
    const exit = this.#runOn(limit);
    this.#stopRequested = false;
    return exit;
  }

  /** Have Unicorn open, at EL0, under the control registers as they are. */
  #prepare(): void {
    const controls = CONTROLS.map((slot) => this.#cpu.readLo(slot)).join();
    if (this.#open && !this.#pages.stale && controls === this.#controls) return;
    this.close();
    this.#binding.open(this.#model, {
      block: (address, size) => {
        this.#completed += this.#blockBytes / 4;
        this.#blockStart = Number(address);
        this.#blockBytes = size;
      },
      interrupt: (number) => {
        this.#interrupt = number;
        this.#binding.emuStop();
      },
      memory: (type, address, sizeBytes) => {
        const access = accessOf(type);
        this.#fault ??= { access, address: BigInt.asUintN(64, address), sizeBytes };
        return false;
      },
    });
    this.#open = true;
    this.#controls = controls;
    enterEl0(this.#binding, this.#cpu, this.#memory);
  }

  #runOn(limit: number): EngineExit {
    const cpu = this.#cpu;
    let left = limit;
    for (;;) {
      if (this.#stopRequested) return this.#leave(STOPPED);
      if (left <= 0) return this.#leave(BUDGET);
      const unfetchable = this.#fetch();
      if (unfetchable !== null) return this.#leave(unfetchable);
      const before = cpu.instructionCount;
      const exit = this.#emulate(left);
      left -= cpu.instructionCount - before;
      if (exit !== null) return exit;
    }
  }

  /** Registers back to the state block. */
  #leave(exit: EngineExit): EngineExit {
    this.#binding.regRead(EL0_REGISTERS);
    return exit;
  }

  /** Have the page of the PC mapped. @returns the exception if that cannot be */
  #fetch(): EngineExit | null {
    const { pcLo: lo, pcHi: hi } = this.#cpu;
    if ((lo & 3) !== 0) return synchronous(makeEsr(EC_PC_ALIGNMENT, 0), lo, hi);
    if (this.#pages.isExecutable(lo, hi) || this.#pages.admit(this.#cpu.pc, ACCESS_EXEC)) {
      return null;
    }
    return synchronous(makeEsr(EC_INSTRUCTION_ABORT_LOWER, this.#mmu.fault.status), lo, hi);
  }

  /** One emuStart and what follows from it. @returns null to go on */
  #emulate(left: number): EngineExit | null {
    const cpu = this.#cpu;
    this.#fault = null;
    this.#interrupt = -1;
    this.#completed = 0;
    this.#blockStart = cpu.pcNumber;
    this.#blockBytes = 0;
    this.#inEmulation = true;
    const error = this.#binding.emuStart(cpu.pc, NEVER, left);
    this.#inEmulation = false;
    this.#binding.regRead(PC_ONLY);
    const executed = this.#executed();
    if (executed > left) throw new UnicornError(`Unicorn ran ${executed} of ${left} instructions`);
    cpu.instructionCount += executed;
    if (this.#interrupt === EXCP_SWI) {
      return this.#leave(synchronous(makeEsr(EC_SVC64, immediate16(this.#word(-SVC_BYTES)))));
    }
    if (this.#interrupt === EXCP_BKPT) {
      return this.#leave(synchronous(makeEsr(EC_BRK64, immediate16(this.#word(0)))));
    }
    this.#remaps = executed > 0 ? 0 : this.#remaps + 1;
    if (this.#fault !== null && this.#remaps < MAX_REMAPS) return this.#resolve(this.#fault);
    const refused = this.#interrupt >= 0 || error !== 0;
    return refused || (executed === 0 && !this.#stopRequested) ? this.#fallBack() : null;
  }

  #executed(): number {
    const into = this.#cpu.pcNumber - this.#blockStart;
    const inside = into >= 0 && into <= this.#blockBytes;
    return this.#completed + (inside ? into : this.#blockBytes) / 4;
  }

  /** The instruction word at the PC plus `offset`, which was just executed or tried. */
  #word(offset: number): number {
    const at = this.#cpu.pc + BigInt(offset);
    const [lo, hi] = [Number(BigInt.asIntN(32, at)), Number(BigInt.asIntN(32, at >> 32n))];
    const physical = this.#mmu.translate(lo, hi, ACCESS_EXEC, 0, false);
    return physical < 0 ? 0 : this.#memory.u32[this.#memory.hostOffset(physical) / 4]!;
  }

  /** A missed page: map it and go on, or the abort the MMU says it is. */
  #resolve({ access, address, sizeBytes }: Fault): EngineExit | null {
    if (access === ACCESS_EXEC) return null; // #fetch judges the PC
    const pageBytes = 1n << BigInt(this.#mmu.pageShift);
    const second = BigInt.asUintN(64, (address + BigInt(sizeBytes - 1)) & -pageBytes);
    const crosses = second > address;
    if (this.#pages.admit(address, access) && (!crosses || this.#pages.admit(second, access))) {
      return null;
    }
    const { status, vaLo, vaHi } = this.#mmu.fault;
    const esr = makeEsr(EC_DATA_ABORT_LOWER, dataAbortIss(status, access === ACCESS_WRITE));
    return this.#leave(synchronous(esr, vaLo, vaHi));
  }

  /** One instruction by the other engine. */
  #fallBack(): EngineExit | null {
    this.#binding.regRead(EL0_REGISTERS);
    const { pcLo, pcHi } = this.#cpu;
    const physical = this.#mmu.translate(pcLo, pcHi, ACCESS_EXEC, 0, false);
    // Unicorn's stores go past the other engine: it may know the page as it was.
    if (physical >= 0) this.#fallback.noteWrite(physical, 4);
    this.fallbacks++;
    const exit = this.#fallback.run(1);
    if (exit.kind === "exception") return exit;
    this.#binding.regWrite(EL0_REGISTERS);
    return null;
  }
}

function accessOf(type: number): Access {
  if (type === UC_MEM_FETCH_UNMAPPED || type === UC_MEM_FETCH_PROT) return ACCESS_EXEC;
  return type === UC_MEM_WRITE_UNMAPPED || type === UC_MEM_WRITE_PROT ? ACCESS_WRITE : ACCESS_READ;
}

/** imm16 of SVC and BRK: bits 20:5. */
function immediate16(word: number): number {
  return (word >>> 5) & 0xffff;
}

function synchronous(esr: number, lo?: number, hi?: number): EngineExit {
  const far = lo === undefined || hi === undefined ? null : { lo, hi };
  return { kind: "exception", exception: { vector: "sync", esr, far } };
}
