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
import type { Body, Label, Local } from "../wasm/builder.js";
import type { FlagLocals } from "./flags.js";

/**
 * What a part of a region holds in locals: the registers it mentions. A register that another part
 * mentions is in the state block meanwhile.
 */
export class FramePart {
  /** Bits 0..30 X, 31 SP. */
  x = 0;
  v = 0;
  flags = false;
  flagsChanged = false;
  /** Where its exits go, while it is open. */
  exit = 0 as Label;
  /** The code that stores and loads it, once it is written. */
  saving: Span | null = null;
  loading: Span | null = null;
}

/** A piece of a code buffer. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * What a scope, a block or an innermost loop, has changed since control came into it. In a loop it is what any of its blocks
 * changes, and known when the last one is emitted.
 */
export class Changes {
  readonly isLoop: boolean;
  /** Registers by number: bits 0..30 X, 31 SP. */
  x = 0;
  v = 0;
  /** The code that stores them, once it is written. */
  storing: Span | null = null;

  constructor(isLoop: boolean) {
    this.isLoop = isLoop;
  }

  /** As of now; of a loop, as of its end. */
  seen(): Changes {
    if (this.isLoop) return this;
    const now = new Changes(false);
    now.x = this.x;
    now.v = this.v;
    return now;
  }
}

/**
 * The guest registers of one region as wasm locals. A region is cut into parts at its calls; a part
 * loads what it mentions when it is entered, so a local always holds the register's value. Registers that
 * a block changes are stored where it is left, those that an innermost loop changes where that is: not in common
 * exits of the region, for which the compiler would have to keep all of them alive and meeting. The flags, which seldom
 * matter outside, are stored in those.
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
  /** What the code being emitted has changed and not stored. */
  changes = new Changes(false);
  /** X registers, and SP, that have been changed since somebody set this to 0. */
  writtenX = 0;
  /** Registers that the current instruction has changed. */
  #freshX = 0;
  #freshV = 0;

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
    this.#freshX |= 1 << n;
    this.writtenX |= 1 << n;
    return this.x(n);
  }

  v(n: number): Local {
    this.part.v |= 1 << n;
    return (this.#v[n] ??= this.#w.local("v128"));
  }

  vForWrite(n: number): Local {
    this.#freshV |= 1 << n;
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

  /** The current instruction is emitted. */
  endInstruction(): void {
    this.changes.x |= this.#freshX;
    this.changes.v |= this.#freshV;
    this.#freshX = 0;
    this.#freshV = 0;
  }

  /** Store registers. Emitted when all code of their scope has been. */
  emitStores(w: Body, { x, v }: Changes): void {
    for (let bits = x; bits !== 0; bits &= bits - 1) {
      const n = 31 - Math.clz32(bits & -bits);
      w.i32_const(0);
      w.local_get(this.#x[n]!);
      w.i64_store(this.#offsetOfX(n));
    }
    for (let bits = v; bits !== 0; bits &= bits - 1) {
      const n = 31 - Math.clz32(bits & -bits);
      w.i32_const(0);
      w.local_get(this.#v[n]!);
      w.v128_store(OFF_V + n * 16);
    }
  }

  #offsetOfX(n: number): number {
    return n === 31 ? this.#spOffset : OFF_X + n * 8;
  }

  /** Load every register a part mentions. Emitted when all code has been. */
  emitLoad(w: Body, part: FramePart): void {
    w.i32_const(0);
    w.i32_load(OFF_BUDGET);
    w.local_set(this.budget);
    for (let bits = part.x; bits !== 0; bits &= bits - 1) {
      const n = 31 - Math.clz32(bits & -bits);
      w.i32_const(0);
      w.i64_load(this.#offsetOfX(n));
      w.local_set(this.#x[n]!);
    }
    for (let bits = part.v; bits !== 0; bits &= bits - 1) {
      const n = 31 - Math.clz32(bits & -bits);
      w.i32_const(0);
      w.v128_load(OFF_V + n * 16);
      w.local_set(this.#v[n]!);
    }
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

  /** Store the budget and, if a part changes them, the flags. Emitted when all code has been. */
  emitSave(w: Body, part: FramePart): void {
    w.i32_const(0);
    w.local_get(this.budget);
    w.i32_store(OFF_BUDGET);
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
