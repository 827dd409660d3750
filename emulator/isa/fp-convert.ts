import { DOUBLE, FPSR, HALF, SINGLE, type FpFormat } from "../cpu/fp/format.js";
import { OFF_FPCR } from "../cpu/state-layout.js";
import type { Emitter, Local } from "./emitter.js";
import { callExact, formatOf, singleOrDouble, type ExactOp } from "./fp-exact.js";
import { pushInexactMatters, raiseFpsr } from "./fp-flags.js";
import { MODE_FZ, MODE_FZ16, MODE_RMODE } from "./fp-guard.js";
import {
  emitScalarConversion,
  FTYPE,
  ftypeFeature,
  getFpAsDouble,
  roundTieAway,
  setFp,
  typeOf,
} from "./fp-scalar.js";
import { helper } from "./helpers.js";
import { inst, type Row, type RowOptions } from "./pattern.js";

/** Conversions: between formats, to and from integers and fixed-point numbers in general registers. */

type Registers = Readonly<Record<"rn" | "rd", number>>;

/** FCVT. Double to half would round twice on the way through single: always exact. */
function fcvt(from: FpFormat, to: FpFormat) {
  return (e: Emitter, f: Registers): void => {
    const native = (): void => {
      if (to === DOUBLE) e.w.f64x2_promote_low_f32x4();
      else if (from === DOUBLE) e.w.f32x4_demote_f64x2_zero();
    };
    const isTwice = from === DOUBLE && to === HALF;
    emitScalarConversion(e, f.rd, "convert", [f.rn], { from, to }, isTwice ? null : native);
  };
}

interface IntegerConversion extends Registers {
  readonly sf: number;
  readonly ftype: number;
}

/** How FCVT* rounds before it truncates; pops and pushes an f64. */
export type IntegerRounding = "TieEven" | "TieAway" | "PlusInf" | "MinusInf" | "Zero";

export function roundToInteger(e: Emitter, rounding: IntegerRounding): void {
  switch (rounding) {
    case "TieEven":
      e.w.f64_nearest();
      return;
    case "TieAway":
      roundTieAway(e);
      return;
    case "PlusInf":
      e.w.f64_ceil();
      return;
    case "MinusInf":
      e.w.f64_floor();
      return;
    case "Zero": // the truncation that follows
      return;
  }
}

/** Pop an f64, push it as an integer: saturating, NaN to 0, as FCVT* does. */
export function truncateSaturating(e: Emitter, sf: number, isSigned: boolean): void {
  e.w[`i${sf === 0 ? 32 : 64}_trunc_sat_f64_${isSigned ? "s" : "u"}`]();
}

interface FixedConversion extends IntegerConversion {
  readonly scale: number;
}

/** A 32-bit register has at most 32 fraction bits: scale = 64 - fraction bits. */
function fixedUndefined(f: FixedConversion): boolean {
  return f.ftype === 2 || (f.sf === 0 && f.scale < 32);
}

/**
 * Push the i32 that says whether a conversion of the f64 in `x` (scaled) must go the exact way for its flags, or
 * because FPCR.FZ or FZ16 makes it zero: it is below `flushedBelow`.
 */
function pushToIntegerGuard(
  e: Emitter,
  x: Local,
  width: number,
  isSigned: boolean,
  flushedBelow: number,
): void {
  const { w } = e;
  if (e.mode.fpsrExact) {
    // Inexact, or not surely in range.
    pushInexactMatters(e);
    w.local_get(x);
    if (isSigned) w.f64_abs();
    w.f64_const(2 ** (width - 2));
    w.f64_lt();
    if (!isSigned) {
      w.local_get(x);
      w.f64_const(0);
      w.f64_ge();
      w.i32_and();
    }
    w.i32_eqz();
    w.i32_or();
  } else w.i32_const(0);
  if ((e.mode.fpcr & (MODE_FZ | MODE_FZ16)) === 0) return;
  w.local_get(x);
  w.f64_abs();
  w.f64_const(flushedBelow);
  w.f64_lt();
  w.i32_or();
}

