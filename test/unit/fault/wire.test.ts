import { describe, expect, it } from "vitest";
import { runNow } from "../../../vm/blocking.js";
import {
  DBG_COW_FAULT,
  DBG_ZERO_FILL_FAULT,
  vmFaultUnwire,
  vmFaultWire,
} from "../../../vm/fault/index.js";
import { vmMapEntryCopyFull } from "../../../vm/map/entry.js";
import { VM_PAGE_IS_WIRED, VM_PAGE_ON_ACTIVE_Q, type VmPage } from "../../../vm/page/page.js";
import { pmapIsModified } from "../../../vm/pmap/index.js";
import {
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  KernelPanic,
  VM_KERN_MEMORY_MLOCK,
} from "../../../vm/types.js";
import { TestFile } from "../../support/test-file.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "./fault-world.js";

function world(pages = 4): FaultWorld {
  const w = new FaultWorld();
  expect(w.allocateAt(w.map, A, pages * PAGE)).toBe(KERN_SUCCESS);
  return w;
}

function pageAt(w: FaultWorld, address: number): VmPage {
  const entry = w.entryAt(w.map, address);
  const page = entry?.object?.pages.get((address - entry.start + entry.offset) / PAGE);
  if (page === undefined) throw new Error("not resident");
  return page;
}

function bytesOf(w: FaultWorld, address: number): Uint8Array {
  return w.system.phys.page(pageAt(w, address).ppn);
}

describe("wiring", () => {
  it("takes the short way for a resident page: one fault, no event", () => {
    const w = world();
    w.wire(w.map, A, PAGE); // gives the entry an object that is copied asymmetrically
    w.unwire(w.map, A, PAGE);
    const { kr, counters, events } = w.effects(() => w.wire(w.map, A, PAGE));
    expect([kr, counters, events]).toEqual([KERN_SUCCESS, { faults: 1 }, []]);
    const page = pageAt(w, A);
    expect(page.wireCount).toBe(1);
    expect(page.queueState).toBe(VM_PAGE_IS_WIRED);
    // The entry's full rights are entered, and the page counts as modified.
    expect(pmapIsModified(w.system.pmaps, page.ppn)).toBe(true);
    expect(w.access(A, WRITE).counters).toEqual({});
  });

  it("takes a full fault for a page nobody touched: two faults and a zero-fill", () => {
    const w = world();
    const { kr, counters, events } = w.effects(() => w.wire(w.map, A, 2 * PAGE));
    expect([kr, counters]).toEqual([KERN_SUCCESS, { faults: 4, zeroFillCount: 2 }]);
    expect(events.map(({ address, type, changeWiring }) => [address, type, changeWiring])).toEqual([
      [A, DBG_ZERO_FILL_FAULT, true],
      [A + PAGE, DBG_ZERO_FILL_FAULT, true],
    ]);
  });

  it("copies a private file page even for a read-only mapping, and maps it read-only", () => {
    const w = new FaultWorld();
    const object = w.fileObject(1);
    w.place(object, A, 1, true);
    w.protect(w.map, A, PAGE, READ);
    const { kr, counters, events } = w.effects(() => w.wire(w.map, A, PAGE));
    expect(kr).toBe(KERN_SUCCESS);
    expect(counters).toEqual({ faults: 2, pageins: 1, cowFaults: 1 });
    expect(events).toMatchObject([{ type: DBG_COW_FAULT, prot: READ }]);
    expect(pageAt(w, A).object).not.toBe(object);
    expect(w.byte(A)).toBe(1);
  });

  it("counts once for each mapping of a page", () => {
    const w = world(1);
    w.touch(w.map, A, WRITE);
    w.wire(w.map, A, PAGE);
    const other = w.newMap();
    w.place(w.objectAt(w.map, A), A, 1, false, other);
    w.wire(other, A, PAGE);
    const page = pageAt(w, A);
    expect(page.wireCount).toBe(2);
    expect(w.system.pages.wireCount).toBe(wiredTables(w) + 1);
    w.unwire(other, A, PAGE);
    expect([page.wireCount, page.queueState]).toEqual([1, VM_PAGE_IS_WIRED]);
    w.unwire(w.map, A, PAGE);
    expect([page.wireCount, page.queueState]).toEqual([0, VM_PAGE_ON_ACTIVE_Q]);
    expect(page.reference).toBe(true);
  });

  it("takes back what it did when a page cannot be had", () => {
    const w = new FaultWorld();
    const file = new TestFile("/broken", new Uint8Array(3 * PAGE));
    const object = w.objectOf(file);
    w.place(object, A, 3, false);
    file.broken.add(2 * PAGE);
    expect(w.wire(w.map, A, 3 * PAGE)).toBe(KERN_MEMORY_ERROR);
    expect([...object.pages.values()].map((page) => page.wireCount)).toEqual([0, 0]);
    expect(w.entryAt(w.map, A)?.wiredCount).toBe(0);
  });
});

