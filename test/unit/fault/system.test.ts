import { describe, expect, it } from "vitest";
import { VM_PAGE_ON_ACTIVE_Q } from "../../../vm/page/page.js";
import { SeededRandom } from "../../../vm/random.js";
import { VmSystem } from "../../../vm/system.js";
import {
  MACH_VM_MAX_ADDRESS,
  PAGE_SIZE,
  VM_MIN_KERNEL_ADDRESS,
  type Ppn,
  type VmOffset,
} from "../../../vm/types.js";
import { BufferMemory, RecordingTlb, TEST_FIRST_PPN, testSystem } from "../../support/vm-buffer.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld } from "./fault-world.js";

describe("a new system", () => {
  it("has every frame free but the kernel's root table", () => {
    const { system } = testSystem({ pages: 64 });
    expect(system.pages.free.count).toBe(63);
    expect(system.pages.wireCount).toBe(1);
    expect(system.pmapObject.residentPageCount).toBe(1);
    system.assertConsistent({ maps: [] });
  });

  it("never touches reserved frames", () => {
    const phys = new BufferMemory(32);
    const reserved = [0, 5, 31].map((index) => (TEST_FIRST_PPN + index) as Ppn);
    const system = new VmSystem({
      phys,
      tlb: new RecordingTlb(),
      seed: 1,
      reservedFrames: reserved,
      wakeup: () => undefined,
    });
    expect(system.pages.free.count).toBe(28);
    expect(reserved.map((ppn) => system.pages.pageOf(ppn))).toEqual([null, null, null]);
    expect(phys.noted.some((ppn) => reserved.includes(ppn))).toBe(false);
    system.assertConsistent({ maps: [] });
  });

  it("has a kernel map over the kernel's half, translated by its own pmap", () => {
    const { system } = testSystem();
    const { kernelMap } = system;
    expect(kernelMap.isKernel).toBe(true);
    expect(kernelMap.minOffset).toBe(VM_MIN_KERNEL_ADDRESS);
    expect(Number.isInteger(kernelMap.maxOffset / PAGE_SIZE)).toBe(true);
    expect(kernelMap.pmap).toBe(system.pmaps.kernelPmap);
  });

  it("makes user maps with a pmap each, until there is no memory for one", () => {
    const { system } = testSystem({ pages: 4 });
    const first = system.createTaskMap("one");
    expect(first).toMatchObject({ minOffset: 0, maxOffset: MACH_VM_MAX_ADDRESS, owner: "one" });
    const second = system.createTaskMap();
    expect(second?.pmap).not.toBe(first?.pmap);
    expect(system.createTaskMap()).not.toBeNull();
    expect(system.createTaskMap()).toBeNull();
    expect(system.pages.free.count).toBe(0);
    system.assertConsistent({ maps: [] });
  });

  it("passes wakeups and guard exceptions on to its embedder", () => {
    const told: unknown[] = [];
    const phys = new BufferMemory(8);
    const system = new VmSystem({
      phys,
      tlb: new RecordingTlb(),
      seed: 1,
      wakeup: (channel, result) => told.push([channel, result]),
      guardException: (map, flavor, address) => told.push([map.owner, flavor, address]),
    });
    const channel = {};
    system.wakeup(channel, 2);
    system.guardException(system.kernelMap, "DEALLOC_GAP", PAGE as VmOffset);
    expect(told).toEqual([
      [channel, 2],
      ["kernel", "DEALLOC_GAP", PAGE],
    ]);
  });
});

describe("the random numbers of a system", () => {
  it("follow from the seed", () => {
    const draw = (seed: number): number[] => {
      const { system } = testSystem({ pages: 4, seed });
      return Array.from({ length: 8 }, () => system.random32());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("are unsigned and use all 32 bits", () => {
    const random = new SeededRandom(7);
    let ones = 0;
    let zeroes = 0;
    for (let i = 0; i < 100; i++) {
      const n = random.next32();
      expect(n >= 0 && n < 2 ** 32 && Number.isInteger(n)).toBe(true);
      ones |= n;
      zeroes |= ~n;
    }
    expect([ones, zeroes]).toEqual([-1, -1]);
  });
});

describe("the checker of the whole VM", () => {
  /** A world with one page in use, and something broken in it. */
  function broken(breakIt: (w: FaultWorld) => void): () => void {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, PAGE);
    w.store(A, 1);
    breakIt(w);
    return () => w.system.assertConsistent({ maps: w.maps });
  }
  const pageOf = (w: FaultWorld) => w.objectAt(w.map, A).pages.get(0)!;

  it("is content with what the VM does", () => {
    expect(broken(() => undefined)).not.toThrow();
  });

  it.each<[string, string, (w: FaultWorld) => void]>([
    ["a reference too many", "reference count is wrong", (w) => w.objectAt(w.map, A).refCount++],
    [
      "an object nobody holds",
      "reference count is wrong|nobody references",
      (w) => w.map.entries.first && (w.map.entries.first.object = null),
    ],
    ["a page on a queue it does not name", "does not name", (w) => (pageOf(w).queueState = 12)],
    ["a stale queue count", "queue count is stale", (w) => w.system.pages.active.count++],
    [
      "a page lost between the queues",
      "on no queue|count",
      (w) => {
        w.system.pages.dequeue(pageOf(w));
        pageOf(w).queueState = VM_PAGE_ON_ACTIVE_Q;
      },
    ],
    ["a stale wired count", "wired count is stale", (w) => w.system.pages.wireCount++],
    ["a stale kind count", "pageable count", (w) => w.system.pages.pageableInternalCount++],
    ["a free page in use", "free page", (w) => (w.system.pages.free.head!.busy = false)],
    [
      "a page its object does not know",
      "lost its page",
      (w) => w.objectAt(w.map, A).pages.delete(0),
    ],
    [
      "a translation nobody entered",
      "",
      (w) => {
        const { ptePa } = w.test.faults.at(-1)!;
        w.test.phys.writePte(ptePa, 0, 0);
      },
    ],
  ])("finds %s", (_what, message, breakIt) => {
    expect(broken(breakIt)).toThrow(new RegExp(message));
  });
});
