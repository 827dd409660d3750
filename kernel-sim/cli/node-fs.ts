import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  writeSync,
  type BigIntStats,
} from "node:fs";
import { join, sep } from "node:path";
import { byCodeUnits, refuseOpen } from "../fs/memory-fs.js";
import { resolvePath, type Probe } from "../fs/resolve.js";
import type {
  DirectoryEntry,
  FileKind,
  FileNode,
  FileStat,
  FileSystem,
  FsResult,
  IoResult,
  OpenRequest,
} from "../fs/types.js";
import { ERRNO_NAMES, type ErrnoName } from "../syscall/errno.js";

interface HostProbe extends Probe {
  readonly stat: FileStat;
}

const DEVICE = 1;
/** Permission bits of a file nobody asked any for. */
const NEW_FILE_MODE = 0o644;
/** Absent on Windows, where they are not needed. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;

/**
 * A directory of the host as the guest's whole file system: read-only, or with files that can be made,
 * written, cut and grown, but not renamed or removed.
 *
 * Sandbox: paths are resolved here, component by component, on canonical guest paths; the host is
 * only asked about `root` plus plain names none of which was a link a moment ago. The last step does
 * not follow links either, and what was opened must be the very file that stands at that path
 * with no link on the way, so a tree that is being changed underneath yields an error rather than
 * a file from outside. Devices, sockets and fifos are refused. A guest cannot make links, so it cannot
 * change the tree underneath itself. A file is made only where nothing stands, not even a dangling link.
 */
class NodeFs implements FileSystem {
  readonly #root: string;
  /** Guest inode numbers in order of first sight, so that they do not depend on the host. */
  readonly #inodes = new Map<string, number>();

  readonly writable: boolean;

