import { setFlagsFromString } from "node:v8";
import { describe, it } from "vitest";
import { hasFusedMadd } from "../../../emulator/isa/fp-relaxed.js";
import { checkFused } from "../../support/fused-cases.js";

// On newer engines relaxed SIMD is on anyway; the flag is then unknown, which V8 only reports.
setFlagsFromString("--experimental-wasm-relaxed-simd");

// A processor without a fused multiply-add leaves us with the transforms here as well.
const way = hasFusedMadd() ? "by relaxed_madd" : "by error-free transforms: no fused relaxed_madd";

describe(`fused multiply-add where the engine offers it, ${way}`, () => {
  it("rounds once", () => {
    checkFused(40_000);
  });
});
