import { describe, expect, it } from "vitest";
import { DBG_CACHE_HIT_FAULT, DBG_COW_FAULT, DBG_PAGEINV_FAULT } from "../../../vm/fault/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import { VM_PAGE_ON_ACTIVE_Q, VM_PAGE_ON_SPECULATIVE_Q } from "../../../vm/page/page.js";
import {
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  VM_BEHAVIOR_DEFAULT,
  VM_BEHAVIOR_RANDOM,
  VM_BEHAVIOR_RSEQNTL,
  VM_BEHAVIOR_SEQUENTIAL,
} from "../../../vm/types.js";
import { vmFaultIsSequential } from "../../../vm/fault/sequential.js";
import { TestFile } from "../../support/test-file.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "./fault-world.js";

describe("shared file mappings", () => {
  it("page in for a load, without write access; the store takes a second vm_fault", () => {
    const w = new FaultWorld();
    const object = w.fileObject(2);
    w.place(object, A, 2, false);
    const { counters, events } = w.access(A, READ);
    expect(counters).toEqual({ faults: 1, pageins: 1 });
    const page = object.pages.get(0);
    expect(events).toMatchObject([
      { type: DBG_PAGEINV_FAULT, depth: 0, ppn: page?.ppn, prot: READ, slow: true },
    ]);
    expect(page).toMatchObject({ wpmapped: false, clustered: false });
    expect(page?.queueState).toBe(VM_PAGE_ON_ACTIVE_Q);
    expect(object.pagesUsed).toBe(1);
    expect(w.byte(A)).toBe(1);

    expect(w.event(A, WRITE)).toMatchObject({
      type: DBG_CACHE_HIT_FAULT,
      prot: WRITE,
      slow: false,
    });
    expect(page).toMatchObject({ wpmapped: true });
  });

  it("give a reader write access to a page that was written through another map", () => {
    const w = new FaultWorld();
    const object = w.fileObject(1);
    const other = w.newMap();
    w.place(object, A, 1, false);
    w.place(object, A, 1, false, other);
    w.store(A, 9);
    expect(w.event(A, READ, other)).toMatchObject({ type: DBG_CACHE_HIT_FAULT, prot: WRITE });
    expect(w.byte(A, other)).toBe(9);
  });
});

describe("private file mappings", () => {
  it("copy the page on a write, and leave the file's alone", () => {
    const w = new FaultWorld();
    const object = w.fileObject(2);
    w.place(object, A, 2, true);
    expect(w.event(A, READ)).toMatchObject({ type: DBG_PAGEINV_FAULT, depth: 1, prot: READ });
    const filePage = object.pages.get(0);
    const { counters, events } = w.access(A, WRITE);
    expect(counters).toEqual({ faults: 1, cowFaults: 1 });
    // The first write also puts an object of the mapping's own on top of the file's copy.
    expect(events).toMatchObject([{ type: DBG_COW_FAULT, depth: 2, fromPpn: filePage?.ppn }]);
    w.store(A, 77);
    expect(w.system.phys.page(filePage!.ppn)[0]).toBe(1);
  });

  it("page in and copy at once for a first write, which counts as a copy", () => {
    const w = new FaultWorld();
    const object = w.fileObject(2);
    w.place(object, A, 2, true);
    const { counters, events } = w.access(A + PAGE, WRITE);
    expect(counters).toEqual({ faults: 1, pageins: 1, cowFaults: 1 });
    expect(events).toMatchObject([{ type: DBG_COW_FAULT, depth: 2, slow: true }]);
    expect(object.pagesUsed).toBe(1);
    expect(w.byte(A + PAGE)).toBe(2);
  });

  it("see what a shared mapping wrote before they were made, not after", () => {
    const w = new FaultWorld();
    const object = w.fileObject(2);
    w.place(object, A, 2, false);
    w.store(A, 50);
    w.place(object, 4 * A, 2, true);
    expect(w.byte(4 * A)).toBe(50);
    w.store(A, 60);
    expect([w.byte(A), w.byte(4 * A)]).toEqual([60, 50]);
  });
});

describe("pager errors", () => {
  it("are memory errors past the end of the file", () => {
    const w = new FaultWorld();
    const file = new TestFile("/short", new Uint8Array(PAGE));
    const object = w.objectOf(file);
    w.place(object, A, 2, false);
    const { kr, counters, events } = w.access(A + PAGE, READ);
    expect([kr, counters]).toEqual([KERN_MEMORY_ERROR, { faults: 1 }]);
    expect(events).toMatchObject([{ type: DBG_CACHE_HIT_FAULT, slow: true, ppn: null }]);
  });

  it("are asked for again by the next fault", () => {
    const w = new FaultWorld();
    const file = new TestFile("/flaky", new Uint8Array(PAGE).fill(3));
    const object = w.objectOf(file);
    w.place(object, A, 1, false);
    file.broken.add(0);
    expect(w.access(A, READ).kr).toBe(KERN_MEMORY_ERROR);
    expect(object.residentPageCount).toBe(0);
    file.broken.clear();
    expect(w.access(A, READ).kr).toBe(KERN_SUCCESS);
    expect(file.reads).toEqual([0, 0]);
  });

  it("free a page in error, once reported", () => {
    const w = new FaultWorld();
    const object = w.fileObject(1);
    w.place(object, A, 1, false);
    w.touch(w.map, A, READ);
    const page = object.pages.get(0)!;
    w.deallocate(w.map, A, PAGE);
    w.place(object, A, 1, false);
    page.error = true;
    expect(w.access(A, READ).kr).toBe(KERN_MEMORY_ERROR);
    expect(w.access(A, READ)).toMatchObject({ kr: KERN_SUCCESS, counters: { pageins: 1 } });
  });
});

