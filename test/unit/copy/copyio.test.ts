import { describe, expect, it } from "vitest";
import {
  copyin,
  copyinAtomic,
  copyinMap,
  copyinstr,
  copyout,
  copyoutAtomic,
  copyoutMap,
  EFAULT,
  EINVAL,
  ENAMETOOLONG,
  pmapUserMemory,
} from "../../../vm/copyio.js";
import { vmMapRemove, VM_MAP_REMOVE_KUNWIRE } from "../../../vm/map/delete.js";
import { vmMapEnter } from "../../../vm/map/enter.js";
import { vmkFlagsAnywhere } from "../../../vm/map/flags.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmMapWireNested } from "../../../vm/map/wire.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  KernelPanic,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;

function world(): { w: VmWorld; map: VmMap; user: ReturnType<typeof pmapUserMemory> } {
  const w = vmWorld();
  const map = w.newMap();
  w.allocateAt(map, BASE, 4 * PAGE);
  return { w, map, user: pmapUserMemory(map) };
}

describe("copyin and copyout", () => {
  it("check nothing for zero bytes, and the size before the address", () => {
    const { w, user } = world();
    expect(w.run(copyin(user, va(-PAGE), new Uint8Array(0)))).toBe(0);
    const tooLong = new Uint8Array(64 * 2 ** 20 + 1);
    expect(w.run(copyin(user, va(-PAGE), tooLong))).toBe(EINVAL);
    expect(w.run(copyout(user, va(-PAGE), tooLong))).toBe(EINVAL);
  });

  it("refuse what is not inside the map; its very end is", () => {
    const { w, map, user } = world();
    const bytes = new Uint8Array(16);
    expect(w.run(copyin(user, va(0), bytes))).toBe(EFAULT);
    expect(w.run(copyin(user, va(map.maxOffset - 15), bytes))).toBe(EFAULT);
    w.allocateAt(map, map.maxOffset - PAGE, PAGE);
    expect(w.run(copyin(user, va(map.maxOffset - 16), bytes))).toBe(0);
  });

  it("fault pages in, zero-filled, and move bytes across page edges", () => {
    const { w, map, user } = world();
    const bytes = Uint8Array.from({ length: 2 * PAGE }, (_, i) => i % 251);
    expect(w.run(copyout(user, va(BASE + 100), bytes))).toBe(0);
    expect(w.read(map, BASE + 100, bytes.length)).toEqual(bytes);
    expect(w.system.counters.zeroFillCount).toBe(3);
    const back = new Uint8Array(2 * PAGE);
    expect(w.run(copyin(user, va(BASE + 100), back))).toBe(0);
    expect(back).toEqual(bytes);
  });

  it("copy a copy-on-write page before it is written", () => {
    const { w, map, user } = world();
    w.write(map, BASE, [1]);
    const child = w.fork(map);
    const cow = w.system.counters.cowFaults;
    expect(w.run(copyout(user, va(BASE), Uint8Array.of(2)))).toBe(0);
    expect(w.system.counters.cowFaults).toBe(cow + 1);
    expect(w.read(child, BASE, 1)).toEqual(Uint8Array.of(1));
    expect(w.read(map, BASE, 1)).toEqual(Uint8Array.of(2));
  });

  it("stop at the first page that refuses, keeping what was moved", () => {
    const { w, map, user } = world();
    w.protect(map, BASE + PAGE, PAGE, VM_PROT_READ);
    const bytes = new Uint8Array(PAGE + 16).fill(7);
    expect(w.run(copyout(user, va(BASE), bytes))).toBe(EFAULT);
    expect(w.peek(map, BASE)?.[PAGE - 1]).toBe(7);
    expect(w.peek(map, BASE + PAGE)?.[0]).toBe(0);
    const into = new Uint8Array(PAGE + 16);
    expect(w.run(copyin(user, va(BASE + 3 * PAGE), into))).toBe(EFAULT);
  });

  it("reach the kernel's own memory without faults, or panic", () => {
    const { w } = world();
    const kernel = pmapUserMemory(w.system.kernelMap);
    const at = w.system.kernelMap.minOffset;
    expect(() => w.finish(copyin(kernel, at, new Uint8Array(8)))).toThrow(KernelPanic);
    expect(w.run(copyinstr(kernel, at, new Uint8Array(8)))).toEqual({ error: EFAULT, length: 0 });
    expect(w.run(copyinAtomic(kernel, at, new Uint8Array(8)))).toBe(EFAULT);
  });

  it("move bytes of the kernel's wired memory as they are, where an atomic has no way", () => {
    const { w } = world();
    const { kernelMap } = w.system;
    const flags = vmkFlagsAnywhere();
    const entered = w.finish(
      vmMapEnter(kernelMap, { address: kernelMap.minOffset, size: 2 * PAGE, flags }),
    );
    if (!("address" in entered)) throw new Error("no kernel memory");
    const { address } = entered;
    const end = va(address + 2 * PAGE);
    const access = VM_PROT_READ | VM_PROT_WRITE;
    expect(w.finish(vmMapWireNested(kernelMap, address, end, access, false))).toBe(KERN_SUCCESS);
    const kernel = pmapUserMemory(kernelMap);
    const at = va(address + PAGE - 4);
    expect(w.finish(copyout(kernel, at, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)))).toBe(0);
    const into = new Uint8Array(8);
    expect(w.finish(copyin(kernel, at, into))).toBe(0);
    expect([...into]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(w.finish(copyinAtomic(kernel, address, into))).toBe(EFAULT);
    expect(w.finish(copyoutAtomic(kernel, address, into))).toBe(EFAULT);
    w.finish(vmMapRemove(kernelMap, address, end, VM_MAP_REMOVE_KUNWIRE));
    w.check();
  });

  it("turn every error into a bad address for other maps", () => {
    const { w, map } = world();
    const bytes = new Uint8Array(8);
    expect(w.run(copyinMap(map, va(BASE), bytes))).toBe(KERN_SUCCESS);
    expect(w.run(copyoutMap(map, va(BASE + 4 * PAGE), bytes))).toBe(KERN_INVALID_ADDRESS);
  });
});

