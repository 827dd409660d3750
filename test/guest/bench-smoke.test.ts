import { beforeAll, describe, expect, it } from "vitest";
import { buildWorkloads, BUILD_TOOLS, workloadFile } from "../../guests/bench/build.js";
import { SOAK, WORKLOADS } from "../../guests/bench/workloads.js";
import { qemuMissing, runQemu } from "../support/qemu.js";
import { runBoard } from "../support/run-bare.js";
import { runGuest } from "../support/run-guest.js";
import { toolMissing } from "../support/tools.js";

/** What the benchmark measures is right as well: every workload once, at a tiny size, in both emulators. */
const DIRECTORY = ".cache/bench/bin";
const compilerMissing = toolMissing(...BUILD_TOOLS);
const missing = compilerMissing ?? qemuMissing;

/**
 * The same C with more memory, and the 3,000 functions, over which the compiler sits for long: the benchmark
 * itself compares their checksums.
 */
const LEFT_OUT = ["copy-64M", "fill-64M", "chase-4M", "chase-64M", "cold", "cold-again"];
const rows = [...WORKLOADS.filter((w) => !LEFT_OUT.includes(w.name)), SOAK];

it.skipIf(compilerMissing !== null)(
  `the bare build of a workload runs on the bare machine ${compilerMissing ?? ""}`,
  () => {
    const mix = WORKLOADS[0]!;
    buildWorkloads(DIRECTORY, [mix], ["elf", "bare"]);
    const size = String(mix.smokeSize);
    const bare = runBoard(workloadFile(DIRECTORY, mix, "bare"), { append: size });
    const { stdout } = runGuest(workloadFile(DIRECTORY, mix, "elf"), [size]);
    expect([bare.stdout, bare.exit]).toEqual([stdout, { kind: "exited", code: 0 }]);
  },
  120_000,
);

describe.skipIf(missing !== null)(`benchmark workloads ${missing ?? ""}`, () => {
  beforeAll(() => {
    buildWorkloads(DIRECTORY, rows, ["elf"]);
  }, 300_000);

  it.each(rows.map((row) => [row.name, row] as const))("%s", (_name, workload) => {
    const file = workloadFile(DIRECTORY, workload, "elf");
    const args = [String(workload.smokeSize)];
    const { stdout, stderr, status } = runGuest(file, args);
    expect(stdout).toMatch(/^[0-9a-f]{16}\n$/);
    expect({ stdout, stderr, status }).toEqual(runQemu(file, args));
  });
});
