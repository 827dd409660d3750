import { describe, expect, it } from "vitest";
import { vmMapEnter, type EnterRequest } from "../../../vm/map/enter.js";
import { vmMapFindSpace } from "../../../vm/map/find-space.js";
import { vmkFlagsAnywhere, vmkFlagsFixed } from "../../../vm/map/flags.js";
import { kmemSuballoc } from "../../../vm/map/kmem.js";
import {
  vmMapDeallocate,
  vmMapSetMaxAddr,
  vmMapToggleEntryReuse,
  VM_TOGGLE_CLEAR,
  VM_TOGGLE_GETVALUE,
  VM_TOGGLE_SET,
} from "../../../vm/map/lifecycle.js";
import {
  UMEM_RANGE_ID_FIXED,
  UMEM_RANGE_ID_LARGE_FILE,
  VmMapUserRanges,
} from "../../../vm/map/user-ranges.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_PRESENT,
  KERN_NO_SPACE,
  KERN_SUCCESS,
  VM_BEHAVIOR_CAN_REUSE,
  VM_BEHAVIOR_REUSABLE,
  VM_BEHAVIOR_REUSE,
  VM_BEHAVIOR_ZERO,
  VM_FLAGS_TPRO,
  VM_MEMORY_MALLOC,
  VM_MEMORY_MALLOC_LARGE,
  VM_MEMORY_MALLOC_LARGE_REUSABLE,
  VM_MEMORY_MALLOC_LARGE_REUSED,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
  VM_PROT_TPRO,
  KERN_NO_ACCESS,
  KERN_PROTECTION_FAILURE,
  vmMakeTag,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "./mach-world.js";

const A = 0x100000;

function enter(m: MachWorld, request: EnterRequest): number {
  const made = m.w.run(vmMapEnter(m.map, request));
  return made.kr === KERN_SUCCESS ? made.address : -made.kr;
}

describe("vm_map_enter of what may be there already", () => {
  const flags = vmkFlagsFixed({ already: true });

  it("says memory present if exactly that is mapped, and no space otherwise", () => {
    const m = machWorld();
    const request = { address: va(A), size: 2 * PAGE, flags };
    expect(enter(m, request)).toBe(A);
    expect(enter(m, request)).toBe(-KERN_MEMORY_PRESENT);
    m.inherit(A + PAGE, PAGE, 1); // two entries, the same memory
    expect(enter(m, request)).toBe(-KERN_MEMORY_PRESENT);
    expect(enter(m, { ...request, size: 3 * PAGE })).toBe(-KERN_NO_SPACE);
    expect(enter(m, { ...request, cur: VM_PROT_READ })).toBe(-KERN_NO_SPACE);
    m.protect(A + PAGE, PAGE, VM_PROT_READ);
    expect(enter(m, request)).toBe(-KERN_NO_SPACE);
  });

  it("is for fixed addresses without overwriting", () => {
    const m = machWorld();
    const anywhere = vmkFlagsAnywhere({ already: true });
    const request = { address: va(A), size: PAGE };
    expect(enter(m, { ...request, flags: anywhere })).toBe(-KERN_INVALID_ARGUMENT);
    const overwrite = vmkFlagsFixed({ already: true, overwrite: true });
    expect(enter(m, { ...request, flags: overwrite })).toBe(-KERN_INVALID_ARGUMENT);
  });
});

describe("vm_map_find_space", () => {
  it("links an entry and returns with the map locked", () => {
    const m = machWorld();
    const found = m.w.finish(vmMapFindSpace(m.map, va(A), 2 * PAGE, 0, vmkFlagsAnywhere()));
    if (found.kr !== KERN_SUCCESS) throw new Error("no space");
    expect(() => m.map.lock.assertExclusive()).not.toThrow();
    expect(found).toMatchObject({ address: A, entry: { start: A, end: A + 2 * PAGE } });
    expect(found.entry).toMatchObject({ protection: VM_PROT_DEFAULT, usePmap: true });
    m.map.unlockExclusive();
    m.w.check();
  });

  it("leaves a guard page below, which counts as part of the size", () => {
    const m = machWorld();
    const guard = vmkFlagsAnywhere({ guardBefore: true });
    const found = m.w.finish(vmMapFindSpace(m.map, va(A), 3 * PAGE, 0, guard));
    if (found.kr !== KERN_SUCCESS) throw new Error("no space");
    m.map.unlockExclusive();
    expect(found.address).toBe(A);
    expect(m.ranges()).toEqual([[A + PAGE, A + 3 * PAGE]]);
    const nothing = m.w.finish(vmMapFindSpace(m.map, va(A), PAGE, 0, guard));
    expect(nothing.kr).toBe(KERN_INVALID_ARGUMENT);
    expect(m.map.lock.held).toBe(false);
  });
});

