import { check } from "../arch/check.js";
import { EC_FP_ACCESS } from "../arch/esr.js";
import { FEATURES } from "../arch/features.js";
import { OFF_RESERVE } from "../cpu/state-layout.js";
import type { Mode } from "../isa/emitter.js";
import { newBody, type Label } from "../wasm/builder.js";
import type { ModuleBuilder, Splice } from "../wasm/module.js";
import { REGION_TYPE } from "./dispatch.js";
import { EXIT_BUDGET } from "./exit.js";
import type { FlagKind } from "./flags.js";
import { Changes, FramePart, type ChangedRegisters } from "./frame.js";
import type { RegionContext } from "./exit-emitter.js";
import { RegionEmitter } from "./region-emitter.js";
import { endsInCall, type Block, type Region } from "./region.js";
import { hostFunctionType } from "./runtime.js";

/** ISS of a trapped FP or SIMD access: condition valid, always. */
const FP_ACCESS_ISS = (1 << 24) | (0xe << 20);

const body = newBody();
const code = newBody();

/**
 * Translate a region into one WebAssembly function of `module`. Its shape:
 *
 *     load the registers of the entry's part
 *     block $done
 *       block $exit, one for each part
 *         the blocks in reverse postorder; a `loop` around every range a branch leads back over,
 *         a `block` up to every block that is branched forward to
 *       end
 *       store the part's registers; br $done
 *     end
 *     return `slot`
 *
 * A branch that this nesting cannot express leaves the region through the table instead. A guest call
 * stores the registers of the part before it, runs its target as a WebAssembly call, and loads those of the part
 * after it.
 */
export function translateRegion(
  module: ModuleBuilder,
  region: Region,
  mode: Mode,
  targets: CallTargets,
): void {
  const w = body;
  w.begin([]);
  code.begin([]);
  const { blocks } = region;
  const index = new Map(blocks.map((b, i) => [b.pc, i]));
  const labels: (Label | undefined)[] = [];
  const partOf = partsOf(blocks);
  const parts = [...new Set(partOf)];
  const ends = loopEnds(blocks);
  const loops = innermostLoops(blocks, ends, partOf);
  let current = 0;
  const e = new RegionEmitter(w, mode, {
    host: (name) => module.import(name, hostFunctionType(name)),
    ...targets,
    labelOf: (pc) => {
      const i = index.get(pc);
      return i === undefined ? null : (labels[i] ?? null);
    },
    fallsInto: (pc) => index.get(pc) === current + 1,
    contains: (pc) => index.has(pc),
    targets: () => blocks[current]!.targets,
    partOf: (pc) => partOf[index.get(pc)!]!,
    sharesChanges: (pc) => {
      const i = index.get(pc);
      return i !== undefined && loops[i] !== null && loops[i] === loops[current];
    },
  });
  e.savedExitLabel = w.block();
  const exits = new Map(parts.map((part) => [part, w.block()]));
  const context: Emission = {
    blocks,
    ends,
    e,
    labels,
    enter: (i) => {
      current = i;
      e.frame.part = partOf[i]!;
      e.exitLabel = exits.get(partOf[i]!)!;
      e.frame.changes = loops[i] ?? new Changes(false);
    },
    after: [],
    longestPath: blocks.reduce((sum, block) => sum + block.insns.length, 0),
  };
  emitSequence(context, 0, blocks.length - 1);
  for (const part of [...parts].reverse()) {
    w.end(exits.get(part)!);
    e.sync.push({ at: w.length, kind: "save", part });
    if (part !== parts[0]) w.br(e.savedExitLabel);
  }
  w.end(e.savedExitLabel);
  w.local_get(e.slot);
  check(w.openLabels === 0, "label left open");
  e.sync.unshift({ at: 0, kind: "load", part: partOf[0]! });
  module.func(REGION_TYPE, w, spliceRegisters(e));
}

/** How a region reaches others. */
export type CallTargets = Pick<RegionContext, "linkSlot" | "ownFunction">;

