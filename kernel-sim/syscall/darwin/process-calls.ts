import type { Blocking } from "../../../vm/blocking.js";
import { exitTask } from "../../exit.js";
import { forkTask } from "../../task-fork.js";
import { patchSaved } from "../../thread.js";
import { waitForChild, type ChildChange } from "../../wait.js";
import { GROUP_ID, USER_ID, WNOHANG, WUNTRACED } from "./abi.js";
import { bsd, NO_RESULT, type BsdResult, type BsdRow, type DarwinCall } from "./call.js";
import { execve } from "./execve.js";

const INT_MIN = -0x8000_0000;
const RUSAGE_SIZE = 144;
const RUSAGE_SELF = 0;
const RUSAGE_CHILDREN = -1;
/** wait status of a stopped child, in its low byte, and the "signal" of a continued one. */
const WSTOPPED = 0x7f;
const WCONTINUED_STATUS = 0x13;
const WCOREFLAG = 0x80;
/** Every task is in the group and session of the first one: there is no job control. */
const FIRST_PID = 1;

function* exit(c: DarwinCall): Blocking<BsdResult> {
  c.announce();
  yield* exitTask(c.kernel, c.task, { kind: "exited", status: c.int(0) & 0xff });
  return NO_RESULT;
}

/**
 * x0 is the child's id in the parent, and the child's own in the child, where x1 is 1 to tell the
 * two apart. XNU: kern_fork.c fork, thread_set_child.
 */
function* fork(c: DarwinCall): Blocking<BsdResult> {
  const forked = yield* forkTask(c.kernel, c.thread);
  if (!forked.ok) return forked.errno;
  patchSaved(forked.thread, { x: { 0: BigInt(forked.task.pid), 1: 1n } });
  return [forked.task.pid, 0];
}

/** The status word of wait4 (sys/wait.h). */
export function waitStatus(change: ChildChange): number {
  switch (change.kind) {
    case "stopped":
      return (change.signal << 8) | WSTOPPED;
    case "continued":
      return (WCONTINUED_STATUS << 8) | WSTOPPED;
    case "dead": {
      const { status } = change;
      if (status.kind === "exited") return (status.status & 0xff) << 8;
      return status.signal.number | (status.coreDumped ? WCOREFLAG : 0);
    }
  }
}

/** XNU: kern_exit.c wait4_nocancel. The child is gone even if its status cannot be stored. */
function* wait4(c: DarwinCall): Blocking<BsdResult> {
  if (c.int(0) === INT_MIN) return "EINVAL";
  const options = c.int(2);
  const outcome = yield* waitForChild(c.kernel, c.thread, c.int(0), {
    noHang: (options & WNOHANG) !== 0,
    untraced: (options & WUNTRACED) !== 0,
  });
  if (outcome.kind === "none") return 0;
  if (outcome.kind === "error") return outcome.errno;
  if (c.u64(1) !== 0n) {
    const fault = yield* c.copyOutInts(c.u64(1), [waitStatus(outcome.change)]);
    if (fault !== null) return fault;
  }
  if (c.u64(3) !== 0n) {
    const fault = yield* c.copyOut(c.u64(3), new Uint8Array(RUSAGE_SIZE));
    if (fault !== null) return fault;
  }
  return outcome.task.pid;
}

/** struct rusage: the time of everything so far counts as user time; nothing else is kept. */
function* getrusage(c: DarwinCall): Blocking<BsdResult> {
  const who = c.int(0);
  if (who !== RUSAGE_SELF && who !== RUSAGE_CHILDREN) return "EINVAL";
  const bytes = new Uint8Array(RUSAGE_SIZE);
  const view = new DataView(bytes.buffer);
  const microseconds = who === RUSAGE_SELF ? c.kernel.clock.nanoseconds / 1000n : 0n;
  view.setBigInt64(0, microseconds / 1_000_000n, true);
  view.setInt32(8, Number(microseconds % 1_000_000n), true);
  return (yield* c.copyOut(c.u64(1), bytes)) ?? 0;
}

/** One supplementary group, the task's own. */
function* getgroups(c: DarwinCall): Blocking<BsdResult> {
  const room = c.int(0);
  if (room === 0) return 1;
  if (room < 1) return "EINVAL";
  return (yield* c.copyOutInts(c.u64(1), [GROUP_ID])) ?? 1;
}

/** The group or session of a process: 0 means the caller. */
function groupOf(c: DarwinCall): BsdResult {
  const pid = c.int(0);
  return pid === 0 || c.kernel.tasks.has(pid) ? FIRST_PID : "ESRCH";
}

/** Orphans belong to the first task, which itself has no parent. */
function parentPid(c: DarwinCall): number {
  if (c.task.parent !== null) return c.task.parent.pid;
  return c.task.pid === FIRST_PID ? 0 : FIRST_PID;
}

/** Processes: life, death, identity. */
export const PROCESS_ROWS: readonly BsdRow[] = [
  bsd(1, "exit", "rval:int", exit, { returns: "void" }),
  bsd(2, "fork", "", fork),
  bsd(7, "wait4", "pid:pid status:pointer options:int rusage:pointer", wait4, { nocancel: 400 }),
  bsd(20, "getpid", "", (c) => c.task.pid),
  bsd(24, "getuid", "", () => USER_ID, { returns: "uint" }),
  bsd(25, "geteuid", "", () => USER_ID, { returns: "uint" }),
  bsd(39, "getppid", "", parentPid),
  bsd(43, "getegid", "", () => GROUP_ID, { returns: "uint" }),
  bsd(47, "getgid", "", () => GROUP_ID, { returns: "uint" }),
  bsd(59, "execve", "path:path argv:pointer envp:pointer", execve),
  // As fork: the child gets a copy of the address space instead of borrowing its parent's.
  bsd(66, "vfork", "", fork),
  bsd(79, "getgroups", "count:int groups:pointer", getgroups),
  bsd(81, "getpgrp", "", () => FIRST_PID),
  bsd(82, "setpgid", "pid:pid pgid:pid", () => 0),
  bsd(117, "getrusage", "who:int rusage:pointer", getrusage),
  bsd(147, "setsid", "", () => "EPERM"),
  bsd(151, "getpgid", "pid:pid", groupOf),
  bsd(310, "getsid", "pid:pid", groupOf),
  bsd(327, "issetugid", "", () => 0),
  bsd(372, "thread_selfid", "", (c) => c.thread.id, { returns: "u64" }),
];
