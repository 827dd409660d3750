import { describe, expect, it } from "vitest";
import {
  machVmRemap,
  machVmRemapNew,
  rawInherit,
  rawProt,
  rawU64,
  type RemapArguments,
} from "../../../vm/mach-vm.js";
import { vmMapDeallocate, vmMapTerminate } from "../../../vm/map/lifecycle.js";
import { vmMapReference, type VmMap } from "../../../vm/map/map.js";
import { MEMORY_OBJECT_COPY_DELAY } from "../../../vm/object/object.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  KERN_TERMINATED,
  MACH_VM_MAX_ADDRESS,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_FIXED,
  VM_FLAGS_OVERWRITE,
  VM_FLAGS_RESILIENT_CODESIGN,
  VM_FLAGS_RESILIENT_MEDIA,
  VM_FLAGS_RETURN_DATA_ADDR,
  VM_INHERIT_NONE,
  VM_PROT_ALL,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  vmMakeTag,
} from "../../../vm/types.js";
import { PAGE } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "./mach-world.js";

const A = 0x10000;
const B = 0x100000;
const READ_WRITE = VM_PROT_READ | VM_PROT_WRITE;

type Overrides = Partial<
  Omit<RemapArguments, "address" | "size" | "sourceAddress" | "inheritance">
> & {
  inheritance?: number;
  address?: number;
  size?: number | bigint;
  sourceAddress?: number;
};

function argumentsOf(m: MachWorld, change: Overrides): RemapArguments {
  return {
    mask: rawU64(0),
    flags: VM_FLAGS_FIXED,
    sourceMap: m.map,
    copy: false,
    ...change,
    inheritance: rawInherit(change.inheritance ?? VM_INHERIT_NONE),
    address: rawU64(change.address ?? B),
    size: rawU64(change.size ?? PAGE),
    sourceAddress: rawU64(change.sourceAddress ?? A),
  };
}

function remap(m: MachWorld, change: Overrides = {}, map: VmMap = m.map): unknown {
  return m.w.run(machVmRemap(map, argumentsOf(m, change)));
}

function remapNew(m: MachWorld, cur: number, max: number, change: Overrides = {}): unknown {
  return m.w.run(machVmRemapNew(m.map, argumentsOf(m, change), rawProt(cur), rawProt(max)));
}

const refused = (kr: number): unknown => ({ kr });

describe("mach_vm_remap: arguments", () => {
  it("refuses tags, odd flags, no map, no size, unknown inheritance", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    const invalid = refused(KERN_INVALID_ARGUMENT);
    expect(remap(m, { flags: vmMakeTag(1) })).toEqual(invalid);
    expect(remap(m, { sourceMap: null })).toEqual(invalid);
    expect(remap(m, { size: 0 })).toEqual(invalid);
    expect(remap(m, { inheritance: 3 })).toEqual(invalid);
    expect(remap(m, { size: 0xffff_ffff_ffff_ffffn })).toEqual(invalid);
    expect(remap(m, { flags: VM_FLAGS_RESILIENT_MEDIA })).toEqual(invalid);
  });

  it("fails at a hole of the source and where the target is taken or outside", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(remap(m, { size: 2 * PAGE })).toEqual(refused(KERN_INVALID_ADDRESS));
    expect(remap(m, { address: A })).toEqual(refused(KERN_NO_SPACE));
    const last = MACH_VM_MAX_ADDRESS;
    expect(remap(m, { address: last })).toEqual(refused(KERN_INVALID_ADDRESS));
    expect(m.map.nentries).toBe(1);
  });

  it("says terminated for a source that is", () => {
    const m = machWorld();
    const other = m.w.newMap();
    m.w.allocateAt(other, A, PAGE);
    vmMapReference(other);
    m.w.run(vmMapTerminate(other));
    expect(remap(m, { sourceMap: other })).toEqual(refused(KERN_TERMINATED));
    m.w.run(vmMapDeallocate(other));
  });
});

