import { describe, expect, it } from "vitest";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapCreate } from "../../../vm/map/lifecycle.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmMapReference } from "../../../vm/map/map.js";
import { vmMapUnwireNested } from "../../../vm/map/unwire.js";
import { vmMapWireNested } from "../../../vm/map/wire.js";
import { vmMapWireAndExtract } from "../../../vm/map/wire.js";
import { rawProt, rawU64 } from "../../../vm/sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  VM_MEMORY_MALLOC,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const A = 0x40000;
/** Where the submap's memory begins in the submap. */
const INSIDE = 2 * PAGE;

interface Nested {
  readonly w: VmWorld;
  readonly map: VmMap;
  readonly submap: VmMap;
}

/** `pages` pages of a submap, page i filled with i + 1, mapped at A. */
function nested(pages: number, needsCopy = false, tag = 0): Nested {
  const w = vmWorld();
  const map = w.newMap();
  const submap = vmMapCreate(w.system, null, va(0), va(0x100 * PAGE), undefined, "region");
  vmMapReference(submap);
  w.maps.add(submap); // with that reference
  const size = pages * PAGE;
  const flags = vmkFlagsFixed({ tag });
  expect(w.run(vmMapEnter(submap, { address: va(INSIDE), size, flags })).kr).toBe(KERN_SUCCESS);
  for (let i = 0; i < pages; i++) put(w, submap, INSIDE + i * PAGE, i + 1);
  enterSubmap(w, map, submap, A, pages, needsCopy);
  return { w, map, submap };
}

/** Map the submap's memory, taking over one reference on it. */
function enterSubmap(
  w: VmWorld,
  map: VmMap,
  submap: VmMap,
  address: number,
  pages: number,
  needsCopy: boolean,
): void {
  const request = { address: va(address), size: pages * PAGE, flags: vmkFlagsFixed() };
  const entered = w.run(vmMapEnter(map, { ...request, submap, offset: INSIDE, needsCopy }));
  expect(entered.kr).toBe(KERN_SUCCESS);
}

/** Fill a submap's page through a map that shows it for a moment. */
function put(w: VmWorld, submap: VmMap, inside: number, value: number): void {
  const map = w.newMap();
  vmMapReference(submap);
  const flags = vmkFlagsFixed();
  const request = { address: va(A), size: PAGE, flags, submap, offset: inside };
  expect(w.run(vmMapEnter(map, request)).kr).toBe(KERN_SUCCESS);
  expect(w.write(map, A, [value])).toBe(KERN_SUCCESS);
  w.exit(map);
}

function at(w: VmWorld, map: VmMap, address: number): number {
  const bytes = w.read(map, address, 1);
  return typeof bytes === "number" ? -bytes : (bytes[0] ?? NaN);
}

function wireCounts(w: VmWorld, map: VmMap, address: number): [number, number] {
  const entry = w.entryAt(map, address);
  return [entry?.wiredCount ?? NaN, entry?.userWiredCount ?? NaN];
}

