import { fpInfinity, isNan, signBit, unpack, type FpFormat } from "./format.js";
import { processNans } from "./nan.js";

/** The relation of two numbers; zeros of either sign are equal. */
export type FpRelation = "less" | "equal" | "greater" | "unordered";

export function fpRelation(fmt: FpFormat, a: bigint, b: bigint): FpRelation {
  if (isNan(unpack(fmt, a)) || isNan(unpack(fmt, b))) return "unordered";
  const x = orderKey(fmt, a);
  const y = orderKey(fmt, b);
  return x < y ? "less" : x > y ? "greater" : "equal";
}

/** NZCV as a nibble. Arm ARM: FPCompare. */
export const FP_COMPARE_NZCV: Readonly<Record<FpRelation, number>> = {
  less: 0b1000,
  equal: 0b0110,
  greater: 0b0010,
  unordered: 0b0011,
};

/** FMAX and FMIN: +0 is above -0, any NaN operand is the result. Arm ARM: FPMax, FPMin. */
export function fpMinMax(fmt: FpFormat, a: bigint, b: bigint, want: "min" | "max"): bigint {
  const x = unpack(fmt, a);
  const y = unpack(fmt, b);
  const nan = processNans(fmt, x, y);
  if (nan !== null) return nan;
  const relation = fpRelation(fmt, a, b);
  if (relation === "equal") return want === "max" ? a & b : a | b; // differ in a zero's sign only
  return (relation === "greater") === (want === "max") ? a : b;
}

/** FMAXNM and FMINNM: a lone quiet NaN loses to a number. Arm ARM: FPMaxNum, FPMinNum. */
export function fpMinMaxNum(fmt: FpFormat, a: bigint, b: bigint, want: "min" | "max"): bigint {
  const x = unpack(fmt, a).kind;
  const y = unpack(fmt, b).kind;
  const loser = fpInfinity(fmt, want === "max" ? 1 : 0);
  if (x === "quietNan" && y !== "quietNan") return fpMinMax(fmt, loser, b, want);
  if (y === "quietNan" && x !== "quietNan") return fpMinMax(fmt, a, loser, want);
  return fpMinMax(fmt, a, b, want);
}

/** An integer that orders as the numbers do. */
function orderKey(fmt: FpFormat, bits: bigint): bigint {
  const magnitude = bits & ~signBit(fmt);
  return (bits & signBit(fmt)) !== 0n ? -magnitude : magnitude;
}
