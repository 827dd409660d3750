import type { Blocking } from "../../../vm/blocking.js";
import type { FsResult, OpenFile } from "../../fs/types.js";
import type { Kernel } from "../../kernel.js";
import type { Task } from "../../task.js";
import type { Thread } from "../../thread.js";
import { copyIn, copyInString, copyOut } from "../../user-memory.js";
import type { ErrnoName } from "../errno.js";
import { parseArgs, type ArgSpec } from "../row.js";
import { PATH_MAX } from "./abi.js";
import { linuxState, type LinuxState } from "./state.js";

/** The call sets the registers itself, or never returns to its caller. */
export const NO_RESULT = Symbol("no result");

/** What x0 becomes: a value, or the negated number of an error. */
export type LinuxResult = number | bigint | ErrnoName | typeof NO_RESULT;

/** One call in progress: who made it, and its arguments in each of the ways C would read them. */
export class LinuxCall {
  readonly kernel: Kernel;
  readonly thread: Thread;
  readonly task: Task;
  readonly state: LinuxState;
  /** x0..x5 as they were. */
  readonly args: readonly bigint[];
  /** Tell the observer of a call that does not return to its caller, before it is too late. */
  readonly announce: () => void;

  constructor(kernel: Kernel, thread: Thread, args: readonly bigint[], announce: () => void) {
    this.kernel = kernel;
    this.thread = thread;
    this.task = thread.task;
    this.state = linuxState(thread.task);
    this.args = args;
    this.announce = announce;
  }

  /** Argument `i` as an unsigned 64-bit value. */
  u64(i: number): bigint {
    return this.args[i] ?? 0n;
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
    return Number(BigInt.asIntN(64, this.u64(i)));
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
}

/** Serves a call; one that may sleep or touches user memory is a generator. */
export type LinuxHandler = (call: LinuxCall) => LinuxResult | Blocking<LinuxResult>;

/** One line of the system call table. */
export interface LinuxRow {
  readonly number: number;
  readonly name: string;
  readonly args: readonly ArgSpec[];
  readonly handler: LinuxHandler;
  /** A signal with SA_RESTART makes an interrupted call start again. */
  readonly restarts: boolean;
}

/** @param args as `parseArgs` reads them: "fd:fd buf:pointer count:size" */
export function call(
  number: number,
  name: string,
  args: string,
  handler: LinuxHandler,
  options: { readonly restarts?: boolean } = {},
): LinuxRow {
  return { number, name, args: parseArgs(args), handler, restarts: options.restarts ?? false };
}
