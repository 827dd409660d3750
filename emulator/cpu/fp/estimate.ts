import {
  DEFAULT_ENV,
  flushes,
  fpInfinity,
  fpMaxNormal,
  FPSR,
  fpZero,
  raise,
  unpack,
  type FpEnv,
  type FpFormat,
} from "./format.js";
import { invalid, processNans } from "./nan.js";
import { bitLength, overflowsToInfinity } from "./round.js";

/** The estimate instructions: eight fraction bits, defined bit for bit by the architecture. */

/** 9-bit reciprocal of a 9-bit number in [256, 512). Arm ARM: RecipEstimate. */
function recipEstimate(scaled: number): number {
  const quotient = Math.floor(0x80000 / (scaled * 2 + 1));
  return (quotient + 1) >> 1;
}

/** 9-bit reciprocal square root of a number in [128, 512). Arm ARM: RecipSqrtEstimate. */
function recipSqrtEstimate(scaled: number): number {
  const a = scaled < 256 ? scaled * 2 + 1 : ((scaled >> 1) * 2 + 1) * 2;
  let b = 512;
  while (a * (b + 1) * (b + 1) < 0x1000_0000) b++;
  return (b + 1) >> 1;
}

/** FRECPE. Arm ARM: FPRecipEstimate. */
export function fpRecipEstimate(fmt: FpFormat, bits: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  const u = unpack(fmt, bits, env);
  const nan = processNans(fmt, env, u);
  if (nan !== null) return nan;
  if (u.kind === "infinity") return fpZero(fmt, u.sign);
  const top = u.exponent + bitLength(u.mantissa) - 1;
  if (u.kind === "zero") {
    raise(env, FPSR.DZC);
    return fpInfinity(fmt, u.sign);
  }
  if (top < -(fmt.bias + 1)) {
    raise(env, FPSR.OFC | FPSR.IXC);
    const toInfinity = overflowsToInfinity(env.rounding, u.sign);
    return toInfinity ? fpInfinity(fmt, u.sign) : fpMaxNormal(fmt, u.sign);
  }
  const scaled = leadingBits(u.mantissa, 9);
  const hidden = 1n << BigInt(fmt.fracBits);
  const fraction = BigInt(recipEstimate(scaled) & 0xff) << BigInt(fmt.fracBits - 8);
  const exponent = 2 * fmt.bias - 1 - (top + fmt.bias);
  if (exponent <= 0) {
    if (flushes(fmt, env)) {
      raise(env, FPSR.UFC);
      return fpZero(fmt, u.sign);
    }
    // A subnormal result: the hidden one moves into the fraction.
    return fpZero(fmt, u.sign) | ((hidden | fraction) >> BigInt(1 - exponent));
  }
  return fpZero(fmt, u.sign) | (BigInt(exponent) << BigInt(fmt.fracBits)) | fraction;
}

/** FRSQRTE. Arm ARM: FPRSqrtEstimate. */
export function fpRSqrtEstimate(fmt: FpFormat, bits: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  const u = unpack(fmt, bits, env);
  const nan = processNans(fmt, env, u);
  if (nan !== null) return nan;
  if (u.kind === "zero") {
    raise(env, FPSR.DZC);
    return fpInfinity(fmt, u.sign);
  }
  if (u.sign !== 0) return invalid(fmt, env);
  if (u.kind === "infinity") return fpZero(fmt, 0);
  const top = u.exponent + bitLength(u.mantissa) - 1;
  const biased = top + fmt.bias;
  const nine = leadingBits(u.mantissa, 9);
  const estimate = recipSqrtEstimate((biased & 1) === 0 ? nine : nine >> 1);
  const exponent = Math.floor((3 * fmt.bias - 1 - biased) / 2);
  return (
    (BigInt(exponent) << BigInt(fmt.fracBits)) |
    (BigInt(estimate & 0xff) << BigInt(fmt.fracBits - 8))
  );
}

/** FRECPX: an exponent whose product with the operand's is near one. Arm ARM: FPRecpX. */
export function fpRecipExponent(fmt: FpFormat, bits: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  const u = unpack(fmt, bits, env);
  const nan = processNans(fmt, env, u);
  if (nan !== null) return nan;
  const biased = Number(u.bits >> BigInt(fmt.fracBits)) & fmt.expMax;
  const exponent = biased === 0 ? fmt.expMax - 1 : fmt.expMax - biased;
  return fpZero(fmt, u.sign) | (BigInt(exponent) << BigInt(fmt.fracBits));
}

/** URECPE on a 32-bit fixed-point fraction. Arm ARM: UnsignedRecipEstimate. */
export function unsignedRecipEstimate(value: number): number {
  if (value >>> 31 === 0) return 0xffff_ffff;
  return (recipEstimate(value >>> 23) << 23) >>> 0;
}

/** URSQRTE on a 32-bit fixed-point fraction. Arm ARM: UnsignedRSqrtEstimate. */
export function unsignedRSqrtEstimate(value: number): number {
  if (value >>> 30 === 0) return 0xffff_ffff;
  return (recipSqrtEstimate(value >>> 23) << 23) >>> 0;
}

/** The top `count` bits of a number, its leading one included. */
function leadingBits(mantissa: bigint, count: number): number {
  const surplus = bitLength(mantissa) - count;
  return Number(surplus >= 0 ? mantissa >> BigInt(surplus) : mantissa << BigInt(-surplus));
}
