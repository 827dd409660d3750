import type { Indexing, Mode } from "../isa/emitter.js";
import { advance, initialValues, meet, type LoopInsn, type Values } from "./loop-values.js";
import type { Shape } from "./shape.js";

/**
 * Loops whose accesses stay near where they were. While an access stays within one page its check comes out alike every
 * time, so it need not be made every time. How many iterations there are until an address that moves evenly leaves its
 * page can be worked out before them; of another it is looked at once in an iteration, for all accesses near it, and not on
 * the way to their data. This part finds out, from what the instructions of a loop do, which accesses move together and
 * how.
 */

/** A block of a loop. */
export interface LoopBlock {
  readonly insns: readonly LoopInsn[];
  /** Blocks of the loop that control comes from, by index, all before this one. */
  readonly from: readonly number[];
  /** The next iteration may follow it. */
  readonly isLast: boolean;
}

/** Registers whose sum is an address, as they are when an iteration begins. */
export interface Base {
  readonly rn: number;
  /** Added after extension and shift, or null. */
  readonly index: { readonly rm: number; readonly option: number; readonly shift: number } | null;
}

/** How far an address moves in an iteration: a constant, and a register shifted left. */
export interface Stride {
  readonly bytes: number;
  readonly register: { readonly rm: number; readonly shift: number } | null;
}

/** Accesses that move together, each at a constant distance from the others. */
export interface Stream {
  readonly base: Base;
  readonly isWrite: boolean;
  /** null: not evenly. */
  readonly stride: Stride | null;
  /** Offsets from the base at the start of an iteration: the first byte accessed and the one after the last. */
  from: number;
  to: number;
  /** Addresses of the instructions. */
  readonly pcs: number[];
}

/** More streams than this take longer to prepare than they save. */
const MAX_STREAMS = 6;
/** Accesses that move farther in an iteration, or are farther apart, leave their page too soon. */
const MAX_STRIDE = 1024;
const MAX_SPAN = 1024;

const LSL = 3;

/** A loop of more instructions is not worth being there twice; nor, with several paths, one of so many. */
const MAX_STRIP_INSNS = 160;
const MAX_FORKED_INSNS = 64;

/** Whether accesses need no more than the inline TLB to be seen to. */
export function mayStrip({ careful, accessHooks, observed, coherent, guarded }: Mode): boolean {
  return !careful && !accessHooks && !observed && !coherent && !guarded;
}

/** Barriers, system registers, TLB maintenance and their like: what the inline TLB says may change there. */
function isSystem(word: number): boolean {
  return word >>> 22 === 0x354;
}

/** Whether the loop at `head` is innermost, short, and goes nowhere that is not written in its branches. */
export function isStrippable(shape: Shape, head: number): boolean {
  const { blocks, ends, loops } = shape;
  const end = ends[head]!;
  if (loops[head] === null) return false;
  let insns = 0;
  for (let i = head; i <= end; i++) {
    const block = blocks[i]!;
    if (block.afterCall || block.targets.length > 0) return false;
    if (block.insns.some(({ word }) => isSystem(word))) return false;
    insns += block.insns.length;
  }
  return insns <= (hasOnePath(shape, head) ? MAX_STRIP_INSNS : MAX_FORKED_INSNS);
}

/** True if all iterations of a strippable loop execute the same instructions, unless they leave it. */
export function hasOnePath({ blocks, ends }: Shape, head: number): boolean {
  const end = ends[head]!;
  for (let i = head; i <= end; i++) {
    const next = i === end ? head : i + 1;
    for (const s of blocks[i]!.successors) if (s >= head && s <= end && s !== next) return false;
  }
  return true;
}

