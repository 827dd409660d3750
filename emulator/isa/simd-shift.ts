import type { Emitter } from "./emitter.js";
import type { Row } from "./pattern.js";
import {
  scalarShiftImmediate,
  shiftImmediate,
  type ScalarShiftImmediate,
  type ShiftImmediate,
} from "./simd-groups.js";
import {
  extend,
  lanes,
  pushSplat,
  pushZero,
  setNarrowed,
  setScalarFromVector,
  setVq,
  shuffleLanes,
} from "./simd-lanes.js";
import { saturatedNarrow, type Narrowing } from "./simd-narrow.js";
import { saturatedWhere, scalarExtent, vectorExtent, type Extent } from "./simd-qc.js";

/** Shifts by an immediate. */

type Immediate = Readonly<Record<"immh" | "immb", number>>;

/** log2 of the lane's bytes: immh's highest set bit. */
function sizeOf(f: Immediate): number {
  return 31 - Math.clz32(f.immh);
}

/** immh:immb = 2 * lane bits - shift for right shifts. */
function rightShift(f: Immediate): number {
  return (16 << sizeOf(f)) - ((f.immh << 3) | f.immb);
}

/** immh:immb = lane bits + shift for left shifts. */
function leftShift(f: Immediate): number {
  return ((f.immh << 3) | f.immb) - (8 << sizeOf(f));
}

function vectorUndefined(f: ShiftImmediate): boolean {
  return sizeOf(f) === 3 && f.q === 0;
}

function scalarUndefined(f: ScalarShiftImmediate): boolean {
  return sizeOf(f) !== 3;
}

/** Narrowing and widening shifts have lanes of 64 bits on their wide side at most. */
function narrowUndefined(f: Immediate): boolean {
  return sizeOf(f) === 3;
}

interface RightShift {
  readonly sign: "s" | "u";
  readonly rounds?: boolean;
  readonly accumulates?: boolean;
}

/** Push Vn shifted right by 1..lane bits. */
function pushShiftedRight(
  e: Emitter,
  n: number,
  size: number,
  shift: number,
  kind: RightShift,
): void {
  const bits = 8 << size;
  const last = (amount: number): void => {
    e.getV(n);
    if (amount >= bits && kind.sign === "u") {
      pushZero(e);
      e.w.v128_and();
      return;
    }
    e.w.i32_const(Math.min(amount, bits - 1));
    lanes(e, size, `shr_${kind.sign}`);
  };
  last(shift);
  if (kind.rounds !== true) return;
  // Add the last bit shifted out.
  last(shift - 1);
  pushSplat(e, size, 1n);
  e.w.v128_and();
  lanes(e, size, "add");
}

function shiftRight(kind: RightShift) {
  return (e: Emitter, f: ShiftImmediate): void => {
    const size = sizeOf(f);
    if (kind.accumulates === true) e.getV(f.rd);
    pushShiftedRight(e, f.rn, size, rightShift(f), kind);
    if (kind.accumulates === true) lanes(e, size, "add");
    setVq(e, f.rd, f.q);
  };
}

function shiftRightScalar(kind: RightShift) {
  return (e: Emitter, f: ScalarShiftImmediate): void => {
    if (kind.accumulates === true) e.getV(f.rd);
    pushShiftedRight(e, f.rn, 3, rightShift(f), kind);
    if (kind.accumulates === true) e.w.i64x2_add();
    setScalarFromVector(e, f.rd, 3);
  };
}

function pushShl(e: Emitter, f: Immediate & { readonly rn: number }): void {
  e.getV(f.rn);
  e.w.i32_const(leftShift(f));
  lanes(e, sizeOf(f), "shl");
}

function emitShl(e: Emitter, f: ShiftImmediate): void {
  pushShl(e, f);
  setVq(e, f.rd, f.q);
}

function emitShlScalar(e: Emitter, f: ScalarShiftImmediate): void {
  pushShl(e, f);
  setScalarFromVector(e, f.rd, 3);
}

/** SLI: the bits below the shifted value stay. */
function pushSli(e: Emitter, f: ScalarShiftImmediate): void {
  pushShl(e, f);
  e.getV(f.rd);
  pushSplat(e, sizeOf(f), (1n << BigInt(leftShift(f))) - 1n);
  e.w.v128_and();
  e.w.v128_or();
}

