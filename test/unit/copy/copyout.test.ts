import { describe, expect, it } from "vitest";
import { vmMapCopyoutSize } from "../../../vm/map/copyout.js";
import type { VmMap } from "../../../vm/map/map.js";
import {
  KERN_FAILURE,
  KERN_NO_SPACE,
  KERN_SUCCESS,
  VM_BEHAVIOR_DEFAULT,
  VM_INHERIT_COPY,
  VM_INHERIT_NONE,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
} from "../../../vm/types.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;
const KB64 = 4 * PAGE;

function filled(w: VmWorld, map: VmMap, address: number, pages: number): void {
  expect(w.allocateAt(map, address, pages * PAGE)).toBe(KERN_SUCCESS);
  for (let i = 0; i < pages; i++) w.write(map, address + i * PAGE, [i + 1]);
}

describe("copyout", () => {
  it("puts zero bytes at address zero", () => {
    const w = vmWorld();
    expect(w.copyout(w.newMap(), null)).toEqual({ kr: KERN_SUCCESS, address: 0 });
  });

  it("refuses a claimed size that is not the copy's, which stays the caller's", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, BASE, 1);
    const copy = w.copyinBuffer(map, BASE, 100);
    const result = w.run(vmMapCopyoutSize(map, copy, 101));
    expect(result).toEqual({ kr: KERN_FAILURE, address: 0 });
    expect(w.copyout(map, copy).kr).toBe(KERN_SUCCESS);
  });

  it("maps a buffer as fresh memory at a page's start, zero behind the bytes", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, BASE, 1);
    w.write(map, BASE + 0xff8, [1, 2, 3, 4]);
    const copy = w.copyinBuffer(map, BASE + 0xff8, 100);
    const { kr, address } = w.copyout(map, copy);
    expect(kr).toBe(KERN_SUCCESS);
    expect(address).toBe(PAGE); // the lowest page that may be used
    expect(w.entryAt(map, address)).toMatchObject({
      protection: VM_PROT_DEFAULT,
      maxProtection: VM_PROT_ALL,
      inheritance: VM_INHERIT_COPY,
    });
    const bytes = w.read(map, address, PAGE);
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(Array.from((bytes as Uint8Array).subarray(0, 5))).toEqual([1, 2, 3, 4, 0]);
    expect((bytes as Uint8Array).subarray(100).every((byte) => byte === 0)).toBe(true);
  });

  it("maps a list's own memory at the same place within the page", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, BASE, 4);
    const copy = w.copyinList(map, BASE + 0x10, 40000);
    const { address } = w.copyout(map, copy);
    expect(address % PAGE).toBe(0x10);
    expect(w.read(map, address - 0x10, 1)).toEqual(Uint8Array.of(1)); // whole pages are mapped
    expect(w.objectAt(map, address)).toBe(w.objectAt(map, BASE));
    expect(w.frameAt(map, address)).toBe(w.frameAt(map, BASE)); // until somebody writes
    expect(map.size).toBe(KB64 + 3 * PAGE);
    expect(map.hint).toBe(w.entryAt(map, address));
  });

  it("resets what the source said about its memory", () => {
    const w = vmWorld();
    const map = w.newMap();
    filled(w, map, BASE, 4);
    w.protect(map, BASE, KB64, VM_PROT_READ);
    w.protect(map, BASE, KB64, VM_PROT_READ, true);
    w.inherit(map, BASE, KB64, VM_INHERIT_NONE);
    const { address } = w.copyout(map, w.copyinList(map, BASE, KB64));
    expect(w.entryAt(map, address)).toMatchObject({
      protection: VM_PROT_DEFAULT,
      maxProtection: VM_PROT_ALL,
      inheritance: VM_INHERIT_COPY,
      behavior: VM_BEHAVIOR_DEFAULT,
    });
    expect(w.write(map, address, [0x99])).toBe(KERN_SUCCESS);
    expect(w.read(map, BASE, 1)).toEqual(Uint8Array.of(1));
  });

  it("moves memory to another map, which may outlive the source", () => {
    const w = vmWorld();
    const from = w.newMap();
    const to = w.newMap();
    filled(w, from, BASE, 4);
    const copy = w.copyinList(from, BASE, KB64);
    w.exit(from);
    const { address } = w.copyout(to, copy);
    for (let i = 0; i < 4; i++) {
      expect(w.read(to, address + i * PAGE, 1)).toEqual(Uint8Array.of(i + 1));
    }
    expect(w.objectAt(to, address).refCount).toBe(1);
  });

  it("leaves the copy alone when there is no room", () => {
    const w = vmWorld();
    const from = w.newMap();
    const to = w.newMap();
    filled(w, from, BASE, 4);
    to.maxOffset = va(4 * PAGE);
    const list = w.copyinList(from, BASE, KB64);
    expect(w.copyout(to, list)).toEqual({ kr: KERN_NO_SPACE, address: 0 });
    expect([...list.entries]).toHaveLength(1);
    w.allocateAt(to, PAGE, 3 * PAGE);
    const buffer = w.copyinBuffer(from, BASE, 10);
    expect(w.copyout(to, buffer)).toEqual({ kr: KERN_NO_SPACE, address: 0 });
  });
});
