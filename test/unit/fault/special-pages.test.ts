import { describe, expect, it } from "vitest";
import { runNow } from "../../../vm/blocking.js";
import {
  DBG_CACHE_HIT_FAULT,
  DBG_COW_FAULT,
  DBG_GUARD_FAULT,
  DBG_NZF_PAGE_FAULT,
  DBG_PAGEINV_FAULT,
  faultKdebug,
  vmFaultUnwire,
  vmFaultWire,
} from "../../../vm/fault/index.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapEntryCopyFull } from "../../../vm/map/entry.js";
import { vmObjectDeactivatePages } from "../../../vm/object/index.js";
import { isGuard, vmPageInsertGuard } from "../../../vm/page/guard.js";
import { VM_PAGE_ON_ACTIVE_Q, VM_PAGE_ON_INACTIVE_EXTERNAL_Q } from "../../../vm/page/page.js";
import { vmPageActivate, vmPageDeactivate } from "../../../vm/page/queues.js";
import {
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  VM_KERN_MEMORY_MLOCK,
  VM_BEHAVIOR_RANDOM,
  VM_PROT_NONE,
} from "../../../vm/types.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "./fault-world.js";

describe("a guard page", () => {
  function guarded(): FaultWorld {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 3 * PAGE);
    w.store(A, 1);
    w.store(A + PAGE, 2);
    vmPageInsertGuard(w.objectAt(w.map, A), 2 * PAGE);
    return w;
  }

  it("is an error to touch, in any way, and takes no frame", () => {
    const w = guarded();
    const free = w.system.pages.free.count;
    expect(w.fault(A + 2 * PAGE, READ).kr).toBe(KERN_MEMORY_ERROR);
    expect(w.fault(A + 2 * PAGE, WRITE).kr).toBe(KERN_MEMORY_ERROR);
    expect(w.byte(A)).toBe(1);
    expect(w.system.pages.free.count).toBe(free);
  });

  it("may be wired and unwired with what it guards, and stays as it is", () => {
    const w = guarded();
    const entry = vmMapEntryCopyFull(w.entryAt(w.map, A)!);
    entry.wiredCount = 1;
    expect(runNow(vmFaultWire(w.map, entry, w.map.pmap, entry.start, VM_KERN_MEMORY_MLOCK))).toBe(
      KERN_SUCCESS,
    );
    const page = w.objectAt(w.map, A).pages.get(2)!;
    expect(page).toMatchObject({ wireCount: 0, queueState: 0 });
    entry.zeroWiredPages = true;
    runNow(vmFaultUnwire(w.map, entry, w.map.pmap, entry.start));
    expect(w.objectAt(w.map, A).pages.get(2)).toBe(page);
    expect([isGuard(page), page.busy]).toEqual([true, false]);
    w.check();
  });

  it("is success for a fault that asks for no access, and is on no queue", () => {
    const w = guarded();
    expect(w.fault(A + 2 * PAGE, VM_PROT_NONE)).toMatchObject({
      kr: KERN_SUCCESS,
      events: [{ type: DBG_GUARD_FAULT, slow: true }],
    });
    const page = w.objectAt(w.map, A).pages.get(2)!;
    vmPageActivate(w.system, page);
    vmPageDeactivate(w.system, page);
    expect(page.queueState).toBe(0);
    w.pageout();
    expect(w.objectAt(w.map, A).pages.get(2)).toBe(page);
    w.exit(w.map);
  });
});

describe("a map that does not fill with zeroes", () => {
  it("shows what the frame contained, counts no zero-fill, and maps a read read-only", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 4 * PAGE);
    w.store(A, 0xee);
    const frame = w.frameAt(w.map, A);
    w.deallocate(w.map, A, 4 * PAGE);
    w.map.noZeroFill = true;
    w.allocateAt(w.map, A, 8 * PAGE);
    const { free } = w.system.pages;
    while (free.head?.ppn !== frame) free.append(free.take()!); // it is at the tail
    const { kr, counters, events } = w.fault(A, READ);
    expect([kr, counters]).toEqual([KERN_SUCCESS, { faults: 1 }]);
    expect(events).toMatchObject([{ type: DBG_NZF_PAGE_FAULT, ppn: frame, prot: READ }]);
    expect(w.system.phys.page(frame as never)[0]).toBe(0xee);
    expect(w.event(A, WRITE)).toMatchObject({ type: DBG_CACHE_HIT_FAULT, prot: WRITE });
  });
});

