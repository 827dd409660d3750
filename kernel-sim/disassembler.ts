import { hex } from "../emulator/arch/hex.js";

/** The little of capstone-wasm that is used here. */
interface Disassembler {
  disasm(
    bytes: Uint8Array,
    options: { address: bigint; count: number },
  ): readonly { readonly mnemonic: string; readonly opStr: string }[];
}

let capstone: Disassembler | null = null;

/**
 * Load the disassembler: after this, crash reports show instructions instead of raw words. Its
 * absence is no error.
 */
export async function prepareDisassembler(): Promise<void> {
  if (capstone !== null) return;
  const module = await import("capstone-wasm");
  await module.loadCapstone();
  const { Capstone, Const } = module;
  capstone = new Capstone(Const.CS_ARCH_ARM64, Const.CS_MODE_LITTLE_ENDIAN);
}

/** The first instruction in `bytes`, or null: capstone throws where there is none. */
function decode(bytes: Uint8Array, address: bigint): { mnemonic: string; opStr: string } | null {
  try {
    return capstone?.disasm(bytes, { address, count: 1 })[0] ?? null;
  } catch {
    return null;
  }
}

/**
 * An instruction word as assembly text, or as ".word 0x..." when it is none or nothing can tell.
 * @param pc address of the instruction, for branch targets
 */
export function disassemble(word: number, pc: bigint): string {
  const bytes = new Uint8Array(new Uint32Array([word]).buffer);
  const insn = decode(bytes, BigInt.asUintN(64, pc));
  if (insn === null) return word >>> 16 === 0 ? `udf #${word}` : `.word ${hex(word >>> 0, 8)}`;
  return insn.opStr === "" ? insn.mnemonic : `${insn.mnemonic} ${insn.opStr}`;
}
