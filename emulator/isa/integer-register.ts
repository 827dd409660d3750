import type { Emitter } from "./emitter.js";
import { emitAddSubFlags } from "./integer-immediate.js";
import { inst, type Row } from "./pattern.js";

/** Data processing with registers: logical, add and subtract, conditional (Arm ARM C4.1.95). */

interface Shifted {
  sf: number;
  shift: number;
  rm: number;
  imm6: number;
}

/** Push Rm shifted: LSL, LSR, ASR or ROR by a constant. */
function getShifted(e: Emitter, f: Shifted): void {
  e.getR(f.rm, f.sf);
  if (f.imm6 === 0) return;
  e.constR(f.imm6, f.sf);
  const { w } = e;
  if (f.sf === 0) [w.i32_shl, w.i32_shr_u, w.i32_shr_s, w.i32_rotr][f.shift]!.call(w);
  else [w.i64_shl, w.i64_shr_u, w.i64_shr_s, w.i64_rotr][f.shift]!.call(w);
}

const shiftTooFar = (f: Shifted): boolean => f.sf === 0 && f.imm6 > 31;

function logicalShifted(op: "and" | "or" | "xor", invert: boolean, setFlags: boolean) {
  return (e: Emitter, f: Shifted & { rn: number; rd: number }): void => {
    const isMove = op === "or" && !invert && f.sf === 1 && f.rn === 31 && f.imm6 === 0;
    if (isMove && f.rm !== 31 && f.rd !== 31) e.noteStep(f.rd, f.rm, 0);
    e.getR(f.rn, f.sf);
    getShifted(e, f);
    if (invert) {
      e.constR(-1, f.sf);
      e.xor(f.sf);
    }
    e[op](f.sf);
    if (!setFlags) {
      e.setR(f.rd, f.sf);
      return;
    }
    const result = e.popTemp(f.sf === 0 ? "i32" : "i64");
    e.flagsLogic(f.sf, result);
    e.w.local_get(result);
    e.setR(f.rd, f.sf);
    e.free(result);
  };
}

function addSubShifted(isSub: boolean, setFlags: boolean) {
  return (e: Emitter, f: Shifted & { rn: number; rd: number }): void => {
    if (!setFlags) {
      if (!isSub && f.sf === 1 && f.imm6 === 0 && f.rd !== 31 && f.rn !== 31) {
        if (f.rd !== f.rm) e.noteStep(f.rd, f.rn, { rm: f.rm });
        else e.noteStep(f.rd, f.rm, { rm: f.rn });
      }
      e.getR(f.rn, f.sf);
      getShifted(e, f);
      if (isSub) e.sub(f.sf);
      else e.add(f.sf);
      e.setR(f.rd, f.sf);
      return;
    }
    const type = f.sf === 0 ? "i32" : "i64";
    e.getR(f.rn, f.sf);
    const a = e.popTemp(type);
    getShifted(e, f);
    const b = e.popTemp(type);
    emitAddSubFlags(e, f.sf, a, b, isSub, f.rd);
    e.free(a, b);
  };
}

interface Extended {
  sf: number;
  rm: number;
  option: number;
  imm3: number;
}

/** Push Rm extended by `option` (UXTB..SXTX) and shifted left, as i64. */
export function getExtended(e: Emitter, rm: number, option: number, shift: number): void {
  const { w } = e;
  e.getX(rm);
  switch (option) {
    case 0:
      w.i64_const(0xff, 0);
      w.i64_and();
      break;
    case 1:
      w.i64_const(0xffff, 0);
      w.i64_and();
      break;
    case 2:
      w.i64_const(-1, 0);
      w.i64_and();
      break;
    case 4:
      w.i64_extend8_s();
      break;
    case 5:
      w.i64_extend16_s();
      break;
    case 6:
      w.i64_extend32_s();
      break;
  }
  if (shift > 0) {
    w.i64_const(shift, 0);
    w.i64_shl();
  }
}

function addSubExtended(isSub: boolean, setFlags: boolean) {
  return (e: Emitter, f: Extended & { rn: number; rd: number }): void => {
    const operand = (): void => {
      getExtended(e, f.rm, f.option, f.imm3);
      if (f.sf === 0) e.w.i32_wrap_i64();
    };
    e.getRsp(f.rn, f.sf);
    if (!setFlags) {
      operand();
      if (isSub) e.sub(f.sf);
      else e.add(f.sf);
      e.setRsp(f.rd, f.sf);
      return;
    }
    const type = f.sf === 0 ? "i32" : "i64";
    const a = e.popTemp(type);
    operand();
    const b = e.popTemp(type);
    emitAddSubFlags(e, f.sf, a, b, isSub, f.rd);
    e.free(a, b);
  };
}

const badExtend = { undefinedIf: (f: { imm3: number }): boolean => f.imm3 > 4 };

function addSubCarry(isSub: boolean, setFlags: boolean) {
  return (e: Emitter, f: { sf: number; rm: number; rn: number; rd: number }): void => {
    const { w } = e;
    const type = f.sf === 0 ? "i32" : "i64";
    e.getR(f.rn, f.sf);
    const a = e.popTemp(type);
    e.getR(f.rm, f.sf);
    if (isSub) {
      e.constR(-1, f.sf);
      e.xor(f.sf);
    }
    const b = e.popTemp(type);
    e.cond(2);
    const carry = e.popTemp("i32");
    if (setFlags) e.flagsAdc(f.sf, a, b, carry);
    w.local_get(a);
    w.local_get(b);
    e.add(f.sf);
    w.local_get(carry);
    if (f.sf !== 0) w.i64_extend_i32_u();
    e.add(f.sf);
    e.setR(f.rd, f.sf);
    e.free(a, b, carry);
  };
}

