import { DOUBLE, HALF, SINGLE, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter, Local } from "./emitter.js";
import type { ExactOp, ExactRequest } from "./fp-exact.js";
import { pushInexactMatters } from "./fp-flags.js";
import { splatBytes } from "./simd-lanes.js";

/**
 * When WebAssembly's own arithmetic gives an A64 instruction's result, and when a result must be done again
 * on the exact path. With FPCR and FPSR as they usually are, only NaN results are.
 *
 * Rounding to nearest is WebAssembly's only mode. Under FPCR.FZ subnormal operands and results are done again.
 * While FPSR's flags are kept, results that could raise one are: any but a normal finite number, and
 * all of them while IXC is clear.
 */

/** FPCR's bits within `Mode.fpcr`. */
export const MODE_FZ16 = 1 << 0;
export const MODE_RMODE = 3 << 3;
export const MODE_FZ = 1 << 5;
export const MODE_AHP = 1 << 7;

/** Operations that no rounding mode changes and that are never inexact: only signalling NaNs raise. */
const ROUNDING_FREE: ReadonlySet<ExactOp> = new Set<ExactOp>([
  "max",
  "min",
  "maxNum",
  "minNum",
  "roundTieEven",
  "roundTieAway",
  "roundPlusInf",
  "roundMinusInf",
  "roundZero",
]);

/** Sums: exact if they are zero. */
const SUMS: ReadonlySet<ExactOp> = new Set<ExactOp>(["add", "sub", "absDiff"]);

type Operation = Pick<ExactRequest, "op" | "from" | "to">;

function target({ from, to = from }: Operation): FpFormat {
  return to;
}

function isRoundingFree(r: Operation): boolean {
  return ROUNDING_FREE.has(r.op) || (r.op === "convert" && target(r).width > r.from.width);
}

/** Whether native code with a guard may stand for the operation under the current FPCR. */
export function isNative(e: Emitter, r: Operation): boolean {
  const { fpcr } = e.mode;
  const usesHalf = r.from === HALF || target(r) === HALF;
  if (usesHalf && (fpcr & (r.op === "convert" ? MODE_AHP : MODE_FZ16)) !== 0) return false;
  return (fpcr & MODE_RMODE) === 0 || isRoundingFree(r);
}

/** Scalars as one lane: the WebAssembly instructions that guards use have the same names. */
type Shape = "f32" | "f64" | "f32x4" | "f64x2";

function isScalar(shape: Shape): shape is "f32" | "f64" {
  return shape === "f32" || shape === "f64";
}

/** The shape a format is computed in: halves as singles. */
export function fpShape(format: FpFormat): "f32x4" | "f64x2" {
  return format === DOUBLE ? "f64x2" : "f32x4";
}

/** Push a constant in every lane. */
export function pushLanes(e: Emitter, format: FpFormat, value: number): void {
  const numbers =
    format === DOUBLE
      ? new Float64Array([value, value])
      : new Float32Array([value, value, value, value]);
  e.w.v128_const(new Uint8Array(numbers.buffer));
}

function constant(e: Emitter, shape: Shape, value: number): void {
  if (isScalar(shape)) e.w[`${shape}_const`](value);
  else pushLanes(e, shape === "f64x2" ? DOUBLE : SINGLE, value);
}

function combine(e: Emitter, shape: Shape, op: "and" | "or"): void {
  e.w[`${isScalar(shape) ? "i32" : "v128"}_${op}`]();
}

function smallestNormal(format: FpFormat): number {
  return 2 ** (1 - format.bias);
}

/** Push the mask of lanes that hold a subnormal number; `push` pushes them. */
function pushSubnormal(e: Emitter, shape: Shape, format: FpFormat, push: () => void): void {
  push();
  e.w[`${shape}_abs`]();
  constant(e, shape, smallestNormal(format));
  e.w[`${shape}_lt`]();
  push();
  constant(e, shape, 0);
  e.w[`${shape}_ne`]();
  combine(e, shape, "and");
}

