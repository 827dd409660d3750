import { afterAll, describe, expect, it } from "vitest";
import { Prng } from "../support/fp-operands.js";
import type { FuzzCase } from "../support/fuzz-case.js";
import { FuzzJudge } from "../support/fuzz-judge.js";
import { FuzzMachine } from "../support/fuzz-machine.js";
import { FUZZ_INSTRUCTIONS, FUZZ_SEED } from "../support/fuzz-options.js";
import { OTHER_ROWS, rowCase, SINGLE_ROWS } from "../support/fuzz-rows.js";
import { compareBatch, describeCrash, layOut, newTally } from "../support/fuzz-run.js";
import { unicornMissing } from "../support/unicorn.js";

/** Every row that computes or accesses memory, one instruction at a time, on the whole machine. */

const judge = new FuzzJudge();
afterAll(() => {
  judge.close();
});

const BATCH = 1000;
const WORDS = Math.ceil(FUZZ_INSTRUCTIONS / 300_000);

describe.skipIf(unicornMissing !== null)(`single instructions ${unicornMissing ?? ""}`, () => {
  it(`of every row agree with libunicorn, ${WORDS} words each (seed ${FUZZ_SEED})`, async () => {
    const rng = new Prng(FUZZ_SEED);
    const machine = new FuzzMachine("16K");
    const tally = newTally();
    const todo = SINGLE_ROWS.flatMap((row) => Array.from({ length: WORDS }, () => row));
    const next = (): Omit<FuzzCase, "at"> | null => {
      for (;;) {
        const row = todo.pop();
        if (row === undefined) return null;
        const one = rowCase("unicorn", rng, row);
        if (one !== null) return one;
      }
    };
    for (;;) {
      const cases = layOut(rng, next, BATCH);
      if (cases.length === 0) break;
      await compareBatch(machine, judge, cases, tally);
    }
    const crashes = [];
    for (const one of tally.crashed) crashes.push(await describeCrash(judge, machine, one));
    expect(crashes).toEqual([]);
  }, 300_000);

  it("leave out only branches, exceptions and system instructions", () => {
    expect(OTHER_ROWS.filter((row) => row.flow === null).map((row) => row.name)).toEqual([
      "CFINV",
      "XAFLAG",
      "AXFLAG",
      "CLREX",
      "DSB",
      "DMB",
      "SB",
      "ISB",
    ]);
  });
});
