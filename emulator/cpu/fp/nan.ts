import {
  fpDefaultNan,
  FPSR,
  isNan,
  quietBit,
  raise,
  type FpEnv,
  type FpFormat,
  type Unpacked,
} from "./format.js";

/** A NaN operand as a result: its own sign and payload, made quiet. Arm ARM: FPProcessNaN. */
export function quieten(fmt: FpFormat, env: FpEnv, bits: bigint): bigint {
  return env.defaultNan ? fpDefaultNan(fmt) : bits | quietBit(fmt);
}

/**
 * The NaN an operation returns for its operands, in priority order: the first signalling one, else the
 * first quiet one. A signalling one raises IOC. Arm ARM: FPProcessNaNs, FPProcessNaNs3.
 * @returns null if no operand is a NaN
 */
export function processNans(
  fmt: FpFormat,
  env: FpEnv,
  ...operands: readonly Unpacked[]
): bigint | null {
  const signalling = operands.find((u) => u.kind === "signallingNan");
  if (signalling !== undefined) raise(env, FPSR.IOC);
  const nan = signalling ?? operands.find(isNan);
  return nan === undefined ? null : quieten(fmt, env, nan.bits);
}

/** The default NaN of an invalid operation, which raises IOC. */
export function invalid(fmt: FpFormat, env: FpEnv): bigint {
  raise(env, FPSR.IOC);
  return fpDefaultNan(fmt);
}

/**
 * A NaN carried to another format: sign, and as many top payload bits as fit, quiet. Arm ARM: FPConvertNaN.
 */
export function convertNan(from: FpFormat, to: FpFormat, env: FpEnv, u: Unpacked): bigint {
  if (env.defaultNan) return fpDefaultNan(to);
  const widen = to.fracBits - from.fracBits;
  const payload = widen >= 0 ? u.mantissa << BigInt(widen) : u.mantissa >> BigInt(-widen);
  const sign = BigInt(u.sign) << BigInt(to.width - 1);
  return sign | fpDefaultNan(to) | payload;
}
