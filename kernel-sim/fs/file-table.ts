import type { Blocking } from "../../vm/blocking.js";
import type { ErrnoName } from "../syscall/errno.js";
import { ConsoleFile, DEVICES, deviceStat, NodeFile, NullFile } from "./open-file.js";
import type {
  AccessMode,
  Console,
  FileStat,
  FileSystem,
  FsResult,
  IoResult,
  OpenFile,
  OpenRequest,
  PageCache,
} from "./types.js";
import { O_RDONLY } from "./types.js";

/** Descriptors a task may have unless its limit says otherwise (RLIMIT_NOFILE). */
export const DEFAULT_FILE_LIMIT = 256;

interface Slot {
  readonly file: OpenFile;
  closeOnExec: boolean;
}

/** A task's file descriptors (struct filedesc): each holds one reference to its open file. */
export class FileTable {
  /** Descriptors are below this. */
  limit: number;
  readonly #slots = new Map<number, Slot>();

  constructor(limit: number = DEFAULT_FILE_LIMIT) {
    this.limit = limit;
  }

  /** A table with the console as descriptors 0, 1 and 2. */
  static withConsole(console: Console, limit: number = DEFAULT_FILE_LIMIT): FileTable {
    const table = new FileTable(limit);
    for (const fd of [0, 1, 2] as const) {
      table.#slots.set(fd, { file: new ConsoleFile(console, fd), closeOnExec: false });
    }
    return table;
  }

  /** Open descriptors in ascending order. */
  get descriptors(): readonly number[] {
    return [...this.#slots.keys()].sort((a, b) => a - b);
  }

  get(fd: number): OpenFile | null {
    return this.#slots.get(fd)?.file ?? null;
  }

  /**
   * Give `file` the lowest free descriptor from `min` up; the table takes over the caller's
   * reference, also when it refuses.
   * @returns the descriptor; EMFILE when the limit is reached, EINVAL for a `min` at or above it
   */
  add(file: OpenFile, closeOnExec = false, min = 0): IoResult {
    const fd = this.#lowestFree(min);
    if (typeof fd === "number") this.#slots.set(fd, { file, closeOnExec });
    else file.release();
    return fd;
  }

  /** F_DUPFD and dup: a second descriptor for the same open file. */
  dup(fd: number, closeOnExec = false, min = 0): IoResult {
    const file = this.get(fd);
    if (file === null) return "EBADF";
    file.retain();
    return this.add(file, closeOnExec, min);
  }

  /** dup2: make `to` the same open file as `from`; what `to` was is closed. */
  dupTo(from: number, to: number, closeOnExec = false): IoResult {
    const file = this.get(from);
    if (file === null || to < 0 || to >= this.limit) return "EBADF";
    if (from === to) return to;
    file.retain();
    this.get(to)?.release();
    this.#slots.set(to, { file, closeOnExec });
    return to;
  }

  close(fd: number): ErrnoName | null {
    const file = this.get(fd);
    if (file === null) return "EBADF";
    this.#slots.delete(fd);
    file.release();
    return null;
  }

  isCloseOnExec(fd: number): boolean {
    return this.#slots.get(fd)?.closeOnExec ?? false;
  }

  setCloseOnExec(fd: number, value: boolean): void {
    const slot = this.#slots.get(fd);
    if (slot !== undefined) slot.closeOnExec = value;
  }

  /** The table of a child: the same open files. XNU: fdt_fork. */
  fork(): FileTable {
    const copy = new FileTable(this.limit);
    for (const [fd, slot] of this.#slots) {
      slot.file.retain();
      copy.#slots.set(fd, { ...slot });
    }
    return copy;
  }

  /** A new program starts: close what is marked close-on-exec. */
  closeForExec(): void {
    for (const [fd, slot] of [...this.#slots]) if (slot.closeOnExec) this.close(fd);
  }

  closeAll(): void {
    for (const fd of [...this.#slots.keys()]) this.close(fd);
  }

  #lowestFree(min: number): IoResult {
    if (min < 0 || min >= this.limit) return "EINVAL";
    for (let fd = min; fd < this.limit; fd++) if (!this.#slots.has(fd)) return fd;
    return "EMFILE";
  }
}

/** Describe a path (absolute) as `openPath` would open it. */
export function statPath(fs: FileSystem, path: string, followLast: boolean): FsResult<FileStat> {
  if (DEVICES.has(path)) return { ok: true, value: deviceStat(path) };
  return followLast ? fs.stat(path) : fs.lstat(path);
}

/**
 * As `openPath`; a file that is to be cut is empty afterwards.
 * @returns what `openPath` refuses, or why the file could not be cut
 */
export function* openAndTruncate(
  fs: FileSystem,
  path: string,
  request: OpenRequest,
  options: Parameters<typeof openPath>[3],
): Blocking<FsResult<OpenFile>> {
  const opened = openPath(fs, path, request, options);
  if (!opened.ok || !request.truncate || opened.value.kind !== "file") return opened;
  const errno = yield* opened.value.truncate(0);
  if (errno === null) return opened;
  opened.value.release();
  return { ok: false, errno };
}

/**
 * Open a path (absolute) for a task. /dev/null and /dev/zero exist whatever the file system holds.
 */
export function openPath(
  fs: FileSystem,
  path: string,
  request: OpenRequest,
  options: {
    readonly access: AccessMode;
    readonly append?: boolean;
    readonly nonblocking?: boolean;
    readonly cache?: PageCache;
  },
): FsResult<OpenFile> {
  if (DEVICES.has(path)) {
    if (request.directory) return { ok: false, errno: "ENOTDIR" };
    return { ok: true, value: new NullFile(path, options.access) };
  }
  const node = fs.open(path, request);
  if (!node.ok) return node;
  const access = node.value.stat.kind === "directory" ? O_RDONLY : options.access;
  const file = new NodeFile(node.value, access, options.append, options.nonblocking, options.cache);
  return { ok: true, value: file };
}
