import { expect, describe, it } from "vitest";
import { hex } from "../../emulator/arch/hex.js";
import { OFF_FPCR, OFF_FPSR, OFF_FPSR_EXACT, OFF_V } from "../../emulator/cpu/state-layout.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { Prng } from "../support/fp-operands.js";
import {
  BLOCK_BYTES,
  BLOCK_FPSR,
  BLOCK_X,
  firstDifference,
  FPCRS,
  lanesText,
  makeBlocks,
  randomWord,
} from "../support/fp-simd-cases.js";
import { JUDGED_ROWS, UNJUDGED_ROWS } from "../support/fp-simd-judge.js";
import { qemuMissing } from "../support/qemu.js";
import { runOnQemu } from "../support/qemu-vectors.js";
import { rowRunner } from "../support/row-runner.js";
import { DIFF_ROUNDS, diffSeed } from "../support/scale.js";

/**
 * Vector instructions against qemu-aarch64: those the library judge does not have, and FPSR.QC of those that
 * saturate. MACHVM_DIFF_ROUNDS multiplies the work, MACHVM_DIFF_SEED changes the numbers.
 */

const SEED = diffSeed();
const WORDS = 5 * DIFF_ROUNDS;
const CASES = 24;
const QC = 1 << 27;
/** QC, IDC, IXC, UFC, OFC, DZC, IOC. */
const FPSR_BITS = QC | 0x9f;

interface Word {
  readonly row: Row;
  readonly word: number;
  readonly fpcr: number;
  readonly before: Uint8Array;
}

function makeWords(rows: readonly Row[], fpcrs: readonly number[]): Word[] {
  return rows.flatMap((row) => {
    const rng = new Prng(row.value ^ row.mask ^ SEED);
    return Array.from({ length: WORDS }, () => {
      const word = randomWord(rng, row);
      if (word === null) return expect.fail(`${row.name}: no allocated word found`);
      const fpcr = rng.pick(fpcrs);
      return { row, word, fpcr, before: makeBlocks(rng, row, word, fpcr, CASES, 0) };
    });
  });
}

/** Run all words here and there; the V registers and the bits of FPSR in `fpsrMask` must agree. */
function compare(rows: readonly Row[], fpcrs: readonly number[], fpsrMask: number): void {
  const words = makeWords(rows, fpcrs);
  const keepsFpsr = fpsrMask !== 0;
  const judged = runOnQemu(
    words.map(({ word, before }) => ({ word, blocks: before })),
    keepsFpsr,
  );
  const runner = rowRunner();
  const { u8: bytes, u32 } = runner.memory;
  u32[OFF_FPSR_EXACT >> 2] = Number(keepsFpsr);
  words.forEach(({ row, word, fpcr, before }, k) => {
    const after = judged[k] ?? new Uint8Array();
    const view = new DataView(after.buffer, after.byteOffset);
    const run = runner.compile(row, word, fpcr, keepsFpsr);
    for (let i = 0; i < CASES; i++) {
      const at = i * BLOCK_BYTES;
      bytes.set(before.subarray(at, at + BLOCK_X), OFF_V);
      u32[OFF_FPCR >> 2] = fpcr;
      u32[OFF_FPSR >> 2] = 0;
      run();
      const where = `${row.name} ${hex(word, 8)} fpcr ${hex(fpcr)} case ${i}`;
      const vector = firstDifference(bytes, OFF_V, after, at, BLOCK_X) >> 4;
      if (vector >= 0) {
        const ours = lanesText(bytes, OFF_V + 16 * vector);
        const inputs = Object.entries(row.extract(word)).map(([name, n]) =>
          name.startsWith("r") ? `${name} v${n}=${lanesText(before, at + 16 * n)}` : `${name}=${n}`,
        );
        const theirs = lanesText(after, at + 16 * vector);
        expect.fail(`${where}: v${vector} ours ${ours} judge ${theirs}; ${inputs.join(" ")}`);
      }
      const theirFpsr = view.getUint32(at + BLOCK_FPSR, true);
      expect(hex(u32[OFF_FPSR >> 2]! & fpsrMask), `${where}: FPSR`).toBe(hex(theirFpsr & fpsrMask));
    }
  });
}

describe.skipIf(qemuMissing !== null)(`Vector instructions ${qemuMissing ?? ""}`, () => {
  it("integer matrices and dot products", () => {
    compare(
      UNJUDGED_ROWS.filter((row) => row.features(row.extract(row.value)).includes("i8mm")),
      [0],
      0,
    );
  });

  it.each([
    ["FPSR not kept", 0],
    ["FPSR kept", FPSR_BITS],
  ])("bfloat16, %s", (_, fpsrMask) => {
    compare(
      UNJUDGED_ROWS.filter((row) => row.features(row.extract(row.value)).includes("bf16")),
      FPCRS,
      fpsrMask,
    );
  });

  it("FPSR.QC", () => {
    const saturating = JUDGED_ROWS.filter((row) => /^(SQ|UQ|SUQ|USQ)/.test(row.name));
    expect(saturating.length).toBeGreaterThan(60);
    compare(saturating, [0], QC);
  });
});
