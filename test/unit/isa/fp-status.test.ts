import { describe, expect, it } from "vitest";
import { FPSR } from "../../../emulator/cpu/fp/format.js";
import { Machine } from "../../../emulator/machine.js";
import type { MachineOptions } from "../../../emulator/machine-options.js";

/** FPSR and FPCR through the whole machine: when flags are kept, and what they say. */

const START = 0x4000_0000;
const MRS_FPSR = 0xd53b_4420; // mrs x0, fpsr; the register number in bits 4:0
const CLEAR_FPSR = 0xd51b_443f; // msr fpsr, xzr
const FPCR_FROM_X9 = 0xd51b_4409; // msr fpcr, x9
const SVC = 0xd400_0001;
const THIRD = 0x1e62_1820; // fdiv d0, d1, d2

const FZ = 1n << 24n;
const DN = 1n << 25n;
const TOWARDS_PLUS = 1n << 22n;

/** d1 = 1, d2 = 3, d3 = 1e300, d4 = 1e-300, d5 = 0, d6 = infinity, d7 = the smallest subnormal, d8 = all ones. */
const DOUBLES = [0, 1, 3, 1e300, 1e-300, 0, Infinity, 5e-324];

function started(words: readonly number[], options: MachineOptions = {}, fpcr = 0n): Machine {
  const machine = new Machine({ ramBytes: 8 * 2 ** 20, exceptions: "host", ...options });
  machine.cpu.setSysreg("CPACR_EL1", 3n << 20n);
  const code = new Uint8Array(Uint32Array.from([FPCR_FROM_X9, ...words, SVC]).buffer);
  machine.memory.view(START, code.length).set(code);
  DOUBLES.forEach((value, n) => {
    machine.cpu.v(n).set(new Uint8Array(new Float64Array([value, 0]).buffer));
  });
  machine.cpu.v(8).fill(0xff);
  machine.cpu.setX(9, fpcr);
  machine.cpu.pc = BigInt(START);
  expect(machine.run(words.length + 2)).toEqual({ kind: "exception", vector: "sync" });
  return machine;
}

describe("FPSR", () => {
  const twice = [THIRD, MRS_FPSR, THIRD, MRS_FPSR + 1];

  it("keeps flags from the guest's first access on", () => {
    const { cpu } = started(twice);
    expect([cpu.x(0), cpu.x(1)]).toEqual([0n, BigInt(FPSR.IXC)]);
  });

  it("keeps them from the start if the machine is made so", () => {
    const { cpu } = started(twice, { fpsr: "exact" });
    expect([cpu.x(0), cpu.x(1)]).toEqual([BigInt(FPSR.IXC), BigInt(FPSR.IXC)]);
  });

  it.each([
    ["1 / 3 is inexact", THIRD, 0n, FPSR.IXC],
    ["1 + 0 raises nothing", 0x1e65_2820, 0n, 0], // fadd d0, d1, d5
    ["1e300 squared overflows", 0x1e63_0860, 0n, FPSR.OFC | FPSR.IXC], // fmul d0, d3, d3
    ["1e-300 squared underflows", 0x1e64_0880, 0n, FPSR.UFC | FPSR.IXC], // fmul d0, d4, d4
    ["1e-300 squared, flushed", 0x1e64_0880, FZ, FPSR.UFC],
    ["1 / 0", 0x1e65_1820, 0n, FPSR.DZC], // fdiv d0, d1, d5
    ["infinity - infinity", 0x1e66_38c0, 0n, FPSR.IOC], // fsub d0, d6, d6
    ["a subnormal operand", 0x1e61_28e0, 0n, FPSR.IXC], // fadd d0, d7, d1
    ["a subnormal operand, flushed", 0x1e61_28e0, FZ, FPSR.IDC],
    ["a quiet NaN", 0x1e61_2900, 0n, 0], // fadd d0, d8, d1
    ["FCMP with a quiet NaN", 0x1e68_2020, 0n, 0], // fcmp d1, d8
    ["FCMPE with a quiet NaN", 0x1e68_2030, 0n, FPSR.IOC], // fcmpe d1, d8
    ["FCVTZS of 1e300", 0x9e78_0063, 0n, FPSR.IOC], // fcvtzs x3, d3
    ["SQADD of bytes -1 and -1", 0x5e28_0d00, 0n, 0], // sqadd b0, b8, b8
    ["SQSHL of byte -1 by 7", 0x5f0f_7500, 0n, 0], // sqshl b0, b8, #7
    ["SQSHLU of byte -1 by 7", 0x7f0f_6500, 0n, FPSR.QC], // sqshlu b0, b8, #7
  ])("%s", (_, word, fpcr, flags) => {
    const { cpu } = started([CLEAR_FPSR, word, MRS_FPSR], {}, fpcr);
    expect(cpu.x(0)).toBe(BigInt(flags));
  });

  it("accumulates until it is cleared", () => {
    const words = [CLEAR_FPSR, THIRD, 0x1e65_1820, MRS_FPSR, CLEAR_FPSR, MRS_FPSR + 1];
    const { cpu } = started(words);
    expect([cpu.x(0), cpu.x(1)]).toEqual([BigInt(FPSR.IXC | FPSR.DZC), 0n]);
  });
});

describe("FPCR", () => {
  const d0 = (machine: Machine): bigint =>
    new DataView(machine.cpu.v(0).buffer, machine.cpu.v(0).byteOffset).getBigUint64(0, true);

  it("rounds 1 / 3 as its mode says, from the instruction after the one that sets it", () => {
    expect(d0(started([THIRD]))).toBe(0x3fd5_5555_5555_5555n);
    expect(d0(started([THIRD], {}, TOWARDS_PLUS))).toBe(0x3fd5_5555_5555_5556n);
    expect(d0(started([FPCR_FROM_X9 | 31, THIRD], {}, TOWARDS_PLUS))).toBe(0x3fd5_5555_5555_5555n);
  });

  it("keeps a NaN's payload, or with DN makes the default NaN", () => {
    const add = 0x1e61_2900; // fadd d0, d8, d1
    expect(d0(started([add]))).toBe(0xffff_ffff_ffff_ffffn);
    expect(d0(started([add], {}, DN))).toBe(0x7ff8_0000_0000_0000n);
  });
});
