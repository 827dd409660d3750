import { describe, expect, it } from "vitest";
import type { Blocking } from "../../../vm/blocking.js";
import {
  CompressorPager,
  compressorAssertConsistent,
  compressorLimits,
  compressorThresholds,
  MemorySwap,
} from "../../../vm/compressor/index.js";
import { wordsOf } from "../../../vm/compressor/codec.js";
import { minorCompact } from "../../../vm/compressor/compaction.js";
import { SINGLE_VALUE_SLOTS } from "../../../vm/compressor/single-value.js";
import { VM_EXTERNAL_STATE_ABSENT, VM_EXTERNAL_STATE_EXISTS } from "../../../vm/object/pager.js";
import type { VmPage } from "../../../vm/page/page.js";
import { vmPageFree, vmPageGrab } from "../../../vm/page/resident.js";
import { SeededRandom } from "../../../vm/random.js";
import {
  KERN_FAILURE,
  KERN_MEMORY_ERROR,
  KERN_MEMORY_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  PAGE_SIZE as PAGE,
} from "../../../vm/types.js";
import { Daemons } from "../../support/daemons.js";
import { testSystem } from "../../support/vm-buffer.js";

/** A compressor with one pager, and one page to fill and to read back into. */
class Bench {
  readonly system;
  readonly compressor;
  readonly daemons: Daemons;
  readonly pager: CompressorPager;
  readonly page: VmPage;

  constructor(pages = 256, options: Parameters<typeof testSystem>[0] = {}) {
    this.system = testSystem({
      pages,
      ...options,
      wakeup: (channel, result) => {
        this.daemons.wakeup(channel, result);
      },
    }).system;
    this.daemons = new Daemons(this.system);
    this.daemons.drain();
    this.compressor = this.system.compressor;
    this.pager = new CompressorPager(this.compressor, 3000);
    this.page = vmPageGrab(this.system)!;
  }

  get words(): Int32Array {
    return wordsOf(this.system.phys.page(this.page.ppn));
  }

  put(index: number, fill: (words: Int32Array) => void): number {
    fill(this.words);
    const kr = this.pager.put(index * PAGE, this.page.ppn);
    compressorAssertConsistent(this.compressor);
    return kr;
  }

  /** @returns the words of a page, or why it cannot be had */
  get(index: number, keep = false): Int32Array | number {
    const kr = this.pager.getNow(index * PAGE, this.page.ppn, keep);
    compressorAssertConsistent(this.compressor);
    return kr === KERN_SUCCESS ? this.words.slice() : kr;
  }
}

const value =
  (n: number) =>
  (words: Int32Array): void => {
    words.fill(n);
  };
const noise =
  (seed: number) =>
  (words: Int32Array): void => {
    const random = new SeededRandom(seed);
    for (let i = 0; i < words.length; i++) words[i] = random.next32() | 0;
  };
/** Compresses to the same size for every n: 60 distinct words. */
const pointers =
  (n: number) =>
  (words: Int32Array): void => {
    for (let i = 0; i < words.length; i++) words[i] = n * 0x4000 + 8 * (i % 60) + 1;
  };

function made(fill: (words: Int32Array) => void): Int32Array {
  const words = new Int32Array(PAGE / 4);
  fill(words);
  return words;
}

describe("the compressor", () => {
  it("keeps a page of one value in no memory at all", () => {
    const b = new Bench();
    const { compressor } = b;
    b.put(0, value(0xaaaa_aaaa | 0));
    expect(compressor).toMatchObject({ pagesCompressed: 1, bytesUsed: 0 });
    expect(b.get(0)).toEqual(made(value(0xaaaa_aaaa | 0)));
    expect(compressor.counters).toMatchObject({ nonzeroCompressions: 1, nonzeroDecompressions: 1 });
    expect(compressor.pagesCompressed).toBe(0);
  });

  it("keeps single values the table has no room for in four bytes", () => {
    const b = new Bench();
    for (let i = 0; i <= SINGLE_VALUE_SLOTS; i++) b.put(i, value(i));
    expect(b.compressor.counters.singleValueFailures).toBe(1);
    expect(b.compressor.bytesUsed).toBe(4);
    expect(b.get(SINGLE_VALUE_SLOTS)).toEqual(made(value(SINGLE_VALUE_SLOTS)));
    expect(b.get(17)).toEqual(made(value(17)));
  });

  it("stores noise as it is, in a whole page, and takes frames four at a time", () => {
    const b = new Bench();
    b.put(0, noise(1));
    expect(b.compressor).toMatchObject({ bytesUsed: PAGE, poolPages: 4 });
    expect(b.compressor.counters.noncompressible).toBe(1);
    b.put(1, noise(2));
    expect(b.compressor).toMatchObject({ bytesUsed: 2 * PAGE, poolPages: 4 });
    expect(b.get(0)).toEqual(made(noise(1)));
    expect(b.get(1)).toEqual(made(noise(2)));
  });

  it("knows a page until it is taken, and after that if it was kept", () => {
    const b = new Bench();
    b.put(3, pointers(1));
    expect(b.get(3, true)).toEqual(made(pointers(1)));
    expect(b.pager.stateGet(3 * PAGE)).toBe(VM_EXTERNAL_STATE_EXISTS);
    expect(b.get(3)).toEqual(made(pointers(1)));
    expect(b.pager.stateGet(3 * PAGE)).toBe(VM_EXTERNAL_STATE_ABSENT);
    expect(b.get(3)).toBe(KERN_MEMORY_ERROR);
    expect(b.get(3000)).toBe(KERN_MEMORY_FAILURE);
    expect(b.pager.stateGet(3000 * PAGE)).toBe(VM_EXTERNAL_STATE_ABSENT);
  });

  it("frees what it had when a page is put again", () => {
    const b = new Bench();
    b.put(0, pointers(1));
    const { bytesUsed } = b.compressor;
    b.put(0, pointers(2));
    expect(b.compressor).toMatchObject({ pagesCompressed: 1, bytesUsed });
    expect(b.get(0)).toEqual(made(pointers(2)));
  });

  it("gives every frame back with the last page", () => {
    const b = new Bench();
    const free = b.system.pages.free.count;
    for (let i = 0; i < 40; i++) b.put(i, i % 3 === 0 ? noise(i) : pointers(i));
    expect(b.system.pages.free.count).toBe(free - b.compressor.poolPages);
    b.pager.deallocate();
    expect(b.compressor).toMatchObject({ poolPages: 0, segmentCount: 0, pagesCompressed: 0 });
    expect(b.system.pages.free.count).toBe(free);
  });

  it("refuses a page at its limit and loses nothing", () => {
    const b = new Bench();
    Object.assign(b.compressor, { limits: { pages: 2, segments: 10 } });
    expect(b.put(0, value(1))).toBe(KERN_SUCCESS);
    expect(b.put(1, pointers(1))).toBe(KERN_SUCCESS);
    expect(b.compressor.outOfSpace).toBe(true);
    expect(b.put(2, value(1))).toBe(KERN_RESOURCE_SHORTAGE);
    expect(b.words).toEqual(made(value(1)));
    expect(b.get(1)).toEqual(made(pointers(1)));
  });

  it("has limits and thresholds by formula", () => {
    // 8 MiB: 16 times that, in segments of 64 KiB and a page.
    expect(compressorLimits(512)).toEqual({ segments: 1638, pages: 6552 });
    expect(compressorThresholds(1000)).toEqual({
      compact: 500,
      swap: 400,
      unthrottle: 285,
      rethrottle: 314,
      catchup: 200,
      caughtUp: 220,
      hardThrottle: 180,
    });
  });
});

