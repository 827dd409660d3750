import { check } from "../arch/check.js";
import { EC_FP_ACCESS } from "../arch/esr.js";
import { FEATURES } from "../arch/features.js";
import type { Mode } from "../isa/emitter.js";
import { newBody, type Label, type Local } from "../wasm/builder.js";
import type { ModuleBuilder, Splice } from "../wasm/module.js";
import { REGION_TYPE } from "./dispatch.js";
import { emitFindEntry, emitTakeEntry } from "./entries.js";
import { EXIT_BUDGET } from "./exit.js";
import type { FlagKind } from "./flags.js";
import { Changes, type ChangedRegisters, type FramePart } from "./frame.js";
import type { RegionContext } from "./exit-emitter.js";
import { RegionEmitter } from "./region-emitter.js";
import type { Block } from "./region.js";
import { hostFunctionType } from "./runtime.js";
import type { Shape } from "./shape.js";

/** ISS of a trapped FP or SIMD access: condition valid, always. */
const FP_ACCESS_ISS = (1 << 24) | (0xe << 20);

const body = newBody();
const code = newBody();

/**
 * Translate a region into one WebAssembly function of `module`. Its shape:
 *
 *     load the registers of the first block's part, or of that of the entry wanted
 *     block $done
 *       block $exit, one for each part
 *         the blocks in reverse postorder; a `loop` around every range a branch leads back over,
 *         a `block` up to every block that is branched forward to or that an entry is in
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
  shape: Shape,
  mode: Mode,
  targets: CallTargets,
): void {
  const w = body;
  w.begin([]);
  code.begin([]);
  const { blocks, partOf, loops, loadsAtStart } = shape;
  const index = new Map(blocks.map((b, i) => [b.pc, i]));
  const labels: (Label | undefined)[] = [];
  const parts = [...new Set(partOf)];
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
    partToLoadAt: (pc) => (loadsAtStart[index.get(pc)!] ? null : partOf[index.get(pc)!]!),
    sharesChanges: (pc) => {
      const i = index.get(pc);
      return i !== undefined && loops[i] !== null && loops[i] === loops[current];
    },
  });
  const load = (part: FramePart): void => {
    e.sync.push({ at: w.length, kind: "load", part });
  };
  load(partOf[0]!);
  const entry = w.local("i32");
  if (shape.entries.some((number) => number > 0)) emitTakeEntry(w, entry, shape, load);
  e.savedExitLabel = w.block();
  const exits = new Map(parts.map((part) => [part, w.block()]));
  const context: Emission = {
    shape,
    e,
    entry,
    labels,
    enter: (i) => {
      current = i;
      const part = partOf[i]!;
      e.frame.part = part;
      e.exitLabel = exits.get(part)!;
      e.frame.changes = loops[i] ?? new Changes(false);
      if (loadsAtStart[i]) load(part);
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

/** What emission of a region carries along. */
interface Emission {
  readonly shape: Shape;
  readonly e: RegionEmitter;
  /** i32: the entry that control is on its way to, 0 for none. */
  readonly entry: Local;
  readonly labels: (Label | undefined)[];
  readonly enter: (i: number) => void;
  /** Flags known at the end of each block already emitted. */
  readonly after: (FlagKind | null)[];
  /** More instructions than lie between two checks of the budget. */
  readonly longestPath: number;
}

function emitSequence(context: Emission, from: number, to: number, heading = -1): void {
  const { shape, e, entry, labels } = context;
  const { blocks, ends, entries } = shape;
  const w = e.w;
  const starts: number[] = [];
  for (let i = from; i <= to; i = childEnd(i) + 1) starts.push(i);
  function childEnd(i: number): number {
    return i !== heading && ends[i]! >= 0 ? ends[i]! : i;
  }
  // Blocks of this range that something before them, other than their neighbour, branches to, or an entry is in.
  const targets = starts.filter((s) => {
    if (s === from) return false;
    return hasEntry(entries, s, childEnd(s)) || isForwardTarget(blocks, from, s);
  });
  for (const target of [...targets].reverse()) labels[target] = w.block();
  emitFindEntry(w, entry, entryLabels(entries, targets, childEnd, labels));
  for (const start of starts) {
    const forward = targets.includes(start) ? labels[start] : undefined;
    if (forward !== undefined) {
      w.end(forward);
      labels[start] = undefined;
    }
    if (start === heading || ends[start]! < 0) {
      if (entries[start]! > 0) {
        w.i32_const(0);
        w.local_set(entry);
      }
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

function hasEntry(entries: readonly number[], from: number, to: number): boolean {
  for (let i = from; i <= to; i++) if (entries[i]! > 0) return true;
  return false;
}

/** Where to go for the entries in the given children of a sequence. */
function entryLabels(
  entries: readonly number[],
  children: readonly number[],
  childEnd: (i: number) => number,
  labels: readonly (Label | undefined)[],
): Map<number, Label> {
  const found = new Map<number, Label>();
  for (const child of children) {
    for (let i = child; i <= childEnd(child); i++) {
      if (entries[i]! > 0) found.set(entries[i]!, labels[child]!);
    }
  }
  return found;
}

function isForwardTarget(blocks: readonly Block[], from: number, target: number): boolean {
  for (let i = from; i < target; i++) {
    if (blocks[i]!.successors.includes(target)) return true;
  }
  return false;
}

/** True where the budget must be looked at: at the start, in every loop, and after other code ran. */
function checksBudget({ shape: { blocks, ends }, e }: Emission, at: number): boolean {
  return e.mode.careful || at === 0 || ends[at]! >= 0 || blocks[at]!.afterCall;
}

function emitBlock(context: Emission, at: number): void {
  const { shape, e, after } = context;
  const { blocks, entries } = shape;
  const block = blocks[at]!;
  const w = e.w;
  const isEntry = at === 0 || entries[at]! > 0;
  e.flagKind = isEntry ? null : kindBefore(blocks, at, after);
  const count = block.insns.length;
  if (checksBudget(context, at)) {
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
