import { OFF_BOUNCE } from "../cpu/state-layout.js";
import * as arith from "../cpu/fp/arith.js";
import { fpMinMax, fpMinMaxNum, fpRelation, type FpRelation } from "../cpu/fp/compare.js";
import { fixedToFp, fpConvert, fpRoundInt, fpRoundIntN, fpToFixed } from "../cpu/fp/convert.js";
import * as estimate from "../cpu/fp/estimate.js";
import {
  BFLOAT16,
  DOUBLE,
  fpAbs,
  fpEnv,
  fpNeg,
  HALF,
  SINGLE,
  type FpEnv,
  type FpFormat,
} from "../cpu/fp/format.js";
import type { PhysMemory } from "../mmu/phys-memory.js";
import type { Emitter } from "./emitter.js";
import { raiseFpsr } from "./fp-flags.js";
import { helper } from "./helpers.js";

/**
 * The exact path of floating-point instructions: results and FPSR's flags on integers, under any FPCR.
 * WebAssembly rounds to nearest, leaves NaN payloads open and has no flags, so rows compute with its own
 * instructions and come here where those could differ (fp-guard.ts).
 */

interface Lane {
  /** Format of `a` and `b`; for conversions from integers its width is the integer's. */
  readonly from: FpFormat;
  /** Format of the result and of `c`, or the result's width when it is an integer. */
  readonly to: FpFormat;
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
  readonly env: FpEnv;
  /** Fraction bits of a fixed-point number. */
  readonly fracBits: number;
}

function toInteger(isSigned: boolean, rounding: FpEnv["rounding"]): (l: Lane) => bigint {
  return ({ from, to, a, env, fracBits }) =>
    fpToFixed(from, a, to.width, isSigned, { ...env, rounding }, fracBits);
}

/** A comparison as a mask; `signalsAll` for the ordered ones. */
function compare(holds: readonly FpRelation[], signalsAll: boolean): (l: Lane) => bigint {
  return ({ from, a, b, env }) => {
    const relation = fpRelation(from, a, b, signalsAll, env);
    return holds.includes(relation) ? (1n << BigInt(from.width)) - 1n : 0n;
  };
}

/** Operations on one lane. The order is the numbering used in translated code. */
const OPERATIONS = {
  add: ({ from, a, b, env }: Lane) => arith.fpAdd(from, a, b, env),
  sub: ({ from, a, b, env }: Lane) => arith.fpSub(from, a, b, env),
  mul: ({ from, a, b, env }: Lane) => arith.fpMul(from, a, b, env),
  nmul: ({ from, a, b, env }: Lane) => fpNeg(from, arith.fpMul(from, a, b, env)),
  div: ({ from, a, b, env }: Lane) => arith.fpDiv(from, a, b, env),
  sqrt: ({ from, a, env }: Lane) => arith.fpSqrt(from, a, env),
  /** a * b + c */
  mulAdd: ({ from, a, b, c, env }: Lane) => arith.fpMulAdd(from, c, a, b, env),
  /** The same with half-precision factors. */
  mulAddLong: ({ from, to, a, b, c, env }: Lane) => arith.fpMulAddLong(from, to, c, a, b, env),
  mulX: ({ from, a, b, env }: Lane) => arith.fpMulX(from, a, b, env),
  recipStep: ({ from, a, b, env }: Lane) => arith.fpRecipStep(from, a, b, env),
  rsqrtStep: ({ from, a, b, env }: Lane) => arith.fpRSqrtStep(from, a, b, env),
  absDiff: ({ from, a, b, env }: Lane) => fpAbs(from, arith.fpSub(from, a, b, env)),
  max: ({ from, a, b, env }: Lane) => fpMinMax(from, a, b, "max", env),
  min: ({ from, a, b, env }: Lane) => fpMinMax(from, a, b, "min", env),
  maxNum: ({ from, a, b, env }: Lane) => fpMinMaxNum(from, a, b, "max", env),
  minNum: ({ from, a, b, env }: Lane) => fpMinMaxNum(from, a, b, "min", env),
  roundTieEven: ({ from, a, env }: Lane) => fpRoundInt(from, a, { ...env, rounding: "tieEven" }),
  roundTieAway: ({ from, a, env }: Lane) => fpRoundInt(from, a, { ...env, rounding: "tieAway" }),
  roundPlusInf: ({ from, a, env }: Lane) => fpRoundInt(from, a, { ...env, rounding: "plusInf" }),
  roundMinusInf: ({ from, a, env }: Lane) => fpRoundInt(from, a, { ...env, rounding: "minusInf" }),
  roundZero: ({ from, a, env }: Lane) => fpRoundInt(from, a, { ...env, rounding: "zero" }),
  roundCurrent: ({ from, a, env }: Lane) => fpRoundInt(from, a, env),
  roundExact: ({ from, a, env }: Lane) => fpRoundInt(from, a, env, true),
  round32Zero: ({ from, a, env }: Lane) => fpRoundIntN(from, a, 32, { ...env, rounding: "zero" }),
  round32Current: ({ from, a, env }: Lane) => fpRoundIntN(from, a, 32, env),
  round64Zero: ({ from, a, env }: Lane) => fpRoundIntN(from, a, 64, { ...env, rounding: "zero" }),
  round64Current: ({ from, a, env }: Lane) => fpRoundIntN(from, a, 64, env),
  compareEq: compare(["equal"], false),
  compareGe: compare(["equal", "greater"], true),
  compareGt: compare(["greater"], true),
  convert: ({ from, to, a, env }: Lane) => fpConvert(from, to, a, env),
  convertOdd: ({ from, to, a, env }: Lane) => fpConvert(from, to, a, { ...env, rounding: "odd" }),
  toSignedTieEven: toInteger(true, "tieEven"),
  toSignedTieAway: toInteger(true, "tieAway"),
  toSignedPlusInf: toInteger(true, "plusInf"),
  toSignedMinusInf: toInteger(true, "minusInf"),
  toSignedZero: toInteger(true, "zero"),
  toUnsignedTieEven: toInteger(false, "tieEven"),
  toUnsignedTieAway: toInteger(false, "tieAway"),
  toUnsignedPlusInf: toInteger(false, "plusInf"),
  toUnsignedMinusInf: toInteger(false, "minusInf"),
  toUnsignedZero: toInteger(false, "zero"),
  fromSigned: ({ from, to, a, env, fracBits }: Lane) =>
    fixedToFp(to, BigInt.asIntN(from.width, a), fracBits, env),
  fromUnsigned: ({ to, a, env, fracBits }: Lane) => fixedToFp(to, a, fracBits, env),
  recipEstimate: ({ from, a, env }: Lane) => estimate.fpRecipEstimate(from, a, env),
  rsqrtEstimate: ({ from, a, env }: Lane) => estimate.fpRSqrtEstimate(from, a, env),
  recipExponent: ({ from, a, env }: Lane) => estimate.fpRecipExponent(from, a, env),
  unsignedRecipEstimate: ({ a }: Lane) => BigInt(estimate.unsignedRecipEstimate(Number(a))),
  unsignedRSqrtEstimate: ({ a }: Lane) => BigInt(estimate.unsignedRSqrtEstimate(Number(a))),
} as const;

