import { describe, expect, it } from "vitest";
import {
  vmObjectActivityBegin,
  vmObjectActivityEnd,
  vmObjectAllocate,
  vmObjectAssertConsistent,
  vmObjectCoalesce,
  vmObjectCollapse,
  vmObjectDeactivatePages,
  vmObjectDeallocate,
  vmObjectPageRemove,
  vmObjectPagingBegin,
  vmObjectPagingEnd,
  vmObjectReference,
  vmObjectShadow,
} from "../../../vm/object/index.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  VM_PURGABLE_NONVOLATILE,
  type VmObject,
} from "../../../vm/object/object.js";
import { VM_PAGE_ON_INACTIVE_INTERNAL_Q, type VmPage } from "../../../vm/page/page.js";
import { vmPageActivate } from "../../../vm/page/queues.js";
import { vmPageAlloc, vmPageWakeupDone, vmPageWire } from "../../../vm/page/resident.js";
import { KernelPanic, PAGE_SIZE as PAGE } from "../../../vm/types.js";
import type { VmSystem } from "../../../vm/system.js";
import { Daemons } from "../../support/daemons.js";
import { testSystem } from "../../support/vm-buffer.js";

/** A page of `object`, dirty and active, as a fault would leave it. */
function fill(object: VmObject, ...indexes: number[]): VmPage[] {
  return indexes.map((index) => {
    const page = vmPageAlloc(object, index * PAGE);
    if (page === null) throw new Error("out of pages");
    page.dirty = true;
    vmPageActivate(object.context, page);
    vmPageWakeupDone(object.context, page);
    return page;
  });
}

function indexes(object: VmObject): number[] {
  return [...object.pages.keys()].sort((a, b) => a - b);
}

/** A shadow over `below`, `pages` long, whose page 0 is page `from` of `below`. */
function over(below: VmObject, from: number, pages: number): VmObject {
  const ref = { object: below, offset: from * PAGE };
  expect(vmObjectShadow(ref, pages * PAGE, true)).toBe(true);
  expect(ref.offset).toBe(0);
  return ref.object;
}

function nothingIsLeft(system: VmSystem, free: number): void {
  expect(system.objects.live.size).toBe(0);
  expect(system.pages.free.count).toBe(free);
  system.assertConsistent({ maps: [] });
}

describe("references", () => {
  it("rounds sizes up to pages and starts with one reference", () => {
    const { system } = testSystem();
    expect(vmObjectAllocate(system, 1)).toMatchObject({ size: PAGE, refCount: 1, internal: true });
    expect(vmObjectAllocate(system, 0).size).toBe(0);
  });

  it("frees pages, wired ones too, with the last reference", () => {
    const { system } = testSystem();
    const free = system.pages.free.count;
    const object = vmObjectAllocate(system, 4 * PAGE);
    const [, wired] = fill(object, 0, 2);
    vmPageWire(system, wired!);
    vmObjectReference(object);
    vmObjectDeallocate(object);
    expect(object).toMatchObject({ refCount: 1, alive: true, residentPageCount: 2 });
    vmObjectDeallocate(object);
    expect(object).toMatchObject({ refCount: 0, alive: false });
    expect(system.pages.wireCount).toBe(1); // the kernel's root table
    nothingIsLeft(system, free);
  });

  it("releases a whole chain without recursion", () => {
    const { system } = testSystem();
    const free = system.pages.free.count;
    let top = vmObjectAllocate(system, PAGE);
    fill(top, 0);
    for (let i = 0; i < 20_000; i++) top = over(top, 0, 1);
    vmObjectDeallocate(top);
    nothingIsLeft(system, free);
  });

  it("stops where somebody else still holds the chain", () => {
    const { system } = testSystem();
    const bottom = vmObjectAllocate(system, 2 * PAGE);
    vmObjectReference(bottom);
    const top = over(bottom, 0, 2);
    vmObjectDeallocate(top);
    expect(top.alive).toBe(false);
    expect(bottom).toMatchObject({ refCount: 1, alive: true });
  });

  it("panics for the kernel object", () => {
    const { system } = testSystem();
    expect(() => {
      vmObjectDeallocate(system.kernelObject);
    }).toThrow(KernelPanic);
  });
});

