import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SwapFile } from "../../kernel-sim/cli/swap-file.js";
import type { VmObject } from "../../vm/object/object.js";
import { Kernel, type KernelOptions } from "../../kernel-sim/kernel.js";
import { assertNoReports, STRICT } from "../support/no-reports.js";
import { scaled } from "../support/scale.js";

const MIB = 2 ** 20;
/** Enough for a chain that grows to be seen, and for what leaks to fill the memory. */
const GENERATIONS = scaled(2000, 600);
/** Four times 8 MiB. */
const WORKING_SET = "2048";

const folder = mkdtempSync(join(tmpdir(), "machvm-swap-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Outcome {
  /** What each process said, in no particular order: that depends on how much memory there is. */
  readonly lines: readonly string[];
  readonly kernel: Kernel;
}

function run(args: readonly string[], options: KernelOptions): Outcome {
  let text = "";
  const decoder = new TextDecoder();
  const kernel = new Kernel({
    ...STRICT,
    ...options,
    console: {
      write(_fd, bytes) {
        text += decoder.decode(bytes);
      },
    },
  });
  const loaded = kernel.exec(readFileSync("guests/bin/paging.elf"), "paging", ["paging", ...args]);
  if (!loaded.ok) throw new Error(loaded.error.toString());
  expect(kernel.run()).toMatchObject({ kind: "exited", status: 0 });
  assertNoReports(kernel.machine.mmuReports);
  kernel.assertConsistent();
  kernel.shutdown();
  kernel.assertNoLeaks();
  return { lines: text.trim().split("\n").sort(), kernel };
}

describe("a working set of four times the memory", () => {
  const args = [WORKING_SET, "1"];
  const large = run(args, { ramBytes: 128 * MIB });

  it("gives the same checksum as on a machine where it fits", () => {
    const small = run(args, { ramBytes: 8 * MIB });
    expect(small.lines).toEqual(large.lines);
    const { counters } = small.kernel.vm;
    expect(counters.compressions).toBeGreaterThan(2000);
    expect(counters.swapouts).toBeGreaterThan(0);
    expect(large.kernel.vm.counters).toMatchObject({ compressions: 0, swapouts: 0 });
  }, 60_000);

  it("does so with a swap file", () => {
    const path = join(folder, "swap");
    const swap = new SwapFile(path, 8 * MIB);
    const small = run(args, { ramBytes: 8 * MIB, swap });
    swap.close();
    expect(small.lines).toEqual(large.lines);
    expect(small.kernel.vm.counters.swapins).toBeGreaterThan(0);
    expect(statSync(path).size).toBeGreaterThan(MIB);
  }, 60_000);

  it("of each of three processes does, too, copies of one another at first", () => {
    const forks = ["1500", "1", "2"];
    const small = run(forks, { ramBytes: 8 * MIB });
    expect(small.lines).toHaveLength(3);
    expect(small.lines).toEqual(run(forks, { ramBytes: 192 * MIB }).lines);
  }, 60_000);
});

describe(`${GENERATIONS} generations that each write a page`, () => {
  it.each([
    ["elf", ".elf"],
    ["macho", ""],
  ])(
    "have chains of two links at most, and leave every frame free: %s",
    (_, suffix) => {
      const path = `guests/bin/generations${suffix}`;
      let text = "";
      const kernel = new Kernel({
        ...STRICT,
        ramBytes: 8 * MIB,
        console: {
          write(_fd, bytes) {
            text += new TextDecoder().decode(bytes);
          },
        },
      });
      // Objects below an entry's own, at each exit and call: the line's first ancestor lives on.
      let deepest = 0;
      let objects = 0;
      const look = (): void => {
        objects = Math.max(objects, kernel.vm.objects.live.size);
        for (const { map } of kernel.tasks.values()) {
          for (const entry of map.entries) deepest = Math.max(deepest, linksBelow(entry.object));
        }
      };
      kernel.onTaskExit = look;
      const loaded = kernel.exec(readFileSync(path), path, [path, String(GENERATIONS), "4"]);
      if (!loaded.ok) throw new Error(loaded.error.toString());
      expect(kernel.run()).toMatchObject({ kind: "exited", status: 0 });
      expect(text).toBe(`generation ${GENERATIONS} of ${GENERATIONS}, wrong cells: 0\n`);
      // A child's shadow, its parent's until that exits, and the first process's object.
      expect(deepest).toBe(2);
      expect(objects).toBeLessThan(10);
      assertNoReports(kernel.machine.mmuReports);
      kernel.assertConsistent();
      kernel.shutdown();
      kernel.assertNoLeaks();
    },
    120_000,
  );
});

function linksBelow(object: VmObject | null): number {
  let links = 0;
  for (let at = object?.shadow ?? null; at !== null; at = at.shadow) links++;
  return links;
}

describe("when the compressor is full, too", () => {
  it("the largest task is killed, and says why", () => {
    const kernel = new Kernel({ ...STRICT, ramBytes: 8 * MIB, swap: null });
    const bytes = readFileSync("guests/bin/paging.elf");
    const loaded = kernel.exec(bytes, "paging", ["paging", "4096"]);
    expect(loaded.ok).toBe(true);
    const report = kernel.run();
    expect(report).toMatchObject({ kind: "signaled", signalName: "SIGKILL" });
    expect((report as { report: string }).report).toMatch(/the machine has no free memory left$/);
    assertNoReports(kernel.machine.mmuReports);
    kernel.assertConsistent();
    kernel.shutdown();
    kernel.assertNoLeaks();
  }, 60_000);
});
