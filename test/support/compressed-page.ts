import { check } from "../../emulator/arch/check.js";
import { runNow } from "../../vm/blocking.js";
import { decompressPage, wordsOf } from "../../vm/compressor/codec.js";
import { indexOf, isSingleValue, type Compressor } from "../../vm/compressor/compressor.js";
import { PAGE_SIZE } from "../../vm/types.js";

/** What a slot of the compressor holds, in memory or on (memory) swap, without touching anything. */
export function peekCompressed(compressor: Compressor, slot: number): Uint8Array {
  const page = new Uint8Array(PAGE_SIZE);
  if (isSingleValue(slot)) {
    wordsOf(page).fill(compressor.singleValues.value(indexOf(slot)));
    return page;
  }
  const segment = compressor.segmentOf(slot);
  const entry = compressor.slotAt(segment, indexOf(slot));
  const bytes = new Uint8Array(PAGE_SIZE).subarray(0, entry.size);
  if (segment.onSwap) {
    const whole = new Uint8Array(segment.swappedPages * PAGE_SIZE);
    const { store } = compressor;
    check(store !== null && runNow(store.read(segment.swapSlot, whole)), "swap cannot be read");
    bytes.set(whole.subarray(entry.offset, entry.offset + entry.size));
  } else {
    segment.read(compressor.ctx.phys, entry.offset, bytes);
  }
  if (entry.size === PAGE_SIZE) return bytes;
  if (entry.size === 4) wordsOf(page).fill(wordsOf(bytes)[0]!);
  else check(decompressPage(entry.codec, bytes, page), "damaged slot", slot);
  return page;
}
