import type { Body, Emitter, Local } from "./emitter.js";

/** Lane-size-generic pieces of the Advanced SIMD rows. `size` is log2 of the lane's bytes. */

const SHAPES = ["i8x16", "i16x8", "i32x4", "i64x2"] as const;
const NARROW_SHAPES = ["i8x16", "i16x8", "i32x4"] as const;
type IntegerShape = (typeof SHAPES)[number];

/** The vector instructions that exist under all four integer shapes with no immediate. */
export type LaneOp = {
  [K in keyof Body]: K extends `i8x16_${infer Op}`
    ? `i16x8_${Op}` extends keyof Body
      ? `i32x4_${Op}` extends keyof Body
        ? `i64x2_${Op}` extends keyof Body
          ? Body[K] extends () => void
            ? Op
            : never
          : never
        : never
      : never
    : never;
}[keyof Body];

/** The same for bytes, halfwords and words. */
export type NarrowLaneOp = {
  [K in keyof Body]: K extends `i8x16_${infer Op}`
    ? `i16x8_${Op}` extends keyof Body
      ? `i32x4_${Op}` extends keyof Body
        ? Body[K] extends () => void
          ? Op
          : never
        : never
      : never
    : never;
}[keyof Body];

export function shapeOf(size: number): IntegerShape {
  return SHAPES[size & 3]!;
}

/** The instruction `op` of the lane size: lanes(e, 1, "add") is i16x8.add. */
export function lanes(e: Emitter, size: number, op: LaneOp): void {
  e.w[`${shapeOf(size)}_${op}`]();
}

export function narrowLanes(e: Emitter, size: number, op: NarrowLaneOp): void {
  e.w[`${NARROW_SHAPES[size]!}_${op}`]();
}

/** Pop a v128 into Vd; with Q = 0 the high half becomes zero. */
export function setVq(e: Emitter, d: number, q: number): void {
  if (q === 0) e.setVlow(d);
  else e.setV(d);
}

/** Push lane `index` of the v128 on the stack, zero-extended (sizes 0..2: i32, 3: i64). */
export function extractUnsigned(e: Emitter, size: number, index: number): void {
  if (size === 0) e.w.i8x16_extract_lane_u(index);
  else if (size === 1) e.w.i16x8_extract_lane_u(index);
  else if (size === 2) e.w.i32x4_extract_lane(index);
  else e.w.i64x2_extract_lane(index);
}

/** Pop a lane as `extractUnsigned` pushes it, and under it a v128; push the v128 with the lane replaced. */
export function replaceLane(e: Emitter, size: number, index: number): void {
  e.w[`${shapeOf(size)}_replace_lane`](index);
}

/** Pop a v128, push its lane 0 with zero above. A mask is cheaper than a lane taken out and put in again. */
export function maskScalar(e: Emitter, size: number): void {
  e.w.v128_const(Uint8Array.from({ length: 16 }, (_, i) => (i < 1 << size ? 0xff : 0)));
  e.w.v128_and();
}

/** Pop a v128 and write its lane 0, of the given size, as the scalar Vd. */
export function setScalarFromVector(e: Emitter, d: number, size: number): void {
  maskScalar(e, size);
  e.setV(d);
}

/** A v128 constant with `value` in every lane of the given size. */
export function splatBytes(size: number, value: bigint): Uint8Array {
  const bytes = new Uint8Array(16);
  const step = 1 << size;
  for (let i = 0; i < 16; i++) {
    bytes[i] = Number(BigInt.asUintN(8, value >> BigInt(8 * (i % step))));
  }
  return bytes;
}

export function pushSplat(e: Emitter, size: number, value: bigint): void {
  e.w.v128_const(splatBytes(size, value));
}

export function pushZero(e: Emitter): void {
  e.w.v128_const(ZERO);
}

const ZERO = new Uint8Array(16);

/** Push Vn shifted so that its high half is in the low one, for the second-part ("2") instructions. */
export function getHalf(e: Emitter, n: number, part: number): void {
  e.getV(n);
  if (part === 0) return;
  e.getV(n);
  e.w.i8x16_shuffle(HIGH_TO_LOW);
}

const HIGH_TO_LOW = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const JOIN_LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];

/** Pop two v128; push the low half of the first below the low half of the second. */
export function joinLowHalves(e: Emitter): void {
  e.w.i8x16_shuffle(JOIN_LOW_HALVES);
}

/**
 * Pop a narrowed result in the low half of a v128 into Vd: the low half of Vd with zero above (Q = 0), or
 * the high half with the low one kept (Q = 1).
 */
