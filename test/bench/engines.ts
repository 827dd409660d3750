/** The engines that run the workloads, each in a process of its own every time. */
import { spawnSync } from "node:child_process";
import { workloadFile } from "../../guests/bench/build.js";
import type { Target, Workload } from "../../guests/bench/workloads.js";
import { unicornMissing } from "../support/unicorn.js";
import type { ChildReport } from "./child/report.js";
import { BIN_DIRECTORY, CACHED_CHILDREN, JS_DIRECTORY, SCRIPT_DIRECTORY } from "./directories.js";
import { BenchError, timeProcess } from "./processes.js";
import type { Time } from "./timing.js";

export type EngineName = "machvm" | "qemu-user" | "qemu-system" | "unicorn" | "wasm";

export interface Run {
  readonly time: Time;
  /** The workload's checksum. */
  readonly output: string;
  readonly instructions?: number;
  readonly translated?: ChildReport["translated"];
  readonly processCpu?: number;
}

export interface Engine {
  readonly name: EngineName;
  /** Which build of a workload it runs. */
  readonly target: Target;
  /** Why it is not there, or null. */
  readonly missing: string | null;
  /** Runs a share of the passes (Workload.slowEngineShare), because it would take too long. */
  readonly slow: boolean;
  run(file: string, size: number, workload: Workload): Run;
}

const QEMU_USER = "qemu-aarch64";
const QEMU_SYSTEM = "qemu-system-aarch64";

/** Run one of child/*.ts, compiled. */
export function runChild(
  name: string,
  args: readonly string[],
  nodeFlags: readonly string[] = [],
): ChildReport {
  const isCached = CACHED_CHILDREN.some((child) => child === name);
  const started = isCached ? ["launch.js", SCRIPT_DIRECTORY, name] : [`${name}.js`];
  const [file, ...words] = started as [string, ...string[]];
  const path = `${JS_DIRECTORY}/test/bench/child/${file}`;
  const { stdout } = timeProcess(process.execPath, [...nodeFlags, path, ...words, ...args]);
  return JSON.parse(stdout) as ChildReport;
}

function child(
  name: EngineName,
  target: Target,
  missing: string | null,
  slow: boolean,
  nodeFlags: (workload: Workload) => readonly string[] = () => [],
): Engine {
  return {
    name,
    target,
    missing,
    slow,
    run: (file, size, workload) => runChild(name, [file, String(size)], nodeFlags(workload)),
  };
}

/**
 * A workload is one call, and V8 does not replace a function that is running: the best code at once, or what
 * is measured is its first compiler. Where compiling is what is measured, V8 does as it likes.
 */
function wasmFlags(workload: Workload): readonly string[] {
  return workload.class === "cold" ? [] : ["--no-liftoff"];
}

function tool(
  name: EngineName,
  program: string,
  target: Target,
  args: (file: string, size: number) => readonly string[],
): Engine {
  const there = spawnSync(program, ["--version"]).status === 0;
  return {
    name,
    target,
    missing: there ? null : `${program} is not installed`,
    slow: false,
    run(file, size) {
      const { time, stdout } = timeProcess(program, args(file, size));
      return { time, output: stdout.trim() };
    },
  };
}

/** In the order of the table's columns. */
export const ENGINES: readonly Engine[] = [
  child("machvm", "elf", null, false),
  tool("qemu-user", QEMU_USER, "elf", (file, size) => [file, String(size)]),
  tool("qemu-system", QEMU_SYSTEM, "bare", (file, size) => [
    ..."-M virt -cpu cortex-a57 -m 256 -nodefaults -display none -chardev stdio,id=out".split(" "),
    ...["-semihosting-config", `enable=on,target=native,chardev=out,arg=workload,arg=${size}`],
    ...["-kernel", file],
  ]),
  child("unicorn", "bare", unicornMissing, true),
  child("wasm", "wasm", null, false, wasmFlags),
];

/** Can this engine run that workload here? */
export function canRun(engine: Engine, workload: Workload): boolean {
  return engine.missing === null && workload.targets.includes(engine.target);
}

export interface ScaledRun extends Run {
  /** Passes that were run. */
  readonly size: number;
}

/**
 * One run of a workload. Where an engine did a share of the passes, the time is scaled to all of them.
 * @throws BenchError if it fails
 */
export function runWorkload(engine: Engine, workload: Workload, fullSize: number): ScaledRun {
  const share = engine.slow ? workload.slowEngineShare : 1;
  const size = Math.max(1, Math.round(fullSize * share));
  const run = engine.run(workloadFile(BIN_DIRECTORY, workload, engine.target), size, workload);
  if (!/^[0-9a-f]{16}$/.test(run.output)) {
    throw new BenchError(`${engine.name}, ${workload.name}: no checksum in "${run.output}"`);
  }
  const scale = fullSize / size;
  const time = { wall: run.time.wall * scale, cpu: run.time.cpu * scale };
  return { ...run, time, size };
}
