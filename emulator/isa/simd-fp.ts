import { HALF, SINGLE } from "../cpu/fp/format.js";
import type { FpFormat } from "../cpu/fp/format.js";
import type { Emitter, Local } from "./emitter.js";
import { singleOrDouble, type ExactOp } from "./fp-exact.js";
import { fpShape } from "./fp-guard.js";
import { fpImmediateBits } from "./fp-move.js";
import { setFpFromVector } from "./fp-scalar.js";
import {
  fpLanes,
  negateLanes,
  pushExact,
  pushVector,
  roundLanesTieAway,
  roundLanesWithin,
  sizeOf,
} from "./fp-vector.js";
import { inst, type Row } from "./pattern.js";
import { pushPairLanes } from "./simd-arith.js";
import {
  fpAcrossLanes,
  fpScalarPairwise,
  fpScalarThreeSame,
  fpScalarTwoMisc,
  fpThreeSame,
  fpTwoMisc,
  fpTwoMiscSized,
  noSingleDouble,
  type FpScalarThree,
  type FpScalarTwo,
  type FpThree,
  type FpTwo,
  type FpTwoSized,
} from "./simd-fp-groups.js";
import { pushSplat, setVq, shuffleLanes, splatBytes, withOperands } from "./simd-lanes.js";

/** Floating-point arithmetic on vectors, and the scalar forms that exist only in Advanced SIMD. */

type Native = "add" | "sub" | "mul" | "div" | "min" | "max";

/** Push `op` on two v128 locals. `null` has no WebAssembly instruction. */
function pushBinary(
  e: Emitter,
  op: ExactOp,
  native: Native | "absDiff" | null,
  format: FpFormat,
  lanes: number,
  a: Local,
  b: Local,
): void {
  const shape = fpShape(format);
  if (native === null) {
    pushExact(e, op, format, lanes, [a, b]);
    return;
  }
  pushVector(e, op, format, lanes, [a, b], () => {
    if (native === "absDiff") {
      e.w[`${shape}_sub`]();
      e.w[`${shape}_abs`]();
    } else e.w[`${shape}_${native}`]();
  });
}

function binary(op: ExactOp, native: Native | "absDiff" | null) {
  return (e: Emitter, f: FpThree): void => {
    withOperands(e, f.rn, f.rm, (a, b) => {
      pushBinary(e, op, native, f.format, fpLanes(f.q, f.format), a, b);
    });
    setVq(e, f.rd, f.q);
  };
}

function binaryScalar(op: ExactOp, native: Native | "absDiff" | null) {
  return (e: Emitter, f: FpScalarThree): void => {
    withOperands(e, f.rn, f.rm, (a, b) => pushBinary(e, op, native, f.format, 1, a, b));
    setFpFromVector(e, f.rd, f.format);
  };
}

function pairwise(op: ExactOp, native: Native) {
  return (e: Emitter, f: FpThree): void => {
    const at = { ...f, size: sizeOf(f.format) };
    pushPairLanes(e, at, 0);
    const a = e.popTemp("v128");
    pushPairLanes(e, at, 1);
    const b = e.popTemp("v128");
    pushBinary(e, op, native, f.format, fpLanes(f.q, f.format), a, b);
    setVq(e, f.rd, f.q);
    e.free(a, b);
  };
}

/** Lane 0 with lane 1 of the same register. */
function pairwiseScalar(op: ExactOp, native: Native) {
  return (e: Emitter, f: FpScalarTwo): void => {
    e.getV(f.rn);
    pushAdjacent(e, op, native, f.format, 1, 1);
    setFpFromVector(e, f.rd, f.format);
  };
}

/** Pop a v128; push `op` of each lane with the one `distance` above, on the low `lanes` lanes. */
function pushAdjacent(
  e: Emitter,
  op: ExactOp,
  native: Native,
  format: FpFormat,
  distance: number,
  lanes: number,
): void {
  const size = sizeOf(format);
  const a = e.popTemp("v128");
  e.w.local_get(a);
  e.w.local_get(a);
  e.w.i8x16_shuffle(shuffleLanes(size, (lane) => (lane + distance) % (16 >> size)));
  const b = e.popTemp("v128");
  pushBinary(e, op, native, format, lanes, a, b);
  e.free(a, b);
}

/**
 * Neighbours first, as Arm's Reduce does: it decides which NaN wins. The lanes between those that count
 * combine the same operands, so they raise nothing else.
 */
function reduce(op: ExactOp, native: Native) {
  return (e: Emitter, f: FpTwo): void => {
    const lanes = fpLanes(f.q, f.format);
    e.getV(f.rn);
    for (let distance = 1; distance < lanes; distance *= 2) {
      pushAdjacent(e, op, native, f.format, distance, lanes - 2 * distance + 1);
    }
    setFpFromVector(e, f.rd, f.format);
  };
}

