import {
  DEFAULT_ENV,
  fpInfinity,
  fpNeg,
  FPSR,
  fpZero,
  raise,
  unpack,
  type FpEnv,
  type FpFormat,
  type Unpacked,
} from "./format.js";
import { convertNan, invalid, processNans, quieten } from "./nan.js";
import { bitLength, roundPack } from "./round.js";

/**
 * Exact arithmetic: every result is the true value rounded once. Operands and results are bit patterns;
 * what an operation raises goes to the environment's status.
 * These are the references that translated code falls back to when the host's own arithmetic could
 * differ from Arm's, which in the default mode is NaN results and fused operations in corner ranges.
 */

/** Arm ARM: FPAdd. */
export function fpAdd(fmt: FpFormat, a: bigint, b: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  const x = unpack(fmt, a, env);
  const y = unpack(fmt, b, env);
  const nan = processNans(fmt, env, x, y);
  if (nan !== null) return nan;
  if (x.kind === "infinity" || y.kind === "infinity") return addInfinity(fmt, x, y, env);
  return addFinite(fmt, x, y, env);
}

/** Arm ARM: FPSub. A NaN second operand keeps its sign. */
export function fpSub(fmt: FpFormat, a: bigint, b: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  const nan = processNans(fmt, env, unpack(fmt, a, env), unpack(fmt, b, env));
  return nan ?? fpAdd(fmt, a, fpNeg(fmt, b), env);
}

/** Arm ARM: FPMul. */
export function fpMul(fmt: FpFormat, a: bigint, b: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  const x = unpack(fmt, a, env);
  const y = unpack(fmt, b, env);
  const nan = processNans(fmt, env, x, y);
  if (nan !== null) return nan;
  const sign = x.sign ^ y.sign;
  if (x.kind === "infinity" || y.kind === "infinity") {
    const byZero = x.kind === "zero" || y.kind === "zero";
    return byZero ? invalid(fmt, env) : fpInfinity(fmt, sign);
  }
  return roundPack(fmt, sign, x.mantissa * y.mantissa, x.exponent + y.exponent, env);
}

/** Arm ARM: FPDiv. */
export function fpDiv(fmt: FpFormat, a: bigint, b: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  const x = unpack(fmt, a, env);
  const y = unpack(fmt, b, env);
  const nan = processNans(fmt, env, x, y);
  if (nan !== null) return nan;
  const sign = x.sign ^ y.sign;
  if (x.kind === "infinity") {
    return y.kind === "infinity" ? invalid(fmt, env) : fpInfinity(fmt, sign);
  }
  if (y.kind === "zero") {
    if (x.kind === "zero") return invalid(fmt, env);
    raise(env, FPSR.DZC);
    return fpInfinity(fmt, sign);
  }
  if (x.kind === "zero" || y.kind === "infinity") return fpZero(fmt, sign);
  // Enough quotient bits for any format, whatever the operands' lengths, and one sticky bit below.
  const up = fmt.fracBits + 4 + Math.max(0, bitLength(y.mantissa) - bitLength(x.mantissa));
  const dividend = x.mantissa << BigInt(up);
  const quotient = dividend / y.mantissa;
  const sticky = quotient * y.mantissa === dividend ? 0n : 1n;
  return roundPack(fmt, sign, (quotient << 1n) | sticky, x.exponent - y.exponent - up - 1, env);
}

/** Arm ARM: FPSqrt. */
export function fpSqrt(fmt: FpFormat, a: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  const x = unpack(fmt, a, env);
  const nan = processNans(fmt, env, x);
  if (nan !== null) return nan;
  if (x.kind === "zero") return x.bits;
  if (x.sign !== 0) return invalid(fmt, env);
  if (x.kind === "infinity") return a;
  let up = 2 * fmt.fracBits + 8 - bitLength(x.mantissa);
  if (((x.exponent - up) & 1) !== 0) up++;
  const radicand = x.mantissa << BigInt(up);
  const root = integerSqrt(radicand);
  const sticky = root * root === radicand ? 0n : 1n;
  return roundPack(fmt, 0, (root << 1n) | sticky, (x.exponent - up) / 2 - 1, env);
}

/**
 * `addend + a * b` rounded once. Arm ARM: FPMulAdd. An invalid product with a quiet NaN addend gives the
 * default NaN.
 */
export function fpMulAdd(
  fmt: FpFormat,
  addend: bigint,
  a: bigint,
  b: bigint,
  env: FpEnv = DEFAULT_ENV,
): bigint {
  const z = unpack(fmt, addend, env);
  const x = unpack(fmt, a, env);
  const y = unpack(fmt, b, env);
  if (isZeroTimesInfinity(x, y) && z.kind !== "signallingNan") return invalid(fmt, env);
  return processNans(fmt, env, z, x, y) ?? mulAddNumbers(fmt, z, x, y, env);
}

/**
 * `addend + a * b` rounded once, the factors in a narrower format than the addend and the result.
 * Arm ARM: FPMulAddH.
 */
