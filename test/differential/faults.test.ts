import { afterAll, describe, expect, it } from "vitest";
import { Prng } from "../support/fp-operands.js";
import type { FuzzCase } from "../support/fuzz-case.js";
import { faultCase, faultDifferences, type Accessor } from "../support/fuzz-faults.js";
import { FuzzJudge } from "../support/fuzz-judge.js";
import { FuzzMachine } from "../support/fuzz-machine.js";
import { FUZZ_INSTRUCTIONS, FUZZ_SEED } from "../support/fuzz-options.js";
import { compareBatch, describeCrash, layOut, newTally } from "../support/fuzz-run.js";
import { MEMORY_ROWS, wordOf } from "../support/fuzz-words.js";
import { unicornMissing } from "../support/unicorn.js";

/**
 * Faults of every form of access, at the edges of holes and of read-only memory: the state is the one
 * before the instruction, memory is untouched, ESR and FAR are right, and libunicorn stops there too.
 */

const judge = new FuzzJudge();
afterAll(() => {
  judge.close();
});

const WORDS = Math.ceil(FUZZ_INSTRUCTIONS / 250_000);
const BATCH = 500;

/** Every row that has a base register; prefetches and literals never fault here. */
const ACCESSORS: readonly Accessor[] = [
  "DC ZVA",
  ...MEMORY_ROWS.filter(
    (row) =>
      /rn:/.test(row.pattern) && wordOf("unicorn", new Prng(1), row, [0, 2, 4, 6, 31]) !== null,
  ),
];

describe.skipIf(unicornMissing !== null)(`faults ${unicornMissing ?? ""}`, () => {
  it.each(["16K", "4K"] as const)(
    `are precise, granule %s (seed ${FUZZ_SEED}, ${WORDS} words of each row)`,
    async (granule) => {
      const rng = new Prng(FUZZ_SEED + (granule === "4K" ? 1 : 0));
      const machine = new FuzzMachine(granule);
      const tally = newTally();
      const todo = ACCESSORS.flatMap((accessor) => Array.from({ length: WORDS }, () => accessor));
      let faults = 0;
      const next = (): Omit<FuzzCase, "at"> | null => {
        const accessor = todo.pop();
        return accessor === undefined ? null : faultCase(rng, accessor);
      };
      for (;;) {
        const cases = layOut(rng, next, BATCH);
        if (cases.length === 0) break;
        await compareBatch(machine, judge, cases, tally, {
          disagree: (ours, theirs, one, input) => {
            if (ours.fault !== null) faults++;
            return faultDifferences(machine, ours, theirs, one, input);
          },
        });
      }
      const crashes = [];
      for (const one of tally.crashed) crashes.push(await describeCrash(judge, machine, one));
      expect(crashes).toEqual([]);
      expect(faults).toBeGreaterThan(tally.cases);
    },
    300_000,
  );
});
