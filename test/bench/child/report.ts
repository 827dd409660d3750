/** What a child process tells its parent: one line of JSON on standard output. */
import type { Time } from "../timing.js";

export interface ChildReport {
  /** Of the work alone: neither the start of the process nor loading the program counts. */
  readonly time: Time;
  /** Processor time of the whole process until then, V8's compiler threads included. Seconds. */
  readonly processCpu: number;
  /** What the workload printed or returned, trimmed. */
  readonly output: string;
  /** Guest instructions executed. */
  readonly instructions?: number;
  /** Guest instructions that were translated, and the regions they are in. */
  readonly translated?: { readonly instructions: number; readonly regions: number };
  /** Resident memory at the end, in bytes. */
  readonly rss?: number;
}

export function report(result: Omit<ChildReport, "processCpu">): void {
  const { user, system } = process.cpuUsage();
  const whole: ChildReport = { ...result, processCpu: (user + system) / 1e6 };
  process.stdout.write(`${JSON.stringify(whole)}\n`);
}

/** A checksum as the C programs print it. */
export function checksumText(value: bigint): string {
  return BigInt.asUintN(64, value).toString(16).padStart(16, "0");
}
