import { sm4Sbox } from "../cpu/crypto/nibble-sbox.js";
import { substituteBytes } from "./crypto-sbox.js";
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

/** FEAT_SM3 (GB/T 32905) and FEAT_SM4 (GB/T 32907). */

type Two = Readonly<Record<"rn" | "rd", number>>;
type Three = Two & { readonly rm: number };
type Four = Three & { readonly ra: number };
type Indexed = Three & { readonly imm2: number };

/** Pop words, push P1 of each: x, x rotated left by 15 and by 23, added without carry. */
function permutation1(e: Emitter): void {
  const x = e.popTemp("v128");
  e.w.local_get(x);
  for (const by of [15, 23]) {
    e.w.local_get(x);
    rotateLanes(e, "i32x4", by);
    e.w.v128_xor();
  }
  e.free(x);
}

/** Pop a v128, push it with its first word in the last place and zeros elsewhere. */
function firstToLast(e: Emitter): void {
  pushZero(e);
  e.w.i8x16_shuffle(shuffleLanes(2, (lane) => (lane === 3 ? 0 : 4)));
}

/** The last of the four words needs the first one's result. */
function emitPartW1(e: Emitter, f: Three): void {
  const { w } = e;
  e.getV(f.rm);
  pushZero(e);
  w.i8x16_shuffle(shuffleLanes(2, (lane) => lane + 1));
  rotateLanes(e, "i32x4", 15);
  e.getV(f.rd);
  w.v128_xor();
  e.getV(f.rn);
  w.v128_xor();
  const t = e.popTemp("v128");
  w.local_get(t);
  w.local_get(t);
  permutation1(e);
  firstToLast(e);
  rotateLanes(e, "i32x4", 15);
  w.v128_xor();
  permutation1(e);
  e.setV(f.rd);
  e.free(t);
}

function emitPartW2(e: Emitter, f: Three): void {
  const { w } = e;
  e.getV(f.rm);
  rotateLanes(e, "i32x4", 7);
  e.getV(f.rn);
  w.v128_xor();
  const t = e.popTemp("v128");
  e.getV(f.rd);
  w.local_get(t);
  w.v128_xor();
  w.local_get(t);
  firstToLast(e);
  rotateLanes(e, "i32x4", 15);
  permutation1(e);
  w.v128_xor();
  e.setV(f.rd);
  e.free(t);
}

function lastWord(e: Emitter, n: number): void {
  e.getV(n);
  e.w.i32x4_extract_lane(3);
}

function emitSs1(e: Emitter, f: Four): void {
  const { w } = e;
  pushZero(e);
  lastWord(e, f.rn);
  w.i32_const(12);
  w.i32_rotl();
  lastWord(e, f.rm);
  w.i32_add();
  lastWord(e, f.ra);
  w.i32_add();
  w.i32_const(7);
  w.i32_rotl();
  w.i32x4_replace_lane(3);
  e.setV(f.rd);
}

type Mix = (e: Emitter, x: Local, y: Local, z: Local) => void;

/** SM3TT1A, SM3TT1B: Vd holds D, C, B, A; Vn SS1 in its last word; Vm words of the schedule. */
function firstTemporary(mix: Mix) {
  return (e: Emitter, f: Indexed): void => {
    const { w } = e;
    const [d, c, b, a] = wordsOf(e, f.rd) as [Local, Local, Local, Local];
    w.local_get(d);
    mix(e, a, c, b);
    w.i32_add();
    lastWord(e, f.rn);
    rotatedLeft(e, a, 12);
    w.i32_xor();
    w.i32_add();
    e.getV(f.rm);
    w.i32x4_extract_lane(f.imm2);
    w.i32_add();
    w.local_set(d);
    rotatedLeft(e, b, 9);
    w.local_set(b);
    pushWords(e, [c, b, a, d]);
    e.setV(f.rd);
    e.free(d, c, b, a);
  };
}

