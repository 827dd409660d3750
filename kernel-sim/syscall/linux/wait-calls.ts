import type { Blocking } from "../../../vm/blocking.js";
import { reapZombie } from "../../exit.js";
import type { ExitStatus } from "../../task.js";
import { waitForChild, type ChildChange, type WaitOptions } from "../../wait.js";
import {
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
import { call, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";
import { SIGCHLD, SIGCONT } from "./signals.js";

const P_ALL = 0;
const P_PID = 1;
const P_PGID = 2;
const SIGINFO_SIZE = 128;
const RUSAGE_SIZE = 144;
/** si_code of SIGCHLD by what happened. */
const CLD = { exited: 1, killed: 2, stopped: 5, continued: 6 } as const;

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

/** Calls that await tasks. */
export const WAIT_ROWS: readonly LinuxRow[] = [
  call(95, "waitid", "which:int id:pid info:pointer options:hex rusage:pointer", waitid, {
    restarts: true,
  }),
  call(260, "wait4", "pid:pid status:pointer options:hex rusage:pointer", wait4, {
    restarts: true,
  }),
];
