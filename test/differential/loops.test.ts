import { afterAll, describe, expect, it } from "vitest";
import { Prng } from "../support/fp-operands.js";
import { CODE, type FuzzCase } from "../support/fuzz-case.js";
import { describeCase, sameState, stateDifferences } from "../support/fuzz-compare.js";
import { FuzzJudge } from "../support/fuzz-judge.js";
import { randomLoop } from "../support/fuzz-loops.js";
import { FuzzMachine, type OurOutcome } from "../support/fuzz-machine.js";
import { FUZZ_SEED } from "../support/fuzz-options.js";
import { compareBatch, describeCrash, layOut, newTally } from "../support/fuzz-run.js";
import { scaled } from "../support/scale.js";
import { prepareDisassembler } from "../../kernel-sim/disassembler.js";
import { unicornMissing } from "../support/unicorn.js";

/**
 * Loops that walk through memory, over the edges of pages, of holes and of read-only memory. Their checks are made
 * once for many iterations (jit/strip.ts): that must not show.
 */

/** Runs of so few instructions have no room for a strip. */
const TOO_SHORT = 5;
const LOOPS = scaled(4000, 600);
const INPUTS = 3;

function outcomeOf(outcome: OurOutcome | null): string {
  if (outcome === null) return "does not end";
  const { stop, instructions, fault } = outcome;
  return `${stop} after ${instructions}, ${fault?.esr ?? ""} ${fault?.far ?? ""}`;
}

describe("loops over memory", () => {
  it.each(["16K", "4K"] as const)(
    `end alike however they are cut, granule %s (seed ${FUZZ_SEED}, ${LOOPS} loops)`,
    async (granule) => {
      await prepareDisassembler();
      const rng = new Prng(FUZZ_SEED + (granule === "4K" ? 1 : 0));
      const machine = new FuzzMachine(granule);
      let faults = 0;
      for (let n = 0; n < LOOPS / 10; n++) {
        const one: FuzzCase = { ...randomLoop(rng, INPUTS), at: CODE };
        machine.load(one);
        for (const input of one.inputs) {
          const whole = machine.run(one, input);
          const parts = machine.run(one, input, TOO_SHORT);
          expect(outcomeOf(whole), describeCase(one)).toBe(outcomeOf(parts));
          if (!sameState(whole!, parts!)) {
            expect.fail([...stateDifferences(whole!, parts!), describeCase(one)].join("\n"));
          }
          if (whole!.stop === "fault") faults++;
        }
      }
      expect(faults).toBeGreaterThan(LOOPS / 50);
    },
    120_000,
  );
});

const judge = new FuzzJudge();
afterAll(() => {
  judge.close();
});

describe.skipIf(unicornMissing !== null)(`loops over memory ${unicornMissing ?? ""}`, () => {
  it.each(["16K", "4K"] as const)(
    `agree with libunicorn, granule %s (seed ${FUZZ_SEED}, ${LOOPS} loops)`,
    async (granule) => {
      const rng = new Prng(FUZZ_SEED + (granule === "4K" ? 3 : 2));
      const machine = new FuzzMachine(granule);
      const tally = newTally();
      while (tally.cases < LOOPS) {
        const cases = layOut(rng, () => randomLoop(rng, INPUTS), 200);
        await compareBatch(machine, judge, cases, tally);
      }
      const crashes = [];
      for (const one of tally.crashed) crashes.push(await describeCrash(judge, machine, one));
      expect(crashes).toEqual([]);
    },
    300_000,
  );
});
