import { describe, expect, it } from "vitest";
import { THREAD_INTERRUPTED } from "../../../vm/blocking.js";
import type { VmMapCopy } from "../../../vm/map/copy.js";
import { vmMapCopyin } from "../../../vm/map/copyin.js";
import { vmMapUnwire } from "../../../vm/map/unwire.js";
import { vmMapWire, vmMapWireAndExtract } from "../../../vm/map/wire.js";
import { MAX_WIRE_COUNT } from "../../../vm/map/wire-counts.js";
import { rawProt, rawU64 } from "../../../vm/sanitize.js";
import {
  KERN_ABORTED,
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_MEMORY_ERROR,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmOffset,
} from "../../../vm/types.js";
import { TestFile } from "../../support/test-file.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld } from "../fault/fault-world.js";

/** Every code that a function of vm_map.h gives, each by a call of that function with raw arguments. */

type Raw = number | bigint;
const READ_WRITE = VM_PROT_READ | VM_PROT_WRITE;
/** More than a kernel buffer takes: copied as a list of entries. */
const LIST = 3 * PAGE;

class HeaderWorld extends FaultWorld {
  /** Memory at A, written. */
  static with(pages: number, onWait?: () => typeof THREAD_INTERRUPTED): HeaderWorld {
    const w = new HeaderWorld(onWait === undefined ? {} : { onWait });
    w.allocateAt(w.map, A, pages * PAGE);
    for (let n = 0; n < pages; n++) w.store(A + n * PAGE, n + 1);
    return w;
  }

  wireRange(start: Raw, end: Raw, access: number = READ_WRITE, user = true): KernReturn {
    return this.run(vmMapWire(this.map, rawU64(start), rawU64(end), rawProt(access), user));
  }

  unwireRange(start: Raw, end: Raw): KernReturn {
    return this.run(vmMapUnwire(this.map, rawU64(start), rawU64(end), true));
  }

  extract(address: Raw, access: number = VM_PROT_READ): { kr: KernReturn; ppn: number } {
    return this.run(vmMapWireAndExtract(this.map, rawU64(address), rawProt(access), true));
  }

  copyinRange(
    address: Raw,
    size: Raw,
    destroy = false,
  ): { readonly kr: KernReturn; readonly copy: VmMapCopy | null } {
    const made = this.finish(vmMapCopyin(this.map, rawU64(address), rawU64(size), destroy));
    const copy = "copy" in made ? made.copy : null;
    if (copy !== null) this.copies.add(copy);
    this.check();
    return { kr: made.kr, copy };
  }

  /** A page of a file that cannot be read, at A. */
  static broken(pages: number): HeaderWorld {
    const w = new HeaderWorld();
    const file = new TestFile("/broken", new Uint8Array(pages * PAGE));
    w.place(w.objectOf(file), A, pages, false);
    file.broken.add(0);
    return w;
  }
}

const WRAPS = 0xffff_ffff_ffff_c000n;

