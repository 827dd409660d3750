import { check } from "../../arch/check.js";
import {
  ALTERNATIVE_HALF,
  flushes,
  fpInfinity,
  fpMaxNormal,
  FPSR,
  fpZero,
  raise,
  type FpEnv,
  type FpFormat,
  type Rounding,
} from "./format.js";

/** Number of significant bits of a non-negative integer. */
export function bitLength(n: bigint): number {
  if (n === 0n) return 0;
  const hex = n.toString(16);
  return hex.length * 4 - (Math.clz32(parseInt(hex[0] ?? "0", 16)) - 28);
}

/**
 * `magnitude / 2^shift` as an integer under a rounding rule; the value's sign matters to the
 * directed modes. A negative shift multiplies and is exact.
 */
export function shiftRound(
  magnitude: bigint,
  shift: number,
  sign: number,
  rounding: Rounding,
): bigint {
  if (shift <= 0) return magnitude << BigInt(-shift);
  const by = BigInt(shift);
  const kept = magnitude >> by;
  const lost = magnitude - (kept << by);
  if (lost === 0n) return kept;
  const half = 1n << (by - 1n);
  switch (rounding) {
    case "tieEven":
      return lost > half || (lost === half && (kept & 1n) === 1n) ? kept + 1n : kept;
    case "tieAway":
      return lost >= half ? kept + 1n : kept;
    case "plusInf":
      return sign === 0 ? kept + 1n : kept;
    case "minusInf":
      return sign !== 0 ? kept + 1n : kept;
    case "zero":
      return kept;
    case "odd":
      return kept | 1n;
  }
}

/**
 * Round `(-1)^sign * mantissa * 2^exponent` once to `fmt`: subnormals gradual, overflow to infinity or the
 * largest finite number as the mode says. Tininess and flushing look at the value before rounding.
 * Arm ARM: FPRound.
 */
export function roundPack(
  fmt: FpFormat,
  sign: number,
  mantissa: bigint,
  exponent: number,
  env: FpEnv,
): bigint {
  check(mantissa >= 0n, "negative mantissa", mantissa);
  if (mantissa === 0n) return fpZero(fmt, sign);
  const top = exponent + bitLength(mantissa) - 1;
  const minNormal = 1 - fmt.bias;
  const isNormal = top >= minNormal;
  if (!isNormal && flushes(fmt, env)) {
    raise(env, FPSR.UFC);
    return fpZero(fmt, sign);
  }
  const quantum = (isNormal ? top : minNormal) - fmt.fracBits;
  const shift = quantum - exponent;
  const rounded = shiftRound(mantissa, shift, sign, env.rounding);
  const isInexact = shift > 0 && BigInt.asUintN(shift, mantissa) !== 0n;
  if (isInexact && !isNormal) raise(env, FPSR.UFC);
  // The hidden bit, or the carry of rounding, adds itself to the exponent field.
  const below = isNormal ? BigInt(top + fmt.bias - 1) << BigInt(fmt.fracBits) : 0n;
  const magnitude = below + rounded;
  if (magnitude >= fpInfinity(fmt, 0)) {
    if (fmt === ALTERNATIVE_HALF) {
      raise(env, FPSR.IOC);
      return fpMaxNormal(fmt, sign);
    }
    raise(env, FPSR.OFC | FPSR.IXC);
    const toInfinity = overflowsToInfinity(env.rounding, sign);
    return toInfinity ? fpInfinity(fmt, sign) : fpMaxNormal(fmt, sign);
  }
  if (isInexact) raise(env, FPSR.IXC);
  return fpZero(fmt, sign) | magnitude;
}

/** Where an overflow goes: infinity, or else the largest finite number. */
export function overflowsToInfinity(rounding: Rounding, sign: number): boolean {
  switch (rounding) {
    case "tieEven":
    case "tieAway":
      return true;
    case "plusInf":
      return sign === 0;
    case "minusInf":
      return sign !== 0;
    case "zero":
    case "odd":
      return false;
  }
}
