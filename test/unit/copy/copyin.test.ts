import { describe, expect, it } from "vitest";
import { vmMapCopyValidateSize } from "../../../vm/map/copy.js";
import {
  VM_MAP_COPYIN_ENTRY_LIST,
  VM_MAP_COPYIN_SRC_DESTROY,
  VM_MAP_COPYIN_USE_MAXPROT,
} from "../../../vm/map/copyin.js";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapCreate } from "../../../vm/map/lifecycle.js";
import type { VmMap } from "../../../vm/map/map.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_SYMMETRIC,
} from "../../../vm/object/object.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_INHERIT_SHARE,
  VM_MEMORY_MALLOC,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;
const KB64 = 4 * PAGE;

/** Anonymous memory whose pages hold their index plus one. */
function anon(w: VmWorld, map: VmMap, address: number, pages: number): void {
  expect(w.allocateAt(map, address, pages * PAGE)).toBe(KERN_SUCCESS);
  for (let i = 0; i < pages; i++) w.write(map, address + i * PAGE, [i + 1]);
}

describe("copyin: arguments", () => {
  it("looks at nothing for zero bytes, but at the flags before that", () => {
    const w = vmWorld();
    const map = w.newMap();
    expect(w.copyin(map, 0, 0)).toEqual({ kr: KERN_SUCCESS, copy: null });
    expect(w.copyin(map, -PAGE, 0).kr).toBe(KERN_SUCCESS);
    expect(w.copyin(map, 0, 0, 0x20).kr).toBe(KERN_INVALID_ARGUMENT);
  });

  it("refuses ranges that wrap or leave the user half as bad addresses", () => {
    const w = vmWorld();
    const map = w.newMap();
    expect(w.copyin(map, -0x4000, 0x4000).kr).toBe(KERN_INVALID_ADDRESS);
    expect(w.copyin(map, -1, 1).kr).toBe(KERN_INVALID_ADDRESS);
    expect(w.copyin(map, 2 ** 48 - PAGE, 2 * PAGE).kr).toBe(KERN_INVALID_ADDRESS);
    expect(w.copyin(map, 0x4000, 2 ** 32 - 2).kr).toBe(KERN_INVALID_ADDRESS);
  });

  it("copies up to 32768 bytes by value, unless asked for a list or at the map's end", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 4);
    expect(w.copyin(map, BASE, 32768).copy?.type).toBe("kernelBuffer");
    expect(w.copyin(map, BASE, 32769).copy?.type).toBe("entryList");
    expect(w.copyin(map, BASE, 1, VM_MAP_COPYIN_ENTRY_LIST).copy?.type).toBe("entryList");
    const top = MACH_VM_MAX_ADDRESS - PAGE;
    w.allocateAt(map, top, PAGE);
    expect(w.copyin(map, top, 100).copy?.type).toBe("entryList");
  });
});

describe("copyin: by value", () => {
  it("reads across pages and reports anything wrong as a bad address", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 3);
    const copy = w.copyinBuffer(map, BASE + PAGE - 1, 2);
    expect([...copy.data]).toEqual([0, 2]);
    expect(w.copyin(map, BASE + 2 * PAGE, 2 * PAGE).kr).toBe(KERN_INVALID_ADDRESS);
    w.protect(map, BASE, PAGE, VM_PROT_NONE);
    expect(w.copyin(map, BASE, 16).kr).toBe(KERN_INVALID_ADDRESS);
  });

  it("removes whole source pages when told to destroy them", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 2);
    const { kr, copy } = w.copyin(map, BASE + 100, 200, VM_MAP_COPYIN_SRC_DESTROY);
    expect(kr).toBe(KERN_SUCCESS);
    expect(copy).toMatchObject({ type: "kernelBuffer", size: 200 });
    expect(w.entryAt(map, BASE)).toBeNull();
    expect(w.entryAt(map, BASE + PAGE)).not.toBeNull();
  });
});

