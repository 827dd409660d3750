import type { Row } from "../../emulator/isa/pattern.js";
import { ROWS } from "../../emulator/isa/table.js";
import type { Prng } from "./fp-operands.js";
import { BRK, SP, type FuzzCase } from "./fuzz-case.js";
import { blockRegisters, dataAddress } from "./fuzz-inputs.js";
import {
  accessWord,
  INTEGER_ROWS,
  isAligned,
  MEMORY_ROWS,
  SIGNED_INDEX,
  UNSIGNED_INDEX,
  VECTOR_ROWS,
  wordOf,
} from "./fuzz-words.js";
import { withField } from "./integer-cases.js";
import type { JudgeName } from "./known-differences.js";

/** Cases of one instruction, of every row that computes or accesses memory. */

const INPUTS = 4;
const FPCR_FROM_X9 = 0xd51b_4409;
const FPCR_FROM_XZR = 0xd51b_441f;
/** Rounding modes, FZ, DN; half of the time none. */
const FPCRS = [0, 0, 0, 0, 0, 1 << 22, 2 << 22, 3 << 22, 1 << 24, 1 << 25, (3 << 24) | (1 << 22)];

/** The rows tested one by one. The others are branches, exceptions and system instructions. */
export const SINGLE_ROWS: readonly Row[] = [...INTEGER_ROWS, ...VECTOR_ROWS, ...MEMORY_ROWS];
export const OTHER_ROWS: readonly Row[] = ROWS.filter((row) => !SINGLE_ROWS.includes(row));

/** Registers that may be one and the same, and number 31 often. */
function somePool(rng: Prng): number[] {
  return [2 * rng.below(13), 2 * rng.below(13), rng.below(26), rng.below(26), 31];
}

/** @returns null for a row that the judge cannot be asked about */
export function rowCase(judge: JudgeName, rng: Prng, row: Row): Omit<FuzzCase, "at"> | null {
  const pool = somePool(rng);
  const word = wordOf(judge, rng, row, pool);
  if (word === null) return null;
  if (MEMORY_ROWS.includes(row)) return memoryCase(judge, rng, row, word, pool);
  const inputs = Array.from({ length: INPUTS }, () => blockRegisters(rng));
  if (!VECTOR_ROWS.includes(row)) return { words: [word, BRK], end: 1, inputs };
  const fpcr = BigInt(rng.pick(FPCRS));
  for (const { x } of inputs) x[9] = fpcr;
  return { words: [FPCR_FROM_X9, word, FPCR_FROM_XZR, BRK], end: 3, inputs };
}

function memoryCase(
  judge: JudgeName,
  rng: Prng,
  row: Row,
  word: number,
  pool: readonly number[],
): Omit<FuzzCase, "at"> {
  const inputs = Array.from({ length: INPUTS }, () => blockRegisters(rng));
  if (row.extract(word)["rn"] === undefined) {
    // A literal: 16 bytes behind the end.
    const literal = withField(row, word, /^imm19$/, () => 2);
    const bytes = Array.from({ length: 4 }, () => rng.u32());
    return { words: [literal, BRK, ...bytes], end: 1, inputs };
  }
  // The base is one of the data registers now and then.
  let base = rng.below(3) === 0 ? rng.pick(pool) : rng.below(32);
  if (base === SIGNED_INDEX || base === UNSIGNED_INDEX) base = SP;
  const access = accessWord(judge, rng, [row], base, pool).word;
  for (const { x } of inputs) {
    const address = dataAddress(rng);
    x[base] = BigInt(isAligned(row) ? address - (address % 16) : address);
  }
  return { words: [access, BRK], end: 1, inputs };
}
