import { EC_SYSTEM_TRAP } from "../arch/esr.js";
import { sysregSlot, type SysregName } from "../arch/sysreg.js";
import { OFF_SYSREG } from "../cpu/state-layout.js";
import type { CpuState } from "../cpu/state.js";
import type { Mmu } from "../mmu/mmu.js";
import type { Emitter } from "./emitter.js";
import { helper, type HelperContext } from "./helpers.js";

/** What the rows of system instructions share. */

/** Helpers of system instructions see the whole machine (jit/engine.ts implements it). */
export interface SystemHelperContext extends HelperContext {
  readonly cpu: CpuState;
  readonly mmu: Mmu;
  raise(esr: number, far: { readonly lo: number; readonly hi: number } | null): void;
  contextChanged(): void;
  invalidateCode(physical: number | null): void;
  /** Whether the state block has the PC and the count of the running instruction; if not it will run alone. */
  runsAlone(): boolean;
  /** A timer was set: when an interrupt is due must be worked out again. */
  timersChanged(): void;
  /** Registers of breakpoints, watchpoints or stepping were written. */
  debugChanged(): void;
  /** WFI: nothing to do before an interrupt is pending. */
  waitForInterrupt(): void;
}

const POSITION = helper("position", [], "i32", (context) =>
  (context as SystemHelperContext).runsAlone() ? 0 : 1,
);

/** What follows is told to an observer of the MMU, which wants to know where the guest is. */
export function requirePosition(e: Emitter): void {
  if (!e.mode.observed) return;
  e.callHelper(POSITION);
  e.takeRaised();
}

/** What translation or the exception level depends on has changed. */
export const CONTEXT_CHANGED = helper("contextChanged", [], null, (context) => {
  (context as SystemHelperContext).contextChanged();
  return undefined;
});

export const TIMERS_CHANGED = helper("timersChanged", [], null, (context) => {
  (context as SystemHelperContext).timersChanged();
  return undefined;
});

export const DEBUG_CHANGED = helper("debugChanged", [], null, (context) => {
  (context as SystemHelperContext).debugChanged();
  return undefined;
});

export const WAIT_FOR_INTERRUPT = helper("waitForInterrupt", [], null, (context) => {
  (context as SystemHelperContext).waitForInterrupt();
  return undefined;
});

/** Push the bits in `mask` of a system register's low half, as an i32. */
export function pushControl(e: Emitter, register: SysregName, mask: number): void {
  e.w.i32_const(0);
  e.w.i32_load(OFF_SYSREG + sysregSlot(register) * 8);
  e.w.i32_const(mask);
  e.w.i32_and();
}

/** Trap an EL0 instruction unless an SCTLR_EL1 bit is set. */
export function requireSctlr(e: Emitter, bit: number, iss: number, ec = EC_SYSTEM_TRAP): void {
  if (e.mode.el !== 0) return;
  pushControl(e, "SCTLR_EL1", bit);
  e.w.i32_eqz();
  e.exceptionIf(ec, iss);
}

/** Push an X register as two i32 halves, low first. */
export function pushHalves(e: Emitter, rt: number): void {
  e.getW(rt);
  e.getX(rt);
  e.w.i64_const(32, 0);
  e.w.i64_shr_u();
  e.w.i32_wrap_i64();
}