describe("a divided address space", () => {
  function divided(): MachWorld {
    const m = machWorld();
    m.map.userRanges = new VmMapUserRanges({
      default: { min: va(0x1000_0000), max: va(0x2000_0000) },
      heap: { min: va(0x4000_0000), max: va(0x5000_0000) },
      largeFile: { min: va(0x8000_0000), max: va(0x9000_0000) },
    });
    return m;
  }

  it("has memory of each kind in its part", () => {
    const m = divided();
    expect(m.anywhere(PAGE)).toBe(0x1000_0000);
    expect(m.anywhere(PAGE, vmMakeTag(VM_MEMORY_MALLOC))).toBe(0x4000_0000);
    const file = vmkFlagsAnywhere({ rangeId: UMEM_RANGE_ID_LARGE_FILE });
    expect(enter(m, { address: va(0), size: PAGE, flags: file })).toBe(0x8000_0000);
    const fixedOnly = vmkFlagsAnywhere({ rangeId: UMEM_RANGE_ID_FIXED });
    expect(enter(m, { address: va(0), size: PAGE, flags: fixedOnly })).toBe(-KERN_NO_SPACE);
    expect(m.anywhere(0x1000_0000)).toBe(-KERN_NO_SPACE);
  });

  it("takes fixed memory inside one part only, also one that is added", () => {
    const m = divided();
    expect(m.fixed(0x1000_0000, PAGE)).toBe(0x1000_0000);
    expect(m.fixed(0x3000_0000, PAGE)).toBe(-KERN_INVALID_ADDRESS);
    expect(m.fixed(0x2000_0000 - PAGE, 2 * PAGE)).toBe(-KERN_INVALID_ADDRESS);
    const ranges = m.map.userRanges!;
    const extra = { min: va(0x3000_0000), max: va(0x3100_0000) };
    expect(ranges.add({ min: va(0x1f00_0000), max: va(0x2100_0000) })).toBe(KERN_INVALID_ARGUMENT);
    expect(ranges.add({ min: extra.max, max: extra.min })).toBe(KERN_INVALID_ARGUMENT);
    expect(ranges.add(extra)).toBe(KERN_SUCCESS);
    expect(m.fixed(0x3000_0000, PAGE)).toBe(0x3000_0000);
    for (let i = 1; i < 1024; i++) {
      const min = va(0x10_0000_0000 + i * PAGE);
      expect(ranges.add({ min, max: va(min + PAGE) })).toBe(KERN_SUCCESS);
    }
    const last = { min: va(0x20_0000_0000), max: va(0x20_0001_0000) };
    expect(ranges.add(last)).toBe(KERN_NO_SPACE);
  });
});

describe("the kernel's submaps", () => {
  it("lie in the kernel map, and memory is found in them", () => {
    const m = machWorld();
    const { kernelMap } = m.w.system;
    const at = kernelMap.minOffset;
    const made = m.w.finish(kmemSuballoc(kernelMap, at, 16 * PAGE, vmkFlagsFixed()));
    if (made.kr !== KERN_SUCCESS) throw new Error("no submap");
    const { submap } = made;
    expect([submap.minOffset, submap.maxOffset]).toEqual([at, at + 16 * PAGE]);
    const entry = m.w.entryAt(kernelMap, at);
    expect(entry?.submap).toBe(submap);
    expect([entry?.permanent, entry?.offset]).toEqual([true, at]);
    const flags = vmkFlagsAnywhere();
    const entered = m.w.finish(vmMapEnter(submap, { address: at, size: PAGE, flags }));
    expect(entered).toMatchObject({ kr: KERN_SUCCESS, address: at });
    m.w.finish(vmMapDeallocate(submap));
    expect(submap.refCount).toBe(1);
    m.w.check();
  });
});

