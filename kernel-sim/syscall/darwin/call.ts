import type { Blocking } from "../../../vm/blocking.js";
import type { FsResult, OpenFile } from "../../fs/types.js";
import type { Kernel } from "../../kernel.js";
import type { Task } from "../../task.js";
import type { Thread } from "../../thread.js";
import { copyIn, copyInString, copyOut } from "../../user-memory.js";
import type { ErrnoName } from "../errno.js";
import { parseArgs, type ArgSpec } from "../row.js";
import { PATH_MAX } from "./abi.js";
import { darwinState, type DarwinState } from "./state.js";

/** One call in progress: who made it, and its arguments in each of the ways C would read them. */
export class DarwinCall {
  readonly kernel: Kernel;
  readonly thread: Thread;
  readonly task: Task;
  readonly state: DarwinState;
  /** The argument registers as they were. */
  readonly args: readonly bigint[];
  /** Tell the observer of a call that will not come back (exit), before it is too late. */
  readonly announce: () => void;

  constructor(
    kernel: Kernel,
    thread: Thread,
    args: readonly bigint[],
    announce: () => void = () => undefined,
  ) {
    this.kernel = kernel;
    this.thread = thread;
    this.task = thread.task;
    this.state = darwinState(thread.task);
    this.args = args;
    this.announce = announce;
  }

  /** Argument `i` as an unsigned 64-bit value. */
  u64(i: number): bigint {
    return this.args[i] ?? 0n;
  }

  /** Argument `i` as a signed 64-bit value. */
  i64(i: number): bigint {
    return BigInt.asIntN(64, this.u64(i));
  }

  /** Argument `i` as a C int. */
  int(i: number): number {
    return Number(BigInt.asIntN(32, this.u64(i)));
  }

  /** Argument `i` as a C unsigned int. */
  uint(i: number): number {
    return Number(BigInt.asUintN(32, this.u64(i)));
  }

  /** Argument `i` as a size in bytes: beyond 2^53 not exact, but then it is refused anyway. */
  size(i: number): number {
    return Number(this.u64(i));
  }

  /** Argument `i` as a signed file offset, same precision. */
  offset(i: number): number {
    return Number(this.i64(i));
  }

  /** The open file argument `i` names. */
  file(i: number): OpenFile | null {
    return this.task.files.get(this.int(i));
  }

  /** The path argument `i` points at. */
  path(i: number): Blocking<FsResult<string>> {
    return copyInString(this.kernel, this.u64(i), PATH_MAX);
  }

  copyIn(address: bigint, bytes: number): Blocking<FsResult<Uint8Array>> {
    return copyIn(this.kernel, address, bytes);
  }

  /** @returns null when all was written */
  copyOut(address: bigint, bytes: Uint8Array): Blocking<ErrnoName | null> {
    return copyOut(this.kernel, address, bytes);
  }

  /** Store 64-bit words. @returns null when all were written */
  copyOutWords(address: bigint, words: readonly (bigint | number)[]): Blocking<ErrnoName | null> {
    const bytes = new Uint8Array(8 * words.length);
    const view = new DataView(bytes.buffer);
    words.forEach((word, i) => {
      view.setBigUint64(8 * i, BigInt.asUintN(64, BigInt(word)), true);
    });
    return this.copyOut(address, bytes);
  }

  /** Store 32-bit words. @returns null when all were written */
  copyOutInts(address: bigint, words: readonly number[]): Blocking<ErrnoName | null> {
    const bytes = new Uint8Array(4 * words.length);
    const view = new DataView(bytes.buffer);
    words.forEach((word, i) => {
      view.setUint32(4 * i, word >>> 0, true);
    });
    return this.copyOut(address, bytes);
  }
}

/**
 * The call set the registers itself, or never returns to its caller. XNU: EJUSTRETURN.
 */
export const NO_RESULT = Symbol("no result");

/** What a call that returns `int` may give: rval[0], or both return words. */
export type ReturnPair = readonly [first: number, second: number];

/** The outcome of a BSD call: a value, a pair, or the error carry announces. */
export type BsdResult = number | bigint | ReturnPair | ErrnoName | typeof NO_RESULT;

/** The C type a BSD call returns (XNU: sy_return_type), which says how x0 and x1 are filled. */
export type BsdReturn = "int" | "uint" | "u64" | "void";

/** Serves a call; one that may sleep or touches user memory is a generator. */
export type BsdHandler = (call: DarwinCall) => BsdResult | Blocking<BsdResult>;

/** One line of the BSD system call table. */
export interface BsdRow {
  readonly number: number;
  readonly name: string;
  readonly args: readonly ArgSpec[];
  readonly returns: BsdReturn;
  readonly handler: BsdHandler;
  /**
   * What an interrupted call does: "restart" starts it again unless the signal's handler was
   * installed without SA_RESTART, "fail" always gives EINTR.
   */
  readonly interrupted: "restart" | "fail";
  /** The number of a variant that is not a cancellation point, named `<name>_nocancel`. */
  readonly nocancel: number | null;
}

interface BsdOptions {
  readonly returns?: BsdReturn;
  readonly interrupted?: "restart" | "fail";
  readonly nocancel?: number;
}

/** @param args as `parseArgs` reads them: "fd:fd buf:pointer count:size" */
export function bsd(
  number: number,
  name: string,
  args: string,
  handler: BsdHandler,
  options: BsdOptions = {},
): BsdRow {
  return {
    number,
    name,
    args: parseArgs(args),
    returns: options.returns ?? "int",
    handler,
    interrupted: options.interrupted ?? "restart",
    nocancel: options.nocancel ?? null,
  };
}

/** A kern_return_t or mach_msg_return_t: a KERN_* or MACH_* code, or copyin's own EFAULT. */
export type MachReturn = number;

/** What a Mach trap returns: 32 bits that are sign-extended into x0, or all 64 as a bigint. */
export type MachResult = MachReturn | bigint | typeof NO_RESULT;
export type MachHandler = (call: DarwinCall) => MachResult | Blocking<MachResult>;

/** One line of the Mach trap table. */
export interface MachRow {
  /** Positive: x16 holds its negative. */
  readonly number: number;
  readonly name: string;
  readonly args: readonly ArgSpec[];
  /** Whether the result is a kern_return_t or a value (a port name, a time, a boolean). */
  readonly returns: "kern_return" | "value";
  readonly handler: MachHandler;
}

export function trap(
  number: number,
  name: string,
  args: string,
  handler: MachHandler,
  returns: "kern_return" | "value" = "kern_return",
): MachRow {
  return { number, name, args: parseArgs(args), returns, handler };
}

/** One line of the platform call table (x16 = 0x80000000, selector in w3). */
export interface PlatformRow {
  readonly selector: number;
  readonly name: string;
  readonly args: readonly ArgSpec[];
  /** What x0 becomes, or NO_RESULT to leave it. */
  readonly handler: (call: DarwinCall) => bigint | typeof NO_RESULT;
}
