import { describe, expect, it } from "vitest";
import { machVmMachineAttribute, machVmWire, rawProt, rawU64 } from "../../../vm/mach-vm.js";
import { MATTR_CACHE, MATTR_MIGRATE } from "../../../vm/map/machine-attribute.js";
import { vmMapUnwireNested } from "../../../vm/map/unwire.js";
import { vmMapWireAndExtract, vmMapWireNested } from "../../../vm/map/wire.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_HOST,
  KERN_INVALID_TASK,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  KernelPanic,
  MACH_VM_MAX_ADDRESS,
  VM_BEHAVIOR_DEFAULT,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_OVERWRITE,
  VM_FLAGS_PERMANENT,
  VM_INHERIT_COPY,
  VM_INHERIT_NONE,
  VM_MEMORY_MALLOC,
  VM_MEMORY_REALLOC,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  VM_SYNC_ASYNCHRONOUS,
  VM_SYNC_CONTIGUOUS,
  VM_SYNC_SYNCHRONOUS,
  vmMakeTag,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "./mach-world.js";

const A = 0x10000;
const MB = 2 ** 20;
const R = VM_PROT_READ;
const RW = VM_PROT_DEFAULT;
const BOTH_SYNCS = VM_SYNC_SYNCHRONOUS | VM_SYNC_ASYNCHRONOUS;
const LAST_PAGE = 0xffff_ffff_ffff_ffffn;

function counts(m: MachWorld, at = A): [number, number] {
  const { wiredCount, userWiredCount } = m.entry(at);
  return [wiredCount, userWiredCount];
}

function touch(m: MachWorld, at: number, pages = 1): void {
  for (let i = 0; i < pages; i++) {
    expect(m.w.write(m.map, at + i * PAGE, [i + 1])).toBe(KERN_SUCCESS);
  }
}

const kernelWire = (m: MachWorld, at: number, access = R): number =>
  m.w.run(vmMapWireNested(m.map, va(at), va(at + PAGE), access, false));
const kernelUnwire = (m: MachWorld, at: number): number =>
  m.w.run(vmMapUnwireNested(m.map, va(at), va(at + PAGE), false));

describe("allocate", () => {
  it("of nothing is address 0; mach_vm_map of nothing is refused", () => {
    const m = machWorld();
    expect(m.anywhere(0)).toBe(0);
    expect(m.vmMap({ size: 0, flags: VM_FLAGS_ANYWHERE })).toBe(-KERN_INVALID_ARGUMENT);
  });

  it("of a size that rounds to 0 is a bad argument, of a range that wraps a bad address", () => {
    const m = machWorld();
    expect(m.fixed(PAGE, 0xffff_ffff_ffff_f000n)).toBe(-KERN_INVALID_ARGUMENT);
    expect(m.fixed(0xffff_ffff_ffff_0000n, 0x20000)).toBe(-KERN_INVALID_ADDRESS);
  });

  it("by mach_vm_map calls a range that wraps a bad argument", () => {
    const m = machWorld();
    const made = m.vmMap({ address: 0xffff_ffff_ffff_0000n, size: 0x20000 });
    expect(made).toBe(-KERN_INVALID_ARGUMENT);
  });

  it("at an odd address takes one page; deallocate there frees two", () => {
    const m = machWorld();
    expect(m.fixed(0x10003, 0x4000)).toBe(0x10000);
    expect(m.ranges()).toEqual([[0x10000, 0x14000]]);
    m.fixed(0x14000, 2 * PAGE);
    expect(m.deallocate(0x10003, 0x4000)).toBe(KERN_SUCCESS);
    expect(m.ranges()).toEqual([[0x18000, 0x1c000]]);
  });

  it("over mapped memory has no space, at its start or its tail", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.fixed(A, PAGE)).toBe(-KERN_NO_SPACE);
    expect(m.fixed(A - PAGE, 2 * PAGE)).toBe(-KERN_NO_SPACE);
  });

  it("at the end of the map is a bad address, of more than there is no space", () => {
    const m = machWorld();
    expect(m.fixed(MACH_VM_MAX_ADDRESS, PAGE)).toBe(-KERN_INVALID_ADDRESS);
    expect(m.anywhere(2n ** 47n)).toBe(-KERN_NO_SPACE);
  });

  it("does not search below the hint", () => {
    const m = machWorld();
    const top = MACH_VM_MAX_ADDRESS - PAGE;
    m.fixed(top, PAGE);
    const made = m.vmMap({ address: top, size: PAGE, flags: VM_FLAGS_ANYWHERE });
    expect(made).toBe(-KERN_NO_SPACE);
  });

  it("cuts anonymous memory into pieces of 128 MiB, but not malloc's", () => {
    const m = machWorld();
    const at = m.anywhere(300 * MB);
    const sizes = m.ranges().map(([start, end]) => (end - start) / MB);
    expect(sizes).toEqual([128, 128, 44]);
    m.deallocate(at, 300 * MB);
    m.anywhere(300 * MB, vmMakeTag(VM_MEMORY_MALLOC));
    expect(m.map.nentries).toBe(1);
  });

  it("extends the entry below it up to 131071 bytes, or 128 MiB for REALLOC of any tag", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.fixed(A + PAGE, PAGE);
    expect(m.map.nentries).toBe(1);
    m.fixed(A + 2 * PAGE, 6 * PAGE); // 8 pages are 131072 bytes
    expect(m.map.nentries).toBe(2);
    m.fixed(A + 8 * PAGE, 1000 * PAGE, vmMakeTag(VM_MEMORY_REALLOC));
    expect(m.map.nentries).toBe(2);
  });
});

