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
 * The guest registers of one region as wasm locals. A register gets its local when it is first
 * mentioned; every local is loaded at the region's entry, so at any exit it holds the register's
 * value, and those that the region changes anywhere are stored at every exit.
 */
export class RegisterFrame {
  readonly #w: Body;
  readonly #spOffset: number;
  readonly #x: (Local | undefined)[] = [];
  readonly #xChanged: boolean[] = [];
  readonly #v: (Local | undefined)[] = [];
  readonly #vChanged: boolean[] = [];
  #flags: FlagLocals | null = null;
  #flagsChanged = false;
  /** Instructions left: i32. */
  readonly budget: Local;

  /** @param w the body whose locals these are; `begin` has been called */
  constructor(w: Body, mode: Mode) {
    this.#w = w;
    this.#spOffset = mode.el === 1 && mode.spSel === 1 ? OFF_SP_EL1 : OFF_SP_EL0;
    this.budget = w.local("i32");
  }

  /** Xn for n in 0..30; SP for 31. */
  x(n: number): Local {
    return (this.#x[n] ??= this.#w.local("i64"));
  }

  /** The same, about to be written. */
  xForWrite(n: number): Local {
    this.#xChanged[n] = true;
    return this.x(n);
  }

  v(n: number): Local {
    return (this.#v[n] ??= this.#w.local("v128"));
  }

  vForWrite(n: number): Local {
    this.#vChanged[n] = true;
    return this.v(n);
  }

  flags(): FlagLocals {
    return (this.#flags ??= {
      kind: this.#w.local("i32"),
      a: this.#w.local("i64"),
      b: this.#w.local("i64"),
    });
  }

  flagsForWrite(): FlagLocals {
    this.#flagsChanged = true;
    return this.flags();
  }

  #offsetOfX(n: number): number {
    return n === 31 ? this.#spOffset : OFF_X + n * 8;
  }

  /** Load every register the region mentions. Emitted last, placed first. */
  emitEntry(w: Body): void {
    w.i32_const(0);
    w.i32_load(OFF_BUDGET);
    w.local_set(this.budget);
    this.#x.forEach((local, n) => {
      if (local === undefined) return;
      w.i32_const(0);
      w.i64_load(this.#offsetOfX(n));
      w.local_set(local);
    });
    this.#v.forEach((local, n) => {
      if (local === undefined) return;
      w.i32_const(0);
      w.v128_load(OFF_V + n * 16);
      w.local_set(local);
    });
    if (this.#flags === null) return;
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

  /** Store every register the region changes. */
  emitExit(w: Body): void {
    w.i32_const(0);
    w.local_get(this.budget);
    w.i32_store(OFF_BUDGET);
    this.#x.forEach((local, n) => {
      if (local === undefined || this.#xChanged[n] !== true) return;
      w.i32_const(0);
      w.local_get(local);
      w.i64_store(this.#offsetOfX(n));
    });
    this.#v.forEach((local, n) => {
      if (local === undefined || this.#vChanged[n] !== true) return;
      w.i32_const(0);
      w.local_get(local);
      w.v128_store(OFF_V + n * 16);
    });
    if (this.#flags === null || !this.#flagsChanged) return;
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
