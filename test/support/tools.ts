import { spawnSync } from "node:child_process";

/** Debian's package of each program that tests use. */
const PACKAGES = {
  "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu",
  "clang-19": "clang-19",
  dtc: "device-tree-compiler",
  "ld.lld-19": "lld-19",
  "llvm-mc-19": "llvm-19",
  "llvm-nm-19": "llvm-19",
  "llvm-objcopy-19": "llvm-19",
  "llvm-objdump-19": "llvm-19",
  "qemu-aarch64": "qemu-user",
  "qemu-system-aarch64": "qemu-system-arm",
  "wasm-ld-19": "lld-19",
} as const;
export type Tool = keyof typeof PACKAGES;

/** Why something is skipped: what is missing, and the Debian package that has it. */
export function notInstalled(what: string, debianPackage: string): string {
  return `(skipped: ${what} is not installed; Debian: ${debianPackage})`;
}

const found = new Map<Tool, boolean>();

function isInstalled(tool: Tool): boolean {
  let is = found.get(tool);
  if (is === undefined) {
    is = spawnSync(tool, ["--version"]).status === 0;
    found.set(tool, is);
  }
  return is;
}

/** The first of some programs that is not installed, as the reason to skip a test, or null. */
export function toolMissing(...tools: readonly Tool[]): string | null {
  const missing = tools.find((tool) => !isInstalled(tool));
  return missing === undefined ? null : notInstalled(missing, PACKAGES[missing]);
}
