import { describe, expect, it } from "vitest";
import { machVmMsync, rawU64 } from "../../../vm/mach-vm.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_TASK,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_BEHAVIOR_PAGEOUT,
  VM_BEHAVIOR_RANDOM,
  VM_BEHAVIOR_SEQUENTIAL,
  VM_BEHAVIOR_WILLNEED,
  VM_BEHAVIOR_ZERO_WIRED_PAGES,
  VM_INHERIT_COPY,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  VM_PROT_READ,
  VM_SYNC_ASYNCHRONOUS,
  VM_SYNC_CONTIGUOUS,
  VM_SYNC_DEACTIVATE,
  VM_SYNC_KILLPAGES,
  VM_SYNC_SYNCHRONOUS,
} from "../../../vm/types.js";
import { VM_PAGE_ON_INACTIVE_INTERNAL_Q } from "../../../vm/page/page.js";
import { PAGE } from "../../support/vm-world.js";
import { machWorld } from "./mach-world.js";

const A = 0x10000;

describe("mach_vm_inherit", () => {
  it("does not mind holes and what lies outside the map", () => {
    const m = machWorld();
    expect(m.inherit(A, PAGE, VM_INHERIT_NONE)).toBe(KERN_SUCCESS);
    expect(m.inherit(0, 0xffff_ffff_ffff_0000n, VM_INHERIT_NONE)).toBe(KERN_SUCCESS);
    expect(m.inherit(0xffff_fe00_0000_0000n, PAGE, VM_INHERIT_NONE)).toBe(KERN_SUCCESS);
    m.fixed(A, PAGE);
    expect(m.inherit(0, MACH_VM_MAX_ADDRESS, VM_INHERIT_SHARE)).toBe(KERN_SUCCESS);
    expect(m.entry(A).inheritance).toBe(VM_INHERIT_SHARE);
  });

  it("refuses unknown values, but not for zero bytes, and ranges that wrap", () => {
    const m = machWorld();
    expect(m.inherit(A, PAGE, 3)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.inherit(A, PAGE, -1)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.inherit(A, 0, 3)).toBe(KERN_SUCCESS);
    expect(m.inherit(A, 0xffff_ffff_ffff_ffffn, 1)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("leaves the pieces it made", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    m.inherit(A + PAGE, PAGE, VM_INHERIT_NONE);
    m.inherit(A + PAGE, PAGE, VM_INHERIT_COPY);
    expect(m.map.nentries).toBe(3);
    m.protect(A, 3 * PAGE, 3);
    expect(m.map.nentries).toBe(1);
  });
});

describe("mach_vm_behavior_set", () => {
  it("checks the behaviour before the size, then bounds, then holes", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.behavior(A, 0, 99)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.behavior(A, 0, VM_BEHAVIOR_RANDOM)).toBe(KERN_SUCCESS);
    expect(m.behavior(MACH_VM_MAX_ADDRESS - PAGE, 2 * PAGE, 1)).toBe(KERN_NO_SPACE);
    expect(m.behavior(0, PAGE, 1)).toBe(KERN_NO_SPACE);
    expect(m.behavior(A, 2 * PAGE, 1)).toBe(KERN_INVALID_ADDRESS);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_PAGEOUT)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("tells the ways a range can wrap apart", () => {
    const m = machWorld();
    expect(m.behavior(A, 0xffff_ffff_ffff_ffffn, 0)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.behavior(0x4000, 0xffff_ffff_ffff_bfffn, 0)).toBe(KERN_NO_SPACE);
    expect(m.behavior(0, 0xffff_ffff_ffff_ffffn, 0)).toBe(KERN_NO_SPACE); // page zero is not ours
  });

  it("stores the four patterns by entry", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    expect(m.behavior(A + PAGE, PAGE, VM_BEHAVIOR_SEQUENTIAL)).toBe(KERN_SUCCESS);
    expect([...m.map.entries].map((e) => e.behavior)).toEqual([0, 2, 0]);
    m.behavior(A + PAGE, PAGE, 0);
    expect(m.map.nentries).toBe(3);
  });

  it("zeroes wired pages only where they can be written", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_ZERO_WIRED_PAGES)).toBe(KERN_SUCCESS);
    expect(m.entry(A)).toMatchObject({ zeroWiredPages: true, behavior: 0 });
    m.protect(A, PAGE, VM_PROT_READ);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_ZERO_WIRED_PAGES)).toBe(KERN_PROTECTION_FAILURE);
  });

  it("brings pages in before they are needed", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    expect(m.behavior(A, 2 * PAGE, VM_BEHAVIOR_WILLNEED)).toBe(KERN_SUCCESS);
    expect(m.w.frameAt(m.map, A)).not.toBe(null);
    expect(m.w.frameAt(m.map, A + PAGE)).not.toBe(null);
    expect(m.behavior(A, 3 * PAGE, VM_BEHAVIOR_WILLNEED)).toBe(KERN_INVALID_ADDRESS);
  });
});

describe("mach_vm_msync", () => {
  const both = VM_SYNC_SYNCHRONOUS | VM_SYNC_ASYNCHRONOUS;

  it("wants a task, then looks at the size, then at the flags", () => {
    const m = machWorld();
    expect(m.w.run(machVmMsync(null, rawU64(A), rawU64(0), both))).toBe(KERN_INVALID_TASK);
    expect(m.msync(A, 0, both)).toBe(KERN_SUCCESS);
    expect(m.msync(A, PAGE, both)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.msync(A, 0xffff_ffff_ffff_ffffn, 0)).toBe(KERN_INVALID_ADDRESS);
    expect(m.msync(0x4000, 0xffff_ffff_ffff_bfffn, 0)).toBe(KERN_INVALID_ADDRESS);
  });

  it("skips holes, and reports them if the range has to be contiguous", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.msync(A, 4 * PAGE, VM_SYNC_SYNCHRONOUS)).toBe(KERN_SUCCESS);
    expect(m.msync(A, PAGE, VM_SYNC_CONTIGUOUS)).toBe(KERN_SUCCESS);
    expect(m.msync(A, 2 * PAGE, VM_SYNC_CONTIGUOUS)).toBe(KERN_INVALID_ADDRESS);
    expect(m.msync(0xffff_fe00_0000_0000n, PAGE, 0)).toBe(KERN_SUCCESS);
  });

  it("deactivates pages on both sides of a hole, and kills none behind one", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.fixed(A + 2 * PAGE, PAGE);
    m.w.write(m.map, A, [1]);
    m.w.write(m.map, A + 2 * PAGE, [1]);
    const state = (at: number): number | undefined =>
      m.w.objectAt(m.map, at).pages.get(0)?.queueState;
    m.msync(A, 3 * PAGE, VM_SYNC_KILLPAGES);
    expect(state(A)).toBe(VM_PAGE_ON_INACTIVE_INTERNAL_Q);
    expect(state(A + 2 * PAGE)).not.toBe(VM_PAGE_ON_INACTIVE_INTERNAL_Q);
    m.msync(A, 3 * PAGE, VM_SYNC_DEACTIVATE);
    expect(state(A + 2 * PAGE)).toBe(VM_PAGE_ON_INACTIVE_INTERNAL_Q);
  });
});