describe("settings of a map", () => {
  it("addresses may be used once only, for good as far as the hole list goes", () => {
    const m = machWorld();
    const at = m.anywhere(PAGE);
    expect(vmMapToggleEntryReuse(m.map, 7)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    const toggle = (what: number): unknown => vmMapToggleEntryReuse(m.map, what);
    expect(toggle(VM_TOGGLE_GETVALUE)).toEqual({ kr: KERN_SUCCESS, disabled: false });
    expect(toggle(VM_TOGGLE_SET)).toEqual({ kr: KERN_SUCCESS, disabled: true });
    expect(m.map.holesListEnabled).toBe(false);
    m.deallocate(at, PAGE);
    expect(m.anywhere(PAGE)).toBeGreaterThan(at);
    expect(toggle(VM_TOGGLE_CLEAR)).toEqual({ kr: KERN_SUCCESS, disabled: false });
    expect(m.map.holesListEnabled).toBe(false);
  });

  it("the end moves up to the jumbo size and never down", () => {
    const m = machWorld();
    m.map.maxOffset = va(0x2_0000_0000);
    vmMapSetMaxAddr(m.map, va(0x1_8000_0000));
    expect(m.map.maxOffset).toBe(0x2_0000_0000);
    vmMapSetMaxAddr(m.map, va(0x7f_ffff_0000));
    expect(m.map.maxOffset).toBe(0xf_c000_0000);
  });
});

describe("memory of an allocator", () => {
  const large = vmMakeTag(VM_MEMORY_MALLOC_LARGE);

  it("is reusable, then reused, as its tag says", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE, large);
    m.w.write(m.map, A, [1]);
    expect(m.behavior(A, 2 * PAGE, VM_BEHAVIOR_REUSABLE)).toBe(KERN_SUCCESS);
    expect(m.entry(A).alias).toBe(VM_MEMORY_MALLOC_LARGE_REUSABLE);
    expect(m.w.objectAt(m.map, A).pages.get(0)?.reusable).toBe(true);
    expect(m.behavior(A, 2 * PAGE, VM_BEHAVIOR_CAN_REUSE)).toBe(KERN_SUCCESS);
    expect(m.behavior(A, 2 * PAGE, VM_BEHAVIOR_REUSE)).toBe(KERN_SUCCESS);
    expect(m.entry(A).alias).toBe(VM_MEMORY_MALLOC_LARGE_REUSED);
    expect(m.w.objectAt(m.map, A).pages.get(0)?.reusable).toBe(false);
  });

  it("keeps its tag while it has no object, and must be as it was made", () => {
    const m = machWorld();
    m.fixed(A, PAGE, large);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_REUSABLE)).toBe(KERN_SUCCESS);
    expect(m.entry(A).alias).toBe(VM_MEMORY_MALLOC_LARGE);
    m.inherit(A, PAGE, 2);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_REUSABLE)).toBe(KERN_INVALID_ADDRESS);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_CAN_REUSE)).toBe(KERN_INVALID_ADDRESS);
    expect(m.behavior(A + PAGE, PAGE, VM_BEHAVIOR_CAN_REUSE)).toBe(KERN_INVALID_ADDRESS);
  });

  it("of other tags may be anything that can be written", () => {
    const m = machWorld();
    m.fixed(A, PAGE, vmMakeTag(200));
    m.inherit(A, PAGE, 2);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_REUSABLE)).toBe(KERN_SUCCESS);
    m.protect(A, PAGE, VM_PROT_READ);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_REUSABLE)).toBe(KERN_PROTECTION_FAILURE);
  });
});

describe("VM_BEHAVIOR_ZERO", () => {
  it("zeroes what is resident, in place", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.w.write(m.map, A + 5, [1]);
    m.w.write(m.map, A + PAGE, [2]);
    const frame = m.w.frameAt(m.map, A);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_ZERO)).toBe(KERN_SUCCESS);
    expect(m.w.read(m.map, A + 5, 1)).toEqual(Uint8Array.of(0));
    expect(m.w.read(m.map, A + PAGE, 1)).toEqual(Uint8Array.of(2));
    expect(m.w.frameAt(m.map, A)).toBe(frame);
  });

  it("wants writable memory of the entry's own", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.w.write(m.map, A, [1]);
    expect(m.behavior(A + 2 * PAGE, PAGE, VM_BEHAVIOR_ZERO)).toBe(KERN_INVALID_ADDRESS);
    const child = m.w.fork(m.map);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_ZERO)).toBe(KERN_NO_ACCESS);
    m.w.exit(child);
    m.protect(A, PAGE, VM_PROT_READ);
    expect(m.behavior(A, PAGE, VM_BEHAVIOR_ZERO)).toBe(KERN_PROTECTION_FAILURE);
  });
});

describe("TPRO memory, which the architecture's MMU has no permission for", () => {
  it("is refused by vm_map_enter, whatever the rights, and after what XNU checks before it", () => {
    const m = machWorld();
    const flags = vmkFlagsFixed({ tpro: true });
    const request = { address: va(A), size: PAGE, flags };
    expect(enter(m, request)).toBe(-KERN_PROTECTION_FAILURE);
    expect(enter(m, { ...request, cur: VM_PROT_READ })).toBe(-KERN_PROTECTION_FAILURE);
    expect(enter(m, { ...request, size: 0 })).toBe(-KERN_PROTECTION_FAILURE);
    const superpage = { ...flags, superpageSize: 1 };
    expect(enter(m, { ...request, flags: superpage })).toBe(-KERN_INVALID_ARGUMENT);
    expect(m.map.nentries).toBe(0);
  });

  it("is refused by mach_vm_allocate and mach_vm_map, which know the flag, and by vm_protect", () => {
    const m = machWorld();
    expect(m.fixed(A, PAGE, VM_FLAGS_TPRO)).toBe(-KERN_PROTECTION_FAILURE);
    expect(m.anywhere(PAGE, VM_FLAGS_TPRO)).toBe(-KERN_PROTECTION_FAILURE);
    expect(m.vmMap({ address: A, size: PAGE, flags: VM_FLAGS_TPRO })).toBe(
      -KERN_PROTECTION_FAILURE,
    );
    expect(m.fixed(A, PAGE)).toBe(A);
    expect(m.protect(A, PAGE, VM_PROT_READ | VM_PROT_TPRO)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.entry(A).usedForTpro).toBe(false);
  });
});
