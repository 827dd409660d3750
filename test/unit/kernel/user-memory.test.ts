import { beforeEach, describe, expect, it } from "vitest";
import type { KernelFaultRecord } from "../../../kernel-sim/events.js";
import { copyIn, copyInString, copyOut } from "../../../kernel-sim/user-memory.js";
import { runNow } from "../../../vm/blocking.js";
import { KERN_INVALID_ADDRESS, KERN_SUCCESS, PAGE_SIZE } from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const MAP_END = 0x7fff_fe00_0000;
const EFAULT = { ok: false, errno: "EFAULT" };

let w: DarwinWorld;
beforeEach(() => {
  w = new DarwinWorld();
});

const read = (address: bigint | number, length: number): unknown =>
  runNow(copyIn(w.kernel, address, length));
const write = (address: bigint | number, length: number): unknown =>
  runNow(copyOut(w.kernel, address, new Uint8Array(length).fill(7)));
const string = (address: bigint | number, max: number): unknown =>
  runNow(copyInString(w.kernel, address, max));

describe("what copyio refuses before it touches anything", () => {
  it("nothing at all, when the length is zero", () => {
    expect(read(0, 0)).toEqual({ ok: true, value: new Uint8Array(0) });
    expect(read(-1, 0)).toMatchObject({ ok: true });
    expect(write(0, 0)).toBe(null);
    expect(string(w.scratch, 0)).toEqual({ ok: false, errno: "ENAMETOOLONG" });
  });

  it("more than 64 MiB, wherever it is", () => {
    expect(read(0, 64 * 2 ** 20 + 1)).toEqual({ ok: false, errno: "EINVAL" });
    expect(read(0, 64 * 2 ** 20)).toEqual(EFAULT);
  });

  it("page zero, the kernel's half, and tagged pointers", () => {
    expect(read(0xffff_ffff, 1)).toEqual(EFAULT);
    expect(read(-PAGE_SIZE, 1)).toEqual(EFAULT);
    expect(read(0xffff_ffff_ffff_c000n, 1)).toEqual(EFAULT);
    expect(read((0xabn << 56n) | BigInt(w.scratch), 1)).toEqual(EFAULT);
    expect(write(1n << 63n, 1)).toBe("EFAULT");
  });

  it("a range that ends beyond the map, even for a string that would end before", () => {
    expect(read(MAP_END - 8, 9)).toEqual(EFAULT);
    expect(string(MAP_END - 8, 9)).toEqual(EFAULT);
  });
});

describe("copying", () => {
  it("crosses pages, each with the fault it needs", () => {
    const at = w.anonymous(3) + PAGE_SIZE - 3;
    const bytes = Uint8Array.from({ length: PAGE_SIZE + 6 }, (_, i) => i % 251);
    const faults: KernelFaultRecord[] = [];
    w.kernel.onFault = (fault) => faults.push(fault);
    expect(runNow(copyOut(w.kernel, at, bytes))).toBe(null);
    expect(faults.map((f) => [f.address, f.access, f.fromKernel, f.kr])).toEqual(
      [at, at + 3, at + 3 + PAGE_SIZE].map((va) => [va, "write", true, KERN_SUCCESS]),
    );
    // The first one finds no leaf table.
    expect(faults.map((f) => f.esrName)).toEqual(
      [2, 3, 3].map((level) => `data abort, same EL: write, translation fault, level ${level}`),
    );
    expect(read(at, bytes.length)).toEqual({ ok: true, value: bytes });
    // A page may have lost its access flag meanwhile, but none is missing.
    expect(faults.slice(3).every((f) => f.resolution === "fast-fault")).toBe(true);
  });

  it("keeps what was written before a hole", () => {
    const at = w.anonymous(2);
    w.number("munmap", at + PAGE_SIZE, PAGE_SIZE);
    const faults: KernelFaultRecord[] = [];
    w.kernel.onFault = (fault) => faults.push(fault);
    expect(write(at + PAGE_SIZE - 4, 8)).toBe("EFAULT");
    expect(faults.at(-1)).toMatchObject({ resolution: "failed", kr: KERN_INVALID_ADDRESS });
    expect(w.read(at + PAGE_SIZE - 8, 8)).toEqual(Uint8Array.of(0, 0, 0, 0, 7, 7, 7, 7));
  });

  it("respects protections", () => {
    const at = w.anonymous(1);
    expect(write(at, 1)).toBe(null);
    w.number("mprotect", at, PAGE_SIZE, 1);
    expect(write(at, 1)).toBe("EFAULT");
    expect(read(at, 1)).toMatchObject({ ok: true });
    w.number("mprotect", at, PAGE_SIZE, 0);
    expect(read(at, 1)).toEqual(EFAULT);
  });

  it("of a page first read marks it modified by the pmap alone when it is written", () => {
    const at = w.anonymous(1);
    expect(read(at, 1)).toEqual({ ok: true, value: Uint8Array.of(0) });
    const { faults } = w.kernel.vm.counters;
    const { fastFaults } = w.kernel.stats;
    expect(write(at, 1)).toBe(null);
    expect(w.kernel.vm.counters.faults).toBe(faults);
    expect(w.kernel.stats.fastFaults).toBe(fastFaults + 1);
  });
});

describe("strings", () => {
  it("end at their NUL, across a page boundary too", () => {
    const at = w.anonymous(2) + PAGE_SIZE - 2;
    w.write(at, new TextEncoder().encode("grüße\0beyond"));
    expect(string(at, 64)).toEqual({ ok: true, value: "grüße" });
  });

  it("need their NUL within the limit", () => {
    w.write(w.scratch, new TextEncoder().encode("four\0"));
    expect(string(w.scratch, 5)).toEqual({ ok: true, value: "four" });
    expect(string(w.scratch, 4)).toEqual({ ok: false, errno: "ENAMETOOLONG" });
  });

  it("that run into a hole are EFAULT, but not those that end before it", () => {
    const at = w.anonymous(2);
    w.number("munmap", at + PAGE_SIZE, PAGE_SIZE);
    w.write(at + PAGE_SIZE - 3, [0x61, 0x62, 0]);
    expect(string(at + PAGE_SIZE - 3, 100)).toEqual({ ok: true, value: "ab" });
    w.write(at + PAGE_SIZE - 1, [0x63]);
    expect(string(at + PAGE_SIZE - 3, 100)).toEqual(EFAULT);
  });
});
