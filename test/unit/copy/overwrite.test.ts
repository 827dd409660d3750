import { describe, expect, it } from "vitest";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapCreate } from "../../../vm/map/lifecycle.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmObjectForVnode } from "../../../vm/object/index.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_INHERIT_NONE,
  VM_INHERIT_SHARE,
  VM_MEMORY_MALLOC_LARGE,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
} from "../../../vm/types.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const FROM = 0x10 * PAGE;
const TO = 0x40 * PAGE;
const KB64 = 4 * PAGE;

/** Anonymous memory, the page `i` of which begins with `first + i`. */
function filled(w: VmWorld, map: VmMap, address: number, pages: number, first: number): void {
  expect(w.allocateAt(map, address, pages * PAGE)).toBe(KERN_SUCCESS);
  for (let i = 0; i < pages; i++) w.write(map, address + i * PAGE, [first + i]);
}

/** The first byte of each of some pages. */
function firstBytes(w: VmWorld, map: VmMap, address: number, pages: number): number[] {
  return Array.from({ length: pages }, (_, i) => w.peek(map, address + i * PAGE)?.[0] ?? -1);
}

function sourceAndDestination(): { w: VmWorld; map: VmMap } {
  const w = vmWorld();
  const map = w.newMap();
  filled(w, map, FROM, 4, 1);
  filled(w, map, TO, 4, 101);
  return { w, map };
}

describe("overwrite: arguments", () => {
  it("has nothing to do for no copy, wherever it is to go", () => {
    const w = vmWorld();
    const map = w.newMap();
    expect(w.overwrite(map, -PAGE, null, { size: 2 * PAGE })).toBe(KERN_SUCCESS);
  });

  it("refuses ranges that wrap, and destinations at or above the map's end", () => {
    const { w, map } = sourceAndDestination();
    const list = w.copyinList(map, FROM, KB64);
    expect(w.overwrite(map, -PAGE, list)).toBe(KERN_INVALID_ADDRESS);
    expect(w.overwrite(map, map.maxOffset, list)).toBe(KERN_INVALID_ADDRESS);
    const buffer = w.copyinBuffer(map, FROM, 16);
    expect(w.overwrite(map, map.maxOffset, buffer)).toBe(KERN_INVALID_ADDRESS);
  });
});

