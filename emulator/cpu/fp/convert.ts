import {
  DEFAULT_ENV,
  fpInfinity,
  fpZero,
  isNan,
  unpack,
  type FpEnv,
  type FpFormat,
} from "./format.js";
import { convertNan, quieten } from "./nan.js";
import { roundPack, shiftRound } from "./round.js";

/**
 * FCVT between formats. Arm ARM: FPConvert.
 * Differs from Arm: FPCR.AHP is ignored, half precision is always IEEE's.
 */
export function fpConvert(
  from: FpFormat,
  to: FpFormat,
  bits: bigint,
  env: FpEnv = DEFAULT_ENV,
): bigint {
  const u = unpack(from, bits, env);
  if (isNan(u)) return convertNan(from, to, env, u);
  if (u.kind === "infinity") return fpInfinity(to, u.sign);
  return roundPack(to, u.sign, u.mantissa, u.exponent, env);
}

/**
 * FCVT*S, FCVT*U: to an integer of `width` bits, scaled by 2^fracBits first, saturating; NaN gives 0.
 * Arm ARM: FPToFixed.
 * @returns the integer's two's complement bits
 */
export function fpToFixed(
  fmt: FpFormat,
  bits: bigint,
  width: number,
  isSigned: boolean,
  env: FpEnv,
  fracBits = 0,
): bigint {
  const u = unpack(fmt, bits, env);
  const max = (1n << BigInt(isSigned ? width - 1 : width)) - 1n;
  const min = isSigned ? -max - 1n : 0n;
  if (isNan(u)) return 0n;
  if (u.kind === "infinity") return BigInt.asUintN(width, u.sign !== 0 ? min : max);
  const magnitude = shiftRound(u.mantissa, -(u.exponent + fracBits), u.sign, env.rounding);
  const value = u.sign !== 0 ? -magnitude : magnitude;
  return BigInt.asUintN(width, value < min ? min : value > max ? max : value);
}

/** SCVTF, UCVTF: an integer divided by 2^fracBits. Arm ARM: FixedToFP. `value` carries its own sign. */
export function fixedToFp(
  fmt: FpFormat,
  value: bigint,
  fracBits = 0,
  env: FpEnv = DEFAULT_ENV,
): bigint {
  const sign = value < 0n ? 1 : 0;
  return roundPack(fmt, sign, sign !== 0 ? -value : value, -fracBits, env);
}

/** FRINT*: to an integral value in the same format, the sign kept on zero. Arm ARM: FPRoundInt. */
export function fpRoundInt(fmt: FpFormat, bits: bigint, env: FpEnv): bigint {
  const u = unpack(fmt, bits, env);
  if (isNan(u)) return quieten(fmt, env, bits);
  if (u.kind !== "finite" || u.exponent >= 0) return u.bits;
  const magnitude = shiftRound(u.mantissa, -u.exponent, u.sign, env.rounding);
  if (magnitude === 0n) return fpZero(fmt, u.sign);
  return roundPack(fmt, u.sign, magnitude, 0, env);
}
