import { describe, expect, it } from "vitest";
import { exitStatusOf, readManifest } from "../../guests/manifest.js";
import { runGuest } from "../support/run-guest.js";

/** Programs on an MMU that uses all its freedom: nothing changes, and nobody relied on luck. */
describe("an adversarial MMU", () => {
  const { programs } = readManifest();

  it.each(["cow", "fork-tree", "touch", "wire"])("%s notices nothing", (name) => {
    const program = programs.find((p) => p.name === name)!;
    const [run] = program.runs;
    for (const [format, seed] of [
      ["macho", 1],
      ["elf", 2],
    ] as const) {
      const outcome = runGuest(program[format].path, run!.args, { mmu: { adversarial: seed } });
      expect(outcome.status).toBe(exitStatusOf(run!, format));
      expect(outcome.stdout).toBe(run!.stdout);
    }
  });
});