describe("copyin: entry lists", () => {
  it("makes source and copy copy-on-write; discarding leaves the source so", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 4);
    const frame = w.frameAt(map, BASE);
    const copy = w.copyinList(map, BASE, KB64);
    const object = w.objectAt(map, BASE);
    const entries = [...copy.entries];
    expect(entries).toHaveLength(1);
    expect(entries[0]?.object).toBe(object);
    expect(entries[0]).toMatchObject({ offset: 0, needsCopy: true, wiredCount: 0 });
    expect(object.refCount).toBe(2);
    expect(w.entryAt(map, BASE)?.needsCopy).toBe(true);

    w.discard(copy);
    expect(object.refCount).toBe(1);
    expect(w.entryAt(map, BASE)?.needsCopy).toBe(true);
    const cow = w.system.counters.cowFaults;
    expect(w.write(map, BASE, [9])).toBe(KERN_SUCCESS);
    expect(w.frameAt(map, BASE)).toBe(frame); // nobody else has the page: no copy
    expect(w.system.counters.cowFaults).toBe(cow);
    expect(w.objectAt(map, BASE)).toBe(object);
  });

  it("keeps the copy's contents when the source is written", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 4);
    const copy = w.copyinList(map, BASE, KB64);
    w.write(map, BASE, [0x55]);
    const { address } = w.copyout(map, copy);
    expect(w.read(map, address, 1)).toEqual(Uint8Array.of(1));
    expect(w.read(map, BASE, 1)).toEqual(Uint8Array.of(0x55));
  });

  it("gives never touched memory no object, and asks nothing of the source", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, BASE, KB64);
    const copy = w.copyinList(map, BASE, KB64);
    expect([...copy.entries]).toMatchObject([{ object: null, needsCopy: false }]);
    expect(w.entryAt(map, BASE)).toMatchObject({ object: null, needsCopy: false });
  });

  it("keeps the exact source address and length", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 4);
    const copy = w.copyinList(map, BASE + 0x10, 40000);
    expect(copy).toMatchObject({ offset: BASE + 0x10, size: 40000, pageShift: 14 });
    expect([...copy.entries].map(({ start, end }) => [start, end])).toEqual([
      [BASE, BASE + 3 * PAGE],
    ]);
    expect(w.layout(map)).toHaveLength(2); // clipped, and one half is copy-on-write
  });

  it("checks entry by entry: earlier ones stay copy-on-write after a failure", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 4);
    anon(w, map, BASE + KB64, 4);
    w.protect(map, BASE + KB64, KB64, VM_PROT_WRITE);
    expect(w.copyin(map, BASE, 2 * KB64).kr).toBe(KERN_PROTECTION_FAILURE);
    expect(w.entryAt(map, BASE)?.needsCopy).toBe(true);
    expect(w.objectAt(map, BASE).refCount).toBe(1);
    expect(w.copyin(map, BASE, 4 * KB64).kr).toBe(KERN_PROTECTION_FAILURE); // before the hole
  });

  it("reports a hole and an unreadable page by different codes", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 4);
    expect(w.copyin(map, BASE, 5 * PAGE).kr).toBe(KERN_INVALID_ADDRESS);
    w.protect(map, BASE + PAGE, PAGE, VM_PROT_NONE);
    expect(w.copyin(map, BASE + PAGE, PAGE).kr).toBe(KERN_INVALID_ADDRESS);
    expect(w.copyin(map, BASE, KB64).kr).toBe(KERN_PROTECTION_FAILURE);
  });

  it("looks at the maximum protection only when told so", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 1);
    w.protect(map, BASE, PAGE, VM_PROT_NONE);
    expect(w.copyin(map, BASE, PAGE, VM_MAP_COPYIN_USE_MAXPROT).kr).toBe(KERN_SUCCESS);
    w.protect(map, BASE, PAGE, VM_PROT_NONE, true);
    expect(w.copyin(map, BASE, PAGE, VM_MAP_COPYIN_USE_MAXPROT).kr).toBe(KERN_PROTECTION_FAILURE);
  });

  it("copies wired memory at once, without disturbing it", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 4);
    expect(w.wire(map, BASE, KB64)).toBe(KERN_SUCCESS);
    const source = w.objectAt(map, BASE);
    const copy = w.copyinList(map, BASE, KB64);
    const entry = [...copy.entries][0];
    expect(entry).toMatchObject({ needsCopy: false, offset: 0, wiredCount: 0 });
    expect(entry?.object).not.toBe(source);
    expect(entry?.object?.residentPageCount).toBe(4);
    expect(source.refCount).toBe(1);
    expect(w.entryAt(map, BASE)).toMatchObject({ needsCopy: false, userWiredCount: 1 });
  });

  it("copies shared memory by a copy object the sharers push to", () => {
    const w = vmWorld();
    const parent = w.newMap();
    anon(w, parent, BASE, 4);
    w.inherit(parent, BASE, KB64, VM_INHERIT_SHARE);
    const child = w.fork(parent);
    const source = w.objectAt(parent, BASE);
    expect(source.copyStrategy).toBe(MEMORY_OBJECT_COPY_DELAY);
    const copy = w.copyinList(parent, BASE, KB64);
    const copyObject = [...copy.entries][0]?.object ?? null;
    expect(copyObject?.shadow).toBe(source);
    expect(source.copy).toBe(copyObject);
    expect([...copy.entries][0]?.needsCopy).toBe(true);
    expect(w.entryAt(parent, BASE)?.needsCopy).toBe(false);

    w.write(child, BASE, [0x77]); // pushes the old page
    expect(copyObject?.residentPageCount).toBe(1);
    const { address } = w.copyout(parent, copy);
    expect(w.read(parent, address, 1)).toEqual(Uint8Array.of(1));
    expect(w.read(parent, BASE, 1)).toEqual(Uint8Array.of(0x77));
  });

  it("copies malloc memory at once: it is copied lazily by forks only", () => {
    const w = vmWorld();
    const map = w.newMap();
    const flags = vmkFlagsFixed({ tag: VM_MEMORY_MALLOC });
    w.run(vmMapEnter(map, { address: va(BASE), size: KB64, flags }));
    w.write(map, BASE, [1]);
    const copy = w.copyinList(map, BASE, KB64);
    expect([...copy.entries][0]?.object?.copyStrategy).toBe(MEMORY_OBJECT_COPY_SYMMETRIC);
    expect([...copy.entries][0]?.object?.shadow).toBeNull();
    expect(w.objectAt(map, BASE).copy).toBeNull();
  });

  it("takes the source pages out of the map when told to", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 4);
    const { copy } = w.copyin(map, BASE + 100, 40000, VM_MAP_COPYIN_SRC_DESTROY);
    expect(w.layout(map)).toMatchObject([{ start: 0x13, end: 0x14 }]);
    const { address } = w.copyout(map, copy);
    expect(w.read(map, address - 100, 1)).toEqual(Uint8Array.of(1));
  });

  it("splits the source entry at the range, and leaves the rest writable", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 8);
    const copy = w.copyinList(map, BASE, KB64);
    const object = w.objectAt(map, BASE);
    expect(object.refCount).toBe(3);
    expect(w.entryAt(map, BASE)?.needsCopy).toBe(true);
    expect(w.entryAt(map, BASE + KB64)?.needsCopy).toBe(false);
    w.discard(copy);
    expect(object.refCount).toBe(2);
    w.write(map, BASE, [0x31]);
    expect(w.objectAt(map, BASE).shadow).toBe(object);
    w.write(map, BASE + KB64, [0x32]);
    expect(w.objectAt(map, BASE + KB64)).toBe(object);
  });
});

