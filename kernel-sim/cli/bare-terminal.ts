import type { BareConsole } from "../bare/semihosting-files.js";
import { hostConsole, writeAll } from "./terminal.js";

const FULL_BYTES = 4096;
const NEWLINE = 0x0a;

/**
 * A bare machine's console on this process's standard streams. Bytes sent one by one are written a line at a time, and
 * before anything is read.
 */
export class BareTerminal implements BareConsole {
  readonly #pending = new Uint8Array(FULL_BYTES);
  #count = 0;
  readonly #host = hostConsole(1);

  write(stream: 1 | 2, bytes: Uint8Array): void {
    if (stream === 2 || bytes.length >= FULL_BYTES) {
      this.flush();
      writeAll(stream, bytes);
      return;
    }
    if (this.#count + bytes.length > FULL_BYTES) this.flush();
    this.#pending.set(bytes, this.#count);
    this.#count += bytes.length;
    if (bytes[bytes.length - 1] === NEWLINE) this.flush();
  }

  flush(): void {
    writeAll(1, this.#pending.subarray(0, this.#count));
    this.#count = 0;
  }

  read(max: number): Uint8Array {
    this.flush();
    return this.#host.read?.(max) ?? new Uint8Array();
  }

  isTerminal(stream: 0 | 1 | 2): boolean {
    // Loaded when asked: it is Node's network code that comes with it.
    return process.getBuiltinModule("node:tty").isatty(stream);
  }
}
