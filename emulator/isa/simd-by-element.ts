import type { Emitter } from "./emitter.js";
import type { Row } from "./pattern.js";
import { callLanes, type LaneOperation } from "./simd-exact.js";
import {
  byElement,
  onlyHalfOrWord,
  scalarByElement,
  type ByElement,
  type ScalarByElement,
} from "./simd-groups.js";
import {
  extendMultiply,
  getHalf,
  lanes,
  multiplyLanes,
  setScalarFromVector,
  setVq,
  shuffleLanes,
} from "./simd-lanes.js";

/** Integer multiplies by one element of Vm. */

/** The element's register and index: halfwords H:L:M of V0-V15, words H:L, doublewords H. */
export function elementOf(f: Readonly<Record<"size" | "l" | "m" | "rm" | "h", number>>): {
  readonly register: number;
  readonly index: number;
} {
  if (f.size === 1) return { register: f.rm, index: (f.h << 2) | (f.l << 1) | f.m };
  const register = (f.m << 4) | f.rm;
  return { register, index: f.size === 2 ? (f.h << 1) | f.l : f.h };
}

/** Push a vector with the element in every lane. */
export function pushElement(
  e: Emitter,
  f: Readonly<Record<"size" | "l" | "m" | "rm" | "h", number>>,
): void {
  const { register, index } = elementOf(f);
  e.getV(register);
  e.getV(register);
  e.w.i8x16_shuffle(shuffleLanes(f.size, () => index));
}

type Accumulate = "add" | "sub" | null;

function multiply(accumulate: Accumulate) {
  return (e: Emitter, f: ByElement): void => {
    if (accumulate !== null) e.getV(f.rd);
    e.getV(f.rn);
    const a = e.popTemp("v128");
    pushElement(e, f);
    const b = e.popTemp("v128");
    multiplyLanes(e, f.size, a, b);
    if (accumulate !== null) lanes(e, f.size, accumulate);
    setVq(e, f.rd, f.q);
    e.free(a, b);
  };
}

function longMultiply(isSigned: boolean, accumulate: Accumulate) {
  return (e: Emitter, f: ByElement): void => {
    if (accumulate !== null) e.getV(f.rd);
    e.getV(f.rn);
    pushElement(e, f);
    extendMultiply(e, f.size, f.q, isSigned);
    if (accumulate !== null) lanes(e, f.size + 1, accumulate);
    e.setV(f.rd);
  };
}

function rare(op: LaneOperation) {
  return (e: Emitter, f: ByElement): void => {
    const request = { op, from: f.size, to: f.size, lanes: (f.q === 0 ? 8 : 16) >> f.size };
    callLanes(e, request, [() => e.getV(f.rn), () => pushElement(e, f)]);
    setVq(e, f.rd, f.q);
  };
}

function rareScalar(op: LaneOperation) {
  return (e: Emitter, f: ScalarByElement): void => {
    const request = { op, from: f.size, to: f.size, lanes: 1 };
    callLanes(e, request, [() => e.getV(f.rn), () => pushElement(e, f)]);
    setScalarFromVector(e, f.rd, f.size);
  };
}

function rareLong(op: LaneOperation) {
  return (e: Emitter, f: ByElement): void => {
    const request = { op, from: f.size, to: f.size + 1, lanes: 8 >> f.size };
    const operands = [() => getHalf(e, f.rn, f.q), () => pushElement(e, f), () => e.getV(f.rd)];
    callLanes(e, request, operands);
    e.setV(f.rd);
  };
}

function rareLongScalar(op: LaneOperation) {
  return (e: Emitter, f: ScalarByElement): void => {
    const request = { op, from: f.size, to: f.size + 1, lanes: 1 };
    callLanes(e, request, [() => e.getV(f.rn), () => pushElement(e, f), () => e.getV(f.rd)]);
    setScalarFromVector(e, f.rd, f.size + 1);
  };
}

export const ROWS: readonly Row[] = [
  byElement("MUL (by element)", 0, "1000", multiply(null), onlyHalfOrWord),
  byElement("MLA (by element)", 1, "0000", multiply("add"), onlyHalfOrWord),
  byElement("MLS (by element)", 1, "0100", multiply("sub"), onlyHalfOrWord),
  byElement("SMULL (by element)", 0, "1010", longMultiply(true, null), onlyHalfOrWord),
  byElement("UMULL (by element)", 1, "1010", longMultiply(false, null), onlyHalfOrWord),
  byElement("SMLAL (by element)", 0, "0010", longMultiply(true, "add"), onlyHalfOrWord),
  byElement("UMLAL (by element)", 1, "0010", longMultiply(false, "add"), onlyHalfOrWord),
  byElement("SMLSL (by element)", 0, "0110", longMultiply(true, "sub"), onlyHalfOrWord),
  byElement("UMLSL (by element)", 1, "0110", longMultiply(false, "sub"), onlyHalfOrWord),
  byElement("SQDMULH (by element)", 0, "1100", rare("sqdmulh"), onlyHalfOrWord),
  byElement("SQRDMULH (by element)", 0, "1101", rare("sqrdmulh"), onlyHalfOrWord),
  byElement("SQDMULL (by element)", 0, "1011", rareLong("sqdmull"), onlyHalfOrWord),
  byElement("SQDMLAL (by element)", 0, "0011", rareLong("sqdmlal"), onlyHalfOrWord),
  byElement("SQDMLSL (by element)", 0, "0111", rareLong("sqdmlsl"), onlyHalfOrWord),
  scalarByElement("SQDMULH (by element, scalar)", 0, "1100", rareScalar("sqdmulh"), onlyHalfOrWord),
  scalarByElement(
    "SQRDMULH (by element, scalar)",
    0,
    "1101",
    rareScalar("sqrdmulh"),
    onlyHalfOrWord,
  ),
  scalarByElement(
    "SQDMULL (by element, scalar)",
    0,
    "1011",
    rareLongScalar("sqdmull"),
    onlyHalfOrWord,
  ),
  scalarByElement(
    "SQDMLAL (by element, scalar)",
    0,
    "0011",
    rareLongScalar("sqdmlal"),
    onlyHalfOrWord,
  ),
  scalarByElement(
    "SQDMLSL (by element, scalar)",
    0,
    "0111",
    rareLongScalar("sqdmlsl"),
    onlyHalfOrWord,
  ),
];
