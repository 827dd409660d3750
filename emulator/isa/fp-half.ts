import type { Emitter } from "./emitter.js";
import { splatBytes } from "./simd-lanes.js";

/**
 * Half precision, four lanes at a time, as single precision: WebAssembly has no 16-bit floats. Sums, products,
 * quotients and square roots of halves, rounded to single and then to half, are rounded as if once: single has
 * 24 bits, more than twice half's 11 and two.
 */

function constant(e: Emitter, bits: number): void {
  e.w.v128_const(splatBytes(2, BigInt(bits)));
}

function constantFloat(e: Emitter, value: number): void {
  e.w.v128_const(new Uint8Array(new Float32Array([value, value, value, value]).buffer));
}

/** Pop a v128 of halves; push its low (or high) four as singles, NaN payloads kept. */
export function widenHalves(e: Emitter, part: 0 | 1): void {
  const { w } = e;
  w[part === 0 ? "i32x4_extend_low_i16x8_u" : "i32x4_extend_high_i16x8_u"]();
  const half = e.popTemp("v128");
  const magnitude = e.temp("v128");
  w.local_get(half);
  constant(e, 0x7fff);
  w.v128_and();
  w.i32_const(13);
  w.i32x4_shl();
  w.local_tee(magnitude);
  constantFloat(e, 2 ** 112); // from half's bias to single's; normalizes subnormals
  w.f32x4_mul();
  w.local_get(magnitude);
  constant(e, 0x0f7f_ffff);
  w.i32x4_gt_s();
  constant(e, 0x7f80_0000);
  w.v128_and();
  w.v128_or(); // infinities and NaNs
  w.local_get(half);
  constant(e, 0x8000);
  w.v128_and();
  w.i32_const(16);
  w.i32x4_shl();
  w.v128_or();
  e.free(half, magnitude);
}

/**
 * Pop four singles; push them as halves in the low halves of 32-bit lanes, rounded to nearest even. NaNs become
 * some quiet NaN.
 */
export function narrowToHalves(e: Emitter): void {
  const { w } = e;
  const x = e.popTemp("v128");
  const sum = e.temp("v128");
  // Add a power of two whose last place is the half's last place: the addition does the rounding.
  w.local_get(x);
  w.i32_const(1);
  w.i32x4_shl();
  constant(e, 0xff00_0000);
  w.v128_and();
  constant(e, 0x7100_0000);
  w.i32x4_max_u();
  w.i32_const(1);
  w.i32x4_shr_u();
  constant(e, 0x0780_0000);
  w.i32x4_add();
  w.local_get(x);
  w.f32x4_abs();
  constantFloat(e, 2 ** 112); // to infinity what half cannot hold
  w.f32x4_mul();
  constantFloat(e, 2 ** -110);
  w.f32x4_mul();
  w.f32x4_add();
  w.local_tee(sum);
  w.i32_const(13);
  w.i32x4_shr_u();
  constant(e, 0x7c00);
  w.v128_and();
  w.local_get(sum);
  constant(e, 0xfff);
  w.v128_and();
  w.i32x4_add();
  w.local_get(x);
  w.local_get(x);
  w.f32x4_ne();
  constant(e, 0x7e00);
  w.v128_and();
  w.v128_or();
  w.local_get(x);
  w.i32_const(16);
  w.i32x4_shr_u();
  constant(e, 0x8000);
  w.v128_and();
  w.v128_or();
  e.free(x, sum);
}

/** Push the halves that `pushLow` and (for more than four lanes) `pushHigh` push as singles, packed. */
export function pushHalves(e: Emitter, lanes: number, push: (part: 0 | 1) => void): void {
  push(0);
  narrowToHalves(e);
  if (lanes > 4) {
    push(1);
    narrowToHalves(e);
  } else constant(e, 0);
  e.w.i16x8_narrow_i32x4_u();
}
