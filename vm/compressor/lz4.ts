/**
 * The LZ4 block format (lz4_Block_format.md): sequences of a token, literals, and a match given by a
 * 16-bit distance. Our own encoder: greedy, one hash table, for blocks of up to 64 KiB.
 */

const MIN_MATCH = 4;
/** The last match starts at least so far from the end ... */
const MATCH_LIMIT = 12;
/** ... and the last so many bytes are always literals. */
const LAST_LITERALS = 5;
const MAX_DISTANCE = 0xffff;
const RUN_MASK = 15;
const HASH_BITS = 12;
/** Search faster the longer nothing was found: one byte more a step after 2^6 misses. */
const SKIP_SHIFT = 6;

/** Last place of each hash, plus 1; 0 is none. */
const table = new Uint32Array(1 << HASH_BITS);

function read32(from: Uint8Array, at: number): number {
  return from[at]! | (from[at + 1]! << 8) | (from[at + 2]! << 16) | (from[at + 3]! << 24);
}

function hash(word: number): number {
  return Math.imul(word, 0x9e37_79b1) >>> (32 - HASH_BITS);
}

/**
 * Compress a block.
 * @param from at most 64 KiB
 * @param to where to; at least `budget` bytes
 * @returns bytes written; -1 if that would be more than `budget`
 */
export function lz4Compress(from: Uint8Array, to: Uint8Array, budget: number): number {
  table.fill(0);
  const end = from.length;
  let anchor = 0;
  let out = 0;
  let misses = 0;
  for (let at = 0; at <= end - MATCH_LIMIT - 1;) {
    const word = read32(from, at);
    const h = hash(word);
    const candidate = table[h]! - 1;
    table[h] = at + 1;
    if (candidate < 0 || at - candidate > MAX_DISTANCE || read32(from, candidate) !== word) {
      at += 1 + (misses++ >> SKIP_SHIFT);
      continue;
    }
    misses = 0;
    let start = at;
    let match = candidate;
    while (start > anchor && match > 0 && from[start - 1] === from[match - 1]) {
      start--;
      match--;
    }
    let length = at - start + MIN_MATCH;
    const limit = end - LAST_LITERALS - start;
    while (length < limit && from[start + length] === from[match + length]) length++;
    out = writeSequence(from, to, budget, out, anchor, start, start - match, length);
    if (out < 0) return -1;
    at = start + length;
    anchor = at;
  }
  return writeSequence(from, to, budget, out, anchor, end, 0, 0);
}

/** Literals [anchor, start), then a match unless `length` is 0. @returns the new end, or -1 */
function writeSequence(
  from: Uint8Array,
  to: Uint8Array,
  budget: number,
  at: number,
  anchor: number,
  start: number,
  distance: number,
  length: number,
): number {
  const literals = start - anchor;
  const extra = length === 0 ? 0 : length - MIN_MATCH;
  const bytes = 1 + runBytes(literals) + literals + (length === 0 ? 0 : 2 + runBytes(extra));
  if (at + bytes > budget) return -1;
  let out = at;
  to[out++] = (Math.min(literals, RUN_MASK) << 4) | Math.min(extra, RUN_MASK);
  out = writeRun(to, out, literals);
  for (let i = anchor; i < start; i++) to[out++] = from[i]!;
  if (length === 0) return out;
  to[out++] = distance & 0xff;
  to[out++] = distance >>> 8;
  return writeRun(to, out, extra);
}

/** Bytes after the token that a length takes. */
function runBytes(length: number): number {
  return length < RUN_MASK ? 0 : Math.floor((length - RUN_MASK) / 255) + 1;
}

function writeRun(to: Uint8Array, at: number, length: number): number {
  if (length < RUN_MASK) return at;
  let out = at;
  let left = length - RUN_MASK;
  for (; left >= 255; left -= 255) to[out++] = 255;
  to[out++] = left;
  return out;
}

/**
 * Decompress a block that must fill `to` exactly.
 * @returns false if it is malformed or of another size; nothing outside `to` is touched
 */
export function lz4Decompress(from: Uint8Array, to: Uint8Array): boolean {
  let at = 0;
  let out = 0;
  while (at < from.length) {
    const token = from[at++]!;
    let literals = token >>> 4;
    if (literals === RUN_MASK) {
      let byte: number;
      do {
        if (at >= from.length) return false;
        byte = from[at++]!;
        literals += byte;
      } while (byte === 255);
    }
    if (literals > from.length - at || literals > to.length - out) return false;
    for (let i = 0; i < literals; i++) to[out++] = from[at++]!;
    if (at === from.length) break; // the last sequence has no match
    if (from.length - at < 2) return false;
    const distance = from[at]! | (from[at + 1]! << 8);
    at += 2;
    let length = (token & RUN_MASK) + MIN_MATCH;
    if ((token & RUN_MASK) === RUN_MASK) {
      let byte: number;
      do {
        if (at >= from.length) return false;
        byte = from[at++]!;
        length += byte;
      } while (byte === 255);
    }
    if (distance === 0 || distance > out || length > to.length - out) return false;
    for (let i = 0; i < length; i++, out++) to[out] = to[out - distance]!;
  }
  return out === to.length;
}
