import { describe, expect, it } from "vitest";
import { cpuModel, type CpuModelName } from "../../../emulator/arch/cpu-model.js";
import { hex } from "../../../emulator/arch/hex.js";
import {
  isIdSpace,
  sysreg,
  SYSREGS,
  sysregKey,
  type Sysreg,
  type SysregName,
} from "../../../emulator/arch/sysreg.js";
import { systemTrapIss } from "../../../emulator/arch/esr.js";
import { esrOf, machineWith, moveSysreg, RAM } from "../../support/el1-world.js";

const UNDEFINED = 0x0200_0000;
const trap = (key: number, rt: number, isRead: boolean): number =>
  ((0x18 << 26) | (1 << 25) | systemTrapIss(key, rt, isRead)) >>> 0;

function read(name: SysregName, model: CpuModelName = "max"): string {
  const machine = machineWith([moveSysreg(sysreg(name).key, 3, true)], 1, { cpuModel: model });
  expect(machine.step(), name).toEqual({ kind: "budget" });
  return `0x${machine.cpu.x(3).toString(16).padStart(16, "0")}`;
}

describe("identification registers", () => {
  it.each([
    ["ID_AA64PFR0_EL1", "0x1201000010110011"],
    ["ID_AA64PFR1_EL1", "0x0000000000000021"],
    ["ID_AA64ISAR0_EL1", "0x1221111110212120"],
    ["ID_AA64ISAR1_EL1", "0x0011111101211012"],
    ["ID_AA64ISAR2_EL1", "0x0000000000000000"],
    ["MIDR_EL1", "0x00000000000f4d40"],
  ] as const)("of max: %s", (name, value) => {
    expect(read(name)).toBe(value);
  });

  it.each([
    ["ID_AA64PFR0_EL1", "0x0000000000000011"],
    ["ID_AA64PFR1_EL1", "0x0000000000000000"],
    ["ID_AA64ISAR0_EL1", "0x0000000000011120"],
    ["ID_AA64ISAR1_EL1", "0x0000000000000000"],
    ["ID_AA64MMFR2_EL1", "0x0000000000000000"],
    ["MIDR_EL1", "0x00000000411fd070"],
  ] as const)("of cortex-a57, as QEMU's: %s", (name, value) => {
    expect(read(name, "cortex-a57")).toBe(value);
  });

  it("without a row read as zero at EL1", () => {
    const key = sysregKey(3, 0, 0, 3, 5);
    const machine = machineWith([moveSysreg(key, 3, true)], 1);
    machine.cpu.setX(3, 7n);
    expect(machine.step()).toEqual({ kind: "budget" });
    expect(machine.cpu.x(3)).toBe(0n);
  });
});

/** What a read or write of a register at a level gives on `max` with every control bit clear. */
function expected(row: Sysreg, el: 0 | 1, isRead: boolean): number | null {
  const level = isRead ? row.read : row.write;
  const refused = el === 0 && isRead && isIdSpace(row.key) ? trap(row.key, 3, true) : UNDEFINED;
  if (level === "never" || !cpuModel("max").features.has(row.feature)) return refused;
  if (el === 1) return null;
  if (level === "el1") return refused;
  const trapsWhenClear = row.el0Control !== null && !/TSCXT|TDCC/.test(row.el0Control);
  return trapsWhenClear ? trap(row.key, 3, isRead) : null;
}

