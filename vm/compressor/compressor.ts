import { check } from "../../emulator/arch/check.js";
import type { Blocking } from "../blocking.js";
import { THREAD_UNINT } from "../blocking.js";
import type { VmContext } from "../context.js";
import type { VmObject } from "../object/object.js";
import { VM_PAGE_USED_BY_COMPRESSOR, type VmPage } from "../page/page.js";
import { vmPageFree, vmPageGrabPageout, vmPageInsert } from "../page/resident.js";
import { PAGE_SIZE, type Ppn } from "../types.js";
import {
  CODEC_WKDM,
  compressPage,
  decompressPage,
  wordsOf,
  type Codec,
  type Compressed,
} from "./codec.js";
import { minorCompact } from "./compaction.js";
import { compressorLimits, type CompressorLimits } from "./limits.js";
import type { CompressorPager } from "./pager.js";
import {
  C_IS_EMPTY,
  C_IS_FILLING,
  C_ON_AGE_Q,
  C_ON_BAD_Q,
  C_ON_MAJORCOMPACT_Q,
  C_ON_SWAPPEDIN_Q,
  C_ON_SWAPPEDOUT_Q,
  C_ON_SWAPPEDOUTSPARSE_Q,
  C_SEG_BUFSIZE,
  Segment,
  slotBytes,
  type SegmentSlot,
  type SegmentState,
} from "./segment.js";
import { SingleValueTable } from "./single-value.js";
import { SwapSlots, type SwapStore } from "./swap.js";
import { swapIn } from "./swapper.js";

/** Results of `decompress` below 0. */
export const NEED_BLOCK = -2;
export const BAD_SEGMENT = -3;
export const CODEC_ERROR = -5;
export type DecompressResult = 0 | typeof NEED_BLOCK | typeof BAD_SEGMENT | typeof CODEC_ERROR;

/** A slot number: segment number + 1 in the upper bits, index in the segment in the lower 10. */
const INDEX_BITS = 10;
/** The segment number that stands for the table of single values (C_SV_CSEG_ID). */
const SINGLE_VALUE_SEGMENT = 2 ** 22 - 1;
/** Size of a slot that holds a single value for which the table had no room. */
const OVERFLOW_BYTES = 4;
/** Frames a segment gets ahead of need at most. */
const POPULATE_PAGES = 4;

/** Cumulative counts (vm_compressor.c c_segment_*, vmcs_stats). */
export interface CompressorCounters {
  /** Bytes that went in, and what they became. */
  inputBytes: number;
  compressedBytes: number;
  /** Pages stored as they are. */
  noncompressible: number;
  zeroCompressions: number;
  nonzeroCompressions: number;
  zeroDecompressions: number;
  nonzeroDecompressions: number;
  singleValueHits: number;
  singleValueFailures: number;
  wkdmCompressions: number;
  lz4Compressions: number;
  minorCompactions: number;
  majorCompactions: number;
}

/**
 * Compressed memory: pages of anonymous memory in segments, in frames that it takes from the free
 * list, or on swap. XNU: vm_compressor.c.
 */
export class Compressor {
  readonly ctx: VmContext;
  /** Holds the frames of the segments, each at its own offset in RAM. */
  readonly object: VmObject;
  readonly limits: CompressorLimits;
  readonly store: SwapStore | null;
  readonly swapSlots: SwapSlots;
  readonly pagers = new Set<CompressorPager>();
  readonly singleValues = new SingleValueTable();
  /** By number. */
  readonly segments: (Segment | null)[] = [];
  /** Where the next page goes. */
  filling: Segment | null = null;
  /** Segments in memory that may be swapped out, oldest first, by state. */
  readonly ageQueue = new Set<Segment>();
  readonly majorCompactQueue = new Set<Segment>();
  readonly swappedInQueue = new Set<Segment>();
  /** In memory with at least a page of holes. */
  readonly minorQueue = new Set<Segment>();
  /** What the compactor sleeps on, and whether it does. */
  readonly compactorWanted = {};
  compactorIdle = false;
  /** Frames of the pool; pages kept, single values included; bytes of live slots in memory. */
  poolPages = 0;
  pagesCompressed = 0;
  bytesUsed = 0;
  segmentCount = 0;
  /** The last segment could not be written: no more until something is read or freed. */
  swapFailed = false;
  /** Nothing else can be freed: swap a segment, whatever the thresholds say. */
  swapForced = false;
  readonly counters: CompressorCounters = {
    inputBytes: 0,
    compressedBytes: 0,
    noncompressible: 0,
    zeroCompressions: 0,
    nonzeroCompressions: 0,
    zeroDecompressions: 0,
    nonzeroDecompressions: 0,
    singleValueHits: 0,
    singleValueFailures: 0,
    wkdmCompressions: 0,
    lz4Compressions: 0,
    minorCompactions: 0,
    majorCompactions: 0,
  };
  readonly #freeNumbers: number[] = [];
  readonly #buffer = new Uint8Array(PAGE_SIZE);

