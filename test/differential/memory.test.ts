import { describe, it } from "vitest";
import { Prng } from "../support/fp-operands.js";
import { MAX_MEMORY_SEQUENCE, randomMemoryCase } from "../support/memory-cases.js";
import { assemble, compare, JudgeRunner, OurRunner, type Sequence } from "../support/sequences.js";
import { unicornMissing } from "../support/unicorn.js";

/**
 * Random loads and stores: every addressing form, pairs, literals, exclusives, acquire-release, atomics, B
 * to Q registers, across a page boundary. All registers and the memory afterwards, ours against the
 * judge's.
 */

const SEED = Number(process.env["MACHVM_SEED"] ?? 20262);
const SEQUENCES = Number(process.env["MACHVM_SEQUENCES"] ?? 15_000);
const BATCH = 1_000;
/** A sequence and the BRK behind it. */
const STEP = 4 * (MAX_MEMORY_SEQUENCE + 1);
/** The data's middle is where two 16 KiB pages meet. */
const MIDDLE = 0x4100_4000;
const HALF = 0x1000;
const LAYOUT = {
  code: 0x4000_0000,
  codeBytes: (SEQUENCES + 1) * STEP + 4096,
  data: MIDDLE - HALF,
  dataBytes: 2 * HALF,
};

describe.skipIf(unicornMissing !== null)(`loads and stores ${unicornMissing ?? ""}`, () => {
  it(`agree with libunicorn over ${SEQUENCES} sequences (seed ${SEED})`, () => {
    const rng = new Prng(SEED);
    const judge = new JudgeRunner(LAYOUT);
    const ours = new OurRunner(LAYOUT);
    const data = Uint8Array.from({ length: 2 * HALF }, () => rng.below(256));
    judge.write(LAYOUT.data, data);
    ours.write(LAYOUT.data, data);
    for (let first = 0; first < SEQUENCES; first += BATCH) {
      // The first page is left free for literals before the first sequence.
      const base = LAYOUT.code + 4096 + first * STEP;
      const batch = Array.from({ length: BATCH }, (_, i): Sequence => {
        return { at: base + i * STEP, ...randomMemoryCase(rng, MIDDLE) };
      });
      const code = assemble(batch, STEP);
      judge.write(base, code);
      ours.forget();
      ours.write(base, code);
      for (const one of batch) compare(ours, judge, one, SEED);
    }
  }, 120_000);
});
