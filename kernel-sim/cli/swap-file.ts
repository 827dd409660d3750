import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import type { Blocking } from "../../vm/blocking.js";
import { C_SEG_BUFSIZE, compressorLimits, type SwapStore } from "../../vm/compressor/index.js";
import { PAGE_SIZE } from "../../vm/types.js";

/**
 * A swap store in a file of the host: segment n at n times the size of a segment. What was there is
 * lost, and the file is left behind as it is.
 */
export class SwapFile implements SwapStore {
  readonly slotCount: number;
  readonly #fd: number;

  /** @throws the host's error if the file cannot be opened for writing */
  constructor(path: string, ramBytes: number) {
    this.#fd = openSync(path, "w+", 0o600);
    ftruncateSync(this.#fd, 0);
    this.slotCount = compressorLimits(Math.floor(ramBytes / PAGE_SIZE)).segments;
  }

  *write(slot: number, bytes: Uint8Array): Blocking<boolean> {
    try {
      return writeSync(this.#fd, bytes, 0, bytes.length, slot * C_SEG_BUFSIZE) === bytes.length;
    } catch {
      return false; // no space left, say: the segment stays in memory
    }
  }

  *read(slot: number, into: Uint8Array): Blocking<boolean> {
    try {
      return readSync(this.#fd, into, 0, into.length, slot * C_SEG_BUFSIZE) === into.length;
    } catch {
      return false;
    }
  }

  discard(_slot: number): void {
    // The space is used again; the file does not shrink.
  }

  close(): void {
    closeSync(this.#fd);
  }
}