describe("sharing", () => {
  it("maps the same memory twice, with the same rights", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    expect(remap(m)).toEqual({ kr: KERN_SUCCESS, address: B, cur: READ_WRITE, max: VM_PROT_ALL });
    m.w.write(m.map, B, [2]);
    expect(m.w.read(m.map, A, 1)).toEqual(new Uint8Array([2]));
    const object = m.w.objectAt(m.map, A);
    expect(m.w.objectAt(m.map, B)).toBe(object);
    expect([object.refCount, object.copyStrategy, object.trueShare]).toEqual([
      2,
      MEMORY_OBJECT_COPY_DELAY,
      true,
    ]);
    expect([m.entry(A).isShared, m.entry(B).isShared]).toEqual([true, true]);
    expect(m.entry(B).inheritance).toBe(VM_INHERIT_NONE);
  });

  it("leaves the source entry in one piece", () => {
    const m = machWorld();
    m.fixed(A, 4 * PAGE);
    expect(remap(m, { sourceAddress: A + PAGE })).toMatchObject({ kr: KERN_SUCCESS });
    expect(m.ranges()).toEqual([
      [A, A + 4 * PAGE],
      [B, B + PAGE],
    ]);
    expect(m.entry(B).offset).toBe(PAGE);
  });

  it("reaches another task, and ends a pending copy first", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    const child = m.w.fork(m.map);
    const other = m.w.newMap();
    expect(remap(m, {}, other)).toMatchObject({ kr: KERN_SUCCESS, address: B });
    m.w.write(m.map, A, [2]);
    expect(m.w.read(other, B, 1)).toEqual(new Uint8Array([2]));
    expect(m.w.read(child, A, 1)).toEqual(new Uint8Array([1]));
  });

  it("does not share wirings", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.wire(A, PAGE);
    remap(m);
    expect([m.entry(A).wiredCount, m.entry(B).wiredCount]).toEqual([1, 0]);
    m.w.write(m.map, B, [1]);
    expect(m.w.read(m.map, A, 1)).toEqual(new Uint8Array([1]));
  });

  it("reports the rights all of it has and keeps each entry's own", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.protect(A + PAGE, PAGE, VM_PROT_READ, true);
    const both = remap(m, { size: 2 * PAGE });
    expect(both).toEqual({ kr: KERN_SUCCESS, address: B, cur: VM_PROT_READ, max: VM_PROT_READ });
    expect([m.entry(B).protection, m.entry(B + PAGE).protection]).toEqual([3, 1]);
  });

  it("of a reservation without rights is a reservation", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.protect(A, PAGE, VM_PROT_NONE, true);
    expect(remap(m)).toEqual({ kr: KERN_SUCCESS, address: B, cur: 0, max: 0 });
    expect(m.entry(B).object).toBe(null);
  });
});

describe("copying", () => {
  it("gives the copy what the source holds now", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.w.write(m.map, A, [1]);
    expect(remap(m, { copy: true, size: 2 * PAGE })).toMatchObject({ kr: KERN_SUCCESS });
    expect(m.entry(A).needsCopy).toBe(false);
    expect(m.w.objectAt(m.map, A).copyStrategy).toBe(MEMORY_OBJECT_COPY_DELAY);
    m.w.write(m.map, A, [2]);
    expect(m.w.read(m.map, B, 1)).toEqual(new Uint8Array([1]));
    m.w.write(m.map, B, [3]);
    expect(m.w.read(m.map, A, 1)).toEqual(new Uint8Array([2]));
  });

  it("copies wired memory at once", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    m.wire(A, PAGE);
    remap(m, { copy: true });
    expect(m.entry(B)).toMatchObject({ needsCopy: false, wiredCount: 0 });
    m.w.write(m.map, A, [2]);
    expect(m.w.read(m.map, B, 1)).toEqual(new Uint8Array([1]));
  });

  it("may replace its own source", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    const over = { copy: true, address: A, flags: VM_FLAGS_OVERWRITE };
    expect(remap(m, over)).toMatchObject({ kr: KERN_SUCCESS, address: A });
    expect(m.w.read(m.map, A, 1)).toEqual(new Uint8Array([1]));
    expect(m.map.nentries).toBe(1);
  });

  it("can only be read when it must not be checked for signatures", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    const flags = VM_FLAGS_RESILIENT_CODESIGN;
    expect(remap(m, { copy: true, flags })).toMatchObject({ cur: 1, max: 1 });
    expect(m.entry(B)).toMatchObject({ protection: 1, maxProtection: 1, resilientCodesign: true });
  });
});

describe("the source range", () => {
  it("is counted from its page, or covers every byte with RETURN_DATA_ADDR", () => {
    const m = machWorld();
    m.fixed(0x4000, 4 * PAGE);
    const odd = { sourceAddress: 0x7ff0, size: 0x20 };
    expect(remap(m, odd)).toMatchObject({ address: B });
    expect(m.ranges()[1]).toEqual([B, B + PAGE]);
    const flags = VM_FLAGS_ANYWHERE | VM_FLAGS_RETURN_DATA_ADDR;
    expect(remap(m, { ...odd, flags, address: 0 })).toMatchObject({ address: 0x14000 + 0x3ff0 });
    expect(m.ranges()[1]).toEqual([0x14000, 0x1c000]);
  });
});

describe("mach_vm_remap_new", () => {
  it("gives exactly the rights asked for, if the source has them", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.protect(A, PAGE, VM_PROT_READ, true);
    expect(remapNew(m, 3, 3)).toEqual(refused(KERN_PROTECTION_FAILURE));
    expect(remapNew(m, 1, 1)).toEqual({ kr: KERN_SUCCESS, address: B, cur: 1, max: 1 });
    const copy = { copy: true, address: B + PAGE };
    expect(remapNew(m, 3, 3, copy)).toMatchObject({ kr: KERN_SUCCESS, cur: 3, max: 3 });
    expect(m.w.write(m.map, B + PAGE, [1])).toBe(KERN_SUCCESS);
  });

  it("refuses unknown rights, more now than ever, and writable code", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(remapNew(m, 3, 1)).toEqual(refused(KERN_INVALID_ARGUMENT));
    expect(remapNew(m, 8, 8)).toEqual(refused(KERN_INVALID_ARGUMENT));
    expect(remapNew(m, 0, 6)).toEqual(refused(KERN_PROTECTION_FAILURE));
  });
});
