import { expect } from "vitest";
import { fpMulAdd } from "../../emulator/cpu/fp/arith.js";
import { DOUBLE, SINGLE, type FpFormat } from "../../emulator/cpu/fp/format.js";
import { OFF_V } from "../../emulator/cpu/state-layout.js";
import { buildDecoder } from "../../emulator/isa/decode.js";
import * as fpFused from "../../emulator/isa/fp-fused.js";
import * as simdFpFused from "../../emulator/isa/simd-fp-fused.js";
import { fpOperand, Prng } from "./fp-operands.js";
import { rowRunner } from "./row-runner.js";

/** Fused multiply-add, translated, against exact integer arithmetic on many triples. */

type Triple = readonly [a: bigint, b: bigint, c: bigint];

const number = new DataView(new ArrayBuffer(8));

function toNumber(fmt: FpFormat, bits: bigint): number {
  if (fmt === DOUBLE) {
    number.setBigUint64(0, bits);
    return number.getFloat64(0);
  }
  number.setUint32(0, Number(bits));
  return number.getFloat32(0);
}

function toBits(fmt: FpFormat, value: number): bigint {
  if (fmt === DOUBLE) {
    number.setFloat64(0, value);
    return number.getBigUint64(0);
  }
  number.setFloat32(0, value);
  return BigInt(number.getUint32(0));
}

/** A random normal number with a moderate exponent and a mantissa of `bits` significant bits. */
function moderate(rng: Prng, fmt: FpFormat, bits: number): bigint {
  const keep = ~((1n << BigInt(Math.max(0, fmt.fracBits - bits))) - 1n);
  const fraction = rng.bits(fmt.fracBits) & keep;
  const exponent = BigInt(fmt.bias - 12 + rng.below(25)) << BigInt(fmt.fracBits);
  return (BigInt(rng.below(2)) << BigInt(fmt.width - 1)) | exponent | fraction;
}

/** Corners, plain numbers, sums that almost cancel, and sums that sit on or next to a tie. */
function triple(rng: Prng, fmt: FpFormat): Triple {
  const kind = rng.below(5);
  if (kind === 0) return [fpOperand(rng, fmt), fpOperand(rng, fmt), fpOperand(rng, fmt)];
  const bits = rng.pick([3, 12, fmt.fracBits >> 1, fmt.fracBits - 1, fmt.fracBits, fmt.fracBits]);
  const a = moderate(rng, fmt, bits);
  const b = moderate(rng, fmt, bits);
  if (kind === 1) return [a, b, moderate(rng, fmt, bits)];
  const product = toBits(fmt, toNumber(fmt, a) * toNumber(fmt, b));
  const sign = 1n << BigInt(fmt.width - 1);
  if (kind === 2) return [a, b, (product ^ sign) + BigInt(rng.below(5) - 2)];
  // An addend whose last place is near half or a quarter of the product, or the reverse.
  const places = fmt.fracBits + rng.below(5) - 2;
  const distance = BigInt(kind === 3 ? places : -places) << BigInt(fmt.fracBits);
  const few = rng.below(2) === 0 ? 0n : rng.bits(2);
  const c = ((product + distance) & ~((1n << BigInt(fmt.fracBits)) - 1n)) | few;
  return [a, b, BigInt.asUintN(fmt.width, rng.below(2) === 0 ? c : c ^ sign)];
}

function run(word: number, fmt: FpFormat, lanes: number, count: number): void {
  const row = buildDecoder([...fpFused.ROWS, ...simdFpFused.ROWS]).decode(word);
  if (row === null) throw new Error("no row");
  const runner = rowRunner();
  const { i64, u32 } = runner.memory;
  const step = runner.compile(row, word, 0);
  const at = (register: number, lane: number): number =>
    OFF_V + 16 * register + (lane * fmt.width) / 8;
  const put = (offset: number, bits: bigint): void => {
    if (fmt === DOUBLE) i64[offset >> 3] = bits;
    else u32[offset >> 2] = Number(bits);
  };
  const get = (offset: number): bigint =>
    fmt === DOUBLE ? BigInt.asUintN(64, i64[offset >> 3]!) : BigInt(u32[offset >> 2]!);
  // Vd = 0 is the addend of the vector form, Va = 3 of the scalar one.
  const addend = lanes === 1 ? 3 : 0;
  const rng = new Prng(word);
  for (let k = 0; k < count; k++) {
    const triples = Array.from({ length: lanes }, () => triple(rng, fmt));
    triples.forEach(([a, b, c], lane) => {
      put(at(1, lane), a);
      put(at(2, lane), b);
      put(at(addend, lane), c);
    });
    step();
    triples.forEach(([a, b, c], lane) => {
      const ours = get(at(0, lane));
      const exact = fpMulAdd(fmt, c, a, b);
      if (ours === exact) return;
      const text = [a, b, c, ours, exact].map((v) => v.toString(16)).join(" ");
      expect.fail(`${fmt.name} a b c ours exact = ${text}`);
    });
  }
}

/** FMADD and FMLA in both precisions, `count` triples each. */
export function checkFused(count: number): void {
  run(0x1f420c20, DOUBLE, 1, count); // fmadd d0, d1, d2, d3
  run(0x1f020c20, SINGLE, 1, count); // fmadd s0, s1, s2, s3
  run(0x4e62cc20, DOUBLE, 2, count / 2); // fmla v0.2d, v1.2d, v2.2d
  run(0x4e22cc20, SINGLE, 4, count / 4); // fmla v0.4s, v1.4s, v2.4s
}
