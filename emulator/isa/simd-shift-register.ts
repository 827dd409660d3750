import type { Emitter, Local } from "./emitter.js";
import { raiseQc } from "./fp-flags.js";
import type { Row } from "./pattern.js";
import {
  noSingleDoubleword,
  onlyDoublewords,
  scalarThreeSame,
  threeSame,
  type ScalarThreeRegisters,
  type ThreeRegisters,
} from "./simd-groups.js";
import {
  pushLanewise,
  pushSplat,
  pushWideLane,
  pushZero,
  setScalarFromVector,
  setVq,
  withOperands,
} from "./simd-lanes.js";

/**
 * Shifts by the signed low byte of each lane of Vm: left, or right if it is negative. No vector instruction does
 * that, so lane by lane, each shifted right and then left in 64 bits, one of the two by zero. The amounts are
 * worked out for all lanes at once.
 */

interface RegisterShift {
  readonly sign: "s" | "u";
  /** Shifting right adds half of the last place first. */
  readonly rounds: boolean;
  readonly saturates: boolean;
}

/** Vectors of amounts; the low byte of each lane counts. */
interface Amounts {
  readonly left: Local;
  readonly right: Local;
  /** If it rounds: 1 for lanes that go right; `right` is without that place. */
  readonly last: Local | null;
}

/** Amounts beyond which nothing changes. Words and smaller lanes have room in the 64 bits. */
function limits(
  size: number,
  { sign, rounds, saturates }: RegisterShift,
): [left: number, right: number] {
  const left = size === 3 ? 64 : saturates ? 32 : 63;
  if (size < 3) return [left, rounds ? 64 : 63];
  if (sign === "s") return [left, rounds ? 64 : 63];
  return [left, rounds ? 65 : 64];
}

function amountsOf(e: Emitter, size: number, by: Local, shift: RegisterShift): Amounts {
  const { w } = e;
  const [leftLimit, rightLimit] = limits(size, shift);
  const clamp = (push: () => void, limit: number): void => {
    push();
    pushZero(e);
    w.i8x16_max_s();
    pushSplat(e, 0, BigInt(limit));
    w.i8x16_min_s();
  };
  clamp(() => w.local_get(by), leftLimit);
  const left = e.popTemp("v128");
  clamp(() => {
    pushZero(e);
    w.local_get(by);
    w.i8x16_sub_sat_s();
  }, rightLimit);
  const right = e.popTemp("v128");
  if (!shift.rounds) return { left, right, last: null };
  w.local_get(right);
  pushSplat(e, 0, 1n);
  w.i8x16_min_u();
  const last = e.popTemp("v128");
  w.local_get(right);
  w.local_get(last);
  w.i8x16_sub();
  w.local_set(right);
  return { left, right, last };
}

/** Push a lane's amount as i64. */
function pushAmount(e: Emitter, amounts: Local, size: number, lane: number): void {
  e.w.local_get(amounts);
  e.w.i8x16_extract_lane_u(lane << size);
  e.w.i64_extend_i32_u();
}

/** Pop an i64, push it shifted; by 64 it takes two steps. */
function shiftBy(
  e: Emitter,
  op: "i64_shl" | "i64_shr_s" | "i64_shr_u",
  amounts: Local,
  size: number,
  lane: number,
): void {
  const { w } = e;
  pushAmount(e, amounts, size, lane);
  if (size < 3) {
    w[op]();
    return;
  }
  const amount = e.popTemp("i64");
  w.local_get(amount);
  w.i64_const(1, 0);
  w.i64_shr_u();
  w[op]();
  w.local_get(amount);
  w.local_get(amount);
  w.i64_const(1, 0);
  w.i64_shr_u();
  w.i64_sub();
  w[op]();
  e.free(amount);
}

/** Push a lane shifted, as i64. */
function pushShifted(
  e: Emitter,
  size: number,
  lane: number,
  shift: RegisterShift,
  value: Local,
  { left, right, last }: Amounts,
): void {
  const { w } = e;
  const shr = `i64_shr_${shift.sign}` as const;
  pushWideLane(e, value, size, lane, shift.sign);
  shiftBy(e, shr, right, size, lane);
  if (last !== null) {
    // Half, and the bit that falls out of it.
    const v = e.popTemp("i64");
    w.local_get(v);
    pushAmount(e, last, size, lane);
    w[shr]();
    w.local_get(v);
    pushAmount(e, last, size, lane);
    w.i64_and();
    w.i64_add();
    e.free(v);
  }
  if (!shift.saturates) {
    shiftBy(e, "i64_shl", left, size, lane);
    return;
  }
  const before = e.popTemp("i64");
  w.local_get(before);
  shiftBy(e, "i64_shl", left, size, lane);
  const after = e.popTemp("i64");
  if (size === 3)
    saturateDoubleword(e, shift, before, after, () => shiftBy(e, shr, left, size, lane));
  else saturateNarrow(e, size, shift, after);
  e.free(before, after);
}

