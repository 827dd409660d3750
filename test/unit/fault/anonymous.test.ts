import { describe, expect, it } from "vitest";
import { THREAD_UNINT } from "../../../vm/blocking.js";
import {
  DBG_CACHE_HIT_FAULT,
  DBG_ZERO_FILL_FAULT,
  vmFaultFast,
  vmPreFault,
} from "../../../vm/fault/index.js";
import { VM_PAGE_ON_ACTIVE_Q } from "../../../vm/page/page.js";
import { pmapIsModified } from "../../../vm/pmap/index.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_MEMORY_ERROR,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "./fault-world.js";

/** Four untouched pages at A. */
function fresh(options = {}): FaultWorld {
  const w = new FaultWorld(options);
  expect(w.allocateAt(w.map, A, 4 * PAGE)).toBe(KERN_SUCCESS);
  return w;
}

describe("zero-fill", () => {
  it("makes a page of zeroes for a load; the first store then needs no vm_fault", () => {
    const w = fresh();
    const { kr, counters, events } = w.access(A + 0x123, READ);
    expect([kr, counters]).toEqual([KERN_SUCCESS, { faults: 1, zeroFillCount: 1 }]);
    const object = w.objectAt(w.map, A);
    const page = object.pages.get(0);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      address: A,
      access: READ,
      changeWiring: false,
      kr: KERN_SUCCESS,
      type: DBG_ZERO_FILL_FAULT,
      entryStart: A,
      entryEnd: A + 4 * PAGE,
      offset: 0,
      depth: 0,
      ppn: page?.ppn,
      fromPpn: null,
      prot: WRITE,
      slow: false,
    });
    expect(events[0]!.map).toBe(w.map);
    expect(events[0]!.object).toBe(object);
    expect(w.byte(A)).toBe(0);
    expect(page).toMatchObject({
      busy: false,
      dirty: false,
      pmapped: true,
      wpmapped: false,
      reference: true,
      queueState: VM_PAGE_ON_ACTIVE_Q,
    });

    const store = w.access(A, WRITE);
    expect([store.kr, store.counters, store.events]).toEqual([KERN_SUCCESS, {}, []]);
    expect(pmapIsModified(w.system.pmaps, page!.ppn)).toBe(true);
  });

  it("maps the page writable at once for a store", () => {
    const w = fresh();
    expect(w.access(A + PAGE, WRITE).counters).toEqual({ faults: 1, zeroFillCount: 1 });
    const page = w.objectAt(w.map, A).pages.get(1);
    expect(page).toMatchObject({ wpmapped: true });
    expect(pmapIsModified(w.system.pmaps, page!.ppn)).toBe(true);
    expect(w.access(A + PAGE, WRITE).counters).toEqual({});
  });

  it("says where the translation is", () => {
    const w = fresh();
    const event = w.event(A, READ);
    const { phys } = w.test;
    expect([phys.readPteLo(event.ptePa), phys.readPteHi(event.ptePa)]).toEqual([
      event.pteLo,
      event.pteHi,
    ]);
    // Page descriptor, access flag, EL0 read-only, inner or outer shareable, not global.
    expect(event.pteLo & 0xcc3).toBe(0xcc3);
    expect(Math.floor((event.pteLo >>> 0) / PAGE)).toBe(event.ppn);
    // UXN, PXN, and the mark that a store may make it writable.
    expect(event.pteHi >>> 16).toBe(0x0860);
  });

  it("never hands out a frame's old contents", () => {
    const w = fresh();
    w.store(A, 0xee);
    w.deallocate(w.map, A, 4 * PAGE);
    w.allocateAt(w.map, A, 4 * PAGE);
    for (let page = 0; page < 4; page++) {
      expect(w.read(w.map, A + page * PAGE, PAGE)).toEqual(new Uint8Array(PAGE));
    }
  });
});

