import { describe, expect, it } from "vitest";
import { CPU_MODEL_NAMES, cpuModel } from "../../../emulator/arch/cpu-model.js";
import { ALL_FEATURES, FEATURES, type Feature } from "../../../emulator/arch/features.js";
import { areDisjoint, buildDecoder } from "../../../emulator/isa/decode.js";
import { FP_SIMD_ROWS } from "../../../emulator/isa/fp-simd-table.js";
import { decoderFor, ROWS } from "../../../emulator/isa/table.js";

/** One word of each group and what it needs. Every allocated word is judged in differential/fp-simd-decode. */
const SAMPLES: readonly (readonly [text: string, word: number, needs: readonly Feature[]])[] = [
  ["fadd d0, d1, d2", 0x1e622820, ["fp"]],
  ["fadd h0, h1, h2", 0x1ee22820, ["fp16"]],
  ["scvtf h0, w1", 0x1ee20020, ["fp16"]],
  ["fadd v0.4h, v1.4h, v2.4h", 0x0e421420, ["fp16"]],
  ["fmla v0.8h, v1.8h, v2.h[0]", 0x4f021020, ["fp16"]],
  ["fmla v0.4s, v1.4s, v2.s[0]", 0x4f821020, ["simd"]],
  ["fmlal v0.2s, v1.2h, v2.2h", 0x0e22ec20, ["fhm"]],
  ["fcmla v0.4s, v1.4s, v2.4s, #90", 0x6e82cc20, ["fcma"]],
  ["fcmla v0.4h, v1.4h, v2.4h, #90", 0x2e42cc20, ["fcma", "fp16"]],
  ["sqrdmlah v0.4s, v1.4s, v2.4s", 0x6e828420, ["rdm"]],
  ["sdot v0.4s, v1.16b, v2.16b", 0x4e829420, ["dotprod"]],
  ["fjcvtzs w0, d1", 0x1e7e0020, ["jscvt"]],
  ["frint32z d0, d1", 0x1e684020, ["frintts"]],
  ["frint64x v0.2d, v1.2d", 0x6e61f820, ["frintts"]],
  ["bfdot v0.4s, v1.8h, v2.8h", 0x6e42fc20, ["bf16"]],
  ["bfcvt h0, s1", 0x1e634020, ["bf16"]],
  ["smmla v0.4s, v1.16b, v2.16b", 0x4e82a420, ["i8mm"]],
  ["usdot v0.4s, v1.16b, v2.16b", 0x4e829c20, ["i8mm"]],
  ["aese v0.16b, v1.16b", 0x4e284820, ["aes"]],
  ["pmull v0.8h, v1.8b, v2.8b", 0x0e22e020, ["simd"]],
  ["pmull v0.1q, v1.1d, v2.1d", 0x0ee2e020, ["pmull"]],
  ["sha1c q0, s1, v2.4s", 0x5e020020, ["sha1"]],
  ["sha256h q0, q1, v2.4s", 0x5e024020, ["sha256"]],
  ["sha512h q0, q1, v2.2d", 0xce628020, ["sha512"]],
  ["eor3 v0.16b, v1.16b, v2.16b, v3.16b", 0xce020c20, ["sha3"]],
  ["sm3ss1 v0.4s, v1.4s, v2.4s, v3.4s", 0xce420c20, ["sm3"]],
  ["sm4e v0.4s, v1.4s", 0xcec08420, ["sm4"]],
];

describe("floating-point, SIMD and cryptographic rows", () => {
  it("match no word twice", () => {
    const pairs = FP_SIMD_ROWS.flatMap((a) =>
      ROWS.filter((b) => a !== b && !areDisjoint(a, b)).map((b) => `${a.name} and ${b.name}`),
    );
    expect(pairs).toEqual([]);
  });

  it("all belong to features that trap with CPACR_EL1.FPEN", () => {
    for (const row of FP_SIMD_ROWS) {
      const features = row.features(row.extract(row.value));
      expect(features.length, row.name).toBeGreaterThan(0);
      for (const feature of features) expect(FEATURES[feature].usesFp, row.name).toBe(true);
    }
  });

  it.each(SAMPLES)("%s", (text, word, needs) => {
    const rowWith = (features: readonly Feature[]): string | null =>
      buildDecoder(FP_SIMD_ROWS, new Set(features)).allocated(word)?.row.name ?? null;
    const mnemonic = text.split(" ")[0]!.toUpperCase();
    expect(rowWith(ALL_FEATURES)?.split(/[ ,]/)).toContain(mnemonic);
    expect(rowWith(["fp", "simd", ...needs])).toBe(rowWith(ALL_FEATURES));
    for (const need of needs) expect(rowWith(ALL_FEATURES.filter((f) => f !== need))).toBeNull();
    for (const model of CPU_MODEL_NAMES) {
      const has = needs.every((f) => cpuModel(model).features.has(f));
      expect(decoderFor(model).allocated(word) !== null, model).toBe(has);
    }
  });

  it("of version 8.0 are all that a Cortex-A57 has, with the cryptographic extension", () => {
    const decoder = decoderFor("cortex-a57");
    const kept = SAMPLES.filter(([, word]) => decoder.allocated(word) !== null);
    expect(kept.map(([text]) => text)).toEqual([
      "fadd d0, d1, d2",
      "fmla v0.4s, v1.4s, v2.s[0]",
      "aese v0.16b, v1.16b",
      "pmull v0.8h, v1.8b, v2.8b",
      "pmull v0.1q, v1.1d, v2.1d",
      "sha1c q0, s1, v2.4s",
      "sha256h q0, q1, v2.4s",
    ]);
  });
});
