/** An IEEE 754 binary interchange format, as A64 uses it. Values are bit patterns in a bigint. */
export interface FpFormat {
  readonly name: "half" | "alternative half" | "bfloat16" | "single" | "double";
  /** Bits in all. */
  readonly width: 16 | 32 | 64;
  /** Bits of the fraction field, without the hidden one. */
  readonly fracBits: number;
  /** The exponent field of infinities and NaNs: all ones. */
  readonly expMax: number;
  readonly bias: number;
}

export const HALF: FpFormat = { name: "half", width: 16, fracBits: 10, expMax: 31, bias: 15 };
export const SINGLE: FpFormat = { name: "single", width: 32, fracBits: 23, expMax: 255, bias: 127 };
export const DOUBLE: FpFormat = {
  name: "double",
  width: 64,
  fracBits: 52,
  expMax: 2047,
  bias: 1023,
};

/** Half precision under FPCR.AHP: the largest exponent holds numbers too, there are no infinities or NaNs. */
export const ALTERNATIVE_HALF: FpFormat = { ...HALF, name: "alternative half", expMax: 32 };

/** The top half of single precision. */
export const BFLOAT16: FpFormat = {
  name: "bfloat16",
  width: 16,
  fracBits: 7,
  expMax: 255,
  bias: 127,
};

/** How an exact value becomes a representable one. Arm ARM: FPRounding. */
export type Rounding =
  | "tieEven"
  | "tieAway"
  | "plusInf"
  | "minusInf"
  | "zero"
  /** Von Neumann rounding: an inexact result gets its last bit set (FCVTXN). */
  | "odd";

/** FPCR.RMode, bits 23:22, in encoding order. */
const FPCR_ROUNDING: readonly Rounding[] = ["tieEven", "plusInf", "minusInf", "zero"];

/** FPSR's cumulative bits. Arm ARM C5.2, FPSR. */
export const FPSR = {
  /** Invalid operation. */
  IOC: 1 << 0,
  /** Division by zero. */
  DZC: 1 << 1,
  /** Overflow. */
  OFC: 1 << 2,
  /** Underflow. */
  UFC: 1 << 3,
  /** Inexact. */
  IXC: 1 << 4,
  /** A subnormal operand was flushed to zero. */
  IDC: 1 << 7,
  /** An integer saturated. */
  QC: 1 << 27,
} as const;

/** What FPCR says about arithmetic, and what arithmetic has to say to FPSR. Arm ARM C5.2, FPCR. */
export interface FpEnv {
  readonly rounding: Rounding;
  /** FPCR.FZ: subnormal operands and results of single and double precision become zero. */
  readonly flushToZero: boolean;
  /** FPCR.FZ16: the same for half precision, but not in conversions between formats. */
  readonly flushToZero16: boolean;
  /** FPCR.DN: every NaN result is the default NaN. */
  readonly defaultNan: boolean;
  /** FPCR.AHP: conversions take half precision to be `ALTERNATIVE_HALF`. */
  readonly alternativeHalf: boolean;
  /** The cumulative bits raised so far; shared by every copy of the environment. */
  readonly status: { raised: number };
}

/** FPCR's AHP (26), DN (25), FZ (24), RMode (23:22) and FZ16 (19), and nothing raised. */
export function fpEnv(fpcr: number): FpEnv {
  return {
    rounding: FPCR_ROUNDING[(fpcr >>> 22) & 3]!,
    flushToZero: (fpcr & (1 << 24)) !== 0,
    flushToZero16: (fpcr & (1 << 19)) !== 0,
    defaultNan: (fpcr & (1 << 25)) !== 0,
    alternativeHalf: (fpcr & (1 << 26)) !== 0,
    status: { raised: 0 },
  };
}

/** FPCR zero. What it raises is nobody's. */
export const DEFAULT_ENV: FpEnv = fpEnv(0);

/** Arm ARM: FPProcessException, traps not implemented. */
export function raise(env: FpEnv, bits: number): void {
  env.status.raised |= bits;
}

