import * as memoryAtomic from "../../emulator/isa/memory-atomic.js";
import * as memoryExclusive from "../../emulator/isa/memory-exclusive.js";
import * as memoryOrdered from "../../emulator/isa/memory-ordered.js";
import * as memoryPair from "../../emulator/isa/memory-pair.js";
import * as memorySingle from "../../emulator/isa/memory-single.js";
import * as memoryUnprivileged from "../../emulator/isa/memory-unprivileged.js";
import { parsePattern, type Row } from "../../emulator/isa/pattern.js";
import type { Prng } from "./fp-operands.js";
import { randomRegister, randomWordOf, withField } from "./integer-cases.js";
import { NZCV, SP, type Registers } from "./sequences.js";

/**
 * Random sequences of loads and stores. Every instruction has a base register of its own, so that all
 * addresses are known beforehand; data registers are shared and feed one another.
 */

const PLAIN_ROWS: readonly Row[] = [
  ...memorySingle.ROWS,
  ...memoryPair.ROWS,
  ...memoryUnprivileged.ROWS,
];
const LOAD_EXCLUSIVE = memoryExclusive.ROWS.filter((row) => row.name.startsWith("LDX"));
const STORE_EXCLUSIVE = memoryExclusive.ROWS.filter((row) => row.name.startsWith("STX"));
const ORDERED_ROWS: readonly Row[] = [...memoryOrdered.ROWS, ...memoryAtomic.ROWS];

/**
 * Known differences: libunicorn 2.0.1 takes extremes of less than 64 bits from whole
 * registers (test/unit/isa/atomics.test.ts has them instead).
 */
function judgeIsWrong(row: Row, word: number): boolean {
  return /^LD[SU](MAX|MIN)$/.test(row.name) && row.extract(word)["size"] !== 3;
}

const DATA_REGISTERS = [0, 1, 2, 3, 4, 5, 6, 7, 31] as const;
const BASES = [16, 17, 18, 19, 20, 21, SP] as const;
const INDEXES = [24, 25, 26, 27, 28, 29, 30] as const;
const CLREX = 0xd503_3f5f;
/** Offsets reach this far from a base: imm9, and imm7 and imm12 (cut to 6 bits) scaled by 16. */
const REACH = 1024 + 64;

export const MAX_MEMORY_SEQUENCE = 7;

export interface MemoryCase {
  readonly words: readonly number[];
  readonly before: Registers;
}

/** @param data the middle of the data: a page boundary, with REACH + 256 bytes on either side */
export function randomMemoryCase(rng: Prng, data: number): MemoryCase {
  const x = BigUint64Array.from({ length: 33 }, () => randomRegister(rng));
  x[NZCV] = BigInt(rng.below(16)) << 28n;
  const v = BigUint64Array.from({ length: 64 }, () => rng.bits(64));
  const words = [CLREX];
  const length = 1 + rng.below(MAX_MEMORY_SEQUENCE - 1);
  for (let i = 0; i < length; i++) {
    const base = BASES[i]!;
    const index = INDEXES[i]!;
    const kind = rng.below(10);
    const ordered = kind < 4;
    const near = data + rng.below(192) - 96;
    x[base] = BigInt(ordered ? near - (near % 16) : near);
    if (kind === 0 && i + 1 < length) {
      words.push(...exclusivePair(rng, base));
      i++;
    } else if (kind <= 1) words.push(word(rng, rng.pick(STORE_EXCLUSIVE), base));
    else if (ordered) words.push(word(rng, rng.pick(ORDERED_ROWS), base));
    else {
      const plain = plainWord(rng, base, index);
      words.push(plain.word);
      if (plain.index !== null) x[index] = plain.index;
    }
  }
  return { words, before: { x, v } };
}

/** Different registers for different fields, so that no combination is unpredictable. */
function word(rng: Prng, row: Row, base: number): number {
  const r = (f: Readonly<Record<string, number>>, name: string): number => f[name] ?? -1;
  for (;;) {
    let out = (randomWordOf(rng, row, DATA_REGISTERS) | shouldBeOne(row)) >>> 0;
    out = withField(row, out, /^rn$/, () => base);
    // Ordered accesses stay aligned.
    if (ORDERED_ROWS.includes(row)) out = withField(row, out, /^imm9$/, () => 16 * rng.below(32));
    const f = row.extract(out);
    const used = [r(f, "rs"), r(f, "rt"), r(f, "rt2")].filter((n) => n >= 0 && n !== 31);
    if (new Set(used).size === used.length && !judgeIsWrong(row, out)) return out;
  }
}

/** Register fields that an instruction does not use (bits 20:16 and 14:10) should be all ones. */
function shouldBeOne(row: Row): number {
  let open = ~row.mask;
  for (const { lo, width } of parsePattern(row.pattern).fields) open &= ~(((1 << width) - 1) << lo);
  return open & 0x001f_7c00;
}

function exclusivePair(rng: Prng, base: number): number[] {
  const load = rng.pick(LOAD_EXCLUSIVE);
  const store = STORE_EXCLUSIVE[LOAD_EXCLUSIVE.indexOf(load)]!;
  const first = word(rng, load, base);
  const size = load.extract(first);
  const second = withField(store, word(rng, store, base), /^(size|sz)$/, () => {
    return size["size"] ?? size["sz"] ?? 0;
  });
  return [first, second];
}

function plainWord(rng: Prng, base: number, index: number): { word: number; index: bigint | null } {
  const row = rng.pick(PLAIN_ROWS);
  let out = word(rng, row, base);
  out = withField(row, out, /^rm$/, () => index);
  out = withField(row, out, /^imm12$/, () => rng.below(64));
  // Literals: words of the code around the instruction.
  out = withField(row, out, /^imm19$/, () => rng.below(16) - 16);
  const f = row.extract(out);
  return { word: out, index: f["rm"] === undefined ? null : indexValue(rng, f["option"]!) };
}

/** A value that, extended by `option` and shifted by up to 4, stays within REACH. */
function indexValue(rng: Prng, option: number): bigint {
  const limit = BigInt(rng.below(REACH >> 4));
  const garbage = rng.bits(32) << 32n;
  switch (option) {
    case 2:
      return garbage | limit;
    case 6:
      return garbage | (rng.below(2) === 0 ? limit : BigInt.asUintN(32, -limit));
    default:
      return BigInt.asUintN(64, rng.below(2) === 0 ? limit : -limit);
  }
}
