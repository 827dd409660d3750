import { check } from "../../emulator/arch/check.js";
import { THREAD_AWAKENED, type Blocking, type WaitResult } from "../../vm/blocking.js";

/** One fresh machine with operations about to run on it at the same time. */
export interface Concurrent {
  /** Each ends with a word for how it went. */
  readonly threads: readonly Blocking<string>[];
  /** The machine's wakeups are to be passed on to `wakeup` of the explorer. */
  connect(wakeup: (channel: object, result?: WaitResult) => void): void;
  /** Called whenever another thread goes on: everything must be consistent then. */
  between(): void;
  /** Everybody sleeps for memory: give some back, or say there is none. */
  relieve(): boolean;
  /** All have ended. @returns what else there is to say about the result */
  finish(): string;
}

export interface Explored {
  /** Different orders of execution, all of them if `complete`. */
  readonly runs: number;
  readonly complete: boolean;
  /** How it can end, in order. */
  readonly outcomes: readonly string[];
}

interface Thread {
  readonly work: Blocking<string>;
  /** Null while it can run. */
  channel: object | null;
  result: WaitResult;
  outcome: string | null;
}

/**
 * Run operations in every order that sleeping allows. Where several threads can go on, each choice is
 * taken in turn, always from the start on a fresh machine: a generator cannot be copied. Input and
 * output may end at any moment, so a thread that waits for it can go on whenever another could.
 * @param limit give up after so many runs
 */
export function exploreInterleavings(setup: () => Concurrent, limit: number): Explored {
  const outcomes = new Set<string>();
  let path: number[] = [];
  for (let runs = 1; ; runs++) {
    const { taken, outcome } = runOnce(setup(), path);
    outcomes.add(outcome);
    // The last choice that has another alternative left.
    let last = taken.length - 1;
    while (last >= 0 && taken[last]!.choice + 1 >= taken[last]!.of) last -= 1;
    const complete = last < 0;
    if (complete || runs >= limit) return { runs, complete, outcomes: [...outcomes].sort() };
    path = [...taken.slice(0, last).map(({ choice }) => choice), taken[last]!.choice + 1];
  }
}

interface Choice {
  readonly choice: number;
  readonly of: number;
}

function runOnce(
  machine: Concurrent,
  path: readonly number[],
): { taken: readonly Choice[]; outcome: string } {
  const threads = machine.threads.map((work): Thread => ({
    work,
    channel: null,
    result: THREAD_AWAKENED,
    outcome: null,
  }));
  machine.connect((channel, result = THREAD_AWAKENED) => {
    for (const thread of threads) {
      if (thread.channel !== channel) continue;
      thread.channel = null;
      thread.result = result;
    }
  });
  const taken: Choice[] = [];
  for (;;) {
    const alive = threads.filter(({ outcome }) => outcome === null);
    if (alive.length === 0) break;
    const runnable = alive.filter(({ channel }) => channel === null);
    if (runnable.length === 0) {
      check(machine.relieve(), "everybody sleeps");
      continue;
    }
    let choice = 0;
    if (runnable.length > 1) {
      choice = path[taken.length] ?? 0;
      taken.push({ choice, of: runnable.length });
    }
    proceed(runnable[choice]!);
    machine.between();
  }
  const ends = threads.map(({ outcome }) => outcome).join(", ");
  return { taken, outcome: `${ends}: ${machine.finish()}` };
}

function proceed(thread: Thread): void {
  const step = thread.work.next(thread.result);
  thread.result = THREAD_AWAKENED;
  if (step.done === true) thread.outcome = step.value;
  else if (step.value.reason !== "disk" && step.value.reason !== "yield") {
    thread.channel = step.value.channel;
  }
}
