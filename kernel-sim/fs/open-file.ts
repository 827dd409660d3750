import { check } from "../../emulator/arch/check.js";
import type { Blocking } from "../../vm/blocking.js";
import type { ErrnoName } from "../syscall/errno.js";
import {
  O_RDONLY,
  O_WRONLY,
  type AccessMode,
  type Console,
  type FileNode,
  type FileStat,
  type IoResult,
  type OpenFile,
  type PageCache,
  type Readiness,
} from "./types.js";

/** Offset from which a 64-bit seek would not be exact any more: nothing here is that long. */
const MAX_OFFSET = Number.MAX_SAFE_INTEGER;
/** Largest file a guest may make: what one seek can reach is no reason to fill the host's disk. */
const MAX_FILE_BYTES = 2 ** 36;

/** Reference counting and the rules about access modes that all open files share. */
export abstract class OpenFileBase implements OpenFile {
  abstract readonly kind: OpenFile["kind"];
  abstract readonly description: string;
  readonly access: AccessMode;
  readonly append: boolean;
  nonblocking: boolean;
  offset = 0;
  #refs = 1;

  constructor(access: AccessMode, append = false, nonblocking = false) {
    this.access = access;
    this.append = append;
    this.nonblocking = nonblocking;
  }

  get node(): FileNode | null {
    return null;
  }

  abstract stat(): FileStat;
  protected abstract doRead(into: Uint8Array): Blocking<IoResult>;
  protected abstract doWrite(bytes: Uint8Array): Blocking<IoResult>;
  protected abstract doClose(): void;

  *read(into: Uint8Array): Blocking<IoResult> {
    return this.access === O_WRONLY ? "EBADF" : yield* this.doRead(into);
  }

  *write(bytes: Uint8Array): Blocking<IoResult> {
    return this.access === O_RDONLY ? "EBADF" : yield* this.doWrite(bytes);
  }

  *truncate(_sizeBytes: number): Blocking<ErrnoName | null> {
    return "EINVAL";
  }

  *sync(): Blocking<ErrnoName | null> {
    return null;
  }

  readAt(_offset: number, _into: Uint8Array): IoResult {
    return this.access === O_WRONLY ? "EBADF" : "ESPIPE";
  }

  seek(_offset: number, _whence: number): IoResult {
    return "ESPIPE";
  }

  /** Only pipes are ever not ready. */
  readiness(): Readiness {
    return {
      readable: this.access !== O_WRONLY,
      writable: this.access !== O_RDONLY,
      hangUp: false,
      broken: false,
    };
  }

  watch(_channel: object): void {
    // nothing changes
  }

  unwatch(_channel: object): void {
    // nothing changes
  }

