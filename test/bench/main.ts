import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { openNodeFs } from "../../kernel-sim/cli/node-fs.js";
import { Kernel } from "../../kernel-sim/kernel.js";

/**
 * `npm run bench`: the same binaries here and under qemu-aarch64 (user mode, no MMU), interleaved in
 * one run, medians. Ratios are what to quote; absolute figures belong to the machine.
 */

interface Workload {
  readonly name: string;
  readonly args: readonly string[];
  /** What is counted besides instructions, and how many of it one run does. */
  readonly unit?: { readonly name: string; readonly count: number };
}

const TOUCH_PAGES = 6000;
const WORKLOADS: readonly Workload[] = [
  { name: "sort", args: ["200000"] },
  { name: "matrix", args: ["160"] },
  { name: "sha256", args: Array.from({ length: 40 }, () => "guests/data/sample.txt") },
  {
    name: "touch",
    args: [String(TOUCH_PAGES), "1", "w"],
    unit: { name: "faults", count: TOUCH_PAGES },
  },
];
const ROUNDS = Number(process.env["MACHVM_BENCH_ROUNDS"] ?? 5);
const QEMU = "qemu-aarch64";

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** One run on our machine. @returns seconds inside `run`, and instructions executed */
function runHere(workload: Workload): { seconds: number; instructions: number } {
  const file = `guests/bin/${workload.name}.elf`;
  const kernel = new Kernel({ fs: openNodeFs(".") });
  const loaded = kernel.exec(readFileSync(file), file, [file, ...workload.args]);
  if (!loaded.ok) throw new Error(loaded.error.toString());
  const start = performance.now();
  const report = kernel.run();
  const seconds = (performance.now() - start) / 1000;
  if (report.exitCode !== 0) throw new Error(`${file}: exit code ${report.exitCode}`);
  return { seconds, instructions: report.instructions };
}

/** One run under qemu-aarch64. @returns seconds of the whole process, or null if it is not installed */
function runQemu(workload: Workload): number | null {
  const start = performance.now();
  const result = spawnSync(QEMU, [`guests/bin/${workload.name}.elf`, ...workload.args]);
  if (result.error !== undefined) return null;
  return (performance.now() - start) / 1000;
}

function rate(count: number, seconds: number): string {
  return (count / seconds / 1e6).toFixed(count / seconds < 1e7 ? 2 : 0).padStart(8);
}

const qemuThere = spawnSync(QEMU, ["--version"]).error === undefined;
if (!qemuThere) console.log(`${QEMU} is not installed: its columns stay empty`);
console.log(
  "workload    guest Minstr     MIPS   qemu-user MIPS   speed of qemu-user   first run MIPS   other",
);
for (const workload of WORKLOADS) {
  const here: number[] = [];
  const qemu: number[] = [];
  let instructions = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const ours = runHere(workload);
    here.push(ours.seconds);
    instructions = ours.instructions;
    const theirs = runQemu(workload);
    if (theirs !== null) qemu.push(theirs);
  }
  const seconds = median(here);
  const ratios = here.flatMap((s, i) => (qemu[i] === undefined ? [] : [qemu[i] / s]));
  const unit = workload.unit;
  const other =
    unit === undefined
      ? ""
      : `${Math.round(unit.count / seconds)} ${unit.name}/s` +
        (qemu.length === 0
          ? ""
          : `, qemu-user ${Math.round(unit.count / median(qemu))} first touches/s`);
  console.log(
    [
      workload.name.padEnd(10),
      (instructions / 1e6).toFixed(1).padStart(13),
      rate(instructions, seconds),
      (qemu.length === 0 ? "-" : rate(instructions, median(qemu))).padStart(16),
      (ratios.length === 0 ? "-" : median(ratios).toFixed(2)).padStart(20),
      rate(instructions, here[0] ?? NaN).padStart(16),
      `  ${other}`,
    ].join(" "),
  );
}
