import type { FpFormat } from "../../emulator/cpu/fp/format.js";

/** A small seeded generator (Marsaglia's xorshift128), so that a failing run can be repeated. */
export class Prng {
  #x: number;
  #y = 0x9e3779b9;
  #z = 0x243f6a88;
  #w = 0xb7e15162;

  constructor(seed: number) {
    this.#x = seed >>> 0;
    for (let i = 0; i < 20; i++) this.u32();
  }

  u32(): number {
    const t = this.#x ^ (this.#x << 11);
    this.#x = this.#y;
    this.#y = this.#z;
    this.#z = this.#w;
    this.#w = (this.#w ^ (this.#w >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return this.#w;
  }

  below(n: number): number {
    return this.u32() % n;
  }

  pick<T>(from: readonly T[]): T {
    const at = this.below(from.length);
    return from[at] as T;
  }

  bits(width: number): bigint {
    const raw = (BigInt(this.u32()) << 32n) | BigInt(this.u32());
    return BigInt.asUintN(width, raw);
  }
}

/**
 * A number of the given format, corners far more often than chance would have them: zeros, subnormals,
 * infinities, NaNs of both kinds with payloads, extreme exponents, few-bit mantissas that make ties.
 */
export function fpOperand(rng: Prng, fmt: FpFormat): bigint {
  const { width, fracBits, expMax, bias } = fmt;
  const sign = BigInt(rng.below(2)) << BigInt(width - 1);
  const exponent = (e: number): bigint => BigInt(e) << BigInt(fracBits);
  const fraction = (): bigint => {
    const f = rng.bits(fracBits);
    const one = 1n << BigInt(rng.below(fracBits));
    return rng.pick([0n, 1n, f, f, f, one, (1n << BigInt(fracBits)) - 1n, one - 1n]);
  };
  switch (rng.below(12)) {
    case 0:
      return sign;
    case 1:
      return sign | exponent(expMax);
    case 2:
      return sign | exponent(expMax) | fraction();
    case 3:
      return sign | fraction();
    case 4:
      return sign | exponent(1 + rng.below(3)) | fraction();
    case 5:
      return sign | exponent(expMax - 1 - rng.below(3)) | fraction();
    case 6:
    case 7:
      return sign | exponent(bias - 2 + rng.below(6)) | fraction();
    case 8:
      return sign | exponent(bias + rng.below(fracBits + 12)) | fraction();
    case 9:
      return sign | exponent(bias + (width === 64 ? 62 : 30) + rng.below(3)) | fraction();
    default:
      return sign | exponent(rng.below(expMax)) | fraction();
  }
}