describe("overwrite: whole pages", () => {
  it("hands the copy's memory to the destination without copying a byte", () => {
    const { w, map } = sourceAndDestination();
    const frames = w.system.pages.free.count;
    const old = w.objectAt(map, TO);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_SUCCESS);
    const shared = w.objectAt(map, FROM);
    expect(w.objectAt(map, TO)).toBe(shared);
    expect(shared.refCount).toBe(2);
    expect(old.alive).toBe(false);
    expect(w.system.pages.free.count).toBe(frames + 4); // the old pages
    expect(firstBytes(w, map, TO, 4)).toEqual([1, 2, 3, 4]);
    w.write(map, TO, [0x66]);
    expect(firstBytes(w, map, FROM, 1)).toEqual([1]);
  });

  it("keeps what the destination says about its memory", () => {
    const { w, map } = sourceAndDestination();
    w.protect(map, TO, KB64, VM_PROT_DEFAULT, true);
    w.inherit(map, TO, KB64, VM_INHERIT_NONE);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_SUCCESS);
    expect(w.entryAt(map, TO)).toMatchObject({
      protection: VM_PROT_DEFAULT,
      maxProtection: VM_PROT_DEFAULT,
      inheritance: VM_INHERIT_NONE,
      needsCopy: true,
    });
  });

  it("leaves memory copied onto itself alone", () => {
    const { w, map } = sourceAndDestination();
    const object = w.objectAt(map, FROM);
    expect(w.copyWithin(map, FROM, FROM, KB64)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, FROM)).toBe(object);
    expect(object.refCount).toBe(1);
    expect(w.entryAt(map, FROM)?.needsCopy).toBe(true);
    expect(firstBytes(w, map, FROM, 4)).toEqual([1, 2, 3, 4]);
  });

  it("substitutes nothing for nothing, and memory for memory never touched", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, FROM, KB64);
    filled(w, map, TO, 4, 101);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_SUCCESS);
    expect(w.entryAt(map, TO)?.object).toBeNull();
    expect(firstBytes(w, map, TO, 4)).toEqual([0, 0, 0, 0]);
    filled(w, map, FROM + KB64, 4, 1);
    expect(w.copyWithin(map, FROM + KB64, TO, KB64)).toBe(KERN_SUCCESS);
    expect(firstBytes(w, map, TO, 4)).toEqual([1, 2, 3, 4]);
  });

  it("matches entries of different sizes piece by piece", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, FROM, 2, 1);
    w.allocateAt(map, FROM + 2 * PAGE, 4 * PAGE);
    w.inherit(map, FROM + 2 * PAGE, 4 * PAGE, VM_INHERIT_NONE);
    filled(w, map, TO, 6, 101);
    w.inherit(map, TO + PAGE, 2 * PAGE, VM_INHERIT_NONE);
    expect(w.copyWithin(map, FROM, TO, 6 * PAGE)).toBe(KERN_SUCCESS);
    expect(firstBytes(w, map, TO, 6)).toEqual([1, 2, 0, 0, 0, 0]);
  });

  it("checks all of the destination before the first byte", () => {
    const { w, map } = sourceAndDestination();
    w.protect(map, TO + 3 * PAGE, PAGE, VM_PROT_READ);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_PROTECTION_FAILURE);
    w.deallocate(map, TO + 2 * PAGE, PAGE);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_INVALID_ADDRESS);
    expect(firstBytes(w, map, TO, 2)).toEqual([101, 102]);
  });

  it("refuses permanent memory", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, FROM, 4, 1);
    w.allocateAt(map, TO, KB64, { flags: vmkFlagsFixed({ permanent: true }) });
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_PROTECTION_FAILURE);
  });
});

describe("overwrite: contents", () => {
  it("copies the bytes where the destination is shared: sharers see them", () => {
    const { w, map } = sourceAndDestination();
    w.inherit(map, TO, KB64, VM_INHERIT_SHARE);
    const child = w.fork(map);
    const object = w.objectAt(map, TO);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, TO)).toBe(object);
    expect(firstBytes(w, map, TO, 4)).toEqual([1, 2, 3, 4]);
    expect(firstBytes(w, child, TO, 4)).toEqual([1, 2, 3, 4]);
  });

  it("copies the bytes into wired memory, which keeps its frames", () => {
    const { w, map } = sourceAndDestination();
    expect(w.wire(map, TO, KB64)).toBe(KERN_SUCCESS);
    const frame = w.frameAt(map, TO);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_SUCCESS);
    expect(w.frameAt(map, TO)).toBe(frame);
    expect(w.entryAt(map, TO)?.userWiredCount).toBe(1);
    expect(firstBytes(w, map, TO, 4)).toEqual([1, 2, 3, 4]);
  });

  it("copies less than three pages although they come as a list", () => {
    const { w, map } = sourceAndDestination();
    const object = w.objectAt(map, TO);
    expect(w.copyWithin(map, FROM, TO, 40000)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, TO)).toBe(object);
    expect(firstBytes(w, map, TO, 4)).toEqual([1, 2, 3, 104]);
    expect(w.peek(map, TO + 40000)?.[40000 % PAGE]).toBe(0);
  });

  it("copies everything when the two sides are misaligned", () => {
    const { w, map } = sourceAndDestination();
    filled(w, map, TO + KB64, 1, 105);
    const object = w.objectAt(map, TO);
    expect(w.copyWithin(map, FROM, TO + 1, KB64)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, TO)).toBe(object);
    for (let i = 0; i < 4; i++) expect(w.peek(map, TO + i * PAGE)?.[1]).toBe(i + 1);
    expect(firstBytes(w, map, TO, 5)).toEqual([101, 0, 0, 0, 0]);
    expect(w.peek(map, TO + KB64)?.[1]).toBe(0);
  });

  it("zero-fills from memory that was never touched", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, FROM, KB64);
    filled(w, map, TO, 4, 101);
    w.wire(map, TO, KB64);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_SUCCESS);
    expect(firstBytes(w, map, TO, 4)).toEqual([0, 0, 0, 0]);
  });

  it("does not give malloc memory an object that is shared", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, FROM, 4, 1);
    w.inherit(map, FROM, KB64, VM_INHERIT_SHARE);
    w.fork(map);
    const flags = vmkFlagsFixed({ tag: VM_MEMORY_MALLOC_LARGE });
    w.run(vmMapEnter(map, { address: va(TO), size: KB64, flags }));
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, TO).shadow).toBeNull();
    expect(w.objectAt(map, TO).residentPageCount).toBe(4);
    expect(firstBytes(w, map, TO, 4)).toEqual([1, 2, 3, 4]);
  });
});

