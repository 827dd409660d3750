import type { CpuState } from "../emulator/cpu/state.js";
import type { Machine } from "../emulator/index.js";
import type { VmSystem } from "../vm/index.js";
import type { ExitRecord, KernelFaultRecord, SyscallRecord } from "./events.js";
import type { Console, FileSystem } from "./fs/types.js";
import type { VnodeTable } from "./fs/vnode.js";
import type { LoadError } from "./loader/errors.js";
import type { Task } from "./task.js";
import type { Thread } from "./thread.js";

export interface KernelOptions {
  /** Guest RAM, a multiple of 64 KiB. 256 MiB. */
  ramBytes?: number;
  /** Of everything random: address space layout, getentropy, TLB replacement. 1. */
  seed?: number;
  /** Default: an empty in-memory file system. */
  fs?: FileSystem;
  /** Default: output is dropped, input is at its end. */
  console?: Console;
  /** Environment of the first task. */
  env?: readonly string[];
  /** `run` gives up after so many guest instructions. Default: no limit. */
  maxInstructions?: number;
}

/** How a run ended. `exitCode` is what a shell would see. */
export type ExitReport = { readonly exitCode: number; readonly instructions: number } & (
  | { readonly kind: "exited"; readonly status: number }
  | {
      readonly kind: "signaled";
      readonly signal: number;
      readonly signalName: string;
      /** One paragraph: registers, instruction, symbol, map entry and why. */
      readonly report: string;
    }
  | { readonly kind: "limit"; readonly message: string }
  | { readonly kind: "deadlock"; readonly message: string }
  | { readonly kind: "panic"; readonly message: string }
);

export interface KernelStats {
  instructions: number;
  /** Exceptions taken, by ESR_EL1.EC. */
  readonly exceptions: Map<number, number>;
  /** Aborts that arm_fast_fault resolved. */
  fastFaults: number;
  /** vm_fault calls from aborts, by fault type (vm/fault/event.ts DBG_*). */
  readonly vmFaults: Map<number, number>;
  /** Aborts that became an exception or EFAULT. */
  failedFaults: number;
  syscalls: number;
  contextSwitches: number;
}

export type ExecResult =
  { readonly ok: true; readonly task: Task } | { readonly ok: false; readonly error: LoadError };

export declare class Kernel {
  readonly machine: Machine;
  readonly cpu: CpuState;
  readonly vm: VmSystem;
  readonly fs: FileSystem;
  readonly console: Console;
  /** Files as memory: one VM object per file. `vnodes.reclaim()` when the last task is gone. */
  readonly vnodes: VnodeTable;
  /** Virtual time since boot: follows the number of executed instructions. */
  readonly clock: { readonly nanoseconds: bigint };
  readonly tasks: ReadonlyMap<number, Task>;
  readonly stats: KernelStats;
  /** The thread on the CPU: kernel work always runs on behalf of it. */
  readonly current: Thread | null;
  onFault: ((record: KernelFaultRecord) => void) | null;
  onSyscall: ((record: SyscallRecord) => void) | null;
  onExit: ((record: ExitRecord) => void) | null;
  constructor(options?: KernelOptions);
  exec(
    bytes: Uint8Array,
    path: string,
    argv: readonly string[],
    env?: readonly string[],
  ): ExecResult;
  run(): ExitReport;
  /** Seeded random 32-bit number, unsigned. */
  random32(): number;
  /** Kill what is left and reap it, so that every frame is back. */
  shutdown(): void;
  assertConsistent(): void;
  assertNoLeaks(): void;
}
