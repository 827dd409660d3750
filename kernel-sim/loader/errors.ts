import type { ErrnoName } from "../syscall/errno.js";

/** Why a file is not loaded: what a user reads, where in the file it was seen, and what exec answers. */
export class LoadError {
  readonly message: string;
  /** Byte offset in the file of what is wrong, or null when it is no one place. */
  readonly offset: number | null;
  readonly errnoName: ErrnoName;

  constructor(errnoName: ErrnoName, message: string, offset: number | null = null) {
    this.errnoName = errnoName;
    this.message = message;
    this.offset = offset;
  }

  toString(): string {
    const where = this.offset === null ? "" : ` (at file offset 0x${this.offset.toString(16)})`;
    return `${this.message}${where} [${this.errnoName}]`;
  }
}
