import { EC_SYSTEM_TRAP, systemTrapIss } from "../arch/esr.js";
import {
  isIdSpace,
  isReservedIdSpace,
  sysreg,
  sysregByKey,
  sysregKey,
  type El0Control,
  type Sysreg,
  type SysregName,
} from "../arch/sysreg.js";
import { OFF_FPSR_EXACT, OFF_INTERRUPTS, OFF_PSTATE } from "../cpu/state-layout.js";
import type { Feature } from "../arch/features.js";
import type { Emitter } from "./emitter.js";
import { inst, type Row } from "./pattern.js";
import {
  CONTEXT_CHANGED,
  DEBUG_CHANGED,
  pushControl,
  requirePosition,
  TIMERS_CHANGED,
} from "./system-context.js";
import { emitSysregRead, emitSysregWrite } from "./sysreg-value.js";

/**
 * MRS, MSR and the PSTATE fields (Arm ARM C5.2), by the system register table. All of their encodings
 * are allocated; which of them name a register depends on the exception level too, so the emitter
 * decides what is UNDEFINED.
 */

interface Control {
  readonly register: SysregName;
  readonly mask: number;
  /** The value of the bits that traps: all clear, or any set. */
  readonly trapsWhen: "clear" | "set";
}

const control = (
  register: SysregName,
  mask: number,
  trapsWhen: Control["trapsWhen"] = "clear",
): Control => ({ register, mask, trapsWhen });

const CONTROLS: Readonly<Record<El0Control, Control>> = {
  "SCTLR_EL1.UCT": control("SCTLR_EL1", 1 << 15),
  "SCTLR_EL1.UMA": control("SCTLR_EL1", 1 << 9),
  "CNTKCTL_EL1.EL0VCTEN": control("CNTKCTL_EL1", 1 << 1),
  "CNTKCTL_EL1.EL0PCTEN": control("CNTKCTL_EL1", 1 << 0),
  "CNTKCTL_EL1.EL0VCTEN|EL0PCTEN": control("CNTKCTL_EL1", 3),
  "CNTKCTL_EL1.EL0VTEN": control("CNTKCTL_EL1", 1 << 8),
  "CNTKCTL_EL1.EL0PTEN": control("CNTKCTL_EL1", 1 << 9),
  "SCTLR_EL1.TSCXT": control("SCTLR_EL1", 1 << 20, "set"),
  "MDSCR_EL1.TDCC": control("MDSCR_EL1", 1 << 12, "set"),
};

/** Who may: decided when the instruction is translated, but for the EL0 controls. */
function accessible(e: Emitter, row: Sysreg, isRead: boolean): boolean {
  const level = isRead ? row.read : row.write;
  if (level === "never") return false;
  if (level === "el1" && e.mode.el === 0) return false;
  if (!e.mode.config.model.features.has(row.feature)) return false;
  // SP_EL0 is not accessible by name while it is the stack pointer in use.
  return !(row.name === "SP_EL0" && e.mode.spSel === 0);
}

/** Trap to EL1 if the control bit says so. @param key what the syndrome names */
function checkControl(e: Emitter, row: Sysreg, key: number, rt: number, isRead: boolean): void {
  if (e.mode.el !== 0 || row.el0Control === null) return;
  const { register, mask, trapsWhen } = CONTROLS[row.el0Control];
  pushControl(e, register, mask);
  if (trapsWhen === "clear") e.w.i32_eqz();
  e.exceptionIf(EC_SYSTEM_TRAP, systemTrapIss(key, rt, isRead));
}

/** A read of what is not there, or not for this level. */
function emitRefusedRead(e: Emitter, key: number, isKnown: boolean, rt: number): void {
  const { el, config } = e.mode;
  if (el === 0 && isIdSpace(key) && config.model.features.has("idst")) {
    e.exception(EC_SYSTEM_TRAP, systemTrapIss(key, rt, true));
  } else if (el === 1 && isReservedIdSpace(key) && !isKnown) {
    e.w.i64_const(0, 0);
    e.setX(rt);
  } else e.undefined();
}

function emitMrs(e: Emitter, f: { key: number; rt: number }): void {
  const key = f.key | 0x8000;
  const row = sysregByKey(key);
  if (row === null || !accessible(e, row, true)) {
    emitRefusedRead(e, key, row !== null, f.rt);
    return;
  }
  checkControl(e, row, key, f.rt, true);
  emitSysregRead(e, row);
  e.setX(f.rt);
  if (key === FPSR_KEY) keepFpsrExact(e);
  // Reading acknowledges: what is due afterwards is another matter.
  else if (row.home.kind === "external") e.leave();
}

const FPSR_KEY = sysreg("FPSR").key;

/** Somebody looks at FPSR: from here on code is translated to keep its flags. */
function keepFpsrExact(e: Emitter): void {
  e.w.i32_const(0);
  e.w.i32_const(1);
  e.w.i32_store(OFF_FPSR_EXACT);
  e.leave();
}

