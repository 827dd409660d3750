import { DOUBLE, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter, Local } from "./emitter.js";
import { callExact, singleOrDouble, type ExactOp } from "./fp-exact.js";

/** Pieces shared by the scalar floating-point rows. `ftype` is 0 for single, 1 for double precision. */

/** Half-precision arithmetic (FEAT_FP16) and the reserved type are not implemented. */
export function ftypeUndefined(f: { readonly ftype: number }): boolean {
  return f.ftype > 1;
}

/** Push lane 0 of Vn as f32 or f64. */
export function getFp(e: Emitter, n: number, ftype: number): void {
  if (ftype === 0) e.getS(n);
  else e.getD(n);
}

/** Pop f32 or f64 into Vd, clearing the rest. */
export function setFp(e: Emitter, d: number, ftype: number): void {
  if (ftype === 0) e.setS(d);
  else e.setD(d);
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
 * Pop a result computed with WebAssembly arithmetic and write it to Vd; if it is a NaN, write what the
 * exact path makes of the source registers instead.
 */
export function setFpUnlessNan(
  e: Emitter,
  d: number,
  op: ExactOp,
  sources: readonly number[],
  from: FpFormat,
  to: FpFormat = from,
): void {
  const type = to === DOUBLE ? "f64" : "f32";
  const result = e.temp(type);
  e.w.local_tee(result);
  e.w.local_get(result);
  e.w[`${type}_ne` as const]();
  const nan = e.w.if_();
  callExact(e, { op, from, to, lanes: 1 }, getVectors(e, sources));
  e.w[to === DOUBLE ? "f64x2_extract_lane" : "f32x4_extract_lane"](0);
  e.w.local_set(result);
  e.w.end(nan);
  e.w.local_get(result);
  setFp(e, d, to === DOUBLE ? 1 : 0);
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

/** `native` on lane 0 of the sources, NaN results from the exact path; that path alone if FPCR is not default. */
export function emitScalar(
  e: Emitter,
  ftype: number,
  d: number,
  op: ExactOp,
  sources: readonly number[],
  native: () => void,
): void {
  const format = singleOrDouble(ftype);
  if (!e.mode.fpDefault) {
    emitExactScalar(e, d, op, sources, format);
    return;
  }
  for (const n of sources) getFp(e, n, ftype);
  native();
  setFpUnlessNan(e, d, op, sources, format);
}

/** Push lane 0 of Vn as f64: single precision widens exactly. */
export function getFpAsDouble(e: Emitter, n: number, ftype: number): void {
  getFp(e, n, ftype);
  if (ftype === 0) e.w.f64_promote_f32();
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
