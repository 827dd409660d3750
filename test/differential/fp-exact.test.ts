import { describe, expect, it } from "vitest";
import * as arith from "../../emulator/cpu/fp/arith.js";
import {
  FP_COMPARE_NZCV,
  fpMinMax,
  fpMinMaxNum,
  fpRelation,
} from "../../emulator/cpu/fp/compare.js";
import { fixedToFp, fpConvert, fpRoundInt, fpToFixed } from "../../emulator/cpu/fp/convert.js";
import {
  fpRecipEstimate,
  fpRecipExponent,
  fpRSqrtEstimate,
  unsignedRecipEstimate,
  unsignedRSqrtEstimate,
} from "../../emulator/cpu/fp/estimate.js";
import {
  DOUBLE,
  fpNeg,
  HALF,
  SINGLE,
  type FpFormat,
  type Rounding,
} from "../../emulator/cpu/fp/format.js";
import { fpOperand, Prng } from "../support/fp-operands.js";
import { Unicorn, unicornMissing } from "../support/unicorn.js";

/** The exact library against an outside CPU: operands in D1, D2, D3 (or S, H), result in D0 and the flags. */

const CODE = 0x1_0000;
const OPERANDS = 0x10_0000;
const RESULTS = 0x20_0000;
const CASES = 3000;

function program(word: number): Uint8Array {
  const words = [
    0x3cc10401, // loop: ldr q1, [x0], #16
    0x3cc10402, // ldr q2, [x0], #16
    0x3cc10403, // ldr q3, [x0], #16
    word,
    0x3c810420, // str q0, [x1], #16
    0xd53b4205, // mrs x5, nzcv
    0xf8008425, // str x5, [x1], #8
    0xd1000442, // sub x2, x2, #1
    0xb5ffff02, // cbnz x2, loop
  ];
  return new Uint8Array(new Uint32Array(words).buffer);
}

interface Case {
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
  readonly result: bigint;
  readonly nzcv: number;
}

/** Run one instruction over many operands on the outside CPU, under a given FPCR.RMode. */
function judge(word: number, operands: readonly bigint[][], rmode: number): Case[] {
  const uc = new Unicorn();
  uc.map(CODE, 0x1000);
  uc.map(OPERANDS, 0x10_0000);
  uc.map(RESULTS, 0x10_0000);
  const image = new BigUint64Array(operands.length * 6);
  operands.forEach((abc, i) => abc.forEach((v, k) => (image[i * 6 + k * 2] = v)));
  uc.write(OPERANDS, new Uint8Array(image.buffer));
  const head = [0xd51b4403]; // msr fpcr, x3
  uc.write(CODE, new Uint8Array(new Uint32Array(head).buffer));
  uc.write(CODE + 4, program(word));
  const set = (reg: number, value: number): void => {
    uc.writeRegister(reg, new Uint8Array(new BigUint64Array([BigInt(value)]).buffer));
  };
  set(199, OPERANDS);
  set(200, RESULTS);
  set(201, operands.length);
  set(202, rmode << 22);
  expect(uc.run(CODE, CODE + 4 + 9 * 4)).toBe(0);
  const out = new BigUint64Array(uc.read(RESULTS, operands.length * 24).buffer);
  uc.close();
  return operands.map(([a = 0n, b = 0n, c = 0n], i) => ({
    a,
    b,
    c,
    result: out[i * 3] ?? 0n,
    nzcv: Number((out[i * 3 + 2] ?? 0n) >> 28n),
  }));
}

type Model = (fmt: FpFormat, k: Case, rounding: Rounding) => bigint;

interface Operation {
  readonly name: string;
  /** Encoding for doubles, Vd = 0, Vn = 1, Vm = 2, Va = 3. */
  readonly word: number;
  readonly model: Model;
  /** Encoding bits that make it single or half precision, xored in. */
  readonly single?: number;
  readonly half?: number;
  /** Operand format when it is not the row's own. */
  readonly integerOperand?: boolean;
  /** Follows FPCR.RMode. */
  readonly rounds?: boolean;
}

const S = 0x0040_0000; // ftype or sz, bit 22
const H = 0x0080_0000; // double to half: ftype 01 to 11

