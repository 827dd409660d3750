import { sysregSlot } from "../../arch/sysreg.js";
import { topByteIgnored } from "../branch-address.js";
import type { CpuState } from "../state.js";
import { qarma, type Word } from "./qarma.js";

/**
 * Pointer authentication codes (FEAT_PAuth with QARMA5; neither EnhancedPAC nor FPAC): where the code stands in a
 * pointer and how it is made and checked. Arm ARM, AddPAC, Auth, Strip and CalculateBottomPACBit.
 */

/** Instruction keys A and B, data keys A and B. */
export type PacKey = "IA" | "IB" | "DA" | "DB";

const KEY_SLOTS = {
  IA: [sysregSlot("APIAKeyHi_EL1"), sysregSlot("APIAKeyLo_EL1")],
  IB: [sysregSlot("APIBKeyHi_EL1"), sysregSlot("APIBKeyLo_EL1")],
  DA: [sysregSlot("APDAKeyHi_EL1"), sysregSlot("APDAKeyLo_EL1")],
  DB: [sysregSlot("APDBKeyHi_EL1"), sysregSlot("APDBKeyLo_EL1")],
  GA: [sysregSlot("APGAKeyHi_EL1"), sysregSlot("APGAKeyLo_EL1")],
} as const;
const TCR = sysregSlot("TCR_EL1");

function compute(cpu: CpuState, data: Word, modifier: Word, key: keyof typeof KEY_SLOTS): Word {
  const [high, low] = KEY_SLOTS[key];
  const whitening = { hi: cpu.readHi(high), lo: cpu.readLo(high) };
  return qarma(data, modifier, whitening, { hi: cpu.readHi(low), lo: cpu.readLo(low) });
}

function isData(key: PacKey): boolean {
  return key.startsWith("D");
}

/** Lowest bit of the code: the size of the half of the address space, 16 <= TxSZ <= 39. */
function bottomBit(cpu: CpuState, isUpper: boolean): number {
  const tcr = cpu.readLo(TCR);
  const txsz = (isUpper ? tcr >>> 16 : tcr) & 0x3f;
  return 64 - Math.min(Math.max(txsz, 16), 39);
}

/** The extension bits: from `bottom` (25 to 48) up to bit 63, or to bit 55 if there is a tag byte. */
function extensionMask(bottom: number, hasTag: boolean): Word {
  const top = hasTag ? 0x00ff_ffff : -1;
  if (bottom < 32) return { hi: top, lo: -1 << bottom };
  return { hi: (-1 << (bottom - 32)) & top, lo: 0 };
}

const BIT_55 = 1 << 23;

/** The pointer with its extension bits all ones (`isUpper`) or all zeroes. */
function extend(pointer: Word, mask: Word, isUpper: boolean): Word {
  return isUpper
    ? { hi: pointer.hi | mask.hi, lo: pointer.lo | mask.lo }
    : { hi: pointer.hi & ~mask.hi, lo: pointer.lo & ~mask.lo };
}

/** Whether two words agree on every bit of the mask. */
function agree(a: Word, b: Word, mask: Word): boolean {
  return ((a.hi ^ b.hi) & mask.hi) === 0 && ((a.lo ^ b.lo) & mask.lo) === 0;
}

/** Sign a pointer: PACIA, PACIB, PACDA, PACDB. */
export function addPac(cpu: CpuState, pointer: Word, modifier: Word, key: PacKey): Word {
  const isInstruction = !isData(key);
  const hasTags =
    topByteIgnored(cpu, true, isInstruction) || topByteIgnored(cpu, false, isInstruction);
  // Which half the pointer belongs to: bit 55 where a tag may hide bit 63.
  const isUpper = (pointer.hi & (hasTags ? BIT_55 : 1 << 31)) !== 0;
  const tag = topByteIgnored(cpu, (pointer.hi & BIT_55) !== 0, isInstruction);
  const mask = extensionMask(bottomBit(cpu, isUpper), tag);
  const code = compute(cpu, extend(pointer, mask, isUpper), modifier, key);
  const isCanonical =
    agree(pointer, extend(pointer, mask, false), mask) ||
    agree(pointer, extend(pointer, mask, true), mask);
  // A pointer that was not canonical gets a code that will not authenticate.
  const codeHi = isCanonical ? code.hi : code.hi ^ (1 << ((tag ? 54 : 62) - 32));
  const hi = (pointer.hi & ~mask.hi) | (codeHi & mask.hi & ~BIT_55) | (isUpper ? BIT_55 : 0);
  return { hi, lo: (pointer.lo & ~mask.lo) | (code.lo & mask.lo) };
}

/** Check a signed pointer: AUTIA, AUTIB, AUTDA, AUTDB. A wrong code gives a pointer that faults. */
export function authenticate(cpu: CpuState, pointer: Word, modifier: Word, key: PacKey): Word {
  const isUpper = (pointer.hi & BIT_55) !== 0;
  const tag = topByteIgnored(cpu, isUpper, !isData(key));
  const mask = extensionMask(bottomBit(cpu, isUpper), tag);
  const original = extend(pointer, mask, isUpper);
  const code = compute(cpu, original, modifier, key);
  if (agree(code, pointer, { hi: mask.hi & ~BIT_55, lo: mask.lo })) return original;
  const error = key.endsWith("B") ? 2 : 1;
  const at = (tag ? 53 : 61) - 32;
  return { hi: (original.hi & ~(3 << at)) | (error << at), lo: original.lo };
}

/** Drop the code without checking it: XPACI, XPACD, XPACLRI. */
export function strip(cpu: CpuState, pointer: Word, isInstruction: boolean): Word {
  const isUpper = (pointer.hi & BIT_55) !== 0;
  const tag = topByteIgnored(cpu, isUpper, isInstruction);
  return extend(pointer, extensionMask(bottomBit(cpu, isUpper), tag), isUpper);
}

/** PACGA: the high half of the result is the code of any 64 bits. */
export function genericPac(cpu: CpuState, data: Word, modifier: Word): number {
  return compute(cpu, data, modifier, "GA").hi;
}