export function setNarrowed(e: Emitter, d: number, q: number): void {
  if (q === 0) {
    setVq(e, d, 0);
    return;
  }
  const high = e.popTemp("v128");
  e.getV(d);
  e.w.local_get(high);
  joinLowHalves(e);
  e.setV(d);
  e.free(high);
}

/** Widen the low or high half of the v128 on the stack: lanes of `size` to lanes of `size + 1`. */
export function extend(e: Emitter, size: number, part: number, isSigned: boolean): void {
  const which = part === 0 ? "low" : "high";
  const sign = isSigned ? "s" : "u";
  if (size === 0) e.w[`i16x8_extend_${which}_i8x16_${sign}`]();
  else if (size === 1) e.w[`i32x4_extend_${which}_i16x8_${sign}`]();
  else e.w[`i64x2_extend_${which}_i32x4_${sign}`]();
}

/** Multiply the low or high halves of two v128 into lanes of `size + 1`. */
export function extendMultiply(e: Emitter, size: number, part: number, isSigned: boolean): void {
  const which = part === 0 ? "low" : "high";
  const sign = isSigned ? "s" : "u";
  if (size === 0) e.w[`i16x8_extmul_${which}_i8x16_${sign}`]();
  else if (size === 1) e.w[`i32x4_extmul_${which}_i16x8_${sign}`]();
  else e.w[`i64x2_extmul_${which}_i32x4_${sign}`]();
}

/** Shuffle lane numbers for lanes of `size`: `pick(i)` says which lane, 0.. of the first, then the second. */
export function shuffleLanes(size: number, pick: (lane: number) => number): Uint8Array {
  const bytes = new Uint8Array(16);
  const step = 1 << size;
  for (let i = 0; i < 16; i++) bytes[i] = pick(i >> size) * step + (i & (step - 1));
  return bytes;
}

/** Two v128 locals holding the operands of a three-register row. */
export function withOperands(
  e: Emitter,
  n: number,
  m: number,
  body: (a: Local, b: Local) => void,
): void {
  e.getV(n);
  const a = e.popTemp("v128");
  e.getV(m);
  const b = e.popTemp("v128");
  body(a, b);
  e.free(a, b);
}

/** Push the mask of lanes where a > b, or a >= b, unsigned. */
export function compareUnsigned(
  e: Emitter,
  size: number,
  relation: "gt" | "ge",
  a: Local,
  b: Local,
): void {
  for (const x of [a, b]) {
    e.w.local_get(x);
    if (size !== 3) continue;
    pushSplat(e, 3, 1n << 63n); // there is no unsigned comparison of 64-bit lanes
    e.w.v128_xor();
  }
  if (size === 3) e.w[`i64x2_${relation}_s`]();
  else narrowLanes(e, size, `${relation}_u`);
}

/** Push a * b lane by lane, modulo the lane. Sizes 0, 1 and 2. */
export function multiplyLanes(e: Emitter, size: number, a: Local, b: Local): void {
  const operands = (): void => {
    e.w.local_get(a);
    e.w.local_get(b);
  };
  operands();
  if (size === 1) e.w.i16x8_mul();
  else if (size === 2) e.w.i32x4_mul();
  else {
    e.w.i16x8_extmul_low_i8x16_u();
    operands();
    e.w.i16x8_extmul_high_i8x16_u();
    e.w.i8x16_shuffle(shuffleLanes(0, (lane) => lane * 2));
  }
}

/** Pop bytes, push them with their bits reversed: both nibbles' reversals are looked up. */
export function reverseBits(e: Emitter): void {
  const { w } = e;
  const v = e.popTemp("v128");
  w.v128_const(REVERSED_NIBBLES.map((n) => n << 4));
  w.local_get(v);
  pushSplat(e, 0, 0x0fn);
  w.v128_and();
  w.i8x16_swizzle();
  w.v128_const(REVERSED_NIBBLES);
  w.local_get(v);
  w.i32_const(4);
  w.i8x16_shr_u();
  w.i8x16_swizzle();
  w.v128_or();
  e.free(v);
}

const REVERSED_NIBBLES = Uint8Array.from({ length: 16 }, (_, n) => {
  return ((n & 1) << 3) | ((n & 2) << 1) | ((n & 4) >> 1) | (n >> 3);
});

/** Push a vector of `count` lanes that `push` pushes (i32, or i64 for size 3); those above are copies. */
export function pushLanewise(
  e: Emitter,
  count: number,
  size: number,
  push: (lane: number) => void,
): void {
  for (let i = 0; i < count; i++) {
    push(i);
    if (i === 0) lanes(e, size, "splat");
    else replaceLane(e, size, i);
  }
}

/** Push a lane of a v128 local, extended to i64. */
export function pushWideLane(
  e: Emitter,
  v: Local,
  size: number,
  lane: number,
  sign: "s" | "u",
): void {
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
