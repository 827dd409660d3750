import { beforeEach, describe, expect, it } from "vitest";
import { ACCESS_READ, ACCESS_WRITE, type Access } from "../../../emulator/index.js";
import { COMMPAGE_FIELDS } from "../../../kernel-sim/commpage.js";
import { forkTask } from "../../../kernel-sim/task-fork.js";
import { activatePmap } from "../../../kernel-sim/context-switch.js";
import { vaHi, vaLo } from "../../../kernel-sim/platform.js";
import { copyIn, copyOut } from "../../../kernel-sim/user-memory.js";
import { runNow } from "../../../vm/blocking.js";
import { vmFault } from "../../../vm/fault/index.js";
import { vmMapRegions } from "../../../vm/map/region.js";
import { COMM_PAGE_DATA_ADDRESS, COMM_PAGE_RO_ADDRESS } from "../../../vm/pmap/index.js";
import {
  KERN_PROTECTION_FAILURE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
} from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

let w: DarwinWorld;
beforeEach(() => {
  w = new DarwinWorld();
});

function bytes(address: number, length: number): Uint8Array {
  const read = runNow(copyIn(w.kernel, address, length));
  if (!read.ok) throw new Error(read.errno);
  return read.value;
}

/** A field as a little-endian number. */
function field(name: keyof typeof COMMPAGE_FIELDS, base: number = COMM_PAGE_DATA_ADDRESS): number {
  const { offset, bytes: width } = COMMPAGE_FIELDS[name];
  return bytes(base + offset, width).reduceRight((value, byte) => value * 256 + byte, 0);
}

/** What the MMU says of an access from EL0. @returns a physical address, or -1 */
function access(address: number, kind: Access): number {
  return w.kernel.machine.mmu.translate(vaLo(address), vaHi(address), kind, 0, false);
}

describe("the commpage of a Darwin task", () => {
  it("says what programs ask it, at both addresses", () => {
    const text = new TextDecoder().decode(bytes(COMM_PAGE_DATA_ADDRESS, 16));
    expect(text).toBe("commpage 64-bit\0");
    expect(field("version")).toBe(3);
    for (const base of [COMM_PAGE_DATA_ADDRESS, COMM_PAGE_RO_ADDRESS]) {
      expect(field("userPageShift64", base)).toBe(14);
      expect(field("kernelPageShift", base)).toBe(14);
      expect(field("deviceFirmware", base)).toBe(0);
    }
    expect(field("memorySize")).toBe(32 * 2 ** 20);
    expect([field("activeCpus"), field("physicalCpus"), field("logicalCpus")]).toEqual([1, 1, 1]);
    // The number of CPUs is the third byte of the capabilities: they overlap.
    expect(bytes(COMM_PAGE_DATA_ADDRESS + 0x22, 1)).toEqual(Uint8Array.of(1));
    expect(field("userTimebase")).toBe(1);
    // FHM, AES, LSE, CRC32, SHA-512, SHA-3 and FCMA are all there; one CPU.
    expect(field("cpuCapabilities")).toBe(0x3f01_f7a0);
    expect(field("cpuCapabilities64")).toBe(0x3f01_f7a0);
    expect(field("bootTimeMicroseconds")).toBe(1_704_067_200_000_000);
  });

  it("announces what the CPU has", () => {
    w = new DarwinWorld({}, { cpuModel: "cortex-a57" });
    // Of those features AES and CRC32 alone.
    expect(field("cpuCapabilities")).toBe(0x0501_b7a0);
  });

  it("is read without a fault, and written by nobody", () => {
    const { counters } = w.kernel.vm;
    const before = counters.faults;
    expect(access(COMM_PAGE_DATA_ADDRESS, ACCESS_READ)).toBeGreaterThan(0);
    expect(access(COMM_PAGE_RO_ADDRESS, ACCESS_READ)).toBe(
      access(COMM_PAGE_DATA_ADDRESS, ACCESS_READ),
    );
    expect(counters.faults).toBe(before);
    expect(access(COMM_PAGE_DATA_ADDRESS, ACCESS_WRITE)).toBe(-1);
    expect(runNow(copyOut(w.kernel, COMM_PAGE_DATA_ADDRESS, Uint8Array.of(1)))).toBe("EFAULT");
    const at = COMM_PAGE_DATA_ADDRESS as VmOffset;
    const write = VM_PROT_READ | VM_PROT_WRITE;
    expect(runNow(vmFault(w.task.map, at, write, false, 0))).toBe(KERN_PROTECTION_FAILURE);
    w.kernel.vm.assertConsistent();
  });

  it("the map has only what keeps others away, and does not count it", () => {
    const { map } = w.task;
    const reserved = vmMapRegions(map).filter((r) => r.maxProtection === 0 && r.start > 2 ** 35);
    expect(reserved.map(({ start, end, protection }) => [start, end, protection])).toEqual([
      [0xf_c000_0000, 0x10_0000_0000, 0],
      [0x10_0000_0000, 0x70_0000_0000, 0],
    ]);
    expect(map.size - map.adjustedSize).toBe(0x70_0000_0000 - 0xf_c000_0000);
    expect(map.adjustedSize).toBeLessThan(2 ** 30);
  });

  it("munmap does not take it away, and a child has it", () => {
    expect(w.bsd("munmap", 0xf_c000_0000, 0x4000_0000)).toBe(0);
    expect(field("version")).toBe(3);
    w.kernel.current = w.thread;
    const forked = runNow(forkTask(w.kernel, w.thread));
    if (!forked.ok) throw new Error(forked.errno);
    const { map } = forked.task;
    expect(map.adjustedSize).toBe(w.task.map.adjustedSize);
    activatePmap(w.kernel, map.pmap);
    expect(access(COMM_PAGE_RO_ADDRESS, ACCESS_READ)).toBeGreaterThan(0);
    expect(access(COMM_PAGE_RO_ADDRESS, ACCESS_WRITE)).toBe(-1);
    activatePmap(w.kernel, w.task.map.pmap);
  });
});
