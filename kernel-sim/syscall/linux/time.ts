import type { Blocking } from "../../../vm/blocking.js";
import type { LinuxCall } from "./call.js";

const NANOSECONDS = 1_000_000_000n;

/** struct timespec in user memory, as nanoseconds. EINVAL when it is none. */
export function* readTime(c: LinuxCall, at: bigint): Blocking<bigint | "EINVAL" | "EFAULT"> {
  const bytes = yield* c.copyIn(at, 16);
  if (!bytes.ok) return "EFAULT";
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  const seconds = view.getBigInt64(0, true);
  const nanoseconds = view.getBigInt64(8, true);
  if (seconds < 0n || nanoseconds < 0n || nanoseconds >= NANOSECONDS) return "EINVAL";
  return seconds * NANOSECONDS + nanoseconds;
}

/** Seconds and nanoseconds: the words of a timespec. */
export function timeWords(nanoseconds: bigint): readonly [bigint, bigint] {
  return [nanoseconds / NANOSECONDS, nanoseconds % NANOSECONDS];
}

/** Seconds and microseconds: the words of a timeval. */
export function timevalWords(nanoseconds: bigint): readonly [bigint, bigint] {
  return [nanoseconds / NANOSECONDS, (nanoseconds % NANOSECONDS) / 1000n];
}
