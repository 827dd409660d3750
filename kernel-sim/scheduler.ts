import { check } from "../emulator/arch/check.js";
import { THREAD_AWAKENED, THREAD_UNINT, type Wait, type WaitResult } from "../vm/blocking.js";
import type { Thread } from "./thread.js";

/** Instructions a thread runs before the next one has its turn: 1 ms of virtual time. */
export const TIME_SLICE = 1_000_000;

/**
 * Who runs next: round robin over the runnable threads, in the order they became runnable. Sleepers
 * are kept by the channel they sleep on, in the order they went to sleep. Nothing here depends on
 * anything but the sequence of calls, so a run repeats itself.
 */
export class Scheduler {
  readonly #queue: Thread[] = [];
  /** Kernel threads that want to run: before everybody else. */
  readonly #kernelQueue: Thread[] = [];
  readonly #sleepers = new Map<object, Thread[]>();

  /** Somebody waits for the CPU. */
  get contended(): boolean {
    return this.#queue.length > 0;
  }

  /** A kernel thread waits for the CPU. */
  get urgent(): boolean {
    return this.#kernelQueue.length > 0;
  }

  /** Put a thread at the end of the queue. */
  enqueue(thread: Thread): void {
    check(thread.state !== "dead", "dead thread made runnable", thread.id);
    thread.state = "runnable";
    thread.slice = TIME_SLICE;
    if (thread.isKernel) this.#kernelQueue.push(thread);
    else this.#queue.push(thread);
  }

  /** The running thread makes room for a kernel thread; it goes on next, with what is left of its slice. */
  putBack(thread: Thread): void {
    check(thread.state === "running", "only the running thread is put back", thread.id);
    thread.state = "runnable";
    this.#queue.unshift(thread);
  }

  /** Take the next thread off the queue; null when everybody sleeps. */
  take(): Thread | null {
    const thread = this.#kernelQueue.shift() ?? this.#queue.shift() ?? null;
    if (thread !== null) thread.state = "running";
    return thread;
  }

  /** Put the running thread to sleep. */
  sleep(thread: Thread, wait: Wait): void {
    check(thread.state === "running", "only the running thread goes to sleep", thread.id);
    thread.state = "waiting";
    thread.wait = wait;
    const list = this.#sleepers.get(wait.channel);
    if (list === undefined) this.#sleepers.set(wait.channel, [thread]);
    else list.push(thread);
  }

  /** Wake everybody who sleeps on `channel`. XNU: thread_wakeup_prim. */
  wakeup(channel: object, result: WaitResult = THREAD_AWAKENED): void {
    const list = this.#sleepers.get(channel);
    if (list === undefined) return;
    this.#sleepers.delete(channel);
    for (const thread of list) this.#resume(thread, result);
  }

  /** Wake one thread, if it sleeps. XNU: clear_wait. @returns whether it did */
  wake(thread: Thread, result: WaitResult): boolean {
    if (thread.state !== "waiting" || thread.wait === null) return false;
    const { channel } = thread.wait;
    const list = this.#sleepers.get(channel) ?? [];
    const at = list.indexOf(thread);
    check(at >= 0, "a sleeper nobody knows of", thread.id);
    if (list.length === 1) this.#sleepers.delete(channel);
    else list.splice(at, 1);
    this.#resume(thread, result);
    return true;
  }

  /** Break a wait that can be broken. @returns whether it was */
  interrupt(thread: Thread, result: WaitResult): boolean {
    if (thread.wait === null || thread.wait.interruptible === THREAD_UNINT) return false;
    return this.wake(thread, result);
  }

  #resume(thread: Thread, result: WaitResult): void {
    thread.wait = null;
    thread.waitResult = result;
    this.enqueue(thread);
  }

  /** The thread is gone. */
  retire(thread: Thread): void {
    check(thread.state === "running", "only the running thread retires", thread.id);
    thread.state = "dead";
    thread.work = null;
    thread.saved = null;
  }

  /** What everybody waits for, for the report of a deadlock. */
  describeSleepers(): string {
    const threads = [...this.#sleepers.values()].flat().filter((thread) => !thread.isKernel);
    threads.sort((a, b) => a.id - b.id);
    return threads.map((t) => `pid ${t.task.pid}: ${t.wait?.reason ?? "?"}`).join("; ");
  }

  /** Every thread is in exactly one place, and its state says which. */
  assertConsistent(threads: Iterable<Thread>): void {
    const queued = new Set([...this.#kernelQueue, ...this.#queue]);
    check(
      queued.size === this.#kernelQueue.length + this.#queue.length,
      "a thread is queued twice",
    );
    let sleeping = 0;
    for (const [channel, list] of this.#sleepers) {
      check(list.length > 0, "empty list of sleepers");
      for (const thread of list) {
        check(thread.wait?.channel === channel, "sleeper on the wrong channel", thread.id);
      }
      sleeping += list.length;
    }
    let waiting = 0;
    let runnable = 0;
    for (const thread of threads) {
      if (thread.state === "waiting") waiting++;
      if (thread.state === "runnable") runnable++;
      check(
        (thread.state === "waiting") === (thread.wait !== null),
        "wait without sleep",
        thread.id,
      );
      check((thread.state === "runnable") === queued.has(thread), "run queue is wrong", thread.id);
    }
    check(waiting === sleeping && runnable === queued.size, "a thread without a task is scheduled");
  }
}
