import type { Emitter, Local } from "./emitter.js";

/** What the hash instructions share: the words of vectors in i32 locals. */

/** Words of Vn in fresh i32 locals, lane 0 first. */
export function wordsOf(e: Emitter, n: number): Local[] {
  return Array.from({ length: 4 }, (_, lane) => {
    e.getV(n);
    e.w.i32x4_extract_lane(lane);
    return e.popTemp("i32");
  });
}

/** Push a v128 of four words. */
export function pushWords(e: Emitter, words: readonly Local[]): void {
  words.forEach((word, lane) => {
    e.w.local_get(word);
    if (lane === 0) e.w.i32x4_splat();
    else e.w.i32x4_replace_lane(lane);
  });
}

/** Push the word rotated left. */
export function rotatedLeft(e: Emitter, word: Local, by: number): void {
  e.w.local_get(word);
  e.w.i32_const(by);
  e.w.i32_rotl();
}

/** Push the exclusive or of the word rotated right by each amount. */
export function rotationsRight(e: Emitter, word: Local, amounts: readonly number[]): void {
  amounts.forEach((by, k) => {
    rotatedLeft(e, word, 32 - by);
    if (k > 0) e.w.i32_xor();
  });
}

/** Push y where x has ones, z where it has zeros. */
export function choose(e: Emitter, x: Local, y: Local, z: Local): void {
  const { w } = e;
  w.local_get(y);
  w.local_get(z);
  w.i32_xor();
  w.local_get(x);
  w.i32_and();
  w.local_get(z);
  w.i32_xor();
}

/** Push the bits that at least two of the words have. */
export function majority(e: Emitter, x: Local, y: Local, z: Local): void {
  const { w } = e;
  w.local_get(x);
  w.local_get(y);
  w.i32_and();
  w.local_get(x);
  w.local_get(y);
  w.i32_or();
  w.local_get(z);
  w.i32_and();
  w.i32_or();
}

export function parity(e: Emitter, x: Local, y: Local, z: Local): void {
  const { w } = e;
  w.local_get(x);
  w.local_get(y);
  w.i32_xor();
  w.local_get(z);
  w.i32_xor();
}

/** Pop a v128, push its words (or doublewords) rotated left. */
export function rotateLanes(e: Emitter, shape: "i32x4" | "i64x2", by: number): void {
  const { w } = e;
  const v = e.popTemp("v128");
  w.local_get(v);
  w.i32_const(by);
  w[`${shape}_shl`]();
  w.local_get(v);
  w.i32_const((shape === "i32x4" ? 32 : 64) - by);
  w[`${shape}_shr_u`]();
  w.v128_or();
  e.free(v);
}
