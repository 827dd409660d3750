import { DOUBLE, HALF, SINGLE, type FpFormat } from "../cpu/fp/format.js";
import type { Body, Emitter, Local } from "./emitter.js";
import {
  f64x2Bytes,
  i64x2Bytes,
  pushRoundedToOdd,
  twoProduct,
  twoSum,
  ZERO,
} from "./fp-error-free.js";
import { hasFusedMadd, RELAXED_MADD_F32X4, RELAXED_MADD_F64X2 } from "./fp-relaxed.js";
import { isNative } from "./fp-guard.js";
import { pushExact, pushVector, redoIfUnsure } from "./fp-vector.js";

/**
 * Fused multiply-add, a * b + c with one rounding, on vectors of lanes.
 *
 * With the relaxed SIMD instructions of a host that has a fused multiply-add it is one instruction (the
 * engine must accept them, and a probe must show them fused). Otherwise by error-free transforms:
 *
 *     double   p + e = a * b exactly (Dekker), s + t = p + c exactly (Knuth), w = t + e, r = s + w.
 *              r can be wrong only if t + e was inexact and s + w an exact tie; a tie shows as a power of
 *              two in r's own error. Such lanes, and operands near the ends of the exponent range,
 *              take the exact path. Zero products are p + c.
 *     single   a * b is exact in double; the sum rounded to odd (Boldo and Melquiond), then to single.
 *     half     the same with a * b in single.
 */

/** The operands of a * b + c: v128 locals, not changed. */
export interface FusedOperands {
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
}

/** Push a * b + c on the low `lanes` lanes; the others are unspecified. */
export function fusedLanes(e: Emitter, x: FusedOperands, format: FpFormat, lanes: number): void {
  if (!isNative(e, { op: "mulAdd", from: format })) exactFused(e, x, format, lanes);
  else if (format === HALF) fusedHalf(e, x, lanes);
  else if (hasFusedMadd()) fusedRelaxed(e, x, format, lanes);
  else if (format === DOUBLE) fusedDouble(e, x, lanes);
  else fusedSingle(e, x, lanes);
}

function fusedHalf(e: Emitter, x: FusedOperands, lanes: number): void {
  const { w } = e;
  pushVector(e, "mulAdd", HALF, lanes, [x.a, x.b, x.c], () => {
    const addend = e.popTemp("v128");
    w.f32x4_mul();
    const product = e.popTemp("v128");
    const sum = twoSum(e, "f32x4", product, addend);
    pushRoundedToOdd(w, "f32x4", sum);
    e.free(addend, product, sum.value, sum.error);
  });
}

function fusedDouble(e: Emitter, x: FusedOperands, lanes: number): void {
  const { w } = e;
  const product = twoProduct(e, x.a, x.b);
  const sum = twoSum(e, "f64x2", product.value, x.c);
  const low = e.temp("v128");
  w.local_get(sum.error);
  w.local_get(product.error);
  w.f64x2_add();
  w.local_set(low);
  const result = e.temp("v128");
  w.local_get(sum.value);
  w.local_get(low);
  w.f64x2_add();
  w.local_set(result);
  const good = e.temp("v128");
  pushInRange(w, x, product.value);
  pushTieSuspected(w, { s: sum.value, low, result, t: sum.error, productError: product.error });
  w.v128_andnot();
  w.local_tee(good);
  pushAll(w, lanes);
  w.i32_eqz();
  const corner = w.unlikely().if_();
  // Lanes with a zero factor need no transform.
  const simple = e.temp("v128");
  w.local_get(product.value);
  w.local_get(x.c);
  w.f64x2_add();
  w.local_tee(simple);
  w.local_get(result);
  pushZeroProduct(w, x, simple);
  w.local_get(good);
  w.v128_andnot();
  w.v128_bitselect();
  w.local_set(result);
  pushZeroProduct(w, x, simple);
  w.local_get(good);
  w.v128_or();
  pushAll(w, lanes);
  w.i32_eqz();
  const hard = w.unlikely().if_();
  exactFused(e, x, DOUBLE, lanes);
  w.local_set(result);
  w.end(hard);
  w.end(corner);
  if (e.mode.fpcr !== 0 || e.mode.fpsrExact) {
    redoIfUnsure(e, result, "mulAdd", DOUBLE, lanes, [x.a, x.b, x.c]);
  }
  w.local_get(result);
  e.free(simple, good, result, low, sum.value, sum.error, product.value, product.error);
}

