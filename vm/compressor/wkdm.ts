/**
 * WKdm for pages of 4096 words: a small dictionary of recent words, and for each word of the page
 * two bits that say how it relates to it. Our own, from the algorithm as it is published (Wilson,
 * Kaplan, "The Case for Compressed Caching in Virtual Memory Systems"); the mapping from words to
 * dictionary positions is ours, so sizes may differ from those of other implementations.
 *
 * Layout in 32-bit words: three ends (of the missed words, the positions, the low bits), 256 words of
 * tags, the missed words, positions eight a word, low bits three a word. Or, for a page with few words
 * that are not zero: a mark, then each of these words with its 16-bit byte offset.
 */

export const WKDM_WORDS = 4096;
const HEADER_WORDS = 3;
const TAG_WORDS = WKDM_WORDS / 16;
const DICTIONARY_WORDS = 16;
const TAG_ZERO = 0;
const TAG_PARTIAL = 1;
const TAG_MISS = 2;
const TAG_EXACT = 3;
const LOW_BITS = 10;
const LOW_MASK = (1 << LOW_BITS) - 1;
/** First word of the sparse form; larger than any end of the normal one. */
const SPARSE_MARK = 17185;
/** Give up when the first words leave no hope. */
const TRIAL_WORDS = 416;
const TRIAL_BYTES = 1600;

/** Dictionary position by bits 17..10 of a word: 0 for key 0 alone, 17 keys for each of the others. */
const POSITION = Uint8Array.from({ length: 256 }, (_, key) =>
  key === 0 ? 0 : 1 + ((key - 1) % 15),
);

const dictionary = new Int32Array(DICTIONARY_WORDS);
const tags = new Uint8Array(WKDM_WORDS);
const missed = new Int32Array(WKDM_WORDS);
const positions = new Uint8Array(WKDM_WORDS);
const lows = new Uint16Array(WKDM_WORDS);

/**
 * Compress a page.
 * @param from 4096 words
 * @param to where to; at least `budget` bytes
 * @returns bytes written, a multiple of 2; -1 if that would be more than `budget`
 */
export function wkdmCompress(from: Int32Array, to: Uint8Array, budget: number): number {
  dictionary.fill(0);
  let missCount = 0;
  let positionCount = 0;
  let lowCount = 0;
  let nonZero = 0;
  for (let i = 0; i < WKDM_WORDS; i++) {
    if (i === TRIAL_WORDS) {
      const payload = 4 * missCount + positionCount / 2 + (4 * lowCount) / 3;
      if (payload > TRIAL_BYTES) return -1;
    }
    const word = from[i]!;
    if (word === 0) {
      tags[i] = TAG_ZERO;
      continue;
    }
    nonZero++;
    const at = POSITION[(word >>> LOW_BITS) & 0xff]!;
    const known = dictionary[at]!;
    if (known === word) {
      tags[i] = TAG_EXACT;
      positions[positionCount++] = at;
    } else if (known >>> LOW_BITS === word >>> LOW_BITS) {
      tags[i] = TAG_PARTIAL;
      positions[positionCount++] = at;
      lows[lowCount++] = word & LOW_MASK;
      dictionary[at] = word;
    } else {
      tags[i] = TAG_MISS;
      missed[missCount++] = word;
      dictionary[at] = word;
    }
  }
  const missEnd = HEADER_WORDS + TAG_WORDS + missCount;
  const positionEnd = missEnd + Math.ceil(positionCount / 8);
  const lowEnd = positionEnd + Math.ceil(lowCount / 3);
  const sparseBytes = 4 + 6 * nonZero;
  if (sparseBytes <= 4 * lowEnd) {
    return sparseBytes > budget ? -1 : writeSparse(from, to, nonZero);
  }
  if (4 * lowEnd > budget) return -1;
  const out = new Int32Array(to.buffer, to.byteOffset, lowEnd);
  out[0] = missEnd;
  out[1] = positionEnd;
  out[2] = lowEnd;
  for (let i = 0; i < TAG_WORDS; i++) out[HEADER_WORDS + i] = pack(tags, 16 * i, 16, 2, WKDM_WORDS);
  out.set(missed.subarray(0, missCount), HEADER_WORDS + TAG_WORDS);
  for (let i = 0; 8 * i < positionCount; i++) {
    out[missEnd + i] = pack(positions, 8 * i, 8, 4, positionCount);
  }
  for (let i = 0; 3 * i < lowCount; i++) {
    out[positionEnd + i] = pack(lows, 3 * i, 3, LOW_BITS, lowCount);
  }
  return 4 * lowEnd;
}

