import type { Feature } from "../arch/features.js";
import { leadingBits, type Flow, type Row } from "./pattern.js";

/** From instruction word to row. */
export interface Decoder {
  /** The row whose encoding matches, or null: UNDEFINED. Applies neither `undefinedIf` nor features. */
  decode(word: number): Row | null;
  /** The row and operand fields of a word that is allocated on this CPU, or null: UNDEFINED. */
  allocated(word: number): DecodedWord | null;
  /** The same with where control goes: one object for a word as long as it is remembered. Code repeats its words a lot. */
  instruction(word: number): Instruction;
  readonly rows: readonly Row[];
}

export interface DecodedWord {
  readonly row: Row;
  readonly fields: Readonly<Record<string, number>>;
}

/** A word as an instruction. A null row is UNDEFINED. */
export interface Instruction {
  readonly word: number;
  readonly row: Row | null;
  readonly fields: Readonly<Record<string, number>>;
  readonly flow: Flow | null;
}

/** Words remembered; beyond, all are forgotten. */
const MAX_REMEMBERED = 1 << 16;
const NO_FIELDS: Instruction["fields"] = {};
const STOP: Flow = { kind: "stop" };

/**
 * Rows are spread over 2048 buckets by word bits 31:21, then tried one after another. A bucket is filled when a word
 * first falls into it, from the rows that agree with it in bits 28:25, the manual's main groups.
 */
const BUCKET_SHIFT = 21;
const BUCKETS = 1 << (32 - BUCKET_SHIFT);
const GROUP_SHIFT = 25;
const GROUPS = 16;

/** A row with the bits of its pattern that have been looked at. */
interface Candidate {
  readonly row: Row;
  readonly mask: number;
  readonly value: number;
}

/** Candidates by bits 28:25, as far as their leading bits tell. */
type Groups = readonly (readonly Candidate[])[];

/**
 * @param rows no two of which match the same word (`areDisjoint`): that is tested, not looked at on every start
 * @param features what the CPU has; every feature by default
 */
export function buildDecoder(
  rows: readonly Row[],
  features: ReadonlySet<Feature> | null = null,
): Decoder {
  const groups = groupsOf(rows);
  const buckets = new Array<readonly Candidate[] | null>(BUCKETS).fill(null);
  const decode = (word: number): Row | null => {
    for (const { row, mask, value } of (buckets[word >>> BUCKET_SHIFT] ??= bucketOf(
      word,
      groups,
    ))) {
      if ((word & mask) >>> 0 === value && !isExcluded(row, word)) return row;
    }
    return null;
  };
  const allocated = (word: number): DecodedWord | null => {
    const row = decode(word);
    if (row === null) return null;
    const fields = row.extract(word);
    if (row.undefinedIf?.(fields) === true) return null;
    if (features !== null) {
      for (const feature of row.features(fields)) if (!features.has(feature)) return null;
    }
    return { row, fields };
  };
  const remembered = new Map<number, Instruction>();
  return {
    rows,
    decode,
    allocated,
    instruction(word) {
      const known = remembered.get(word | 0);
      if (known !== undefined) return known;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const made = instructionOf(word, allocated(word));
      remembered.set(word | 0, made);
      return made;
    },
  };
}

function groupsOf(rows: readonly Row[]): Groups {
  const groups = Array.from({ length: GROUPS }, (): Candidate[] => []);
  for (const row of rows) {
    const candidate = { row, ...leadingBits(row.pattern, BUCKET_SHIFT) };
    const value = (candidate.value >>> GROUP_SHIFT) % GROUPS;
    const open = (~candidate.mask >>> GROUP_SHIFT) % GROUPS;
    // Enumerate the subsets of the bits the row leaves open.
    for (let subset = open; ; subset = (subset - 1) & open) {
      groups[value | subset]!.push(candidate);
      if (subset === 0) break;
    }
  }
  return groups;
}

/** The rows whose bits 31:21 may be the word's, with all their fixed bits. */
function bucketOf(word: number, groups: Groups): Candidate[] {
  return groups[(word >>> GROUP_SHIFT) % GROUPS]!.filter(
    ({ mask, value }) => ((word ^ value) & mask) >>> BUCKET_SHIFT === 0,
  ).map(({ row }) => ({ row, mask: row.mask, value: row.value }));
}

function instructionOf(word: number, found: DecodedWord | null): Instruction {
  if (found === null) return { word, row: null, fields: NO_FIELDS, flow: STOP };
  const { row, fields } = found;
  return { word, row, fields, flow: row.flow === null ? null : row.flow(fields) };
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
