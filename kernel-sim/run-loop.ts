import { sysregSlot } from "../emulator/arch/sysreg.js";
import { THREAD_ABORTSAFE, type Blocking } from "../vm/blocking.js";
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
  switchTo(kernel, thread);
  kernel.current = thread;
  const end = takeTurn(kernel, thread, limit);
  kernel.current = null;
  if (end === "died") kernel.cpuOwner = null;
  return end;
}

function takeTurn(kernel: Kernel, thread: Thread, limit: number): TurnEnd {
  const { machine, scheduler } = kernel;
  for (;;) {
    if (thread.work !== null) {
      const step = thread.work.next(thread.waitResult);
      if (step.done !== true) {
        scheduler.sleep(thread, step.value);
        return "slept";
      }
      thread.work = null;
      if (thread.state === "dead") return "died";
    }
    if (mustNotReturn(thread)) {
      thread.work = takeSignals(kernel, thread);
      continue;
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
