import { aesInverseSbox, aesSbox } from "../cpu/crypto/nibble-sbox.js";
import { substituteBytes } from "./crypto-sbox.js";
import type { Emitter, Local } from "./emitter.js";
import { inst, type Row } from "./pattern.js";
import { pushSplat, pushZero } from "./simd-lanes.js";

/** FEAT_AES: steps of an AES round (FIPS 197). The state's columns are the words of the vector. */

type Registers = Readonly<Record<"rn" | "rd", number>>;

/** Byte `i` of the result of ShiftRows comes from here: row `i % 4` moves left by its number. */
const SHIFT_ROWS = Array.from({ length: 16 }, (_, i) => (5 * i) % 16);
const INVERSE_SHIFT_ROWS = Array.from({ length: 16 }, (_, i) => (13 * i) % 16);

/** Each column's bytes moved up by `by`. */
function rotateColumns(by: number): number[] {
  return Array.from({ length: 16 }, (_, i) => (i & 12) | ((i + by) & 3));
}

/** Push a local's bytes in another order. */
function permuted(e: Emitter, v: Local, order: readonly number[]): void {
  e.w.local_get(v);
  e.w.local_get(v);
  e.w.i8x16_shuffle(order);
}

/** AddRoundKey, then ShiftRows and SubBytes, which commute. */
function emitAese(e: Emitter, f: Registers): void {
  emitRound(e, f, SHIFT_ROWS, aesSbox());
}

function emitAesd(e: Emitter, f: Registers): void {
  emitRound(e, f, INVERSE_SHIFT_ROWS, aesInverseSbox());
}

function emitRound(
  e: Emitter,
  f: Registers,
  rows: readonly number[],
  box: Parameters<typeof substituteBytes>[1],
): void {
  e.getV(f.rd);
  e.getV(f.rn);
  e.w.v128_xor();
  const state = e.popTemp("v128");
  permuted(e, state, rows);
  substituteBytes(e, box);
  e.setV(f.rd);
  e.free(state);
}

/** Pop bytes, push them times x in the field of AES. */
function timesX(e: Emitter): void {
  const v = e.popTemp("v128");
  e.w.local_get(v);
  e.w.local_get(v);
  e.w.i8x16_add();
  e.w.local_get(v);
  pushZero(e);
  e.w.i8x16_lt_s(); // the top bit was set
  pushSplat(e, 0, 0x1bn);
  e.w.v128_and();
  e.w.v128_xor();
  e.free(v);
}

/**
 * Pop a state, push it with its columns times 3x^3 + x^2 + x + 2. With b the column moved by one
 * and t = a + b: 2a + 3b + c + d = 2t + b + (t moved by two).
 */
function mixColumns(e: Emitter): void {
  const { w } = e;
  const a = e.popTemp("v128");
  permuted(e, a, rotateColumns(1));
  const b = e.popTemp("v128");
  w.local_get(a);
  w.local_get(b);
  w.v128_xor();
  w.local_tee(a);
  timesX(e);
  w.local_get(b);
  w.v128_xor();
  permuted(e, a, rotateColumns(2));
  w.v128_xor();
  e.free(a, b);
}

function emitAesmc(e: Emitter, f: Registers): void {
  e.getV(f.rn);
  mixColumns(e);
  e.setV(f.rd);
}

/** The inverse polynomial is MixColumns' times 4x^2 + 5: a + 4 (a + a moved by two), then MixColumns. */
function emitAesimc(e: Emitter, f: Registers): void {
  const { w } = e;
  e.getV(f.rn);
  const a = e.popTemp("v128");
  w.local_get(a);
  w.local_get(a);
  permuted(e, a, rotateColumns(2));
  w.v128_xor();
  timesX(e);
  timesX(e);
  w.v128_xor();
  mixColumns(e);
  e.setV(f.rd);
  e.free(a);
}

const AES = { feature: ["simd", "aes"] } as const;

export const ROWS: readonly Row[] = [
  inst("AESE", "01001110 00 10100 00100 10 rn:5 rd:5", emitAese, AES),
  inst("AESD", "01001110 00 10100 00101 10 rn:5 rd:5", emitAesd, AES),
  inst("AESMC", "01001110 00 10100 00110 10 rn:5 rd:5", emitAesmc, AES),
  inst("AESIMC", "01001110 00 10100 00111 10 rn:5 rd:5", emitAesimc, AES),
];
