import { THREAD_ABORTSAFE, THREAD_INTERRUPTED, type Blocking } from "../vm/blocking.js";
import type { OpenFile } from "./fs/types.js";
import type { Kernel } from "./kernel.js";
import { sleepUntil } from "./timer.js";

/**
 * Sleep until `count` finds something ready, or until `deadline`. What poll and select of every
 * system are made of.
 * @param count how many of the caller's wishes are fulfilled now; asked again after every change
 * @param files whose changes matter
 * @param deadline nanoseconds since boot; null for none
 * @returns the count, 0 at the deadline; EINTR when a signal comes first
 */
export function* pollFiles(
  kernel: Kernel,
  files: readonly OpenFile[],
  count: () => number,
  deadline: bigint | null,
): Blocking<number | "EINTR"> {
  const channel = {};
  for (const file of files) file.watch(channel);
  const wait = { channel, interruptible: THREAD_ABORTSAFE, reason: "poll" } as const;
  try {
    for (;;) {
      const ready = count();
      if (ready > 0 || (deadline !== null && deadline <= kernel.clock.nanoseconds)) return ready;
      if ((yield* sleepUntil(kernel, wait, deadline)) === THREAD_INTERRUPTED) return "EINTR";
    }
  } finally {
    for (const file of files) file.unwatch(channel);
  }
}
