import type { PhysMemoryAccess } from "../platform.js";
import type { VmPage } from "../page/page.js";
import { PAGE_SIZE } from "../types.js";
import type { Codec } from "./codec.js";
import type { CompressorPager } from "./pager.js";

/** Buffer of a segment: what is swapped at once (C_SEG_BUFSIZE). */
export const C_SEG_BUFSIZE = 64 * 1024;
/** Most compressed pages in one segment. */
export const C_SEG_MAX_SLOTS = 1024;
/** A segment with no more than this left is full (C_SEG_OFF_LIMIT is the rest). */
export const C_SEG_SLACK = 512;
/** Sizes in a segment are rounded up to this. */
const CODEC_ALIGNMENT = 4;

/** What a segment is doing (vm_compressor_xnu.h C_IS_EMPTY and its neighbours). */
export const C_IS_EMPTY = 0;
export const C_IS_FREE = 1;
export const C_IS_FILLING = 2;
export const C_ON_AGE_Q = 3;
export const C_ON_SWAPOUT_Q = 4;
export const C_ON_SWAPPEDOUT_Q = 5;
export const C_ON_SWAPPEDOUTSPARSE_Q = 6;
export const C_ON_SWAPPEDIN_Q = 7;
export const C_ON_MAJORCOMPACT_Q = 8;
export const C_ON_BAD_Q = 9;
export const C_ON_SWAPIO_Q = 10;
export type SegmentState = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** One compressed page in a segment (struct c_slot). */
export interface SegmentSlot {
  /** Bytes from the start of the segment; and exact size: 4 is a single value that had no room in the
   * table, PAGE_SIZE a page as it is. */
  offset: number;
  readonly size: number;
  readonly codec: Codec;
  /** Whose page it is, and which: where to write the slot's new number when it moves. */
  pager: CompressorPager;
  pageIndex: number;
}

/** Bytes a compressed page takes. */
export function slotBytes(slot: SegmentSlot): number {
  return Math.ceil(slot.size / CODEC_ALIGNMENT) * CODEC_ALIGNMENT;
}

/**
 * A batch of compressed pages: one after the other in up to four frames, or on swap. What was freed
 * leaves a hole until the segment is compacted. XNU: struct c_segment.
 *
 * Differs from XNU: no spill page behind the buffer, as codecs write to a buffer of their own first.
 */
export class Segment {
  /** Index in the table of segments; a slot's number holds it plus 1. */
  readonly number: number;
  state: SegmentState = C_IS_FILLING;
  /** Frames that hold the bytes, in order; empty while it is on swap. */
  readonly pages: VmPage[] = [];
  /** Bytes from the start that were ever used: the next page goes there. */
  fill = 0;
  /** By index; null once freed. */
  readonly slots: (SegmentSlot | null)[] = [];
  liveSlots = 0;
  /** Bytes of live slots, rounded as they are stored. */
  bytesUsed = 0;
  /** On swap: where, and how many frames it had. */
  swapSlot = -1;
  swappedPages = 0;
  /** Being written or read: sleep on the segment. */
  busy = false;
  wanted = false;

  constructor(number: number) {
    this.number = number;
  }

  /** Bytes that compaction would bring. */
  get bytesUnused(): number {
    return this.fill - this.bytesUsed;
  }

  get isFull(): boolean {
    return this.fill >= C_SEG_BUFSIZE - C_SEG_SLACK || this.slots.length >= C_SEG_MAX_SLOTS;
  }

  get onSwap(): boolean {
    return this.state === C_ON_SWAPPEDOUT_Q || this.state === C_ON_SWAPPEDOUTSPARSE_Q;
  }

  /** Add a page's bytes behind the others; the frames are there. @returns the slot's index */
  append(phys: PhysMemoryAccess, slot: Omit<SegmentSlot, "offset">, bytes: Uint8Array): number {
    const added: SegmentSlot = { ...slot, offset: this.fill };
    this.write(phys, added.offset, bytes);
    this.fill += slotBytes(added);
    this.bytesUsed += slotBytes(added);
    this.liveSlots += 1;
    return this.slots.push(added) - 1;
  }

  /** The bytes of a slot, into a buffer of at least PAGE_SIZE. */
  read(phys: PhysMemoryAccess, offset: number, into: Uint8Array): void {
    for (let done = 0; done < into.length;) {
      const at = offset + done;
      const inPage = at % PAGE_SIZE;
      const chunk = Math.min(PAGE_SIZE - inPage, into.length - done);
      const frame = phys.page(this.pages[Math.floor(at / PAGE_SIZE)]!.ppn);
      into.set(frame.subarray(inPage, inPage + chunk), done);
      done += chunk;
    }
  }

  write(phys: PhysMemoryAccess, offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const at = offset + done;
      const inPage = at % PAGE_SIZE;
      const chunk = Math.min(PAGE_SIZE - inPage, bytes.length - done);
      const frame = phys.page(this.pages[Math.floor(at / PAGE_SIZE)]!.ppn);
      frame.set(bytes.subarray(done, done + chunk), inPage);
      done += chunk;
    }
  }
}
