import { describe, expect, it } from "vitest";
import {
  machMakeMemoryEntry64,
  machVmAllocate,
  machVmMachineAttribute,
  machVmPageInfo,
  machVmPageQuery,
  machVmPurgableControl,
  machVmRead,
  machVmReadList,
  machVmRegion,
  machVmRemap,
  machVmRemapNew,
  machVmWire,
  machVmWrite,
  rawInherit,
  rawProt,
  rawU64,
  VM_REGION_BASIC_INFO_64,
} from "../../../vm/mach-vm.js";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { MATTR_CACHE, MATTR_MIGRATE } from "../../../vm/map/machine-attribute.js";
import { vmMapCreate } from "../../../vm/map/lifecycle.js";
import { convertPortEntryToMap, VmNamedEntry } from "../../../vm/map/named-entry.js";
import { vmMapUnwireNested } from "../../../vm/map/unwire.js";
import { vmMapWireAndExtract, vmMapWireNested } from "../../../vm/map/wire.js";
import {
  VM_PURGABLE_GET_STATE,
  VM_PURGABLE_PURGE_ALL,
  VM_PURGABLE_SET_STATE,
  VM_PURGABLE_SET_STATE_FROM_KERNEL,
} from "../../../vm/object/purgeable.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_HOST,
  KERN_INVALID_TASK,
  KERN_INVALID_VALUE,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  KernelPanic,
  MACH_VM_MAX_ADDRESS,
  MAP_MEM_NAMED_CREATE,
  VM_BEHAVIOR_DEFAULT,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_FIXED,
  VM_FLAGS_OVERWRITE,
  VM_FLAGS_PERMANENT,
  VM_FLAGS_PURGABLE,
  VM_FLAGS_RETURN_DATA_ADDR,
  VM_INHERIT_COPY,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  VM_MEMORY_MALLOC,
  VM_MEMORY_REALLOC,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_EXECUTE,
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

describe("read and write", () => {
  const readKr = (m: MachWorld, at: number | bigint, size: number | bigint): number => {
    const read = m.w.finish(machVmRead(m.map, rawU64(at), rawU64(size)));
    if ("copy" in read) m.w.discard(read.copy);
    return read.kr;
  };

  it("an unreadable range is a bad address to a small copy and a denial to a large one", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    m.protect(A, 3 * PAGE, VM_PROT_NONE);
    expect(readKr(m, A, 0x8000)).toBe(KERN_INVALID_ADDRESS);
    expect(readKr(m, A, 0x8001)).toBe(KERN_PROTECTION_FAILURE);
  });

  it("a read-only destination likewise, by the kind of the copy", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    m.fixed(0x100000, PAGE);
    m.protect(0x100000, PAGE, R);
    const buffer = m.w.copyinBuffer(m.map, A, PAGE);
    const list = m.w.copyinList(m.map, A, PAGE, 4);
    for (const [copy, kr] of [
      [buffer, KERN_INVALID_ADDRESS],
      [list, KERN_PROTECTION_FAILURE],
    ] as const) {
      const write = machVmWrite(m.map, rawU64(0x100000), copy, rawU64(PAGE));
      m.w.copies.delete(copy);
      expect(m.w.run(write)).toBe(kr);
    }
  });

  it("of 4 GiB is refused, and of a range across the halves a bad address", () => {
    const m = machWorld();
    expect(readKr(m, A, 2n ** 32n)).toBe(KERN_INVALID_ARGUMENT);
    expect(readKr(m, 2n ** 48n - 0x4000n, 0x8000)).toBe(KERN_INVALID_ADDRESS);
  });

  it("a list returns its last element's code, and keeps what succeeded", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    const good = { address: rawU64(A), size: rawU64(100) };
    const bad = { address: rawU64(0x800000), size: rawU64(100) };
    const run = (...list: (typeof good)[]): { kr: number; sizes: number[] } => {
      const read = m.w.run(machVmReadList(m.map, list, m.map));
      return { kr: read.kr, sizes: read.list.map(({ size }) => size) };
    };
    expect(run(bad, good)).toEqual({ kr: KERN_SUCCESS, sizes: [0, 100] });
    expect(run(good, bad)).toEqual({ kr: KERN_INVALID_ADDRESS, sizes: [100, 0] });
  });

  it("a small copy comes out page-aligned, a large one keeps its place in the page", () => {
    const m = machWorld();
    m.fixed(0x8000, 4 * PAGE);
    touch(m, 0x8000, 4);
    const small = m.w.copyinBuffer(m.map, 0x8ff8, 0x10);
    const large = m.w.copyinList(m.map, 0x8ff8, 0x8001);
    m.deallocate(0x8000, 4 * PAGE);
    expect(m.w.copyout(m.map, small).address % PAGE).toBe(0);
    const { address } = m.w.copyout(m.map, large);
    expect(address % PAGE).toBe(0xff8);
    expect(m.w.read(m.map, address - 0xff8 + PAGE, 1)).toEqual(Uint8Array.of(2));
  });
});

