import { DOUBLE, HALF, SINGLE } from "../../emulator/cpu/fp/format.js";
import { fpOperand, Prng } from "./fp-operands.js";
import { CENTRE, DATA_BYTES, NZCV, SP, STACK_TOP, UNIT, type Registers } from "./fuzz-case.js";
import {
  ALIGNED_BASES,
  INDEX_LIMIT,
  MOVING_BASES,
  SIGNED_INDEX,
  UNSIGNED_INDEX,
} from "./fuzz-words.js";
import { randomRegister } from "./integer-cases.js";

/** What a case starts from: registers and data. */

/** Bases lie this near the middle of the data, so that offsets, indexes and write-back stay in it. */
const BASE_RANGE = 0x5000;
const SMALL_PAGE = 0x1000;

/** What the data holds before every run. */
export function pristineData(): Uint8Array {
  const rng = new Prng(0x0da7a);
  const words = BigUint64Array.from({ length: DATA_BYTES / 8 }, () => randomRegister(rng));
  for (let i = 0; i < words.length; i += 3) words[i] = vectorHalf(rng);
  return new Uint8Array(words.buffer);
}

/** 64 bits of a vector: one double, two singles, four halves, or bytes; corners often. */
export function vectorHalf(rng: Prng): bigint {
  switch (rng.below(5)) {
    case 0:
    case 1:
      return fpOperand(rng, DOUBLE);
    case 2:
      return (fpOperand(rng, SINGLE) << 32n) | fpOperand(rng, SINGLE);
    case 3: {
      let bits = 0n;
      for (let k = 0n; k < 4n; k++) bits |= fpOperand(rng, HALF) << (16n * k);
      return bits;
    }
    default:
      return rng.bits(64);
  }
}

/** Any values: corners far more often than chance would have them. */
export function randomRegisters(rng: Prng): Registers {
  const x = BigUint64Array.from({ length: 33 }, () => randomRegister(rng));
  x[NZCV] = BigInt(rng.below(16)) << 28n;
  x[SP] = BigInt(STACK_TOP - 0x400 - 16 * rng.below(64));
  const v = BigUint64Array.from({ length: 64 }, () => vectorHalf(rng));
  // Often operands meet their equals and opposites.
  for (let n = 1; n < 32; n++) {
    if (rng.below(6) !== 0) continue;
    const from = rng.below(n);
    const flip = rng.below(2) === 0 ? 0n : 1n << 63n;
    v[2 * n] = v[2 * from]! ^ flip;
    v[2 * n + 1] = v[2 * from + 1]! ^ flip;
  }
  return { x, v };
}

/** An address in the middle of the data, often where pages meet. */
export function dataAddress(rng: Prng): number {
  switch (rng.below(4)) {
    case 0:
      return CENTRE + (rng.below(3) - 1) * UNIT + rng.below(128) - 64;
    case 1:
      return CENTRE + (rng.below(9) - 4) * SMALL_PAGE + rng.below(128) - 64;
    default:
      return CENTRE + rng.below(2 * BASE_RANGE) - BASE_RANGE;
  }
}

/** Values for the registers that blocks address memory with; the rest is random. */
export function blockRegisters(rng: Prng): Registers {
  const registers = randomRegisters(rng);
  const { x } = registers;
  for (const base of MOVING_BASES) x[base] = BigInt(dataAddress(rng));
  for (const base of ALIGNED_BASES) x[base] = BigInt(dataAddress(rng)) & ~15n;
  x[SIGNED_INDEX] = BigInt.asUintN(64, BigInt(rng.below(2 * INDEX_LIMIT) - INDEX_LIMIT));
  x[UNSIGNED_INDEX] = (rng.bits(32) << 32n) | BigInt(rng.below(INDEX_LIMIT));
  return registers;
}
