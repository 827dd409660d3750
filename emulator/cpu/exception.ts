import { sysregSlot } from "../arch/sysreg.js";
import { normalizePc } from "./branch-address.js";
import { stepBitAfterReturn } from "./debug.js";
import type { CpuState } from "./state.js";
import {
  PSTATE_BTYPE,
  PSTATE_DAIF,
  PSTATE_EL,
  PSTATE_IL,
  PSTATE_PAN,
  PSTATE_SP,
  PSTATE_SS,
  PSTATE_SSBS,
  PSTATE_UAO,
} from "./state-layout.js";

/** Which of the four entries of a vector group (Arm ARM D1.3.1). */
export type Vector = "sync" | "irq" | "fiq" | "serror";

const VECTOR_OFFSET: Readonly<Record<Vector, number>> = {
  sync: 0x000,
  irq: 0x080,
  fiq: 0x100,
  serror: 0x180,
};

const SLOT = {
  elr: sysregSlot("ELR_EL1"),
  spsr: sysregSlot("SPSR_EL1"),
  esr: sysregSlot("ESR_EL1"),
  far: sysregSlot("FAR_EL1"),
  vbar: sysregSlot("VBAR_EL1"),
  sctlr: sysregSlot("SCTLR_EL1"),
} as const;
const SCTLR_SPAN = 1 << 23;
/** In the high half. */
const SCTLR_DSSBS = 1 << 12;

/** What an exception clears: SS, IL, the old EL, BTYPE, UAO; SSBS unless SCTLR_EL1.DSSBS. */
const CLEARED =
  (1 << PSTATE_SS) |
  (1 << PSTATE_IL) |
  (3 << PSTATE_EL) |
  (3 << PSTATE_BTYPE) |
  (1 << PSTATE_UAO) |
  (1 << PSTATE_SSBS);

/** An exception about to be taken to EL1. */
export interface Exception {
  readonly vector: Vector;
  /** ESR_EL1; interrupts leave it as it is. */
  readonly esr: number;
  /** FAR_EL1 as halves, or null when the class leaves it alone. */
  readonly far: { readonly lo: number; readonly hi: number } | null;
}

/**
 * Take an exception to EL1 from the current state (Arm ARM, AArch64.TakeException). The PC in the
 * state block is the preferred return address.
 * @param jump go to the vector; otherwise the PC stays, for an embedder that plays EL1 itself
 */
export function takeException(cpu: CpuState, exception: Exception, jump: boolean): void {
  const pstate = cpu.pstate;
  const fromEl0 = cpu.el === 0;
  const usedSpEl0 = (pstate & (1 << PSTATE_SP)) === 0;
  cpu.writeSlot(SLOT.elr, cpu.pcLo, cpu.pcHi);
  cpu.writeSlot(SLOT.spsr, (cpu.nzcv | (pstate & 0x0fff_ffff)) & cpu.spsrBits, 0);
  if (exception.vector !== "irq" && exception.vector !== "fiq")
    cpu.writeSlot(SLOT.esr, exception.esr, 0);
  if (exception.far !== null) cpu.writeSlot(SLOT.far, exception.far.lo, exception.far.hi);
  const { features } = cpu.config.model;
  let next = (pstate & ~CLEARED) >>> 0;
  next |= (0xf << PSTATE_DAIF) | (1 << PSTATE_EL) | (1 << PSTATE_SP);
  if (features.has("pan") && (cpu.readLo(SLOT.sctlr) & SCTLR_SPAN) === 0) next |= 1 << PSTATE_PAN;
  if (features.has("ssbs") && (cpu.readHi(SLOT.sctlr) & SCTLR_DSSBS) !== 0) {
    next |= 1 << PSTATE_SSBS;
  }
  cpu.pstate = next >>> 0;
  cpu.clearExclusive();
  if (!jump) return;
  const group = fromEl0 ? 0x400 : usedSpEl0 ? 0x000 : 0x200;
  const vbar = cpu.sysreg("VBAR_EL1");
  cpu.pc = vbar + BigInt(group + VECTOR_OFFSET[exception.vector]);
}

/** What a legal return takes from SPSR_EL1, besides the flags: SS follows rules of its own. */
const RESTORED = 0x0fff_ffff & ~(1 << PSTATE_SS);
/** What an illegal return still takes from SPSR_EL1, besides the flags. */
const ALWAYS_RESTORED = (0xf << PSTATE_DAIF) | (1 << PSTATE_PAN);

/**
 * Return from EL1 (Arm ARM, AArch64.ExceptionReturn): PSTATE from SPSR_EL1, PC from ELR_EL1 or, for ERETAA
 * and ERETAB, an authenticated copy of it. A mode this machine does not have (AArch32, EL2, EL3, EL0
 * with SP_EL1) is an illegal return: PSTATE.IL is set, EL and SP stay, so do the bits the manual
 * calls UNKNOWN (UAO, DIT, SSBS, BTYPE), and the next instruction takes an Illegal Execution State exception.
 */
export function exceptionReturn(cpu: CpuState, target: bigint = cpu.sysreg("ELR_EL1")): void {
  const spsr = cpu.readLo(SLOT.spsr) & cpu.spsrBits;
  const mode = spsr & 0x1f;
  const legal = mode === 0 || mode === 4 || mode === 5;
  const ss = stepBitAfterReturn(cpu, spsr);
  cpu.nzcv = spsr & 0xf000_0000;
  cpu.pstate = legal
    ? (spsr & RESTORED) | ss
    : (cpu.pstate & ~ALWAYS_RESTORED) | (spsr & ALWAYS_RESTORED) | (1 << PSTATE_IL) | ss;
  cpu.pc = target;
  normalizePc(cpu);
  cpu.clearExclusive();
}