/** SRI: the bits above the shifted value stay. */
function pushSri(e: Emitter, f: ScalarShiftImmediate): void {
  const bits = BigInt(8 << sizeOf(f));
  const shift = rightShift(f);
  pushShiftedRight(e, f.rn, sizeOf(f), shift, { sign: "u" });
  e.getV(f.rd);
  pushSplat(e, sizeOf(f), -1n << (bits - BigInt(shift)));
  e.w.v128_and();
  e.w.v128_or();
}

function insert(push: typeof pushSli) {
  return (e: Emitter, f: ShiftImmediate): void => {
    push(e, f);
    setVq(e, f.rd, f.q);
  };
}

function insertScalar(push: typeof pushSli) {
  return (e: Emitter, f: ScalarShiftImmediate): void => {
    push(e, f);
    setScalarFromVector(e, f.rd, 3);
  };
}

/** SHRN, RSHRN: shift wide lanes right, keep their low halves. */
function shiftNarrow(rounds: boolean) {
  return (e: Emitter, f: ShiftImmediate): void => {
    const size = sizeOf(f);
    const shift = rightShift(f);
    e.getV(f.rn);
    if (rounds) {
      pushSplat(e, size + 1, 1n << BigInt(shift - 1));
      lanes(e, size + 1, "add");
    }
    e.w.i32_const(shift);
    lanes(e, size + 1, "shr_u");
    pushZero(e);
    e.w.i8x16_shuffle(shuffleLanes(size, (lane) => (2 * lane) % (16 >> size)));
    setNarrowed(e, f.rd, f.q);
  };
}

/** SSHLL, USHLL; by zero they are SXTL and UXTL. */
function shiftLong(isSigned: boolean) {
  return (e: Emitter, f: ShiftImmediate): void => {
    const shift = leftShift(f);
    e.getV(f.rn);
    extend(e, sizeOf(f), f.q, isSigned);
    if (shift !== 0) {
      e.w.i32_const(shift);
      lanes(e, sizeOf(f) + 1, "shl");
    }
    e.setV(f.rd);
  };
}

/** How a saturating narrowing shift reads its lanes and limits them. */
interface NarrowShift {
  readonly kind: Narrowing;
  readonly rounds: boolean;
}

function pushNarrowShift(
  e: Emitter,
  f: ScalarShiftImmediate,
  { kind, rounds }: NarrowShift,
  extent: Extent,
): void {
  const size = sizeOf(f);
  const sign = kind === "UQXTN" ? "u" : "s";
  pushShiftedRight(e, f.rn, size + 1, rightShift(f), { sign, rounds });
  saturatedNarrow(e, size, kind, extent);
}

function saturatingNarrowShift(shift: NarrowShift) {
  return (e: Emitter, f: ShiftImmediate): void => {
    pushNarrowShift(e, f, shift, 16);
    setNarrowed(e, f.rd, f.q);
  };
}

function saturatingNarrowShiftScalar(shift: NarrowShift) {
  return (e: Emitter, f: ScalarShiftImmediate): void => {
    pushNarrowShift(e, f, shift, scalarExtent(sizeOf(f) + 1));
    setScalarFromVector(e, f.rd, sizeOf(f));
  };
}

/** Signed, unsigned, signed to unsigned. */
type LeftShift = "SQSHL" | "UQSHL" | "SQSHLU";

/** Push Vn shifted left and saturated: where shifting back does not give the operand. */
function pushSaturatedLeft(
  e: Emitter,
  f: ScalarShiftImmediate,
  kind: LeftShift,
  extent: Extent,
): void {
  const { w } = e;
  const size = sizeOf(f);
  const sign = (): void => {
    e.getV(f.rn);
    w.i32_const((8 << size) - 1);
    lanes(e, size, "shr_s");
  };
  e.getV(f.rn);
  if (kind === "SQSHLU") {
    sign(); // negative numbers become zero
    w.v128_andnot();
  }
  const v = e.popTemp("v128");
  w.local_get(v);
  w.i32_const(leftShift(f));
  lanes(e, size, "shl");
  const shifted = e.popTemp("v128");
  w.local_get(shifted);
  w.i32_const(leftShift(f));
  lanes(e, size, kind === "SQSHL" ? "shr_s" : "shr_u");
  w.local_get(v);
  lanes(e, size, "ne");
  const lost = e.popTemp("v128");
  saturatedWhere(e, extent, () => {
    w.local_get(lost);
    if (kind !== "SQSHLU") return;
    sign();
    w.v128_or();
  });
  if (kind === "SQSHL") {
    sign();
    pushSplat(e, size, (1n << BigInt((8 << size) - 1)) - 1n);
    w.v128_xor();
    w.local_get(shifted);
    w.local_get(lost);
    w.v128_bitselect();
  } else {
    w.local_get(shifted);
    w.local_get(lost);
    w.v128_or();
  }
  e.free(v, shifted, lost);
}

