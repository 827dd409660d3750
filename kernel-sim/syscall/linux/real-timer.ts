import type { Kernel } from "../../kernel.js";
import { postSignal } from "../../signal.js";
import type { Task } from "../../task.js";
import type { Timer } from "../../timer.js";
import { SIGALRM } from "./signals.js";

/** A task's alarm clock: SIGALRM when the time has come, and again after every interval. */
export class RealTimer {
  /** Nanoseconds; 0 for once. */
  readonly interval: bigint;
  readonly #kernel: Kernel;
  readonly #task: Task;
  #timer: Timer;

  constructor(kernel: Kernel, task: Task, value: bigint, interval: bigint) {
    this.#kernel = kernel;
    this.#task = task;
    this.interval = interval;
    this.#timer = this.#set(kernel.clock.nanoseconds + value);
  }

  /** Nanoseconds since boot. */
  get deadline(): bigint {
    return this.#timer.deadline;
  }

  cancel(): void {
    this.#kernel.timers.cancel(this.#timer);
  }

  #set(deadline: bigint): Timer {
    return this.#kernel.timers.set(deadline, () => {
      if (!this.#task.alive) return;
      postSignal(this.#kernel, this.#task, SIGALRM);
      if (this.interval > 0n) this.#timer = this.#set(deadline + this.interval);
    });
  }
}
