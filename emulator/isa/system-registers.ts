import { EC_SYSTEM_TRAP, systemTrapIss } from "../arch/esr.js";
import {
  COUNTER_HZ,
  isReservedIdSpace,
  sysreg,
  sysregByKey,
  sysregSlot,
  type El0Enable,
  type Sysreg,
} from "../arch/sysreg.js";
import {
  OFF_FPCR,
  OFF_FPSR,
  OFF_FPSR_EXACT,
  OFF_PSTATE,
  OFF_SP_EL0,
  OFF_SP_EL1,
  OFF_SYSREG,
} from "../cpu/state-layout.js";
import type { CpuState } from "../cpu/state.js";
import type { Mmu } from "../mmu/mmu.js";
import type { Emitter } from "./emitter.js";
import { helper, type HelperContext } from "./helpers.js";
import { inst, type Row } from "./pattern.js";

/** MRS, MSR and the PSTATE fields (Arm ARM C5.2), by the system register table. */

/** Helpers of system instructions see the whole machine (jit/engine.ts implements it). */
export interface SystemHelperContext extends HelperContext {
  readonly cpu: CpuState;
  readonly mmu: Mmu;
  raise(esr: number, far: { readonly lo: number; readonly hi: number } | null): void;
  contextChanged(): void;
  invalidateCode(physical: number | null): void;
}

/** Nanoseconds of virtual time an instruction takes: the counter follows the instruction count. */
export const INSTRUCTIONS_PER_SECOND = 1_000_000_000;
const INSTRUCTIONS_PER_TICK = INSTRUCTIONS_PER_SECOND / COUNTER_HZ;

/** Counter value after so many instructions. */
export function counterAt(instructions: number): number {
  return Math.floor(instructions / INSTRUCTIONS_PER_TICK);
}

const SCTLR = sysregSlot("SCTLR_EL1");
const CNTKCTL = sysregSlot("CNTKCTL_EL1");
const ENABLE_BIT: Readonly<Record<El0Enable, { readonly slot: number; readonly mask: number }>> = {
  "SCTLR_EL1.UCT": { slot: SCTLR, mask: 1 << 15 },
  "SCTLR_EL1.UMA": { slot: SCTLR, mask: 1 << 9 },
  "CNTKCTL_EL1.EL0VCTEN": { slot: CNTKCTL, mask: 1 << 1 },
  "CNTKCTL_EL1.EL0PCTEN": { slot: CNTKCTL, mask: 1 << 0 },
  "CNTKCTL_EL1.EL0VCTEN|EL0PCTEN": { slot: CNTKCTL, mask: 3 },
  "CNTKCTL_EL1.EL0VTEN": { slot: CNTKCTL, mask: 1 << 8 },
  "CNTKCTL_EL1.EL0PTEN": { slot: CNTKCTL, mask: 1 << 9 },
};

const STATE_OFFSET = {
  PSTATE: OFF_PSTATE,
  FPCR: OFF_FPCR,
  FPSR: OFF_FPSR,
  SP_EL0: OFF_SP_EL0,
  SP_EL1: OFF_SP_EL1,
} as const;

/** Who may: decided when the instruction is translated, but for the EL0 enables. */
function accessible(e: Emitter, row: Sysreg, isRead: boolean): boolean {
  const level = isRead ? row.read : row.write;
  if (level === "never") return false;
  if (level === "el1" && e.mode.el === 0) return false;
  // SP_EL0 is not accessible by name while it is the stack pointer in use.
  return !(row.name === "SP_EL0" && e.mode.spSel === 0);
}

/** Trap to EL1 if the control bit for EL0's access is clear. */
function checkEnable(e: Emitter, row: Sysreg, rt: number, isRead: boolean): void {
  if (e.mode.el !== 0 || row.el0Enable === null) return;
  const { slot, mask } = ENABLE_BIT[row.el0Enable];
  const { w } = e;
  w.i32_const(0);
  w.i32_load(OFF_SYSREG + slot * 8);
  w.i32_const(mask);
  w.i32_and();
  w.i32_eqz();
  e.exceptionIf(EC_SYSTEM_TRAP, systemTrapIss(row.key, rt, isRead));
}