describe("copyin: submaps", () => {
  it("copies through a submap, by a copy object even of symmetric memory", () => {
    const w = vmWorld();
    const map = w.newMap();
    const submap = vmMapCreate(w.system, null, va(0), va(0x100 * PAGE), undefined, "region");
    w.run(vmMapEnter(submap, { address: va(2 * PAGE), size: 8 * PAGE, flags: vmkFlagsFixed() }));
    const flags = vmkFlagsFixed();
    const entered = w.run(
      vmMapEnter(map, { address: va(BASE), size: KB64, flags, submap, offset: 4 * PAGE }),
    );
    expect(entered.kr).toBe(KERN_SUCCESS);
    w.write(map, BASE, [0x41]);
    w.allocateAt(map, BASE + KB64, PAGE);
    w.write(map, BASE + KB64, [0x42]);

    const copy = w.copyinList(map, BASE, KB64 + PAGE);
    const entries = [...copy.entries];
    expect(entries.map(({ start, end }) => [start, end])).toEqual([
      [BASE, BASE + KB64],
      [BASE + KB64, BASE + KB64 + PAGE],
    ]);
    expect(entries[0]?.submap).toBeNull();
    expect(entries[0]?.object?.shadow).not.toBeNull();
    const { address } = w.copyout(map, copy);
    expect(w.read(map, address, 1)).toEqual(Uint8Array.of(0x41));
    expect(w.read(map, address + KB64, 1)).toEqual(Uint8Array.of(0x42));
    expect(w.copyin(map, BASE, KB64 + 2 * PAGE).kr).toBe(KERN_INVALID_ADDRESS);
  });
});

describe("vm_map_copy_validate_size", () => {
  it("is exact for buffers and rounds up for lists", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 2);
    const list = w.copyinList(map, BASE, 20000, VM_MAP_COPYIN_ENTRY_LIST);
    expect(vmMapCopyValidateSize(map, list, 19999)).toBe(20000);
    expect(vmMapCopyValidateSize(map, list, 20001)).toBeNull();
    expect(vmMapCopyValidateSize(map, list, PAGE)).toBeNull();
    const buffer = w.copyinBuffer(map, BASE, 100);
    expect(vmMapCopyValidateSize(map, buffer, 99)).toBeNull();
    expect(vmMapCopyValidateSize(map, buffer, 100)).toBe(100);
    expect(vmMapCopyValidateSize(map, null, 0)).toBeNull();
  });

  it("compares protections of both kinds", () => {
    const w = vmWorld();
    const map = w.newMap();
    anon(w, map, BASE, 4);
    w.protect(map, BASE, KB64, VM_PROT_READ);
    const copy = w.copyinList(map, BASE, KB64);
    expect([...copy.entries][0]?.protection).toBe(VM_PROT_READ);
  });
});
