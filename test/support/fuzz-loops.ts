import { BRK, CENTRE, DATA, DATA_BYTES, UNIT, type FuzzCase, type Registers } from "./fuzz-case.js";
import { blockRegisters } from "./fuzz-inputs.js";
import type { Prng } from "./fp-operands.js";

/**
 * Random loops whose addresses move evenly, or nearly, or stay near where they were: up and down, by constants and by
 * registers, with indices, to and fro, handed from register to register, over the edges of pages and of what is mapped; with
 * one path or with forks.
 */

/** Bases, an index, strides that stay, a counter, data. */
const BASES = [1, 2, 3, 31] as const;
const INDEX = 4;
const STRIDE = 5;
const COUNTER = 6;
const ITEMS = [0, 7, 8] as const;

const imm9 = (n: number): number => (n & 0x1ff) << 12;
const imm7 = (n: number): number => (n & 0x7f) << 15;

/** Size in bits 31:30 and whether it is a vector register. */
const single = (rng: Prng): { size: number; v: number } => ({
  size: rng.below(4),
  v: rng.below(4) === 0 ? 1 : 0,
});

function access(rng: Prng): number {
  const rn = rng.pick(BASES) << 5;
  const rt = rng.pick(ITEMS);
  const load = rng.below(2) << 22;
  const { size, v } = single(rng);
  const word = ((size << 30) | (0x38 << 24) | (v << 26) | load | rn | rt) >>> 0;
  switch (rng.below(6)) {
    case 0:
      return (word | imm9(rng.below(64) - 32) | (1 << 10)) >>> 0; // post-indexed
    case 1:
      return (word | imm9(rng.below(64) - 32) | (3 << 10)) >>> 0; // pre-indexed
    case 2:
      return (word | (1 << 24) | (rng.below(16) << 10)) >>> 0; // unsigned offset
    case 3: {
      // LDP and STP of X or Q registers, post-indexed
      const q = rng.below(2) === 1;
      const form = q ? 0xac80_0000 : 0xa880_0000;
      return (form | load | imm7(rng.below(8) - 4) | (9 << 10) | rn | rt) >>> 0;
    }
    default: {
      // register offset: LSL, UXTW, SXTW
      const option = rng.pick([3, 3, 2, 6]);
      const scaled = rng.below(2) << 12;
      return (word | (1 << 21) | (2 << 10) | (INDEX << 16) | (option << 13) | scaled) >>> 0;
    }
  }
}

/** ADD or SUB of a constant or of the stride, to a base or to the index; now and then something less even. */
function step(rng: Prng): number {
  const rd = rng.pick([1, 2, 3, INDEX]);
  switch (rng.below(8)) {
    case 0:
      return 0x8b00_0000 | (STRIDE << 16) | (rd << 5) | rd;
    case 1:
      return 0x8b00_0000 | (rd << 16) | (STRIDE << 5) | rd;
    case 2:
      return 0xcb00_0000 | (STRIDE << 16) | (rd << 5) | rd; // sub by register
    case 3:
      return 0x9240_4c00 | (rd << 5) | rd; // and with 0xfffff: often nothing, and never a step
    case 4:
      return 0xd100_0000 | (rng.below(48) << 10) | (rd << 5) | rd;
    default:
      return 0x9100_0000 | (rng.below(48) << 10) | (rd << 5) | rd;
  }
}

