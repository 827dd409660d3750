import { describe, expect, it } from "vitest";
import { copyinMap, copyoutMap, vmMapReadUser, vmMapWriteUser } from "../../../vm/copyio.js";
import { vmMapCopyAdjustToTarget } from "../../../vm/map/copy-adjust.js";
import { vmMapCopyDiscard } from "../../../vm/map/copy.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmMapRemap } from "../../../vm/map/remap.js";
import { vmkFlagsAnywhere, vmkFlagsFixed } from "../../../vm/map/flags.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_SYMMETRIC,
} from "../../../vm/object/object.js";
import { rawU64 } from "../../../vm/sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_NOT_SUPPORTED,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_MEMORY_MALLOC,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  type KernReturn,
} from "../../../vm/types.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const SMALL = 0x1000;
const A = 0x100000;

function smallPages(w: VmWorld): VmMap {
  return w.newMap("small", 12);
}

/** `pages` small pages, page i of them filled with i + 1. */
function fill(w: VmWorld, map: VmMap, address: number, pages: number, tag = 0): void {
  const size = pages * SMALL;
  const request = { flags: vmkFlagsFixed({ tag }) };
  expect(w.allocateAt(map, address, size, request)).toBe(KERN_SUCCESS);
  for (let i = 0; i < pages; i++) put(w, map, address + i * SMALL, i + 1);
}

function put(w: VmWorld, map: VmMap, address: number, value: number): KernReturn {
  return w.run(copyoutMap(map, va(address), Uint8Array.of(value)));
}

function get(w: VmWorld, map: VmMap, address: number, count = 1, step = SMALL): number[] {
  return Array.from({ length: count }, (_, i) => {
    const into = new Uint8Array(1);
    const kr = w.run(copyinMap(map, va(address + i * step), into));
    return kr === KERN_SUCCESS ? into[0]! : -kr;
  });
}

