import { describe, expect, it } from "vitest";
import { THREAD_UNINT, type Blocking } from "../../../vm/blocking.js";
import { MemorySwap } from "../../../vm/compressor/index.js";
import {
  compressorPagerOf,
  vmObjectCompressedPageCount,
  vmObjectIsCompressed,
} from "../../../vm/object/compressed.js";
import { vmObjectCollapse } from "../../../vm/object/collapse.js";
import { vmObjectDeactivatePages } from "../../../vm/object/index.js";
import { vmPageWire, vmPageUnwire, vmPageLookup } from "../../../vm/page/resident.js";
import { VM_PAGE_ON_ACTIVE_Q } from "../../../vm/page/page.js";
import { KERN_MEMORY_ERROR, KERN_MEMORY_FAILURE, KERN_SUCCESS } from "../../../vm/types.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "./fault-world.js";

/** `pages` pages at A, page i full of nothing but i + 1 in its first byte, all compressed. */
function compressed(pages: number, options = {}): FaultWorld {
  const w = new FaultWorld(options);
  w.allocateAt(w.map, A, pages * PAGE);
  for (let i = 0; i < pages; i++) w.store(A + i * PAGE, i + 1);
  w.pageout();
  expect(w.objectAt(w.map, A).residentPageCount).toBe(0);
  return w;
}

/** Swap everything in memory out. */
function swapAll(w: FaultWorld): void {
  const { compressor } = w.system;
  while ([...compressor.segments].some((s) => s !== null && !s.onSwap)) {
    compressor.swapForced = true;
    compressor.wakeCompactor();
    w.daemons.drain();
  }
  w.check();
}