  constructor(ctx: VmContext, object: VmObject, store: SwapStore | null) {
    this.ctx = ctx;
    this.object = object;
    this.limits = compressorLimits(ctx.phys.pageCount);
    this.store = store;
    this.swapSlots = new SwapSlots(store?.slotCount ?? 0);
  }

  /** No more pages can be kept. XNU: vm_compressor_out_of_space. */
  get outOfSpace(): boolean {
    const { pages, segments } = this.limits;
    return this.pagesCompressed >= pages || this.segmentCount >= segments;
  }

  /** Nearly so. XNU: vm_compressor_low_on_space. */
  get lowOnSpace(): boolean {
    const { pages, segments } = this.limits;
    return this.pagesCompressed > pages * 0.98 || this.segmentCount > segments * 0.98;
  }

  /**
   * Keep the contents of a frame. XNU: vm_compressor_put.
   * @param pager,pageIndex whose page it is
   * @returns its slot number; 0 if the compressor is at its limit, or there is no frame for it
   */
  compress(ppn: Ppn, pager: CompressorPager, pageIndex: number): number {
    if (this.pagesCompressed >= this.limits.pages) return 0;
    const page = this.ctx.phys.page(ppn);
    for (;;) {
      const segment = this.filling ?? this.#newSegment();
      if (segment === null) return 0;
      const left = C_SEG_BUFSIZE - segment.fill;
      const result = compressPage(page, Math.min(left, PAGE_SIZE) - 4);
      if (result.kind === "incompressible" && left < PAGE_SIZE) {
        this.#closeFilling();
        continue;
      }
      const slot = this.#store(segment, result, page, pager, pageIndex);
      if (slot !== 0) this.pagesCompressed += 1;
      return slot;
    }
  }

