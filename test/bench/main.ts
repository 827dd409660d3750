/**
 * `npm run bench`: our machine against QEMU, Unicorn and native WebAssembly on the same C, interleaved in
 * one run. See README.md here for how to read it.
 */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { buildWorkloads } from "../../guests/bench/build.js";
import { SOAK, WORKLOADS } from "../../guests/bench/workloads.js";
import { ToolchainError } from "../../guests/toolchain.js";
import { BIN_DIRECTORY, SCRIPT_DIRECTORY } from "./directories.js";
import { canRun, ENGINES, runChild, runWorkload } from "./engines.js";
import { parseOptions, UsageError, type BenchOptions } from "./options.js";
import { Others } from "./others.js";
import { Results } from "./results.js";
import { soak } from "./soak.js";
import { tableLines, targetLines } from "./table.js";
import { targets } from "./targets.js";
import { BenchError } from "./processes.js";

/** Compiles the machine and the child processes, so that no TypeScript is in the way of what is timed. */
function compileChildren(): void {
  const tsc = ["node_modules/typescript/bin/tsc", "-p", "test/bench/tsconfig.json"];
  const { status } = spawnSync(process.execPath, tsc, { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new BenchError("the sources do not compile: see npm run check:types");
  const rolldown = ["node_modules/rolldown/bin/cli.mjs", "-c", "test/bench/rolldown.config.ts"];
  const scripts = spawnSync(process.execPath, rolldown, { stdio: ["ignore", 2, 2] });
  if (scripts.status !== 0) throw new BenchError("the child processes cannot be bundled");
  // As the command is built: V8's code is kept of a run of hello.
  rmSync(`${SCRIPT_DIRECTORY}/machvm.cache`, { force: true });
  runChild("machvm", ["guests/bin/hello"]);
  runChild("first-module", []);
  // The command as it ships, for its start-up.
  const built = spawnSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", 2, 2] });
  if (built.status !== 0) throw new BenchError("npm run build failed");
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** Runs a share of the passes first where an engine will be asked for just that: something to compare with. */
function checkSlowEngines(options: BenchOptions, results: Results): void {
  const judge = ENGINES.find((e) => e.name === "qemu-user" && e.missing === null) ?? ENGINES[0]!;
  for (const workload of options.workloads) {
    const isSlow = ENGINES.some((e) => e.slow && canRun(e, workload));
    if (!isSlow || !canRun(judge, workload)) continue;
    const run = runWorkload({ ...judge, slow: true }, workload, sizeOf(workload.size, options));
    results.check(workload, judge.name, run);
  }
}

function sizeOf(size: number, options: BenchOptions): number {
  return Math.max(1, Math.round(size * options.share));
}

function measure(options: BenchOptions, results: Results, others: Others): void {
  checkSlowEngines(options, results);
  for (let round = 0; round < options.rounds; round++) {
    for (const workload of options.workloads) {
      // Every round starts with another engine, so that none always follows the same one.
      for (let i = 0; i < ENGINES.length; i++) {
        const engine = ENGINES[(i + round) % ENGINES.length]!;
        // Every other round is enough for those that take longest.
        if (!canRun(engine, workload) || (engine.slow && round % 2 === 1)) continue;
        progress(`round ${round + 1} of ${options.rounds}: ${workload.name}, ${engine.name}`);
        const run = runWorkload(engine, workload, sizeOf(workload.size, options));
        results.add(workload, engine.name, run);
      }
    }
    if (options.others) others.round();
  }
  progress("");
}

function writeJson(file: string, options: BenchOptions, results: Results, others: Others): void {
  const workloads = options.workloads.map((w) => ({
    name: w.name,
    class: w.class,
    size: sizeOf(w.size, options),
    runs: Object.fromEntries(ENGINES.map(({ name }) => [name, results.runs(w, name)])),
  }));
  const missing = Object.fromEntries(ENGINES.map(({ name, missing: why }) => [name, why]));
  const data = {
    clock: options.clock,
    rounds: options.rounds,
    missing,
    workloads,
    others: others.samples,
    targets: targets(results, others),
  };
  writeFileSync(file, `${JSON.stringify(data, null, 1)}\n`);
}

/** @returns the exit status: 1 if engines disagree about a result */
function main(args: readonly string[]): number {
  const options = parseOptions(args);
  compileChildren();
  if (options.soakMinutes !== null) {
    buildWorkloads(BIN_DIRECTORY, [SOAK]);
    for (const line of soak(options.soakMinutes)) console.log(line);
    return 0;
  }
  buildWorkloads(BIN_DIRECTORY, options.others ? WORKLOADS : options.workloads);
  const results = new Results(options.workloads, options.clock);
  const others = new Others(options.clock);
  measure(options, results, others);
  const parts = [
    tableLines(results),
    others.lines(),
    targetLines(targets(results, others)),
    results.disagreements.map((text) => `WRONG  ${text}`),
  ].filter((part) => part.length > 0);
  console.log(parts.map((part) => part.join("\n")).join("\n\n"));
  if (options.json !== null) writeJson(options.json, options, results, others);
  return results.disagreements.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError;
  if (!usage && !(error instanceof BenchError) && !(error instanceof ToolchainError)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = usage ? 2 : 1;
}
