import { describe, expect, it } from "vitest";
import { vmObjectAllocate, vmObjectDeallocate } from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import {
  VM_PAGE_IS_WIRED,
  VM_PAGE_NOT_ON_Q,
  VM_PAGE_ON_ACTIVE_Q,
  VM_PAGE_ON_FREE_Q,
  VM_PAGE_ON_INACTIVE_EXTERNAL_Q,
  VM_PAGE_ON_PAGEOUT_Q,
  VM_PAGE_ON_SPECULATIVE_Q,
  type VmPage,
} from "../../../vm/page/page.js";
import {
  balanceInactive,
  PageQueues,
  vmPageActivate,
  vmPageDeactivate,
  vmPageLru,
  vmPageQueuesRemove,
  vmPageSpeculate,
} from "../../../vm/page/queues.js";
import { freeTargets } from "../../../vm/page/targets.js";
import {
  vmPageAlloc,
  vmPageFree,
  vmPageGrab,
  vmPageGrabPageout,
  vmPageInsert,
  vmPageLookup,
  vmPageRemove,
  vmPageRename,
  vmPageReplace,
  vmPageSleep,
  vmPageUnwire,
  vmPageWakeup,
  vmPageWakeupDone,
  vmPageWire,
} from "../../../vm/page/resident.js";
import { KernelPanic, PAGE_SIZE as PAGE, type Ppn } from "../../../vm/types.js";
import type { VmSystem } from "../../../vm/system.js";
import { testSystem } from "../../support/vm-buffer.js";

function alloc(object: VmObject, index: number): VmPage {
  const page = vmPageAlloc(object, index * PAGE);
  if (page === null) throw new Error("out of pages");
  return page;
}

/** A new object of `count` idle pages on no queue. */
function objectOf(system: VmSystem, count: number): { object: VmObject; pages: VmPage[] } {
  const object = vmObjectAllocate(system, count * PAGE);
  const pages = Array.from({ length: count }, (_, i) => alloc(object, i));
  for (const page of pages) page.busy = false;
  return { object, pages };
}

function order(list: Iterable<VmPage>): number[] {
  return Array.from(list, (page) => page.offset / PAGE);
}

describe("the free list", () => {
  it("hands out pages that are busy and on no queue, oldest first", () => {
    const { system } = testSystem({ pages: 16 });
    const next = system.pages.free.head;
    const page = vmPageGrab(system);
    expect(page).toBe(next);
    expect(page).toMatchObject({ busy: true, queueState: VM_PAGE_NOT_ON_Q, tabled: false });
  });

  it("takes back a page without its past, busy, at the tail", () => {
    const { system, phys } = testSystem({ pages: 16 });
    const { pages } = objectOf(system, 1);
    const page = pages[0]!;
    Object.assign(page, { dirty: true, precious: true, pmapped: true, wpmapped: true });
    Object.assign(page, { clustered: true, reference: true, absent: true, xpmapped: true });
    phys.noted.length = 0;
    vmPageFree(system, page);
    expect([...system.pages.free].at(-1)).toBe(page);
    expect(page).toMatchObject({
      busy: true,
      queueState: VM_PAGE_ON_FREE_Q,
      object: null,
      offset: -1,
      dirty: false,
      precious: false,
      pmapped: false,
      wpmapped: false,
      xpmapped: false,
      clustered: false,
      reference: false,
      absent: false,
    });
    expect(phys.noted).toEqual([page.ppn]); // it held code
  });

  it("keeps the reserve for those who are privileged", () => {
    const { system } = testSystem({ pages: 256 });
    const { free, targets } = system.pages;
    expect(targets.reserved).toBeGreaterThan(0);
    while (free.count >= targets.reserved) expect(vmPageGrab(system)).not.toBeNull();
    expect(free.count).toBe(targets.reserved - 1);
    expect(vmPageGrab(system)).toBeNull();
    while (free.count > targets.compressorReserve) {
      expect(vmPageGrab(system, true)).not.toBeNull();
    }
    expect(vmPageGrab(system, true)).toBeNull();
    while (free.count > 0) expect(vmPageGrabPageout(system)).not.toBeNull();
    expect(vmPageGrabPageout(system)).toBeNull();
  });

  it("wakes those who wait for a page", () => {
    const { system, wakeups } = testSystem({ pages: 16 });
    const page = vmPageGrab(system)!;
    vmPageFree(system, page);
    expect(wakeups).toEqual([]);
    system.pages.freeWaiters = 1;
    vmPageFree(system, vmPageGrab(system)!);
    expect(wakeups[0]).toBe(system.pages.freeWanted);
  });

  it("leaves out frames the machine keeps", () => {
    const queues = new PageQueues(100 as Ppn, 8, new Set([100 as Ppn, 103 as Ppn]));
    expect(queues.free.count).toBe(6);
    expect(queues.pageOf(103 as Ppn)).toBeNull();
    expect(queues.pageOf(99 as Ppn)).toBeNull();
    expect(queues.pageOf(107 as Ppn)?.ppn).toBe(107);
    expect([...queues.all()].map((page) => page.ppn)).toEqual([101, 102, 104, 105, 106, 107]);
  });

  it("derives its targets from the memory there is", () => {
    expect(freeTargets(64)).toEqual({
      reserved: 8,
      min: 18,
      target: 23,
      throttleLimit: 12,
      compressorReserve: 4,
    });
    expect(freeTargets(65536)).toEqual({
      reserved: 128,
      min: 465,
      target: 797,
      throttleLimit: 399,
      compressorReserve: 28,
    });
  });
});

