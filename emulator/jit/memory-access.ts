import { OFF_BOUNCE } from "../cpu/state-layout.js";
import { ACCESS_BYTES, accessType, type AccessKind } from "../isa/emitter.js";
import {
  INLINE_TLB_ENTRIES,
  INLINE_TLB_ENTRY_SHIFT,
  INLINE_TLB_READ,
  INLINE_TLB_WRITE,
} from "../mmu/inline-tlb.js";
import type { Body, Local } from "../wasm/builder.js";
import { packUnit } from "./slow-memory.js";

/**
 * The inline TLB check (mmu/inline-tlb.ts). Emits
 *
 *     entry = (low32(va) >>> (pageShift - 4)) & ((ENTRIES - 1) << 4)
 *     miss? = (va ^ table[entry].tag) > pageBytes - bytes        (unsigned)
 *
 * and leaves `miss?` on the stack.
 */
export function emitMiss(
  w: Body,
  table: number,
  va: Local,
  entry: Local,
  bytes: number,
  pageShift: number,
): void {
  w.local_get(va);
  w.i32_wrap_i64();
  w.i32_const(pageShift - INLINE_TLB_ENTRY_SHIFT);
  w.i32_shr_u();
  w.i32_const((INLINE_TLB_ENTRIES - 1) << INLINE_TLB_ENTRY_SHIFT);
  w.i32_and();
  w.local_tee(entry);
  w.i64_load(table);
  w.local_get(va);
  w.i64_xor();
  w.i64_const((1 << pageShift) - bytes, 0);
  w.i64_gt_u();
}

/** Push an i64 local as two i32 halves, low first. */
export function pushHalves(w: Body, va: Local): void {
  w.local_get(va);
  w.i32_wrap_i64();
  w.local_get(va);
  w.i64_const(32, 0);
  w.i64_shr_u();
  w.i32_wrap_i64();
}

/** Push what is added to the low half of an address that hits to make the host offset. */
export function emitAddend(w: Body, table: number, entry: Local): void {
  w.local_get(entry);
  w.i32_load(table + 8);
}

function emitHit(w: Body, table: number, va: Local, entry: Local, host: Local): void {
  w.local_get(va);
  w.i32_wrap_i64();
  emitAddend(w, table, entry);
  w.i32_add();
  w.local_set(host);
}

/** What the emitter of an access puts around the call of the slow path. */
export interface SlowPath {
  readonly before: () => void;
  /** Pop an i32: if it is not zero the exception has been recorded. */
  readonly faultIf: () => void;
}

/** How much is accessed. */
export interface Extent {
  readonly bytes: number;
  /** Bytes that Device memory wants it aligned to. */
  readonly unit: number;
  /** log2 of the inline TLB's page. */
  readonly pageShift: number;
}

/**
 * Host address of readable bytes at the i64 address in `va`, into `host`.
 * @param slow function index of type LOAD_SLOW -> host offset, or -1 with the exception
 *   recorded
 */
export function emitHostRead(
  w: Body,
  slow: number,
  va: Local,
  host: Local,
  { bytes, unit, pageShift }: Extent,
  slowPath: SlowPath,
): void {
  const entry = w.temp("i32");
  emitMiss(w, INLINE_TLB_READ, va, entry, bytes, pageShift);
  const miss = w.unlikely().if_();
  slowPath.before();
  w.local_get(va);
  w.i32_const(bytes);
  w.i32_const(packUnit(pageShift, unit));
  w.call(slow);
  w.local_tee(host);
  w.i32_const(-1);
  w.i32_eq();
  slowPath.faultIf();
  w.else_(miss);
  emitHit(w, INLINE_TLB_READ, va, entry, host);
  w.end(miss);
  w.free(entry);
}

/**
 * Store at the i64 address in `va`: `emit` is called for the direct path and for the
 * one through the bounce buffer, with the i32 address to store to. `slow` is the function index of
 * type STORE_SLOW -> 0 done, -1 exception recorded; the value is in the bounce buffer.
 */
export function emitHostWrite(
  w: Body,
  slow: number,
  va: Local,
  { bytes, unit, pageShift }: Extent,
  emit: (host: Local) => void,
  slowPath: SlowPath,
): void {
  const entry = w.temp("i32");
  const host = w.temp("i32");
  emitMiss(w, INLINE_TLB_WRITE, va, entry, bytes, pageShift);
  const miss = w.unlikely().if_();
  slowPath.before();
  w.i32_const(OFF_BOUNCE);
  w.local_set(host);
  emit(host);
  w.local_get(va);
  w.i32_const(bytes);
  w.i32_const(packUnit(pageShift, unit));
  w.call(slow);
  slowPath.faultIf();
  w.else_(miss);
  emitHit(w, INLINE_TLB_WRITE, va, entry, host);
  emit(host);
  w.end(miss);
  w.free(entry, host);
}

/** The plain wasm load of an access kind, from the i32 address on the stack. */
export function emitPlainLoad(w: Body, kind: AccessKind): void {
  switch (kind) {
    case "wu8":
      return w.i32_load8_u();
    case "ws8":
      return w.i32_load8_s();
    case "wu16":
      return w.i32_load16_u();
    case "ws16":
      return w.i32_load16_s();
    case "w32":
      return w.i32_load();
    case "xu8":
      return w.i64_load8_u();
    case "xs8":
      return w.i64_load8_s();
    case "xu16":
      return w.i64_load16_u();
    case "xs16":
      return w.i64_load16_s();
    case "xu32":
      return w.i64_load32_u();
    case "xs32":
      return w.i64_load32_s();
    case "x64":
      return w.i64_load();
    case "f32":
      return w.f32_load();
    case "f64":
      return w.f64_load();
    case "v32":
      return w.v128_load32_zero();
    case "v64":
      return w.v128_load64_zero();
    case "v128":
      return w.v128_load();
  }
}

/** The plain wasm store of an access kind: value on the stack, i32 address under it. */
export function emitPlainStore(w: Body, kind: AccessKind): void {
  const bytes = ACCESS_BYTES[kind];
  const type = accessType(kind);
  if (type === "f32") return w.f32_store();
  if (type === "f64") return w.f64_store();
  if (type === "v128") {
    if (bytes === 16) return w.v128_store();
    return bytes === 8 ? w.v128_store64_lane(0, 0) : w.v128_store32_lane(0, 0);
  }
  if (type === "i32") {
    return bytes === 1 ? w.i32_store8() : bytes === 2 ? w.i32_store16() : w.i32_store();
  }
  if (bytes === 1) return w.i64_store8();
  if (bytes === 2) return w.i64_store16();
  return bytes === 4 ? w.i64_store32() : w.i64_store();
}
