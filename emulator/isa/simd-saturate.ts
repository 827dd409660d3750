import type { Emitter, Local } from "./emitter.js";
import type { Row } from "./pattern.js";
import {
  noDoublewords,
  noSingleDoubleword,
  scalarThreeSame,
  threeSame,
  type ThreeRegisters,
} from "./simd-groups.js";
import {
  compareUnsigned,
  lanes,
  pushSplat,
  setScalarFromVector,
  setVq,
  withOperands,
} from "./simd-lanes.js";

/** Halving and saturating addition and subtraction. FPSR.QC is not raised (see fp-exact.ts). */

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

/** Push the saturated sum or difference. */
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
    withOperands(e, f.rn, f.rm, (a, b) => pushSaturated(e, f.size, op, sign, a, b));
    setVq(e, f.rd, f.q);
  };
}

function saturatingScalar(op: Operation, sign: Sign) {
  return (e: Emitter, f: Omit<ThreeRegisters, "q">): void => {
    withOperands(e, f.rn, f.rm, (a, b) => pushSaturated(e, f.size, op, sign, a, b));
    setScalarFromVector(e, f.rd, f.size);
  };
}

export const ROWS: readonly Row[] = [
  threeSame("SHADD", 0, "00000", halving("add", "s"), noDoublewords),
  threeSame("UHADD", 1, "00000", halving("add", "u"), noDoublewords),
  threeSame("SRHADD", 0, "00010", halving("roundingAdd", "s"), noDoublewords),
  threeSame("URHADD", 1, "00010", halving("roundingAdd", "u"), noDoublewords),
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
];
