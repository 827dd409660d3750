import type { Feature } from "../arch/features.js";
import type { Row } from "./pattern.js";

/** From instruction word to row. */
export interface Decoder {
  /** The row whose encoding matches, or null: UNDEFINED. Applies neither `undefinedIf` nor features. */
  decode(word: number): Row | null;
  /** The row and operand fields of a word that is allocated on this CPU, or null: UNDEFINED. */
  allocated(word: number): DecodedWord | null;
  readonly rows: readonly Row[];
}

export interface DecodedWord {
  readonly row: Row;
  readonly fields: Readonly<Record<string, number>>;
}

/** Rows are spread over 2048 buckets by word bits 31:21, then tried one after another. */
const BUCKET_SHIFT = 21;
const BUCKETS = 1 << (32 - BUCKET_SHIFT);

/**
 * @param rows no two of which match the same word (`areDisjoint`): that is tested, not looked at on every start
 * @param features what the CPU has; every feature by default
 */
export function buildDecoder(
  rows: readonly Row[],
  features: ReadonlySet<Feature> | null = null,
): Decoder {
  const buckets: Row[][] = [];
  for (let key = 0; key < BUCKETS; key++) buckets.push([]);
  for (const row of rows) {
    const fixed = row.mask >>> BUCKET_SHIFT;
    const value = row.value >>> BUCKET_SHIFT;
    const open = ~fixed & (BUCKETS - 1);
    // Enumerate the subsets of the bits the row leaves open.
    for (let subset = open; ; subset = (subset - 1) & open) {
      const key = value | subset;
      buckets[key]!.push(row);
      if (subset === 0) break;
    }
  }
  const decode = (word: number): Row | null => {
    for (const row of buckets[word >>> BUCKET_SHIFT]!) {
      if ((word & row.mask) >>> 0 === row.value && !isExcluded(row, word)) return row;
    }
    return null;
  };
  return {
    rows,
    decode,
    allocated(word) {
      const row = decode(word);
      if (row === null) return null;
      const fields = row.extract(word);
      if (row.undefinedIf?.(fields) === true) return null;
      if (features !== null && !row.features(fields).every((f) => features.has(f))) return null;
      return { row, fields };
    },
  };
}

function isExcluded(row: Row, word: number): boolean {
  for (const { mask, value } of row.exclusions) {
    if ((word & mask) >>> 0 === value) return true;
  }
  return false;
}

/** True if no word matches both rows: exactly. */
export function areDisjoint(a: Row, b: Row): boolean {
  if ((a.mask & b.mask & (a.value ^ b.value)) !== 0) return true;
  const mask = (a.mask | b.mask) >>> 0;
  return !hasWord(mask, (a.value | b.value) >>> 0, [...a.exclusions, ...b.exclusions]);
}

/** Whether some word has the fixed bits and matches no exclusion. Tries the bits that an exclusion leaves open. */
function hasWord(mask: number, value: number, exclusions: Row["exclusions"]): boolean {
  const live = exclusions.filter((x) => (mask & x.mask & (value ^ x.value)) === 0);
  const first = live[0];
  if (first === undefined) return true;
  const open = first.mask & ~mask;
  if (open === 0) return false;
  const bit = open & -open;
  return [0, bit].some((choice) => hasWord((mask | bit) >>> 0, (value | choice) >>> 0, live));
}
