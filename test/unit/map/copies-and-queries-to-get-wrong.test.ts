import { describe, expect, it } from "vitest";
import {
  machMakeMemoryEntry64,
  machVmAllocate,
  machVmPageInfo,
  machVmPageQuery,
  machVmPurgableControl,
  machVmRead,
  machVmReadList,
  machVmRegion,
  machVmRemap,
  machVmRemapNew,
  machVmWrite,
  rawInherit,
  rawProt,
  rawU64,
  VM_REGION_BASIC_INFO_64,
} from "../../../vm/mach-vm.js";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapCreate } from "../../../vm/map/lifecycle.js";
import { convertPortEntryToMap, VmNamedEntry } from "../../../vm/map/named-entry.js";
import {
  VM_PURGABLE_GET_STATE,
  VM_PURGABLE_PURGE_ALL,
  VM_PURGABLE_SET_STATE,
  VM_PURGABLE_SET_STATE_FROM_KERNEL,
} from "../../../vm/object/purgeable.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_VALUE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  MAP_MEM_NAMED_CREATE,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_FIXED,
  VM_FLAGS_PURGABLE,
  VM_FLAGS_RETURN_DATA_ADDR,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  vmMakeTag,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "./mach-world.js";

const A = 0x10000;
const R = VM_PROT_READ;
const RW = VM_PROT_DEFAULT;
const LAST_PAGE = 0xffff_ffff_ffff_ffffn;

function touch(m: MachWorld, at: number, pages = 1): void {
  for (let i = 0; i < pages; i++) {
    expect(m.w.write(m.map, at + i * PAGE, [i + 1])).toBe(KERN_SUCCESS);
  }
}

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
