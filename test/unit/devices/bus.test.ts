import { describe, expect, it } from "vitest";
import type { Machine, MmioDevice } from "../../../emulator/index.js";
import { machineWith, RAM } from "../../support/el1-world.js";
import { AF, AP_RO, PAGE, TableWorld } from "../../support/page-tables.js";

const BASE = 0x0900_0000;

/** A device of 32 bytes that remembers who asked what; its first word counts reads. */
class Probe implements MmioDevice {
  readonly name = "probe";
  readonly base = BASE;
  readonly sizeBytes = 0x20;
  readonly log: string[] = [];
  #reads = 0;
  machine: Machine | null = null;

  read(offset: number, bytes: number): number | null {
    this.log.push(`r${bytes} ${offset} @${this.machine?.instructionsExecuted ?? "?"}`);
    if (offset === 0x1c) return null;
    return offset === 0 ? ++this.#reads : 0x8070_6050 + offset;
  }

  write(offset: number, bytes: number, value: number): boolean {
    this.log.push(`w${bytes} ${offset} ${value.toString(16)}`);
    return offset !== 0x1c;
  }
}

function world(words: readonly number[]): { machine: Machine; probe: Probe } {
  const machine = machineWith(words, 1);
  const probe = new Probe();
  machine.mapDevice(probe);
  probe.machine = machine;
  machine.cpu.setX(1, BigInt(BASE));
  return { machine, probe };
}

const LDR_W0 = 0xb940_0020; // ldr w0, [x1]
const NOP = 0xd503_201f;

describe("devices in the physical address space", () => {
  it("are read once by an instruction, with the count exact, whatever surrounds it", () => {
    const { machine, probe } = world([NOP, NOP, LDR_W0, NOP, LDR_W0, 0x1400_0000]);
    expect(machine.run(100)).toEqual({ kind: "budget" });
    expect(machine.instructionsExecuted).toBe(100);
    expect(machine.cpu.x(0)).toBe(2n);
    expect(probe.log).toEqual(["r4 0 @2", "r4 0 @4"]);
  });

  it.each<[string, number, readonly string[], bigint]>([
    ["ldrb w0, [x1, #5]", 0x3940_1420, ["r1 5"], 0x55n],
    ["ldrsh x0, [x1, #6]", 0x7980_0c20, ["r2 6"], 0x6056n],
    ["ldr x0, [x1, #8]", 0xf940_0420, ["r4 8", "r4 12"], 0x8070_605c_8070_6058n],
    ["ldr w0, [x1, #6] in two pieces", 0xb840_6020, ["r2 6", "r2 8"], 0x6058_6056n],
    ["ldp w0, w2, [x1, #16]", 0x2942_0820, ["r4 16", "r4 20"], 0x8070_6060n],
  ])("%s", (_, word, log, value) => {
    const { machine, probe } = world([word]);
    expect(machine.step()).toEqual({ kind: "budget" });
    expect(probe.log.map((line) => line.replace(/ @.*/, ""))).toEqual(log);
    expect(machine.cpu.x(0)).toBe(value);
  });

  it.each<[string, number, readonly string[]]>([
    ["strb w0, [x1, #3]", 0x3900_0c20, ["w1 3 ef"]],
    ["str x0, [x1]", 0xf900_0020, ["w4 0 89abcdef", "w4 4 1234567"]],
    ["stp x0, xzr, [x1]", 0xa900_7c20, ["w4 0 89abcdef", "w4 4 1234567", "w4 8 0", "w4 12 0"]],
  ])("%s", (_, word, log) => {
    const { machine, probe } = world([word]);
    machine.cpu.setX(0, 0x0123_4567_89ab_cdefn);
    expect(machine.step()).toEqual({ kind: "budget" });
    expect(probe.log).toEqual(log);
  });

  it("refuse with an external abort, as does what is not there", () => {
    for (const [word, esr, far] of [
      [0xb940_1c20, 0x9600_0010n, BASE + 0x1c], // ldr w0, [x1, #0x1c]
      [0xb900_1c20, 0x9600_0050n, BASE + 0x1c], // str w0, [x1, #0x1c]
      [0xb940_2020, 0x9600_0010n, BASE + 0x20], // ldr w0, [x1, #0x20]
    ] as const) {
      const { machine } = world([NOP, word]);
      expect(machine.run(10)).toEqual({ kind: "exception", vector: "sync" });
      expect(machine.cpu.sysreg("ESR_EL1")).toBe(esr);
      expect(machine.cpu.sysreg("FAR_EL1")).toBe(BigInt(far));
      expect(machine.cpu.sysreg("ELR_EL1")).toBe(BigInt(RAM + 4));
      expect(machine.instructionsExecuted).toBe(1);
    }
  });

  it("cannot be executed", () => {
    const { machine } = world([0xd61f_0020]); // br x1
    expect(machine.run(10)).toEqual({ kind: "exception", vector: "sync" });
    expect(machine.cpu.sysreg("ESR_EL1")).toBe(0x8600_0010n);
  });

  it("come and go, and never overlap", () => {
    const { machine, probe } = world([LDR_W0]);
    expect(() => {
      machine.mapDevice(new Probe());
    }).toThrow(/overlap/);
    expect(() => {
      machine.mapDevice({ ...new Probe(), base: RAM + 16, read: () => 0, write: () => true });
    }).toThrow(/RAM/);
    expect(machine.unmapDevice(probe)).toBe(true);
    expect(machine.unmapDevice(probe)).toBe(false);
    expect(machine.run(1)).toEqual({ kind: "exception", vector: "sync" });
  });

  it("are reached through translation tables", () => {
    const w = new TableWorld();
    const { machine } = w;
    const code = w.frame();
    machine.memory.u32.set([LDR_W0, LDR_W0], machine.memory.hostOffset(code) / 4);
    w.map(0x10_0000n, BigInt(code) | PAGE | AF | AP_RO);
    w.map(0x20_0000n, BigInt(BASE) | PAGE | AF);
    const probe = new Probe();
    machine.mapDevice(probe);
    machine.cpu.pstate = 0b0101;
    machine.cpu.pc = 0x10_0000n;
    machine.cpu.setX(1, 0x20_0000n);
    expect(machine.run(2)).toEqual({ kind: "budget" });
    expect([machine.cpu.x(0), probe.log.length]).toEqual([2n, 2]);
    // Never by the inline TLB: no entry leads there.
    for (const entry of machine.mmu.inline.entries()) expect(entry.vaLo).not.toBe(0x20_0000);
  });
});
