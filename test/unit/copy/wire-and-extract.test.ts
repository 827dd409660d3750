import { rawProt, rawU64 } from "../../../vm/sanitize.js";
import { describe, expect, it } from "vitest";
import { vmMapWireAndExtract } from "../../../vm/map/wire.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { PAGE, vmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;

describe("wire_and_extract", () => {
  it("refuses memory that would have to change first", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, BASE, 2 * PAGE);
    const extract = (): unknown =>
      w.run(vmMapWireAndExtract(map, rawU64(BASE), rawProt(VM_PROT_READ), true));
    expect(extract()).toEqual({ kr: KERN_INVALID_ARGUMENT, ppn: 0 }); // never touched
    w.write(map, BASE, [1]);
    expect(extract()).toEqual({ kr: KERN_INVALID_ARGUMENT, ppn: 0 }); // symmetric
  });

  it("tells the frame of memory that was wired before", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, BASE, PAGE);
    w.wire(map, BASE, PAGE);
    w.unwire(map, BASE, PAGE);
    const got = w.run(
      vmMapWireAndExtract(map, rawU64(BASE), rawProt(VM_PROT_READ | VM_PROT_WRITE), true),
    );
    expect(got.kr).toBe(KERN_SUCCESS);
    expect(got.ppn).toBe(w.frameAt(map, BASE));
    expect(w.entryAt(map, BASE)).toMatchObject({ wiredCount: 1, userWiredCount: 1 });
  });

  it("counts again on a wired page, and checks the access there", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, BASE, PAGE);
    w.wire(map, BASE, PAGE);
    const got = w.run(vmMapWireAndExtract(map, rawU64(BASE), rawProt(VM_PROT_READ), true));
    expect(got).toEqual({ kr: KERN_SUCCESS, ppn: w.frameAt(map, BASE) });
    expect(w.entryAt(map, BASE)?.userWiredCount).toBe(2);
    w.protect(map, BASE, PAGE, VM_PROT_READ);
    const denied = w.run(vmMapWireAndExtract(map, rawU64(BASE), rawProt(VM_PROT_WRITE), true));
    expect(denied).toEqual({ kr: KERN_PROTECTION_FAILURE, ppn: 0 });
    expect(w.entryAt(map, BASE)?.userWiredCount).toBe(2);
  });

  it("is an error at a hole and none outside the map", () => {
    const w = vmWorld();
    const map = w.newMap();
    const at = (address: number): unknown =>
      w.run(vmMapWireAndExtract(map, rawU64(address), rawProt(VM_PROT_READ), true));
    expect(at(BASE)).toEqual({ kr: KERN_INVALID_ADDRESS, ppn: 0 });
    expect(at(MACH_VM_MAX_ADDRESS)).toEqual({ kr: KERN_SUCCESS, ppn: 0 });
  });
});
