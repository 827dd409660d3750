import { describe, expect, it } from "vitest";
import { Machine } from "../../../emulator/index.js";
import { esrOf, machineWith, put, RAM, VECTORS } from "../../support/el1-world.js";
import { AF, PAGE, TableWorld } from "../../support/page-tables.js";

const NOP = 0xd503_201f;
const ERET = 0xd69f_03e0;
const UDF = 0;
const MRS_X0_NZCV = 0xd53b_4200;
const UNDEFINED = 0x0200_0000;
const ILLEGAL_STATE = 0x3a00_0000;

describe("vectors mode", () => {
  it("returns although every vector faults in its first instruction", () => {
    const machine = machineWith([NOP, UDF], 1, { exceptions: "vectors" });
    machine.cpu.setSysreg("VBAR_EL1", BigInt(VECTORS)); // zeroes: UDF
    expect(machine.run(1000)).toEqual({ kind: "budget" });
    expect(machine.instructionsExecuted).toBe(1);
    expect(machine.cpu.pcNumber).toBe(VECTORS + 0x200);
    expect(machine.cpu.sysreg("ELR_EL1")).toBe(BigInt(VECTORS + 0x200));
  });

  it("returns although the vectors cannot be fetched", () => {
    const machine = machineWith([UDF], 0, { exceptions: "vectors" });
    machine.cpu.setSysreg("VBAR_EL1", 0xffff_0000_0000_0800n);
    expect(machine.run(50)).toEqual({ kind: "budget" });
  });

  it("counts every instruction of a handler that makes progress", () => {
    // sync from EL0: eret to the instruction behind the UDF
    const machine = machineWith([UDF, NOP, NOP], 0, { exceptions: "vectors" });
    machine.cpu.setSysreg("VBAR_EL1", BigInt(VECTORS));
    // mrs x1, elr_el1; add x1, x1, #4; msr elr_el1, x1; eret
    put(machine, VECTORS + 0x400, [0xd538_4021, 0x9100_1021, 0xd518_4021, ERET]);
    expect(machine.run(6)).toEqual({ kind: "budget" });
    expect([machine.instructionsExecuted, machine.cpu.pcNumber]).toEqual([6, RAM + 12]);
    expect(machine.cpu.el).toBe(0);
  });
});

describe("ERET", () => {
  it("loads the flags that the code behind it sees", () => {
    // cmp x0, x0 (flags 6) first, in the same region as the ERET
    const machine = machineWith([0xeb00_001f, ERET], 1);
    machine.cpu.setSysreg("ELR_EL1", BigInt(RAM + 0x100));
    machine.cpu.setSysreg("SPSR_EL1", 0x9000_0000n);
    put(machine, RAM + 0x100, [MRS_X0_NZCV]);
    expect(machine.run(3)).toEqual({ kind: "budget" });
    expect(machine.cpu.x(0)).toBe(0x9000_0000n);
    expect(machine.cpu.nzcv).toBe(0x9000_0000);
  });

  it.each([
    ["AArch32", 0x10n],
    ["EL2", 0x9n],
    ["EL0 with SP_EL1", 0x1n],
    ["EL1 with M[1]", 0x6n],
  ])("to %s is illegal: PSTATE.IL, then an Illegal Execution State exception", (_, mode) => {
    const machine = machineWith([ERET], 1);
    machine.cpu.setSysreg("ELR_EL1", BigInt(RAM + 0x100));
    machine.cpu.setSysreg("SPSR_EL1", 0x5000_0080n | mode);
    put(machine, RAM + 0x100, [NOP]);
    expect(machine.step()).toEqual({ kind: "budget" });
    expect(machine.cpu.pstate).toBe(0b0101 | (1 << 20) | 0x80);
    expect([machine.cpu.pcNumber, machine.cpu.nzcv]).toEqual([RAM + 0x100, 0x5000_0000]);
    expect(machine.step()).toEqual({ kind: "exception", vector: "sync" });
    expect(machine.cpu.sysreg("ESR_EL1")).toBe(BigInt(ILLEGAL_STATE));
    expect(machine.cpu.sysreg("SPSR_EL1")).toBe(0x5010_0085n);
    expect(machine.cpu.sysreg("ELR_EL1")).toBe(BigInt(RAM + 0x100));
    expect(machine.cpu.pstate & (1 << 20)).toBe(0);
  });

  it("with SPSR_EL1.IL set returns into the Illegal Execution State", () => {
    const machine = machineWith([ERET], 1);
    machine.cpu.setSysreg("ELR_EL1", BigInt(RAM));
    machine.cpu.setSysreg("SPSR_EL1", 0x0010_0000n);
    expect(machine.run(2)).toEqual({ kind: "exception", vector: "sync" });
    expect(machine.cpu.sysreg("ESR_EL1")).toBe(BigInt(ILLEGAL_STATE));
    expect(machine.cpu.sysreg("SPSR_EL1")).toBe(0x0010_0000n);
  });

  it("keeps and restores UAO, DIT, SSBS, BTYPE", () => {
    const machine = machineWith([0xd400_0001], 1); // svc #0
    machine.cpu.pstate = 0b0101 | (1 << 24) | (1 << 23) | (1 << 12) | (2 << 10);
    machine.run(1);
    expect(machine.cpu.sysreg("SPSR_EL1")).toBe(0x0180_1805n);
    // UAO, SSBS and BTYPE are cleared by the exception, DIT is not; PAN is set as SCTLR_EL1.SPAN is 0.
    expect(machine.cpu.pstate).toBe(0b0101 | (1 << 24) | (1 << 22) | 0x3c0);
    machine.eret();
    expect(machine.cpu.pstate).toBe(0x0180_1805);
  });
});

