import { describe, expect, it } from "vitest";
import {
  THREAD_ABORTSAFE,
  THREAD_AWAKENED,
  THREAD_INTERRUPTED,
  THREAD_RESTART,
  THREAD_UNINT,
  type Blocking,
  type Wait,
} from "../../../vm/blocking.js";
import {
  DBG_CACHE_HIT_FAULT,
  DBG_COW_FAULT,
  DBG_PAGEINV_FAULT,
  DBG_ZERO_FILL_FAULT,
  objectFaultInfo,
  VM_FAULT_BUSY,
  VM_FAULT_MEMORY_ERROR,
  VM_FAULT_SUCCESS,
  vmFaultCleanup,
  vmFaultPage,
  type FaultPageResult,
} from "../../../vm/fault/index.js";
import { vmMapRemove } from "../../../vm/map/delete.js";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapProtect } from "../../../vm/map/protect.js";
import { vmObjectPagingBegin } from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import { vmPageWakeupDone } from "../../../vm/page/resident.js";
import {
  KERN_ABORTED,
  KERN_INVALID_ADDRESS,
  KERN_MEMORY_ERROR,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  type KernReturn,
  type VmProt,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { A, FaultWorld, READ, SleepyPager, WRITE } from "./fault-world.js";

/** A fault that has gone to sleep, and what it sleeps on. */
interface Sleeping {
  readonly wait: Wait;
  /** Let it go on; it must not sleep again. */
  wake(result?: 0 | 2 | 3): KernReturn;
  /** Let it go on, to its next sleep. */
  again(result?: 0 | 2 | 3): Wait;
}

function asleep(work: Blocking<KernReturn>): Sleeping {
  const first = work.next();
  if (first.done === true) throw new Error(`did not sleep: ${first.value}`);
  return {
    wait: first.value,
    wake(result = THREAD_AWAKENED) {
      const step = work.next(result);
      if (step.done !== true) throw new Error(`sleeps again: ${step.value.reason}`);
      return step.value;
    },
    again(result = THREAD_AWAKENED) {
      const step = work.next(result);
      if (step.done === true) throw new Error(`did not sleep: ${step.value}`);
      return step.value;
    },
  };
}

function fileWorld(pages: number, copy: boolean): { w: FaultWorld; object: VmObject } {
  const w = new FaultWorld();
  const object = w.fileObject(pages, (file) => new SleepyPager(w.system, file));
  w.place(object, A, pages, copy);
  return { w, object };
}

function protectNow(w: FaultWorld, address: number, pages: number, prot: VmProt): void {
  const end = va(address + pages * PAGE);
  expect(w.finish(vmMapProtect(w.map, va(address), end, prot, false))).toBe(KERN_SUCCESS);
}

function removeNow(w: FaultWorld, address: number, pages: number): void {
  const end = va(address + pages * PAGE);
  expect(w.finish(vmMapRemove(w.map, va(address), end))).toBe(KERN_SUCCESS);
}

describe("while the pager works, no lock is held, and", () => {
  it("an unrelated change of the map costs nothing", () => {
    const { w } = fileWorld(4, false);
    const work = asleep(w.faulting(A, READ));
    expect(work.wait.channel).toBe(SleepyPager.disk);
    protectNow(w, A + 2 * PAGE, 1, READ);
    expect(work.wake()).toBe(KERN_SUCCESS);
    expect(w.test.faults).toMatchObject([{ type: DBG_PAGEINV_FAULT, kr: KERN_SUCCESS }]);
    w.check();
  });

  it("an entry that goes away makes the fault fail, although the data came", () => {
    const { w, object } = fileWorld(2, false);
    const work = asleep(w.faulting(A, READ));
    removeNow(w, A, 2);
    expect(work.wake()).toBe(KERN_INVALID_ADDRESS);
    expect(object.residentPageCount).toBe(1);
    expect(object.pages.get(0)?.busy).toBe(false);
    expect(w.test.faults).toMatchObject([{ type: DBG_CACHE_HIT_FAULT, ppn: null, ptePa: 0 }]);
    w.check();
  });

  it("a lowered protection weakens the mapping; the store then faults again", () => {
    const { w } = fileWorld(2, false);
    const work = asleep(w.faulting(A, WRITE));
    protectNow(w, A, 1, READ);
    expect(work.wake()).toBe(KERN_SUCCESS);
    expect(w.test.faults.at(-1)).toMatchObject({ prot: READ });
    w.check();
    expect(w.access(A, WRITE).kr).toBe(KERN_PROTECTION_FAILURE);
  });

  it("another mapping in the same place starts the fault over", () => {
    const { w } = fileWorld(2, false);
    const work = asleep(w.faulting(A, READ));
    removeNow(w, A, 2);
    const request = { address: va(A), size: 2 * PAGE, flags: vmkFlagsFixed() };
    expect(w.finish(vmMapEnter(w.map, request)).kr).toBe(KERN_SUCCESS);
    const { zeroFillCount } = w.system.counters;
    expect(work.wake()).toBe(KERN_SUCCESS);
    expect(w.system.counters.zeroFillCount).toBe(zeroFillCount + 1);
    expect(w.test.faults).toMatchObject([{ type: DBG_ZERO_FILL_FAULT }]);
    expect(w.system.counters.faults).toBe(1);
    w.check();
  });

  it("a second fault on the page asks too, and both get it", () => {
    const { w, object } = fileWorld(2, false);
    const first = asleep(w.faulting(A, READ));
    const second = asleep(w.faulting(A, READ));
    expect([first.wake(), second.wake()]).toEqual([KERN_SUCCESS, KERN_SUCCESS]);
    expect(object.residentPageCount).toBe(1);
    expect(w.system.counters).toMatchObject({ faults: 2, pageins: 1 });
    w.check();
  });

  it("a placeholder keeps others from making the page a second time", () => {
    const { w } = fileWorld(2, true);
    // The mapping gets an object of its own.
    expect(asleep(w.faulting(A + PAGE, WRITE)).wake()).toBe(KERN_SUCCESS);
    w.check();
    const first = asleep(w.faulting(A, WRITE));
    const second = asleep(w.faulting(A, WRITE));
    expect(second.wait.reason).toBe("page busy");
    expect(first.wake()).toBe(KERN_SUCCESS);
    expect(second.wake()).toBe(KERN_SUCCESS);
    expect(w.system.counters.cowFaults).toBe(2); // one for page 1, one for page 0
    expect(w.test.faults.slice(-2).map(({ type }) => type)).toEqual([
      DBG_COW_FAULT,
      DBG_CACHE_HIT_FAULT,
    ]);
    w.check();
  });
});

describe("a busy page", () => {
  function busyPage(): { w: FaultWorld; release: () => void } {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, PAGE);
    w.store(A, 1);
    const page = w.objectAt(w.map, A).pages.get(0)!;
    page.busy = true;
    return { w, release: () => vmPageWakeupDone(w.system, page) };
  }

  it("is waited for, and wakes who waits", () => {
    const { w, release } = busyPage();
    const page = w.objectAt(w.map, A).pages.get(0)!;
    const work = asleep(w.faulting(A, WRITE));
    expect(work.wait).toMatchObject({ interruptible: THREAD_ABORTSAFE, reason: "page busy" });
    expect(page.wanted).toBe(true);
    release();
    expect(w.test.wakeups.at(-1)).toBe(page);
    expect(work.wake()).toBe(KERN_SUCCESS);
    w.check();
  });

  it("is looked for again after a restart, and given up after an interrupt", () => {
    const { w, release } = busyPage();
    const work = asleep(w.faulting(A, WRITE));
    expect(work.again(THREAD_RESTART).reason).toBe("page busy");
    expect(work.wake(THREAD_INTERRUPTED)).toBe(KERN_ABORTED);
    expect(w.test.faults.at(-1)).toMatchObject({
      kr: KERN_ABORTED,
      type: DBG_CACHE_HIT_FAULT,
      ppn: null,
    });
    expect(w.system.counters.faults).toBe(2); // with the one of the store
    release();
    w.check();
  });

  it("is only as interruptible as the caller says", () => {
    const { w, release } = busyPage();
    const work = asleep(w.faulting(A, READ, w.map, THREAD_UNINT));
    expect(work.wait.interruptible).toBe(THREAD_UNINT);
    release();
    expect(work.wake()).toBe(KERN_SUCCESS);
  });
});