describe("memory the compressor has", () => {
  it("comes back by a fault of type 9, dirty even if it is only read", () => {
    const w = compressed(2);
    const event = w.event(A, READ);
    expect(event).toMatchObject({ type: 9, kr: KERN_SUCCESS, depth: 0, slow: false });
    expect(w.system.counters).toMatchObject({ compressions: 2, decompressions: 1, cowFaults: 0 });
    expect(vmPageLookup(w.objectAt(w.map, A), 0)?.dirty).toBe(true);
    expect(w.byte(A)).toBe(1);
    expect(w.byte(A + PAGE)).toBe(2);
  });

  it("leaves a mark in the page table, for the footprint", () => {
    const w = compressed(2);
    const { ledger } = w.map.pmap!;
    expect(ledger).toMatchObject({ internal: 0, internalCompressed: 2 * PAGE });
    w.byte(A);
    expect(ledger).toMatchObject({ internal: PAGE, internalCompressed: PAGE });
    w.deallocate(w.map, A, 2 * PAGE);
    expect(ledger).toMatchObject({ internal: 0, internalCompressed: 0 });
    expect(w.system.compressor.pagesCompressed).toBe(0);
  });

  it("is decompressed into the top object by a write from above, and stays compressed below", () => {
    const w = compressed(1);
    const below = w.objectAt(w.map, A);
    const child = w.fork(w.map);
    w.hold(below);
    expect(w.event(A, WRITE, child)).toMatchObject({ type: 9, depth: 0 });
    expect(w.system.counters).toMatchObject({ decompressions: 1, cowFaults: 0 });
    expect(w.objectAt(child, A)).not.toBe(below);
    expect(vmObjectIsCompressed(below, 0)).toBe(true);
    expect(below.residentPageCount).toBe(0);
    expect(w.byte(A, child)).toBe(1);
    w.release(below);
  });

  it("is decompressed where it was by a read from above, and its slot is free then", () => {
    const w = compressed(1);
    const below = w.objectAt(w.map, A);
    const child = w.fork(w.map);
    const before = w.system.compressor.pagesCompressed;
    expect(w.event(A, READ, child)).toMatchObject({ type: 9 });
    expect(below.residentPageCount).toBe(1);
    expect(vmObjectIsCompressed(below, 0)).toBe(false);
    expect(w.system.compressor.pagesCompressed).toBe(before - 1);
  });

  it("is a fault of type 10 when its segment was on swap, and all of the segment comes", () => {
    const w = compressed(20);
    swapAll(w);
    const { counters, compressor } = w.system;
    const segment = compressor.segments[0]!;
    const pages = segment.swappedPages;
    expect(counters.swapouts).toBe(pages);
    expect(w.event(A, READ)).toMatchObject({ type: 10, slow: true });
    expect(counters).toMatchObject({ swapins: pages, decompressions: 1 });
    expect(compressor.swapSlots.used).toBe(0);
    expect(w.event(A + PAGE, READ)).toMatchObject({ type: 9, slow: false });
    expect(counters.swapins).toBe(pages);
  });

  it("on swap, is a copy-on-write for a write from above, and leaves its slot", () => {
    const w = compressed(1);
    swapAll(w);
    const below = w.objectAt(w.map, A);
    const child = w.fork(w.map);
    w.hold(below);
    expect(w.event(A, WRITE, child)).toMatchObject({ type: 3 });
    expect(w.system.counters).toMatchObject({ cowFaults: 1, decompressions: 0 });
    expect(vmObjectIsCompressed(below, 0)).toBe(false);
    expect(below.residentPageCount).toBe(1);
    w.release(below);
  });

  it("that swap cannot give back is an error: 10 for the fault that asked, 9 from then on", () => {
    class Broken extends MemorySwap {
      override *read(): Blocking<boolean> {
        return false;
      }
    }
    const w = compressed(2, { swap: new Broken(100) });
    const { compressor } = w.system;
    compressor.swapForced = true;
    compressor.wakeCompactor();
    w.daemons.drain();
    expect(w.touch(w.map, A, READ)).toBe(KERN_MEMORY_ERROR);
    expect(w.touch(w.map, A + PAGE, READ)).toBe(KERN_MEMORY_FAILURE);
    expect(w.touch(w.map, A, READ)).toBe(KERN_MEMORY_FAILURE);
    w.deallocate(w.map, A, 2 * PAGE);
    expect(compressor.segmentCount).toBe(0);
  });

  it("waits while its segment is being written, and is whole afterwards", () => {
    class Slow extends MemorySwap {
      override *write(slot: number, bytes: Uint8Array): Blocking<boolean> {
        yield { channel: Slow, interruptible: THREAD_UNINT, reason: "disk" };
        return yield* super.write(slot, bytes);
      }
    }
    const w = compressed(1, { swap: new Slow(100) });
    const { compressor } = w.system;
    compressor.swapForced = true;
    compressor.wakeCompactor();
    w.daemons.drain();
    expect(compressor.segments[0]).toMatchObject({ busy: true });
    const fault = w.faulting(A, READ);
    const asleep = fault.next();
    expect(asleep.done === false && asleep.value.reason).toBe("compressor segment busy");
    w.daemons.wakeup(Slow);
    w.daemons.drain();
    expect(fault.next(0)).toEqual({ done: true, value: KERN_SUCCESS });
    expect(w.byte(A)).toBe(1);
  });

  it("is copied by an eager copy, where pages never touched stay holes", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 8 * PAGE);
    w.store(A + 2 * PAGE, 7);
    w.pageout();
    expect(w.wire(w.map, A + 5 * PAGE, PAGE)).toBe(KERN_SUCCESS);
    const copy = w.copyinList(w.map, A, 8 * PAGE, 0x2);
    expect(w.byte(A + 2 * PAGE)).toBe(7);
    w.discard(copy);
  });

  it("is forgotten with the contents by MADV_FREE", () => {
    const w = compressed(2);
    vmObjectDeactivatePages(w.objectAt(w.map, A), 0, PAGE, true);
    expect(vmObjectCompressedPageCount(w.objectAt(w.map, A))).toBe(1);
    expect(w.byte(A)).toBe(0);
    expect(w.byte(A + PAGE)).toBe(2);
  });
});

