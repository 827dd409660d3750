import { describe, expect, it } from "vitest";
import {
  machMakeMemoryEntry64,
  machMemoryEntryOwnership,
  machMemoryEntryPurgableControl,
  rawProt,
  rawU64,
  type MemoryEntryResult,
} from "../../../vm/mach-vm.js";
import { vmNamedEntryRelease, type VmNamedEntry } from "../../../vm/map/named-entry.js";
import { vmMapPurgableControl } from "../../../vm/map/purgable.js";
import {
  VM_LEDGER_FLAG_NO_FOOTPRINT,
  VM_LEDGER_TAG_MEDIA,
  VM_LEDGER_TAG_NETWORK,
  vmOwnedLedger,
  type VmTask,
} from "../../../vm/object/index.js";
import {
  VM_PURGABLE_GET_STATE as GET,
  VM_PURGABLE_PURGE_ALL as PURGE_ALL,
  VM_PURGABLE_SET_STATE as SET,
  VM_PURGABLE_SET_STATE_FROM_KERNEL as SET_FROM_KERNEL,
} from "../../../vm/object/purgeable.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_RIGHT,
  KERN_INVALID_TASK,
  KERN_NO_ACCESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  MAP_MEM_LEDGER_TAGGED,
  MAP_MEM_NAMED_CREATE,
  MAP_MEM_ONLY,
  MAP_MEM_PURGABLE,
  MAP_MEM_PURGABLE_KERNEL_ONLY,
  MAP_MEM_USE_DATA_ADDR,
  MAP_MEM_VM_COPY,
  MAP_MEM_VM_SHARE,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_FIXED,
  VM_FLAGS_NO_CACHE,
  VM_FLAGS_RETURN_DATA_ADDR,
  VM_PROT_DEFAULT,
  VM_PROT_IS_MASK,
  VM_PROT_READ,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "./mach-world.js";

const A = 0x100000;
const B = 0x800000;
const R = VM_PROT_READ;
const RW = VM_PROT_DEFAULT;

class Handles {
  readonly m: MachWorld = machWorld();

  make(
    size: number,
    offset: number,
    permission: number,
    parent: VmNamedEntry | null = null,
    map: MachWorld["map"] | null = this.m.map,
  ): MemoryEntryResult {
    const { w } = this.m;
    const made = w.finish(
      machMakeMemoryEntry64(map, rawU64(size), rawU64(offset), rawProt(permission), parent),
    );
    const backing = made.entry?.backing;
    if (backing?.kind === "object") w.objects.add(backing.object);
    if (backing?.kind === "copy") w.copies.add(backing.copy);
    return made;
  }

  /** A handle that must have been made. */
  handle(...args: Parameters<Handles["make"]>): VmNamedEntry {
    const { kr, entry } = this.make(...args);
    expect(kr).toBe(KERN_SUCCESS);
    if (entry === null) throw new Error("no handle");
    return entry;
  }

  release(entry: VmNamedEntry): void {
    const { w } = this.m;
    const { backing } = entry;
    if (backing.kind === "object") w.objects.delete(backing.object);
    if (backing.kind === "copy") w.copies.delete(backing.copy);
    w.run(vmNamedEntryRelease(entry));
  }

  mapAt(
    entry: VmNamedEntry,
    address: number,
    size: number,
    more: { flags?: number; copy?: boolean; cur?: number; max?: number; offset?: number } = {},
  ): number {
    const { flags = VM_FLAGS_FIXED, copy = false, cur = RW, max = RW, offset = 0 } = more;
    return this.m.vmMap({ address, size, flags, entry, copy, cur, max, offset: rawU64(offset) });
  }

  byte(address: number): number {
    const bytes = this.m.w.read(this.m.map, address, 1);
    return typeof bytes === "number" ? -bytes : bytes[0]!;
  }

  fill(address: number, pages: number): void {
    expect(this.m.fixed(address, pages * PAGE)).toBe(address);
    for (let i = 0; i < pages; i++) this.m.w.write(this.m.map, address + i * PAGE, [i + 1]);
  }
}

