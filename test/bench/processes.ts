/** Processes that we start, and their time. */
import { spawnSync } from "node:child_process";
import type { Time } from "./timing.js";

/** What a process left behind. */
export interface Finished {
  /** User and system time of all its threads, and the time it took. */
  readonly time: Time;
  readonly stdout: string;
}

/** A program that was started did not do what it should have done. */
export class BenchError extends Error {}

const TIMES = /\n?real ([\d.]+) user ([\d.]+) sys ([\d.]+)\n$/;

/**
 * Run a program to its end. Bash's `time` asks the system for its processor time, which Node can't.
 * @throws BenchError if it cannot be started or fails
 */
export function timeProcess(program: string, args: readonly string[]): Finished {
  const script = `TIMEFORMAT="real %R user %U sys %S"; time "$@"`;
  const result = spawnSync("bash", ["-c", script, "bash", program, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (result.error !== undefined) throw new BenchError(`bash: ${result.error.message}`);
  const found = TIMES.exec(result.stderr);
  if (result.status !== 0 || found === null) {
    const said = result.stderr.replace(TIMES, "").trim().split("\n").slice(-3).join(" | ");
    throw new BenchError(
      `${[program, ...args].join(" ")} failed with status ${String(result.status)}: ${said}`,
    );
  }
  const [wall, user, system] = found.slice(1).map(Number) as [number, number, number];
  return { time: { wall, cpu: user + system }, stdout: result.stdout };
}
