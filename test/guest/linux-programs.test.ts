import { describe, expect, it } from "vitest";
import { exitStatusOf, readManifest } from "../../guests/manifest.js";
import { qemuMissing, runQemu } from "../support/qemu.js";
import { runGuest } from "../support/run-guest.js";

/** The ELF builds of the guest programs: they do what the manifest says, here and under qemu. */
for (const program of readManifest().programs) {
  const { path } = program.elf;
  describe(path, () => {
    for (const run of program.runs) {
      const options = run.stdin === undefined ? {} : { stdin: run.stdin };
      const title = run.args.length === 0 ? "(no arguments)" : run.args.join(" ");

      it(title, () => {
        const outcome = runGuest(path, run.args, options);
        expect(outcome.stdout).toBe(run.stdout);
        if (run.stderr !== undefined) expect(outcome.stderr).toBe(run.stderr);
        expect(outcome.status).toBe(exitStatusOf(run, "elf"));
      });

      // What qemu cannot show is said in the manifest, and is no test at all.
      if (run.notUnderQemu !== undefined) continue;
      it.skipIf(qemuMissing !== null)(`${title}: the same under qemu ${qemuMissing ?? ""}`, () => {
        const judge = runQemu(path, run.args, options);
        expect(judge.stdout).toBe(run.stdout);
        if (run.stderr !== undefined) expect(judge.stderr).toBe(run.stderr);
        expect(judge.status).toBe(exitStatusOf(run, "elf"));
      });
    }
  });
}
