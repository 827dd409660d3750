import { bit, field, getField, layout } from "../arch/bits.js";
import {
  EC_BREAKPOINT_SAME,
  EC_STEP_SAME,
  EC_WATCHPOINT_SAME,
  FSC_DEBUG,
  dataAbortIss,
  makeEsr,
} from "../arch/esr.js";
import { sysregSlot } from "../arch/sysreg.js";
import type { CpuState } from "./state.js";
import { PSTATE_D, PSTATE_SS } from "./state-layout.js";

/**
 * Self-hosted debug (Arm ARM D2): software step, breakpoints and watchpoints, taken to EL1. While none is armed nothing
 * is looked at; while one can come, instructions run one by one.
 */

const MDSCR = sysregSlot("MDSCR_EL1");
const OSLSR = sysregSlot("OSLSR_EL1");
const OSDLR = sysregSlot("OSDLR_EL1");
const CONTEXTIDR = sysregSlot("CONTEXTIDR_EL1");
const Mdscr = layout({ ss: bit(0), kde: bit(13), mde: bit(15) });
const OSLSR_OSLK = 1 << 1;

const Control = layout({
  e: bit(0),
  el1: bit(1),
  el0: bit(2),
  ssc: field(15, 14),
  lbn: field(19, 16),
});
const BreakpointControl = layout({ bas: field(8, 5), bt: field(23, 20) });
const WatchpointControl = layout({
  loads: bit(3),
  stores: bit(4),
  bas: field(12, 5),
  linked: bit(20),
  mask: field(28, 24),
});
/** Breakpoint types: what is compared. The lowest bit: as the other half of a link. */
const BT_ADDRESS = 0;
const BT_ADDRESS_LINKED = 1;
const BT_CONTEXT = 2;
const BT_CONTEXT_LINKED = 3;
const SSC_SECURE_ONLY = 2;

const BREAKPOINTS = [
  { control: sysregSlot("DBGBCR0_EL1"), value: sysregSlot("DBGBVR0_EL1") },
  { control: sysregSlot("DBGBCR1_EL1"), value: sysregSlot("DBGBVR1_EL1") },
] as const;
const WATCHPOINTS = [
  { control: sysregSlot("DBGWCR0_EL1"), value: sysregSlot("DBGWVR0_EL1") },
  { control: sysregSlot("DBGWCR1_EL1"), value: sysregSlot("DBGWVR1_EL1") },
] as const;

/** Address bits that are compared, in the high half: not the tag. */
const HIGH_BITS = 0x00ff_ffff;
const ISS_ISV = 1 << 24;
const ISS_EX = 1 << 6;
const ISS_WNR = 1 << 6;
/** The class of an exception from EL0 is one less than that of the same from EL1. */
const LOWER = -1;

/** LDXR, LDAXR, LDXP and LDAXP of any size. */
export function isLoadExclusive(word: number): boolean {
  return (word & 0x3fc0_0000) >>> 0 === 0x0840_0000;
}

/** PSTATE.SS after an exception return with this SPSR (Arm ARM, DebugExceptionReturnSS): a step begins or it does not. */
export function stepBitAfterReturn(cpu: CpuState, spsr: number): number {
  const mdscr = cpu.readLo(MDSCR);
  if (getField(mdscr, 0, Mdscr.ss) === 0 || isLocked(cpu)) return 0;
  const toEl = ((spsr >>> 2) & 3) === 0 ? 0 : 1;
  const begins = !isAllowed(mdscr, cpu.el, cpu.pstate) && isAllowed(mdscr, toEl, spsr);
  return begins ? spsr & (1 << PSTATE_SS) : 0;
}

function isLocked(cpu: CpuState): boolean {
  return (cpu.readLo(OSLSR) & OSLSR_OSLK) !== 0 || (cpu.readLo(OSDLR) & 1) !== 0;
}

