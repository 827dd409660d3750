import { COUNTER_HZ } from "../../../emulator/arch/sysreg.js";
import {
  THREAD_ABORTSAFE,
  THREAD_INTERRUPTED,
  THREAD_UNINT,
  type Blocking,
  type Wait,
} from "../../../vm/blocking.js";
import {
  KERN_ABORTED,
  KERN_FAILURE,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_VALUE,
  KERN_NOT_SUPPORTED,
  KERN_SUCCESS,
} from "../../../vm/types.js";
import type { Kernel } from "../../kernel.js";
import { sleepUntil } from "../../timer.js";
import { trap, type DarwinCall, type MachReturn, type MachRow } from "./call.js";
import { MACH_PORT_NULL } from "./ports.js";

/** thread_switch options (mach/thread_switch.h). */
const SWITCH_OPTION_NONE = 0;
const SWITCH_OPTION_DEPRESS = 1;
const SWITCH_OPTION_WAIT = 2;
const SWITCH_OPTION_DISPATCH_CONTENTION = 3;
const SWITCH_OPTION_OSLOCK_DEPRESS = 4;
const SWITCH_OPTION_OSLOCK_WAIT = 5;
const TIME_ABSOLUTE = 0;
const TIME_RELATIVE = 1;
const NANOSECONDS = 1_000_000_000n;
const NS_PER_MS = 1_000_000n;
const NS_PER_US = 1_000n;

/** Ticks to nanoseconds as a fraction in lowest terms: 125/3. */
const TIMEBASE = lowestTerms(1_000_000_000, COUNTER_HZ);

function lowestTerms(a: number, b: number): readonly [number, number] {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return [a / x, b / x];
}

/**
 * Let the other runnable threads have a turn each. XNU: thread_block with AST_YIELD.
 * @returns whether there was another
 */
function* yieldCpu(c: DarwinCall): Blocking<boolean> {
  const { kernel } = c;
  if (!kernel.scheduler.contended) return false;
  const { current } = kernel;
  // A sleep that is over at once: the thread is last in the queue again.
  kernel.timers.set(kernel.clock.nanoseconds, () => {
    if (current !== null) kernel.scheduler.wake(current, 0);
  });
  yield { channel: {}, interruptible: THREAD_UNINT, reason: "yield" };
  return true;
}

function* swtch(c: DarwinCall): Blocking<bigint> {
  return (yield* yieldCpu(c)) ? 1n : 0n;
}

/** The thread named is not preferred: whoever is next in the queue runs. */
function* threadSwitch(c: DarwinCall): Blocking<MachReturn> {
  const time = BigInt(c.uint(2));
  switch (c.int(1)) {
    case SWITCH_OPTION_NONE:
    case SWITCH_OPTION_DEPRESS:
    case SWITCH_OPTION_OSLOCK_DEPRESS:
      yield* yieldCpu(c);
      return KERN_SUCCESS;
    case SWITCH_OPTION_WAIT:
    case SWITCH_OPTION_OSLOCK_WAIT:
      return yield* nap(c, time * NS_PER_MS);
    case SWITCH_OPTION_DISPATCH_CONTENTION:
      return yield* nap(c, time * NS_PER_US);
    default:
      return KERN_INVALID_ARGUMENT;
  }
}

function* nap(c: DarwinCall, nanoseconds: bigint): Blocking<MachReturn> {
  yield* sleep(c.kernel, c.kernel.clock.nanoseconds + nanoseconds, "thread_switch");
  return KERN_SUCCESS;
}

/** @returns whether it slept to the end */
function* sleep(kernel: Kernel, deadline: bigint, reason: string): Blocking<boolean> {
  const wait: Wait = { channel: {}, interruptible: THREAD_ABORTSAFE, reason };
  return (yield* sleepUntil(kernel, wait, deadline)) !== THREAD_INTERRUPTED;
}

/** @param deadline argument 0: ticks, as mach_absolute_time counts */
function* machWaitUntil(c: DarwinCall): Blocking<MachReturn> {
  const ticks = c.u64(0);
  const hz = BigInt(COUNTER_HZ);
  const deadline = (ticks * NANOSECONDS + hz - 1n) / hz;
  return (yield* sleep(c.kernel, deadline, "mach_wait_until")) ? KERN_SUCCESS : KERN_ABORTED;
}

/** Only the system clock, which the null port stands for, can be slept on. XNU: clock_sleep_trap. */
function* clockSleep(c: DarwinCall): Blocking<MachReturn> {
  if (c.uint(0) !== MACH_PORT_NULL) {
    const port = c.state.ports.send(c.uint(0));
    return typeof port === "number" ? KERN_INVALID_ARGUMENT : KERN_FAILURE;
  }
  const [type, seconds, nanoseconds] = [c.int(1), BigInt(c.int(2)), BigInt(c.int(3))];
  const valid = type === TIME_ABSOLUTE || type === TIME_RELATIVE;
  if (!valid || seconds < 0n || nanoseconds < 0n || nanoseconds >= NANOSECONDS) {
    return KERN_INVALID_VALUE;
  }
  const { clock } = c.kernel;
  const base = type === TIME_RELATIVE ? clock.nanoseconds : 0n;
  const deadline = base + seconds * NANOSECONDS + nanoseconds;
  const slept = yield* sleep(c.kernel, deadline, "clock_sleep");
  const now = clock.nanoseconds;
  yield* c.copyOutInts(c.u64(4), [Number(now / NANOSECONDS), Number(now % NANOSECONDS)]);
  return slept ? KERN_SUCCESS : KERN_ABORTED;
}

/** Succeeds whether or not the answer could be stored. XNU: mach_timebase_info_trap. */
function* timebaseInfo(c: DarwinCall): Blocking<MachReturn> {
  yield* c.copyOutInts(c.u64(0), TIMEBASE);
  return KERN_SUCCESS;
}

/** A trap that XNU has and that is not served here. Differs from XNU. */
function unserved(number: number, name: string, args: string): MachRow {
  return trap(number, name, args, () => KERN_NOT_SUPPORTED);
}

/** Time and the CPU. XNU: kern/clock.c, kern/syscall_subr.c. */
export const MACH_MISC_ROWS: readonly MachRow[] = [
  trap(3, "mach_absolute_time", "", (c) => c.kernel.clock.ticks, "value"),
  trap(4, "mach_continuous_time", "", (c) => c.kernel.clock.ticks, "value"),
  unserved(13, "task_dyld_process_info_notify_get", "names:pointer count:pointer"),
  unserved(43, "mach_generate_activity_id", "target:port count:int activity:pointer"),
  trap(58, "pfz_exit", "", () => KERN_SUCCESS),
  trap(59, "swtch_pri", "pri:int", swtch, "value"),
  trap(60, "swtch", "", swtch, "value"),
  trap(61, "thread_switch", "thread:port option:int time:uint", threadSwitch),
  trap(62, "clock_sleep_trap", "clock:port type:int sec:int nsec:int wakeup:pointer", clockSleep),
  trap(89, "mach_timebase_info_trap", "info:pointer", timebaseInfo),
  trap(90, "mach_wait_until_trap", "deadline:uint", machWaitUntil),
  unserved(91, "mk_timer_create_trap", ""),
  unserved(92, "mk_timer_destroy_trap", "name:port"),
  unserved(93, "mk_timer_arm_trap", "name:port expire:uint"),
  unserved(94, "mk_timer_cancel_trap", "name:port result:pointer"),
  unserved(95, "mk_timer_arm_leeway_trap", "name:port flags:hex expire:uint leeway:uint"),
];