describe("wiring through a submap", () => {
  it("wires the submap's memory and enters it in the parent's pmap", () => {
    const { w, map, submap } = nested(4);
    expect(w.wire(map, A + PAGE, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(wireCounts(w, map, A)).toEqual([0, 0]);
    expect(wireCounts(w, map, A + PAGE)).toEqual([1, 1]);
    expect(wireCounts(w, submap, INSIDE + PAGE)).toEqual([1, 1]);
    expect(wireCounts(w, submap, INSIDE + 3 * PAGE)).toEqual([0, 0]);
    expect([map.userWireSize, submap.userWireSize]).toEqual([2 * PAGE, 2 * PAGE]);
    expect(w.frameAt(map, A + PAGE)).not.toBeNull();
    expect(w.frameAt(map, A + 2 * PAGE)).not.toBeNull();
    expect(w.frameAt(map, A)).toBeNull();

    const { faults } = w.system.counters;
    expect(at(w, map, A + PAGE)).toBe(2);
    expect(w.write(map, A + 2 * PAGE, [9])).toBe(KERN_SUCCESS);
    expect(w.system.counters.faults).toBe(faults);
  });

  it("counts again at the top only, and gives the pages back with the last", () => {
    const { w, map, submap } = nested(2);
    const wired = (): number => w.system.pages.wireCount;
    const before = wired();
    expect(w.wire(map, A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(w.wire(map, A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(wireCounts(w, map, A)).toEqual([1, 2]);
    expect(wireCounts(w, submap, INSIDE)).toEqual([1, 1]);
    expect(w.unwire(map, A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(wireCounts(w, submap, INSIDE)).toEqual([1, 1]);
    expect(w.unwire(map, A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(wireCounts(w, map, A)).toEqual([0, 0]);
    expect(wireCounts(w, submap, INSIDE)).toEqual([0, 0]);
    expect([map.userWireSize, submap.userWireSize, map.nentries]).toEqual([0, 0, 1]);
    expect(wired() - before).toBeLessThanOrEqual(2); // page tables
  });

  it("fails as the submap says, and leaves nothing wired on either side", () => {
    const { w, map, submap } = nested(3);
    w.protect(submap, INSIDE + 2 * PAGE, PAGE, VM_PROT_READ);
    expect(w.wire(map, A, 3 * PAGE, VM_PROT_READ | VM_PROT_WRITE)).toBe(KERN_PROTECTION_FAILURE);
    w.deallocate(submap, INSIDE + 2 * PAGE, PAGE);
    expect(w.wire(map, A, 3 * PAGE)).toBe(KERN_INVALID_ADDRESS);
    expect(wireCounts(w, map, A)).toEqual([0, 0]);
    expect(wireCounts(w, submap, INSIDE)).toEqual([0, 0]);
    expect([map.userWireSize, submap.userWireSize]).toEqual([0, 0]);
  });

  it("copies a copy-on-write submap's memory first", () => {
    const { w, map, submap } = nested(2, true);
    expect(w.wire(map, A, PAGE)).toBe(KERN_SUCCESS);
    const entry = w.entryAt(map, A);
    expect([entry?.submap, entry?.wiredCount, entry?.needsCopy]).toEqual([null, 1, false]);
    expect(wireCounts(w, submap, INSIDE)).toEqual([0, 0]);
    expect(w.write(map, A, [77])).toBe(KERN_SUCCESS);
    expect(at(w, map, A)).toBe(77);
    expect(w.peek(submap, INSIDE)?.[0]).toBe(1);
  });

  it("ends with the mapping, whose deletion unwires the submap", () => {
    const { w, map, submap } = nested(2);
    expect(w.wire(map, A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(w.deallocate(map, A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(wireCounts(w, submap, INSIDE)).toEqual([0, 0]);
    expect(map.userWireSize).toBe(0);
  });

  it("works for the kernel, through two levels", () => {
    const { w, map: middle, submap } = nested(2);
    const top = w.newMap();
    vmMapReference(middle);
    const request = { address: va(A), size: 2 * PAGE, flags: vmkFlagsFixed() };
    const entered = w.run(vmMapEnter(top, { ...request, submap: middle, offset: A }));
    expect(entered.kr).toBe(KERN_SUCCESS);
    const range = [va(A), va(A + 2 * PAGE)] as const;
    expect(w.run(vmMapWireNested(top, ...range, VM_PROT_READ, false))).toBe(KERN_SUCCESS);
    expect(wireCounts(w, top, A)).toEqual([1, 0]);
    expect(wireCounts(w, middle, A)).toEqual([1, 0]);
    expect(wireCounts(w, submap, INSIDE)).toEqual([1, 0]);
    expect(w.frameAt(top, A)).not.toBeNull();
    expect(w.frameAt(middle, A)).toBeNull();
    expect(w.run(vmMapUnwireNested(top, ...range, false))).toBe(KERN_SUCCESS);
    expect(wireCounts(w, submap, INSIDE)).toEqual([0, 0]);
    expect(wireCounts(w, middle, A)).toEqual([0, 0]);
  });

  it("does not tell the frame of a single page", () => {
    const { w, map } = nested(1);
    const { kr, ppn } = w.run(vmMapWireAndExtract(map, rawU64(A), rawProt(VM_PROT_READ), true));
    expect([kr, ppn]).toEqual([KERN_INVALID_ARGUMENT, 0]);
  });
});

describe("a copy-on-write submap", () => {
  it("shows the submap's memory until it is written, then only the part written is copied", () => {
    const { w, map, submap } = nested(3, true);
    w.protect(submap, INSIDE + PAGE, PAGE, VM_PROT_READ); // three entries below
    w.protect(submap, INSIDE + PAGE, PAGE, VM_PROT_DEFAULT);
    expect(at(w, map, A + PAGE)).toBe(2);
    expect(map.nentries).toBe(1);
    expect(w.write(map, A + PAGE, [50])).toBe(KERN_SUCCESS);
    expect(at(w, map, A + PAGE)).toBe(50);
    expect(w.peek(submap, INSIDE + PAGE)?.[0]).toBe(2);
  });

  it("of which nothing is left goes away with its last piece", () => {
    const { w, map, submap } = nested(1, true);
    w.exit(submap);
    expect(submap.refCount).toBe(1);
    expect(w.write(map, A, [50])).toBe(KERN_SUCCESS);
    expect([submap.refCount, submap.nentries]).toEqual([0, 0]);
    expect(at(w, map, A)).toBe(50);
  });

  it("copies wired memory at once", () => {
    const { w, map, submap } = nested(2, true);
    const shared = w.newMap();
    vmMapReference(submap);
    enterSubmap(w, shared, submap, A, 2, false);
    expect(w.wire(shared, A, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(w.write(map, A, [60])).toBe(KERN_SUCCESS);
    expect(w.write(shared, A + PAGE, [70])).toBe(KERN_SUCCESS);
    expect([at(w, map, A), at(w, map, A + PAGE)]).toEqual([60, 2]);
    expect([at(w, shared, A), at(w, shared, A + PAGE)]).toEqual([1, 70]);
  });

  it("copies memory that is not copied symmetrically by its object's strategy", () => {
    const { w, map, submap } = nested(2, true, VM_MEMORY_MALLOC);
    const shared = w.newMap();
    vmMapReference(submap);
    enterSubmap(w, shared, submap, A, 2, false);
    expect(w.write(map, A, [60])).toBe(KERN_SUCCESS);
    expect(w.write(shared, A + PAGE, [70])).toBe(KERN_SUCCESS);
    expect([at(w, map, A), at(w, map, A + PAGE)]).toEqual([60, 2]);
    expect([at(w, shared, A), at(w, shared, A + PAGE)]).toEqual([1, 70]);
  });

  it("may lie behind another submap", () => {
    const { w, map: middle, submap } = nested(2, true);
    const top = w.newMap();
    vmMapReference(middle);
    const request = {
      address: va(A),
      size: 2 * PAGE,
      flags: vmkFlagsFixed(),
      cur: VM_PROT_ALL & 3,
    };
    const entered = w.run(vmMapEnter(top, { ...request, submap: middle, offset: A }));
    expect(entered.kr).toBe(KERN_SUCCESS);
    expect(at(w, top, A)).toBe(1);
    expect(w.write(top, A, [60])).toBe(KERN_SUCCESS);
    expect([at(w, top, A), at(w, middle, A)]).toEqual([60, 60]);
    expect(w.peek(submap, INSIDE)?.[0]).toBe(1);
  });

  it("whose memory is gone is a bad address", () => {
    const { w, map, submap } = nested(2, true);
    w.deallocate(submap, INSIDE, PAGE);
    expect(w.write(map, A, [1])).toBe(KERN_INVALID_ADDRESS);
    expect(w.write(map, A + PAGE, [1])).toBe(KERN_SUCCESS);
  });
});
