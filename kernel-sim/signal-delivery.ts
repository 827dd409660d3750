import { THREAD_ABORTSAFE, type Blocking } from "../vm/blocking.js";
import { KERN_INVALID_ADDRESS } from "../vm/types.js";
import {
  EXC_ARM_UNDEFINED,
  EXC_BAD_ACCESS,
  EXC_BAD_INSTRUCTION,
  type ExcInfo,
} from "./exception.js";
import { exitTask } from "./exit.js";
import type { Kernel } from "./kernel.js";
import type { SignalInfo } from "./personality.js";
import { crashReport } from "./report.js";
import {
  dispositionOf,
  lowestSignals,
  postSignal,
  takePending,
  unblockedPending,
} from "./signal.js";
import type { Thread } from "./thread.js";

/** There is something to do before the thread may see user mode. */
export function mustNotReturn(thread: Thread): boolean {
  return thread.task.stopped || (thread.pendingSignals !== 0n && unblockedPending(thread) !== 0n);
}

/**
 * On the way back to user mode: stay while the task is stopped, and take the signals that are
 * pending, the lowest number first. The thread may be dead afterwards.
 * XNU: kern_sig.c issignal_locked, postsig_locked; bsd_ast.
 */
export function* takeSignals(kernel: Kernel, thread: Thread): Blocking<void> {
  const { task } = thread;
  for (;;) {
    if (task.stopped) {
      yield {
        channel: task.stopChannel,
        interruptible: THREAD_ABORTSAFE,
        reason: "stopped by a signal",
      };
      continue;
    }
    const signal = nextSignal(thread);
    if (signal === null) return;
    const disposition = dispositionOf(task, signal.number);
    if (disposition === "ignore") continue;
    if (disposition === "handler" && (yield* runHandler(kernel, thread, signal))) continue;
    if (!task.alive) return;
    if (yield* defaultAction(kernel, thread, signal)) return;
  }
}

/** SIGKILL comes before everything else. */
function nextSignal(thread: Thread): SignalInfo | null {
  const open = lowestSignals(unblockedPending(thread));
  const { kill } = thread.task.personality.signals;
  const number = open.includes(kill) ? kill : open[0];
  return number === undefined ? null : takePending(thread, number);
}

/** @returns false when this personality does not run handlers */
function* runHandler(kernel: Kernel, thread: Thread, signal: SignalInfo): Blocking<boolean> {
  const { personality } = thread.task;
  if (personality.deliverSignal === undefined) return false;
  if (yield* personality.deliverSignal(kernel, thread, signal)) return true;
  // The frame could not be written. XNU sends SIGILL, Linux SIGSEGV, with the default action.
  const exc: ExcInfo = {
    type: personality.name === "darwin" ? EXC_BAD_INSTRUCTION : EXC_BAD_ACCESS,
    code: personality.name === "darwin" ? EXC_ARM_UNDEFINED : KERN_INVALID_ADDRESS,
    subcode: kernel.cpu.spEl0,
    esr: 0,
    far: 0n,
    pc: kernel.cpu.sysreg("ELR_EL1"),
  };
  const fatal = personality.exceptionSignal(exc, thread.task);
  thread.exception = { exc, signal: fatal.number };
  thread.task.signalActions.delete(fatal.number);
  postSignal(kernel, thread, { ...fatal, forced: true });
  return true;
}

/** @returns true if the task has died of it */
function* defaultAction(kernel: Kernel, thread: Thread, signal: SignalInfo): Blocking<boolean> {
  const { task } = thread;
  switch (task.personality.signalDefault(signal.number)) {
    case "ignore":
    case "continue":
      return false;
    case "stop":
      stopTask(kernel, thread, signal);
      return false;
    default: {
      const report = crashReport(kernel, thread, signal);
      yield* exitTask(kernel, task, { kind: "signaled", signal, coreDumped: false, report });
      return true;
    }
  }
}

function stopTask(kernel: Kernel, thread: Thread, signal: SignalInfo): void {
  const { task } = thread;
  task.stopped = true;
  task.unreportedStop = signal.number;
  task.unreportedContinue = false;
  if (task.parent === null) return;
  postSignal(kernel, task.parent, task.parent.personality.signals.child);
  kernel.vm.wakeup(task.parent.childChannel);
}