describe("refusals", () => {
  it("has nothing for an address that is not mapped", () => {
    const w = fresh();
    const { kr, counters, events } = w.access(A + 4 * PAGE, WRITE);
    expect([kr, counters]).toEqual([KERN_INVALID_ADDRESS, { faults: 1 }]);
    expect(events).toMatchObject([
      { kr, type: DBG_CACHE_HIT_FAULT, entry: null, object: null, ppn: null, ptePa: 0 },
    ]);
  });

  it("denies a store to read-only memory and creates nothing", () => {
    const w = fresh();
    w.protect(w.map, A, PAGE, READ);
    const { kr, counters, events } = w.access(A, WRITE);
    expect([kr, counters]).toEqual([KERN_PROTECTION_FAILURE, { faults: 1 }]);
    expect(events).toMatchObject([
      { type: DBG_CACHE_HIT_FAULT, entryStart: A, entryEnd: A + PAGE, object: null, ppn: null },
    ]);
    expect(w.entryAt(w.map, A)?.object).toBeNull();
  });

  it("denies everything to PROT_NONE, and a store to write-only memory", () => {
    const w = fresh();
    w.protect(w.map, A, PAGE, VM_PROT_NONE);
    w.protect(w.map, A + PAGE, PAGE, VM_PROT_WRITE);
    expect(w.fault(A, READ).kr).toBe(KERN_PROTECTION_FAILURE);
    expect(w.fault(A + PAGE, WRITE).kr).toBe(KERN_PROTECTION_FAILURE);
  });

  it("lets execute-only memory be fetched from but not read", () => {
    const w = fresh();
    w.protect(w.map, A, PAGE, VM_PROT_EXECUTE);
    expect(w.fault(A, READ | VM_PROT_EXECUTE).kr).toBe(KERN_SUCCESS);
    expect(w.fault(A, READ).kr).toBe(KERN_PROTECTION_FAILURE);
  });

  it("does not even count faults on a map that never faults", () => {
    const w = fresh();
    w.map.neverFaults = true;
    const { kr, counters, events } = w.fault(A, READ);
    expect([kr, counters, events]).toEqual([KERN_INVALID_ADDRESS, {}, []]);
  });

  it("does not fault in the kernel's own object", () => {
    const w = fresh();
    const entry = w.entryAt(w.map, A)!;
    entry.object = w.system.kernelObject;
    w.system.kernelObject.refCount += 1;
    expect(w.effects(() => w.finish(w.faulting(A, READ))).kr).toBe(KERN_MEMORY_ERROR);
    entry.object = null;
    w.system.kernelObject.refCount -= 1;
    w.check();
  });
});

describe("vm_fault_fast", () => {
  const fast = (w: FaultWorld, prot: number) =>
    vmFaultFast(w.map, va(A), prot, false, THREAD_UNINT);

  it("is a whole fault when it can be, refusals included", () => {
    const w = fresh();
    const done = w.effects(() => fast(w, READ) ?? KERN_FAILURE);
    expect(done).toMatchObject({ kr: KERN_SUCCESS, counters: { faults: 1, zeroFillCount: 1 } });
    expect(done.events).toHaveLength(1);
    w.protect(w.map, A, PAGE, VM_PROT_NONE);
    const denied = w.effects(() => fast(w, READ) ?? KERN_FAILURE);
    expect(denied).toMatchObject({ kr: KERN_PROTECTION_FAILURE, counters: { faults: 1 } });
    expect(denied.events).toHaveLength(1);
  });

  it("leaves no trace when it would have to sleep", () => {
    const w = fresh();
    w.touch(w.map, A, READ);
    const page = w.objectAt(w.map, A).pages.get(0)!;
    page.busy = true;
    const { counters, events } = w.effects(() => {
      expect(fast(w, READ)).toBeNull();
      return KERN_SUCCESS;
    });
    expect([counters, events]).toEqual([{}, []]);
    page.busy = false;
  });
});

describe("vm_pre_fault", () => {
  it("does nothing where there is any translation, even one without the right", () => {
    const w = fresh();
    const read = w.effects(() => w.run(vmPreFault(w.map, va(A), READ)));
    expect(read).toMatchObject({ kr: KERN_SUCCESS, counters: { faults: 1 } });
    w.protect(w.map, A, PAGE, READ);
    const write = w.effects(() => w.run(vmPreFault(w.map, va(A), WRITE)));
    expect(write).toMatchObject({ kr: KERN_SUCCESS, counters: {}, events: [] });
  });
});
