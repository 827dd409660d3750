import { describe, expect, it } from "vitest";
import { vmObjectDeactivatePages, vmObjectForVnode } from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import {
  VM_PAGE_IS_WIRED,
  VM_PAGE_ON_ACTIVE_Q,
  VM_PAGE_ON_FREE_Q,
  VM_PAGE_ON_INACTIVE_CLEANED_Q,
  VM_PAGE_ON_INACTIVE_INTERNAL_Q,
  VM_PAGE_ON_SPECULATIVE_Q,
  VM_PAGE_ON_THROTTLED_Q,
  type VmPage,
} from "../../../vm/page/page.js";
import { vmPageActivate, vmPageDeactivate, vmPageSpeculate } from "../../../vm/page/queues.js";
import {
  vmPageAlloc,
  vmPageFree,
  vmPageGrab,
  vmPageGrabPageout,
  vmPageLookup,
  vmPageUnwire,
  vmPageWire,
} from "../../../vm/page/resident.js";
import { SPECULATIVE_BIN_NS, SPECULATIVE_BINS } from "../../../vm/page/speculative.js";
import {
  EMBEDDED_TARGETS,
  MACOS_TARGETS,
  raiseReserve,
  targetsFor,
} from "../../../vm/page/targets.js";
import { chooseVictim } from "../../../vm/page/victim.js";
import { pmapSetModify } from "../../../vm/pmap/index.js";
import { vmStatistics64 } from "../../../vm/statistics.js";
import { TestFile } from "../../support/test-file.js";
import { testSystem } from "../../support/vm-buffer.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "../fault/fault-world.js";

function pageAt(w: FaultWorld, index: number, object = w.objectAt(w.map, A)): VmPage {
  const page = vmPageLookup(object, index * PAGE);
  if (page === null) throw new Error(`no page ${index}`);
  return page;
}

function anonymous(pages: number, options = {}): FaultWorld {
  const w = new FaultWorld(options);
  w.allocateAt(w.map, A, pages * PAGE);
  for (let i = 0; i < pages; i++) w.store(A + i * PAGE, i + 1);
  return w;
}

describe("pages, one by one", () => {
  it("are busy and on no queue when grabbed, busy and on the free queue when freed", () => {
    const { system } = testSystem();
    const page = vmPageGrab(system)!;
    expect(page).toMatchObject({ busy: true, queueState: 0 });
    vmPageFree(system, page);
    expect(page).toMatchObject({ busy: true, queueState: VM_PAGE_ON_FREE_Q });
  });

  it("made by a zero-fill on one CPU are active at once, with the reference bit", () => {
    const w = anonymous(1);
    expect(pageAt(w, 0)).toMatchObject({ queueState: VM_PAGE_ON_ACTIVE_Q, reference: true });
  });

  it("wired twice and unwired once are wired; unwired again, active and never inactive", () => {
    const w = anonymous(1);
    const page = pageAt(w, 0);
    vmPageWire(w.system, page);
    vmPageWire(w.system, page);
    vmPageUnwire(w.system, page);
    expect(page).toMatchObject({ queueState: VM_PAGE_IS_WIRED, wireCount: 1 });
    vmPageUnwire(w.system, page);
    expect(page).toMatchObject({ queueState: VM_PAGE_ON_ACTIVE_Q, reference: true });
  });

  it("of a file with no user but its name go to the speculative queue when deactivated", () => {
    const w = new FaultWorld();
    const file = w.fileObject(1);
    w.place(file, A, 1, false);
    expect(w.byte(A)).toBe(1);
    w.deallocate(w.map, A, PAGE);
    w.release(file);
    const page = pageAt(w, 0, file);
    vmPageDeactivate(w.system, page);
    expect(page.queueState).toBe(VM_PAGE_ON_SPECULATIVE_Q);
  });

  it("of anonymous memory cannot be speculative", () => {
    const w = anonymous(1);
    expect(() => vmPageSpeculate(w.system, pageAt(w, 0), true)).toThrow("speculative");
  });
});