describe("copyinstr", () => {
  it("counts the NUL", () => {
    const { w, map, user } = world();
    w.write(map, BASE + PAGE - 2, [97, 98, 99, 0]);
    const into = new Uint8Array(8);
    const at = va(BASE + PAGE - 2);
    expect(w.run(copyinstr(user, at, into))).toEqual({ error: 0, length: 4 });
    expect([...into.subarray(0, 4)]).toEqual([97, 98, 99, 0]);
    expect(w.run(copyinstr(user, at, new Uint8Array(4)))).toEqual({ error: 0, length: 4 });
    expect(w.run(copyinstr(user, at, into.subarray(0, 3)))).toEqual({
      error: ENAMETOOLONG,
      length: 3,
    });
  });

  it("wants room, and the whole buffer inside the map", () => {
    const { w, map, user } = world();
    expect(w.run(copyinstr(user, va(BASE), new Uint8Array(0)))).toEqual({
      error: ENAMETOOLONG,
      length: 0,
    });
    const top = va(map.maxOffset - 4);
    expect(w.run(copyinstr(user, top, new Uint8Array(5)))).toEqual({ error: EFAULT, length: 0 });
    const huge = new Uint8Array(64 * 2 ** 20 + 1);
    expect(w.run(copyinstr(user, va(BASE), huge)).error).toBe(EINVAL);
  });

  it("fails when it runs into a hole", () => {
    const { w, map, user } = world();
    w.write(map, BASE + 4 * PAGE - 2, [97, 98]);
    const at = va(BASE + 4 * PAGE - 2);
    expect(w.run(copyinstr(user, at, new Uint8Array(8)))).toEqual({ error: EFAULT, length: 0 });
  });
});

describe("atomics", () => {
  it("must be aligned", () => {
    const { w, map, user } = world();
    expect(w.run(copyoutAtomic(user, va(BASE + 2), new Uint8Array(4)))).toBe(EINVAL);
    expect(w.run(copyoutAtomic(user, va(BASE + 4), Uint8Array.of(1, 2, 3, 4)))).toBe(0);
    expect(w.read(map, BASE + 4, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
    const into = new Uint8Array(8);
    expect(w.run(copyinAtomic(user, va(BASE), into))).toBe(0);
    expect([...into]).toEqual([0, 0, 0, 0, 1, 2, 3, 4]);
  });
});