export type ExactOp = keyof typeof OPERATIONS;

const OPERATION_LIST = Object.values(OPERATIONS);
const OPERATION_NUMBER = new Map(Object.keys(OPERATIONS).map((name, i) => [name, i]));
const FORMATS = [HALF, SINGLE, DOUBLE, BFLOAT16] as const;

/** What to compute: lane `i` of the result from lanes `i` of the operands, lanes from bit 0 up. */
export interface ExactRequest {
  readonly op: ExactOp;
  readonly from: FpFormat;
  /** Same as `from` if absent. */
  readonly to?: FpFormat;
  readonly lanes: number;
  readonly fracBits?: number;
}

const OPERAND_STRIDE = 16;
const OFF_RESULT = OFF_BOUNCE + 3 * OPERAND_STRIDE;

function readLane(memory: PhysMemory, at: number, width: number): bigint {
  if (width === 64) return BigInt.asUintN(64, memory.i64[at >> 3]!);
  return BigInt(width === 32 ? memory.u32[at >> 2]! : memory.u16[at >> 1]!);
}

function writeLane(memory: PhysMemory, at: number, width: number, bits: bigint): void {
  if (width === 64) memory.i64[at >> 3] = bits;
  else if (width === 32) memory.u32[at >> 2] = Number(bits);
  else memory.u16[at >> 1] = Number(bits);
}

const FP_EXACT = helper("fpExact", ["i32", "i32"], null, ({ memory }, packed = 0, fpcr = 0) => {
  const operation = OPERATION_LIST[packed & 0xff]!;
  const from = FORMATS[(packed >> 8) & 3]!;
  const to = FORMATS[(packed >> 10) & 3]!;
  const lanes = (packed >> 12) & 15;
  const fracBits = (packed >> 16) & 0x7f;
  const env = fpEnv(fpcr);
  memory.i64[OFF_RESULT >> 3] = 0n;
  memory.i64[(OFF_RESULT >> 3) + 1] = 0n;
  for (let i = 0; i < lanes; i++) {
    const operand = (k: number, { width }: FpFormat): bigint =>
      readLane(memory, OFF_BOUNCE + k * OPERAND_STRIDE + (i * width) / 8, width);
    const [a, b, c] = [operand(0, from), operand(1, from), operand(2, to)];
    const lane = { from, to, a, b, c, env, fracBits };
    writeLane(memory, OFF_RESULT + (i * to.width) / 8, to.width, operation(lane));
  }
  raiseFpsr(memory, env.status.raised);
  return undefined;
});

/**
 * Emit a call of the exact path. Each of `operands` (at most three) pushes a v128; the result is pushed
 * as a v128 whose lanes beyond `lanes` are zero.
 */
export function callExact(
  e: Emitter,
  request: ExactRequest,
  operands: readonly (() => void)[],
): void {
  const { op, from, to = from, lanes, fracBits = 0 } = request;
  operands.forEach((push, k) => {
    e.w.i32_const(0);
    push();
    e.w.v128_store(OFF_BOUNCE + k * OPERAND_STRIDE);
  });
  const formats = (FORMATS.indexOf(from) << 8) | (FORMATS.indexOf(to) << 10);
  e.w.i32_const((OPERATION_NUMBER.get(op) ?? 0) | formats | (lanes << 12) | (fracBits << 16));
  e.w.i32_const(e.mode.fpcr << 19);
  e.callHelper(FP_EXACT);
  e.w.i32_const(0);
  e.w.v128_load(OFF_RESULT);
}

/** The format an `sz` bit selects. */
export function singleOrDouble(sz: number): FpFormat {
  return sz === 0 ? SINGLE : DOUBLE;
}

/** The format an `ftype` field selects: 0 single, 1 double, 3 half. */
export function formatOf(ftype: number): FpFormat {
  return ftype === 3 ? HALF : singleOrDouble(ftype);
}