describe("no free page", () => {
  it("is waited for, and the fault starts over", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 2 * PAGE);
    w.store(A, 1);
    w.hoard(0);
    const work = asleep(w.faulting(A + PAGE, WRITE));
    expect(work.wait).toMatchObject({
      channel: w.system.pages.freeWanted,
      interruptible: THREAD_ABORTSAFE,
    });
    w.unhoard(20);
    expect(w.test.wakeups).toContain(w.system.pages.freeWanted);
    expect(work.wake()).toBe(KERN_SUCCESS);
    expect(w.test.faults.at(-1)).toMatchObject({ type: DBG_ZERO_FILL_FAULT, kr: KERN_SUCCESS });
    expect(w.system.counters.faults).toBe(2);
    w.check();
  });

  it("may be interrupted, leaving nothing behind", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 2 * PAGE);
    w.store(A, 1);
    const child = w.fork(w.map);
    w.touch(child, A, READ);
    w.hoard(0);
    const work = asleep(w.faulting(A, WRITE, child));
    expect(work.wake(THREAD_INTERRUPTED)).toBe(KERN_ABORTED);
    w.check();
    w.unhoard(20);
    w.store(A, 2, child);
    expect([w.byte(A), w.byte(A, child)]).toEqual([1, 2]);
  });

  it("not for the page but for its table, is waited for as well", () => {
    const w = new FaultWorld({ pages: 60 }); // too small to have a reserve
    const far = 2 ** 36; // no table yet, at any level
    w.allocateAt(w.map, far, PAGE);
    w.hoard(1);
    const work = asleep(w.faulting(far, WRITE));
    expect(work.wait.channel).toBe(w.system.pages.freeWanted);
    w.check();
    w.unhoard(20);
    expect(work.wake()).toBe(KERN_SUCCESS);
    w.store(far, 3);
    expect(w.byte(far)).toBe(3);
  });
});

