import { LoadError } from "./errors.js";
import type { ErrnoName } from "../syscall/errno.js";

/** Carries a LoadError out of a parser; never leaves this folder. */
class LoadRefusal extends Error {
  readonly error: LoadError;

  constructor(error: LoadError) {
    super(error.message);
    this.error = error;
  }
}

/** Stop parsing. */
export function refuse(errno: ErrnoName, message: string, offset: number | null = null): never {
  throw new LoadRefusal(new LoadError(errno, message, offset));
}

/** Run a parser: its refusal becomes a value. */
export function parsing<T>(work: () => T): T | LoadError {
  try {
    return work();
  } catch (error) {
    if (error instanceof LoadRefusal) return error.error;
    throw error;
  }
}

/** Little-endian fields of a file. Offsets are bytes; reading outside the file is a refusal. */
export class FileReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #outside: ErrnoName;

  /** @param outside what a read outside the file means */
  constructor(bytes: Uint8Array, outside: ErrnoName) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#outside = outside;
  }

  get size(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    this.#need(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    this.#need(at, 2);
    return this.#view.getUint16(at, true);
  }

  u32(at: number): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, true);
  }

  u32BigEndian(at: number): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, false);
  }

  u64(at: number): bigint {
    this.#need(at, 8);
    return this.#view.getBigUint64(at, true);
  }

  /** Text up to a NUL, or up to `max` bytes, or to the end of the file. */
  text(at: number, max: number): string {
    this.#need(at, 0);
    const end = Math.min(at + max, this.size);
    const nul = this.bytes.subarray(at, end).indexOf(0);
    return new TextDecoder().decode(this.bytes.subarray(at, nul < 0 ? end : at + nul));
  }

  /** True if `[at, at + size)` lies in the file. */
  contains(at: number, size: number): boolean {
    return at >= 0 && size >= 0 && at + size <= this.size;
  }

  #need(at: number, size: number): void {
    if (!this.contains(at, size)) {
      refuse(this.#outside, "the file ends in the middle of a structure", Math.min(at, this.size));
    }
  }
}
