import type { FaultEvent } from "../vm/fault/event.js";
import type { KernReturn } from "../vm/types.js";
import type { ArgKind } from "./syscall/row.js";
import type { ExitStatus } from "./task.js";

/** How an abort was resolved. */
export type FaultResolution = "fast-fault" | "vm-fault" | "failed";

/** One abort, from user mode or taken while the kernel touched user memory. */
export interface KernelFaultRecord {
  /** Serial number from 1, of all aborts of this machine. */
  readonly number: number;
  /** Instructions the machine had executed when it was taken. */
  readonly instructions: number;
  readonly pid: number;
  /** The faulting instruction, or the SVC a copy is made for: bytes, sign-extended. */
  readonly pc: number;
  /** "main+0x10" when the program has symbols. */
  readonly symbol: string | null;
  /** FAR without its tag: bytes, sign-extended. */
  readonly address: number;
  readonly access: "read" | "write" | "exec";
  readonly esr: number;
  /** "data abort, lower EL: write, translation fault, level 3". */
  readonly esrName: string;
  readonly resolution: FaultResolution;
  /** What vm_fault did; null when the fast path resolved it, or the map refused it before. */
  readonly event: FaultEvent | null;
  readonly kr: KernReturn;
  /** The leaf entry as it is now, in halves, and its physical address; null when there is none. */
  readonly pte: { readonly lo: number; readonly hi: number; readonly pa: number } | null;
  /** Taken by copyin, copyout or copyinstr. */
  readonly fromKernel: boolean;
}

/** One argument of a call as it was made. `text` is set for strings and byte buffers. */
export interface SyscallArgument {
  readonly name: string;
  readonly kind: ArgKind;
  readonly value: bigint;
  readonly text: string | null;
}

/** A finished call (or one that does not return, when the thread is about to go). */
export interface SyscallRecord {
  readonly number: number;
  readonly instructions: number;
  readonly pid: number;
  readonly tid: number;
  /** Address of the SVC instruction: bytes. */
  readonly pc: number;
  readonly family: "bsd" | "mach" | "platform" | "linux";
  /** The number as its family counts: BSD and Linux call, Mach trap (positive). */
  readonly code: number;
  readonly name: string;
  readonly args: readonly SyscallArgument[];
  readonly result:
    | { readonly kind: "value"; readonly value: bigint; readonly text: string | null }
    | { readonly kind: "error"; readonly value: number; readonly name: string }
    | { readonly kind: "none" };
}

export interface ExitRecord {
  readonly instructions: number;
  readonly pid: number;
  readonly status: ExitStatus;
}
