import type { Emitter, Local } from "./emitter.js";
import type { Row } from "./pattern.js";
import {
  noDoublewords,
  noSingleDoubleword,
  onlyDoublewords,
  scalarThreeSame,
  threeSame,
  twoMisc,
  type ScalarThreeRegisters,
  type ThreeRegisters,
  type TwoRegisters,
} from "./simd-groups.js";
import { extractUnsigned, lanes, replaceLane, setVq, withOperands } from "./simd-lanes.js";

/** SSHL, USHL and CLZ: no vector instruction does these, so lane by lane. */

type Sign = "s" | "u";

/** Push a vector of the lanes that `push` pushes (i32, or i64 for size 3). */
function pushLanewise(e: Emitter, q: number, size: number, push: (lane: number) => void): void {
  const count = (q === 0 ? 8 : 16) >> size;
  for (let i = 0; i < count; i++) {
    push(i);
    if (i === 0) lanes(e, size, "splat");
    else replaceLane(e, size, i);
  }
}

/** Push a lane of a v128 local, extended to i64. */
function pushWideLane(e: Emitter, v: Local, size: number, lane: number, sign: Sign): void {
  const { w } = e;
  w.local_get(v);
  if (size === 0) w[`i8x16_extract_lane_${sign}`](lane);
  else if (size === 1) w[`i16x8_extract_lane_${sign}`](lane);
  else if (size === 2) w.i32x4_extract_lane(lane);
  else {
    w.i64x2_extract_lane(lane);
    return;
  }
  w[`i64_extend_i32_${sign}`]();
}

/**
 * Push an i64 `value` shifted left by the signed low byte of an i32 `amount`, right when it is negative; 64
 * places and more shift everything out.
 */
function pushDynamicShift(e: Emitter, sign: Sign, value: () => void, amount: () => void): void {
  const { w } = e;
  amount();
  w.i32_extend8_s();
  const by = e.popTemp("i32");
  w.local_get(by);
  w.i32_const(0);
  w.i32_lt_s();
  const right = w.if_("i64");
  value();
  w.i32_const(0);
  w.local_get(by);
  w.i32_sub();
  w.i64_extend_i32_u();
  w[`i64_shr_${sign}`]();
  // 64 and beyond: no bits, or the sign alone.
  if (sign === "s") {
    value();
    w.i64_const(63, 0);
    w.i64_shr_s();
  } else w.i64_const(0, 0);
  w.local_get(by);
  w.i32_const(-64);
  w.i32_gt_s();
  w.select();
  w.else_(right);
  value();
  w.local_get(by);
  w.i64_extend_i32_u();
  w.i64_shl();
  w.i64_const(0, 0);
  w.local_get(by);
  w.i32_const(64);
  w.i32_lt_s();
  w.select();
  w.end(right);
  e.free(by);
}

function shift(sign: Sign) {
  return (e: Emitter, f: ThreeRegisters): void => {
    withOperands(e, f.rn, f.rm, (a, b) => {
      pushLanewise(e, f.q, f.size, (lane) => {
        pushDynamicShift(
          e,
          sign,
          () => pushWideLane(e, a, f.size, lane, sign),
          () => {
            e.w.local_get(b);
            e.w.i8x16_extract_lane_s(lane << f.size);
          },
        );
        if (f.size !== 3) e.w.i32_wrap_i64();
      });
    });
    setVq(e, f.rd, f.q);
  };
}

function shiftScalar(sign: Sign) {
  return (e: Emitter, f: ScalarThreeRegisters): void => {
    pushDynamicShift(
      e,
      sign,
      () => e.getDbits(f.rn),
      () => e.getSbits(f.rm),
    );
    e.setDbits(f.rd);
  };
}

function emitClz(e: Emitter, f: TwoRegisters): void {
  e.getV(f.rn);
  const v = e.popTemp("v128");
  pushLanewise(e, f.q, f.size, (lane) => {
    e.w.local_get(v);
    extractUnsigned(e, f.size, lane);
    e.w.i32_clz();
    e.w.i32_const(32 - (8 << f.size));
    e.w.i32_sub();
  });
  setVq(e, f.rd, f.q);
  e.free(v);
}

export const ROWS: readonly Row[] = [
  threeSame("SSHL", 0, "01000", shift("s"), noSingleDoubleword),
  threeSame("USHL", 1, "01000", shift("u"), noSingleDoubleword),
  scalarThreeSame("SSHL (scalar)", 0, "01000", shiftScalar("s"), onlyDoublewords),
  scalarThreeSame("USHL (scalar)", 1, "01000", shiftScalar("u"), onlyDoublewords),
  twoMisc("CLZ (vector)", 1, "00100", emitClz, noDoublewords),
];