describe("the reaper", () => {
  it("frees a held object when the last hold is dropped, then its shadow", () => {
    const { system } = testSystem();
    const free = system.pages.free.count;
    const bottom = vmObjectAllocate(system, PAGE);
    const top = over(bottom, 0, 1);
    fill(top, 0);
    vmObjectPagingBegin(top);
    vmObjectActivityBegin(top);
    vmObjectDeallocate(top);
    expect(top).toMatchObject({ alive: false, terminating: true, residentPageCount: 1 });
    expect(system.objects.reaping.has(top)).toBe(true);
    vmObjectAssertConsistent(top);
    vmObjectPagingEnd(top);
    expect(top.residentPageCount).toBe(1);
    vmObjectActivityEnd(top);
    expect(top).toMatchObject({ residentPageCount: 1, refCount: 1 });
    vmObjectAssertConsistent(top);
    new Daemons(system).drain();
    expect(bottom.alive).toBe(false);
    expect(system.objects.reaperCalls).toBe(1);
    nothingIsLeft(system, free);
  });

  it("only counts references that come and go meanwhile", () => {
    const { system } = testSystem();
    const object = vmObjectAllocate(system, PAGE);
    vmObjectPagingBegin(object);
    vmObjectDeallocate(object);
    vmObjectReference(object);
    vmObjectDeallocate(object);
    expect(object.refCount).toBe(1);
    vmObjectPagingEnd(object);
    new Daemons(system).drain();
    expect(object.refCount).toBe(0);
  });

  it("does not let an object that is still held keep others waiting", () => {
    const { system } = testSystem();
    const [first, second] = [vmObjectAllocate(system, PAGE), vmObjectAllocate(system, PAGE)];
    for (const object of [first, second]) {
      vmObjectPagingBegin(object);
      vmObjectDeallocate(object);
    }
    vmObjectPagingEnd(second);
    new Daemons(system).drain();
    expect([first.refCount, second.refCount]).toEqual([1, 0]);
  });
});

describe("shadow", () => {
  it("is skipped for the only user of a whole object", () => {
    const { system } = testSystem();
    const object = vmObjectAllocate(system, 2 * PAGE);
    object.shadowed = true;
    const ref = { object, offset: 0 };
    expect(vmObjectShadow(ref, 2 * PAGE, false)).toBe(false);
    expect(ref.object).toBe(object);
    expect(object.shadowed).toBe(false);
  });

  it("is made for part of an object, for a shared one, and when told to", () => {
    const { system } = testSystem();
    const object = vmObjectAllocate(system, 4 * PAGE);
    const part = { object, offset: PAGE };
    expect(vmObjectShadow(part, 2 * PAGE, false)).toBe(true);
    expect(part.offset).toBe(0);
    expect(part.object).toMatchObject({ size: 2 * PAGE, shadowOffset: PAGE });
    expect(object.refCount).toBe(1);
    vmObjectReference(object);
    expect(vmObjectShadow({ object, offset: 0 }, 4 * PAGE, false)).toBe(true);
    object.refCount = 1;
    expect(vmObjectShadow({ object, offset: 0 }, 4 * PAGE, true)).toBe(true);
  });

  it("is made over a copy object still pushed to", () => {
    const { system } = testSystem();
    const source = vmObjectAllocate(system, PAGE);
    const copy = over(source, 0, 1);
    source.copy = copy;
    expect(vmObjectShadow({ object: copy, offset: 0 }, PAGE, false)).toBe(true);
    source.copy = null;
    expect(vmObjectShadow({ object: copy, offset: 0 }, PAGE, false)).toBe(false);
  });
});

