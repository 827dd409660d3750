import { COUNTER_HZ } from "../../../emulator/arch/sysreg.js";
import {
  THREAD_ABORTSAFE,
  THREAD_TIMED_OUT,
  type Blocking,
  type Wait,
} from "../../../vm/blocking.js";
import { sleepUntil } from "../../timer.js";
import {
  CLOCK_BOOTTIME,
  CLOCK_MONOTONIC,
  CLOCK_MONOTONIC_COARSE,
  CLOCK_MONOTONIC_RAW,
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME,
  CLOCK_REALTIME_COARSE,
  CLOCK_THREAD_CPUTIME_ID,
  TIMER_ABSTIME,
  USER_HZ,
} from "./abi.js";
import { call, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";
import { RealTimer } from "./real-timer.js";
import { readTime, readTimeval, timevalWords, timeWords } from "./time.js";

const NANOSECONDS = 1_000_000_000n;
const RUSAGE_WORDS = 18;

/**
 * What a clock shows, in nanoseconds; null for one there is not. All follow the instructions the
 * machine has executed; the clocks of CPU time count other tasks', too.
 */
function clockTime(c: LinuxCall, id: number): bigint | null {
  const { clock } = c.kernel;
  switch (id) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
      return clock.realtimeNanoseconds;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
      return clock.nanoseconds;
    default:
      return null;
  }
}

function* clockGettime(c: LinuxCall): Blocking<LinuxResult> {
  const time = clockTime(c, c.int(0));
  if (time === null) return "EINVAL";
  return (yield* c.copyOutWords(c.u64(1), timeWords(time))) ?? 0;
}

function* clockGetres(c: LinuxCall): Blocking<LinuxResult> {
  if (clockTime(c, c.int(0)) === null) return "EINVAL";
  if (c.u64(1) === 0n) return 0;
  const resolution = NANOSECONDS / BigInt(COUNTER_HZ);
  return (yield* c.copyOutWords(c.u64(1), timeWords(resolution))) ?? 0;
}

/** Sleep to a deadline on the clock since boot; a relative sleep tells what was left of it. */
function* sleep(c: LinuxCall, deadline: bigint, remainingAt: bigint): Blocking<LinuxResult> {
  const { clock } = c.kernel;
  const wait: Wait = { channel: {}, interruptible: THREAD_ABORTSAFE, reason: "nanosleep" };
  if ((yield* sleepUntil(c.kernel, wait, deadline)) === THREAD_TIMED_OUT) return 0;
  if (remainingAt !== 0n) {
    const now = clock.nanoseconds;
    const left = deadline > now ? deadline - now : 0n;
    const fault = yield* c.copyOutWords(remainingAt, timeWords(left));
    if (fault !== null) return fault;
  }
  return "EINTR";
}

function* nanosleep(c: LinuxCall): Blocking<LinuxResult> {
  const time = yield* readTime(c, c.u64(0));
  if (typeof time === "string") return time;
  return yield* sleep(c, c.kernel.clock.nanoseconds + time, c.u64(1));
}

function* clockNanosleep(c: LinuxCall): Blocking<LinuxResult> {
  const now = clockTime(c, c.int(0));
  if (now === null) return "EINVAL";
  const time = yield* readTime(c, c.u64(2));
  if (typeof time === "string") return time;
  const { nanoseconds } = c.kernel.clock;
  if ((c.int(1) & TIMER_ABSTIME) === 0) return yield* sleep(c, nanoseconds + time, c.u64(3));
  return yield* sleep(c, nanoseconds + (time - now), 0n);
}

function* gettimeofday(c: LinuxCall): Blocking<LinuxResult> {
  if (c.u64(0) !== 0n) {
    const words = timevalWords(c.kernel.clock.realtimeNanoseconds);
    const fault = yield* c.copyOutWords(c.u64(0), words);
    if (fault !== null) return fault;
  }
  return c.u64(1) === 0n ? 0 : ((yield* c.copyOut(c.u64(1), new Uint8Array(8))) ?? 0);
}

const ITIMER_REAL = 0;

/** struct itimerval: interval, then what is left. */
function* copyOutTimer(c: LinuxCall, at: bigint): Blocking<LinuxResult> {
  const timer = c.state.realTimer;
  const left = timer === null ? 0n : timer.deadline - c.kernel.clock.nanoseconds;
  const words = [...timevalWords(timer?.interval ?? 0n), ...timevalWords(left > 0n ? left : 0n)];
  return (yield* c.copyOutWords(at, words)) ?? 0;
}

function* getitimer(c: LinuxCall): Blocking<LinuxResult> {
  return c.int(0) === ITIMER_REAL ? yield* copyOutTimer(c, c.u64(1)) : "EINVAL";
}

/** Differs from Linux: there is only the timer of real time (SIGALRM). */
function* setitimer(c: LinuxCall): Blocking<LinuxResult> {
  if (c.int(0) !== ITIMER_REAL) return "EINVAL";
  let [interval, value] = [0n, 0n];
  if (c.u64(1) !== 0n) {
    const first = yield* readTimeval(c, c.u64(1));
    if (typeof first === "string") return first;
    const second = yield* readTimeval(c, c.u64(1) + 16n);
    if (typeof second === "string") return second;
    [interval, value] = [first, second];
  }
  if (c.u64(2) !== 0n) {
    const result = yield* copyOutTimer(c, c.u64(2));
    if (result !== 0) return result;
  }
  const { kernel, state, task } = c;
  state.realTimer?.cancel();
  state.realTimer = value === 0n ? null : new RealTimer(kernel, task, value, interval);
  return 0;
}

/** All the time there was counts as this task's user time. */
function* times(c: LinuxCall): Blocking<LinuxResult> {
  const ticks = (c.kernel.clock.nanoseconds * BigInt(USER_HZ)) / NANOSECONDS;
  const fault = c.u64(0) === 0n ? null : yield* c.copyOutWords(c.u64(0), [ticks, 0n, 0n, 0n]);
  return fault ?? ticks;
}

function* getrusage(c: LinuxCall): Blocking<LinuxResult> {
  const [seconds, microseconds] = timevalWords(c.kernel.clock.nanoseconds);
  const words: bigint[] = Array.from({ length: RUSAGE_WORDS }, () => 0n);
  words[0] = seconds;
  words[1] = microseconds;
  return (yield* c.copyOutWords(c.u64(1), words)) ?? 0;
}

/** Calls about time. */
export const TIME_ROWS: readonly LinuxRow[] = [
  call(101, "nanosleep", "req:pointer rem:pointer", nanosleep),
  call(102, "getitimer", "which:int value:pointer", getitimer),
  call(103, "setitimer", "which:int new:pointer old:pointer", setitimer),
  call(112, "clock_settime", "clock:int time:pointer", () => "EPERM"),
  call(113, "clock_gettime", "clock:int time:pointer", clockGettime),
  call(114, "clock_getres", "clock:int res:pointer", clockGetres),
  call(115, "clock_nanosleep", "clock:int flags:hex req:pointer rem:pointer", clockNanosleep),
  call(153, "times", "buf:pointer", times),
  call(165, "getrusage", "who:int usage:pointer", getrusage),
  call(169, "gettimeofday", "tv:pointer tz:pointer", gettimeofday),
  call(170, "settimeofday", "tv:pointer tz:pointer", () => "EPERM"),
];
