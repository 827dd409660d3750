import {
  THREAD_AWAKENED,
  THREAD_TIMED_OUT,
  type Wait,
  type WaitResult,
} from "../../vm/blocking.js";
import type { VmSystem } from "../../vm/system.js";

interface Daemon {
  readonly work: VmSystem["daemons"][number]["work"];
  wait: Wait | null;
  result: WaitResult;
}

/** Runs the kernel threads of a VM for a test that has one thread of its own. */
export class Daemons {
  readonly #daemons: Daemon[];
  #waiting: object | null = null;
  #woken: WaitResult | null = null;

  constructor(system: VmSystem) {
    this.#daemons = system.daemons.map(({ work }) => ({ work, wait: null, result: 0 }));
  }

  /** What the system's `wakeup` tells. */
  wakeup(channel: object, result: WaitResult = THREAD_AWAKENED): void {
    for (const daemon of this.#daemons) {
      if (daemon.wait?.channel !== channel) continue;
      daemon.wait = null;
      daemon.result = result;
    }
    if (this.#waiting === channel) this.#woken ??= result;
  }

  /** The test's thread sleeps: let the others work. @returns how it was woken, or null: it was not */
  waitFor({ channel, timeoutNs }: Wait): WaitResult | null {
    this.#waiting = channel;
    this.#woken = null;
    while (this.#woken === null && this.#runOne());
    this.#waiting = null;
    return this.#woken ?? (timeoutNs === undefined ? null : THREAD_TIMED_OUT);
  }

  /** Let them work until each of them sleeps for good. */
  drain(): void {
    while (this.#runOne());
  }

  #runOne(): boolean {
    const runnable = this.#daemons.find(({ wait }) => wait === null);
    if (runnable !== undefined) {
      const step = runnable.work.next(runnable.result);
      runnable.wait = step.done === true ? null : step.value;
      return true;
    }
    const timed = this.#daemons.find(({ wait }) => wait?.timeoutNs !== undefined);
    if (timed === undefined) return false;
    timed.wait = null;
    timed.result = THREAD_TIMED_OUT;
    return true;
  }
}
