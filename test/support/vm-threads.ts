import { check } from "../../emulator/arch/check.js";
import { THREAD_AWAKENED, THREAD_TIMED_OUT, THREAD_UNINT } from "../../vm/blocking.js";
import type { Blocking, Wait, WaitResult } from "../../vm/blocking.js";
import { VnodePager, type VnodeBacking } from "../../vm/object/index.js";
import type { VmObject } from "../../vm/object/object.js";
import type { PagerFaultInfo } from "../../vm/object/pager.js";
import type { KernReturn, VmProt } from "../../vm/types.js";

/** A thread offers the others to run. */
export const YIELD: Wait = { channel: {}, interruptible: THREAD_UNINT, reason: "yield" };

/** What sleepers on input wait for; nothing wakes them but an idle scheduler. */
export const DISK: Wait = { channel: {}, interruptible: THREAD_UNINT, reason: "disk" };

interface Sleeper {
  readonly work: Blocking<void>;
  /** Never ends, so nobody waits for that. */
  readonly daemon: boolean;
  /** Null while runnable. */
  wait: Wait | null;
  result: WaitResult;
}

/** Runs several threads, changing between them wherever one sleeps, as `choose` says. */
export class VmThreads {
  readonly #choose: (count: number) => number;
  readonly #idle: () => boolean;
  #threads: Sleeper[] = [];

  /**
   * @param choose which of `count` runnable threads goes on
   * @param idle everybody sleeps for memory: free some, or return false to give up
   */
  constructor(choose: (count: number) => number, idle: () => boolean) {
    this.#choose = choose;
    this.#idle = idle;
  }

  wakeup(channel: object, result: WaitResult = THREAD_AWAKENED): void {
    for (const thread of this.#threads) {
      if (thread.wait?.channel !== channel) continue;
      thread.wait = null;
      thread.result = result;
    }
  }

  /**
   * Run all to their ends; `between` is called at each change of thread.
   * @param daemons run with them, and at the end until each of them sleeps for good
   * @param born threads that the others start: taken from here
   */
  run(
    programs: readonly Blocking<void>[],
    between: () => void,
    daemons: readonly Blocking<void>[] = [],
    born: Blocking<void>[] = [],
  ): void {
    const start = (work: Blocking<void>, daemon: boolean): Sleeper => ({
      work,
      daemon,
      wait: null,
      result: THREAD_AWAKENED,
    });
    this.#threads = [
      ...programs.map((work) => start(work, false)),
      ...daemons.map((work) => start(work, true)),
    ];
    for (;;) {
      for (const work of born.splice(0)) this.#threads.push(start(work, false));
      const runnable = this.#threads.filter(({ wait }) => wait === null);
      const left = this.#threads.some(({ daemon }) => !daemon);
      if (runnable.length === 0) {
        if (!this.#wakeSomebody(left)) return;
        continue;
      }
      const thread = runnable[this.#choose(runnable.length)]!;
      const step = thread.work.next(thread.result);
      thread.result = THREAD_AWAKENED;
      if (step.done === true) this.#threads = this.#threads.filter((other) => other !== thread);
      else if (step.value !== YIELD) thread.wait = step.value;
      between();
    }
  }

  /** Nobody can run. @returns false: nobody will, which is fine unless some are `left` */
  #wakeSomebody(left: boolean): boolean {
    const reader = this.#threads.find(({ wait }) => wait?.reason === DISK.reason);
    const timed = this.#threads.find(({ wait }) => wait?.timeoutNs !== undefined);
    const sleeper = reader ?? timed;
    if (sleeper !== undefined) {
      sleeper.result = sleeper === reader ? THREAD_AWAKENED : THREAD_TIMED_OUT;
      sleeper.wait = null;
      return true;
    }
    if (!left) return false;
    const reasons = this.#threads.map(({ wait }) => wait?.reason);
    const short = reasons.includes("no free pages");
    check(short && this.#idle(), `everybody sleeps: ${reasons.join(", ")}`);
    return true;
  }
}

/** A pager whose every request sleeps first, and the page may come from elsewhere meanwhile. */
export class SlowPager extends VnodePager {
  override *dataRequest(
    object: VmObject,
    offset: number,
    length: number,
    access: VmProt,
    info: PagerFaultInfo,
  ): Blocking<KernReturn> {
    yield DISK;
    return yield* super.dataRequest(object, offset, length, access, info);
  }
}

/** A read-only file of zeroes. */
export function zeroFile(size: number): VnodeBacking {
  return {
    key: "slow",
    name: "/slow",
    size: () => size,
    read(_offset, into) {
      into.fill(0);
      return into.length;
    },
    write: (_offset, from) => from.length,
  };
}
