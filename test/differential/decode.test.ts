import { describe, expect, it } from "vitest";
import { cpuModel, type CpuModelName } from "../../emulator/arch/cpu-model.js";
import { hex } from "../../emulator/arch/hex.js";
import { parsePattern, type Row } from "../../emulator/isa/pattern.js";
import { decoderFor, ROWS } from "../../emulator/isa/table.js";
import { DECODE_DIFFERENCES } from "../support/decode-differences.js";
import { Prng } from "../support/fp-operands.js";
import { disassemble, llvmMissing } from "../support/llvm-decode.js";
import { DIFF_ROUNDS, diffSeed, scaled } from "../support/scale.js";

/**
 * Which words are allocated on each CPU model, against LLVM's disassembler told of exactly the same features: random
 * words, every row's corners, and words one bit away from a row. MACHVM_DIFF_ROUNDS multiplies the work,
 * MACHVM_DIFF_SEED changes the words.
 */
const SEED = diffSeed(2026);
const RANDOM_WORDS = scaled(500_000, 200_000) * DIFF_ROUNDS;
/** Each field of each row at 0, 1, its maximum and at random, so many times over. */
const CORNER_ROUNDS = 2 * DIFF_ROUNDS;

/** The features of each model in LLVM's names; those of LLVM's version defaults that it lacks taken away. */
const ATTRIBUTES: Readonly<Record<CpuModelName, string>> = {
  max: "+v8.6a,+aes,+sha2,+sha3,+sm4,+fp16fml,+rand,-lor",
  "cortex-a57": "+v8a,+aes,+sha2,+crc",
  "apple-m1": "+v8.4a,+aes,+sha2,+sha3,+fp16fml,+altnzcv,+fptoint,+ccdp,+predres,+sb,+ssbs,-lor",
};

function wordOf(rng: Prng, row: Row): number {
  return ((rng.u32() & ~row.mask) | row.value) >>> 0;
}

function corners(rng: Prng, row: Row): number[] {
  const words = parsePattern(row.pattern).fields.flatMap(({ lo, width }) => {
    const max = 2 ** width - 1;
    return [0, 1, max, rng.u32() & max].map((value) => {
      const others = wordOf(rng, row) & ~(max << lo);
      return (others | (value << lo)) >>> 0;
    });
  });
  const neighbours = Array.from({ length: 32 }, (_, bit) => (wordOf(rng, row) ^ (1 << bit)) >>> 0);
  return [...words, ...neighbours];
}

function candidates(randomWords: number): Uint32Array<ArrayBuffer> {
  const rng = new Prng(SEED);
  const words = Array.from({ length: randomWords }, () => rng.u32());
  for (let round = 0; round < CORNER_ROUNDS; round++) {
    for (const row of ROWS) words.push(...corners(rng, row));
  }
  return Uint32Array.from(words);
}

/** Disagreements about the words that no difference on the list covers. */
function disagreements(model: CpuModelName, words: Uint32Array<ArrayBuffer>): string[] {
  const decoder = decoderFor(model);
  const judged = disassemble(words, ATTRIBUTES[model]);
  const out: string[] = [];
  words.forEach((word, i) => {
    const asm = judged[i] ?? null;
    const ours = decoder.allocated(word)?.row.name ?? null;
    if ((ours !== null) === (asm !== null)) return;
    if (DECODE_DIFFERENCES.some((difference) => difference.covers(word, asm))) return;
    out.push(`${hex(word, 8)} ours ${ours ?? "UNDEFINED"}, LLVM ${asm ?? "UNDEFINED"}`);
  });
  return out;
}

describe.skipIf(llvmMissing !== null)(`allocated encodings ${llvmMissing ?? ""}`, () => {
  it(`of max agree with LLVM over ${RANDOM_WORDS} random words (seed ${SEED}) and all corners`, () => {
    expect(disagreements("max", candidates(RANDOM_WORDS))).toEqual([]);
  }, 300_000);

  it.each(["cortex-a57", "apple-m1"] as const)(
    "of %s agree with LLVM on all corners",
    (model) => {
      expect(disagreements(model, candidates(0))).toEqual([]);
    },
    300_000,
  );
});

describe("every CPU model", () => {
  it.each(["max", "cortex-a57", "apple-m1"] as const)("%s refuses what it lacks", (name) => {
    const { features } = cpuModel(name);
    const decoder = decoderFor(name);
    const rng = new Prng(SEED);
    for (const row of ROWS) {
      for (let i = 0; i < 20; i++) {
        const word = wordOf(rng, row);
        const found = decoder.allocated(word);
        if (found === null) continue;
        const needed = found.row.features(found.fields);
        expect(needed.filter((f) => !features.has(f))).toEqual([]);
      }
    }
  });
});
