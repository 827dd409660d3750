import { openPath } from "../fs/file-table.js";
import { absolutePath } from "../fs/resolve.js";
import { O_RDONLY, OPEN_READ, type FileSystem, type FsResult, type OpenFile } from "../fs/types.js";

/** A program to be executed, and the arguments it gets. */
export interface ProgramFile {
  /** The caller's reference. */
  readonly file: OpenFile;
  readonly path: string;
  readonly argv: readonly string[];
}

/** Bytes of a script that may hold its first line (XNU: IMG_SHSIZE, Linux has 256). */
const LINE_BYTES = 512;
/** Interpreters that are scripts themselves. */
const MAX_DEPTH = 4;

/**
 * Open what execve is to run. For a script that is the interpreter of its first line, with the
 * line's argument and the script's path before the other arguments.
 * XNU: kern_exec.c exec_shell_imgact; Linux: binfmt_script.c.
 * @param path absolute or relative to `cwd`
 * @returns EACCES for what is not an executable file; ENOEXEC for a line without an interpreter;
 *   ELOOP for interpreters of interpreters; what opening the file gives
 */
export function openProgram(
  fs: FileSystem,
  cwd: string,
  path: string,
  argv: readonly string[],
): FsResult<ProgramFile> {
  let at = path;
  let args = argv;
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const opened = openPath(fs, absolutePath(cwd, at), OPEN_READ, { access: O_RDONLY });
    if (!opened.ok) return opened;
    const file = opened.value;
    if (file.kind !== "file" || (file.stat().permissions & 0o111) === 0) {
      file.release();
      return { ok: false, errno: "EACCES" };
    }
    const line = firstLine(file);
    if (line === null) return { ok: true, value: { file, path: at, argv: args } };
    file.release();
    const [, interpreter, argument] = /^[ \t]*([^ \t]+)[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (interpreter === undefined) return { ok: false, errno: "ENOEXEC" };
    args = [interpreter, ...(argument ? [argument] : []), at, ...args.slice(1)];
    at = interpreter;
  }
  return { ok: false, errno: "ELOOP" };
}

/** What follows `#!`; null if the file is no script. */
function firstLine(file: OpenFile): string | null {
  const bytes = new Uint8Array(LINE_BYTES);
  const count = file.readAt(0, bytes);
  if (typeof count !== "number" || bytes[0] !== 0x23 || bytes[1] !== 0x21) return null;
  const text = new TextDecoder().decode(bytes.subarray(2, count));
  return text.slice(0, Math.max(text.indexOf("\n"), 0) || text.length);
}
