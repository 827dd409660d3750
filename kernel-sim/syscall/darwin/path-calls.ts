import type { Blocking } from "../../../vm/blocking.js";
import { openAndTruncate, statPath } from "../../fs/file-table.js";
import { absolutePath } from "../../fs/resolve.js";
import type { AccessMode, FileStat, FsResult } from "../../fs/types.js";
import {
  AT_EACCESS,
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
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
  W_OK,
  X_OK,
} from "./abi.js";
import { bsd, type BsdResult, type BsdRow, type DarwinCall } from "./call.js";
import { directoryBytes, stat64Bytes, statBytes } from "./file-layout.js";

/** F_OK..: and the extended rights of access(2), which nothing here grants separately. */
const ACCESS_MASK = R_OK | W_OK | X_OK;
/** From this size on getdirentries64 says at the end of the buffer whether the directory ended. */
const EXTENDED_BUFFER = 1024;
const GETDIRENTRIES64_EOF = 1;
const MAX_DIRECTORY_BUFFER = 1 << 20;

/**
 * Argument `i` as an absolute path.
 * @param dirfd the argument with a directory that relative paths start from; null: the current one
 */
function* pathArgument(c: DarwinCall, i: number, dirfd: number | null): Blocking<FsResult<string>> {
  const path = yield* c.path(i);
  if (!path.ok || path.value.startsWith("/")) return path;
  if (path.value === "") return { ok: false, errno: "ENOENT" };
  if (dirfd === null || c.int(dirfd) === AT_FDCWD) {
    return { ok: true, value: absolutePath(c.task.cwd, path.value) };
  }
  const directory = c.file(dirfd);
  if (directory === null) return { ok: false, errno: "EBADF" };
  if (directory.kind !== "directory") return { ok: false, errno: "ENOTDIR" };
  return { ok: true, value: absolutePath(directory.node?.path ?? "/", path.value) };
}