/** Wired pages that hold page tables. */
function wiredTables(w: FaultWorld): number {
  return w.system.pmapObject.residentPageCount;
}

describe("unwiring", () => {
  it("keeps contents and translation", () => {
    const w = world();
    w.store(A, 42);
    w.wire(w.map, A, PAGE);
    const frame = w.frameAt(w.map, A);
    w.unwire(w.map, A, PAGE);
    expect(w.frameAt(w.map, A)).toBe(frame);
    expect(w.byte(A)).toBe(42);
    expect(w.map.pmap?.ledger.wiredMem).toBe(0);
  });

  it("zeroes the pages on request, if they could be written", () => {
    const w = world();
    w.store(A, 42);
    w.store(A + PAGE, 43);
    w.wire(w.map, A, 2 * PAGE);
    const snapshot = vmMapEntryCopyFull(w.entryAt(w.map, A)!);
    snapshot.zeroWiredPages = true;
    runNow(vmFaultUnwire(w.map, snapshot, w.map.pmap, snapshot.start));
    expect([bytesOf(w, A)[0], bytesOf(w, A + PAGE)[0]]).toEqual([0, 0]);
    expect(
      runNow(vmFaultWire(w.map, snapshot, w.map.pmap, snapshot.start, VM_KERN_MEMORY_MLOCK)),
    ).toBe(KERN_SUCCESS);
    snapshot.protection = READ;
    bytesOf(w, A)[0] = 9;
    runNow(vmFaultUnwire(w.map, snapshot, w.map.pmap, snapshot.start));
    expect(bytesOf(w, A)[0]).toBe(9);
    expect(
      runNow(vmFaultWire(w.map, snapshot, w.map.pmap, snapshot.start, VM_KERN_MEMORY_MLOCK)),
    ).toBe(KERN_SUCCESS);
    w.unwire(w.map, A, 2 * PAGE);
  });

  it("frees the pages when the memory itself goes", () => {
    const w = world(2);
    w.store(A, 42);
    w.wire(w.map, A, 2 * PAGE);
    const entry = w.entryAt(w.map, A)!;
    const free = w.system.pages.free.count;
    runNow(vmFaultUnwire(w.map, vmMapEntryCopyFull(entry), w.map.pmap, entry.start, true));
    expect(w.system.pages.free.count).toBe(free + 2);
    expect(entry.object?.residentPageCount).toBe(0);
    expect(w.frameAt(w.map, A)).toBeNull();
  });

  it("panics if a wired page is gone from a live object", () => {
    const w = world(4);
    w.touch(w.map, A, READ);
    const entry = vmMapEntryCopyFull(w.entryAt(w.map, A)!);
    entry.offset = 2 * PAGE;
    expect(() => runNow(vmFaultUnwire(w.map, entry, w.map.pmap, entry.start))).toThrow(KernelPanic);
  });
});