function saturatingLeft(kind: LeftShift) {
  return (e: Emitter, f: ShiftImmediate): void => {
    pushSaturatedLeft(e, f, kind, vectorExtent(f.q));
    setVq(e, f.rd, f.q);
  };
}

function saturatingLeftScalar(kind: LeftShift) {
  return (e: Emitter, f: ScalarShiftImmediate): void => {
    pushSaturatedLeft(e, f, kind, scalarExtent(sizeOf(f)));
    setScalarFromVector(e, f.rd, sizeOf(f));
  };
}

const RIGHT: readonly (readonly [string, 0 | 1, string, RightShift])[] = [
  ["SSHR", 0, "00000", { sign: "s" }],
  ["USHR", 1, "00000", { sign: "u" }],
  ["SSRA", 0, "00010", { sign: "s", accumulates: true }],
  ["USRA", 1, "00010", { sign: "u", accumulates: true }],
  ["SRSHR", 0, "00100", { sign: "s", rounds: true }],
  ["URSHR", 1, "00100", { sign: "u", rounds: true }],
  ["SRSRA", 0, "00110", { sign: "s", rounds: true, accumulates: true }],
  ["URSRA", 1, "00110", { sign: "u", rounds: true, accumulates: true }],
];

const SATURATING_NARROW: readonly (readonly [string, 0 | 1, string, NarrowShift])[] = [
  ["SQSHRUN", 1, "10000", { kind: "SQXTUN", rounds: false }],
  ["SQRSHRUN", 1, "10001", { kind: "SQXTUN", rounds: true }],
  ["SQSHRN", 0, "10010", { kind: "SQXTN", rounds: false }],
  ["UQSHRN", 1, "10010", { kind: "UQXTN", rounds: false }],
  ["SQRSHRN", 0, "10011", { kind: "SQXTN", rounds: true }],
  ["UQRSHRN", 1, "10011", { kind: "UQXTN", rounds: true }],
];

const SATURATING_LEFT: readonly (readonly [string, 0 | 1, string, LeftShift])[] = [
  ["SQSHLU", 1, "01100", "SQSHLU"],
  ["SQSHL (immediate)", 0, "01110", "SQSHL"],
  ["UQSHL (immediate)", 1, "01110", "UQSHL"],
];

export const ROWS: readonly Row[] = [
  ...RIGHT.flatMap(([name, u, opcode, kind]) => [
    shiftImmediate(name, u, opcode, shiftRight(kind), vectorUndefined),
    scalarShiftImmediate(`${name} (scalar)`, u, opcode, shiftRightScalar(kind), scalarUndefined),
  ]),
  shiftImmediate("SHL", 0, "01010", emitShl, vectorUndefined),
  scalarShiftImmediate("SHL (scalar)", 0, "01010", emitShlScalar, scalarUndefined),
  shiftImmediate("SLI", 1, "01010", insert(pushSli), vectorUndefined),
  scalarShiftImmediate("SLI (scalar)", 1, "01010", insertScalar(pushSli), scalarUndefined),
  shiftImmediate("SRI", 1, "01000", insert(pushSri), vectorUndefined),
  scalarShiftImmediate("SRI (scalar)", 1, "01000", insertScalar(pushSri), scalarUndefined),
  shiftImmediate("SHRN", 0, "10000", shiftNarrow(false), narrowUndefined),
  shiftImmediate("RSHRN", 0, "10001", shiftNarrow(true), narrowUndefined),
  shiftImmediate("SSHLL", 0, "10100", shiftLong(true), narrowUndefined),
  shiftImmediate("USHLL", 1, "10100", shiftLong(false), narrowUndefined),
  ...SATURATING_NARROW.flatMap(([name, u, opcode, shift]) => [
    shiftImmediate(name, u, opcode, saturatingNarrowShift(shift), narrowUndefined),
    scalarShiftImmediate(
      `${name} (scalar)`,
      u,
      opcode,
      saturatingNarrowShiftScalar(shift),
      narrowUndefined,
    ),
  ]),
  ...SATURATING_LEFT.flatMap(([name, u, opcode, kind]) => [
    shiftImmediate(name, u, opcode, saturatingLeft(kind), vectorUndefined),
    scalarShiftImmediate(`${name}, scalar`, u, opcode, saturatingLeftScalar(kind)),
  ]),
];