/** What makes a base, or the index, another one that is not far from it: the address of the iteration to come is not even. */
function leap(rng: Prng): number {
  const rd = rng.pick([1, 2, 3, INDEX]);
  const rn = rng.pick([1, 2, 3]);
  const bit = rng.pick([4, 5, 9, 12, 13, 14]);
  switch (rng.below(6)) {
    case 0: // mov xd, xn
      return (0xaa00_03e0 | (rn << 16) | rd) >>> 0;
    case 1: // csel xd, xd, xn, on what the counter's subtraction or a test left
      return (0x9a80_0000 | (rn << 16) | (rng.below(14) << 12) | (rd << 5) | rd) >>> 0;
    case 2: // add xd, xn, #imm
      return (0x9100_0000 | (rng.below(64) << 10) | (rn << 5) | rd) >>> 0;
    case 3: // add xd, xn, x5
      return (0x8b00_0000 | (STRIDE << 16) | (rn << 5) | rd) >>> 0;
    case 4: // tst x6, #1 << (0..3)
      return (0xf240_001f | (((64 - rng.below(4)) % 64) << 16) | (COUNTER << 5)) >>> 0;
    default: // eor xd, xd, #1 << bit
      return (0xd240_0000 | ((64 - bit) << 16) | (rd << 5) | rd) >>> 0;
  }
}

/** A branch forward, its offset to be put in: CBZ, CBNZ or B.cond. */
function forkOn(rng: Prng): number {
  const by = rng.below(3);
  if (by === 0) return 0x5400_0000 | rng.below(14);
  return ((by === 1 ? 0xb400_0000 : 0xb500_0000) | rng.pick([...ITEMS, STRIDE])) >>> 0;
}

/** A loop, and what follows it. */
export function randomLoop(rng: Prng, inputs: number): Omit<FuzzCase, "at"> {
  const words: number[] = [];
  const exits: number[] = [];
  const skips: number[] = [];
  const body = 1 + rng.below(rng.pick([6, 6, 12]));
  const leaps = rng.below(2) === 0;
  const forks = rng.below(3) === 0;
  for (let n = 0; n < body; n++) {
    const kind = rng.below(10);
    if (forks && rng.below(4) === 0) {
      skips.push(words.length);
      words.push(forkOn(rng));
      if (leaps) words.push(leap(rng));
    } else if (leaps && rng.below(4) === 0) words.push(leap(rng));
    else if (kind < 5) words.push(access(rng));
    else if (kind < 8) words.push(step(rng));
    else if (kind === 8)
      words.push(0x8b00_0000 | (8 << 16) | (0 << 5)); // add x0, x0, x8
    else {
      exits.push(words.length);
      words.push(0xb400_0000 | rng.pick(ITEMS)); // cbz
    }
  }
  const last = words.length;
  for (const at of skips) {
    const over = 2 + rng.below(2);
    words[at] = (words[at]! | (Math.min(over, last - at) << 5)) >>> 0;
  }
  words.push(0xf100_0400 | (COUNTER << 5) | COUNTER); // subs
  words.push((0x5400_0001 | ((-words.length & 0x7_ffff) << 5)) >>> 0); // b.ne to the first
  words.push(0x8b00_0000 | (7 << 16) | (8 << 5) | 8); // add x8, x8, x7
  const end = words.length;
  for (const at of exits) words[at] = (words[at]! | ((end - at) << 5)) >>> 0;
  words.push(BRK);
  return { words, end, inputs: Array.from({ length: inputs }, () => loopRegisters(rng)) };
}

function loopRegisters(rng: Prng): Registers {
  const registers = blockRegisters(rng);
  const { x } = registers;
  const small = (most: number): bigint => BigInt.asUintN(64, BigInt(rng.below(2 * most) - most));
  for (const base of BASES) {
    const near = rng.below(3) === 0 ? CENTRE : DATA + rng.below(DATA_BYTES / UNIT) * UNIT;
    x[base] = BigInt(near) + small(2000) * 1n;
    if (rng.below(2) === 0) x[base] = x[base]! & ~15n;
    x[base] = BigInt.asUintN(64, x[base]!);
  }
  x[31] = x[31]! & ~15n;
  x[INDEX] = rng.below(4) === 0 ? small(1000) : BigInt(rng.below(500));
  x[STRIDE] = rng.below(4) === 0 ? small(40) : BigInt(1 + rng.below(100));
  x[COUNTER] = BigInt(1 + rng.below(rng.pick([8, 80, 1500])));
  return registers;
}
