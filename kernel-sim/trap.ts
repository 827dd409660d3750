import {
  describeEsr,
  EC_BRK64,
  EC_BREAKPOINT_LOWER,
  EC_DATA_ABORT_LOWER,
  EC_ILLEGAL_STATE,
  EC_INSTRUCTION_ABORT_LOWER,
  EC_PC_ALIGNMENT,
  EC_SP_ALIGNMENT,
  EC_STEP_LOWER,
  EC_SVC64,
  EC_WATCHPOINT_LOWER,
  esrClass,
  FSC_ALIGNMENT,
  isAccessFlagFault,
  isPermissionFault,
  isTranslationFault,
  IssDataAbort,
} from "../emulator/arch/esr.js";
import { getField } from "../emulator/arch/bits.js";
import { sysregSlot } from "../emulator/arch/sysreg.js";
import { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE, type Access } from "../emulator/index.js";
import type { Blocking } from "../vm/blocking.js";
import {
  KERN_ABORTED,
  KERN_FAILURE,
  KERN_SUCCESS,
  panic,
  type KernReturn,
  type VmOffset,
} from "../vm/types.js";
import { abortFast, abortSlow, type Abort } from "./abort.js";
import {
  EXC_ARM_BREAKPOINT,
  EXC_ARM_DA_ALIGN,
  EXC_ARM_DA_DEBUG,
  EXC_ARM_SP_ALIGN,
  EXC_ARM_UNDEFINED,
  EXC_BAD_ACCESS,
  EXC_BAD_INSTRUCTION,
  EXC_BREAKPOINT,
  type ExcType,
} from "./exception.js";
import { exceptionTriage } from "./exception-triage.js";
import type { Kernel } from "./kernel.js";
import { vaOf } from "./platform.js";
import type { Thread } from "./thread.js";
import { copyIn } from "./user-memory.js";

const ESR = sysregSlot("ESR_EL1");
const ELR = sysregSlot("ELR_EL1");
const FAR = sysregSlot("FAR_EL1");
const SVC_BYTES = 4;
/** Two permanently undefined words that XNU takes for breakpoints (GDB_TRAP_INSTR*). */
const TRAP_WORDS: readonly number[] = [0xe7ff_defe, 0xe7ff_deff];

/**
 * Deal with the exception the thread just took from user mode. XNU: sleh.c sleh_synchronous.
 * @returns work to do before the thread goes on, or null when all is done: it may have signals now
 */
export function trap(kernel: Kernel, thread: Thread): Blocking<void> | null {
  const { cpu, stats } = kernel;
  const esr = cpu.readLo(ESR) >>> 0;
  const ec = esrClass(esr);
  stats.exceptions.set(ec, (stats.exceptions.get(ec) ?? 0) + 1);
  thread.trapPc = vaOf(cpu.readLo(ELR), cpu.readHi(ELR));
  switch (ec) {
    case EC_SVC64:
      thread.trapPc -= SVC_BYTES;
      stats.syscalls++;
      return thread.task.personality.syscall(kernel, thread);
    case EC_DATA_ABORT_LOWER:
      return dataAbort(kernel, thread, esr);
    case EC_INSTRUCTION_ABORT_LOWER:
      return abort(kernel, thread, esr, ACCESS_EXEC, farAddress(kernel));
    case EC_PC_ALIGNMENT:
      raise(kernel, thread, EXC_BAD_ACCESS, EXC_ARM_DA_ALIGN, cpu.sysreg("ELR_EL1"), true);
      return null;
    case EC_SP_ALIGNMENT:
      raise(kernel, thread, EXC_BAD_ACCESS, EXC_ARM_SP_ALIGN, cpu.spEl0);
      return null;
    case EC_BRK64:
    case EC_BREAKPOINT_LOWER:
      raise(kernel, thread, EXC_BREAKPOINT, EXC_ARM_BREAKPOINT, cpu.sysreg("ELR_EL1"));
      return null;
    case EC_STEP_LOWER:
      raise(kernel, thread, EXC_BREAKPOINT, EXC_ARM_BREAKPOINT, 0n);
      return null;
    case EC_WATCHPOINT_LOWER:
      raise(kernel, thread, EXC_BREAKPOINT, EXC_ARM_DA_DEBUG, cpu.sysreg("FAR_EL1"), true);
      return null;
    case EC_ILLEGAL_STATE:
      return panic(`illegal execution state at ${cpu.sysreg("ELR_EL1").toString(16)}`);
    default:
      // Undefined instructions, and everything else the hardware traps at EL0.
      return undefinedInstruction(kernel, thread);
  }
}

