import { describe, expect, it } from "vitest";
import { vmMapFork } from "../../../vm/map/fork.js";
import type { VmMap } from "../../../vm/map/map.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_SYMMETRIC,
} from "../../../vm/object/object.js";
import {
  KERN_SUCCESS,
  VM_FLAGS_PERMANENT,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  VM_MEMORY_MALLOC,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  vmMakeTag,
} from "../../../vm/types.js";
import { PAGE } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "./mach-world.js";

const A = 0x10000;
const READ_WRITE = VM_PROT_READ | VM_PROT_WRITE;

function first(m: MachWorld, map: VmMap, address = A): number {
  const bytes = m.w.read(map, address, 1);
  if (typeof bytes === "number") throw new Error(`read failed: ${bytes}`);
  return bytes[0] ?? -1;
}

describe("vm_map_fork: the map", () => {
  it("has the parent's bounds and limits, and a pmap with nothing in it", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    m.map.userWireLimit = 5 * PAGE;
    m.map.sizeLimit = 9 * PAGE;
    const child = m.w.fork(m.map);
    expect(child.minOffset).toBe(m.map.minOffset);
    expect(child.maxOffset).toBe(m.map.maxOffset);
    expect(child.userWireLimit).toBe(5 * PAGE);
    expect(child.sizeLimit).toBe(9 * PAGE);
    expect(child.size).toBe(PAGE);
    expect(child.refCount).toBe(1);
    expect(m.map.refCount).toBe(1);
    expect(m.w.frameAt(child, A)).toBe(null);
  });

  it("is not made for unknown options", () => {
    const m = machWorld();
    expect(m.w.run(vmMapFork(m.map, 0x100))).toBe(null);
  });
});

describe("copied entries", () => {
  it("share every page until one side writes it", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.w.write(m.map, A, [1]);
    m.w.write(m.map, A + PAGE, [2]);
    const object = m.w.objectAt(m.map, A);
    const child = m.w.fork(m.map);
    expect(object.refCount).toBe(2);
    expect(m.w.objectAt(child, A)).toBe(object);
    expect(m.entry(A).needsCopy).toBe(true);
    expect(m.w.entryAt(child, A)?.needsCopy).toBe(true);

    expect(first(m, child)).toBe(1);
    expect(m.w.frameAt(child, A)).toBe(m.w.frameAt(m.map, A));
    m.w.write(m.map, A, [3]);
    expect(first(m, child)).toBe(1);
    expect(m.w.frameAt(child, A)).not.toBe(m.w.frameAt(m.map, A));
    m.w.write(child, A + PAGE, [4]);
    expect(first(m, m.map, A + PAGE)).toBe(2);
    expect(first(m, child, A + PAGE)).toBe(4);
  });

  it("leave memory that was never touched alone", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    const child = m.w.fork(m.map);
    expect(m.entry(A).object === null && !m.entry(A).needsCopy).toBe(true);
    expect(m.w.entryAt(child, A)?.object).toBe(null);
    m.w.write(m.map, A, [1]);
    expect(first(m, child)).toBe(0);
  });

  it("survive the other side's exit, and give all frames back", () => {
    const m = machWorld();
    m.fixed(A, 4 * PAGE);
    for (let i = 0; i < 4; i++) m.w.write(m.map, A + i * PAGE, [i + 1]);
    const child = m.w.fork(m.map);
    const grandchild = m.w.fork(child);
    m.w.write(child, A, [9]);
    m.w.exit(m.map);
    expect(first(m, grandchild)).toBe(1);
    expect(first(m, child)).toBe(9);
    m.w.exit(child);
    expect(m.w.write(grandchild, A + PAGE, [7])).toBe(KERN_SUCCESS);
    expect([0, 1, 2, 3].map((i) => first(m, grandchild, A + i * PAGE))).toEqual([1, 7, 3, 4]);
    m.w.exit(grandchild);
    expect(m.w.system.pages.wireCount).toBe(1); // the kernel's root table
  });

  it("keep tag, rights, behaviour and permanence", () => {
    const m = machWorld();
    m.fixed(A, PAGE, VM_FLAGS_PERMANENT | vmMakeTag(200));
    m.behavior(A, PAGE, 2);
    m.protect(A, PAGE, VM_PROT_READ, true);
    const child = m.w.fork(m.map);
    const entry = m.w.entryAt(child, A);
    expect(entry?.alias).toBe(200);
    expect(entry?.behavior).toBe(2);
    expect(entry?.protection).toBe(VM_PROT_READ);
    expect(entry?.maxProtection).toBe(VM_PROT_READ);
    expect(entry?.permanent).toBe(true);
  });

  it("are physical copies where the parent has it wired, and not wired themselves", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    m.wire(A, PAGE);
    const frame = m.w.frameAt(m.map, A);
    const child = m.w.fork(m.map);
    const copy = m.w.entryAt(child, A);
    expect([copy?.wiredCount, copy?.userWiredCount, copy?.needsCopy]).toEqual([0, 0, false]);
    expect(child.userWireSize).toBe(0);
    expect(m.entry(A).needsCopy).toBe(false);
    expect(m.w.frameAt(m.map, A)).toBe(frame);
    m.w.write(m.map, A, [2]);
    expect(first(m, child)).toBe(1);
    expect(m.w.frameAt(child, A)).not.toBe(frame);
  });

  it("of malloc memory push the old page when the source changes it", () => {
    const m = machWorld();
    m.fixed(A, PAGE, vmMakeTag(VM_MEMORY_MALLOC));
    m.w.write(m.map, A, [1]);
    const child = m.w.fork(m.map);
    expect(m.w.objectAt(m.map, A).copy).toBe(m.w.objectAt(child, A));
    m.w.write(m.map, A, [2]);
    expect(first(m, child)).toBe(1);
    m.w.write(child, A, [3]);
    expect(first(m, m.map)).toBe(2);
  });

  it("may be read where only the maximum protection allows it", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    m.wire(A, PAGE);
    m.protect(A, PAGE, VM_PROT_NONE);
    const child = m.w.fork(m.map);
    expect(m.w.entryAt(child, A)?.protection).toBe(VM_PROT_NONE);
  });

  it("are missing where nobody may ever read the slow way", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.wire(A, PAGE);
    m.protect(A, PAGE, VM_PROT_WRITE, true);
    const child = m.w.fork(m.map);
    expect(m.w.entryAt(child, A)).toBe(null);
    expect(m.w.entryAt(child, A + PAGE)).not.toBe(null);
  });
});

