import { HostBug } from "../emulator/arch/check.js";

/** How a wait ended (kern/kern_types.h). */
export const THREAD_AWAKENED = 0;
export const THREAD_TIMED_OUT = 1;
export const THREAD_INTERRUPTED = 2;
export const THREAD_RESTART = 3;
export type WaitResult = 0 | 1 | 2 | 3;

/** Whether a wait can be broken (kern/kern_types.h). */
export const THREAD_UNINT = 0;
export const THREAD_INTERRUPTIBLE = 1;
export const THREAD_ABORTSAFE = 2;
export type Interruptible = 0 | 1 | 2;

/** A thread going to sleep: it runs again when `channel` is woken, or when it is interrupted. */
export interface Wait {
  /** Identity of the event: whoever makes it happen calls `context.wakeup(channel)`. */
  readonly channel: object;
  readonly interruptible: Interruptible;
  /** For traces and deadlock reports: "page busy", "map entry in transition", ... */
  readonly reason: string;
  /** Go on after so much time, with THREAD_TIMED_OUT, if nothing happened. Nanoseconds; no limit if absent. */
  readonly timeoutNs?: number;
}

/**
 * Work that may sleep. It yields a `Wait` and is resumed with how that wait ended, so a scheduler
 * or a test picks the interleaving. No `VmLock` is held at a yield.
 */
export type Blocking<T> = Generator<Wait, T, WaitResult>;

/** Run work that must not sleep here. @throws HostBug if it does. */
export function runNow<T>(work: Blocking<T>): T {
  const step = work.next();
  if (step.done !== true) throw new HostBug(`would sleep here: ${step.value.reason}`, [step.value]);
  return step.value;
}