describe("vm_fault_page", () => {
  function request(object: VmObject, info = {}): Blocking<FaultPageResult> {
    object.lock.lockExclusive();
    vmObjectPagingBegin(object);
    return vmFaultPage({
      object,
      offset: 0,
      faultType: READ,
      prot: READ,
      mustBeResident: false,
      callerLookup: false,
      noZeroFill: false,
      info: objectFaultInfo(object, info),
    });
  }

  function anonymous(): { w: FaultWorld; object: VmObject } {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, PAGE);
    w.store(A, 1);
    return { w, object: w.objectAt(w.map, A) };
  }

  it("returns the page busy, its object locked and held", () => {
    const { w, object } = anonymous();
    const found = w.finish(request(object));
    expect(found.result).toBe(VM_FAULT_SUCCESS);
    if (found.result !== VM_FAULT_SUCCESS) return;
    expect(found.page.busy).toBe(true);
    expect(found.page.object).toBe(object);
    expect([object.lock.held, object.pagingInProgress]).toEqual([true, 1]);
    vmPageWakeupDone(w.system, found.page);
    vmFaultCleanup(object, found.topPage);
    expect([object.lock.held, object.pagingInProgress]).toEqual([false, 0]);
    w.check();
  });

  it("reports a busy page at once to who must not sleep", () => {
    const { w, object } = anonymous();
    const page = object.pages.get(0)!;
    page.busy = true;
    expect(w.finish(request(object, { noSleep: true }))).toEqual({ result: VM_FAULT_BUSY });
    page.busy = false;
    w.check();
  });

  it("has nothing to say of a dead object", () => {
    const { w, object } = anonymous();
    object.alive = false;
    expect(w.finish(request(object))).toEqual({
      result: VM_FAULT_MEMORY_ERROR,
      error: KERN_MEMORY_ERROR,
    });
    object.alive = true;
    w.check();
  });

  it("fails where the lower part of a chain was cut off", () => {
    const { w, object } = anonymous();
    w.deallocate(w.map, A, PAGE);
    w.allocateAt(w.map, A, PAGE);
    w.touch(w.map, A, READ);
    expect(object.alive).toBe(false);
    const top = w.objectAt(w.map, A);
    top.shadowSevered = true;
    top.size = 2 * PAGE;
    const severed = vmFaultPage({
      object: top,
      offset: PAGE,
      faultType: READ,
      prot: READ,
      mustBeResident: false,
      callerLookup: true,
      noZeroFill: false,
      info: objectFaultInfo(top),
    });
    top.lock.lockExclusive();
    vmObjectPagingBegin(top);
    expect(w.finish(severed)).toMatchObject({ result: VM_FAULT_MEMORY_ERROR });
    expect(top.residentPageCount).toBe(1);
  });
});
