import { describe, expect, it } from "vitest";
import type { Feature } from "../../emulator/arch/features.js";
import { hex } from "../../emulator/arch/hex.js";
import { buildDecoder } from "../../emulator/isa/decode.js";
import { FP_SIMD_ROWS } from "../../emulator/isa/fp-simd-table.js";
import { Prng } from "../support/fp-operands.js";
import { LLVM_FP_FEATURES, llvmMissing, llvmMnemonics } from "../support/llvm-disassemble.js";
import { diffSeed } from "../support/scale.js";

/**
 * Which words of the FP and SIMD encoding space are allocated, and as what, against LLVM's disassembler: every
 * combination of bits 31:10, and the neighbourhood of every row. There are no known differences.
 */

const SEED = diffSeed();
const NAMES = Object.keys(LLVM_FP_FEATURES) as (keyof typeof LLVM_FP_FEATURES)[];
const EVERYTHING = NAMES.map((name) => LLVM_FP_FEATURES[name]);

/** Data processing (SIMD and FP), or loads and stores of structures: the rows' part of the space. */
function isOurs(word: number): boolean {
  return ((word >>> 25) & 7) === 7 || (word & 0xbe00_0000) >>> 0 === 0x0c00_0000;
}

/** Every combination of bits 31:10 with random bits below; words of each row and all one bit away from one. */
function candidates(): Uint32Array {
  const rng = new Prng(SEED);
  const words: number[] = [];
  const add = (word: number): void => {
    if (isOurs(word)) words.push(word >>> 0);
  };
  for (let high = 0; high < 1 << 22; high++) add((high << 10) | rng.below(1 << 10));
  for (const row of FP_SIMD_ROWS) {
    const inside = (bits: number): number => (bits & ~row.mask) | row.value;
    [0, -1, ...Array.from({ length: 16 }, () => rng.u32())].forEach((bits) => add(inside(bits)));
    for (let bit = 0; bit < 32; bit++) add(inside(rng.u32()) ^ (1 << bit));
  }
  return Uint32Array.from(words);
}

/** A row's name says its mnemonics ("UMLAL, UMLAL2", "LD1-LD4"); LLVM has one of its own. */
function isNamed(row: string, mnemonic: string): boolean {
  if (row === "DUP (element, scalar)") return mnemonic === "mov";
  return row
    .toLowerCase()
    .split(/[ ,()]+/)
    .some((name) => {
      const range = /^(ld|st)([1-4])(r?)-\1([1-4])\3$/.exec(name);
      if (range === null) return name === mnemonic || `${name}2` === mnemonic;
      const [, kind = "", from = "", suffix = "", to = ""] = range;
      return new RegExp(`^${kind}[${from}-${to}]${suffix}$`).test(mnemonic);
    });
}

/** Sets of features besides `fp` (LLVM does not do without either it or `simd`), closed under what LLVM takes to imply each other. */
const SETS: readonly (readonly (keyof typeof LLVM_FP_FEATURES)[])[] = [
  ["simd"],
  ["simd", "aes", "pmull"],
  ["simd", "sha1", "sha256"],
  ["simd", "sha1", "sha256", "sha512", "sha3"],
  ["simd", "sm3", "sm4"],
  ["simd", "rdm"],
  ["simd", "dotprod"],
  ["simd", "fp16"],
  ["simd", "fp16", "fhm"],
  ["simd", "jscvt"],
  ["simd", "fcma"],
  ["simd", "fcma", "fp16"],
  ["simd", "frintts"],
  ["simd", "bf16"],
  ["simd", "i8mm"],
];

describe.skipIf(llvmMissing !== null)(`allocated encodings ${llvmMissing ?? ""}`, () => {
  const words = llvmMissing === null ? candidates() : new Uint32Array();
  const allocated: number[] = [];

  it("agree with LLVM, all features on", () => {
    const theirs = llvmMnemonics(words, EVERYTHING);
    const decoder = buildDecoder(FP_SIMD_ROWS);
    const differences: string[] = [];
    words.forEach((word, i) => {
      const ours = decoder.allocated(word)?.row.name ?? null;
      const mnemonic = theirs[i] ?? null;
      if (ours !== null) allocated.push(word);
      if (ours === null && mnemonic === null) return;
      if (ours !== null && mnemonic !== null && isNamed(ours, mnemonic)) return;
      differences.push(
        `${hex(word, 8)} ${ours ?? "unallocated"}, LLVM ${mnemonic ?? "unallocated"}`,
      );
    });
    expect(differences).toEqual([]);
    expect(allocated.length).toBeGreaterThan(90_000);
  });

  it.each(SETS.map((set) => ({ name: `fp ${set.join(" ")}`, set: ["fp", ...set] as const })))(
    "agree with LLVM: $name",
    ({ set }) => {
      const features = new Set<Feature>(["base", ...set]);
      const decoder = buildDecoder(FP_SIMD_ROWS, features);
      const some = allocated.filter((_, i) => i % 4 === SEED % 4);
      const theirs = llvmMnemonics(
        Uint32Array.from(some),
        set.map((name) => LLVM_FP_FEATURES[name]),
      );
      const differences = some.flatMap((word, i) => {
        const ours = decoder.allocated(word) !== null;
        if (ours === (theirs[i] !== null)) return [];
        return [`${hex(word, 8)} ${decoder.decode(word)?.name ?? ""}: ${ours ? "ours" : "LLVM's"}`];
      });
      expect(differences).toEqual([]);
    },
  );
});