describe("collapse", () => {
  it("moves pages through the window and frees the rest", () => {
    const { system } = testSystem();
    const below = vmObjectAllocate(system, 8 * PAGE);
    const pages = fill(below, 0, 3, 4, 6);
    const top = over(below, 3, 3);
    const own = fill(top, 1);
    const free = system.pages.free.count;
    vmObjectCollapse(top, 0, false);
    expect(top).toMatchObject({ shadow: null, shadowOffset: 0, refCount: 1 });
    expect(indexes(top)).toEqual([0, 1]);
    expect(top.pages.get(0)).toBe(pages[1]);
    expect(top.pages.get(1)).toBe(own[0]);
    expect(system.pages.free.count).toBe(free + 3);
    expect(below).toMatchObject({ alive: false, refCount: 0, residentPageCount: 0 });
    system.assertConsistent({ maps: [], objects: [top] });
  });

  it("adds the offsets of what is left below", () => {
    const { system } = testSystem();
    const bottom = vmObjectAllocate(system, 16 * PAGE);
    vmObjectReference(bottom);
    fill(bottom, 9);
    const middle = over(bottom, 4, 8);
    const top = over(middle, 3, 2);
    vmObjectCollapse(top, 0, false);
    expect(top).toMatchObject({ shadow: bottom, shadowOffset: 7 * PAGE });
    expect(bottom.refCount).toBe(2);
    expect(middle.alive).toBe(false);
    system.assertConsistent({ maps: [], objects: [top, bottom] });
  });

  it("goes through a whole chain in one call", () => {
    const { system } = testSystem();
    let top = vmObjectAllocate(system, 4 * PAGE);
    fill(top, 3);
    for (const index of [0, 1, 2]) {
      top = over(top, 0, 4);
      fill(top, index);
    }
    vmObjectCollapse(top, 0, true);
    expect(top.shadow).toBeNull();
    expect(indexes(top)).toEqual([0, 1, 2, 3]);
    expect(system.objects.live.size).toBe(1);
  });

  it("leaves alone what is held, and goes on below it", () => {
    const { system } = testSystem();
    const bottom = vmObjectAllocate(system, PAGE);
    const lower = over(bottom, 0, 1);
    const middle = over(lower, 0, 1);
    const top = over(middle, 0, 1);
    vmObjectPagingBegin(top);
    vmObjectCollapse(top, 0, true);
    expect(top.shadow).toBe(middle);
    expect(middle.shadow).toBeNull();
    expect(system.objects.live.size).toBe(2);
    vmObjectPagingEnd(top);
  });

  it("neither merges nor steps over an object somebody works on", () => {
    const { system } = testSystem();
    const below = vmObjectAllocate(system, PAGE);
    const top = over(below, 0, 1);
    fill(top, 0);
    vmObjectActivityBegin(below);
    vmObjectCollapse(top, 0, true);
    vmObjectReference(below);
    vmObjectCollapse(top, 0, true);
    expect(top.shadow).toBe(below);
    vmObjectActivityEnd(below);
    vmObjectCollapse(top, 0, true);
    expect(top.shadow).toBeNull();
    expect(below).toMatchObject({ alive: true, refCount: 1 });
  });

  it("never takes a copy object out from over its source", () => {
    const { system } = testSystem();
    const source = vmObjectAllocate(system, PAGE);
    const copy = over(source, 0, 1);
    source.copy = copy;
    vmObjectReference(source);
    const top = over(copy, 0, 1);
    fill(top, 0);
    vmObjectCollapse(top, 0, true);
    expect(top.shadow).toBe(copy);
    expect(copy.refCount).toBe(1);
  });

  it("steps over a shared object only when no page of it shows", () => {
    const { system } = testSystem();
    const below = vmObjectAllocate(system, 8 * PAGE);
    vmObjectReference(below);
    fill(below, 0, 4);
    const top = over(below, 2, 4);
    vmObjectCollapse(top, 0, false);
    expect(top.shadow).toBe(below);
    vmObjectCollapse(top, 0, true);
    expect(top.shadow).toBe(below);
    expect(top.cowHint).toBe(2 * PAGE);
    vmObjectPageRemove(below, 4 * PAGE, 5 * PAGE);
    vmObjectCollapse(top, 0, true);
    expect(top).toMatchObject({ shadow: null, shadowOffset: 0, cowHint: 0 });
    expect(below.refCount).toBe(1);
  });

  it("clears the copy pointer of what a copy object stepped over", () => {
    const { system } = testSystem();
    const source = vmObjectAllocate(system, PAGE);
    vmObjectReference(source);
    const copy = over(source, 0, 1);
    source.copy = copy;
    fill(copy, 0);
    vmObjectCollapse(copy, 0, true);
    expect(copy.shadow).toBeNull();
    expect(source).toMatchObject({ copy: null, refCount: 1 });
  });

  it("panics for purgeable memory", () => {
    const { system } = testSystem();
    const below = vmObjectAllocate(system, PAGE);
    const top = over(below, 0, 1);
    below.purgable = VM_PURGABLE_NONVOLATILE;
    expect(() => {
      vmObjectCollapse(top, 0, true);
    }).toThrow(KernelPanic);
  });

  it("happens by itself when all but one user let go", () => {
    const { system } = testSystem();
    const below = vmObjectAllocate(system, 2 * PAGE);
    fill(below, 0, 1);
    const top = over(below, 0, 2);
    vmObjectReference(top);
    vmObjectReference(top);
    vmObjectDeallocate(top);
    expect(top.shadow).toBe(below);
    vmObjectDeallocate(top);
    expect(top.shadow).toBeNull();
    expect(indexes(top)).toEqual([0, 1]);
  });
});