describe("pages in objects", () => {
  it("are found at their offset only", () => {
    const { system } = testSystem();
    const { object, pages } = objectOf(system, 3);
    expect(vmPageLookup(object, PAGE)).toBe(pages[1]);
    expect(vmPageLookup(object, 3 * PAGE)).toBeNull();
    expect(() => vmPageLookup(object, 100)).toThrow("unaligned");
  });

  it("are listed in the order they came", () => {
    const { system } = testSystem();
    const object = vmObjectAllocate(system, 8 * PAGE);
    const pages = [5, 1, 3].map((index) => alloc(object, index));
    vmPageRemove(pages[1]!);
    expect(object.firstPage).toBe(pages[0]);
    expect(object.firstPage?.listNext).toBe(pages[2]);
    expect(object.lastPage).toBe(pages[2]);
    expect(pages[1]).toMatchObject({ object: null, offset: -1, tabled: false });
    expect(object.residentPageCount).toBe(2);
  });

  it("cannot be past the end of anonymous memory, nor two at one offset", () => {
    const { system } = testSystem();
    const { object } = objectOf(system, 1);
    const page = vmPageGrab(system)!;
    expect(() => {
      vmPageInsert(page, object, PAGE);
    }).toThrow(KernelPanic);
    expect(() => {
      vmPageInsert(page, object, 0);
    }).toThrow("the object has a page there");
  });

  it("are replaced by freeing the old one", () => {
    const { system } = testSystem();
    const { object, pages } = objectOf(system, 1);
    const page = vmPageGrab(system)!;
    vmPageReplace(page, object, 0);
    expect(vmPageLookup(object, 0)).toBe(page);
    expect(pages[0]?.queueState).toBe(VM_PAGE_ON_FREE_Q);
  });

  it("keep frame, queue and wiring when they change objects", () => {
    const { system } = testSystem();
    const { object, pages } = objectOf(system, 2);
    const target = vmObjectAllocate(system, 4 * PAGE);
    vmPageActivate(system, pages[0]!);
    vmPageWire(system, pages[1]!);
    for (const [i, page] of pages.entries()) vmPageRename(page, target, (i + 2) * PAGE);
    expect(object).toMatchObject({ residentPageCount: 0, wiredPageCount: 0 });
    expect(target).toMatchObject({ residentPageCount: 2, wiredPageCount: 1 });
    expect(pages[0]?.queueState).toBe(VM_PAGE_ON_ACTIVE_Q);
    expect(vmPageLookup(target, 3 * PAGE)).toBe(pages[1]);
    system.assertConsistent();
  });
});

