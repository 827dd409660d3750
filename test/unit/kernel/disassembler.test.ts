import { describe, expect, it } from "vitest";
import { disassemble, prepareDisassembler } from "../../../kernel-sim/disassembler.js";

describe("the disassembler", () => {
  it("shows raw words until it is prepared, and instructions from then on", async () => {
    expect(disassemble(0xd65f_03c0, 0n)).toBe(".word 0xd65f03c0");
    await prepareDisassembler();
    expect(disassemble(0xd65f_03c0, 0n)).toBe("ret");
    expect(disassemble(0xb940_0108, 0x1_0000_0000n)).toBe("ldr w8, [x8]");
    expect(disassemble(0x9400_0002, 0x1_0000_4000n)).toBe("bl #0x100004008");
    expect(disassemble(0xffff_ffff, 0n)).toBe(".word 0xffffffff");
  });
});
