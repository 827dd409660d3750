import { THREAD_UNINT, type Blocking } from "../../../vm/blocking.js";
import { copyoutMap } from "../../../vm/copyio.js";
import type { VmOffset } from "../../../vm/types.js";
import { exitTask, reapZombie } from "../../exit.js";
import { forkTask } from "../../task-fork.js";
import type { ExitStatus } from "../../task.js";
import { patchSaved } from "../../thread.js";
import { waitForChild, type ChildChange, type WaitOptions } from "../../wait.js";
import {
  CLONE_CHILD_SETTID,
  CLONE_PARENT_SETTID,
  CLONE_SETTLS,
  CLONE_THREAD,
  CLONE_VFORK,
  CLONE_VM,
  CSIGNAL,
  USER_ID,
  WALL,
  WCLONE,
  WCONTINUED,
  WEXITED,
  WNOHANG,
  WNOTHREAD,
  WNOWAIT,
  WUNTRACED,
} from "./abi.js";
import { call, NO_RESULT, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";
import { execve } from "./exec-calls.js";
import { futex } from "./futex.js";
import { SIGCHLD, SIGCONT } from "./signals.js";
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

/** The int that wait4 stores. */
function waitStatus(change: ChildChange): number {
  switch (change.kind) {
    case "dead":
      return deadStatus(change.status);
    case "stopped":
      return (change.signal << 8) | 0x7f;
    case "continued":
      return 0xffff;
  }
}

function deadStatus(status: ExitStatus): number {
  if (status.kind === "exited") return (status.status & 0xff) << 8;
  return status.signal.number | (status.coreDumped ? 0x80 : 0);
}

function waitOptions(options: number): WaitOptions {
  return {
    noHang: (options & WNOHANG) !== 0,
    untraced: (options & WUNTRACED) !== 0,
    continued: (options & WCONTINUED) !== 0,
  };
}

function* wait4(c: LinuxCall): Blocking<LinuxResult> {
  const options = c.int(2);
  const known = WNOHANG | WUNTRACED | WCONTINUED | WALL | WCLONE | WNOTHREAD;
  if ((options & ~known) !== 0) return "EINVAL";
  const outcome = yield* waitForChild(c.kernel, c.thread, c.int(0), waitOptions(options));
  if (outcome.kind === "error") return outcome.errno;
  if (outcome.kind === "none") return 0;
  if (c.u64(1) !== 0n) {
    const status = new Uint8Array(new Int32Array([waitStatus(outcome.change)]).buffer);
    const fault = yield* c.copyOut(c.u64(1), status);
    if (fault !== null) return fault;
  }
  const fault = c.u64(3) === 0n ? null : yield* c.copyOut(c.u64(3), new Uint8Array(RUSAGE_SIZE));
  return fault ?? outcome.task.pid;
}

const P_ALL = 0;
const P_PID = 1;
const P_PGID = 2;
const SIGINFO_SIZE = 128;
const RUSAGE_SIZE = 144;
/** si_code of SIGCHLD by what happened. */
const CLD = { exited: 1, killed: 2, stopped: 5, continued: 6 } as const;

/** struct siginfo of a child's change, as waitid fills it. */
function childInfo(pid: number, uid: number, change: ChildChange): Uint8Array {
  const bytes = new Uint8Array(SIGINFO_SIZE);
  const view = new DataView(bytes.buffer);
  const [code, status] = childCode(change);
  view.setInt32(0, SIGCHLD, true);
  view.setInt32(8, code, true);
  view.setInt32(16, pid, true);
  view.setInt32(20, uid, true);
  view.setInt32(24, status, true);
  return bytes;
}

function childCode(change: ChildChange): readonly [code: number, status: number] {
  switch (change.kind) {
    case "stopped":
      return [CLD.stopped, change.signal];
    case "continued":
      return [CLD.continued, SIGCONT];
    case "dead": {
      const { status } = change;
      if (status.kind === "exited") return [CLD.exited, status.status];
      return [CLD.killed, status.signal.number];
    }
  }
}

function* waitid(c: LinuxCall): Blocking<LinuxResult> {
  const options = c.int(3);
  const events = WEXITED | WUNTRACED | WCONTINUED;
  const known = events | WNOHANG | WNOWAIT | WALL | WCLONE | WNOTHREAD;
  if ((options & ~known) !== 0 || (options & events) === 0) return "EINVAL";
  const idType = c.int(0);
  if (idType !== P_ALL && idType !== P_PID && idType !== P_PGID) return "EINVAL";
  const pid = idType === P_PID ? c.int(1) : -1;
  if (idType === P_PID && pid <= 0) return "EINVAL";
  const wanted = { ...waitOptions(options), keepZombie: true };
  const outcome = yield* waitForChild(c.kernel, c.thread, pid, wanted);
  if (outcome.kind === "error") return outcome.errno;
  if (c.u64(2) !== 0n) {
    const bytes =
      outcome.kind === "none"
        ? new Uint8Array(SIGINFO_SIZE)
        : childInfo(outcome.task.pid, USER_ID, outcome.change);
    const fault = yield* c.copyOut(c.u64(2), bytes);
    if (fault !== null) return fault;
  }
  const dead = outcome.kind === "child" && outcome.change.kind === "dead";
  if (dead && (options & WNOWAIT) === 0) reapZombie(c.kernel, outcome.task);
  return 0;
}

/** Calls that begin, end and await tasks. */
export const PROCESS_ROWS: readonly LinuxRow[] = [
  call(93, "exit", "status:int", exit),
  call(94, "exit_group", "status:int", exit),
  call(95, "waitid", "which:int id:pid info:pointer options:hex rusage:pointer", waitid, {
    restarts: true,
  }),
  call(98, "futex", "uaddr:pointer op:int val:uint timeout:pointer uaddr2:pointer", futex),
  call(220, "clone", "flags:hex stack:pointer ptid:pointer tls:hex ctid:pointer", clone),
  call(221, "execve", "path:path argv:pointer envp:pointer", execve),
  call(260, "wait4", "pid:pid status:pointer options:hex rusage:pointer", wait4, {
    restarts: true,
  }),
];
