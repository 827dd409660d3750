import { fpDefaultNan, isNan, quietBit, type FpFormat, type Unpacked } from "./format.js";

/** A NaN operand as a result: its own sign and payload, made quiet. Arm ARM: FPProcessNaN, FPCR.DN = 0. */
export function quieten(fmt: FpFormat, bits: bigint): bigint {
  return bits | quietBit(fmt);
}

/**
 * The NaN an operation returns for its operands, in priority order: the first signalling one, else the
 * first quiet one. Arm ARM: FPProcessNaNs, FPProcessNaNs3.
 * @returns null if no operand is a NaN
 */
export function processNans(fmt: FpFormat, ...operands: readonly Unpacked[]): bigint | null {
  const nan = operands.find((u) => u.kind === "signallingNan") ?? operands.find(isNan);
  return nan === undefined ? null : quieten(fmt, nan.bits);
}

/**
 * A NaN carried to another format: sign, and as many top payload bits as fit. Arm ARM: FPConvertNaN,
 * with FPCR.DN = 0.
 */
export function convertNan(from: FpFormat, to: FpFormat, u: Unpacked): bigint {
  const widen = to.fracBits - from.fracBits;
  const payload = widen >= 0 ? u.mantissa << BigInt(widen) : u.mantissa >> BigInt(-widen);
  const sign = BigInt(u.sign) << BigInt(to.width - 1);
  return sign | fpDefaultNan(to) | payload;
}