function unary(
  op: ExactOp,
  native: "sqrt" | "nearest" | "ceil" | "floor" | "trunc" | "away" | null,
) {
  return (e: Emitter, f: FpTwo): void => {
    const { format } = f;
    const lanes = fpLanes(f.q, format);
    e.getV(f.rn);
    const x = e.popTemp("v128");
    if (native === null) pushExact(e, op, format, lanes, [x]);
    else {
      pushVector(e, op, format, lanes, [x], () => {
        if (native === "away") roundLanesTieAway(e, format);
        else e.w[`${fpShape(format)}_${native}`]();
      });
    }
    setVq(e, f.rd, f.q);
    e.free(x);
  };
}

function unaryScalar(op: ExactOp) {
  return (e: Emitter, f: FpScalarTwo): void => {
    e.getV(f.rn);
    const x = e.popTemp("v128");
    pushExact(e, op, f.format, 1, [x]);
    setFpFromVector(e, f.rd, f.format);
    e.free(x);
  };
}

/** FRINT32*, FRINT64*. */
function rintInteger(width: 32 | 64, rounding: "Zero" | "Current") {
  const op: ExactOp = `round${width}${rounding}`;
  return (e: Emitter, f: FpTwoSized): void => {
    const format = singleOrDouble(f.sz);
    e.getV(f.rn);
    const x = e.popTemp("v128");
    pushVector(e, op, format, fpLanes(f.q, format), [x], () => {
      roundLanesWithin(e, format, width, rounding === "Zero" ? "trunc" : "nearest");
    });
    setVq(e, f.rd, f.q);
    e.free(x);
  };
}

/** FABS and FNEG act on bits, NaNs included. */
function emitFabs(e: Emitter, f: FpTwo): void {
  e.getV(f.rn);
  if (f.format === HALF) {
    pushSplat(e, 1, 0x7fffn);
    e.w.v128_and();
  } else e.w[`${fpShape(f.format)}_abs`]();
  setVq(e, f.rd, f.q);
}

function emitFneg(e: Emitter, f: FpTwo): void {
  e.getV(f.rn);
  negateLanes(e, f.format);
  setVq(e, f.rd, f.q);
}

/** URECPE and URSQRTE work on 32-bit fixed-point fractions. */
function fixedEstimate(op: ExactOp) {
  const emit = unary(op, null);
  return (e: Emitter, f: FpTwoSized): void => emit(e, { ...f, format: SINGLE });
}

function emitFmovHalf(e: Emitter, f: Readonly<Record<"q" | "abc" | "defgh" | "rd", number>>): void {
  e.w.v128_const(splatBytes(1, fpImmediateBits(HALF, (f.abc << 5) | f.defgh)));
  setVq(e, f.rd, f.q);
}

function onlyWords(f: { readonly sz: number }): boolean {
  return f.sz !== 0;
}

/** Name, U, opcode. */
const FRINTTS = (
  [
    ["FRINT32Z", 0, "11110", rintInteger(32, "Zero")],
    ["FRINT32X", 1, "11110", rintInteger(32, "Current")],
    ["FRINT64Z", 0, "11111", rintInteger(64, "Zero")],
    ["FRINT64X", 1, "11111", rintInteger(64, "Current")],
  ] as const
).map(([name, u, opcode, emit]) =>
  fpTwoMiscSized(`${name} (vector)`, u, 0, opcode, emit, noSingleDouble, "frintts"),
);

