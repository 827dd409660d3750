import { describe, expect, it } from "vitest";
import { machVmWire, rawProt, rawU64 } from "../../../vm/mach-vm.js";
import { vmMapRemove } from "../../../vm/map/delete.js";
import { vmMapUnwireNested } from "../../../vm/map/unwire.js";
import { vmMapWireAndExtract, vmMapWireNested } from "../../../vm/map/wire.js";
import { MAX_WIRE_COUNT, userWireLimitBytes } from "../../../vm/map/wire-counts.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_HOST,
  KERN_INVALID_TASK,
  KERN_PROTECTION_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  KernelPanic,
  MACH_VM_MAX_ADDRESS,
  VM_BEHAVIOR_DONTNEED,
  VM_BEHAVIOR_ZERO_WIRED_PAGES,
  VM_KERN_MEMORY_MLOCK,
  VM_KERN_MEMORY_OSFMK,
  VM_KERN_MEMORY_PMAP,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { vmWiredByTag } from "../../../vm/statistics.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "./mach-world.js";

const A = 0x10000;
const READ_WRITE = VM_PROT_READ | VM_PROT_WRITE;

function counts(m: MachWorld, at = A): [number, number] {
  const { wiredCount, userWiredCount } = m.entry(at);
  return [wiredCount, userWiredCount];
}

function kernelWire(m: MachWorld, start: number, pages: number): number {
  return m.w.run(vmMapWireNested(m.map, va(start), va(start + pages * PAGE), VM_PROT_READ, false));
}

function kernelUnwire(m: MachWorld, start: number, pages: number): number {
  return m.w.run(vmMapUnwireNested(m.map, va(start), va(start + pages * PAGE), false));
}

describe("wired memory", () => {
  it("is charged to the tag that wired it first, until none of the object is wired", () => {
    const m = machWorld();
    const tags = (): unknown[] => {
      const bytes = [...vmWiredByTag(m.map.context)];
      return bytes.filter(([tag]) => tag !== VM_KERN_MEMORY_PMAP); // page tables
    };
    expect(tags()).toEqual([]);
    m.fixed(A, 4 * PAGE);
    // Untouched pages take the full fault, resident ones the fast one.
    expect(m.w.touch(m.map, A, READ_WRITE)).toBe(KERN_SUCCESS);
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(tags()).toEqual([[VM_KERN_MEMORY_MLOCK, 2 * PAGE]]);
    // The second page has its tag; the third gets an object of its own, since it was not wired with the others.
    expect(kernelWire(m, A + PAGE, 2)).toBe(KERN_SUCCESS);
    expect(tags()).toEqual([
      [VM_KERN_MEMORY_OSFMK, PAGE],
      [VM_KERN_MEMORY_MLOCK, 2 * PAGE],
    ]);
    expect(kernelUnwire(m, A + PAGE, 2)).toBe(KERN_SUCCESS);
    expect(m.unwire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(tags()).toEqual([]);
    expect(kernelWire(m, A, 1)).toBe(KERN_SUCCESS);
    expect(tags()).toEqual([[VM_KERN_MEMORY_OSFMK, PAGE]]);
    expect(kernelUnwire(m, A, 1)).toBe(KERN_SUCCESS);
  });
});

describe("mach_vm_wire: arguments", () => {
  it("wants a privileged host, a task, a range and known rights, in this order", () => {
    const m = machWorld();
    const call = (host: boolean, map: typeof m.map | null, size: number, access: number): number =>
      m.w.run(machVmWire(host, map, rawU64(A), rawU64(size), rawProt(access)));
    expect(call(false, null, 0, 8)).toBe(KERN_INVALID_HOST);
    expect(call(true, null, 0, 8)).toBe(KERN_INVALID_TASK);
    expect(call(true, m.map, 0, 8)).toBe(KERN_SUCCESS);
    expect(call(true, m.map, PAGE, 8)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.wire(A, 0xffff_ffff_ffff_ffffn)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("succeeds outside the map and fails in a hole of it", () => {
    const m = machWorld();
    expect(m.wire(MACH_VM_MAX_ADDRESS, PAGE)).toBe(KERN_SUCCESS);
    expect(m.wire(0xffff_fe00_0000_0000n, PAGE)).toBe(KERN_SUCCESS);
    expect(m.wire(0, PAGE)).toBe(KERN_SUCCESS);
    expect(m.wire(A, PAGE)).toBe(KERN_INVALID_ADDRESS);
    expect(m.unwire(A, PAGE)).toBe(KERN_INVALID_ADDRESS);
  });
});

describe("wiring", () => {
  it("makes pages resident, mapped with every right, and counts them", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(counts(m)).toEqual([1, 1]);
    expect(m.map.userWireSize).toBe(2 * PAGE);
    const faults = m.w.test.faults.length;
    expect(m.w.touch(m.map, A, READ_WRITE)).toBe(KERN_SUCCESS);
    expect(m.w.touch(m.map, A + PAGE, READ_WRITE)).toBe(KERN_SUCCESS);
    expect(m.w.test.faults.length).toBe(faults);
    expect(m.unwire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(counts(m)).toEqual([0, 0]);
    expect(m.map.userWireSize).toBe(0);
  });

  it("finds a hole after a fresh entry, but not after a wired one", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_INVALID_ADDRESS);
    expect(counts(m)).toEqual([0, 0]);
    m.wire(A, PAGE);
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(counts(m)).toEqual([1, 2]);
  });

  it("takes back what it wired before it failed", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.protect(A, PAGE, VM_PROT_READ);
    expect(m.wire(A, 3 * PAGE)).toBe(KERN_INVALID_ADDRESS);
    expect(counts(m)).toEqual([0, 0]);
    expect(m.map.userWireSize).toBe(0);
    expect(m.wire(A, 2 * PAGE, VM_PROT_WRITE)).toBe(KERN_PROTECTION_FAILURE);
    m.protect(A, 2 * PAGE, READ_WRITE);
    m.protect(A + PAGE, PAGE, VM_PROT_READ);
    expect(m.wire(A, 2 * PAGE, VM_PROT_WRITE)).toBe(KERN_PROTECTION_FAILURE);
    expect(counts(m)).toEqual([0, 0]);
  });

  it("does not wire code", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.protect(A, PAGE, VM_PROT_READ | VM_PROT_EXECUTE);
    expect(m.wire(A, PAGE)).toBe(KERN_PROTECTION_FAILURE);
  });

  it("counts 65535 wirings of a user as one of the pages, and no more", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.wire(A, PAGE);
    m.entry(A).userWiredCount = MAX_WIRE_COUNT;
    expect(m.wire(A, PAGE)).toBe(KERN_FAILURE);
    expect(counts(m)).toEqual([1, MAX_WIRE_COUNT]);
  });

  it("stops at the limit, exactly, and does not count twice", () => {
    const m = machWorld();
    m.fixed(A, 4 * PAGE);
    m.map.userWireLimit = 2 * PAGE;
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(m.wire(A + 2 * PAGE, PAGE)).toBe(KERN_RESOURCE_SHORTAGE);
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
  });

  it("leaves the machine some memory", () => {
    const m = machWorld({ pages: 100 });
    expect(userWireLimitBytes(m.w.system)).toBe(70 * PAGE);
    m.fixed(A, 71 * PAGE);
    expect(m.wire(A, 71 * PAGE)).toBe(KERN_RESOURCE_SHORTAGE);
    expect(counts(m)).toEqual([0, 0]);
  });
});