describe("read-ahead", () => {
  it("reads one page at a time until a run is seen, then as much as the run was long", () => {
    const w = new FaultWorld();
    const object = w.fileObject(32);
    w.place(object, A, 32, false);
    const pageins = [0, 1, 2, 3, 4].map((i) => w.access(A + i * PAGE, READ).counters.pageins);
    expect(pageins).toEqual([1, 1, 1, 1, 4]);
    for (const ahead of [5, 6, 7]) {
      expect(object.pages.get(ahead)).toMatchObject({ clustered: true, pmapped: false });
      expect(object.pages.get(ahead)?.queueState).toBe(VM_PAGE_ON_SPECULATIVE_Q);
    }
    expect(object.residentPageCount).toBe(8);
  });

  it("reports the first touch of a page that was read ahead as a page-in", () => {
    const w = new FaultWorld();
    const object = w.fileObject(32);
    w.place(object, A, 32, false);
    for (let i = 0; i < 5; i++) w.touch(w.map, A + i * PAGE, READ);
    const index = [...object.pages.values()].find((page) => page.clustered)!.offset / PAGE;
    const used = object.pagesUsed;
    const { counters, events } = w.access(A + index * PAGE, READ);
    expect(counters).toEqual({ faults: 1 });
    expect(events).toMatchObject([{ type: DBG_PAGEINV_FAULT, slow: false }]);
    expect(object.pagesUsed).toBe(used + 1);
    const page = object.pages.get(index);
    expect(page?.clustered).toBe(false);
    expect(page?.queueState).toBe(VM_PAGE_ON_ACTIVE_Q);
  });
});

describe("runs of faults", () => {
  const object = (): VmObject => new FaultWorld().system.kernelObject;

  it("grow in one direction, and start over in the other", () => {
    const o = object();
    const run = (...pages: number[]): number => {
      for (const page of pages) vmFaultIsSequential(o, page * PAGE, VM_BEHAVIOR_DEFAULT);
      return o.sequential / PAGE;
    };
    expect(run(5, 6, 7)).toBe(2);
    expect(run(7)).toBe(2); // the same page again changes nothing
    expect(run(6)).toBe(-1);
    expect(run(5)).toBe(-2);
    expect(run(9)).toBe(0);
  });

  it("count only the direction the mapping announced", () => {
    const o = object();
    vmFaultIsSequential(o, 5 * PAGE, VM_BEHAVIOR_SEQUENTIAL);
    vmFaultIsSequential(o, 6 * PAGE, VM_BEHAVIOR_SEQUENTIAL);
    expect(o.sequential).toBe(PAGE);
    vmFaultIsSequential(o, 5 * PAGE, VM_BEHAVIOR_SEQUENTIAL);
    expect(o.sequential).toBe(0);
    vmFaultIsSequential(o, 4 * PAGE, VM_BEHAVIOR_RSEQNTL);
    expect(o.sequential).toBe(-PAGE);
    vmFaultIsSequential(o, 3 * PAGE, VM_BEHAVIOR_RANDOM);
    expect(o.sequential).toBe(0);
  });
});

describe("pages behind a run", () => {
  function walkThrough(behavior: 0 | 1 | 2 | 3, pages: number): FaultWorld {
    const w = new FaultWorld({ pages: 400 });
    w.allocateAt(w.map, A, 200 * PAGE);
    for (let i = 0; i < 200; i++) w.finish(w.faulting(A + i * PAGE, WRITE));
    const other = w.newMap();
    w.place(w.objectAt(w.map, A), A, 200, false, other);
    w.entryAt(other, A)!.behavior = behavior;
    for (const page of w.system.pages.all()) page.reference = true;
    for (let i = 0; i < pages; i++) w.finish(w.faulting(A + i * PAGE, READ, other));
    w.check();
    return w;
  }
  const unreferenced = (w: FaultWorld): number[] =>
    [...w.objectAt(w.map, A).pages.values()]
      .filter((page) => !page.reference)
      .map((page) => page.offset / PAGE)
      .sort((a, b) => a - b);

  it("are left where they are for 128 pages, then given up 16 at a time", () => {
    expect(unreferenced(walkThrough(VM_BEHAVIOR_DEFAULT, 128))).toEqual([]);
    const after = unreferenced(walkThrough(VM_BEHAVIOR_DEFAULT, 129));
    expect(after).toEqual(Array.from({ length: 16 }, (_, i) => i));
  });

  it("are given up one by one when the mapping announced a run", () => {
    expect(unreferenced(walkThrough(VM_BEHAVIOR_SEQUENTIAL, 5))).toEqual([0, 1, 2, 3]);
    expect(unreferenced(walkThrough(VM_BEHAVIOR_RANDOM, 5))).toEqual([]);
  });
});