describe("deallocate", () => {
  it("of a hole succeeds with a guard exception at the gap, and frees what lies around it", () => {
    const m = machWorld();
    expect(m.deallocate(A, PAGE)).toBe(KERN_SUCCESS);
    expect(m.gaps).toEqual([A]);
    m.fixed(A, PAGE);
    m.fixed(A + 2 * PAGE, PAGE);
    expect(m.deallocate(A, 3 * PAGE)).toBe(KERN_SUCCESS);
    expect(m.gaps).toEqual([A, A + PAGE]);
    expect(m.map.nentries).toBe(0);
  });

  it("beyond the end of the map succeeds, frees nothing, and names the end", () => {
    const m = machWorld();
    const last = MACH_VM_MAX_ADDRESS - PAGE;
    m.fixed(last, PAGE);
    expect(m.deallocate(last, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(m.map.nentries).toBe(1);
    expect(m.gaps).toEqual([MACH_VM_MAX_ADDRESS]);
  });

  it("of permanent memory succeeds and leaves it listed without rights", () => {
    const m = machWorld();
    m.fixed(A, PAGE, VM_FLAGS_PERMANENT);
    expect(m.deallocate(A, PAGE)).toBe(KERN_SUCCESS);
    expect(m.entry(A)).toMatchObject({ protection: VM_PROT_NONE, maxProtection: VM_PROT_NONE });
    expect(m.fixed(A, PAGE, VM_FLAGS_OVERWRITE)).toBe(-KERN_NO_SPACE);
  });
});

describe("protect", () => {
  it("of nothing takes any rights; of something no unknown ones", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.protect(A, 0, 0xff)).toBe(KERN_SUCCESS);
    expect(m.protect(A, PAGE, 0x20)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("of the whole address space from page 0 is a bad address, from page 1 a bad argument", () => {
    const m = machWorld();
    expect(m.protect(0, LAST_PAGE, R)).toBe(KERN_INVALID_ADDRESS);
    expect(m.protect(PAGE, 0xffff_ffff_ffff_bfffn, R)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("can only lower the maximum, and never asks for writable code", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.protect(A, PAGE, VM_PROT_ALL, true)).toBe(KERN_PROTECTION_FAILURE);
    expect(m.protect(A, PAGE, R, true)).toBe(KERN_SUCCESS);
    expect(m.entry(A).protection).toBe(R);
    expect(m.protect(A, PAGE, VM_PROT_WRITE)).toBe(KERN_PROTECTION_FAILURE);
    expect(m.protect(A, PAGE, RW, true)).toBe(KERN_PROTECTION_FAILURE);
  });

  it("finds what an entry denies before the hole behind it, and changes nothing", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.protect(A, PAGE, R, true);
    expect(m.protect(A, 2 * PAGE, RW)).toBe(KERN_PROTECTION_FAILURE);
    expect(m.protect(A, 2 * PAGE, VM_PROT_NONE)).toBe(KERN_INVALID_ADDRESS);
    expect(m.entry(A).protection).toBe(R);
  });

  it("does not make code writable; an alien policy drops the code instead", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.protect(A, PAGE, VM_PROT_ALL)).toBe(KERN_PROTECTION_FAILURE);
    m.map.isAlien = true;
    expect(m.protect(A, PAGE, VM_PROT_ALL)).toBe(KERN_SUCCESS);
    expect(m.entry(A).protection).toBe(RW);
  });
});

describe("inherit", () => {
  it("of a hole succeeds; an unknown value is refused, but not for nothing", () => {
    const m = machWorld();
    expect(m.inherit(A, PAGE, VM_INHERIT_NONE)).toBe(KERN_SUCCESS);
    expect(m.inherit(A, PAGE, 3)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.inherit(A, 0, 3)).toBe(KERN_SUCCESS);
  });

  it("leaves the pieces it made, where protect merges them again", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    m.inherit(A + PAGE, PAGE, VM_INHERIT_NONE);
    m.inherit(A + PAGE, PAGE, VM_INHERIT_COPY);
    expect(m.map.nentries).toBe(3);
    m.protect(A, 3 * PAGE, R);
    expect(m.map.nentries).toBe(1);
    m.protect(A + PAGE, PAGE, RW);
    expect(m.map.nentries).toBe(3);
    m.protect(A + PAGE, PAGE, R);
    expect(m.map.nentries).toBe(1);
  });
});

