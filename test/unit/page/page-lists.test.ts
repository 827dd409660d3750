import { describe, expect, it } from "vitest";
import { vmObjectAllocate } from "../../../vm/object/index.js";
import { LOCAL_QUEUE_SOFT_LIMIT } from "../../../vm/page/local.js";
import {
  VM_PAGE_ON_ACTIVE_LOCAL_Q,
  VM_PAGE_ON_ACTIVE_Q,
  VM_PAGE_ON_FREE_LOCAL_Q,
  VM_PAGE_ON_FREE_Q,
} from "../../../vm/page/page.js";
import { vmPageDeactivate } from "../../../vm/page/queues.js";
import {
  vmPageFree,
  vmPageGrab,
  vmPageGrabPageout,
  vmPageRename,
  vmPageWire,
} from "../../../vm/page/resident.js";
import { vmPageQueueLengths, vmStatistics64 } from "../../../vm/statistics.js";
import { testSystem } from "../../support/vm-buffer.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "../fault/fault-world.js";

describe("the colours of free pages", () => {
  it("take turns, and a freed page goes to the tail of its own", () => {
    const { system } = testSystem({ pages: 64, pageQueues: { colors: 4 } });
    const pages = Array.from({ length: 8 }, () => vmPageGrab(system)!);
    const first = pages[0]!.ppn & 3;
    expect(pages.map(({ ppn }) => ppn & 3)).toEqual(
      [0, 1, 2, 3, 0, 1, 2, 3].map((c) => (c + first) & 3),
    );
    vmPageFree(system, pages[5]!);
    const same = [...system.pages.free].filter(({ ppn }) => (ppn & 3) === (pages[5]!.ppn & 3));
    expect(same.at(-1)).toBe(pages[5]);
    system.assertConsistent();
  });

  it("are passed over when they have no page left", () => {
    const { system } = testSystem({ pages: 64, pageQueues: { colors: 2 } });
    const grabbed = [];
    for (let p = vmPageGrabPageout(system); p !== null; p = vmPageGrabPageout(system))
      grabbed.push(p);
    const even = grabbed.filter(({ ppn }) => ppn % 2 === 0).slice(0, 3);
    for (const page of even) vmPageFree(system, page);
    expect(even.map(() => vmPageGrabPageout(system)?.ppn)).toEqual(even.map(({ ppn }) => ppn));
    expect(vmPageGrabPageout(system)).toBeNull();
  });

  it("are a power of two up to 128", () => {
    for (const colors of [0, 3, 256]) {
      expect(() => testSystem({ pageQueues: { colors } })).toThrow("number of colours");
    }
  });
});

describe("free pages of the CPU", () => {
  const lists = { colors: 2, freePerCpu: true };

  it("are fetched four of each colour at a time, and count as used", () => {
    const { system } = testSystem({ pages: 128, pageQueues: lists });
    const { free } = system.pages;
    while (free.local.count > 0) vmPageGrab(system); // what the first page table left
    const before = free.count;
    const page = vmPageGrab(system)!;
    expect([free.count, free.local.count]).toEqual([before - 8, 7]);
    expect(free.local.head?.queueState).toBe(VM_PAGE_ON_FREE_LOCAL_Q);
    expect(vmStatistics64(system).free_count).toBe(before - 8);
    expect(vmPageQueueLengths(system)).toMatchObject({ free: before - 8, freePerCpu: 7 });
    for (let i = 0; i < 7; i++) vmPageGrab(system);
    expect([free.count, free.local.count]).toEqual([before - 8, 0]);
    vmPageFree(system, page);
    expect(page.queueState).toBe(VM_PAGE_ON_FREE_Q);
    system.assertConsistent();
  });

  it("serve an ordinary thread although the machine is below its reserve", () => {
    const { system } = testSystem({ pages: 128, pageQueues: lists });
    const { free, targets } = system.pages;
    while (free.local.count > 0) vmPageGrab(system);
    const reserved = free.count - 6;
    Object.assign(system.pages, { targets: { ...targets, reserved } });
    vmPageGrab(system); // fetches what there is above the reserve
    expect([free.count, free.local.count]).toEqual([reserved, 5]);
    vmPageGrabPageout(system);
    for (let i = 0; i < 4; i++) expect(vmPageGrab(system)).not.toBeNull();
    expect([free.count, free.local.count]).toEqual([reserved, 0]);
    expect(vmPageGrab(system)).not.toBeNull(); // at the reserve: exactly one
    expect([free.count, free.local.count]).toEqual([reserved - 1, 0]);
    expect(vmPageGrab(system)).toBeNull();
    expect(vmPageGrabPageout(system)).not.toBeNull();
  });
});

describe("fresh pages on a machine with two CPUs", () => {
  function world(pages: number): FaultWorld {
    const w = new FaultWorld({ pages: 700, pageQueues: { cpus: 2 }, checkEvery: 50 });
    w.allocateAt(w.map, A, pages * PAGE);
    return w;
  }

  it("are on the CPU's list, counted as active and not as pageable", () => {
    const w = world(2);
    w.touch(w.map, A, READ);
    w.touch(w.map, A + PAGE, WRITE);
    const [page] = w.objectAt(w.map, A).pages.values();
    expect(page).toMatchObject({ queueState: VM_PAGE_ON_ACTIVE_LOCAL_Q, reference: true });
    expect(w.system.pages).toMatchObject({ pageableInternalCount: 0 });
    expect(w.system.pages.active.count).toBe(0);
    expect(vmStatistics64(w.system)).toMatchObject({ active_count: 2, internal_page_count: 2 });
    w.checkNow();
  });

  it("all go to the head of the active queue with the 251st", () => {
    const w = world(300);
    const fill = (from: number, to: number): void => {
      for (let i = from; i < to; i++) w.finish(w.faulting(A + i * PAGE, WRITE));
    };
    fill(0, 250);
    const { activeLocal, active, inactiveInternal } = w.system.pages;
    expect([activeLocal.count, active.count]).toEqual([LOCAL_QUEUE_SOFT_LIMIT, 0]);
    fill(250, 251);
    expect(activeLocal.count).toBe(0);
    // A quarter of them may be deactivated at once: 62 of 251, from the head.
    expect([active.count, inactiveInternal.count]).toEqual([189, 62]);
    expect(inactiveInternal.head?.offset).toBe(0);
    expect(active.head).toMatchObject({ offset: 62 * PAGE, queueState: VM_PAGE_ON_ACTIVE_Q });
    fill(251, 300);
    w.checkNow();
    expect(activeLocal.count).toBe(49);
  });

  it("leave it one by one when something is done to them, and all when nothing else can be freed", () => {
    const w = world(5);
    for (let i = 0; i < 5; i++) w.store(A + i * PAGE, i + 1);
    const object = w.objectAt(w.map, A);
    const page = (i: number) => object.pages.get(i)!;
    vmPageDeactivate(w.system, page(0));
    vmPageWire(w.system, page(1));
    const other = vmObjectAllocate(w.system, PAGE);
    vmPageRename(page(2), other, 0);
    expect(w.system.pages.activeLocal.count).toBe(2);
    expect(other.pages.get(0)?.queueState).toBe(VM_PAGE_ON_ACTIVE_Q);
    w.system.assertConsistent();
    vmPageRename(other.pages.get(0)!, object, 2 * PAGE);
    w.objects.add(other);
    w.pageout();
    expect(object.residentPageCount).toBe(1);
    for (const i of [0, 2, 3, 4]) expect(w.byte(A + i * PAGE)).toBe(i + 1);
  });
});
