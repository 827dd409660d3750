import { check } from "./arch/check.js";
import { counterAt } from "./arch/counter.js";
import { DEFAULT_CPU_CONFIG, type CpuConfig } from "./arch/cpu-model.js";
import { fixedValue, SYSREGS, type Sysreg, type SysregName } from "./arch/sysreg.js";
import { OFF_SP_EL1, OFF_X, STATE_END } from "./cpu/state-layout.js";
import { CpuState } from "./cpu/state.js";
import type { PhysMemory } from "./mmu/phys-memory.js";

type Numbered<Letter extends string> = `${Letter}${number}`;

/**
 * A register by name: `x0`..`x30`, `w0`..`w30`, `xzr`, `wzr`, `fp`, `lr`, `sp`, `pc`, `nzcv`, `pstate` (flags
 * included, as in SPSR_EL1), `fpcr`, `fpsr`, `v0`..`v31` (or `q`, the same) and their low parts `d`, `s`, `h` and `b`,
 * and the system registers by the manual's names.
 */
export type RegisterName =
  | Numbered<"x" | "w" | "v" | "q" | "d" | "s" | "h" | "b">
  | "xzr"
  | "wzr"
  | "fp"
  | "lr"
  | "sp"
  | "pc"
  | "nzcv"
  | "pstate"
  | "fpcr"
  | "fpsr"
  | SysregName;

/** Everything a CPU holds, for `Machine.saveContext` and `restoreContext`. */
export interface CpuContext {
  /** The state block (cpu/state-layout.ts) from X0 to its end. */
  readonly state: Uint8Array;
}

const VECTOR_BYTES = { v: 16, q: 16, d: 8, s: 4, h: 2, b: 1 } as const;
const FLAGS = 0xf000_0000;
const sysregs = new Map<string, Sysreg>(SYSREGS.map((row) => [row.name.toLowerCase(), row]));

interface Access {
  read(cpu: Cpu): bigint;
  write(cpu: Cpu, value: bigint): void;
}

const SPECIAL: Readonly<Record<string, Access>> = {
  sp: { read: (cpu) => cpu.sp, write: (cpu, value) => (cpu.sp = value) },
  pc: { read: (cpu) => cpu.pc, write: (cpu, value) => (cpu.pc = value) },
  nzcv: { read: (cpu) => BigInt(cpu.nzcv), write: (cpu, value) => (cpu.nzcv = word(value)) },
  fpcr: { read: (cpu) => BigInt(cpu.fpcr), write: (cpu, value) => (cpu.fpcr = word(value)) },
  fpsr: { read: (cpu) => BigInt(cpu.fpsr), write: (cpu, value) => (cpu.fpsr = word(value)) },
  interrupts: { read: (cpu) => BigInt(cpu.interrupts), write: () => undefined },
  pstate: {
    read: (cpu) => BigInt((cpu.pstate | cpu.nzcv) >>> 0),
    write(cpu, value) {
      cpu.nzcv = word(value);
      cpu.pstate = (word(value) & ~FLAGS) >>> 0;
    },
  },
};

function word(value: bigint): number {
  return Number(BigInt.asUintN(32, value));
}

/** The registers of a machine's CPU, by number (`CpuState`) and by name. */
export class Cpu extends CpuState {
  /** Told when a register that code or addresses depend on is written by name. */
  onControlWrite: (() => void) | null = null;
  readonly #u8: Uint8Array;

  constructor(memory: PhysMemory, config: CpuConfig = DEFAULT_CPU_CONFIG) {
    super(memory, config);
    this.#u8 = memory.u8;
  }

  /**
   * Read a register by name, any case; unsigned, as wide as the register is.
   * @throws HostBug if there is no such register
   */
  read(name: RegisterName): bigint {
    return this.#access(name).read(this);
  }

  /**
   * Write a register by name; bits beyond its width are dropped. A W or a scalar vector register clears
   * the rest of the register it is part of, as an instruction would. No access rules apply.
   * @throws HostBug if there is no such register, or if its value is fixed
   */
  write(name: RegisterName, value: bigint): void {
    this.#access(name).write(this, value);
  }

