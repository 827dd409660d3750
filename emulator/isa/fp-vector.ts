import { DOUBLE, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter, Local } from "./emitter.js";
import { callExact, type ExactOp } from "./fp-exact.js";

/** Vectors of floating-point lanes computed natively, NaN results apart. */

export type FpShape = "f32x4" | "f64x2";

export function fpShape(format: FpFormat): FpShape {
  return format === DOUBLE ? "f64x2" : "f32x4";
}

/** Lanes of singles (sz 0) or doubles (sz 1) in a vector of 64 (q 0) or 128 bits. */
export function fpLanes(q: number, sz: number): 1 | 2 | 4 {
  if (sz === 1) return q === 0 ? 1 : 2;
  return q === 0 ? 2 : 4;
}

/** Let the exact path redo `result` (a v128 local) if any of its low lanes is a NaN. */
export function replaceIfNan(
  e: Emitter,
  result: Local,
  op: ExactOp,
  format: FpFormat,
  lanes: number,
  operands: readonly Local[],
): void {
  const { w } = e;
  w.local_get(result);
  w.local_get(result);
  w[`${fpShape(format)}_ne`]();
  if (lanes * format.width === 128) w.v128_any_true();
  else {
    w[format === DOUBLE ? "i64x2_bitmask" : "i32x4_bitmask"]();
    w.i32_const((1 << lanes) - 1);
    w.i32_and();
  }
  const nan = w.if_();
  pushExact(e, op, format, lanes, operands);
  w.local_set(result);
  w.end(nan);
}

/** Push the operation on v128 locals from the exact path. */
export function pushExact(
  e: Emitter,
  op: ExactOp,
  from: FpFormat,
  lanes: number,
  operands: readonly Local[],
): void {
  const push = operands.map((local) => () => e.w.local_get(local));
  callExact(e, { op, from, lanes }, push);
}

/**
 * Push `op` on the low lanes of v128 locals; other lanes are unspecified. `native` pops the operands, in order,
 * and pushes the WebAssembly result, right wherever it is not a NaN and FPCR is zero.
 */
export function pushVector(
  e: Emitter,
  op: ExactOp,
  format: FpFormat,
  lanes: number,
  operands: readonly Local[],
  native: () => void,
): void {
  if (!e.mode.fpDefault) {
    pushExact(e, op, format, lanes, operands);
    return;
  }
  for (const operand of operands) e.w.local_get(operand);
  native();
  const result = e.popTemp("v128");
  replaceIfNan(e, result, op, format, lanes, operands);
  e.w.local_get(result);
  e.free(result);
}

/** Pop and push a v128 whose lanes are rounded to integral values, ties away from zero. */
export function roundLanesTieAway(e: Emitter, format: FpFormat): void {
  const { w } = e;
  const shape = fpShape(format);
  const x = e.popTemp("v128");
  const whole = e.temp("v128");
  w.local_get(x);
  w[`${shape}_trunc`]();
  w.local_tee(whole);
  w.local_get(x);
  pushLanes(e, format, -0);
  w.v128_and();
  pushLanes(e, format, 1);
  w.v128_or();
  w[`${shape}_add`](); // one further from zero
  w.local_get(whole);
  w.local_get(x);
  w.local_get(whole);
  w[`${shape}_sub`]();
  w[`${shape}_abs`]();
  pushLanes(e, format, 0.5);
  w[`${shape}_ge`]();
  w.v128_bitselect();
  e.free(x, whole);
}

/** Push a constant in every lane. */
export function pushLanes(e: Emitter, format: FpFormat, value: number): void {
  const numbers =
    format === DOUBLE
      ? new Float64Array([value, value])
      : new Float32Array([value, value, value, value]);
  e.w.v128_const(new Uint8Array(numbers.buffer));
}

const FPCR_FZ = 1 << 5; // FPCR bit 24 within Mode.fpcr

/** Push Vn for a comparison: under FPCR.FZ, subnormals become zero. */
export function getComparand(e: Emitter, n: number, format: FpFormat): void {
  e.getV(n);
  if ((e.mode.fpcr & FPCR_FZ) === 0) return;
  const { w } = e;
  const shape = fpShape(format);
  const x = e.popTemp("v128");
  w.local_get(x);
  w.local_get(x);
  w[`${shape}_abs`]();
  pushLanes(e, format, 2 ** (1 - format.bias));
  w[`${shape}_lt`]();
  w.v128_andnot();
  e.free(x);
}
