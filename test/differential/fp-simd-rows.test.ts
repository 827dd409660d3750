import { describe, expect, it } from "vitest";
import { hex } from "../../emulator/arch/hex.js";
import { OFF_NZCV, OFF_V, OFF_X } from "../../emulator/cpu/state-layout.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { RAM_OFFSET } from "../../emulator/mmu/phys-memory.js";
import { repairJudged } from "../support/fp-judge-errors.js";
import { Prng } from "../support/fp-operands.js";
import {
  BLOCK_BYTES,
  BLOCK_NZCV,
  BLOCK_X,
  DATA_BYTES,
  firstDifference,
  FPCRS,
  lanesText,
  makeBlocks,
  randomWord,
} from "../support/fp-simd-cases.js";
import { CaseJudge, JUDGED_ROWS } from "../support/fp-simd-judge.js";
import { rowRunner } from "../support/row-runner.js";
import { DIFF_ROUNDS, diffSeed } from "../support/scale.js";
import { unicornMissing } from "../support/unicorn.js";

/**
 * Every floating-point and Advanced SIMD row, by itself, against an outside CPU: random fields, corner-heavy
 * registers, several FPCRs; V0-V31, X0-X30, NZCV and memory must agree. MACHVM_DIFF_ROUNDS multiplies the
 * work, MACHVM_DIFF_SEED changes the numbers.
 */

const SEED = diffSeed();
const WORDS = 6 * DIFF_ROUNDS;
const CASES = 24;

/** The plain engine has no MMU: guest data lies at its offset in the WebAssembly memory. */
const ADDRESSES = { code: 0x1000_0000, blocks: 0x10_0000, data: RAM_OFFSET };

const runner = rowRunner();
let judge: CaseJudge | null = null;

function compareRow(judge: CaseJudge, row: Row): void {
  const rng = new Prng(row.value ^ row.mask ^ SEED);
  const { memory } = runner;
  const bytes = memory.u8;
  for (let k = 0; k < WORDS; k++) {
    const word = randomWord(rng, row);
    expect(word, "no allocated word found").not.toBeNull();
    if (word === null) return;
    const fpcr = rng.pick(FPCRS);
    const f = row.extract(word);
    const before = makeBlocks(rng, row, word, fpcr, CASES, ADDRESSES.data);
    const data = Uint8Array.from({ length: DATA_BYTES }, () => rng.below(256));
    bytes.set(data, ADDRESSES.data);
    const after = before.slice();
    judge.run(word, after, data);
    const run = runner.compile(row, word, fpcr);
    for (let i = 0; i < CASES; i++) {
      const at = i * BLOCK_BYTES;
      repairJudged("libunicorn 2.0.1", row, word, before, after, at);
      bytes.set(before.subarray(at, at + BLOCK_X), OFF_V);
      bytes.set(before.subarray(at + BLOCK_X, at + BLOCK_NZCV), OFF_X);
      bytes.set(before.subarray(at + BLOCK_NZCV, at + BLOCK_NZCV + 4), OFF_NZCV);
      run();
      const where = (): string =>
        `${row.name} ${hex(word, 8)} fpcr ${hex(fpcr)} ${JSON.stringify(f)} case ${i}`;
      const vector = firstDifference(bytes, OFF_V, after, at, BLOCK_X) >> 4;
      if (vector >= 0) {
        const ours = lanesText(bytes, OFF_V + 16 * vector);
        const theirs = lanesText(after, at + 16 * vector);
        const inputs = Object.entries(f)
          .filter(([name]) => name.startsWith("r"))
          .map(([name, r]) => `${name} v${r}=${lanesText(before, at + 16 * (r & 31))}`);
        expect.fail(
          `${where()}: v${vector} ours ${ours} judge ${theirs}; before: ${inputs.join(" ")}`,
        );
      }
      const general = firstDifference(bytes, OFF_X, after, at + BLOCK_X, 31 * 8) >> 3;
      expect(general, `${where()}: X register`).toBe(-1);
      const theirFlags = new DataView(after.buffer).getUint32(at + BLOCK_NZCV, true);
      expect(memory.u32[OFF_NZCV >> 2]! >>> 28, `${where()}: NZCV`).toBe(theirFlags >>> 28);
    }
    const byte = firstDifference(bytes, ADDRESSES.data, data, 0, DATA_BYTES);
    expect(byte, `${row.name} ${hex(word, 8)}: memory`).toBe(-1);
  }
}

describe.skipIf(unicornMissing !== null)(`FP and SIMD rows ${unicornMissing ?? ""}`, () => {
  it.each(JUDGED_ROWS.map((row) => ({ name: row.name, row })))("$name", ({ row }) => {
    compareRow((judge ??= new CaseJudge(ADDRESSES)), row);
  });
});
