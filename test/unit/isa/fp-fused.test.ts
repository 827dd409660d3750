import { describe, expect, it } from "vitest";
import { hasFusedMadd } from "../../../emulator/isa/fp-relaxed.js";
import { checkFused } from "../../support/fused-cases.js";

const TRIPLES = Number(process.env["MACHVM_FUSED_TRIPLES"] ?? 60_000);

describe.skipIf(hasFusedMadd())("fused multiply-add by error-free transforms", () => {
  it("rounds once", () => {
    expect(hasFusedMadd()).toBe(false);
    checkFused(TRIPLES);
  });
});
