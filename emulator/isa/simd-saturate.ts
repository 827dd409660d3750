import type { Emitter, Local } from "./emitter.js";
import type { Row } from "./pattern.js";
import {
  noDoublewords,
  noSingleDoubleword,
  scalarThreeSame,
  scalarTwoMisc,
  threeSame,
  twoMisc,
  type ScalarTwoRegisters,
  type ThreeRegisters,
  type TwoRegisters,
} from "./simd-groups.js";
import {
  compareUnsigned,
  lanes,
  pushSplat,
  setScalarFromVector,
  setVq,
  withOperands,
} from "./simd-lanes.js";
import { saturatedWhere, scalarExtent, vectorExtent, type Extent } from "./simd-qc.js";

/** Halving and saturating addition and subtraction, saturating absolute values and negation. */

type Operation = "add" | "sub";
type Sign = "s" | "u";

/** a + b = 2 (a & b) + (a ^ b) and a - b = (a ^ b) - 2 (~a & b), so half of either needs no wider lane. */
function halving(op: Operation | "roundingAdd", sign: Sign) {
  return (e: Emitter, f: ThreeRegisters): void => {
    withOperands(e, f.rn, f.rm, (a, b) => {
      const halfDifferingBits = (): void => {
        e.w.local_get(a);
        e.w.local_get(b);
        e.w.v128_xor();
        e.w.i32_const(1);
        lanes(e, f.size, `shr_${sign}`);
      };
      if (op === "sub") {
        halfDifferingBits();
        e.w.local_get(b);
        e.w.local_get(a);
        e.w.v128_andnot();
      } else {
        e.w.local_get(a);
        e.w.local_get(b);
        e.w[op === "add" ? "v128_and" : "v128_or"]();
        halfDifferingBits();
      }
      lanes(e, f.size, op === "add" ? "add" : "sub");
    });
    setVq(e, f.rd, f.q);
  };
}

/** The rounding unsigned sum is WebAssembly's average. */
function emitUrhadd(e: Emitter, f: ThreeRegisters): void {
  if (f.size === 2) {
    halving("roundingAdd", "u")(e, f);
    return;
  }
  e.getV(f.rn);
  e.getV(f.rm);
  if (f.size === 0) e.w.i8x16_avgr_u();
  else e.w.i16x8_avgr_u();
  setVq(e, f.rd, f.q);
}

/** Push the saturated sum or difference; raise QC. */
export function saturatedSum(
  e: Emitter,
  size: number,
  op: Operation,
  sign: Sign,
  a: Local,
  b: Local,
  extent: Extent,
): void {
  pushSaturated(e, size, op, sign, a, b);
  if (!e.mode.fpsrExact) return;
  const result = e.popTemp("v128");
  saturatedWhere(e, extent, () => {
    e.w.local_get(a);
    e.w.local_get(b);
    lanes(e, size, op);
    e.w.local_get(result);
    e.w.v128_xor();
  });
  e.w.local_get(result);
  e.free(result);
}

function pushSaturated(
  e: Emitter,
  size: number,
  op: Operation,
  sign: Sign,
  a: Local,
  b: Local,
): void {
  const { w } = e;
  w.local_get(a);
  w.local_get(b);
  if (size === 0) w[`i8x16_${op}_sat_${sign}`]();
  else if (size === 1) w[`i16x8_${op}_sat_${sign}`]();
  else if (sign === "u") {
    lanes(e, size, op);
    const result = e.popTemp("v128");
    if (op === "add") {
      compareUnsigned(e, size, "gt", a, result); // wrapped: all ones
      w.local_get(result);
      w.v128_or();
    } else {
      compareUnsigned(e, size, "ge", a, b);
      w.local_get(result);
      w.v128_and();
    }
    e.free(result);
  } else {
    lanes(e, size, op);
    pushSignedSaturation(e, size, op, a, b);
  }
}

/** Pop the wrapped signed result of 32- or 64-bit lanes, push the saturated one. */
function pushSignedSaturation(e: Emitter, size: number, op: Operation, a: Local, b: Local): void {
  const { w } = e;
  const result = e.popTemp("v128");
  const top = (8 << size) - 1;
  const signMask = (): void => {
    w.i32_const(top);
    lanes(e, size, "shr_s");
  };
  // On overflow the largest number of a's sign.
  w.local_get(a);
  signMask();
  pushSplat(e, size, (1n << BigInt(top)) - 1n);
  w.v128_xor();
  w.local_get(result);
  w.local_get(a);
  w.local_get(result);
  w.v128_xor();
  w.local_get(b);
  w.local_get(op === "add" ? result : a);
  w.v128_xor();
  w.v128_and();
  signMask();
  w.v128_bitselect();
  e.free(result);
}

function saturating(op: Operation, sign: Sign) {
  return (e: Emitter, f: ThreeRegisters): void => {
    withOperands(e, f.rn, f.rm, (a, b) => {
      saturatedSum(e, f.size, op, sign, a, b, vectorExtent(f.q));
    });
    setVq(e, f.rd, f.q);
  };
}

function saturatingScalar(op: Operation, sign: Sign) {
  return (e: Emitter, f: Omit<ThreeRegisters, "q">): void => {
    withOperands(e, f.rn, f.rm, (a, b) => {
      saturatedSum(e, f.size, op, sign, a, b, scalarExtent(f.size));
    });
    setScalarFromVector(e, f.rd, f.size);
  };
}