const OPERATIONS: readonly Operation[] = [
  {
    name: "fadd",
    word: 0x1e622820,
    half: H,
    rounds: true,
    model: (f, k, r) => arith.fpAdd(f, k.a, k.b, r),
  },
  {
    name: "fsub",
    word: 0x1e623820,
    half: H,
    rounds: true,
    model: (f, k, r) => arith.fpSub(f, k.a, k.b, r),
  },
  {
    name: "fmul",
    word: 0x1e620820,
    half: H,
    rounds: true,
    model: (f, k, r) => arith.fpMul(f, k.a, k.b, r),
  },
  {
    name: "fnmul",
    word: 0x1e628820,
    half: H,
    rounds: true,
    model: (f, k, r) => fpNeg(f, arith.fpMul(f, k.a, k.b, r)),
  },
  {
    name: "fdiv",
    word: 0x1e621820,
    half: H,
    rounds: true,
    model: (f, k, r) => arith.fpDiv(f, k.a, k.b, r),
  },
  {
    name: "fsqrt",
    word: 0x1e61c020,
    half: H,
    rounds: true,
    model: (f, k, r) => arith.fpSqrt(f, k.a, r),
  },
  {
    name: "fmadd",
    word: 0x1f420c20,
    half: H,
    rounds: true,
    model: (f, k, r) => arith.fpMulAdd(f, k.c, k.a, k.b, r),
  },
  {
    name: "fmsub",
    word: 0x1f428c20,
    half: H,
    rounds: true,
    model: (f, k, r) => arith.fpMulAdd(f, k.c, fpNeg(f, k.a), k.b, r),
  },
  {
    name: "fnmadd",
    word: 0x1f620c20,
    half: H,
    rounds: true,
    model: (f, k, r) => arith.fpMulAdd(f, fpNeg(f, k.c), fpNeg(f, k.a), k.b, r),
  },
  {
    name: "fnmsub",
    word: 0x1f628c20,
    half: H,
    rounds: true,
    model: (f, k, r) => arith.fpMulAdd(f, fpNeg(f, k.c), k.a, k.b, r),
  },
  { name: "fmulx", word: 0x5e62dc20, model: (f, k) => arith.fpMulX(f, k.a, k.b) },
  { name: "frecps", word: 0x5e62fc20, model: (f, k) => arith.fpRecipStep(f, k.a, k.b) },
  { name: "frsqrts", word: 0x5ee2fc20, model: (f, k) => arith.fpRSqrtStep(f, k.a, k.b) },
  { name: "frecpe", word: 0x5ee1d820, model: (f, k) => fpRecipEstimate(f, k.a) },
  { name: "frsqrte", word: 0x7ee1d820, model: (f, k) => fpRSqrtEstimate(f, k.a) },
  { name: "frecpx", word: 0x5ee1f820, model: (f, k) => fpRecipExponent(f, k.a) },
  { name: "fmax", word: 0x1e624820, half: H, model: (f, k) => fpMinMax(f, k.a, k.b, "max") },
  { name: "fmin", word: 0x1e625820, half: H, model: (f, k) => fpMinMax(f, k.a, k.b, "min") },
  { name: "fmaxnm", word: 0x1e626820, half: H, model: (f, k) => fpMinMaxNum(f, k.a, k.b, "max") },
  { name: "fminnm", word: 0x1e627820, half: H, model: (f, k) => fpMinMaxNum(f, k.a, k.b, "min") },
  { name: "frintn", word: 0x1e644020, half: H, model: (f, k) => fpRoundInt(f, k.a, "tieEven") },
  { name: "frinta", word: 0x1e664020, half: H, model: (f, k) => fpRoundInt(f, k.a, "tieAway") },
  { name: "frintp", word: 0x1e64c020, half: H, model: (f, k) => fpRoundInt(f, k.a, "plusInf") },
  { name: "frintm", word: 0x1e654020, half: H, model: (f, k) => fpRoundInt(f, k.a, "minusInf") },
  { name: "frintz", word: 0x1e65c020, half: H, model: (f, k) => fpRoundInt(f, k.a, "zero") },
  {
    name: "frinti",
    word: 0x1e67c020,
    half: H,
    rounds: true,
    model: (f, k, r) => fpRoundInt(f, k.a, r),
  },
  {
    name: "fcvtns",
    word: 0x5e61a820,
    model: (f, k) => fpToFixed(f, k.a, f.width, true, "tieEven"),
  },
  {
    name: "fcvtau",
    word: 0x7e61c820,
    model: (f, k) => fpToFixed(f, k.a, f.width, false, "tieAway"),
  },
  {
    name: "fcvtps",
    word: 0x5ee1a820,
    model: (f, k) => fpToFixed(f, k.a, f.width, true, "plusInf"),
  },
  {
    name: "fcvtmu",
    word: 0x7e61b820,
    model: (f, k) => fpToFixed(f, k.a, f.width, false, "minusInf"),
  },
  { name: "fcvtzs", word: 0x5ee1b820, model: (f, k) => fpToFixed(f, k.a, f.width, true, "zero") },
  { name: "fcvtzu", word: 0x7ee1b820, model: (f, k) => fpToFixed(f, k.a, f.width, false, "zero") },
  {
    name: "fcvtzs #13",
    word: 0x5f73fc20,
    single: 0,
    model: (f, k) => fpToFixed(f, k.a, 64, true, "zero", 13),
  },
  {
    name: "scvtf",
    word: 0x5e61d820,
    integerOperand: true,
    rounds: true,
    model: (f, k, r) => fixedToFp(f, BigInt.asIntN(f.width, k.a), 0, r),
  },
  {
    name: "ucvtf",
    word: 0x7e61d820,
    integerOperand: true,
    rounds: true,
    model: (f, k, r) => fixedToFp(f, BigInt.asUintN(f.width, k.a), 0, r),
  },
  {
    name: "scvtf #11",
    word: 0x5f75e420,
    single: 0,
    integerOperand: true,
    model: (f, k) => fixedToFp(f, BigInt.asIntN(64, k.a), 11),
  },
  {
    name: "fcvt s, d",
    word: 0x1e624020,
    single: 0,
    rounds: true,
    model: (_, k, r) => fpConvert(DOUBLE, SINGLE, k.a, r),
  },
  {
    name: "fcvt h, d",
    word: 0x1e63c020,
    single: 0,
    rounds: true,
    model: (_, k, r) => fpConvert(DOUBLE, HALF, k.a, r),
  },
  {
    name: "fcvtxn s, d",
    word: 0x7e616820,
    single: 0,
    model: (_, k) => fpConvert(DOUBLE, SINGLE, k.a, "odd"),
  },
];

