import { describe, expect, it } from "vitest";
import { runNow, THREAD_UNINT } from "../../../vm/blocking.js";
import { vmkFlagsAnywhere } from "../../../vm/map/flags.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmMapRemap } from "../../../vm/map/remap.js";
import {
  vmObjectAllocate,
  vmObjectCopyDelayed,
  vmObjectCopyQuickly,
  vmObjectCopySlowly,
  vmObjectCopyStrategically,
  vmObjectDeallocate,
  vmObjectPagingBegin,
  vmObjectPagingEnd,
} from "../../../vm/object/index.js";
import {
  MEMORY_OBJECT_COPY_DELAY,
  MEMORY_OBJECT_COPY_DELAY_FORK,
  MEMORY_OBJECT_COPY_NONE,
  type VmObject,
} from "../../../vm/object/object.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_RESTART_COPY,
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_PROT_READ,
} from "../../../vm/types.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;

function anon(w: VmWorld, pages: number, touched = pages): VmMap {
  const map = w.newMap();
  expect(w.allocateAt(map, BASE, pages * PAGE)).toBe(KERN_SUCCESS);
  for (let i = 0; i < touched; i++) w.write(map, BASE + i * PAGE, [i + 1]);
  return map;
}

/** Map [at, at + pages) of `map` again, shared or copied. */
function remap(w: VmWorld, map: VmMap, at: number, pages: number, copy: boolean): number {
  const result = w.run(
    vmMapRemap(map, {
      address: va(0),
      flags: vmkFlagsAnywhere(),
      sourceMap: map,
      sourceAddress: va(at),
      size: pages * PAGE,
      copy,
      inheritance: VM_INHERIT_COPY,
    }),
  );
  expect(result.kr).toBe(KERN_SUCCESS);
  return "address" in result ? result.address : 0;
}

function byteAt(w: VmWorld, map: VmMap, at: number): number {
  const bytes = w.read(map, at, 1);
  return typeof bytes === "number" ? -1 : bytes[0]!;
}

