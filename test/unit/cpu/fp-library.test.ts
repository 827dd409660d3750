import { describe, expect, it } from "vitest";
import { fpAdd, fpDiv, fpMul, fpMulAdd, fpSqrt, fpSub } from "../../../emulator/cpu/fp/arith.js";
import { fpMinMax, fpRelation } from "../../../emulator/cpu/fp/compare.js";
import { fixedToFp, fpConvert, fpRoundInt, fpToFixed } from "../../../emulator/cpu/fp/convert.js";
import { DOUBLE, fpEnv, HALF, SINGLE, type FpFormat } from "../../../emulator/cpu/fp/format.js";
import { bitLength, roundPack } from "../../../emulator/cpu/fp/round.js";
import { fpOperand, Prng } from "../../support/fp-operands.js";

/** The exact library against the host's own IEEE arithmetic, where the two are defined to agree. */

const view = new DataView(new ArrayBuffer(8));

function value(fmt: FpFormat, bits: bigint): number {
  view.setBigUint64(0, bits << BigInt(64 - fmt.width));
  return fmt === DOUBLE ? view.getFloat64(0) : view.getFloat32(0);
}

function bitsOf(fmt: FpFormat, x: number): bigint {
  view.setBigUint64(0, 0n);
  if (fmt === DOUBLE) view.setFloat64(0, x);
  else view.setFloat32(0, x);
  return view.getBigUint64(0) >> BigInt(64 - fmt.width);
}

const ROUNDS = 4000;

describe.each([SINGLE, DOUBLE])("$name precision against the host", (fmt) => {
  const rng = new Prng(fmt.width);
  const round = fmt === SINGLE ? Math.fround : (x: number): number => x;

  function agree(name: string, ours: bigint, host: number): void {
    // Which NaN is Arm's business, tested elsewhere.
    if (Number.isNaN(host)) expect(Number.isNaN(value(fmt, ours)), name).toBe(true);
    else expect(ours, name).toBe(bitsOf(fmt, round(host)));
  }

  it("adds, subtracts, multiplies, divides and takes roots", () => {
    for (let i = 0; i < ROUNDS; i++) {
      const a = fpOperand(rng, fmt);
      const b = fpOperand(rng, fmt);
      const [x, y] = [value(fmt, a), value(fmt, b)];
      agree("add", fpAdd(fmt, a, b), x + y);
      agree("sub", fpSub(fmt, a, b), x - y);
      agree("mul", fpMul(fmt, a, b), x * y);
      agree("div", fpDiv(fmt, a, b), x / y);
      agree("sqrt", fpSqrt(fmt, a), Math.sqrt(x));
    }
  });

  it("orders, rounds to integers and converts", () => {
    for (let i = 0; i < ROUNDS; i++) {
      const a = fpOperand(rng, fmt);
      const b = fpOperand(rng, fmt);
      const [x, y] = [value(fmt, a), value(fmt, b)];
      const relation = x < y ? "less" : x > y ? "greater" : x === y ? "equal" : "unordered";
      expect(fpRelation(fmt, a, b)).toBe(relation);
      agree("max", fpMinMax(fmt, a, b, "max"), Math.max(x, y));
      agree("floor", fpRoundInt(fmt, a, fpEnv(2 << 22)), Math.floor(x));
      agree("ceil", fpRoundInt(fmt, a, fpEnv(1 << 22)), Math.ceil(x));
      agree("convert", fpConvert(DOUBLE, fmt, bitsOf(DOUBLE, x)), x);
      // Exact as a double, so that the host rounds once in single precision too.
      const n = BigInt.asIntN(fmt === DOUBLE ? 64 : 53, rng.bits(64));
      agree("fixedToFp", fixedToFp(fmt, n), Number(n));
    }
  });
});

describe("rounding", () => {
  it("counts significant bits", () => {
    expect([0n, 1n, 7n, 8n, (1n << 70n) - 1n, 1n << 70n].map(bitLength)).toEqual([
      0, 1, 3, 4, 70, 71,
    ]);
  });

  it("goes from the largest subnormal to the smallest normal number by a carry", () => {
    expect(roundPack(DOUBLE, 0, (1n << 53n) - 1n, -1075, fpEnv(0))).toBe(0x0010_0000_0000_0000n);
  });

  it("overflows to infinity or to the largest number as the mode says", () => {
    const huge = (fpcr: number, sign: number): bigint => roundPack(HALF, sign, 1n, 16, fpEnv(fpcr));
    expect(huge(0, 0)).toBe(0x7c00n);
    expect(huge(1 << 22, 1)).toBe(0xfbffn);
    expect(huge(2 << 22, 1)).toBe(0xfc00n);
    expect(huge(3 << 22, 0)).toBe(0x7bffn);
  });

  it("saturates conversions to integers", () => {
    const env = fpEnv(3 << 22);
    const convert = (x: number, isSigned: boolean): bigint =>
      fpToFixed(DOUBLE, bitsOf(DOUBLE, x), 32, isSigned, env);
    expect(convert(-1.9, true)).toBe(0xffff_ffffn);
    expect(convert(-1.9, false)).toBe(0n);
    expect(convert(1e10, true)).toBe(0x7fff_ffffn);
    expect(convert(-Infinity, true)).toBe(0x8000_0000n);
    expect(convert(NaN, true)).toBe(0n);
  });

  it("keeps one rounding in a product and sum that double arithmetic would round twice", () => {
    const x = bitsOf(DOUBLE, 1 + 2 ** -30);
    const ours = fpMulAdd(DOUBLE, bitsOf(DOUBLE, -1), x, x);
    expect(value(DOUBLE, ours)).toBe(2 ** -29 + 2 ** -60);
  });
});
