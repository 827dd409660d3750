import type { FileKind, FsResult } from "./types.js";

/** Symbolic links followed before giving up (XNU: MAXSYMLINKS). */
export const MAX_SYMLINKS = 32;
/** Bytes in one component. */
export const NAME_MAX = 255;

/** What stands at a canonical path. */
export interface Probe {
  readonly kind: FileKind;
  /** Target of a symbolic link. */
  readonly target?: string;
}

/**
 * Turn a path into the canonical one of the file it names, one component at a time, as namei does.
 * Only canonical paths are probed: each is the parent's canonical path plus one plain name, so a
 * tree that answers probes about itself cannot be left, whatever its links say.
 * @param probe answers for one canonical path ("/" is the root); ENOENT when nothing is there
 * @param followLast whether a link in last place is followed (a trailing slash always does)
 * @returns ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, or what `probe` refuses
 */
export function resolvePath<P extends Probe>(
  path: string,
  probe: (canonical: string) => FsResult<P>,
  followLast: boolean,
): FsResult<{ readonly path: string; readonly probe: P }> {
  if (path === "") return { ok: false, errno: "ENOENT" };
  if (path.includes("\0")) return { ok: false, errno: "EINVAL" };
  let links = 0;
  const pending = path.split("/").reverse();
  const done: string[] = [];
  const root = probe("/");
  if (!root.ok) return root;
  const probes: P[] = [root.value];

  while (pending.length > 0) {
    const name = pending.pop() ?? "";
    const here = probes[probes.length - 1] ?? root.value;
    if (here.kind !== "directory") return { ok: false, errno: "ENOTDIR" };
    if (name === "" || name === ".") continue;
    if (name === "..") {
      done.pop();
      if (probes.length > 1) probes.pop();
      continue;
    }
    if (utf8Length(name) > NAME_MAX) return { ok: false, errno: "ENAMETOOLONG" };
    const next = probe(`/${[...done, name].join("/")}`);
    if (!next.ok) return next;
    const last = pending.length === 0;
    if (next.value.kind === "symlink" && (!last || followLast)) {
      links += 1;
      if (links > MAX_SYMLINKS) return { ok: false, errno: "ELOOP" };
      const target = next.value.target ?? "";
      if (target === "") return { ok: false, errno: "ENOENT" };
      if (target.startsWith("/")) {
        done.length = 0;
        probes.length = 1;
      }
      pending.push(...target.split("/").reverse());
      continue;
    }
    done.push(name);
    probes.push(next.value);
  }
  const found = probes[probes.length - 1] ?? root.value;
  return { ok: true, value: { path: `/${done.join("/")}`, probe: found } };
}

/** `path` as seen from `cwd` (absolute); `.` and `..` stay for the file system to resolve. */
export function absolutePath(cwd: string, path: string): string {
  if (path === "" || path.startsWith("/")) return path;
  return `${cwd}/${path}`;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
