import { describe, expect, it } from "vitest";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import {
  vmObjectPurgableControl,
  vmPurgeableObjectPurgeAll,
  vmPurgeableObjectPurgeOne,
} from "../../../vm/object/index.js";
import {
  VM_PURGABLE_BEHAVIOR_LIFO,
  VM_PURGABLE_DEBUG_EMPTY,
  VM_PURGABLE_DEBUG_FAULT,
  VM_PURGABLE_GET_STATE,
  VM_PURGABLE_NO_AGING,
  VM_PURGABLE_ORDERING_OBSOLETE,
  VM_PURGABLE_SET_STATE,
} from "../../../vm/object/purgeable.js";
import type { VmObject } from "../../../vm/object/object.js";
import { KERN_INVALID_ARGUMENT, KERN_MEMORY_ERROR, KERN_SUCCESS } from "../../../vm/types.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ } from "../fault/fault-world.js";

const NONVOLATILE = 0;
const VOLATILE = 1;
const EMPTY = 2;
const DENY = 3;
const GROUP = (n: number): number => n << 8;

/** Purgeable memory of two written pages. */
function purgeable(w = new FaultWorld(), at = A): { w: FaultWorld; object: VmObject } {
  const flags = { ...vmkFlagsFixed(), purgable: true };
  expect(w.allocateAt(w.map, at, 2 * PAGE, { flags })).toBe(KERN_SUCCESS);
  w.store(at, 1);
  w.store(at + PAGE, 2);
  return { w, object: w.objectAt(w.map, at) };
}

const set = (object: VmObject, state: number): unknown => {
  const result = vmObjectPurgableControl(object, VM_PURGABLE_SET_STATE, state);
  return "state" in result ? result.state : result;
};

describe("purgeable memory", () => {
  it("tells its old state at each change, and stays empty until it is made nonvolatile", () => {
    const { w, object } = purgeable();
    expect(set(object, VOLATILE)).toBe(NONVOLATILE);
    expect(set(object, EMPTY)).toBe(VOLATILE);
    expect(set(object, VOLATILE)).toBe(EMPTY);
    expect(vmObjectPurgableControl(object, VM_PURGABLE_GET_STATE, 0)).toEqual({
      kr: KERN_SUCCESS,
      state: EMPTY,
    });
    expect(set(object, NONVOLATILE)).toBe(EMPTY);
    expect([w.byte(A), w.byte(A + PAGE)]).toEqual([0, 0]);
    expect(set(object, NONVOLATILE)).toBe(NONVOLATILE);
    expect(w.system.counters.purges).toBe(2);
  });

  it("keeps its contents while nobody needed the memory", () => {
    const { w, object } = purgeable();
    set(object, VOLATILE);
    expect(set(object, NONVOLATILE)).toBe(VOLATILE);
    expect([w.byte(A), w.byte(A + PAGE)]).toEqual([1, 2]);
  });

  it("cannot be asked for the state DENY, nor other memory for any", () => {
    const { w, object } = purgeable();
    expect(set(object, DENY)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    w.allocateAt(w.map, A + 8 * PAGE, PAGE);
    w.store(A + 8 * PAGE, 1);
    expect(set(w.objectAt(w.map, A + 8 * PAGE), VOLATILE)).toEqual({ kr: KERN_INVALID_ARGUMENT });
  });

  it("is emptied at once, or is an error to touch, with the debug bits", () => {
    const { w, object } = purgeable();
    set(object, VOLATILE | VM_PURGABLE_DEBUG_FAULT);
    expect(w.fault(A, READ).kr).toBe(KERN_MEMORY_ERROR); // although it is resident
    set(object, NONVOLATILE);
    expect(w.byte(A)).toBe(1);
    const second = purgeable(w, A + 8 * PAGE).object;
    expect(set(second, VOLATILE | VM_PURGABLE_DEBUG_EMPTY)).toBe(NONVOLATILE);
    expect(second.purgable).toBe(EMPTY);
  });

  it("keeps wired pages when it is emptied", () => {
    const { w, object } = purgeable();
    w.wire(w.map, A, PAGE);
    set(object, EMPTY);
    expect(object.residentPageCount).toBe(1);
    set(object, NONVOLATILE);
    expect([w.byte(A), w.byte(A + PAGE)]).toEqual([1, 0]);
    w.unwire(w.map, A, PAGE);
  });

  it("may be compressed while volatile; purging drops that without decompressing", () => {
    const { w, object } = purgeable();
    set(object, VOLATILE | VM_PURGABLE_NO_AGING | GROUP(7));
    w.pageout(w.system.pages.free.count + 1);
    expect(w.system.counters.compressions).toBeGreaterThan(0);
    vmPurgeableObjectPurgeAll(w.system);
    w.check();
    expect(w.system.counters.decompressions).toBe(0);
    expect(w.system.compressor.pagesCompressed).toBe(0);
    expect(w.byte(A)).toBe(0);
  });

  it("is emptied in order: obsolete, FIFO by group, LIFO; unripe only under force", () => {
    const w = new FaultWorld();
    const objects = Array.from({ length: 6 }, (_, i) => purgeable(w, A + 8 * i * PAGE).object);
    const [a, b, c, d, e, f] = objects as [
      VmObject,
      VmObject,
      VmObject,
      VmObject,
      VmObject,
      VmObject,
    ];
    const aging = VM_PURGABLE_NO_AGING;
    set(a, VOLATILE | aging | GROUP(1));
    set(b, VOLATILE | aging | VM_PURGABLE_BEHAVIOR_LIFO);
    set(c, VOLATILE | aging | VM_PURGABLE_BEHAVIOR_LIFO);
    set(d, VOLATILE | aging | GROUP(0));
    set(e, VOLATILE | aging | GROUP(0));
    set(f, VOLATILE | VM_PURGABLE_ORDERING_OBSOLETE | GROUP(3));
    const order: number[] = [];
    const purge = (force: number): boolean => {
      const before = objects.filter((o) => o.purgable === EMPTY);
      if (!vmPurgeableObjectPurgeOne(w.system, force)) return false;
      order.push(objects.findIndex((o) => o.purgable === EMPTY && !before.includes(o)));
      return true;
    };
    while (purge(0)); // the obsolete one is ripe at once, the others have no token
    expect(order).toEqual([5]);
    while (purge(8));
    expect(order).toEqual([5, 3, 4, 0, 2, 1]);
    w.check();
  });

  it("is purged by the scan before anything is compressed", () => {
    const { w, object } = purgeable();
    set(object, VOLATILE | VM_PURGABLE_ORDERING_OBSOLETE);
    w.allocateAt(w.map, A + 8 * PAGE, PAGE);
    w.store(A + 8 * PAGE, 9);
    w.pageout(w.system.pages.free.count + 2);
    expect(object.purgable).toBe(EMPTY);
    expect(w.system.counters).toMatchObject({ purges: 2, compressions: 0 });
  });
});