export const ROWS: readonly Row[] = [
  ...fpThreeSame("FADD (vector)", 0, 0, "11010", binary("add", "add")),
  ...fpThreeSame("FSUB (vector)", 0, 1, "11010", binary("sub", "sub")),
  ...fpThreeSame("FMUL (vector)", 1, 0, "11011", binary("mul", "mul")),
  ...fpThreeSame("FDIV (vector)", 1, 0, "11111", binary("div", "div")),
  ...fpThreeSame("FMAX (vector)", 0, 0, "11110", binary("max", "max")),
  ...fpThreeSame("FMIN (vector)", 0, 1, "11110", binary("min", "min")),
  ...fpThreeSame("FMAXNM (vector)", 0, 0, "11000", binary("maxNum", "max")),
  ...fpThreeSame("FMINNM (vector)", 0, 1, "11000", binary("minNum", "min")),
  ...fpThreeSame("FABD", 1, 1, "11010", binary("absDiff", "absDiff")),
  ...fpThreeSame("FMULX", 0, 0, "11011", binary("mulX", "mul")),
  ...fpThreeSame("FRECPS", 0, 0, "11111", binary("recipStep", null)),
  ...fpThreeSame("FRSQRTS", 0, 1, "11111", binary("rsqrtStep", null)),
  ...fpThreeSame("FADDP (vector)", 1, 0, "11010", pairwise("add", "add")),
  ...fpThreeSame("FMAXP (vector)", 1, 0, "11110", pairwise("max", "max")),
  ...fpThreeSame("FMINP (vector)", 1, 1, "11110", pairwise("min", "min")),
  ...fpThreeSame("FMAXNMP (vector)", 1, 0, "11000", pairwise("maxNum", "max")),
  ...fpThreeSame("FMINNMP (vector)", 1, 1, "11000", pairwise("minNum", "min")),
  ...fpScalarThreeSame("FABD (scalar)", 1, 1, "11010", binaryScalar("absDiff", "absDiff")),
  ...fpScalarThreeSame("FMULX (scalar)", 0, 0, "11011", binaryScalar("mulX", "mul")),
  ...fpScalarThreeSame("FRECPS (scalar)", 0, 0, "11111", binaryScalar("recipStep", null)),
  ...fpScalarThreeSame("FRSQRTS (scalar)", 0, 1, "11111", binaryScalar("rsqrtStep", null)),
  ...fpScalarPairwise("FADDP (scalar)", 0, "01101", pairwiseScalar("add", "add")),
  ...fpScalarPairwise("FMAXP (scalar)", 0, "01111", pairwiseScalar("max", "max")),
  ...fpScalarPairwise("FMINP (scalar)", 1, "01111", pairwiseScalar("min", "min")),
  ...fpScalarPairwise("FMAXNMP (scalar)", 0, "01100", pairwiseScalar("maxNum", "max")),
  ...fpScalarPairwise("FMINNMP (scalar)", 1, "01100", pairwiseScalar("minNum", "min")),
  ...fpAcrossLanes("FMAXV", 0, "01111", reduce("max", "max")),
  ...fpAcrossLanes("FMINV", 1, "01111", reduce("min", "min")),
  ...fpAcrossLanes("FMAXNMV", 0, "01100", reduce("maxNum", "max")),
  ...fpAcrossLanes("FMINNMV", 1, "01100", reduce("minNum", "min")),
  ...fpTwoMisc("FABS (vector)", 0, 1, "01111", emitFabs),
  ...fpTwoMisc("FNEG (vector)", 1, 1, "01111", emitFneg),
  ...fpTwoMisc("FSQRT (vector)", 1, 1, "11111", unary("sqrt", "sqrt")),
  ...fpTwoMisc("FRINTN (vector)", 0, 0, "11000", unary("roundTieEven", "nearest")),
  ...fpTwoMisc("FRINTM (vector)", 0, 0, "11001", unary("roundMinusInf", "floor")),
  ...fpTwoMisc("FRINTP (vector)", 0, 1, "11000", unary("roundPlusInf", "ceil")),
  ...fpTwoMisc("FRINTZ (vector)", 0, 1, "11001", unary("roundZero", "trunc")),
  ...fpTwoMisc("FRINTA (vector)", 1, 0, "11000", unary("roundTieAway", "away")),
  ...fpTwoMisc("FRINTX (vector)", 1, 0, "11001", unary("roundExact", "nearest")),
  ...fpTwoMisc("FRINTI (vector)", 1, 1, "11001", unary("roundCurrent", "nearest")),
  ...fpTwoMisc("FRECPE", 0, 1, "11101", unary("recipEstimate", null)),
  ...fpTwoMisc("FRSQRTE", 1, 1, "11101", unary("rsqrtEstimate", null)),
  fpTwoMiscSized("URECPE", 0, 1, "11100", fixedEstimate("unsignedRecipEstimate"), onlyWords),
  fpTwoMiscSized("URSQRTE", 1, 1, "11100", fixedEstimate("unsignedRSqrtEstimate"), onlyWords),
  ...FRINTTS,
  inst(
    "FMOV (vector, immediate), half",
    "0 q:1 0 0111100000 abc:3 1111 11 defgh:5 rd:5",
    emitFmovHalf,
    { feature: "fp16" },
  ),
  ...fpScalarTwoMisc("FRECPE (scalar)", 0, 1, "11101", unaryScalar("recipEstimate")),
  ...fpScalarTwoMisc("FRECPX", 0, 1, "11111", unaryScalar("recipExponent")),
  ...fpScalarTwoMisc("FRSQRTE (scalar)", 1, 1, "11101", unaryScalar("rsqrtEstimate")),
];
