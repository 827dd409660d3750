import { describe, expect, it } from "vitest";
import { Clock } from "../../../kernel-sim/clock.js";
import { MachineMemory, vaHi, vaLo, vaOf } from "../../../kernel-sim/platform.js";
import { Machine } from "../../../emulator/index.js";
import { PAGE_SIZE, type Ppn } from "../../../vm/types.js";

const RAM = 8 * 2 ** 20;

describe("physical memory of the machine", () => {
  const machine = new Machine({ ramBytes: RAM, exceptions: "host" });
  const memory = new MachineMemory(machine);

  it("is one range of 16 KiB frames", () => {
    expect(memory.firstPpn * PAGE_SIZE).toBe(machine.memory.ramBase);
    expect(memory.pageCount).toBe(RAM / PAGE_SIZE);
  });

  it("reads and writes table entries as little-endian halves", () => {
    const last = (memory.firstPpn + memory.pageCount) * PAGE_SIZE - 8;
    memory.writePte(last, 0x89ab_cdef | 0, 0x0123_4567);
    expect([memory.readPteLo(last) >>> 0, memory.readPteHi(last)]).toEqual([
      0x89ab_cdef, 0x0123_4567,
    ]);
    const bytes = [...machine.memory.view(last, 8)];
    expect(bytes).toEqual([0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01]);
  });

  it("copies and clears whole frames", () => {
    const [from, to] = [memory.firstPpn, (memory.firstPpn + 1) as Ppn];
    memory.page(from).fill(0xa5);
    memory.copyPage(from, to);
    expect(memory.page(to).every((byte) => byte === 0xa5)).toBe(true);
    memory.zeroPage(from);
    expect(memory.page(from).every((byte) => byte === 0)).toBe(true);
    expect(memory.page(to)[PAGE_SIZE - 1]).toBe(0xa5);
  });

  it("makes the machine forget code translated from a frame that is written", () => {
    const fresh = new Machine({ ramBytes: RAM, exceptions: "host" });
    const frames = new MachineMemory(fresh);
    const words = (word: number): void => {
      const bytes = frames.page(frames.firstPpn);
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, word, true);
    };
    const run = (): bigint => {
      fresh.cpu.pc = BigInt(fresh.memory.ramBase);
      fresh.run(1);
      return fresh.cpu.x(0);
    };
    words(0xd280_0020); // mov x0, #1
    expect(run()).toBe(1n);
    words(0xd280_0040); // mov x0, #2
    frames.noteWrite(frames.firstPpn);
    expect(run()).toBe(2n);
  });
});

describe("addresses as halves", () => {
  it.each([0, 0x1_0000_4000, 0xffff_ffff, 2 ** 47 - 1, -1, -(2 ** 41), -(2 ** 41) + 0x1234])(
    "%d goes there and back",
    (va) => {
      expect(vaOf(vaLo(va), vaHi(va))).toBe(va);
      const word = BigInt.asUintN(64, BigInt(va));
      expect(BigInt(vaLo(va) >>> 0) | (BigInt(vaHi(va) >>> 0) << 32n)).toBe(word);
    },
  );
});

describe("virtual time", () => {
  it("follows the instructions and jumps when told to", () => {
    const machine = new Machine({ ramBytes: RAM, exceptions: "host" });
    const clock = new Clock(machine);
    expect(clock.nanoseconds).toBe(0n);
    machine.cpu.instructionCount = 3_000_000;
    expect(clock.nanoseconds).toBe(3_000_000n);
    expect(clock.ticks).toBe(72_000n); // 24 MHz
    clock.skipTo(5_000_000n);
    clock.skipTo(4_000_000n);
    expect(clock.nanoseconds).toBe(5_000_000n);
    machine.cpu.instructionCount = 3_000_001;
    expect(clock.nanoseconds).toBe(5_000_001n);
    expect(clock.realtimeNanoseconds - clock.nanoseconds).toBe(1_704_067_200_000_000_000n);
  });
});