describe("delayed copies", () => {
  it("puts an empty copy object over a source that stays where it is", () => {
    const w = vmWorld();
    const map = anon(w, 4);
    const source = w.objectAt(map, BASE);
    const at = remap(w, map, BASE, 4, true);
    const copy = w.objectAt(map, at);
    expect(source).toMatchObject({ refCount: 2, trueShare: true, shadow: null });
    expect(source.copyStrategy).toBe(MEMORY_OBJECT_COPY_DELAY);
    expect(source.copy).toBe(copy);
    expect(copy).toMatchObject({ refCount: 1, residentPageCount: 0, shadowOffset: 0 });
    expect(copy.shadow).toBe(source);
    expect(w.entryAt(map, BASE)?.needsCopy).toBe(false);
    expect(w.entryAt(map, at)?.needsCopy).toBe(true);
  });

  it("pushes the old contents to the copy when the source is written", () => {
    const w = vmWorld();
    const map = anon(w, 4);
    const source = w.objectAt(map, BASE);
    const frame = w.frameAt(map, BASE + 3 * PAGE);
    const at = remap(w, map, BASE, 4, true);
    w.write(map, BASE + 3 * PAGE, [200]);
    const copy = w.objectAt(map, at);
    expect([...copy.pages.keys()]).toEqual([3]);
    expect(copy.firstPage?.dirty).toBe(true);
    expect(w.frameAt(map, BASE + 3 * PAGE)).toBe(frame);
    expect(byteAt(w, map, BASE + 3 * PAGE)).toBe(200);
    expect(byteAt(w, map, at + 3 * PAGE)).toBe(4);
    expect(w.frameAt(map, at + 3 * PAGE)).not.toBe(frame);
    expect(source.refCount).toBe(2);
  });

  it("pushes zeroes for a page the source never had", () => {
    const w = vmWorld();
    const map = anon(w, 2, 1);
    const at = remap(w, map, BASE, 2, true);
    w.write(map, BASE + PAGE, [5]);
    expect(byteAt(w, map, at + PAGE)).toBe(0);
    expect(w.objectAt(map, at).residentPageCount).toBe(1);
  });

  it("keeps writes to the copy in a shadow above it", () => {
    const w = vmWorld();
    const map = anon(w, 4);
    const at = remap(w, map, BASE, 4, true);
    const copy = w.objectAt(map, at);
    w.write(map, at + 3 * PAGE, [99]);
    const top = w.objectAt(map, at);
    expect(top.shadow).toBe(copy);
    expect(top.residentPageCount).toBe(1);
    expect(copy.residentPageCount).toBe(0);
    expect(byteAt(w, map, BASE + 3 * PAGE)).toBe(4);
  });

  it("re-uses a copy object nothing was pushed to", () => {
    const w = vmWorld();
    const map = anon(w, 4);
    const source = w.objectAt(map, BASE);
    const first = remap(w, map, BASE, 4, true);
    const version = source.copyVersion;
    const second = remap(w, map, BASE, 4, true);
    expect(w.objectAt(map, second)).toBe(w.objectAt(map, first));
    expect(w.objectAt(map, first).refCount).toBe(2);
    expect(source).toMatchObject({ refCount: 2, copyVersion: version });
  });

  it("stacks a modified copy object on its successor", () => {
    const w = vmWorld();
    const map = anon(w, 4);
    const source = w.objectAt(map, BASE);
    const first = remap(w, map, BASE, 4, true);
    w.write(map, BASE, [100]);
    const second = remap(w, map, BASE, 4, true);
    const [old, fresh] = [w.objectAt(map, first), w.objectAt(map, second)];
    expect(old.shadow).toBe(fresh);
    expect(fresh.shadow).toBe(source);
    expect(source.copy).toBe(fresh);
    expect(source.refCount).toBe(2);
    expect(fresh.refCount).toBe(2);
    w.write(map, BASE + PAGE, [101]);
    expect([...fresh.pages.keys()]).toEqual([1]);
    expect([byteAt(w, map, first), byteAt(w, map, first + PAGE)]).toEqual([1, 2]);
    expect([byteAt(w, map, second), byteAt(w, map, second + PAGE)]).toEqual([100, 2]);
  });

  it("forgets a copy object that goes away", () => {
    const w = vmWorld();
    const map = anon(w, 4);
    const source = w.objectAt(map, BASE);
    const at = remap(w, map, BASE, 4, true);
    const copy = w.objectAt(map, at);
    w.deallocate(map, at, 4 * PAGE);
    expect(copy.alive).toBe(false);
    expect(source).toMatchObject({ copy: null, refCount: 1, trueShare: true });
    expect(source.copyStrategy).toBe(MEMORY_OBJECT_COPY_DELAY);
  });

  it("is refused where a page is wired: the copy is made at once", () => {
    const w = vmWorld();
    const map = anon(w, 3);
    const again = remap(w, map, BASE, 3, false);
    const source = w.objectAt(map, BASE);
    expect(w.wire(map, BASE + PAGE, PAGE)).toBe(KERN_SUCCESS);
    expect(w.objectAt(map, BASE + PAGE)).toBe(source);
    const at = remap(w, map, again, 3, true);
    const copy = w.objectAt(map, at);
    expect(copy).toMatchObject({ shadow: null, residentPageCount: 3, refCount: 1 });
    expect(source.copy).toBeNull();
    expect(byteAt(w, map, at + 2 * PAGE)).toBe(3);
  });

  it("grows a copy object for a longer copy", () => {
    const w = vmWorld();
    const { system } = w;
    const source = vmObjectAllocate(system, 8 * PAGE);
    const short = runNow(vmObjectCopyDelayed(source, 0, 2 * PAGE));
    expect(short?.size).toBe(2 * PAGE);
    const long = runNow(vmObjectCopyDelayed(source, 4 * PAGE, PAGE));
    expect(long).toBe(short);
    expect(short).toMatchObject({ size: 5 * PAGE, refCount: 2 });
    expect(source).toMatchObject({ refCount: 2, copyVersion: 2 });
    vmObjectDeallocate(short);
    vmObjectDeallocate(long);
    vmObjectDeallocate(source);
    expect(system.objects.live.size).toBe(0);
  });

  it("waits until nobody holds the source, unless it is truly shared", () => {
    const w = vmWorld();
    const source = vmObjectAllocate(w.system, PAGE);
    vmObjectPagingBegin(source);
    const work = vmObjectCopyDelayed(source, 0, PAGE);
    const asleep = work.next();
    expect(asleep.done === false && asleep.value.channel === source).toBe(true);
    vmObjectPagingEnd(source);
    expect(w.test.wakeups.at(-1)).toBe(source);
    const copied = work.next(0);
    expect(copied.done).toBe(true);
    vmObjectPagingBegin(source);
    source.trueShare = true;
    const again = runNow(vmObjectCopyDelayed(source, 0, PAGE));
    vmObjectPagingEnd(source);
    vmObjectDeallocate(again);
    vmObjectDeallocate(copied.done === true ? copied.value : null);
    vmObjectDeallocate(source);
  });
});

