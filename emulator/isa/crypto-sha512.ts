import { rotateLanes } from "./crypto-words.js";
import type { Emitter, Local } from "./emitter.js";
import { inst, type Row } from "./pattern.js";
import { pushZero, shuffleLanes } from "./simd-lanes.js";

/** FEAT_SHA512: two rounds, or two words of the message schedule, of FIPS 180-4; and FEAT_SHA3. */

type Two = Readonly<Record<"rn" | "rd", number>>;
type Three = Two & { readonly rm: number };
type Four = Three & { readonly ra: number };

/** Doublewords of Vn in fresh i64 locals. */
function doublewordsOf(e: Emitter, n: number): [low: Local, high: Local] {
  const lane = (index: number): Local => {
    e.getV(n);
    e.w.i64x2_extract_lane(index);
    return e.popTemp("i64");
  };
  return [lane(0), lane(1)];
}

/** Push the exclusive or of the doubleword rotated right by each amount. */
function rotationsRight(e: Emitter, v: Local, amounts: readonly number[]): void {
  amounts.forEach((by, k) => {
    e.w.local_get(v);
    e.w.i64_const(64 - by, 0);
    e.w.i64_rotl();
    if (k > 0) e.w.i64_xor();
  });
}

function choose(e: Emitter, x: Local, y: Local, z: Local): void {
  const { w } = e;
  w.local_get(y);
  w.local_get(z);
  w.i64_xor();
  w.local_get(x);
  w.i64_and();
  w.local_get(z);
  w.i64_xor();
}

function majority(e: Emitter, x: Local, y: Local, z: Local): void {
  const { w } = e;
  w.local_get(x);
  w.local_get(y);
  w.i64_and();
  w.local_get(x);
  w.local_get(y);
  w.i64_or();
  w.local_get(z);
  w.i64_and();
  w.i64_or();
}

/** Pop an i64, add lane `lane` of Vd and leave the sum in `into`. */
function addLane(e: Emitter, d: number, lane: number, into: Local): void {
  e.getV(d);
  e.w.i64x2_extract_lane(lane);
  e.w.i64_add();
  e.w.local_set(into);
}

function setDoublewords(e: Emitter, d: number, low: Local, high: Local): void {
  e.w.local_get(low);
  e.w.i64x2_splat();
  e.w.local_get(high);
  e.w.i64x2_replace_lane(1);
  e.setV(d);
}

/** The first half of two rounds. Vd holds the sums of h, K and W, Vn and Vm e to g of the two rounds. */
function emitSha512h(e: Emitter, f: Three): void {
  const { w } = e;
  const [x0, x1] = doublewordsOf(e, f.rn);
  const [y0, y1] = doublewordsOf(e, f.rm);
  const low = e.temp("i64");
  const high = e.temp("i64");
  choose(e, y1, x0, x1);
  rotationsRight(e, y1, [14, 18, 41]);
  w.i64_add();
  addLane(e, f.rd, 1, high);
  w.local_get(high);
  w.local_get(y0);
  w.i64_add();
  w.local_set(low);
  choose(e, low, y1, x0);
  rotationsRight(e, low, [14, 18, 41]);
  w.i64_add();
  addLane(e, f.rd, 0, low);
  setDoublewords(e, f.rd, low, high);
  e.free(x0, x1, y0, y1, low, high);
}

/** The second half: a to c in Vn and Vm, Vd the first half's result. */
function emitSha512h2(e: Emitter, f: Three): void {
  const { w } = e;
  const [x0, unused] = doublewordsOf(e, f.rn);
  const [y0, y1] = doublewordsOf(e, f.rm);
  const low = e.temp("i64");
  const high = e.temp("i64");
  majority(e, x0, y1, y0);
  rotationsRight(e, y0, [28, 34, 39]);
  w.i64_add();
  addLane(e, f.rd, 1, high);
  majority(e, high, y0, y1);
  rotationsRight(e, high, [28, 34, 39]);
  w.i64_add();
  addLane(e, f.rd, 0, low);
  setDoublewords(e, f.rd, low, high);
  e.free(x0, unused, y0, y1, low, high);
}

