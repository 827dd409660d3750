/** Time of this thread, in seconds. */
import { readFileSync } from "node:fs";

export interface Time {
  /** On the clock: includes waiting for a core that others use. */
  readonly wall: number;
  /** On a core. */
  readonly cpu: number;
}

export type Clock = keyof Time;

/**
 * Time of the calling thread since some start. Elsewhere than on Linux `cpu` is that of the whole process,
 * with the compilers V8 runs beside it.
 */
export function threadTime(): Time {
  const wall = performance.now() / 1000;
  try {
    const [nanoseconds] = readFileSync("/proc/thread-self/schedstat", "utf8").split(" ");
    return { wall, cpu: Number(nanoseconds) / 1e9 };
  } catch {
    const { user, system } = process.cpuUsage();
    return { wall, cpu: (user + system) / 1e6 };
  }
}

export function since(start: Time): Time {
  const now = threadTime();
  return { wall: now.wall - start.wall, cpu: now.cpu - start.cpu };
}
