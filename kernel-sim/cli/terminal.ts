import { readSync, writeSync } from "node:fs";
import type { Console } from "../fs/types.js";

/** Blocking output to a file descriptor: guest bytes and our own lines keep their order. */
export function writeAll(fd: number, data: Uint8Array | string): void {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") continue;
      // Whoever read our output went away: nothing is left to tell them.
      if (code === "EPIPE") process.exit(141);
      throw error;
    }
  }
}

/**
 * The guest's console on this process's standard streams.
 * @param stdoutFd where the guest's standard output goes (a trace keeps ours for itself)
 */
export function hostConsole(stdoutFd: 1 | 2): Console {
  return {
    write(fd, bytes) {
      writeAll(fd === 1 ? stdoutFd : 2, bytes);
    },
    read(max) {
      const buffer = new Uint8Array(max);
      for (;;) {
        try {
          return buffer.subarray(0, readSync(0, buffer, 0, max, null));
        } catch (error) {
          const code = (error as NodeJS.ErrnoException).code;
          if (code === "EAGAIN") continue;
          if (code === "EOF") return buffer.subarray(0, 0);
          throw error;
        }
      }
    },
  };
}

/** Paints text when the stream is a terminal and NO_COLOR is not set. */
export interface Painter {
  dim(text: string): string;
  bold(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** A painter for a stream; see https://no-color.org for NO_COLOR. */
export function painterFor(isTerminal: boolean): Painter {
  const on = isTerminal && (process.env["NO_COLOR"] ?? "") === "";
  const paint = (code: number) => (text: string) => (on ? `\x1b[${code}m${text}\x1b[0m` : text);
  return {
    dim: paint(2),
    bold: paint(1),
    red: paint(31),
    green: paint(32),
    yellow: paint(33),
    cyan: paint(36),
  };
}
