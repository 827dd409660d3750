import { describe, expect, it } from "vitest";
import { exitStatusOf, readManifest } from "../../guests/manifest.js";
import { runGuest } from "../support/run-guest.js";

/** The Mach-O builds of the guest programs do what the manifest says. */
const { programs, darwinPrograms } = readManifest();
for (const program of [...programs, ...darwinPrograms]) {
  const { path } = program.macho;
  describe(path, () => {
    for (const run of program.runs) {
      const options = run.stdin === undefined ? {} : { stdin: run.stdin };
      const title = run.args.length === 0 ? "(no arguments)" : run.args.join(" ");

      it(title, () => {
        const outcome = runGuest(path, run.args, options);
        expect(outcome.stdout).toBe(run.stdout);
        if (run.stderr !== undefined) expect(outcome.stderr).toBe(run.stderr);
        expect(outcome.status).toBe(exitStatusOf(run, "macho"));
      });
    }
  });
}
