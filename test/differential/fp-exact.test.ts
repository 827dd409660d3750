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
  fpEnv,
  fpNeg,
  HALF,
  SINGLE,
  type FpEnv,
  type FpFormat,
} from "../../emulator/cpu/fp/format.js";
import { fpOperand, Prng } from "../support/fp-operands.js";
import { Unicorn, unicornMissing } from "../support/unicorn.js";

/** The exact library against an outside CPU: operands in D1, D2, D3 (or S, H), result in D0 and the flags. */

const CODE = 0x1_0000;
const OPERANDS = 0x10_0000;
const RESULTS = 0x20_0000;
const CASES = 800;

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

/** Run one instruction over many operands on the outside CPU, under a given FPCR. */
function judge(word: number, operands: readonly bigint[][], fpcr: number): Case[] {
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
  set(202, fpcr);
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

type Model = (fmt: FpFormat, k: Case, env: FpEnv) => bigint;

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
}

const S = 0x0040_0000; // ftype or sz, bit 22
const H = 0x0080_0000; // double to half: ftype 01 to 11

const OPERATIONS: readonly Operation[] = [
  {
    name: "fadd",
    word: 0x1e622820,
    half: H,
    model: (f, k, env) => arith.fpAdd(f, k.a, k.b, env),
  },
  {
    name: "fsub",
    word: 0x1e623820,
    half: H,
    model: (f, k, env) => arith.fpSub(f, k.a, k.b, env),
  },
  {
    name: "fmul",
    word: 0x1e620820,
    half: H,
    model: (f, k, env) => arith.fpMul(f, k.a, k.b, env),
  },
  {
    name: "fnmul",
    word: 0x1e628820,
    half: H,
    model: (f, k, env) => fpNeg(f, arith.fpMul(f, k.a, k.b, env)),
  },
  {
    name: "fdiv",
    word: 0x1e621820,
    half: H,
    model: (f, k, env) => arith.fpDiv(f, k.a, k.b, env),
  },
  {
    name: "fsqrt",
    word: 0x1e61c020,
    half: H,
    model: (f, k, env) => arith.fpSqrt(f, k.a, env),
  },
  {
    name: "fmadd",
    word: 0x1f420c20,
    half: H,
    model: (f, k, env) => arith.fpMulAdd(f, k.c, k.a, k.b, env),
  },
  {
    name: "fmsub",
    word: 0x1f428c20,
    half: H,
    model: (f, k, env) => arith.fpMulAdd(f, k.c, fpNeg(f, k.a), k.b, env),
  },
  {
    name: "fnmadd",
    word: 0x1f620c20,
    half: H,
    model: (f, k, env) => arith.fpMulAdd(f, fpNeg(f, k.c), fpNeg(f, k.a), k.b, env),
  },
  {
    name: "fnmsub",
    word: 0x1f628c20,
    half: H,
    model: (f, k, env) => arith.fpMulAdd(f, fpNeg(f, k.c), k.a, k.b, env),
  },
  { name: "fmulx", word: 0x5e62dc20, model: (f, k, env) => arith.fpMulX(f, k.a, k.b, env) },
  { name: "frecps", word: 0x5e62fc20, model: (f, k, env) => arith.fpRecipStep(f, k.a, k.b, env) },
  { name: "frsqrts", word: 0x5ee2fc20, model: (f, k, env) => arith.fpRSqrtStep(f, k.a, k.b, env) },
  { name: "frecpe", word: 0x5ee1d820, model: (f, k, env) => fpRecipEstimate(f, k.a, env) },
  { name: "frsqrte", word: 0x7ee1d820, model: (f, k, env) => fpRSqrtEstimate(f, k.a, env) },
  { name: "frecpx", word: 0x5ee1f820, model: (f, k, env) => fpRecipExponent(f, k.a, env) },
  {
    name: "fmax",
    word: 0x1e624820,
    half: H,
    model: (f, k, env) => fpMinMax(f, k.a, k.b, "max", env),
  },
  {
    name: "fmin",
    word: 0x1e625820,
    half: H,
    model: (f, k, env) => fpMinMax(f, k.a, k.b, "min", env),
  },
  {
    name: "fmaxnm",
    word: 0x1e626820,
    half: H,
    model: (f, k, env) => fpMinMaxNum(f, k.a, k.b, "max", env),
  },
  {
    name: "fminnm",
    word: 0x1e627820,
    half: H,
    model: (f, k, env) => fpMinMaxNum(f, k.a, k.b, "min", env),
  },
  {
    name: "frintn",
    word: 0x1e644020,
    half: H,
    model: (f, k, env) => fpRoundInt(f, k.a, { ...env, rounding: "tieEven" }),
  },
  {
    name: "frinta",
    word: 0x1e664020,
    half: H,
    model: (f, k, env) => fpRoundInt(f, k.a, { ...env, rounding: "tieAway" }),
  },
  {
    name: "frintp",
    word: 0x1e64c020,
    half: H,
    model: (f, k, env) => fpRoundInt(f, k.a, { ...env, rounding: "plusInf" }),
  },
  {
    name: "frintm",
    word: 0x1e654020,
    half: H,
    model: (f, k, env) => fpRoundInt(f, k.a, { ...env, rounding: "minusInf" }),
  },
  {
    name: "frintz",
    word: 0x1e65c020,
    half: H,
    model: (f, k, env) => fpRoundInt(f, k.a, { ...env, rounding: "zero" }),
  },
  {
    name: "frinti",
    word: 0x1e67c020,
    half: H,
    model: (f, k, env) => fpRoundInt(f, k.a, env),
  },
  {
    name: "fcvtns",
    word: 0x5e61a820,
    model: (f, k, env) => fpToFixed(f, k.a, f.width, true, { ...env, rounding: "tieEven" }),
  },
  {
    name: "fcvtau",
    word: 0x7e61c820,
    model: (f, k, env) => fpToFixed(f, k.a, f.width, false, { ...env, rounding: "tieAway" }),
  },
  {
    name: "fcvtps",
    word: 0x5ee1a820,
    model: (f, k, env) => fpToFixed(f, k.a, f.width, true, { ...env, rounding: "plusInf" }),
  },
  {
    name: "fcvtmu",
    word: 0x7e61b820,
    model: (f, k, env) => fpToFixed(f, k.a, f.width, false, { ...env, rounding: "minusInf" }),
  },
  {
    name: "fcvtzs",
    word: 0x5ee1b820,
    model: (f, k, env) => fpToFixed(f, k.a, f.width, true, { ...env, rounding: "zero" }),
  },
  {
    name: "fcvtzu",
    word: 0x7ee1b820,
    model: (f, k, env) => fpToFixed(f, k.a, f.width, false, { ...env, rounding: "zero" }),
  },
  {
    name: "fcvtzs #13",
    word: 0x5f73fc20,
    single: 0,
    model: (f, k, env) => fpToFixed(f, k.a, 64, true, { ...env, rounding: "zero" }, 13),
  },
  {
    name: "scvtf",
    word: 0x5e61d820,
    integerOperand: true,
    model: (f, k, env) => fixedToFp(f, BigInt.asIntN(f.width, k.a), 0, env),
  },
  {
    name: "ucvtf",
    word: 0x7e61d820,
    integerOperand: true,
    model: (f, k, env) => fixedToFp(f, BigInt.asUintN(f.width, k.a), 0, env),
  },
  {
    name: "scvtf #11",
    word: 0x5f75e420,
    single: 0,
    integerOperand: true,
    model: (f, k, env) => fixedToFp(f, BigInt.asIntN(64, k.a), 11, env),
  },
  {
    name: "fcvt s, d",
    word: 0x1e624020,
    single: 0,
    model: (_, k, env) => fpConvert(DOUBLE, SINGLE, k.a, env),
  },
  {
    name: "fcvt h, d",
    word: 0x1e63c020,
    single: 0,
    model: (_, k, env) => fpConvert(DOUBLE, HALF, k.a, env),
  },
  {
    name: "fcvtxn s, d",
    word: 0x7e616820,
    single: 0,
    model: (_, k, env) => fpConvert(DOUBLE, SINGLE, k.a, { ...env, rounding: "odd" }),
  },
];

