import type { Blocking } from "../../../vm/blocking.js";
import { bsd, type BsdResult, type BsdRow, type DarwinCall } from "./call.js";
import { getrlimit, setrlimit } from "./limits.js";
import { sysctl, sysctlbyname } from "./sysctl.js";

/** Most bytes getentropy gives at once. */
const ENTROPY_MAX = 256;
const NANOSECONDS = 1_000_000_000n;

/** struct timeval, struct timezone, and the mach_absolute_time of the same moment. */
function* gettimeofday(c: DarwinCall): Blocking<BsdResult> {
  const { clock } = c.kernel;
  const [now, ticks] = [clock.realtimeNanoseconds, clock.ticks];
  if (c.u64(0) !== 0n) {
    // Seconds take 8 bytes, microseconds 4; the rest is padding.
    const words = [now / NANOSECONDS, (now % NANOSECONDS) / 1000n];
    const fault = yield* c.copyOutWords(c.u64(0), words);
    if (fault !== null) return fault;
  }
  if (c.u64(1) !== 0n) {
    const fault = yield* c.copyOutInts(c.u64(1), [0, 0]);
    if (fault !== null) return fault;
  }
  return c.u64(2) === 0n ? 0 : ((yield* c.copyOutWords(c.u64(2), [ticks])) ?? 0);
}

function* getentropy(c: DarwinCall): Blocking<BsdResult> {
  if (c.size(1) > ENTROPY_MAX) return "EINVAL";
  const bytes = Uint8Array.from({ length: c.size(1) }, () => c.kernel.random32());
  return (yield* c.copyOut(c.u64(0), bytes)) ?? 0;
}

function umask(c: DarwinCall): BsdResult {
  const old = c.task.umask;
  c.task.umask = c.int(0) & 0o777;
  return old;
}

const SYSCTL_REST = "old:pointer oldlen:pointer new:pointer newlen:size";

/** What machine is this, what time is it, how much may I use. */
export const INFO_ROWS: readonly BsdRow[] = [
  bsd(60, "umask", "mask:octal", umask),
  bsd(89, "getdtablesize", "", (c) => c.task.limits.nofile),
  bsd(116, "gettimeofday", "tv:pointer tz:pointer mach_time:pointer", gettimeofday),
  bsd(194, "getrlimit", "which:uint limit:pointer", getrlimit),
  bsd(195, "setrlimit", "which:uint limit:pointer", setrlimit),
  bsd(202, "sysctl", `name:pointer namelen:uint ${SYSCTL_REST}`, sysctl),
  bsd(274, "sysctlbyname", `name:bytes namelen:size ${SYSCTL_REST}`, sysctlbyname),
  bsd(500, "getentropy", "buffer:pointer size:size", getentropy),
];
