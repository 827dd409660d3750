import { parsePattern, signed, type Row } from "../../emulator/isa/pattern.js";
import { ROWS } from "../../emulator/isa/table.js";
import { FP_SIMD_ROWS } from "../../emulator/isa/fp-simd-table.js";
import type { Prng } from "./fp-operands.js";
import { randomWordOf, withField } from "./integer-cases.js";
import { isKnownDifference, type JudgeName } from "./known-differences.js";

/** Random instruction words by kind, for the block fuzzer: each kind keeps off registers it must not spoil. */

/** Registers that blocks compute with, by kind of use. The rest hold addresses and counters. */
export const DATA_REGISTERS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 31] as const;
/** Bases that write-back may move. */
export const MOVING_BASES = [16, 17, 18, 19] as const;
/** Bases aligned to 16 bytes, which stay. */
export const ALIGNED_BASES = [20, 21] as const;
/** A small signed number of 64 bits; and a small unsigned number with garbage in its upper half. */
export const SIGNED_INDEX = 26;
export const UNSIGNED_INDEX = 27;
/** The index registers hold at most this, so that it can be scaled by 16. */
export const INDEX_LIMIT = 64;

/** Encoding groups by bits 28:25 (Arm ARM C4.1). */
const group = (row: Row): number => (row.value >>> 25) & 15;
export const isMemory = (row: Row): boolean => (group(row) & 0b0101) === 0b0100;
const isDataProcessing = (row: Row): boolean =>
  (group(row) & 0b1110) === 0b1000 || (group(row) & 0b0111) === 0b0101;

export const INTEGER_ROWS = ROWS.filter((row) => isDataProcessing(row));
export const VECTOR_ROWS = FP_SIMD_ROWS.filter((row) => !isMemory(row));
export const MEMORY_ROWS = ROWS.filter(isMemory);

/** Rows that write NZCV, and rows that depend on it. */
export const FLAG_SETTERS = INTEGER_ROWS.filter((row) => row.flags.endsWith("sets"));
export const FLAG_READERS = INTEGER_ROWS.filter((row) => row.flags.startsWith("reads"));
/** Instructions on NZCV without operands; only their CRm is open, and ignored. */
export const FLAG_CHANGES = ROWS.filter((row) => /^(CFINV|XAFLAG|AXFLAG)$/.test(row.name));
export const CONDITIONAL_COMPARES = INTEGER_ROWS.filter((row) => /^CCM/.test(row.name));
export const CARRY_CHAIN = INTEGER_ROWS.filter((row) => /^(ADC|SBC)S?$/.test(row.name));

const named = (name: RegExp): readonly Row[] => MEMORY_ROWS.filter((row) => name.test(row.name));
export const LOAD_EXCLUSIVE = named(/^LDX/);
export const STORE_EXCLUSIVE = named(/^STX/);
const LITERALS = named(/literal/);
/** Those that need an aligned address. */
export const ORDERED_ROWS = MEMORY_ROWS.filter(
  (row) =>
    ((row.value >>> 24) & 0x3f) === 0b001000 ||
    ((row.value >>> 24) & 0x3f) === 0b011001 ||
    (((row.value >>> 24) & 0x3f) === 0b111000 && /^(LD|SW|CAS|ST)/.test(row.name)),
).filter((row) => !LOAD_EXCLUSIVE.includes(row) && !STORE_EXCLUSIVE.includes(row));
/** Whether the row wants an aligned address. */
export const isAligned = (row: Row): boolean =>
  ORDERED_ROWS.includes(row) || LOAD_EXCLUSIVE.includes(row) || STORE_EXCLUSIVE.includes(row);
/** Any alignment, offsets and write-back. */
export const PLAIN_ROWS = MEMORY_ROWS.filter((row) => !isAligned(row) && !LITERALS.includes(row));

