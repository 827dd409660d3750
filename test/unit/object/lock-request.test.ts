import { describe, expect, it } from "vitest";
import {
  MEMORY_OBJECT_COPY_SYNC,
  MEMORY_OBJECT_DATA_FLUSH,
  MEMORY_OBJECT_DATA_FLUSH_ALL,
  MEMORY_OBJECT_DATA_NO_CHANGE,
  MEMORY_OBJECT_DATA_PURGE,
  MEMORY_OBJECT_RETURN_ANYTHING,
  MEMORY_OBJECT_RETURN_DIRTY,
  MEMORY_OBJECT_RETURN_NONE,
  memoryObjectLockRequest,
  vmObjectGrown,
  vmObjectOverlay,
  vmObjectWillWrite,
  vmObjectWritten,
  type ReturnWhat,
} from "../../../vm/object/index.js";
import type { VmObject } from "../../../vm/object/object.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_ERROR,
  KERN_SUCCESS,
  VM_PROT_NO_CHANGE,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { TestFile } from "../../support/test-file.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ } from "../fault/fault-world.js";

const COPY = A + 64 * PAGE;

/** A file of three pages full of 1, 2 and 3, mapped shared at A with all pages resident. */
function world(): { w: FaultWorld; file: TestFile; object: VmObject } {
  const w = new FaultWorld();
  const bytes = new Uint8Array(3 * PAGE).map((_, i) => Math.floor(i / PAGE) + 1);
  const file = new TestFile("/file", bytes);
  const object = w.objectOf(file);
  w.place(object, A, 3, false);
  for (let i = 0; i < 3; i++) w.byte(A + i * PAGE);
  return { w, file, object };
}

function request(
  w: FaultWorld,
  object: VmObject | null,
  what: ReturnWhat,
  flags: number,
  prot = VM_PROT_NO_CHANGE,
): number {
  return w.run(memoryObjectLockRequest(object, 0, 3 * PAGE, what, flags, prot));
}