function conditionalCompare(isSub: boolean, isImmediate: boolean) {
  return (
    e: Emitter,
    f: { sf: number; rm: number; cond: number; rn: number; nzcv: number },
  ): void => {
    const type = f.sf === 0 ? "i32" : "i64";
    e.getR(f.rn, f.sf);
    const a = e.popTemp(type);
    if (isImmediate) e.constR(f.rm, f.sf);
    else e.getR(f.rm, f.sf);
    const b = e.popTemp(type);
    e.cond(f.cond);
    e.flagsConditional(f.sf, a, b, f.nzcv, !isSub);
    e.free(a, b);
  };
}

/** CSEL, CSINC, CSINV, CSNEG: Rn, or Rm changed in one of four ways. */
function conditionalSelect(otherwise: "same" | "inc" | "inv" | "neg") {
  return (
    e: Emitter,
    f: { sf: number; rm: number; cond: number; rn: number; rd: number },
  ): void => {
    e.getR(f.rn, f.sf);
    if (otherwise === "neg") e.constR(0, f.sf);
    e.getR(f.rm, f.sf);
    if (otherwise === "inc") {
      e.constR(1, f.sf);
      e.add(f.sf);
    } else if (otherwise === "inv") {
      e.constR(-1, f.sf);
      e.xor(f.sf);
    } else if (otherwise === "neg") e.sub(f.sf);
    e.cond(f.cond);
    e.w.select();
    e.setR(f.rd, f.sf);
  };
}

const sets = { flags: "sets" } as const;
const LOGICAL = "01010" as const;

export const ROWS: readonly Row[] = [
  ...(
    [
      ["AND", "00", "0", "and", false, false],
      ["BIC", "00", "1", "and", true, false],
      ["ORR", "01", "0", "or", false, false],
      ["ORN", "01", "1", "or", true, false],
      ["EOR", "10", "0", "xor", false, false],
      ["EON", "10", "1", "xor", true, false],
      ["ANDS", "11", "0", "and", false, true],
      ["BICS", "11", "1", "and", true, true],
    ] as const
  ).map(([name, opc, n, op, invert, setFlags]) =>
    inst(
      `${name} (shifted register)`,
      `sf:1 ${opc} ${LOGICAL} shift:2 ${n} rm:5 imm6:6 rn:5 rd:5`,
      logicalShifted(op, invert, setFlags),
      { undefinedIf: shiftTooFar, ...(setFlags ? sets : {}) },
    ),
  ),
  ...(
    [
      ["ADD", "0", "0", false, false],
      ["ADDS", "0", "1", false, true],
      ["SUB", "1", "0", true, false],
      ["SUBS", "1", "1", true, true],
    ] as const
  ).flatMap(([name, op, s, isSub, setFlags]) => [
    inst(
      `${name} (shifted register)`,
      `sf:1 ${op} ${s} 01011 shift:2 0 rm:5 imm6:6 rn:5 rd:5`,
      addSubShifted(isSub, setFlags),
      {
        undefinedIf: (f) => f.shift === 3 || shiftTooFar(f),
        ...(setFlags ? sets : {}),
      },
    ),
    inst(
      `${name} (extended register)`,
      `sf:1 ${op} ${s} 01011 00 1 rm:5 option:3 imm3:3 rn:5 rd:5`,
      addSubExtended(isSub, setFlags),
      { ...badExtend, ...(setFlags ? sets : {}) },
    ),
  ]),
  ...(
    [
      ["ADC", "0", "0", false, false],
      ["ADCS", "0", "1", false, true],
      ["SBC", "1", "0", true, false],
      ["SBCS", "1", "1", true, true],
    ] as const
  ).map(([name, op, s, isSub, setFlags]) =>
    inst(name, `sf:1 ${op} ${s} 11010000 rm:5 000000 rn:5 rd:5`, addSubCarry(isSub, setFlags), {
      flags: setFlags ? "reads+sets" : "reads",
    }),
  ),
  ...(
    [
      ["CCMN", "0", false],
      ["CCMP", "1", true],
    ] as const
  ).flatMap(([name, op, isSub]) => [
    inst(
      `${name} (register)`,
      `sf:1 ${op} 1 11010010 rm:5 cond:4 0 0 rn:5 0 nzcv:4`,
      conditionalCompare(isSub, false),
      { flags: "reads+sets" },
    ),
    inst(
      `${name} (immediate)`,
      `sf:1 ${op} 1 11010010 rm:5 cond:4 1 0 rn:5 0 nzcv:4`,
      conditionalCompare(isSub, true),
      { flags: "reads+sets" },
    ),
  ]),
  ...(
    [
      ["CSEL", "0", "00", "same"],
      ["CSINC", "0", "01", "inc"],
      ["CSINV", "1", "00", "inv"],
      ["CSNEG", "1", "01", "neg"],
    ] as const
  ).map(([name, op, op2, otherwise]) =>
    inst(name, `sf:1 ${op} 0 11010100 rm:5 cond:4 ${op2} rn:5 rd:5`, conditionalSelect(otherwise), {
      flags: "reads",
    }),
  ),
];
