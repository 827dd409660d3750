import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DARWIN_PROGRAMS } from "../../guests/programs.js";
import { Kernel, type KernelOptions } from "../../kernel-sim/kernel.js";
import { assertNoReports, STRICT } from "../support/no-reports.js";

const MIB = 2 ** 20;

/** Run the pager with every invariant checked at each call, and look for leaks. */
function run(args: readonly string[], options: KernelOptions): { text: string; kernel: Kernel } {
  let text = "";
  const kernel = new Kernel({
    ...STRICT,
    ...options,
    console: {
      write(_fd, bytes) {
        text += new TextDecoder().decode(bytes);
      },
    },
  });
  const loaded = kernel.exec(readFileSync("guests/bin/pager"), "pager", ["pager", ...args]);
  if (!loaded.ok) throw new Error(loaded.error.toString());
  if (args.length === 0) {
    kernel.onSyscall = (): void => {
      kernel.vm.assertConsistent();
    };
  }
  expect(kernel.run()).toMatchObject({ kind: "exited", status: 0 });
  assertNoReports(kernel.machine.mmuReports);
  kernel.assertConsistent();
  kernel.shutdown();
  kernel.assertNoLeaks();
  return { text, kernel };
}

describe("a task as the pager of others", () => {
  it("supplies, withholds, fails, is slow, gets back what was written, and dies", () => {
    const { text, kernel } = run([], { ramBytes: 16 * MIB });
    expect(text).toBe(DARWIN_PROGRAMS.find(({ name }) => name === "pager")!.runs[0]!.stdout);
    // Six objects of the first task's, and the dead pager's: each went when its last mapping did.
    expect(kernel.vm.objects.reaperCalls).toBe(7);
  });

  it("keeps the pages that do not fit into memory", () => {
    const { text, kernel } = run(["700"], { ramBytes: 8 * MIB });
    expect(text).toBe("every page is as it was written: yes\npages came back: yes\n");
    expect(kernel.vm.counters.pageouts).toBeGreaterThan(200);
  });
});
