import { parsePattern, type Row } from "../../emulator/isa/pattern.js";
import type { Prng } from "./fp-operands.js";

/** Random words of a row, and random register values. */

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
