import type { Emitter, Local } from "./emitter.js";
import type { Row } from "./pattern.js";
import { pushElement } from "./simd-by-element.js";
import {
  byElement,
  onlyHalfOrWord,
  scalarByElement,
  scalarThreeDifferent,
  scalarThreeSame,
  scalarThreeSameExtra,
  threeDifferent,
  threeSame,
  threeSameExtra,
} from "./simd-groups.js";
import {
  extend,
  extendMultiply,
  joinLowHalves,
  lanes,
  pushSplat,
  setScalarFromVector,
  setVq,
  shuffleLanes,
} from "./simd-lanes.js";
import { saturatedNarrow } from "./simd-narrow.js";
import { saturatedWhere, scalarExtent, vectorExtent, type Extent } from "./simd-qc.js";
import { saturatedSum } from "./simd-saturate.js";

/** Doubling multiplies of halfwords and words: their high half, or all of the product, saturated. */

/** Operands as locals, `d` the destination before the instruction. */
interface Operands {
  readonly size: number;
  readonly a: Local;
  readonly b: Local;
  readonly d: Local;
  readonly extent: Extent;
}

function pushLowest(e: Emitter, size: number): void {
  pushSplat(e, size, 1n << BigInt((8 << size) - 1));
}

/** Push the mask of lanes where both factors are the lowest number: only their doubled product overflows. */
function pushBothLowest(e: Emitter, size: number, a: Local, b: Local): void {
  for (const factor of [a, b]) {
    e.w.local_get(factor);
    pushLowest(e, size);
    lanes(e, size, "eq");
  }
  e.w.v128_and();
}

function multiplyHalves(e: Emitter, { size, a, b }: Operands, part: 0 | 1): void {
  e.w.local_get(a);
  e.w.local_get(b);
  extendMultiply(e, size, part, true);
}

/** SQDMULH, SQRDMULH */
function doublingHigh(rounds: boolean) {
  return (e: Emitter, o: Operands): void => {
    const { w } = e;
    saturatedWhere(e, o.extent, () => pushBothLowest(e, o.size, o.a, o.b));
    if (o.size === 1 && rounds) {
      w.local_get(o.a);
      w.local_get(o.b);
      w.i16x8_q15mulr_sat_s();
      return;
    }
    for (const part of [0, 1] as const) {
      multiplyHalves(e, o, part);
      w.i32_const(o.size === 1 ? 15 : 1);
      if (o.size === 1) w.i32x4_shr_s();
      else w.i64x2_shl();
      if (!rounds) continue;
      pushSplat(e, 3, 1n << 31n);
      w.i64x2_add();
    }
    if (o.size === 1) {
      w.i16x8_narrow_i32x4_s();
      return;
    }
    w.i8x16_shuffle(shuffleLanes(2, (lane) => 2 * lane + 1));
    // No other product comes down to the lowest number.
    const high = e.popTemp("v128");
    w.local_get(high);
    w.local_get(high);
    pushLowest(e, 2);
    w.i32x4_eq();
    w.v128_xor();
    e.free(high);
  };
}

/** SQRDMLAH, SQRDMLSH: half of d in the high half, plus the product, has room in the wide lane. */
function roundingAccumulate(op: "add" | "sub") {
  return (e: Emitter, o: Operands): void => {
    const { w } = e;
    const shift = (8 << o.size) - 1;
    const parts = o.extent === 16 ? ([0, 1] as const) : ([0] as const);
    const wideExtent = o.extent < 8 ? scalarExtent(o.size + 1) : 16;
    for (const part of parts) {
      w.local_get(o.d);
      extend(e, o.size, part, true);
      w.i32_const(shift);
      lanes(e, o.size + 1, "shl");
      multiplyHalves(e, o, part);
      lanes(e, o.size + 1, op);
      pushSplat(e, o.size + 1, 1n << BigInt(shift - 1));
      lanes(e, o.size + 1, "add");
      w.i32_const(shift);
      lanes(e, o.size + 1, "shr_s");
      saturatedNarrow(e, o.size, "SQXTN", wideExtent);
    }
    if (parts.length === 2) joinLowHalves(e);
  };
}

/**
 * SQDMULL, SQDMLAL, SQDMLSL: the doubled product saturates by itself, before the sum does. `extent` is that of
 * the wide lanes.
 */
function doublingLong(op: "add" | "sub" | null) {
  return (e: Emitter, o: Operands, part: 0 | 1): void => {
    const { w } = e;
    const wide = o.size + 1;
    multiplyHalves(e, o, part);
    w.i32_const(1);
    lanes(e, wide, "shl");
    const product = e.popTemp("v128");
    w.local_get(product);
    pushLowest(e, wide);
    lanes(e, wide, "eq"); // wrapped: it was the square of the lowest number
    const overflowed = e.popTemp("v128");
    saturatedWhere(e, o.extent, () => w.local_get(overflowed));
    w.local_get(product);
    w.local_get(overflowed);
    w.v128_xor();
    if (op !== null) {
      w.local_set(product);
      saturatedSum(e, wide, op, "s", o.d, product, o.extent);
    }
    e.free(product, overflowed);
  };
}

