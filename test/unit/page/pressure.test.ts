import { describe, expect, it } from "vitest";
import { THREAD_UNINT } from "../../../vm/blocking.js";
import { vmFault, vmFaultFast } from "../../../vm/fault/index.js";
import {
  HARD_THROTTLE_DELAY_NS,
  pageCreationDelay,
  SOFT_THROTTLE_DELAY_NS,
} from "../../../vm/fault/throttle.js";
import { vmObjectCacheEvict } from "../../../vm/object/cache.js";
import { purgeForceOf, vmPressureUpdate } from "../../../vm/page/pressure.js";
import { KERN_SUCCESS } from "../../../vm/types.js";
import { testSystem } from "../../support/vm-buffer.js";
import { PAGE, va } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "../fault/fault-world.js";

describe("the pressure level", () => {
  it("rises and falls at different amounts of memory, and each change is told", () => {
    const told: number[][] = [];
    const { system } = testSystem({
      pages: 400,
      pressureChanged: (now, old) => told.push([now, old]),
    });
    // As if so many of 1,000 pages were not compressed: the thresholds are 500 and 285 of them.
    const at = (available: number): number => {
      Object.assign(system.compressor, { poolPages: 1000 - available });
      Object.assign(system.pages, { free: { count: available }, active: { count: 0 } });
      return vmPressureUpdate(system);
    };
    expect(at(501)).toBe(0);
    expect(at(499)).toBe(1);
    expect(at(600)).toBe(1); // not above 1.2 times 500 yet
    expect(at(601)).toBe(0);
    expect(at(341)).toBe(3); // critical is tested before warning: below 1.2 times 285
    expect(at(399)).toBe(3);
    expect(at(400)).toBe(1); // above 1.4 times 285
    expect(at(342)).toBe(1);
    expect(at(341)).toBe(3);
    expect(at(601)).toBe(0);
    expect(told).toEqual([
      [1, 0],
      [0, 1],
      [3, 0],
      [1, 3],
      [3, 1],
      [0, 3],
    ]);
    expect(([0, 1, 2, 3] as const).map(purgeForceOf)).toEqual([0, 2, 5, 8]);
  });

  it("is critical when the compressor is nearly full", () => {
    const { system } = testSystem();
    Object.assign(system.compressor, { pagesCompressed: 99, limits: { pages: 100, segments: 10 } });
    expect(vmPressureUpdate(system)).toBe(3);
  });
});

describe("the cache of files nobody maps", () => {
  it("gives clean pages up first, and puts dirty ones where they are written", () => {
    const w = new FaultWorld();
    const file = w.fileObject(3);
    w.place(file, A, 3, false);
    for (let i = 0; i < 3; i++) w.byte(A + i * PAGE);
    w.store(A, 9);
    expect(w.system.objects.cache.size).toBe(0);
    w.deallocate(w.map, A, 3 * PAGE);
    expect(w.system.objects.cache.size).toBe(0); // the test has a reference, as an open file would
    w.release(file);
    expect([...w.system.objects.cache]).toEqual([file]);
    const dirty = file.pages.get(0);
    expect(vmObjectCacheEvict(w.system)).toBe(2);
    expect([...file.pages.values()]).toEqual([dirty]);
    expect(w.system.objects.cache.size).toBe(0);
    w.check();
  });

  it("forgets a file that is mapped again, and one that goes", () => {
    const w = new FaultWorld();
    const file = w.fileObject(1);
    w.place(file, A, 1, false);
    w.byte(A);
    w.deallocate(w.map, A, PAGE);
    w.release(file);
    expect(w.system.objects.cache.has(file)).toBe(true);
    w.place(file, A, 1, false);
    expect(w.system.objects.cache.has(file)).toBe(false);
    w.deallocate(w.map, A, PAGE);
    expect(w.system.objects.cache.has(file)).toBe(true);
    expect(vmObjectCacheEvict(w.system)).toBe(1);
    w.place(file, A, 1, false);
    expect(w.byte(A)).toBe(1);
  });

  it("is asked by the scan before mapped memory is", () => {
    const w = new FaultWorld();
    const file = w.fileObject(4);
    w.place(file, A, 4, false);
    for (let i = 0; i < 4; i++) w.byte(A + i * PAGE);
    w.deallocate(w.map, A, 4 * PAGE);
    w.release(file);
    w.allocateAt(w.map, A, 4 * PAGE);
    for (let i = 0; i < 4; i++) w.store(A + i * PAGE, i);
    w.pageout(w.system.pages.free.count + 4);
    expect(file.residentPageCount).toBe(0);
    expect(w.system.pageout.counters.cacheEvicted).toBe(4);
    expect(w.system.counters.compressions).toBe(0);
  });

  it("evicts 100 pages at a time", () => {
    const w = new FaultWorld({ pages: 300 });
    const file = w.fileObject(150);
    w.place(file, A, 150, false);
    for (let i = 0; i < 150; i++) w.finish(w.faulting(A + i * PAGE, READ));
    w.deallocate(w.map, A, 150 * PAGE);
    w.release(file);
    expect([1, 2, 3].map(() => vmObjectCacheEvict(w.system))).toEqual([100, 50, 0]);
  });
});