/** The blocks of a strippable loop, given what its instructions do. */
export function loopBlocks(
  { blocks, ends, predecessors }: Shape,
  head: number,
  noted: ReadonlyMap<number, LoopInsn>,
): LoopBlock[] {
  return blocks.slice(head, ends[head]! + 1).map((block, n) => ({
    insns: block.insns.flatMap((_, k) => noted.get(block.pc + 4 * k) ?? []),
    from: predecessors[head + n]!.map((p) => p - head).filter((p) => p >= 0 && p < n),
    isLast: block.successors.includes(head),
  }));
}

type Found = Omit<Stream, "stride">;

/** The streams of a loop, at most a few; in one with several paths only what stays where it is is even. */
export function streamsOf(blocks: readonly LoopBlock[], isOnePath: boolean): Stream[] {
  let everWritten = 0;
  for (const { insns } of blocks) for (const { written } of insns) everWritten |= written;
  const found = new Map<string, Found>();
  const after: Values[] = [];
  for (const { insns, from } of blocks) {
    const values = after.length === 0 ? initialValues() : meet(from.map((p) => after[p]!));
    for (const insn of insns) {
      note(insn, values, found);
      advance(values, insn, everWritten);
    }
    after.push(values);
  }
  const last = meet(after.filter((_, n) => blocks[n]!.isLast));
  const streams: Stream[] = [];
  for (const stream of found.values()) {
    if (streams.length === MAX_STREAMS || stream.to - stream.from > MAX_SPAN) continue;
    const stride = strideOf(stream.base, last);
    const stays = stride !== null && stride.bytes === 0 && stride.register === null;
    streams.push({ ...stream, stride: isOnePath || stays ? stride : null });
  }
  return streams;
}

/** Add an instruction's access to its stream. */
function note({ pc, access }: LoopInsn, values: Values, found: Map<string, Found>): void {
  const place = access === null ? null : placeOf(access.at, values);
  if (access === null || place === null) return;
  const { base, offset } = place;
  const { isWrite, bytes } = access;
  const key = `${base.rn} ${JSON.stringify(base.index)} ${isWrite}`;
  let stream = found.get(key);
  if (stream === undefined) {
    stream = { base, isWrite, from: offset, to: offset, pcs: [] };
    found.set(key, stream);
  }
  stream.from = Math.min(stream.from, offset);
  stream.to = Math.max(stream.to, offset + bytes);
  stream.pcs.push(pc);
}

/** Where an access is, relative to registers at the start of the iteration; null if that is not known. */
function placeOf(at: Indexing, values: Values): { base: Base; offset: number } | null {
  const from = values[at.rn]!;
  // A register that has been added in this iteration would have to be added here.
  if (from === null || from.register !== null) return null;
  const rn = from.origin;
  if (typeof at.offset === "number") {
    const offset = from.bytes + (at.mode === "post" ? 0 : at.offset);
    return { base: { rn, index: null }, offset };
  }
  const { rm, option, shift } = at.offset;
  if (rm === 31) return { base: { rn, index: null }, offset: from.bytes };
  const index = values[rm]!;
  if (index === null || index.register !== null) return null;
  if (index.bytes !== 0 && option !== LSL) return null;
  return {
    base: { rn, index: { rm: index.origin, option, shift } },
    offset: from.bytes + index.bytes * 2 ** shift,
  };
}

/** How far a base moves in an iteration, or null. */
function strideOf(base: Base, last: Values): Stride | null {
  const from = last[base.rn]!;
  if (from === null || from.origin !== base.rn) return null;
  let bytes = from.bytes;
  let register: Stride["register"] =
    from.register === null ? null : { rm: from.register, shift: 0 };
  if (base.index !== null) {
    const { rm, option, shift } = base.index;
    const index = last[rm]!;
    if (index === null || index.origin !== rm) return null;
    const moves = index.bytes !== 0 || index.register !== null;
    if (moves && option !== LSL) return null;
    bytes += index.bytes * 2 ** shift;
    if (index.register !== null) {
      if (register !== null) return null;
      register = { rm: index.register, shift };
    }
  }
  return Math.abs(bytes) > MAX_STRIDE ? null : { bytes, register };
}
