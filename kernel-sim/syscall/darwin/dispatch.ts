import type { Blocking } from "../../../vm/blocking.js";
import { KERN_SUCCESS } from "../../../vm/types.js";
import { EXC_SYSCALL } from "../../exception.js";
import { exceptionTriage } from "../../exception-triage.js";
import type { Kernel } from "../../kernel.js";
import { postSignal } from "../../signal.js";
import type { Thread } from "../../thread.js";
import { darwinErrno, type ErrnoName } from "../errno.js";
import { recordCall, svcAddress, type CallSite } from "../record.js";
import { SA_RESTART } from "./abi.js";
import {
  DarwinCall,
  NO_RESULT,
  type BsdResult,
  type BsdReturn,
  type BsdRow,
  type MachResult,
} from "./call.js";
import { machReturnName } from "./mach-codes.js";
import { NSIG, signalBit, SIGSYS } from "./signals.js";
import { BSD_CALLS, MACH_TRAPS, PLATFORM_CALLS } from "./table.js";

/** w16 of a platform call: the most negative number, so no Mach trap. */
const PLATFORM_NUMBER = -0x8000_0000;
const PSTATE_C = 1n << 29n;
const SVC_BYTES = 4n;
/** Argument registers: x0..x7, and x1..x8 of an indirect call. */
const ARGUMENT_COUNT = 8;

/**
 * Serve the SVC the current thread took: w16 is the number of a BSD call (positive or zero), of a
 * Mach trap (negative), or of the platform calls. XNU: sleh.c handle_svc.
 */
export function* darwinSyscall(kernel: Kernel, thread: Thread): Blocking<void> {
  const number = kernel.cpu.xLo(16);
  if (number === PLATFORM_NUMBER) platformCall(kernel, thread);
  else if (number < 0) yield* machTrap(kernel, thread, -number);
  else yield* bsdCall(kernel, thread, number);
}

function argumentsFrom(kernel: Kernel, first: number): bigint[] {
  return Array.from({ length: ARGUMENT_COUNT }, (_, i) => kernel.cpu.x(first + i));
}

/** XNU: bsd/dev/arm/systemcalls.c unix_syscall. */
function* bsdCall(kernel: Kernel, thread: Thread, w16: number): Blocking<void> {
  const { cpu } = kernel;
  const indirect = cpu.x(16) === 0n;
  const code = (indirect ? cpu.xLo(0) : w16) & 0xffff;
  const args = argumentsFrom(kernel, indirect ? 1 : 0);
  const pc = svcAddress(kernel);
  const row = BSD_CALLS.get(code);
  const site: CallSite = {
    family: "bsd",
    code,
    name: row?.name ?? `nosys ${code}`,
    specs: row?.args ?? [],
    args,
  };

  cpu.setSysreg("SPSR_EL1", cpu.sysreg("SPSR_EL1") & ~PSTATE_C);
  if (row === undefined) {
    postSignal(kernel, thread, SIGSYS);
    bsdError(kernel, "ENOSYS");
    recordCall(kernel, thread, site, pc, errorResult("ENOSYS"));
    return;
  }
  const announce = (): void => {
    recordCall(kernel, thread, site, pc, { kind: "none" });
  };
  const outcome = row.handler(new DarwinCall(kernel, thread, args, announce));
  const result = isBlocking(outcome) ? yield* outcome : outcome;
  if (result === NO_RESULT) {
    // A call that ends the thread has announced itself before it did.
    if (thread.state !== "dead") announce();
    return;
  }
  if (typeof result === "string") {
    if (result === "EINTR" && restarts(row, thread)) {
      cpu.setSysreg("ELR_EL1", cpu.sysreg("ELR_EL1") - SVC_BYTES);
      recordCall(kernel, thread, site, pc, { kind: "error", value: -1, name: "ERESTART" });
      return;
    }
    bsdError(kernel, result);
    recordCall(kernel, thread, site, pc, errorResult(result));
    return;
  }
  bsdReturn(kernel, row.returns, result);
  const value = typeof result === "object" ? BigInt(result[0]) : BigInt(result);
  recordCall(kernel, thread, site, pc, { kind: "value", value, text: null });
}

function isBlocking<T>(outcome: T | Blocking<T>): outcome is Blocking<T> {
  return typeof outcome === "object" && outcome !== null && "next" in outcome;
}

function errorResult(errno: ErrnoName): {
  readonly kind: "error";
  readonly value: number;
  readonly name: string;
} {
  return { kind: "error", value: darwinErrno(errno), name: errno };
}