describe("mach_vm_map and remap", () => {
  it("cut the current rights down to the maximum, or refuse them", () => {
    const m = machWorld();
    expect(m.vmMap({ address: A, size: PAGE, cur: VM_PROT_ALL, max: RW })).toBe(A);
    expect(m.entry(A)).toMatchObject({ protection: RW, maxProtection: RW });
    const args = remapArguments(m, A, PAGE, 0);
    const made = m.w.run(machVmRemapNew(m.map, args, rawProt(RW), rawProt(R)));
    expect(made.kr).toBe(KERN_INVALID_ARGUMENT);
  });

  function remapArguments(m: MachWorld, at: number, size: number, flags: number) {
    return {
      address: rawU64(0x800000),
      size: rawU64(size),
      mask: rawU64(0),
      flags: VM_FLAGS_FIXED | flags,
      sourceMap: m.map,
      sourceAddress: rawU64(at),
      copy: false,
      inheritance: rawInherit(VM_INHERIT_COPY),
    };
  }

  it("no tag and no empty range may be remapped; an odd one may lose its last page", () => {
    const m = machWorld();
    m.fixed(PAGE, 4 * PAGE);
    const remap = (at: number, size: number, flags: number): unknown => {
      const made = m.w.run(machVmRemap(m.map, remapArguments(m, at, size, flags)));
      return made.kr === KERN_SUCCESS ? made.address : -made.kr;
    };
    expect(remap(PAGE, PAGE, vmMakeTag(1))).toBe(-KERN_INVALID_ARGUMENT);
    expect(remap(PAGE, 0, 0)).toBe(-KERN_INVALID_ARGUMENT);
    expect(remap(0x7ff0, 0x20, 0)).toBe(0x800000);
    expect(m.entry(0x800000).end).toBe(0x800000 + PAGE);
    m.deallocate(0x800000, PAGE);
    expect(remap(0x7ff0, 0x20, VM_FLAGS_RETURN_DATA_ADDR)).toBe(0x800000 + 0x3ff0);
    expect(m.entry(0x800000).end).toBe(0x800000 + 2 * PAGE);
  });
});

describe("queries", () => {
  it("know nothing of a hole, and call the last page of all a bad address", () => {
    const m = machWorld();
    const info = machVmPageInfo(m.map, rawU64(A), 1, 8);
    expect(info).toMatchObject({ kr: KERN_SUCCESS, disposition: 0, refCount: 0, objectId: 0 });
    expect(machVmPageQuery(m.map, rawU64(LAST_PAGE)).kr).toBe(KERN_INVALID_ADDRESS);
  });

  it("a region is the next one above a gap; submaps are marked, not shared", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    const submap = vmMapCreate(m.w.system, null, va(0), va(16 * PAGE));
    const address = va(A + 2 * PAGE);
    const request = { address, size: PAGE, flags: vmkFlagsFixed(), submap };
    expect(m.w.run(vmMapEnter(m.map, request)).kr).toBe(KERN_SUCCESS);
    const region = (at: number): unknown => {
      const found = machVmRegion(m.map, rawU64(at), VM_REGION_BASIC_INFO_64, 9);
      if (found.kr !== KERN_SUCCESS || found.flavor !== "basic") return found.kr;
      return [found.address, found.info.reserved, found.info.shared];
    };
    expect(region(PAGE)).toEqual([A, false, false]);
    expect(region(A + PAGE)).toEqual([A + 2 * PAGE, true, false]);
    expect(region(A + 3 * PAGE)).toBe(KERN_INVALID_ADDRESS);
  });
});

