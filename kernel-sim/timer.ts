import { check } from "../emulator/arch/check.js";
import { THREAD_TIMED_OUT, type Blocking, type Wait, type WaitResult } from "../vm/blocking.js";
import type { Kernel } from "./kernel.js";

/** Something that happens at a given virtual time unless it is cancelled before. */
export interface Timer {
  /** Nanoseconds since boot. */
  readonly deadline: bigint;
  readonly fire: () => void;
}

/** Pending timers, earliest first; of two with one deadline the one set first fires first. */
export class Timers {
  readonly #pending: Timer[] = [];

  /** Deadline of the next one, or null. */
  get next(): bigint | null {
    return this.#pending[0]?.deadline ?? null;
  }

  set(deadline: bigint, fire: () => void): Timer {
    const timer = { deadline, fire };
    let at = this.#pending.length;
    while (at > 0 && this.#pending[at - 1]!.deadline > deadline) at--;
    this.#pending.splice(at, 0, timer);
    return timer;
  }

  cancel(timer: Timer): void {
    const at = this.#pending.indexOf(timer);
    if (at >= 0) this.#pending.splice(at, 1);
  }

  /** Fire what is due. */
  expire(now: bigint): void {
    while (this.#pending.length > 0 && this.#pending[0]!.deadline <= now) {
      this.#pending.shift()!.fire();
    }
  }
}

/**
 * Sleep with a deadline. XNU: assert_wait_deadline.
 * @param deadline nanoseconds since boot; null sleeps for as long as it takes
 * @returns THREAD_TIMED_OUT at the deadline, at once if it has passed
 */
export function* sleepUntil(
  kernel: Kernel,
  wait: Wait,
  deadline: bigint | null,
): Blocking<WaitResult> {
  if (deadline === null) return yield wait;
  if (deadline <= kernel.clock.nanoseconds) return THREAD_TIMED_OUT;
  const thread = kernel.current;
  check(thread !== null, "nobody to put to sleep");
  const timer = kernel.timers.set(deadline, () => {
    kernel.scheduler.wake(thread, THREAD_TIMED_OUT);
  });
  const result = yield wait;
  kernel.timers.cancel(timer);
  return result;
}
