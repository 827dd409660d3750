import { describe, expect, it } from "vitest";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import {
  MEMORY_OBJECT_COPY_NONE,
  VM_LEDGER_FLAG_NO_FOOTPRINT,
  VM_LEDGER_TAG_DEFAULT,
  VM_LEDGER_TAG_GRAPHICS,
  VM_LEDGER_TAG_MEDIA,
  VM_LEDGER_TAG_NETWORK,
  VM_LEDGER_TAG_NEURAL,
  VM_LEDGER_TAG_NONE,
  VM_PURGABLE_EMPTY,
  VM_PURGABLE_NONVOLATILE,
  VM_PURGABLE_VOLATILE,
  VmTask,
  vmObjectAllocate,
  vmObjectOwnershipChange,
  vmObjectPurgableControl,
  vmOwnedLedger,
  type LedgerAmount,
  type OwnedLedger,
  type VmObject,
} from "../../../vm/object/index.js";
import { VM_PURGABLE_SET_STATE } from "../../../vm/object/purgeable.js";
import type { VmMap } from "../../../vm/map/map.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  VM_PROT_READ,
} from "../../../vm/types.js";
import { PAGE, vmWorld, type VmWorld } from "../../support/vm-world.js";

const A = 0x100000;

function ownerOf(map: VmMap): VmTask {
  const task = map.owningTask;
  if (task === null) throw new Error("a map of nobody");
  return task;
}

/** Two written pages of purgeable memory and one that was never touched. */
function purgeable(w: VmWorld, map: VmMap, at = A): VmObject {
  const flags = vmkFlagsFixed({ purgable: true });
  expect(w.allocateAt(map, at, 3 * PAGE, { flags })).toBe(KERN_SUCCESS);
  w.write(map, at, [1]);
  w.write(map, at + PAGE, [2]);
  return w.objectAt(map, at);
}

/** An object with a user that nobody touched yet, as a driver makes it before it maps it. */
function fresh(w: VmWorld): VmObject {
  const object = vmObjectAllocate(w.system, 2 * PAGE);
  object.copyStrategy = MEMORY_OBJECT_COPY_NONE;
  object.trueShare = true;
  w.objects.add(object);
  return object;
}

/** What is not zero, in pages: [resident, compressed], and the footprint. */
function pages(ledger: OwnedLedger): Record<string, number | [number, number]> {
  const inPages = ({ resident, compressed }: LedgerAmount): [number, number] => [
    resident / PAGE,
    compressed / PAGE,
  ];
  const entries = Object.entries(ledger).map(([key, amount]) => [
    key,
    typeof amount === "number" ? amount / PAGE : inPages(amount as LedgerAmount),
  ]);
  return Object.fromEntries(
    entries.filter(([, amount]) => amount !== 0 && String(amount) !== "0,0"),
  );
}

const set = (object: VmObject, state: number): void => {
  expect(vmObjectPurgableControl(object, VM_PURGABLE_SET_STATE, state).kr).toBe(KERN_SUCCESS);
};

