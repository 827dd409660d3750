import type { Task } from "../../task.js";
import type { RealTimer } from "./real-timer.js";

/** What only Linux keeps of a task. Tasks have one thread, so what Linux keeps per thread is here. */
export class LinuxState {
  /** The heap that brk moves: [start, end), end in bytes, not rounded. */
  brkStart = 0;
  brkEnd = 0;
  /** Mappings without an address of their own go below this, highest first. Bytes. */
  mmapBase = 0;
  /** Address of code that calls rt_sigreturn, for handlers without SA_RESTORER (Linux: the vDSO's). */
  signalReturn = 0n;
  /** PR_SET_NAME: at most 15 bytes. */
  name = "";
  /** sigaltstack: base, size and SS_ flags. */
  altStack = { base: 0n, size: 0n, flags: SS_DISABLE };
  /** The mask rt_sigsuspend replaced, which the next handler's return restores. */
  suspendedMask: bigint | null = null;
  /** First argument of an interrupted call that SA_RESTART may repeat, until a signal is delivered. */
  interruptedX0: bigint | null = null;

  /** ITIMER_REAL; a child does not inherit it, a new program does. */
  realTimer: RealTimer | null = null;
  /** Whoever waits in vfork until this task executes a program or ends. */
  vforkParent: Task | null = null;

  fork(): LinuxState {
    const copy = new LinuxState();
    copy.brkStart = this.brkStart;
    copy.brkEnd = this.brkEnd;
    copy.mmapBase = this.mmapBase;
    copy.signalReturn = this.signalReturn;
    copy.name = this.name;
    copy.altStack = { ...this.altStack };
    return copy;
  }
}

export const SS_ONSTACK = 1;
export const SS_DISABLE = 2;

const states = new WeakMap<Task, LinuxState>();

/** The Linux side of `task`, made when first asked for. */
export function linuxState(task: Task): LinuxState {
  let state = states.get(task);
  if (state === undefined) {
    state = new LinuxState();
    states.set(task, state);
  }
  return state;
}

/** Give a task its state: exec starts afresh, fork copies. */
export function setLinuxState(task: Task, state: LinuxState): void {
  states.set(task, state);
}
