import { describe, expect, it } from "vitest";
import { hex } from "../../emulator/arch/hex.js";
import { FPSR } from "../../emulator/cpu/fp/format.js";
import {
  OFF_FPCR,
  OFF_FPSR,
  OFF_FPSR_EXACT,
  OFF_NZCV,
  OFF_V,
  OFF_X,
} from "../../emulator/cpu/state-layout.js";
import { FP_ROWS } from "../../emulator/isa/fp-simd-table.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { repairJudged } from "../support/fp-judge-errors.js";
import { Prng } from "../support/fp-operands.js";
import {
  BLOCK_BYTES,
  BLOCK_FPSR,
  BLOCK_NZCV,
  BLOCK_X,
  firstDifference,
  lanesText,
  makeBlocks,
  randomWord,
} from "../support/fp-simd-cases.js";
import { qemuMissing } from "../support/qemu.js";
import { runOnQemu } from "../support/qemu-vectors.js";
import { rowRunner } from "../support/row-runner.js";
import { DIFF_ROUNDS, diffSeed } from "../support/scale.js";

/**
 * Every floating-point row against qemu-aarch64 with FPSR's cumulative flags kept, under every FPCR bit: V0-V31,
 * X0-X30, NZCV and FPSR must agree. MACHVM_DIFF_ROUNDS multiplies the work, MACHVM_DIFF_SEED changes the
 * numbers.
 */

const SEED = diffSeed();
const WORDS = 5 * DIFF_ROUNDS;
const CASES = 16;

const FZ16 = 1 << 19;
const FZ = 1 << 24;
const DN = 1 << 25;
const AHP = 1 << 26;
const RMODE = [0, 1 << 22, 2 << 22, 3 << 22] as const;

function randomFpcr(rng: Prng): number {
  const flag = (bit: number): number => (rng.below(3) === 0 ? bit : 0);
  if (rng.below(3) === 0) return 0;
  return rng.pick(RMODE) | flag(FZ16) | flag(FZ) | flag(DN) | flag(AHP);
}

interface Word {
  readonly row: Row;
  readonly word: number;
  readonly fpcr: number;
  readonly before: Uint8Array;
}

/** FPSR before: clear, or with IXC set, where native code takes most results as they are. */
function makeWords(row: Row): Word[] {
  const rng = new Prng(row.value ^ row.mask ^ SEED);
  return Array.from({ length: WORDS }, () => {
    const word = randomWord(rng, row);
    if (word === null) return expect.fail(`${row.name}: no allocated word found`);
    const fpcr = randomFpcr(rng);
    const before = makeBlocks(rng, row, word, fpcr, CASES, 0);
    const view = new DataView(before.buffer);
    for (let i = 0; i < CASES; i++) {
      const fpsr = rng.below(2) === 0 ? 0 : FPSR.IXC;
      view.setBigUint64(i * BLOCK_BYTES + BLOCK_FPSR, BigInt(fpsr), true);
    }
    return { row, word, fpcr, before };
  });
}

const runner = rowRunner();

function compareWord({ row, word, fpcr, before }: Word, after: Uint8Array): void {
  const { u8: bytes, u32 } = runner.memory;
  const view = new DataView(after.buffer, after.byteOffset);
  const run = runner.compile(row, word, fpcr, true);
  const fields = row.extract(word);
  u32[OFF_FPSR_EXACT >> 2] = 1;
  u32[OFF_FPCR >> 2] = fpcr;
  for (let i = 0; i < CASES; i++) {
    const at = i * BLOCK_BYTES;
    repairJudged("qemu-aarch64 7.2", row, word, before, after, at);
    bytes.set(before.subarray(at, at + BLOCK_X), OFF_V);
    bytes.set(before.subarray(at + BLOCK_X, at + BLOCK_NZCV), OFF_X);
    bytes.set(before.subarray(at + BLOCK_NZCV, at + BLOCK_NZCV + 4), OFF_NZCV);
    bytes.set(before.subarray(at + BLOCK_FPSR, at + BLOCK_FPSR + 4), OFF_FPSR);
    run();
    const where = (): string => {
      const inputs = Object.entries(fields).map(([name, n]) =>
        name.startsWith("r") && n < 32
          ? `${name} v${n}=${lanesText(before, at + 16 * n)}`
          : `${name}=${n}`,
      );
      return `${row.name} ${hex(word, 8)} fpcr ${hex(fpcr)} case ${i} ${inputs.join(" ")}`;
    };
    const vector = firstDifference(bytes, OFF_V, after, at, BLOCK_X) >> 4;
    if (vector >= 0) {
      const ours = lanesText(bytes, OFF_V + 16 * vector);
      const theirs = lanesText(after, at + 16 * vector);
      expect.fail(`${where()}: v${vector} ours ${ours} judge ${theirs}`);
    }
    const general = firstDifference(bytes, OFF_X, after, at + BLOCK_X, 31 * 8) >> 3;
    expect(general, `${where()}: X register`).toBe(-1);
    const nzcv = view.getUint32(at + BLOCK_NZCV, true);
    expect(hex(u32[OFF_NZCV >> 2]! >>> 28), `${where()}: NZCV`).toBe(hex(nzcv >>> 28));
    const fpsr = view.getUint32(at + BLOCK_FPSR, true);
    expect(hex(u32[OFF_FPSR >> 2]!), `${where()}: FPSR`).toBe(hex(fpsr));
  }
}

describe.skipIf(qemuMissing !== null)(`FP rows with FPSR ${qemuMissing ?? ""}`, () => {
  const words = qemuMissing === null ? FP_ROWS.flatMap(makeWords) : [];
  let judged: Map<Word, Uint8Array> | null = null;
  const judge = (): Map<Word, Uint8Array> => {
    const requests = words.map(({ word, before }) => ({ word, blocks: before }));
    const results = runOnQemu(requests, true);
    return new Map(words.map((word, k) => [word, results[k]!]));
  };
  it.each(FP_ROWS.map((row) => ({ name: row.name, row })))("$name", ({ row }) => {
    judged ??= judge();
    for (const word of words) if (word.row === row) compareWord(word, judged.get(word)!);
  });
});