describe("behaviour, msync and attributes", () => {
  it("looks at the behaviour first, then the bounds, then holes", () => {
    const m = machWorld();
    expect(m.behavior(A, 0, 99)).toBe(KERN_INVALID_ARGUMENT);
    const last = MACH_VM_MAX_ADDRESS - PAGE;
    expect(m.behavior(last, 2 * PAGE, VM_BEHAVIOR_DEFAULT)).toBe(KERN_NO_SPACE);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_DEFAULT)).toBe(KERN_INVALID_ADDRESS);
  });

  it("msync of nothing takes both sync flags; holes are fine unless CONTIGUOUS", () => {
    const m = machWorld();
    expect(m.msync(A, 0, BOTH_SYNCS)).toBe(KERN_SUCCESS);
    expect(m.msync(A, PAGE, BOTH_SYNCS)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.msync(A, PAGE, VM_SYNC_SYNCHRONOUS)).toBe(KERN_SUCCESS);
    const contiguous = VM_SYNC_SYNCHRONOUS | VM_SYNC_CONTIGUOUS;
    expect(m.msync(A, PAGE, contiguous)).toBe(KERN_INVALID_ADDRESS);
  });

  it("a range that wraps is a bad address to msync and a bad argument to machine_attribute", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    const attribute = (at: number | bigint, size: number | bigint, what: number): number =>
      machVmMachineAttribute(m.map, rawU64(at), rawU64(size), what);
    expect(m.msync(A, LAST_PAGE, VM_SYNC_SYNCHRONOUS)).toBe(KERN_INVALID_ADDRESS);
    expect(attribute(A, LAST_PAGE, MATTR_CACHE)).toBe(KERN_INVALID_ARGUMENT);
    expect(attribute(A, PAGE, MATTR_MIGRATE)).toBe(KERN_INVALID_ADDRESS);
    expect(attribute(A, PAGE, MATTR_CACHE)).toBe(KERN_SUCCESS);
    expect(attribute(A, 2 * PAGE, MATTR_CACHE)).toBe(KERN_FAILURE);
    expect(attribute(MACH_VM_MAX_ADDRESS, PAGE, MATTR_CACHE)).toBe(KERN_INVALID_ADDRESS);
    expect(attribute(A, 0xffff_ffff_fffe_ffffn, MATTR_CACHE)).toBe(KERN_INVALID_ADDRESS);
    expect(attribute(A, 0, MATTR_MIGRATE)).toBe(KERN_SUCCESS);
  });
});

