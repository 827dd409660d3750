import { describe, expect, it } from "vitest";
import { hex } from "../../emulator/arch/hex.js";
import { DOUBLE, HALF, SINGLE } from "../../emulator/cpu/fp/format.js";
import { OFF_NZCV, OFF_V, OFF_X } from "../../emulator/cpu/state-layout.js";
import { buildDecoder } from "../../emulator/isa/decode.js";
import { FP_SIMD_ROWS } from "../../emulator/isa/fp-simd-table.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { RAM_OFFSET } from "../../emulator/mmu/phys-memory.js";
import { fpOperand, Prng } from "../support/fp-operands.js";
import { rowRunner } from "../support/row-runner.js";
import { UC_REG, Unicorn, unicornMissing } from "../support/unicorn.js";

/**
 * Every floating-point and Advanced SIMD row against an outside CPU: random fields, corner-heavy registers,
 * several FPCRs; V0-V31, X0-X30, NZCV and memory must agree. MACHVM_DIFF_ROUNDS multiplies the work,
 * MACHVM_DIFF_SEED changes the numbers.
 */

const ROUNDS = Number(process.env["MACHVM_DIFF_ROUNDS"] ?? 1);
const SEED = Number(process.env["MACHVM_DIFF_SEED"] ?? 0);
const WORDS = 6 * ROUNDS;
const CASES = 24;

/** Each word gets fresh code addresses: the judge caches translations. */
const CODE = 0x1000_0000;
const CODE_BYTES = 0x1000_0000;
const CODE_STEP = 0x400;
const BLOCKS = 0x10_0000;
/** Guest data, at the same address as its offset in the WebAssembly memory. */
const DATA = RAM_OFFSET;
const DATA_BYTES = 0x1000;

/** One case: registers before, then (in place) after the instruction. */
const BLOCK_BYTES = 1024;
const BLOCK_X = 512;
const BLOCK_NZCV = 760;
const BLOCK_MORE = 768;
const BLOCK_FPCR = 776;

const FZ = 1 << 24;
const DN = 1 << 25;
const FPCRS = [0, 0, 0, 1 << 22, 2 << 22, 3 << 22, FZ, DN, FZ | DN | (1 << 22)];

/** Load all registers from the block at SP, run the instruction, store them, go on to the next block. */
function harness(word: number): Uint8Array {
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
  vectors(0xad400000);
  words.push(ldr(30, BLOCK_X + 240), addSp(BLOCK_X));
  generals(0xa9400000);
  words.push(subSp(BLOCK_X));
  words.push(word);
  words.push(addSp(BLOCK_X));
  generals(0xa9000000);
  words.push(subSp(BLOCK_X), str(30, BLOCK_X + 240));
  vectors(0xad000000);
  words.push(0xd53b4200, str(0, BLOCK_NZCV), ldr(0, BLOCK_MORE), addSp(BLOCK_BYTES));
  words.push((0xb5000000 | ((-words.length & 0x7ffff) << 5)) >>> 0); // cbnz x0, start
  return new Uint8Array(new Uint32Array(words).buffer);
}

