import { check } from "../arch/check.js";
import type { Feature } from "../arch/features.js";
import type { Emitter } from "./emitter.js";

/** The union of the field names in a pattern: the part before `:` of each token that has one. */
type FieldName<P extends string> = P extends `${infer Token} ${infer Rest}`
  ? TokenName<Token> | FieldName<Rest>
  : TokenName<P>;
type TokenName<T extends string> = T extends `${infer Name}:${string}` ? Name : never;

/** The operand fields of a pattern, unsigned. */
export type Fields<P extends string> = Readonly<Record<FieldName<P>, number>>;

/** One feature, or several that must all be there. */
export type FeatureNeed = Feature | readonly Feature[];

/**
 * Where control goes after an instruction, as far as the word tells. "jump" and "call" go to
 * `pc + offset`, "cond" there or to the next instruction, "indirect" and "return" to a register value; "stop"
 * always leaves the region (exceptions, context synchronisation).
 */
export type Flow =
  | { readonly kind: "jump"; readonly offset: number }
  | { readonly kind: "call"; readonly offset: number }
  | { readonly kind: "cond"; readonly offset: number }
  | { readonly kind: "callIndirect" }
  | { readonly kind: "indirect" }
  | { readonly kind: "return" }
  | { readonly kind: "stop" };

export interface RowOptions<F> {
  /** Default "base". A function where it depends on the fields (a half-precision `ftype`, say). */
  readonly feature?: FeatureNeed | ((f: F) => FeatureNeed);
  /** Unallocated combinations of the fields. */
  readonly undefinedIf?: (f: F) => boolean;
  /** Use of NZCV: the emitter refuses a `cond` or `flags*` the row did not declare. */
  readonly flags?: "sets" | "reads" | "reads+sets";
  /** Rows without it fall through, as do words for which it is null. */
  readonly flow?: Flow["kind"] | ((f: F) => Flow | null);
}

interface PatternField {
  readonly name: string;
  readonly lo: number;
  readonly width: number;
}

type ErasedFields = Readonly<Record<string, number>>;

/** One encoding. `fields` and the functions are typed by the pattern where the row is written. */
export interface Row {
  readonly name: string;
  readonly pattern: string;
  /** Fixed bits: the row matches when `(word & mask) === value` and no exclusion holds. */
  readonly mask: number;
  readonly value: number;
  /** `field:width!=bits`: the row does not match where the masked word has this value. */
  readonly exclusions: readonly { readonly mask: number; readonly value: number }[];
  /** Features of a word of this row: without any one of them it is UNDEFINED. */
  readonly features: (f: ErasedFields) => readonly Feature[];
  readonly flags: "none" | "sets" | "reads" | "reads+sets";
  readonly flow: ((f: ErasedFields) => Flow | null) | null;
  readonly undefinedIf: ((f: ErasedFields) => boolean) | null;
  readonly emit: (e: Emitter, f: ErasedFields) => void;
  extract(word: number): ErasedFields;
}

/**
 * Declare one encoding.
 * @param pattern the word from bit 31 down: runs of 0 and 1, fields `name:width`, a field that
 *   excludes a value `name:width!=0000`, and `x` for a bit that does not matter
 */
export function inst<const P extends string>(
  name: string,
  pattern: P,
  emit: (e: Emitter, f: Fields<P>) => void,
  options: RowOptions<Fields<P>> = {},
): Row {
  return new ParsedRow(name, pattern, emit, options);
}

/** Its pattern is read when a word may be the row's: a program uses few rows, and all of them together take a while. */
class ParsedRow<F extends ErasedFields> implements Row {
  readonly name: string;
  readonly pattern: string;
  readonly flags: Row["flags"];
  readonly flow: Row["flow"];
  readonly undefinedIf: Row["undefinedIf"];
  readonly emit: Row["emit"];
  readonly #feature: RowOptions<F>["feature"];
  #features: Row["features"] | null = null;
  #parsed: ParsedPattern | null = null;

  constructor(
    name: string,
    pattern: string,
    emit: (e: Emitter, f: F) => void,
    options: RowOptions<F>,
  ) {
    const { flow } = options;
    this.name = name;
    this.pattern = pattern;
    this.flags = options.flags ?? "none";
    this.flow = typeof flow === "string" ? constantFlow(flow) : ((flow ?? null) as Row["flow"]);
    this.undefinedIf = (options.undefinedIf ?? null) as Row["undefinedIf"];
    this.emit = emit as Row["emit"];
    this.#feature = options.feature;
  }

