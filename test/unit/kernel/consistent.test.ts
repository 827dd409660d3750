import { beforeEach, describe, expect, it } from "vitest";
import { pmapFindPhys } from "../../../vm/pmap/index.js";
import type { VmOffset } from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

/** The checker notices what it is there for. */
describe("the kernel's checker", () => {
  let w: DarwinWorld;
  beforeEach(() => {
    w = new DarwinWorld();
    w.write(w.scratch, [1]);
    w.kernel.current = null;
    w.kernel.scheduler.enqueue(w.thread);
  });

  const check = (): void => {
    w.kernel.assertConsistent();
  };

  it("is content with a task between two turns", () => {
    check();
  });

  it("in the middle of a turn is called at the wrong time", () => {
    w.kernel.current = w.thread;
    expect(check).toThrow("in the middle of a turn");
  });

  it("finds a translation the tables no longer hold", () => {
    const entries = [...w.kernel.machine.mmu.tlb.entries()];
    expect(entries.length).toBeGreaterThan(0);
    const { pmap } = w.task.map;
    const frame = pmapFindPhys(pmap!, w.scratch as VmOffset);
    expect(entries.map((e) => e.physical)).toContain(frame * 16384);
    // Another address space takes over the hardware ASID, and nobody flushes it.
    w.kernel.vm.pmaps.last.swAsid[pmap!.hwAsid] = 5;
    expect(check).toThrow("TLB entry of no address space");
  });

  it("finds a wrong TTBR0", () => {
    w.kernel.cpu.setSysreg("TTBR0_EL1", 0n);
    expect(check).toThrow("TTBR0_EL1");
  });

  it("finds a task under another number", () => {
    w.kernel.tasks.set(9, w.task);
    expect(check).toThrow("task under another pid");
  });

  it("finds registers in two places, and signals without information", () => {
    w.thread.pendingSignals = 2n;
    expect(check).toThrow("pending signals");
    w.thread.pendingSignals = 0n;
    w.kernel.cpuOwner = null;
    expect(check).toThrow("registers in two places");
  });

  it("finds what was not given back", () => {
    expect(() => {
      w.kernel.assertNoLeaks();
    }).toThrow("tasks are left");
    w.kernel.shutdown();
    w.kernel.assertNoLeaks();
    const map = w.kernel.vm.createTaskMap();
    expect(map).not.toBe(null);
    expect(() => {
      w.kernel.assertNoLeaks();
    }).toThrow("address spaces are left");
  });
});
