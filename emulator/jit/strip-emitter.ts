import { getExtended } from "../isa/integer-register.js";
import { INLINE_TLB_READ, INLINE_TLB_WRITE } from "../mmu/inline-tlb.js";
import type { Label, Local } from "../wasm/builder.js";
import { emitAddend, emitMiss } from "./memory-access.js";
import type { RegionEmitter } from "./region-emitter.js";
import type { Stream, Stride } from "./strip.js";

/** A strip of so many iterations at most, and at least: fewer are not worth its preparation. */
const MAX_TRIPS = 4096;
const MIN_TRIPS = 4;

export interface StripLoop {
  /** Instructions of an iteration, where every one has as many. */
  readonly insns: number;
  /** Budget without which no iteration may begin. */
  readonly longestPath: number;
  /** Where to go if there is no strip now, or no longer. */
  readonly otherwise: Label;
}

export interface Strip {
  /** By the address of an instruction, what is added to the low half of its address to make the host offset: i32. */
  readonly deltas: ReadonlyMap<number, Local>;
  /** Streams to be looked at in every iteration, and the page that each is in: i64. */
  readonly loose: readonly { readonly stream: Stream; readonly page: Local }[];
  /** An iteration may begin while the budget is not below this: i32, or a constant. */
  readonly limit: { readonly local: Local } | { readonly constant: number };
}

/**
 * At the end of an iteration: look all streams' pages up in the inline TLB, and work out for how many iterations the
 * even ones stay in them. Leaves for `otherwise` if one is not there, or there are few.
 */
export function emitStripStart(
  e: RegionEmitter,
  streams: readonly Stream[],
  { insns, longestPath, otherwise }: StripLoop,
): Strip {
  const { w } = e;
  const deltas = new Map<number, Local>();
  const loose: { stream: Stream; page: Local }[] = [];
  const moves = streams.some(({ stride }) => stride !== null && !stays(stride));
  const trips = moves ? w.temp("i32") : null;
  if (trips !== null) {
    w.i32_const(MAX_TRIPS);
    w.local_set(trips);
  }
  for (const stream of streams) {
    const delta = w.local("i32");
    const va = emitLookup(e, stream, delta, otherwise);
    if (stream.stride === null) {
      const page = w.local("i64");
      w.local_get(va);
      w.i64_const_number(-(2 ** e.mode.pageShift));
      w.i64_and();
      w.local_set(page);
      loose.push({ stream, page });
    } else if (!stays(stream.stride)) emitRoom(e, stream, stream.stride, va, trips!, otherwise);
    w.free(va);
    for (const pc of stream.pcs) deltas.set(pc, delta);
  }
  let limit: Strip["limit"] = { constant: longestPath };
  if (trips !== null) {
    limit = { local: emitLimit(e, trips, { insns, longestPath, otherwise }) };
    w.free(trips);
  }
  pushMayBegin(e, limit);
  w.i32_eqz();
  w.unlikely().br_if(otherwise);
  return { deltas, loose, limit };
}

/** At the end of an iteration of the strip: go back to `strip` if another one may begin, for `otherwise` if not. */
export function emitStripEnd(
  e: RegionEmitter,
  { loose, limit }: Strip,
  strip: Label,
  otherwise: Label,
): void {
  const { w } = e;
  const pageBytes = 2 ** e.mode.pageShift;
  for (const { stream, page } of loose) {
    pushAddress(e, stream);
    w.local_get(page);
    w.i64_xor();
    w.i64_const_number(pageBytes - (stream.to - stream.from));
    w.i64_gt_u();
    w.br_if(otherwise);
  }
  pushMayBegin(e, limit);
  w.br_if(strip);
  w.br(otherwise);
}

/** Push whether the budget is enough for another iteration. */
function pushMayBegin({ w, frame }: RegionEmitter, limit: Strip["limit"]): void {
  w.local_get(frame.budget);
  if ("local" in limit) w.local_get(limit.local);
  else w.i32_const(limit.constant);
  w.i32_ge_s();
}