/** Carry set, x0 the positive number, x1 zero. XNU: arm_prepare_u64_syscall_return. */
function bsdError(kernel: Kernel, errno: ErrnoName): void {
  const { cpu } = kernel;
  cpu.setX(0, BigInt(darwinErrno(errno)));
  cpu.setX(1, 0n);
  cpu.setSysreg("SPSR_EL1", cpu.sysreg("SPSR_EL1") | PSTATE_C);
}

/** Fill x0 and x1 as the C type of the call says. */
function bsdReturn(
  kernel: Kernel,
  type: BsdReturn,
  result: Exclude<BsdResult, string | symbol>,
): void {
  if (type === "void") return;
  const pair = typeof result === "object" ? result : [result, 0];
  const [first, second] = [BigInt(pair[0] ?? 0), BigInt(pair[1] ?? 0)];
  const widen = WIDEN[type];
  kernel.cpu.setX(0, widen(first));
  kernel.cpu.setX(1, widen(second));
}

const WIDEN: Readonly<Record<Exclude<BsdReturn, "void">, (value: bigint) => bigint>> = {
  int: (value) => BigInt.asIntN(32, value),
  uint: (value) => BigInt.asUintN(32, value),
  u64: (value) => value,
};

/**
 * Whether an interrupted call starts again (ERESTART) rather than failing with EINTR: unless the
 * signal that comes next has a handler installed without SA_RESTART. XNU: kern_synch.c _sleep.
 */
function restarts(row: BsdRow, thread: Thread): boolean {
  if (row.interrupted === "fail") return false;
  const open = thread.pendingSignals & ~thread.signalMask;
  for (let signal = 1; signal < NSIG; signal++) {
    if ((open & signalBit(signal)) === 0n) continue;
    const action = thread.task.signalActions.get(signal);
    if (action === undefined || action.handler === 1n) continue;
    return (action.flags & SA_RESTART) !== 0;
  }
  return true;
}

/** The result goes to x0, sign-extended from 32 bits; x1 and the carry stay. XNU: mach_syscall. */
function* machTrap(kernel: Kernel, thread: Thread, code: number): Blocking<void> {
  const pc = svcAddress(kernel);
  const row = MACH_TRAPS.get(code);
  const args = argumentsFrom(kernel, 0);
  const site: CallSite = {
    family: "mach",
    code,
    name: row?.name ?? `invalid trap ${code}`,
    specs: row?.args ?? [],
    args,
  };
  if (row === undefined) {
    const exc = {
      type: EXC_SYSCALL,
      code,
      subcode: 0n,
      esr: 0,
      far: 0n,
      pc: kernel.cpu.sysreg("ELR_EL1"),
    } as const;
    recordCall(kernel, thread, site, pc, { kind: "none" });
    exceptionTriage(kernel, thread, exc);
    return;
  }
  const announce = (): void => {
    recordCall(kernel, thread, site, pc, { kind: "none" });
  };
  const outcome = row.handler(new DarwinCall(kernel, thread, args, announce));
  const result: MachResult = isBlocking(outcome) ? yield* outcome : outcome;
  if (result === NO_RESULT) return;
  const x0 = typeof result === "bigint" ? result : BigInt.asIntN(32, BigInt(result));
  kernel.cpu.setX(0, x0);
  const failed = row.returns === "kern_return" && result !== KERN_SUCCESS;
  recordCall(
    kernel,
    thread,
    site,
    pc,
    failed
      ? { kind: "error", value: Number(result), name: machReturnName(Number(result)) }
      : { kind: "value", value: BigInt.asUintN(64, x0), text: null },
  );
}

/** Selector in w3; unknown ones do nothing. XNU: sleh.c handle_svc, platform_syscall. */
function platformCall(kernel: Kernel, thread: Thread): void {
  const selector = kernel.cpu.xLo(3);
  const row = PLATFORM_CALLS.get(selector);
  const args = argumentsFrom(kernel, 0);
  const pc = svcAddress(kernel);
  const result = row?.handler(new DarwinCall(kernel, thread, args)) ?? NO_RESULT;
  if (result !== NO_RESULT) kernel.cpu.setX(0, result);
  const site: CallSite = {
    family: "platform",
    code: selector,
    name: row?.name ?? `platform ${selector}`,
    specs: row?.args ?? [],
    args,
  };
  recordCall(
    kernel,
    thread,
    site,
    pc,
    result === NO_RESULT ? { kind: "none" } : { kind: "value", value: result, text: null },
  );
}
