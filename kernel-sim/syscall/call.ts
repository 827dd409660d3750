import type { Blocking } from "../../vm/blocking.js";
import type { FsResult, OpenFile } from "../fs/types.js";
import type { Kernel } from "../kernel.js";
import type { Task } from "../task.js";
import type { Thread } from "../thread.js";
import { copyIn, copyInString, copyOut } from "../user-memory.js";
import type { ErrnoName } from "./errno.js";

/** The call set the registers itself, or never returns to its caller. XNU: EJUSTRETURN. */
export const NO_RESULT = Symbol("no result");

/**
 * One call in progress: who made it, and its arguments in each of the ways C would read them. What
 * both personalities know of a call.
 */
export class SyscallCall {
  readonly kernel: Kernel;
  readonly thread: Thread;
  readonly task: Task;
  /** The argument registers as they were. */
  readonly args: readonly bigint[];
  /** Tell the observer of a call that does not return to its caller, before it is too late. */
  readonly announce: () => void;
  /** Longest path in bytes, NUL included. */
  readonly #pathMax: number;

  constructor(
    kernel: Kernel,
    thread: Thread,
    args: readonly bigint[],
    announce: () => void,
    pathMax: number,
  ) {
    this.kernel = kernel;
    this.thread = thread;
    this.task = thread.task;
    this.args = args;
    this.announce = announce;
    this.#pathMax = pathMax;
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
    return copyInString(this.kernel, this.u64(i), this.#pathMax);
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
