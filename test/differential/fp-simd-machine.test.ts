import { describe, expect, it } from "vitest";
import { hex } from "../../emulator/arch/hex.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { Machine } from "../../emulator/machine.js";
import { repairJudged } from "../support/fp-judge-errors.js";
import { Prng } from "../support/fp-operands.js";
import {
  BLOCK_BYTES,
  BLOCK_MORE,
  DATA_BYTES,
  firstDifference,
  FPCRS,
  harness,
  lanesText,
  makeBlocks,
  randomWord,
} from "../support/fp-simd-cases.js";
import { CaseJudge, CODE_STEP, JUDGED_ROWS } from "../support/fp-simd-judge.js";
import { unicornMissing } from "../support/unicorn.js";

/**
 * The same rows through the whole machine: the program that loads the registers, runs the instruction and
 * stores them is itself translated, with the MMU off, and must leave the same memory behind.
 */

const WORDS = 2;
const CASES = 6;
const ADDRESSES = { blocks: 0x4000_0000, data: 0x4020_0000, code: 0x4100_0000 };

const machine = new Machine({ ramBytes: 64 * 2 ** 20, exceptions: "host" });
machine.cpu.setSysreg("CPACR_EL1", 3n << 20n);
let judge: CaseJudge | null = null;
let codeAt = ADDRESSES.code;

function runOnMachine(word: number, blocks: Uint8Array, data: Uint8Array): void {
  const { memory, cpu } = machine;
  const code = harness(word);
  memory.view(codeAt, code.length).set(code);
  memory.view(ADDRESSES.blocks, blocks.length).set(blocks);
  memory.view(ADDRESSES.data, data.length).set(data);
  cpu.sp = BigInt(ADDRESSES.blocks);
  cpu.pc = BigInt(codeAt);
  // Every case is the same number of instructions.
  const exit = machine.run((code.length / 4) * CASES);
  expect(exit, `${hex(word, 8)} ESR ${cpu.sysreg("ESR_EL1").toString(16)}`).toEqual({
    kind: "budget",
  });
  expect(cpu.pcNumber, hex(word, 8)).toBe(codeAt + code.length);
  codeAt += CODE_STEP;
  blocks.set(memory.view(ADDRESSES.blocks, blocks.length));
  data.set(memory.view(ADDRESSES.data, data.length));
}

function compareRow(judge: CaseJudge, row: Row): void {
  const rng = new Prng(row.value ^ row.mask ^ 0x5eed);
  for (let k = 0; k < WORDS; k++) {
    const word = randomWord(rng, row);
    expect(word, "no allocated word found").not.toBeNull();
    if (word === null) return;
    const fpcr = rng.pick(FPCRS);
    const ours = makeBlocks(rng, row, word, fpcr, CASES, ADDRESSES.data);
    const ourData = Uint8Array.from({ length: DATA_BYTES }, () => rng.below(256));
    const before = ours.slice();
    const theirs = ours.slice();
    const theirData = ourData.slice();
    judge.run(word, theirs, theirData);
    runOnMachine(word, ours, ourData);
    for (let at = 0; at < ours.length; at += BLOCK_BYTES) {
      repairJudged("libunicorn 2.0.1", row, word, before, theirs, at);
      const byte = firstDifference(ours, at, theirs, at, BLOCK_MORE);
      if (byte < 0) continue;
      const from = at + (byte & ~15);
      const where: string = `${row.name} ${hex(word, 8)} fpcr ${hex(fpcr)} block byte ${byte}`;
      expect.fail(`${where}: ours ${lanesText(ours, from)} judge ${lanesText(theirs, from)}`);
    }
    expect(firstDifference(ourData, 0, theirData, 0, DATA_BYTES), row.name).toBe(-1);
  }
}

describe.skipIf(unicornMissing !== null)(
  `FP and SIMD, whole machine ${unicornMissing ?? ""}`,
  () => {
    it.each(JUDGED_ROWS.map((row) => ({ name: row.name, row })))("$name", ({ row }) => {
      compareRow((judge ??= new CaseJudge(ADDRESSES)), row);
    });
  },
);
