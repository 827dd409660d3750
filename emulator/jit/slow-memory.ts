import { OFF_BOUNCE } from "../cpu/state-layout.js";
import {
  INLINE_TLB_ENTRIES,
  INLINE_TLB_ENTRY_SHIFT,
  INLINE_TLB_HASH,
  INLINE_TLB_HASH_SHIFT,
  INLINE_TLB_READ,
  INLINE_TLB_SECOND,
  INLINE_TLB_WRITE,
} from "../mmu/inline-tlb.js";
import { newBody, type Body, type Local } from "../wasm/builder.js";
import type { FuncType, ModuleBuilder } from "../wasm/module.js";

/**
 * The out-of-line half of a memory access, called where the first inline table misses: look the second
 * one up (mmu/inline-tlb.ts); for an access that ends in the next page, both pages in the first; and only then ask
 * the host.
 */

/**
 * (i64 va, i32 bytes, i32 log2 of the page with log2 of the unit above it) -> host offset, or -1 with the exception
 * recorded. What is not aligned to its unit faults on Device memory.
 */
export const LOAD_SLOW: FuncType = { params: ["i64", "i32", "i32"], results: ["i32"] };
/** The same arguments, the value in the bounce buffer -> 0 done, -1 exception recorded. */
export const STORE_SLOW: FuncType = { params: ["i64", "i32", "i32"], results: ["i32"] };
/** (va low, va high, bytes, log2 of the unit): the host's part of both. */
export const HOST_SLOW: FuncType = { params: ["i32", "i32", "i32", "i32"], results: ["i32"] };

/** Where the unit begins in the third argument: a shift by it counts its low six bits alone. */
const UNIT_SHIFT = 6;

/** The third argument. */
export function packUnit(pageShift: number, unit: number): number {
  return pageShift | (Math.log2(unit) << UNIT_SHIFT);
}

const VA = 0 as Local;
const BYTES = 1 as Local;
const SHIFT = 2 as Local;

/** Push the low half of an address >> SHIFT, which takes only the page's part of SHIFT. */
function pushPage(w: Body, va: Local): void {
  w.local_get(va);
  w.local_get(SHIFT);
  w.i64_extend_i32_u();
  w.i64_shr_u();
  w.i32_wrap_i64();
}

/** Push the offset in the first table for the page of an address. */
function pushFirst(w: Body, va: Local): void {
  pushPage(w, va);
  w.i32_const(INLINE_TLB_ENTRIES - 1);
  w.i32_and();
  w.i32_const(INLINE_TLB_ENTRY_SHIFT);
  w.i32_shl();
}

/**
 * Push whether the second table has the page, with `entry` its offset. On a hit the first table's entry
 * becomes a copy of it and `host` the host offset.
 */
function emitSecond(w: Body, table: number, entry: Local, host: Local, hit: () => void): void {
  const first = w.temp("i32");
  pushPage(w, VA);
  w.i32_const(INLINE_TLB_HASH | 0);
  w.i32_mul();
  w.i32_const(INLINE_TLB_HASH_SHIFT);
  w.i32_shr_u();
  w.i32_const(INLINE_TLB_ENTRY_SHIFT);
  w.i32_shl();
  w.local_tee(entry);
  w.i64_load(table + INLINE_TLB_SECOND);
  w.local_get(VA);
  w.i64_xor();
  w.i64_const(1, 0);
  w.local_get(SHIFT);
  w.i64_extend_i32_u();
  w.i64_shl();
  w.local_get(BYTES);
  w.i64_extend_i32_u();
  w.i64_sub();
  w.i64_le_u();
  const found = w.if_();
  pushFirst(w, VA);
  w.local_tee(first);
  w.local_get(entry);
  w.v128_load(table + INLINE_TLB_SECOND);
  w.v128_store(table);
  w.local_get(VA);
  w.i32_wrap_i64();
  w.local_get(entry);
  w.i32_load(table + INLINE_TLB_SECOND + 8);
  w.i32_add();
  w.local_set(host);
  hit();
  w.end(found);
  w.free(first);
}

/**
 * For an access that begins in one page and ends in the next, both of which the first table has: call `copy` with the
 * host offset of each part and the bytes of the first one.
 */
