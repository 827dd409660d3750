import type { CpuSnapshot } from "../emulator/index.js";
import type { Blocking, Wait, WaitResult } from "../vm/blocking.js";
import { THREAD_AWAKENED } from "../vm/blocking.js";
import type { VmMap } from "../vm/map/map.js";
import { check } from "../emulator/arch/check.js";
import type { ExcInfo } from "./exception.js";
import type { SignalInfo } from "./personality.js";
import type { Task } from "./task.js";
import type { Timer } from "./timer.js";

/** What the scheduler may do with a thread. */
export type ThreadState = "running" | "runnable" | "waiting" | "dead";

/** The registers of a thread that is not on the CPU. */
export interface SavedContext {
  readonly cpu: CpuSnapshot;
  /** ELR_EL1 and SPSR_EL1: where it goes on in user mode, and in which state. */
  readonly elr: bigint;
  readonly spsr: bigint;
}

/** An exception whose signal is pending: what the crash report tells if the thread dies of it. */
export interface PendingException {
  readonly exc: ExcInfo;
  /** The signal it became. */
  readonly signal: number;
}

/**
 * One thread: user registers, and the kernel work it is in the middle of. While it is on the CPU
 * its registers are the CPU's and `saved` is null. It is in the kernel by an exception whenever it
 * is not executing, so the way back is always ERET.
 */
export class Thread {
  /** Unique in the machine, never reused. */
  readonly id: number;
  readonly task: Task;
  state: ThreadState = "runnable";
  saved: SavedContext | null = null;
  /** Kernel work to go on with before the thread sees user mode again. */
  work: Blocking<void> | null = null;
  /** What it sleeps on (state "waiting"), and how the last sleep ended. */
  wait: Wait | null = null;
  waitResult: WaitResult = THREAD_AWAKENED;
  /** Blocked signals: bit n-1 for signal n, 64 of them. */
  signalMask = 0n;
  /** Signals posted and not delivered yet, same bits, and what came with each. */
  pendingSignals = 0n;
  readonly pendingInfo = new Map<number, SignalInfo>();
  exception: PendingException | null = null;
  /** Where it entered the kernel last, sign-extended: the faulting instruction, or its SVC. */
  trapPc = 0;
  /** Instructions left of its time slice. */
  slice = 0;
  /** Exceptions it took in a row without executing an instruction in between. */
  refaults = 0;
  /** A kernel thread never sees user mode and goes before all that do. */
  isKernel = false;
  /** Ends its sleep if nothing else does. */
  timer: Timer | null = null;

  /** The address space it acts in instead of its task's (vmMapSwitchTo). */
  adopted: VmMap | null = null;

  constructor(id: number, task: Task) {
    this.id = id;
    this.task = task;
  }

  /** The address space the kernel acts in for it. XNU: thread->map. */
  get map(): VmMap {
    return this.adopted ?? this.task.map;
  }
}

/** Registers to change in a context that is not on the CPU. Raw 64-bit values. */
export interface ContextPatch {
  /** X0..X30 by number. */
  readonly x?: Readonly<Record<number, bigint>>;
  readonly sp?: bigint;
  readonly pc?: bigint;
  /** PSTATE as SPSR_EL1 holds it. */
  readonly spsr?: bigint;
  readonly tpidrEl0?: bigint;
}

/** Change registers of a thread that is not on the CPU: the results of fork in the child. */
export function patchSaved(thread: Thread, patch: ContextPatch): void {
  const { saved } = thread;
  check(saved !== null, "thread is on the CPU", thread.id);
  const registers = saved.cpu.registers.slice();
  const view = new DataView(registers.buffer);
  for (const [n, value] of Object.entries(patch.x ?? {})) {
    view.setBigUint64(8 * Number(n), BigInt.asUintN(64, value), true);
  }
  thread.saved = {
    cpu: {
      ...saved.cpu,
      registers,
      spEl0: patch.sp ?? saved.cpu.spEl0,
      tpidrEl0: patch.tpidrEl0 ?? saved.cpu.tpidrEl0,
    },
    elr: patch.pc ?? saved.elr,
    spsr: patch.spsr ?? saved.spsr,
  };
}
