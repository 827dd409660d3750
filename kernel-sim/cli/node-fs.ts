import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
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
/** Absent on Windows, where they are not needed. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;

/**
 * A directory of the host, read-only, as the guest's whole file system.
 *
 * Sandbox: paths are resolved here, component by component, on canonical guest paths; the host is
 * only asked about `root` plus plain names none of which was a link a moment ago. The last step does
 * not follow links either, and what was opened must be the very file that stands at that path
 * with no link on the way, so a tree that is being changed underneath yields an error rather than
 * a file from outside. Devices, sockets and fifos are refused.
 */
class NodeFs implements FileSystem {
  readonly #root: string;
  /** Guest inode numbers in order of first sight, so that they do not depend on the host. */
  readonly #inodes = new Map<string, number>();

  constructor(root: string) {
    this.#root = realpathSync(root);
    if (!lstatSync(this.#root).isDirectory()) throw new Error(`${root} is not a directory`);
  }

  open(path: string, request: OpenRequest): FsResult<FileNode> {
    const found = resolvePath(path, this.#probe, !request.noFollow);
    if (!found.ok) {
      return found.errno === "ENOENT" && request.create ? refuse("EROFS") : found;
    }
    const refused = refuseOpen(found.value.probe.kind, request);
    if (refused !== null) return refuse(refused);
    return found.value.probe.kind === "directory"
      ? this.#openDirectory(found.value.path, found.value.probe.stat)
      : this.#openFile(found.value.path);
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

  #openFile(path: string): FsResult<FileNode> {
    const opened = attempt(() =>
      openSync(this.#hostPath(path), constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
    );
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
    const node: FileNode = {
      path,
      stat: checked.value,
      read: (offset, into) => readAll(fd, offset, into),
      list: () => refuse("ENOTDIR"),
      close: () => {
        closeSync(fd);
      },
    };
    return { ok: true, value: node };
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
 * @throws the host's error if it does not exist, or if it is no directory
 */
export function openNodeFs(root: string): FileSystem {
  return new NodeFs(root);
}
