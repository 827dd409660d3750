import { describe, expect, it } from "vitest";
import { PagingRun } from "../support/paging-run.js";
import { scaled } from "../support/scale.js";

const RUNS = scaled(1000, 300);

describe("paging never changes a byte", () => {
  it(`in ${RUNS} runs with random RAM, slow and failing pagers, and pageout at any moment`, () => {
    const seen = {
      compressions: 0,
      decompressions: 0,
      swapins: 0,
      swapouts: 0,
      pageouts: 0,
      errors: 0,
    };
    for (let seed = 1; seed <= RUNS; seed++) {
      const run = new PagingRun(seed);
      try {
        run.run();
      } catch (error) {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : "?"}`, {
          cause: error,
        });
      }
      const { counters } = run;
      seen.compressions += counters.compressions;
      seen.decompressions += counters.decompressions;
      seen.swapins += counters.swapins;
      seen.swapouts += counters.swapouts;
      seen.pageouts += counters.pageouts;
      seen.errors += run.errors;
    }
    // Each of these happened often, or the runs show nothing.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(RUNS / 2);
  }, 280_000);
});
