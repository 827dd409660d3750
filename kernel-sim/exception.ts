import { kernReturnName, type KernReturn } from "../vm/types.js";

/** Mach exception types (mach/exception_types.h). */
export const EXC_BAD_ACCESS = 1;
export const EXC_BAD_INSTRUCTION = 2;
export const EXC_ARITHMETIC = 3;
export const EXC_EMULATION = 4;
export const EXC_SOFTWARE = 5;
export const EXC_BREAKPOINT = 6;
export const EXC_SYSCALL = 7;
export const EXC_MACH_SYSCALL = 8;
export const EXC_RPC_ALERT = 9;
export const EXC_CRASH = 10;
export const EXC_RESOURCE = 11;
export const EXC_GUARD = 12;
export type ExcType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;

/** Codes that go with them on arm64 (mach/arm/exception.h). */
export const EXC_ARM_UNDEFINED = 1;
export const EXC_ARM_BREAKPOINT = 1;
export const EXC_ARM_FP_UNDEFINED = 0;
export const EXC_ARM_FP_IO = 1;
export const EXC_ARM_FP_DZ = 2;
export const EXC_ARM_FP_OF = 3;
export const EXC_ARM_FP_UF = 4;
export const EXC_ARM_FP_IX = 5;
export const EXC_ARM_FP_ID = 6;
export const EXC_ARM_DA_ALIGN = 0x101;
export const EXC_ARM_DA_DEBUG = 0x102;
export const EXC_ARM_SP_ALIGN = 0x103;
export const EXC_ARM_PAC_FAIL = 0x105;

const EXC_NAMES: Readonly<Record<ExcType, string>> = {
  [EXC_BAD_ACCESS]: "EXC_BAD_ACCESS",
  [EXC_BAD_INSTRUCTION]: "EXC_BAD_INSTRUCTION",
  [EXC_ARITHMETIC]: "EXC_ARITHMETIC",
  [EXC_EMULATION]: "EXC_EMULATION",
  [EXC_SOFTWARE]: "EXC_SOFTWARE",
  [EXC_BREAKPOINT]: "EXC_BREAKPOINT",
  [EXC_SYSCALL]: "EXC_SYSCALL",
  [EXC_MACH_SYSCALL]: "EXC_MACH_SYSCALL",
  [EXC_RPC_ALERT]: "EXC_RPC_ALERT",
  [EXC_CRASH]: "EXC_CRASH",
  [EXC_RESOURCE]: "EXC_RESOURCE",
  [EXC_GUARD]: "EXC_GUARD",
};

/** The C name of an exception type. */
export function excName(type: ExcType): string {
  return EXC_NAMES[type];
}

/** An exception of a thread, as its exception ports would be told. */
export interface ExcInfo {
  readonly type: ExcType;
  /** code[0]: a KernReturn for bad accesses, an EXC_ARM_* code, a trap number. */
  readonly code: number;
  /** code[1]: raw 64 bits: address with its tag, pc, instruction word. */
  readonly subcode: bigint;
  /** ESR_EL1, unsigned 32 bits; 0 when no CPU exception caused it. */
  readonly esr: number;
  /** FAR_EL1 as XNU keeps it: 0 unless the class defines it. Raw 64 bits. */
  readonly far: bigint;
  /** Where the thread was: raw 64 bits. */
  readonly pc: bigint;
}

const ARM_ACCESS_CODES: ReadonlyMap<number, string> = new Map([
  [EXC_ARM_DA_ALIGN, "EXC_ARM_DA_ALIGN"],
  [EXC_ARM_DA_DEBUG, "EXC_ARM_DA_DEBUG"],
  [EXC_ARM_SP_ALIGN, "EXC_ARM_SP_ALIGN"],
  [EXC_ARM_PAC_FAIL, "EXC_ARM_PAC_FAIL"],
]);

/** The C name of code[0] of an exception, or its number. */
export function excCodeName(type: ExcType, code: number): string {
  switch (type) {
    case EXC_BAD_ACCESS:
      return ARM_ACCESS_CODES.get(code) ?? kernReturnName(code as KernReturn);
    case EXC_BAD_INSTRUCTION:
      return code === EXC_ARM_UNDEFINED ? "EXC_ARM_UNDEFINED" : String(code);
    case EXC_BREAKPOINT:
      if (code === EXC_ARM_BREAKPOINT) return "EXC_ARM_BREAKPOINT";
      return ARM_ACCESS_CODES.get(code) ?? String(code);
    default:
      return String(code);
  }
}