/** FCVT* to a general register, scaled by 2^fracBits. The rounding is the instruction's own, not FPCR's. */
function emitToInteger(
  e: Emitter,
  f: IntegerConversion,
  isSigned: boolean,
  rounding: IntegerRounding,
  fracBits: number,
): void {
  const { w } = e;
  const op: ExactOp = `to${isSigned ? "Signed" : "Unsigned"}${rounding}`;
  const from = formatOf(f.ftype);
  getFpAsDouble(e, f.rn, f.ftype);
  if (fracBits > 0) {
    w.f64_const(2 ** fracBits);
    w.f64_mul(); // exact, or an infinity that saturates
  }
  const convert = (): void => {
    roundToInteger(e, rounding);
    truncateSaturating(e, f.sf, isSigned);
  };
  if ((e.mode.fpcr & (MODE_FZ | MODE_FZ16)) === 0 && !e.mode.fpsrExact) {
    convert();
    e.setR(f.rd, f.sf);
    return;
  }
  const x = e.popTemp("f64");
  const result = e.temp(f.sf === 0 ? "i32" : "i64");
  pushToIntegerGuard(e, x, 32 << f.sf, isSigned, 2 ** (1 - from.bias + fracBits));
  const unsure = w.unlikely().if_();
  const request = { op, from, to: singleOrDouble(f.sf), lanes: 1, fracBits };
  callExact(e, request, [() => e.getV(f.rn)]);
  w[f.sf === 0 ? "i32x4_extract_lane" : "i64x2_extract_lane"](0);
  w.local_set(result);
  w.else_(unsure);
  w.local_get(x);
  convert();
  w.local_set(result);
  w.end(unsure);
  w.local_get(result);
  e.setR(f.rd, f.sf);
  e.free(x, result);
}

function toInteger(isSigned: boolean, rounding: IntegerRounding) {
  return (e: Emitter, f: IntegerConversion): void => emitToInteger(e, f, isSigned, rounding, 0);
}

function toFixed(isSigned: boolean) {
  return (e: Emitter, f: FixedConversion): void => {
    emitToInteger(e, f, isSigned, "Zero", 64 - f.scale);
  };
}

/**
 * SCVTF, UCVTF from a general register, divided by 2^fracBits. Half precision would round twice on the way
 * through single: always exact.
 */
function emitFromInteger(
  e: Emitter,
  f: IntegerConversion,
  isSigned: boolean,
  fracBits: number,
): void {
  const { w } = e;
  const to = formatOf(f.ftype);
  const exact = (): void => {
    const op: ExactOp = isSigned ? "fromSigned" : "fromUnsigned";
    callExact(e, { op, from: singleOrDouble(f.sf), to, lanes: 1, fracBits }, [
      () => {
        e.getX(f.rn);
        w.i64x2_splat();
      },
    ]);
  };
  const isExact = f.sf === 0 && to === DOUBLE;
  if (to === HALF || ((e.mode.fpcr & MODE_RMODE) !== 0 && !isExact)) {
    exact(); // lanes beyond are zero
    e.setV(f.rd);
    return;
  }
  const type = typeOf(f.ftype);
  const native = (): void => {
    e.getR(f.rn, f.sf);
    w[`${type}_convert_i${f.sf === 0 ? 32 : 64}_${isSigned ? "s" : "u"}`]();
    scaleDown(e, type, fracBits);
  };
  if (e.mode.fpsrExact && !isExact) {
    pushInexactMatters(e);
    const unsure = w.unlikely().if_(type);
    exact();
    w[`${type}x${type === "f32" ? 4 : 2}_extract_lane` as "f32x4_extract_lane"](0);
    w.else_(unsure);
    native();
    w.end(unsure);
  } else native();
  setFp(e, f.rd, f.ftype);
}

/** Pop and push a converted integer divided by 2^fracBits: exact, since it is zero or at least one. */
export function scaleDown(e: Emitter, type: "f32" | "f64", fracBits: number): void {
  if (fracBits === 0) return;
  e.w[`${type}_const`](2 ** -fracBits);
  e.w[`${type}_mul`]();
}

function fromInteger(isSigned: boolean) {
  return (e: Emitter, f: IntegerConversion): void => emitFromInteger(e, f, isSigned, 0);
}

function fromFixed(isSigned: boolean) {
  return (e: Emitter, f: FixedConversion): void => emitFromInteger(e, f, isSigned, 64 - f.scale);
}

/** FJCVTZS outside the 32-bit integers: modulo 2^32, as JavaScript's ToInt32. Arm ARM: FPToFixedJS. */
const TO_INT32 = helper("fpToInt32", ["f64"], "i32", ({ memory }, x = 0) => {
  const isSubnormal = x !== 0 && Math.abs(x) < 2 ** -1022;
  const isFlushed = isSubnormal && (memory.u32[OFF_FPCR >> 2]! & (1 << 24)) !== 0;
  const fits = Math.trunc(x) === (Math.trunc(x) | 0);
  raiseFpsr(memory, isFlushed ? FPSR.IDC : fits ? FPSR.IXC : FPSR.IOC);
  return x | 0;
});

