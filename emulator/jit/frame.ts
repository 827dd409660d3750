import {
  OFF_BUDGET,
  OFF_FLAG_A,
  OFF_FLAG_B,
  OFF_FLAG_KIND,
  OFF_SP_EL0,
  OFF_SP_EL1,
  OFF_V,
  OFF_X,
} from "../cpu/state-layout.js";
import type { Mode } from "../isa/emitter.js";
import type { Body, Local } from "../wasm/builder.js";
import type { FlagLocals } from "./flags.js";

/**
 * What a part of a region holds in locals: the registers it mentions and those it changes. A register
 * that another part mentions is in the state block meanwhile.
 */
export class FramePart {
  /** Bits 0..30 X, 31 SP. */
  x = 0;
  xChanged = 0;
  v = 0;
  vChanged = 0;
  flags = false;
  flagsChanged = false;
}

/**
 * The guest registers of one region as wasm locals. A region is cut into parts at its calls; a part
 * loads what it mentions when it is entered, so at any exit a local holds the register's
 * value, and stores what it changes anywhere when it is left.
 */
export class RegisterFrame {
  readonly #w: Body;
  readonly #spOffset: number;
  readonly #x: (Local | undefined)[] = [];
  readonly #v: (Local | undefined)[] = [];
  #flags: FlagLocals | null = null;
  /** Instructions left: i32. */
  readonly budget: Local;
  /** The part that code is emitted for. */
  part = new FramePart();

  /** @param w the body whose locals these are; `begin` has been called */
  constructor(w: Body, mode: Mode) {
    this.#w = w;
    this.#spOffset = mode.el === 1 && mode.spSel === 1 ? OFF_SP_EL1 : OFF_SP_EL0;
    this.budget = w.local("i32");
  }

  /** Xn for n in 0..30; SP for 31. */
  x(n: number): Local {
    this.part.x |= 1 << n;
    return (this.#x[n] ??= this.#w.local("i64"));
  }

  /** The same, about to be written. */
  xForWrite(n: number): Local {
    this.part.xChanged |= 1 << n;
    return this.x(n);
  }

  v(n: number): Local {
    this.part.v |= 1 << n;
    return (this.#v[n] ??= this.#w.local("v128"));
  }

  vForWrite(n: number): Local {
    this.part.vChanged |= 1 << n;
    return this.v(n);
  }

  flags(): FlagLocals {
    this.part.flags = true;
    return (this.#flags ??= {
      kind: this.#w.local("i32"),
      a: this.#w.local("i64"),
      b: this.#w.local("i64"),
    });
  }

  flagsForWrite(): FlagLocals {
    this.part.flagsChanged = true;
    return this.flags();
  }

  #offsetOfX(n: number): number {
    return n === 31 ? this.#spOffset : OFF_X + n * 8;
  }

  /** Load every register a part mentions. Emitted when all code has been. */
  emitLoad(w: Body, part: FramePart): void {
    w.i32_const(0);
    w.i32_load(OFF_BUDGET);
    w.local_set(this.budget);
    this.#x.forEach((local, n) => {
      if (local === undefined || (part.x & (1 << n)) === 0) return;
      w.i32_const(0);
      w.i64_load(this.#offsetOfX(n));
      w.local_set(local);
    });
    this.#v.forEach((local, n) => {
      if (local === undefined || (part.v & (1 << n)) === 0) return;
      w.i32_const(0);
      w.v128_load(OFF_V + n * 16);
      w.local_set(local);
    });
    if (this.#flags === null || !part.flags) return;
    w.i32_const(0);
    w.i32_load(OFF_FLAG_KIND);
    w.local_set(this.#flags.kind);
    w.i32_const(0);
    w.i64_load(OFF_FLAG_A);
    w.local_set(this.#flags.a);
    w.i32_const(0);
    w.i64_load(OFF_FLAG_B);
    w.local_set(this.#flags.b);
  }

  /** Store every register a part changes. Emitted when all code has been. */
  emitSave(w: Body, part: FramePart): void {
    w.i32_const(0);
    w.local_get(this.budget);
    w.i32_store(OFF_BUDGET);
    this.#x.forEach((local, n) => {
      if (local === undefined || (part.xChanged & (1 << n)) === 0) return;
      w.i32_const(0);
      w.local_get(local);
      w.i64_store(this.#offsetOfX(n));
    });
    this.#v.forEach((local, n) => {
      if (local === undefined || (part.vChanged & (1 << n)) === 0) return;
      w.i32_const(0);
      w.local_get(local);
      w.v128_store(OFF_V + n * 16);
    });
    if (this.#flags === null || !part.flagsChanged) return;
    w.i32_const(0);
    w.local_get(this.#flags.kind);
    w.i32_store(OFF_FLAG_KIND);
    w.i32_const(0);
    w.local_get(this.#flags.a);
    w.i64_store(OFF_FLAG_A);
    w.i32_const(0);
    w.local_get(this.#flags.b);
    w.i64_store(OFF_FLAG_B);
  }
}
