import { DOUBLE, HALF, SINGLE } from "../../emulator/cpu/fp/format.js";
import { buildDecoder } from "../../emulator/isa/decode.js";
import { FP_SIMD_ROWS } from "../../emulator/isa/fp-simd-table.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { fpOperand, type Prng } from "./fp-operands.js";

/**
 * Random cases for floating-point and Advanced SIMD rows: a block of registers per case, and the program that
 * runs one instruction on every block in place.
 */

/** One case: registers before, then (in place) after the instruction. */
export const BLOCK_BYTES = 1024;
export const BLOCK_X = 512;
export const BLOCK_NZCV = 760;
export const BLOCK_MORE = 768;
export const BLOCK_FPCR = 776;
export const BLOCK_FPSR = 784;

const FZ = 1 << 24;
const DN = 1 << 25;
export const FPCRS = [0, 0, 0, 1 << 22, 2 << 22, 3 << 22, FZ, DN, FZ | DN | (1 << 22)];

/**
 * Load all registers from the block at SP, run the instruction, store them, go on to the next block.
 * @param keepsFpsr load FPSR first and store it too
 */
export function harness(word: number, keepsFpsr = false): Uint8Array {
  const words: number[] = [];
  const pair = (op: number, scale: number, t: number, offset: number): number =>
    (op | (((offset >> scale) & 0x7f) << 15) | ((t + 1) << 10) | (31 << 5) | t) >>> 0;
  const vectors = (op: number): void => {
    for (let t = 0; t < 32; t += 2) words.push(pair(op, 4, t, 16 * t));
  };
  const generals = (op: number): void => {
    for (let t = 0; t < 30; t += 2) {
      // The offset of LDP reaches 504: address the X registers from SP + 512.
      words.push(pair(op, 3, t, 8 * t));
    }
  };
  const ldr = (t: number, offset: number): number =>
    (0xf9400000 | ((offset / 8) << 10) | (31 << 5) | t) >>> 0;
  const str = (t: number, offset: number): number =>
    (0xf9000000 | ((offset / 8) << 10) | (31 << 5) | t) >>> 0;
  const addSp = (n: number): number => (0x91000000 | (n << 10) | (31 << 5) | 31) >>> 0;
  const subSp = (n: number): number => (0xd1000000 | (n << 10) | (31 << 5) | 31) >>> 0;
  words.push(ldr(0, BLOCK_FPCR), 0xd51b4400, ldr(0, BLOCK_NZCV), 0xd51b4200);
  if (keepsFpsr) words.push(ldr(0, BLOCK_FPSR), 0xd51b4420); // msr fpsr, x0
  vectors(0xad400000);
  words.push(ldr(30, BLOCK_X + 240), addSp(BLOCK_X));
  generals(0xa9400000);
  words.push(subSp(BLOCK_X));
  words.push(word);
  words.push(addSp(BLOCK_X));
  generals(0xa9000000);
  words.push(subSp(BLOCK_X), str(30, BLOCK_X + 240));
  vectors(0xad000000);
  if (keepsFpsr) words.push(0xd53b4420, str(0, BLOCK_FPSR)); // mrs x0, fpsr
  words.push(0xd53b4200, str(0, BLOCK_NZCV), ldr(0, BLOCK_MORE), addSp(BLOCK_BYTES));
  words.push((0xb5000000 | ((-words.length & 0x7ffff) << 5)) >>> 0); // cbnz x0, start
  return new Uint8Array(new Uint32Array(words).buffer);
}

/** A word of the row that is allocated, bases a load or store on a register other than SP. */
export function randomWord(rng: Prng, row: Row): number | null {
  for (let tries = 0; tries < 400; tries++) {
    const word = (((rng.u32() & ~row.mask) >>> 0) | row.value) >>> 0;
    if (decoder.decode(word) !== row) continue;
    const f = row.extract(word);
    if (row.undefinedIf?.(f) === true) continue;
    if (isMemoryRow(row) && f["rn"] === 31) continue;
    return word;
  }
  return null;
}