/** Push the mask of lanes of a result that must be done again. */
function pushUnsure(e: Emitter, shape: Shape, r: Operation, push: () => void): void {
  const { w, mode } = e;
  const format = target(r);
  const isExactOp = isRoundingFree(r);
  if (mode.fpsrExact && !isExactOp) {
    push();
    w[`${shape}_abs`]();
    constant(e, shape, smallestNormal(format));
    w[`${shape}_gt`]();
    push();
    w[`${shape}_abs`]();
    constant(e, shape, Infinity);
    w[`${shape}_lt`]();
    combine(e, shape, "and");
    if (SUMS.has(r.op)) {
      push();
      constant(e, shape, 0);
      w[`${shape}_eq`]();
      combine(e, shape, "or");
    }
    w[isScalar(shape) ? "i32_eqz" : "v128_not"]();
    return;
  }
  push();
  push();
  w[`${shape}_ne`]();
  if ((mode.fpcr & MODE_FZ) === 0 || isExactOp) return;
  // A number that rounding made the smallest normal one was tiny before.
  push();
  w[`${shape}_abs`]();
  constant(e, shape, smallestNormal(format));
  w[`${shape}_le`]();
  push();
  constant(e, shape, 0);
  w[`${shape}_ne`]();
  combine(e, shape, "and");
  combine(e, shape, "or");
}

/** The same for halves packed in a v128. */
function pushUnsureHalves(e: Emitter, r: Operation, push: () => void): void {
  const { w } = e;
  const bits = (value: number): void => w.v128_const(splatBytes(1, BigInt(value)));
  push();
  bits(0x7fff);
  w.v128_and();
  if (e.mode.fpsrExact && !isRoundingFree(r)) {
    bits(0x0401);
    w.i16x8_sub();
    bits(0x7bff - 0x0401);
    w.i16x8_gt_u();
  } else {
    bits(0x7c00);
    w.i16x8_gt_s();
  }
}

/** Pop a mask of lanes, push 1 if any of the low `lanes` is set. */
export function pushAny(e: Emitter, format: FpFormat, lanes: number): void {
  const { w } = e;
  if (lanes * format.width === 128) {
    w.v128_any_true();
    return;
  }
  w[format === DOUBLE ? "i64x2_bitmask" : format === SINGLE ? "i32x4_bitmask" : "i16x8_bitmask"]();
  w.i32_const((1 << lanes) - 1);
  w.i32_and();
}

/**
 * Push the i32 that says whether a result, a v128 local computed natively, must be done again. A single lane is
 * looked at as a scalar, which costs less than a mask.
 * @param operands each pushes a v128
 */
export function pushVectorGuard(
  e: Emitter,
  r: Operation & { readonly lanes: number },
  result: Local,
  operands: readonly (() => void)[],
): void {
  const { w, mode } = e;
  const to = target(r);
  const toShape = guardShape(to, r.lanes);
  const pushResult = asShape(e, toShape, () => w.local_get(result));
  if (to === HALF) pushUnsureHalves(e, r, pushResult);
  else pushUnsure(e, toShape, r, pushResult);
  if (!isScalar(toShape)) pushAny(e, to, r.lanes);
  if ((mode.fpcr & MODE_FZ) !== 0 && r.from !== HALF) {
    const fromShape = guardShape(r.from, r.lanes);
    for (const operand of operands) {
      pushSubnormal(e, fromShape, r.from, asShape(e, fromShape, operand));
      if (!isScalar(fromShape)) pushAny(e, r.from, r.lanes);
      w.i32_or();
    }
  }
  if (mode.fpsrExact && !isRoundingFree(r)) {
    pushInexactMatters(e);
    w.i32_or();
  }
}

function guardShape(format: FpFormat, lanes: number): Shape {
  if (lanes > 1 || format === HALF) return fpShape(format);
  return format === DOUBLE ? "f64" : "f32";
}

/** What pushes a v128, or its lane 0 if the shape is a scalar. */
function asShape(e: Emitter, shape: Shape, push: () => void): () => void {
  if (!isScalar(shape)) return push;
  return () => {
    push();
    e.w[shape === "f64" ? "f64x2_extract_lane" : "f32x4_extract_lane"](0);
  };
}