export function fpMulAddLong(
  narrow: FpFormat,
  wide: FpFormat,
  addend: bigint,
  a: bigint,
  b: bigint,
  env: FpEnv = DEFAULT_ENV,
): bigint {
  const z = unpack(wide, addend, env);
  const x = unpack(narrow, a, env);
  const y = unpack(narrow, b, env);
  const all = [z, x, y];
  if (isZeroTimesInfinity(x, y) && z.kind !== "signallingNan") return invalid(wide, env);
  const signalling = all.find((u) => u.kind === "signallingNan");
  if (signalling !== undefined) raise(env, FPSR.IOC);
  const nan = signalling ?? all.find((u) => u.kind === "quietNan");
  if (nan === undefined) return mulAddNumbers(wide, z, x, y, env);
  return nan === z ? quieten(wide, env, addend) : convertNan(narrow, wide, env, nan);
}

/** z + x * y, none of them a NaN and the product not invalid. */
function mulAddNumbers(fmt: FpFormat, z: Unpacked, x: Unpacked, y: Unpacked, env: FpEnv): bigint {
  const infinite = x.kind === "infinity" || y.kind === "infinity";
  const sign: 0 | 1 = x.sign === y.sign ? 0 : 1;
  if (infinite || z.kind === "infinity") {
    const product: Unpacked = { ...x, kind: infinite ? "infinity" : "finite", sign };
    return addInfinity(fmt, z, product, env);
  }
  const mantissa = x.mantissa * y.mantissa;
  const product: Unpacked = {
    kind: mantissa === 0n ? "zero" : "finite",
    sign,
    mantissa,
    exponent: x.exponent + y.exponent,
    bits: 0n,
  };
  return addFinite(fmt, z, product, env);
}

/** FMULX: as FMUL, but zero times infinity is two with the product's sign. Arm ARM: FPMulX. */
export function fpMulX(fmt: FpFormat, a: bigint, b: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  const x = unpack(fmt, a, env);
  const y = unpack(fmt, b, env);
  if (!isZeroTimesInfinity(x, y)) return fpMul(fmt, a, b, env);
  return roundPack(fmt, x.sign ^ y.sign, 2n, 0, env);
}

/** FRECPS: 2 - a * b, fused. Arm ARM: FPRecipStepFused. */
export function fpRecipStep(fmt: FpFormat, a: bigint, b: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  return stepFused(fmt, a, b, 2n, 0, env);
}

/** FRSQRTS: (3 - a * b) / 2, fused. Arm ARM: FPRSqrtStepFused. */
export function fpRSqrtStep(fmt: FpFormat, a: bigint, b: bigint, env: FpEnv = DEFAULT_ENV): bigint {
  return stepFused(fmt, a, b, 3n, -1, env);
}

/** (constant - a * b) * 2^scale with one rounding; zero times infinity counts as zero. */
function stepFused(
  fmt: FpFormat,
  a: bigint,
  b: bigint,
  constant: bigint,
  scale: number,
  env: FpEnv,
): bigint {
  const x = unpack(fmt, fpNeg(fmt, a), env);
  const y = unpack(fmt, b, env);
  const nan = processNans(fmt, env, x, y);
  if (nan !== null) return nan;
  if (isZeroTimesInfinity(x, y)) return roundPack(fmt, 0, constant, scale, env);
  const sign: 0 | 1 = x.sign === y.sign ? 0 : 1;
  if (x.kind === "infinity" || y.kind === "infinity") return fpInfinity(fmt, sign);
  const product: Unpacked = {
    kind: "finite",
    sign,
    mantissa: x.mantissa * y.mantissa,
    exponent: x.exponent + y.exponent + scale,
    bits: 0n,
  };
  const first: Unpacked = {
    kind: "finite",
    sign: 0,
    mantissa: constant,
    exponent: scale,
    bits: 0n,
  };
  return addFinite(fmt, first, product, env);
}

function isZeroTimesInfinity(x: Unpacked, y: Unpacked): boolean {
  return (
    (x.kind === "zero" && y.kind === "infinity") || (x.kind === "infinity" && y.kind === "zero")
  );
}

/** Sum of which at least one term is infinite and none is a NaN. */
function addInfinity(fmt: FpFormat, x: Unpacked, y: Unpacked, env: FpEnv): bigint {
  if (x.kind === "infinity" && y.kind === "infinity" && x.sign !== y.sign) return invalid(fmt, env);
  return fpInfinity(fmt, x.kind === "infinity" ? x.sign : y.sign);
}

/** Sum of two finite numbers. An exact zero is +0, or -0 when rounding down; equal signs of zero stay. */
function addFinite(fmt: FpFormat, x: Unpacked, y: Unpacked, env: FpEnv): bigint {
  if (x.mantissa === 0n && y.mantissa === 0n && x.sign === y.sign) return fpZero(fmt, x.sign);
  const exponent = Math.min(x.exponent, y.exponent);
  const sum = signedMantissa(x, exponent) + signedMantissa(y, exponent);
  if (sum === 0n) return fpZero(fmt, env.rounding === "minusInf" ? 1 : 0);
  return sum < 0n ? roundPack(fmt, 1, -sum, exponent, env) : roundPack(fmt, 0, sum, exponent, env);
}

function signedMantissa(u: Unpacked, exponent: number): bigint {
  const m = u.mantissa << BigInt(u.exponent - exponent);
  return u.sign !== 0 ? -m : m;
}

/** Floor of the square root, by Newton's iteration from above. */
function integerSqrt(n: bigint): bigint {
  let root = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
