import { setFlagsFromString } from "node:v8";
import { describe, it } from "vitest";
import { hasFusedMadd } from "../../../emulator/isa/fp-relaxed.js";
import { checkFused } from "../../support/fused-cases.js";

// On newer engines relaxed SIMD is on anyway; the flag is then unknown, which V8 only reports.
setFlagsFromString("--experimental-wasm-relaxed-simd");

const reason = hasFusedMadd() ? "" : "(this host has no fused relaxed_madd)";

describe.skipIf(!hasFusedMadd())(`fused multiply-add by relaxed_madd ${reason}`, () => {
  it("rounds once", () => {
    checkFused(40_000);
  });
});