function emitMsr(e: Emitter, f: { key: number; rt: number }): void {
  const row = sysregByKey(f.key | 0x8000);
  if (row === null || !accessible(e, row, false)) {
    e.undefined();
    return;
  }
  checkControl(e, row, row.key, f.rt, false);
  if (row.effect === "mmu") requirePosition(e);
  e.getX(f.rt);
  emitSysregWrite(e, row);
  if (row.key === FPSR_KEY) keepFpsrExact(e);
  if (row.effect === "none") return;
  if (row.effect === "mmu") e.callHelper(CONTEXT_CHANGED);
  else if (row.effect === "timer") e.callHelper(TIMERS_CHANGED);
  else if (row.effect === "debug") e.callHelper(DEBUG_CHANGED);
  e.leave();
}

interface PstateField {
  readonly name: "SPSel" | "PAN" | "UAO" | "DIT" | "SSBS" | "DAIFSet" | "DAIFClr";
  readonly mask: number;
  readonly shift: number;
  readonly feature: Feature;
  /** Whether EL0 may change it; DAIF if SCTLR_EL1.UMA allows. */
  readonly el0: boolean;
}

const field = (
  name: PstateField["name"],
  mask: number,
  shift: number,
  feature: Feature = "base",
  el0 = false,
): PstateField => ({ name, mask, shift, feature, el0 });

/** MSR (immediate): op1 and op2, as they stand in the word, name the field. */
const PSTATE_FIELDS = [
  ["000", "011", field("UAO", 1, 23, "uao")],
  ["000", "100", field("PAN", 1, 22, "pan")],
  ["000", "101", field("SPSel", 1, 0)],
  ["011", "001", field("SSBS", 1, 12, "ssbs", true)],
  ["011", "010", field("DIT", 1, 24, "dit", true)],
  ["011", "110", field("DAIFSet", 0xf, 6, "base", true)],
  ["011", "111", field("DAIFClr", 0xf, 6, "base", true)],
] as const;

function emitMsrImmediate(e: Emitter, crm: number, target: PstateField, key: number): void {
  const { w } = e;
  const { name, mask, shift, el0 } = target;
  if (e.mode.el === 0 && !el0) {
    e.undefined();
    return;
  }
  const isDaif = name === "DAIFSet" || name === "DAIFClr";
  if (isDaif) checkControl(e, sysreg("DAIF"), key, 31, false);
  w.i32_const(0);
  w.i32_const(0);
  w.i32_load(OFF_PSTATE);
  const bits = (crm & mask) << shift;
  if (name === "DAIFSet") {
    w.i32_const(bits);
    w.i32_or();
  } else {
    w.i32_const(~(name === "DAIFClr" ? bits : mask << shift));
    w.i32_and();
    if (!isDaif) {
      w.i32_const(bits);
      w.i32_or();
    }
  }
  w.i32_store(OFF_PSTATE);
  if (!endsAt(name, crm)) {
    // What was masked may be due.
    if (name !== "DAIFClr") return;
    w.i32_const(0);
    w.i32_load(OFF_INTERRUPTS);
    w.i32_const(bits);
    w.i32_and();
    e.leaveIf();
  } else e.leave();
}

/** Whether the mode changes, or what is taken between instructions besides interrupts: bit 3 is D. */
function endsAt(name: PstateField["name"], crm: number): boolean {
  return name !== "DAIFSet" && (name !== "DAIFClr" || (crm & 8) !== 0);
}

/** True for a register whose being read changes something. */
function endsRegion(key: number): boolean {
  return key === FPSR_KEY || sysregByKey(key)?.home.kind === "external";
}

/** True for a register whose value nothing but reads of it depends on. */
function hasNoEffect(key: number): boolean {
  return (key | 0x8000) !== FPSR_KEY && sysregByKey(key | 0x8000)?.effect === "none";
}

export const ROWS: readonly Row[] = [
  // The key is o0:op1:CRn:CRm:op2; bit 15 (op0 bit 1) is always one.
  inst("MRS", "1101010100 1 1 key:15 rt:5", emitMrs, {
    flags: "reads+sets", // sets: RNDR
    flow: (f) => (endsRegion(f.key | 0x8000) ? { kind: "stop" } : null),
  }),
  inst("MSR (register)", "1101010100 0 1 key:15 rt:5", emitMsr, {
    flags: "sets",
    flow: (f) => (hasNoEffect(f.key) ? null : { kind: "stop" }),
  }),
  ...PSTATE_FIELDS.map(([op1, op2, target]) =>
    inst(
      `MSR ${target.name} (immediate)`,
      `1101010100 0 00 ${op1} 0100 crm:4 ${op2} 11111`,
      (e, f) => {
        const key = sysregKey(0, parseInt(op1, 2), 4, f.crm, parseInt(op2, 2));
        emitMsrImmediate(e, f.crm, target, key);
      },
      {
        feature: target.feature,
        flow: (f) => (endsAt(target.name, f.crm) ? { kind: "stop" } : null),
      },
    ),
  ),
];
