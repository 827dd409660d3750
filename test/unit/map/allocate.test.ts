import { describe, expect, it } from "vitest";
import { machVmAllocate, machVmDeallocate, rawU64 } from "../../../vm/mach-vm.js";
import { vmMapSetSizeLimit } from "../../../vm/map/lifecycle.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_NO_SPACE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_FLAGS_OVERWRITE,
  VM_FLAGS_PERMANENT,
  VM_FLAGS_RETURN_DATA_ADDR,
  VM_FLAGS_SUPERPAGE_MASK,
  VM_INHERIT_COPY,
  VM_MEMORY_MALLOC,
  VM_MEMORY_REALLOC,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_NONE,
  vmMakeTag,
} from "../../../vm/types.js";
import { PAGE } from "../../support/vm-world.js";
import { machWorld } from "./mach-world.js";

const MB = 2 ** 20;

describe("mach_vm_allocate", () => {
  it("finds the first page but zero, then the next", () => {
    const m = machWorld();
    expect(m.anywhere(PAGE)).toBe(PAGE);
    expect(m.anywhere(3 * PAGE, vmMakeTag(1))).toBe(2 * PAGE);
    expect(m.anywhere(1)).toBe(5 * PAGE);
    expect(m.map.size).toBe(5 * PAGE);
  });

  it("makes readable, writable memory that may get every right and is copied by a fork", () => {
    const m = machWorld();
    const entry = m.entry(m.anywhere(PAGE, vmMakeTag(200)));
    expect(entry).toMatchObject({
      protection: VM_PROT_DEFAULT,
      maxProtection: VM_PROT_ALL,
      inheritance: VM_INHERIT_COPY,
      alias: 200,
      object: null,
      offset: 0,
    });
  });

  it("gives address 0 for zero bytes and ignores the hint", () => {
    const m = machWorld();
    expect(m.anywhere(0)).toBe(0);
    expect(m.fixed(0x10000, 0)).toBe(0);
    expect(m.anywhere(PAGE, 0, 0x5000_0000)).toBe(PAGE);
    expect(m.map.nentries).toBe(1);
  });

  it("reads the flags before the map before the range", () => {
    const m = machWorld();
    const bad = machVmAllocate(null, rawU64(0), rawU64(0), VM_FLAGS_RETURN_DATA_ADDR);
    expect(m.w.run(bad).kr).toBe(KERN_INVALID_ARGUMENT);
    const none = machVmAllocate(null, rawU64(0), rawU64(0), 0);
    expect(m.w.run(none).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(m.anywhere(0, 0x100)).toBe(-KERN_INVALID_ARGUMENT);
    expect(m.fixed(PAGE, PAGE, VM_FLAGS_SUPERPAGE_MASK)).toBe(-KERN_INVALID_ARGUMENT);
  });

  it("cuts a fixed address down to its page before it adds the size", () => {
    const m = machWorld();
    expect(m.fixed(0x10003, 0x4000)).toBe(0x10000);
    expect(m.ranges()).toEqual([[0x10000, 0x14000]]);
  });

  it("tells the ways a fixed range can wrap apart", () => {
    const m = machWorld();
    expect(m.fixed(0x4000, 0xffff_ffff_ffff_f000n)).toBe(-KERN_INVALID_ARGUMENT);
    expect(m.fixed(0xffff_ffff_ffff_0000n, 0x2_0000)).toBe(-KERN_INVALID_ADDRESS);
    expect(m.fixed(0xffff_ffff_ffff_c000n, 0x3fff)).toBe(-KERN_INVALID_ADDRESS);
    expect(m.fixed(MACH_VM_MAX_ADDRESS, PAGE)).toBe(-KERN_INVALID_ADDRESS);
    expect(m.fixed(0, PAGE)).toBe(-KERN_INVALID_ADDRESS);
    expect(m.fixed(MACH_VM_MAX_ADDRESS - PAGE, PAGE)).toBe(MACH_VM_MAX_ADDRESS - PAGE);
  });

  it("has no space for what is merely too big", () => {
    const m = machWorld();
    expect(m.anywhere(2 ** 47)).toBe(-KERN_NO_SPACE);
    expect(m.anywhere(0xffff_ffff_ffff_ffffn)).toBe(-KERN_INVALID_ARGUMENT);
  });

  it("never says that memory is present", () => {
    const m = machWorld();
    m.fixed(0x10000, 0x4000);
    expect(m.fixed(0x10000, 0x4000)).toBe(-KERN_NO_SPACE);
    expect(m.fixed(0xc000, 0x8000)).toBe(-KERN_NO_SPACE);
    expect(m.fixed(0xc000, 0x8000, VM_FLAGS_OVERWRITE)).toBe(0xc000);
    expect(m.map.size).toBe(0x8000);
  });

  it("is cut into chunks of 128 MiB unless malloc asks", () => {
    const m = machWorld();
    const big = m.anywhere(300 * MB);
    expect(m.ranges().map(([start, end]) => (end - start) / MB)).toEqual([128, 128, 44]);
    expect(m.entry(big + 200 * MB).offset).toBe(0);
    const malloc = m.anywhere(300 * MB, vmMakeTag(VM_MEMORY_MALLOC));
    expect(m.entry(malloc).end - malloc).toBe(300 * MB);
  });

  it("grows the entry below up to 131071 bytes, for REALLOC whatever its tag", () => {
    const m = machWorld();
    m.fixed(0x10000, PAGE);
    m.fixed(0x14000, PAGE);
    expect(m.ranges()).toEqual([[0x10000, 0x18000]]);
    m.fixed(0x18000, 0x18000);
    expect(m.ranges()).toEqual([
      [0x10000, 0x18000],
      [0x18000, 0x30000],
    ]);
    m.fixed(0x30000, PAGE, vmMakeTag(77));
    expect(m.map.nentries).toBe(3);
    m.fixed(0x34000, 2 * MB, vmMakeTag(VM_MEMORY_REALLOC));
    expect(m.map.nentries).toBe(3);
    expect(m.entry(0x34000).alias).toBe(77);
  });

  it("does not grow an entry downwards", () => {
    const m = machWorld();
    m.fixed(0x14000, PAGE);
    m.fixed(0x10000, PAGE);
    expect(m.map.nentries).toBe(2);
  });

  it("grows an entry with its object only while nobody else has that", () => {
    const m = machWorld();
    const a = m.fixed(0x10000, PAGE);
    m.w.touch(m.map, a, 3);
    m.fixed(0x14000, PAGE);
    expect(m.ranges()).toEqual([[0x10000, 0x18000]]);
    const object = m.w.hold(m.w.objectAt(m.map, a));
    m.fixed(0x18000, PAGE);
    expect(m.map.nentries).toBe(2);
    m.w.release(object);
  });

  it("obeys the size limit", () => {
    const m = machWorld();
    m.fixed(0x10000, 4 * PAGE);
    expect(vmMapSetSizeLimit(m.map, 3 * PAGE)).toBe(KERN_FAILURE);
    expect(vmMapSetSizeLimit(m.map, 5 * PAGE)).toBe(KERN_SUCCESS);
    expect(m.fixed(0x20000, 2 * PAGE)).toBe(-KERN_NO_SPACE);
    expect(m.fixed(0x20000, PAGE)).toBe(0x20000);
    expect(m.fixed(0x24000, PAGE)).toBe(-KERN_NO_SPACE); // would have grown the last one
    expect(m.ranges()).toEqual([[0x10000, 0x24000]]);
  });
});

describe("mach_vm_deallocate", () => {
  it("frees every page it touches", () => {
    const m = machWorld();
    m.fixed(0x10000, 0x10000);
    expect(m.deallocate(0x10003, 0x4000)).toBe(KERN_SUCCESS);
    expect(m.ranges()).toEqual([[0x18000, 0x20000]]);
    expect(m.gaps).toEqual([]);
  });

  it("frees around a hole and raises a guard exception at the first gap", () => {
    const m = machWorld();
    m.fixed(0x10000, PAGE);
    m.fixed(0x18000, PAGE);
    expect(m.deallocate(0x10000, 3 * PAGE)).toBe(KERN_SUCCESS);
    expect(m.map.nentries).toBe(0);
    expect(m.gaps).toEqual([0x14000]);
    expect(m.deallocate(0x10000, PAGE)).toBe(KERN_SUCCESS);
    expect(m.gaps).toEqual([0x14000, 0x10000]);
  });

  it("frees nothing of a range that leaves the map, and says so at the map's end", () => {
    const m = machWorld();
    const last = MACH_VM_MAX_ADDRESS - PAGE;
    m.fixed(last, PAGE);
    expect(m.deallocate(last, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(m.map.nentries).toBe(1);
    expect(m.gaps).toEqual([MACH_VM_MAX_ADDRESS]);
    expect(m.deallocate(0xffff_ffff_0000_0000n, PAGE)).toBe(KERN_SUCCESS);
    expect(m.gaps).toEqual([MACH_VM_MAX_ADDRESS, MACH_VM_MAX_ADDRESS]);
    expect(m.deallocate(0, PAGE)).toBe(KERN_SUCCESS);
    expect(m.gaps).toEqual([MACH_VM_MAX_ADDRESS, MACH_VM_MAX_ADDRESS, 0]);
  });

  it("takes zero bytes and no range that wraps", () => {
    const m = machWorld();
    expect(m.deallocate(0x1234, 0)).toBe(KERN_SUCCESS);
    expect(m.deallocate(0x4000, 0xffff_ffff_ffff_ffffn)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.deallocate(0x4000, 0xffff_ffff_ffff_bfffn)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.w.run(machVmDeallocate(null, rawU64(0), rawU64(0)))).toBe(KERN_INVALID_ARGUMENT);
    expect(m.gaps).toEqual([]);
  });

  it("keeps permanent memory in its place without any right", () => {
    const m = machWorld();
    m.fixed(0x10000, PAGE, VM_FLAGS_PERMANENT);
    m.w.touch(m.map, 0x10000, 3);
    expect(m.deallocate(0x10000, PAGE)).toBe(KERN_SUCCESS);
    expect(m.entry(0x10000)).toMatchObject({
      protection: VM_PROT_NONE,
      maxProtection: VM_PROT_NONE,
      permanent: true,
    });
    expect(m.w.frameAt(m.map, 0x10000)).toBe(null);
    expect(m.fixed(0x10000, PAGE, VM_FLAGS_OVERWRITE)).toBe(-KERN_NO_SPACE);
    m.w.exit(m.map);
  });

  it("gives every frame back", () => {
    const m = machWorld();
    const free = m.w.system.pages.free.count;
    const a = m.fixed(0x10000, 8 * PAGE);
    for (let i = 0; i < 8; i++) m.w.write(m.map, a + i * PAGE, [i]);
    m.deallocate(a, 8 * PAGE);
    m.w.exit(m.map);
    expect(m.w.system.pages.free.count).toBeGreaterThanOrEqual(free);
  });
});