describe("overwrite: head, body and tail", () => {
  /** Six pages on either side; 100 bytes of the first and the last page stay outside. */
  function misaligned(): { w: VmWorld; map: VmMap; size: number } {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, FROM, 6, 1);
    filled(w, map, TO, 6, 101);
    return { w, map, size: 6 * PAGE - 200 };
  }

  it("copies the ends and substitutes the middle", () => {
    const { w, map, size } = misaligned();
    w.write(map, FROM + 100, [0x21]);
    w.write(map, FROM + 6 * PAGE - 101, [0x22, 0x23]);
    expect(w.copyWithin(map, FROM + 100, TO + 100, size)).toBe(KERN_SUCCESS);
    expect(firstBytes(w, map, TO, 6)).toEqual([101, 2, 3, 4, 5, 6]);
    expect(w.peek(map, TO)?.[100]).toBe(0x21);
    const last = w.peek(map, TO + 5 * PAGE);
    expect([last?.[PAGE - 101], last?.[PAGE - 100]]).toEqual([0x22, 0]);
    expect(w.objectAt(map, TO + PAGE)).toBe(w.objectAt(map, FROM + PAGE));
    expect(w.objectAt(map, TO)).not.toBe(w.objectAt(map, FROM));
    expect(w.objectAt(map, TO + 5 * PAGE)).not.toBe(w.objectAt(map, FROM + 5 * PAGE));
  });

  it("has written the head when the body fails, and leaves the copy to its owner", () => {
    const { w, map, size } = misaligned();
    w.write(map, FROM + 100, [0x21]);
    w.protect(map, TO + 5 * PAGE, PAGE, VM_PROT_READ);
    w.protect(map, TO + 3 * PAGE, PAGE, VM_PROT_READ);
    const copy = w.copyinList(map, FROM + 100, size);
    expect(w.overwrite(map, TO + 100, copy)).toBe(KERN_PROTECTION_FAILURE);
    expect(w.peek(map, TO)?.[100]).toBe(0x21);
    expect(firstBytes(w, map, TO, 6)).toEqual([101, 102, 103, 104, 105, 106]);
    expect(copy).toMatchObject({ offset: FROM + 100, size });
    w.discard(copy);
    expect(w.objectAt(map, FROM + PAGE).refCount).toBe(w.layout(map).filter(isSource).length);
  });
});

/** Entries that still map the source's object. */
function isSource({ start }: { start: number }): boolean {
  return start * PAGE >= FROM && start * PAGE < FROM + 6 * PAGE;
}

describe("overwrite: buffers", () => {
  it("copies the bytes, page by page, until one cannot be written", () => {
    const { w, map } = sourceAndDestination();
    expect(w.copyWithin(map, FROM, TO, 32768)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, TO)).not.toBe(w.objectAt(map, FROM));
    expect(firstBytes(w, map, TO, 3)).toEqual([1, 2, 103]);
    w.protect(map, TO + 3 * PAGE, PAGE, VM_PROT_READ);
    expect(w.copyWithin(map, FROM, TO + 2 * PAGE, 32768)).toBe(KERN_INVALID_ADDRESS);
    expect(firstBytes(w, map, TO, 4)).toEqual([1, 2, 1, 104]);
    w.deallocate(map, TO + 3 * PAGE, PAGE);
    expect(w.copyWithin(map, FROM + PAGE, TO + 2 * PAGE, 32768)).toBe(KERN_INVALID_ADDRESS);
    expect(firstBytes(w, map, TO, 3)).toEqual([1, 2, 2]);
  });
});

