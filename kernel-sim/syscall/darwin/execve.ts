import type { Blocking } from "../../../vm/blocking.js";
import { vmMapDeallocate } from "../../../vm/map/lifecycle.js";
import { replaceTaskMap } from "../../context-switch.js";
import { installProgram, loadProgram, startContext } from "../../exec.js";
import { openPath } from "../../fs/file-table.js";
import { absolutePath } from "../../fs/resolve.js";
import { OPEN_READ, O_RDONLY, type FsResult } from "../../fs/types.js";
import { ARG_MAX } from "../../loader/initial-stack.js";
import type { Kernel } from "../../kernel.js";
import type { Task } from "../../task.js";
import { copyInString } from "../../user-memory.js";
import { SIG_IGN } from "./abi.js";
import { NO_RESULT, type BsdResult, type DarwinCall } from "./call.js";
import { terminatePorts } from "./message-destroy.js";
import { copyRight } from "./port-queue.js";
import { DarwinState, darwinState, setDarwinState } from "./state.js";

/** A vector of string pointers that ends with a null one; no vector is an empty one. */
function* strings(c: DarwinCall, vector: bigint): Blocking<FsResult<readonly string[]>> {
  const found: string[] = [];
  if (vector === 0n) return { ok: true, value: found };
  for (let at = vector; found.length <= ARG_MAX / 8; at += 8n) {
    const word = yield* c.copyIn(at, 8);
    if (!word.ok) return word;
    const pointer = new DataView(word.value.buffer, word.value.byteOffset).getBigUint64(0, true);
    if (pointer === 0n) return { ok: true, value: found };
    const text = yield* copyInString(c.kernel, pointer, ARG_MAX);
    if (!text.ok) return text.errno === "ENAMETOOLONG" ? { ok: false, errno: "E2BIG" } : text;
    found.push(text.value);
  }
  return { ok: false, errno: "E2BIG" };
}

/**
 * Run another program in this task. The new address space is complete before the old one goes, so a
 * refusal leaves everything as it was. XNU: kern_exec.c __mac_execve.
 */
export function* execve(c: DarwinCall): Blocking<BsdResult> {
  const { kernel, task } = c;
  const path = yield* c.path(0);
  if (!path.ok) return path.errno;
  const argv = yield* strings(c, c.u64(1));
  if (!argv.ok) return argv.errno;
  const env = yield* strings(c, c.u64(2));
  if (!env.ok) return env.errno;
  const file = openPath(kernel.fs, absolutePath(task.cwd, path.value), OPEN_READ, {
    access: O_RDONLY,
  });
  if (!file.ok) return file.errno;
  const { kind, permissions } = file.value.stat();
  if (kind !== "file" || (permissions & 0o111) === 0) {
    file.value.release();
    return "EACCES";
  }
  const loaded = yield* loadProgram(kernel, {
    file: file.value,
    path: path.value,
    argv: argv.value,
    env: env.value,
    stackBytes: task.limits.stack,
  });
  file.value.release();
  if (!loaded.ok) return loaded.error.errnoName;
  const { program } = loaded;
  if (program.personality !== task.personality.name) {
    yield* vmMapDeallocate(program.map);
    return "ENOEXEC";
  }

  yield* replaceTaskMap(kernel, task, program.map);
  installProgram(task, program);
  yield* forgetProgram(kernel, task);
  const start = startContext(kernel, program);
  kernel.cpu.restore(start.cpu);
  kernel.cpu.setSysreg("ELR_EL1", start.elr);
  kernel.cpu.setSysreg("SPSR_EL1", start.spsr);
  return NO_RESULT;
}

/** What does not survive an exec: handlers (ignored signals stay so), alternate stack, ports. */
function* forgetProgram(kernel: Kernel, task: Task): Blocking<void> {
  task.files.closeForExec();
  for (const [signal, action] of [...task.signalActions]) {
    if (action.handler !== SIG_IGN) task.signalActions.delete(signal);
  }
  const old = darwinState(task);
  const fresh = new DarwinState();
  for (const [resource, limit] of old.hardLimits) fresh.hardLimits.set(resource, limit);
  for (const [resource, limit] of old.softLimits) fresh.softLimits.set(resource, limit);
  for (const [which, right] of old.specialPorts) fresh.specialPorts.set(which, copyRight(right));
  setDarwinState(task, fresh);
  yield* terminatePorts(kernel, old);
}