  get #pattern(): ParsedPattern {
    return (this.#parsed ??= parsePattern(this.pattern));
  }

  get mask(): number {
    return this.#pattern.mask;
  }

  get value(): number {
    return this.#pattern.value;
  }

  get exclusions(): Row["exclusions"] {
    return this.#pattern.exclusions;
  }

  get features(): Row["features"] {
    return (this.#features ??= featuresOf(this.#feature ?? "base") as Row["features"]);
  }

  extract(word: number): ErasedFields {
    return extractFields(this.#pattern.fields, word);
  }
}

function featuresOf<F>(need: FeatureNeed | ((f: F) => FeatureNeed)): (f: F) => readonly Feature[] {
  if (typeof need === "function") {
    return (f) => {
      const found = need(f);
      return typeof found === "string" ? [found] : found;
    };
  }
  const constant = typeof need === "string" ? [need] : need;
  return () => constant;
}

function constantFlow(kind: Flow["kind"]): () => Flow {
  check(kind !== "jump" && kind !== "call" && kind !== "cond", "this flow needs a target", kind);
  const flow: Flow = { kind };
  return () => flow;
}

function extractFields(fields: readonly PatternField[], word: number): ErasedFields {
  const out: Record<string, number> = {};
  for (const { name, lo, width } of fields) out[name] = (word >>> lo) & ((1 << width) - 1);
  return out;
}

interface ParsedPattern {
  readonly mask: number;
  readonly value: number;
  readonly fields: readonly PatternField[];
  readonly exclusions: readonly { readonly mask: number; readonly value: number }[];
}

const CODE = { space: 0x20, zero: 0x30, one: 0x31, x: 0x78 } as const;

/**
 * The fixed bits of a well-formed pattern among the word's bits 31 to `lowest`, and perhaps some of those below.
 * Reads no further, and is quick: a decoder does it to every row.
 */
export function leadingBits(pattern: string, lowest: number): { mask: number; value: number } {
  let bit = 32;
  let mask = 0;
  let value = 0;
  for (let at = 0; bit > lowest; at++) {
    const code = pattern.charCodeAt(at);
    if (code === CODE.space) continue;
    const next = pattern.charCodeAt(at + 1);
    if (code === CODE.zero || code === CODE.one) {
      bit--;
      mask |= 1 << bit;
      if (code === CODE.one) value |= 1 << bit;
    } else if (code === CODE.x && (next === CODE.x || next <= CODE.one)) {
      bit--;
    } else {
      const colon = pattern.indexOf(":", at);
      bit -= parseInt(pattern.slice(colon + 1, colon + 3), 10);
      at = pattern.indexOf(" ", colon);
      if (at < 0) break;
    }
  }
  return { mask: mask >>> 0, value: value >>> 0 };
}

/** @throws HostBug unless the tokens add up to 32 bits with distinct field names */
export function parsePattern(pattern: string): ParsedPattern {
  let bit = 32;
  let mask = 0;
  let value = 0;
  const fields: PatternField[] = [];
  const exclusions: { mask: number; value: number }[] = [];
  for (const token of pattern.split(" ")) {
    const colon = token.indexOf(":");
    if (colon < 0) {
      for (const digit of token) {
        bit--;
        if (digit === "x") continue;
        check(digit === "0" || digit === "1", "bad digit in pattern", pattern, token);
        mask |= 1 << bit;
        if (digit === "1") value |= 1 << bit;
      }
      continue;
    }
    const name = token.slice(0, colon);
    const [widthText = "", excluded] = token.slice(colon + 1).split("!=");
    const width = Number(widthText);
    check(width >= 1 && width <= 31, "bad field width in pattern", pattern, token);
    bit -= width;
    check(!fields.some((f) => f.name === name), "field named twice in pattern", pattern, name);
    fields.push({ name, lo: bit, width });
    if (excluded === undefined) continue;
    check(excluded.length === width, "excluded value has the wrong width", pattern, token);
    exclusions.push({
      mask: (((1 << width) - 1) << bit) >>> 0,
      value: (parseInt(excluded, 2) << bit) >>> 0,
    });
  }
  check(bit === 0, "pattern is not 32 bits wide", pattern, 32 - bit);
  return { mask: mask >>> 0, value: value >>> 0, fields, exclusions };
}

/** A signed field: `value`'s `width` low bits, sign-extended. */
export function signed(value: number, width: number): number {
  return (value << (32 - width)) >> (32 - width);
}
