import { describe, expect, it } from "vitest";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmMapRangeCheck } from "../../../vm/map/find-space.js";
import { vmkFlagsAnywhere } from "../../../vm/map/flags.js";
import {
  vmMapCreate,
  vmMapDeallocate,
  vmMapRaiseMaxOffset,
  vmMapRaiseMinOffset,
  vmMapSetDataLimit,
  vmMapTerminate,
  VM_MAP_CREATE_DISABLE_HOLELIST,
  VM_MAP_CREATE_PAGEABLE,
} from "../../../vm/map/lifecycle.js";
import { vmMapReference, type VmMap } from "../../../vm/map/map.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_NO_SPACE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_FLAGS_RANDOM_ADDR,
  VM_MEMORY_MALLOC_SMALL,
  vmMakeTag,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld } from "./mach-world.js";

const A = 0x10000;

function holes(map: VmMap): [number, number][] {
  return Array.from(map.holes ?? [], (hole) => [hole.start, hole.end]);
}

function withoutHoles(map: VmMap): void {
  map.lockExclusive();
  map.disableHoleOptimization();
  map.unlockExclusive();
}

describe("the hole list", () => {
  it("is one hole up to the highest end a map may get", () => {
    const m = machWorld();
    const map = vmMapCreate(m.w.system, null, va(0), va(16 * PAGE));
    expect(holes(map)).toEqual([[0, MACH_VM_MAX_ADDRESS]]);
    expect(holes(m.map)).toEqual([[PAGE, MACH_VM_MAX_ADDRESS]]);
  });

  it("splits, shrinks, vanishes and joins as memory comes and goes", () => {
    const m = machWorld();
    const top = MACH_VM_MAX_ADDRESS;
    m.fixed(A, 3 * PAGE);
    expect(holes(m.map)).toEqual([
      [PAGE, A],
      [A + 3 * PAGE, top],
    ]);
    m.deallocate(A + PAGE, PAGE);
    expect(holes(m.map)).toContainEqual([A + PAGE, A + 2 * PAGE]);
    m.fixed(A + PAGE, PAGE);
    m.fixed(PAGE, A - PAGE);
    expect(holes(m.map)).toEqual([[A + 3 * PAGE, top]]);
    m.deallocate(0, top); // starts below the map: nothing
    expect(holes(m.map)).toEqual([[A + 3 * PAGE, top]]);
    m.deallocate(PAGE, top - PAGE);
    expect(holes(m.map)).toEqual([[PAGE, top]]);
  });

  it("is not touched by clipping", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    const before = holes(m.map);
    m.protect(A + PAGE, PAGE, 1);
    expect(m.map.nentries).toBe(3);
    expect(holes(m.map)).toEqual(before);
  });

  it("gives the lowest gap that is big enough", () => {
    const m = machWorld();
    m.fixed(0x8000, PAGE);
    m.fixed(0x14000, PAGE);
    expect(m.anywhere(3 * PAGE)).toBe(0x18000);
    expect(m.anywhere(2 * PAGE)).toBe(0xc000);
    expect(m.anywhere(PAGE)).toBe(0x4000);
    expect(m.anywhere(PAGE)).toBe(0x24000);
  });
});

describe("the search without holes", () => {
  it("starts unchecked at the first entry", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.fixed(A + 2 * PAGE, PAGE);
    withoutHoles(m.map);
    expect(m.map.holesListEnabled).toBe(false);
    expect(m.map.firstFree).toBe(m.entry(A));
    // Below the first entry there is space, but nobody sees it.
    expect(m.anywhere(PAGE, vmMakeTag(200))).toBe(A + PAGE);
    expect(m.anywhere(PAGE, vmMakeTag(200))).toBe(PAGE);
  });

  it("sees the space again once an entry there goes away", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.fixed(A + 2 * PAGE, PAGE);
    withoutHoles(m.map);
    m.deallocate(A, PAGE);
    expect(m.map.firstFree).toBe(null);
    expect(m.anywhere(PAGE)).toBe(PAGE);
  });

  it("is a choice at creation, and for good", () => {
    const m = machWorld();
    const options = VM_MAP_CREATE_PAGEABLE | VM_MAP_CREATE_DISABLE_HOLELIST;
    const map = vmMapCreate(m.w.system, null, va(PAGE), va(16 * PAGE), options);
    expect(map.holes).toBe(null);
    withoutHoles(map);
    const enter = (): number => {
      const made = m.w.run(
        vmMapEnter(map, { address: va(0), size: 8 * PAGE, flags: vmkFlagsAnywhere({ tag: 200 }) }),
      );
      return made.kr === KERN_SUCCESS ? made.address : -made.kr;
    };
    expect(enter()).toBe(PAGE);
    expect(enter()).toBe(-KERN_NO_SPACE);
    m.w.run(vmMapDeallocate(map));
  });
});

