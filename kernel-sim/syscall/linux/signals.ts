import {
  EXC_ARITHMETIC,
  EXC_ARM_DA_ALIGN,
  EXC_ARM_FP_DZ,
  EXC_ARM_FP_IO,
  EXC_ARM_FP_IX,
  EXC_ARM_FP_OF,
  EXC_ARM_FP_UF,
  EXC_ARM_SP_ALIGN,
  EXC_BAD_ACCESS,
  EXC_BREAKPOINT,
  EXC_SYSCALL,
  type ExcInfo,
} from "../../exception.js";
import type { SignalDefault, SignalInfo } from "../../personality.js";
import { KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE } from "../../../vm/types.js";

/** Signal, name and default action by number (Linux: signal(7), the AArch64 numbers). */
const SIGNALS: Readonly<Record<number, readonly [name: string, action: SignalDefault]>> = {
  1: ["SIGHUP", "terminate"],
  2: ["SIGINT", "terminate"],
  3: ["SIGQUIT", "core"],
  4: ["SIGILL", "core"],
  5: ["SIGTRAP", "core"],
  6: ["SIGABRT", "core"],
  7: ["SIGBUS", "core"],
  8: ["SIGFPE", "core"],
  9: ["SIGKILL", "terminate"],
  10: ["SIGUSR1", "terminate"],
  11: ["SIGSEGV", "core"],
  12: ["SIGUSR2", "terminate"],
  13: ["SIGPIPE", "terminate"],
  14: ["SIGALRM", "terminate"],
  15: ["SIGTERM", "terminate"],
  16: ["SIGSTKFLT", "terminate"],
  17: ["SIGCHLD", "ignore"],
  18: ["SIGCONT", "continue"],
  19: ["SIGSTOP", "stop"],
  20: ["SIGTSTP", "stop"],
  21: ["SIGTTIN", "stop"],
  22: ["SIGTTOU", "stop"],
  23: ["SIGURG", "ignore"],
  24: ["SIGXCPU", "core"],
  25: ["SIGXFSZ", "core"],
  26: ["SIGVTALRM", "terminate"],
  27: ["SIGPROF", "terminate"],
  28: ["SIGWINCH", "ignore"],
  29: ["SIGIO", "terminate"],
  30: ["SIGPWR", "terminate"],
  31: ["SIGSYS", "core"],
};

export const SIGILL = 4;
export const SIGTRAP = 5;
export const SIGBUS = 7;
export const SIGFPE = 8;
export const SIGKILL = 9;
export const SIGSEGV = 11;
export const SIGPIPE = 13;
export const SIGALRM = 14;
export const SIGCHLD = 17;
export const SIGCONT = 18;
export const SIGSTOP = 19;
export const SIGSYS = 31;
/** Highest signal number, real-time ones included. */
export const NSIG = 64;

/** si_code values. */
export const SI_USER = 0;
const SEGV_MAPERR = 1;
const SEGV_ACCERR = 2;
const BUS_ADRALN = 1;
const BUS_ADRERR = 2;
const ILL_ILLOPC = 1;
const TRAP_BRKPT = 1;
const FPE_BY_CODE: Readonly<Record<number, number>> = {
  [EXC_ARM_FP_IO]: 7,
  [EXC_ARM_FP_DZ]: 3,
  [EXC_ARM_FP_OF]: 4,
  [EXC_ARM_FP_UF]: 5,
  [EXC_ARM_FP_IX]: 6,
};

export function linuxSignalName(signal: number): string {
  return SIGNALS[signal]?.[0] ?? `SIG${signal}`;
}

export function linuxSignalDefault(signal: number): SignalDefault {
  return SIGNALS[signal]?.[1] ?? "terminate";
}

/** The signal that stands for an exception, blocked or not (force_sig). Linux: arch/arm64/mm/fault.c fault_info, traps.c. */
export function linuxExceptionSignal(exc: ExcInfo): SignalInfo {
  const make = (number: number, code: number, address: bigint): SignalInfo => {
    return { number, name: linuxSignalName(number), code, address, forced: true };
  };
  switch (exc.type) {
    case EXC_BAD_ACCESS:
      return badAccess(exc, make);
    case EXC_ARITHMETIC:
      return make(SIGFPE, FPE_BY_CODE[exc.code] ?? 0, exc.pc);
    case EXC_BREAKPOINT:
      return make(SIGTRAP, TRAP_BRKPT, exc.pc);
    case EXC_SYSCALL:
      return make(SIGSYS, 1, exc.pc);
    default:
      return make(SIGILL, ILL_ILLOPC, exc.pc);
  }
}

/** SIGSEGV for what is not mapped so, SIGBUS for alignment and for pages a file cannot supply. */
function badAccess(
  exc: ExcInfo,
  make: (number: number, code: number, address: bigint) => SignalInfo,
): SignalInfo {
  const address = exc.subcode;
  if (exc.code === KERN_INVALID_ADDRESS) return make(SIGSEGV, SEGV_MAPERR, address);
  if (exc.code === KERN_PROTECTION_FAILURE) return make(SIGSEGV, SEGV_ACCERR, address);
  const alignment = exc.code === EXC_ARM_DA_ALIGN || exc.code === EXC_ARM_SP_ALIGN;
  return make(SIGBUS, alignment ? BUS_ADRALN : BUS_ADRERR, address);
}

/** Bit of a signal in a mask. */
export function signalBit(signal: number): bigint {
  return 1n << BigInt(signal - 1);
}

/** The two signals no mask and no handler holds off. */
export const UNBLOCKABLE = signalBit(SIGKILL) | signalBit(SIGSTOP);
