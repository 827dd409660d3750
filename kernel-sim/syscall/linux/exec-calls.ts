import type { Blocking } from "../../../vm/blocking.js";
import { execTask, loadProgram } from "../../exec.js";
import { openProgram } from "../../exec/script.js";
import type { FsResult } from "../../fs/types.js";
import { ARG_MAX } from "../../loader/initial-stack.js";
import { copyInString } from "../../user-memory.js";
import { NO_RESULT, type LinuxCall, type LinuxResult } from "./call.js";
import { linuxState } from "./state.js";

/** Bytes of one argument, NUL included (Linux: MAX_ARG_STRLEN). */
const MAX_ARG_STRLEN = 131_072;

/**
 * execve. The file is an ELF program, or a script whose interpreter is one: a Mach-O file is
 * refused with ENOEXEC, as by any Linux.
 */
export function* execve(c: LinuxCall): Blocking<LinuxResult> {
  const path = yield* c.path(0);
  if (!path.ok) return path.errno;
  const argv = yield* stringVector(c, c.u64(1));
  if (!argv.ok) return argv.errno;
  const env = yield* stringVector(c, c.u64(2));
  if (!env.ok) return env.errno;
  const { kernel, task, thread, state } = c;
  // Linux gives a program at least an empty argv[0].
  const args = argv.value.length > 0 ? argv.value : [""];
  const found = openProgram(kernel.fs, task.cwd, path.value, args);
  if (!found.ok) return found.errno;
  const stackBytes = task.limits.stack;
  const loaded = yield* loadProgram(kernel, {
    ...found.value,
    env: env.value,
    stackBytes,
    personality: "linux",
  });
  found.value.file.release();
  if (!loaded.ok) return loaded.error.errnoName;

  c.announce();
  const waiting = state.vforkParent;
  yield* execTask(kernel, thread, loaded.program);
  linuxState(task).realTimer = state.realTimer;
  state.vforkParent = null;
  if (waiting !== null) kernel.vm.wakeup(waiting.childChannel);
  return NO_RESULT;
}

/** Strings of an array that ends with a null pointer; a null array is empty, as on Linux. */
function* stringVector(c: LinuxCall, at: bigint): Blocking<FsResult<readonly string[]>> {
  const strings: string[] = [];
  let total = 0;
  for (let next = at; at !== 0n; next += 8n) {
    const word = yield* c.copyIn(next, 8);
    if (!word.ok) return word;
    const pointer = new DataView(word.value.buffer, word.value.byteOffset).getBigUint64(0, true);
    if (pointer === 0n) break;
    const text = yield* copyInString(c.kernel, pointer, MAX_ARG_STRLEN);
    if (!text.ok) return { ok: false, errno: text.errno === "ENAMETOOLONG" ? "E2BIG" : text.errno };
    strings.push(text.value);
    total += text.value.length + 9;
    if (total > ARG_MAX) return { ok: false, errno: "E2BIG" };
  }
  return { ok: true, value: strings };
}