describe("the paging queues", () => {
  it("put an activated page at the tail, also when it is active already", () => {
    const { system } = testSystem();
    const { pages } = objectOf(system, 2);
    for (const page of pages) vmPageActivate(system, page);
    vmPageActivate(system, pages[0]!);
    const { active, inactiveInternal } = system.pages;
    expect([...order(inactiveInternal), ...order(active)]).toEqual([1, 0]);
    expect(pages[0]?.reference).toBe(true);
  });

  it("leave an inactive page in its place when it is deactivated again", () => {
    const { system } = testSystem();
    const { pages } = objectOf(system, 3);
    for (const page of pages) {
      page.reference = true;
      vmPageDeactivate(system, page);
    }
    vmPageDeactivate(system, pages[0]!);
    expect(order(system.pages.inactiveInternal)).toEqual([0, 1, 2]);
    expect(pages[0]?.reference).toBe(false);
    vmPageLru(system, pages[0]!);
    expect(order(system.pages.inactiveInternal)).toEqual([1, 2, 0]);
    expect(system.pages.pageableInternalCount).toBe(3);
  });

  it("keep half of the pageable pages inactive", () => {
    const { system } = testSystem();
    const { pages } = objectOf(system, 10);
    for (const page of pages) vmPageActivate(system, page);
    expect([system.pages.active.count, system.pages.inactiveCount]).toEqual([5, 5]);
    expect(order(system.pages.inactiveInternal)).toEqual([0, 1, 2, 3, 4]);
    balanceInactive(system, 10);
    expect(system.pages.inactiveCount).toBe(5);
    system.assertConsistent();
  });

  it("sort inactive pages by kind, and pages of unmapped files to the speculative queue", () => {
    const { system } = testSystem();
    const { object, pages } = objectOf(system, 3);
    object.internal = false;
    vmPageDeactivate(system, pages[0]!);
    expect(pages[0]?.queueState).toBe(VM_PAGE_ON_INACTIVE_EXTERNAL_Q);
    object.named = true;
    vmPageDeactivate(system, pages[1]!);
    expect(pages[1]?.queueState).toBe(VM_PAGE_ON_SPECULATIVE_Q);
    vmPageSpeculate(system, pages[2]!, true);
    expect(pages[2]?.queueState).toBe(VM_PAGE_ON_SPECULATIVE_Q);
    expect(object.pagesCreated).toBe(1);
    expect(system.pages.pageableExternalCount).toBe(3);
  });

  it("take no laundry, and no kernel page", () => {
    const { system } = testSystem();
    const { pages } = objectOf(system, 1);
    const page = pages[0]!;
    page.queueState = VM_PAGE_ON_PAGEOUT_Q;
    expect(() => {
      vmPageQueuesRemove(system, page);
    }).toThrow(KernelPanic);
    vmPageActivate(system, page);
    expect(page.queueState).toBe(VM_PAGE_ON_PAGEOUT_Q);
    const kernelPage = alloc(system.kernelObject, 0);
    expect(() => {
      vmPageActivate(system, kernelPage);
    }).toThrow(KernelPanic);
  });

  it("refuse anonymous read-ahead", () => {
    const { system } = testSystem();
    const { pages } = objectOf(system, 1);
    expect(() => {
      vmPageSpeculate(system, pages[0]!, true);
    }).toThrow("only file pages");
  });
});

describe("wiring", () => {
  it("counts, and activates the page when the last wiring goes", () => {
    const { system } = testSystem();
    const { object, pages } = objectOf(system, 1);
    const page = pages[0]!;
    const before = system.pages.wireCount;
    vmPageDeactivate(system, page);
    vmPageWire(system, page);
    vmPageWire(system, page);
    expect(page).toMatchObject({ wireCount: 2, queueState: VM_PAGE_IS_WIRED });
    expect(system.pages).toMatchObject({ wireCount: before + 1, pageableInternalCount: 0 });
    expect(object.wiredPageCount).toBe(1);
    vmPageUnwire(system, page);
    expect(page).toMatchObject({ wireCount: 1, queueState: VM_PAGE_IS_WIRED });
    vmPageUnwire(system, page);
    expect(page).toMatchObject({ wireCount: 0, queueState: VM_PAGE_ON_ACTIVE_Q, reference: true });
    expect(system.pages.wireCount).toBe(before);
    expect(object.wiredPageCount).toBe(0);
  });

  it("is forgotten when a page is freed, and can leave the page on no queue", () => {
    const { system } = testSystem();
    const { object, pages } = objectOf(system, 2);
    const before = system.pages.wireCount;
    for (const page of pages) vmPageWire(system, page);
    vmPageUnwire(system, pages[0]!, false);
    expect(pages[0]?.queueState).toBe(VM_PAGE_NOT_ON_Q);
    vmPageFree(system, pages[1]!);
    expect(system.pages.wireCount).toBe(before);
    vmObjectDeallocate(object);
    system.assertConsistent({ maps: [] });
  });

  it("panics when the count overflows", () => {
    const { system } = testSystem();
    const { pages } = objectOf(system, 1);
    const page = pages[0]!;
    vmPageWire(system, page);
    page.wireCount = 0xffff;
    expect(() => {
      vmPageWire(system, page);
    }).toThrow(KernelPanic);
  });
});

describe("busy pages", () => {
  it("wake who sleeps on them, once", () => {
    const { system, wakeups } = testSystem();
    const { pages } = objectOf(system, 1);
    const page = pages[0]!;
    page.busy = true;
    const sleeper = vmPageSleep(page, 0);
    const asleep = sleeper.next();
    expect(asleep.done === false && asleep.value.channel === page).toBe(true);
    expect(page.wanted).toBe(true);
    vmPageWakeupDone(system, page);
    expect(page).toMatchObject({ busy: false, wanted: false });
    vmPageWakeup(system, page);
    expect(wakeups.length).toBe(1);
    expect(sleeper.next(0)).toEqual({ done: true, value: 0 });
  });

  it("wake their sleepers when they are freed", () => {
    const { system, wakeups } = testSystem();
    const { pages } = objectOf(system, 1);
    vmPageSleep(pages[0]!, 0).next();
    vmPageFree(system, pages[0]!);
    expect(wakeups[0]).toBe(pages[0]);
  });
});