/** Whether subnormals of a format count as zero. */
export function flushes(fmt: FpFormat, env: FpEnv): boolean {
  return fmt.bias === HALF.bias ? env.flushToZero16 : env.flushToZero;
}

export function signBit(fmt: FpFormat): bigint {
  return 1n << BigInt(fmt.width - 1);
}

/** The fraction's top bit: set in a quiet NaN, clear in a signalling one. */
export function quietBit(fmt: FpFormat): bigint {
  return 1n << BigInt(fmt.fracBits - 1);
}

export function fracMask(fmt: FpFormat): bigint {
  return (1n << BigInt(fmt.fracBits)) - 1n;
}

function withSign(fmt: FpFormat, sign: number, magnitude: bigint): bigint {
  return sign !== 0 ? magnitude | signBit(fmt) : magnitude;
}

/** Arm ARM: FPZero. */
export function fpZero(fmt: FpFormat, sign: number): bigint {
  return withSign(fmt, sign, 0n);
}

/** Arm ARM: FPInfinity. */
export function fpInfinity(fmt: FpFormat, sign: number): bigint {
  return withSign(fmt, sign, BigInt(fmt.expMax) << BigInt(fmt.fracBits));
}

/** Arm ARM: FPMaxNormal. */
export function fpMaxNormal(fmt: FpFormat, sign: number): bigint {
  return withSign(fmt, sign, (BigInt(fmt.expMax) << BigInt(fmt.fracBits)) - 1n);
}

/** Arm ARM: FPDefaultNaN: positive, quiet, no payload. */
export function fpDefaultNan(fmt: FpFormat): bigint {
  return (BigInt(fmt.expMax) << BigInt(fmt.fracBits)) | quietBit(fmt);
}

/** Arm ARM: FPAbs. Acts on NaNs too. */
export function fpAbs(fmt: FpFormat, bits: bigint): bigint {
  return bits & ~signBit(fmt);
}

/** Arm ARM: FPNeg. Acts on NaNs too. */
export function fpNeg(fmt: FpFormat, bits: bigint): bigint {
  return bits ^ signBit(fmt);
}

/** A bit pattern taken apart. For `finite` the value is (-1)^sign * mantissa * 2^exponent, mantissa > 0. */
export interface Unpacked {
  readonly kind: "zero" | "finite" | "infinity" | "quietNan" | "signallingNan";
  readonly sign: 0 | 1;
  readonly mantissa: bigint;
  readonly exponent: number;
  /** The pattern it came from. */
  readonly bits: bigint;
}

/** Arm ARM: FPUnpack. Flushing an operand raises IDC, but not in half precision. */
export function unpack(fmt: FpFormat, bits: bigint, env: FpEnv = DEFAULT_ENV): Unpacked {
  const sign = (bits & signBit(fmt)) !== 0n ? 1 : 0;
  const fraction = bits & fracMask(fmt);
  const biased = Number(bits >> BigInt(fmt.fracBits)) & ((1 << (fmt.width - 1 - fmt.fracBits)) - 1);
  if (biased === fmt.expMax) {
    const kind =
      fraction === 0n
        ? "infinity"
        : (fraction & quietBit(fmt)) !== 0n
          ? "quietNan"
          : "signallingNan";
    return { kind, sign, mantissa: fraction, exponent: 0, bits };
  }
  const exponent = Math.max(biased, 1) - fmt.bias - fmt.fracBits;
  if (biased !== 0) {
    const mantissa = fraction | (1n << BigInt(fmt.fracBits));
    return { kind: "finite", sign, mantissa, exponent, bits };
  }
  const isFlushed = fraction !== 0n && flushes(fmt, env);
  if (isFlushed && fmt.width !== 16) raise(env, FPSR.IDC);
  if (fraction === 0n || isFlushed) {
    return { kind: "zero", sign, mantissa: 0n, exponent, bits: fpZero(fmt, sign) };
  }
  return { kind: "finite", sign, mantissa: fraction, exponent, bits };
}

/** True for quiet and signalling NaNs. */
export function isNan(u: Unpacked): boolean {
  return u.kind === "quietNan" || u.kind === "signallingNan";
}
