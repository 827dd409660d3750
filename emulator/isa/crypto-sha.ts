import {
  choose,
  majority,
  parity,
  pushWords,
  rotatedLeft,
  rotateLanes,
  rotationsRight,
  wordsOf,
} from "./crypto-words.js";
import type { Emitter, Local } from "./emitter.js";
import { inst, type Row } from "./pattern.js";
import { pushZero, shuffleLanes } from "./simd-lanes.js";

/** FEAT_SHA1 and FEAT_SHA256: four rounds, or four words of the message schedule, of FIPS 180-4. */

type Two = Readonly<Record<"rn" | "rd", number>>;
type Three = Two & { readonly rm: number };

/** A state's words as locals: a round renames instead of moving. */
type Four = [Local, Local, Local, Local];

/** SHA1C, SHA1P, SHA1M: a to d in Vd, e in Sn, K + W in Vm. */
function sha1Rounds(mix: (e: Emitter, b: Local, c: Local, d: Local) => void) {
  return (e: Emitter, f: Three): void => {
    const { w } = e;
    let [a, b, c, d] = wordsOf(e, f.rd) as Four;
    e.getSbits(f.rn);
    let fifth = e.popTemp("i32");
    for (let round = 0; round < 4; round++) {
      w.local_get(fifth);
      rotatedLeft(e, a, 5);
      w.i32_add();
      mix(e, b, c, d);
      w.i32_add();
      e.getV(f.rm);
      w.i32x4_extract_lane(round);
      w.i32_add();
      w.local_set(fifth);
      rotatedLeft(e, b, 30);
      w.local_set(b);
      [a, b, c, d, fifth] = [fifth, a, b, c, d];
    }
    pushWords(e, [a, b, c, d]);
    e.setV(f.rd);
    e.free(a, b, c, d, fifth);
  };
}

function emitSha1h(e: Emitter, f: Two): void {
  e.getSbits(f.rn);
  e.w.i32_const(30);
  e.w.i32_rotl();
  e.setSbits(f.rd);
}

function emitSha1su0(e: Emitter, f: Three): void {
  const { w } = e;
  e.getV(f.rd);
  e.getV(f.rn);
  w.i8x16_shuffle(shuffleLanes(3, (lane) => lane + 1));
  e.getV(f.rd);
  w.v128_xor();
  e.getV(f.rm);
  w.v128_xor();
  e.setV(f.rd);
}

function emitSha1su1(e: Emitter, f: Two): void {
  const { w } = e;
  e.getV(f.rd);
  e.getV(f.rn);
  pushZero(e);
  w.i8x16_shuffle(shuffleLanes(2, (lane) => lane + 1));
  w.v128_xor();
  rotateLanes(e, "i32x4", 1);
  const t = e.popTemp("v128");
  // The last word takes in the first one's result.
  w.local_get(t);
  pushZero(e);
  w.local_get(t);
  w.i8x16_shuffle(shuffleLanes(2, (lane) => (lane === 3 ? 4 : 0)));
  rotateLanes(e, "i32x4", 1);
  w.v128_xor();
  e.setV(f.rd);
  e.free(t);
}

/** SHA256H gives a to d, SHA256H2 e to h: both do the four rounds. `first` names the register of a to d. */
function sha256Rounds(part: 0 | 1) {
  return (e: Emitter, f: Three): void => {
    const { w } = e;
    let [a, b, c, d] = wordsOf(e, part === 0 ? f.rd : f.rn) as Four;
    let [e4, f4, g, h] = wordsOf(e, part === 0 ? f.rn : f.rd) as Four;
    for (let round = 0; round < 4; round++) {
      w.local_get(h);
      rotationsRight(e, e4, [6, 11, 25]);
      w.i32_add();
      choose(e, e4, f4, g);
      w.i32_add();
      e.getV(f.rm);
      w.i32x4_extract_lane(round);
      w.i32_add();
      w.local_tee(h);
      w.local_get(d);
      w.i32_add();
      w.local_set(d);
      w.local_get(h);
      rotationsRight(e, a, [2, 13, 22]);
      w.i32_add();
      majority(e, a, b, c);
      w.i32_add();
      w.local_set(h);
      [a, b, c, d, e4, f4, g, h] = [h, a, b, c, d, e4, f4, g];
    }
    pushWords(e, part === 0 ? [a, b, c, d] : [e4, f4, g, h]);
    e.setV(f.rd);
    e.free(a, b, c, d, e4, f4, g, h);
  };
}

