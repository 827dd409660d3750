import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exitStatusOf, readManifest } from "../../guests/manifest.js";
import { COMMON_FLAGS, GCC, RUNTIME, runTool } from "../../guests/toolchain.js";
import { openNodeFs } from "../../kernel-sim/cli/node-fs.js";
import { Kernel } from "../../kernel-sim/kernel.js";
import { loadImage } from "../../kernel-sim/loader/load.js";
import { LoadError } from "../../kernel-sim/loader/errors.js";
import { linuxPageShift } from "../../kernel-sim/exec/linux.js";
import { qemuMissing, runQemu } from "../support/qemu.js";
import { toolMissing } from "../support/tools.js";
import { runGuest } from "../support/run-guest.js";
import { assertNoReports, STRICT } from "../support/no-reports.js";

/** Linux programs in address spaces of 4 KiB pages. */

const SMALL = { linuxPageSize: 4096 } as const;

describe("the guest programs do the same with small pages", () => {
  const names = ["sha256", "touch", "cow", "fork-tree", "wire"];
  for (const program of readManifest().programs.filter(({ name }) => names.includes(name))) {
    it(program.name, () => {
      const run = program.runs[0]!;
      const outcome = runGuest(program.elf.path, run.args, SMALL);
      expect(outcome.stdout).toBe(run.stdout);
      expect(outcome.status).toBe(exitStatusOf(run, "elf"));
    });
  }

  it.each(["readonly", "guard"])("wild %s", (mode) => {
    const program = readManifest().programs.find(({ name }) => name === "wild")!;
    const run = program.runs.find(({ args }) => args[0] === mode)!;
    expect(runGuest(program.elf.path, run.args, SMALL).status).toBe(exitStatusOf(run, "elf"));
  });
});

describe("the VM is consistent at every fault of a program with small pages", () => {
  it.each(["cow", "map"])("%s", (name) => {
    const program = readManifest().programs.find((p) => p.name === name)!;
    const { path } = program.elf;
    const kernel = new Kernel({ ...STRICT, ...SMALL, ramBytes: 16 * 2 ** 20, fs: openNodeFs(".") });
    kernel.onFault = () => kernel.vm.assertConsistent();
    const { args } = program.runs[0]!;
    expect(kernel.exec(readFileSync(path), path, [path, ...args]).ok).toBe(true);
    expect(kernel.firstTask?.map.pmap?.pageSize).toBe(4096);
    expect(kernel.run().exitCode).toBe(0);
    expect(kernel.faultCount).toBeGreaterThan(3);
    assertNoReports(kernel.machine.mmuReports);
    kernel.assertConsistent();
    kernel.shutdown();
    kernel.assertNoLeaks();
  });
});

const gccMissing = toolMissing(GCC);

describe.skipIf(gccMissing !== null)(`a program linked for 4 KiB pages ${gccMissing ?? ""}`, () => {
  const scratch = mkdtempSync(join(tmpdir(), "small-pages-"));
  const path = join(scratch, "pages.elf");
  const expected = [
    "aligned to a small page: yes",
    "in a segment of its own",
    "data: 1 0",
    "protect one: success",
    "write to page 1: signal 0",
    "write to page 2: signal 11",
    "write to page 3: signal 0",
    "unmap one: success",
    "write to page 4: signal 0",
    "write to page 5: signal 11",
    "write to page 6: signal 0",
    "the child saw its own copy: yes",
    "the parent its own: yes",
    "lock one: success",
    "lock across the hole: no memory",
    "unlock: success",
    `sum: ${55 + 2 + 3 + 4 + 5 + 7 + 8}`,
    "",
  ].join("\n");

  beforeAll(() => {
    const source = fileURLToPath(new URL("small-pages/pages.c", import.meta.url));
    const link = "-static -nostdlib -no-pie -Wl,-z,max-page-size=4096 -Wl,-z,separate-code";
    runTool(GCC, [
      ...[...COMMON_FLAGS, "-march=armv8-a", "-fno-pie", "-fno-tree-loop-distribute-patterns"],
      ...["-Isrc", "src/rt/linux/start.s", "src/rt/linux/os.c", ...RUNTIME, source],
      ...[...link.split(" "), "-o", path],
    ]);
  });
  afterAll(() => {
    rmSync(scratch, { recursive: true });
  });

  it("is seen to be one", () => {
    const image = loadImage(readFileSync(path));
    if (image instanceof LoadError) throw new Error(image.toString());
    expect(linuxPageShift(image, null)).toBe(12);
    expect(image.segments.length).toBeGreaterThan(2);
  });

  it("runs", () => {
    const outcome = runGuest(path, []);
    expect(outcome.stdout).toBe(expected);
    expect(outcome.status).toBe(0);
  });

  it.skipIf(qemuMissing !== null)(`runs the same under qemu ${qemuMissing ?? ""}`, () => {
    expect(runQemu(path, []).stdout).toBe(expected);
  });

  it("cannot run with pages of 16 KiB", () => {
    const kernel = new Kernel({ ramBytes: 16 * 2 ** 20, linuxPageSize: 16384 });
    const loaded = kernel.exec(readFileSync(path), path, [path]);
    expect(loaded.ok ? "" : loaded.error.toString()).toContain("16 KiB page");
  });
});
