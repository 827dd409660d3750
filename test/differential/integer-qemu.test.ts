import { describe, expect, it } from "vitest";
import { hex } from "../../emulator/arch/hex.js";
import * as integerArithmetic from "../../emulator/isa/integer-arithmetic.js";
import * as integerFlags from "../../emulator/isa/integer-flags.js";
import * as integerImmediate from "../../emulator/isa/integer-immediate.js";
import * as integerRegister from "../../emulator/isa/integer-register.js";
import { Machine } from "../../emulator/machine.js";
import { Prng } from "../support/fp-operands.js";
import { BLOCK_BYTES, BLOCK_NZCV, BLOCK_X, harness, makeBlocks } from "../support/fp-simd-cases.js";
import { randomWordOf } from "../support/integer-cases.js";
import { qemuMissing } from "../support/qemu.js";
import { runOnQemu } from "../support/qemu-vectors.js";
import { DIFF_ROUNDS, diffSeed } from "../support/scale.js";

/**
 * Every integer row, by itself, against qemu-aarch64 -cpu max, which has the flag instructions, CRC32 and the hint space
 * of Armv8.6 as the manual says: X0 to X30 and NZCV afterwards. The program that loads the registers, runs the
 * instruction and stores them is itself translated here. MACHVM_DIFF_ROUNDS multiplies the work.
 */
const SEED = diffSeed();
const WORDS = 4 * DIFF_ROUNDS;
const CASES = 12;
const BLOCKS = 0x4000_0000;
const CODE = 0x4020_0000;
/** X registers that may be operands: not SP, which walks through the blocks. */
const REGISTERS = [0, 1, 2, 7, 15, 30] as const;

const ROWS = [integerImmediate, integerRegister, integerArithmetic, integerFlags].flatMap(
  (f) => f.ROWS.filter((row) => !row.name.startsWith("ADR")), // their results depend on where the code is
);
/** Hints that neither wait nor depend on keys, allocated or not, and BTI; barriers; CLREX; SB. */
const HINTS = [0, 1, 4, 5, 6, 9, 16, 18, 20, 32, 34, 36, 38, 40, 64, 127].map(
  (n) => (0xd503_201f | (n << 5)) >>> 0,
);
const BARRIERS = [
  0xd503_3f5f, 0xd503_3f9f, 0xd503_309f, 0xd503_349f, 0xd503_3bbf, 0xd503_3fdf, 0xd503_30ff,
];

interface Word {
  readonly name: string;
  readonly word: number;
  readonly before: Uint8Array;
}

function makeWords(): Word[] {
  const rng = new Prng(20265 + SEED);
  const blocksOf = (word: number): Uint8Array => makeBlocks(rng, ROWS[0]!, word, 0, CASES, 0);
  const rows = ROWS.flatMap((row) =>
    Array.from({ length: WORDS }, () => {
      const word = randomWordOf(rng, row, REGISTERS);
      return { name: row.name, word, before: blocksOf(word) };
    }),
  );
  const others = [...HINTS, ...BARRIERS].map((word) => {
    return { name: "hint or barrier", word, before: blocksOf(word) };
  });
  return [...rows, ...others];
}

describe.skipIf(qemuMissing !== null)(`integer rows ${qemuMissing ?? ""}`, () => {
  it("agree with qemu-aarch64", () => {
    const words = makeWords();
    const judged = runOnQemu(words.map(({ word, before }) => ({ word, blocks: before })));
    const machine = new Machine({ ramBytes: 8 * 2 ** 20, exceptions: "host" });
    machine.cpu.setSysreg("CPACR_EL1", 3n << 20n);
    const { memory, cpu } = machine;
    words.forEach(({ name, word, before }, k) => {
      const code = harness(word);
      memory.view(CODE, code.length).set(code);
      memory.view(BLOCKS, before.length).set(before);
      machine.notifyWrite(CODE, code.length);
      cpu.sp = BigInt(BLOCKS);
      cpu.pc = BigInt(CODE);
      const exit = machine.run((code.length / 4) * CASES);
      expect(exit, `${name} ${hex(word, 8)}`).toEqual({ kind: "budget" });
      const ours = memory.view(BLOCKS, before.length);
      const theirs = judged[k]!;
      for (let at = 0; at < ours.length; at += BLOCK_BYTES) {
        const compared = (bytes: Uint8Array): string =>
          Buffer.from(bytes.subarray(at + BLOCK_X, at + BLOCK_NZCV + 4)).toString("hex");
        expect(compared(ours), `${name} ${hex(word, 8)} case ${at / BLOCK_BYTES}`).toBe(
          compared(theirs),
        );
      }
    });
  });
});