type Same = (e: Emitter, o: Operands) => void;
type Long = (e: Emitter, o: Operands, part: 0 | 1) => void;

interface Registers {
  readonly size: number;
  readonly rn: number;
  readonly rd: number;
}

/** Put the operands in locals around `body`. */
function withThree(
  e: Emitter,
  f: Registers,
  extent: Extent,
  pushSecond: () => void,
  body: (o: Operands) => void,
): void {
  e.getV(f.rn);
  const a = e.popTemp("v128");
  pushSecond();
  const b = e.popTemp("v128");
  e.getV(f.rd);
  const d = e.popTemp("v128");
  body({ size: f.size, a, b, d, extent });
  e.free(a, b, d);
}

type Second<F> = (e: Emitter, f: F) => void;
type Vector = Registers & { readonly q: number };
const register: Second<{ readonly rm: number }> = (e, f) => e.getV(f.rm);

function same<F>(operation: Same, second: Second<F>) {
  return (e: Emitter, f: Vector & F): void => {
    withThree(
      e,
      f,
      vectorExtent(f.q),
      () => second(e, f),
      (o) => operation(e, o),
    );
    setVq(e, f.rd, f.q);
  };
}

function sameScalar<F>(operation: Same, second: Second<F>) {
  return (e: Emitter, f: Registers & F): void => {
    withThree(
      e,
      f,
      scalarExtent(f.size),
      () => second(e, f),
      (o) => operation(e, o),
    );
    setScalarFromVector(e, f.rd, f.size);
  };
}

/** Q picks the half of the narrow operands. */
function long<F>(operation: Long, second: Second<F>) {
  return (e: Emitter, f: Vector & F): void => {
    withThree(
      e,
      f,
      16,
      () => second(e, f),
      (o) => operation(e, o, f.q === 0 ? 0 : 1),
    );
    e.setV(f.rd);
  };
}

function longScalar<F>(operation: Long, second: Second<F>) {
  return (e: Emitter, f: Registers & F): void => {
    withThree(
      e,
      f,
      scalarExtent(f.size + 1),
      () => second(e, f),
      (o) => operation(e, o, 0),
    );
    setScalarFromVector(e, f.rd, f.size + 1);
  };
}

const HIGH: readonly (readonly [string, 0 | 1, string, Same])[] = [
  ["SQDMULH", 0, "1100", doublingHigh(false)],
  ["SQRDMULH", 1, "1101", doublingHigh(true)],
];

/** Name, opcode as three-same-extra, opcode by element. */
const ACCUMULATE: readonly (readonly [string, string, string, Same])[] = [
  ["SQRDMLAH", "0000", "1101", roundingAccumulate("add")],
  ["SQRDMLSH", "0001", "1111", roundingAccumulate("sub")],
];

/** Name, opcode as three-different, opcode by element. */
const LONG: readonly (readonly [string, string, string, Long])[] = [
  ["SQDMULL", "1101", "1011", doublingLong(null)],
  ["SQDMLAL", "1001", "0011", doublingLong("add")],
  ["SQDMLSL", "1011", "0111", doublingLong("sub")],
];

const RDM = ["simd", "rdm"] as const;

export const ROWS: readonly Row[] = [
  ...HIGH.flatMap(([name, u, opcode, op]) => [
    threeSame(`${name} (vector)`, u, "10110", same(op, register), onlyHalfOrWord),
    scalarThreeSame(`${name} (scalar)`, u, "10110", sameScalar(op, register), onlyHalfOrWord),
    byElement(`${name} (by element)`, 0, opcode, same(op, pushElement), onlyHalfOrWord),
    scalarByElement(
      `${name} (by element, scalar)`,
      0,
      opcode,
      sameScalar(op, pushElement),
      onlyHalfOrWord,
    ),
  ]),
  ...ACCUMULATE.flatMap(([name, opcode, elementOpcode, op]) => [
    threeSameExtra(`${name} (vector)`, 1, opcode, same(op, register), onlyHalfOrWord, RDM),
    scalarThreeSameExtra(
      `${name} (scalar)`,
      1,
      opcode,
      sameScalar(op, register),
      onlyHalfOrWord,
      RDM,
    ),
    byElement(`${name} (by element)`, 1, elementOpcode, same(op, pushElement), onlyHalfOrWord, RDM),
    scalarByElement(
      `${name} (by element, scalar)`,
      1,
      elementOpcode,
      sameScalar(op, pushElement),
      onlyHalfOrWord,
      RDM,
    ),
  ]),
  ...LONG.flatMap(([name, opcode, elementOpcode, op]) => [
    threeDifferent(`${name} (vector)`, 0, opcode, long(op, register), onlyHalfOrWord),
    scalarThreeDifferent(`${name} (scalar)`, 0, opcode, longScalar(op, register), onlyHalfOrWord),
    byElement(`${name} (by element)`, 0, elementOpcode, long(op, pushElement), onlyHalfOrWord),
    scalarByElement(
      `${name} (by element, scalar)`,
      0,
      elementOpcode,
      longScalar(op, pushElement),
      onlyHalfOrWord,
    ),
  ]),
];