/** Z says whether the result is the operand, minus zero excepted. */
function emitFjcvtzs(e: Emitter, f: Registers): void {
  const { w } = e;
  e.getD(f.rn);
  const x = e.popTemp("f64");
  const result = e.temp("i32");
  const flags = e.temp("i32");
  w.local_get(x);
  w.i32_trunc_sat_f64_s();
  w.local_tee(result);
  w.f64_convert_i32_s();
  w.local_get(x);
  w.f64_eq();
  const isSame = w.if_();
  w.local_get(x);
  w.i64_reinterpret_f64();
  w.i64_const(0, 0x8000_0000 | 0);
  w.i64_ne();
  w.i32_const(30);
  w.i32_shl();
  w.local_set(flags);
  w.else_(isSame);
  w.local_get(x);
  e.callHelper(TO_INT32);
  w.local_set(result);
  w.i32_const(0);
  w.local_set(flags);
  w.end(isSame);
  w.local_get(result);
  e.setW(f.rd);
  w.local_get(flags);
  e.setNZCV();
  e.free(x, result, flags);
}

const FIXED: RowOptions<FixedConversion> = { feature: ftypeFeature, undefinedIf: fixedUndefined };
const ANY = { feature: "fp" } as const;

function toIntegerRow(
  name: string,
  rmode: string,
  opcode: string,
  isSigned: boolean,
  rounding: IntegerRounding,
): Row {
  const pattern = `sf:1 0011110 ftype:2 1 ${rmode} ${opcode} 000000 rn:5 rd:5`;
  return inst(name, pattern as "sf:1 ftype:2 rn:5 rd:5", toInteger(isSigned, rounding), FTYPE);
}

export const ROWS: readonly Row[] = [
  inst("FCVT (S to D)", "00011110 00 1 0001 01 10000 rn:5 rd:5", fcvt(SINGLE, DOUBLE), ANY),
  inst("FCVT (S to H)", "00011110 00 1 0001 11 10000 rn:5 rd:5", fcvt(SINGLE, HALF), ANY),
  inst("FCVT (D to S)", "00011110 01 1 0001 00 10000 rn:5 rd:5", fcvt(DOUBLE, SINGLE), ANY),
  inst("FCVT (D to H)", "00011110 01 1 0001 11 10000 rn:5 rd:5", fcvt(DOUBLE, HALF), ANY),
  inst("FCVT (H to S)", "00011110 11 1 0001 00 10000 rn:5 rd:5", fcvt(HALF, SINGLE), ANY),
  inst("FCVT (H to D)", "00011110 11 1 0001 01 10000 rn:5 rd:5", fcvt(HALF, DOUBLE), ANY),
  toIntegerRow("FCVTNS (scalar)", "00", "000", true, "TieEven"),
  toIntegerRow("FCVTNU (scalar)", "00", "001", false, "TieEven"),
  toIntegerRow("FCVTAS (scalar)", "00", "100", true, "TieAway"),
  toIntegerRow("FCVTAU (scalar)", "00", "101", false, "TieAway"),
  toIntegerRow("FCVTPS (scalar)", "01", "000", true, "PlusInf"),
  toIntegerRow("FCVTPU (scalar)", "01", "001", false, "PlusInf"),
  toIntegerRow("FCVTMS (scalar)", "10", "000", true, "MinusInf"),
  toIntegerRow("FCVTMU (scalar)", "10", "001", false, "MinusInf"),
  toIntegerRow("FCVTZS (scalar, integer)", "11", "000", true, "Zero"),
  toIntegerRow("FCVTZU (scalar, integer)", "11", "001", false, "Zero"),
  inst("FJCVTZS", "00011110 01 1 11 110 000000 rn:5 rd:5", emitFjcvtzs, {
    feature: "jscvt",
    flags: "sets",
  }),
  inst(
    "SCVTF (scalar, integer)",
    "sf:1 0011110 ftype:2 1 00 010 000000 rn:5 rd:5",
    fromInteger(true),
    FTYPE,
  ),
  inst(
    "UCVTF (scalar, integer)",
    "sf:1 0011110 ftype:2 1 00 011 000000 rn:5 rd:5",
    fromInteger(false),
    FTYPE,
  ),
  inst(
    "SCVTF (scalar, fixed-point)",
    "sf:1 0011110 ftype:2 0 00 010 scale:6 rn:5 rd:5",
    fromFixed(true),
    FIXED,
  ),
  inst(
    "UCVTF (scalar, fixed-point)",
    "sf:1 0011110 ftype:2 0 00 011 scale:6 rn:5 rd:5",
    fromFixed(false),
    FIXED,
  ),
  inst(
    "FCVTZS (scalar, fixed-point)",
    "sf:1 0011110 ftype:2 0 11 000 scale:6 rn:5 rd:5",
    toFixed(true),
    FIXED,
  ),
  inst(
    "FCVTZU (scalar, fixed-point)",
    "sf:1 0011110 ftype:2 0 11 001 scale:6 rn:5 rd:5",
    toFixed(false),
    FIXED,
  ),
];
