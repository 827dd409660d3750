import { describe, expect, it } from "vitest";
import { machVmPurgableControl, rawU64 } from "../../../vm/mach-vm.js";
import { vmkFlagsAnywhere, vmkFlagsFixed } from "../../../vm/map/flags.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmMapRemap } from "../../../vm/map/remap.js";
import { vmPurgeableObjectPurgeAll } from "../../../vm/object/index.js";
import {
  MEMORY_OBJECT_COPY_SYMMETRIC,
  VM_PURGABLE_DENY,
  VM_PURGABLE_EMPTY,
  VM_PURGABLE_VOLATILE,
} from "../../../vm/object/object.js";
import { VM_PURGABLE_GET_STATE, VM_PURGABLE_SET_STATE } from "../../../vm/object/purgeable.js";
import { VM_PAGE_ON_INACTIVE_INTERNAL_Q } from "../../../vm/page/page.js";
import { vmPageWakeupDone } from "../../../vm/page/resident.js";
import {
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_READ,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { A, FaultWorld } from "../fault/fault-world.js";

const B = 0x100 * PAGE;

/** `pages` written pages at A. */
function written(pages: number): FaultWorld {
  const w = new FaultWorld();
  w.allocateAt(w.map, A, pages * PAGE);
  for (let i = 0; i < pages; i++) w.store(A + i * PAGE, i + 1);
  return w;
}

function remapCopy(w: FaultWorld, from: number, pages: number): number {
  const result = w.run(
    vmMapRemap(w.map, {
      address: va(0),
      flags: vmkFlagsAnywhere(),
      sourceMap: w.map,
      sourceAddress: va(from),
      size: pages * PAGE,
      copy: true,
      inheritance: VM_INHERIT_COPY,
    }),
  );
  if (!("address" in result)) throw new Error(`remap failed: ${result.kr}`);
  return result.address;
}

describe("a copy of the unwired part of memory of which the other part is wired", () => {
  it("shadows that part and is lazy", () => {
    const w = written(4);
    expect(w.wire(w.map, A, PAGE)).toBe(KERN_SUCCESS);
    const old = w.objectAt(w.map, A + PAGE);
    const at = remapCopy(w, A + PAGE, 3);
    const source = w.objectAt(w.map, A + PAGE);
    const copy = w.objectAt(w.map, at);
    expect(copy.residentPageCount).toBe(0);
    expect([copy.shadow, source.copy]).toEqual([source, copy]);
    expect(source === old || source.shadow === old).toBe(true);
    w.store(A + PAGE, 99);
    expect([1, 2, 3].map((i) => w.byte(at + (i - 1) * PAGE))).toEqual([2, 3, 4]);
  });
});

describe("purgeable memory", () => {
  function purgeable(): FaultWorld {
    const w = new FaultWorld();
    const flags = { ...vmkFlagsFixed(), purgable: true };
    w.allocateAt(w.map, A, 2 * PAGE, { flags });
    w.store(A, 1);
    w.store(A + PAGE, 2);
    return w;
  }

  const control = (map: VmMap, at: number, what: number, state = 0) =>
    machVmPurgableControl(map, rawU64(at), what, state);

  it("is copied by a fork at once, and the child's is not purgeable", () => {
    const w = purgeable();
    const child = w.fork(w.map);
    expect(control(child, A, VM_PURGABLE_GET_STATE).kr).toBe(KERN_INVALID_ARGUMENT);
    const copy = w.objectAt(child, A);
    expect(copy).toMatchObject({ purgable: VM_PURGABLE_DENY, shadow: null, residentPageCount: 2 });
    expect(control(w.map, A, VM_PURGABLE_GET_STATE)).toMatchObject({ state: 0 });
    w.store(A, 77);
    expect(w.byte(A, child)).toBe(1);
  });

  it("gives a copy its contents and nothing else", () => {
    const w = purgeable();
    w.allocateAt(w.map, B, 2 * PAGE);
    expect(w.copyWithin(w.map, A, B, 2 * PAGE)).toBe(KERN_SUCCESS);
    expect([w.byte(B), w.byte(B + PAGE)]).toEqual([1, 2]);
    expect(control(w.map, B, VM_PURGABLE_GET_STATE).kr).toBe(KERN_INVALID_ARGUMENT);
  });

  it("takes no bit it does not know", () => {
    const w = purgeable();
    expect(control(w.map, A, VM_PURGABLE_SET_STATE, 8).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(w.objectAt(w.map, A).purgable).toBe(0);
  });

  it("keeps a busy page, which becomes inactive, and a wired one with its data", () => {
    const w = purgeable();
    w.allocateAt(w.map, B, PAGE);
    w.wire(w.map, A + PAGE, PAGE);
    const object = w.objectAt(w.map, A);
    expect(control(w.map, A, VM_PURGABLE_SET_STATE, VM_PURGABLE_VOLATILE)).toMatchObject({
      kr: KERN_SUCCESS,
      state: 0,
    });
    const page = object.pages.get(0)!;
    page.busy = true;
    vmPurgeableObjectPurgeAll(w.system);
    expect(object.purgable).toBe(VM_PURGABLE_EMPTY);
    expect([...object.pages.keys()]).toEqual([0, 1]);
    expect(page.queueState).toBe(VM_PAGE_ON_INACTIVE_INTERNAL_Q);
    vmPageWakeupDone(w.system, page);
    expect(w.byte(A + PAGE)).toBe(2);
    w.unwire(w.map, A + PAGE, PAGE);
  });
});

describe("two mappings of one object, made by clipping", () => {
  it("a quick copy of one half marks the object; sharing the other half makes a shadow first", () => {
    const w = written(8);
    w.protect(w.map, A + 4 * PAGE, 4 * PAGE, VM_PROT_READ);
    const object = w.objectAt(w.map, A);
    expect(object).toMatchObject({ refCount: 2, shadow: null });
    const copy = w.copyinList(w.map, A, 4 * PAGE);
    expect(w.entryAt(w.map, A)?.needsCopy).toBe(true);
    expect(w.entryAt(w.map, A + 4 * PAGE)?.needsCopy).toBe(false);
    expect(object).toMatchObject({
      shadowed: true,
      refCount: 3,
      copyStrategy: MEMORY_OBJECT_COPY_SYMMETRIC,
    });
    w.inherit(w.map, A + 4 * PAGE, 4 * PAGE, VM_INHERIT_SHARE);
    const child = w.fork(w.map);
    const shared = w.objectAt(w.map, A + 4 * PAGE);
    expect(shared.shadow).toBe(object);
    expect(w.objectAt(child, A + 4 * PAGE)).toBe(shared);
    w.discard(copy);
    expect(w.byte(A + 5 * PAGE, child)).toBe(6);
  });
});