describe("compaction", () => {
  it("closes holes, keeps the pages, and frees the frames behind them", () => {
    const b = new Bench();
    for (let i = 0; i < 5; i++) b.put(i, noise(i)); // the fifth closes the first segment
    const segment = b.compressor.segments[0]!;
    expect(segment.pages).toHaveLength(4);
    b.get(0);
    expect(b.compressor.minorQueue.has(segment)).toBe(true);
    minorCompact(b.compressor, segment);
    compressorAssertConsistent(b.compressor);
    expect(segment.pages).toHaveLength(3);
    expect(segment.bytesUnused).toBe(0);
    for (let i = 1; i < 5; i++) expect(b.get(i)).toEqual(made(noise(i)));
  });

  it("happens by itself when a quarter of the buffer is holes and it was asked for before", () => {
    const b = new Bench();
    for (let i = 0; i < 5; i++) b.put(i, noise(i));
    b.get(0);
    expect(b.compressor.counters.minorCompactions).toBe(0);
    b.get(2);
    expect(b.compressor.counters.minorCompactions).toBe(1);
    expect(b.compressor.segments[0]!.pages).toHaveLength(2);
    expect([b.get(1), b.get(3)]).toEqual([made(noise(1)), made(noise(3))]);
  });

  it("merges segments before they are swapped", () => {
    const b = new Bench();
    for (let i = 0; i < 9; i++) b.put(i, noise(i)); // two full segments, and one page
    for (const i of [0, 1, 4, 5, 6]) b.get(i);
    b.compressor.swapForced = true;
    b.compressor.wakeCompactor();
    b.daemons.drain();
    compressorAssertConsistent(b.compressor);
    expect(b.compressor.counters.majorCompactions).toBe(1);
    expect(b.system.counters.swapouts).toBe(3); // pages 2, 3 and 7 in one segment
    expect(b.compressor.segmentCount).toBe(2);
    for (const i of [2, 3, 7]) expect(b.get(i)).toBe(KERN_FAILURE); // would have to sleep
    expect(b.get(8)).toEqual(made(noise(8)));
  });
});

describe("swap", () => {
  it("that is full leaves the segment where it is", () => {
    const b = new Bench(256, { swap: new MemorySwap(0) });
    b.put(0, noise(0));
    b.compressor.swapForced = true;
    b.compressor.wakeCompactor();
    b.daemons.drain();
    expect(b.compressor).toMatchObject({ swapFailed: true, swapForced: false });
    expect(b.get(0)).toEqual(made(noise(0)));
  });

  it("that fails does, too, and its slot is free again", () => {
    class Full extends MemorySwap {
      override *write(): Blocking<boolean> {
        return false;
      }
    }
    const b = new Bench(256, { swap: new Full(10) });
    b.put(0, noise(0));
    b.compressor.swapForced = true;
    b.compressor.wakeCompactor();
    b.daemons.drain();
    compressorAssertConsistent(b.compressor);
    expect(b.compressor.swapSlots.used).toBe(0);
    expect(b.get(0)).toEqual(made(noise(0)));
  });

  it("happens by itself when less than two fifths of the memory is not compressed", () => {
    const b = new Bench(64);
    const pages: VmPage[] = [];
    for (let i = 0; i < 44; i++) b.put(i, noise(i));
    b.daemons.drain();
    expect(b.system.counters.swapouts).toBeGreaterThan(0);
    compressorAssertConsistent(b.compressor);
    for (const page of pages) vmPageFree(b.system, page);
    b.pager.deallocate();
    expect(b.compressor.swapSlots.used).toBe(0);
  });
});