describe("fork", () => {
  it("gives a wired entry's child its own pages, and shares what is to be shared", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.fixed(0x20000, PAGE);
    touch(m, A);
    touch(m, 0x20000);
    m.inherit(0x20000, PAGE, VM_INHERIT_SHARE);
    m.wire(A, PAGE);
    const child = m.w.fork(m.map);
    const entry = m.w.entryAt(child, A);
    expect([entry?.wiredCount, entry?.userWiredCount]).toEqual([0, 0]);
    m.w.write(m.map, A, [50]);
    m.w.write(child, 0x20000, [60]);
    expect(m.w.read(child, A, 1)).toEqual(Uint8Array.of(1));
    expect(m.w.read(m.map, 0x20000, 1)).toEqual(Uint8Array.of(60));
    m.w.write(m.map, 0x20000, [70]);
    expect(m.w.read(child, 0x20000, 1)).toEqual(Uint8Array.of(70));
  });
});

describe("purgeable memory", () => {
  const control = (m: MachWorld, at: number, what: number, state = 0): unknown => {
    const result = machVmPurgableControl(m.map, rawU64(at), what, state);
    m.w.check();
    return result.kr === KERN_SUCCESS ? ["state", result.state] : result.kr;
  };

  it("is the only memory that can be controlled", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    touch(m, A);
    expect(control(m, A, VM_PURGABLE_GET_STATE)).toBe(KERN_INVALID_ARGUMENT);
    expect(control(m, 0x800000, VM_PURGABLE_GET_STATE)).toBe(KERN_INVALID_ADDRESS);
    expect(control(m, 0x800000, 9)).toBe(KERN_INVALID_ARGUMENT);
    expect(control(m, 0x800000, VM_PURGABLE_PURGE_ALL)).toEqual(["state", 0]);
  });

  it("is set where it may be written, and asked anywhere", () => {
    const m = machWorld();
    const at = m.anywhere(2 * PAGE, VM_FLAGS_PURGABLE);
    m.protect(at, 2 * PAGE, R);
    expect(control(m, at, VM_PURGABLE_SET_STATE, 1)).toBe(KERN_PROTECTION_FAILURE);
    expect(control(m, at, VM_PURGABLE_GET_STATE)).toEqual(["state", 0]);
    expect(control(m, at, VM_PURGABLE_SET_STATE_FROM_KERNEL, 1)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("stays empty when an empty one is to be volatile, and never denies", () => {
    const m = machWorld();
    const at = m.anywhere(PAGE, VM_FLAGS_PURGABLE);
    touch(m, at);
    expect(control(m, at, VM_PURGABLE_SET_STATE, 1)).toEqual(["state", 0]);
    expect(control(m, at, VM_PURGABLE_PURGE_ALL)).toEqual(["state", 0]);
    expect(control(m, at, VM_PURGABLE_SET_STATE, 1)).toEqual(["state", 2]);
    expect(control(m, at, VM_PURGABLE_GET_STATE)).toEqual(["state", 2]);
    expect(control(m, at, VM_PURGABLE_SET_STATE, 3)).toBe(KERN_INVALID_ARGUMENT);
    expect(control(m, at, VM_PURGABLE_SET_STATE, 0x20000)).toBe(KERN_INVALID_ARGUMENT);
    expect(control(m, at, VM_PURGABLE_SET_STATE, 0)).toEqual(["state", 2]);
    expect(m.w.read(m.map, at, 1)).toEqual(Uint8Array.of(0));
  });
});

describe("handles", () => {
  it("with an unknown permission bit are refused; of nothing there is none", () => {
    const m = machWorld();
    const make = (size: number, perm: number): unknown =>
      m.w.run(machMakeMemoryEntry64(m.map, rawU64(size), rawU64(0), rawProt(perm), null));
    expect(make(PAGE, 0x100 | RW)).toEqual({ kr: KERN_INVALID_VALUE, size: 0, entry: null });
    const created = make(0, MAP_MEM_NAMED_CREATE | RW);
    expect(created).toEqual({ kr: KERN_SUCCESS, size: 0, entry: null });
  });

  it("that do not name a writable submap name no map, and nothing is allocated in none", () => {
    const m = machWorld();
    const submap = vmMapCreate(m.w.system, null, va(0), va(16 * PAGE));
    const readOnly = new VmNamedEntry({ kind: "submap", map: submap }, 0, PAGE, R);
    const map = convertPortEntryToMap({ kind: "namedEntry", entry: readOnly });
    expect(map).toBeNull();
    const made = m.w.run(machVmAllocate(map, rawU64(0), rawU64(PAGE), VM_FLAGS_ANYWHERE));
    expect(made.kr).toBe(KERN_INVALID_ARGUMENT);
  });
});

describe("code", () => {
  it("is not wired for users", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.protect(A, PAGE, R | VM_PROT_EXECUTE);
    expect(m.wire(A, PAGE)).toBe(KERN_PROTECTION_FAILURE);
  });
});
