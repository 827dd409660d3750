import { THREAD_AWAKENED, THREAD_INTERRUPTED } from "../vm/blocking.js";
import type { Kernel } from "./kernel.js";
import type { SignalInfo } from "./personality.js";
import { Task } from "./task.js";
import type { Thread } from "./thread.js";

/** Handler values every system shares (SIG_DFL, SIG_IGN). */
export const SIG_DFL = 0n;
export const SIG_IGN = 1n;

/** Bit of a signal in a mask. */
export function sigmask(signal: number): bigint {
  return 1n << BigInt(signal - 1);
}

/** Signals a thread may take now. */
export function unblockedPending(thread: Thread): bigint {
  return thread.pendingSignals & ~(thread.signalMask & ~unblockable(thread.task));
}

/** The two signals no mask holds off. */
function unblockable(task: Task): bigint {
  const { kill, stop } = task.personality.signals;
  return sigmask(kill) | sigmask(stop);
}

/** What becomes of a signal that is delivered to `task` now. */
export function dispositionOf(task: Task, signal: number): "handler" | "ignore" | "default" {
  const { kill, stop } = task.personality.signals;
  const handler = task.signalActions.get(signal)?.handler ?? SIG_DFL;
  if (signal === kill || signal === stop || handler === SIG_DFL) {
    return task.personality.signalDefault(signal) === "ignore" ? "ignore" : "default";
  }
  return handler === SIG_IGN ? "ignore" : "handler";
}

/** Some signal is pending that is not blocked and that does something. */
export function hasDeliverableSignal(thread: Thread): boolean {
  return lowestSignals(unblockedPending(thread)).some(
    (signal) => dispositionOf(thread.task, signal) !== "ignore",
  );
}

/** Signal numbers in a mask, ascending. */
export function lowestSignals(mask: bigint): readonly number[] {
  const signals: number[] = [];
  for (let signal = 1; signal <= 64; signal++) {
    if ((mask & sigmask(signal)) !== 0n) signals.push(signal);
  }
  return signals;
}

/**
 * Send a signal. To a task: one of its threads that does not block it takes it. A signal that would
 * be ignored is dropped (Linux keeps it while it is blocked, as its action may change). A wait that
 * can be interrupted ends. XNU: kern_sig.c psignal_internal.
 * @param signal a number for one sent by a user or the kernel, with code and address 0
 */
export function postSignal(
  kernel: Kernel,
  target: Task | Thread,
  signal: number | SignalInfo,
): void {
  const task = target instanceof Task ? target : target.task;
  if (task.exiting) return;
  const { personality } = task;
  const info: SignalInfo =
    typeof signal === "number"
      ? { number: signal, name: personality.signalName(signal), code: 0, address: 0n }
      : signal;
  const bit = sigmask(info.number);
  const thread = target instanceof Task ? chooseThread(target, bit) : target;
  if (info.forced === true) force(thread, info.number);
  const blocked = (unblockedOf(thread) & bit) === 0n;
  noteStopAndContinue(kernel, task, info.number);
  if (dispositionOf(task, info.number) === "ignore") {
    if (!(blocked && personality.name === "linux")) return;
  }
  thread.pendingSignals |= bit;
  thread.pendingInfo.set(info.number, info);
  if (!blocked) kernel.scheduler.interrupt(thread, THREAD_INTERRUPTED);
}

function unblockedOf(thread: Thread): bigint {
  return ~(thread.signalMask & ~unblockable(thread.task));
}

function chooseThread(task: Task, bit: bigint): Thread {
  return task.threads.find((t) => (unblockedOf(t) & bit) !== 0n) ?? task.threads[0]!;
}

/** The exception cannot wait: what holds its signal off is taken away. */
function force(thread: Thread, signal: number): void {
  const blocked = (unblockedOf(thread) & sigmask(signal)) === 0n;
  if (!blocked && dispositionOf(thread.task, signal) !== "ignore") return;
  thread.signalMask &= ~sigmask(signal);
  thread.task.signalActions.delete(signal);
}

/** Continuing undoes stop signals that are pending, and the other way round; a kill continues, too. */
function noteStopAndContinue(kernel: Kernel, task: Task, signal: number): void {
  const { personality } = task;
  const effect = personality.signalDefault(signal);
  if (effect === "stop") discard(task, personality.signals.cont);
  if (effect === "continue") {
    for (const thread of task.threads) {
      for (const n of lowestSignals(thread.pendingSignals)) {
        if (personality.signalDefault(n) === "stop") discard(task, n);
      }
    }
  }
  if ((effect !== "continue" && signal !== personality.signals.kill) || !task.stopped) return;
  task.stopped = false;
  task.unreportedStop = null;
  if (effect === "continue") {
    task.unreportedContinue = true;
    if (task.parent !== null) kernel.vm.wakeup(task.parent.childChannel);
  }
  kernel.scheduler.wakeup(task.stopChannel, THREAD_AWAKENED);
}

function discard(task: Task, signal: number): void {
  for (const thread of task.threads) takePending(thread, signal);
}

/** Take a signal off a thread's pending ones. @returns what came with it */
export function takePending(thread: Thread, signal: number): SignalInfo | null {
  const info = thread.pendingInfo.get(signal) ?? null;
  thread.pendingSignals &= ~sigmask(signal);
  thread.pendingInfo.delete(signal);
  return info;
}