describe("unwiring", () => {
  it("skips what a user has not wired", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.unwire(A, PAGE)).toBe(KERN_SUCCESS);
    expect(m.unwire(A, 5 * PAGE)).toBe(KERN_SUCCESS);
  });

  it("keeps the kernel's wirings and the user's apart", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    kernelWire(m, A, 1);
    kernelWire(m, A, 1);
    m.wire(A, PAGE);
    expect(counts(m)).toEqual([3, 1]);
    expect(m.unwire(A, PAGE)).toBe(KERN_SUCCESS);
    expect(counts(m)).toEqual([2, 0]);
    expect(m.unwire(A, PAGE)).toBe(KERN_SUCCESS);
    expect(counts(m)).toEqual([2, 0]);
    kernelUnwire(m, A, 1);
    kernelUnwire(m, A, 1);
    expect(counts(m)).toEqual([0, 0]);
  });

  it("panics when the kernel unwires what it has not wired", () => {
    const hole = machWorld();
    expect(() => kernelUnwire(hole, A, 1)).toThrow(KernelPanic);
    const mapped = machWorld();
    mapped.fixed(A, PAGE);
    expect(() => kernelUnwire(mapped, A, 1)).toThrow(KernelPanic);
  });

  it("merges untouched pages again, but not one that got its own object", () => {
    const fresh = machWorld();
    fresh.fixed(A, 3 * PAGE);
    fresh.wire(A + PAGE, PAGE);
    expect(fresh.map.nentries).toBe(3);
    expect(fresh.w.objectAt(fresh.map, A)).toBe(fresh.w.objectAt(fresh.map, A + PAGE));
    fresh.unwire(A + PAGE, PAGE);
    expect(fresh.map.nentries).toBe(1);

    const touched = machWorld();
    touched.fixed(A, 3 * PAGE);
    touched.w.write(touched.map, A, [1]);
    touched.wire(A + PAGE, PAGE);
    touched.unwire(A + PAGE, PAGE);
    expect(touched.map.nentries).toBe(3);
    const { map, w } = touched;
    expect(w.objectAt(map, A + PAGE).shadow).toBe(w.objectAt(map, A));
  });

  it("lets a deletion drop every user wiring, and zero the pages if asked", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.wire(A, PAGE);
    m.wire(A, PAGE);
    m.w.write(m.map, A, [5]);
    m.behavior(A, PAGE, VM_BEHAVIOR_ZERO_WIRED_PAGES);
    const object = m.w.hold(m.w.objectAt(m.map, A));
    expect(m.deallocate(A, PAGE)).toBe(KERN_SUCCESS);
    expect(m.map.userWireSize).toBe(0);
    const page = object.pages.get(0);
    expect(page?.wireCount).toBe(0);
    expect(page && m.w.system.phys.page(page.ppn)[0]).toBe(0);
    m.w.release(object);
  });

  it("makes a deletion wait for the kernel's unwiring", () => {
    const m = machWorld({
      onWait(wait, w) {
        expect(wait.reason).toBe("map entry in transition");
        const map = [...w.maps][0];
        if (map !== undefined) w.finish(vmMapUnwireNested(map, va(A), va(A + PAGE), false));
        return 0;
      },
    });
    m.fixed(A, PAGE);
    kernelWire(m, A, 1);
    expect(m.deallocate(A, PAGE)).toBe(KERN_SUCCESS);
    expect(m.map.nentries).toBe(0);
  });
});