  constructor(root: string, writable: boolean) {
    this.writable = writable;
    this.#root = realpathSync(root);
    if (!lstatSync(this.#root).isDirectory()) throw new Error(`${root} is not a directory`);
  }

  open(path: string, request: OpenRequest): FsResult<FileNode> {
    const found = resolvePath(path, this.#probe, !request.noFollow);
    if (!found.ok) {
      if (found.errno !== "ENOENT" || !request.create) return found;
      return this.writable ? this.#create(path, request) : refuse("EROFS");
    }
    const refused = refuseOpen(found.value.probe.kind, request, this.writable);
    if (refused !== null) return refuse(refused);
    return found.value.probe.kind === "directory"
      ? this.#openDirectory(found.value.path, found.value.probe.stat)
      : this.#openFile(found.value.path, request.write || request.truncate, 0);
  }

  /** A new file in a directory of the tree that exists. */
  #create(path: string, request: OpenRequest): FsResult<FileNode> {
    const cut = path.lastIndexOf("/");
    const name = path.slice(cut + 1);
    if (name === "" || name === "." || name === "..") return refuse("ENOENT");
    if (request.directory) return refuse("EINVAL");
    const parent = resolvePath(path.slice(0, cut + 1), this.#probe, true);
    if (!parent.ok) return parent;
    if (parent.value.probe.kind !== "directory") return refuse("ENOTDIR");
    const canonical = parent.value.path === "/" ? `/${name}` : `${parent.value.path}/${name}`;
    // The name alone: what stands there, a dangling link say, is not followed and not replaced.
    const there = this.#probe(canonical);
    if (there.ok) return refuse(there.value.kind === "symlink" ? "ENOENT" : "EEXIST");
    if (there.errno !== "ENOENT") return there;
    const permissions = (request.mode ?? NEW_FILE_MODE) & 0o777;
    return this.#openFile(canonical, true, constants.O_CREAT | constants.O_EXCL, permissions);
  }

  stat(path: string): FsResult<FileStat> {
    const found = resolvePath(path, this.#probe, true);
    return found.ok ? { ok: true, value: found.value.probe.stat } : found;
  }

  lstat(path: string): FsResult<FileStat> {
    const found = resolvePath(path, this.#probe, false);
    return found.ok ? { ok: true, value: found.value.probe.stat } : found;
  }

  readlink(path: string): FsResult<string> {
    const found = resolvePath(path, this.#probe, false);
    if (!found.ok) return found;
    const { target } = found.value.probe;
    return target === undefined ? refuse("EINVAL") : { ok: true, value: target };
  }

  list(path: string): FsResult<readonly DirectoryEntry[]> {
    const found = resolvePath(path, this.#probe, true);
    if (!found.ok) return found;
    if (found.value.probe.kind !== "directory") return refuse("ENOTDIR");
    return this.#list(found.value.path);
  }

  realpath(path: string): FsResult<string> {
    const found = resolvePath(path, this.#probe, true);
    return found.ok ? { ok: true, value: found.value.path } : found;
  }

  readonly #probe = (path: string): FsResult<HostProbe> => {
    // A separator of the host inside a name (`\` on Windows) would be a second component there.
    if (sep !== "/" && (path.includes(sep) || path.includes(":"))) return refuse("ENOENT");
    return attempt(() => {
      const host = this.#hostPath(path);
      const stat = lstatSync(host, { bigint: true });
      const kind = kindOf(stat);
      const probe = { kind, stat: this.#statOf(stat) };
      return kind === "symlink" ? { ...probe, target: readlinkSync(host) } : probe;
    });
  };

  #hostPath(canonical: string): string {
    return canonical === "/" ? this.#root : join(this.#root, ...canonical.slice(1).split("/"));
  }

  /** @param create O_* flags that make the file */
  #openFile(
    path: string,
    writable: boolean,
    create: number,
    permissions = NEW_FILE_MODE,
  ): FsResult<FileNode> {
    const access = writable ? constants.O_RDWR : constants.O_RDONLY;
    const flags = access | create | O_NOFOLLOW | O_NONBLOCK;
    const opened = attempt(() => openSync(this.#hostPath(path), flags, permissions));
    if (!opened.ok) return opened;
    const fd = opened.value;
    const checked = attempt(() => {
      const stat = fstatSync(fd, { bigint: true });
      return stat.isFile() && this.#isAt(path, stat) ? this.#statOf(stat) : null;
    });
    if (!checked.ok || checked.value === null) {
      closeSync(fd);
      return checked.ok ? refuse("EACCES") : checked;
    }
    const node = {
      path,
      stat: checked.value,
      read: (offset: number, into: Uint8Array) => readAll(fd, offset, into),
      list: () => refuse("ENOTDIR"),
      close: () => {
        closeSync(fd);
      },
    };
    return { ok: true, value: writable ? this.#writableNode(fd, node) : node };
  }

  /** A file's size changes as it is written. */
  #writableNode(fd: number, node: FileNode): FileNode {
    const statNow = (): FileStat => this.#statOf(fstatSync(fd, { bigint: true }));
    return {
      ...node,
      get stat() {
        return statNow();
      },
      write: (offset, from) => writeAll(fd, offset, from),
      truncate(size) {
        const done = attempt(() => {
          ftruncateSync(fd, size);
        });
        return done.ok ? null : done.errno;
      },
    };
  }

  #openDirectory(path: string, stat: FileStat): FsResult<FileNode> {
    const node: FileNode = {
      path,
      stat,
      read: () => "EISDIR",
      list: () => this.#list(path),
      close: () => undefined,
    };
    return { ok: true, value: node };
  }

  #list(path: string): FsResult<readonly DirectoryEntry[]> {
    const listed = attempt(() => {
      const host = this.#hostPath(path);
      if (realpathSync(host) !== host) return null;
      const names = readdirSync(host).sort(byCodeUnits);
      return realpathSync(host) === host ? names : null;
    });
    if (!listed.ok) return listed;
    if (listed.value === null) return refuse("EACCES");
    const entries: DirectoryEntry[] = [];
    for (const name of listed.value) {
      const probe = this.#probe(path === "/" ? `/${name}` : `${path}/${name}`);
      if (probe.ok) entries.push({ name, kind: probe.value.kind, inode: probe.value.stat.inode });
    }
    return { ok: true, value: entries };
  }

  /** The file `stat` describes stands at `path` of the tree, with no link on the way to it. */
  #isAt(path: string, stat: BigIntStats): boolean {
    const host = this.#hostPath(path);
    const there = lstatSync(host, { bigint: true });
    return there.dev === stat.dev && there.ino === stat.ino && realpathSync(host) === host;
  }

  #statOf(stat: BigIntStats): FileStat {
    const key = `${stat.dev}:${stat.ino}`;
    let inode = this.#inodes.get(key);
    if (inode === undefined) {
      inode = this.#inodes.size + 2;
      this.#inodes.set(key, inode);
    }
    return {
      kind: kindOf(stat),
      permissions: Number(stat.mode & 0o777n),
      device: DEVICE,
      inode,
      links: 1,
      sizeBytes: Number(stat.size),
      modifiedSeconds: Number(stat.mtimeMs / 1000n),
    };
  }
}

/** Anything that is no file, directory or link counts as a character device: it is refused. */
function kindOf(stat: BigIntStats): FileKind {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  return stat.isFIFO() ? "fifo" : "character";
}

/** Fill `into` as far as the file goes: one host read may return less. */
function readAll(fd: number, offset: number, into: Uint8Array): IoResult {
  let done = 0;
  while (done < into.length) {
    const part = attempt(() => readSync(fd, into, done, into.length - done, offset + done));
    if (!part.ok) return part.errno;
    if (part.value === 0) break;
    done += part.value;
  }
  return done;
}

/** Write all of `from`, or as much as the host takes. */
function writeAll(fd: number, offset: number, from: Uint8Array): IoResult {
  let done = 0;
  while (done < from.length) {
    const part = attempt(() => writeSync(fd, from, done, from.length - done, offset + done));
    if (!part.ok) return done > 0 ? done : part.errno;
    done += part.value;
  }
  return done;
}

function refuse(errno: ErrnoName): { readonly ok: false; readonly errno: ErrnoName } {
  return { ok: false, errno };
}

/** The host's refusals by name; what we have no name for is an I/O error. */
export function attempt<T>(work: () => T): FsResult<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return refuse(ERRNO_NAMES.find((name) => name === code) ?? "EIO");
  }
}

/**
 * The host directory `root` as a guest's file system.
 * @param writable the guest may make and change files in it
 * @throws the host's error if it does not exist, or if it is no directory
 */
export function openNodeFs(root: string, writable = false): FileSystem {
  return new NodeFs(root, writable);
}