/** The loads and stores that only now can be written, since only now it is known what each part mentions. */
function spliceRegisters(e: RegionEmitter): readonly Splice[] {
  const made = new Map<FramePart, { save?: Span; load?: Span }>();
  const stores = new Map<ChangedRegisters, Span>();
  return e.sync.map((sync) => {
    const { at, kind } = sync;
    if (kind === "stores") {
      let span = stores.get(sync.registers);
      if (span === undefined) {
        const from = code.length;
        e.frame.emitStores(code, sync.registers);
        stores.set(sync.registers, (span = { from, to: code.length }));
      }
      return { at, code, ...span };
    }
    const { part } = sync;
    let spans = made.get(part);
    if (spans === undefined) made.set(part, (spans = {}));
    let span = spans[kind];
    if (span === undefined) {
      const from = code.length;
      if (kind === "save") e.frame.emitSave(code, part);
      else e.frame.emitLoad(code, part);
      span = spans[kind] = { from, to: code.length };
    }
    return { at, code, ...span };
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The part of each block: blocks that control passes between otherwise than by a call are of one part. */
function partsOf(blocks: readonly Block[]): FramePart[] {
  const leader = blocks.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (leader[at] !== at) at = leader[at] = leader[leader[at]!]!;
    return at;
  };
  blocks.forEach((block, i) => {
    if (endsInCall(block)) return;
    for (const s of block.successors) leader[find(s)] = find(i);
  });
  const parts = new Map<number, FramePart>();
  return blocks.map((_, i) => {
    const root = find(i);
    let part = parts.get(root);
    if (part === undefined) parts.set(root, (part = new FramePart()));
    return part;
  });
}

/** What emission of a region carries along. */
interface Emission {
  readonly blocks: readonly Block[];
  /** See `loopEnds`. */
  readonly ends: readonly number[];
  readonly e: RegionEmitter;
  readonly labels: (Label | undefined)[];
  readonly enter: (i: number) => void;
  /** Flags known at the end of each block already emitted. */
  readonly after: (FlagKind | null)[];
  /** More instructions than lie between two checks of the budget. */
  readonly longestPath: number;
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

/** For every block the changes of the innermost loop it is in, if that loop makes no calls; else null. */
function innermostLoops(
  blocks: readonly Block[],
  ends: readonly number[],
  partOf: readonly FramePart[],
): (Changes | null)[] {
  const loops = blocks.map((): Changes | null => null);
  ends.forEach((end, head) => {
    for (let i = head; i <= end; i++) {
      const isNested = i > head && ends[i]! >= 0;
      if (isNested || partOf[i] !== partOf[head] || endsInCall(blocks[i]!)) return;
    }
    if (end >= 0) loops.fill(new Changes(true), head, end + 1);
  });
  return loops;
}

function emitSequence(context: Emission, from: number, to: number, heading = -1): void {
  const { blocks, ends, e, labels } = context;
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
    if (start === heading || ends[start]! < 0) {
      context.enter(start);
      emitBlock(context, start);
      continue;
    }
    const loop = w.loop();
    labels[start] = loop;
    emitSequence(context, start, ends[start]!, start);
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

/** True where the budget must be looked at: at the entry, in every loop, and after other code ran. */
function checksBudget({ blocks, ends, e }: Emission, at: number): boolean {
  return e.mode.careful || at === 0 || ends[at]! >= 0 || blocks[at]!.afterCall;
}

function emitBlock(context: Emission, at: number): void {
  const { blocks, e, after } = context;
  const block = blocks[at]!;
  const w = e.w;
  e.flagKind = at === 0 ? null : kindBefore(blocks, at, after);
  const count = block.insns.length;
  if (checksBudget(context, at)) {
    w.local_get(e.frame.budget);
    w.i32_const(e.mode.careful ? count : context.longestPath);
    if (at === 0 && !e.mode.careful) {
      w.i32_sub();
      w.i32_const(0);
      w.i32_load(OFF_RESERVE);
    }
    w.i32_lt_s();
    const spent = w.unlikely().if_();
    e.exitAtBlockStart(EXIT_BUDGET, block.pc);
    w.end(spent);
  }
  if (at === 0 && e.mode.guarded) e.checkLanding(block.pc, block.insns[0]!.word);
  w.local_get(e.frame.budget);
  w.i32_const(count);
  w.i32_sub();
  w.local_set(e.frame.budget);
  e.beginBlock(block.pc, count);
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
  if (!e.ended) leaveBlock(e, block);
  e.endBlock();
}

/** Go on after the last instruction. */
function leaveBlock(e: RegionEmitter, block: Block): void {
  const last = block.insns[block.insns.length - 1]!;
  // Flags at the next block are worked out from the successors: control goes nowhere else.
  check(last.flow === null || last.flow.kind === "cond", "instruction did not end", last.word);
  e.goto(last.pc + 4);
}

/** The kind of flags a block starts with, if every way into it is emitted and agrees. */
function kindBefore(
  blocks: readonly Block[],
  at: number,
  after: readonly (FlagKind | null)[],
): FlagKind | null {
  let kind: FlagKind | null | undefined;
  for (let i = 0; i < blocks.length; i++) {
    if (!blocks[i]!.successors.includes(at)) continue;
    const from = i < at ? after[i] : null;
    if (from === null || from === undefined || (kind !== undefined && kind !== from)) return null;
    kind = from;
  }
  return kind ?? null;
}
