import type { CpuState } from "../../../emulator/index.js";
import type { Blocking } from "../../../vm/blocking.js";
import type { Kernel } from "../../kernel.js";
import type { SignalInfo } from "../../personality.js";
import type { SignalAction } from "../../task.js";
import type { Thread } from "../../thread.js";
import { copyOut } from "../../user-memory.js";
import { SA_NODEFER, SA_RESETHAND, SA_SIGINFO } from "./abi.js";
import { NO_RESULT, type BsdResult, type DarwinCall } from "./call.js";
import {
  decodeMcontext,
  decodeUcontext,
  encodeFrame,
  FRAME_INFO,
  FRAME_SIZE,
  FRAME_UCONTEXT,
  MCONTEXT_SIZE,
  RED_ZONE,
  UCONTEXT_SIZE,
  type FrameException,
  type FrameRegisters,
} from "./signal-frame.js";
import {
  BUS_ADRALN,
  ILL_ILLTRP,
  SEGV_ACCERR,
  SIGBUS,
  SIGILL,
  signalBit,
  SIGSEGV,
  SIGTRAP,
  UNBLOCKABLE,
} from "./signals.js";
import { darwinState, SA_ONSTACK, type DarwinState } from "./state.js";

/** How the trampoline is told what to call the handler with: one argument, or three. */
const UC_TRAD = 1;
const UC_FLAVOR = 30;
/** sigreturn styles that only say whether the thread is on the alternate stack. */
const UC_SET_ALT_STACK = 0x4000_0000;
const UC_RESET_ALT_STACK = 0x8000_0000;
/** PSTATE bits a program may change: the condition flags. */
const USER_PSTATE = 0xf000_0000n;

/**
 * Make the thread enter its trampoline, with the frame on its stack, when it goes back to user
 * mode. XNU: kern_sig.c postsig_locked, bsd/dev/arm/unix_signal.c sendsig.
 * @returns false if the frame could not be written; the mask has changed all the same
 */
export function* deliverDarwinSignal(
  kernel: Kernel,
  thread: Thread,
  signal: SignalInfo,
): Blocking<boolean> {
  const { cpu } = kernel;
  const { task } = thread;
  const state = darwinState(task);
  const action = task.signalActions.get(signal.number);
  if (action === undefined) return false;
  const mask = state.suspendedMask ?? thread.signalMask;
  state.suspendedMask = null;
  blockForHandler(thread, action, signal.number);
  if ((action.flags & SA_RESETHAND) !== 0 && resets(signal.number)) {
    task.signalActions.delete(signal.number);
  }

  const wasOnStack = state.onAltStack;
  const alternate = !wasOnStack && (action.flags & SA_ONSTACK) !== 0 ? state.altStack : null;
  if (alternate !== null) state.onAltStack = true;
  const top = alternate === null ? cpu.spEl0 : alternate.base + alternate.size;
  const frame = BigInt.asUintN(64, (top - BigInt(FRAME_SIZE + RED_ZONE)) & ~15n);
  const bytes = encodeFrame(
    frame,
    { signal: signal.number, ...siginfo(cpu, signal), sp: cpu.spEl0 },
    {
      onStack: wasOnStack,
      mask: Number(BigInt.asUintN(32, mask)),
      stackPointer: frame,
      stackSize: alternate?.size ?? 0n,
    },
    takeException(thread, signal),
    registersOf(cpu),
  );
  if ((yield* copyOut(kernel, frame, bytes)) !== null) return false;
  const token = (frame + BigInt(FRAME_UCONTEXT)) ^ nextSecret(kernel, state);
  enterTrampoline(cpu, action, signal.number, frame, token);
  return true;
}

function blockForHandler(thread: Thread, action: SignalAction, signal: number): void {
  const self = (action.flags & SA_NODEFER) === 0 ? signalBit(signal) : 0n;
  thread.signalMask |= (action.mask | self) & ~UNBLOCKABLE;
}

/** Traps would otherwise be handled once only, which debuggers could not use. */
function resets(signal: number): boolean {
  return signal !== SIGILL && signal !== SIGTRAP;
}

/** si_code and si_addr as sendsig fills them: by signal number, whoever sent it. */
function siginfo(
  cpu: CpuState,
  signal: SignalInfo,
): { readonly code: number; readonly address: bigint } {
  switch (signal.number) {
    case SIGSEGV:
      return { code: SEGV_ACCERR, address: signal.address };
    case SIGBUS:
      return { code: BUS_ADRALN, address: signal.address };
    case SIGILL:
      return { code: ILL_ILLTRP, address: cpu.sysreg("ELR_EL1") };
    default:
      return { code: signal.code, address: cpu.sysreg("ELR_EL1") };
  }
}

