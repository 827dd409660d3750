import { resolvePath, type Probe } from "./resolve.js";
import type {
  DirectoryEntry,
  FileKind,
  FileNode,
  FileStat,
  FileSystem,
  FsResult,
  IoResult,
  OpenRequest,
} from "./types.js";

/** What a `MemoryFs` is made of, by absolute canonical path. */
export type MemoryFile =
  string | Uint8Array | { readonly link: string } | { readonly program: Uint8Array };

interface MemoryNode extends Probe {
  readonly kind: "file" | "directory" | "symlink";
  readonly target?: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
  readonly children: Map<string, string>;
  readonly inode: number;
}

const DEVICE = 1;
const NOTHING = new Uint8Array(0);

/** A read-only tree in memory, for tests and the browser. Directories appear as paths need them. */
export class MemoryFs implements FileSystem {
  readonly #nodes = new Map<string, MemoryNode>();

  constructor(files: Readonly<Record<string, MemoryFile>> = {}) {
    this.#addDirectory("/");
    for (const [path, file] of Object.entries(files)) this.#addFile(path, file);
  }

  open(path: string, request: OpenRequest): FsResult<FileNode> {
    const found = resolvePath(path, this.#probe, !request.noFollow);
    if (!found.ok) {
      return found.errno === "ENOENT" && request.create ? { ok: false, errno: "EROFS" } : found;
    }
    const refused = refuseOpen(found.value.probe.kind, request);
    if (refused !== null) return { ok: false, errno: refused };
    return { ok: true, value: this.#open(found.value.path, found.value.probe) };
  }

  stat(path: string): FsResult<FileStat> {
    return this.#stat(path, true);
  }

  lstat(path: string): FsResult<FileStat> {
    return this.#stat(path, false);
  }

  readlink(path: string): FsResult<string> {
    const found = resolvePath(path, this.#probe, false);
    if (!found.ok) return found;
    const { target } = found.value.probe;
    return target === undefined ? { ok: false, errno: "EINVAL" } : { ok: true, value: target };
  }

  list(path: string): FsResult<readonly DirectoryEntry[]> {
    const found = resolvePath(path, this.#probe, true);
    return found.ok ? this.#list(found.value.probe) : found;
  }

  realpath(path: string): FsResult<string> {
    const found = resolvePath(path, this.#probe, true);
    return found.ok ? { ok: true, value: found.value.path } : found;
  }

  readonly #probe = (path: string): FsResult<MemoryNode> => {
    const node = this.#nodes.get(path);
    return node === undefined ? { ok: false, errno: "ENOENT" } : { ok: true, value: node };
  };

  #stat(path: string, follow: boolean): FsResult<FileStat> {
    const found = resolvePath(path, this.#probe, follow);
    return found.ok ? { ok: true, value: statOf(found.value.probe) } : found;
  }

  #list(directory: MemoryNode): FsResult<readonly DirectoryEntry[]> {
    if (directory.kind !== "directory") return { ok: false, errno: "ENOTDIR" };
    const names = [...directory.children.keys()].sort(byCodeUnits);
    const entries = names.map((name) => {
      const child = this.#nodes.get(directory.children.get(name) ?? "");
      return { name, kind: child?.kind ?? "file", inode: child?.inode ?? 0 };
    });
    return { ok: true, value: entries };
  }

  #open(path: string, node: MemoryNode): FileNode {
    return {
      path,
      stat: statOf(node),
      read: (offset, into): IoResult => {
        if (node.kind === "directory") return "EISDIR";
        const part = node.bytes.subarray(offset, offset + into.length);
        into.set(part);
        return part.length;
      },
      list: () => this.#list(node),
      close: () => undefined,
    };
  }

  #addDirectory(path: string): MemoryNode {
    const known = this.#nodes.get(path);
    if (known !== undefined) return known;
    return this.#add(path, { kind: "directory", bytes: NOTHING });
  }

  #addFile(path: string, file: MemoryFile): void {
    if (typeof file === "string") {
      this.#add(path, { kind: "file", bytes: new TextEncoder().encode(file) });
    } else if (file instanceof Uint8Array) {
      this.#add(path, { kind: "file", bytes: file });
    } else if ("program" in file) {
      this.#add(path, { kind: "file", bytes: file.program, executable: true });
    } else {
      this.#add(path, { kind: "symlink", bytes: NOTHING, target: file.link });
    }
  }

  #add(
    path: string,
    what: Pick<MemoryNode, "kind" | "bytes" | "target"> & { readonly executable?: boolean },
  ): MemoryNode {
    const node = {
      executable: false,
      ...what,
      children: new Map<string, string>(),
      inode: this.#nodes.size + 2,
    };
    this.#nodes.set(path, node);
    if (path !== "/") {
      const cut = path.lastIndexOf("/");
      const parent = this.#addDirectory(cut === 0 ? "/" : path.slice(0, cut));
      parent.children.set(path.slice(cut + 1), path);
    }
    return node;
  }
}

/** Why a file of this kind is not opened as asked, or null. Shared by the file systems. */
export function refuseOpen(
  kind: FileKind,
  request: OpenRequest,
  writable = false,
): "ELOOP" | "EEXIST" | "ENOTDIR" | "EISDIR" | "EROFS" | "EACCES" | null {
  if (request.create && request.exclusive) return "EEXIST";
  if (kind === "symlink") return "ELOOP";
  if (kind !== "file" && kind !== "directory") return "EACCES";
  if (request.directory && kind !== "directory") return "ENOTDIR";
  if (kind === "directory" && (request.write || request.create)) return "EISDIR";
  if ((request.write || request.truncate) && !writable) return "EROFS";
  return null;
}

/** Order of names in a directory: by UTF-16 code unit, the same on every host. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function statOf(node: MemoryNode): FileStat {
  const size = node.kind === "symlink" ? (node.target ?? "").length : node.bytes.length;
  return {
    kind: node.kind,
    permissions: node.kind === "file" && !node.executable ? 0o644 : 0o755,
    device: DEVICE,
    inode: node.inode,
    links: 1,
    sizeBytes: size,
    modifiedSeconds: 0,
  };
}
