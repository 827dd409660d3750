import type { CpuSnapshot } from "../emulator/cpu/state.js";
import type { Blocking, Wait, WaitResult } from "../vm/blocking.js";
import { THREAD_AWAKENED } from "../vm/blocking.js";
import type { Task } from "./task.js";

/** What the scheduler may do with a thread. */
export type ThreadState = "running" | "runnable" | "waiting" | "dead";

/** The registers of a thread that is not on the CPU. */
export interface SavedContext {
  readonly cpu: CpuSnapshot;
  /** ELR_EL1 and SPSR_EL1, meaningful when the thread entered the kernel through an exception. */
  readonly elr: bigint;
  readonly spsr: bigint;
}

/**
 * One thread: user registers, and the kernel work it is in the middle of. While it is on the CPU
 * its registers are the CPU's and `saved` is null.
 */
export class Thread {
  /** Unique in the machine, never reused. */
  readonly id: number;
  readonly task: Task;
  state: ThreadState = "runnable";
  saved: SavedContext | null = null;
  /**
   * It got into the kernel by an exception: the way back is ERET. False when its time ran out
   * between two instructions: the CPU state is already that of user mode.
   */
  inException = true;
  /** Kernel work to go on with before the thread sees user mode again. */
  work: Blocking<void> | null = null;
  /** What it sleeps on (state "waiting"), and how the last sleep ended. */
  wait: Wait | null = null;
  waitResult: WaitResult = THREAD_AWAKENED;
  /** Blocked signals: bit n-1 for signal n, 64 of them. */
  signalMask = 0n;
  /** Signals posted and not delivered yet, same bits. */
  pendingSignals = 0n;
  /** Stable Mach port name of this thread in its own task; 0 until asked for. */
  portName = 0;

  constructor(id: number, task: Task) {
    this.id = id;
    this.task = task;
  }
}
