import type { Prng } from "./fp-operands.js";
import { B, BL, CBZ, RET, BR, CLREX, rn, LINK, TABLE, RECURSION, FRAME } from "./fuzz-encodings.js";
import { StatementMaker, type Func } from "./fuzz-statements.js";
import type { JudgeName } from "./known-differences.js";

/** Whole random programs: the statements of main, and the functions they call. */

/** Main, the final BRK, the functions that are called, the tables. @returns the index of the BRK */
function writeAll(maker: StatementMaker): number {
  maker.w.emit(CLREX);
  maker.statements({ times: 1, depth: 0, calls: 0 }, maker.left);
  const end = maker.w.words.length;
  maker.end = end;
  maker.w.brk();
  maker.functions.forEach((f, i) => {
    if (f.times > 0) writeFunction(maker, f, i);
  });
  for (const { label, targets } of maker.tables) {
    maker.w.place(label);
    for (const target of targets) maker.w.distance(label, target);
  }
  maker.w.finish();
  return end;
}

function writeFunction(maker: StatementMaker, { label, kind, times }: Func, index: number): void {
  const { rng } = maker;
  const body = (calls: number | null): void => {
    maker.left = 2 + rng.below(8);
    maker.statements({ times, depth: 2, calls }, maker.left);
  };
  maker.w.place(label);
  switch (kind) {
    case "leaf":
      body(null);
      maker.w.emit(RET | rn(LINK));
      break;
    case "framed":
      push(maker);
      body(index + 1);
      pop(maker);
      maker.w.emit(RET | rn(LINK));
      break;
    case "tail": {
      body(null);
      const next = maker.functions.slice(index + 1).find(
        // A recursive one needs its counter; one that skips needs something to skip.
        (f) => f.kind !== "recursive" && f.kind !== "skips",
      );
      if (next === undefined) maker.w.emit(BR | rn(LINK));
      else {
        next.times += times;
        maker.w.branch(B, "imm26", next.label);
      }
      break;
    }
    case "skips":
      body(null);
      maker.w.emit(0x9100_0000 | (4 << 10) | rn(LINK) | LINK, RET | rn(LINK)); // add x30, x30, #4
      break;
    case "copies":
      maker.w.emit(0xaa00_03e0 | (LINK << 16) | TABLE); // mov x29, x30
      maker.emit(maker.compute());
      maker.w.emit(RET | rn(TABLE));
      break;
    case "recursive": {
      const out = maker.w.label();
      push(maker);
      body(null);
      maker.w.emit(0xf100_0000 | (1 << 10) | rn(RECURSION) | RECURSION); // subs
      maker.w.branch(CBZ | RECURSION, "imm19", out);
      maker.w.branch(BL, "imm26", label);
      maker.w.place(out);
      pop(maker);
      maker.w.emit(RET | rn(LINK));
      break;
    }
  }
}

/** stp x29, x30, [sp, #-FRAME]! */
function push(maker: StatementMaker): void {
  maker.w.emit(0xa980_0000 | (((-FRAME / 8) & 0x7f) << 15) | (LINK << 10) | rn(31) | TABLE);
}

/** ldp x29, x30, [sp], #FRAME */
function pop(maker: StatementMaker): void {
  maker.w.emit(0xa8c0_0000 | ((FRAME / 8) << 15) | (LINK << 10) | rn(31) | TABLE);
}

export interface Program {
  readonly words: readonly number[];
  /** Index of the final BRK. */
  readonly end: number;
}

/** A random program of about `size` instructions besides its functions. */
export function randomProgram(judge: JudgeName, rng: Prng, size: number): Program {
  const maker = new StatementMaker(judge, rng, size);
  const end = writeAll(maker);
  return { words: maker.w.words, end };
}
