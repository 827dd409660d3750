import { describe, expect, it } from "vitest";
import { vmMapCheckProtection } from "../../../vm/map/protect.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  MACH_VM_MAX_ADDRESS,
  VM_FLAGS_PERMANENT,
  VM_PROT_ALL,
  VM_PROT_COPY,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
} from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld } from "./mach-world.js";

const READ_WRITE = VM_PROT_READ | VM_PROT_WRITE;
const A = 0x10000;

describe("mach_vm_protect", () => {
  it("takes anything for zero bytes, and no unknown bit otherwise", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.protect(A, 0, 0xff)).toBe(KERN_SUCCESS);
    expect(m.protect(A, PAGE, 0x20)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.protect(A, PAGE, 0x8)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("tells the ways a range can wrap apart", () => {
    const m = machWorld();
    expect(m.protect(0, 0xffff_ffff_ffff_ffffn, 1)).toBe(KERN_INVALID_ADDRESS);
    expect(m.protect(0x4000, 0xffff_ffff_ffff_bfffn, 1)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.protect(0x4000, 0xffff_ffff_ffff_ffffn, 1)).toBe(KERN_INVALID_ARGUMENT);
    expect(m.protect(MACH_VM_MAX_ADDRESS, PAGE, 1)).toBe(KERN_INVALID_ADDRESS);
    expect(m.protect(0xffff_fe00_0000_0000n, PAGE, 1)).toBe(KERN_INVALID_ADDRESS);
  });

  it("can only lower the maximum, and the current protection with it", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.protect(A, PAGE, VM_PROT_ALL, true)).toBe(KERN_PROTECTION_FAILURE);
    expect(m.protect(A, PAGE, VM_PROT_READ, true)).toBe(KERN_SUCCESS);
    expect(m.entry(A)).toMatchObject({ protection: 1, maxProtection: 1 });
    expect(m.protect(A, PAGE, VM_PROT_WRITE)).toBe(KERN_PROTECTION_FAILURE);
    expect(m.protect(A, PAGE, READ_WRITE, true)).toBe(KERN_PROTECTION_FAILURE);
  });

  it("reports the first thing wrong in address order, and changes nothing", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.protect(A, PAGE, VM_PROT_READ, true);
    expect(m.protect(A, 2 * PAGE, VM_PROT_WRITE)).toBe(KERN_PROTECTION_FAILURE);
    expect(m.protect(A, 2 * PAGE, VM_PROT_NONE)).toBe(KERN_INVALID_ADDRESS);
    expect(m.protect(A - PAGE, 2 * PAGE, VM_PROT_NONE)).toBe(KERN_INVALID_ADDRESS);
    expect(m.entry(A).protection).toBe(VM_PROT_READ);
  });

  it("refuses writable code, or drops its execute right under an alien policy", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.protect(A, PAGE, VM_PROT_WRITE | VM_PROT_EXECUTE)).toBe(KERN_PROTECTION_FAILURE);
    expect(m.entry(A).protection).toBe(READ_WRITE);
    m.map.isAlien = true;
    expect(m.protect(A, PAGE, VM_PROT_ALL)).toBe(KERN_SUCCESS);
    expect(m.entry(A).protection).toBe(READ_WRITE);
  });

  it("accepts any other set of rights", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    for (const prot of [0, 1, 2, 3, 4, 5]) {
      expect(m.protect(A, PAGE, prot)).toBe(KERN_SUCCESS);
      expect(m.entry(A).protection).toBe(prot);
    }
  });

  it("clips to the range and merges again when the rights agree", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    m.protect(A + PAGE, PAGE, VM_PROT_READ);
    expect(m.ranges()).toEqual([
      [A, A + PAGE],
      [A + PAGE, A + 2 * PAGE],
      [A + 2 * PAGE, A + 3 * PAGE],
    ]);
    m.protect(A + PAGE, 1, READ_WRITE);
    expect(m.ranges()).toEqual([[A, A + 3 * PAGE]]);
  });

  it("takes write access away at once and gives it back by a fault", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.w.write(m.map, A, [7]);
    const frame = m.w.frameAt(m.map, A);
    m.protect(A, PAGE, VM_PROT_READ);
    expect(m.w.touch(m.map, A, READ_WRITE)).toBe(KERN_PROTECTION_FAILURE);
    m.protect(A, PAGE, READ_WRITE);
    expect(m.w.touch(m.map, A, READ_WRITE)).toBe(KERN_SUCCESS);
    expect(m.w.frameAt(m.map, A)).toBe(frame);
    m.protect(A, PAGE, VM_PROT_NONE);
    expect(m.w.touch(m.map, A, VM_PROT_READ)).toBe(KERN_PROTECTION_FAILURE);
  });
});

describe("VM_PROT_COPY", () => {
  it("makes a private copy that may be written though the original may not", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.w.write(m.map, A, [1, 2, 3]);
    m.protect(A, 2 * PAGE, VM_PROT_READ, true);
    m.inherit(A, 2 * PAGE, 2);
    const child = m.w.fork(m.map);
    expect(m.protect(A, PAGE, VM_PROT_COPY | READ_WRITE)).toBe(KERN_SUCCESS);
    expect(m.entry(A)).toMatchObject({ protection: 3, maxProtection: 3, inheritance: 2 });
    expect(m.entry(A + PAGE)).toMatchObject({ protection: 1, maxProtection: 1 });
    expect(m.w.read(m.map, A, 3)).toEqual(new Uint8Array([1, 2, 3]));
    expect(m.w.write(m.map, A, [9])).toBe(KERN_SUCCESS);
    m.w.exit(child);
  });

  it("is checked before anything is copied", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    expect(m.protect(A, PAGE, VM_PROT_COPY | VM_PROT_EXECUTE)).toBe(KERN_PROTECTION_FAILURE);
    expect(m.protect(MACH_VM_MAX_ADDRESS, PAGE, VM_PROT_COPY | 1)).toBe(KERN_INVALID_ADDRESS);
    expect(m.protect(A, 2 * PAGE, VM_PROT_COPY | READ_WRITE)).toBe(KERN_INVALID_ADDRESS);
    expect(m.entry(A)).toMatchObject({ protection: 3, maxProtection: 7, needsCopy: false });
  });

  it("keeps permanent memory permanent, and never makes it writable", () => {
    const m = machWorld();
    m.fixed(A, PAGE, VM_FLAGS_PERMANENT);
    m.protect(A, PAGE, VM_PROT_READ, true);
    const kr = m.protect(A, PAGE, VM_PROT_COPY | READ_WRITE);
    expect(kr).toBe(KERN_PROTECTION_FAILURE);
    expect(m.entry(A)).toMatchObject({ permanent: true, maxProtection: VM_PROT_READ });
  });
});

describe("vm_map_check_protection", () => {
  it("wants every page to have every right", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.protect(A + PAGE, PAGE, VM_PROT_READ);
    const has = (start: number, end: number, prot: number): boolean =>
      vmMapCheckProtection(m.map, va(start), va(end), prot);
    expect(has(A, A + 2 * PAGE, VM_PROT_READ)).toBe(true);
    expect(has(A, A + 2 * PAGE, VM_PROT_WRITE)).toBe(false);
    expect(has(A, A + PAGE, VM_PROT_WRITE)).toBe(true);
    expect(has(A, A + 3 * PAGE, VM_PROT_READ)).toBe(false);
    expect(has(A, A, VM_PROT_WRITE)).toBe(true);
    expect(has(A - PAGE, A - PAGE, VM_PROT_NONE)).toBe(false);
    expect(has(0, A, VM_PROT_NONE)).toBe(false);
  });
});