function emitMrs(e: Emitter, f: { key: number; rt: number }): void {
  const { w } = e;
  const key = f.key | 0x8000;
  const row = sysregByKey(key);
  if (row === null) {
    if (e.mode.el === 1 && isReservedIdSpace(key)) {
      w.i64_const(0, 0);
      e.setX(f.rt);
    } else e.undefined();
    return;
  }
  if (!accessible(e, row, true)) {
    e.undefined();
    return;
  }
  checkEnable(e, row, f.rt, true);
  const { home } = row;
  switch (home.kind) {
    case "slot":
      w.i32_const(0);
      w.i64_load(OFF_SYSREG + home.slot * 8);
      break;
    case "constant":
      w.i64_const(home.lo, home.hi);
      break;
    case "counter":
    case "timerValue":
      e.instructionCount();
      emitCounter(e);
      if (home.kind === "timerValue") {
        const now = e.popTemp("i64");
        const cval = home.counter === "virtual" ? "CNTV_CVAL_EL0" : "CNTP_CVAL_EL0";
        w.i32_const(0);
        w.i64_load(OFF_SYSREG + sysregSlot(cval) * 8);
        w.local_get(now);
        w.i64_sub();
        w.i64_const(-1, 0);
        w.i64_and();
        e.free(now);
      }
      break;
    case "state":
      if (home.word === "NZCV") {
        e.getNZCV();
        w.i64_extend_i32_u();
      } else if (home.word === "SP_EL0" || home.word === "SP_EL1") {
        w.i32_const(0);
        w.i64_load(STATE_OFFSET[home.word]);
      } else {
        w.i32_const(0);
        w.i32_load(STATE_OFFSET[home.word]);
        w.i32_const(home.mask | 0);
        w.i32_and();
        w.i64_extend_i32_u();
      }
  }
  e.setX(f.rt);
  if (key === FPSR_KEY) keepFpsrExact(e);
}

const FPSR_KEY = sysreg("FPSR").key;

/** Somebody looks at FPSR: from here on code is translated to keep its flags. */
function keepFpsrExact(e: Emitter): void {
  e.w.i32_const(0);
  e.w.i32_const(1);
  e.w.i32_store(OFF_FPSR_EXACT);
  e.leave();
}

/** Pop an instruction count, push the counter: count * 24 MHz / 1 GHz, as 3 / 125. */
function emitCounter(e: Emitter): void {
  e.w.i64_const(3, 0);
  e.w.i64_mul();
  e.w.i64_const(125, 0);
  e.w.i64_div_u();
}

const CONTEXT_CHANGED = helper("contextChanged", [], null, (context) => {
  (context as SystemHelperContext).contextChanged();
  return undefined;
});

/** Pop the i64 value for a register. */
function emitWrite(e: Emitter, row: Sysreg): void {
  const { w } = e;
  const value = e.popTemp("i64");
  const { home } = row;
  const merge64 = (offset: number): void => {
    // Bits outside the write mask keep what they have (their reset value).
    w.i32_const(0);
    w.local_get(value);
    w.i64_const(row.writeMask.lo | 0, row.writeMask.hi | 0);
    w.i64_and();
    w.i32_const(0);
    w.i64_load(offset);
    w.i64_const(~row.writeMask.lo, ~row.writeMask.hi);
    w.i64_and();
    w.i64_or();
    w.i64_store(offset);
  };
  if (home.kind === "slot") merge64(OFF_SYSREG + home.slot * 8);
  else if (home.kind === "timerValue") {
    const cval = home.counter === "virtual" ? "CNTV_CVAL_EL0" : "CNTP_CVAL_EL0";
    w.i32_const(0);
    e.instructionCount();
    emitCounter(e);
    w.local_get(value);
    w.i64_extend32_s();
    w.i64_add();
    w.i64_store(OFF_SYSREG + sysregSlot(cval) * 8);
  } else if (home.kind === "state") {
    if (home.word === "NZCV") {
      w.local_get(value);
      w.i32_wrap_i64();
      e.setNZCV();
    } else if (home.word === "SP_EL0" || home.word === "SP_EL1") {
      w.i32_const(0);
      w.local_get(value);
      w.i64_store(STATE_OFFSET[home.word]);
    } else {
      const offset = STATE_OFFSET[home.word];
      w.i32_const(0);
      w.local_get(value);
      w.i32_wrap_i64();
      w.i32_const(home.mask | 0);
      w.i32_and();
      w.i32_const(0);
      w.i32_load(offset);
      w.i32_const(~home.mask);
      w.i32_and();
      w.i32_or();
      w.i32_store(offset);
    }
  }
  e.free(value);
  finishWrite(e, row);
}