/** Pop a v128, push its doublewords' rotations right by `first` and `second` and shift right by `shift`, added without carry. */
function sigma(e: Emitter, first: number, second: number, shift: number): void {
  const { w } = e;
  const v = e.popTemp("v128");
  w.local_get(v);
  rotateLanes(e, "i64x2", 64 - first);
  w.local_get(v);
  rotateLanes(e, "i64x2", 64 - second);
  w.v128_xor();
  w.local_get(v);
  w.i32_const(shift);
  w.i64x2_shr_u();
  w.v128_xor();
  e.free(v);
}

function emitSha512su0(e: Emitter, f: Two): void {
  e.getV(f.rd);
  e.getV(f.rn);
  e.w.i8x16_shuffle(shuffleLanes(3, (lane) => lane + 1));
  sigma(e, 1, 8, 7);
  e.getV(f.rd);
  e.w.i64x2_add();
  e.setV(f.rd);
}

function emitSha512su1(e: Emitter, f: Three): void {
  e.getV(f.rn);
  sigma(e, 19, 61, 6);
  e.getV(f.rd);
  e.w.i64x2_add();
  e.getV(f.rm);
  e.w.i64x2_add();
  e.setV(f.rd);
}

function emitEor3(e: Emitter, f: Four): void {
  e.getV(f.rn);
  e.getV(f.rm);
  e.w.v128_xor();
  e.getV(f.ra);
  e.w.v128_xor();
  e.setV(f.rd);
}

/** Bit clear and exclusive or. */
function emitBcax(e: Emitter, f: Four): void {
  e.getV(f.rn);
  e.getV(f.rm);
  e.getV(f.ra);
  e.w.v128_andnot();
  e.w.v128_xor();
  e.setV(f.rd);
}

/** Rotate left by one and exclusive or. */
function emitRax1(e: Emitter, f: Three): void {
  e.getV(f.rm);
  rotateLanes(e, "i64x2", 1);
  e.getV(f.rn);
  e.w.v128_xor();
  e.setV(f.rd);
}

/** Exclusive or and rotate right. */
function emitXar(e: Emitter, f: Three & { readonly imm6: number }): void {
  e.getV(f.rn);
  e.getV(f.rm);
  e.w.v128_xor();
  if (f.imm6 % 8 === 0) {
    // Whole bytes are one permutation.
    pushZero(e);
    const by = f.imm6 / 8;
    e.w.i8x16_shuffle(shuffleLanes(0, (byte) => (byte & 8) | ((byte + by) & 7)));
  } else rotateLanes(e, "i64x2", 64 - f.imm6);
  e.setV(f.rd);
}

const SHA512 = { feature: ["simd", "sha512"] } as const;
const SHA3 = { feature: ["simd", "sha3"] } as const;

export const ROWS: readonly Row[] = [
  inst("SHA512H", "11001110 011 rm:5 1000 00 rn:5 rd:5", emitSha512h, SHA512),
  inst("SHA512H2", "11001110 011 rm:5 1000 01 rn:5 rd:5", emitSha512h2, SHA512),
  inst("SHA512SU1", "11001110 011 rm:5 1000 10 rn:5 rd:5", emitSha512su1, SHA512),
  inst("SHA512SU0", "11001110 110 00000 1000 00 rn:5 rd:5", emitSha512su0, SHA512),
  inst("EOR3", "11001110 000 rm:5 0 ra:5 rn:5 rd:5", emitEor3, SHA3),
  inst("BCAX", "11001110 001 rm:5 0 ra:5 rn:5 rd:5", emitBcax, SHA3),
  inst("RAX1", "11001110 011 rm:5 1000 11 rn:5 rd:5", emitRax1, SHA3),
  inst("XAR", "11001110 100 rm:5 imm6:6 rn:5 rd:5", emitXar, SHA3),
];
