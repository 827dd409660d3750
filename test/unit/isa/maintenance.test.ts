import { describe, expect, it } from "vitest";
import { systemTrapIss } from "../../../emulator/arch/esr.js";
import { sysregKey } from "../../../emulator/arch/sysreg.js";
import { esrOf, RAM } from "../../support/el1-world.js";

const UNDEFINED = 0x0200_0000;
const UCI = 1n << 26n;
const DZE = 1n << 14n;
const ENRCTX = 1n << 10n;

type Operation = readonly [op1: number, crn: number, crm: number, op2: number];

/** SYS with X1. */
const sys = ([op1, crn, crm, op2]: Operation): number =>
  (0xd508_0000 | (op1 << 16) | (crn << 12) | (crm << 8) | (op2 << 5) | 1) >>> 0;
const trapOf = ([op1, crn, crm, op2]: Operation): number =>
  ((0x18 << 26) | (1 << 25) | systemTrapIss(sysregKey(1, op1, crn, crm, op2), 1, false)) >>> 0;

function esr(
  operation: Operation,
  el: 0 | 1,
  sctlr = 0n,
  model: "max" | "cortex-a57" = "max",
): number | null {
  const setUp = (m: Parameters<NonNullable<Parameters<typeof esrOf>[2]>>[0]): void => {
    m.cpu.setSysreg("SCTLR_EL1", sctlr);
    m.cpu.setX(1, BigInt(RAM + 0x1000));
  };
  return esrOf(sys(operation), el, setUp, model);
}

describe("cache maintenance and prediction restriction", () => {
  it.each<[string, Operation, bigint]>([
    ["DC ZVA", [3, 7, 4, 1], DZE],
    ["DC CVAC", [3, 7, 10, 1], UCI],
    ["DC CVAU", [3, 7, 11, 1], UCI],
    ["DC CVAP", [3, 7, 12, 1], UCI],
    ["DC CVADP", [3, 7, 13, 1], UCI],
    ["DC CIVAC", [3, 7, 14, 1], UCI],
    ["IC IVAU", [3, 7, 5, 1], UCI],
    ["CFP RCTX", [3, 7, 3, 4], ENRCTX],
    ["DVP RCTX", [3, 7, 3, 5], ENRCTX],
    ["CPP RCTX", [3, 7, 3, 7], ENRCTX],
  ])("%s at EL0 needs its SCTLR_EL1 bit", (_, operation, bit) => {
    expect(esr(operation, 0)).toBe(trapOf(operation));
    expect(esr(operation, 0, bit)).toBeNull();
    expect(esr(operation, 1)).toBeNull();
  });

  it.each<[string, Operation]>([
    ["DC IVAC", [0, 7, 6, 1]],
    ["DC ISW", [0, 7, 6, 2]],
    ["IC IALLU", [0, 7, 5, 0]],
    ["AT S1E1R", [0, 7, 8, 0]],
    ["TLBI VMALLE1", [0, 8, 7, 0]],
    ["TLBI RVAE1OS", [0, 8, 5, 1]],
  ])("%s is UNDEFINED at EL0", (_, operation) => {
    expect(esr(operation, 0)).toBe(UNDEFINED);
    expect(esr(operation, 1)).toBeNull();
  });

  it("what the CPU lacks or nobody allocated is UNDEFINED", () => {
    for (const operation of [
      [3, 7, 12, 1],
      [3, 7, 3, 4],
      [0, 8, 6, 1],
      [0, 8, 1, 0],
      [0, 7, 9, 0],
    ] as const) {
      expect(esr(operation, 1, 0n, "cortex-a57")).toBe(UNDEFINED);
    }
    expect(esr([4, 8, 7, 0], 1)).toBe(UNDEFINED); // TLBI ALLE2
    expect(esr([3, 7, 4, 3], 1)).toBe(UNDEFINED); // DC GVA: no MTE
  });
});

describe("hints", () => {
  const WFE = 0xd503_205f;
  const WFI = 0xd503_207f;

  it("WFE and WFI at EL0 trap unless SCTLR_EL1 allows them", () => {
    const clear = (m: { cpu: { setSysreg(name: "SCTLR_EL1", value: bigint): void } }): void => {
      m.cpu.setSysreg("SCTLR_EL1", 0n);
    };
    expect(esrOf(WFE, 0, clear)).toBe(0x07e0_0001);
    expect(esrOf(WFI, 0, clear)).toBe(0x07e0_0000);
    expect(esrOf(WFE, 1, clear)).toBeNull();
  });

  it("pointer authentication hints do nothing on a CPU without it", () => {
    expect(esrOf(0xd503_233f, 0, undefined, "cortex-a57")).toBeNull();
  });
});
