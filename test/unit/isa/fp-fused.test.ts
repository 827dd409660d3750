import { describe, it } from "vitest";
import { hasFusedMadd } from "../../../emulator/isa/fp-relaxed.js";
import { checkFused } from "../../support/fused-cases.js";

const TRIPLES = Number(process.env["MACHVM_FUSED_TRIPLES"] ?? 60_000);

// Without flags Node 20 has no relaxed SIMD; an engine that has it leaves no way to turn it off.
const way = hasFusedMadd() ? "by relaxed_madd, which is on here" : "by error-free transforms";

describe(`fused multiply-add ${way}`, () => {
  it("rounds once", () => {
    checkFused(TRIPLES);
  });
});
