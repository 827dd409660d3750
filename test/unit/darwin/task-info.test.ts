import { describe, expect, it } from "vitest";
import { vmMapPhysFootprint } from "../../../vm/map/owner.js";
import {
  VM_LEDGER_TAG_MEDIA,
  VM_LEDGER_TAG_NEURAL,
  vmObjectOwnershipChange,
} from "../../../vm/object/ownership.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  MACH_SEND_INVALID_DEST,
  PAGE_SIZE,
  VM_FLAGS_ANYWHERE,
  VM_FLAGS_PURGABLE,
} from "../../../vm/types.js";
import { MachClient } from "../../support/mach-client.js";

const VM_INFO = 22;
const VM_INFO_PURGEABLE = 23;
const VOLATILE = 1;

class Client extends MachClient {
  /** The answer's words after the header, NDR record, return code and count; or the code. */
  info(flavor: number, count: number): DataView | number {
    expect(this.send(3405, 40, { 32: flavor, 36: count }, 500)).toBe(KERN_SUCCESS);
    const [kr, words] = this.answer(10).slice(8);
    if (kr !== KERN_SUCCESS) return -kr!;
    const bytes = this.w.read(this.buffer + 40, 4 * words!);
    if (typeof bytes === "string") throw new Error(bytes);
    return new DataView(bytes.slice().buffer);
  }

  vmInfo(count = 93, flavor = VM_INFO): DataView {
    const view = this.info(flavor, count);
    if (typeof view === "number") throw new Error(`code ${view}`);
    return view;
  }

  purgeable(pages: number): number {
    this.w.write64(this.buffer, 0);
    const flags = VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE;
    const size = pages * PAGE_SIZE;
    expect(this.w.trap("mach_vm_allocate", this.self, this.buffer, size, flags)).toBe(0);
    const at = Number(this.w.words64(this.buffer, 1)[0]);
    this.w.write(at, new Uint8Array(size).fill(7));
    return at;
  }
}

const at64 = (view: DataView, at: number): number => Number(view.getBigInt64(at, true));

describe("TASK_VM_INFO", () => {
  it("is as long as the newest revision there is room for", () => {
    const c = new Client();
    const lengths = [93, 1000, 92, 89, 87, 86, 85, 84, 42, 38, 37, 36].map(
      (count) => c.vmInfo(count).byteLength / 4,
    );
    expect(lengths).toEqual([93, 93, 89, 89, 87, 86, 84, 84, 42, 38, 36, 36]);
    expect(c.info(VM_INFO, 35)).toBe(-KERN_INVALID_ARGUMENT);
    expect(c.info(99, 93)).toBe(-KERN_INVALID_ARGUMENT);
  });

  it("tells what is mapped and what it is charged as", () => {
    const c = new Client();
    const view = c.vmInfo();
    const { map } = c.w.task;
    const { ledger } = map.pmap!;
    expect(at64(view, 0)).toBe(map.adjustedSize);
    expect([view.getInt32(8, true), view.getInt32(12, true)]).toEqual([map.nentries, PAGE_SIZE]);
    expect([16, 48, 64, 80, 120].map((at) => at64(view, at))).toEqual([
      ledger.physMem,
      ledger.internal,
      ledger.external,
      ledger.reusable,
      0,
    ]);
    expect(at64(view, 144)).toBe(vmMapPhysFootprint(map));
    expect([152, 160].map((at) => at64(view, at))).toEqual([map.minOffset, map.maxOffset]);
  });

  it("has the ledgers of what the task owns, by tag and by state", () => {
    const c = new Client();
    const before = at64(c.vmInfo(), 144);
    const at = c.purgeable(3);
    expect(at64(c.vmInfo(), 144)).toBeGreaterThanOrEqual(before + 3 * PAGE_SIZE);
    const ledgers = (): number[] => {
      const view = c.vmInfo();
      return Array.from({ length: 20 }, (_, i) => at64(view, 176 + 8 * i) / PAGE_SIZE);
    };
    const only = (index: number): number[] =>
      Array.from({ length: 20 }, (_, i) => (i === index ? 3 : 0));
    expect(ledgers()).toEqual(only(0)); // purgeable, nonvolatile
    c.send(4818, 48, { 32: BigInt(at), 40: 0, 44: VOLATILE });
    expect(ledgers()).toEqual(only(2)); // purgeable, volatile
    const volatile = (flavor: number): number[] => {
      const view = c.vmInfo(93, flavor);
      return [96, 104, 112].map((offset) => at64(view, offset) / PAGE_SIZE);
    };
    expect(volatile(VM_INFO_PURGEABLE)).toEqual([3, 3, 3]);
    expect(volatile(VM_INFO)).toEqual([0, 0, 0]);
    c.send(4818, 48, { 32: BigInt(at), 40: 0, 44: 0 });
    const object = c.w.task.map.tree.floor(at as never)!.object!;
    vmObjectOwnershipChange(object, { tag: VM_LEDGER_TAG_MEDIA });
    expect(ledgers()).toEqual(only(8));
    vmObjectOwnershipChange(object, { tag: VM_LEDGER_TAG_NEURAL, flags: 1 });
    expect(ledgers()).toEqual(only(18));
    expect([356, 364].map((offset) => at64(c.vmInfo(), offset) / PAGE_SIZE)).toEqual([3, 3]);
  });
});

describe("the trap mach_vm_purgable_control", () => {
  it("sets and asks for the state, in and out by a pointer", () => {
    const c = new Client();
    const at = c.purgeable(1);
    const state = c.w.scratch + 0x3000;
    const control = (what: number, word: number, where = at, pointer = state): number[] => {
      c.w.write(state, new Uint8Array(Int32Array.of(word).buffer));
      const kr = c.w.trap("mach_vm_purgable_control", c.self, where, what, pointer);
      return [kr, c.w.words32(state, 1)[0]!];
    };
    expect(control(0, VOLATILE)).toEqual([KERN_SUCCESS, 0]);
    expect(control(1, 99)).toEqual([KERN_SUCCESS, VOLATILE]);
    expect(control(0, 8)).toEqual([KERN_INVALID_ARGUMENT, 8]);
    expect(control(3, 0)).toEqual([KERN_INVALID_ARGUMENT, 0]);
    expect(control(1, 0, 0)[0]).toBe(KERN_INVALID_ADDRESS);
    expect(control(1, 0, at, 0)[0]).toBe(14);
    expect(c.w.trap("mach_vm_purgable_control", 0x9903, at, 1, state)).toBe(MACH_SEND_INVALID_DEST);
  });
});