function emitStraddle(
  w: Body,
  table: number,
  copy: (first: Local, second: Local, room: Local) => void,
): void {
  const page = w.temp("i32");
  const room = w.temp("i32");
  const first = w.temp("i32");
  const second = w.temp("i32");
  const next = w.temp("i64");
  w.i32_const(1);
  w.local_get(SHIFT);
  w.i32_shl();
  w.local_tee(page);
  w.local_get(VA);
  w.i32_wrap_i64();
  w.local_get(page);
  w.i32_const(1);
  w.i32_sub();
  w.i32_and();
  w.i32_sub();
  w.local_tee(room);
  w.local_get(BYTES);
  w.i32_lt_u();
  const straddles = w.if_();
  w.local_get(VA);
  w.local_get(room);
  w.i64_extend_i32_u();
  w.i64_add();
  w.local_set(next);
  pushFirst(w, VA);
  w.local_tee(first);
  w.i64_load(table);
  w.local_get(VA);
  w.i64_xor();
  w.local_get(page);
  w.i64_extend_i32_u();
  w.i64_lt_u();
  pushFirst(w, next);
  w.local_tee(second);
  w.i64_load(table);
  w.local_get(next);
  w.i64_eq();
  w.i32_and();
  const found = w.if_();
  for (const [va, entry] of [
    [VA, first],
    [next, second],
  ] as const) {
    w.local_get(va);
    w.i32_wrap_i64();
    w.local_get(entry);
    w.i32_load(table + 8);
    w.i32_add();
    w.local_set(entry);
  }
  copy(first, second, room);
  w.end(found);
  w.end(straddles);
  w.free(page, room, first, second, next);
}

function emitHost(w: Body, slow: number): void {
  w.local_get(VA);
  w.i32_wrap_i64();
  w.local_get(VA);
  w.i64_const(32, 0);
  w.i64_shr_u();
  w.i32_wrap_i64();
  w.local_get(BYTES);
  w.local_get(SHIFT);
  w.i32_const(UNIT_SHIFT);
  w.i32_shr_u();
  w.call(slow);
}

/** Push where in the bounce buffer the second page's part is. */
function pushBounceRest(w: Body, room: Local): void {
  w.i32_const(OFF_BOUNCE);
  w.local_get(room);
  w.i32_add();
}

/** Push the bytes of the second page's part. */
function pushRest(w: Body, room: Local): void {
  w.local_get(BYTES);
  w.local_get(room);
  w.i32_sub();
}

/** @param slow function index of the host's part */
export function emitLoadSlow(module: ModuleBuilder, slow: number): void {
  const w = newBody();
  w.begin(LOAD_SLOW.params);
  const entry = w.local("i32");
  const host = w.local("i32");
  emitSecond(w, INLINE_TLB_READ, entry, host, () => {
    w.local_get(host);
    w.return_();
  });
  emitStraddle(w, INLINE_TLB_READ, (first, second, room) => {
    w.i32_const(OFF_BOUNCE);
    w.local_get(first);
    w.local_get(room);
    w.memory_copy();
    pushBounceRest(w, room);
    w.local_get(second);
    pushRest(w, room);
    w.memory_copy();
    w.i32_const(OFF_BOUNCE);
    w.return_();
  });
  emitHost(w, slow);
  module.func(LOAD_SLOW, w);
}

/** @param slow function index of the host's part */
export function emitStoreSlow(module: ModuleBuilder, slow: number): void {
  const w = newBody();
  w.begin(STORE_SLOW.params);
  const entry = w.local("i32");
  const host = w.local("i32");
  emitSecond(w, INLINE_TLB_WRITE, entry, host, () => {
    w.local_get(host);
    w.i32_const(OFF_BOUNCE);
    w.local_get(BYTES);
    w.memory_copy();
    w.i32_const(0);
    w.return_();
  });
  emitStraddle(w, INLINE_TLB_WRITE, (first, second, room) => {
    w.local_get(first);
    w.i32_const(OFF_BOUNCE);
    w.local_get(room);
    w.memory_copy();
    w.local_get(second);
    pushBounceRest(w, room);
    pushRest(w, room);
    w.memory_copy();
    w.i32_const(0);
    w.return_();
  });
  emitHost(w, slow);
  module.func(STORE_SLOW, w);
}
