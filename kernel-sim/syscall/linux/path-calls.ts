import type { Blocking } from "../../../vm/blocking.js";
import { openAndTruncate, statPath } from "../../fs/file-table.js";
import { absolutePath } from "../../fs/resolve.js";
import type { AccessMode, DirectoryEntry, FileStat, FsResult } from "../../fs/types.js";
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_NO_AUTOMOUNT,
  AT_SYMLINK_NOFOLLOW,
  DT,
  GROUP_ID,
  O_ACCMODE,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_TRUNC,
  R_OK,
  S_IFMT,
  USER_ID,
  W_OK,
  X_OK,
} from "./abi.js";
import { call, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";

const STAT_SIZE = 128;
const BLOCK_SIZE = 4096;

/** struct stat of AArch64 (asm-generic/stat.h). */
function statBytes(stat: FileStat): Uint8Array {
  const bytes = new Uint8Array(STAT_SIZE);
  const view = new DataView(bytes.buffer);
  const u64 = (at: number, value: number): void => {
    view.setBigUint64(at, BigInt(value), true);
  };
  u64(0, stat.device);
  u64(8, stat.inode);
  view.setUint32(16, S_IFMT[stat.kind] | stat.permissions, true);
  view.setUint32(20, stat.links, true);
  view.setUint32(24, USER_ID, true);
  view.setUint32(28, GROUP_ID, true);
  u64(48, stat.sizeBytes);
  view.setInt32(56, BLOCK_SIZE, true);
  u64(64, Math.ceil(stat.sizeBytes / 512));
  for (const at of [72, 88, 104]) u64(at, stat.modifiedSeconds);
  return bytes;
}

/** Argument `i`, a path that argument `dirfd` may give a base to, as an absolute path. */
function* pathAt(c: LinuxCall, dirfd: number, i: number): Blocking<FsResult<string>> {
  const path = yield* c.path(i);
  if (!path.ok || path.value.startsWith("/")) return path;
  if (path.value === "") return { ok: false, errno: "ENOENT" };
  if (c.int(dirfd) === AT_FDCWD) {
    return { ok: true, value: absolutePath(c.task.cwd, path.value) };
  }
  const directory = c.file(dirfd);
  if (directory === null) return { ok: false, errno: "EBADF" };
  if (directory.kind !== "directory") return { ok: false, errno: "ENOTDIR" };
  return { ok: true, value: absolutePath(directory.node?.path ?? "/", path.value) };
}

function* openat(c: LinuxCall): Blocking<LinuxResult> {
  const path = yield* pathAt(c, 0, 1);
  if (!path.ok) return path.errno;
  const flags = c.int(2);
  const mode = flags & O_ACCMODE;
  if (mode === O_ACCMODE) return "EINVAL";
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const request = {
    mode: c.int(3) & 0o777,
    write: mode !== 0,
    create: has(O_CREAT),
    exclusive: has(O_EXCL),
    truncate: has(O_TRUNC),
    directory: has(O_DIRECTORY),
    noFollow: has(O_NOFOLLOW),
  };
  const file = yield* openAndTruncate(c.kernel.fs, path.value, request, {
    cache: c.kernel.vnodes,
    access: mode as AccessMode,
    append: has(O_APPEND),
    nonblocking: has(O_NONBLOCK),
  });
  return file.ok ? c.task.files.add(file.value, has(O_CLOEXEC)) : file.errno;
}

function* newfstatat(c: LinuxCall): Blocking<LinuxResult> {
  const flags = c.int(3);
  if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)) !== 0) return "EINVAL";
  if ((flags & AT_EMPTY_PATH) !== 0) {
    const given = yield* c.path(1);
    if (!given.ok) return given.errno;
    if (given.value === "" && c.int(0) !== AT_FDCWD) return yield* fstat(c, 2);
  }
  const path = yield* pathAt(c, 0, 1);
  if (!path.ok) return path.errno;
  const stat = statPath(c.kernel.fs, path.value, (flags & AT_SYMLINK_NOFOLLOW) === 0);
  if (!stat.ok) return stat.errno;
  return (yield* c.copyOut(c.u64(2), statBytes(stat.value))) ?? 0;
}

function* fstat(c: LinuxCall, into = 1): Blocking<LinuxResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  return (yield* c.copyOut(c.u64(into), statBytes(file.stat()))) ?? 0;
}

function* readlinkat(c: LinuxCall): Blocking<LinuxResult> {
  const path = yield* pathAt(c, 0, 1);
  if (!path.ok) return path.errno;
  const size = c.int(3);
  if (size <= 0) return "EINVAL";
  const target = c.kernel.fs.readlink(path.value);
  if (!target.ok) return target.errno;
  const bytes = new TextEncoder().encode(target.value).subarray(0, size);
  return (yield* c.copyOut(c.u64(2), bytes)) ?? bytes.length;
}

/** faccessat and faccessat2: the file system is read-only and everything in it is readable. */
function* faccessat(c: LinuxCall): Blocking<LinuxResult> {
  const mode = c.int(2);
  if ((mode & ~(R_OK | W_OK | X_OK)) !== 0) return "EINVAL";
  const path = yield* pathAt(c, 0, 1);
  if (!path.ok) return path.errno;
  const stat = statPath(c.kernel.fs, path.value, true);
  if (!stat.ok) return stat.errno;
  const readOnly = stat.value.kind !== "character" && c.kernel.fs.writable !== true;
  if ((mode & W_OK) !== 0 && readOnly) return "EROFS";
  if ((mode & X_OK) !== 0 && (stat.value.permissions & 0o111) === 0) return "EACCES";
  return 0;
}