/** XNU: vfs_syscalls.c open1, with flags at argument `i + 1`. */
function* open(c: DarwinCall, i: number, dirfd: number | null): Blocking<BsdResult> {
  const flags = c.int(i + 1);
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const mode = flags & O_ACCMODE;
  if (mode === O_ACCMODE || (has(O_CREAT) && has(O_DIRECTORY))) return "EINVAL";
  const path = yield* pathArgument(c, i, dirfd);
  if (!path.ok) return path.errno;
  const request = {
    mode: c.int(i + 2) & 0o777,
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

type StatLayout = (stat: FileStat) => Uint8Array;

function* statAt(
  c: DarwinCall,
  path: Blocking<FsResult<string>>,
  into: bigint,
  follow: boolean,
  layout: StatLayout,
): Blocking<BsdResult> {
  const at = yield* path;
  if (!at.ok) return at.errno;
  const stat = statPath(c.kernel.fs, at.value, follow);
  if (!stat.ok) return stat.errno;
  return (yield* c.copyOut(into, layout(stat.value))) ?? 0;
}

function stat(follow: boolean, layout: StatLayout): (c: DarwinCall) => Blocking<BsdResult> {
  return (c) => statAt(c, pathArgument(c, 0, null), c.u64(1), follow, layout);
}

function fstat(layout: StatLayout): (c: DarwinCall) => Blocking<BsdResult> {
  return function* (c) {
    const file = c.file(0);
    if (file === null) return "EBADF";
    return (yield* c.copyOut(c.u64(1), layout(file.stat()))) ?? 0;
  };
}

function* fstatat64(c: DarwinCall): Blocking<BsdResult> {
  const flags = c.int(3);
  if ((flags & ~AT_SYMLINK_NOFOLLOW) !== 0) return "EINVAL";
  const follow = (flags & AT_SYMLINK_NOFOLLOW) === 0;
  return yield* statAt(c, pathArgument(c, 1, 0), c.u64(2), follow, stat64Bytes);
}

/** The file system is read-only, and everything in it is readable. */
function* access(c: DarwinCall, i: number, dirfd: number | null): Blocking<BsdResult> {
  const mode = c.int(i + 1);
  if ((mode & ~ACCESS_MASK) !== 0) return "EINVAL";
  const path = yield* pathArgument(c, i, dirfd);
  if (!path.ok) return path.errno;
  const found = statPath(c.kernel.fs, path.value, true);
  if (!found.ok) return found.errno;
  const readOnly = found.value.kind !== "character" && c.kernel.fs.writable !== true;
  if ((mode & W_OK) !== 0 && readOnly) return "EROFS";
  if ((mode & X_OK) !== 0 && (found.value.permissions & 0o111) === 0) return "EACCES";
  return 0;
}

function* faccessat(c: DarwinCall): Blocking<BsdResult> {
  if ((c.int(3) & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW)) !== 0) return "EINVAL";
  return yield* access(c, 1, 0);
}

function* readlink(c: DarwinCall): Blocking<BsdResult> {
  const path = yield* pathArgument(c, 0, null);
  if (!path.ok) return path.errno;
  const target = c.kernel.fs.readlink(path.value);
  if (!target.ok) return target.errno;
  const size = c.int(2);
  if (size < 0) return "EINVAL";
  const bytes = new TextEncoder().encode(target.value).subarray(0, size);
  return (yield* c.copyOut(c.u64(1), bytes)) ?? bytes.length;
}

function* chdir(c: DarwinCall): Blocking<BsdResult> {
  const path = yield* pathArgument(c, 0, null);
  return path.ok ? enter(c, path.value) : path.errno;
}

function fchdir(c: DarwinCall): BsdResult {
  const file = c.file(0);
  if (file === null) return "EBADF";
  return file.node === null ? "ENOTDIR" : enter(c, file.node.path);
}

function enter(c: DarwinCall, path: string): BsdResult {
  const { fs } = c.kernel;
  const found = fs.stat(path);
  if (!found.ok) return found.errno;
  if (found.value.kind !== "directory") return "ENOTDIR";
  const real = fs.realpath(path);
  if (!real.ok) return real.errno;
  c.task.cwd = real.value;
  return 0;
}

/** The offset of an open directory counts its entries, `.` and `..` first. */
function* getdirentries64(c: DarwinCall): Blocking<BsdResult> {
  const file = c.file(0);
  if (file === null) return "EBADF";
  if (file.kind !== "directory" || file.node === null) return "EINVAL";
  const listed = file.node.list();
  if (!listed.ok) return listed.errno;
  const size = Math.min(c.size(2), MAX_DIRECTORY_BUFFER);
  const extended = size >= EXTENDED_BUFFER;
  const room = extended ? size - 4 : size;
  const part = directoryBytes(file.stat().inode, listed.value, file.offset, room);
  if (part === null) return "EINVAL";
  const fault = yield* c.copyOut(c.u64(1), part.bytes);
  if (fault !== null) return fault;
  const position = yield* c.copyOutWords(c.u64(3), [file.offset]);
  if (position !== null) return position;
  if (extended) {
    const flags = part.ended ? GETDIRENTRIES64_EOF : 0;
    const end = yield* c.copyOutInts(c.u64(1) + BigInt(size - 4), [flags]);
    if (end !== null) return end;
  }
  file.offset = part.next;
  return part.bytes.length;
}

/** A call that would change the file system in a way it does not know. */
function readOnly(number: number, name: string, args: string): BsdRow {
  return bsd(number, name, args, function* (c): Blocking<BsdResult> {
    const path = yield* pathArgument(c, 0, null);
    return path.ok ? "EROFS" : path.errno;
  });
}

function* ftruncate(c: DarwinCall): Blocking<BsdResult> {
  if (c.offset(1) < 0) return "EINVAL";
  const file = c.file(0);
  return file === null ? "EBADF" : ((yield* file.truncate(c.offset(1))) ?? 0);
}

/** Calls that name files by path. */
export const PATH_ROWS: readonly BsdRow[] = [
  bsd(5, "open", "path:path flags:hex mode:octal", (c) => open(c, 0, null), { nocancel: 398 }),
  readOnly(9, "link", "path:path link:path"),
  readOnly(10, "unlink", "path:path"),
  bsd(12, "chdir", "path:path", chdir),
  bsd(13, "fchdir", "fd:fd", fchdir),
  readOnly(15, "chmod", "path:path mode:octal"),
  readOnly(16, "chown", "path:path uid:int gid:int"),
  bsd(33, "access", "path:path mode:octal", (c) => access(c, 0, null)),
  readOnly(57, "symlink", "target:path link:path"),
  bsd(58, "readlink", "path:path buf:pointer count:int", readlink),
  readOnly(128, "rename", "from:path to:path"),
  readOnly(136, "mkdir", "path:path mode:octal"),
  readOnly(137, "rmdir", "path:path"),
  readOnly(138, "utimes", "path:path times:pointer"),
  bsd(188, "stat", "path:path stat:pointer", stat(true, statBytes)),
  bsd(189, "fstat", "fd:fd stat:pointer", fstat(statBytes)),
  bsd(190, "lstat", "path:path stat:pointer", stat(false, statBytes)),
  readOnly(200, "truncate", "path:path length:offset"),
  bsd(201, "ftruncate", "fd:fd length:offset", ftruncate),
  bsd(338, "stat64", "path:path stat:pointer", stat(true, stat64Bytes)),
  bsd(339, "fstat64", "fd:fd stat:pointer", fstat(stat64Bytes)),
  bsd(340, "lstat64", "path:path stat:pointer", stat(false, stat64Bytes)),
  bsd(344, "getdirentries64", "fd:fd buf:pointer bufsize:size position:pointer", getdirentries64, {
    returns: "u64",
  }),
  bsd(463, "openat", "fd:fd path:path flags:hex mode:octal", (c) => open(c, 1, 0), {
    nocancel: 464,
  }),
  bsd(466, "faccessat", "fd:fd path:path mode:octal flags:hex", faccessat),
  bsd(470, "fstatat64", "fd:fd path:path stat:pointer flags:hex", fstatat64),
];