  #access(name: string): Access {
    const lower = name.toLowerCase();
    const special = Object.hasOwn(SPECIAL, lower) ? SPECIAL[lower] : undefined;
    if (special !== undefined) return special;
    const system = sysregs.get(lower);
    if (system !== undefined) return this.#system(system);
    const alias = lower === "fp" ? "x29" : lower === "lr" ? "x30" : lower;
    const [, letter, digits] = /^([xwvqdshb])(zr|0|[1-9][0-9]?)$/.exec(alias) ?? [];
    check(letter !== undefined && digits !== undefined, "no such register", name);
    const isInteger = letter === "x" || letter === "w";
    const n = digits === "zr" ? 31 : Number(digits);
    const exists = digits === "zr" ? isInteger : n <= (isInteger ? 30 : 31);
    check(exists, "no such register", name);
    if (letter === "x" || letter === "w") {
      const bits = letter === "x" ? 64 : 32;
      return {
        read: () => BigInt.asUintN(bits, this.x(n)),
        write: (_, value) => {
          this.setX(n, BigInt.asUintN(bits, value));
        },
      };
    }
    const bytes = VECTOR_BYTES[letter as keyof typeof VECTOR_BYTES];
    return {
      read: () => BigInt.asUintN(8 * bytes, this.vector(n)),
      write: (_, value) => {
        this.setVector(n, BigInt.asUintN(8 * bytes, value));
      },
    };
  }

  #system(row: Sysreg): Access {
    const { home, name, effect } = row;
    switch (home.kind) {
      case "slot":
        return {
          read: () => this.sysreg(name),
          write: (_, value) => {
            this.setSysreg(name, value);
            if (effect !== "none") this.onControlWrite?.();
          },
        };
      case "state":
        return this.#word(home.word, home.mask);
      case "constant":
      case "features":
      case "midr":
        return fixed(name, valueOf(fixedValue(row, this.config.model)!));
      case "external":
        return {
          read: () => this.external.read(name),
          write: (_, v) => this.external.write(name, v),
        };
      case "random":
        return fixed(name, valueOf(this.nextRandom()));
      case "counter":
        return fixed(name, BigInt(counterAt(this.time, this.config.counterHz)));
      case "timerValue": {
        const cval = home.counter === "virtual" ? "CNTV_CVAL_EL0" : "CNTP_CVAL_EL0";
        const now = BigInt(counterAt(this.time, this.config.counterHz));
        return fixed(name, BigInt.asUintN(32, this.sysreg(cval) - now));
      }
    }
  }

  /** A system register that is part of a word kept elsewhere. */
  #word(home: string, mask: number): Access {
    if (home === "SP_EL0" || home === "SP_EL1") {
      return home === "SP_EL0"
        ? { read: () => this.spEl0, write: (_, value) => (this.spEl0 = value) }
        : { read: () => this.spEl1, write: (_, value) => (this.spEl1 = value) };
    }
    const whole = SPECIAL[home.toLowerCase()]!;
    const bits = BigInt(mask >>> 0);
    return {
      read: () => whole.read(this) & bits,
      write: (_, value) => {
        whole.write(this, (whole.read(this) & ~bits) | (value & bits));
        if (home === "PSTATE") this.onControlWrite?.();
      },
    };
  }

  get spEl1(): bigint {
    return this.#spEl1Access().getBigUint64(0, true);
  }

  set spEl1(value: bigint) {
    this.#spEl1Access().setBigUint64(0, BigInt.asUintN(64, value), true);
  }

  #spEl1Access(): DataView {
    return new DataView(this.#u8.buffer, OFF_SP_EL1, 8);
  }

  /** All 128 bits of Vn, unsigned. */
  vector(n: number): bigint {
    const view = this.#vectorView(n);
    return (view.getBigUint64(8, true) << 64n) | view.getBigUint64(0, true);
  }

  setVector(n: number, value: bigint): void {
    const view = this.#vectorView(n);
    view.setBigUint64(0, BigInt.asUintN(64, value), true);
    view.setBigUint64(8, BigInt.asUintN(64, value >> 64n), true);
  }

  /** Dn as a number; writing clears the rest of Vn. */
  d(n: number): number {
    return this.#vectorView(n).getFloat64(0, true);
  }

  setD(n: number, value: number): void {
    this.setVector(n, 0n);
    this.#vectorView(n).setFloat64(0, value, true);
  }

  /** Sn as a number; writing rounds to single precision and clears the rest of Vn. */
  s(n: number): number {
    return this.#vectorView(n).getFloat32(0, true);
  }

  setS(n: number, value: number): void {
    this.setVector(n, 0n);
    this.#vectorView(n).setFloat32(0, value, true);
  }

  #vectorView(n: number): DataView {
    check(Number.isInteger(n) && n >= 0 && n < 32, "no such vector register", n);
    const { buffer, byteOffset } = this.v(n);
    return new DataView(buffer, byteOffset, 16);
  }

  /** A copy of everything: registers, system registers, the exclusive monitor. */
  saveAll(): CpuContext {
    return { state: this.#u8.slice(OFF_X, STATE_END) };
  }

  /**
   * Put a copy back. Time does not go back with it: the instruction count and the interrupt requests stay, and
   * FPSR's flags stay exact once they are.
   */
  restoreAll(context: CpuContext): void {
    check(context.state.length === STATE_END - OFF_X, "context of another machine");
    const { instructionCount, waited, interrupts, fpsrExact } = this;
    this.#u8.set(context.state, OFF_X);
    this.instructionCount = instructionCount;
    this.waited = waited;
    this.interrupts = interrupts;
    if (fpsrExact) this.fpsrExact = true;
  }
}

function valueOf({ lo, hi }: { readonly lo: number; readonly hi: number }): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

function fixed(name: string, value: bigint): Access {
  return {
    read: () => value,
    write: () => {
      check(false, "this register cannot be written", name);
    },
  };
}