describe("the owner of purgeable memory", () => {
  it("is the task that made it, charged by the object and not by what is mapped", () => {
    const w = vmWorld();
    const map = w.newMap();
    const object = purgeable(w, map);
    expect(object.owner).toBe(ownerOf(map));
    expect(w.entryAt(map, A)?.usePmap).toBe(false);
    expect(pages(vmOwnedLedger(ownerOf(map)))).toEqual({
      purgeableNonvolatile: [2, 0],
      footprint: 2,
    });
    const { ledger } = map.pmap!;
    expect([ledger.internal, ledger.alternateAccounting]).toEqual([2 * PAGE, 2 * PAGE]);
    expect(ledger.physFootprint).toBe(ledger.pageTable);
  });

  it("is who asks for it where that is another task, and the kernel in its own maps", () => {
    const w = vmWorld();
    const [map, other] = [w.newMap(), w.newMap()];
    w.system.currentTask = () => other.owningTask;
    expect(purgeable(w, map).owner).toBe(other.owningTask);
  });

  it("has less footprint while it is volatile, but for what is wired", () => {
    const w = vmWorld();
    const map = w.newMap();
    const task = ownerOf(map);
    const object = purgeable(w, map);
    expect(w.wire(map, A, PAGE, VM_PROT_READ)).toBe(KERN_SUCCESS);
    set(object, VM_PURGABLE_VOLATILE);
    const half = { purgeableVolatile: [1, 0], purgeableNonvolatile: [1, 0], footprint: 1 };
    expect(pages(vmOwnedLedger(task))).toEqual(half);
    set(object, VM_PURGABLE_EMPTY);
    expect(pages(vmOwnedLedger(task))).toEqual({ purgeableNonvolatile: [1, 0], footprint: 1 });
    w.unwire(map, A, PAGE);
    expect(pages(vmOwnedLedger(task))).toEqual({ purgeableVolatile: [1, 0] });
    set(object, VM_PURGABLE_NONVOLATILE);
    expect(pages(vmOwnedLedger(task))).toEqual({ purgeableNonvolatile: [1, 0], footprint: 1 });
  });

  it("is charged for what the compressor has of it", () => {
    const w = vmWorld();
    const map = w.newMap();
    const object = purgeable(w, map);
    w.pageout();
    w.pageout();
    expect(object.residentPageCount).toBe(0);
    expect(pages(vmOwnedLedger(ownerOf(map)))).toEqual({
      purgeableNonvolatile: [0, 2],
      footprint: 2,
    });
    set(object, VM_PURGABLE_VOLATILE);
    expect(pages(vmOwnedLedger(ownerOf(map)))).toEqual({ purgeableVolatile: [0, 2] });
  });

  it("is not charged twice where others map it, and may be gone before them: then it is the kernel's", () => {
    const w = vmWorld();
    const [map, other] = [w.newMap(), w.newMap()];
    const object = purgeable(w, map);
    const task = ownerOf(map);
    const where = { address: 0, size: 3 * PAGE, flags: vmkFlagsFixed() };
    expect(w.mapObject(other, { ...where, address: A as never }, object, 0, false)).toBe(
      KERN_SUCCESS,
    );
    expect(w.entryAt(other, A)?.usePmap).toBe(false);
    w.write(other, A + 2 * PAGE, [3]);
    expect(pages(vmOwnedLedger(ownerOf(other)))).toEqual({});
    expect(pages(vmOwnedLedger(task))).toEqual({ purgeableNonvolatile: [3, 0], footprint: 3 });
    w.exit(map);
    expect(task.objects.size).toBe(0);
    expect(object.owner).toBe(w.system.kernelTask);
    expect(vmObjectOwnershipChange(object, { owner: task })).toBe(KERN_SUCCESS);
    expect(object.owner).toBe(w.system.kernelTask); // nothing is a dead task's again
    w.exit(other);
    expect(w.system.kernelTask.objects.size).toBe(0);
  });
});

describe("vm_object_ownership_change", () => {
  it("gives memory that nobody used yet to a task under a tag", () => {
    const w = vmWorld();
    const task = ownerOf(w.newMap());
    const object = fresh(w);
    expect(vmObjectOwnershipChange(object, { owner: task, tag: VM_LEDGER_TAG_DEFAULT })).toBe(
      KERN_SUCCESS,
    );
    expect([object.owner, object.ledgerTag]).toEqual([task, VM_LEDGER_TAG_DEFAULT]);
    w.release(object);
    expect(task.objects.size).toBe(0);
  });

  it("refuses unknown tags and flags, and an owner without a tag", () => {
    const w = vmWorld();
    const owner = ownerOf(w.newMap());
    const object = fresh(w);
    const change = (tag: number, flags = 0): number =>
      vmObjectOwnershipChange(object, { owner, tag, flags });
    expect(change(6)).toBe(KERN_INVALID_ARGUMENT);
    expect(change(-1)).toBe(KERN_INVALID_ARGUMENT);
    expect(change(VM_LEDGER_TAG_MEDIA, 4)).toBe(KERN_INVALID_ARGUMENT);
    expect(change(VM_LEDGER_TAG_NONE)).toBe(KERN_INVALID_ARGUMENT);
    expect(object.owner).toBe(null);
    expect(vmObjectOwnershipChange(object, { tag: VM_LEDGER_TAG_MEDIA })).toBe(KERN_FAILURE);
  });

  it.each([
    ["with a page", (w: VmWorld, object: VmObject) => mapAndWrite(w, object)],
    ["with a second user", (w: VmWorld, object: VmObject) => void w.hold(object)],
    ["that is copied some way", (_: VmWorld, object: VmObject) => void (object.copyStrategy = 2)],
  ])("fails for ordinary memory %s", (_name, use) => {
    const w = vmWorld();
    const owner = ownerOf(w.newMap());
    const object = fresh(w);
    use(w, object);
    expect(vmObjectOwnershipChange(object, { owner, tag: VM_LEDGER_TAG_DEFAULT })).toBe(
      KERN_FAILURE,
    );
  });

  it("refuses external objects", () => {
    const w = vmWorld();
    const owner = ownerOf(w.newMap());
    const object = fresh(w);
    object.internal = false;
    expect(vmObjectOwnershipChange(object, { owner, tag: VM_LEDGER_TAG_DEFAULT })).toBe(
      KERN_INVALID_ARGUMENT,
    );
    object.internal = true;
  });

  it.each([
    [VM_LEDGER_TAG_DEFAULT, 0, { taggedFootprint: [1, 0], footprint: 1 }],
    [VM_LEDGER_TAG_DEFAULT, VM_LEDGER_FLAG_NO_FOOTPRINT, { taggedNofootprint: [1, 0] }],
    [VM_LEDGER_TAG_NETWORK, 0, { networkNonvolatile: [1, 0] }],
    [VM_LEDGER_TAG_MEDIA, 0, { mediaFootprint: [1, 0], footprint: 1 }],
    [VM_LEDGER_TAG_MEDIA, VM_LEDGER_FLAG_NO_FOOTPRINT, { mediaNofootprint: [1, 0] }],
    [VM_LEDGER_TAG_GRAPHICS, 0, { graphicsFootprint: [1, 0], footprint: 1 }],
    [VM_LEDGER_TAG_NEURAL, 0, { neuralFootprint: [1, 0], footprint: 1 }],
  ])("charges a page of tag %i with flags %i as what it is", (tag, flags, charged) => {
    const w = vmWorld();
    const owner = ownerOf(w.newMap());
    const object = fresh(w);
    expect(vmObjectOwnershipChange(object, { owner, tag, flags })).toBe(KERN_SUCCESS);
    mapAndWrite(w, object);
    expect(pages(vmOwnedLedger(owner))).toEqual(charged);
  });

  it("moves the charge of purgeable memory with its owner, and by its tag", () => {
    const w = vmWorld();
    const [map, other] = [w.newMap(), w.newMap()];
    const [from, to] = [ownerOf(map), ownerOf(other)];
    const object = purgeable(w, map);
    expect(vmObjectOwnershipChange(object, { owner: to })).toBe(KERN_SUCCESS);
    w.check();
    expect(pages(vmOwnedLedger(from))).toEqual({});
    expect(pages(vmOwnedLedger(to))).toEqual({ purgeableNonvolatile: [2, 0], footprint: 2 });
    expect(vmObjectOwnershipChange(object, { tag: VM_LEDGER_TAG_GRAPHICS })).toBe(KERN_SUCCESS);
    expect(pages(vmOwnedLedger(to))).toEqual({ graphicsFootprint: [2, 0], footprint: 2 });
    set(object, VM_PURGABLE_VOLATILE);
    expect(pages(vmOwnedLedger(to))).toEqual({ graphicsNofootprint: [2, 0] });
    expect(vmObjectOwnershipChange(object, { tag: VM_LEDGER_TAG_NETWORK })).toBe(KERN_SUCCESS);
    expect(pages(vmOwnedLedger(to))).toEqual({ networkVolatile: [2, 0] });
    w.exit(map);
    expect(to.objects.size).toBe(0);
  });
});

