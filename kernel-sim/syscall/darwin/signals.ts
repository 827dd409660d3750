import { KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE } from "../../../vm/types.js";
import {
  EXC_ARITHMETIC,
  EXC_ARM_FP_DZ,
  EXC_ARM_FP_ID,
  EXC_ARM_FP_IO,
  EXC_ARM_FP_OF,
  EXC_ARM_FP_UF,
  EXC_BAD_ACCESS,
  EXC_BAD_INSTRUCTION,
  EXC_BREAKPOINT,
  EXC_EMULATION,
  EXC_MACH_SYSCALL,
  EXC_SOFTWARE,
  EXC_SYSCALL,
  type ExcInfo,
} from "../../exception.js";
import type { SignalDefault, SignalInfo } from "../../personality.js";
import type { Task } from "../../task.js";
import { darwinState, runsOnAlternateStack } from "./state.js";

/** Signal, name and default action by number (XNU: sys/signal.h, sys/signalvar.h sigprop). */
const SIGNALS: Readonly<Record<number, readonly [name: string, action: SignalDefault]>> = {
  1: ["SIGHUP", "terminate"],
  2: ["SIGINT", "terminate"],
  3: ["SIGQUIT", "core"],
  4: ["SIGILL", "core"],
  5: ["SIGTRAP", "core"],
  6: ["SIGABRT", "core"],
  7: ["SIGEMT", "core"],
  8: ["SIGFPE", "core"],
  9: ["SIGKILL", "terminate"],
  10: ["SIGBUS", "core"],
  11: ["SIGSEGV", "core"],
  12: ["SIGSYS", "core"],
  13: ["SIGPIPE", "terminate"],
  14: ["SIGALRM", "terminate"],
  15: ["SIGTERM", "terminate"],
  16: ["SIGURG", "ignore"],
  17: ["SIGSTOP", "stop"],
  18: ["SIGTSTP", "stop"],
  19: ["SIGCONT", "continue"],
  20: ["SIGCHLD", "ignore"],
  21: ["SIGTTIN", "stop"],
  22: ["SIGTTOU", "stop"],
  23: ["SIGIO", "ignore"],
  24: ["SIGXCPU", "terminate"],
  25: ["SIGXFSZ", "terminate"],
  26: ["SIGVTALRM", "terminate"],
  27: ["SIGPROF", "terminate"],
  28: ["SIGWINCH", "ignore"],
  29: ["SIGINFO", "ignore"],
  30: ["SIGUSR1", "terminate"],
  31: ["SIGUSR2", "terminate"],
};

export const SIGILL = 4;
export const SIGTRAP = 5;
export const SIGABRT = 6;
export const SIGEMT = 7;
export const SIGFPE = 8;
export const SIGKILL = 9;
export const SIGBUS = 10;
export const SIGSEGV = 11;
export const SIGSYS = 12;
export const SIGPIPE = 13;
export const SIGSTOP = 17;
export const SIGCONT = 19;
export const SIGCHLD = 20;
/** One more than the highest signal number. */
export const NSIG = 32;

/** si_code values. SEGV and BUS have one each, whatever happened (XNU: arm unix_signal.c sendsig). */
export const SEGV_ACCERR = 2;
export const BUS_ADRALN = 1;
export const ILL_ILLTRP = 2;
const FPE_BY_CODE: Readonly<Record<number, number>> = {
  [EXC_ARM_FP_DZ]: 1,
  [EXC_ARM_FP_OF]: 2,
  [EXC_ARM_FP_UF]: 3,
  [EXC_ARM_FP_IO]: 5,
  [EXC_ARM_FP_ID]: 5,
};

/** Codes of EXC_SOFTWARE that BSD raises (mach/exception_types.h EXC_SOFT_*). */
const SOFTWARE_SIGNALS: Readonly<Record<number, number>> = {
  0x10000: SIGSYS,
  0x10001: SIGPIPE,
  0x10002: SIGABRT,
  0x10003: SIGKILL,
};

/** How far a main stack may ever reach down. XNU: MAXSSIZ on macOS. */
export const MAXSSIZ = 64 * 2 ** 20;

export function darwinSignalName(signal: number): string {
  return SIGNALS[signal]?.[0] ?? `SIG${signal}`;
}

export function darwinSignalDefault(signal: number): SignalDefault {
  return SIGNALS[signal]?.[1] ?? "terminate";
}

/** Bit of a signal in a mask. */
export function signalBit(signal: number): bigint {
  return 1n << BigInt(signal - 1);
}

/** The two signals no mask and no handler holds off. XNU: sigcantmask. */
export const UNBLOCKABLE = signalBit(SIGKILL) | signalBit(SIGSTOP);

/** The number an exception turns into, before the stack rule. XNU: ux_exception.c ux_exception. */
export function exceptionSignalNumber(exc: ExcInfo): number {
  switch (exc.type) {
    case EXC_BAD_ACCESS:
      return exc.code === KERN_INVALID_ADDRESS ? SIGSEGV : SIGBUS;
    case EXC_BAD_INSTRUCTION:
      return SIGILL;
    case EXC_ARITHMETIC:
      return SIGFPE;
    case EXC_EMULATION:
      return SIGEMT;
    case EXC_SOFTWARE:
      return SOFTWARE_SIGNALS[exc.code] ?? SIGABRT;
    case EXC_BREAKPOINT:
      return SIGTRAP;
    case EXC_SYSCALL:
    case EXC_MACH_SYSCALL:
      return SIGSYS;
    default:
      return SIGABRT;
  }
}

/**
 * The signal an exception nobody handled becomes. XNU: ux_exception.c handle_ux_exception.
 *
 * A protection failure inside the region of the main stack is a stack that ran into its guard: a
 * SIGSEGV that kills unless its handler can run on another stack, whose action is therefore reset.
 */
export function darwinExceptionSignal(exc: ExcInfo, task: Task): SignalInfo {
  const number = exceptionSignalNumber(exc);
  const overflow = exc.type === EXC_BAD_ACCESS && exc.code === KERN_PROTECTION_FAILURE;
  if (!overflow || !inStack(exc, task)) return signalFor(number, exc);
  if (!runsOnAlternateStack(darwinState(task), task.signalActions.get(SIGSEGV))) {
    task.signalActions.delete(SIGSEGV);
  }
  return { ...signalFor(SIGSEGV, exc), forced: true };
}

function signalFor(number: number, exc: ExcInfo): SignalInfo {
  return { number, name: darwinSignalName(number), ...faultDetails(number, exc) };
}

function inStack(exc: ExcInfo, task: Task): boolean {
  const at = Number(exc.subcode);
  return at >= task.userStack - MAXSSIZ && at < task.userStack;
}

/** si_code and si_addr: FAR for bad accesses, else where the thread was. */
function faultDetails(number: number, exc: ExcInfo): Pick<SignalInfo, "code" | "address"> {
  switch (number) {
    case SIGSEGV:
      return { code: SEGV_ACCERR, address: exc.far };
    case SIGBUS:
      return { code: BUS_ADRALN, address: exc.far };
    case SIGILL:
      return { code: ILL_ILLTRP, address: exc.pc };
    case SIGFPE:
      return { code: FPE_BY_CODE[exc.code] ?? 0, address: exc.pc };
    default:
      return { code: 0, address: exc.pc };
  }
}
