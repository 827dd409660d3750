import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Feature } from "../../emulator/arch/features.js";
import { toolMissing } from "./tools.js";

/** LLVM's disassembler as the judge of what an A64 word is. */

const OBJCOPY = "llvm-objcopy-19";
const OBJDUMP = "llvm-objdump-19";

/** Why there is no judge here, or null if there is one. */
export const llvmMissing = toolMissing(OBJCOPY, OBJDUMP);

/** LLVM's names of the features that bring floating-point, SIMD and cryptographic instructions. */
export const LLVM_FP_FEATURES = {
  fp: "fp-armv8",
  simd: "neon",
  aes: "aes",
  pmull: "aes",
  sha1: "sha2",
  sha256: "sha2",
  sha512: "sha3",
  sha3: "sha3",
  sm3: "sm4",
  sm4: "sm4",
  rdm: "rdm",
  dotprod: "dotprod",
  fhm: "fp16fml",
  fp16: "fullfp16",
  jscvt: "jsconv",
  fcma: "complxnum",
  frintts: "fptoint",
  bf16: "bf16",
  i8mm: "i8mm",
} as const satisfies Partial<Record<Feature, string>>;

/**
 * The mnemonic of each word, without aliases; null where LLVM knows no instruction.
 * @param features LLVM's own names; nothing else is on
 */
export function llvmMnemonics(
  words: Uint32Array,
  features: readonly string[],
): readonly (string | null)[] {
  const folder = mkdtempSync(join(tmpdir(), "machvm-llvm-"));
  try {
    const raw = join(folder, "words.bin");
    const object = join(folder, "words.o");
    writeFileSync(raw, words);
    execFileSync(OBJCOPY, ["-I", "binary", "-O", "elf64-littleaarch64", raw, object]);
    const attributes = `--mattr=-all${features.map((f) => `,+${f}`).join("")}`;
    const options = ["-D", "-z", "-j", ".data", "-M", "no-aliases", "--triple=aarch64", attributes];
    const text = execFileSync(OBJDUMP, [...options, object], { maxBuffer: 1 << 28 }).toString();
    const out: (string | null)[] = [];
    for (const [, mnemonic = ""] of text.matchAll(/^ *[0-9a-f]+: [0-9a-f]{8}\s+(\S+)/gm)) {
      out.push(mnemonic.startsWith("<unknown") ? null : mnemonic);
    }
    if (out.length !== words.length) throw new Error(`${OBJDUMP} lost count of the words`);
    return out;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
