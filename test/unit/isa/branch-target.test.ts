import { describe, expect, it } from "vitest";
import { branchType, isLandingPad } from "../../../emulator/isa/branch-target.js";

const BR_X3 = 0xd61f_0060;
const BR_X16 = 0xd61f_0200;
const BLR_X3 = 0xd63f_0060;
const RET = 0xd65f_03c0;
const BRAA_X3_X4 = 0xd71f_0864;
const BRAAZ_X17 = 0xd61f_0a3f;
const BLRAB_X3_SP = 0xd73f_0c7f;
const RETAA = 0xd65f_0bff;
const ERET = 0xd69f_03e0;
const B = 0x1400_0000;

describe("branch target identification", () => {
  it("BTYPE by branch, register and page", () => {
    expect([BR_X3, BRAA_X3_X4].map((w) => [branchType(w, true), branchType(w, false)])).toEqual([
      [3, 1],
      [3, 1],
    ]);
    expect([BR_X16, BRAAZ_X17].map((w) => branchType(w, true))).toEqual([1, 1]);
    expect([BLR_X3, BLRAB_X3_SP].map((w) => branchType(w, true))).toEqual([2, 2]);
    expect([RET, RETAA, ERET, B].map((w) => branchType(w, true))).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ["bti", 0xd503_241f, [false, false, false]],
    ["bti c", 0xd503_245f, [true, true, false]],
    ["bti j", 0xd503_249f, [true, false, true]],
    ["bti jc", 0xd503_24df, [true, true, true]],
    ["paciasp", 0xd503_233f, [true, true, false]],
    ["pacibsp", 0xd503_237f, [true, true, false]],
    ["autiasp", 0xd503_23bf, [false, false, false]],
    ["brk", 0xd420_0020, [true, true, true]],
    ["hlt", 0xd440_0020, [true, true, true]],
    ["nop", 0xd503_201f, [false, false, false]],
    ["svc", 0xd400_0001, [false, false, false]],
  ] as const)("%s accepts", (_, word, accepts) => {
    expect([1, 2, 3].map((btype) => isLandingPad(word, btype, true))).toEqual(accepts);
  });

  it("PACIASP accepts jumps while SCTLR_EL1.BT is clear", () => {
    expect(isLandingPad(0xd503_233f, 3, false)).toBe(true);
  });
});
