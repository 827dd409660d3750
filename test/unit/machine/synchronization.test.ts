import { describe, expect, it } from "vitest";
import {
  AREA,
  at,
  CODE,
  DATA,
  El1Program,
  El1World,
  page,
  slot,
  tlbiVa,
} from "../../support/el1-program.js";

/** Executable at EL1. */
const CODE_PAGE = DATA & ~(3n << 53n);
const MOV_X0_2 = 0xd280_0040;
const RET = 0xd65f_03c0;
const movX1 = (value: number): number => 0xd280_0001 | (value << 5);
const CMP_X9_0 = 0xf100_013f;
const DC_CVAU_X10 = 0xd50b_7b2a;
const IC_IVAU_X10 = 0xd50b_752a;

describe("ISB", () => {
  it("goes on with the code that memory has now, in the very block that wrote it", () => {
    const world = new El1World();
    const program = new El1Program()
      .mov("x9", MOV_X0_2)
      .mov("x10", { label: "changed" })
      .word(0xb900_0149) // str w9, [x10]
      .word(DC_CVAU_X10)
      .dsb("ish")
      .word(IC_IVAU_X10)
      .dsb("ish")
      .word(CMP_X9_0)
      .isb()
      .label("changed")
      .mov("x0", 1)
      .cset("x1", "ne");
    expect(world.run(program).kind).toBe("reached");
    expect(world.machine.cpu.x(0)).toBe(2n);
    expect(world.machine.cpu.x(1)).toBe(1n);
    expect(at(program, "changed") % 4).toBe(0);
  });

  it("goes on with the page that the address translates to now", () => {
    const world = new El1World();
    world.map(8, 8, CODE_PAGE);
    // The same code in two frames, but for what it leaves in X1.
    for (const frame of [8, 9]) {
      const code = new El1Program()
        .str("x12", "x11")
        .dsb("ishst")
        .tlbi("vae1", "x13")
        .dsb("ish")
        .isb()
        .word(movX1(frame), RET);
      const { machine } = world;
      machine.writePhysical(Number(page(frame, 0n) & ~3n), code.assemble());
    }
    const program = new El1Program()
      .mov("x11", slot(8))
      .mov("x12", page(9, CODE_PAGE))
      .mov("x13", tlbiVa(AREA + 0x8000, 1))
      .mov("x9", AREA + 0x8000)
      .blr("x9");
    expect(world.run(program).kind).toBe("reached");
    expect(world.machine.cpu.x(1)).toBe(9n);
  });

  it("costs no way back to the dispatcher where nothing has changed", () => {
    const world = new El1World();
    world.map(3);
    const program = new El1Program()
      .mov("x1", 1000)
      .mov("x2", AREA + 0x3000)
      .mov("x3", tlbiVa(AREA + 0x3000, 1))
      .label("loop")
      .tlbi("vae1", "x3")
      .dsb("ish")
      .isb()
      .ldr("x4", "x2")
      .word(0xd503_42df, 0xd503_42ff) // msr daifset, #2; msr daifclr, #2
      .sub("x1", "x1", 1)
      .cbnz("x1", "loop")
      .label("end")
      .b("end");
    const { machine } = world;
    machine.writePhysical(CODE, program.assemble());
    machine.cpu.pc = BigInt(CODE);
    machine.run(10_000);
    expect(machine.cpu.x(1)).toBe(0n);
    expect(Number(machine.cpu.pc)).toBe(at(program, "end"));
    const { mmu, translationCounters } = machine;
    expect(mmu.counters.walks).toBeGreaterThanOrEqual(1000);
    expect(translationCounters.lookups).toBeLessThan(20);
  });
});