/** Rd 31 is SP here. */
function writesSp(row: Row): boolean {
  return /^(ADD|SUB) \((immediate|extended)|^(AND|ORR|EOR) \(immediate/.test(row.name);
}

/** Bits that are neither fixed nor fields: "should be one" in all rows that have any. */
const shouldBeOne = new Map<Row, number>();
function onesOf(row: Row): number {
  let ones = shouldBeOne.get(row);
  if (ones === undefined) {
    ones = ~row.mask;
    for (const { lo, width } of parsePattern(row.pattern).fields)
      ones &= ~(((1 << width) - 1) << lo);
    // The acquire and release bits of atomics (23:22) are free as well; o0 (15) and o2, L, o1 are choices.
    ones &= 0x001f_7c00;
    shouldBeOne.set(row, ones);
  }
  return ones;
}

/** A word of the row that the judge can be trusted with, its registers from `registers`. */
export function wordOf(
  judge: JudgeName,
  rng: Prng,
  row: Row,
  registers: readonly number[],
): number | null {
  for (let tries = 0; tries < 200; tries++) {
    const word = (randomWordOf(rng, row, registers) | onesOf(row)) >>> 0;
    if (!isKnownDifference(judge, row, word)) return word;
  }
  return null;
}

/** An instruction on integer registers or vectors that writes data registers only. */
export function computeWord(
  judge: JudgeName,
  rng: Prng,
  rows: readonly Row[],
  few: readonly number[],
): number {
  const row = rng.pick(rows);
  const word = wordOf(judge, rng, row, few);
  if (word === null) return computeWord(judge, rng, rows, few);
  // Sources may be anything; the destination is a data register.
  const spread = withField(row, word, /^r[nma]$/, () => {
    return rng.below(4) === 0 ? rng.below(32) : rng.pick(few);
  });
  return withField(row, spread, /^r[dt]$/, () => {
    const rd = rng.pick(few);
    return rd === 31 && writesSp(row) ? 0 : rd;
  });
}

export interface Access {
  readonly word: number;
  readonly row: Row;
  /** How far write-back moves the base at most, in bytes: 0 for none. */
  readonly moves: number;
}

/** Different registers for the fields rs, rt, rt2, and the base, so that nothing is unpredictable. */
function isPredictable(row: Row, word: number): boolean {
  const f = row.extract(word);
  const used = [f["rs"], f["rt"], f["rt2"]].filter((r) => r !== undefined && r !== 31);
  if (new Set(used).size !== used.length) return false;
  const written = [f["rt"], f["rt2"]];
  return !/(post|pre)-ind/.test(row.name) || f["rn"] === 31 || !written.includes(f["rn"]);
}

/**
 * A load or store.
 * @param data registers for rs, rt, rt2
 */
export function accessWord(
  judge: JudgeName,
  rng: Prng,
  rows: readonly Row[],
  base: number,
  data: readonly number[],
): Access {
  for (;;) {
    const row = rng.pick(rows);
    const start = wordOf(judge, rng, row, data);
    if (start === null) continue;
    let word = withField(row, start, /^rn$/, () => base);
    word = withField(row, word, /^imm12$/, () => rng.below(64));
    if (/post-|pre-/.test(row.name))
      word = withField(row, word, /^imm[79]$/, () => rng.below(32) - 16);
    if (isAligned(row)) word = withField(row, word, /^imm9$/, () => 16 * (rng.below(32) - 16));
    const f = row.extract(word);
    if (f["rm"] !== undefined) word = withIndex(rng, row, word, f["option"]);
    if (!isPredictable(row, word) || isKnownDifference(judge, row, word)) continue;
    return { word, row, moves: writeBackBytes(row, word) };
  }
}

/** The index register: for an extended register offset, or the stride of a structure's post-index. */
function withIndex(rng: Prng, row: Row, word: number, option: number | undefined): number {
  return withField(row, word, /^rm$/, () => {
    if (option === undefined) return rng.below(2) === 0 ? 31 : SIGNED_INDEX;
    if (option === 2) return UNSIGNED_INDEX;
    if (option === 6) return rng.pick([SIGNED_INDEX, UNSIGNED_INDEX]);
    return SIGNED_INDEX;
  });
}

function writeBackBytes(row: Row, word: number): number {
  if (!/post-|pre-/.test(row.name)) return 0;
  const f = row.extract(word);
  if (f["imm9"] !== undefined) return Math.abs(signed(f["imm9"], 9));
  if (f["imm7"] !== undefined) return 16 * Math.abs(signed(f["imm7"], 7));
  return INDEX_LIMIT; // structures: 64 bytes at most, or the index register
}

/** A literal load from `distance` words away. */
export function literalWord(rng: Prng, distance: number, data: readonly number[]): number {
  const row = rng.pick(LITERALS);
  return withField(row, randomWordOf(rng, row, data), /^imm19$/, () => distance);
}
