import { describe, expect, it } from "vitest";
import {
  EXC_ARITHMETIC,
  EXC_ARM_DA_ALIGN,
  EXC_ARM_FP_DZ,
  EXC_ARM_SP_ALIGN,
  EXC_BAD_ACCESS,
  EXC_BAD_INSTRUCTION,
  EXC_BREAKPOINT,
  type ExcInfo,
  type ExcType,
} from "../../../kernel-sim/exception.js";
import {
  decodeFrame,
  encodeFrame,
  FRAME_SIZE,
} from "../../../kernel-sim/syscall/linux/signal-frame.js";
import { linuxExceptionSignal } from "../../../kernel-sim/syscall/linux/signals.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_MEMORY_ERROR,
  KERN_PROTECTION_FAILURE,
} from "../../../vm/types.js";

function exc(type: ExcType, code: number): ExcInfo {
  return { type, code, subcode: 0x1234n, esr: 0, far: 0x1234n, pc: 0x40_0000n };
}

describe("exceptions become the signals Linux sends", () => {
  it.each([
    [EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "SIGSEGV", 11, 1, 0x1234n],
    [EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE, "SIGSEGV", 11, 2, 0x1234n],
    [EXC_BAD_ACCESS, KERN_MEMORY_ERROR, "SIGBUS", 7, 2, 0x1234n],
    [EXC_BAD_ACCESS, EXC_ARM_DA_ALIGN, "SIGBUS", 7, 1, 0x1234n],
    [EXC_BAD_ACCESS, EXC_ARM_SP_ALIGN, "SIGBUS", 7, 1, 0x1234n],
    [EXC_BAD_INSTRUCTION, 1, "SIGILL", 4, 1, 0x40_0000n],
    [EXC_BREAKPOINT, 1, "SIGTRAP", 5, 1, 0x40_0000n],
    [EXC_ARITHMETIC, EXC_ARM_FP_DZ, "SIGFPE", 8, 3, 0x40_0000n],
  ] as const)("type %i code %i: %s", (type, code, name, number, siCode, address) => {
    const signal = linuxExceptionSignal(exc(type, code));
    expect(signal).toEqual({ name, number, code: siCode, address, forced: true });
  });
});

describe("a signal frame", () => {
  it("has the layout of struct rt_sigframe and comes back as it went", () => {
    const registers = {
      x: Array.from({ length: 31 }, (_, i) => BigInt(i) + (1n << 60n)),
      sp: 0x1_6000_0000n,
      pc: 0x40_1000n,
      pstate: 0x6000_0000n,
      v: Uint8Array.from({ length: 512 }, (_, i) => i),
      fpsr: 0x11,
      fpcr: 0x0300_0000,
    };
    const stack = { base: 0x5000n, size: 0x8000n, flags: 1 };
    const signal = { number: 11, name: "SIGSEGV", code: 2, address: 0xdead_0000n };
    const bytes = encodeFrame(signal, registers, 0x8001n, stack);
    expect(bytes.length).toBe(FRAME_SIZE);
    expect(FRAME_SIZE).toBe(4688);
    const view = new DataView(bytes.buffer);
    expect(view.getInt32(0, true)).toBe(11); // si_signo
    expect(view.getBigUint64(16, true)).toBe(0xdead_0000n); // si_addr
    expect(view.getBigUint64(128 + 40, true)).toBe(0x8001n); // uc_sigmask
    expect(view.getBigUint64(128 + 176 + 8, true)).toBe(1n << 60n); // regs[0]
    expect(view.getBigUint64(128 + 176 + 264, true)).toBe(0x40_1000n); // pc
    expect(view.getUint32(128 + 176 + 288, true)).toBe(0x4650_8001); // FPSIMD_MAGIC
    expect(decodeFrame(bytes)).toEqual({ registers, mask: 0x8001n, stack });
    view.setUint32(128 + 176 + 288, 0, true);
    expect(decodeFrame(bytes)).toBeNull();
  });
});
