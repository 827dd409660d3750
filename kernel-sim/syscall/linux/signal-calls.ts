import type { CpuState } from "../../../emulator/index.js";
import { THREAD_ABORTSAFE, type Blocking } from "../../../vm/blocking.js";
import type { Kernel } from "../../kernel.js";
import type { SignalInfo } from "../../personality.js";
import { postSignal } from "../../signal.js";
import type { SignalAction } from "../../task.js";
import type { Thread } from "../../thread.js";
import { copyIn, copyOut } from "../../user-memory.js";
import { call, NO_RESULT, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";
import {
  decodeFrame,
  encodeFrame,
  FRAME_INFO,
  FRAME_SIZE,
  FRAME_UCONTEXT,
  type FrameRegisters,
} from "./signal-frame.js";
import { NSIG, SIGKILL, signalBit, SIGSEGV, SIGSTOP, UNBLOCKABLE } from "./signals.js";
import { linuxState, SS_DISABLE, SS_ONSTACK, type LinuxState } from "./state.js";

const SIG_BLOCK = 0;
const SIG_UNBLOCK = 1;
const SIG_SETMASK = 2;
const SIG_DFL = 0n;
const SIG_IGN = 1n;
const SA_SIGINFO = 0x4;
const SA_RESTORER = 0x0400_0000;
const SA_ONSTACK = 0x0800_0000;
const SA_RESTART = 0x1000_0000;
const SA_NODEFER = 0x4000_0000;
const SA_RESETHAND = 0x8000_0000;
const SIGSET_SIZE = 8;
const MINSIGSTKSZ = 5120n;
/** SPSR bits a program may change: the condition flags. */
const USER_PSTATE = 0xf000_0000n;
const SVC_BYTES = 4n;

/** struct sigaction of the kernel: handler, flags, restorer, mask. */
function* rtSigaction(c: LinuxCall): Blocking<LinuxResult> {
  const signal = c.int(0);
  if (c.size(3) !== SIGSET_SIZE || signal < 1 || signal > NSIG) return "EINVAL";
  const { signalActions } = c.task;
  const old = signalActions.get(signal);
  if (c.u64(1) !== 0n) {
    if (signal === SIGKILL || signal === SIGSTOP) return "EINVAL";
    const bytes = yield* c.copyIn(c.u64(1), 32);
    if (!bytes.ok) return bytes.errno;
    const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
    signalActions.set(signal, {
      handler: view.getBigUint64(0, true),
      flags: view.getUint32(8, true),
      trampoline: view.getBigUint64(16, true),
      mask: view.getBigUint64(24, true) & ~UNBLOCKABLE,
    });
  }
  if (c.u64(2) === 0n) return 0;
  const words = [old?.handler ?? SIG_DFL, old?.flags ?? 0, old?.trampoline ?? 0n, old?.mask ?? 0n];
  return (yield* c.copyOutWords(c.u64(2), words)) ?? 0;
}

function* readMask(c: LinuxCall, at: bigint): Blocking<bigint | null> {
  const bytes = yield* c.copyIn(at, SIGSET_SIZE);
  if (!bytes.ok) return null;
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  return view.getBigUint64(0, true) & ~UNBLOCKABLE;
}

function* rtSigprocmask(c: LinuxCall): Blocking<LinuxResult> {
  if (c.size(3) !== SIGSET_SIZE) return "EINVAL";
  const { thread } = c;
  const old = thread.signalMask;
  if (c.u64(1) !== 0n) {
    const set = yield* readMask(c, c.u64(1));
    if (set === null) return "EFAULT";
    switch (c.int(0)) {
      case SIG_BLOCK:
        thread.signalMask = old | set;
        break;
      case SIG_UNBLOCK:
        thread.signalMask = old & ~set;
        break;
      case SIG_SETMASK:
        thread.signalMask = set;
        break;
      default:
        return "EINVAL";
    }
  }
  return c.u64(2) === 0n ? 0 : ((yield* c.copyOutWords(c.u64(2), [old])) ?? 0);
}

function* rtSigpending(c: LinuxCall): Blocking<LinuxResult> {
  const pending = c.thread.pendingSignals & c.thread.signalMask;
  return (yield* c.copyOutWords(c.u64(0), [pending])) ?? 0;
}

/** Sleep with another mask until a handler ran; its return puts the old mask back. */
function* rtSigsuspend(c: LinuxCall): Blocking<LinuxResult> {
  if (c.size(1) !== SIGSET_SIZE) return "EINVAL";
  const set = yield* readMask(c, c.u64(0));
  if (set === null) return "EFAULT";
  c.state.suspendedMask = c.thread.signalMask;
  c.thread.signalMask = set;
  while (!hasDeliverable(c)) {
    yield { channel: c.thread, interruptible: THREAD_ABORTSAFE, reason: "sigsuspend" };
  }
  return "EINTR";
}

/** A signal waits that is not blocked and has a handler or a default action that does something. */
function hasDeliverable(c: LinuxCall): boolean {
  const open = c.thread.pendingSignals & ~c.thread.signalMask;
  for (let signal = 1; signal <= NSIG; signal++) {
    if ((open & signalBit(signal)) === 0n) continue;
    const handler = c.task.signalActions.get(signal)?.handler ?? SIG_DFL;
    if (handler === SIG_IGN) continue;
    if (handler !== SIG_DFL) return true;
    if (c.task.personality.signalDefault(signal) !== "ignore") return true;
  }
  return false;
}

function* sigaltstack(c: LinuxCall): Blocking<LinuxResult> {
  const { state } = c;
  const old = state.altStack;
  const onStack = isOnAltStack(state, c.kernel.cpu.spEl0);
  if (c.u64(0) !== 0n) {
    const bytes = yield* c.copyIn(c.u64(0), 24);
    if (!bytes.ok) return bytes.errno;
    const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
    const flags = view.getInt32(8, true);
    if (onStack) return "EPERM";
    if ((flags & ~(SS_DISABLE | SS_ONSTACK)) !== 0) return "EINVAL";
    const disabled = (flags & SS_DISABLE) !== 0;
    const size = view.getBigUint64(16, true);
    if (!disabled && size < MINSIGSTKSZ) return "ENOMEM";
    state.altStack = disabled
      ? { base: 0n, size: 0n, flags: SS_DISABLE }
      : { base: view.getBigUint64(0, true), size, flags: 0 };
  }
  if (c.u64(1) === 0n) return 0;
  const flags = onStack ? SS_ONSTACK : old.flags;
  return (yield* c.copyOutWords(c.u64(1), [old.base, flags, old.size])) ?? 0;
}

function isOnAltStack(state: LinuxState, sp: bigint): boolean {
  const { base, size } = state.altStack;
  return sp > base && sp - base <= size;
}

/** kill, tkill and tgkill: every task has one thread, whose id is the task's. */
function kill(c: LinuxCall, pid: number, signal: number): LinuxResult {
  if (signal < 0 || signal > NSIG) return "EINVAL";
  const { tasks } = c.kernel;
  // Process groups are not kept: 0 and -1 and a negated group mean everybody.
  const targets = pid > 0 ? [tasks.get(pid)] : [...tasks.values()];
  const found = targets.filter((task) => task !== undefined);
  if (found.length === 0) return "ESRCH";
  if (signal !== 0) for (const task of found) postSignal(c.kernel, task, signal);
  return 0;
}

function registersOf(cpu: CpuState): FrameRegisters {
  const v = new Uint8Array(512);
  for (let n = 0; n < 32; n++) v.set(cpu.v(n), 16 * n);
  return {
    x: Array.from({ length: 31 }, (_, n) => cpu.x(n)),
    sp: cpu.spEl0,
    pc: cpu.sysreg("ELR_EL1"),
    pstate: cpu.sysreg("SPSR_EL1"),
    v,
    fpsr: cpu.fpsr,
    fpcr: cpu.fpcr,
  };
}

/**
 * Make the thread run its handler when it goes back to user mode. An interrupted call is set up to
 * start again after the handler if the action says SA_RESTART.
 * Linux: arch/arm64/kernel/signal.c setup_rt_frame, do_signal.
 * @returns false if the frame could not be written
 */
export function* deliverLinuxSignal(
  kernel: Kernel,
  thread: Thread,
  signal: SignalInfo,
): Blocking<boolean> {
  const { task } = thread;
  const state = linuxState(task);
  const action = task.signalActions.get(signal.number);
  if (action === undefined) return false;
  const { cpu } = kernel;
  if (state.interruptedX0 !== null && (action.flags & SA_RESTART) !== 0) {
    cpu.setX(0, state.interruptedX0);
    cpu.setSysreg("ELR_EL1", cpu.sysreg("ELR_EL1") - SVC_BYTES);
  }
  state.interruptedX0 = null;

  const sp = cpu.spEl0;
  const onStack = isOnAltStack(state, sp);
  const alternate = (action.flags & SA_ONSTACK) !== 0 && state.altStack.flags !== SS_DISABLE;
  const top = alternate && !onStack ? state.altStack.base + state.altStack.size : sp;
  // A frame record lies between the interrupted stack and the frame, for unwinders.
  const record = (top - 16n) & ~15n;
  const frame = record - BigInt(FRAME_SIZE);
  const restored = state.suspendedMask ?? thread.signalMask;
  const stack = { ...state.altStack, flags: onStack ? SS_ONSTACK : state.altStack.flags };
  const bytes = new Uint8Array(FRAME_SIZE + 16);
  bytes.set(encodeFrame(signal, registersOf(cpu), restored, stack));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(FRAME_SIZE, cpu.x(29), true);
  view.setBigUint64(FRAME_SIZE + 8, cpu.x(30), true);
  if ((yield* copyOut(kernel, frame, bytes)) !== null) return false;

  state.suspendedMask = null;
  enterHandler(cpu, action, signal.number, frame, record, state.signalReturn);
  const self = (action.flags & SA_NODEFER) !== 0 ? 0n : signalBit(signal.number);
  thread.signalMask |= (action.mask | self) & ~UNBLOCKABLE;
  if ((action.flags & SA_RESETHAND) !== 0) task.signalActions.delete(signal.number);
  return true;
}

function enterHandler(
  cpu: CpuState,
  action: SignalAction,
  signal: number,
  frame: bigint,
  record: bigint,
  signalReturn: bigint,
): void {
  cpu.setX(0, BigInt(signal));
  if ((action.flags & SA_SIGINFO) !== 0) {
    cpu.setX(1, frame + BigInt(FRAME_INFO));
    cpu.setX(2, frame + BigInt(FRAME_UCONTEXT));
  }
  cpu.setX(29, record);
  cpu.setX(30, (action.flags & SA_RESTORER) !== 0 ? action.trampoline : signalReturn);
  cpu.spEl0 = frame;
  cpu.setSysreg("ELR_EL1", action.handler);
}

/** A frame that cannot be read back kills the program, as a bad return address would. */
function* rtSigreturn(c: LinuxCall): Blocking<LinuxResult> {
  const { cpu } = c.kernel;
  const sp = cpu.spEl0;
  const bytes = yield* copyIn(c.kernel, sp, FRAME_SIZE);
  const frame = bytes.ok && sp % 16n === 0n ? decodeFrame(bytes.value) : null;
  if (frame === null) {
    c.task.signalActions.delete(SIGSEGV);
    c.thread.signalMask &= ~signalBit(SIGSEGV);
    postSignal(c.kernel, c.task, SIGSEGV);
    return NO_RESULT;
  }
  const { registers } = frame;
  registers.x.forEach((x, n) => {
    cpu.setX(n, x);
  });
  for (let n = 0; n < 32; n++) cpu.v(n).set(registers.v.subarray(16 * n, 16 * n + 16));
  cpu.spEl0 = registers.sp;
  cpu.setSysreg("ELR_EL1", registers.pc);
  const kept = cpu.sysreg("SPSR_EL1") & ~USER_PSTATE;
  cpu.setSysreg("SPSR_EL1", kept | (registers.pstate & USER_PSTATE));
  cpu.fpsr = registers.fpsr;
  cpu.fpcr = registers.fpcr;
  c.thread.signalMask = frame.mask & ~UNBLOCKABLE;
  return NO_RESULT;
}

export const SIGNAL_ROWS: readonly LinuxRow[] = [
  call(129, "kill", "pid:pid sig:signal", (c) => kill(c, c.int(0), c.int(1))),
  call(130, "tkill", "tid:pid sig:signal", (c) => kill(c, Math.max(c.int(0), 1), c.int(1))),
  call(131, "tgkill", "tgid:pid tid:pid sig:signal", (c) =>
    c.int(0) <= 0 || c.int(1) <= 0 ? "EINVAL" : kill(c, c.int(1), c.int(2)),
  ),
  call(132, "sigaltstack", "new:pointer old:pointer", sigaltstack),
  call(133, "rt_sigsuspend", "mask:pointer size:size", rtSigsuspend),
  call(134, "rt_sigaction", "sig:signal new:pointer old:pointer size:size", rtSigaction),
  call(135, "rt_sigprocmask", "how:int set:pointer old:pointer size:size", rtSigprocmask),
  call(136, "rt_sigpending", "set:pointer size:size", rtSigpending),
  call(139, "rt_sigreturn", "", rtSigreturn),
];
