import { describe, expect, it } from "vitest";
import {
  DBG_CACHE_HIT_FAULT,
  DBG_COW_FAULT,
  DBG_ZERO_FILL_FAULT,
  objectFaultInfo,
  VM_FAULT_SUCCESS,
  vmFaultCleanup,
  vmFaultPage,
} from "../../../vm/fault/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import { runNow } from "../../../vm/blocking.js";
import {
  vmObjectCopyDelayed,
  vmObjectDeallocate,
  vmObjectPagingBegin,
} from "../../../vm/object/index.js";
import { MEMORY_OBJECT_COPY_DELAY } from "../../../vm/object/object.js";
import { vmPageWakeupDone } from "../../../vm/page/resident.js";
import { KERN_SUCCESS } from "../../../vm/types.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "./fault-world.js";

/** `pages` pages at A, page i full of i + 1. */
function touched(pages = 4): FaultWorld {
  const w = new FaultWorld();
  w.allocateAt(w.map, A, pages * PAGE);
  for (let i = 0; i < pages; i++) w.store(A + i * PAGE, i + 1);
  return w;
}

function framesInUse(w: FaultWorld): number {
  return w.test.phys.pageCount - w.system.pages.free.count;
}

describe("copy-on-write after fork", () => {
  it("copies one page, once, into exactly one new frame", () => {
    const w = touched();
    const object = w.objectAt(w.map, A);
    const child = w.fork(w.map);
    w.touch(child, A, READ); // the tables are there, so that only the page counts below
    const before = framesInUse(w);
    const shared = w.frameAt(w.map, A);
    expect(w.frameAt(child, A)).toBe(shared);

    const { kr, counters, events } = w.access(A, WRITE, child);
    expect([kr, counters]).toEqual([KERN_SUCCESS, { faults: 1, cowFaults: 1 }]);
    const own = w.frameAt(child, A);
    expect(events).toMatchObject([
      { type: DBG_COW_FAULT, depth: 1, ppn: own, fromPpn: shared, prot: WRITE, slow: false },
    ]);
    expect(events[0]!.object).toBe(w.objectAt(child, A));
    expect(own).not.toBe(shared);
    expect(w.frameAt(w.map, A)).toBe(shared);
    expect(framesInUse(w) - before).toBe(1);
    expect(w.objectAt(child, A).pages.get(0)).toMatchObject({ dirty: true, wpmapped: true });
    expect(w.access(A, WRITE, child).counters).toEqual({});

    w.store(A, 99, child);
    expect([w.byte(A), w.byte(A, child)]).toEqual([1, 99]);
    expect(w.objectAt(w.map, A)).toBe(object);
  });

  it("maps a page from below read-only, without copying", () => {
    const w = touched();
    const child = w.fork(w.map);
    expect(w.event(A, READ, child)).toMatchObject({
      type: DBG_CACHE_HIT_FAULT,
      depth: 0,
      prot: READ,
    });
    w.store(A + PAGE, 50, child); // makes the shadow
    expect(w.event(A + 2 * PAGE, READ, child)).toMatchObject({
      type: DBG_CACHE_HIT_FAULT,
      depth: 1,
      prot: READ,
      fromPpn: null,
    });
  });

  it("copies again for the parent while the child can see the page", () => {
    const w = touched();
    const child = w.fork(w.map);
    w.store(A, 99, child);
    expect(w.event(A, WRITE)).toMatchObject({ type: DBG_COW_FAULT });
  });

  it("does not copy for the parent once the child is gone", () => {
    const w = touched();
    const frame = w.frameAt(w.map, A);
    w.exit(w.fork(w.map));
    const { counters, events } = w.access(A, WRITE);
    expect(counters).toEqual({ faults: 1 });
    expect(events).toMatchObject([{ type: DBG_CACHE_HIT_FAULT, depth: 0, ppn: frame }]);
  });

  it("zero-fills below for a read of what neither had, above for a write", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 4 * PAGE);
    w.store(A, 1);
    const child = w.fork(w.map);
    expect(w.event(A + PAGE, READ, child)).toMatchObject({ type: DBG_ZERO_FILL_FAULT, prot: READ });
    w.touch(w.map, A + PAGE, READ);
    expect(w.frameAt(w.map, A + PAGE)).toBe(w.frameAt(child, A + PAGE));
    expect(w.event(A + 2 * PAGE, WRITE, child)).toMatchObject({ type: DBG_ZERO_FILL_FAULT });
    expect(w.objectAt(w.map, A).pages.has(2)).toBe(false);
  });

  it("tells how deep the page was", () => {
    const w = touched(8);
    const maps = [w.map];
    for (let generation = 1; generation <= 4; generation++) {
      const parent = maps.at(-1)!;
      const child = w.fork(parent);
      w.store(A + generation * PAGE, 100 + generation, child);
      maps.push(child);
    }
    const last = maps.at(-1)!;
    expect(w.event(A, READ, last)).toMatchObject({ type: DBG_CACHE_HIT_FAULT, depth: 4 });
    expect(w.event(A + 2 * PAGE, READ, last)).toMatchObject({ depth: 2 });
    const frame = w.frameAt(last, A);
    expect(w.event(A, WRITE, last)).toMatchObject({
      type: DBG_COW_FAULT,
      depth: 4,
      fromPpn: frame,
    });
    expect([1, 2, 3, 4].map((i) => w.byte(A + i * PAGE, last))).toEqual([101, 102, 103, 104]);
  });

  it("leaves other mappings of the source alone where only one map has the top object", () => {
    const w = touched();
    const child = w.fork(w.map);
    w.touch(child, A + PAGE, READ);
    w.store(A, 99, child);
    expect(w.frameAt(w.map, A)).not.toBeNull();
  });

  it("takes other mappings of the source away where it goes the slow way", () => {
    const w = touched();
    const child = w.fork(w.map);
    w.store(A + PAGE, 9, child); // a shadow of its own, with one user
    w.touch(child, A, READ);
    const top = w.objectAt(child, A);
    expect([top.refCount, w.frameAt(w.map, A) !== null]).toEqual([1, true]);
    top.lock.lockExclusive();
    vmObjectPagingBegin(top);
    const found = w.finish(
      vmFaultPage({
        object: top,
        offset: 0,
        faultType: WRITE,
        prot: WRITE,
        mustBeResident: false,
        callerLookup: true,
        noZeroFill: false,
        info: objectFaultInfo(top),
      }),
    );
    if (found.result !== VM_FAULT_SUCCESS) throw new Error("not found");
    expect([found.type, found.page.object]).toEqual([DBG_COW_FAULT, top]);
    vmPageWakeupDone(w.system, found.page);
    vmFaultCleanup(top, found.topPage);
    expect([w.frameAt(w.map, A), w.frameAt(child, A)]).toEqual([null, null]);
    w.check();
  });
});

