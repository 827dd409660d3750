import { PAGE_SIZE } from "../types.js";
import { lz4Compress, lz4Decompress } from "./lz4.js";
import { wkdmCompress, wkdmDecompress } from "./wkdm.js";

/** A result of WKdm this large is worth a try with LZ4: three quarters of a page. */
const WKDM_WORTH_KEEPING = (PAGE_SIZE / 4) * 3;

/** The codec of a stored page: one bit (CINFO_CODEC). */
export const CODEC_WKDM = 0;
export const CODEC_LZ4 = 1;
export type Codec = 0 | 1;

/** What became of a page that was to be compressed. */
export type Compressed =
  /** Every 32-bit word is `value`. */
  | { readonly kind: "singleValue"; readonly value: number }
  /** `bytes` is valid until the next call. */
  | { readonly kind: "stored"; readonly codec: Codec; readonly bytes: Uint8Array }
  | { readonly kind: "incompressible" };

const scratch = new Uint8Array(PAGE_SIZE);

/** The value all words of a page have, or null. */
export function singleValueOf(words: Int32Array): number | null {
  const first = words[0]!;
  for (let i = 1; i < words.length; i++) if (words[i] !== first) return null;
  return first;
}

/** The page as 32-bit words in the host's order. */
export function wordsOf(page: Uint8Array): Int32Array {
  return new Int32Array(page.buffer, page.byteOffset, page.length / 4);
}

/**
 * Compress a page the hybrid way: WKdm first; if that fails or is not worth much, LZ4, whose result
 * is taken even if larger, and whose failure is final. XNU: vm_compressor_algorithms.c
 * metacompressor.
 * @param budget most bytes the result may have
 */
export function compressPage(page: Uint8Array, budget: number): Compressed {
  const words = wordsOf(page);
  const value = singleValueOf(words);
  if (value !== null) return { kind: "singleValue", value };
  const wkdm = wkdmCompress(words, scratch, budget);
  if (wkdm >= 0 && wkdm < WKDM_WORTH_KEEPING) {
    return { kind: "stored", codec: CODEC_WKDM, bytes: scratch.subarray(0, wkdm) };
  }
  const lz4 = lz4Compress(page, scratch, budget);
  if (lz4 < 0) return { kind: "incompressible" };
  return { kind: "stored", codec: CODEC_LZ4, bytes: scratch.subarray(0, lz4) };
}

/**
 * Fill a page from its compressed form.
 * @param bytes starts at a multiple of 4 in its buffer
 * @returns false if the bytes are not what the codec writes; the page is garbage then
 */
export function decompressPage(codec: Codec, bytes: Uint8Array, page: Uint8Array): boolean {
  return codec === CODEC_WKDM ? wkdmDecompress(bytes, wordsOf(page)) : lz4Decompress(bytes, page);
}