/** FAR_EL1, sign-extended. */
function farAddress(kernel: Kernel): number {
  return vaOf(kernel.cpu.readLo(FAR), kernel.cpu.readHi(FAR));
}

/** The address of a data access: the top byte is ignored (TBI), bit 55 says which half it is. */
function untagged(lo: number, hi: number): number {
  return vaOf(lo, (hi << 8) >> 8);
}

/**
 * Which access a data abort stands for. Cache maintenance reports a write; it needs one only where
 * the page is there and forbids it.
 */
function dataAbort(kernel: Kernel, thread: Thread, esr: number): Blocking<void> | null {
  const status = getField(esr, 0, IssDataAbort.dfsc);
  const isWrite =
    getField(esr, 0, IssDataAbort.wnr) === 1 &&
    (getField(esr, 0, IssDataAbort.cm) === 0 || isPermissionFault(status));
  const address = untagged(kernel.cpu.readLo(FAR), kernel.cpu.readHi(FAR));
  return abort(kernel, thread, esr, isWrite ? ACCESS_WRITE : ACCESS_READ, address);
}

/** XNU: sleh.c handle_user_abort. */
function abort(
  kernel: Kernel,
  thread: Thread,
  esr: number,
  access: Access,
  address: number,
): Blocking<void> | null {
  const status = esr & 0x3f;
  if (!isTranslationFault(status) && !isAccessFlagFault(status) && !isPermissionFault(status)) {
    const code = status === FSC_ALIGNMENT ? EXC_ARM_DA_ALIGN : KERN_FAILURE;
    raise(kernel, thread, EXC_BAD_ACCESS, code, kernel.cpu.sysreg("FAR_EL1"), true);
    return null;
  }
  const what: Abort = { access, address: address as VmOffset, status, esr, fromKernel: false };
  const kr = abortFast(kernel, thread, what);
  if (kr === KERN_SUCCESS) return null;
  const far = kernel.cpu.sysreg("FAR_EL1");
  if (kr === null) return finishSlow(kernel, thread, what, far);
  refuse(kernel, thread, kr, far);
  return null;
}

function* finishSlow(kernel: Kernel, thread: Thread, what: Abort, far: bigint): Blocking<void> {
  refuse(kernel, thread, yield* abortSlow(kernel, thread, what), far);
}

/** Success and KERN_ABORTED go back and try again; the rest becomes EXC_BAD_ACCESS. */
function refuse(kernel: Kernel, thread: Thread, kr: KernReturn, far: bigint): void {
  if (kr === KERN_SUCCESS || kr === KERN_ABORTED) return;
  if (kr === KERN_FAILURE)
    panic(`vm_fault of user code failed: ${describeEsr(kernel.cpu.readLo(ESR) >>> 0)}`);
  raise(kernel, thread, EXC_BAD_ACCESS, kr, far, true);
}

/** UDF and what is not allocated, or trapped; the subcode is the instruction word. */
function* undefinedInstruction(kernel: Kernel, thread: Thread): Blocking<void> {
  const bytes = yield* copyIn(kernel, thread.trapPc, 4);
  const word = bytes.ok ? new DataView(bytes.value.buffer).getUint32(0, true) : 0;
  if (TRAP_WORDS.includes(word)) {
    raise(kernel, thread, EXC_BREAKPOINT, EXC_ARM_BREAKPOINT, BigInt(word));
  } else {
    raise(kernel, thread, EXC_BAD_INSTRUCTION, EXC_ARM_UNDEFINED, BigInt(word));
  }
}

/** @param keepsFar the class defines FAR_EL1; otherwise XNU saves 0 */
function raise(
  kernel: Kernel,
  thread: Thread,
  type: ExcType,
  code: number,
  subcode: bigint,
  keepsFar = false,
): void {
  const { cpu } = kernel;
  exceptionTriage(kernel, thread, {
    type,
    code,
    subcode,
    esr: cpu.readLo(ESR) >>> 0,
    far: keepsFar ? cpu.sysreg("FAR_EL1") : 0n,
    pc: cpu.sysreg("ELR_EL1"),
  });
}
