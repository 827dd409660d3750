import type { Blocking } from "../vm/blocking.js";
import type { ExcInfo } from "./exception.js";
import type { Kernel } from "./kernel.js";
import type { Task } from "./task.js";
import type { Thread } from "./thread.js";

/** What a signal does to a task that has no handler for it. */
export type SignalDefault = "terminate" | "core" | "ignore" | "stop" | "continue";

/** A signal on its way to a thread, in the numbering of the task's operating system. */
export interface SignalInfo {
  readonly number: number;
  /** "SIGSEGV", ... */
  readonly name: string;
  /** si_code. */
  readonly code: number;
  /** si_addr: raw 64 bits, tag byte included. */
  readonly address: bigint;
  /**
   * An exception's signal that cannot be held off: if it is blocked or ignored, its action is reset
   * to the default and it is unblocked (Linux: force_sig; XNU: the stack rule of ux_exception).
   */
  readonly forced?: boolean;
  /** Why the kernel sent it of its own accord, for the report. */
  readonly reason?: string;
}

/** Numbers of the signals the kernel sends of its own accord. */
export interface KernelSignals {
  readonly kill: number;
  readonly stop: number;
  readonly cont: number;
  readonly child: number;
  readonly pipe: number;
}

/** The operating system a task believes it runs on: its calls, its signals, its error numbers. */
export interface Personality {
  readonly name: "darwin" | "linux";
  readonly signals: KernelSignals;
  /**
   * Serve the SVC the thread just took and set its result registers. The thread is on the CPU
   * (`kernel.cpu` holds its registers) now and again after every wait. A call that ends the thread
   * or replaces its registers leaves them as they must be.
   */
  syscall(kernel: Kernel, thread: Thread): Blocking<void>;
  /** An exception nobody handled becomes this signal. */
  exceptionSignal(exc: ExcInfo, task: Task): SignalInfo;
  signalName(signal: number): string;
  signalDefault(signal: number): SignalDefault;
  /**
   * Make the thread run the task's handler for `signal` when it returns to user mode.
   * @returns false if the frame could not be written: the task dies
   * Absent: this personality does not run handlers, the default action is taken.
   */
  deliverSignal?(kernel: Kernel, thread: Thread, signal: SignalInfo): Blocking<boolean>;
  /** A task was forked: copy what the personality keeps of `parent` outside the task. */
  taskForked?(parent: Task, child: Task): void;
  /** A task is ending: let go of what the personality keeps for it. */
  taskExiting?(kernel: Kernel, task: Task): Blocking<void>;
}
