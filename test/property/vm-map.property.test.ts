import fc from "fast-check";
import { describe, it } from "vitest";
import { anyStep, opening, TwinWorld } from "../support/vm-steps.js";

describe("the VM against a flat model", () => {
  it("agrees on codes, rights and contents after every step", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 50, size: "max" }), (steps) => {
        const twin = new TwinWorld({ pages: 512 });
        for (const step of [...opening, ...steps]) {
          twin.apply(step);
        }
      }),
      { numRuns: Number(process.env["RUNS"] ?? 60), endOnFailure: false },
    );
  });
});
