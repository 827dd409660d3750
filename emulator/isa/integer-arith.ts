import type { Emitter } from "./emitter.js";
import { pushExtended, pushShifted } from "./integer-operand.js";
import { inst, type Row } from "./pattern.js";

/** ADD and SUB in all forms, with carry, and the conditional compares (Arm ARM C4.1.92, C4.1.95). */

interface Result {
  readonly sf: number;
  /** 0 add, 1 subtract. */
  readonly op: number;
  readonly rn: number;
  readonly rd: number;
}

/** Rd = Rn op operand; 31 is SP for both unless `zr`. */
function addSub(e: Emitter, f: Result, pushOperand: () => void, zr: boolean): void {
  if (zr) e.getR(f.rn, f.sf);
  else e.getRsp(f.rn, f.sf);
  pushOperand();
  if (f.op === 0) e.add(f.sf);
  else e.sub(f.sf);
  if (zr) e.setR(f.rd, f.sf);
  else e.setRsp(f.rd, f.sf);
}

/** The same, setting flags: Rd 31 is XZR, Rn 31 is SP unless `zr`. */
function addSubFlags(e: Emitter, f: Result, pushOperand: () => void, zr: boolean): void {
  const { w } = e;
  const type = f.sf === 0 ? "i32" : "i64";
  if (zr) e.getR(f.rn, f.sf);
  else e.getRsp(f.rn, f.sf);
  const a = e.popTemp(type);
  pushOperand();
  const b = e.popTemp(type);
  if (f.op === 0) e.flagsAdd(f.sf, a, b);
  else e.flagsSub(f.sf, a, b);
  if (f.rd !== 31) {
    w.local_get(a);
    w.local_get(b);
    if (f.op === 0) e.add(f.sf);
    else e.sub(f.sf);
    e.setR(f.rd, f.sf);
  }
  e.free(a, b);
}

type Immediate = Result & { readonly sh: number; readonly imm12: number };
type Shifted = Result & { readonly shift: number; readonly rm: number; readonly imm6: number };
type Extended = Result & { readonly rm: number; readonly option: number; readonly imm3: number };
type Carry = Result & { readonly rm: number };

function pushImmediate(e: Emitter, f: Immediate): void {
  e.constR(f.imm12 << (f.sh * 12), f.sf);
}

function pushShiftedOperand(e: Emitter, f: Shifted): void {
  pushShifted(e, f.sf, f.rm, f.shift, f.imm6);
}

function pushExtendedOperand(e: Emitter, f: Extended): void {
  pushExtended(e, f.sf, f.rm, f.option, f.imm3);
}

/** Push Rm, or its complement: a - b - !c is a + ~b + c. */
function pushCarryOperand(e: Emitter, f: Carry): void {
  e.getR(f.rm, f.sf);
  if (f.op === 0) return;
  e.constR(-1, f.sf);
  e.xor(f.sf);
}

function emitCarry(e: Emitter, f: Carry): void {
  e.getR(f.rn, f.sf);
  pushCarryOperand(e, f);
  e.add(f.sf);
  e.cond(2);
  if (f.sf !== 0) e.w.i64_extend_i32_u();
  e.add(f.sf);
  e.setR(f.rd, f.sf);
}

function emitCarryFlags(e: Emitter, f: Carry): void {
  const { w } = e;
  const type = f.sf === 0 ? "i32" : "i64";
  e.cond(2);
  const carry = e.popTemp("i32");
  e.getR(f.rn, f.sf);
  const a = e.popTemp(type);
  pushCarryOperand(e, f);
  const b = e.popTemp(type);
  e.flagsAdc(f.sf, a, b, carry);
  w.local_get(a);
  w.local_get(b);
  e.add(f.sf);
  w.local_get(carry);
  if (f.sf !== 0) w.i64_extend_i32_u();
  e.add(f.sf);
  e.setR(f.rd, f.sf);
  e.free(a, b, carry);
}

interface Conditional {
  readonly sf: number;
  /** 0 CCMN, 1 CCMP. */
  readonly op: number;
  readonly cond: number;
  readonly rn: number;
  readonly nzcv: number;
}

function conditionalCompare(e: Emitter, f: Conditional, pushOperand: () => void): void {
  const type = f.sf === 0 ? "i32" : "i64";
  e.getR(f.rn, f.sf);
  const a = e.popTemp(type);
  pushOperand();
  const b = e.popTemp(type);
  e.cond(f.cond);
  e.flagsConditional(f.sf, a, b, f.nzcv, f.op === 0);
  e.free(a, b);
}

const shiftReserved = (f: Shifted): boolean => f.shift === 3 || (f.sf === 0 && f.imm6 > 31);
const extendReserved = (f: Extended): boolean => f.imm3 > 4;

export const ROWS: readonly Row[] = [
  inst("ADD, SUB (immediate)", "sf:1 op:1 0 100010 sh:1 imm12:12 rn:5 rd:5", (e, f) =>
    addSub(e, f, () => pushImmediate(e, f), false),
  ),
  inst(
    "ADDS, SUBS (immediate)",
    "sf:1 op:1 1 100010 sh:1 imm12:12 rn:5 rd:5",
    (e, f) => addSubFlags(e, f, () => pushImmediate(e, f), false),
    { flags: "sets" },
  ),
  inst(
    "ADD, SUB (shifted register)",
    "sf:1 op:1 0 01011 shift:2 0 rm:5 imm6:6 rn:5 rd:5",
    (e, f) => addSub(e, f, () => pushShiftedOperand(e, f), true),
    { undefinedIf: shiftReserved },
  ),
  inst(
    "ADDS, SUBS (shifted register)",
    "sf:1 op:1 1 01011 shift:2 0 rm:5 imm6:6 rn:5 rd:5",
    (e, f) => addSubFlags(e, f, () => pushShiftedOperand(e, f), true),
    { undefinedIf: shiftReserved, flags: "sets" },
  ),
  inst(
    "ADD, SUB (extended register)",
    "sf:1 op:1 0 01011 001 rm:5 option:3 imm3:3 rn:5 rd:5",
    (e, f) => addSub(e, f, () => pushExtendedOperand(e, f), false),
    { undefinedIf: extendReserved },
  ),
  inst(
    "ADDS, SUBS (extended register)",
    "sf:1 op:1 1 01011 001 rm:5 option:3 imm3:3 rn:5 rd:5",
    (e, f) => addSubFlags(e, f, () => pushExtendedOperand(e, f), false),
    { undefinedIf: extendReserved, flags: "sets" },
  ),
  inst("ADC, SBC", "sf:1 op:1 0 11010000 rm:5 000000 rn:5 rd:5", emitCarry, { flags: "reads" }),
  inst("ADCS, SBCS", "sf:1 op:1 1 11010000 rm:5 000000 rn:5 rd:5", emitCarryFlags, {
    flags: "reads+sets",
  }),
  inst(
    "CCMN, CCMP (register)",
    "sf:1 op:1 1 11010010 rm:5 cond:4 00 rn:5 0 nzcv:4",
    (e, f) => conditionalCompare(e, f, () => e.getR(f.rm, f.sf)),
    { flags: "reads+sets" },
  ),
  inst(
    "CCMN, CCMP (immediate)",
    "sf:1 op:1 1 11010010 imm5:5 cond:4 10 rn:5 0 nzcv:4",
    (e, f) => conditionalCompare(e, f, () => e.constR(f.imm5, f.sf)),
    { flags: "reads+sets" },
  ),
];
