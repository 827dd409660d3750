import type { Emitter, Local } from "./emitter.js";
import type { Row } from "./pattern.js";
import {
  noDoublewords,
  noSingleDoubleword,
  onlyDoublewords,
  scalarPairwise,
  scalarThreeSame,
  scalarTwoMisc,
  threeSame,
  twoMisc,
  type ScalarThreeRegisters,
  type ScalarTwoRegisters,
  type ThreeRegisters,
  type TwoRegisters,
} from "./simd-groups.js";
import {
  getHalf,
  lanes,
  multiplyLanes,
  narrowLanes,
  setScalarFromVector,
  setVq,
  shuffleLanes,
  withOperands,
  type LaneOp,
  type NarrowLaneOp,
} from "./simd-lanes.js";

/** Integer arithmetic, lane by lane and pairwise: add, subtract, negate, multiply, minimum, maximum. */

function binary(op: LaneOp) {
  return (e: Emitter, f: ThreeRegisters): void => {
    e.getV(f.rn);
    e.getV(f.rm);
    lanes(e, f.size, op);
    setVq(e, f.rd, f.q);
  };
}

function scalarBinary(op: "add" | "sub") {
  return (e: Emitter, f: ScalarThreeRegisters): void => {
    e.getV(f.rn);
    e.getV(f.rm);
    e.w[`i64x2_${op}`]();
    setScalarFromVector(e, f.rd, 3);
  };
}

function binaryNarrow(op: NarrowLaneOp) {
  return (e: Emitter, f: ThreeRegisters): void => {
    e.getV(f.rn);
    e.getV(f.rm);
    narrowLanes(e, f.size, op);
    setVq(e, f.rd, f.q);
  };
}

function unary(op: "neg" | "abs") {
  return (e: Emitter, f: TwoRegisters): void => {
    e.getV(f.rn);
    lanes(e, f.size, op);
    setVq(e, f.rd, f.q);
  };
}

function scalarUnary(op: "neg" | "abs") {
  return (e: Emitter, f: ScalarTwoRegisters): void => {
    e.getV(f.rn);
    lanes(e, f.size, op);
    setScalarFromVector(e, f.rd, f.size);
  };
}

function emitMul(e: Emitter, f: ThreeRegisters): void {
  withOperands(e, f.rn, f.rm, (a, b) => multiplyLanes(e, f.size, a, b));
  setVq(e, f.rd, f.q);
}

function multiplyInto(op: "add" | "sub") {
  return (e: Emitter, f: ThreeRegisters): void => {
    e.getV(f.rd);
    withOperands(e, f.rn, f.rm, (a, b) => multiplyLanes(e, f.size, a, b));
    lanes(e, f.size, op);
    setVq(e, f.rd, f.q);
  };
}

/** Push |a - b|: the larger minus the smaller. */
export function absoluteDifference(
  e: Emitter,
  size: number,
  sign: "s" | "u",
  a: Local,
  b: Local,
): void {
  for (const op of ["max", "min"] as const) {
    e.w.local_get(a);
    e.w.local_get(b);
    narrowLanes(e, size, `${op}_${sign}`);
  }
  lanes(e, size, "sub");
}

function difference(sign: "s" | "u", accumulate: boolean) {
  return (e: Emitter, f: ThreeRegisters): void => {
    if (accumulate) e.getV(f.rd);
    withOperands(e, f.rn, f.rm, (a, b) => absoluteDifference(e, f.size, sign, a, b));
    if (accumulate) lanes(e, f.size, "add");
    setVq(e, f.rd, f.q);
  };
}

/**
 * Push the even (or odd) lanes of Vn, then those of Vm, packed from the bottom: the left (or right) operands
 * of a pairwise operation.
 */
export function pushPairLanes(
  e: Emitter,
  f: { readonly q: number; readonly size: number; readonly rn: number; readonly rm: number },
  odd: 0 | 1,
): void {
  const perRegister = 16 >> f.size;
  const pairs = (f.q === 0 ? 8 : 16) >> (f.size + 1);
  e.getV(f.rn);
  e.getV(f.rm);
  e.w.i8x16_shuffle(
    shuffleLanes(f.size, (lane) => {
      const within = (lane % pairs) * 2 + odd;
      return Math.floor(lane / pairs) % 2 === 0 ? within : perRegister + within;
    }),
  );
}

function pairwise(op: NarrowLaneOp | "add") {
  return (e: Emitter, f: ThreeRegisters): void => {
    pushPairLanes(e, f, 0);
    pushPairLanes(e, f, 1);
    if (op === "add") lanes(e, f.size, "add");
    else narrowLanes(e, f.size, op);
    setVq(e, f.rd, f.q);
  };
}

function emitAddpScalar(e: Emitter, f: ScalarTwoRegisters): void {
  e.getV(f.rn);
  getHalf(e, f.rn, 1);
  e.w.i64x2_add();
  setScalarFromVector(e, f.rd, 3);
}

export const ROWS: readonly Row[] = [
  threeSame("ADD (vector)", 0, "10000", binary("add"), noSingleDoubleword),
  threeSame("SUB (vector)", 1, "10000", binary("sub"), noSingleDoubleword),
  scalarThreeSame("ADD (vector, scalar)", 0, "10000", scalarBinary("add"), onlyDoublewords),
  scalarThreeSame("SUB (vector, scalar)", 1, "10000", scalarBinary("sub"), onlyDoublewords),
  twoMisc("ABS (vector)", 0, "01011", unary("abs"), noSingleDoubleword),
  twoMisc("NEG (vector)", 1, "01011", unary("neg"), noSingleDoubleword),
  scalarTwoMisc("ABS (scalar)", 0, "01011", scalarUnary("abs"), onlyDoublewords),
  scalarTwoMisc("NEG (scalar)", 1, "01011", scalarUnary("neg"), onlyDoublewords),
  threeSame("MUL (vector)", 0, "10011", emitMul, noDoublewords),
  threeSame("MLA (vector)", 0, "10010", multiplyInto("add"), noDoublewords),
  threeSame("MLS (vector)", 1, "10010", multiplyInto("sub"), noDoublewords),
  threeSame("SMAX", 0, "01100", binaryNarrow("max_s"), noDoublewords),
  threeSame("UMAX", 1, "01100", binaryNarrow("max_u"), noDoublewords),
  threeSame("SMIN", 0, "01101", binaryNarrow("min_s"), noDoublewords),
  threeSame("UMIN", 1, "01101", binaryNarrow("min_u"), noDoublewords),
  threeSame("SABD", 0, "01110", difference("s", false), noDoublewords),
  threeSame("UABD", 1, "01110", difference("u", false), noDoublewords),
  threeSame("SABA", 0, "01111", difference("s", true), noDoublewords),
  threeSame("UABA", 1, "01111", difference("u", true), noDoublewords),
  threeSame("ADDP (vector)", 0, "10111", pairwise("add"), noSingleDoubleword),
  scalarPairwise("ADDP (scalar)", 0, "11011", emitAddpScalar, onlyDoublewords),
  threeSame("SMAXP", 0, "10100", pairwise("max_s"), noDoublewords),
  threeSame("UMAXP", 1, "10100", pairwise("max_u"), noDoublewords),
  threeSame("SMINP", 0, "10101", pairwise("min_s"), noDoublewords),
  threeSame("UMINP", 1, "10101", pairwise("min_u"), noDoublewords),
];
