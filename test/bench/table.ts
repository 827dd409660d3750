/** The one table: a line for each workload, the geometric means under each class, the targets below. */
import type { Workload, WorkloadClass } from "../../guests/bench/workloads.js";
import { ENGINES, type EngineName } from "./engines.js";
import type { Results } from "./results.js";
import { median, spread } from "./stats.js";
import type { Target } from "./targets.js";

const PEERS = ENGINES.map((engine) => engine.name).filter((name) => name !== "machvm");

const HEADER = [
  ["workload", 14],
  ["Minstr", 8],
  ["machvm", 9],
  ["MIPS", 6],
  ["+-%", 4],
  ...PEERS.map((name) => [name, 12] as const),
  ...PEERS.map((name) => [`x ${name}`, 14] as const),
] as const;

const CLASS_TITLES: Readonly<Record<WorkloadClass, string>> = {
  integer: "integer and branchy",
  vector: "integer vectors",
  float: "floating point",
  copy: "copies and fills",
  chase: "pointer chases",
  short: "short runs",
  cold: "cold code",
  kernel: "kernel",
};

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(HEADER[0][1]) : cell.padStart(HEADER[i]?.[1] ?? 0)))
    .join(" ")
    .trimEnd();
}

function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "-";
}

function workloadLine(results: Results, workload: Workload): string {
  const seconds = (engine: EngineName): number => results.seconds(workload, engine);
  const ours = results.runs(workload, "machvm");
  const instructions = median(ours.map((run) => run.instructions ?? NaN));
  return line([
    workload.name,
    number(instructions / 1e6, 1),
    number(seconds("machvm") * 1e3, 1),
    number(instructions / seconds("machvm") / 1e6, 0),
    number(spread(results.times(workload, "machvm")) * 50, 0),
    ...PEERS.map((name) => number(seconds(name) * 1e3, 1)),
    ...PEERS.map((name) => number(results.speed(workload, name), 2)),
  ]);
}

function meanLine(results: Results, workloadClass: WorkloadClass): string {
  const means = PEERS.map((name) => number(results.classSpeed([workloadClass], name), 2));
  const blanks = HEADER.slice(1, HEADER.length - PEERS.length).map(() => "");
  return line(["  geom. mean", ...blanks, ...means]);
}

export function tableLines(results: Results): string[] {
  const clock = results.clock === "cpu" ? "ms of processor time" : "ms on the clock";
  const lines = [
    `Times: median ${clock}. "x NAME": our speed by NAME's, above 1 is faster.`,
    "",
    line(HEADER.map(([title]) => title)),
  ];
  for (const [name, title] of Object.entries(CLASS_TITLES)) {
    const workloadClass = name as WorkloadClass;
    const members = results.workloads.filter((w) => w.class === workloadClass);
    if (members.length === 0) continue;
    lines.push(`-- ${title}`, ...members.map((w) => workloadLine(results, w)));
    if (members.length > 1) lines.push(meanLine(results, workloadClass));
  }
  for (const { name, missing } of ENGINES) {
    if (missing !== null) lines.push(`${name}: ${missing}, so its columns stay empty`);
  }
  return lines;
}

/** Measured targets only. */
export function targetLines(targets: readonly Target[]): string[] {
  return targets
    .filter((target) => Number.isFinite(target.value))
    .map(({ what, unit, bound, sense, value }) => {
      const met = sense === "at least" ? value >= bound : value <= bound;
      const measured = `${value.toFixed(2)} ${unit}`.padStart(11);
      const wanted = `${sense} ${bound} ${unit}`.padEnd(17);
      return `${met ? "met   " : "MISSED"} ${measured}   ${wanted} ${what}`;
    });
}
