import type { Emitter } from "./emitter.js";
import type { Row } from "./pattern.js";
import { byElement, onlyHalfOrWord, type ByElement } from "./simd-groups.js";
import { extendMultiply, lanes, multiplyLanes, setVq, shuffleLanes } from "./simd-lanes.js";

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
];
