import {
  ALTERNATIVE_HALF,
  DEFAULT_ENV,
  fpInfinity,
  fpMaxNormal,
  FPSR,
  fpZero,
  HALF,
  isNan,
  raise,
  unpack,
  type FpEnv,
  type FpFormat,
} from "./format.js";
import { convertNan, processNans } from "./nan.js";
import { roundPack, shiftRound } from "./round.js";

/** FCVT between formats. Half precision is the alternative one under FPCR.AHP. Arm ARM: FPConvert. */
export function fpConvert(
  from: FpFormat,
  to: FpFormat,
  bits: bigint,
  env: FpEnv = DEFAULT_ENV,
): bigint {
  const toAlternative = to === HALF && env.alternativeHalf;
  const source = from === HALF && env.alternativeHalf ? ALTERNATIVE_HALF : from;
  const converting = { ...env, flushToZero16: false };
  const u = unpack(source, bits, converting);
  if (isNan(u)) {
    if (u.kind === "signallingNan" || toAlternative) raise(env, FPSR.IOC);
    return toAlternative ? fpZero(to, u.sign) : convertNan(from, to, env, u);
  }
  if (u.kind === "infinity") {
    if (!toAlternative) return fpInfinity(to, u.sign);
    raise(env, FPSR.IOC);
    return fpMaxNormal(ALTERNATIVE_HALF, u.sign);
  }
  const target = toAlternative ? ALTERNATIVE_HALF : to;
  return roundPack(target, u.sign, u.mantissa, u.exponent, converting);
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
  if (isNan(u) || u.kind === "infinity") {
    raise(env, FPSR.IOC);
    return isNan(u) ? 0n : BigInt.asUintN(width, u.sign !== 0 ? min : max);
  }
  const exponent = u.exponent + fracBits;
  const magnitude = shiftRound(u.mantissa, -exponent, u.sign, env.rounding);
  const value = u.sign !== 0 ? -magnitude : magnitude;
  if (value < min || value > max) {
    raise(env, FPSR.IOC);
    return BigInt.asUintN(width, value < min ? min : max);
  }
  if (hasFraction(u.mantissa, exponent)) raise(env, FPSR.IXC);
  return BigInt.asUintN(width, value);
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

/** Whether mantissa * 2^exponent is not an integer. */
function hasFraction(mantissa: bigint, exponent: number): boolean {
  return exponent < 0 && BigInt.asUintN(-exponent, mantissa) !== 0n;
}

/**
 * FRINT*: to an integral value in the same format, the sign kept on zero. Only FRINTX raises IXC
 * (`isExact`). Arm ARM: FPRoundInt.
 */
export function fpRoundInt(fmt: FpFormat, bits: bigint, env: FpEnv, isExact = false): bigint {
  const u = unpack(fmt, bits, env);
  const nan = processNans(fmt, env, u);
  if (nan !== null) return nan;
  if (u.kind !== "finite" || u.exponent >= 0) return u.bits;
  if (isExact && hasFraction(u.mantissa, u.exponent)) raise(env, FPSR.IXC);
  const magnitude = shiftRound(u.mantissa, -u.exponent, u.sign, env.rounding);
  if (magnitude === 0n) return fpZero(fmt, u.sign);
  return roundPack(fmt, u.sign, magnitude, 0, env);
}

/**
 * FRINT32*, FRINT64*: to an integral value that a signed integer of `width` bits can hold; what it cannot
 * hold, and NaNs, become the lowest one. Arm ARM: FPRoundIntN.
 */
export function fpRoundIntN(fmt: FpFormat, bits: bigint, width: 32 | 64, env: FpEnv): bigint {
  const u = unpack(fmt, bits, env);
  if (u.kind === "zero") return u.bits;
  const limit = 1n << BigInt(width - 1);
  const isNumber = u.kind === "finite";
  const magnitude = isNumber ? shiftRound(u.mantissa, -u.exponent, u.sign, env.rounding) : limit;
  if (!isNumber || magnitude > limit || (magnitude === limit && u.sign === 0)) {
    raise(env, FPSR.IOC);
    return roundPack(fmt, 1, limit, 0, env);
  }
  if (hasFraction(u.mantissa, u.exponent)) raise(env, FPSR.IXC);
  return roundPack(fmt, u.sign, magnitude, 0, env);
}
