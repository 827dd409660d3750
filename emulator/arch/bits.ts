import { check } from "./check.js";

/** A bit field of a 64-bit word: bits `hi`..`lo`, both included, as the manual prints them. */
export interface Field {
  readonly hi: number;
  readonly lo: number;
  /** Number of bits. */
  readonly width: number;
}

/** Bits `hi`..`lo` of a 64-bit word. */
export function field(hi: number, lo: number): Field {
  check(hi >= lo && lo >= 0 && hi <= 63, "bad bit field", hi, lo);
  return { hi, lo, width: hi - lo + 1 };
}

/** A single bit. */
export function bit(n: number): Field {
  return field(n, n);
}

/** Names for the fields of a word; refuses overlapping fields when the module loads. */
export function layout<const L extends Readonly<Record<string, Field>>>(fields: L): L {
  const taken: [string, Field][] = [];
  for (const [name, f] of Object.entries(fields)) {
    for (const [other, o] of taken) {
      check(f.hi < o.lo || f.lo > o.hi, `fields ${name} and ${other} overlap`);
    }
    taken.push([name, f]);
  }
  return fields;
}

/**
 * Read a field of at most 32 bits from a 64-bit word held as two 32-bit halves.
 * @returns the field's value, unsigned
 */
export function getField(lo: number, hi: number, f: Field): number {
  const mask = f.width === 32 ? 0xffffffff : (1 << f.width) - 1;
  if (f.lo >= 32) return ((hi >>> (f.lo - 32)) & mask) >>> 0;
  if (f.hi < 32) return ((lo >>> f.lo) & mask) >>> 0;
  const low = lo >>> f.lo;
  const high = hi << (32 - f.lo);
  return ((low | high) & mask) >>> 0;
}

/** The field's mask within the low 32 bits of the word. */
export function maskLo(f: Field): number {
  if (f.lo > 31) return 0;
  const hi = Math.min(f.hi, 31);
  return rangeMask(hi, f.lo);
}

/** The field's mask within the high 32 bits of the word. */
export function maskHi(f: Field): number {
  if (f.hi < 32) return 0;
  const lo = Math.max(f.lo, 32) - 32;
  return rangeMask(f.hi - 32, lo);
}

function rangeMask(hi: number, lo: number): number {
  const width = hi - lo + 1;
  const ones = width === 32 ? 0xffffffff : (1 << width) - 1;
  return (ones << lo) >>> 0;
}

/** `value` placed in a field that lies in the low 32 bits, as the low word's bits. */
export function placeLo(f: Field, value: number): number {
  return ((value << f.lo) & maskLo(f)) >>> 0;
}

/** `value` placed in a field that lies in the high 32 bits, as the high word's bits. */
export function placeHi(f: Field, value: number): number {
  return ((value << (f.lo - 32)) & maskHi(f)) >>> 0;
}