describe("collapse with compressed pages", () => {
  /** Four pages below, window of the upper object three pages in. */
  function chain(): FaultWorld {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 6 * PAGE);
    for (let i = 0; i < 6; i++) w.store(A + i * PAGE, 10 + i);
    return w;
  }

  it("keeps what the top has, moves what shows through a window three pages in, drops the rest", () => {
    const w = chain();
    const child = w.fork(w.map);
    w.deallocate(child, A, 3 * PAGE);
    const at = A + 3 * PAGE;
    w.store(at, 99, child); // the top has this one
    w.pageout();
    const top = w.objectAt(child, at);
    expect(top.shadowOffset).toBe(3 * PAGE);
    expect(vmObjectCompressedPageCount(top.shadow!)).toBe(6);
    w.exit(w.map); // the last other user; what is above hears of it at the next copy
    vmObjectCollapse(top, 0, true);
    expect(top.shadow).toBeNull();
    expect(vmObjectCompressedPageCount(top)).toBe(3);
    expect([0, 1, 2].map((i) => w.byte(at + i * PAGE, child))).toEqual([99, 14, 15]);
    expect(w.system.compressor.pagesCompressed).toBe(0);
  });

  it("reads zeroes where neither had anything", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 2 * PAGE);
    w.store(A, 1);
    const child = w.fork(w.map);
    w.pageout();
    w.exit(w.map);
    expect([w.byte(A, child), w.byte(A + PAGE, child)]).toEqual([1, 0]);
  });

  it("moves the pager itself when the top has none", () => {
    const w = chain();
    const child = w.fork(w.map);
    w.pageout();
    const pager = compressorPagerOf(w.objectAt(w.map, A));
    w.store(A + PAGE, 99, child);
    w.exit(w.map);
    const top = w.objectAt(child, A);
    vmObjectCollapse(top, 0, true);
    expect(top.shadow).toBeNull();
    expect(compressorPagerOf(top)).toBe(pager);
    expect([0, 1, 2, 5].map((i) => w.byte(A + i * PAGE, child))).toEqual([10, 99, 12, 15]);
  });

  it("bypasses nothing while a pager may have the page", () => {
    const w = chain();
    const child = w.fork(w.map);
    w.pageout();
    w.store(A, 99, child);
    const top = w.objectAt(child, A);
    vmObjectCollapse(top, 0, true);
    expect(top.shadow).not.toBeNull();
    expect(w.byte(A + PAGE, child)).toBe(11);
  });
});

describe("pages in the laundry", () => {
  /** A dirty anonymous page on the internal pageout queue. */
  function inLaundry(): FaultWorld {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, PAGE);
    w.store(A, 5);
    const { pages } = w.system;
    w.hoard(pages.targets.min - 2);
    const object = w.objectAt(w.map, A);
    vmObjectDeactivatePages(object, 0, PAGE, false);
    // The scan alone: the thread that compresses does not run yet.
    const scan = w.system.daemons[0]!.work;
    for (let i = 0; i < 4 && vmPageLookup(object, 0)?.laundry === false; i++) scan.next(0);
    expect(vmPageLookup(object, 0)).toMatchObject({ laundry: true, busy: true, queueState: 7 });
    expect(object.activityInProgress).toBe(1);
    return w;
  }

  it("are taken back by a fault without waiting, in the same frame", () => {
    const w = inLaundry();
    const page = vmPageLookup(w.objectAt(w.map, A), 0)!;
    expect(w.finish(w.faulting(A, WRITE))).toBe(KERN_SUCCESS);
    expect(page).toMatchObject({ laundry: false, busy: false, queueState: VM_PAGE_ON_ACTIVE_Q });
    expect(w.frameAt(w.map, A)).toBe(page.ppn);
    expect(w.system.pageout.internal.pages.count).toBe(0);
    expect(w.objectAt(w.map, A).activityInProgress).toBe(0);
    expect(w.byte(A)).toBe(5);
  });

  it("are taken back by wiring", () => {
    const w = inLaundry();
    const page = vmPageLookup(w.objectAt(w.map, A), 0)!;
    vmPageWire(w.system, page);
    expect(page).toMatchObject({ laundry: false, queueState: 1, wireCount: 1 });
    expect(w.system.pageout.internal.pages.count).toBe(0);
    vmPageUnwire(w.system, page);
  });

  it("are freed with their object", () => {
    const w = inLaundry();
    const free = w.system.pages.free.count;
    w.exit(w.map);
    expect(w.system.pageout.internal.pages.count).toBe(0);
    expect(w.system.pages.free.count).toBeGreaterThan(free);
  });

  it("cannot be removed from their queue like others", () => {
    const w = inLaundry();
    const page = vmPageLookup(w.objectAt(w.map, A), 0)!;
    expect(() => w.system.pages.dequeue(page)).toThrow("laundry");
  });
});
