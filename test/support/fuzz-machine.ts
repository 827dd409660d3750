import { OFF_SP_EL0, OFF_V, OFF_X } from "../../emulator/cpu/state-layout.js";
import {
  BRK,
  CODE,
  CODE_BYTES,
  DATA,
  DataPages,
  NZCV,
  PC,
  SP,
  UNIT,
  UNITS,
  type FuzzCase,
  type Outcome,
  type Registers,
} from "./fuzz-case.js";
import { pristineData } from "./fuzz-inputs.js";
import { AF, AP_EL0, AP_RO, NG, PAGE, PXN, TableWorld, UXN } from "./page-tables.js";

/** Our side: the whole machine with its MMU on, at EL0, pages scattered over physical memory. */

/** A block that has run this long never ends. */
const RUN_AWAY = 4_000_000;

/** A fault as EL1 sees it. */
export interface FaultReport {
  readonly esr: bigint;
  readonly far: bigint;
}

export interface OurOutcome extends Outcome {
  /** How many instructions the run took, the final BRK not counted. */
  readonly instructions: number;
  readonly fault: FaultReport | null;
}

export type Granule = "4K" | "16K";

export class FuzzMachine {
  readonly #world: TableWorld;
  readonly #code: Uint8Array[] = [];
  readonly #codeAt: number[] = [];
  readonly #data: DataPages;
  readonly #x: BigUint64Array;
  readonly #v: BigUint64Array;
  readonly #sp: BigUint64Array;

  constructor(granule: Granule) {
    const world = new TableWorld({ granule, txsz: 16 });
    this.#world = world;
    const { machine } = world;
    machine.cpu.setSysreg("CPACR_EL1", 3n << 20n);
    // EL0 may use DC ZVA, cache maintenance by address and CTR_EL0.
    world.use(1, 1n | (1n << 14n) | (1n << 15n) | (1n << 26n));
    const place = (va: number, bytes: number, rights: bigint): Uint8Array[] => {
      // Neighbours in virtual memory are not neighbours in physical memory, and go downward.
      const pages = Array.from({ length: bytes / world.pageBytes }, () => world.frame()).reverse();
      return pages.map((pa, i) => {
        world.map(BigInt(va + i * world.pageBytes), BigInt(pa) | rights | PAGE | AF | AP_EL0 | NG);
        return machine.memory.view(pa, world.pageBytes);
      });
    };
    this.#code = place(CODE, CODE_BYTES, AP_RO | PXN);
    const base = machine.memory.view(machine.memory.ramBase, 4).byteOffset;
    this.#codeAt = this.#code.map((view) => machine.memory.ramBase + view.byteOffset - base);
    const units = UNITS.map((rights, i) => {
      if (rights === "none") return [];
      return place(DATA + i * UNIT, UNIT, (rights === "ro" ? AP_RO : 0n) | UXN | PXN);
    });
    this.#data = new DataPages(pristineData(), (offset) => {
      const pages = units[Math.floor(offset / UNIT)]!;
      const at = offset % UNIT;
      const within = at % world.pageBytes;
      return pages[Math.floor(at / world.pageBytes)]!.subarray(within, within + 4096);
    });
    const { buffer } = machine.memory.memory;
    this.#x = new BigUint64Array(buffer, OFF_X, 31);
    this.#v = new BigUint64Array(buffer, OFF_V, 64);
    this.#sp = new BigUint64Array(buffer, OFF_SP_EL0, 1);
  }

  /** Put the code of a case into memory. What was translated from there before is dropped. */
  load({ at, words }: FuzzCase): void {
    const { pageBytes, machine } = this.#world;
    const bytes = new Uint8Array(Uint32Array.from(words).buffer);
    for (let done = 0; done < bytes.length;) {
      const offset = at - CODE + done;
      const page = Math.floor(offset / pageBytes);
      const within = offset % pageBytes;
      const n = Math.min(bytes.length - done, pageBytes - within);
      this.#code[page]!.set(bytes.subarray(done, done + n), within);
      machine.notifyWrite(this.#codeAt[page]! + within, n);
      done += n;
    }
  }

  /** Make everything translated so far stale: keeps long runs small. */
  forget(): void {
    for (const at of this.#codeAt) this.#world.machine.notifyWrite(at, this.#world.pageBytes);
  }

  /** Set the registers and the data as they are before a run. */
  start(one: FuzzCase, { x, v }: Registers): void {
    const { cpu } = this.#world.machine;
    cpu.pstate = 0;
    this.#x.set(x.subarray(0, 31));
    this.#v.set(v);
    this.#sp[0] = x[SP]!;
    cpu.nzcv = Number(x[NZCV]);
    cpu.pc = BigInt(one.at);
    cpu.fpcr = 0;
    cpu.clearExclusive();
    this.#data.restore();
  }

  /**
   * Execute at most `limit` instructions, `slice` at a time.
   * @returns true when an exception ended it
   */
  advance(limit: number, slice: number): boolean {
    const { machine } = this.#world;
    for (let left = limit; left > 0; left -= slice) {
      const exit = machine.run(Math.min(left, slice));
      if (exit.kind === "exception") return true;
    }
    return false;
  }

  /** All that can be seen now. */
  state(): Registers & { readonly changes: Uint32Array } {
    const { cpu } = this.#world.machine;
    const x = new BigUint64Array(34);
    x.set(this.#x);
    x[SP] = this.#sp[0]!;
    x[NZCV] = BigInt(cpu.nzcv >>> 0);
    x[PC] = cpu.pc;
    return { x, v: this.#v.slice(), changes: this.#data.changes() };
  }

  /** Whether a case comes to its end from its first input. */
  ends(one: FuzzCase): boolean {
    this.load(one);
    return this.run(one, one.inputs[0]!)?.stop === "end";
  }

  /**
   * Run a loaded case from its start.
   * @param slice instructions for each call of the machine's `run`
   * @returns null if it does not end
   */
  run(one: FuzzCase, input: Registers, slice = RUN_AWAY): OurOutcome | null {
    const { machine } = this.#world;
    this.start(one, input);
    const before = machine.instructionsExecuted;
    if (!this.advance(RUN_AWAY, slice)) return null;
    const state = this.state();
    const esr = machine.cpu.sysreg("ESR_EL1");
    const isEnd = esr === ESR_BRK && state.x[PC] === BigInt(one.at + 4 * one.end);
    return {
      ...state,
      stop: isEnd ? "end" : "fault",
      instructions: machine.instructionsExecuted - before,
      fault: isEnd ? null : { esr, far: machine.cpu.sysreg("FAR_EL1") },
    };
  }
}

/** BRK64 with immediate 0. */
const ESR_BRK = (0x3cn << 26n) | (1n << 25n) | BigInt(BRK & 0x1f);