describe("a program of the platform", () => {
  function reader(more: { noCopyOnRead?: boolean; trusted?: boolean } = {}): FaultWorld {
    const w = new FaultWorld();
    const object = w.fileObject(2);
    object.pagerTrusted = more.trusted ?? false;
    w.map.copiesOnRead = true;
    w.place(object, A, 2, true);
    w.entryAt(w.map, A)!.noCopyOnRead = more.noCopyOnRead ?? false;
    return w;
  }

  it("gets a private copy of a file's page that it only reads", () => {
    const w = reader();
    const { kr, counters, events } = w.access(A, READ);
    expect([kr, counters]).toEqual([KERN_SUCCESS, { faults: 1, pageins: 1, cowFaults: 1 }]);
    expect(events).toMatchObject([{ type: DBG_COW_FAULT, copyOnRead: true, prot: READ }]);
    const [, , real] = faultKdebug(events[0]!, A, 7);
    expect(real!.args[1] & 0xff).toBe(11);
    expect(w.objectAt(w.map, A)).toMatchObject({ internal: true, residentPageCount: 1 });
    // The file changes: the program does not see it.
    const [file] = w.objects;
    w.system.phys.page(file!.pages.get(0)!.ppn)[0] = 99;
    expect(w.byte(A)).toBe(1);
    w.store(A, 5);
    expect(w.byte(A)).toBe(5);
  });

  it("shares it where the entry says so, the pager is trusted, or the mapping is shared", () => {
    for (const w of [reader({ noCopyOnRead: true }), reader({ trusted: true })]) {
      expect(w.event(A, READ)).toMatchObject({ type: DBG_PAGEINV_FAULT, copyOnRead: false });
    }
    const w = new FaultWorld();
    w.map.copiesOnRead = true;
    w.place(w.fileObject(1), A, 1, false);
    expect(w.event(A, READ)).toMatchObject({ type: DBG_PAGEINV_FAULT, copyOnRead: false });
  });
});

describe("hints", () => {
  it("NO_CACHE changes nothing: a file's page ends on the active queue, anonymous memory ignores it", () => {
    const w = new FaultWorld();
    const file = w.fileObject(1);
    w.place(file, A, 1, false);
    w.entryAt(w.map, A)!.noCache = true;
    w.byte(A);
    expect(file.pages.get(0)).toMatchObject({ queueState: VM_PAGE_ON_ACTIVE_Q, noCache: false });
    const flags = { ...vmkFlagsFixed(), noCache: true };
    w.allocateAt(w.map, 4 * A, PAGE, { flags });
    w.store(4 * A, 1);
    const page = w.objectAt(w.map, 4 * A).pages.get(0);
    expect(page).toMatchObject({ queueState: VM_PAGE_ON_ACTIVE_Q, noCache: false });
  });

  it("RANDOM reads one page at each fault and gives none up behind", () => {
    const w = new FaultWorld({ pages: 400 });
    const file = w.fileObject(200);
    w.place(file, A, 200, false);
    w.entryAt(w.map, A)!.behavior = VM_BEHAVIOR_RANDOM;
    for (let i = 0; i < 160; i++) {
      w.finish(w.faulting(A + i * PAGE, READ));
      expect(w.system.counters.pageins).toBe(i + 1);
    }
    expect(file.sequential).toBe(0);
    w.check();
  });

  it("a page on an inactive queue stays there for a fault; the scan sees that it was used", () => {
    const w = new FaultWorld();
    const file = w.fileObject(8);
    w.place(file, A, 8, false);
    for (let i = 0; i < 8; i++) w.byte(A + i * PAGE);
    vmObjectDeactivatePages(file, 0, 8 * PAGE, false);
    const page = file.pages.get(0)!;
    w.deallocate(w.map, A, 8 * PAGE);
    w.place(file, A, 8, false);
    expect(page.queueState).toBe(VM_PAGE_ON_INACTIVE_EXTERNAL_Q);
    expect(w.event(A, READ)).toMatchObject({ type: DBG_CACHE_HIT_FAULT });
    expect(page.queueState).toBe(VM_PAGE_ON_INACTIVE_EXTERNAL_Q);
    expect(w.system.counters.reactivations).toBe(0);
    w.pageout(w.system.pages.free.count + 1);
    expect(w.system.counters.reactivations).toBe(1);
  });
});