describe("memory_object_lock_request", () => {
  it("wants an object, and rights there are", () => {
    const { w, object } = world();
    const none = MEMORY_OBJECT_RETURN_NONE;
    expect(request(w, null, none, 0)).toBe(KERN_INVALID_ARGUMENT);
    expect(request(w, object, none, 0, 0x40)).toBe(KERN_INVALID_ARGUMENT);
    expect(request(w, object, none, 0xff00)).toBe(KERN_SUCCESS); // flags are not looked at
  });

  it("returns what is dirty, or everything; what the pager refuses stays", () => {
    const { w, file, object } = world();
    w.store(A + PAGE, 9);
    expect(request(w, object, MEMORY_OBJECT_RETURN_DIRTY, 0)).toBe(KERN_SUCCESS);
    expect(file.writes).toEqual([PAGE]);
    expect(request(w, object, MEMORY_OBJECT_RETURN_ANYTHING, 0)).toBe(KERN_SUCCESS);
    expect(file.writes).toEqual([PAGE, 0, PAGE, 2 * PAGE]);
    file.readOnly = true;
    w.store(A, 8);
    const flush = MEMORY_OBJECT_DATA_FLUSH;
    expect(request(w, object, MEMORY_OBJECT_RETURN_DIRTY, flush)).toBe(KERN_FAILURE);
    expect([...object.pages.keys()]).toEqual([0]);
    expect(w.byte(A)).toBe(8);
  });

  it("flushes pages, but wired ones are only cleaned", () => {
    const { w, file, object } = world();
    w.wire(w.map, A, PAGE);
    w.store(A, 7);
    const kr = request(w, object, MEMORY_OBJECT_RETURN_DIRTY, MEMORY_OBJECT_DATA_FLUSH);
    expect([kr, file.bytes[0]]).toEqual([KERN_SUCCESS, 7]);
    expect([...object.pages.keys()]).toEqual([0]);
    expect(w.frameAt(w.map, A + PAGE)).toBeNull();
    w.unwire(w.map, A, PAGE);
    expect(request(w, object, MEMORY_OBJECT_RETURN_NONE, MEMORY_OBJECT_DATA_FLUSH_ALL)).toBe(0);
    expect(object.residentPageCount).toBe(0);
  });

  it("takes rights away from every mapping", () => {
    const { w, object } = world();
    w.store(A, 7);
    expect(request(w, object, MEMORY_OBJECT_RETURN_NONE, 0, VM_PROT_WRITE)).toBe(KERN_SUCCESS);
    expect(w.access(A, READ).events).toEqual([]);
    expect(w.event(A, READ | VM_PROT_WRITE).kr).toBe(KERN_SUCCESS);
  });

  it("gives copies the old contents before they are thrown away, or at COPY_SYNC", () => {
    for (const flags of [MEMORY_OBJECT_DATA_FLUSH, MEMORY_OBJECT_COPY_SYNC]) {
      const { w, file, object } = world();
      w.place(object, COPY, 3, true);
      const copy = object.copy!;
      expect(request(w, object, MEMORY_OBJECT_RETURN_NONE, flags)).toBe(KERN_SUCCESS);
      expect([...copy.pages.keys()].sort()).toEqual([0, 1, 2]);
      expect(object.residentPageCount).toBe(flags === MEMORY_OBJECT_COPY_SYNC ? 3 : 0);
      file.bytes.fill(99);
      expect(w.byte(COPY + PAGE)).toBe(2);
      if (flags === MEMORY_OBJECT_DATA_FLUSH) expect(w.byte(A + PAGE)).toBe(99);
    }
  });

  it("pushes nothing where nothing changes", () => {
    const { w, object } = world();
    w.place(object, COPY, 3, true);
    const flags = MEMORY_OBJECT_DATA_FLUSH | MEMORY_OBJECT_DATA_NO_CHANGE;
    expect(request(w, object, MEMORY_OBJECT_RETURN_DIRTY, flags)).toBe(KERN_SUCCESS);
    expect(object.copy?.residentPageCount).toBe(0);
    expect(w.byte(COPY + PAGE)).toBe(2);
  });

  it("cuts the copy off with PURGE: what it never got is an error", () => {
    const { w, object } = world();
    w.place(object, COPY, 3, true);
    const copy = object.copy!;
    w.store(A, 50); // pushes page 0
    const before = object.refCount;
    const flags = MEMORY_OBJECT_DATA_FLUSH | MEMORY_OBJECT_DATA_PURGE;
    expect(request(w, object, MEMORY_OBJECT_RETURN_NONE, flags)).toBe(KERN_SUCCESS);
    expect(copy).toMatchObject({ shadow: null, shadowSevered: true });
    expect([object.copy, object.refCount]).toEqual([null, before - 1]);
    expect(w.byte(COPY)).toBe(1);
    expect(w.access(COPY + PAGE, READ).kr).toBe(KERN_MEMORY_ERROR);
  });
});

describe("a mapped file that calls read and write", () => {
  it("is read as its mappings show it", () => {
    const { w, object } = world();
    w.store(A + 10, 200);
    const bytes = new Uint8Array(20).fill(1);
    vmObjectOverlay(object, 5, bytes);
    expect([bytes[4], bytes[5], bytes[6]]).toEqual([1, 200, 1]);
    const across = new Uint8Array(4);
    vmObjectOverlay(object, PAGE - 2, across);
    expect([...across]).toEqual([1, 1, 2, 2]);
  });

  it("shows its mappings what was written, but for private ones, which keep the old", () => {
    const { w, object } = world();
    w.place(object, COPY, 3, true);
    const bytes = Uint8Array.of(70, 71);
    w.run(vmObjectWillWrite(object, PAGE - 1, 2));
    vmObjectWritten(object, PAGE - 1, bytes);
    expect([w.byte(A + PAGE - 1), w.byte(A + PAGE)]).toEqual([70, 71]);
    expect([w.byte(COPY + PAGE - 1), w.byte(COPY + PAGE)]).toEqual([1, 2]);
    expect(object.copy?.residentPageCount).toBe(2);
  });

  it("has zeroes behind its old end when it grows", () => {
    const { w, object } = world();
    vmObjectGrown(object, 2 * PAGE + 7);
    expect([w.byte(A + 2 * PAGE + 6), w.byte(A + 2 * PAGE + 7)]).toEqual([3, 0]);
  });
});
