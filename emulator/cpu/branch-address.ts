import { maskHi } from "../arch/bits.js";
import { sysregSlot } from "../arch/sysreg.js";
import { Tcr } from "../arch/translation-control.js";
import type { CpuState } from "./state.js";

/**
 * How the top byte of an address counts, by TCR_EL1 (Arm ARM, EffectiveTBI and AddrTop). Independent of
 * whether translation is on.
 */
const TCR = sysregSlot("TCR_EL1");
const TBI0 = maskHi(Tcr.tbi0);
const TBI1 = maskHi(Tcr.tbi1);
const TBID0 = maskHi(Tcr.tbid0);
const TBID1 = maskHi(Tcr.tbid1);

/** Whether the top byte of an address of the upper or lower half is ignored. TBID exempts instructions. */
export function topByteIgnored(cpu: CpuState, isUpper: boolean, isInstruction: boolean): boolean {
  const tcrHi = cpu.readHi(TCR);
  if ((tcrHi & (isUpper ? TBI1 : TBI0)) === 0) return false;
  return !isInstruction || (tcrHi & (isUpper ? TBID1 : TBID0)) === 0;
}

/**
 * Where a branch to the address in the PC arrives: where the top byte is ignored it becomes copies of bit 55
 * (Arm ARM, AArch64.BranchAddr).
 */
export function normalizePc(cpu: CpuState): void {
  const hi = cpu.pcHi;
  const top = hi >> 24;
  const isUpper = (hi & (1 << 23)) !== 0;
  if (top === (isUpper ? -1 : 0) || !topByteIgnored(cpu, isUpper, true)) return;
  cpu.pcHi = (hi << 8) >> 8;
}