describe("shared entries", () => {
  it("are one memory, even if it was never touched", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.inherit(A, PAGE, VM_INHERIT_SHARE);
    const child = m.w.fork(m.map);
    const object = m.w.objectAt(m.map, A);
    expect(m.w.objectAt(child, A)).toBe(object);
    expect(object.refCount).toBe(2);
    expect(object.copyStrategy).toBe(MEMORY_OBJECT_COPY_DELAY);
    expect(object.trueShare).toBe(false);
    expect([m.entry(A).isShared, m.w.entryAt(child, A)?.isShared]).toEqual([true, true]);
    m.w.write(m.map, A, [1]);
    expect(first(m, child)).toBe(1);
    m.w.write(child, A, [2]);
    expect(first(m, m.map)).toBe(2);
  });

  it("get an object of their own when a copy of the memory is pending", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    const copied = m.w.fork(m.map);
    m.inherit(A, PAGE, VM_INHERIT_SHARE);
    const sharer = m.w.fork(m.map);
    expect(m.w.objectAt(copied, A).copyStrategy).toBe(MEMORY_OBJECT_COPY_SYMMETRIC);
    expect(m.w.objectAt(m.map, A).shadow).toBe(m.w.objectAt(copied, A));
    m.w.write(sharer, A, [2]);
    expect(first(m, m.map)).toBe(2);
    expect(first(m, copied)).toBe(1);
  });

  it("are written through the new shadow at once, not through old translations", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.w.write(m.map, A, [1]);
    m.inherit(A, PAGE, VM_INHERIT_SHARE); // half of a bigger object
    const child = m.w.fork(m.map);
    m.w.write(m.map, A, [2]);
    expect(first(m, child)).toBe(2);
    m.w.write(m.map, A + PAGE, [3]);
    expect(first(m, child, A + PAGE)).toBe(0);
  });

  it("stay shared with wired memory, unwired in the child", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.inherit(A, PAGE, VM_INHERIT_SHARE);
    m.wire(A, PAGE);
    const child = m.w.fork(m.map);
    expect(m.w.entryAt(child, A)?.wiredCount).toBe(0);
    m.w.write(child, A, [4]);
    expect(first(m, m.map)).toBe(4);
    expect(m.unwire(A, PAGE)).toBe(KERN_SUCCESS);
  });

  it("are copied by the next fork if it says so", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.inherit(A, PAGE, VM_INHERIT_SHARE);
    const sharer = m.w.fork(m.map);
    m.w.write(sharer, A, [1]);
    m.inherit(A, PAGE, 1);
    const copy = m.w.fork(m.map);
    m.w.write(sharer, A, [2]);
    expect(first(m, copy)).toBe(1);
    m.w.write(copy, A, [3]);
    expect(first(m, m.map)).toBe(2);
  });
});

describe("entries left out", () => {
  it("are a hole in the child", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    m.inherit(A + PAGE, PAGE, VM_INHERIT_NONE);
    const child = m.w.fork(m.map);
    expect(m.w.layout(child).map(({ start }) => start)).toEqual([A / PAGE, A / PAGE + 2]);
    expect(child.size).toBe(2 * PAGE);
    expect(m.w.touch(child, A + PAGE, READ_WRITE)).not.toBe(KERN_SUCCESS);
  });

  it("are shared without write access for a corpse", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [1]);
    m.inherit(A, PAGE, VM_INHERIT_NONE);
    const corpse = m.w.finish(vmMapFork(m.map, 1, "corpse"));
    if (corpse === null) throw new Error("fork failed");
    m.w.maps.add(corpse);
    m.w.check();
    expect(m.w.entryAt(corpse, A)?.protection).toBe(VM_PROT_READ);
    expect(first(m, corpse)).toBe(1);
  });
});
