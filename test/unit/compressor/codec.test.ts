import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CODEC_LZ4,
  CODEC_WKDM,
  compressPage,
  decompressPage,
  wordsOf,
} from "../../../vm/compressor/codec.js";
import { lz4Compress, lz4Decompress } from "../../../vm/compressor/lz4.js";
import { wkdmCompress, wkdmDecompress, WKDM_WORDS } from "../../../vm/compressor/wkdm.js";
import { SeededRandom } from "../../../vm/random.js";
import { PAGE_SIZE } from "../../../vm/types.js";

function randomPage(seed: number): Uint8Array {
  const random = new SeededRandom(seed);
  const page = new Uint8Array(PAGE_SIZE);
  wordsOf(page).forEach((_, i, words) => (words[i] = random.next32() | 0));
  return page;
}

/** Pages as programs make them: words of few kinds, runs, and some noise. */
const page: fc.Arbitrary<Uint8Array> = fc
  .record({
    seed: fc.nat(),
    kinds: fc.integer({ min: 1, max: 40 }),
    lowBits: fc.constantFrom(0, 3, 10, 16, 32),
    zeroes: fc.integer({ min: 0, max: 100 }),
    run: fc.integer({ min: 1, max: 600 }),
  })
  .map(({ seed, kinds, lowBits, zeroes, run }) => {
    const random = new SeededRandom(seed);
    const bases = Array.from({ length: kinds }, () => random.next32());
    const bytes = new Uint8Array(PAGE_SIZE);
    const words = wordsOf(bytes);
    for (let i = 0; i < words.length;) {
      const zero = random.next32() % 100 < zeroes;
      const base = bases[random.next32() % kinds]!;
      for (let n = random.next32() % run; n >= 0 && i < words.length; n--, i++) {
        const noise = lowBits === 0 ? 0 : random.next32() >>> (32 - lowBits);
        words[i] = zero ? 0 : base ^ noise;
      }
    }
    return bytes;
  });

