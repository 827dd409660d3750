/** The command line of `npm run bench`. */
import { parseArgs } from "node:util";
import { WORKLOADS, type Workload } from "../../guests/bench/workloads.js";
import type { Clock } from "./timing.js";

export interface BenchOptions {
  readonly workloads: readonly Workload[];
  /** Whether the other lines (start-up, translation, faults ...) are measured too. */
  readonly others: boolean;
  readonly rounds: number;
  /** Share of each workload's passes. */
  readonly share: number;
  readonly clock: Clock;
  /** File for every sample, or null. */
  readonly json: string | null;
  /** Run the soak for so many minutes instead of the workloads, or null. */
  readonly soakMinutes: number | null;
}

/** The command line cannot be used. The message is fit for the terminal. */
export class UsageError extends Error {}

const USAGE = `usage: npm run bench -- [OPTION...]
  --only NAME        this workload or class only (repeatable); "others" is all but the workloads
  --rounds N         rounds, each of all workloads under all engines (5)
  --quick            two rounds of a quarter of the work: for a look, not for quoting
  --clock cpu|wall   which time is compared (cpu: a busy machine disturbs it less)
  --json FILE        write every sample
  --soak MINUTES     instead: resident memory while a guest writes and runs new code`;

const QUICK_ROUNDS = 2;
const QUICK_SHARE = 1 / 4;

/** @throws UsageError */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parsed(args);
  if (values.help === true) throw new UsageError(USAGE);
  const only = values.only ?? [];
  const known = new Set(["others", ...WORKLOADS.flatMap((w) => [w.name, w.class])]);
  const unknown = only.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new UsageError(`no workload "${unknown}"; there are: ${[...known].join(" ")}`);
  }
  const quick = values.quick === true;
  const clock = values.clock ?? "cpu";
  if (clock !== "cpu" && clock !== "wall") throw new UsageError("--clock is cpu or wall");
  return {
    workloads:
      only.length === 0
        ? WORKLOADS
        : WORKLOADS.filter((w) => only.includes(w.name) || only.includes(w.class)),
    others: only.length === 0 || only.includes("others"),
    rounds: positive("--rounds", values.rounds) ?? (quick ? QUICK_ROUNDS : 5),
    share: quick ? QUICK_SHARE : 1,
    clock,
    json: values.json ?? null,
    soakMinutes: positive("--soak", values.soak),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string", multiple: true },
        rounds: { type: "string" },
        quick: { type: "boolean" },
        clock: { type: "string" },
        json: { type: "string" },
        soak: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

function positive(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  const valid = value > 0 && Number.isFinite(value) && (name === "--soak" || value % 1 === 0);
  if (!valid) throw new UsageError(`${name} is a positive number`);
  return value;
}