/** Pop a v128, push its words' rotations right by `first` and `second` and shift right by `shift`, added without carry. */
function sigma(e: Emitter, first: number, second: number, shift: number): void {
  const { w } = e;
  const v = e.popTemp("v128");
  w.local_get(v);
  rotateLanes(e, "i32x4", 32 - first);
  w.local_get(v);
  rotateLanes(e, "i32x4", 32 - second);
  w.v128_xor();
  w.local_get(v);
  w.i32_const(shift);
  w.i32x4_shr_u();
  w.v128_xor();
  e.free(v);
}

/** Push the four words from word 1 on of two registers, the first one lower. */
function pushNextWords(e: Emitter, low: number, high: number): void {
  e.getV(low);
  e.getV(high);
  e.w.i8x16_shuffle(shuffleLanes(2, (lane) => lane + 1));
}

function emitSha256su0(e: Emitter, f: Two): void {
  pushNextWords(e, f.rd, f.rn);
  sigma(e, 7, 18, 3);
  e.getV(f.rd);
  e.w.i32x4_add();
  e.setV(f.rd);
}

/** The upper two words depend on the lower two. */
function emitSha256su1(e: Emitter, f: Three): void {
  const { w } = e;
  e.getV(f.rd);
  pushNextWords(e, f.rn, f.rm);
  w.i32x4_add();
  const sum = e.popTemp("v128");
  w.local_get(sum);
  e.getV(f.rm);
  pushZero(e);
  w.i8x16_shuffle(shuffleLanes(3, (lane) => lane + 1)); // upper half, then zero
  sigma(e, 17, 19, 10);
  w.i32x4_add();
  w.local_tee(sum);
  pushZero(e);
  w.local_get(sum);
  w.i8x16_shuffle(shuffleLanes(3, (lane) => 2 * lane)); // zero, then the lower half
  sigma(e, 17, 19, 10);
  w.i32x4_add();
  e.setV(f.rd);
  e.free(sum);
}

const SHA1 = { feature: ["simd", "sha1"] } as const;
const SHA256 = { feature: ["simd", "sha256"] } as const;

export const ROWS: readonly Row[] = [
  inst("SHA1C", "01011110 00 0 rm:5 0 000 00 rn:5 rd:5", sha1Rounds(choose), SHA1),
  inst("SHA1P", "01011110 00 0 rm:5 0 001 00 rn:5 rd:5", sha1Rounds(parity), SHA1),
  inst("SHA1M", "01011110 00 0 rm:5 0 010 00 rn:5 rd:5", sha1Rounds(majority), SHA1),
  inst("SHA1SU0", "01011110 00 0 rm:5 0 011 00 rn:5 rd:5", emitSha1su0, SHA1),
  inst("SHA1H", "01011110 00 10100 00000 10 rn:5 rd:5", emitSha1h, SHA1),
  inst("SHA1SU1", "01011110 00 10100 00001 10 rn:5 rd:5", emitSha1su1, SHA1),
  inst("SHA256H", "01011110 00 0 rm:5 0 100 00 rn:5 rd:5", sha256Rounds(0), SHA256),
  inst("SHA256H2", "01011110 00 0 rm:5 0 101 00 rn:5 rd:5", sha256Rounds(1), SHA256),
  inst("SHA256SU1", "01011110 00 0 rm:5 0 110 00 rn:5 rd:5", emitSha256su1, SHA256),
  inst("SHA256SU0", "01011110 00 10100 00010 10 rn:5 rd:5", emitSha256su0, SHA256),
];
