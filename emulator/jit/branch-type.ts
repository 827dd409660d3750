import { EC_BTI, makeEsr } from "../arch/esr.js";
import { OFF_BRANCH_TYPE, OFF_EXIT_ARG, PSTATE_BTYPE } from "../cpu/state-layout.js";
import type { CpuState } from "../cpu/state.js";
import { isLandingPad } from "../isa/branch-target.js";
import type { Mode } from "../isa/emitter.js";
import type { Body, Local } from "../wasm/builder.js";

/**
 * PSTATE.BTYPE (FEAT_BTI) without a price for every instruction: an indirect branch notes its type with
 * the budget as it is then, and the note holds as long as the budget has not changed.
 */

const TYPE_AT = OFF_BRANCH_TYPE + 4;
const BTYPE_BITS = 3 << PSTATE_BTYPE;

/** Note the type that an indirect branch leaves, not 0. */
export function emitBranchType(w: Body, budget: Local, type: number): void {
  w.i32_const(0);
  w.local_get(budget);
  w.i64_extend_i32_u();
  w.i64_const(0, type);
  w.i64_or();
  w.i64_store(OFF_BRANCH_TYPE);
}

/**
 * At the entry of a region in a guarded page: if an indirect branch came here that its first instruction does not
 * accept, put the ESR in OFF_EXIT_ARG and leave.
 */
export function emitLandingCheck(
  w: Body,
  mode: Mode,
  budget: Local,
  word: number,
  leave: () => void,
): void {
  let refused = 0;
  for (const type of [1, 2, 3]) {
    if (!isLandingPad(word, type, mode.strictLanding)) refused |= 1 << type;
  }
  if (refused === 0) return;
  w.i32_const(0);
  w.i32_load(OFF_BRANCH_TYPE);
  w.local_get(budget);
  w.i32_eq();
  w.i32_const(refused);
  w.i32_const(0);
  w.i32_load(TYPE_AT);
  w.i32_shr_u();
  w.i32_and();
  const bad = w.unlikely().if_();
  w.i32_const(0);
  w.i32_const(makeEsr(EC_BTI, 0) | 0);
  w.i32_const(0);
  w.i32_load(TYPE_AT);
  w.i32_or();
  w.i32_store(OFF_EXIT_ARG);
  leave();
  w.end(bad);
}

/**
 * An instruction that was counted takes an exception (SVC, HVC, SMC), and PSTATE.BTYPE is still what it was before it:
 * if the note held then, let it hold now.
 */
export function emitKeepBranchType(w: Body, budget: Local): void {
  w.i32_const(0);
  w.i32_load(OFF_BRANCH_TYPE);
  w.local_get(budget);
  w.i32_const(1);
  w.i32_add();
  w.i32_eq();
  const held = w.if_();
  w.i32_const(0);
  w.local_get(budget);
  w.i32_store(OFF_BRANCH_TYPE);
  w.end(held);
}

/** Before code runs with `budget`: move BTYPE out of PSTATE. */
export function armBranchType(cpu: CpuState, i32: Int32Array, budget: number): void {
  const { pstate } = cpu;
  i32[OFF_BRANCH_TYPE / 4] = budget;
  i32[TYPE_AT / 4] = (pstate & BTYPE_BITS) >>> PSTATE_BTYPE;
  cpu.pstate = (pstate & ~BTYPE_BITS) >>> 0;
}

/** After it has run and `budget` is left: put BTYPE back, unless an exception return has set it meanwhile. */
export function settleBranchType(cpu: CpuState, i32: Int32Array, budget: number): void {
  if (i32[OFF_BRANCH_TYPE / 4] !== budget) return;
  cpu.pstate = (cpu.pstate | (i32[TYPE_AT / 4]! << PSTATE_BTYPE)) >>> 0;
}
