import type { Indexing, Mode } from "../isa/emitter.js";
import type { Shape } from "./shape.js";

/**
 * Loops whose addresses move evenly. While an access stays within one page its check comes out alike every time, so it
 * need not be made every time: how many iterations there are until any access leaves its page can be worked out before
 * them. This part finds out, from what the instructions of a loop do, which accesses move evenly and how.
 */

/** What one instruction of a loop does to addresses. */
export interface LoopInsn {
  readonly pc: number;
  /** X registers it changes: bits 0..30, 31 SP. */
  readonly written: number;
  /** Xrd = Xrd + by, and nothing else. */
  readonly step: { readonly rd: number; readonly by: number | { readonly rm: number } } | null;
  readonly access: LoopAccess | null;
}

export interface LoopAccess {
  readonly at: Indexing;
  readonly bytes: number;
  readonly isWrite: boolean;
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
  readonly stride: Stride;
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

/** Xr = what it was when the iteration began + bytes + all of `registers`, each of which the loop leaves alone. */
interface Moved {
  bytes: number;
  register: number | null;
}

const LSL = 3;

/** A loop of more instructions is not worth being there twice. */
const MAX_STRIP_INSNS = 160;

/** Whether accesses need no more than the inline TLB to be seen to. */
export function mayStrip({ careful, accessHooks, observed, coherent, guarded }: Mode): boolean {
  return !careful && !accessHooks && !observed && !coherent && !guarded;
}

/** Barriers, system registers, TLB maintenance and their like: what the inline TLB says may change there. */
function isSystem(word: number): boolean {
  return word >>> 22 === 0x354;
}

/** True if all iterations of the innermost loop at `head` execute the same instructions, unless they leave it. */
export function hasOnePath({ blocks, ends, loops }: Shape, head: number): boolean {
  const end = ends[head]!;
  if (loops[head] === null) return false;
  let insns = 0;
  for (let i = head; i <= end; i++) {
    const block = blocks[i]!;
    const next = i === end ? head : i + 1;
    const stays = block.successors.filter((s) => s >= head && s <= end);
    if (block.afterCall || block.targets.length > 0 || stays.some((s) => s !== next)) return false;
    if (block.insns.some(({ word }) => isSystem(word))) return false;
    insns += block.insns.length;
  }
  return insns <= MAX_STRIP_INSNS;
}

/** The streams of a loop, given its instructions in the one order in which they are executed; at most a few. */
export function streamsOf(insns: readonly LoopInsn[]): Stream[] {
  const written = insns.reduce((mask, insn) => mask | insn.written, 0);
  const moved: (Moved | null)[] = Array.from({ length: 32 }, () => ({ bytes: 0, register: null }));
  const found = new Map<string, Omit<Stream, "stride">>();
  for (const insn of insns) {
    const { access } = insn;
    const place = access === null ? null : placeOf(access.at, moved);
    if (access !== null && place !== null) {
      const { base, offset } = place;
      const key = `${base.rn} ${JSON.stringify(base.index)} ${access.isWrite}`;
      let stream = found.get(key);
      if (stream === undefined) {
        stream = { base, isWrite: access.isWrite, from: offset, to: offset, pcs: [] };
        found.set(key, stream);
      }
      stream.from = Math.min(stream.from, offset);
      stream.to = Math.max(stream.to, offset + access.bytes);
      stream.pcs.push(insn.pc);
    }
    move(insn, moved, written);
  }
  const streams: Stream[] = [];
  for (const stream of found.values()) {
    const stride = strideOf(stream.base, moved);
    if (stride === null || streams.length === MAX_STREAMS) continue;
    if (stream.to - stream.from > MAX_SPAN) continue;
    streams.push({ ...stream, stride });
  }
  return streams;
}

/** Where an access is, relative to registers at the start of the iteration; null if that is not known. */
function placeOf(
  at: Indexing,
  moved: readonly (Moved | null)[],
): { base: Base; offset: number } | null {
  const from = moved[at.rn]!;
  // A register that has been added in this iteration would have to be added here.
  if (from === null || from.register !== null) return null;
  if (typeof at.offset === "number") {
    const offset = from.bytes + (at.mode === "post" ? 0 : at.offset);
    return { base: { rn: at.rn, index: null }, offset };
  }
  const { rm, option, shift } = at.offset;
  if (rm === 31) return { base: { rn: at.rn, index: null }, offset: from.bytes };
  const index = moved[rm]!;
  if (index === null || index.register !== null) return null;
  if (index.bytes !== 0 && option !== LSL) return null;
  return {
    base: { rn: at.rn, index: { rm, option, shift } },
    offset: from.bytes + index.bytes * 2 ** shift,
  };
}

/** What an instruction does to the registers. */
function move(insn: LoopInsn, moved: (Moved | null)[], everWritten: number): void {
  const { step, access } = insn;
  for (let bits = insn.written; bits !== 0; bits &= bits - 1) {
    const r = 31 - Math.clz32(bits & -bits);
    const was = moved[r]!;
    moved[r] = was === null ? null : afterWrite(r, was);
  }
  function afterWrite(r: number, was: Moved): Moved | null {
    if (step !== null && step.rd === r) {
      if (typeof step.by === "number") return { ...was, bytes: was.bytes + step.by };
      const { rm } = step.by;
      const isConstant = rm < 31 && ((everWritten >>> rm) & 1) === 0;
      return isConstant && was.register === null ? { ...was, register: rm } : null;
    }
    const at = access?.at;
    const writesBack = at !== undefined && at.mode !== "offset" && at.rn === r;
    // Write-back comes last (isa/transfer.ts): what was loaded into the base does not matter.
    if (writesBack && typeof at.offset === "number") {
      return { ...was, bytes: was.bytes + at.offset };
    }
    return null;
  }
}

function strideOf(base: Base, moved: readonly (Moved | null)[]): Stride | null {
  const from = moved[base.rn]!;
  if (from === null) return null;
  let bytes = from.bytes;
  let register: Stride["register"] =
    from.register === null ? null : { rm: from.register, shift: 0 };
  if (base.index !== null) {
    const { rm, option, shift } = base.index;
    const index = moved[rm]!;
    if (index === null) return null;
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
