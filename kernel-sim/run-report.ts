import { check } from "../emulator/arch/check.js";
import type { Kernel } from "./kernel.js";
import type { Task } from "./task.js";

/** How a run ended. `exitCode` is what a shell would see. */
export type ExitReport = { readonly exitCode: number; readonly instructions: number } & (
  | { readonly kind: "exited"; readonly status: number }
  | {
      readonly kind: "signaled";
      readonly signal: number;
      readonly signalName: string;
      /**
       * One paragraph: registers, instruction, symbol, map entry and why. Put together when it is read: after
       * `prepareDisassembler` the instruction is assembly, otherwise a word.
       */
      readonly report: string;
    }
  /** The instruction limit was reached; `run` may be called again and reports the same. */
  | { readonly kind: "limit"; readonly message: string }
  | { readonly kind: "deadlock"; readonly message: string }
  /** The simulated kernel panicked, or an invariant of ours broke: `error` says where. */
  | { readonly kind: "panic"; readonly message: string; readonly error: Error | null }
);

/** Exit codes of runs that did not end with the program: timeout(1)'s, and sysexits' EX_SOFTWARE. */
const EXIT_LIMIT = 124;
const EXIT_DEADLOCK = 125;
const EXIT_PANIC = 70;
/** What a shell adds to the number of the signal a program died of. */
const EXIT_SIGNALED = 128;

/** The report of a run whose first task has exited. */
export function exitReport(kernel: Kernel, task: Task): ExitReport {
  const status = task.exitStatus;
  check(status !== null, "the first task still lives");
  const { instructions } = kernel.stats;
  if (status.kind === "exited") {
    return { kind: "exited", status: status.status, exitCode: status.status & 0xff, instructions };
  }
  const { number, name } = status.signal;
  return {
    kind: "signaled",
    signal: number,
    signalName: name,
    get report() {
      return status.report();
    },
    exitCode: EXIT_SIGNALED + number,
    instructions,
  };
}

export function limitReport(kernel: Kernel, limit: number): ExitReport {
  const message = `the limit of ${limit} instructions is reached`;
  return { kind: "limit", message, exitCode: EXIT_LIMIT, instructions: kernel.stats.instructions };
}

export function deadlockReport(kernel: Kernel): ExitReport {
  const message = `every thread sleeps for ever: ${kernel.scheduler.describeSleepers()}`;
  const { instructions } = kernel.stats;
  return { kind: "deadlock", message, exitCode: EXIT_DEADLOCK, instructions };
}

export function panicReport(kernel: Kernel, message: string, error: Error | null): ExitReport {
  const { instructions } = kernel.stats;
  return { kind: "panic", message, error, exitCode: EXIT_PANIC, instructions };
}