describe("the throttle of page creation", () => {
  const CREATED = 120_000;
  /** A machine short of memory, somebody waiting, and a task that made many pages in `seconds`. */
  function short(seconds: number): FaultWorld {
    const w = new FaultWorld({ now: () => seconds * 1e9 });
    w.allocateAt(w.map, A, 8 * PAGE);
    w.store(A, 1);
    w.hoard(w.system.pages.targets.throttleLimit - 1);
    w.system.pages.freeWaiters = 1;
    Object.assign(w.map.pageCreation, { count: CREATED, sinceNs: 0 });
    return w;
  }

  it("slows down who made 20,000 pages a second for six seconds while others wait for memory", () => {
    const w = short(6);
    expect(pageCreationDelay(w.map)).toBe(SOFT_THROTTLE_DELAY_NS);
    Object.assign(w.system.compressor, { poolPages: 10_000 }); // hardly anything is not compressed
    expect(pageCreationDelay(w.map)).toBe(HARD_THROTTLE_DELAY_NS);
    w.system.pages.freeWaiters = 0;
    expect(pageCreationDelay(w.map)).toBe(0);
    w.system.pages.freeWaiters = 1;
    w.map.pageCreation.count = CREATED - 1;
    expect(pageCreationDelay(w.map)).toBe(0);
    const slow = short(6.01);
    expect(pageCreationDelay(slow.map)).toBe(0);
    expect(slow.map.pageCreation.count).toBe(0);
  });

  it("stops the owner of a quarter of a compressor that is nearly full", () => {
    const w = new FaultWorld();
    Object.assign(w.system.compressor, {
      pagesCompressed: 99,
      limits: { pages: 100, segments: 10 },
    });
    expect(pageCreationDelay(w.map)).toBe(0);
    w.map.pmap!.ledger.internalCompressed = 25 * PAGE;
    expect(pageCreationDelay(w.map)).toBe(HARD_THROTTLE_DELAY_NS);
    Object.assign(w.system.compressor, { store: null });
    expect(pageCreationDelay(w.map)).toBe(0);
    Object.assign(w.system.compressor, { pagesCompressed: 0 });
    w.map.pmap!.ledger.internalCompressed = 0;
  });

  it("comes after the fault is done, and never for a page that was there", () => {
    const w = short(1);
    expect(vmFaultFast(w.map, va(A + PAGE), WRITE, false, THREAD_UNINT)).toBeNull();
    const work = vmFault(w.map, va(A + PAGE), WRITE, false, THREAD_UNINT);
    const step = work.next();
    expect(step.done === false && step.value).toMatchObject({
      reason: "page creation throttled",
      timeoutNs: SOFT_THROTTLE_DELAY_NS,
    });
    expect(w.objectAt(w.map, A).pages.has(1)).toBe(true);
    expect(w.system.pageout.scanIdle).toBe(false);
    expect(work.next(1)).toEqual({ done: true, value: KERN_SUCCESS });
    expect(w.map.pageCreation.count).toBe(CREATED + 1);
    const again = vmFault(w.map, va(A + PAGE), READ, false, THREAD_UNINT).next();
    expect(again).toEqual({ done: true, value: KERN_SUCCESS });
    w.system.pages.freeWaiters = 0;
  });

  it("counts anew after a page that came by I/O", () => {
    const w = new FaultWorld();
    const file = w.fileObject(1);
    w.place(file, A, 1, false);
    w.map.pageCreation.count = 77;
    w.byte(A);
    expect(w.map.pageCreation.count).toBe(0);
  });
});