function finishWrite(e: Emitter, row: Sysreg): void {
  if (row.key === FPSR_KEY) keepFpsrExact(e);
  if (row.effect === "none") return;
  if (row.effect === "mmu" || row.effect === "pstate") e.callHelper(CONTEXT_CHANGED);
  e.leave();
}

function emitMsr(e: Emitter, f: { key: number; rt: number }): void {
  const row = sysregByKey(f.key | 0x8000);
  if (row === null || !accessible(e, row, false)) {
    e.undefined();
    return;
  }
  checkEnable(e, row, f.rt, false);
  e.getX(f.rt);
  emitWrite(e, row);
}

/** MSR (immediate): op1:op2 names the field. */
const PSTATE_FIELDS: ReadonlyMap<number, { name: string; mask: number; shift: number }> = new Map([
  [0b000_101, { name: "SPSel", mask: 1, shift: 0 }],
  [0b011_110, { name: "DAIFSet", mask: 0xf, shift: 6 }],
  [0b011_111, { name: "DAIFClr", mask: 0xf, shift: 6 }],
  [0b000_100, { name: "PAN", mask: 1, shift: 22 }],
  [0b000_011, { name: "UAO", mask: 1, shift: 23 }],
]);

function emitMsrImmediate(e: Emitter, f: { op1: number; crm: number; op2: number }): void {
  const { w } = e;
  const field = PSTATE_FIELDS.get((f.op1 << 3) | f.op2);
  if (field === undefined) {
    e.undefined();
    return;
  }
  const isDaif = field.name.startsWith("DAIF");
  if (e.mode.el === 0) {
    if (!isDaif) {
      e.undefined();
      return;
    }
    const daif = sysreg("DAIF");
    checkEnable(
      e,
      { ...daif, key: (0b00 << 14) | (f.op1 << 11) | (4 << 7) | (f.crm << 3) | f.op2 },
      31,
      false,
    );
  }
  w.i32_const(0);
  w.i32_const(0);
  w.i32_load(OFF_PSTATE);
  const bits = (f.crm & field.mask) << field.shift;
  if (field.name === "DAIFSet") {
    w.i32_const(bits);
    w.i32_or();
  } else {
    const cleared = field.name === "DAIFClr" ? bits : field.mask << field.shift;
    w.i32_const(~cleared);
    w.i32_and();
    if (!isDaif) {
      w.i32_const(bits);
      w.i32_or();
    }
  }
  w.i32_store(OFF_PSTATE);
  if (!isDaif) e.callHelper(CONTEXT_CHANGED);
  e.leave();
}

/** True for a register whose value nothing but reads of it depends on. */
function hasNoEffect(key: number): boolean {
  return (key | 0x8000) !== FPSR_KEY && sysregByKey(key | 0x8000)?.effect === "none";
}

const stop = { flow: "stop" } as const;

export const ROWS: readonly Row[] = [
  // The key is o0:op1:CRn:CRm:op2; bit 15 (op0 bit 1) is always one.
  inst("MRS", "1101010100 1 1 key:15 rt:5", emitMrs, {
    flags: "reads",
    flow: (f) => ((f.key | 0x8000) === FPSR_KEY ? { kind: "stop" } : null),
  }),
  inst("MSR (register)", "1101010100 0 1 key:15 rt:5", emitMsr, {
    flags: "sets",
    flow: (f) => (hasNoEffect(f.key) ? null : { kind: "stop" }),
  }),
  inst("MSR (immediate)", "1101010100 0 00 op1:3 0100 crm:4 op2:3 11111", emitMsrImmediate, {
    undefinedIf: (f) => !PSTATE_FIELDS.has((f.op1 << 3) | f.op2),
    ...stop,
  }),
];