describe("wire", () => {
  it("above the map succeeds, at a hole does not, and a hole behind wired memory goes unnoticed", () => {
    const m = machWorld();
    expect(m.wire(MACH_VM_MAX_ADDRESS, PAGE)).toBe(KERN_SUCCESS);
    expect(m.wire(A, PAGE)).toBe(KERN_INVALID_ADDRESS);
    m.fixed(A, PAGE);
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_INVALID_ADDRESS);
    expect(counts(m)).toEqual([0, 0]);
    expect(m.wire(A, PAGE)).toBe(KERN_SUCCESS);
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(counts(m)).toEqual([1, 2]);
  });

  it("to write what may only be read fails, unless it is wired already", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.protect(A, PAGE, R);
    expect(m.wire(A, PAGE, VM_PROT_WRITE)).toBe(KERN_PROTECTION_FAILURE);
    expect(m.wire(A, PAGE, R)).toBe(KERN_SUCCESS);
    expect(m.wire(A, PAGE, VM_PROT_WRITE)).toBe(KERN_SUCCESS);
    expect(counts(m)).toEqual([1, 2]);
  });

  it("counts a user 65535 times and the pages once", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.wire(A, PAGE)).toBe(KERN_SUCCESS);
    m.entry(A).userWiredCount = 65534;
    expect(m.wire(A, PAGE)).toBe(KERN_SUCCESS);
    expect(m.wire(A, PAGE)).toBe(KERN_FAILURE);
    expect(counts(m)).toEqual([1, 65535]);
  });

  it("goes up to the limit exactly, and does not count what is wired already", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    m.map.userWireLimit = 2 * PAGE;
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(m.wire(A + 2 * PAGE, PAGE)).toBe(KERN_RESOURCE_SHORTAGE);
    expect(m.wire(A, 2 * PAGE)).toBe(KERN_SUCCESS);
  });

  it("wants a host, then a task, then looks at the size before the rights", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    const call = (host: boolean, map: typeof m.map | null, size: number, access: number): number =>
      m.w.run(machVmWire(host, map, rawU64(A), rawU64(size), rawProt(access)));
    expect(call(false, m.map, PAGE, R)).toBe(KERN_INVALID_HOST);
    expect(call(true, null, PAGE, R)).toBe(KERN_INVALID_TASK);
    expect(call(true, m.map, PAGE, 8)).toBe(KERN_INVALID_ARGUMENT);
    expect(call(true, m.map, 0, 8)).toBe(KERN_SUCCESS);
  });

  it("undone where nothing is wired is fine for a user, a bad start is not, the kernel panics", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.unwire(A, PAGE)).toBe(KERN_SUCCESS);
    expect(m.unwire(A + PAGE, PAGE)).toBe(KERN_INVALID_ADDRESS);
    expect(() => kernelUnwire(m, A)).toThrow(KernelPanic);
    const other = machWorld();
    expect(() => kernelUnwire(other, A)).toThrow(KernelPanic);
  });

  it("of the middle of untouched pages comes undone in one piece, of touched pages it does not", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    m.wire(A + PAGE, PAGE);
    expect(m.map.nentries).toBe(3);
    expect(new Set(Array.from(m.map.entries, (e) => e.object)).size).toBe(1);
    m.unwire(A + PAGE, PAGE);
    expect(m.map.nentries).toBe(1);

    const t = machWorld();
    t.fixed(A, 3 * PAGE);
    touch(t, A);
    t.wire(A + PAGE, PAGE);
    expect(new Set(Array.from(t.map.entries, (e) => e.object)).size).toBe(2);
    t.unwire(A + PAGE, PAGE);
    expect(t.map.nentries).toBe(3);
  });

  it("and extract refuses memory that would have to change, but not after one wiring", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    const extract = (at: number): unknown =>
      m.w.run(vmMapWireAndExtract(m.map, rawU64(at), rawProt(R), true));
    expect(extract(A)).toEqual({ kr: KERN_INVALID_ARGUMENT, ppn: 0 });
    touch(m, A);
    expect(extract(A)).toEqual({ kr: KERN_INVALID_ARGUMENT, ppn: 0 });
    m.wire(A, PAGE);
    m.unwire(A, PAGE);
    expect(extract(A)).toEqual({ kr: KERN_SUCCESS, ppn: m.w.frameAt(m.map, A) });
    expect(extract(MACH_VM_MAX_ADDRESS)).toEqual({ kr: KERN_SUCCESS, ppn: 0 });
  });

  it("of the kernel and of users is counted apart", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    kernelWire(m, A);
    kernelWire(m, A);
    m.wire(A, PAGE);
    expect(counts(m)).toEqual([3, 1]);
    m.unwire(A, PAGE);
    expect(counts(m)).toEqual([2, 0]);
    expect(m.unwire(A, PAGE)).toBe(KERN_SUCCESS);
    expect(counts(m)).toEqual([2, 0]);
  });
});
