import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exitStatusOf, readManifest, type ManifestEntry } from "../../guests/manifest.js";
import { openNodeFs } from "../../kernel-sim/cli/node-fs.js";
import { Kernel } from "../../kernel-sim/kernel.js";
import { faultJson } from "../../kernel-sim/trace/fault.js";
import { syscallLine } from "../../kernel-sim/trace/syscall.js";
import { assertNoReports, STRICT } from "../support/no-reports.js";

/** Whole programs, watched: every fault and call of a run, and the VM's invariants at each. */

interface Watched {
  /** One line for each fault, call and exit, in order. */
  readonly trace: readonly string[];
  readonly status: number;
}

function watch(path: string, args: readonly string[], seed: number, checking: boolean): Watched {
  const kernel = new Kernel({
    ...STRICT,
    ramBytes: checking ? 16 * 2 ** 20 : 64 * 2 ** 20,
    fs: openNodeFs("."),
    seed,
  });
  const trace: string[] = [];
  const note = (line: string): void => {
    trace.push(line);
    if (checking) kernel.vm.assertConsistent();
  };
  kernel.onFault = (record) => {
    note(JSON.stringify(faultJson(record)));
  };
  kernel.onSyscall = (record) => {
    note(`${record.instructions} ${syscallLine(record)}`);
  };
  kernel.onExit = (record) => {
    trace.push(`${record.instructions} exit ${record.pid} ${record.status.kind}`);
  };
  const loaded = kernel.exec(readFileSync(path), path, [path, ...args]);
  if (!loaded.ok) throw new Error(loaded.error.toString());
  const report = kernel.run();
  assertNoReports(kernel.machine.mmuReports);
  kernel.assertConsistent();
  kernel.shutdown();
  kernel.assertNoLeaks();
  return { trace, status: report.exitCode };
}

const programs = readManifest().programs;
const firstRun = (program: ManifestEntry): readonly string[] => program.runs[0]!.args;

describe("a run repeats itself", () => {
  it.each(programs.map((p) => [p.name, p] as const))("%s", (_, program) => {
    for (const format of ["macho", "elf"] as const) {
      const { path } = program[format];
      const once = watch(path, firstRun(program), 1, false);
      expect(once.status).toBe(exitStatusOf(program.runs[0]!, format));
      expect(watch(path, firstRun(program), 1, false)).toEqual(once);
    }
  });
});

describe("the VM is consistent at every fault and call", () => {
  it.each(["hello", "cow", "fork-tree", "wire", "calls", "touch", "box"])("%s", (name) => {
    const program = programs.find((p) => p.name === name)!;
    for (const format of ["macho", "elf"] as const) {
      const watched = watch(program[format].path, firstRun(program), 7, true);
      expect(watched.status).toBe(exitStatusOf(program.runs[0]!, format));
      expect(watched.trace.length).toBeGreaterThan(3);
    }
  });
});
