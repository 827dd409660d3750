import type { Emitter } from "./emitter.js";
import type { Row } from "./pattern.js";
import { callLanes, type LaneOperation } from "./simd-exact.js";
import {
  noDoublewords,
  noSingleDoubleword,
  onlyDoublewords,
  onlyHalfOrWord,
  scalarThreeDifferent,
  scalarThreeSame,
  scalarTwoMisc,
  threeDifferent,
  threeSame,
  twoMisc,
  type ScalarThreeRegisters,
  type ScalarTwoRegisters,
  type ThreeRegisters,
  type TwoRegisters,
} from "./simd-groups.js";
import { getHalf, setScalarFromVector, setVq } from "./simd-lanes.js";

/** Register-operand rows whose lanes go through host code (simd-exact.ts). */

function laneCount(f: { readonly q: number; readonly size: number }): number {
  return (f.q === 0 ? 8 : 16) >> f.size;
}

function three(op: LaneOperation) {
  return (e: Emitter, f: ThreeRegisters): void => {
    const request = { op, from: f.size, to: f.size, lanes: laneCount(f) };
    callLanes(e, request, [() => e.getV(f.rn), () => e.getV(f.rm)]);
    setVq(e, f.rd, f.q);
  };
}

function threeScalar(op: LaneOperation) {
  return (e: Emitter, f: ScalarThreeRegisters): void => {
    const request = { op, from: f.size, to: f.size, lanes: 1 };
    callLanes(e, request, [() => e.getV(f.rn), () => e.getV(f.rm)]);
    setScalarFromVector(e, f.rd, f.size);
  };
}

function two(op: LaneOperation) {
  return (e: Emitter, f: TwoRegisters): void => {
    const request = { op, from: f.size, to: f.size, lanes: laneCount(f) };
    callLanes(e, request, [() => e.getV(f.rn), () => e.getV(f.rn), () => e.getV(f.rd)]);
    setVq(e, f.rd, f.q);
  };
}

function twoScalar(op: LaneOperation) {
  return (e: Emitter, f: ScalarTwoRegisters): void => {
    const request = { op, from: f.size, to: f.size, lanes: 1 };
    callLanes(e, request, [() => e.getV(f.rn), () => e.getV(f.rn), () => e.getV(f.rd)]);
    setScalarFromVector(e, f.rd, f.size);
  };
}

/** Half of the lanes of Vn and Vm, the result twice as wide; Q picks the half. */
function long(op: LaneOperation) {
  return (e: Emitter, f: ThreeRegisters): void => {
    const request = { op, from: f.size, to: f.size + 1, lanes: 8 >> f.size };
    const half = (n: number) => () => getHalf(e, n, f.q);
    callLanes(e, request, [half(f.rn), half(f.rm), () => e.getV(f.rd)]);
    e.setV(f.rd);
  };
}

function longScalar(op: LaneOperation) {
  return (e: Emitter, f: ScalarThreeRegisters): void => {
    const request = { op, from: f.size, to: f.size + 1, lanes: 1 };
    callLanes(e, request, [() => e.getV(f.rn), () => e.getV(f.rm), () => e.getV(f.rd)]);
    setScalarFromVector(e, f.rd, f.size + 1);
  };
}

export const ROWS: readonly Row[] = [
  threeSame("SRSHL", 0, "01010", three("srshl"), noSingleDoubleword),
  threeSame("URSHL", 1, "01010", three("urshl"), noSingleDoubleword),
  threeSame("SQSHL (register)", 0, "01001", three("sqshl"), noSingleDoubleword),
  threeSame("UQSHL (register)", 1, "01001", three("uqshl"), noSingleDoubleword),
  threeSame("SQRSHL", 0, "01011", three("sqrshl"), noSingleDoubleword),
  threeSame("UQRSHL", 1, "01011", three("uqrshl"), noSingleDoubleword),
  scalarThreeSame("SRSHL (scalar)", 0, "01010", threeScalar("srshl"), onlyDoublewords),
  scalarThreeSame("URSHL (scalar)", 1, "01010", threeScalar("urshl"), onlyDoublewords),
  scalarThreeSame("SQSHL (register, scalar)", 0, "01001", threeScalar("sqshl")),
  scalarThreeSame("UQSHL (register, scalar)", 1, "01001", threeScalar("uqshl")),
  scalarThreeSame("SQRSHL (scalar)", 0, "01011", threeScalar("sqrshl")),
  scalarThreeSame("UQRSHL (scalar)", 1, "01011", threeScalar("uqrshl")),
  threeSame("SQDMULH (vector)", 0, "10110", three("sqdmulh"), onlyHalfOrWord),
  threeSame("SQRDMULH (vector)", 1, "10110", three("sqrdmulh"), onlyHalfOrWord),
  scalarThreeSame("SQDMULH (scalar)", 0, "10110", threeScalar("sqdmulh"), onlyHalfOrWord),
  scalarThreeSame("SQRDMULH (scalar)", 1, "10110", threeScalar("sqrdmulh"), onlyHalfOrWord),
  threeDifferent("SQDMULL (vector)", 0, "1101", long("sqdmull"), onlyHalfOrWord),
  threeDifferent("SQDMLAL (vector)", 0, "1001", long("sqdmlal"), onlyHalfOrWord),
  threeDifferent("SQDMLSL (vector)", 0, "1011", long("sqdmlsl"), onlyHalfOrWord),
  scalarThreeDifferent("SQDMULL (scalar)", 0, "1101", longScalar("sqdmull"), onlyHalfOrWord),
  scalarThreeDifferent("SQDMLAL (scalar)", 0, "1001", longScalar("sqdmlal"), onlyHalfOrWord),
  scalarThreeDifferent("SQDMLSL (scalar)", 0, "1011", longScalar("sqdmlsl"), onlyHalfOrWord),
  twoMisc("SUQADD", 0, "00011", two("suqadd"), noSingleDoubleword),
  twoMisc("USQADD", 1, "00011", two("usqadd"), noSingleDoubleword),
  twoMisc("SQABS", 0, "00111", two("sqabs"), noSingleDoubleword),
  twoMisc("SQNEG", 1, "00111", two("sqneg"), noSingleDoubleword),
  scalarTwoMisc("SUQADD (scalar)", 0, "00011", twoScalar("suqadd")),
  scalarTwoMisc("USQADD (scalar)", 1, "00011", twoScalar("usqadd")),
  scalarTwoMisc("SQABS (scalar)", 0, "00111", twoScalar("sqabs")),
  scalarTwoMisc("SQNEG (scalar)", 1, "00111", twoScalar("sqneg")),
  twoMisc("CLS (vector)", 0, "00100", two("cls"), noDoublewords),
];