describe("vm_map_wire", () => {
  it("KERN_SUCCESS: wired; nothing to wire; nothing of the map", () => {
    const w = HeaderWorld.with(2);
    expect(w.wireRange(A, A + 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(w.entryAt(w.map, A)?.wiredCount).toBe(1);
    expect(w.wireRange(A, A)).toBe(KERN_SUCCESS);
    expect(w.wireRange(0, PAGE)).toBe(KERN_SUCCESS);
  });

  it("KERN_INVALID_ARGUMENT: the end before the start; rights nobody knows", () => {
    const w = HeaderWorld.with(1);
    expect(w.wireRange(A + PAGE, A)).toBe(KERN_INVALID_ARGUMENT);
    expect(w.wireRange(A, A + PAGE, 8)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("KERN_INVALID_ADDRESS: nothing there; a hole", () => {
    const w = HeaderWorld.with(1);
    expect(w.wireRange(A + PAGE, A + 2 * PAGE)).toBe(KERN_INVALID_ADDRESS);
    expect(w.wireRange(A, A + 2 * PAGE)).toBe(KERN_INVALID_ADDRESS);
    expect(w.entryAt(w.map, A)?.wiredCount).toBe(0);
  });

  it("KERN_PROTECTION_FAILURE: rights that the memory does not give; code", () => {
    const w = HeaderWorld.with(1);
    w.protect(w.map, A, PAGE, VM_PROT_READ);
    expect(w.wireRange(A, A + PAGE, VM_PROT_WRITE)).toBe(KERN_PROTECTION_FAILURE);
    w.protect(w.map, A, PAGE, VM_PROT_READ | VM_PROT_EXECUTE);
    expect(w.wireRange(A, A + PAGE, VM_PROT_READ)).toBe(KERN_PROTECTION_FAILURE);
  });

  it("KERN_RESOURCE_SHORTAGE: more than a user may wire", () => {
    const w = HeaderWorld.with(2);
    w.map.userWireLimit = PAGE;
    expect(w.wireRange(A, A + 2 * PAGE)).toBe(KERN_RESOURCE_SHORTAGE);
    expect(w.wireRange(A, A + 2 * PAGE, VM_PROT_READ, false)).toBe(KERN_SUCCESS);
  });

  it("KERN_FAILURE: wired as often as can be counted", () => {
    const w = HeaderWorld.with(1);
    expect(w.wireRange(A, A + PAGE)).toBe(KERN_SUCCESS);
    w.entryAt(w.map, A)!.userWiredCount = MAX_WIRE_COUNT;
    expect(w.wireRange(A, A + PAGE)).toBe(KERN_FAILURE);
  });

  it("KERN_MEMORY_ERROR: a page that its pager cannot give", () => {
    const w = HeaderWorld.broken(2);
    expect(w.wireRange(A, A + 2 * PAGE, VM_PROT_READ)).toBe(KERN_MEMORY_ERROR);
    expect(w.entryAt(w.map, A)?.wiredCount).toBe(0);
  });

  it("KERN_ABORTED: a signal while a user's fault waits for a page", () => {
    const w = HeaderWorld.with(1, () => THREAD_INTERRUPTED);
    const page = w.objectAt(w.map, A).pages.get(0)!;
    page.busy = true;
    expect(w.wireRange(A, A + PAGE)).toBe(KERN_ABORTED);
    expect(w.entryAt(w.map, A)?.wiredCount).toBe(0);
    page.busy = page.wanted = false;
  });
});

describe("vm_map_unwire", () => {
  it("KERN_SUCCESS: unwired; not wired; a hole behind; nothing to unwire", () => {
    const w = HeaderWorld.with(1);
    expect(w.wireRange(A, A + PAGE)).toBe(KERN_SUCCESS);
    expect(w.unwireRange(A, A + 2 * PAGE)).toBe(KERN_SUCCESS);
    expect(w.entryAt(w.map, A)?.wiredCount).toBe(0);
    expect(w.unwireRange(A, A + PAGE)).toBe(KERN_SUCCESS);
    expect(w.unwireRange(A, A)).toBe(KERN_SUCCESS);
  });

  it("KERN_INVALID_ARGUMENT: the end before the start", () => {
    expect(HeaderWorld.with(1).unwireRange(A + PAGE, A)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("KERN_INVALID_ADDRESS: nothing there", () => {
    expect(HeaderWorld.with(1).unwireRange(A + PAGE, A + 2 * PAGE)).toBe(KERN_INVALID_ADDRESS);
  });
});

describe("vm_map_wire_and_extract", () => {
  it("KERN_SUCCESS: the frame; outside the map none", () => {
    const w = HeaderWorld.with(1);
    expect(w.wireRange(A, A + PAGE)).toBe(KERN_SUCCESS);
    expect(w.extract(A)).toEqual({ kr: KERN_SUCCESS, ppn: w.frameAt(w.map, A) });
    expect(w.extract(0)).toEqual({ kr: KERN_SUCCESS, ppn: 0 });
  });

  it("KERN_INVALID_ARGUMENT: memory that would change first; an address that wraps; unknown rights", () => {
    const w = HeaderWorld.with(1);
    expect(w.extract(A)).toEqual({ kr: KERN_INVALID_ARGUMENT, ppn: 0 });
    expect(w.extract(WRAPS)).toEqual({ kr: KERN_INVALID_ARGUMENT, ppn: 0 });
    expect(w.extract(A, 8)).toEqual({ kr: KERN_INVALID_ARGUMENT, ppn: 0 });
  });

  it("KERN_INVALID_ADDRESS: nothing there", () => {
    expect(HeaderWorld.with(1).extract(A + PAGE)).toEqual({ kr: KERN_INVALID_ADDRESS, ppn: 0 });
  });

  it("KERN_PROTECTION_FAILURE: rights that wired memory does not give", () => {
    const w = HeaderWorld.with(1);
    expect(w.wireRange(A, A + PAGE)).toBe(KERN_SUCCESS);
    w.protect(w.map, A, PAGE, VM_PROT_READ);
    expect(w.extract(A, VM_PROT_WRITE)).toEqual({ kr: KERN_PROTECTION_FAILURE, ppn: 0 });
  });
});

describe("vm_map_copyin", () => {
  it("KERN_SUCCESS: a copy; none for no bytes; the source gone if asked", () => {
    const w = HeaderWorld.with(3);
    const made = w.copyinRange(A, LIST);
    expect(made).toMatchObject({ kr: KERN_SUCCESS, copy: { size: LIST } });
    w.discard(made.copy);
    expect(w.copyinRange(WRAPS, 0)).toEqual({ kr: KERN_SUCCESS, copy: null });
    const moved = w.copyinRange(A, LIST, true);
    expect(moved.kr).toBe(KERN_SUCCESS);
    expect(w.entryAt(w.map, A)).toBeNull();
    w.discard(moved.copy);
  });

  it("KERN_INVALID_ADDRESS: a range that wraps; a hole, in a list or in a buffer", () => {
    const w = HeaderWorld.with(1);
    expect(w.copyinRange(WRAPS, PAGE).kr).toBe(KERN_INVALID_ADDRESS);
    expect(w.copyinRange(A, LIST).kr).toBe(KERN_INVALID_ADDRESS);
    expect(w.copyinRange(A + PAGE, 1).kr).toBe(KERN_INVALID_ADDRESS);
  });

  it("KERN_PROTECTION_FAILURE: memory of a list that cannot be read", () => {
    const w = HeaderWorld.with(3);
    w.protect(w.map, A, LIST, VM_PROT_NONE);
    expect(w.copyinRange(A, LIST).kr).toBe(KERN_PROTECTION_FAILURE);
  });
});

describe("vm_map_copyout", () => {
  it("KERN_SUCCESS: mapped; address 0 for no copy", () => {
    const w = HeaderWorld.with(3);
    const { copy } = w.copyinRange(A, LIST);
    const out = w.copyout(w.map, copy);
    expect(out.kr).toBe(KERN_SUCCESS);
    expect([0, PAGE, 2 * PAGE].map((offset) => w.byte(out.address + offset))).toEqual([1, 2, 3]);
    expect(w.copyout(w.map, null)).toEqual({ kr: KERN_SUCCESS, address: 0 });
  });

  it("KERN_NO_SPACE: no room; the copy stays", () => {
    const w = HeaderWorld.with(3);
    const { copy } = w.copyinRange(A, LIST);
    const small = w.newMap();
    small.maxOffset = LIST as VmOffset;
    expect(w.copyout(small, copy)).toEqual({ kr: KERN_NO_SPACE, address: 0 });
    w.discard(copy);
  });
});