/** Whether debug exceptions are taken from an exception level (Arm ARM, AArch64.GenerateDebugExceptionsFrom). */
function isAllowed(mdscr: number, el: 0 | 1, pstate: number): boolean {
  return el === 0 || (getField(mdscr, 0, Mdscr.kde) === 1 && (pstate & PSTATE_D) === 0);
}

/** A watchpoint that an access hit. */
export interface WatchpointHit {
  readonly esr: number;
  /** First watched byte of the access. */
  readonly lo: number;
  readonly hi: number;
}

export class Debug {
  readonly #cpu: CpuState;
  /** Something is set up that may give a debug exception. */
  isArmed = false;
  #steps = false;
  #breaks = false;
  #watches = false;
  /** ISS of the step exception that is due: what is known of the instruction stepped. */
  #stepIss = 0;

  constructor(cpu: CpuState) {
    this.#cpu = cpu;
  }

  /** Debug registers may have changed. */
  refresh(): void {
    const cpu = this.#cpu;
    const mdscr = cpu.readLo(MDSCR);
    const isOpen = !isLocked(cpu);
    const mde = isOpen && getField(mdscr, 0, Mdscr.mde) === 1;
    const isOn = (unit: { readonly control: number }): boolean =>
      this.#field(unit, Control.e) === 1;
    this.#steps = isOpen && getField(mdscr, 0, Mdscr.ss) === 1;
    this.#breaks = mde && BREAKPOINTS.some(isOn);
    this.#watches = mde && WATCHPOINTS.some(isOn);
    this.isArmed = this.#steps || this.#breaks || this.#watches;
  }