describe("coalesce", () => {
  it("needs no object, or one nobody else can see", () => {
    const { system } = testSystem();
    expect(vmObjectCoalesce(null, 0, PAGE, PAGE)).toBe(true);
    const object = vmObjectAllocate(system, 2 * PAGE);
    fill(object, 0, 1);
    expect(vmObjectCoalesce(object, 0, PAGE, 4 * PAGE)).toBe(true);
    expect(object.size).toBe(5 * PAGE);
    expect(indexes(object)).toEqual([0]);
    expect(vmObjectCoalesce(object, 0, PAGE, PAGE)).toBe(true);
    expect(object.size).toBe(5 * PAGE);
  });

  it("is refused for everything shared or in use", () => {
    const { system } = testSystem();
    const refused = (change: (object: VmObject) => void): boolean => {
      const object = vmObjectAllocate(system, PAGE);
      change(object);
      return !vmObjectCoalesce(object, 0, PAGE, PAGE) && object.size === PAGE;
    };
    expect(refused((object) => (object.refCount = 2))).toBe(true);
    expect(refused((object) => (object.trueShare = true))).toBe(true);
    expect(refused((object) => (object.pagerCreated = true))).toBe(true);
    expect(refused((object) => (object.physContiguous = true))).toBe(true);
    expect(refused((object) => (object.purgable = VM_PURGABLE_NONVOLATILE))).toBe(true);
    expect(refused((object) => (object.pagingInProgress = 1))).toBe(true);
    expect(refused((object) => (object.copy = vmObjectAllocate(system, PAGE)))).toBe(true);
    expect(refused((object) => (object.copyStrategy = MEMORY_OBJECT_COPY_DELAY))).toBe(false);
    const lower = vmObjectAllocate(system, PAGE);
    vmObjectReference(lower);
    fill(lower, 0);
    expect(vmObjectCoalesce(over(lower, 0, 1), 0, PAGE, PAGE)).toBe(false);
  });
});

describe("deactivate", () => {
  it("reaches through the chain, but kills pages only at the top", () => {
    const { system } = testSystem();
    const below = vmObjectAllocate(system, 4 * PAGE);
    const [hidden, seen, outside] = fill(below, 1, 2, 3);
    const top = over(below, 1, 2);
    const [own] = fill(top, 0);
    for (const page of below.pages.values()) page.reference = true;
    vmObjectDeactivatePages(top, 0, 2 * PAGE, true);
    expect(own).toMatchObject({ dirty: false, queueState: VM_PAGE_ON_INACTIVE_INTERNAL_Q });
    expect(seen).toMatchObject({ dirty: true, queueState: VM_PAGE_ON_INACTIVE_INTERNAL_Q });
    expect(hidden?.reference).toBe(true);
    expect(outside?.reference).toBe(true);
  });
});

describe("the checker", () => {
  it("notices a broken chain, list, count or pointer", () => {
    const broken = (damage: (top: VmObject, below: VmObject) => void): void => {
      const { system } = testSystem();
      const below = vmObjectAllocate(system, 2 * PAGE);
      fill(below, 0, 1);
      const top = over(below, 0, 2);
      vmObjectAssertConsistent(top);
      damage(top, below);
      expect(() => {
        vmObjectAssertConsistent(top);
      }).toThrow();
    };
    broken((top, below) => (below.shadow = top));
    broken((_, below) => (below.refCount = 0));
    broken((_, below) => (below.alive = false));
    broken((_, below) => (below.wiredPageCount = 1));
    broken((_, below) => (below.lastPage = below.firstPage));
    broken((_, below) => below.pages.delete(1));
    broken((_, below) => (below.firstPage!.offset = PAGE));
    broken((_, below) => (below.size = PAGE));
    broken((_, below) => (below.shadowOffset = PAGE));
    broken((top, below) => (top.copy = below));
    broken((top) => (top.size = 1));
    broken((top) => (top.named = true));
  });
});