/** Up to `count` values of `bits` bits each from `at` on, the first in the lowest bits. */
function pack(
  values: Uint8Array | Uint16Array,
  at: number,
  count: number,
  bits: number,
  end: number,
): number {
  let word = 0;
  for (let i = 0; i < count && at + i < end; i++) word |= values[at + i]! << (bits * i);
  return word;
}

function writeSparse(from: Int32Array, to: Uint8Array, nonZero: number): number {
  const view = new DataView(to.buffer, to.byteOffset, 4 + 6 * nonZero);
  view.setUint32(0, SPARSE_MARK, true);
  let out = 4;
  for (let i = 0; i < WKDM_WORDS; i++) {
    if (from[i] === 0) continue;
    view.setInt32(out, from[i]!, true);
    view.setUint16(out + 4, 4 * i, true);
    out += 6;
  }
  return out;
}

/**
 * Undo wkdmCompress.
 * @param from what was written, exactly; starts at a multiple of 4 in its buffer
 * @param to 4096 words
 * @returns false if these bytes do not come from wkdmCompress; `to` is garbage then
 */
export function wkdmDecompress(from: Uint8Array, to: Int32Array): boolean {
  if (from.length < 4) return false;
  const view = new DataView(from.buffer, from.byteOffset, from.length);
  if (view.getUint32(0, true) === SPARSE_MARK) return readSparse(view, to);
  if (from.length % 4 !== 0 || from.length < 4 * (HEADER_WORDS + TAG_WORDS)) return false;
  const words = new Int32Array(from.buffer, from.byteOffset, from.length / 4);
  const missEnd = words[0]!;
  const positionEnd = words[1]!;
  const lowEnd = words[2]!;
  const missStart = HEADER_WORDS + TAG_WORDS;
  if (missEnd < missStart || positionEnd < missEnd || lowEnd < positionEnd) return false;
  if (lowEnd !== words.length) return false;
  dictionary.fill(0);
  let miss = missStart;
  let position = 0;
  let low = 0;
  for (let i = 0; i < WKDM_WORDS; i++) {
    switch ((words[HEADER_WORDS + (i >> 4)]! >>> (2 * (i & 15))) & 3) {
      case TAG_ZERO:
        to[i] = 0;
        break;
      case TAG_MISS: {
        if (miss >= missEnd) return false;
        const word = words[miss++]!;
        dictionary[POSITION[(word >>> LOW_BITS) & 0xff]!] = word;
        to[i] = word;
        break;
      }
      case TAG_PARTIAL: {
        const atWord = missEnd + (position >> 3);
        const lowWord = positionEnd + Math.floor(low / 3);
        if (atWord >= positionEnd || lowWord >= lowEnd) return false;
        const at = (words[atWord]! >>> (4 * (position & 7))) & 15;
        const bits = (words[lowWord]! >>> (LOW_BITS * (low % 3))) & LOW_MASK;
        position++;
        low++;
        const word = (dictionary[at]! & ~LOW_MASK) | bits;
        dictionary[at] = word;
        to[i] = word;
        break;
      }
      default: {
        const atWord = missEnd + (position >> 3);
        if (atWord >= positionEnd) return false;
        to[i] = dictionary[(words[atWord]! >>> (4 * (position & 7))) & 15]!;
        position++;
      }
    }
  }
  return miss === missEnd;
}

function readSparse(view: DataView, to: Int32Array): boolean {
  if ((view.byteLength - 4) % 6 !== 0) return false;
  to.fill(0);
  for (let at = 4; at < view.byteLength; at += 6) {
    const offset = view.getUint16(at + 4, true);
    if (offset % 4 !== 0 || offset >= 4 * WKDM_WORDS) return false;
    to[offset / 4] = view.getInt32(at, true);
  }
  return true;
}
