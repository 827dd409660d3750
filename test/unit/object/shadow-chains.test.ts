import { describe, expect, it } from "vitest";
import type { VmMap } from "../../../vm/map/map.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_SYMMETRIC,
  type VmObject,
} from "../../../vm/object/object.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_SHARE,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { PAGE, vmWorld, type VmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;

function pageAt(index: number): number {
  return BASE + index * PAGE;
}

/** A task with `pages` anonymous pages at BASE, of which the first `touched` hold index + 1. */
function parentOf(w: VmWorld, pages: number, touched = pages): VmMap {
  const map = w.newMap("parent");
  expect(w.allocateAt(map, BASE, pages * PAGE)).toBe(KERN_SUCCESS);
  for (let i = 0; i < touched; i++) w.write(map, pageAt(i), [i + 1]);
  return map;
}

function depth(object: VmObject): number {
  return object.shadow === null ? 0 : 1 + depth(object.shadow);
}

function depthAt(w: VmWorld, map: VmMap, address = BASE): number {
  return depth(w.objectAt(map, address));
}

/** The frames behind pages first..last, read through `map`. */
function frames(w: VmWorld, map: VmMap, first: number, last: number): (number | null)[] {
  const found: (number | null)[] = [];
  for (let i = first; i <= last; i++) {
    expect(w.touch(map, pageAt(i), VM_PROT_READ)).toBe(KERN_SUCCESS);
    found.push(w.frameAt(map, pageAt(i)));
  }
  return found;
}

