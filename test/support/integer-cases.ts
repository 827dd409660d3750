import { parsePattern, type Row } from "../../emulator/isa/pattern.js";
import * as branch from "../../emulator/isa/branch.js";
import * as integerArithmetic from "../../emulator/isa/integer-arithmetic.js";
import * as integerFlags from "../../emulator/isa/integer-flags.js";
import * as integerImmediate from "../../emulator/isa/integer-immediate.js";
import * as integerRegister from "../../emulator/isa/integer-register.js";
import type { Prng } from "./fp-operands.js";

/** Random instruction sequences that touch nothing but integer registers and flags. */

/** Rows whose only operands are registers, immediates and flags. */
export const REGISTER_ROWS: readonly Row[] = [
  integerImmediate,
  integerRegister,
  integerArithmetic,
  integerFlags,
].flatMap((file) => file.ROWS);

/** B, B.cond, CBZ, CBNZ, TBZ, TBNZ: the offset field of each, in words. */
const BRANCHES = branch.ROWS.filter(
  (row) => /imm(26|19|14):/.test(row.pattern) && row.name !== "BL",
);

const MRS_NZCV = 0xd53b_4200;
const MSR_NZCV = 0xd51b_4200;

export const MAX_SEQUENCE = 8;

/** Fields of a row with their bit positions. */
const fieldsOf = new Map<Row, ReturnType<typeof parsePattern>["fields"]>();
function fields(row: Row): ReturnType<typeof parsePattern>["fields"] {
  let found = fieldsOf.get(row);
  if (found === undefined) fieldsOf.set(row, (found = parsePattern(row.pattern).fields));
  return found;
}

/** `word` with the named field replaced. */
export function withField(
  row: Row,
  word: number,
  name: RegExp,
  value: (width: number) => number,
): number {
  let out = word;
  for (const field of fields(row)) {
    if (!name.test(field.name)) continue;
    const mask = ((1 << field.width) - 1) << field.lo;
    out = (out & ~mask) | ((value(field.width) << field.lo) & mask);
  }
  return out >>> 0;
}

/** An allocated word of the row, its registers taken from `registers`. */
export function randomWordOf(rng: Prng, row: Row, registers: readonly number[]): number {
  for (;;) {
    let word = ((rng.u32() & ~row.mask) | row.value) >>> 0;
    word = withField(row, word, /^r[dnmast]2?$/, () => rng.pick(registers));
    const excluded = row.exclusions.some((x) => (word & x.mask) >>> 0 === x.value);
    if (!excluded && row.undefinedIf?.(row.extract(word)) !== true) return word;
  }
}

/** A branch `distance` words forward. */
function forwardBranch(rng: Prng, registers: readonly number[], distance: number): number {
  const row = rng.pick(BRANCHES);
  return withField(row, randomWordOf(rng, row, registers), /^imm/, () => distance);
}

/**
 * 1 to MAX_SEQUENCE instructions that use few registers, so that they feed one another. Branches go
 * forward, to the end of the sequence at most.
 */
export function randomSequence(rng: Prng): number[] {
  const length = 1 + rng.below(MAX_SEQUENCE);
  const registers = Array.from({ length: 5 }, () => rng.below(32));
  return Array.from({ length }, (_, i) => {
    const kind = rng.below(32);
    if (kind < 3) return forwardBranch(rng, registers, 1 + rng.below(length - i));
    const rt = rng.pick(registers);
    if (kind === 3) return (MRS_NZCV | rt) >>> 0;
    if (kind === 4) return (MSR_NZCV | rt) >>> 0;
    return randomWordOf(rng, rng.pick(REGISTER_ROWS), registers);
  });
}

/** A register value: corners far more often than chance would have them. */
export function randomRegister(rng: Prng): bigint {
  const value = rng.bits(64);
  switch (rng.below(8)) {
    case 0:
      return BigInt(rng.below(4));
    case 1:
      return BigInt.asUintN(64, -BigInt(rng.below(4)));
    case 2:
      return 1n << BigInt(rng.below(64));
    case 3:
      return BigInt.asUintN(64, (1n << BigInt(rng.below(64))) - 1n);
    case 4:
      return BigInt.asUintN(64, BigInt.asIntN(32, value));
    case 5:
      return value & 0xffff_ffffn;
    default:
      return value;
  }
}
