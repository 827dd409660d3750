import { describe, expect, it } from "vitest";
import { THREAD_UNINT } from "../../../vm/blocking.js";
import { vmObjectDeactivatePages } from "../../../vm/object/index.js";
import { VM_PAGE_ON_ACTIVE_Q, VM_PAGE_ON_SPECULATIVE_Q } from "../../../vm/page/page.js";
import { vmPageWait } from "../../../vm/page/pageout.js";
import { vmPageLru } from "../../../vm/page/queues.js";
import { vmPageoutConsider, vmPageoutScan } from "../../../vm/page/scan.js";
import { chooseVictim } from "../../../vm/page/victim.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ } from "../fault/fault-world.js";

const FILE_AT = A + 64 * PAGE;

function files(pages: number, options = {}): FaultWorld {
  const w = new FaultWorld(options);
  const file = w.fileObject(pages);
  w.place(file, FILE_AT, pages, false);
  for (let i = 0; i < pages; i++) w.finish(w.faulting(FILE_AT + i * PAGE, READ));
  return w;
}

describe("the scan's second chance", () => {
  it("is none for a page of a file nobody maps: it is deactivated again, and not counted", () => {
    const w = files(8);
    const [file] = w.objects;
    w.deallocate(w.map, FILE_AT, 8 * PAGE);
    w.release(file!);
    const pages = [...file!.pages.values()];
    for (const page of pages) {
      vmPageLru(w.system, page);
      page.reference = true;
    }
    const first = chooseVictim(w.system)!;
    expect(vmPageoutConsider(w.system, first, true)).toBe(false);
    expect(first.page).toMatchObject({ queueState: VM_PAGE_ON_SPECULATIVE_Q, reference: false });
    expect(w.system.counters.reactivations).toBe(0);
    expect(file!.residentPageCount).toBe(8);
    w.check();
  });

  it("is given to a dirty page when the compressor's queue is full, and counted", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 4 * PAGE);
    for (let i = 0; i < 4; i++) w.store(A + i * PAGE, i + 1);
    const object = w.objectAt(w.map, A);
    vmObjectDeactivatePages(object, 0, 4 * PAGE, false);
    Object.assign(w.system.pageout.internal, { limit: 0 });
    const victim = chooseVictim(w.system)!;
    expect(victim.from).toBe("internal");
    vmPageoutConsider(w.system, victim, false);
    expect(victim.page).toMatchObject({ queueState: VM_PAGE_ON_ACTIVE_Q, laundry: false });
    expect(w.system.counters.reactivations).toBe(1);
    w.check();
  });
});

describe("file pages, when there are few and nothing can be swapped", () => {
  it("are kept but for one in a hundred", () => {
    const w = files(120, { pages: 600, swap: null, checkEvery: 1000 });
    w.allocateAt(w.map, A, 20 * PAGE);
    for (let i = 0; i < 20; i++) w.store(A + i * PAGE, i + 1);
    const [file] = w.objects;
    vmObjectDeactivatePages(w.objectAt(w.map, A), 0, 20 * PAGE, false);
    vmObjectDeactivatePages(file!, 0, 120 * PAGE, false);
    const { pages } = w.system;
    w.hoard(100);
    Object.assign(pages, {
      targets: { ...pages.targets, compressorReserve: 400, target: pages.free.count + 1 },
    });
    // As if nearly everything were file pages: 10/27 of it is the least.
    Object.assign(pages, { pageableExternalCount: 60 });
    const before = w.system.counters.reactivations;
    expect(chooseVictim(w.system)).toMatchObject({ from: "external", keep: true });
    w.finish(vmPageoutScan(w.system));
    expect(w.system.counters.reactivations - before).toBe(99);
    expect(file!.residentPageCount).toBe(119);
    expect(
      [...file!.pages.values()].filter((p) => p.queueState === VM_PAGE_ON_ACTIVE_Q).length,
    ).toBeGreaterThan(0);
  });
});

describe("vm_page_wait", () => {
  it("sleeps between the reserve and the target, although pages are free", () => {
    const w = new FaultWorld();
    w.hoard(w.system.pages.targets.reserved + 1);
    expect(w.system.pages.free.count).toBeLessThan(w.system.pages.targets.target);
    const step = vmPageWait(w.system, THREAD_UNINT).next();
    expect(step.done === false && step.value.reason).toBe("no free pages");
    w.system.pages.freeWaiters = 0;
  });
});