  /** Whether the next instruction may give a debug exception. */
  isLive(): boolean {
    const { el, pstate } = this.#cpu;
    return this.isArmed && isAllowed(this.#cpu.readLo(MDSCR), el, pstate);
  }

  /** Data accesses have to be looked at. */
  get watches(): boolean {
    return this.#watches;
  }

  #field(unit: { readonly control: number }, of: Parameters<typeof getField>[2]): number {
    return getField(this.#cpu.readLo(unit.control), 0, of);
  }

  // Software step

  /** ESR of the step exception that comes instead of the next instruction, or null. Debug exceptions are live. */
  stepDue(): number | null {
    if (!this.#steps || (this.#cpu.pstate & (1 << PSTATE_SS)) !== 0) return null;
    const iss = this.#stepIss;
    this.#stepIss = 0;
    return this.#esr(EC_STEP_SAME, iss | FSC_DEBUG);
  }

  /** An instruction has been executed while debug exceptions were live: it was the step, if one was going on. */
  stepped(word: number): void {
    const { pstate } = this.#cpu;
    if (!this.#steps || (pstate & (1 << PSTATE_SS)) === 0) return;
    this.#cpu.pstate = (pstate & ~(1 << PSTATE_SS)) >>> 0;
    this.#stepIss = ISS_ISV | (isLoadExclusive(word) ? ISS_EX : 0);
  }

  /** Another exception comes first: when the step's turn comes, nothing is known of an instruction. */
  interrupted(): void {
    this.#stepIss = 0;
  }

  #esr(sameClass: number, iss: number): number {
    return makeEsr(this.#cpu.el === 0 ? sameClass + LOWER : sameClass, iss);
  }

  // Breakpoints

  /** ESR of the breakpoint exception for an instruction at an address, or null. Debug exceptions are live. */
  breakpointAt(lo: number, hi: number): number | null {
    if (!this.#breaks) return null;
    const isHit = BREAKPOINTS.some((unit) => {
      if (this.#field(unit, Control.e) === 0 || !this.#isForEl(unit, this.#cpu.el)) return false;
      switch (this.#field(unit, BreakpointControl.bt)) {
        case BT_ADDRESS:
          return this.#isAddress(unit, lo, hi);
        case BT_ADDRESS_LINKED:
          return this.#isAddress(unit, lo, hi) && this.#isLinkedContext(unit);
        case BT_CONTEXT:
          return this.#isContext(unit);
        default:
          return false;
      }
    });
    return isHit ? this.#esr(EC_BREAKPOINT_SAME, FSC_DEBUG) : null;
  }

  #isForEl(unit: { readonly control: number }, el: 0 | 1): boolean {
    if (this.#field(unit, Control.ssc) === SSC_SECURE_ONLY) return false;
    return this.#field(unit, el === 0 ? Control.el0 : Control.el1) === 1;
  }

  #isAddress(unit: (typeof BREAKPOINTS)[number], lo: number, hi: number): boolean {
    if (this.#field(unit, BreakpointControl.bas) === 0) return false;
    const isHigh = ((this.#cpu.readHi(unit.value) ^ hi) & HIGH_BITS) === 0;
    return isHigh && ((this.#cpu.readLo(unit.value) ^ lo) & ~3) === 0;
  }

  #isContext(unit: (typeof BREAKPOINTS)[number]): boolean {
    return this.#cpu.readLo(unit.value) === this.#cpu.readLo(CONTEXTIDR);
  }

  /** The context breakpoint that a breakpoint or watchpoint names. */
  #isLinkedContext(unit: { readonly control: number }): boolean {
    const other = BREAKPOINTS[this.#field(unit, Control.lbn)];
    if (other === undefined || this.#field(other, Control.e) === 0) return false;
    return this.#field(other, BreakpointControl.bt) === BT_CONTEXT_LINKED && this.#isContext(other);
  }

  // Watchpoints

  /**
   * The watchpoint that an access hits, or null. Debug exceptions are live.
   * @param el whose access it is: EL0's for LDTR and STTR
   */
  watchpointAt(
    lo: number,
    hi: number,
    bytes: number,
    isWrite: boolean,
    el: 0 | 1,
  ): WatchpointHit | null {
    if (!this.#watches) return null;
    for (const unit of WATCHPOINTS) {
      const at = this.#watchedByte(unit, lo, hi, bytes, isWrite, el);
      if (at === null) continue;
      const esr = this.#esr(
        EC_WATCHPOINT_SAME,
        dataAbortIss(FSC_DEBUG, false) | (isWrite ? ISS_WNR : 0),
      );
      const address = (lo >>> 0) + at;
      return { esr, lo: address | 0, hi: address >= 2 ** 32 ? (hi + 1) | 0 : hi };
    }
    return null;
  }

  /** Offset in the access of the first byte that a unit watches, or null. */
  #watchedByte(
    unit: (typeof WATCHPOINTS)[number],
    lo: number,
    hi: number,
    bytes: number,
    isWrite: boolean,
    el: 0 | 1,
  ): number | null {
    if (this.#field(unit, Control.e) === 0 || !this.#isForEl(unit, el)) return null;
    const wanted = isWrite ? WatchpointControl.stores : WatchpointControl.loads;
    if (this.#field(unit, wanted) === 0) return null;
    if (this.#field(unit, WatchpointControl.linked) === 1 && !this.#isLinkedContext(unit))
      return null;
    const valueLo = this.#cpu.readLo(unit.value);
    const valueHi = this.#cpu.readHi(unit.value);
    const maskBits = this.#field(unit, WatchpointControl.mask);
    for (let i = 0; i < bytes; i++) {
      const address = (lo >>> 0) + i;
      const high = address >= 2 ** 32 ? hi + 1 : hi;
      if (((high ^ valueHi) & HIGH_BITS) !== 0) continue;
      // A mask names an aligned range; otherwise BAS selects bytes of the doubleword, or of the word at bit 2.
      const difference = ((address | 0) ^ valueLo) >>> 0;
      if (maskBits >= 3) {
        if (difference >>> (maskBits === 31 ? 31 : maskBits) === 0) return i;
        continue;
      }
      const offset = ((address | 0) - (valueLo & ~3)) | 0;
      if (offset < 0 || offset > 7 || ((valueLo & 4) !== 0 && offset > 3)) continue;
      if (((this.#field(unit, WatchpointControl.bas) >>> offset) & 1) === 1) return i;
    }
    return null;
  }
}
