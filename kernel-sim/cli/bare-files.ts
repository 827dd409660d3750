import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join, posix } from "node:path";
import type {
  FileMode,
  FileResult,
  SemihostingFile,
  SemihostingFiles,
} from "../bare/semihosting-files.js";
import type { FileSystem } from "../fs/types.js";
import { attempt, openNodeFs } from "./node-fs.js";

const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;

const FLAGS: Readonly<Record<FileMode, number>> = {
  r: constants.O_RDONLY,
  "r+": constants.O_RDWR,
  w: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
  "w+": constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
  a: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
  "a+": constants.O_RDWR | constants.O_CREAT | constants.O_APPEND,
};

const refuse = (errno: "EACCES" | "EINVAL" | "EIO") => ({ ok: false, errno }) as const;

/**
 * A directory of the host as semihosting's files, to read and to write. Paths are resolved as in `openNodeFs`, within the
 * directory whatever `..` and links say; the host is then asked about a directory free of links and one plain name, whose
 * last step is not followed either.
 */
class HostFiles implements SemihostingFiles {
  readonly #root: string;
  readonly #tree: FileSystem;

  constructor(root: string) {
    this.#root = realpathSync(root);
    this.#tree = openNodeFs(root);
  }

  /** Where a path's last component stands, or would. */
  #locate(path: string): FileResult<string> {
    const absolute = path.startsWith("/") ? path : `/${path}`;
    const found = this.#tree.realpath(absolute);
    if (found.ok) return { ok: true, value: this.#host(found.value) };
    if (found.errno !== "ENOENT" || absolute.endsWith("/")) return found;
    const name = posix.basename(absolute);
    if (name === "." || name === "..") return found;
    // A link that leads nowhere is not written through.
    if (this.#tree.lstat(absolute).ok) return refuse("EACCES");
    const parent = this.#tree.realpath(posix.dirname(absolute));
    if (!parent.ok) return parent;
    return { ok: true, value: join(this.#host(parent.value), name) };
  }

  #host(canonical: string): string {
    return canonical === "/" ? this.#root : join(this.#root, ...canonical.slice(1).split("/"));
  }

  open(path: string, mode: FileMode): FileResult<SemihostingFile> {
    const at = this.#locate(path);
    if (!at.ok) return at;
    // Nothing is emptied before it is known to be the file that was meant.
    const flags = (FLAGS[mode] & ~constants.O_TRUNC) | O_NOFOLLOW | O_NONBLOCK;
    const opened = attempt(() => openSync(at.value, flags, 0o644));
    if (!opened.ok) return opened;
    const checked = attempt(() => {
      const stat = fstatSync(opened.value, { bigint: true });
      const there = lstatSync(at.value, { bigint: true });
      const isMeant = stat.dev === there.dev && stat.ino === there.ino;
      return stat.isFile() && isMeant && realpathSync(at.value) === at.value;
    });
    if (!checked.ok || !checked.value) {
      closeSync(opened.value);
      return checked.ok ? refuse("EACCES") : checked;
    }
    return this.#emptied(opened.value, mode);
  }

  #emptied(fd: number, mode: FileMode): FileResult<SemihostingFile> {
    if (mode.startsWith("w")) {
      const emptied = attempt(() => {
        ftruncateSync(fd, 0);
      });
      if (!emptied.ok) {
        closeSync(fd);
        return emptied;
      }
    }
    return { ok: true, value: new HostFile(fd, mode.startsWith("a")) };
  }

  remove(path: string): FileResult<null> {
    const at = this.#locate(path);
    return at.ok ? done(() => unlinkSync(at.value)) : at;
  }

  rename(from: string, to: string): FileResult<null> {
    const [source, target] = [this.#locate(from), this.#locate(to)];
    if (!source.ok) return source;
    if (!target.ok) return target;
    return done(() => renameSync(source.value, target.value));
  }
}

class HostFile implements SemihostingFile {
  readonly #fd: number;
  readonly #appends: boolean;
  #position = 0;

  constructor(fd: number, appends: boolean) {
    this.#fd = fd;
    this.#appends = appends;
  }

  read(into: Uint8Array): FileResult<number> {
    const got = attempt(() => readSync(this.#fd, into, 0, into.length, this.#position));
    if (got.ok) this.#position += got.value;
    return got;
  }

  write(bytes: Uint8Array): FileResult<number> {
    const at = this.#appends ? null : this.#position;
    const put = attempt(() => writeSync(this.#fd, bytes, 0, bytes.length, at));
    if (!put.ok) return put;
    if (this.#appends) this.#position = fstatSync(this.#fd).size;
    else this.#position += put.value;
    return put;
  }

  seek(position: number): FileResult<null> {
    this.#position = position;
    return { ok: true, value: null };
  }

  length(): FileResult<number> {
    return attempt(() => fstatSync(this.#fd).size);
  }

  isTerminal(): boolean {
    return false;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function done(work: () => void): FileResult<null> {
  const result = attempt(work);
  return result.ok ? { ok: true, value: null } : result;
}

/**
 * The host directory `root` for semihosting.
 * @throws the host's error if it does not exist, or if it is no directory
 */
export function openHostFiles(root: string): SemihostingFiles {
  return new HostFiles(root);
}