/** Structure loads and stores, whose base register must point at data. */
function isMemoryRow(row: Row): boolean {
  return /^(LD|ST)\d/.test(row.name);
}

/** The data a case may touch lies within this many bytes. */
export const DATA_BYTES = 0x1000;

/** Register blocks for `count` cases of one word; base registers point into the data at `dataAddress`. */
export function makeBlocks(
  rng: Prng,
  row: Row,
  word: number,
  fpcr: number,
  count: number,
  dataAddress: number,
): Uint8Array {
  const blocks = new Uint8Array(count * BLOCK_BYTES);
  const view = new DataView(blocks.buffer);
  const base = row.extract(word)["rn"] ?? 0;
  for (let i = 0; i < count; i++) {
    const at = i * BLOCK_BYTES;
    fillBlock(rng, view, at, fpcr, i === count - 1);
    if (!isMemoryRow(row)) continue;
    const address = dataAddress + 64 + rng.below(DATA_BYTES - 256);
    view.setBigUint64(at + BLOCK_X + 8 * base, BigInt(address), true);
  }
  return blocks;
}

function fillVector(rng: Prng, v: DataView, at: number): void {
  const kind = rng.below(6);
  for (let i = 0; i < 2; i++) {
    let bits = 0n;
    if (kind <= 1) bits = fpOperand(rng, DOUBLE);
    else if (kind === 2 || kind === 3)
      bits = (fpOperand(rng, SINGLE) << 32n) | fpOperand(rng, SINGLE);
    else if (kind === 4) {
      for (let k = 0n; k < 4n; k++) bits |= fpOperand(rng, HALF) << (16n * k);
    } else {
      for (let k = 0n; k < 8n; k++) {
        const byte = rng.pick([0, 0, 1, 0x7f, 0x80, 0xff, 0xff, rng.below(32), rng.below(256)]);
        bits |= BigInt(byte) << (8n * k);
      }
    }
    v.setBigUint64(at + 8 * i, bits, true);
  }
}

function fillBlock(rng: Prng, v: DataView, at: number, fpcr: number, last: boolean): void {
  // Often few distinct values, so that operands meet their equals and opposites.
  for (let n = 0; n < 32; n++) fillVector(rng, v, at + 16 * n);
  for (let n = 1; n < 32; n++) {
    if (rng.below(6) !== 0) continue;
    const from = at + 16 * rng.below(n);
    const flip = rng.below(2) === 0 ? 0n : 1n << 63n;
    v.setBigUint64(at + 16 * n, v.getBigUint64(from, true) ^ flip, true);
    v.setBigUint64(at + 16 * n + 8, v.getBigUint64(from + 8, true) ^ flip, true);
  }
  for (let n = 0; n < 31; n++) {
    v.setBigUint64(at + BLOCK_X + 8 * n, rng.bits(64) >> BigInt(rng.below(64)), true);
  }
  v.setBigUint64(at + BLOCK_NZCV, BigInt(rng.below(16)) << 28n, true);
  v.setBigUint64(at + BLOCK_MORE, last ? 0n : 1n, true);
  v.setBigUint64(at + BLOCK_FPCR, BigInt(fpcr), true);
}

const decoder = buildDecoder(FP_SIMD_ROWS);

/** Index of the first differing byte of two ranges, or -1. */
export function firstDifference(
  a: Uint8Array,
  aAt: number,
  b: Uint8Array,
  bAt: number,
  count: number,
): number {
  for (let i = 0; i < count; i++) if (a[aAt + i] !== b[bAt + i]) return i;
  return -1;
}

/** 16 bytes as the two doublewords, high first. */
export function lanesText(bytes: Uint8Array, at: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const text = (offset: number): string =>
    view.getBigUint64(offset, true).toString(16).padStart(16, "0");
  return `${text(at + 8)}_${text(at)}`;
}