const NARROW: readonly Operation[] = [
  { name: "fcvt h, s", word: 0x1e23c020, model: (_, k) => fpConvert(SINGLE, HALF, k.a) },
  { name: "fcvt d, s", word: 0x1e22c020, model: (_, k) => fpConvert(SINGLE, DOUBLE, k.a) },
  { name: "fcvt d, h", word: 0x1ee2c020, half: 0, model: (_, k) => fpConvert(HALF, DOUBLE, k.a) },
  { name: "fcvt s, h", word: 0x1ee24020, half: 0, model: (_, k) => fpConvert(HALF, SINGLE, k.a) },
];

const RMODES: readonly Rounding[] = ["tieEven", "plusInf", "minusInf", "zero"];

function compareAll(op: Operation, word: number, fmt: FpFormat): void {
  const rng = new Prng(word >>> 3);
  const operand = (): bigint =>
    op.integerOperand ? rng.bits(fmt.width) >> BigInt(rng.below(fmt.width)) : fpOperand(rng, fmt);
  for (let rmode = 0; rmode < (op.rounds === true ? 4 : 1); rmode++) {
    const operands = Array.from({ length: CASES }, () => [operand(), operand(), operand()]);
    for (const k of judge(word, operands, rmode)) {
      const ours = op.model(fmt, k, RMODES[rmode] ?? "tieEven");
      if (ours === k.result) continue;
      const show = [k.a, k.b, k.c, ours, k.result].map((v) => v.toString(16)).join(" ");
      expect.fail(`${op.name} ${fmt.name} rmode ${rmode}: a b c ours judge = ${show}`);
    }
  }
}

describe.skipIf(unicornMissing !== null)(`exact floating point ${unicornMissing ?? ""}`, () => {
  it.each(OPERATIONS)("$name", (op) => {
    compareAll(op, op.word, DOUBLE);
    if (op.single !== 0) compareAll(op, op.word ^ S, SINGLE);
    if (op.half !== undefined) compareAll(op, op.word | op.half, HALF);
  });

  it.each(NARROW)("$name", (op) => {
    compareAll(op, op.word, op.half === 0 ? HALF : SINGLE);
  });

  it("fcmp", () => {
    const rng = new Prng(7);
    const operands = Array.from({ length: CASES }, () => {
      const a = fpOperand(rng, DOUBLE);
      return [a, rng.below(4) === 0 ? a ^ (rng.bits(1) << 63n) : fpOperand(rng, DOUBLE)];
    });
    for (const k of judge(0x1e622020, operands, 0)) {
      expect(FP_COMPARE_NZCV[fpRelation(DOUBLE, k.a, k.b)]).toBe(k.nzcv);
    }
  });

  it.each([
    { name: "urecpe", word: 0x0ea1c820, model: unsignedRecipEstimate },
    { name: "ursqrte", word: 0x2ea1c820, model: unsignedRSqrtEstimate },
  ])("$name", ({ word, model }) => {
    const rng = new Prng(word);
    const operands = Array.from({ length: CASES }, () => [rng.bits(32)]);
    for (const k of judge(word, operands, 0)) {
      expect(model(Number(k.a))).toBe(Number(k.result & 0xffff_ffffn));
    }
  });
});
