import type { Emitter } from "./emitter.js";
import { singleOrDouble, type ExactOp } from "./fp-exact.js";
import { fusedDouble, fusedSingle } from "./fp-fused-lanes.js";
import { setFpFromVector } from "./fp-scalar.js";
import { fpLanes, fpShape, pushVector } from "./fp-vector.js";
import type { Row } from "./pattern.js";
import { pushElement } from "./simd-by-element.js";
import { fpThreeSame, type FpThree } from "./simd-fp-groups.js";
import { byElement, scalarByElement, type ByElement, type ScalarByElement } from "./simd-groups.js";
import { setVq } from "./simd-lanes.js";

/** Fused multiply-add on vectors, and floating-point multiplies by one element. */

/** Push Vd + (or -) Vn * the v128 that `pushFactor` pushes, on the low lanes. */
function pushFused(
  e: Emitter,
  f: Readonly<Record<"sz" | "rn" | "rd", number>>,
  lanes: 1 | 2 | 4,
  subtracts: boolean,
  pushFactor: () => void,
): void {
  e.getV(f.rn);
  if (subtracts) e.w[`${fpShape(singleOrDouble(f.sz))}_neg`]();
  const a = e.popTemp("v128");
  pushFactor();
  const b = e.popTemp("v128");
  e.getV(f.rd);
  const c = e.popTemp("v128");
  if (f.sz === 0) fusedSingle(e, { a, b, c }, lanes);
  else fusedDouble(e, { a, b, c }, lanes === 1 ? 1 : 2);
  e.free(a, b, c);
}

function fused(subtracts: boolean) {
  return (e: Emitter, f: FpThree): void => {
    pushFused(e, f, fpLanes(f.q, f.sz), subtracts, () => e.getV(f.rm));
    setVq(e, f.rd, f.q);
  };
}

/** size 10: singles; 11: doubles, which leave L zero. */
function elementUndefined(f: { readonly size: number; readonly l: number }): boolean {
  return f.size < 2 || (f.size === 3 && f.l === 1);
}

function vectorElementUndefined(f: ByElement): boolean {
  return elementUndefined(f) || (f.size === 3 && f.q === 0);
}

function fusedElement(subtracts: boolean) {
  return (e: Emitter, f: ByElement): void => {
    const sz = f.size - 2;
    pushFused(e, { ...f, sz }, fpLanes(f.q, sz), subtracts, () => pushElement(e, f));
    setVq(e, f.rd, f.q);
  };
}

function fusedElementScalar(subtracts: boolean) {
  return (e: Emitter, f: ScalarByElement): void => {
    const sz = f.size - 2;
    pushFused(e, { ...f, sz }, 1, subtracts, () => pushElement(e, f));
    setFpFromVector(e, f.rd, singleOrDouble(sz));
  };
}

function pushProduct(e: Emitter, f: ScalarByElement, lanes: number, op: ExactOp): void {
  const format = singleOrDouble(f.size - 2);
  e.getV(f.rn);
  const a = e.popTemp("v128");
  pushElement(e, f);
  const b = e.popTemp("v128");
  pushVector(e, op, format, lanes, [a, b], () => e.w[`${fpShape(format)}_mul`]());
  e.free(a, b);
}

function productElement(op: "mul" | "mulX") {
  return (e: Emitter, f: ByElement): void => {
    pushProduct(e, f, fpLanes(f.q, f.size - 2), op);
    setVq(e, f.rd, f.q);
  };
}

function productElementScalar(op: "mul" | "mulX") {
  return (e: Emitter, f: ScalarByElement): void => {
    pushProduct(e, f, 1, op);
    setFpFromVector(e, f.rd, singleOrDouble(f.size - 2));
  };
}

export const ROWS: readonly Row[] = [
  fpThreeSame("FMLA (vector)", 0, 0, "11001", fused(false)),
  fpThreeSame("FMLS (vector)", 0, 1, "11001", fused(true)),
  byElement("FMLA (by element)", 0, "0001", fusedElement(false), vectorElementUndefined),
  byElement("FMLS (by element)", 0, "0101", fusedElement(true), vectorElementUndefined),
  byElement("FMUL (by element)", 0, "1001", productElement("mul"), vectorElementUndefined),
  byElement("FMULX (by element)", 1, "1001", productElement("mulX"), vectorElementUndefined),
  scalarByElement(
    "FMLA (by element, scalar)",
    0,
    "0001",
    fusedElementScalar(false),
    elementUndefined,
  ),
  scalarByElement(
    "FMLS (by element, scalar)",
    0,
    "0101",
    fusedElementScalar(true),
    elementUndefined,
  ),
  scalarByElement(
    "FMUL (by element, scalar)",
    0,
    "1001",
    productElementScalar("mul"),
    elementUndefined,
  ),
  scalarByElement(
    "FMULX (by element, scalar)",
    1,
    "1001",
    productElementScalar("mulX"),
    elementUndefined,
  ),
];