function stays({ bytes, register }: Stride): boolean {
  return bytes === 0 && register === null;
}

/** The budget at which the last of so many iterations begins. */
function emitLimit(
  e: RegionEmitter,
  trips: Local,
  { insns, longestPath, otherwise }: StripLoop,
): Local {
  const { w } = e;
  const { budget } = e.frame;
  const limit = w.local("i32");
  w.local_get(trips);
  w.i32_const(MIN_TRIPS);
  w.i32_lt_u();
  w.br_if(otherwise);
  w.local_get(budget);
  w.local_get(trips);
  w.i32_const(1);
  w.i32_sub();
  w.i32_const(insns);
  w.i32_mul();
  w.i32_sub();
  w.local_set(limit);
  w.i32_const(longestPath);
  w.local_get(limit);
  w.local_get(limit);
  w.i32_const(longestPath);
  w.i32_lt_s();
  w.select();
  w.local_set(limit);
  return limit;
}

/** Push the first address that a stream accesses in the iteration to come: i64. */
function pushAddress(e: RegionEmitter, { base, from }: Stream): void {
  const { w } = e;
  e.getXsp(base.rn);
  if (base.index !== null) {
    getExtended(e, base.index.rm, base.index.option, base.index.shift);
    w.i64_add();
  }
  if (from !== 0) {
    w.i64_const_number(from);
    w.i64_add();
  }
}

/** Put a stream's delta into `delta`. @returns a scratch local with its first address */
function emitLookup(e: RegionEmitter, stream: Stream, delta: Local, otherwise: Label): Local {
  const { w } = e;
  const table = stream.isWrite ? INLINE_TLB_WRITE : INLINE_TLB_READ;
  pushAddress(e, stream);
  const va = e.popTemp("i64");
  const entry = w.temp("i32");
  emitMiss(w, table, va, entry, stream.to - stream.from, e.mode.pageShift);
  w.unlikely().br_if(otherwise);
  emitAddend(w, table, entry);
  w.local_set(delta);
  w.free(entry);
  return va;
}

/** Lower `trips` to the iterations for which a stream stays in its page. */
function emitRoom(
  e: RegionEmitter,
  { from, to }: Stream,
  { bytes: strideBytes, register }: Stride,
  va: Local,
  trips: Local,
  otherwise: Label,
): void {
  const { w } = e;
  const bytes = to - from;
  const pageBytes = 2 ** e.mode.pageShift;
  const room = w.temp("i32");
  const isDown = register === null && strideBytes < 0;
  if (!isDown) w.i32_const(pageBytes - bytes);
  w.local_get(va);
  w.i32_wrap_i64();
  w.i32_const(pageBytes - 1);
  w.i32_and();
  if (!isDown) w.i32_sub();
  w.local_set(room);
  if (register === null) {
    w.local_get(room);
    w.i32_const(Math.abs(strideBytes));
  } else {
    const step = w.temp("i64");
    e.getX(register.rm);
    w.i64_const(register.shift, 0);
    w.i64_shl();
    w.i64_const_number(strideBytes);
    w.i64_add();
    w.local_set(step);
    // Neither 0 nor less, nor so far that there is no next one in the page.
    w.local_get(step);
    w.i64_const(1, 0);
    w.i64_sub();
    w.i64_const(pageBytes, 0);
    w.i64_ge_u();
    w.br_if(otherwise);
    w.local_get(room);
    w.local_get(step);
    w.i32_wrap_i64();
    w.free(step);
  }
  w.i32_div_u();
  w.i32_const(1);
  w.i32_add();
  w.local_set(room);
  w.local_get(room);
  w.local_get(trips);
  w.local_get(room);
  w.local_get(trips);
  w.i32_lt_u();
  w.select();
  w.local_set(trips);
  w.free(room);
}
