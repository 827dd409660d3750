import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DARWIN_PROGRAMS } from "../../guests/programs.js";
import { Kernel } from "../../kernel-sim/kernel.js";
import { assertNoReports, STRICT } from "../support/no-reports.js";

const MIB = 2 ** 20;

describe("ports that travel, sets of them, and news of rights that are gone", () => {
  it("with every invariant checked at each call, and nothing left in the end", () => {
    let text = "";
    let slept = false;
    const kernel = new Kernel({
      ...STRICT,
      ramBytes: 16 * MIB,
      console: {
        write(_fd, bytes) {
          text += new TextDecoder().decode(bytes);
        },
      },
    });
    const loaded = kernel.exec(readFileSync("guests/bin/ports"), "ports", ["ports"]);
    if (!loaded.ok) throw new Error(loaded.error.toString());
    kernel.onSyscall = (): void => {
      kernel.vm.assertConsistent();
      const threads = [...kernel.tasks.values()].flatMap((task) => task.threads);
      slept ||= threads.some(({ wait }) => wait?.reason === "mach_msg send");
    };
    expect(kernel.run()).toMatchObject({ kind: "exited", status: 0 });
    expect(text).toBe(DARWIN_PROGRAMS.find(({ name }) => name === "ports")!.runs[0]!.stdout);
    expect(slept).toBe(true); // the sender did wait for room
    assertNoReports(kernel.machine.mmuReports);
    kernel.assertConsistent();
    kernel.shutdown();
    kernel.assertNoLeaks();
    expect(kernel.inFlight.bytes).toBe(0);
  });
});