/** Push `after`, or the limit if shifting it back does not give `before`. */
function saturateDoubleword(
  e: Emitter,
  { sign }: RegisterShift,
  before: Local,
  after: Local,
  shiftBack: () => void,
): void {
  const { w } = e;
  w.local_get(after);
  if (sign === "u") w.i64_const(-1, -1);
  else {
    w.local_get(before);
    w.i64_const(63, 0);
    w.i64_shr_s();
    w.i64_const(-1, 0x7fff_ffff);
    w.i64_xor();
  }
  w.local_get(after);
  shiftBack();
  w.local_get(before);
  w.i64_eq();
  const fits = e.popTemp("i32");
  w.local_get(fits);
  w.select();
  if (e.mode.fpsrExact) {
    w.local_get(fits);
    w.i32_eqz();
    raiseQc(e);
  }
  e.free(fits);
}

/** Push `after` within the range of the lane. */
function saturateNarrow(e: Emitter, size: number, { sign }: RegisterShift, after: Local): void {
  const { w } = e;
  const bits = 8 << size;
  const limit = (bound: number, beyond: () => void, v: Local): void => {
    w.i64_const_number(bound);
    w.local_get(v);
    w.local_get(v);
    w.i64_const_number(bound);
    beyond();
    w.select();
  };
  if (sign === "u") limit(2 ** bits - 1, () => w.i64_gt_u(), after);
  else {
    limit(2 ** (bits - 1) - 1, () => w.i64_gt_s(), after);
    const v = e.popTemp("i64");
    limit(-(2 ** (bits - 1)), () => w.i64_lt_s(), v);
    e.free(v);
  }
  if (!e.mode.fpsrExact) return;
  const result = e.popTemp("i64");
  w.local_get(result);
  w.local_get(after);
  w.i64_ne();
  raiseQc(e);
  w.local_get(result);
  e.free(result);
}

/** Push Vn's lanes shifted by Vm's. */
function pushShift(e: Emitter, f: ScalarThreeRegisters, count: number, shift: RegisterShift): void {
  withOperands(e, f.rn, f.rm, (value, by) => {
    const amounts = amountsOf(e, f.size, by, shift);
    pushLanewise(e, count, f.size, (lane) => {
      pushShifted(e, f.size, lane, shift, value, amounts);
      if (f.size < 3) e.w.i32_wrap_i64();
    });
    e.free(amounts.left, amounts.right);
    if (amounts.last !== null) e.free(amounts.last);
  });
}

function vector(shift: RegisterShift) {
  return (e: Emitter, f: ThreeRegisters): void => {
    pushShift(e, f, (f.q === 0 ? 8 : 16) >> f.size, shift);
    setVq(e, f.rd, f.q);
  };
}

function scalar(shift: RegisterShift) {
  return (e: Emitter, f: ScalarThreeRegisters): void => {
    pushShift(e, f, 1, shift);
    setScalarFromVector(e, f.rd, f.size);
  };
}

const SHIFTS: readonly (readonly [string, string, RegisterShift])[] = [
  ["SSHL", "01000", { sign: "s", rounds: false, saturates: false }],
  ["USHL", "01000", { sign: "u", rounds: false, saturates: false }],
  ["SQSHL (register)", "01001", { sign: "s", rounds: false, saturates: true }],
  ["UQSHL (register)", "01001", { sign: "u", rounds: false, saturates: true }],
  ["SRSHL", "01010", { sign: "s", rounds: true, saturates: false }],
  ["URSHL", "01010", { sign: "u", rounds: true, saturates: false }],
  ["SQRSHL", "01011", { sign: "s", rounds: true, saturates: true }],
  ["UQRSHL", "01011", { sign: "u", rounds: true, saturates: true }],
];

export const ROWS: readonly Row[] = SHIFTS.flatMap(([name, opcode, shift]) => {
  const u = shift.sign === "u" ? 1 : 0;
  // Only the saturating ones have scalar forms of every size.
  const scalarUndefined = shift.saturates ? undefined : onlyDoublewords;
  return [
    threeSame(name, u, opcode, vector(shift), noSingleDoubleword),
    scalarThreeSame(`${name}, scalar`, u, opcode, scalar(shift), scalarUndefined),
  ];
});
