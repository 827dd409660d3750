import type { Emitter } from "./emitter.js";
import type { Row } from "./pattern.js";
import { acrossLanes, noDoublewords, twoMisc, type TwoRegisters } from "./simd-groups.js";
import {
  extend,
  lanes,
  narrowLanes,
  setScalarFromVector,
  setVq,
  shuffleLanes,
  type NarrowLaneOp,
} from "./simd-lanes.js";

/** Reductions across a vector, and pairwise widening sums. */

/** Words need four of them; doublewords do not reduce. */
function reductionUndefined(f: TwoRegisters): boolean {
  return f.size === 3 || (f.size === 2 && f.q === 0);
}

/** Pop a v128; push one whose lane 0 is the reduction of its low `count` lanes (a power of two). */
function fold(e: Emitter, size: number, count: number, op: NarrowLaneOp | "add"): void {
  const v = e.popTemp("v128");
  for (let distance = count / 2; distance >= 1; distance /= 2) {
    e.w.local_get(v);
    e.w.local_get(v);
    e.w.local_get(v);
    e.w.i8x16_shuffle(shuffleLanes(size, (lane) => (lane + distance) % (16 >> size)));
    if (op === "add") lanes(e, size, "add");
    else narrowLanes(e, size, op);
    e.w.local_set(v);
  }
  e.w.local_get(v);
  e.free(v);
}

function reduce(op: NarrowLaneOp | "add") {
  return (e: Emitter, f: TwoRegisters): void => {
    e.getV(f.rn);
    fold(e, f.size, (f.q === 0 ? 8 : 16) >> f.size, op);
    setScalarFromVector(e, f.rd, f.size);
  };
}

/** Push Vn's adjacent lanes added in pairs, each sum twice as wide. */
function pushPairSums(e: Emitter, n: number, size: number, isSigned: boolean): void {
  const sign = isSigned ? "s" : "u";
  e.getV(n);
  if (size === 0) e.w[`i16x8_extadd_pairwise_i8x16_${sign}`]();
  else if (size === 1) e.w[`i32x4_extadd_pairwise_i16x8_${sign}`]();
  else {
    const v = e.popTemp("v128");
    for (const odd of [0, 1]) {
      e.w.local_get(v);
      e.w.local_get(v);
      e.w.i8x16_shuffle(shuffleLanes(2, (lane) => (lane % 2) * 2 + odd));
      extend(e, 2, 0, isSigned);
    }
    e.w.i64x2_add();
    e.free(v);
  }
}

function pairSums(isSigned: boolean, accumulate: boolean) {
  return (e: Emitter, f: TwoRegisters): void => {
    if (accumulate) e.getV(f.rd);
    pushPairSums(e, f.rn, f.size, isSigned);
    if (accumulate) lanes(e, f.size + 1, "add");
    setVq(e, f.rd, f.q);
  };
}

/** SADDLV, UADDLV: widen in pairs, then add up the wide lanes. */
function longReduce(isSigned: boolean) {
  return (e: Emitter, f: TwoRegisters): void => {
    pushPairSums(e, f.rn, f.size, isSigned);
    fold(e, f.size + 1, (f.q === 0 ? 8 : 16) >> (f.size + 1), "add");
    setScalarFromVector(e, f.rd, f.size + 1);
  };
}

export const ROWS: readonly Row[] = [
  acrossLanes("SADDLV", 0, "00011", longReduce(true), reductionUndefined),
  acrossLanes("UADDLV", 1, "00011", longReduce(false), reductionUndefined),
  acrossLanes("SMAXV", 0, "01010", reduce("max_s"), reductionUndefined),
  acrossLanes("UMAXV", 1, "01010", reduce("max_u"), reductionUndefined),
  acrossLanes("SMINV", 0, "11010", reduce("min_s"), reductionUndefined),
  acrossLanes("UMINV", 1, "11010", reduce("min_u"), reductionUndefined),
  acrossLanes("ADDV", 0, "11011", reduce("add"), reductionUndefined),
  twoMisc("SADDLP", 0, "00010", pairSums(true, false), noDoublewords),
  twoMisc("UADDLP", 1, "00010", pairSums(false, false), noDoublewords),
  twoMisc("SADALP", 0, "00110", pairSums(true, true), noDoublewords),
  twoMisc("UADALP", 1, "00110", pairSums(false, true), noDoublewords),
];
