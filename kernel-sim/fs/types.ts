import type { Blocking } from "../../vm/blocking.js";
import type { ErrnoName } from "../syscall/errno.js";

/** A value, or why there is none: errors are names, each personality has its own numbers. */
export type FsResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: ErrnoName };

/** A count of bytes or an offset, or why there is none. */
export type IoResult = number | ErrnoName;

export type FileKind = "file" | "directory" | "symlink" | "character" | "fifo";

/** What stat(2) knows, in no operating system's layout. */
export interface FileStat {
  readonly kind: FileKind;
  /** Permission bits (low 12 bits of st_mode); the type comes from `kind`. */
  readonly permissions: number;
  /** Two files are the same if device and inode agree. */
  readonly device: number;
  readonly inode: number;
  readonly links: number;
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly modifiedSeconds: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
  readonly inode: number;
}

/**
 * A file or directory of a `FileSystem`, held open: it has no offset (`OpenFile` has) and does not
 * change its identity. `close` is called once, by the last holder.
 */
export interface FileNode {
  readonly stat: FileStat;
  /** Absolute path inside the file system, free of links and `..`; F_GETPATH, traces. */
  readonly path: string;
  /**
   * Write at `offset` bytes; the file grows as far as that takes. Absent for a directory, and for what
   * was not opened for writing. @returns bytes written
   */
  write?(offset: number, from: Uint8Array): IoResult;
  /** Cut the file to `size` bytes, or let it grow with zeroes. Absent as `write` is. */
  truncate?(size: number): ErrnoName | null;
  /** Read at `offset` bytes. @returns bytes read, 0 at and past the end; EISDIR for a directory */
  read(offset: number, into: Uint8Array): IoResult;
  /** Entries of a directory without `.` and `..`, sorted by name; ENOTDIR for a file. */
  list(): FsResult<readonly DirectoryEntry[]>;
  close(): void;
}

/** What an open asks for. A file system that is read-only refuses writing with EROFS. */
export interface OpenRequest {
  /** Permission bits of a file that is made; 0644 if not given. */
  readonly mode?: number;
  readonly write: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
  readonly directory: boolean;
  /** Refuse a symbolic link as the last component (ELOOP). */
  readonly noFollow: boolean;
}

export const OPEN_READ: OpenRequest = {
  write: false,
  create: false,
  exclusive: false,
  truncate: false,
  directory: false,
  noFollow: false,
};

/**
 * A tree of files. Paths are absolute and resolved component by component inside the tree: `..` at
 * the root stays there, absolute symbolic links start at the root of the tree. Nothing outside the
 * tree can be named. Special files are refused.
 */
export interface FileSystem {
  /** Files can be made and written. Default: no. */
  readonly writable?: boolean;
  open(path: string, request: OpenRequest): FsResult<FileNode>;
  stat(path: string): FsResult<FileStat>;
  /** As `stat`, but a symbolic link in last place is described itself. */
  lstat(path: string): FsResult<FileStat>;
  readlink(path: string): FsResult<string>;
  list(path: string): FsResult<readonly DirectoryEntry[]>;
  /** The path with links, `.` and `..` resolved; the file exists. */
  realpath(path: string): FsResult<string>;
}

/** Where the guest's standard streams go. */
export interface Console {
  write(fd: 1 | 2, bytes: Uint8Array): void;
  /** At most `max` bytes of input; none means end of file. */
  read?(max: number): Uint8Array;
}

/**
 * Files as memory, as far as calls that read and write them have to know: mapped pages and the calls see
 * the same bytes.
 */
export interface PageCache {
  /** Bytes just read from a file at `offset`: what is in memory counts. */
  overlay(node: FileNode, offset: number, bytes: Uint8Array): void;
  /** Write to a file and to its pages. */
  write(node: FileNode, offset: number, bytes: Uint8Array): Blocking<IoResult>;
  truncate(node: FileNode, sizeBytes: number): Blocking<ErrnoName | null>;
  sync(node: FileNode): Blocking<ErrnoName | null>;
}

/** Access mode of an open file: the O_ACCMODE values both systems share. */
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export type AccessMode = 0 | 1 | 2;

/** What there is to be done with an open file, for poll and select. */
export interface Readiness {
  /** A read gives bytes; a file is always readable, at its end too. */
  readonly readable: boolean;
  /** A write of PIPE_BUF bytes goes through. */
  readonly writable: boolean;
  /** Nobody is left to write to the pipe this reads from (hangUp), to read what this writes (broken). */
  readonly hangUp: boolean;
  readonly broken: boolean;
}

/**
 * An open file description: what descriptors made by dup and fork share. Reference counted by the
 * tables that hold it; the last `release` closes it.
 */
export interface OpenFile {
  readonly kind: "file" | "directory" | "console" | "pipe";
  readonly access: AccessMode;
  readonly append: boolean;
  nonblocking: boolean;
  /** Bytes from the start; moves with read, write and seek. Stays 0 where seeking means nothing. */
  offset: number;
  /** The file behind it, if there is one: what mmap maps. */
  readonly node: FileNode | null;
  /** For traces: a path, "console", "pipe". */
  readonly description: string;
  stat(): FileStat;
  /** Read at the offset and advance it. EBADF when not open for reading. */
  read(into: Uint8Array): Blocking<IoResult>;
  write(bytes: Uint8Array): Blocking<IoResult>;
  /** Set the size. @returns EINVAL for what is no file open for writing */
  truncate(sizeBytes: number): Blocking<ErrnoName | null>;
  /** Let the file have all that was stored in its mappings. */
  sync(): Blocking<ErrnoName | null>;
  /** Read without touching the offset; ESPIPE where there is none. */
  readAt(offset: number, into: Uint8Array): IoResult;
  /** Set the offset to `offset` relative to `whence` 0 start, 1 here, 2 end. @returns the new one */
  seek(offset: number, whence: number): IoResult;
  readiness(): Readiness;
  /** Wake who sleeps on `channel` when the readiness may have changed, until `unwatch`. */
  watch(channel: object): void;
  unwatch(channel: object): void;
  retain(): void;
  release(): void;
}
