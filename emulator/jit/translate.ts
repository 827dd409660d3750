import { check } from "../arch/check.js";
import { EC_FP_ACCESS } from "../arch/esr.js";
import { FEATURES } from "../arch/features.js";
import type { Mode } from "../isa/emitter.js";
import { newBody, type Label } from "../wasm/builder.js";
import type { ModuleBuilder } from "../wasm/module.js";
import { EXIT_BUDGET } from "./exit.js";
import type { FlagKind } from "./flags.js";
import { RegionEmitter } from "./region-emitter.js";
import type { Block, Region } from "./region.js";
import { hostFunctionType, REGION_TYPE } from "./runtime.js";

/** ISS of a trapped FP or SIMD access: condition valid, always. */
const FP_ACCESS_ISS = (1 << 24) | (0xe << 20);

const body = newBody();
const entry = newBody();
const exit = newBody();

/**
 * Translate a region into one WebAssembly function of `module`. Its shape:
 *
 *     load registers
 *     block $exit
 *       the blocks in reverse postorder; a `loop` around every range a branch leads back over,
 *       a `block` up to every block that is branched forward to
 *     end
 *     store registers; return `slot`
 *
 * A branch that this nesting cannot express leaves the region through the table instead.
 */
export function translateRegion(
  module: ModuleBuilder,
  region: Region,
  mode: Mode,
  linkSlot: (pc: number) => number,
): void {
  const w = body;
  w.begin([]);
  const { blocks } = region;
  const index = new Map(blocks.map((b, i) => [b.pc, i]));
  const labels: (Label | undefined)[] = [];
  let current = 0;
  const e = new RegionEmitter(w, mode, {
    host: (name) => module.import(name, hostFunctionType(name)),
    linkSlot,
    labelOf: (pc) => {
      const i = index.get(pc);
      return i === undefined ? null : (labels[i] ?? null);
    },
    fallsInto: (pc) => index.get(pc) === current + 1,
  });
  e.exitLabel = w.block();
  emitSequence(blocks, loopEnds(blocks), 0, blocks.length - 1, e, labels, (i) => {
    current = i;
  });
  w.end(e.exitLabel);
  check(w.openLabels === 0, "label left open");

  entry.begin([]);
  e.frame.emitEntry(entry);
  exit.begin([]);
  e.frame.emitExit(exit);
  exit.local_get(e.slot);
  module.func(REGION_TYPE, w, [entry, w, exit]);
}

/**
 * For every block that is branched back to, the last block of the loop it heads, else -1. Ranges are
 * widened until they nest.
 */
function loopEnds(blocks: readonly Block[]): number[] {
  const ends = blocks.map(() => -1);
  blocks.forEach((block, i) => {
    for (const s of block.successors) if (s <= i) ends[s] = Math.max(ends[s]!, i);
  });
  for (let changed = true; changed;) {
    changed = false;
    for (let outer = 0; outer < ends.length; outer++) {
      for (let inner = outer + 1; inner <= ends[outer]!; inner++) {
        if (ends[inner]! > ends[outer]!) {
          ends[outer] = ends[inner]!;
          changed = true;
        }
      }
    }
  }
  return ends;
}

/** Flags known at the end of each block already emitted. */
type KindAfter = (FlagKind | null)[];

function emitSequence(
  blocks: readonly Block[],
  ends: readonly number[],
  from: number,
  to: number,
  e: RegionEmitter,
  labels: (Label | undefined)[],
  enter: (i: number) => void,
  after: KindAfter = [],
  heading = -1,
): void {
  const w = e.w;
  const starts: number[] = [];
  for (let i = from; i <= to; i = childEnd(i) + 1) starts.push(i);
  function childEnd(i: number): number {
    return i !== heading && ends[i]! >= 0 ? ends[i]! : i;
  }
  // Blocks of this range that something before them, other than their neighbour, branches to.
  const targets = starts.filter((s) => s !== from && isForwardTarget(blocks, from, s));
  for (const target of [...targets].reverse()) labels[target] = w.block();
  for (const start of starts) {
    const forward = targets.includes(start) ? labels[start] : undefined;
    if (forward !== undefined) {
      w.end(forward);
      labels[start] = undefined;
    }
    if (childEnd(start) === start && (start === heading || ends[start]! < 0)) {
      enter(start);
      emitBlock(blocks, start, e, after);
      continue;
    }
    const loop = w.loop();
    labels[start] = loop;
    emitSequence(blocks, ends, start, ends[start]!, e, labels, enter, after, start);
    labels[start] = undefined;
    w.end(loop);
  }
}

function isForwardTarget(blocks: readonly Block[], from: number, target: number): boolean {
  for (let i = from; i < target; i++) {
    if (blocks[i]!.successors.includes(target)) return true;
  }
  return false;
}

function emitBlock(blocks: readonly Block[], at: number, e: RegionEmitter, after: KindAfter): void {
  const block = blocks[at]!;
  const w = e.w;
  e.flagKind = at === 0 ? null : kindBefore(blocks, at, after);
  const count = block.insns.length;
  w.local_get(e.frame.budget);
  w.i32_const(count);
  w.i32_sub();
  w.local_tee(e.frame.budget);
  w.i32_const(0);
  w.i32_lt_s();
  const spent = w.if_();
  e.exitAtBlockStart(EXIT_BUDGET, block.pc, count);
  w.end(spent);
  block.insns.forEach((insn, i) => {
    e.beginInstruction(insn, count - i);
    const { row } = insn;
    if (row === null) e.undefined();
    else if (e.mode.fpTrapped && row.features(insn.fields).some((f) => FEATURES[f].usesFp)) {
      e.exception(EC_FP_ACCESS, FP_ACCESS_ISS);
    } else row.emit(e, insn.fields);
    e.endInstruction();
  });
  after[at] = e.flagKind;
  if (e.ended) return;
  const last = block.insns[count - 1]!;
  // Flags at the next block are worked out from the successors: control goes nowhere else.
  check(last.flow === null || last.flow.kind === "cond", "instruction did not end", last.word);
  e.goto(last.pc + 4);
}

/** The kind of flags a block starts with, if every way into it is emitted and agrees. */
function kindBefore(blocks: readonly Block[], at: number, after: KindAfter): FlagKind | null {
  let kind: FlagKind | null | undefined;
  for (let i = 0; i < blocks.length; i++) {
    if (!blocks[i]!.successors.includes(at)) continue;
    const from = i < at ? after[i] : null;
    if (from === null || from === undefined || (kind !== undefined && kind !== from)) return null;
    kind = from;
  }
  return kind ?? null;
}