describe("an entry somebody works on", () => {
  /** The entry at A is in transition until a thread has gone to sleep for it. */
  function inTransition(result: 0 | 2, meanwhile: (m: MachWorld) => void): MachWorld {
    const m: MachWorld = machWorld({
      onWait(wait) {
        expect(wait.channel).toBe(m.map.entries);
        expect(m.entry(A).needsWakeup).toBe(true);
        m.entry(A).inTransition = false;
        m.entry(A).needsWakeup = false;
        meanwhile(m);
        return result;
      },
    });
    m.fixed(A, 2 * PAGE);
    m.entry(A).inTransition = true;
    return m;
  }

  it("is waited for, by whoever wires, protects or unmaps it", () => {
    const wired = inTransition(0, () => {});
    expect(wired.wire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(counts(wired)).toEqual([1, 1]);
    const shielded = inTransition(0, () => {});
    expect(shielded.protect(A, PAGE, VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect(shielded.entry(A).protection).toBe(VM_PROT_READ);
    const gone = inTransition(0, () => {});
    expect(gone.deallocate(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(gone.map.nentries).toBe(0);
  });

  it("ends a user's wiring by a signal, not the kernel's", () => {
    const user = inTransition(2, () => {});
    expect(user.wire(A, PAGE)).toBe(KERN_FAILURE);
    expect(counts(user)).toEqual([0, 0]);
    const kernel = inTransition(2, () => {});
    expect(kernelWire(kernel, A, 1)).toBe(KERN_SUCCESS);
    expect(kernelUnwire(kernel, A, 1)).toBe(KERN_SUCCESS);
  });

  it("may be gone afterwards", () => {
    const m = inTransition(0, ({ w, map }) => {
      expect(w.finish(vmMapRemove(map, va(A), va(A + 2 * PAGE)))).toBe(KERN_SUCCESS);
    });
    expect(m.wire(A, PAGE)).toBe(KERN_FAILURE);
  });

  it("is skipped by a user's unwiring", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.wire(A, PAGE);
    m.entry(A).inTransition = true;
    expect(m.unwire(A, PAGE)).toBe(KERN_SUCCESS);
    m.entry(A).inTransition = false;
    expect(counts(m)).toEqual([1, 1]);
  });
});

describe("wired memory", () => {
  it("takes no fault, survives pageout, and keeps its frame", () => {
    const m = machWorld({ pages: 64 });
    m.fixed(A, 4 * PAGE);
    for (let i = 0; i < 4; i++) m.w.write(m.map, A + i * PAGE, [i + 1]);
    expect(m.wire(A, 2 * PAGE, READ_WRITE)).toBe(KERN_SUCCESS);
    const frames = [0, 1].map((i) => m.w.frameAt(m.map, A + i * PAGE));
    expect(frames).not.toContain(null);
    const { faults } = m.w.system.counters;
    m.behavior(A, 4 * PAGE, VM_BEHAVIOR_DONTNEED);
    m.w.hoard(0);
    for (let i = 0; i < 2; i++) {
      expect(m.w.read(m.map, A + i * PAGE, 1)).toEqual(Uint8Array.of(i + 1));
      expect(m.w.write(m.map, A + i * PAGE, [i + 11])).toBe(KERN_SUCCESS);
    }
    expect(m.w.system.counters.faults).toBe(faults);
    expect([0, 1].map((i) => m.w.frameAt(m.map, A + i * PAGE))).toEqual(frames);
    expect(m.unwire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
  });

  it("is told by wire and extract in the frame that is really read", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [77]);
    m.wire(A, PAGE);
    m.unwire(A, PAGE);
    const { kr, ppn } = m.w.run(vmMapWireAndExtract(m.map, rawU64(A), rawProt(3), true));
    expect(kr).toBe(KERN_SUCCESS);
    expect(m.w.system.phys.page(ppn)[0]).toBe(77);
    m.w.write(m.map, A, [78]);
    expect(m.w.system.phys.page(ppn)[0]).toBe(78);
  });
});
