import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolMissing } from "./tools.js";

/**
 * LLVM's assembler and linker for bare programs. Tests skip, saying why, where they are not installed: why nothing can
 * be assembled here, or null.
 */
export const assemblerMissing = toolMissing(
  "clang-19",
  "ld.lld-19",
  "llvm-objcopy-19",
  "llvm-nm-19",
);

export interface Assembled {
  readonly bytes: Uint8Array;
  /** Addresses by symbol. */
  readonly symbols: ReadonlyMap<string, number>;
}

/** Assemble and link one source file to run at an address. */
export function assemble(source: string, address: number): Assembled {
  const folder = mkdtempSync(join(tmpdir(), "machvm-assemble-"));
  try {
    const file = (name: string): string => join(folder, name);
    const target = ["--target=aarch64-none-elf", "-nostdlib", "-c"];
    execFileSync("clang-19", [...target, source, "-o", file("a.o")]);
    const text = `-Ttext=0x${address.toString(16)}`;
    execFileSync("ld.lld-19", [text, file("a.o"), "-o", file("a.elf")]);
    execFileSync("llvm-objcopy-19", ["-O", "binary", "-j", ".text", file("a.elf"), file("a.bin")]);
    const listing = execFileSync("llvm-nm-19", [file("a.elf")]).toString();
    const symbols = new Map(
      [...listing.matchAll(/^([0-9a-f]+) [tT] (\w+)$/gm)].map((m) => [m[2]!, parseInt(m[1]!, 16)]),
    );
    return { bytes: readFileSync(file("a.bin")), symbols };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
