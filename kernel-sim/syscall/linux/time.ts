import type { Blocking } from "../../../vm/blocking.js";
import type { LinuxCall } from "./call.js";

const NANOSECONDS = 1_000_000_000n;

/** struct timespec in user memory, as nanoseconds. EINVAL when it is none. */
export function readTime(c: LinuxCall, at: bigint): Blocking<bigint | "EINVAL" | "EFAULT"> {
  return readPair(c, at, 1n);
}

/** struct timeval in user memory, as nanoseconds. EINVAL when it is none. */
export function readTimeval(c: LinuxCall, at: bigint): Blocking<bigint | "EINVAL" | "EFAULT"> {
  return readPair(c, at, 1000n);
}

/** Seconds, and a fraction of a second in units of `unit` nanoseconds. */
function* readPair(c: LinuxCall, at: bigint, unit: bigint): Blocking<bigint | "EINVAL" | "EFAULT"> {
  const bytes = yield* c.copyIn(at, 16);
  if (!bytes.ok) return "EFAULT";
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  const seconds = view.getBigInt64(0, true);
  const fraction = view.getBigInt64(8, true) * unit;
  if (seconds < 0n || fraction < 0n || fraction >= NANOSECONDS) return "EINVAL";
  return seconds * NANOSECONDS + fraction;
}

/** Seconds and nanoseconds: the words of a timespec. */
export function timeWords(nanoseconds: bigint): readonly [bigint, bigint] {
  return [nanoseconds / NANOSECONDS, nanoseconds % NANOSECONDS];
}

/** Seconds and microseconds: the words of a timeval. */
export function timevalWords(nanoseconds: bigint): readonly [bigint, bigint] {
  return [nanoseconds / NANOSECONDS, (nanoseconds % NANOSECONDS) / 1000n];
}
