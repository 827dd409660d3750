import type { Emitter, Local } from "./emitter.js";
import { inst, type Row } from "./pattern.js";
import { elementOf } from "./simd-by-element.js";
import { byElement, threeSameExtra, type ByElement, type ThreeRegisters } from "./simd-groups.js";
import { extend, setVq, shuffleLanes, withOperands } from "./simd-lanes.js";

/** Sums of products of bytes into words: FEAT_DotProd and FEAT_I8MM. Sums wrap. */

/** Whether the bytes of Vn and of Vm are signed. */
type Signs = readonly [n: boolean, m: boolean];

/** Push the products of the low or high eight bytes, added in pairs: halfwords hold bytes of either sign. */
function pushPairs(
  e: Emitter,
  a: Local,
  partA: number,
  b: Local,
  partB: number,
  signs: Signs,
): void {
  e.w.local_get(a);
  extend(e, 0, partA, signs[0]);
  e.w.local_get(b);
  extend(e, 0, partB, signs[1]);
  e.w.i32x4_dot_i16x8_s();
}

/** Pop two vectors of words, push the sums of their adjacent words. */
function addPairs(e: Emitter): void {
  const { w } = e;
  const high = e.popTemp("v128");
  const low = e.popTemp("v128");
  for (const odd of [0, 1]) {
    w.local_get(low);
    w.local_get(high);
    w.i8x16_shuffle(shuffleLanes(2, (lane) => 2 * lane + odd));
  }
  w.i32x4_add();
  e.free(low, high);
}

/** Push the sums of four products. */
function pushDots(e: Emitter, q: number, a: Local, b: Local, signs: Signs): void {
  pushPairs(e, a, 0, b, 0, signs);
  pushPairs(e, a, q, b, q, signs);
  addPairs(e);
}

function dot(signs: Signs) {
  return (e: Emitter, f: ThreeRegisters): void => {
    e.getV(f.rd);
    withOperands(e, f.rn, f.rm, (a, b) => pushDots(e, f.q, a, b, signs));
    e.w.i32x4_add();
    setVq(e, f.rd, f.q);
  };
}

/** The element is a group of four bytes, found like a word. */
function dotByElement(signs: Signs) {
  return (e: Emitter, f: Omit<ByElement, "size">): void => {
    const { register, index } = elementOf({ ...f, size: 2 });
    e.getV(f.rd);
    e.getV(f.rn);
    const a = e.popTemp("v128");
    e.getV(register);
    e.getV(register);
    e.w.i8x16_shuffle(shuffleLanes(2, () => index));
    const b = e.popTemp("v128");
    pushDots(e, f.q, a, b, signs);
    e.w.i32x4_add();
    setVq(e, f.rd, f.q);
    e.free(a, b);
  };
}

/** Two rows of eight bytes each by two rows: a matrix of two by two words. */
function matrix(signs: Signs) {
  return (e: Emitter, f: ThreeRegisters): void => {
    e.getV(f.rd);
    withOperands(e, f.rn, f.rm, (a, b) => {
      for (const row of [0, 1]) {
        for (const column of [0, 1]) pushPairs(e, a, row, b, column, signs);
        addPairs(e);
      }
    });
    addPairs(e);
    e.w.i32x4_add();
    e.setV(f.rd);
  };
}

const SIGNED: Signs = [true, true];
const UNSIGNED: Signs = [false, false];
const UNSIGNED_BY_SIGNED: Signs = [false, true];
const SIGNED_BY_UNSIGNED: Signs = [true, false];

function onlyWords(f: { readonly size: number }): boolean {
  return f.size !== 2;
}

function onlyFullWords(f: { readonly q: number; readonly size: number }): boolean {
  return f.size !== 2 || f.q === 0;
}

const DOTPROD = ["simd", "dotprod"] as const;
const I8MM = ["simd", "i8mm"] as const;

export const ROWS: readonly Row[] = [
  threeSameExtra("SDOT (vector)", 0, "0010", dot(SIGNED), onlyWords, DOTPROD),
  threeSameExtra("UDOT (vector)", 1, "0010", dot(UNSIGNED), onlyWords, DOTPROD),
  byElement("SDOT (by element)", 0, "1110", dotByElement(SIGNED), onlyWords, DOTPROD),
  byElement("UDOT (by element)", 1, "1110", dotByElement(UNSIGNED), onlyWords, DOTPROD),
  threeSameExtra("USDOT (vector)", 0, "0011", dot(UNSIGNED_BY_SIGNED), onlyWords, I8MM),
  inst(
    "USDOT (by element)",
    "0 q:1 0 01111 10 l:1 m:1 rm:4 1111 h:1 0 rn:5 rd:5",
    dotByElement(UNSIGNED_BY_SIGNED),
    { feature: I8MM },
  ),
  inst(
    "SUDOT (by element)",
    "0 q:1 0 01111 00 l:1 m:1 rm:4 1111 h:1 0 rn:5 rd:5",
    dotByElement(SIGNED_BY_UNSIGNED),
    { feature: I8MM },
  ),
  threeSameExtra("SMMLA", 0, "0100", matrix(SIGNED), onlyFullWords, I8MM),
  threeSameExtra("UMMLA", 1, "0100", matrix(UNSIGNED), onlyFullWords, I8MM),
  threeSameExtra("USMMLA", 0, "0101", matrix(UNSIGNED_BY_SIGNED), onlyFullWords, I8MM),
];