function fusedSingle(e: Emitter, x: FusedOperands, lanes: number): void {
  const { w } = e;
  const result = e.temp("v128");
  pushHalfFused(e, x, null);
  if (lanes === 4) {
    pushHalfFused(e, x, HIGH_TO_LOW);
    w.i8x16_shuffle(LOW_HALVES);
  }
  w.local_set(result);
  redoIfUnsure(e, result, "mulAdd", SINGLE, lanes, [x.a, x.b, x.c]);
  w.local_get(result);
  e.free(result);
}

const LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const HIGH_TO_LOW = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

/** Push two singles in the low half: the fused result of the low or (through a shuffle) high lanes. */
function pushHalfFused(e: Emitter, x: FusedOperands, shuffle: readonly number[] | null): void {
  const { w } = e;
  const wide = (local: Local): void => {
    w.local_get(local);
    if (shuffle !== null) {
      w.local_get(local);
      w.i8x16_shuffle(shuffle);
    }
    w.f64x2_promote_low_f32x4();
  };
  const product = e.temp("v128");
  wide(x.a);
  wide(x.b);
  w.f64x2_mul();
  w.local_set(product);
  const addend = e.temp("v128");
  wide(x.c);
  w.local_set(addend);
  const sum = twoSum(e, "f64x2", product, addend);
  pushRoundedToOdd(w, "f64x2", sum);
  w.f32x4_demote_f64x2_zero();
  e.free(product, addend, sum.value, sum.error);
}

/**
 * Push the mask of lanes where no intermediate overflows and the product's error is a double:
 * |a| + |b| + |c| + |p| < 2^990, |p| >= 2^-960. False for NaNs.
 */
function pushInRange(w: Body, { a, b, c }: FusedOperands, product: Local): void {
  w.local_get(product);
  w.f64x2_abs();
  for (const x of [a, b, c]) {
    w.local_get(x);
    w.f64x2_abs();
    w.f64x2_add();
  }
  w.v128_const(f64x2Bytes(2 ** 990));
  w.f64x2_lt();
  w.local_get(product);
  w.f64x2_abs();
  w.v128_const(f64x2Bytes(2 ** -960));
  w.f64x2_ge();
  w.v128_and();
}

/**
 * Push the mask of lanes whose last addition may have been a tie that the rounding of t + e decided:
 * both terms present, and the error of r = s + low a power of two (or zero).
 */
function pushTieSuspected(
  w: Body,
  x: Readonly<Record<"s" | "low" | "result" | "t" | "productError", Local>>,
): void {
  w.local_get(x.low);
  w.local_get(x.result);
  w.local_get(x.s);
  w.f64x2_sub();
  w.f64x2_sub();
  w.v128_const(i64x2Bytes(0x000f_ffff_ffff_ffffn));
  w.v128_and();
  w.v128_const(ZERO);
  w.i64x2_eq();
  for (const term of [x.t, x.productError]) {
    w.local_get(term);
    w.v128_const(ZERO);
    w.f64x2_ne();
    w.v128_and();
  }
}

/** Push the mask of lanes where a or b is zero and p + c, in `simple`, is a number. */
function pushZeroProduct(w: Body, { a, b }: FusedOperands, simple: Local): void {
  w.local_get(a);
  w.v128_const(ZERO);
  w.f64x2_eq();
  w.local_get(b);
  w.v128_const(ZERO);
  w.f64x2_eq();
  w.v128_or();
  w.local_get(simple);
  w.local_get(simple);
  w.f64x2_eq();
  w.v128_and();
}

/** Pop a mask of 64-bit lanes, push 1 if the low `lanes` of them are all set. */
function pushAll(w: Body, lanes: number): void {
  if (lanes === 2) {
    w.i64x2_all_true();
    return;
  }
  w.i64x2_bitmask();
  w.i32_const(1);
  w.i32_and();
}

/** One instruction where the host has it; NaNs apart. */
function fusedRelaxed(e: Emitter, x: FusedOperands, format: FpFormat, lanes: number): void {
  pushVector(e, "mulAdd", format, lanes, [x.a, x.b, x.c], () => {
    e.w.simd(format === DOUBLE ? RELAXED_MADD_F64X2 : RELAXED_MADD_F32X4);
  });
}

function exactFused(e: Emitter, x: FusedOperands, format: FpFormat, lanes: number): void {
  pushExact(e, "mulAdd", format, lanes, [x.a, x.b, x.c]);
}