describe("access rules", () => {
  const rows = SYSREGS.map((row) => ({ name: row.name, row }));

  it.each(rows)("$name", ({ row }) => {
    for (const el of [0, 1] as const) {
      for (const isRead of [true, false]) {
        const got = esrOf(moveSysreg(row.key, 3, isRead), el, (m) => {
          m.cpu.setSysreg("SCTLR_EL1", 0n);
        });
        const want = expected(row, el, isRead);
        const where = `${row.name} ${isRead ? "read" : "write"} at EL${el}`;
        expect(got === null ? "fine" : hex(got), where).toBe(want === null ? "fine" : hex(want));
      }
    }
  });

  it("controls that trap while set", () => {
    const key = sysreg("SCXTNUM_EL0").key;
    const word = moveSysreg(key, 3, true);
    expect(esrOf(word, 0, (m) => m.cpu.setSysreg("SCTLR_EL1", 1n << 20n))).toBe(trap(key, 3, true));
    const channel = sysreg("MDCCSR_EL0").key;
    const got = esrOf(moveSysreg(channel, 9, true), 0, (m) => {
      m.cpu.setSysreg("MDSCR_EL1", 1n << 12n);
    });
    expect(got).toBe(trap(channel, 9, true));
  });

  it("a register of a feature the CPU lacks is UNDEFINED", () => {
    for (const name of [
      "APIAKeyLo_EL1",
      "RNDR",
      "DIT",
      "PAN",
      "SCXTNUM_EL0",
      "DISR_EL1",
    ] as const) {
      expect(esrOf(moveSysreg(sysreg(name).key, 3, true), 1, undefined, "cortex-a57")).toBe(
        UNDEFINED,
      );
    }
    // FEAT_IDST came later: identification registers are plainly UNDEFINED at EL0.
    expect(esrOf(moveSysreg(sysreg("MIDR_EL1").key, 3, true), 0, undefined, "cortex-a57")).toBe(
      UNDEFINED,
    );
  });

  it("PMU, LORegion and EL2 registers are UNDEFINED", () => {
    for (const key of [
      sysregKey(3, 3, 9, 12, 0), // PMCR_EL0
      sysregKey(3, 0, 10, 4, 7), // LORID_EL1
      sysregKey(3, 4, 1, 1, 0), // HCR_EL2
      sysregKey(3, 3, 13, 0, 5), // TPIDR2_EL0
    ]) {
      expect(esrOf(moveSysreg(key, 3, true), 1)).toBe(UNDEFINED);
    }
  });
});

