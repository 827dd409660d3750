import type { Emitter, Local } from "./emitter.js";
import { pushRoundedToOdd, twoSum } from "./fp-error-free.js";
import { pushSplat } from "./simd-lanes.js";

/**
 * Sums of products of bfloat16 pairs, in single precision with rules of their own that neither FPCR nor FPSR
 * has a part in: sums are rounded to odd, subnormal operands and results are zero, numbers too large are
 * infinite, and every NaN is the default one. Arm ARM: BFDotAdd.
 */

const EXPONENT = 0x7f80_0000n;
const DEFAULT_NAN = 0x7fc0_0000n;

/** Pop singles, push them with zeros of the same sign for subnormals. */
function flush(e: Emitter): void {
  const { w } = e;
  const v = e.popTemp("v128");
  w.local_get(v);
  w.local_get(v);
  pushSplat(e, 2, EXPONENT);
  w.v128_and();
  pushSplat(e, 2, 0n);
  w.i32x4_eq();
  w.i32_const(1);
  w.i32x4_shr_u();
  w.v128_andnot();
  e.free(v);
}

/** Pop a v128, push the bfloat16 numbers in the low or high halves of its words as singles. */
export function widenBfloats(e: Emitter, which: "low" | "high"): void {
  if (which === "low") {
    e.w.i32_const(16);
    e.w.i32x4_shl();
  } else {
    pushSplat(e, 2, 0xffff_0000n);
    e.w.v128_and();
  }
}

/** Pop two vectors, push their sums: exact ones rounded to odd, then flushed. */
function addRoundedToOdd(e: Emitter): void {
  const { w } = e;
  const b = e.popTemp("v128");
  const a = e.popTemp("v128");
  const sum = twoSum(e, "f32x4", a, b);
  pushRoundedToOdd(w, "f32x4", sum);
  flush(e);
  const result = e.popTemp("v128");
  const isInfinite = e.temp("v128");
  w.local_get(sum.value);
  w.f32x4_abs();
  pushSplat(e, 2, EXPONENT);
  w.i32x4_eq();
  w.local_tee(isInfinite);
  w.v128_any_true();
  const some = w.if_();
  // Rounding to nearest gives infinity for some numbers just short of it: sum halves, where there is room.
  for (const x of [a, b]) {
    w.local_get(x);
    w.v128_const(new Uint8Array(new Float32Array([0.5, 0.5, 0.5, 0.5]).buffer));
    w.f32x4_mul();
    w.local_set(x);
  }
  const halves = twoSum(e, "f32x4", a, b);
  pushRoundedToOdd(w, "f32x4", halves);
  w.local_tee(a);
  w.local_get(a);
  w.f32x4_add();
  w.local_get(result);
  w.local_get(isInfinite);
  w.v128_bitselect();
  w.local_set(result);
  w.end(some);
  w.local_get(result);
  e.free(a, b, sum.value, sum.error, halves.value, halves.error, result, isInfinite);
}

/** Pop singles, push them with pairs of bfloat16 numbers in `a` and `b` multiplied and added up. */
export function addDots(e: Emitter, a: Local, b: Local): void {
  const { w } = e;
  flush(e);
  for (const which of ["low", "high"] as const) {
    for (const v of [a, b]) {
      w.local_get(v);
      widenBfloats(e, which);
      flush(e);
    }
    w.f32x4_mul(); // exact but for what is flushed
    flush(e);
  }
  addRoundedToOdd(e);
  addRoundedToOdd(e);
  const result = e.popTemp("v128");
  w.local_get(result);
  pushSplat(e, 2, DEFAULT_NAN);
  w.local_get(result);
  w.local_get(result);
  w.f32x4_eq();
  w.v128_bitselect();
  e.free(result);
}