describe("shadow chains after fork", () => {
  it("gives an entry no object until it is touched", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, BASE, 4 * PAGE);
    expect(w.entryAt(map, BASE)?.object).toBeNull();
    w.touch(map, BASE, VM_PROT_READ);
    const object = w.objectAt(map, BASE);
    expect(object).toMatchObject({ refCount: 1, shadow: null, residentPageCount: 1 });
    expect(object.copyStrategy).toBe(MEMORY_OBJECT_COPY_SYMMETRIC);
  });

  it("shares one object, read-only, until somebody writes", () => {
    const w = vmWorld();
    const parent = parentOf(w, 4);
    const child = w.fork(parent);
    expect(w.objectAt(parent, BASE)).toBe(w.objectAt(child, BASE));
    expect(w.objectAt(parent, BASE).refCount).toBe(2);
    expect(w.entryAt(parent, BASE)?.needsCopy).toBe(true);
    expect(w.entryAt(child, BASE)?.needsCopy).toBe(true);
    expect(frames(w, child, 0, 3)).toEqual(frames(w, parent, 0, 3));
  });

  it("shares nothing of a region that was never touched", () => {
    const w = vmWorld();
    const parent = parentOf(w, 2, 0);
    const child = w.fork(parent);
    expect(w.entryAt(parent, BASE)?.object).toBeNull();
    expect(w.entryAt(child, BASE)?.object).toBeNull();
    expect(frames(w, parent, 0, 0)).not.toEqual(frames(w, child, 0, 0));
  });

  it("puts a shadow with just the written page under the writer", () => {
    const w = vmWorld();
    const parent = parentOf(w, 4);
    const before = frames(w, parent, 0, 3);
    const child = w.fork(parent);
    w.write(child, BASE, [99]);
    const shadow = w.objectAt(child, BASE);
    expect(shadow).toMatchObject({ refCount: 1, residentPageCount: 1 });
    expect(shadow.shadow).toBe(w.objectAt(parent, BASE));
    expect(shadow.shadow?.refCount).toBe(2);
    expect(frames(w, parent, 0, 3)).toEqual(before);
    const seen = frames(w, child, 0, 3);
    expect(seen[0]).not.toBe(before[0]);
    expect(seen.slice(1)).toEqual(before.slice(1));
  });

  it("bypasses a source that is fully covered", () => {
    const w = vmWorld();
    const parent = parentOf(w, 1);
    const child = w.fork(parent);
    w.write(child, BASE, [9]);
    expect(depthAt(w, child)).toBe(0);
    expect(w.objectAt(parent, BASE).refCount).toBe(1);
  });

  it("bypasses a source of which nothing shows through, whatever their sizes", () => {
    const w = vmWorld();
    const parent = parentOf(w, 4, 1);
    const child = w.fork(parent);
    w.write(child, BASE, [9]);
    expect(depthAt(w, child)).toBe(0);
    expect(w.objectAt(parent, BASE).refCount).toBe(1);
  });

  it("bypasses as soon as the last page is copied up", () => {
    const w = vmWorld();
    const parent = parentOf(w, 4);
    const child = w.fork(parent);
    for (const [i, left] of [1, 1, 1, 0].entries()) {
      w.write(child, pageAt(i), [50 + i]);
      expect(depthAt(w, child)).toBe(left);
    }
    expect(w.objectAt(parent, BASE).refCount).toBe(1);
  });

  it("collapses into the last user at its next copied page, not at a read", () => {
    const w = vmWorld();
    const parent = parentOf(w, 4);
    const before = frames(w, parent, 0, 3);
    const child = w.fork(parent);
    w.write(child, BASE, [9]);
    const source = w.objectAt(parent, BASE);
    w.exit(parent);
    expect(source.refCount).toBe(1);
    w.touch(child, pageAt(1), VM_PROT_READ);
    expect(depthAt(w, child)).toBe(1);
    w.write(child, pageAt(1), [8]);
    expect(depthAt(w, child)).toBe(0);
    expect(source.alive).toBe(false);
    expect(frames(w, child, 2, 3)).toEqual(before.slice(2));
    expect(frames(w, child, 1, 1)).not.toEqual([before[1]]);
    expect(w.objectAt(child, BASE).residentPageCount).toBe(4);
  });

  it("takes the object back in place when the other side left without writing", () => {
    const w = vmWorld();
    const parent = parentOf(w, 4);
    const before = frames(w, parent, 0, 3);
    const child = w.fork(parent);
    const object = w.objectAt(parent, BASE);
    w.exit(child);
    expect(object.refCount).toBe(1);
    expect(w.entryAt(parent, BASE)?.needsCopy).toBe(true);
    w.write(parent, BASE, [7]);
    expect(w.objectAt(parent, BASE)).toBe(object);
    expect(object.shadowed).toBe(false);
    expect(frames(w, parent, 0, 3)).toEqual(before);
  });

  it("shadows and collapses at once when only part of the object is still mapped", () => {
    const w = vmWorld();
    const parent = parentOf(w, 4);
    const before = frames(w, parent, 0, 3);
    w.exit(w.fork(parent));
    w.deallocate(parent, BASE, 2 * PAGE);
    const old = w.objectAt(parent, pageAt(2));
    expect(old).toMatchObject({ refCount: 1, residentPageCount: 4 });
    w.write(parent, pageAt(2), [7]);
    const object = w.objectAt(parent, pageAt(2));
    expect(object).not.toBe(old);
    expect(object).toMatchObject({ shadow: null, residentPageCount: 2, size: 2 * PAGE });
    expect(frames(w, parent, 2, 2)).not.toEqual([before[2]]);
    expect(frames(w, parent, 3, 3)).toEqual([before[3]]);
  });

  it("keeps one object for three generations that only read", () => {
    const w = vmWorld();
    const a = parentOf(w, 2);
    const b = w.fork(a);
    const c = w.fork(b);
    expect(w.objectAt(c, BASE)).toBe(w.objectAt(a, BASE));
    expect(w.objectAt(a, BASE)).toMatchObject({ refCount: 3, shadow: null });
  });

  it("collapses the middle of a chain when its other user leaves", () => {
    const w = vmWorld();
    const parent = parentOf(w, 4);
    const first = w.fork(parent);
    const bottom = w.objectAt(first, BASE);
    w.write(parent, pageAt(0), [10]);
    const middle = w.objectAt(parent, BASE);
    const second = w.fork(parent);
    w.write(parent, pageAt(1), [11]);
    expect(depthAt(w, parent)).toBe(2);
    expect(middle.refCount).toBe(2);
    w.exit(first);
    expect(bottom.refCount).toBe(1);
    expect(depthAt(w, parent)).toBe(2);
    w.exit(second);
    expect(middle).toMatchObject({ refCount: 1, shadow: null });
    expect(bottom.alive).toBe(false);
    expect(depthAt(w, parent)).toBe(1);
    w.write(parent, pageAt(2), [12]);
    expect(depthAt(w, parent)).toBe(0);
  });

  it("zero-fills a page nobody touched in the shared object, for both", () => {
    const w = vmWorld();
    const parent = parentOf(w, 4, 1);
    const child = w.fork(parent);
    expect(frames(w, child, 3, 3)).toEqual(frames(w, parent, 3, 3));
    expect(w.objectAt(parent, BASE).residentPageCount).toBe(2);
  });

  it("shares for real when inheritance says so", () => {
    const w = vmWorld();
    const parent = parentOf(w, 2);
    w.inherit(parent, BASE, 2 * PAGE, VM_INHERIT_SHARE);
    const child = w.fork(parent);
    const object = w.objectAt(parent, BASE);
    expect(w.objectAt(child, BASE)).toBe(object);
    expect(object).toMatchObject({ refCount: 2, shadow: null, trueShare: false });
    expect(object.copyStrategy).toBe(MEMORY_OBJECT_COPY_DELAY);
    w.write(child, BASE, [77]);
    expect(w.read(parent, BASE, 1)).toEqual(Uint8Array.of(77));
  });

  it("gives a child of wired memory an object of its own", () => {
    const w = vmWorld();
    const parent = parentOf(w, 2);
    expect(w.wire(parent, BASE, 2 * PAGE)).toBe(KERN_SUCCESS);
    const before = frames(w, parent, 0, 1);
    const child = w.fork(parent);
    expect(depthAt(w, child)).toBe(0);
    expect(w.objectAt(child, BASE)).not.toBe(w.objectAt(parent, BASE));
    expect(w.entryAt(parent, BASE)?.needsCopy).toBe(false);
    expect(frames(w, child, 0, 1)).not.toEqual(before);
    expect(w.read(child, pageAt(1), 1)).toEqual(Uint8Array.of(2));
  });
});

