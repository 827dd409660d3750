import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Feature } from "../../emulator/arch/features.js";
import { buildDecoder } from "../../emulator/isa/decode.js";
import { FP_SIMD_ROWS } from "../../emulator/isa/fp-simd-table.js";
import { Prng } from "../support/fp-operands.js";

/**
 * Which words of the FP and SIMD encoding space are allocated, against LLVM's disassembler for Armv8.0
 * with FP and Advanced SIMD and nothing else.
 */

const WORDS = 60_000;
const MC = "llvm-mc-19";
const OBJDUMP = "llvm-objdump-19";
const missing = [MC, OBJDUMP].some((tool) => spawnSync(tool, ["--version"]).error !== undefined);

/** Data processing (SIMD and FP), or loads and stores of structures: the rows' part of the space. */
function isOurs(word: number): boolean {
  return ((word >>> 25) & 7) === 7 || (word & 0xbe00_0000) >>> 0 === 0x0c00_0000;
}

/** Anywhere in the space, inside a row, or one bit away from one. */
function candidates(): number[] {
  const rng = new Prng(2026);
  return Array.from({ length: WORDS }, (_, i) => {
    const word = rng.u32();
    if (i % 4 === 0) return (word | 0x0e00_0000) >>> 0;
    if (i % 4 === 1) return ((word & 0x41ff_ffff) | 0x0c00_0000) >>> 0;
    const row = rng.pick(FP_SIMD_ROWS);
    const inside = ((word & ~row.mask) | row.value) >>> 0;
    return i % 4 === 2 ? inside : (inside ^ (1 << (10 + rng.below(22)))) >>> 0;
  });
}

/** Words LLVM can disassemble. */
function allocatedByLlvm(words: readonly number[]): Map<number, boolean> {
  const folder = mkdtempSync(join(tmpdir(), "machvm-decode-"));
  const source = join(folder, "words.s");
  const object = join(folder, "words.o");
  writeFileSync(source, words.map((w) => `.inst 0x${w.toString(16)}\n`).join(""));
  execFileSync(MC, ["-triple=aarch64", "-filetype=obj", source, "-o", object]);
  const features = "--mattr=-all,+fp-armv8,+neon";
  const text = execFileSync(OBJDUMP, ["-d", "--triple=aarch64", features, object], {
    maxBuffer: 1 << 27,
  }).toString();
  rmSync(folder, { recursive: true });
  const out = new Map<number, boolean>();
  for (const [, word = "", mnemonic = ""] of text.matchAll(
    /^ *[0-9a-f]+: ([0-9a-f]{8})\s+(\S+)/gm,
  )) {
    out.set(parseInt(word, 16), !mnemonic.startsWith("<unknown"));
  }
  return out;
}

describe.skipIf(missing)(
  `allocated encodings ${missing ? "(llvm-mc is not installed)" : ""}`,
  () => {
    it("agree with LLVM", () => {
      const decoder = buildDecoder(FP_SIMD_ROWS, new Set<Feature>(["base", "fp", "simd"]));
      const judged = allocatedByLlvm(candidates());
      expect(judged.size).toBeGreaterThan(WORDS / 2);
      const differences: string[] = [];
      for (const [word, theirs] of judged) {
        if (!isOurs(word)) continue;
        const ours = decoder.allocated(word) !== null;
        const name = decoder.decode(word)?.name ?? "no row";
        if (ours !== theirs) differences.push(`${word.toString(16)} ${name}`);
      }
      expect(differences).toEqual([]);
    });
  },
);