/** SM3TT2A, SM3TT2B: H, G, F, E in Vd. */
function secondTemporary(mix: Mix) {
  return (e: Emitter, f: Indexed): void => {
    const { w } = e;
    const [h, g, f4, e4] = wordsOf(e, f.rd) as [Local, Local, Local, Local];
    w.local_get(h);
    mix(e, e4, f4, g);
    w.i32_add();
    lastWord(e, f.rn);
    w.i32_add();
    e.getV(f.rm);
    w.i32x4_extract_lane(f.imm2);
    w.i32_add();
    w.local_tee(h);
    rotationsRight(e, h, [32 - 9, 32 - 17]);
    w.i32_xor();
    w.local_set(h);
    rotatedLeft(e, f4, 19);
    w.local_set(f4);
    pushWords(e, [g, f4, e4, h]);
    e.setV(f.rd);
    e.free(h, g, f4, e4);
  };
}

/**
 * Four rounds of SM4, or of its key schedule, on the state in `state`: each new word is the oldest one plus a
 * substituted and spread sum of the others and a word of `constants`.
 */
function sm4Rounds(
  e: Emitter,
  state: number,
  constants: number,
  spread: readonly number[],
): Local[] {
  const { w } = e;
  let words = wordsOf(e, state);
  for (let round = 0; round < 4; round++) {
    const [oldest, ...others] = words as [Local, Local, Local, Local];
    e.getV(constants);
    w.i32x4_extract_lane(round);
    for (const other of others) {
      w.local_get(other);
      w.i32_xor();
    }
    w.i32x4_splat();
    substituteBytes(e, sm4Sbox());
    w.i32x4_extract_lane(0);
    const t = e.popTemp("i32");
    w.local_get(oldest);
    rotationsRight(
      e,
      t,
      spread.map((by) => (32 - by) % 32),
    );
    w.i32_xor();
    w.local_set(oldest);
    e.free(t);
    words = [...others, oldest];
  }
  return words;
}

function emitSm4e(e: Emitter, f: Two): void {
  const words = sm4Rounds(e, f.rd, f.rn, [0, 2, 10, 18, 24]);
  pushWords(e, words);
  e.setV(f.rd);
  e.free(...words);
}

function emitSm4ekey(e: Emitter, f: Three): void {
  const words = sm4Rounds(e, f.rn, f.rm, [0, 13, 23]);
  pushWords(e, words);
  e.setV(f.rd);
  e.free(...words);
}

const SM3 = { feature: ["simd", "sm3"] } as const;
const SM4 = { feature: ["simd", "sm4"] } as const;

export const ROWS: readonly Row[] = [
  inst("SM3PARTW1", "11001110 011 rm:5 1100 00 rn:5 rd:5", emitPartW1, SM3),
  inst("SM3PARTW2", "11001110 011 rm:5 1100 01 rn:5 rd:5", emitPartW2, SM3),
  inst("SM3SS1", "11001110 010 rm:5 0 ra:5 rn:5 rd:5", emitSs1, SM3),
  inst("SM3TT1A", "11001110 010 rm:5 10 imm2:2 00 rn:5 rd:5", firstTemporary(parity), SM3),
  inst("SM3TT1B", "11001110 010 rm:5 10 imm2:2 01 rn:5 rd:5", firstTemporary(majority), SM3),
  inst("SM3TT2A", "11001110 010 rm:5 10 imm2:2 10 rn:5 rd:5", secondTemporary(parity), SM3),
  inst("SM3TT2B", "11001110 010 rm:5 10 imm2:2 11 rn:5 rd:5", secondTemporary(choose), SM3),
  inst("SM4E", "11001110 110 00000 1000 01 rn:5 rd:5", emitSm4e, SM4),
  inst("SM4EKEY", "11001110 011 rm:5 1100 10 rn:5 rd:5", emitSm4ekey, SM4),
];