describe("overwrite: interruptible", () => {
  function mapFile(w: VmWorld, map: VmMap, address: number): void {
    const backing = {
      key: "f",
      name: "/f",
      size: () => KB64,
      read: (_: number, to: Uint8Array) => to.length,
    };
    const object = vmObjectForVnode(w.system, backing);
    const request = { address: va(address), size: PAGE, flags: vmkFlagsFixed() };
    w.objects.add(object);
    expect(w.mapObject(map, request, object, 0, false)).toBe(KERN_SUCCESS);
    w.release(object);
  }

  it("refuses a file in any entry but the last", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, FROM, 4, 1);
    mapFile(w, map, TO);
    filled(w, map, TO + PAGE, 3, 102);
    const copy = w.copyinList(map, FROM, KB64);
    expect(w.overwrite(map, TO, copy, { interruptible: true })).toBe(KERN_FAILURE);
    expect(firstBytes(w, map, TO + PAGE, 3)).toEqual([102, 103, 104]);
    expect(w.overwrite(map, TO, copy)).toBe(KERN_SUCCESS);
    expect(firstBytes(w, map, TO, 4)).toEqual([1, 2, 3, 4]);
  });

  it("does not look at the last entry", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, FROM, 4, 1);
    filled(w, map, TO, 3, 101);
    mapFile(w, map, TO + 3 * PAGE);
    const copy = w.copyinList(map, FROM, KB64);
    expect(w.overwrite(map, TO, copy, { interruptible: true })).toBe(KERN_SUCCESS);
    expect(firstBytes(w, map, TO, 4)).toEqual([1, 2, 3, 4]);
  });
});

describe("overwrite: submaps", () => {
  /** A submap of `pages` fresh pages from 0 up, mapped at TO. */
  function withSubmap(w: VmWorld, map: VmMap, pages: number, needsCopy: boolean): VmMap {
    const submap = vmMapCreate(w.system, null, va(0), va(0x100 * PAGE), undefined, "region");
    submap.mappedInOtherPmaps = true;
    const flags = vmkFlagsFixed();
    w.run(vmMapEnter(submap, { address: va(PAGE), size: pages * PAGE, flags }));
    const size = pages * PAGE;
    const request = { address: va(TO), size, flags, submap, offset: PAGE, needsCopy };
    expect(w.run(vmMapEnter(map, request)).kr).toBe(KERN_SUCCESS);
    return submap;
  }

  it("writes through a submap, together with the memory around it", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, FROM, 5, 1);
    const submap = withSubmap(w, map, 3, false);
    filled(w, map, TO + 3 * PAGE, 2, 101);
    expect(w.copyWithin(map, FROM, TO, 5 * PAGE)).toBe(KERN_SUCCESS);
    for (let i = 0; i < 5; i++) {
      expect(w.read(map, TO + i * PAGE, 1)).toEqual(Uint8Array.of(i + 1));
    }
    expect(firstBytes(w, submap, PAGE, 3)).toEqual([1, 2, 3]);
  });

  it("checks the protections inside the submap", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, FROM, 4, 1);
    const submap = withSubmap(w, map, 4, false);
    w.protect(submap, 3 * PAGE, PAGE, VM_PROT_READ);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_PROTECTION_FAILURE);
  });

  it("refuses a range that is all in a copy-on-write submap", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, FROM, 4, 1);
    withSubmap(w, map, 4, true);
    expect(w.copyWithin(map, FROM, TO, KB64)).toBe(KERN_PROTECTION_FAILURE);
    expect(w.entryAt(map, TO)?.submap).not.toBeNull();
  });
});
