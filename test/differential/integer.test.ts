import { describe, it } from "vitest";
import { Prng } from "../support/fp-operands.js";
import { MAX_SEQUENCE, randomRegister, randomSequence } from "../support/integer-cases.js";
import {
  assemble,
  compare,
  JudgeRunner,
  NZCV,
  OurRunner,
  type Sequence,
} from "../support/sequences.js";
import { unicornMissing } from "../support/unicorn.js";

/**
 * Random sequences of integer instructions, without memory accesses: X0..X30, SP, NZCV and PC afterwards,
 * ours against the judge's. Run with another MACHVM_SEED for another set.
 */

const SEED = Number(process.env["MACHVM_SEED"] ?? 20261);
const SEQUENCES = Number(process.env["MACHVM_SEQUENCES"] ?? 100_000);
const BATCH = 2_000;
/** A sequence and the BRK behind it. */
const STEP = 4 * (MAX_SEQUENCE + 1);
const LAYOUT = { code: 0x4000_0000, codeBytes: SEQUENCES * STEP, data: 0, dataBytes: 0 };

function makeSequence(rng: Prng, at: number): Sequence {
  const x = BigUint64Array.from({ length: 33 }, () => randomRegister(rng));
  x[NZCV] = BigInt(rng.below(16)) << 28n;
  return { at, words: randomSequence(rng), before: { x, v: new BigUint64Array(64) } };
}

describe.skipIf(unicornMissing !== null)(`integer instructions ${unicornMissing ?? ""}`, () => {
  it(`agree with libunicorn over ${SEQUENCES} sequences (seed ${SEED})`, () => {
    const rng = new Prng(SEED);
    const judge = new JudgeRunner(LAYOUT);
    const ours = new OurRunner(LAYOUT);
    for (let first = 0; first < SEQUENCES; first += BATCH) {
      const base = LAYOUT.code + first * STEP;
      const batch = Array.from({ length: BATCH }, (_, i) => makeSequence(rng, base + i * STEP));
      const code = assemble(batch, STEP);
      judge.write(base, code);
      ours.forget();
      ours.write(base, code);
      for (const one of batch) compare(ours, judge, one, SEED);
    }
  }, 120_000);
});