describe("what writes change", () => {
  function written(name: SysregName, value: bigint, model: CpuModelName = "max"): bigint {
    const { key } = sysreg(name);
    const words = [moveSysreg(key, 1, false), moveSysreg(key, 2, true)];
    const machine = machineWith(words, 1, { cpuModel: model });
    machine.cpu.setX(1, value);
    expect(machine.run(2)).toEqual({ kind: "budget" });
    return machine.cpu.x(2);
  }

  it("reserved bits keep their value, by model", () => {
    const without = ~1n & 0xffff_ffff_ffff_ffffn; // M stays clear
    expect(written("SCTLR_EL1", without)).toBe(0x0200_1018_fcdd_ffden);
    expect(written("SCTLR_EL1", without, "cortex-a57")).toBe(0x34dd_db9en);
    expect(written("CPACR_EL1", -1n)).toBe(0x0030_0000n);
    expect(written("CNTV_CTL_EL0", 2n)).toBe(2n);
  });

  it.each<[CpuModelName, bigint, bigint]>([
    ["max", 0x019f_fff7_ffff_ffbfn, 0xffff_ffff_ffff_ffffn],
    ["cortex-a57", 0x0000_0077_ffff_ffbfn, 0xffff_ffff_ffff_fffen],
    ["apple-m1", 0x001f_fe67_ffff_ffbfn, 0x00ff_ffff_ffff_ffffn],
  ])("TCR_EL1 and TTBR0_EL1 of %s have the bits of its features", (model, tcr, ttbr) => {
    expect(written("TCR_EL1", ~0n, model)).toBe(tcr);
    expect(written("TTBR0_EL1", ~0n, model)).toBe(ttbr);
  });

  it.each<[CpuModelName, bigint[]]>([
    ["max", [0x1000_0000_0010_0026n, 0x0000_0000_0030_2002n, 0x1001_0011_1001_0011n]],
    ["cortex-a57", [0x0010_0024n, 0n, 0n]],
    ["apple-m1", [0x0f10_0001n, 0x0020_2000n, 0x0001_0011_1000_0011n]],
  ])("the memory model feature registers of %s say what is here", (cpuModel, expected) => {
    const machine = machineWith([], 1, { cpuModel });
    const names = ["ID_AA64MMFR0_EL1", "ID_AA64MMFR1_EL1", "ID_AA64MMFR2_EL1"] as const;
    expect(names.map((name) => machine.cpu.read(name).toString(16))).toEqual(
      expected.map((value) => value.toString(16)),
    );
  });

  it("a timer's status follows the counter", () => {
    const { key } = sysreg("CNTV_CTL_EL0");
    const machine = machineWith([moveSysreg(key, 1, false), moveSysreg(key, 2, true)], 1);
    machine.cpu.setX(1, 1n);
    machine.run(2);
    expect(machine.cpu.x(2)).toBe(5n); // CompareValue 0 is past
    machine.cpu.setSysreg("CNTV_CVAL_EL0", 1000n);
    machine.cpu.pc = BigInt(RAM + 4);
    machine.run(1);
    expect(machine.cpu.x(2)).toBe(1n);
  });

  it("OSLAR_EL1 locks and unlocks, claim tags are set and cleared", () => {
    const oslar = moveSysreg(sysreg("OSLAR_EL1").key, 1, false);
    const oslsr = moveSysreg(sysreg("OSLSR_EL1").key, 2, true);
    const machine = machineWith([oslsr, oslar, moveSysreg(sysreg("OSLSR_EL1").key, 3, true)], 1);
    machine.run(3);
    expect([machine.cpu.x(2), machine.cpu.x(3)]).toEqual([0xan, 0x8n]);
    const set = moveSysreg(sysreg("DBGCLAIMSET_EL1").key, 1, false);
    const clear = moveSysreg(sysreg("DBGCLAIMCLR_EL1").key, 2, false);
    const get = moveSysreg(sysreg("DBGCLAIMCLR_EL1").key, 3, true);
    const tags = machineWith([set, clear, get], 1);
    tags.cpu.setX(1, 0x1ffn);
    tags.cpu.setX(2, 0x0fn);
    tags.run(3);
    expect(tags.cpu.x(3)).toBe(0xf0n);
  });

  it("PSTATE fields by MSR (immediate), with their traps", () => {
    const pstate = (word: number): number => {
      const machine = machineWith([word], 1);
      expect(machine.step()).toEqual({ kind: "budget" });
      return machine.cpu.pstate;
    };
    expect(pstate(0xd500_419f)).toBe(0b0101 | (1 << 22)); // msr pan, #1
    expect(pstate(0xd500_417f)).toBe(0b0101 | (1 << 23)); // msr uao, #1
    expect(pstate(0xd503_415f)).toBe(0b0101 | (1 << 24)); // msr dit, #1
    expect(pstate(0xd503_413f)).toBe(0b0101 | (1 << 12)); // msr ssbs, #1
    expect(pstate(0xd503_4fdf)).toBe(0b0101 | 0x3c0); // msr daifset, #15
    expect(pstate(0xd500_40bf)).toBe(0b0100); // msr spsel, #0
    const daif = trap(sysregKey(0, 3, 4, 15, 6), 31, false);
    expect(esrOf(0xd503_4fdf, 0)).toBe(daif);
    expect(esrOf(0xd503_4fdf, 0, (m) => m.cpu.setSysreg("SCTLR_EL1", 1n << 9n))).toBeNull();
    expect(esrOf(0xd500_419f, 0)).toBe(UNDEFINED);
    expect(esrOf(0xd503_415f, 0)).toBeNull();
  });
});

describe("random numbers", () => {
  const RNDR = moveSysreg(sysreg("RNDR").key, 0, true);
  const RNDRRS = moveSysreg(sysreg("RNDRRS").key, 1, true);

  it("follow from the machine's seed and clear the flags", () => {
    const numbers = (seed: number): bigint[] => {
      const machine = machineWith([RNDR, RNDRRS], 0, { seed });
      machine.cpu.nzcv = 0xf000_0000;
      machine.run(2);
      expect(machine.cpu.nzcv).toBe(0);
      return [machine.cpu.x(0), machine.cpu.x(1)];
    };
    // SplitMix64 from 0: S. Vigna's reference implementation begins so.
    expect(numbers(0)).toEqual([0xe220a8397b1dcdafn, 0x6e789e6aa1b965f4n]);
    expect(numbers(0)).toEqual(numbers(0));
    expect(numbers(1)).not.toEqual(numbers(0));
  });
});
