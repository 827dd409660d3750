import { DOUBLE, HALF, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter, Local } from "./emitter.js";
import { callExact, type ExactOp } from "./fp-exact.js";
import { fpShape, isNative, MODE_FZ, MODE_FZ16, pushLanes, pushVectorGuard } from "./fp-guard.js";
import { pushHalves, widenHalves } from "./fp-half.js";
import { pushSplat } from "./simd-lanes.js";

/** Vectors of floating-point lanes computed natively, what the guard refuses on the exact path. */

/** log2 of a lane's bytes. */
export function sizeOf(format: FpFormat): 1 | 2 | 3 {
  return format === DOUBLE ? 3 : format === HALF ? 1 : 2;
}

/** Lanes of a vector of 64 (q 0) or 128 bits. */
export function fpLanes(q: number, format: FpFormat): number {
  return (q === 0 ? 64 : 128) / format.width;
}

/** Let the exact path redo `result` (a v128 local) if the guard refuses any of its low lanes. */
export function redoIfUnsure(
  e: Emitter,
  result: Local,
  op: ExactOp,
  format: FpFormat,
  lanes: number,
  operands: readonly Local[],
): void {
  const push = operands.map((local) => () => e.w.local_get(local));
  pushVectorGuard(e, { op, from: format, lanes }, result, push);
  const unsure = e.w.unlikely().if_();
  pushExact(e, op, format, lanes, operands);
  e.w.local_set(result);
  e.w.end(unsure);
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
 * and pushes the WebAssembly result in shape `fpShape(format)`.
 */
export function pushVector(
  e: Emitter,
  op: ExactOp,
  format: FpFormat,
  lanes: number,
  operands: readonly Local[],
  native: () => void,
): void {
  if (!isNative(e, { op, from: format })) {
    pushExact(e, op, format, lanes, operands);
    return;
  }
  if (format === HALF) {
    pushHalves(e, lanes, (part) => {
      for (const operand of operands) {
        e.w.local_get(operand);
        widenHalves(e, part);
      }
      native();
    });
  } else {
    for (const operand of operands) e.w.local_get(operand);
    native();
  }
  const result = e.popTemp("v128");
  redoIfUnsure(e, result, op, format, lanes, operands);
  e.w.local_get(result);
  e.free(result);
}

/** Pop a v128 and push it with the sign of every lane flipped, NaNs included. */
export function negateLanes(e: Emitter, format: FpFormat): void {
  if (format === HALF) {
    pushSplat(e, 1, 0x8000n);
    e.w.v128_xor();
  } else e.w[`${fpShape(format)}_neg`]();
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

/**
 * Pop and push a v128 whose lanes are rounded to integral values for FRINT32* and FRINT64*; a NaN, which the guard
 * refuses, where a signed integer of `width` bits may not hold the value.
 */
export function roundLanesWithin(
  e: Emitter,
  format: FpFormat,
  width: 32 | 64,
  rounding: "trunc" | "nearest",
): void {
  const { w } = e;
  const shape = fpShape(format);
  w[`${shape}_${rounding}`]();
  const rounded = e.popTemp("v128");
  w.local_get(rounded);
  w.local_get(rounded);
  w[`${shape}_abs`]();
  pushLanes(e, format, 2 ** (width - 1));
  w[`${shape}_ge`]();
  w.v128_or(); // all ones is a NaN
  e.free(rounded);
}

/**
 * Push Vn, or with `part` half of its halves as singles, for a comparison: under FPCR.FZ (FZ16), subnormals
 * become zero.
 */
export function getComparand(e: Emitter, n: number, format: FpFormat, part: 0 | 1): void {
  const { w } = e;
  e.getV(n);
  if (format === HALF) widenHalves(e, part);
  if ((e.mode.fpcr & (format === HALF ? MODE_FZ16 : MODE_FZ)) === 0) return;
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
