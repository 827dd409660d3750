import { check } from "../arch/check.js";
import { EC_FP_ACCESS } from "../arch/esr.js";
import { FEATURES } from "../arch/features.js";
import type { Local } from "../wasm/builder.js";
import { EXIT_BUDGET } from "./exit.js";
import type { FlagKind } from "./flags.js";
import type { Layout } from "./layout.js";
import type { RegionEmitter } from "./region-emitter.js";
import { lastOf, lastPcOf, type Block } from "./region.js";
import type { Shape } from "./shape.js";

/** ISS of a trapped FP or SIMD access: condition valid, always. */
const FP_ACCESS_ISS = (1 << 24) | (0xe << 20);

/** What emission of a region carries along. */
export interface Emission {
  readonly shape: Shape;
  readonly e: RegionEmitter;
  /** i32: the entry that control is on its way to, 0 for none. */
  readonly entry: Local;
  readonly layout: Layout;
  readonly enter: (i: number) => void;
  /** Flags known at the end of each block already emitted. */
  readonly after: (FlagKind | null)[];
  /** What is emitted is the body of a strip (jit/strip.ts). */
  isStrip: boolean;
  /** More instructions than lie between two checks of the budget. */
  readonly longestPath: number;
}

/** True where the budget must be looked at: at the start, in every loop, and after other code ran. */
function checksBudget({ shape: { blocks, ends }, e }: Emission, at: number): boolean {
  return e.mode.careful || at === 0 || ends[at]! >= 0 || blocks[at]!.afterCall;
}

/** The instructions of a block, with what comes before and after them. */
export function emitBlock(context: Emission, at: number): void {
  const { shape, e, after } = context;
  const { blocks, entries } = shape;
  const block = blocks[at]!;
  const w = e.w;
  const isEntry = at === 0 || entries[at]! > 0;
  e.flagKind = isEntry ? null : kindBefore(shape, at, after);
  const count = block.insns.length;
  if (!context.isStrip && checksBudget(context, at)) {
    w.local_get(e.frame.budget);
    w.i32_const(e.mode.careful ? count : context.longestPath);
    w.i32_lt_s();
    const spent = w.unlikely().if_();
    e.exitAtBlockStart(EXIT_BUDGET, block.pc);
    w.end(spent);
  }
  if (isEntry && e.mode.guarded) e.checkLanding(block.pc, block.insns[0]!.word);
  w.local_get(e.frame.budget);
  w.i32_const(count);
  w.i32_sub();
  w.local_set(e.frame.budget);
  e.beginBlock(block.pc, count);
  for (let i = 0; i < count; i++) {
    const { word, row, fields } = block.insns[i]!;
    e.beginInstruction(block.pc + i * 4, word, count - i);
    if (row === null) e.undefined();
    else if (e.mode.fpTrapped && row.features(fields).some((f) => FEATURES[f].usesFp)) {
      e.exception(EC_FP_ACCESS, FP_ACCESS_ISS);
    } else row.emit(e, fields);
    e.endInstruction();
  }
  after[at] = e.flagKind;
  if (!e.ended) leaveBlock(e, block);
  e.endBlock();
}

/** Go on after the last instruction. */
function leaveBlock(e: RegionEmitter, block: Block): void {
  const last = lastOf(block);
  // Flags at the next block are worked out from the successors: control goes nowhere else.
  check(last.flow === null || last.flow.kind === "cond", "instruction did not end", last.word);
  e.goto(lastPcOf(block) + 4);
}

/** The kind of flags a block starts with, if every way into it is emitted and agrees. */
function kindBefore(
  { predecessors }: Shape,
  at: number,
  after: readonly (FlagKind | null)[],
): FlagKind | null {
  let kind: FlagKind | null | undefined;
  for (const i of predecessors[at]!) {
    const from = i < at ? after[i] : null;
    if (from === null || from === undefined || (kind !== undefined && kind !== from)) return null;
    kind = from;
  }
  return kind ?? null;
}