/** Push the lane's lowest number. */
function pushLowest(e: Emitter, size: number): void {
  pushSplat(e, size, 1n << BigInt((8 << size) - 1));
}

/** Push the signed sum of `d` and the unsigned `a`: as unsigned numbers, counted from the lowest. */
function pushSuqadd(e: Emitter, size: number, d: Local, a: Local, extent: Extent): void {
  e.w.local_get(d);
  pushLowest(e, size);
  e.w.v128_xor();
  const fromLowest = e.popTemp("v128");
  saturatedSum(e, size, "add", "u", fromLowest, a, extent);
  pushLowest(e, size);
  e.w.v128_xor();
  e.free(fromLowest);
}

/** Push the unsigned sum of `d` and the signed `a`: one of adding and subtracting changes nothing. */
function pushUsqadd(e: Emitter, size: number, d: Local, a: Local, extent: Extent): void {
  const { w } = e;
  w.local_get(a);
  w.i32_const((8 << size) - 1);
  lanes(e, size, "shr_s");
  const sign = e.popTemp("v128");
  w.local_get(a);
  w.local_get(sign);
  w.v128_andnot();
  const up = e.popTemp("v128");
  saturatedSum(e, size, "add", "u", d, up, extent);
  w.local_set(up);
  w.local_get(a);
  lanes(e, size, "neg");
  w.local_get(sign);
  w.v128_and();
  w.local_set(sign);
  saturatedSum(e, size, "sub", "u", up, sign, extent);
  e.free(sign, up);
}

/** Push the absolute value or the opposite; what has none is the lowest number, and becomes the highest. */
function pushSaturatedOpposite(
  e: Emitter,
  op: "abs" | "neg",
  size: number,
  a: Local,
  extent: Extent,
): void {
  const { w } = e;
  w.local_get(a);
  pushLowest(e, size);
  lanes(e, size, "eq");
  const isLowest = e.popTemp("v128");
  saturatedWhere(e, extent, () => w.local_get(isLowest));
  w.local_get(a);
  lanes(e, size, op);
  w.local_get(isLowest);
  w.v128_xor();
  e.free(isLowest);
}

type Unary = (e: Emitter, size: number, d: Local, a: Local, extent: Extent) => void;

function unary(push: Unary) {
  return (e: Emitter, f: TwoRegisters): void => {
    withOperands(e, f.rd, f.rn, (d, a) => push(e, f.size, d, a, vectorExtent(f.q)));
    setVq(e, f.rd, f.q);
  };
}

function unaryScalar(push: Unary) {
  return (e: Emitter, f: ScalarTwoRegisters): void => {
    withOperands(e, f.rd, f.rn, (d, a) => push(e, f.size, d, a, scalarExtent(f.size)));
    setScalarFromVector(e, f.rd, f.size);
  };
}

const pushSqabs: Unary = (e, size, _, a, extent) => {
  pushSaturatedOpposite(e, "abs", size, a, extent);
};
const pushSqneg: Unary = (e, size, _, a, extent) => {
  pushSaturatedOpposite(e, "neg", size, a, extent);
};

const UNARY: readonly (readonly [string, 0 | 1, string, Unary])[] = [
  ["SUQADD", 0, "00011", pushSuqadd],
  ["USQADD", 1, "00011", pushUsqadd],
  ["SQABS", 0, "00111", pushSqabs],
  ["SQNEG", 1, "00111", pushSqneg],
];

export const ROWS: readonly Row[] = [
  threeSame("SHADD", 0, "00000", halving("add", "s"), noDoublewords),
  threeSame("UHADD", 1, "00000", halving("add", "u"), noDoublewords),
  threeSame("SRHADD", 0, "00010", halving("roundingAdd", "s"), noDoublewords),
  threeSame("URHADD", 1, "00010", emitUrhadd, noDoublewords),
  threeSame("SHSUB", 0, "00100", halving("sub", "s"), noDoublewords),
  threeSame("UHSUB", 1, "00100", halving("sub", "u"), noDoublewords),
  threeSame("SQADD", 0, "00001", saturating("add", "s"), noSingleDoubleword),
  threeSame("UQADD", 1, "00001", saturating("add", "u"), noSingleDoubleword),
  threeSame("SQSUB", 0, "00101", saturating("sub", "s"), noSingleDoubleword),
  threeSame("UQSUB", 1, "00101", saturating("sub", "u"), noSingleDoubleword),
  scalarThreeSame("SQADD (scalar)", 0, "00001", saturatingScalar("add", "s")),
  scalarThreeSame("UQADD (scalar)", 1, "00001", saturatingScalar("add", "u")),
  scalarThreeSame("SQSUB (scalar)", 0, "00101", saturatingScalar("sub", "s")),
  scalarThreeSame("UQSUB (scalar)", 1, "00101", saturatingScalar("sub", "u")),
  ...UNARY.flatMap(([name, u, opcode, push]) => [
    twoMisc(name, u, opcode, unary(push), noSingleDoubleword),
    scalarTwoMisc(`${name} (scalar)`, u, opcode, unaryScalar(push)),
  ]),
];
