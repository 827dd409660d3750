import { getExtended } from "../isa/integer-register.js";
import { INLINE_TLB_READ, INLINE_TLB_WRITE } from "../mmu/inline-tlb.js";
import type { Label, Local } from "../wasm/builder.js";
import { emitAddend, emitMiss } from "./memory-access.js";
import type { RegionEmitter } from "./region-emitter.js";
import type { Stream } from "./strip.js";

/** A strip of so many iterations at most, and at least: fewer are not worth its preparation. */
const MAX_TRIPS = 4096;
const MIN_TRIPS = 4;

export interface StripLoop {
  /** Instructions of an iteration. */
  readonly insns: number;
  /** Budget without which no iteration may begin. */
  readonly longestPath: number;
  /** Where to go if there is no strip now. */
  readonly otherwise: Label;
}

export interface Strip {
  /** By the address of an instruction, what is added to the low half of its address to make the host offset: i32. */
  readonly deltas: ReadonlyMap<number, Local>;
  /** An iteration may begin while the budget is not below this: i32. */
  readonly limit: Local;
}

/**
 * At the end of an iteration: work out for how many iterations all streams stay within the pages that they are in, and
 * that the inline TLB has. Leaves for `otherwise` if there are few.
 */
export function emitStripStart(
  e: RegionEmitter,
  streams: readonly Stream[],
  { insns, longestPath, otherwise }: StripLoop,
): Strip {
  const { w } = e;
  const { budget } = e.frame;
  const deltas = new Map<number, Local>();
  const limit = w.local("i32");
  const trips = w.temp("i32");
  w.i32_const(MAX_TRIPS);
  w.local_set(trips);
  for (const stream of streams) {
    const delta = w.local("i32");
    emitStream(e, stream, delta, trips, otherwise);
    for (const pc of stream.pcs) deltas.set(pc, delta);
  }
  w.local_get(trips);
  w.i32_const(MIN_TRIPS);
  w.i32_lt_u();
  w.br_if(otherwise);
  // The last of them begins with budget - (trips - 1) * insns.
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
  w.local_get(budget);
  w.local_get(limit);
  w.i32_lt_s();
  w.unlikely().br_if(otherwise);
  w.free(trips);
  return { deltas, limit };
}

/** Put a stream's delta into `delta`, and lower `trips` to the iterations for which it stays in its page. */
function emitStream(
  e: RegionEmitter,
  { base, isWrite, stride, from, to }: Stream,
  delta: Local,
  trips: Local,
  otherwise: Label,
): void {
  const { w } = e;
  const table = isWrite ? INLINE_TLB_WRITE : INLINE_TLB_READ;
  const shift = e.mode.pageShift;
  const pageBytes = 2 ** shift;
  const bytes = to - from;
  e.getXsp(base.rn);
  if (base.index !== null) {
    getExtended(e, base.index.rm, base.index.option, base.index.shift);
    w.i64_add();
  }
  if (from !== 0) {
    w.i64_const_number(from);
    w.i64_add();
  }
  const va = e.popTemp("i64");
  const entry = w.temp("i32");
  emitMiss(w, table, va, entry, bytes, shift);
  w.unlikely().br_if(otherwise);
  emitAddend(w, table, entry);
  w.local_set(delta);
  w.free(entry);
  const { register } = stride;
  if (register !== null || stride.bytes !== 0) {
    const room = w.temp("i32");
    const isDown = register === null && stride.bytes < 0;
    if (!isDown) w.i32_const(pageBytes - bytes);
    w.local_get(va);
    w.i32_wrap_i64();
    w.i32_const(pageBytes - 1);
    w.i32_and();
    if (!isDown) w.i32_sub();
    w.local_set(room);
    if (register === null) {
      w.local_get(room);
      w.i32_const(Math.abs(stride.bytes));
    } else {
      const step = w.temp("i64");
      e.getX(register.rm);
      w.i64_const(register.shift, 0);
      w.i64_shl();
      w.i64_const_number(stride.bytes);
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
  w.free(va);
}
