import { DOUBLE, HALF, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter, Local } from "./emitter.js";
import { callExact, formatOf, type ExactOp } from "./fp-exact.js";
import { isNative, pushScalarGuard, pushVectorGuard } from "./fp-guard.js";
import { narrowToHalves, widenHalves } from "./fp-half.js";
import type { RowOptions } from "./pattern.js";

/** Pieces shared by the scalar floating-point rows. `ftype` is 0 for single, 1 double, 3 half precision. */

export function ftypeUndefined(f: { readonly ftype: number }): boolean {
  return f.ftype === 2;
}

/** Half precision is FEAT_FP16. */
export function ftypeFeature(f: { readonly ftype: number }): "fp" | "fp16" {
  return f.ftype === 3 ? "fp16" : "fp";
}

/** Rows with an `ftype` field. */
export const FTYPE: RowOptions<{ readonly ftype: number }> = {
  feature: ftypeFeature,
  undefinedIf: ftypeUndefined,
};

/** The WebAssembly type an `ftype` is computed in: halves as singles. */
export function typeOf(ftype: number): "f32" | "f64" {
  return ftype === 1 ? "f64" : "f32";
}

/** Push lane 0 of Vn as a number, widened to f32 if it is a half. */
export function getFp(e: Emitter, n: number, ftype: number): void {
  if (ftype === 1) e.getD(n);
  else if (ftype === 0) e.getS(n);
  else {
    e.getV(n);
    widenHalves(e, 0);
    e.w.f32x4_extract_lane(0);
  }
}

/** Pop f32 or f64 into Vd, clearing the rest. Not for halves. */
export function setFp(e: Emitter, d: number, ftype: number): void {
  if (ftype === 0) e.setS(d);
  else e.setD(d);
}

/** Push lane 0 of Vn as bits: i64 of a double, else i32. */
export function getFpBits(e: Emitter, n: number, ftype: number): void {
  if (ftype === 1) e.getDbits(n);
  else if (ftype === 0) e.getSbits(n);
  else e.getHbits(n);
}

/** Pop bits as `getFpBits` pushes them into Vd, clearing the rest. */
export function setFpBits(e: Emitter, d: number, ftype: number): void {
  if (ftype === 1) e.setDbits(d);
  else if (ftype === 0) e.setSbits(d);
  else e.setHbits(d);
}

/** Lane 0 of the v128 on the stack, into Vd. */
export function setFpFromVector(e: Emitter, d: number, to: FpFormat): void {
  if (to.width === 64) {
    e.w.f64x2_extract_lane(0);
    e.setD(d);
  } else if (to.width === 32) {
    e.w.f32x4_extract_lane(0);
    e.setS(d);
  } else {
    e.w.i16x8_extract_lane_u(0);
    e.setHbits(d);
  }
}

/**
 * Pop a result computed with WebAssembly arithmetic, an f64 for a double and else an f32, and write it to Vd; if
 * the guard refuses it, write what the exact path makes of the source registers instead.
 */
export function setFpGuarded(
  e: Emitter,
  d: number,
  op: ExactOp,
  sources: readonly number[],
  from: FpFormat,
  to: FpFormat = from,
): void {
  const { w } = e;
  const isHalf = to === HALF;
  if (isHalf) {
    w.f32x4_splat();
    narrowToHalves(e);
  }
  const request = { op, from, to, lanes: 1 };
  const result = e.popTemp(isHalf ? "v128" : to === DOUBLE ? "f64" : "f32");
  if (isHalf) pushVectorGuard(e, request, result, getVectors(e, sources));
  else pushScalarGuard(e, request, result, getScalars(e, sources, from));
  const unsure = w.if_();
  callExact(e, request, getVectors(e, sources));
  if (!isHalf) w[to === DOUBLE ? "f64x2_extract_lane" : "f32x4_extract_lane"](0);
  w.local_set(result);
  w.end(unsure);
  w.local_get(result);
  if (isHalf) setFpFromVector(e, d, HALF);
  else setFp(e, d, to === DOUBLE ? 1 : 0);
  e.free(result);
}

/** The whole instruction on the exact path. */
export function emitExactScalar(
  e: Emitter,
  d: number,
  op: ExactOp,
  sources: readonly number[],
  from: FpFormat,
  to: FpFormat = from,
): void {
  callExact(e, { op, from, to, lanes: 1 }, getVectors(e, sources));
  setFpFromVector(e, d, to);
}

function getVectors(e: Emitter, registers: readonly number[]): (() => void)[] {
  return registers.map((n) => () => e.getV(n));
}

function getScalars(e: Emitter, registers: readonly number[], format: FpFormat): (() => void)[] {
  return registers.map((n) => () => {
    if (format === DOUBLE) e.getD(n);
    else e.getS(n);
  });
}

/** `native` on lane 0 of the sources, as f64 or f32, and what the guard refuses from the exact path. */
export function emitScalar(
  e: Emitter,
  ftype: number,
  d: number,
  op: ExactOp,
  sources: readonly number[],
  native: () => void,
): void {
  const format = formatOf(ftype);
  if (!isNative(e, { op, from: format })) {
    emitExactScalar(e, d, op, sources, format);
    return;
  }
  for (const n of sources) getFp(e, n, ftype);
  native();
  setFpGuarded(e, d, op, sources, format);
}

/** Push lane 0 of Vn as f64: narrower formats widen exactly. */
export function getFpAsDouble(e: Emitter, n: number, ftype: number): void {
  getFp(e, n, ftype);
  if (ftype !== 1) e.w.f64_promote_f32();
}

/** Pop an f64 and push it rounded to an integral value, ties away from zero, the sign kept. */
export function roundTieAway(e: Emitter): void {
  const x: Local = e.popTemp("f64");
  const whole = e.temp("f64");
  e.w.local_get(x);
  e.w.f64_trunc();
  e.w.local_tee(whole);
  e.w.f64_const(1);
  e.w.local_get(x);
  e.w.f64_copysign();
  e.w.f64_add();
  e.w.local_get(whole);
  e.w.local_get(x);
  e.w.local_get(whole);
  e.w.f64_sub(); // exact
  e.w.f64_abs();
  e.w.f64_const(0.5);
  e.w.f64_ge();
  e.w.select();
  e.free(x, whole);
}
