import { SINGLE, DOUBLE, HALF, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter } from "./emitter.js";
import type { ExactOp } from "./fp-exact.js";
import { fusedLanes } from "./fp-fused-lanes.js";
import { fpShape } from "./fp-guard.js";
import { setFpFromVector } from "./fp-scalar.js";
import { fpLanes, negateLanes, pushVector } from "./fp-vector.js";
import type { Row } from "./pattern.js";
import { pushElement } from "./simd-by-element.js";
import { fpByElement, fpThreeSame, type FpThree } from "./simd-fp-groups.js";
import type { ByElement, ScalarByElement } from "./simd-groups.js";
import { setVq } from "./simd-lanes.js";

/** Fused multiply-add on vectors, and floating-point multiplies by one element. */

/** Push Vd + (or -) Vn * the v128 that `pushFactor` pushes, on the low lanes. */
function pushFused(
  e: Emitter,
  f: Readonly<Record<"rn" | "rd", number>>,
  format: FpFormat,
  lanes: number,
  subtracts: boolean,
  pushFactor: () => void,
): void {
  e.getV(f.rn);
  if (subtracts) negateLanes(e, format);
  const a = e.popTemp("v128");
  pushFactor();
  const b = e.popTemp("v128");
  e.getV(f.rd);
  const c = e.popTemp("v128");
  fusedLanes(e, { a, b, c }, format, lanes);
  e.free(a, b, c);
}

function fused(subtracts: boolean) {
  return (e: Emitter, f: FpThree): void => {
    const lanes = fpLanes(f.q, f.format);
    pushFused(e, f, f.format, lanes, subtracts, () => e.getV(f.rm));
    setVq(e, f.rd, f.q);
  };
}

function elementFormat(f: { readonly size: number }): FpFormat {
  return f.size === 0 ? HALF : f.size === 2 ? SINGLE : DOUBLE;
}

/** Push the element in every lane; halves are numbered as halfwords are. */
function pushFpElement(e: Emitter, f: ScalarByElement): void {
  pushElement(e, f.size === 0 ? { ...f, size: 1 } : f);
}

function fusedElement(subtracts: boolean) {
  return (e: Emitter, f: ByElement): void => {
    const format = elementFormat(f);
    const lanes = fpLanes(f.q, format);
    pushFused(e, f, format, lanes, subtracts, () => pushFpElement(e, f));
    setVq(e, f.rd, f.q);
  };
}

function fusedElementScalar(subtracts: boolean) {
  return (e: Emitter, f: ScalarByElement): void => {
    const format = elementFormat(f);
    pushFused(e, f, format, 1, subtracts, () => pushFpElement(e, f));
    setFpFromVector(e, f.rd, format);
  };
}

function pushProduct(e: Emitter, f: ScalarByElement, lanes: number, op: ExactOp): void {
  const format = elementFormat(f);
  e.getV(f.rn);
  const a = e.popTemp("v128");
  pushFpElement(e, f);
  const b = e.popTemp("v128");
  pushVector(e, op, format, lanes, [a, b], () => e.w[`${fpShape(format)}_mul`]());
  e.free(a, b);
}

function productElement(op: "mul" | "mulX") {
  return (e: Emitter, f: ByElement): void => {
    pushProduct(e, f, fpLanes(f.q, elementFormat(f)), op);
    setVq(e, f.rd, f.q);
  };
}

function productElementScalar(op: "mul" | "mulX") {
  return (e: Emitter, f: ScalarByElement): void => {
    pushProduct(e, f, 1, op);
    setFpFromVector(e, f.rd, elementFormat(f));
  };
}

export const ROWS: readonly Row[] = [
  ...fpThreeSame("FMLA (vector)", 0, 0, "11001", fused(false)),
  ...fpThreeSame("FMLS (vector)", 0, 1, "11001", fused(true)),
  ...fpByElement("FMLA", 0, "0001", fusedElement(false), fusedElementScalar(false)),
  ...fpByElement("FMLS", 0, "0101", fusedElement(true), fusedElementScalar(true)),
  ...fpByElement("FMUL", 0, "1001", productElement("mul"), productElementScalar("mul")),
  ...fpByElement("FMULX", 1, "1001", productElement("mulX"), productElementScalar("mulX")),
];
