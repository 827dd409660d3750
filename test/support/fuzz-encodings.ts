import type { Prng } from "./fp-operands.js";
import { DATA_REGISTERS } from "./fuzz-words.js";

/** Encodings that the block fuzzer puts together by hand: branches and accesses to the stack. */

/** Registers with a use of their own: a counter, the target of an indirect branch, a table, the link. */
export const RECURSION = 25;
export const TARGET = 28;
export const TABLE = 29;
export const LINK = 30;
/** Bytes of a stack frame; an access through SP stays within [16, 80). */
export const FRAME = 96;

export const B = 0x1400_0000;
export const BL = 0x9400_0000;
export const B_COND = 0x5400_0000;
export const CBZ = 0xb400_0000;
export const CBNZ = 0xb500_0000;
export const CBZ_W = 0x3400_0000;
export const TBZ = 0x3600_0000;
export const NE = 1;
export const RET = 0xd65f_0000;
export const BR = 0xd61f_0000;
export const BLR = 0xd63f_0000;
export const CLREX = 0xd503_3f5f;
export const rn = (register: number): number => register << 5;

/** A load or store through SP of X, Q, a pair or a word at an offset in [13, 80). */
export function stackAccess(rng: Prng, rt: number): number {
  const q = 16 + 16 * rng.below(3);
  const x = 16 + 8 * rng.below(8);
  const other = (rt + 1) & 15;
  const words = [
    0xf940_0000 | ((x / 8) << 10), // ldr xt, [sp, #x]
    0xf900_0000 | ((x / 8) << 10), // str xt, [sp, #x]
    0x3dc0_0000 | ((q / 16) << 10), // ldr qt, [sp, #q]
    0x3d80_0000 | ((q / 16) << 10), // str qt, [sp, #q]
    0xa940_0000 | ((q / 8) << 15) | (other << 10), // ldp
    0xa900_0000 | ((q / 8) << 15) | (other << 10), // stp
    0xb880_0000 | ((x - 3) << 12), // ldursw xt, [sp, #x - 3]
  ];
  return (rng.pick(words) | rn(31) | rt) >>> 0;
}

/** Six different data registers, two even ones among them (CASP wants pairs). */
export function fewRegisters(rng: Prng): number[] {
  const few = new Set([4 * rng.below(2), 8 + 4 * rng.below(2)]);
  while (few.size < 6) few.add(rng.pick(DATA_REGISTERS));
  return [...few];
}
