import type { ExcInfo } from "./exception.js";
import type { Kernel } from "./kernel.js";
import { postSignal } from "./signal.js";
import type { Thread } from "./thread.js";

/**
 * Deliver an exception of a thread: no exception ports exist yet, so the UNIX handler turns it into
 * the signal of the task's operating system, which is taken on the way back to user mode.
 * XNU: exception.c exception_triage, ux_exception.c handle_ux_exception.
 */
export function exceptionTriage(kernel: Kernel, thread: Thread, exc: ExcInfo): void {
  const signal = thread.task.personality.exceptionSignal(exc, thread.task);
  thread.exception = { exc, signal: signal.number };
  postSignal(kernel, thread, signal);
}