describe("shadow chains after wiring and clipping", () => {
  it("keeps the object of a private region that is wired whole", () => {
    const w = vmWorld();
    const map = parentOf(w, 4);
    const before = frames(w, map, 0, 3);
    const object = w.objectAt(map, BASE);
    expect(w.wire(map, BASE, 4 * PAGE)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, BASE)).toBe(object);
    expect(object).toMatchObject({ trueShare: true, copyStrategy: MEMORY_OBJECT_COPY_DELAY });
    expect(object.wiredPageCount).toBe(4);
    expect(frames(w, map, 0, 3)).toEqual(before);
    expect(w.unwire(map, BASE, 4 * PAGE)).toBe(KERN_SUCCESS);
    expect(object).toMatchObject({ trueShare: true, wiredPageCount: 0 });
  });

  it("gives a wired page in the middle an object of its own", () => {
    const w = vmWorld();
    const map = parentOf(w, 3);
    const before = frames(w, map, 0, 2);
    const object = w.objectAt(map, BASE);
    expect(w.wire(map, pageAt(1), PAGE, VM_PROT_DEFAULT)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, pageAt(0))).toBe(object);
    expect(w.objectAt(map, pageAt(2))).toBe(object);
    expect(w.objectAt(map, pageAt(1))).not.toBe(object);
    expect(w.objectAt(map, pageAt(1)).copyStrategy).toBe(MEMORY_OBJECT_COPY_DELAY);
    expect(object.copyStrategy).toBe(MEMORY_OBJECT_COPY_SYMMETRIC);
    const after = frames(w, map, 0, 2);
    expect([after[0], after[2]]).toEqual([before[0], before[2]]);
    expect(after[1]).not.toBe(before[1]);
  });

  it("keeps pages of an unmapped part until the object grows over them again", () => {
    const w = vmWorld();
    const map = parentOf(w, 4);
    const object = w.objectAt(map, BASE);
    w.deallocate(map, pageAt(2), 2 * PAGE);
    expect(object.residentPageCount).toBe(4);
    expect(w.allocateAt(map, pageAt(2), 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, pageAt(2))).toBe(object);
    expect(object.residentPageCount).toBe(2);
    expect(w.read(map, pageAt(3), 1)).toEqual(Uint8Array.of(0));
    expect(w.read(map, pageAt(1), 1)).toEqual(Uint8Array.of(2));
  });

  it("leaves a clipped region on its object when its halves become writable again", () => {
    const w = vmWorld();
    const map = parentOf(w, 4);
    w.protect(map, pageAt(2), 2 * PAGE, VM_PROT_READ);
    const object = w.objectAt(map, BASE);
    expect(object).toMatchObject({ refCount: 2, shadow: null });
    w.protect(map, pageAt(2), 2 * PAGE, VM_PROT_READ | VM_PROT_WRITE);
    w.write(map, pageAt(3), [44]);
    expect(w.objectAt(map, pageAt(3))).toBe(object);
    expect(w.read(map, pageAt(3), 1)).toEqual(Uint8Array.of(44));
  });
});
