import { afterAll, describe, expect, it } from "vitest";
import { Prng } from "../support/fp-operands.js";
import { randomProgram } from "../support/fuzz-blocks.js";
import type { FuzzCase } from "../support/fuzz-case.js";
import { blockRegisters } from "../support/fuzz-inputs.js";
import { FuzzJudge } from "../support/fuzz-judge.js";
import { FuzzMachine } from "../support/fuzz-machine.js";
import { FUZZ_INSTRUCTIONS, FUZZ_SEED } from "../support/fuzz-options.js";
import { compareBatch, describeCrash, layOut, newTally } from "../support/fuzz-run.js";
import { cutDifferences } from "../support/fuzz-steps.js";
import { unicornMissing } from "../support/unicorn.js";

/**
 * Random programs of loads, stores, branches, loops, calls, switches, integer and vector instructions on
 * the whole machine with its MMU on, against libunicorn: all registers and memory at the end.
 */

const judge = new FuzzJudge();
afterAll(() => {
  judge.close();
});

const BATCH = 200;
const INPUTS = 6;
/** One program in so many is also run in slices and single steps. */
const CUT_EVERY = 8;
const EACH = FUZZ_INSTRUCTIONS / 2;

function makeCase(rng: Prng): Omit<FuzzCase, "at"> {
  const program = randomProgram("unicorn", rng, 5 + rng.below(56));
  return { ...program, inputs: Array.from({ length: INPUTS }, () => blockRegisters(rng)) };
}

describe.skipIf(unicornMissing !== null)(`random programs ${unicornMissing ?? ""}`, () => {
  it.each(["16K", "4K"] as const)(
    `agree with libunicorn and however they are cut, granule %s (seed ${FUZZ_SEED}, ${EACH} instructions)`,
    async (granule) => {
      const rng = new Prng(FUZZ_SEED + (granule === "4K" ? 1 : 0));
      const machine = new FuzzMachine(granule);
      const tally = newTally();
      const also = (one: FuzzCase): string[] => {
        const seed = one.inputs[0]!.x[0]!;
        if (tally.cases % CUT_EVERY !== 0) return [];
        return cutDifferences(machine, one, (n) => Number(seed % BigInt(Math.max(1, n))));
      };
      while (tally.instructions < EACH) {
        const cases = layOut(rng, () => makeCase(rng), BATCH);
        await compareBatch(machine, judge, cases, tally, { also });
      }
      const crashes = [];
      for (const one of tally.crashed) crashes.push(await describeCrash(judge, machine, one));
      expect(crashes).toEqual([]);
    },
    300_000,
  );
});
