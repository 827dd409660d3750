import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolMissing } from "./tools.js";

/**
 * LLVM's AArch64 disassembler, for a great many words at once: an object file of nothing but them, and one
 * line of text for each. Tests skip, saying why, where it is not installed.
 */
const OBJCOPY = "llvm-objcopy-19";
const OBJDUMP = "llvm-objdump-19";

/** Why there is no judge here, or null if there is one. */
export const llvmMissing = toolMissing(OBJCOPY, OBJDUMP);

/**
 * @param attributes LLVM's names of features: "+v8.6a,+aes,-lor"
 * @returns the text of each word, or null where LLVM knows no instruction
 */
export function disassemble(
  words: Uint32Array<ArrayBuffer>,
  attributes: string,
): (string | null)[] {
  const folder = mkdtempSync(join(tmpdir(), "machvm-decode-"));
  try {
    const raw = join(folder, "words.bin");
    const object = join(folder, "words.o");
    writeFileSync(raw, new Uint8Array(words.buffer));
    const format = ["-I", "binary", "-O", "elf64-littleaarch64"];
    execFileSync(OBJCOPY, [...format, "--rename-section", ".data=.text,code", raw, object]);
    const options = ["-d", "--no-leading-addr", "--triple=aarch64", `--mattr=${attributes}`];
    const text = execFileSync(OBJDUMP, [...options, object], { maxBuffer: 1 << 30 }).toString();
    const out: (string | null)[] = [];
    for (const [, word = "", line = ""] of text.matchAll(/^ *([0-9a-f]{8}) +\t?(.*)$/gm)) {
      if (parseInt(word, 16) !== words[out.length]) throw new Error(`unexpected word ${word}`);
      const asm = line.trim().replace(/\s+/g, " ");
      out.push(asm.startsWith("<unknown") ? null : asm);
    }
    if (out.length !== words.length) throw new Error(`${out.length} lines of ${words.length}`);
    return out;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