describe("other searches", () => {
  it("pick a random page with enough room above, the same for the same seed", () => {
    const pick = (seed: number): number => {
      const m = machWorld({ seed });
      const address = m.anywhere(4 * PAGE, VM_FLAGS_RANDOM_ADDR);
      expect(address % PAGE).toBe(0);
      expect(address).toBeGreaterThanOrEqual(PAGE);
      return address;
    };
    expect(pick(1)).toBe(pick(1));
    expect(pick(1)).not.toBe(pick(2));
  });

  it("go down from the end, or from the hint", () => {
    const m = machWorld();
    const top = MACH_VM_MAX_ADDRESS;
    const down = (hint: number, size: number): number => {
      const flags = vmkFlagsAnywhere({ lastFree: true, tag: 200 });
      const made = m.w.run(vmMapEnter(m.map, { address: va(hint), size, flags }));
      return made.kr === KERN_SUCCESS ? made.address : -made.kr;
    };
    expect(down(0, PAGE)).toBe(top - PAGE);
    expect(down(0, 2 * PAGE)).toBe(top - 3 * PAGE);
    expect(down(A, PAGE)).toBe(A - PAGE);
    expect(down(A, 3 * PAGE)).toBe(-KERN_NO_SPACE); // would reach page zero
    expect(down(PAGE, PAGE)).toBe(-KERN_NO_SPACE);
  });

  it("never reuse an address where that is off, and leave a page between", () => {
    const m = machWorld();
    m.map.disableVmentryReuse = true;
    const first = m.anywhere(PAGE);
    const second = m.anywhere(PAGE);
    expect(second).toBe(first + 2 * PAGE);
    m.deallocate(first, 3 * PAGE);
    expect(m.anywhere(PAGE)).toBe(second + 2 * PAGE);
    const highest = m.map.highestEntryEnd;
    m.anywhere(PAGE, vmMakeTag(VM_MEMORY_MALLOC_SMALL));
    expect(m.map.highestEntryEnd).toBe(highest);
  });
});

describe("vm_map_range_check", () => {
  it("wants the range inside the map without a gap", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.fixed(A + PAGE, PAGE, vmMakeTag(200));
    m.map.lockShared();
    const ok = (start: number, end: number): boolean => vmMapRangeCheck(m.map, va(start), va(end));
    expect(ok(A, A + 2 * PAGE)).toBe(true);
    expect(ok(A, A + 3 * PAGE)).toBe(false);
    expect(ok(A - PAGE, A + PAGE)).toBe(false);
    expect(ok(A + PAGE, A)).toBe(false);
    expect(ok(0, A)).toBe(false);
    expect(ok(A, MACH_VM_MAX_ADDRESS + PAGE)).toBe(false);
    m.map.unlockShared();
  });
});

describe("the bounds of a map", () => {
  it("rise, over empty space only", () => {
    const m = machWorld();
    expect(vmMapRaiseMinOffset(m.map, va(0))).toBe(KERN_INVALID_ADDRESS);
    expect(vmMapRaiseMinOffset(m.map, MACH_VM_MAX_ADDRESS)).toBe(KERN_INVALID_ADDRESS);
    m.fixed(A, PAGE);
    expect(vmMapRaiseMinOffset(m.map, va(A + 1))).toBe(KERN_NO_SPACE);
    expect(vmMapRaiseMinOffset(m.map, va(A - 1))).toBe(KERN_SUCCESS);
    m.w.check();
    expect(m.anywhere(PAGE)).toBe(A + PAGE);
    expect(vmMapRaiseMaxOffset(m.map, va(A))).toBe(KERN_INVALID_ADDRESS);
    const small = vmMapCreate(m.w.system, null, va(0), va(16 * PAGE));
    expect(vmMapRaiseMaxOffset(small, va(0xf000_4000))).toBe(KERN_INVALID_ADDRESS);
    expect(vmMapRaiseMaxOffset(small, va(32 * PAGE))).toBe(KERN_SUCCESS);
    expect(small.maxOffset).toBe(32 * PAGE);
  });

  it("and its limits may not lie below what is mapped", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    expect(vmMapSetDataLimit(m.map, PAGE)).toBe(KERN_FAILURE);
    expect(vmMapSetDataLimit(m.map, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(m.fixed(2 * A, PAGE)).toBe(-KERN_NO_SPACE);
  });
});

describe("vm_map_terminate", () => {
  it("removes everything, permanent memory too, and turns the holes off", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE, 0x80);
    m.w.write(m.map, A, [1]);
    m.wire(A + PAGE, PAGE);
    vmMapReference(m.map);
    expect(m.w.run(vmMapTerminate(m.map))).toBe(KERN_SUCCESS);
    expect(m.map.terminated).toBe(true);
    expect([m.map.nentries, m.map.size, m.map.holesListEnabled]).toEqual([0, 0, false]);
    m.w.run(vmMapDeallocate(m.map));
    expect(m.map.refCount).toBe(1);
    m.w.exit(m.map);
  });
});
