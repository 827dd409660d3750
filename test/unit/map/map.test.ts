import { describe, expect, it } from "vitest";
import { rawU64 } from "../../../vm/mach-vm.js";
import { vmMapEnterMemObject } from "../../../vm/map/enter-mem-object.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapCreate, vmMapDeallocate } from "../../../vm/map/lifecycle.js";
import {
  convertPortEntryToMap,
  convertPortToMap,
  convertPortToMapInspect,
  convertPortToMapRead,
  VmNamedEntry,
  vmNamedEntryRelease,
} from "../../../vm/map/named-entry.js";
import {
  vmObjectAllocate,
  vmObjectDeallocate,
  vmObjectReference,
} from "../../../vm/object/index.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_RIGHT,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  KernelPanic,
  MACH_VM_MAX_ADDRESS,
  VM_FLAGS_ANYWHERE,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_ALL,
  VM_PROT_IS_MASK,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld } from "./mach-world.js";

const A = 0x10000;
const READ_WRITE = VM_PROT_READ | VM_PROT_WRITE;

describe("mach_vm_map of anonymous memory", () => {
  it("refuses zero bytes, ranges that wrap, unknown rights and inheritance", () => {
    const m = machWorld();
    const invalid = -KERN_INVALID_ARGUMENT;
    expect(m.vmMap({ address: A, size: 0 })).toBe(invalid);
    expect(m.vmMap({ flags: VM_FLAGS_ANYWHERE, size: 0 })).toBe(invalid);
    expect(m.vmMap({ address: 0xffff_ffff_ffff_0000n, size: 0x2_0000 })).toBe(invalid);
    expect(m.vmMap({ address: A, size: PAGE, cur: 8 })).toBe(invalid);
    expect(m.vmMap({ address: A, size: PAGE, max: 0x20 })).toBe(invalid);
    expect(m.vmMap({ address: A, size: PAGE, inheritance: 3 })).toBe(invalid);
    expect(m.vmMap({ address: A, size: PAGE, flags: 0x100 })).toBe(invalid);
  });

  it("cuts the current protection down to the maximum", () => {
    const m = machWorld();
    expect(m.vmMap({ address: A, size: PAGE, cur: VM_PROT_ALL, max: READ_WRITE })).toBe(A);
    expect(m.entry(A)).toMatchObject({ protection: 3, maxProtection: 3 });
    expect(m.vmMap({ address: 2 * A, size: PAGE, cur: 7 })).toBe(-KERN_PROTECTION_FAILURE);
  });

  it("adds reading to executing", () => {
    const m = machWorld();
    m.vmMap({ address: A, size: PAGE, cur: 4 });
    expect(m.entry(A).protection).toBe(5);
  });

  it("takes an address down to its page and never wraps its search around", () => {
    const m = machWorld();
    expect(m.vmMap({ address: A + 3, size: PAGE })).toBe(A);
    expect(m.vmMap({ address: A, size: PAGE })).toBe(-KERN_NO_SPACE);
    const max = MACH_VM_MAX_ADDRESS;
    expect(m.vmMap({ address: max, size: PAGE })).toBe(-KERN_INVALID_ADDRESS);
    const flags = VM_FLAGS_ANYWHERE;
    expect(m.vmMap({ flags, address: A + 3, size: PAGE })).toBe(A + PAGE);
    expect(m.vmMap({ flags, address: max, size: PAGE })).toBe(-KERN_NO_SPACE);
    expect(m.vmMap({ flags, address: max - PAGE, size: 2 * PAGE })).toBe(-KERN_NO_SPACE);
    expect(m.vmMap({ flags, address: max - PAGE, size: PAGE })).toBe(max - PAGE);
  });

  it("honours any mask", () => {
    const m = machWorld();
    const flags = VM_FLAGS_ANYWHERE;
    const at = (mask: number | bigint): number =>
      m.vmMap({ flags, size: PAGE, mask: rawU64(mask) });
    expect(at(0xfffff)).toBe(0x100000);
    expect(at(0x4000)).toBe(0x8000); // just this bit clear
    expect(at(0xffff_ffff_ffff_ffffn)).toBe(-KERN_NO_SPACE);
    expect(m.vmMap({ address: A, size: PAGE, mask: rawU64(0x1ffff) })).toBe(-KERN_NO_SPACE);
  });
});

