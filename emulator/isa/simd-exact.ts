import { OFF_BOUNCE } from "../cpu/state-layout.js";
import type { PhysMemory } from "../mmu/phys-memory.js";
import type { Emitter } from "./emitter.js";
import { helper } from "./helpers.js";

/**
 * Integer lane operations that compilers seldom emit, done lane by lane in host code on exact integers.
 * FPSR.QC is not raised by those that saturate (see fp-exact.ts).
 */

interface Lane {
  /** Operand lanes, unsigned. */
  readonly a: bigint;
  readonly b: bigint;
  /** The destination's lane before the operation; as wide as the result. */
  readonly d: bigint;
  /** Bits of an operand lane and of a result lane. */
  readonly from: number;
  readonly to: number;
  /** The instruction's shift amount. */
  readonly shift: number;
}

function signedLane(bits: number, value: bigint): bigint {
  return BigInt.asIntN(bits, value);
}

function saturate(bits: number, isSigned: boolean, value: bigint): bigint {
  const max = (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n;
  const min = isSigned ? -max - 1n : 0n;
  return value < min ? min : value > max ? max : value;
}

/** Shift left by `amount`, or right if negative, adding half of the last place first if `rounds`. */
function shiftBy(value: bigint, amount: number, rounds: boolean): bigint {
  if (amount >= 0) return value << BigInt(amount);
  const right = BigInt(-amount);
  return (rounds ? value + (1n << (right - 1n)) : value) >> right;
}

/** SRSHL and family: the amount is the low byte of the second operand's lane, signed. */
function shiftByRegister(isSigned: boolean, rounds: boolean, saturates: boolean) {
  return ({ a, b, from }: Lane): bigint => {
    const value = isSigned ? signedLane(from, a) : a;
    const shifted = shiftBy(value, Number(BigInt.asIntN(8, b)), rounds);
    return saturates ? saturate(from, isSigned, shifted) : shifted;
  };
}

/** SQSHRN and family: shift right, then saturate into the narrower lane. */
function narrowingShift(fromSigned: boolean, toSigned: boolean, rounds: boolean) {
  return ({ a, from, to, shift }: Lane): bigint => {
    const value = fromSigned ? signedLane(from, a) : a;
    return saturate(to, toSigned, shiftBy(value, -shift, rounds));
  };
}

/** SQSHL, UQSHL, SQSHLU by an immediate. */
function saturatingShiftLeft(fromSigned: boolean, toSigned: boolean) {
  return ({ a, from, shift }: Lane): bigint => {
    const value = fromSigned ? signedLane(from, a) : a;
    return saturate(from, toSigned, value << BigInt(shift));
  };
}

function doublingHigh({ a, b, from }: Lane, rounds: boolean): bigint {
  const product = 2n * signedLane(from, a) * signedLane(from, b);
  const rounded = rounds ? product + (1n << BigInt(from - 1)) : product;
  return saturate(from, true, rounded >> BigInt(from));
}

function doublingLong({ a, b, from, to }: Lane): bigint {
  return saturate(to, true, 2n * signedLane(from, a) * signedLane(from, b));
}

/** Operations on one lane. The order is the numbering used in translated code. */
const OPERATIONS = {
  srshl: shiftByRegister(true, true, false),
  urshl: shiftByRegister(false, true, false),
  sqshl: shiftByRegister(true, false, true),
  uqshl: shiftByRegister(false, false, true),
  sqrshl: shiftByRegister(true, true, true),
  uqrshl: shiftByRegister(false, true, true),
  sqshlImmediate: saturatingShiftLeft(true, true),
  uqshlImmediate: saturatingShiftLeft(false, false),
  sqshlu: saturatingShiftLeft(true, false),
  sqshrn: narrowingShift(true, true, false),
  uqshrn: narrowingShift(false, false, false),
  sqshrun: narrowingShift(true, false, false),
  sqrshrn: narrowingShift(true, true, true),
  uqrshrn: narrowingShift(false, false, true),
  sqrshrun: narrowingShift(true, false, true),
  sqdmulh: (l: Lane) => doublingHigh(l, false),
  sqrdmulh: (l: Lane) => doublingHigh(l, true),
  sqdmull: doublingLong,
  sqdmlal: (l: Lane) => saturate(l.to, true, signedLane(l.to, l.d) + doublingLong(l)),
  sqdmlsl: (l: Lane) => saturate(l.to, true, signedLane(l.to, l.d) - doublingLong(l)),
  sqabs: ({ a, from }: Lane) => {
    const value = signedLane(from, a);
    return saturate(from, true, value < 0n ? -value : value);
  },
  sqneg: ({ a, from }: Lane) => saturate(from, true, -signedLane(from, a)),
  suqadd: ({ a, d, from }: Lane) => saturate(from, true, signedLane(from, d) + a),
  usqadd: ({ a, d, from }: Lane) => saturate(from, false, d + signedLane(from, a)),
  cls: ({ a, from }: Lane) => {
    const value = signedLane(from, a);
    const bits = value < 0n ? ~value : value;
    return BigInt(from - 1 - (bits === 0n ? 0 : bits.toString(2).length));
  },
} as const;

export type LaneOperation = keyof typeof OPERATIONS;

const OPERATION_LIST = Object.values(OPERATIONS);
const OPERATION_NUMBER = new Map(Object.keys(OPERATIONS).map((name, i) => [name, i]));

/** Sizes are log2 of the lane's bytes; lane `i` of the result comes from lanes `i` of the operands. */
export interface LaneRequest {
  readonly op: LaneOperation;
  readonly from: number;
  readonly to: number;
  readonly lanes: number;
  readonly shift?: number;
}

const OPERAND_STRIDE = 16;
const OFF_RESULT = OFF_BOUNCE + 3 * OPERAND_STRIDE;

function readLane(memory: PhysMemory, at: number, size: number): bigint {
  if (size === 0) return BigInt(memory.u8[at]!);
  if (size === 1) return BigInt(memory.u16[at >> 1]!);
  if (size === 2) return BigInt(memory.u32[at >> 2]!);
  return BigInt.asUintN(64, memory.i64[at >> 3]!);
}

function writeLane(memory: PhysMemory, at: number, size: number, value: bigint): void {
  if (size === 3) memory.i64[at >> 3] = value;
  else if (size === 2) memory.u32[at >> 2] = Number(BigInt.asUintN(32, value));
  else if (size === 1) memory.u16[at >> 1] = Number(BigInt.asUintN(16, value));
  else memory.u8[at] = Number(BigInt.asUintN(8, value));
}

const SIMD_LANES = helper("simdLanes", ["i32"], null, ({ memory }, packed = 0) => {
  const operation = OPERATION_LIST[packed & 0xff]!;
  const from = (packed >> 8) & 3;
  const to = (packed >> 10) & 3;
  const lanes = (packed >> 12) & 31;
  const shift = (packed >> 17) & 0x7f;
  memory.i64[OFF_RESULT >> 3] = 0n;
  memory.i64[(OFF_RESULT >> 3) + 1] = 0n;
  for (let i = 0; i < lanes; i++) {
    const value = operation({
      a: readLane(memory, OFF_BOUNCE + (i << from), from),
      b: readLane(memory, OFF_BOUNCE + OPERAND_STRIDE + (i << from), from),
      d: readLane(memory, OFF_BOUNCE + 2 * OPERAND_STRIDE + (i << to), to),
      from: 8 << from,
      to: 8 << to,
      shift,
    });
    writeLane(memory, OFF_RESULT + (i << to), to, value);
  }
  return undefined;
});

/**
 * Emit the operation: `operands` push up to three v128 (a, b, d); the result is pushed as a v128, zero
 * beyond its lanes.
 */
export function callLanes(
  e: Emitter,
  request: LaneRequest,
  operands: readonly (() => void)[],
): void {
  const { op, from, to, lanes, shift = 0 } = request;
  operands.forEach((push, k) => {
    e.w.i32_const(0);
    push();
    e.w.v128_store(OFF_BOUNCE + k * OPERAND_STRIDE);
  });
  const number = OPERATION_NUMBER.get(op) ?? 0;
  e.w.i32_const(number | (from << 8) | (to << 10) | (lanes << 12) | (shift << 17));
  e.callHelper(SIMD_LANES);
  e.w.i32_const(0);
  e.w.v128_load(OFF_RESULT);
}
