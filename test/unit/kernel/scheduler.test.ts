import { beforeEach, describe, expect, it } from "vitest";
import { Scheduler, TIME_SLICE } from "../../../kernel-sim/scheduler.js";
import type { Task } from "../../../kernel-sim/task.js";
import { Thread } from "../../../kernel-sim/thread.js";
import { Timers } from "../../../kernel-sim/timer.js";
import {
  THREAD_AWAKENED,
  THREAD_ABORTSAFE,
  THREAD_INTERRUPTED,
  THREAD_TIMED_OUT,
  THREAD_UNINT,
  type Wait,
} from "../../../vm/blocking.js";

/** The scheduler looks at nothing of a task but its number. */
function thread(id: number): Thread {
  return new Thread(id, { pid: id } as Task);
}

function waitOn(channel: object, interruptible: Wait["interruptible"] = THREAD_UNINT): Wait {
  return { channel, interruptible, reason: "test" };
}

describe("the scheduler", () => {
  let scheduler: Scheduler;
  let threads: Thread[];

  beforeEach(() => {
    scheduler = new Scheduler();
    threads = [1, 2, 3].map(thread);
    for (const t of threads) scheduler.enqueue(t);
  });

  const order = (): (number | undefined)[] => {
    const ids: number[] = [];
    for (let t = scheduler.take(); t !== null; t = scheduler.take()) ids.push(t.id);
    return ids;
  };

  it("runs threads in the order they became runnable", () => {
    const first = scheduler.take()!;
    expect(first.id).toBe(1);
    expect(first.state).toBe("running");
    scheduler.enqueue(first);
    scheduler.assertConsistent(threads);
    expect(order()).toEqual([2, 3, 1]);
  });

  it("gives a fresh time slice with every turn", () => {
    const first = scheduler.take()!;
    first.slice = -5;
    scheduler.enqueue(first);
    expect(first.slice).toBe(TIME_SLICE);
  });

  it("wakes everybody on a channel in the order they went to sleep", () => {
    const channel = {};
    const [a, b] = [scheduler.take()!, scheduler.take()!];
    scheduler.sleep(b, waitOn(channel));
    scheduler.sleep(a, waitOn(channel));
    scheduler.assertConsistent(threads);
    scheduler.wakeup({});
    expect(a.state).toBe("waiting");
    scheduler.wakeup(channel);
    expect([a.waitResult, b.waitResult]).toEqual([THREAD_AWAKENED, THREAD_AWAKENED]);
    scheduler.assertConsistent(threads);
    expect(order()).toEqual([3, 2, 1]);
  });

  it("wakes one thread and leaves the others on its channel asleep", () => {
    const channel = {};
    const [a, b] = [scheduler.take()!, scheduler.take()!];
    scheduler.sleep(a, waitOn(channel));
    scheduler.sleep(b, waitOn(channel));
    expect(scheduler.wake(a, THREAD_TIMED_OUT)).toBe(true);
    expect(scheduler.wake(a, THREAD_TIMED_OUT)).toBe(false);
    expect(a.waitResult).toBe(THREAD_TIMED_OUT);
    expect(b.state).toBe("waiting");
    scheduler.assertConsistent(threads);
    expect(order()).toEqual([3, 1]);
  });

  it("interrupts only waits that can be interrupted", () => {
    const [a, b] = [scheduler.take()!, scheduler.take()!];
    scheduler.sleep(a, waitOn(a, THREAD_UNINT));
    scheduler.sleep(b, waitOn(b, THREAD_ABORTSAFE));
    expect(scheduler.interrupt(a, THREAD_INTERRUPTED)).toBe(false);
    expect(scheduler.interrupt(b, THREAD_INTERRUPTED)).toBe(true);
    expect(b.waitResult).toBe(THREAD_INTERRUPTED);
    expect(scheduler.describeSleepers()).toBe("pid 1: test");
  });

  it("never runs a retired thread again", () => {
    const first = scheduler.take()!;
    scheduler.retire(first);
    expect(first.state).toBe("dead");
    expect(() => {
      scheduler.enqueue(first);
    }).toThrow("dead thread");
    expect(order()).toEqual([2, 3]);
  });

  it("notices a thread that is in no place at all", () => {
    threads[1]!.state = "waiting";
    expect(() => {
      scheduler.assertConsistent(threads);
    }).toThrow();
  });
});

describe("timers", () => {
  it("fire in the order of their deadlines, and of setting for equal ones", () => {
    const timers = new Timers();
    const fired: string[] = [];
    const set = (at: bigint, name: string): void => {
      timers.set(at, () => fired.push(name));
    };
    set(30n, "c");
    set(10n, "a");
    set(30n, "d");
    set(20n, "b");
    expect(timers.next).toBe(10n);
    timers.expire(9n);
    expect(fired).toEqual([]);
    timers.expire(20n);
    expect(fired).toEqual(["a", "b"]);
    timers.expire(100n);
    expect(fired).toEqual(["a", "b", "c", "d"]);
    expect(timers.next).toBe(null);
  });

  it("do not fire once cancelled, even by another one that is due", () => {
    const timers = new Timers();
    const fired: string[] = [];
    timers.set(1n, () => {
      fired.push("first");
      timers.cancel(second);
    });
    const second = timers.set(2n, () => fired.push("second"));
    timers.expire(5n);
    expect(fired).toEqual(["first"]);
  });
});
