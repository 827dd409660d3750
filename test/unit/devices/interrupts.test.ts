import { describe, expect, it } from "vitest";
import { Gicv2, Machine } from "../../../emulator/index.js";
import { GenericTimer } from "../../../emulator/devices/generic-timer.js";
import { moveSysreg, put, RAM, VECTORS } from "../../support/el1-world.js";
import { sysreg } from "../../../emulator/arch/sysreg.js";

const B_SELF = 0x1400_0000;
const NOP = 0xd503_201f;
const WFI = 0xd503_207f;
const DAIFCLR_IF = 0xd503_43ff; // msr daifclr, #3

/** A machine in a loop at EL1 whose interrupt vectors loop too. */
function world(words: readonly number[]): Machine {
  const machine = new Machine({ ramBytes: 8 * 2 ** 20, counterHz: 62_500_000 });
  put(machine, RAM, words);
  machine.cpu.pc = BigInt(RAM);
  machine.cpu.setSysreg("VBAR_EL1", BigInt(VECTORS));
  for (const offset of [0x280, 0x300]) put(machine, VECTORS + offset, [B_SELF]);
  return machine;
}

describe("interrupt requests", () => {
  it("wait for PSTATE to allow them; FIQ comes first; ESR_EL1 stays", () => {
    const machine = world([NOP, DAIFCLR_IF, NOP]);
    machine.cpu.setSysreg("ESR_EL1", 0x1234n);
    machine.setInterrupt("irq", true);
    machine.setInterrupt("fiq", true);
    expect(machine.cpu.read("ISR_EL1")).toBe(0xc0n);
    expect(machine.run(2)).toEqual({ kind: "budget" });
    expect(machine.cpu.pcNumber).toBe(RAM + 8);
    expect(machine.run(1)).toEqual({ kind: "budget" });
    expect(machine.cpu.pcNumber).toBe(VECTORS + 0x300);
    expect(machine.cpu.sysreg("ELR_EL1")).toBe(BigInt(RAM + 8));
    expect(machine.cpu.sysreg("ESR_EL1")).toBe(0x1234n);
    machine.setInterrupt("fiq", false);
    expect(machine.cpu.read("ISR_EL1")).toBe(0x80n);
  });

  it("reach a host that plays EL1", () => {
    const machine = new Machine({ ramBytes: 8 * 2 ** 20, exceptions: "host" });
    put(machine, RAM, [NOP]);
    machine.cpu.pc = BigInt(RAM);
    machine.cpu.pstate = 0;
    machine.setInterrupt("irq", true);
    expect(machine.run(5)).toEqual({ kind: "exception", vector: "irq" });
    expect(machine.instructionsExecuted).toBe(0);
  });
});

function withTimer(words: readonly number[], compare: bigint): Machine {
  const machine = world(words);
  const gic = new Gicv2(
    0x0800_0000,
    0x0801_0000,
    64,
    (isHigh) => {
      machine.setInterrupt("irq", isHigh);
    },
    () => undefined,
  );
  gic.cpu.forwarded[0] = gic.cpu.enabled[0] = true;
  gic.cpu.priorityMask = 0xff;
  gic.interrupts.enabled[27] = 1;
  machine.addTimed(new GenericTimer(machine.cpu, "virtual", gic.interrupts.ppi(11)));
  machine.cpu.write("CNTV_CVAL_EL0", compare);
  machine.cpu.write("CNTV_CTL_EL0", 1n);
  machine.cpu.pstate = 0b0101; // unmasked
  return machine;
}

describe("the generic timer", () => {
  // 62.5 MHz is a tick in 16 instructions.
  it.each([1, 7, 1000, 123_457])("interrupts a loop at its very instruction: CVAL %i", (ticks) => {
    const machine = withTimer([B_SELF], BigInt(ticks));
    expect(machine.run(16 * ticks)).toEqual({ kind: "budget" });
    expect(machine.cpu.pcNumber).toBe(RAM);
    machine.run(1);
    expect(machine.cpu.pcNumber).toBe(VECTORS + 0x280);
    expect(machine.instructionsExecuted).toBe(16 * ticks + 1);
  });

  it("the same in whatever pieces it runs", () => {
    const machine = withTimer([B_SELF], 100n);
    while (machine.cpu.pcNumber === RAM) machine.run(7);
    // Seen after a piece: the interrupt came at 1600, and at most six instructions of the vector followed.
    expect(machine.cpu.sysreg("ELR_EL1")).toBe(BigInt(RAM));
    expect(machine.instructionsExecuted).toBe(1603);
  });

  it("WFI goes on to it at once", () => {
    const machine = withTimer([WFI, NOP, B_SELF], 1_000_000n);
    machine.cpu.pstate = 0b0101 | (0xf << 6); // masked: WFI ends all the same
    expect(machine.run(2)).toEqual({ kind: "budget" });
    expect(machine.cpu.pcNumber).toBe(RAM + 8);
    expect(machine.instructionsExecuted).toBe(2);
    expect(machine.cpu.read("CNTVCT_EL0")).toBe(1_000_000n);
  });

  it("a write to it in the middle of a run counts from there on", () => {
    const ctl = sysreg("CNTV_CTL_EL0").key;
    // msr cntv_tval_el0, x1; msr cntv_ctl_el0, x2; b .
    const tval = moveSysreg(sysreg("CNTV_TVAL_EL0").key, 1, false);
    const machine = withTimer([NOP, tval, moveSysreg(ctl, 2, false), B_SELF], 0xffff_ffffn);
    machine.cpu.setX(1, 10n);
    machine.cpu.setX(2, 1n);
    machine.run(160);
    expect(machine.cpu.pcNumber).toBe(RAM + 12);
    machine.run(1);
    expect(machine.cpu.pcNumber).toBe(VECTORS + 0x280);
  });

  it("WFI with nothing that could ever happen comes back to the embedder", () => {
    const machine = withTimer([WFI, NOP], 5n);
    machine.cpu.write("CNTV_CTL_EL0", 0n);
    expect(machine.run(10)).toEqual({ kind: "idle" });
    expect(machine.cpu.pcNumber).toBe(RAM + 4);
    machine.onIdle = () => {
      machine.setInterrupt("irq", true);
      return true;
    };
    machine.cpu.pc = BigInt(RAM);
    machine.run(2);
    expect(machine.cpu.pcNumber).toBe(VECTORS + 0x280);
  });
});

it("WFI does nothing on a machine without timed devices", () => {
  const machine = world([WFI, WFI, B_SELF]);
  expect(machine.run(10)).toEqual({ kind: "budget" });
  expect(machine.instructionsExecuted).toBe(10);
});
