import {
  DEFAULT_ENV,
  fpInfinity,
  FPSR,
  isNan,
  raise,
  signBit,
  unpack,
  type FpEnv,
  type FpFormat,
} from "./format.js";
import { processNans } from "./nan.js";

/** The relation of two numbers; zeros of either sign are equal. */
export type FpRelation = "less" | "equal" | "greater" | "unordered";

/**
 * Compare two numbers. A signalling NaN raises IOC, under `signalsAll` a quiet one too. Arm ARM: FPCompare,
 * FPCompareEQ, FPCompareGE, FPCompareGT.
 */
export function fpRelation(
  fmt: FpFormat,
  a: bigint,
  b: bigint,
  signalsAll = false,
  env: FpEnv = DEFAULT_ENV,
): FpRelation {
  const ua = unpack(fmt, a, env);
  const ub = unpack(fmt, b, env);
  if (isNan(ua) || isNan(ub)) {
    const isSignalling = ua.kind === "signallingNan" || ub.kind === "signallingNan";
    if (signalsAll || isSignalling) raise(env, FPSR.IOC);
    return "unordered";
  }
  const x = orderKey(fmt, ua.bits);
  const y = orderKey(fmt, ub.bits);
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
export function fpMinMax(
  fmt: FpFormat,
  a: bigint,
  b: bigint,
  want: "min" | "max",
  env: FpEnv = DEFAULT_ENV,
): bigint {
  const x = unpack(fmt, a, env);
  const y = unpack(fmt, b, env);
  const nan = processNans(fmt, env, x, y);
  if (nan !== null) return nan;
  const relation = fpRelation(fmt, x.bits, y.bits);
  // Equal numbers differ in a zero's sign only.
  if (relation === "equal") return want === "max" ? x.bits & y.bits : x.bits | y.bits;
  return (relation === "greater") === (want === "max") ? x.bits : y.bits;
}

/** FMAXNM and FMINNM: a lone quiet NaN loses to a number. Arm ARM: FPMaxNum, FPMinNum. */
export function fpMinMaxNum(
  fmt: FpFormat,
  a: bigint,
  b: bigint,
  want: "min" | "max",
  env: FpEnv = DEFAULT_ENV,
): bigint {
  const x = unpack(fmt, a).kind;
  const y = unpack(fmt, b).kind;
  const loser = fpInfinity(fmt, want === "max" ? 1 : 0);
  if (x === "quietNan" && y !== "quietNan") return fpMinMax(fmt, loser, b, want, env);
  if (y === "quietNan" && x !== "quietNan") return fpMinMax(fmt, a, loser, want, env);
  return fpMinMax(fmt, a, b, want, env);
}

/** An integer that orders as the numbers do. */
function orderKey(fmt: FpFormat, bits: bigint): bigint {
  const magnitude = bits & ~signBit(fmt);
  return (bits & signBit(fmt)) !== 0n ? -magnitude : magnitude;
}