/** The exception behind the signal; none if somebody sent it. It has been told of then. */
function takeException(thread: Thread, signal: SignalInfo): FrameException {
  const pending = thread.exception;
  if (pending === null || pending.signal !== signal.number) return { far: 0n, esr: 0 };
  thread.exception = null;
  return { far: pending.exc.far, esr: pending.exc.esr };
}

/** Tokens are made with a secret that lives while handlers are running. */
function nextSecret(kernel: Kernel, state: DarwinState): bigint {
  if (state.pendingSigreturns === 0) {
    state.sigreturnSecret = (BigInt(kernel.random32()) << 32n) | BigInt(kernel.random32());
  }
  state.pendingSigreturns += 1;
  return state.sigreturnSecret;
}

function enterTrampoline(
  cpu: CpuState,
  action: SignalAction,
  signal: number,
  frame: bigint,
  token: bigint,
): void {
  cpu.setX(0, action.handler);
  cpu.setX(1, BigInt((action.flags & SA_SIGINFO) !== 0 ? UC_FLAVOR : UC_TRAD));
  cpu.setX(2, BigInt(signal));
  cpu.setX(3, frame + BigInt(FRAME_INFO));
  cpu.setX(4, frame + BigInt(FRAME_UCONTEXT));
  cpu.setX(5, token);
  cpu.spEl0 = frame;
  cpu.setSysreg("ELR_EL1", action.trampoline);
  cpu.setSysreg("SPSR_EL1", cpu.sysreg("SPSR_EL1") & ~USER_PSTATE);
}

function registersOf(cpu: CpuState): FrameRegisters {
  const v = new Uint8Array(512);
  for (let n = 0; n < 32; n++) v.set(cpu.v(n), 16 * n);
  return {
    x: Array.from({ length: 31 }, (_, n) => cpu.x(n)),
    sp: cpu.spEl0,
    pc: cpu.sysreg("ELR_EL1"),
    cpsr: Number(BigInt.asUintN(32, cpu.sysreg("SPSR_EL1"))),
    v,
    fpsr: cpu.fpsr,
    fpcr: cpu.fpcr,
  };
}

/**
 * Go back to what a handler interrupted. The mask and the alternate-stack flag are restored before
 * the token is looked at. XNU: bsd/dev/arm/unix_signal.c sigreturn.
 */
export function* sigreturn(c: DarwinCall): Blocking<BsdResult> {
  const { state } = c;
  const style = c.uint(1);
  if (style === UC_SET_ALT_STACK || style === UC_RESET_ALT_STACK) {
    state.onAltStack = style === UC_SET_ALT_STACK;
    return 0;
  }
  const outer = yield* c.copyIn(c.u64(0), UCONTEXT_SIZE);
  if (!outer.ok) return outer.errno;
  const context = decodeUcontext(outer.value);
  if (context.mcontextSize !== BigInt(MCONTEXT_SIZE)) return "EINVAL";
  const inner = yield* c.copyIn(context.mcontext, MCONTEXT_SIZE);
  if (!inner.ok) return inner.errno;

  state.onAltStack = context.onStack;
  c.thread.signalMask = context.mask & ~UNBLOCKABLE;
  if (state.pendingSigreturns > 0) state.pendingSigreturns -= 1;
  const token = c.u64(0) ^ state.sigreturnSecret;
  if (c.u64(2) !== token && state.sigreturnValidation !== "disabled") return "EINVAL";
  restoreRegisters(c.kernel.cpu, decodeMcontext(inner.value));
  return NO_RESULT;
}

function restoreRegisters(cpu: CpuState, registers: FrameRegisters): void {
  registers.x.forEach((x, n) => {
    cpu.setX(n, x);
  });
  for (let n = 0; n < 32; n++) cpu.v(n).set(registers.v.subarray(16 * n, 16 * n + 16));
  cpu.spEl0 = registers.sp;
  cpu.setSysreg("ELR_EL1", registers.pc);
  const kept = cpu.sysreg("SPSR_EL1") & ~USER_PSTATE;
  cpu.setSysreg("SPSR_EL1", kept | (BigInt(registers.cpsr) & USER_PSTATE));
  cpu.fpsr = registers.fpsr;
  cpu.fpcr = registers.fpcr;
}