describe("a map of 4 KiB pages", () => {
  it("has entries of that size, several of them in one frame", () => {
    const w = vmWorld();
    const map = smallPages(w);
    fill(w, map, A, 3);
    expect(w.protect(map, A + SMALL, SMALL, VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect(map.nentries).toBe(3);
    expect(get(w, map, A, 3)).toEqual([1, 2, 3]);
    expect(put(w, map, A + SMALL, 9)).toBe(KERN_INVALID_ADDRESS);
    expect(put(w, map, A + 2 * SMALL, 9)).toBe(KERN_SUCCESS);
    expect(get(w, map, A, 4)).toEqual([1, 2, 9, -KERN_INVALID_ADDRESS]);
    expect(w.objectAt(map, A).residentPageCount).toBe(1);
  });

  it("is copied on write by forks and copies as any other", () => {
    const w = vmWorld();
    const map = smallPages(w);
    fill(w, map, A, 12);
    const child = w.fork(map);
    expect(child.pageShift).toBe(12);
    put(w, map, A + SMALL, 50);
    put(w, child, A + 2 * SMALL, 60);
    expect(get(w, map, A, 4)).toEqual([1, 50, 3, 4]);
    expect(get(w, child, A, 4)).toEqual([1, 2, 60, 4]);
    const copy = w.copyinList(map, A + SMALL, 10 * SMALL);
    put(w, map, A + 3 * SMALL, 70);
    const { kr, address } = w.copyout(map, copy);
    expect(kr).toBe(KERN_SUCCESS);
    expect(get(w, map, address, 3)).toEqual([50, 3, 4]);
  });

  it("has no reusable pages and is not zeroed in place", () => {
    const w = vmWorld();
    const map = smallPages(w);
    fill(w, map, A, 1);
    expect(map.isExotic).toBe(true);
  });
});

describe("copies between page sizes", () => {
  it("go from 16 KiB to 4 KiB pages as they are", () => {
    const w = vmWorld();
    const big = w.newMap();
    const small = smallPages(w);
    expect(w.allocateAt(big, A, 4 * PAGE)).toBe(KERN_SUCCESS);
    for (let i = 0; i < 16; i++) w.write(big, A + i * SMALL, [i + 1]);
    const copy = w.copyinList(big, A + 3 * SMALL + 5, 9 * SMALL);
    const { kr, address } = w.copyout(small, copy);
    expect(kr).toBe(KERN_SUCCESS);
    expect(address % SMALL).toBe(5);
    expect(get(w, small, address - 5, 9)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("go from 4 KiB to 16 KiB pages physically where the memory is not cut alike", () => {
    const w = vmWorld();
    const big = w.newMap();
    const small = smallPages(w);
    fill(w, small, A, 12);
    const copy = w.copyinList(small, A + SMALL + 5, 9 * SMALL);
    const { kr, address } = w.copyout(big, copy);
    expect(kr).toBe(KERN_SUCCESS);
    expect(address % PAGE).toBe(0); // the place in the page is lost
    expect(w.read(big, address + SMALL - 5, 1)).toEqual(Uint8Array.of(3));
    expect(w.read(big, address + 8 * SMALL - 5, 1)).toEqual(Uint8Array.of(10));
  });

  it("keep what cannot be read as zeroes", () => {
    const w = vmWorld();
    const big = w.newMap();
    const small = smallPages(w);
    expect(w.allocateAt(small, A, 9 * SMALL)).toBe(KERN_SUCCESS);
    const copy = w.copyinList(small, A, 9 * SMALL);
    const { kr, address } = w.copyout(big, copy);
    expect(kr).toBe(KERN_SUCCESS);
    expect(w.read(big, address, 4)).toEqual(new Uint8Array(4));
  });

  it("trim a copy to what is asked for", () => {
    const w = vmWorld();
    const big = w.newMap();
    const small = smallPages(w);
    expect(w.allocateAt(big, A, 4 * PAGE)).toBe(KERN_SUCCESS);
    const copy = w.copyinList(big, A, 4 * PAGE);
    const adjust = (offset: number, size: number, asCopy = false): unknown => {
      const made = w.finish(vmMapCopyAdjustToTarget(copy, offset, size, small, asCopy));
      if (made.kr !== KERN_SUCCESS) return made.kr;
      const { overmapStart, overmapEnd, trimmedStart } = made;
      const span = [made.copy.entries.first?.start, made.copy.entries.last?.end];
      w.run(vmMapCopyDiscard(made.copy));
      return [...span, trimmedStart, overmapStart, overmapEnd];
    };
    expect(adjust(0xfff, 0x1002)).toEqual([A, A + 3 * SMALL, 0, 0, 0]);
    expect(adjust(0x5fff, 2)).toEqual([0, 2 * SMALL, 5 * SMALL, 0, 0]);
    expect(adjust(4 * PAGE - 1, 2)).toBe(KERN_INVALID_ARGUMENT);
  });
});

describe("sharing between page sizes", () => {
  function share(w: VmWorld, from: VmMap, to: VmMap, at: number, size: number, copy = false) {
    return w.run(
      vmMapRemap(to, {
        address: va(0x800000),
        flags: vmkFlagsFixed(),
        sourceMap: from,
        sourceAddress: va(at),
        size,
        copy,
        inheritance: VM_INHERIT_SHARE,
      }),
    );
  }

  it("is refused where a large page would be of two objects; copying is not", () => {
    const w = vmWorld();
    const big = w.newMap();
    const small = smallPages(w);
    fill(w, small, A, 1, 200);
    fill(w, small, A + SMALL, 1, 201);
    expect(share(w, small, big, A, 2 * SMALL).kr).toBe(KERN_NOT_SUPPORTED);
    const copied = share(w, small, big, A, 2 * SMALL, true);
    expect(copied.kr).toBe(KERN_SUCCESS);
    expect(w.read(big, 0x800000, 1)).toEqual(Uint8Array.of(1));
    expect(w.read(big, 0x800000 + SMALL, 1)).toEqual(Uint8Array.of(1));
  });

  it("maps more than asked for at the ends", () => {
    const w = vmWorld();
    const big = w.newMap();
    const small = smallPages(w);
    fill(w, small, A, 2, VM_MEMORY_MALLOC);
    const made = share(w, small, big, A, 2 * SMALL);
    expect(made.kr).toBe(KERN_SUCCESS);
    expect(w.entryAt(big, 0x800000)).toMatchObject({ end: 0x800000 + PAGE, isShared: true });
    put(w, small, A + SMALL, 77);
    expect(w.read(big, 0x800000 + SMALL, 1)).toEqual(Uint8Array.of(77));
    w.write(big, 0x800000, [88]);
    expect(get(w, small, A)).toEqual([88]);
  });

  it("the other way is simple", () => {
    const w = vmWorld();
    const big = w.newMap();
    const small = smallPages(w);
    w.allocateAt(big, A, PAGE);
    w.write(big, A + SMALL, [5]);
    expect(share(w, big, small, A, PAGE).kr).toBe(KERN_SUCCESS);
    put(w, small, 0x800000, 6);
    expect(get(w, small, 0x800000, 2)).toEqual([6, 5]);
    expect(w.read(big, A, 1)).toEqual(Uint8Array.of(6));
  });
});

describe("copies in general", () => {
  it("by remapping make the source's object copied by delayed copies, and ask nothing of its entry", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, A, 4 * PAGE);
    w.write(map, A, [1]);
    expect(w.objectAt(map, A).copyStrategy).toBe(MEMORY_OBJECT_COPY_SYMMETRIC);
    const made = w.run(
      vmMapRemap(map, {
        address: va(0),
        flags: vmkFlagsAnywhere(),
        sourceMap: map,
        sourceAddress: va(A),
        size: 4 * PAGE,
        copy: true,
        inheritance: VM_INHERIT_COPY,
      }),
    );
    expect(made.kr).toBe(KERN_SUCCESS);
    const object = w.objectAt(map, A);
    expect([object.copyStrategy, object.trueShare]).toEqual([MEMORY_OBJECT_COPY_DELAY, true]);
    expect(w.entryAt(map, A)?.needsCopy).toBe(false);
  });

  it("into code copy bytes: the destination keeps its object", () => {
    const w = vmWorld();
    const map = w.newMap();
    map.isAlien = true;
    w.allocateAt(map, A, 4 * PAGE);
    w.write(map, A, [1]);
    const flags = vmkFlagsFixed({ mapJit: true });
    w.allocateAt(map, 0x800000, 4 * PAGE, { flags, cur: 7 });
    w.write(map, 0x800000, [9]);
    const before = w.objectAt(map, 0x800000);
    expect(w.copyWithin(map, A, 0x800000, 4 * PAGE)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, 0x800000)).toBe(before);
    expect(w.entryAt(map, 0x800000)?.protection ?? 0).toBe(7);
    expect(VM_PROT_EXECUTE).toBe(4);
    expect(w.read(map, 0x800000, 1)).toEqual(Uint8Array.of(1));
  });

  it("to an address above the map's end are refused although something is mapped there", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, A, 4 * PAGE);
    w.write(map, A, [1]);
    const flags = vmkFlagsFixed({ beyondMax: true });
    expect(w.allocateAt(map, map.maxOffset, 4 * PAGE, { flags })).toBe(KERN_SUCCESS);
    const copy = w.copyinList(map, A, 4 * PAGE);
    expect(w.overwrite(map, map.maxOffset, copy)).toBe(KERN_INVALID_ADDRESS);
    w.discard(copy);
  });

  it("of kernel or programs: a store to read-only memory or a hole is a bad address", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, A, 2 * PAGE);
    w.write(map, A, [1, 2, 3]);
    const into = new Uint8Array(3);
    expect(w.run(vmMapReadUser(map, rawU64(A), into))).toBe(KERN_SUCCESS);
    expect([...into]).toEqual([1, 2, 3]);
    w.protect(map, A, PAGE, VM_PROT_READ);
    const write = (at: number | bigint, count: number): KernReturn =>
      w.run(vmMapWriteUser(map, rawU64(at), new Uint8Array(count)));
    expect(write(A, 1)).toBe(KERN_INVALID_ADDRESS);
    expect(write(A + 2 * PAGE, 1)).toBe(KERN_INVALID_ADDRESS);
    expect(write(0xffff_ffff_ffff_ffffn, 1)).toBe(KERN_INVALID_ADDRESS);
    expect(write(A + 2 * PAGE, 0)).toBe(KERN_SUCCESS);
    w.protect(map, A, PAGE, VM_PROT_NONE);
    expect(w.run(vmMapReadUser(map, rawU64(A), into))).toBe(KERN_INVALID_ADDRESS);
    expect(w.touch(map, A, VM_PROT_READ)).toBe(KERN_PROTECTION_FAILURE);
  });
});
