import { THREAD_UNINT, type Blocking } from "../../../vm/blocking.js";
import { copyoutMap } from "../../../vm/copyio.js";
import type { VmOffset } from "../../../vm/types.js";
import { exitTask } from "../../exit.js";
import { forkTask } from "../../task-fork.js";
import { patchSaved } from "../../thread.js";
import {
  CLONE_CHILD_SETTID,
  CLONE_PARENT_SETTID,
  CLONE_SETTLS,
  CLONE_THREAD,
  CLONE_VFORK,
  CLONE_VM,
  CSIGNAL,
} from "./abi.js";
import { call, NO_RESULT, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";
import { execve } from "./exec-calls.js";
import { futex } from "./futex.js";
import { SIGCHLD } from "./signals.js";
import { linuxState } from "./state.js";

/** One thread per task: exit and exit_group are the same. */
function* exit(c: LinuxCall): Blocking<LinuxResult> {
  c.announce();
  yield* exitTask(c.kernel, c.task, { kind: "exited", status: c.int(0) & 0xff });
  return NO_RESULT;
}

/**
 * fork, and vfork as posix_spawn makes it: then the child uses its parent's memory while the parent
 * waits. Argument order of AArch64: flags, stack, parent_tid, tls, child_tid.
 *
 * Differs from Linux: tasks have one thread, so CLONE_THREAD is refused with ENOSYS, and so is
 * CLONE_VM for tasks that would run at the same time; other CLONE_* flags have no effect.
 */
function* clone(c: LinuxCall): Blocking<LinuxResult> {
  const flags = c.uint(0);
  const vfork = (flags & CLONE_VFORK) !== 0;
  if ((flags & CLONE_THREAD) !== 0 || ((flags & CLONE_VM) !== 0 && !vfork)) return "ENOSYS";
  const signal = flags & CSIGNAL;
  if (signal !== 0 && signal !== SIGCHLD) return "EINVAL";
  const forked = yield* forkTask(c.kernel, c.thread, { shareMap: (flags & CLONE_VM) !== 0 });
  if (!forked.ok) return forked.errno;
  const { task: child, thread } = forked;
  patchSaved(thread, {
    x: { 0: 0n },
    ...(c.u64(1) !== 0n && { sp: c.u64(1) }),
    ...((flags & CLONE_SETTLS) !== 0 && { tpidrEl0: c.u64(3) }),
  });
  const tid = new Uint8Array(new Int32Array([child.pid]).buffer);
  const state = linuxState(child);
  if (vfork) state.vforkParent = c.task;
  if ((flags & CLONE_CHILD_SETTID) !== 0) {
    yield* copyoutMap(child.map, Number(c.u64(4)) as VmOffset, tid);
  }
  if ((flags & CLONE_PARENT_SETTID) !== 0) yield* c.copyOut(c.u64(2), tid);
  while (state.vforkParent !== null && child.alive) {
    yield { channel: c.task.childChannel, interruptible: THREAD_UNINT, reason: "vfork" };
  }
  return child.pid;
}

/** Calls that begin and end tasks, and what runs in them. */
export const PROCESS_ROWS: readonly LinuxRow[] = [
  call(93, "exit", "status:int", exit),
  call(94, "exit_group", "status:int", exit),
  call(98, "futex", "uaddr:pointer op:int val:uint timeout:pointer uaddr2:pointer", futex),
  call(220, "clone", "flags:hex stack:pointer ptid:pointer tls:hex ctid:pointer", clone),
  call(221, "execve", "path:path argv:pointer envp:pointer", execve),
];
