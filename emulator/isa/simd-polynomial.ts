import type { Emitter, Local } from "./emitter.js";
import { inst, type Row } from "./pattern.js";
import { onlyBytes, threeSame, type ThreeRegisters } from "./simd-groups.js";
import { extend, lanes, pushZero, reverseBits, setVq, shuffleLanes } from "./simd-lanes.js";

/** PMUL and PMULL: products of polynomials over GF(2), that is without carries. */

/** Push the low half of the products of lanes of `size`; the polynomials of b have 8 bits, at the top of their lanes. */
function multiplyBytes(e: Emitter, size: 0 | 1, a: Local, b: Local): void {
  const { w } = e;
  for (let step = 0; step < 8; step++) {
    if (step > 0) {
      // Double what there is so far, and bring up the next bit.
      const sum = e.popTemp("v128");
      w.local_get(sum);
      w.local_get(sum);
      lanes(e, size, "add");
      e.free(sum);
      w.local_get(b);
      w.local_get(b);
      lanes(e, size, "add");
      w.local_set(b);
    }
    w.local_get(b);
    pushZero(e);
    lanes(e, size, "lt_s");
    w.local_get(a);
    w.v128_and();
    if (step > 0) w.v128_xor();
  }
}

function emitPmul(e: Emitter, f: ThreeRegisters): void {
  e.getV(f.rn);
  const a = e.popTemp("v128");
  e.getV(f.rm);
  const b = e.popTemp("v128");
  multiplyBytes(e, 0, a, b);
  setVq(e, f.rd, f.q);
  e.free(a, b);
}

function emitPmullBytes(e: Emitter, f: ThreeRegisters): void {
  e.getV(f.rn);
  extend(e, 0, f.q, false);
  const a = e.popTemp("v128");
  e.getV(f.rm);
  extend(e, 0, f.q, false);
  e.w.i32_const(8);
  e.w.i16x8_shl();
  const b = e.popTemp("v128");
  multiplyBytes(e, 1, a, b);
  e.setV(f.rd);
  e.free(a, b);
}

const EVERY_FOURTH_BIT = 0x1111_1111;

/**
 * Push the low 64 bits of the product. Of integers with only every fourth bit set, the carries of an ordinary
 * multiplication stay within three bits of their place: sixteen of those, masked, make one without carries.
 */
function multiplyLow(e: Emitter, x: Local, y: Local): void {
  const { w } = e;
  const mask = (i: number): void => w.i64_const(EVERY_FOURTH_BIT << i, EVERY_FOURTH_BIT << i);
  const spread = (v: Local): Local[] =>
    [0, 1, 2, 3].map((i) => {
      w.local_get(v);
      mask(i);
      w.i64_and();
      return e.popTemp("i64");
    });
  const xs = spread(x);
  const ys = spread(y);
  for (let sum = 0; sum < 4; sum++) {
    xs.forEach((part, i) => {
      w.local_get(part);
      w.local_get(ys[(sum - i) & 3]!);
      w.i64_mul();
      if (i > 0) w.i64_xor();
    });
    mask(sum);
    w.i64_and();
    if (sum > 0) w.i64_or();
  }
  e.free(...xs, ...ys);
}

/** Byte `i` of each doubleword from byte 7 - i. */
const REVERSE_BYTES = shuffleLanes(0, (byte) => byte ^ 7);

/** The high half is the low half of the product of the reversed operands, reversed. */
function emitPmullDoublewords(e: Emitter, f: ThreeRegisters): void {
  const { w } = e;
  const operand = (n: number): Local => {
    e.getV(n);
    w.i64x2_extract_lane(f.q);
    return e.popTemp("i64");
  };
  const x = operand(f.rn);
  const y = operand(f.rm);
  multiplyLow(e, x, y);
  const low = e.popTemp("i64");
  e.getV(f.rn);
  e.getV(f.rm);
  w.i8x16_shuffle(shuffleLanes(0, (byte) => ((byte & 7) ^ 7) + 8 * f.q + 2 * (byte & 8)));
  reverseBits(e);
  const reversed = e.popTemp("v128");
  [x, y].forEach((into, lane) => {
    w.local_get(reversed);
    w.i64x2_extract_lane(lane);
    w.local_set(into);
  });
  multiplyLow(e, x, y);
  w.i64x2_splat();
  pushZero(e);
  w.i8x16_shuffle(REVERSE_BYTES);
  reverseBits(e);
  w.i32_const(1); // the product has 127 bits
  w.i64x2_shr_u();
  w.local_get(low);
  w.i64x2_replace_lane(0);
  e.setV(f.rd);
  e.free(x, y, low, reversed);
}

export const ROWS: readonly Row[] = [
  threeSame("PMUL", 1, "10011", emitPmul, onlyBytes),
  inst(
    "PMULL",
    "0 q:1 0 01110 size:2 1 rm:5 1110 00 rn:5 rd:5",
    (e, f) => {
      if (f.size === 0) emitPmullBytes(e, f);
      else emitPmullDoublewords(e, f);
    },
    {
      feature: (f) => (f.size === 0 ? "simd" : ["simd", "pmull"]),
      undefinedIf: (f) => f.size !== 0 && f.size !== 3,
    },
  ),
];