/** A word of the row that is allocated, bases a load or store on a register other than SP. */
function randomWord(rng: Prng, row: Row, isMemory: boolean): number | null {
  for (let tries = 0; tries < 400; tries++) {
    const word = (((rng.u32() & ~row.mask) >>> 0) | row.value) >>> 0;
    if (decoder.decode(word) !== row) continue;
    const f = row.extract(word);
    if (row.undefinedIf?.(f) === true) continue;
    if (isMemory && f["rn"] === 31) continue;
    return word;
  }
  return null;
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

class Judge {
  readonly #uc = new Unicorn();
  #at = CODE;

  constructor() {
    this.#uc.map(CODE, CODE_BYTES);
    this.#uc.map(BLOCKS, 0x10_0000);
    this.#uc.map(DATA, 0x1_0000);
  }

  /** Run the word on every block; blocks and data are updated in place. */
  run(word: number, blocks: Uint8Array, data: Uint8Array): void {
    const code = harness(word);
    const at = this.#at;
    this.#at += CODE_STEP;
    this.#uc.write(at, code);
    this.#uc.write(BLOCKS, blocks);
    this.#uc.write(DATA, data);
    this.#uc.writeRegister(UC_REG.sp, new Uint8Array(new BigUint64Array([BigInt(BLOCKS)]).buffer));
    expect(this.#uc.run(at, at + code.length), `unicorn on ${hex(word, 8)}`).toBe(0);
    blocks.set(this.#uc.read(BLOCKS, blocks.length));
    data.set(this.#uc.read(DATA, data.length));
  }
}

const runner = rowRunner();
let judge: Judge | null = null;

function compareRow(judge: Judge, row: Row): void {
  const rng = new Prng(row.value ^ row.mask ^ SEED);
  const isMemory = /^(LD|ST)\d/.test(row.name);
  const { memory } = runner;
  const bytes = memory.u8;
  for (let k = 0; k < WORDS; k++) {
    const word = randomWord(rng, row, isMemory);
    expect(word, "no allocated word found").not.toBeNull();
    if (word === null) return;
    const fpcr = rng.pick(FPCRS);
    const f = row.extract(word);
    const before = new Uint8Array(CASES * BLOCK_BYTES);
    const view = new DataView(before.buffer);
    for (let i = 0; i < CASES; i++) {
      fillBlock(rng, view, i * BLOCK_BYTES, fpcr, i === CASES - 1);
      if (!isMemory) continue;
      const base = i * BLOCK_BYTES + BLOCK_X + 8 * (f["rn"] ?? 0);
      view.setBigUint64(base, BigInt(DATA + 64 + rng.below(DATA_BYTES - 256)), true);
    }
    const data = Uint8Array.from({ length: DATA_BYTES }, () => rng.below(256));
    const after = before.slice();
    const ourData = data.slice();
    judge.run(word, after, data);
    const run = runner.compile(row, word, fpcr);
    bytes.set(ourData, DATA);
    for (let i = 0; i < CASES; i++) {
      const at = i * BLOCK_BYTES;
      bytes.set(before.subarray(at, at + BLOCK_X), OFF_V);
      bytes.set(before.subarray(at + BLOCK_X, at + BLOCK_NZCV), OFF_X);
      bytes.set(before.subarray(at + BLOCK_NZCV, at + BLOCK_NZCV + 4), OFF_NZCV);
      run();
      const where = (): string =>
        `${row.name} ${hex(word, 8)} fpcr ${hex(fpcr)} ${JSON.stringify(f)} case ${i}`;
      const vector = firstDifference(bytes, OFF_V, after, at, BLOCK_X) >> 4;
      if (vector >= 0) {
        const ours = lanesText(bytes, OFF_V + 16 * vector);
        const theirs = lanesText(after, at + 16 * vector);
        const inputs = Object.entries(f)
          .filter(([name]) => name.startsWith("r"))
          .map(([name, r]) => `${name} v${r}=${lanesText(before, at + 16 * (r & 31))}`);
        expect.fail(
          `${where()}: v${vector} ours ${ours} judge ${theirs}; before: ${inputs.join(" ")}`,
        );
      }
      const general = firstDifference(bytes, OFF_X, after, at + BLOCK_X, 31 * 8) >> 3;
      expect(general, `${where()}: X register`).toBe(-1);
      const theirFlags = new DataView(after.buffer).getUint32(at + BLOCK_NZCV, true);
      expect(memory.u32[OFF_NZCV >> 2]! >>> 28, `${where()}: NZCV`).toBe(theirFlags >>> 28);
    }
    const byte = firstDifference(bytes, DATA, data, 0, DATA_BYTES);
    expect(byte, `${row.name} ${hex(word, 8)}: memory`).toBe(-1);
  }
}

/** Index of the first differing byte of two ranges, or -1. */
function firstDifference(
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
function lanesText(bytes: Uint8Array, at: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const text = (offset: number): string =>
    view.getBigUint64(offset, true).toString(16).padStart(16, "0");
  return `${text(at + 8)}_${text(at)}`;
}

describe.skipIf(unicornMissing !== null)(`FP and SIMD rows ${unicornMissing ?? ""}`, () => {
  it.each(FP_SIMD_ROWS.map((row) => ({ name: row.name, row })))("$name", ({ row }) => {
    compareRow((judge ??= new Judge()), row);
  });
});
