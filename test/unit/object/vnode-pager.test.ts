import { describe, expect, it } from "vitest";
import { runNow } from "../../../vm/blocking.js";
import { vmMapEnterMemObject } from "../../../vm/map/enter-mem-object.js";
import { vmkFlagsAnywhere } from "../../../vm/map/flags.js";
import type { VmMap } from "../../../vm/map/map.js";
import {
  vmObjectDeallocate,
  vmObjectDestroy,
  vmObjectForVnode,
  vmObjectSync,
} from "../../../vm/object/index.js";
import { MEMORY_OBJECT_COPY_DELAY, type VmObject } from "../../../vm/object/object.js";
import { VM_PAGE_ON_ACTIVE_Q, VM_PAGE_ON_SPECULATIVE_Q } from "../../../vm/page/page.js";
import {
  KERN_FAILURE,
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { TestFile } from "../../support/test-file.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

/** A file whose page i is full of i + 1; the last page may be cut short. */
function fileOf(size: number, name = "/etc/data"): TestFile {
  const bytes = new Uint8Array(size).map((_, i) => Math.floor(i / PAGE) + 1);
  return new TestFile(name, bytes);
}

/** A world that knows the file's object, so that it can check contents and references. */
function mapFile(w: VmWorld, map: VmMap, file: TestFile, copy: boolean): number {
  const object = vmObjectForVnode(w.system, file);
  w.files.set(object, file.bytes);
  const pages = Math.ceil(file.size() / PAGE);
  const entered = w.run(
    vmMapEnterMemObject(
      map,
      { address: va(0), size: pages * PAGE, flags: vmkFlagsAnywhere() },
      object,
      0,
      copy,
      VM_PROT_DEFAULT,
      VM_PROT_DEFAULT,
      VM_INHERIT_COPY,
    ),
  );
  expect(entered.kr).toBe(KERN_SUCCESS);
  return "address" in entered ? entered.address : 0;
}

function fileObject(w: VmWorld): VmObject {
  const [object] = w.system.objects.byPager.values();
  if (object === undefined) throw new Error("no file object");
  return object;
}

/** A file that was not opened for writing. */
function readOnlyFile(size: number): TestFile {
  const file = fileOf(size);
  Object.defineProperty(file, "write", { value: undefined });
  return file;
}

describe("file objects", () => {
  it("are external, delay copies, and the same for the same file", () => {
    const w = vmWorld();
    const file = fileOf(2 * PAGE);
    const object = vmObjectForVnode(w.system, file);
    expect(object).toMatchObject({
      internal: false,
      named: true,
      canPersist: true,
      refCount: 2,
      size: 2 * PAGE,
      copyStrategy: MEMORY_OBJECT_COPY_DELAY,
    });
    expect(object.pager?.description).toBe("vnode /etc/data");
    expect(vmObjectForVnode(w.system, fileOf(2 * PAGE))).toBe(object);
    expect(vmObjectForVnode(w.system, fileOf(PAGE, "/etc/other"))).not.toBe(object);
    expect(object.refCount).toBe(3);
    expect(file.uses).toBe(1);
  });

  it("keep their pages, and give the file back, when the last mapping goes", () => {
    const w = vmWorld();
    const map = w.newMap();
    const file = readOnlyFile(2 * PAGE);
    const first = mapFile(w, map, file, false);
    const second = mapFile(w, map, file, false);
    const object = fileObject(w);
    expect(object.refCount).toBe(3);
    w.touch(map, first, VM_PROT_READ);
    w.deallocate(map, first, 2 * PAGE);
    expect(file.uses).toBe(1);
    w.deallocate(map, second, 2 * PAGE);
    expect(object).toMatchObject({ refCount: 1, residentPageCount: 1, alive: true });
    expect(file.uses).toBe(0);
    const reopened = readOnlyFile(2 * PAGE);
    const third = mapFile(w, map, reopened, false);
    expect(reopened.uses).toBe(1);
    expect(w.read(map, third, 1)).toEqual(Uint8Array.of(1));
    expect(w.read(map, third + PAGE, 1)).toEqual(Uint8Array.of(2));
    expect([file.reads, reopened.reads]).toEqual([[0], [PAGE]]);
  });

  it("use a file that can be written as soon as there is one, until their pages are gone", () => {
    const w = vmWorld();
    const map = w.newMap();
    const readOnly = readOnlyFile(PAGE);
    mapFile(w, map, readOnly, false);
    const file = fileOf(PAGE);
    const at = mapFile(w, map, file, false);
    expect([readOnly.uses, file.uses]).toEqual([0, 1]);
    w.write(map, at, [77]);
    for (const { start } of w.layout(map)) w.deallocate(map, start * PAGE, PAGE);
    const object = fileObject(w);
    expect([object.refCount, file.uses]).toEqual([1, 1]);
    w.pageout();
    expect([file.bytes[0], file.writes]).toEqual([77, [0]]);
    w.run(vmObjectDestroy(object));
    expect(file.uses).toBe(0);
  });

  it("are forgotten when they are destroyed", () => {
    const w = vmWorld();
    const file = fileOf(PAGE);
    const object = vmObjectForVnode(w.system, file);
    vmObjectDeallocate(object);
    runNow(vmObjectDestroy(object));
    expect(object).toMatchObject({ alive: false, refCount: 0, pager: null });
    expect(w.system.objects.live.size).toBe(0);
    expect(w.system.objects.vnodePagers.size).toBe(0);
    expect(w.system.objects.byPager.size).toBe(0);
  });

  it("serve what is resident, and errors for the rest, after the pager gave up", () => {
    const w = vmWorld();
    const map = w.newMap();
    const at = mapFile(w, map, fileOf(2 * PAGE), false);
    w.touch(map, at, VM_PROT_READ);
    w.run(vmObjectDestroy(fileObject(w)));
    expect(w.touch(map, at, VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect(w.touch(map, at + PAGE, VM_PROT_READ)).toBe(KERN_MEMORY_ERROR);
    w.exit(map);
    expect(w.system.objects.live.size).toBe(0);
  });
});

describe("page-in", () => {
  it("zeroes what is past the end of the file in its last page", () => {
    const w = vmWorld();
    const map = w.newMap();
    const file = fileOf(PAGE + 10);
    const at = mapFile(w, map, file, true);
    const tail = w.read(map, at + PAGE, PAGE) as Uint8Array;
    expect([...tail.subarray(0, 12)]).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0]);
    expect(tail.subarray(10).every((byte) => byte === 0)).toBe(true);
    expect(w.system.counters.pageins).toBe(1);
  });

  it("fails past the end of a file that was cut, and only there", () => {
    const w = vmWorld();
    const map = w.newMap();
    const file = fileOf(2 * PAGE);
    const at = mapFile(w, map, file, false);
    file.bytes = file.bytes.slice(0, PAGE);
    expect(w.touch(map, at + PAGE, VM_PROT_READ)).toBe(KERN_MEMORY_ERROR);
    expect(w.touch(map, at, VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect(fileObject(w)).toMatchObject({ residentPageCount: 1, pagingInProgress: 0 });
  });

  it("reports a read error for the page asked for, and can try again", () => {
    const w = vmWorld();
    const map = w.newMap();
    const file = fileOf(3 * PAGE);
    const at = mapFile(w, map, file, false);
    file.broken.add(PAGE);
    expect(w.touch(map, at + PAGE, VM_PROT_READ)).toBe(KERN_MEMORY_ERROR);
    expect(w.touch(map, at + 2 * PAGE, VM_PROT_READ)).toBe(KERN_SUCCESS);
    file.broken.clear();
    expect(w.read(map, at + PAGE, 1)).toEqual(Uint8Array.of(2));
  });

  it("reads single pages until read-ahead has proved itself, then streams", () => {
    const w = vmWorld();
    const map = w.newMap();
    const file = fileOf(16 * PAGE);
    const at = mapFile(w, map, file, false);
    for (let i = 0; i < 3; i++) w.touch(map, at + i * PAGE, VM_PROT_READ);
    expect(file.reads).toEqual([0, PAGE, 2 * PAGE]);
    for (let i = 3; i < 16; i++) w.touch(map, at + i * PAGE, VM_PROT_READ);
    expect(file.reads).toHaveLength(16);
    expect(w.system.counters.pageins).toBe(16);
    expect(w.test.faults.filter((fault) => fault.slow).length).toBeLessThan(16);
  });

  it("puts pages that were read ahead on the speculative queue until they are touched", () => {
    const w = vmWorld();
    const map = w.newMap();
    const at = mapFile(w, map, fileOf(16 * PAGE), false);
    for (let i = 0; i < 5; i++) w.touch(map, at + i * PAGE, VM_PROT_READ);
    const states = [...fileObject(w).pages].map(([index, page]) => [index, page.queueState]);
    const ahead = states.filter(([, state]) => state === VM_PAGE_ON_SPECULATIVE_Q);
    expect(ahead.length).toBeGreaterThan(0);
    expect(ahead.every(([index]) => index! >= 5)).toBe(true);
    const [next] = ahead[0]!;
    w.touch(map, at + next! * PAGE, VM_PROT_READ);
    expect(fileObject(w).pages.get(next!)?.queueState).toBe(VM_PAGE_ON_ACTIVE_Q);
  });
});

describe("private and shared mappings of a file", () => {
  it("stack a private mapping's changes on a copy object that never collapses", () => {
    const w = vmWorld();
    const map = w.newMap();
    const at = mapFile(w, map, fileOf(2 * PAGE), true);
    const copy = w.objectAt(map, at);
    const file = fileObject(w);
    expect(copy.shadow).toBe(file);
    expect(file.copy).toBe(copy);
    expect(w.entryAt(map, at)?.needsCopy).toBe(true);
    w.write(map, at, [77]);
    const top = w.objectAt(map, at);
    expect(top.shadow).toBe(copy);
    expect(copy).toMatchObject({ refCount: 1, residentPageCount: 0 });
    w.write(map, at + PAGE, [78]);
    expect(w.objectAt(map, at).shadow).toBe(copy);
  });

  it("show a private reader the contents from before a shared write", () => {
    const w = vmWorld();
    const map = w.newMap();
    const file = fileOf(2 * PAGE);
    const own = mapFile(w, map, file, true);
    const shared = mapFile(w, map, file, false);
    w.write(map, shared, [50]);
    expect(w.read(map, own, 1)).toEqual(Uint8Array.of(1));
    w.write(map, own + PAGE, [60]);
    expect(w.read(map, shared + PAGE, 1)).toEqual(Uint8Array.of(2));
    expect(w.read(map, shared, 1)).toEqual(Uint8Array.of(50));
  });
});

describe("write-back", () => {
  function dirtyWorld(): { w: VmWorld; map: VmMap; at: number; file: TestFile; object: VmObject } {
    const w = vmWorld();
    const map = w.newMap();
    const file = fileOf(3 * PAGE);
    const at = mapFile(w, map, file, false);
    w.write(map, at + PAGE, [90, 91]);
    w.touch(map, at, VM_PROT_READ);
    return { w, map, at, file, object: fileObject(w) };
  }

  it("writes dirty pages once, and sees the next store", () => {
    const { w, map, at, file, object } = dirtyWorld();
    expect(w.run(vmObjectSync(object, 0, 3 * PAGE, false, true))).toBe(KERN_SUCCESS);
    expect(file.writes).toEqual([PAGE]);
    expect([...file.bytes.subarray(PAGE, PAGE + 3)]).toEqual([90, 91, 2]);
    expect(w.run(vmObjectSync(object, 0, 3 * PAGE, false, true))).toBe(KERN_SUCCESS);
    expect(file.writes).toEqual([PAGE]);
    w.write(map, at + PAGE, [92]);
    w.run(vmObjectSync(object, 0, 3 * PAGE, false, true));
    expect(file.writes).toEqual([PAGE, PAGE]);
    expect(w.system.counters.pageouts).toBe(2);
    expect(object).toMatchObject({ residentPageCount: 2, pagingInProgress: 0 });
  });

  it("frees pages when asked to flush, dirty ones after writing them", () => {
    const { w, map, at, file, object } = dirtyWorld();
    w.run(vmObjectSync(object, 0, 3 * PAGE, true, true));
    expect(object.residentPageCount).toBe(0);
    expect(file.writes).toEqual([PAGE]);
    expect(w.read(map, at + PAGE, 1)).toEqual(Uint8Array.of(90));
  });

  it("throws changes away when flushed without writing", () => {
    const { w, map, at, file, object } = dirtyWorld();
    w.run(vmObjectSync(object, 0, 3 * PAGE, true, false));
    expect(file.writes).toEqual([]);
    expect(w.read(map, at + PAGE, 1)).toEqual(Uint8Array.of(2));
  });

  it("keeps a page the file refuses", () => {
    const { w, map, at, file, object } = dirtyWorld();
    file.readOnly = true;
    expect(w.run(vmObjectSync(object, 0, 3 * PAGE, true, true))).toBe(KERN_FAILURE);
    expect([...object.pages.keys()]).toEqual([1]);
    expect(w.read(map, at + PAGE, 1)).toEqual(Uint8Array.of(90));
    file.readOnly = false;
    expect(w.run(vmObjectSync(object, 0, 3 * PAGE, false, true))).toBe(KERN_SUCCESS);
    expect(file.bytes[PAGE]).toBe(90);
  });

  it("writes what is still dirty when the object itself goes", () => {
    const { w, map, file, object } = dirtyWorld();
    w.exit(map);
    expect(object.refCount).toBe(1);
    expect(file.writes).toEqual([]);
    vmObjectDeallocate(object); // the pager's own reference
    expect(file.writes).toEqual([PAGE]);
    expect(object.alive).toBe(false);
    w.check();
  });

  it("does nothing for anonymous memory", () => {
    const w = vmWorld();
    const map = w.newMap();
    const at = w.allocate(map, PAGE);
    expect(w.touch(map, at, VM_PROT_READ | VM_PROT_WRITE)).toBe(KERN_SUCCESS);
    const object = w.objectAt(map, at);
    expect(w.run(vmObjectSync(object, 0, PAGE, true, true))).toBe(KERN_SUCCESS);
    expect(object.residentPageCount).toBe(1);
  });
});