  #store(
    segment: Segment,
    result: Compressed,
    page: Uint8Array,
    pager: CompressorPager,
    pageIndex: number,
  ): number {
    const { counters } = this;
    if (result.kind === "singleValue") {
      const at = this.singleValues.insert(result.value);
      if (at >= 0) {
        if (result.value === 0) counters.zeroCompressions++;
        else counters.nonzeroCompressions++;
        counters.singleValueHits++;
        counters.inputBytes += PAGE_SIZE;
        return slotNumber(SINGLE_VALUE_SEGMENT - 1, at);
      }
      counters.singleValueFailures++;
      const value = new Uint8Array(Int32Array.of(result.value).buffer);
      return this.#append(segment, CODEC_WKDM, value, OVERFLOW_BYTES, pager, pageIndex);
    }
    if (result.kind === "incompressible") {
      const slot = this.#append(segment, CODEC_WKDM, page, PAGE_SIZE, pager, pageIndex);
      if (slot !== 0) counters.noncompressible++;
      return slot;
    }
    const { codec, bytes } = result;
    const slot = this.#append(segment, codec, bytes, bytes.length, pager, pageIndex);
    if (slot !== 0 && codec === CODEC_WKDM) counters.wkdmCompressions++;
    else if (slot !== 0) counters.lz4Compressions++;
    return slot;
  }

  #append(
    segment: Segment,
    codec: Codec,
    bytes: Uint8Array,
    size: number,
    pager: CompressorPager,
    pageIndex: number,
  ): number {
    if (!this.populate(segment, segment.fill + size, true)) return 0;
    const used = segment.bytesUsed;
    const index = segment.append(this.ctx.phys, { size, codec, pager, pageIndex }, bytes);
    this.bytesUsed += segment.bytesUsed - used;
    this.counters.inputBytes += PAGE_SIZE;
    this.counters.compressedBytes += size;
    if (segment.isFull) this.#closeFilling();
    return slotNumber(segment.number, index);
  }

  /**
   * Give a segment the frames for its first `bytes` bytes.
   * @param ahead take some more while there is plenty
   */
  populate(segment: Segment, bytes: number, ahead: boolean): boolean {
    const { pages } = this.ctx;
    const needed = Math.ceil(bytes / PAGE_SIZE);
    const wanted = Math.min(C_SEG_BUFSIZE / PAGE_SIZE, segment.pages.length + POPULATE_PAGES);
    while (segment.pages.length < needed) {
      const page = this.#grab();
      if (page === null) return false;
      segment.pages.push(page);
      if (!ahead || segment.pages.length < needed) continue;
      while (segment.pages.length < wanted && pages.free.count > pages.targets.reserved) {
        const more = this.#grab();
        if (more === null) break;
        segment.pages.push(more);
      }
    }
    return true;
  }

  /** A frame for the pool, reserve or not. */
  #grab(): VmPage | null {
    const page = vmPageGrabPageout(this.ctx);
    if (page === null) return null;
    vmPageInsert(page, this.object, (page.ppn - this.ctx.phys.firstPpn) * PAGE_SIZE);
    page.queueState = VM_PAGE_USED_BY_COMPRESSOR;
    page.busy = false;
    this.poolPages += 1;
    return page;
  }

  /** Frames for a segment that comes from swap: all of them, or none. */
  grabAll(count: number): VmPage[] | null {
    if (this.ctx.pages.free.count < count) return null;
    return Array.from({ length: count }, () => {
      const page = this.#grab();
      check(page !== null, "free pages vanished");
      return page;
    });
  }

  /** Give frames of a segment back from index `from` on. */
  releasePages(segment: Segment, from: number): void {
    for (const page of segment.pages.splice(from)) {
      vmPageFree(this.ctx, page);
      this.poolPages -= 1;
    }
  }

  #newSegment(): Segment | null {
    if (this.segmentCount >= this.limits.segments) return null;
    const segment = new Segment(this.#freeNumbers.pop() ?? this.segments.length);
    this.segments[segment.number] = segment;
    this.segmentCount += 1;
    this.filling = segment;
    return segment;
  }

  /** The segment that was being filled may be compacted and swapped from now on. */
  #closeFilling(): void {
    const { filling } = this;
    check(filling !== null, "no segment is being filled");
    this.filling = null;
    if (filling.liveSlots === 0) return this.destroySegment(filling);
    this.setState(filling, C_ON_AGE_Q);
    this.noteHoles(filling);
    this.wakeCompactor();
  }

  /** Close the segment being filled before it is full, if there is something in it. */
  flushFilling(): boolean {
    if (this.filling === null || this.filling.liveSlots === 0) return false;
    this.#closeFilling();
    return true;
  }

  /** Change what a segment is doing, and the queue it is on. */
  setState(segment: Segment, state: SegmentState): void {
    this.ageQueue.delete(segment);
    this.majorCompactQueue.delete(segment);
    this.swappedInQueue.delete(segment);
    segment.state = state;
    this.queueOf(state)?.add(segment);
  }

  queueOf(state: SegmentState): Set<Segment> | null {
    switch (state) {
      case C_ON_AGE_Q:
        return this.ageQueue;
      case C_ON_MAJORCOMPACT_Q:
        return this.majorCompactQueue;
      case C_ON_SWAPPEDIN_Q:
        return this.swappedInQueue;
      default:
        return null;
    }
  }

  wakeCompactor(): void {
    if (!this.compactorIdle) return;
    this.compactorIdle = false;
    this.ctx.wakeup(this.compactorWanted);
  }

  /**
   * Fill a frame with a page that is kept. Never sleeps. XNU: vm_compressor_get.
   * @param keep leave it here as well
   * @returns 0; NEED_BLOCK: call `makeResident` and ask again; BAD_SEGMENT: the data are lost, the slot
   *   stays; CODEC_ERROR: they are damaged, the slot is freed unless `keep`
   */
  decompress(slot: number, ppn: Ppn, keep: boolean): DecompressResult {
    const { phys } = this.ctx;
    const index = indexOf(slot);
    const page = phys.page(ppn);
    let result: DecompressResult = 0;
    if (isSingleValue(slot)) {
      const value = this.singleValues.value(index);
      wordsOf(page).fill(value);
      if (value === 0) this.counters.zeroDecompressions++;
      else this.counters.nonzeroDecompressions++;
    } else {
      const segment = this.segmentOf(slot);
      if (segment.state === C_ON_BAD_Q) return BAD_SEGMENT;
      if (segment.busy || segment.onSwap) return NEED_BLOCK;
      if (!this.#unpack(segment, this.slotAt(segment, index), page)) result = CODEC_ERROR;
    }
    phys.noteWrite(ppn);
    if (!keep) this.free(slot);
    return result;
  }

  #unpack(segment: Segment, slot: SegmentSlot, page: Uint8Array): boolean {
    const { phys } = this.ctx;
    if (slot.size === PAGE_SIZE) {
      segment.read(phys, slot.offset, page);
      return true;
    }
    const bytes = this.#buffer.subarray(0, slot.size);
    segment.read(phys, slot.offset, bytes);
    if (slot.size === OVERFLOW_BYTES) {
      wordsOf(page).fill(new Int32Array(bytes.buffer, bytes.byteOffset, 1)[0]!);
      return true;
    }
    return decompressPage(slot.codec, bytes, page);
  }

  /**
   * Bring the segment of a slot to memory, or wait until nobody works on it. Look the slot up again
   * afterwards. @returns true if it was read from swap
   */
  *makeResident(slot: number): Blocking<boolean> {
    if (slot === 0 || isSingleValue(slot)) return false;
    const segment = this.segmentOf(slot);
    if (segment.busy) {
      segment.wanted = true;
      yield { channel: segment, interruptible: THREAD_UNINT, reason: "compressor segment busy" };
      return false;
    }
    return segment.onSwap && (yield* swapIn(this, segment));
  }

  /** Forget a page. XNU: vm_compressor_free. */
  free(slot: number): void {
    this.swapFailed = false;
    const index = indexOf(slot);
    if (isSingleValue(slot)) this.singleValues.drop(index);
    else this.#freeIn(slot, index);
    this.pagesCompressed -= 1;
    // The segment being filled has no page of its own to go with.
    const { filling } = this;
    if (this.pagesCompressed === 0 && filling !== null) this.destroySegment(filling);
  }

  #freeIn(slot: number, index: number): void {
    const segment = this.segmentOf(slot);
    const freed = this.slotAt(segment, index);
    segment.slots[index] = null;
    segment.liveSlots -= 1;
    segment.bytesUsed -= slotBytes(freed);
    if (segment.swapSlot < 0 && segment.state !== C_ON_BAD_Q) this.bytesUsed -= slotBytes(freed);
    if (segment.busy) return; // looked at again when the I/O is done
    if (segment.liveSlots === 0) this.destroySegment(segment);
    else if (segment.state !== C_IS_FILLING) this.noteHoles(segment);
  }

  /** A segment has holes: remember it for compaction, or do that now if half of it is holes. */
  noteHoles(segment: Segment): void {
    if (segment.state === C_ON_SWAPPEDOUT_Q) {
      if (segment.bytesUnused > segment.bytesUsed) segment.state = C_ON_SWAPPEDOUTSPARSE_Q;
      return;
    }
    if (segment.onSwap || segment.state === C_ON_BAD_Q || segment.bytesUnused < PAGE_SIZE) return;
    const listed = this.minorQueue.has(segment);
    if (listed && segment.bytesUnused >= C_SEG_BUFSIZE / 4) minorCompact(this, segment);
    else this.minorQueue.add(segment);
  }

  /** Nothing is left in a segment: frames, swap space and number are free again. */
  destroySegment(segment: Segment): void {
    check(segment.liveSlots === 0 && !segment.busy, "segment is in use", segment.number);
    this.setState(segment, C_IS_EMPTY);
    this.minorQueue.delete(segment);
    if (this.filling === segment) this.filling = null;
    this.releasePages(segment, 0);
    if (segment.swapSlot >= 0) this.releaseSwap(segment);
    this.segments[segment.number] = null;
    this.#freeNumbers.push(segment.number);
    this.segmentCount -= 1;
  }

  releaseSwap(segment: Segment): void {
    this.swapSlots.give(segment.swapSlot);
    this.store?.discard(segment.swapSlot);
    segment.swapSlot = -1;
    segment.swappedPages = 0;
    this.swapFailed = false;
  }

  /** A page that is kept belongs to another pager now. XNU: vm_compressor_transfer. */
  moved(slot: number, pager: CompressorPager, pageIndex: number): void {
    if (slot === 0 || isSingleValue(slot)) return;
    const entry = this.slotAt(this.segmentOf(slot), indexOf(slot));
    entry.pager = pager;
    entry.pageIndex = pageIndex;
  }

  segmentOf(slot: number): Segment {
    const segment = this.segments[segmentNumber(slot)];
    check(segment !== null && segment !== undefined, "slot of no segment", slot);
    return segment;
  }

  slotAt(segment: Segment, index: number): SegmentSlot {
    const slot = segment.slots[index];
    check(slot !== null && slot !== undefined, "slot is empty", segment.number, index);
    return slot;
  }
}

export function slotNumber(segment: number, index: number): number {
  return (((segment + 1) << INDEX_BITS) | index) >>> 0;
}

export function segmentNumber(slot: number): number {
  return (slot >>> INDEX_BITS) - 1;
}

export function indexOf(slot: number): number {
  return slot & ((1 << INDEX_BITS) - 1);
}

/** The page is in the table of single values: the index is an entry there. */
export function isSingleValue(slot: number): boolean {
  return slot >>> INDEX_BITS === SINGLE_VALUE_SEGMENT;
}
