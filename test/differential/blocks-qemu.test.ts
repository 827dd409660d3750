import { describe, expect, it } from "vitest";
import { Prng } from "../support/fp-operands.js";
import { randomProgram } from "../support/fuzz-blocks.js";
import type { FuzzCase } from "../support/fuzz-case.js";
import { blockRegisters } from "../support/fuzz-inputs.js";
import { FuzzMachine } from "../support/fuzz-machine.js";
import { FUZZ_INSTRUCTIONS, FUZZ_SEED } from "../support/fuzz-options.js";
import { rowCase, SINGLE_ROWS } from "../support/fuzz-rows.js";
import { compareBatch, describeCrash, layOut, newTally } from "../support/fuzz-run.js";
import type { JudgeName } from "../support/known-differences.js";
import { qemuMissing } from "../support/qemu.js";
import { QemuJudge } from "../support/qemu-judge.js";

/**
 * Random programs and single instructions against qemu-aarch64, which knows BF16, I8MM and Armv8.0-A by
 * itself: all registers and memory at the end.
 */

const BATCH = 100;
const PROGRAMS = Math.ceil(FUZZ_INSTRUCTIONS / 5000);

describe.skipIf(qemuMissing !== null)(`qemu-aarch64 ${qemuMissing ?? ""}`, () => {
  it.each(["max", "cortex-a57"] as const)(
    `agrees as %s over ${PROGRAMS} programs and the rows one by one (seed ${FUZZ_SEED})`,
    async (cpu) => {
      const name: JudgeName = `qemu ${cpu}`;
      const rng = new Prng(FUZZ_SEED + (cpu === "max" ? 0 : 1));
      const judge = new QemuJudge(cpu);
      const machine = new FuzzMachine(cpu === "max" ? "4K" : "16K");
      const tally = newTally();
      const rows = cpu === "max" ? [...SINGLE_ROWS] : [];
      let programs = PROGRAMS;
      const next = (): Omit<FuzzCase, "at"> | null => {
        for (;;) {
          const row = rows.pop();
          if (row === undefined) break;
          const one = rowCase(name, rng, row);
          if (one !== null) return { ...one, inputs: one.inputs.slice(0, 1) };
        }
        if (programs-- <= 0) return null;
        const program = randomProgram(name, rng, 5 + rng.below(56));
        return { ...program, inputs: [blockRegisters(rng)] };
      };
      for (;;) {
        const all = layOut(rng, next, BATCH);
        if (all.length === 0) break;
        // A fault would end the judge's program.
        const cases = all.filter((one) => machine.ends(one));
        await compareBatch(machine, judge, cases, tally);
      }
      const crashes = [];
      for (const one of tally.crashed) crashes.push(await describeCrash(judge, machine, one));
      expect(crashes).toEqual([]);
    },
    300_000,
  );
});
