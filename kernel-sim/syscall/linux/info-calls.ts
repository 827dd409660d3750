import type { Blocking } from "../../../vm/blocking.js";
import { PAGE_SIZE } from "../../../vm/types.js";
import {
  GROUP_ID,
  RLIM_NLIMITS,
  RLIMIT_DATA,
  RLIMIT_MEMLOCK,
  RLIMIT_NOFILE,
  RLIMIT_STACK,
  USER_ID,
} from "./abi.js";
import { call, type LinuxCall, type LinuxResult, type LinuxRow } from "./call.js";

const RLIM_INFINITY = (1n << 64n) - 1n;
const PR_GET_DUMPABLE = 3;
const PR_SET_NAME = 15;
const PR_GET_NAME = 16;
/** Random bytes produced between two looks at the guest's memory. */
const RANDOM_CHUNK = 4096;
const GRND_VALID = 7;

const utf8 = new TextEncoder();

/** struct utsname: six fields of 65 bytes. */
function* uname(c: LinuxCall): Blocking<LinuxResult> {
  const fields = ["Linux", "machvm", "6.1.0-machvm", "#1", "aarch64", "(none)"];
  const bytes = new Uint8Array(65 * fields.length);
  fields.forEach((text, i) => {
    bytes.set(utf8.encode(text), 65 * i);
  });
  return (yield* c.copyOut(c.u64(0), bytes)) ?? 0;
}

/** struct sysinfo, 112 bytes. */
function* sysinfo(c: LinuxCall): Blocking<LinuxResult> {
  const { vm, machine, tasks } = c.kernel;
  const bytes = new Uint8Array(112);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(Math.floor(Number(c.kernel.clock.nanoseconds) / 1e9)), true);
  view.setBigUint64(32, BigInt(machine.memory.ramBytes), true);
  view.setBigUint64(40, BigInt(vm.pages.free.count * PAGE_SIZE), true);
  view.setUint16(80, tasks.size, true);
  view.setUint32(104, 1, true);
  return (yield* c.copyOut(c.u64(0), bytes)) ?? 0;
}

function* getrandom(c: LinuxCall): Blocking<LinuxResult> {
  if ((c.uint(2) & ~GRND_VALID) !== 0) return "EINVAL";
  const total = Math.min(c.size(1), 0x7fff_ffff);
  for (let done = 0; done < total;) {
    const bytes = new Uint8Array(Math.min(RANDOM_CHUNK, total - done));
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] = c.kernel.random32();
    }
    const fault = yield* c.copyOut(c.u64(0) + BigInt(done), bytes);
    if (fault !== null) return done > 0 ? done : fault;
    done += bytes.length;
  }
  return total;
}

/** Soft and hard limit of a resource; what the machine does not limit is infinite. */
function limitOf(c: LinuxCall, resource: number): readonly [bigint, bigint] {
  const { limits } = c.task;
  const soft = (bytes: number): bigint => (bytes === Infinity ? RLIM_INFINITY : BigInt(bytes));
  switch (resource) {
    case RLIMIT_STACK:
      return [soft(limits.stack), RLIM_INFINITY];
    case RLIMIT_DATA:
      return [soft(limits.data), RLIM_INFINITY];
    case RLIMIT_MEMLOCK:
      return [soft(limits.memlock), soft(limits.memlock)];
    case RLIMIT_NOFILE:
      return [soft(limits.nofile), soft(limits.nofile)];
    default:
      return [RLIM_INFINITY, RLIM_INFINITY];
  }
}

/** Limits can be lowered where the machine keeps them; setting the others changes nothing. */
function setLimit(c: LinuxCall, resource: number, soft: bigint): LinuxResult {
  const value = soft === RLIM_INFINITY ? Infinity : Number(soft);
  const { limits, files, map } = c.task;
  switch (resource) {
    case RLIMIT_NOFILE:
      if (value > limits.nofile) return "EPERM";
      limits.nofile = value;
      files.limit = value;
      return 0;
    case RLIMIT_MEMLOCK:
      if (value > limits.memlock) return "EPERM";
      limits.memlock = value;
      map.userWireLimit = value;
      return 0;
    case RLIMIT_DATA:
      limits.data = value;
      return 0;
    default:
      return 0;
  }
}

/** prlimit64 and its two elders: argument positions differ. */
function* limits(
  c: LinuxCall,
  resource: number,
  newAt: bigint,
  oldAt: bigint,
): Blocking<LinuxResult> {
  if (resource >= RLIM_NLIMITS) return "EINVAL";
  const old = limitOf(c, resource);
  if (newAt !== 0n) {
    const bytes = yield* c.copyIn(newAt, 16);
    if (!bytes.ok) return bytes.errno;
    const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
    const [soft, hard] = [view.getBigUint64(0, true), view.getBigUint64(8, true)];
    if (soft > hard) return "EINVAL";
    const result = setLimit(c, resource, soft);
    if (result !== 0) return result;
  }
  return oldAt === 0n ? 0 : ((yield* c.copyOutWords(oldAt, old)) ?? 0);
}