function* chdir(c: LinuxCall): Blocking<LinuxResult> {
  const path = yield* c.path(0);
  if (!path.ok) return path.errno;
  return enter(c, absolutePath(c.task.cwd, path.value));
}

function fchdir(c: LinuxCall): LinuxResult {
  const file = c.file(0);
  if (file === null) return "EBADF";
  return enter(c, file.node?.path ?? "");
}

function enter(c: LinuxCall, path: string): LinuxResult {
  const { fs } = c.kernel;
  const stat = fs.stat(path);
  if (!stat.ok) return stat.errno;
  if (stat.value.kind !== "directory") return "ENOTDIR";
  const real = fs.realpath(path);
  if (!real.ok) return real.errno;
  c.task.cwd = real.value;
  return 0;
}

function* getcwd(c: LinuxCall): Blocking<LinuxResult> {
  const bytes = new TextEncoder().encode(`${c.task.cwd}\0`);
  if (bytes.length > c.size(1)) return "ERANGE";
  return (yield* c.copyOut(c.u64(0), bytes)) ?? bytes.length;
}

/** struct linux_dirent64, padded to 8 bytes. */
function direntBytes(entry: DirectoryEntry, next: number): Uint8Array {
  const name = new TextEncoder().encode(entry.name);
  const bytes = new Uint8Array(Math.ceil((19 + name.length + 1) / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(entry.inode), true);
  view.setBigUint64(8, BigInt(next), true);
  view.setUint16(16, bytes.length, true);
  view.setUint8(18, DT[entry.kind]);
  bytes.set(name, 19);
  return bytes;
}

/** The offset of an open directory counts its entries, `.` and `..` first. */
function* getdents64(c: LinuxCall): Blocking<LinuxResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  if (file.kind !== "directory" || file.node === null) return "ENOTDIR";
  const listed = file.node.list();
  if (!listed.ok) return listed.errno;
  const { inode } = file.stat();
  const entries: DirectoryEntry[] = [
    { name: ".", kind: "directory", inode },
    { name: "..", kind: "directory", inode },
    ...listed.value,
  ];
  const room = Math.min(c.uint(2), 1 << 16);
  const parts: Uint8Array[] = [];
  let used = 0;
  let at = file.offset;
  for (; at < entries.length; at++) {
    const entry = entries[at];
    if (entry === undefined) break;
    const bytes = direntBytes(entry, at + 1);
    if (used + bytes.length > room) break;
    parts.push(bytes);
    used += bytes.length;
  }
  if (parts.length === 0) return at < entries.length ? "EINVAL" : 0;
  const all = new Uint8Array(used);
  let filled = 0;
  for (const part of parts) {
    all.set(part, filled);
    filled += part.length;
  }
  const fault = yield* c.copyOut(c.u64(1), all);
  if (fault !== null) return fault;
  file.offset = at;
  return used;
}

function* ftruncate(c: LinuxCall): Blocking<LinuxResult> {
  if (c.offset(1) < 0) return "EINVAL";
  const file = c.file(0);
  return file === null ? "EBADF" : ((yield* file.truncate(c.offset(1))) ?? 0);
}

/** A call that would change the file system in a way it does not know. */
function readOnly(number: number, name: string, args: string): LinuxRow {
  return call(number, name, args, () => "EROFS");
}

/** Calls that name files by path. */
export const PATH_ROWS: readonly LinuxRow[] = [
  call(17, "getcwd", "buf:pointer size:size", getcwd),
  readOnly(33, "mknodat", "dirfd:fd path:path mode:octal dev:hex"),
  readOnly(34, "mkdirat", "dirfd:fd path:path mode:octal"),
  readOnly(35, "unlinkat", "dirfd:fd path:path flags:hex"),
  readOnly(36, "symlinkat", "target:path dirfd:fd path:path"),
  readOnly(37, "linkat", "olddirfd:fd oldpath:path newdirfd:fd newpath:path flags:hex"),
  readOnly(38, "renameat", "olddirfd:fd oldpath:path newdirfd:fd newpath:path"),
  readOnly(45, "truncate", "path:path length:offset"),
  call(46, "ftruncate", "fd:fd length:offset", ftruncate),
  call(48, "faccessat", "dirfd:fd path:path mode:octal", faccessat),
  call(49, "chdir", "path:path", chdir),
  call(50, "fchdir", "fd:fd", fchdir),
  readOnly(53, "fchmodat", "dirfd:fd path:path mode:octal"),
  readOnly(54, "fchownat", "dirfd:fd path:path owner:uint group:uint flags:hex"),
  call(56, "openat", "dirfd:fd path:path flags:octal mode:octal", openat),
  call(61, "getdents64", "fd:fd buf:pointer count:size", getdents64),
  call(78, "readlinkat", "dirfd:fd path:path buf:pointer size:int", readlinkat),
  call(79, "newfstatat", "dirfd:fd path:path stat:pointer flags:hex", newfstatat),
  call(80, "fstat", "fd:fd stat:pointer", (c) => fstat(c)),
  readOnly(88, "utimensat", "dirfd:fd path:path times:pointer flags:hex"),
  readOnly(276, "renameat2", "olddirfd:fd oldpath:path newdirfd:fd newpath:path flags:hex"),
  call(439, "faccessat2", "dirfd:fd path:path mode:octal flags:hex", faccessat),
];