/** Map an object shared in a new map and write its first page. */
function mapAndWrite(w: VmWorld, object: VmObject): void {
  const map = w.newMap();
  const where = { address: A as never, size: 2 * PAGE, flags: vmkFlagsFixed() };
  expect(w.mapObject(map, where, object, 0, false)).toBe(KERN_SUCCESS);
  w.write(map, A, [1]);
}

describe("copies of owned memory", () => {
  it("are ordinary memory of who made them", () => {
    const w = vmWorld();
    const map = w.newMap();
    purgeable(w, map);
    const child = w.fork(map);
    expect(w.objectAt(child, A).owner).toBe(null);
    expect(w.entryAt(child, A)?.usePmap).toBe(true);
    expect(w.read(child, A, 1)).toEqual(Uint8Array.of(1));
    expect(child.pmap!.ledger.alternateAccounting).toBe(0);
    const out = w.copyout(map, w.copyinList(map, A, 3 * PAGE));
    if (!("address" in out)) throw new Error("no room");
    expect(w.entryAt(map, out.address)?.usePmap).toBe(true);
    expect(pages(vmOwnedLedger(ownerOf(map)))).toEqual({
      purgeableNonvolatile: [2, 0],
      footprint: 2,
    });
  });
});

it("memory of drivers is charged by the region while it is mapped", () => {
  const w = vmWorld();
  const map = w.newMap();
  const { ledger } = map.pmap!;
  const flags = vmkFlagsFixed({ iokitAcct: true });
  expect(w.allocateAt(map, A, 4 * PAGE, { flags })).toBe(KERN_SUCCESS);
  expect([ledger.iokitMapped, ledger.physFootprint - ledger.pageTable]).toEqual([
    4 * PAGE,
    4 * PAGE,
  ]);
  w.write(map, A, [1]);
  expect([ledger.internal, ledger.alternateAccounting]).toEqual([PAGE, PAGE]);
  w.deallocate(map, A + PAGE, PAGE);
  expect(ledger.iokitMapped).toBe(3 * PAGE);
  const child = w.fork(map);
  expect(child.pmap!.ledger.iokitMapped).toBe(0);
  expect(w.entryAt(child, A)?.iokitAcct).toBe(false);
  expect(w.entryAt(child, A)?.usePmap).toBe(true);
  w.deallocate(map, A, 4 * PAGE);
  expect(ledger.iokitMapped).toBe(0);
});