const NARROW: readonly Operation[] = [
  { name: "fcvt h, s", word: 0x1e23c020, model: (_, k, env) => fpConvert(SINGLE, HALF, k.a, env) },
  {
    name: "fcvt d, s",
    word: 0x1e22c020,
    model: (_, k, env) => fpConvert(SINGLE, DOUBLE, k.a, env),
  },
  {
    name: "fcvt d, h",
    word: 0x1ee2c020,
    half: 0,
    model: (_, k, env) => fpConvert(HALF, DOUBLE, k.a, env),
  },
  {
    name: "fcvt s, h",
    word: 0x1ee24020,
    half: 0,
    model: (_, k, env) => fpConvert(HALF, SINGLE, k.a, env),
  },
];

const FZ = 1 << 24;
const DN = 1 << 25;
const FPCRS = [0, 1 << 22, 2 << 22, 3 << 22, FZ, DN, FZ | DN | (1 << 22), FZ | (3 << 22)];

function compareAll(op: Operation, word: number, fmt: FpFormat): void {
  const rng = new Prng(word >>> 3);
  const operand = (): bigint =>
    op.integerOperand ? rng.bits(fmt.width) >> BigInt(rng.below(fmt.width)) : fpOperand(rng, fmt);
  for (const fpcr of FPCRS) {
    const operands = Array.from({ length: CASES }, () => [operand(), operand(), operand()]);
    for (const k of judge(word, operands, fpcr)) {
      const ours = op.model(fmt, k, fpEnv(fpcr));
      if (ours === k.result) continue;
      const show = [k.a, k.b, k.c, ours, k.result].map((v) => v.toString(16)).join(" ");
      expect.fail(`${op.name} ${fmt.name} fpcr ${fpcr.toString(16)}: a b c ours judge = ${show}`);
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