describe("mapping an object", () => {
  it("shares it, and takes over the reference only on success", () => {
    const m = machWorld();
    const object = m.w.hold(vmObjectAllocate(m.w.system, 2 * PAGE));
    const enter = (): number =>
      m.w.finish(
        vmMapEnterMemObject(
          m.map,
          { address: va(A), size: PAGE, flags: vmkFlagsFixed() },
          object,
          PAGE,
          false,
          READ_WRITE,
          VM_PROT_ALL,
          VM_INHERIT_SHARE,
        ),
      ).kr;
    expect(enter()).toBe(KERN_SUCCESS); // with the reference of vmObjectAllocate
    m.w.check();
    expect(object.refCount).toBe(2);
    expect(m.entry(A)).toMatchObject({ offset: PAGE, inheritance: VM_INHERIT_SHARE });
    m.w.write(m.map, A, [1]);
    expect(object.pages.has(1)).toBe(true);

    vmObjectReference(object);
    expect(enter()).toBe(KERN_NO_SPACE);
    expect(object.refCount).toBe(3);
    vmObjectDeallocate(object);
    m.w.release(object);
  });

  it("of which a private copy does not see later changes", () => {
    const m = machWorld();
    const object = m.w.hold(vmObjectAllocate(m.w.system, PAGE));
    const place = (address: number, copy: boolean): number =>
      m.w.finish(
        vmMapEnterMemObject(
          m.map,
          { address: va(address), size: PAGE, flags: vmkFlagsFixed() },
          object,
          0,
          copy,
          READ_WRITE,
          VM_PROT_ALL,
          VM_INHERIT_COPY,
        ),
      ).kr;
    expect(place(A, false)).toBe(KERN_SUCCESS);
    object.copyStrategy = 2; // delayed copies, as files are copied
    m.w.write(m.map, A, [1]);
    vmObjectReference(object);
    expect(place(2 * A, true)).toBe(KERN_SUCCESS);
    m.w.check();
    m.w.write(m.map, A, [2]);
    expect(m.w.read(m.map, 2 * A, 1)).toEqual(new Uint8Array([1]));
    m.w.write(m.map, 2 * A, [3]);
    expect(m.w.read(m.map, A, 1)).toEqual(new Uint8Array([2]));
    m.w.release(object);
  });
});

describe("named entries", () => {
  it("give what they have, and no more", () => {
    const m = machWorld();
    const object = vmObjectAllocate(m.w.system, 4 * PAGE);
    const entry = new VmNamedEntry({ kind: "object", object }, PAGE, 2 * PAGE, VM_PROT_READ);
    m.w.hold(object);
    object.refCount -= 1; // the entry's reference is the one the world knows of
    const map = (change: Parameters<typeof m.vmMap>[0]): number => m.vmMap({ entry, ...change });
    expect(map({ address: A, size: PAGE })).toBe(-KERN_INVALID_RIGHT);
    expect(map({ address: A, size: PAGE, cur: 1, max: 1 })).toBe(A);
    expect(m.entry(A).offset).toBe(PAGE);
    const beyond = { size: 2 * PAGE, offset: rawU64(PAGE), cur: 1, max: 1 };
    expect(map({ address: 2 * A, ...beyond })).toBe(-KERN_INVALID_ARGUMENT);
    const mask = { cur: READ_WRITE | VM_PROT_IS_MASK, max: VM_PROT_ALL | VM_PROT_IS_MASK };
    expect(map({ address: 2 * A, size: PAGE, ...mask })).toBe(2 * A);
    expect(m.entry(2 * A)).toMatchObject({ protection: 1, maxProtection: 1 });
    m.w.objects.delete(object);
    m.w.run(vmNamedEntryRelease(entry));
  });
});

describe("ports", () => {
  it("name a map to allocate in if they are a living task's control port", () => {
    const m = machWorld();
    const task = { kind: "task", active: true, isCorpse: false, map: m.map } as const;
    expect(convertPortToMap({ ...task, flavor: "control" })).toBe(m.map);
    expect(convertPortEntryToMap({ ...task, flavor: "control" })).toBe(m.map);
    expect(m.map.refCount).toBe(3);
    expect(convertPortToMap({ ...task, flavor: "read" })).toBe(null);
    expect(convertPortToMap({ ...task, flavor: "control", active: false })).toBe(null);
    expect(convertPortEntryToMap({ kind: "other" })).toBe(null);
    expect(convertPortEntryToMap(null)).toBe(null);
    m.w.run(vmMapDeallocate(m.map));
    m.w.run(vmMapDeallocate(m.map));
    m.w.run(vmMapDeallocate(null));
    expect(m.map.refCount).toBe(1);
  });

  it("may be read with a read port, also after death, and never inspected", () => {
    const m = machWorld();
    const corpse = { kind: "task", active: false, isCorpse: true, map: m.map } as const;
    expect(convertPortToMapRead({ ...corpse, flavor: "read" })).toBe(m.map);
    expect(convertPortToMapRead({ ...corpse, flavor: "inspect" })).toBe(null);
    expect(convertPortToMapRead({ ...corpse, isCorpse: false, flavor: "read" })).toBe(null);
    expect(convertPortToMapInspect()).toBe(null);
    m.w.run(vmMapDeallocate(m.map));
  });

  it("name the map of a writable submap entry only", () => {
    const m = machWorld();
    const map = vmMapCreate(m.w.system, null, va(0), va(16 * PAGE));
    const entry = (protection: number): VmNamedEntry =>
      new VmNamedEntry({ kind: "submap", map }, 0, 16 * PAGE, protection);
    expect(convertPortEntryToMap({ kind: "namedEntry", entry: entry(READ_WRITE) })).toBe(map);
    expect(map.refCount).toBe(2);
    expect(convertPortEntryToMap({ kind: "namedEntry", entry: entry(VM_PROT_READ) })).toBe(null);
  });

  it("must not name the kernel's map", () => {
    const m = machWorld();
    const map = m.w.system.kernelMap;
    const port = { kind: "task", active: true, isCorpse: false, flavor: "control", map } as const;
    expect(() => convertPortToMap(port)).toThrow(KernelPanic);
  });
});