/** A's object with a copy object on top, as a copy of shared memory has it. */
function withCopy(w: FaultWorld): { readonly source: VmObject; readonly copy: VmObject } {
  const source = w.objectAt(w.map, A);
  source.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
  source.trueShare = true;
  const copy = runNow(vmObjectCopyDelayed(source, 0, source.size));
  if (copy === null) throw new Error("copy refused");
  w.objects.add(copy);
  w.check();
  return { source, copy };
}

describe("the push into a copy object", () => {
  it("happens before the first write, on the slow path, and once", () => {
    const w = touched();
    const { source, copy } = withCopy(w);
    const frame = w.frameAt(w.map, A);
    const { counters, events } = w.access(A, WRITE);
    expect(counters).toEqual({ faults: 1 });
    expect(events).toMatchObject([
      { type: DBG_CACHE_HIT_FAULT, slow: true, ppn: frame, prot: WRITE },
    ]);
    const pushed = copy.pages.get(0);
    expect(pushed).toMatchObject({ dirty: true, busy: false });
    expect(pushed?.ppn).not.toBe(frame);
    w.store(A, 99);
    expect(w.system.phys.page(pushed!.ppn)[0]).toBe(1);
    expect(source.pages.get(0)?.ppn).toBe(frame);
    expect(w.access(A, WRITE).counters).toEqual({});
    expect(copy.residentPageCount).toBe(1);
  });

  it("is put off by reads, which get no write access", () => {
    const w = touched();
    const { copy } = withCopy(w);
    expect(w.access(A, READ).events).toEqual([]); // still mapped, read-only
    expect(w.event(A, WRITE)).toMatchObject({ slow: true });
    expect(copy.residentPageCount).toBe(1);
  });

  it("pushes zeroes for a page nobody had", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 2 * PAGE);
    w.touch(w.map, A, READ);
    const { copy } = withCopy(w);
    expect(w.event(A + PAGE, READ)).toMatchObject({ type: DBG_ZERO_FILL_FAULT, prot: READ });
    expect(w.event(A + PAGE, WRITE)).toMatchObject({ type: DBG_CACHE_HIT_FAULT, slow: true });
    w.store(A + PAGE, 7);
    const pushed = copy.pages.get(1);
    expect(w.system.phys.page(pushed!.ppn)).toEqual(new Uint8Array(PAGE));
  });

  it("does not disturb anybody when the copy has the page", () => {
    const w = touched();
    const { copy } = withCopy(w);
    w.store(A, 99);
    const other = w.newMap();
    w.place(w.objectAt(w.map, A), A, 4, false, other);
    w.touch(other, A, READ);
    w.protect(w.map, A, PAGE, READ);
    w.protect(w.map, A, PAGE, WRITE);
    w.touch(w.map, A, WRITE);
    expect(w.frameAt(other, A)).not.toBeNull();
    expect(copy.residentPageCount).toBe(1);
  });

  it("does not reach pages beyond the copy", () => {
    const w = touched();
    const source = w.objectAt(w.map, A);
    source.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    source.trueShare = true;
    const copy = runNow(vmObjectCopyDelayed(source, 0, PAGE));
    w.objects.add(copy!);
    w.store(A + PAGE, 99);
    expect(copy!.residentPageCount).toBe(0);
  });

  it("keeps its zeroes under pressure, when something else is below them by now", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 2 * PAGE);
    w.store(A, 1);
    const { copy } = withCopy(w);
    const reader = w.newMap();
    w.place(copy, A, 2, false, reader);
    expect(w.byte(A + PAGE, reader)).toBe(0);
    w.store(A + PAGE, 7);
    for (let i = 0; i < 4; i++) w.pageout();
    expect(w.byte(A + PAGE, reader)).toBe(0);
    w.objects.delete(copy);
    vmObjectDeallocate(copy);
    w.check();
  });
});