describe("HVC and SMC", () => {
  const HVC = 0xd400_0002 | (7 << 5);
  const SMC = 0xd400_0003 | (7 << 5);

  it("are UNDEFINED without firmware", () => {
    for (const word of [HVC, SMC]) {
      for (const el of [0, 1] as const) expect(esrOf(word, el)).toBe(UNDEFINED);
    }
  });

  it.each([
    ["hvc", HVC, SMC],
    ["smc", SMC, HVC],
  ] as const)("%s reaches the firmware and goes on behind itself", (conduit, call, other) => {
    const calls: unknown[] = [];
    const firmware = {
      conduit,
      call: (cpu: Machine["cpu"], immediate: number): void => {
        calls.push([cpu.x(0), immediate, cpu.pcNumber]);
        cpu.setX(0, 0n);
      },
    };
    const machine = machineWith([NOP, call, 0x9100_0400, other], 1, { firmware });
    machine.cpu.setX(0, 0x8400_0000n);
    expect(machine.run(3)).toEqual({ kind: "budget" });
    expect(calls).toEqual([[0x8400_0000n, 7, RAM + 8]]);
    expect([machine.cpu.x(0), machine.instructionsExecuted]).toEqual([1n, 3]);
    expect(machine.step()).toEqual({ kind: "exception", vector: "sync" });
    expect(machine.cpu.sysreg("ESR_EL1")).toBe(BigInt(UNDEFINED));
  });
});

describe("branches under TBI", () => {
  const BR_X1 = 0xd61f_0020;
  const TBI0 = 1n << 37n;
  const TBI1 = 1n << 38n;
  const TBID0 = 1n << 51n;

  function pcAfterBranch(target: bigint, tcr: bigint): bigint {
    const machine = machineWith([BR_X1], 1);
    machine.cpu.setSysreg("TCR_EL1", tcr);
    machine.cpu.setX(1, target);
    machine.run(1);
    return machine.cpu.pc;
  }

  it("lose the tag byte, by the half of the address space", () => {
    expect(pcAfterBranch(0x5a00_0000_4000_0100n, TBI0)).toBe(0x4000_0100n);
    expect(pcAfterBranch(0x5a00_0000_4000_0100n, TBI1)).toBe(0x5a00_0000_4000_0100n);
    expect(pcAfterBranch(0x5a80_0000_4000_0100n, TBI1)).toBe(0xff80_0000_4000_0100n);
    expect(pcAfterBranch(0x5a80_0000_4000_0100n, TBI0)).toBe(0x5a80_0000_4000_0100n);
    expect(pcAfterBranch(0x5a00_0000_4000_0100n, 0n)).toBe(0x5a00_0000_4000_0100n);
  });

  it("keep it where TBID says that instructions have none", () => {
    expect(pcAfterBranch(0x5a00_0000_4000_0100n, TBI0 | TBID0)).toBe(0x5a00_0000_4000_0100n);
  });

  it("go on at the stripped address", () => {
    const w = new TableWorld({ granule: "16K", txsz: 17, tbi: true });
    const { machine } = w;
    const code = w.frame();
    w.map(0x1_0000_0000n, BigInt(code) | PAGE | AF | (1n << 6n));
    // br x1, to: adr x0, .
    put(machine, code, [BR_X1, 0x1000_0000]);
    machine.cpu.pstate = 0;
    machine.cpu.pc = 0x1_0000_0000n;
    machine.cpu.setX(1, 0x7700_0001_0000_0004n);
    expect(machine.run(2)).toEqual({ kind: "budget" });
    expect([machine.cpu.x(0), machine.cpu.pc]).toEqual([0x1_0000_0004n, 0x1_0000_0008n]);
  });
});