describe("the scan's verdict", () => {
  it("drops an anonymous page nobody wrote, which is zero-filled again", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, PAGE);
    w.touch(w.map, A, READ);
    w.pageout();
    expect(w.system.counters.compressions).toBe(0);
    expect(w.system.pageout.counters.freedInternal).toBe(1);
    expect(w.event(A, READ).type).toBe(1);
  });

  it("compresses a page of which only the hardware knows that it was written", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, PAGE);
    w.touch(w.map, A, READ);
    expect(pageAt(w, 0).dirty).toBe(false);
    pmapSetModify(w.system.pmaps, pageAt(w, 0).ppn);
    w.pageout();
    expect(w.system.counters.compressions).toBe(1);
  });

  it("writes a dirty file page and keeps it, cleaned; a fault makes it active without I/O", () => {
    const w = new FaultWorld();
    const file = new TestFile("/f", new Uint8Array(PAGE));
    const object = w.objectOf(file);
    w.place(object, A, 1, false);
    w.store(A, 5);
    const page = pageAt(w, 0, object);
    w.hoard(w.system.pages.targets.min - 2);
    vmObjectDeactivatePages(object, 0, PAGE, false);
    const [scan, , external] = w.system.daemons;
    for (let i = 0; i < 4 && !page.laundry; i++) scan!.work.next(0);
    external!.work.next(0);
    expect(page).toMatchObject({ queueState: VM_PAGE_ON_INACTIVE_CLEANED_Q, dirty: false });
    expect(w.system.counters.pageouts).toBe(1);
    expect(file.bytes[0]).toBe(5);
    const { pageins } = w.system.counters;
    expect(w.finish(w.faulting(A, READ))).toBe(0);
    expect(w.system.counters.pageins).toBe(pageins);
    expect(page.queueState).toBe(VM_PAGE_ON_ACTIVE_Q);
  });

  it("leaves wired pages alone, and loses none when the compressor is at its limit", () => {
    const w = anonymous(4);
    Object.assign(w.system.compressor, { limits: { pages: 2, segments: 10 } });
    w.pageout();
    expect(w.system.counters.compressions).toBe(2);
    expect(w.system.pageout.counters.compressorFailed).toBeGreaterThan(0);
    expect(w.objectAt(w.map, A).residentPageCount).toBe(2);
    for (let i = 0; i < 4; i++) expect(w.byte(A + i * PAGE)).toBe(i + 1);
  });

  it("keeps dirty anonymous pages throttled on a machine that does not compress", () => {
    const { system } = testSystem({ compressor: false });
    const { object, page } = dirtyPage(system);
    vmPageActivate(system, page);
    expect(page.queueState).toBe(VM_PAGE_ON_THROTTLED_Q);
    expect(system.pages).toMatchObject({ pageableInternalCount: 0 });
    expect(vmStatistics64(system).throttled_count).toBe(1);
    vmPageFree(system, page);
    expect(object.residentPageCount).toBe(0);
  });
});

function dirtyPage(system: ReturnType<typeof testSystem>["system"]): {
  object: VmObject;
  page: VmPage;
} {
  const file = new TestFile("/x", new Uint8Array(PAGE));
  const object = vmObjectForVnode(system, file);
  object.internal = true;
  const page = vmPageAlloc(object, 0)!;
  page.busy = false;
  page.dirty = true;
  return { object, page };
}

describe("whose turn it is", () => {
  /** Inactive pages of both kinds: `anonymousPages` dirty ones, and `filePages` of a mapped file. */
  function both(anonymousPages: number, filePages: number): FaultWorld {
    const w = anonymous(anonymousPages);
    const file = w.fileObject(filePages);
    w.place(file, A + 64 * PAGE, filePages, false);
    for (let i = 0; i < filePages; i++) w.byte(A + (64 + i) * PAGE);
    vmObjectDeactivatePages(file, 0, filePages * PAGE, false);
    vmObjectDeactivatePages(w.objectAt(w.map, A), 0, anonymousPages * PAGE, false);
    return w;
  }

  it("is always that of cleaned pages first, and of read-ahead nobody used before the rest", () => {
    const w = both(2, 8);
    const file = [...w.objects][0]!;
    const page = pageAt(w, 7, file);
    vmPageSpeculate(w.system, page, false);
    w.system.pages.speculative.ageOldest();
    expect(chooseVictim(w.system)).toEqual({ page, from: "speculative" });
    const cleaned = pageAt(w, 6, file);
    w.system.pages.dequeue(cleaned);
    w.system.pages.enqueue(cleaned, VM_PAGE_ON_INACTIVE_CLEANED_Q);
    expect(chooseVictim(w.system)).toEqual({ page: cleaned, from: "cleaned" });
  });

  it("is that of two anonymous pages, then of a file page, when there is enough of both", () => {
    const w = both(8, 8);
    // Enough file pages: the minimum is 10/27 of what is not compressed.
    w.hoard(0);
    const kinds = Array.from({ length: 6 }, () => {
      const victim = chooseVictim(w.system)!;
      w.system.pages.dequeue(victim.page);
      return victim.from;
    });
    expect(kinds).toEqual(["internal", "internal", "external", "internal", "internal", "external"]);
  });

  it("is that of anonymous pages alone while there are too few file pages", () => {
    const w = both(8, 2);
    const kinds = Array.from({ length: 8 }, () => {
      const victim = chooseVictim(w.system)!;
      w.system.pages.dequeue(victim.page);
      return victim.from;
    });
    expect(kinds).toEqual(Array(8).fill("internal"));
  });
});

