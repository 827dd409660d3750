import { harness } from "./fp-simd-cases.js";
import {
  elfImage,
  ELF_PAGE,
  EXIT,
  joined,
  moveTo,
  runElf,
  SVC,
  wordBytes,
  write,
} from "./qemu-elf.js";

/**
 * The register blocks of `fp-simd-cases` run by qemu-aarch64, for instructions that the library judge lacks: one
 * static program with the harness of every word, which writes all blocks to its standard output.
 */

/** Blocks of one word. */
export interface QemuCase {
  readonly word: number;
  readonly blocks: Uint8Array;
}

const CODE_ADDRESS = 0x40_0000;

/** @param cases SP walks through their blocks, one after the other */
function program(cases: readonly QemuCase[], keepsFpsr: boolean): Uint8Array {
  const bytes = cases.reduce((sum, { blocks }) => sum + blocks.length, 0);
  const bodies = cases.map(({ word }) => harness(word, keepsFpsr));
  const bodyBytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const data = CODE_ADDRESS + Math.ceil((bodyBytes + 128) / ELF_PAGE) * ELF_PAGE;
  const code = joined([
    wordBytes(...moveTo(0, data), 0x9100001f), // mov sp, x0
    ...bodies,
    wordBytes(...write(data, bytes), ...moveTo(0, 0), ...moveTo(8, EXIT), SVC),
  ]);
  const blocks = joined(cases.map((one) => one.blocks));
  return elfImage(CODE_ADDRESS, [
    { address: CODE_ADDRESS, bytes: code, flags: "rx" },
    { address: data, bytes: blocks, flags: "rw" },
  ]);
}

/**
 * Run every word on its blocks.
 * @param keepsFpsr FPSR is cleared before each case and stored in its block afterwards
 * @returns the blocks afterwards, in the same order
 */
export function runOnQemu(cases: readonly QemuCase[], keepsFpsr = false): Uint8Array[] {
  const { status, stdout } = runElf("max", program(cases, keepsFpsr));
  if (status !== "0") throw new Error(`qemu-aarch64 ended with ${status}`);
  let at = 0;
  return cases.map(({ blocks }) => {
    at += blocks.length;
    return new Uint8Array(stdout.subarray(at - blocks.length, at));
  });
}
