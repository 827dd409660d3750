import { HALF, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter, Local } from "./emitter.js";
import { callExact, formatOf, type ExactOp, type ExactRequest } from "./fp-exact.js";
import { fpShape, isNative, pushVectorGuard } from "./fp-guard.js";
import { narrowToHalves, widenHalves } from "./fp-half.js";
import { sizeOf } from "./fp-vector.js";
import type { RowOptions } from "./pattern.js";
import { maskScalar, setScalarFromVector } from "./simd-lanes.js";

/**
 * Pieces shared by the scalar floating-point rows. `ftype` is 0 for single, 1 double, 3 half precision.
 *
 * Scalars are computed as lane 0 of vectors, and a mask clears the other lanes: taking lanes out of registers and
 * putting them in again costs more than the arithmetic. What the other lanes hold meanwhile does not matter.
 */

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
  setScalarFromVector(e, d, sizeOf(to));
}

/**
 * Pop a v128 with a result in lane 0, computed with WebAssembly arithmetic, and write it to Vd; if the guard
 * refuses it, write what the exact path makes of the source registers instead.
 */
function setFpGuarded(
  e: Emitter,
  d: number,
  request: ExactRequest & { readonly to: FpFormat },
  push: readonly (() => void)[],
): void {
  const { w } = e;
  maskScalar(e, sizeOf(request.to));
  const result = e.popTemp("v128");
  pushVectorGuard(e, request, result, push);
  const unsure = w.unlikely().if_();
  callExact(e, request, push);
  w.local_set(result);
  w.end(unsure);
  w.local_get(result);
  e.setV(d);
  e.free(result);
}

/**
 * An operation on lane 0 of the source registers, by `native` or the exact path as FPCR and the guard say.
 * `native` pops the operands, in order, as v128 in shape `fpShape(from)` and pushes the result in `fpShape(to)`.
 */
export function emitScalarConversion(
  e: Emitter,
  d: number,
  op: ExactOp,
  sources: readonly number[],
  { from, to }: { readonly from: FpFormat; readonly to: FpFormat },
  native: (() => void) | null,
): void {
  const request = { op, from, to, lanes: 1 };
  const push = sources.map((n) => () => e.getV(n));
  if (native === null || !isNative(e, request)) {
    callExact(e, request, push); // lanes beyond are zero
    e.setV(d);
    return;
  }
  for (const operand of push) {
    operand();
    if (from === HALF) widenHalves(e, 0);
  }
  native();
  if (to === HALF) narrowToHalves(e);
  setFpGuarded(e, d, request, push);
}

/** The same within the format of `ftype`; `native` learns the shape to compute in. */
export function emitScalar(
  e: Emitter,
  ftype: number,
  d: number,
  op: ExactOp,
  sources: readonly number[],
  native: (shape: "f32x4" | "f64x2") => void,
): void {
  const format = formatOf(ftype);
  emitScalarConversion(e, d, op, sources, { from: format, to: format }, () =>
    native(fpShape(format)),
  );
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
