import { describe, expect, it } from "vitest";
import { put } from "../../support/el1-world.js";
import { PAGE, TableWorld, USER_RW } from "../../support/page-tables.js";

/** FEAT_BTI through the whole machine. Bit 50 of a leaf descriptor: guarded page. */

const GP = 1n << 50n;
const VA = 0x10_0000;
const NOP = 0xd503_201f;
const SVC = 0xd400_0001;
const BTI_C = 0xd503_245f;
const BTI_J = 0xd503_249f;
const PACIASP = 0xd503_233f;
const BR_X0 = 0xd61f_0000;
const BR_X16 = 0xd61f_0200;
const BLR_X0 = 0xd63f_0000;
const BTI_FAULT = 0x3600_0000;
const SVC_TAKEN = 0x5600_0000;

/** An EL0 program in one page: `words` at its start, `target` 0x40 bytes on, where X0 and X16 point. */
function world(words: readonly number[], target: readonly number[], guard = GP, sctlr = 1n) {
  const w = new TableWorld();
  const { machine } = w;
  const frame = w.frame();
  w.map(BigInt(VA), BigInt(frame) | PAGE | USER_RW | guard);
  w.use(1, sctlr);
  put(machine, frame, words);
  put(machine, frame + 0x40, target);
  machine.cpu.pstate = 0;
  machine.cpu.pc = BigInt(VA);
  machine.cpu.setX(0, BigInt(VA + 0x40));
  machine.cpu.setX(16, BigInt(VA + 0x40));
  return machine;
}

/** ESR, ELR - VA and SPSR.BTYPE after running into an exception. */
function outcome(machine: ReturnType<typeof world>): [number, number, number] {
  expect(machine.run(100).kind).toBe("exception");
  const { cpu } = machine;
  const spsr = Number(cpu.sysreg("SPSR_EL1"));
  return [Number(cpu.sysreg("ESR_EL1")), Number(cpu.sysreg("ELR_EL1")) - VA, (spsr >>> 10) & 3];
}

describe("a branch into a guarded page", () => {
  it.each([
    ["BR to NOP", BR_X0, NOP, [BTI_FAULT | 3, 0x40, 3]],
    ["BR X16 to NOP", BR_X16, NOP, [BTI_FAULT | 1, 0x40, 1]],
    ["BLR to NOP", BLR_X0, NOP, [BTI_FAULT | 2, 0x40, 2]],
    ["BR to BTI c", BR_X0, BTI_C, [BTI_FAULT | 3, 0x40, 3]],
    ["BLR to BTI j", BLR_X0, BTI_J, [BTI_FAULT | 2, 0x40, 2]],
    ["BR to BTI j", BR_X0, BTI_J, [SVC_TAKEN, 0x48, 0]],
    ["BR X16 to BTI c", BR_X16, BTI_C, [SVC_TAKEN, 0x48, 0]],
    ["BLR to BTI c", BLR_X0, BTI_C, [SVC_TAKEN, 0x48, 0]],
    ["BLR to PACIASP", BLR_X0, PACIASP, [SVC_TAKEN, 0x48, 0]],
    ["BR to PACIASP", BR_X0, PACIASP, [SVC_TAKEN, 0x48, 0]],
  ] as const)("%s", (_, branch, first, expected) => {
    expect(outcome(world([branch], [first, SVC]))).toEqual(expected);
  });

  it("lets SCTLR_EL1.BT0 take PACIASP from the jumps", () => {
    const machine = world([BR_X0], [PACIASP, SVC], GP, 1n | (1n << 35n));
    expect(outcome(machine)).toEqual([BTI_FAULT | 3, 0x40, 3]);
  });

  it("is stopped however it is reached: stepped, or with a limit at the branch", () => {
    for (const limits of [[1], [1, 1], [1, 50]]) {
      const machine = world([BR_X0], [NOP, SVC]);
      const kinds = limits.map((limit) => machine.run(limit).kind);
      if (limits.length === 1) {
        expect(kinds).toEqual(["budget"]);
        expect((machine.cpu.pstate >>> 10) & 3).toBe(3);
      } else {
        expect(kinds).toEqual(["budget", "exception"]);
        expect(Number(machine.cpu.sysreg("ESR_EL1"))).toBe(BTI_FAULT | 3);
      }
    }
  });

  it("is no matter where the page is not guarded", () => {
    expect(outcome(world([BR_X0], [NOP, SVC], 0n))).toEqual([SVC_TAKEN, 0x48, 0]);
  });

  it("leaves BTYPE to an exception of the instruction it reaches", () => {
    // ldr x1, [x31 + 0] from an address nobody mapped: the first instruction faults
    const LDR_X1_X2 = 0xf940_0041;
    const machine = world([BR_X0], [LDR_X1_X2, SVC], 0n);
    const [, elr, btype] = outcome(machine);
    expect([elr, btype]).toEqual([0x40, 1]);
  });

  it("by a direct branch needs no landing pad", () => {
    const B = 0x1400_0010;
    expect(outcome(world([B], [NOP, SVC]))).toEqual([SVC_TAKEN, 0x48, 0]);
  });

  it("stays checked when the same code has run before", () => {
    const machine = world([BR_X0], [BTI_J, SVC]);
    for (let i = 0; i < 3; i++) {
      machine.cpu.pstate = 0;
      machine.cpu.pc = BigInt(VA);
      expect(outcome(machine)).toEqual([SVC_TAKEN, 0x48, 0]);
    }
    machine.cpu.pstate = 0;
    machine.cpu.pc = BigInt(VA);
    machine.cpu.setX(0, BigInt(VA + 0x44));
    expect(outcome(machine)).toEqual([BTI_FAULT | 3, 0x44, 3]);
  });
});