describe("WKdm", () => {
  const out = new Uint8Array(PAGE_SIZE);

  it("gives back every page it takes, and keeps to its budget", () => {
    fc.assert(
      fc.property(page, fc.integer({ min: 0, max: PAGE_SIZE }), (bytes, budget) => {
        const size = wkdmCompress(wordsOf(bytes), out, budget);
        if (size < 0) return;
        expect(size).toBeLessThanOrEqual(budget);
        const back = new Int32Array(WKDM_WORDS);
        expect(wkdmDecompress(out.subarray(0, size), back)).toBe(true);
        expect(back).toEqual(wordsOf(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it("stores few words that are not zero as six bytes each, behind a mark", () => {
    const bytes = new Uint8Array(PAGE_SIZE);
    wordsOf(bytes)[7] = 0x1234_5678;
    wordsOf(bytes)[4095] = -1;
    expect(wkdmCompress(wordsOf(bytes), out, PAGE_SIZE)).toBe(4 + 2 * 6);
    expect([...out.subarray(0, 16)]).toEqual([
      0x21, 0x43, 0, 0, 0x78, 0x56, 0x34, 0x12, 28, 0, 0xff, 0xff, 0xff, 0xff, 0xfc, 0x3f,
    ]);
  });

  it("counts three header words, the tags, misses, positions and low bits", () => {
    const bytes = new Uint8Array(PAGE_SIZE);
    const words = wordsOf(bytes);
    // One miss, then matches of the upper 22 bits: a position and ten low bits each.
    for (let i = 0; i < WKDM_WORDS; i++) words[i] = 0x40_0400 + (i % 1000);
    const size = wkdmCompress(words, out, PAGE_SIZE);
    // Words 0 to 999 are in 0x400400..0x4007e7: one key, so one dictionary entry.
    const partial = WKDM_WORDS - 1;
    expect(size).toBe(4 * (3 + 256 + 1 + Math.ceil(partial / 8) + Math.ceil(partial / 3)));
  });

  it("gives up early on noise", () => {
    expect(wkdmCompress(wordsOf(randomPage(1)), out, PAGE_SIZE)).toBe(-1);
  });

  it("refuses bytes it did not write, whatever they are", () => {
    fc.assert(
      fc.property(page, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, flip) => {
        const size = wkdmCompress(wordsOf(bytes), out, PAGE_SIZE);
        if (size < 0) return;
        const damaged = out.slice(0, size);
        damaged[at % size]! ^= flip;
        wkdmDecompress(damaged, new Int32Array(WKDM_WORDS)); // true or false, but it returns
        const odd = size - (size % 6 === 4 ? 2 : 4);
        expect(wkdmDecompress(out.slice(0, odd), new Int32Array(WKDM_WORDS))).toBe(
          size === 4 + 6 || false,
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe("LZ4", () => {
  const out = new Uint8Array(PAGE_SIZE + 200);

  it("gives back every block it takes, and keeps to its budget", () => {
    fc.assert(
      fc.property(
        fc.oneof(page, fc.uint8Array({ maxLength: 300 })),
        fc.integer({ min: 0, max: PAGE_SIZE }),
        (bytes, budget) => {
          const size = lz4Compress(bytes, out, budget);
          if (size < 0) return;
          expect(size).toBeLessThanOrEqual(budget);
          const back = new Uint8Array(bytes.length);
          expect(lz4Decompress(out.subarray(0, size), back)).toBe(true);
          expect(back).toEqual(bytes);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("writes the format's sequences: token, literals, distance, lengths", () => {
    // "abcabcabcabcabcabcabc": three literals, a match of distance 3, then the last five literals.
    const text = new TextEncoder().encode("abc".repeat(7));
    const size = lz4Compress(text, out, 100);
    expect([...out.subarray(0, size)]).toEqual([0x39, 97, 98, 99, 3, 0, 0x50, 98, 99, 97, 98, 99]);
  });

  it("reads blocks of others: lengths over 15 and 270, overlapping matches", () => {
    const back = new Uint8Array(400);
    // One literal, then a match of distance 1 and length 4 + 15 + 255 + 120, then five literals.
    const block = Uint8Array.of(0x1f, 7, 1, 0, 255, 120, 0x50, 1, 2, 3, 4, 5);
    expect(lz4Decompress(block, back)).toBe(true);
    expect(back.subarray(0, 395).every((byte) => byte === 7)).toBe(true);
    expect([...back.subarray(395)]).toEqual([1, 2, 3, 4, 5]);
  });

  it("refuses malformed blocks and never writes outside", () => {
    const bad: readonly (readonly number[])[] = [
      [0xf0], // a length that never ends
      [0x50, 1, 2], // literals that are missing
      [0x10, 1, 0, 0], // distance 0
      [0x10, 1, 9, 0], // before the start
      [0x10, 1, 1], // half a distance
      [0x1f, 1, 1, 0, 255, 255, 255], // longer than the page
    ];
    for (const bytes of bad) {
      expect(lz4Decompress(Uint8Array.from(bytes), new Uint8Array(64))).toBe(false);
    }
    expect(lz4Decompress(Uint8Array.of(0x10, 1), new Uint8Array(2))).toBe(false); // too short
  });
});

describe("the choice of a codec", () => {
  it("is none for a page of one value, WKdm for words of few kinds, LZ4 for text", () => {
    const same = new Uint8Array(PAGE_SIZE);
    wordsOf(same).fill(0x5555_aaaa);
    expect(compressPage(same, PAGE_SIZE - 4)).toEqual({ kind: "singleValue", value: 0x5555_aaaa });
    const pointers = new Uint8Array(PAGE_SIZE);
    wordsOf(pointers).forEach((_, i, words) => (words[i] = 0x1_0000 + 8 * (i % 60)));
    expect(compressPage(pointers, PAGE_SIZE - 4)).toMatchObject({ codec: CODEC_WKDM });
    const noise = randomPage(3).subarray(0, 2000);
    const repeated = new Uint8Array(PAGE_SIZE).map((_, i) => noise[i % noise.length]!);
    const lz4 = compressPage(repeated, PAGE_SIZE - 4);
    expect(lz4).toMatchObject({ kind: "stored", codec: CODEC_LZ4 });
    if (lz4.kind !== "stored") return;
    const back = new Uint8Array(PAGE_SIZE);
    expect(decompressPage(lz4.codec, lz4.bytes, back)).toBe(true);
    expect(back).toEqual(repeated);
  });

  it("takes no noise", () => {
    expect(compressPage(randomPage(9), PAGE_SIZE - 4)).toEqual({ kind: "incompressible" });
  });
});
