import { describe, expect, it } from "vitest";
import { ACCESS_READ, ACCESS_WRITE, Machine, type RegisterName } from "../../../emulator/index.js";
import { AF, AP_EL0, AP_RO, PAGE, TableWorld } from "../../support/page-tables.js";

const RAM = 0x4000_0000;

function newMachine(): Machine {
  return new Machine({ ramBytes: 8 * 2 ** 20, exceptions: "host" });
}

describe("registers by name", () => {
  it("are the same registers as by number, as wide as their names say", () => {
    const { cpu } = newMachine();
    const all = 2n ** 128n - 1n;
    const widths: [RegisterName, number][] = [
      ["x7", 64],
      ["w8", 32],
      ["sp", 64],
      ["pc", 64],
      ["q3", 128],
      ["v4", 128],
      ["d5", 64],
      ["s6", 32],
      ["h7", 16],
      ["b8", 8],
      ["fpcr", 32],
      ["fpsr", 32],
      ["TTBR0_EL1", 64],
      ["SP_EL0", 64],
      ["SP_EL1", 64],
    ];
    for (const [name, bits] of widths) {
      cpu.write(name, all);
      expect([name, cpu.read(name)]).toEqual([name, 2n ** BigInt(bits) - 1n]);
    }
    expect([cpu.x(7), cpu.x(8)]).toEqual([2n ** 64n - 1n, 2n ** 32n - 1n]);
    expect(cpu.read("q5")).toBe(2n ** 64n - 1n);
    cpu.write("lr", 5n);
    cpu.write("fp", 6n);
    expect([cpu.x(30), cpu.x(29), cpu.read("w30")]).toEqual([5n, 6n, 5n]);
    expect([cpu.read("xzr"), cpu.read("wzr")]).toEqual([0n, 0n]);
  });

  it("PSTATE is one register with views", () => {
    const { cpu } = newMachine();
    cpu.write("pstate", 0x6000_03c5n);
    expect([cpu.read("nzcv"), cpu.read("DAIF"), cpu.read("CurrentEL"), cpu.read("SPSel")]).toEqual([
      0x6000_0000n,
      0x3c0n,
      4n,
      1n,
    ]);
    cpu.write("DAIF", 0x80n);
    cpu.write("nzcv", 0x9000_0000n);
    expect(cpu.read("pstate")).toBe(0x9000_0085n);
  });

  it("floating-point views round and clear", () => {
    const { cpu } = newMachine();
    cpu.setVector(1, 2n ** 128n - 1n);
    cpu.setD(1, 1.5);
    expect([cpu.d(1), cpu.read("q1")]).toEqual([1.5, 0x3ff8_0000_0000_0000n]);
    cpu.setS(1, 0.1);
    expect([cpu.s(1), cpu.read("q1")]).toEqual([Math.fround(0.1), 0x3dcc_cccdn]);
  });

  it("fixed ones are read, the counter follows the instructions", () => {
    const machine = newMachine();
    expect(machine.cpu.read("CNTFRQ_EL0")).toBe(24_000_000n);
    expect(() => {
      machine.cpu.write("CNTVCT_EL0", 1n);
    }).toThrow("this register cannot be written");
    machine.cpu.instructionCount = 125;
    expect(machine.cpu.read("CNTVCT_EL0")).toBe(3n);
  });

  it.each(["x31", "x01", "w31", "q32", "vzr", "r0", "", "constructor"])("%j is none", (name) => {
    expect(() => newMachine().cpu.read(name as RegisterName)).toThrow("no such register");
  });

  it("a control register written by name works at once", () => {
    const w = new TableWorld();
    w.map(0x1_0000n, BigInt(w.frame()) | PAGE | AF | AP_EL0);
    const { machine } = w;
    expect(machine.readVirtual(0x1_0000n, 4).ok).toBe(true);
    machine.cpu.write("SCTLR_EL1", 0n); // the MMU off: 0x10000 is no RAM
    expect(machine.readVirtual(0x1_0000n, 4)).toEqual({
      ok: false,
      fault: { address: 0x1_0000n, access: ACCESS_READ, status: 0x10 },
    });
  });
});

describe("contexts", () => {
  it("hold everything but time", () => {
    const machine = newMachine();
    const { cpu } = machine;
    // ldxr x0,[x1]; stxr w2,x3,[x1]
    const code = new Uint32Array([0xc85f_7c20, 0xc802_7c23]);
    machine.writePhysical(RAM, new Uint8Array(code.buffer));
    cpu.pc = BigInt(RAM);
    cpu.pstate = 0;
    cpu.setX(1, BigInt(RAM + 0x1000));
    cpu.setX(2, 9n);
    cpu.setVector(31, 1n << 100n);
    cpu.write("VBAR_EL1", 0x800n);
    cpu.nzcv = 0x5000_0000;
    machine.run(1);
    const context = machine.saveContext();
    const state = Buffer.from(context.state).toString("hex");
    machine.run(1);
    expect(cpu.x(2)).toBe(0n);
    cpu.reset();
    machine.restoreContext(context);
    expect([cpu.pcNumber, cpu.nzcv, cpu.read("q31"), cpu.read("VBAR_EL1"), cpu.x(2)]).toEqual([
      RAM + 4,
      0x5000_0000,
      1n << 100n,
      0x800n,
      9n,
    ]);
    machine.run(1);
    expect(cpu.x(2)).toBe(0n); // the monitor was armed in the context
    expect(Buffer.from(context.state).toString("hex")).toBe(state);
    expect(() => {
      machine.restoreContext({ state: new Uint8Array(8) });
    }).toThrow("context of another machine");
  });
});

describe("virtual memory", () => {
  it("goes page by page, and says where it failed", () => {
    const w = new TableWorld();
    const { machine } = w;
    machine.cpu.pstate = 0;
    const [a, b] = [w.frame(), w.frame()];
    w.map(0x1_0000_0000n, BigInt(b) | PAGE | AF | AP_EL0);
    w.map(0x1_0000_4000n, BigInt(a) | PAGE | AF | AP_EL0);
    w.map(0x1_0000_8000n, BigInt(w.frame()) | PAGE | AF | AP_EL0 | AP_RO);
    expect(machine.writeVirtual(0x1_0000_3ffen, Uint8Array.of(1, 2, 3, 4))).toBeNull();
    expect([machine.readPhysical(b + 0x3ffe, 2), machine.readPhysical(a, 2)]).toEqual([
      Uint8Array.of(1, 2),
      Uint8Array.of(3, 4),
    ]);
    expect(machine.readVirtual(0x1_0000_3fffn, 2)).toEqual({
      ok: true,
      bytes: Uint8Array.of(2, 3),
    });
    expect(machine.writeVirtual(0x1_0000_7ffen, Uint8Array.of(9, 9, 9))).toEqual({
      address: 0x1_0000_8000n,
      access: ACCESS_WRITE,
      status: 0x0f,
    });
    expect(machine.readPhysical(a + 0x3ffe, 2)).toEqual(Uint8Array.of(0, 0));
    expect(machine.readVirtual(0xffff_ffff_ffff_fff8n, 16)).toEqual({
      ok: false,
      fault: { address: 0xffff_ffff_ffff_fff8n, access: ACCESS_READ, status: 0x05 },
    });
  });
});