describe("quick and strategic copies", () => {
  it("needs nothing for no object, and refuses what is not symmetric", () => {
    const w = vmWorld();
    expect(vmObjectCopyQuickly(null)).toEqual({
      ok: true,
      sourceNeedsCopy: false,
      copyNeedsCopy: false,
    });
    const object = vmObjectAllocate(w.system, PAGE);
    expect(vmObjectCopyQuickly(object)).toMatchObject({ ok: true, sourceNeedsCopy: true });
    expect(object).toMatchObject({ refCount: 2, shadowed: true });
    object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    expect(vmObjectCopyQuickly(object).ok).toBe(false);
    expect(object.refCount).toBe(2);
  });

  it("follows the object's strategy", () => {
    const w = vmWorld();
    const object = vmObjectAllocate(w.system, 4 * PAGE);
    const copy = (forking: boolean): { kr: number; offset: number; needsCopy: boolean } => {
      const made = runNow(vmObjectCopyStrategically(object, PAGE + 16, PAGE, forking));
      vmObjectDeallocate(made.object);
      return { kr: made.kr, offset: made.offset, needsCopy: made.needsCopy };
    };
    const lazy = { kr: KERN_SUCCESS, offset: PAGE + 16, needsCopy: true };
    const eager = { kr: KERN_SUCCESS, offset: 16, needsCopy: false };
    expect(copy(false).kr).toBe(KERN_MEMORY_RESTART_COPY);
    object.copyStrategy = MEMORY_OBJECT_COPY_DELAY;
    expect(copy(false)).toEqual(lazy);
    object.copyStrategy = MEMORY_OBJECT_COPY_DELAY_FORK;
    expect(copy(false)).toEqual(eager);
    expect(copy(true)).toEqual(lazy);
    object.copyStrategy = MEMORY_OBJECT_COPY_NONE;
    expect(copy(true)).toEqual(eager);
    expect(object).toMatchObject({ refCount: 1, copy: null });
  });
});

describe("slow copies", () => {
  function slowly(source: VmObject, offset: number, size: number): VmObject | number {
    const made = runNow(vmObjectCopySlowly(source, offset, size, THREAD_UNINT));
    return "object" in made ? made.object : made.kr;
  }

  it("refuses nothing at all", () => {
    const w = vmWorld();
    expect(slowly(vmObjectAllocate(w.system, PAGE), 0, 0)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("leaves holes of anonymous memory alone", () => {
    const w = vmWorld();
    const map = anon(w, 64, 3);
    const source = w.objectAt(map, BASE);
    const copy = slowly(source, 0, 64 * PAGE) as VmObject;
    expect(copy).toMatchObject({ residentPageCount: 3, size: 64 * PAGE, shadow: null });
    expect([...copy.pages.values()].every((page) => page.dirty && !page.busy)).toBe(true);
    expect(source.residentPageCount).toBe(3);
    vmObjectDeallocate(copy);
  });

  it("faults through a shadow, leaving zero pages in a source with holes", () => {
    const w = vmWorld();
    const map = anon(w, 4, 2);
    const child = w.fork(map);
    w.write(child, BASE, [50]);
    const source = w.objectAt(child, BASE);
    expect(source.residentPageCount).toBe(1);
    const copy = slowly(source, 0, 4 * PAGE) as VmObject;
    expect(copy.residentPageCount).toBe(4);
    expect([...source.pages.keys()]).toEqual([0, 2, 3]);
    const first = [...copy.pages.values()].map((page) => w.system.phys.page(page.ppn)[0]);
    expect(first).toEqual([50, 2, 0, 0]);
    vmObjectDeallocate(copy);
    w.touch(map, BASE, VM_PROT_READ);
  });

  it("starts at the page of an unaligned offset", () => {
    const w = vmWorld();
    const map = anon(w, 4);
    const copy = slowly(w.objectAt(map, BASE), PAGE + 100, PAGE) as VmObject;
    expect(copy).toMatchObject({ size: 2 * PAGE, residentPageCount: 2 });
    vmObjectDeallocate(copy);
  });
});
