import { sysregSlot } from "../emulator/arch/sysreg.js";
import { THREAD_ABORTSAFE, THREAD_TIMED_OUT, type Blocking } from "../vm/blocking.js";
import { switchTo } from "./context-switch.js";
import type { Kernel } from "./kernel.js";
import { vaOf } from "./platform.js";
import { mustNotReturn, takeSignals } from "./signal-delivery.js";
import type { Thread } from "./thread.js";
import { trap } from "./trap.js";

const ELR = sysregSlot("ELR_EL1");
const SPSR = sysregSlot("SPSR_EL1");

/** Of a time slice, what an exception costs: a thread that does nothing but fault has its turn end, too. */
const EXCEPTION_COST = 100;
/**
 * A thread that takes so many exceptions in a row without executing an instruction repeats itself:
 * the signal of the exception is blocked or ignored. It spins for ever on hardware; here it sleeps
 * until a signal comes.
 */
const MAX_REFAULTS = 1000;

/** Why the CPU was given up. */
export type TurnEnd = "slept" | "preempted" | "died" | "limit";

/**
 * Give a thread the CPU: kernel work first, then user mode, until it sleeps, dies or has had its
 * time. XNU: the thread's side of thread_invoke, and thread_exception_return.
 * @param limit value of the machine's instruction counter that must not be passed
 */
export function runThread(kernel: Kernel, thread: Thread, limit: number): TurnEnd {
  kernel.current = thread;
  if (thread.isKernel) {
    const end = continueWork(kernel, thread) ?? "died";
    kernel.current = null;
    return end;
  }
  switchTo(kernel, thread);
  const end = takeTurn(kernel, thread, limit);
  kernel.current = null;
  if (end === "died") kernel.cpuOwner = null;
  return end;
}

function takeTurn(kernel: Kernel, thread: Thread, limit: number): TurnEnd {
  const { machine, scheduler } = kernel;
  for (;;) {
    const end = continueWork(kernel, thread);
    if (end !== null) return end;
    if (mustNotReturn(thread)) {
      thread.work = takeSignals(kernel, thread);
      continue;
    }
    if (scheduler.urgent) {
      scheduler.putBack(thread);
      return "preempted";
    }
    if (thread.slice <= 0) {
      scheduler.enqueue(thread);
      return "preempted";
    }
    const before = machine.instructionsExecuted;
    if (before >= limit) {
      scheduler.enqueue(thread);
      return "limit";
    }
    // Alone on the machine, a thread runs on: nobody could tell the difference.
    const alone = !scheduler.contended && kernel.timers.next === null;
    const budget = Math.min(limit - before, alone ? Infinity : thread.slice);
    machine.eret();
    const exit = machine.run(Math.min(budget, Number.MAX_SAFE_INTEGER));
    const executed = machine.instructionsExecuted - before;
    thread.slice -= executed;
    if (exit.kind === "exception") {
      thread.slice -= EXCEPTION_COST;
      thread.refaults = executed === 0 && sameAddress(kernel, thread) ? thread.refaults + 1 : 0;
      thread.work = thread.refaults > MAX_REFAULTS ? spin(thread) : trap(kernel, thread);
    } else {
      takeInterrupt(kernel);
    }
  }
}

/** Go on with a thread's kernel work. @returns null when there is none left to do */
function continueWork(kernel: Kernel, thread: Thread): TurnEnd | null {
  if (thread.work === null) return null;
  if (thread.timer !== null) kernel.timers.cancel(thread.timer);
  thread.timer = null;
  const step = thread.work.next(thread.waitResult);
  if (step.done !== true) {
    const wait = step.value;
    kernel.scheduler.sleep(thread, wait);
    if (wait.timeoutNs !== undefined) {
      const deadline = kernel.clock.nanoseconds + BigInt(wait.timeoutNs);
      thread.timer = kernel.timers.set(deadline, () => {
        kernel.scheduler.wake(thread, THREAD_TIMED_OUT);
      });
    }
    return "slept";
  }
  thread.work = null;
  return thread.state === "dead" ? "died" : null;
}

/** The exception was taken where the last one was. */
function sameAddress(kernel: Kernel, thread: Thread): boolean {
  return vaOf(kernel.cpu.readLo(ELR), kernel.cpu.readHi(ELR)) === thread.trapPc;
}

/** The time is up between two instructions: as a timer interrupt, which saves PC and PSTATE. */
function takeInterrupt(kernel: Kernel): void {
  const { cpu } = kernel;
  cpu.writeSlot(ELR, cpu.pcLo, cpu.pcHi);
  cpu.writeSlot(SPSR, cpu.nzcv | cpu.pstate | 0, 0);
}

function* spin(thread: Thread): Blocking<void> {
  thread.refaults = 0;
  yield {
    channel: thread,
    interruptible: THREAD_ABORTSAFE,
    reason: `the same exception over and over at 0x${thread.trapPc.toString(16)}`,
  };
}
