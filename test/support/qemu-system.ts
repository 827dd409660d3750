import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolMissing } from "./tools.js";

/**
 * The outside judge of what only EL1 can do: qemu-system-aarch64 running a bare-metal program (QEMU's "virt" board,
 * EL1, translation off). Tests skip, saying why, where it or the assembler is not installed.
 */
const QEMU = "qemu-system-aarch64";
const MC = "llvm-mc-19";
const OBJCOPY = "llvm-objcopy-19";

/** Why there is no judge here, or null if there is one. */
export const qemuSystemMissing = toolMissing(QEMU, MC, OBJCOPY);

/** Where programs are put, and their data. */
export const PROGRAM_ADDRESS = 0x4010_0000;
export const DATA_ADDRESS = 0x4020_0000;

/**
 * What ends a program on QEMU: semihosting calls that write `bytes` from DATA_ADDRESS to standard output and exit. The
 * first of them is an HLT, which elsewhere is UNDEFINED.
 */
function epilogue(bytes: number): string {
  return `
    adr x1, open_block
    adr x2, name
    str x2, [x1]
    mov x0, #1
    hlt #0xf000
    adr x1, write_block
    str x0, [x1]
    mov x0, #5
    hlt #0xf000
    adr x1, exit_block
    mov x0, #0x18
    hlt #0xf000
    b .
    .balign 8
  open_block: .quad 0, 4, 3
  write_block: .quad 0, ${DATA_ADDRESS}, ${bytes}
  exit_block: .quad 0x20026, 0
  name: .asciz ":tt"
  `;
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "machvm-bare-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Assemble a position-independent program whose end writes `bytes` of its data out. */
export function assembleBareMetal(source: string, bytes: number): Uint8Array {
  return inFolder((folder) => {
    const [text, object, flat] = ["a.s", "a.o", "a.bin"].map((name) => join(folder, name));
    writeFileSync(text!, source + epilogue(bytes));
    const options = ["-triple=aarch64", "-mattr=+v8.6a,+rand", "-filetype=obj"];
    execFileSync(MC, [...options, text!, "-o", object!]);
    execFileSync(OBJCOPY, ["-O", "binary", "-j", ".text", object!, flat!]);
    return new Uint8Array(readFileSync(flat!));
  });
}

/** Run a program on its data. @returns the data afterwards */
export function runBareMetal(program: Uint8Array, data: Uint8Array): Uint8Array {
  return inFolder((folder) => {
    const code = join(folder, "code.bin");
    const input = join(folder, "data.bin");
    writeFileSync(code, program);
    writeFileSync(input, data);
    const load = (file: string, at: number): string[] => {
      return ["-device", `loader,file=${file},addr=${at},force-raw=on`];
    };
    const result = spawnSync(
      QEMU,
      [
        ...["-M", "virt", "-cpu", "max", "-m", "64", "-display", "none", "-monitor", "none"],
        ...["-serial", "none", "-nic", "none", "-semihosting-config", "enable=on,target=native"],
        ...load(code, PROGRAM_ADDRESS),
        ...load(input, DATA_ADDRESS),
        ...["-device", `loader,addr=${PROGRAM_ADDRESS},cpu-num=0`],
      ],
      { maxBuffer: 1 << 28, timeout: 60_000 },
    );
    if (result.error !== undefined) throw result.error;
    if (result.status !== 0 || result.stdout.length !== data.length) {
      throw new Error(`${QEMU}: ${result.status ?? "killed"}, ${result.stderr.toString()}`);
    }
    return new Uint8Array(result.stdout);
  });
}