describe("the reserve", () => {
  it("grows by the compressor's share at each call, also for nothing, up to its limit", () => {
    expect(raiseReserve(0, 0, EMBEDDED_TARGETS)).toBe(28);
    expect(raiseReserve(28, 0, EMBEDDED_TARGETS)).toBe(56);
    expect(raiseReserve(120, 0, EMBEDDED_TARGETS)).toBe(128);
    expect(raiseReserve(0, 6 * 128 + 1, MACOS_TARGETS)).toBe(897);
    expect(raiseReserve(1800, 0, MACOS_TARGETS)).toBe(1828);
  });

  it("gives the targets by formula", () => {
    expect(targetsFor(897, 500_000, MACOS_TARGETS)).toMatchObject({ min: 3500, target: 4000 });
    expect(targetsFor(128, 65_536, EMBEDDED_TARGETS)).toMatchObject({
      min: 128 + 10 + 327,
      target: 128 + 15 + 654,
      throttleLimit: 399,
    });
  });

  it("is closed to ordinary threads although pages are free, and open to the pageout threads", () => {
    const w = anonymous(1, { pages: 128 });
    w.hoard(w.system.pages.targets.reserved - 1);
    expect(vmPageGrab(w.system)).toBeNull();
    const page = vmPageGrabPageout(w.system);
    expect(page).not.toBeNull();
    vmPageFree(w.system, page!);
  });

  it("wakes the scan when it comes near", () => {
    const w = anonymous(1);
    w.daemons.drain();
    expect(w.system.pageout.scanIdle).toBe(true);
    w.hoard(w.system.pages.targets.min - 1);
    expect(w.system.pageout.scanIdle).toBe(false);
  });
});

describe("speculative pages", () => {
  it("age in bins of half a second, and are old when their bin's turn comes again", () => {
    let now = 0;
    const { system } = testSystem({ now: () => now });
    const object = vmObjectForVnode(system, new TestFile("/f", new Uint8Array(40 * PAGE)));
    const add = (index: number): VmPage => {
      const page = vmPageAlloc(object, index * PAGE)!;
      page.busy = false;
      vmPageSpeculate(system, page, true);
      return page;
    };
    const first = add(0);
    expect(first.speculativeBin).toBe(1);
    for (let i = 1; i < SPECULATIVE_BINS; i++) {
      now += SPECULATIVE_BIN_NS;
      expect(add(i).speculativeBin).toBe(i + 1);
    }
    expect(system.pages.speculative.aged.count).toBe(0);
    now += SPECULATIVE_BIN_NS;
    add(SPECULATIVE_BINS);
    expect(first.speculativeBin).toBe(0);
    expect(system.pages.speculative.aged.count).toBe(1);
    expect(system.pages.speculative.head).toBe(first);
    expect(vmStatistics64(system)).toMatchObject({
      speculative_count: 11,
      free_count: system.pages.free.count + 11,
    });
  });
});

describe("statistics", () => {
  it("count what there is; lookups and hits are nothing for ever", () => {
    const w = anonymous(3);
    w.touch(w.map, A, WRITE);
    const before = vmStatistics64(w.system);
    expect(before).toMatchObject({ lookups: 0, hits: 0, compressions: 0, internal_page_count: 3 });
    w.pageout();
    expect(vmStatistics64(w.system)).toMatchObject({
      compressions: 3,
      internal_page_count: 0,
      total_uncompressed_pages_in_compressor: 3,
      compressor_page_count: 4,
    });
    vmObjectDeactivatePages(w.objectAt(w.map, A), 0, PAGE, false);
    expect(w.byte(A)).toBe(1);
    const page = pageAt(w, 0);
    vmPageDeactivate(w.system, page);
    expect(page.queueState).toBe(VM_PAGE_ON_INACTIVE_INTERNAL_Q);
  });
});