describe("mach_make_memory_entry", () => {
  it("looks at the flags, the parent, then the kind of entry", () => {
    const h = new Handles();
    expect(h.make(PAGE, A, MAP_MEM_ONLY | RW).kr).toBe(KERN_INVALID_ARGUMENT);
    const dataAddress = MAP_MEM_NAMED_CREATE | MAP_MEM_USE_DATA_ADDR | RW;
    expect(h.make(PAGE, A, dataAddress).kr).toBe(KERN_INVALID_ARGUMENT);
    const readOnlyPurgable = MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | R;
    expect(h.make(PAGE, 0, readOnlyPurgable).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(h.make(0, A, MAP_MEM_VM_COPY | R).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(h.make(0, A, MAP_MEM_VM_SHARE | R).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(h.make(0, A, R).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(h.make(PAGE, A, MAP_MEM_VM_SHARE | R, null, null).kr).toBe(KERN_INVALID_TASK);
    expect(h.make(PAGE, A, MAP_MEM_VM_COPY | R, null, null).kr).toBe(KERN_INVALID_TASK);
    expect(h.make(PAGE, A, R)).toEqual({ kr: KERN_INVALID_ADDRESS, size: 0, entry: null });
    h.fill(A, 2);
    const copy = h.handle(PAGE, A, MAP_MEM_VM_COPY | R);
    expect(h.make(PAGE, 0, R, copy).kr).toBe(KERN_INVALID_ARGUMENT);
    h.release(copy);
  });

  it("creates memory that several maps see", () => {
    const h = new Handles();
    const entry = h.handle(2 * PAGE - 5, 0, MAP_MEM_NAMED_CREATE | RW);
    expect(entry.size).toBe(2 * PAGE);
    expect(h.mapAt(entry, A, 2 * PAGE)).toBe(A);
    expect(h.mapAt(entry, B, PAGE, { offset: PAGE })).toBe(B);
    h.m.w.write(h.m.map, A + PAGE, [7]);
    expect(h.byte(B)).toBe(7);
    expect(h.mapAt(entry, 0x900000, 2 * PAGE, { offset: PAGE })).toBe(-KERN_INVALID_ARGUMENT);
    h.release(entry);
    expect(h.byte(B)).toBe(7);
  });

  it("shares mapped memory up to where it changes, or all of it", () => {
    const h = new Handles();
    h.fill(A, 2);
    h.m.fixed(A + 2 * PAGE, 2 * PAGE, 200 << 24);
    const part = h.make(4 * PAGE, A, RW);
    expect(part.size).toBe(2 * PAGE);
    const all = h.handle(4 * PAGE, A, MAP_MEM_VM_SHARE | RW);
    expect(all.size).toBe(4 * PAGE);
    expect(h.mapAt(all, B, 4 * PAGE)).toBe(B);
    h.m.w.write(h.m.map, A + 3 * PAGE, [9]);
    expect([h.byte(B), h.byte(B + 3 * PAGE)]).toEqual([1, 9]);
    h.m.w.write(h.m.map, B + PAGE, [8]);
    expect(h.byte(A + PAGE)).toBe(8);
    expect(h.mapAt(all, 0x900000, PAGE, { offset: 3 * PAGE })).toBe(0x900000);
    expect([h.byte(0x900000), h.byte(0x900000 + 3 * PAGE)]).toEqual([1, 9]);
    const tagged = h.mapAt(all, 0xa00000, PAGE, { flags: VM_FLAGS_NO_CACHE });
    expect(tagged).toBe(-KERN_INVALID_ARGUMENT);
    h.release(all);
    if (part.entry !== null) h.release(part.entry);
  });

  it("gives what the mapping has: all that is asked for, or as much as there is", () => {
    const h = new Handles();
    h.fill(A, 1);
    h.m.protect(A, PAGE, R);
    expect(h.make(PAGE, A, RW).kr).toBe(KERN_PROTECTION_FAILURE);
    const masked = h.handle(PAGE, A, RW | VM_PROT_IS_MASK);
    expect(masked.protection).toBe(R);
    expect(h.mapAt(masked, B, PAGE)).toBe(-KERN_INVALID_RIGHT);
    expect(h.mapAt(masked, B, PAGE, { cur: R, max: R })).toBe(B);
    h.m.protect(A, PAGE, 0);
    expect(h.make(PAGE, A, RW | VM_PROT_IS_MASK).kr).toBe(KERN_PROTECTION_FAILURE);
    h.release(masked);
  });

  it("keeps a copy that later changes do not reach, mapped as often as wanted", () => {
    const h = new Handles();
    h.fill(A, 3);
    const entry = h.handle(3 * PAGE, A, MAP_MEM_VM_COPY | RW);
    h.m.w.write(h.m.map, A, [50]);
    expect(h.mapAt(entry, B, 3 * PAGE)).toBe(B);
    expect([h.byte(B), h.byte(B + 2 * PAGE)]).toEqual([1, 3]);
    h.m.w.write(h.m.map, B, [60]);
    expect(h.mapAt(entry, 0x900000, PAGE, { copy: true })).toBe(0x900000);
    h.m.w.write(h.m.map, 0x900000, [70]);
    expect([h.byte(A), h.byte(B), h.byte(0x900000)]).toEqual([50, 60, 70]);
    h.release(entry);
  });

  it("may begin at a byte", () => {
    const h = new Handles();
    h.fill(A, 2);
    h.m.w.write(h.m.map, A + 100, [33]);
    const made = h.make(PAGE, A + 100, MAP_MEM_USE_DATA_ADDR | RW);
    expect(made).toMatchObject({ kr: KERN_SUCCESS, size: 2 * PAGE - 100 });
    const entry = made.entry!;
    const flags = VM_FLAGS_ANYWHERE | VM_FLAGS_RETURN_DATA_ADDR;
    const at = h.mapAt(entry, B, PAGE, { flags });
    expect(at % PAGE).toBe(100);
    expect(h.byte(at)).toBe(33);
    h.release(entry);
  });

  it("over a hole: shared up to it, or an error when all of it must be shared", () => {
    const h = new Handles();
    h.fill(A, 2);
    const part = h.make(4 * PAGE, A, RW);
    expect(part).toMatchObject({ kr: KERN_SUCCESS, size: 2 * PAGE });
    expect(h.make(4 * PAGE, A, MAP_MEM_VM_SHARE | RW)).toEqual({
      kr: KERN_INVALID_ADDRESS,
      size: 0,
      entry: null,
    });
    if (part.entry !== null) h.release(part.entry);
  });

  it("by data address counts from the page of the first byte to the end of the last", () => {
    const h = new Handles();
    h.fill(A, 2);
    const flags = MAP_MEM_VM_SHARE | MAP_MEM_USE_DATA_ADDR | R;
    const made = h.make(0x1002, A + 0x2fff, flags);
    expect(made).toMatchObject({ kr: KERN_SUCCESS, size: 0x5001 });
    h.release(made.entry!);
  });

  it("of a copy or of a shared range is mapped whole, whatever size is asked for", () => {
    for (const kind of [MAP_MEM_VM_COPY, MAP_MEM_VM_SHARE]) {
      const h = new Handles();
      h.fill(A, 4);
      const entry = h.handle(4 * PAGE, A, kind | RW);
      expect(h.mapAt(entry, B, PAGE)).toBe(B);
      expect([0, 1, 2, 3].map((i) => h.byte(B + i * PAGE))).toEqual([1, 2, 3, 4]);
      h.release(entry);
    }
  });

  it("of a copy may give rights the source does not have", () => {
    const h = new Handles();
    h.fill(A, 1);
    h.m.protect(A, PAGE, R, true);
    const entry = h.handle(PAGE, A, MAP_MEM_VM_COPY | RW);
    expect(h.mapAt(entry, B, PAGE)).toBe(B);
    h.m.w.write(h.m.map, B, [9]);
    expect([h.byte(A), h.byte(B)]).toEqual([1, 9]);
    h.release(entry);
  });

  it("of memory never touched when it was copied is zeroes, each mapping's own", () => {
    const h = new Handles();
    h.m.fixed(A, 2 * PAGE);
    const entry = h.handle(2 * PAGE, A, MAP_MEM_VM_COPY | RW);
    expect([h.mapAt(entry, B, 2 * PAGE), h.mapAt(entry, 0x900000, 2 * PAGE)]).toEqual([
      B,
      0x900000,
    ]);
    h.m.w.write(h.m.map, B, [5]);
    expect([h.byte(A), h.byte(B), h.byte(0x900000)]).toEqual([0, 5, 0]);
    h.release(entry);
  });

  it("may name part of another, with no more rights", () => {
    const h = new Handles();
    const parent = h.handle(4 * PAGE, 0, MAP_MEM_NAMED_CREATE | R);
    expect(h.make(PAGE, 4 * PAGE, R, parent).kr).toBe(KERN_INVALID_ARGUMENT);
    expect(h.make(PAGE, PAGE, RW, parent).kr).toBe(KERN_PROTECTION_FAILURE);
    const { w } = h.m;
    const made = w.finish(
      machMakeMemoryEntry64(h.m.map, rawU64(PAGE), rawU64(PAGE), rawProt(R), parent),
    );
    expect(made).toMatchObject({ kr: KERN_SUCCESS, size: PAGE });
    expect(made.entry).toMatchObject({ offset: PAGE, protection: R });
    w.finish(vmNamedEntryRelease(made.entry!));
    h.release(parent);
  });
});

describe("mach_memory_entry_ownership", () => {
  const FOOTPRINT = 0;
  const mine = (h: Handles): VmTask => h.m.map.owningTask!;

  it("moves tagged memory to another task, with the right to, and charges it there", () => {
    const h = new Handles();
    const other = h.m.w.newMap().owningTask!;
    const entry = h.handle(2 * PAGE, 0, MAP_MEM_NAMED_CREATE | MAP_MEM_LEDGER_TAGGED | RW);
    expect(h.mapAt(entry, A, 2 * PAGE)).toBe(A);
    h.m.w.write(h.m.map, A, [1]);
    expect(vmOwnedLedger(mine(h)).taggedFootprint.resident).toBe(PAGE);
    const give = (mayTransfer: boolean, flags = FOOTPRINT): number =>
      machMemoryEntryOwnership(entry, other, VM_LEDGER_TAG_MEDIA, flags, {
        current: mine(h),
        mayTransfer,
      });
    expect(give(false)).toBe(KERN_NO_ACCESS);
    expect(give(true)).toBe(KERN_SUCCESS);
    expect(vmOwnedLedger(mine(h)).footprint).toBe(0);
    expect(vmOwnedLedger(other).mediaFootprint.resident).toBe(PAGE);
    expect(give(true, VM_LEDGER_FLAG_NO_FOOTPRINT)).toBe(KERN_SUCCESS);
    expect(vmOwnedLedger(other).footprint).toBe(0);
    expect(vmOwnedLedger(other).mediaNofootprint.resident).toBe(PAGE);
    h.release(entry);
  });

  it("lets a task take purgeable memory for itself under another tag, but not hide it", () => {
    const h = new Handles();
    const entry = h.handle(PAGE, 0, MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | RW);
    const who = { current: mine(h), mayTransfer: false };
    const take = (tag: number, flags = FOOTPRINT): number =>
      machMemoryEntryOwnership(entry, mine(h), tag, flags, who);
    expect(take(VM_LEDGER_TAG_MEDIA)).toBe(KERN_SUCCESS);
    expect(take(VM_LEDGER_TAG_NETWORK)).toBe(KERN_NO_ACCESS);
    expect(take(VM_LEDGER_TAG_MEDIA, VM_LEDGER_FLAG_NO_FOOTPRINT)).toBe(KERN_NO_ACCESS);
    expect(take(6)).toBe(KERN_INVALID_ARGUMENT);
    expect(machMemoryEntryOwnership(null, mine(h), 1, 0, who)).toBe(KERN_INVALID_ARGUMENT);
    expect(machMemoryEntryOwnership(entry, null, 1, 0, { ...who, mayTransfer: true })).toBe(
      KERN_INVALID_ARGUMENT,
    );
    h.release(entry);
  });

  it("takes only handles of whole objects that somebody owns", () => {
    const h = new Handles();
    const who = { current: mine(h), mayTransfer: true };
    const own = (entry: VmNamedEntry): number =>
      machMemoryEntryOwnership(entry, mine(h), VM_LEDGER_TAG_MEDIA, 0, who);
    const plain = h.handle(PAGE, 0, MAP_MEM_NAMED_CREATE | RW);
    expect(own(plain)).toBe(KERN_INVALID_ARGUMENT);
    const whole = h.handle(2 * PAGE, 0, MAP_MEM_NAMED_CREATE | MAP_MEM_LEDGER_TAGGED | RW);
    const part = h.handle(PAGE, 0, RW, whole);
    expect(own(part)).toBe(KERN_INVALID_ARGUMENT);
    expect(own(whole)).toBe(KERN_SUCCESS);
    h.m.w.run(vmNamedEntryRelease(part));
    h.release(plain);
  });
});

describe("mach_memory_entry_purgable_control", () => {
  it("sets the state of one whole object, whatever the handle's rights", () => {
    const h = new Handles();
    const entry = h.handle(2 * PAGE, 0, MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | RW);
    const control = (what: number, state: number, on: VmNamedEntry | null = entry): unknown =>
      machMemoryEntryPurgableControl(on, what, state);
    expect(control(SET, 1)).toEqual({ kr: KERN_SUCCESS, state: 0 });
    expect(control(GET, 0)).toEqual({ kr: KERN_SUCCESS, state: 1 });
    expect(control(SET, 3)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    expect(control(SET, 0x8)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    expect(control(PURGE_ALL, 0)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    expect(control(SET_FROM_KERNEL, 0)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    expect(control(GET, 0, null)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    const part = h.handle(PAGE, PAGE, R, entry);
    expect(control(GET, 0, part)).toEqual({ kr: KERN_INVALID_ARGUMENT });
    h.m.w.run(vmNamedEntryRelease(part));
    h.release(entry);
  });

  it("is the kernel's alone for memory made that way", () => {
    const h = new Handles();
    const kind = MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | MAP_MEM_PURGABLE_KERNEL_ONLY;
    const entry = h.handle(PAGE, 0, kind | RW);
    expect(machMemoryEntryPurgableControl(entry, SET, 1)).toEqual({ kr: KERN_PROTECTION_FAILURE });
    expect(machMemoryEntryPurgableControl(entry, GET, 0)).toEqual({ kr: KERN_SUCCESS, state: 0 });
    expect(h.mapAt(entry, A, PAGE)).toBe(A);
    const kernel = vmMapPurgableControl(h.m.map, va(A), SET_FROM_KERNEL, 1);
    expect(kernel).toEqual({ kr: KERN_SUCCESS, state: 0 });
    h.release(entry);
  });
});
