import type { Body, Emitter, Local } from "./emitter.js";

/**
 * Error-free transforms on f64x2 or f32x4: a rounded result and its exact error, both in the lanes' format.
 */

export type ErrorFreeShape = "f32x4" | "f64x2";

/** value + error is exact. */
export interface TwoPart {
  readonly value: Local;
  readonly error: Local;
}

/** Push the sum truncated towards zero, its last bit set if anything was lost. */
export function pushRoundedToOdd(w: Body, shape: ErrorFreeShape, { value, error }: TwoPart): void {
  const integers = shape === "f64x2" ? "i64x2" : "i32x4";
  const inexact = (): void => {
    w.local_get(error);
    w[`${shape}_abs`]();
    w.v128_const(ZERO);
    w[`${shape}_gt`](); // not for the NaN that goes with an infinite sum
  };
  w.local_get(value);
  // One step towards zero where rounding went away from it: add -1 where the signs differ.
  w.local_get(value);
  w.local_get(error);
  w.v128_xor();
  w.v128_const(ZERO);
  w[`${integers}_lt_s`]();
  inexact();
  w.v128_and();
  w[`${integers}_add`]();
  inexact();
  w.v128_const(shape === "f64x2" ? i64x2Bytes(1n) : ONES);
  w.v128_and();
  w.v128_or();
}

/** Knuth's TwoSum, for operands in any order. */
export function twoSum(e: Emitter, shape: ErrorFreeShape, a: Local, b: Local): TwoPart {
  const { w } = e;
  const value = e.temp("v128");
  const error = e.temp("v128");
  const bPart = error;
  w.local_get(a);
  w.local_get(b);
  w[`${shape}_add`]();
  w.local_tee(value);
  w.local_get(a);
  w[`${shape}_sub`]();
  w.local_set(bPart);
  w.local_get(a);
  w.local_get(value);
  w.local_get(bPart);
  w[`${shape}_sub`]();
  w[`${shape}_sub`]();
  w.local_get(b);
  w.local_get(bPart);
  w[`${shape}_sub`]();
  w[`${shape}_add`]();
  w.local_set(error);
  return { value, error };
}

/** Dekker's TwoProduct with Veltkamp's splitting. Exact where `pushInRange` holds. */
export function twoProduct(e: Emitter, a: Local, b: Local): TwoPart {
  const { w } = e;
  const value = e.temp("v128");
  const error = e.temp("v128");
  const aHigh = e.temp("v128");
  const bHigh = e.temp("v128");
  const aLow = e.temp("v128");
  const bLow = e.temp("v128");
  split(w, a, aHigh, aLow);
  split(w, b, bHigh, bLow);
  w.local_get(aLow);
  w.local_get(bLow);
  w.f64x2_mul();
  w.local_get(a);
  w.local_get(b);
  w.f64x2_mul();
  w.local_tee(value);
  w.local_get(aHigh);
  w.local_get(bHigh);
  w.f64x2_mul();
  w.f64x2_sub();
  w.local_get(aLow);
  w.local_get(bHigh);
  w.f64x2_mul();
  w.f64x2_sub();
  w.local_get(aHigh);
  w.local_get(bLow);
  w.f64x2_mul();
  w.f64x2_sub();
  w.f64x2_sub();
  w.local_set(error);
  e.free(aHigh, bHigh, aLow, bLow);
  return { value, error };
}

/** x = high + low, of 26 bits each. */
function split(w: Body, x: Local, high: Local, low: Local): void {
  w.local_get(x);
  w.v128_const(f64x2Bytes(2 ** 27 + 1));
  w.f64x2_mul();
  w.local_tee(high);
  w.local_get(high);
  w.local_get(x);
  w.f64x2_sub();
  w.f64x2_sub();
  w.local_set(high);
  w.local_get(x);
  w.local_get(high);
  w.f64x2_sub();
  w.local_set(low);
}

export const ZERO = new Uint8Array(16);
const ONES = new Uint8Array(new Int32Array([1, 1, 1, 1]).buffer);

/** A v128 constant with the same double in both lanes. */
export function f64x2Bytes(value: number): Uint8Array {
  return new Uint8Array(new Float64Array([value, value]).buffer);
}

export function i64x2Bytes(value: bigint): Uint8Array {
  return new Uint8Array(new BigInt64Array([value, value]).buffer);
}