function* prlimit64(c: LinuxCall): Blocking<LinuxResult> {
  const pid = c.int(0);
  if (pid !== 0 && pid !== c.task.pid) return "ESRCH";
  return yield* limits(c, c.uint(1), c.u64(2), c.u64(3));
}

function* prctl(c: LinuxCall): Blocking<LinuxResult> {
  switch (c.int(0)) {
    case PR_GET_DUMPABLE:
      return 1;
    case PR_SET_NAME: {
      const bytes = yield* c.copyIn(c.u64(1), 16);
      if (!bytes.ok) return bytes.errno;
      const end = bytes.value.indexOf(0);
      c.state.name = new TextDecoder().decode(bytes.value.subarray(0, end < 0 ? 15 : end));
      return 0;
    }
    case PR_GET_NAME: {
      const bytes = new Uint8Array(16);
      bytes.set(utf8.encode(c.state.name).subarray(0, 15));
      return (yield* c.copyOut(c.u64(1), bytes)) ?? 0;
    }
    default:
      return "EINVAL";
  }
}

/** One CPU: a mask of eight bytes with bit 0 set. */
function* schedGetaffinity(c: LinuxCall): Blocking<LinuxResult> {
  const size = c.uint(1);
  if (size < 8 || size % 8 !== 0) return "EINVAL";
  return (yield* c.copyOutWords(c.u64(2), [1n])) ?? 8;
}

function* threeIds(c: LinuxCall, id: number): Blocking<LinuxResult> {
  const bytes = new Uint8Array(new Uint32Array([id]).buffer);
  for (const i of [0, 1, 2]) {
    const fault = yield* c.copyOut(c.u64(i), bytes);
    if (fault !== null) return fault;
  }
  return 0;
}

function umask(c: LinuxCall): LinuxResult {
  const old = c.task.umask;
  c.task.umask = c.int(0) & 0o777;
  return old;
}

/** Every task is in the group and session of the first one: there is no job control. */
const FIRST_PID = 1;

/** Who am I, what machine is this, how much may I use. */
export const INFO_ROWS: readonly LinuxRow[] = [
  call(92, "personality", "persona:hex", () => 0),
  call(96, "set_tid_address", "tidptr:pointer", (c) => c.thread.task.pid),
  call(99, "set_robust_list", "head:pointer len:size", (c) => (c.size(1) === 24 ? 0 : "EINVAL")),
  call(123, "sched_getaffinity", "pid:pid len:size mask:pointer", schedGetaffinity),
  call(124, "sched_yield", "", () => 0),
  call(148, "getresuid", "ruid:pointer euid:pointer suid:pointer", (c) => threeIds(c, USER_ID)),
  call(150, "getresgid", "rgid:pointer egid:pointer sgid:pointer", (c) => threeIds(c, GROUP_ID)),
  call(154, "setpgid", "pid:pid pgid:pid", () => 0),
  call(155, "getpgid", "pid:pid", () => FIRST_PID),
  call(156, "getsid", "pid:pid", () => FIRST_PID),
  call(157, "setsid", "", () => "EPERM"),
  call(158, "getgroups", "size:int list:pointer", () => 0),
  call(160, "uname", "name:pointer", uname),
  call(163, "getrlimit", "resource:uint limit:pointer", (c) => limits(c, c.uint(0), 0n, c.u64(1))),
  call(164, "setrlimit", "resource:uint limit:pointer", (c) => limits(c, c.uint(0), c.u64(1), 0n)),
  call(166, "umask", "mask:octal", umask),
  call(167, "prctl", "option:int arg2:hex arg3:hex arg4:hex arg5:hex", prctl),
  call(172, "getpid", "", (c) => c.task.pid),
  call(173, "getppid", "", (c) => c.task.parent?.pid ?? 0),
  call(174, "getuid", "", () => USER_ID),
  call(175, "geteuid", "", () => USER_ID),
  call(176, "getgid", "", () => GROUP_ID),
  call(177, "getegid", "", () => GROUP_ID),
  call(178, "gettid", "", (c) => c.task.pid),
  call(179, "sysinfo", "info:pointer", sysinfo),
  call(261, "prlimit64", "pid:pid resource:uint new:pointer old:pointer", prlimit64),
  call(278, "getrandom", "buf:pointer count:size flags:hex", getrandom),
  call(293, "rseq", "rseq:pointer len:uint flags:hex sig:hex", () => "ENOSYS"),
];