  retain(): void {
    check(this.#refs > 0, "open file used after it was closed", this);
    this.#refs += 1;
  }

  release(): void {
    check(this.#refs > 0, "open file closed twice", this);
    this.#refs -= 1;
    if (this.#refs === 0) this.doClose();
  }
}

/** A file or directory of a file system. */
export class NodeFile extends OpenFileBase {
  readonly kind: "file" | "directory";
  readonly #node: FileNode;
  readonly #cache: PageCache | null;

  /** Takes over the caller's hold on `node`. */
  constructor(
    node: FileNode,
    access: AccessMode,
    append = false,
    nonblocking = false,
    cache: PageCache | null = null,
  ) {
    super(access, append, nonblocking);
    this.#node = node;
    this.#cache = cache;
    this.kind = node.stat.kind === "directory" ? "directory" : "file";
  }

  override get node(): FileNode {
    return this.#node;
  }

  get description(): string {
    return this.#node.path;
  }

  stat(): FileStat {
    return this.#node.stat;
  }

  override readAt(offset: number, into: Uint8Array): IoResult {
    if (this.access === O_WRONLY) return "EBADF";
    if (offset < 0) return "EINVAL";
    return this.#readNode(offset, into);
  }

  #readNode(offset: number, into: Uint8Array): IoResult {
    const count = this.#node.read(offset, into);
    if (typeof count === "number")
      this.#cache?.overlay(this.#node, offset, into.subarray(0, count));
    return count;
  }

  override *truncate(sizeBytes: number): Blocking<ErrnoName | null> {
    const node = this.#node;
    if (this.access === O_RDONLY || node.truncate === undefined) return "EINVAL";
    if (sizeBytes > MAX_FILE_BYTES) return "EFBIG";
    return this.#cache === null
      ? node.truncate(sizeBytes)
      : yield* this.#cache.truncate(node, sizeBytes);
  }

  override *sync(): Blocking<ErrnoName | null> {
    return this.#cache === null ? null : yield* this.#cache.sync(this.#node);
  }

  /** For a directory the offset counts entries. */
  override seek(offset: number, whence: number): IoResult {
    const bases = [0, this.offset, this.stat().sizeBytes];
    const base = bases[whence];
    if (base === undefined) return "EINVAL";
    const target = base + offset;
    if (target < 0) return "EINVAL";
    if (target > MAX_OFFSET) return "EOVERFLOW";
    this.offset = target;
    return target;
  }

  protected *doRead(into: Uint8Array): Blocking<IoResult> {
    const count = this.#readNode(this.offset, into);
    if (typeof count === "number") this.offset += count;
    return count;
  }

  protected *doWrite(bytes: Uint8Array): Blocking<IoResult> {
    const node = this.#node;
    if (node.write === undefined) return "EROFS";
    const at = this.append ? this.stat().sizeBytes : this.offset;
    if (at + bytes.length > MAX_FILE_BYTES) return "EFBIG";
    const written =
      this.#cache === null ? node.write(at, bytes) : yield* this.#cache.write(node, at, bytes);
    if (typeof written === "number") this.offset = at + written;
    return written;
  }

  protected doClose(): void {
    this.#node.close();
  }
}

/** A character device without a file behind it, as fstat shows it. */
export function characterStat(inode: number): FileStat {
  return {
    kind: "character",
    permissions: 0o620,
    device: 0,
    inode,
    links: 1,
    sizeBytes: 0,
    modifiedSeconds: 0,
  };
}

/** One of the three standard streams. Not a terminal: isatty is false on every host alike. */
export class ConsoleFile extends OpenFileBase {
  readonly kind = "console";
  readonly #console: Console;
  readonly #fd: 0 | 1 | 2;

  constructor(console: Console, fd: 0 | 1 | 2) {
    super(fd === 0 ? O_RDONLY : O_WRONLY);
    this.#console = console;
    this.#fd = fd;
  }

  get description(): string {
    return ["stdin", "stdout", "stderr"][this.#fd] ?? "console";
  }

  stat(): FileStat {
    return characterStat(1);
  }

  protected *doRead(into: Uint8Array): Blocking<IoResult> {
    const bytes = this.#console.read?.(into.length);
    if (bytes === undefined) return 0;
    check(bytes.length <= into.length, "console returned more than was asked for");
    into.set(bytes);
    return bytes.length;
  }

  protected *doWrite(bytes: Uint8Array): Blocking<IoResult> {
    if (bytes.length > 0) this.#console.write(this.#fd === 2 ? 2 : 1, bytes);
    return bytes.length;
  }

  protected doClose(): void {
    // the console outlives every descriptor
  }
}

/** Devices every guest has, by path and inode number. */
export const DEVICES: ReadonlyMap<string, number> = new Map([
  ["/dev/null", 2],
  ["/dev/zero", 3],
]);

export function deviceStat(path: string): FileStat {
  return { ...characterStat(DEVICES.get(path) ?? 0), permissions: 0o666 };
}

/** /dev/null and /dev/zero. */
export class NullFile extends OpenFileBase {
  readonly kind = "console";
  readonly description: string;

  constructor(path: string, access: AccessMode) {
    super(access);
    this.description = path;
  }

  stat(): FileStat {
    return deviceStat(this.description);
  }

  protected *doRead(into: Uint8Array): Blocking<IoResult> {
    if (this.description === "/dev/null") return 0;
    into.fill(0);
    return into.length;
  }

  protected *doWrite(bytes: Uint8Array): Blocking<IoResult> {
    return bytes.length;
  }

  protected doClose(): void {
    // nothing is held
  }
}
