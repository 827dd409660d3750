import { beforeEach, describe, expect, it } from "vitest";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmMapCreate } from "../../../vm/map/lifecycle.js";
import { vmMapReference, type VmMap } from "../../../vm/map/map.js";
import {
  pmapCreate,
  pmapFindPhys,
  pmapSetNested,
  pmapTranslate,
  type Pmap,
} from "../../../vm/pmap/index.js";
import {
  KERN_SUCCESS,
  VM_INHERIT_SHARE,
  VM_MEMORY_SHARED_PMAP,
  VM_MEMORY_UNSHARED_PMAP,
  VM_PROT_ALL,
  VM_PROT_READ,
  type VmOffset,
} from "../../../vm/types.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const TWIG = 2 ** 25;
/** The shared region of arm64. */
const BASE = 0x1_8000_0000;
const TWIGS = 4;
/** Memory in the region: a page before and a page after each twig boundary. */
const DATA = TWIG - PAGE;

let w: VmWorld;
let submap: VmMap;
let region: Pmap;
let a: VmMap;
let b: VmMap;

/** What dyld's shared region is: a submap with a pmap of its own, copy-on-write for those who write. */
function show(map: VmMap): void {
  vmMapReference(submap);
  const entered = w.run(
    vmMapEnter(map, {
      address: va(BASE),
      size: TWIGS * TWIG,
      flags: vmkFlagsFixed({ tag: VM_MEMORY_SHARED_PMAP, nestedPmap: true, permanent: true }),
      submap,
      offset: 0,
      needsCopy: true,
      cur: VM_PROT_READ,
      max: VM_PROT_ALL,
      inheritance: VM_INHERIT_SHARE,
    }),
  );
  expect(entered.kr).toBe(KERN_SUCCESS);
}

beforeEach(() => {
  w = vmWorld({ pages: 256 });
  region = pmapCreate(w.system.pmaps)!;
  pmapSetNested(region);
  submap = vmMapCreate(w.system, region, va(0), va(TWIGS * TWIG), undefined, "shared region");
  vmMapReference(submap); // the test's; the first one is kept by `maps`
  const flags = vmkFlagsFixed();
  const filled = w.run(vmMapEnter(submap, { address: va(DATA), size: 2 * PAGE, flags }));
  expect(filled.kr).toBe(KERN_SUCCESS);
  w.maps.add(submap);
  [a, b] = [w.newMap("a"), w.newMap("b")];
  show(a);
  show(b);
});

function frame(map: VmMap, offset: number): number {
  return pmapFindPhys(map.pmap!, (BASE + offset) as VmOffset);
}

function entries(map: VmMap): [start: number, nested: boolean, submap: boolean, tag: number][] {
  return Array.from(map.entries, (e) => [
    (e.start - BASE) / TWIG,
    e.usePmap && e.submap !== null,
    e.submap !== null,
    e.alias,
  ]);
}

describe("a nested submap", () => {
  it("is faulted in once for all: by the second reader without a fault", () => {
    expect(w.touch(a, BASE + DATA, VM_PROT_READ)).toBe(KERN_SUCCESS);
    const { faults } = w.system.counters;
    expect(w.touch(b, BASE + DATA, VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect(w.system.counters.faults).toBe(faults);
    expect(frame(b, DATA)).toBe(frame(a, DATA));
    expect(region.ledger.physMem).toBe(PAGE);
    expect(a.pmap!.ledger.physMem).toBe(0);
  });

  it("is copied where somebody writes, and un-nested there and only there", () => {
    w.touch(a, BASE + DATA, VM_PROT_READ);
    w.touch(a, BASE + DATA + PAGE, VM_PROT_READ);
    const shared = frame(b, DATA);
    // What may be written is what the region's own entry allows.
    expect(w.write(a, BASE + DATA, [42])).toBe(KERN_SUCCESS);
    expect(w.read(a, BASE + DATA, 1)).toEqual(Uint8Array.of(42));
    expect(w.read(b, BASE + DATA, 1)).toEqual(Uint8Array.of(0));
    expect(frame(b, DATA)).toBe(shared);
    expect(frame(a, DATA)).not.toBe(shared);
    // The page on the other side of the boundary is still the region's.
    expect(frame(a, DATA + PAGE)).toBe(frame(b, DATA + PAGE));
    const kinds = entries(a);
    expect(kinds.filter(([start]) => start >= 1)).toEqual([[1, true, true, VM_MEMORY_SHARED_PMAP]]);
    expect(kinds.filter(([start]) => start < 1).every(([, nested]) => !nested)).toBe(true);
    expect(kinds[0]).toEqual([0, false, true, VM_MEMORY_UNSHARED_PMAP]);
    expect(entries(b)).toEqual([[0, true, true, VM_MEMORY_SHARED_PMAP]]);
    w.checkNow();
  });

  it("a child shows the same parts", () => {
    w.touch(a, BASE + DATA, VM_PROT_READ);
    const child = w.fork(a);
    expect(entries(child)).toEqual(entries(a));
    expect(child.pmap!.nested?.pmap).toBe(region);
    expect(frame(child, DATA)).toBe(frame(a, DATA));
    w.exit(child);
    expect(frame(a, DATA)).not.toBe(0);
  });

  it("goes with the last that shows it", () => {
    w.touch(a, BASE + DATA, VM_PROT_READ);
    const before = region.refCount;
    w.exit(a);
    expect(region.refCount).toBe(before - 1);
    expect(frame(b, DATA)).not.toBe(0);
    w.exit(b);
    expect(region.refCount).toBe(1); // the submap's own
  });

  it("is not nested where it cannot be: the translations are the map's own then", () => {
    const c = w.newMap("c");
    vmMapReference(submap);
    const flags = vmkFlagsFixed({ nestedPmap: true });
    const odd = { address: va(BASE + PAGE), size: TWIG, flags, submap, offset: PAGE };
    expect(w.run(vmMapEnter(c, { ...odd, needsCopy: true, cur: VM_PROT_READ })).kr).toBe(0);
    expect(w.touch(c, BASE + DATA, VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect(c.pmap!.nested).toBe(null);
    expect(c.pmap!.ledger.physMem).toBe(PAGE);
    expect(pmapTranslate(region, (BASE + DATA) as VmOffset, VM_PROT_READ)).toBe("translation");
  });
});
