import type { ErrnoName } from "../syscall/errno.js";

/** What semihosting needs of the outside: files, and the console. Nothing here knows the host. */

/** A result, or the name of an error. */
export type FileResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: ErrnoName };

/** An open file with a position of its own. */
export interface SemihostingFile {
  /** Read at the position and move it. @returns how many bytes, 0 at the end */
  read(into: Uint8Array): FileResult<number>;
  /** Write at the position, or at the end of a file opened for appending. @returns how many bytes */
  write(bytes: Uint8Array): FileResult<number>;
  seek(position: number): FileResult<null>;
  /** Bytes. */
  length(): FileResult<number>;
  isTerminal(): boolean;
  close(): void;
}

/** The fopen modes, SYS_OPEN's numbers halved: binary or not is the same. */
export const FILE_MODES = ["r", "r+", "w", "w+", "a", "a+"] as const;
export type FileMode = (typeof FILE_MODES)[number];

/** Files by the names the guest uses. */
export interface SemihostingFiles {
  open(path: string, mode: FileMode): FileResult<SemihostingFile>;
  remove(path: string): FileResult<null>;
  rename(from: string, to: string): FileResult<null>;
}

/** The console: the UART's other end as well. */
export interface BareConsole {
  /** @param stream 1 standard output, 2 standard error */
  write(stream: 1 | 2, bytes: Uint8Array): void;
  /** Wait for at least one byte; none at the end of input. */
  read(max: number): Uint8Array;
  isTerminal(stream: 0 | 1 | 2): boolean;
}

/** No files at all. */
export const NO_FILES: SemihostingFiles = {
  open: () => ({ ok: false, errno: "EACCES" }),
  remove: () => ({ ok: false, errno: "EACCES" }),
  rename: () => ({ ok: false, errno: "EACCES" }),
};

const refused = { ok: false, errno: "EBADF" } as const;

/** One of the standard streams, as SYS_OPEN of ":tt" gives it. */
export function consoleFile(console: BareConsole, stream: 0 | 1 | 2): SemihostingFile {
  return {
    read(into) {
      if (stream !== 0) return refused;
      const bytes = console.read(into.length);
      into.set(bytes);
      return { ok: true, value: bytes.length };
    },
    write(bytes) {
      if (stream === 0) return refused;
      console.write(stream, bytes);
      return { ok: true, value: bytes.length };
    },
    seek: () => ({ ok: false, errno: "ESPIPE" }),
    length: () => ({ ok: false, errno: "ESPIPE" }),
    isTerminal: () => console.isTerminal(stream),
    close: () => undefined,
  };
}

/** A read-only file with these bytes. */
export function constantFile(content: Uint8Array): SemihostingFile {
  let position = 0;
  return {
    read(into) {
      const part = content.subarray(position, position + into.length);
      into.set(part);
      position += part.length;
      return { ok: true, value: part.length };
    },
    write: () => refused,
    seek(to) {
      position = to;
      return { ok: true, value: null };
    },
    length: () => ({ ok: true, value: content.length }),
    isTerminal: () => false,
    close: () => undefined,
  };
}
