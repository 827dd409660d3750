import { DOUBLE, HALF, SINGLE, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter } from "./emitter.js";
import { callExact, singleOrDouble, type ExactOp } from "./fp-exact.js";
import {
  emitExactScalar,
  ftypeUndefined,
  getFpAsDouble,
  roundTieAway,
  setFp,
  setFpUnlessNan,
} from "./fp-scalar.js";
import { inst, type Row, type RowOptions } from "./pattern.js";

/** Conversions: between formats, to and from integers and fixed-point numbers in general registers. */

type Registers = Readonly<Record<"rn" | "rd", number>>;

function emitFcvtSingleToDouble(e: Emitter, f: Registers): void {
  if (!e.mode.fpDefault) {
    emitExactScalar(e, f.rd, "convert", [f.rn], SINGLE, DOUBLE);
    return;
  }
  e.getS(f.rn);
  e.w.f64_promote_f32();
  setFpUnlessNan(e, f.rd, "convert", [f.rn], SINGLE, DOUBLE);
}

function emitFcvtDoubleToSingle(e: Emitter, f: Registers): void {
  if (!e.mode.fpDefault) {
    emitExactScalar(e, f.rd, "convert", [f.rn], DOUBLE, SINGLE);
    return;
  }
  e.getD(f.rn);
  e.w.f32_demote_f64();
  setFpUnlessNan(e, f.rd, "convert", [f.rn], DOUBLE, SINGLE);
}

/** Half precision is rare and always exact. */
function fcvt(from: FpFormat, to: FpFormat) {
  return (e: Emitter, f: Registers): void => emitExactScalar(e, f.rd, "convert", [f.rn], from, to);
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

/** FCVT* to a general register. Only FPCR.FZ could matter, on the way in; then the exact path does it. */
function fcvtToInteger(isSigned: boolean, rounding: IntegerRounding) {
  const op: ExactOp = `to${isSigned ? "Signed" : "Unsigned"}${rounding}`;
  return (e: Emitter, f: IntegerConversion): void => {
    if (!e.mode.fpDefault) {
      emitExactToGeneral(e, f, op, 0);
      return;
    }
    getFpAsDouble(e, f.rn, f.ftype);
    roundToInteger(e, rounding);
    truncateSaturating(e, f.sf, isSigned);
    e.setR(f.rd, f.sf);
  };
}

interface FixedConversion extends IntegerConversion {
  readonly scale: number;
}

/** A 32-bit register has at most 32 fraction bits: scale = 64 - fraction bits. */
function fixedUndefined(f: FixedConversion): boolean {
  return f.ftype > 1 || (f.sf === 0 && f.scale < 32);
}

function fcvtToFixed(isSigned: boolean) {
  const op: ExactOp = `to${isSigned ? "Signed" : "Unsigned"}Zero`;
  return (e: Emitter, f: FixedConversion): void => {
    const fracBits = 64 - f.scale;
    if (!e.mode.fpDefault) {
      emitExactToGeneral(e, f, op, fracBits);
      return;
    }
    getFpAsDouble(e, f.rn, f.ftype);
    e.w.f64_const(2 ** fracBits);
    e.w.f64_mul(); // exact, or an infinity that saturates
    truncateSaturating(e, f.sf, isSigned);
    e.setR(f.rd, f.sf);
  };
}

function emitExactToGeneral(e: Emitter, f: IntegerConversion, op: ExactOp, fracBits: number): void {
  const from = singleOrDouble(f.ftype);
  const to = singleOrDouble(f.sf);
  callExact(e, { op, from, to, lanes: 1, fracBits }, [() => e.getV(f.rn)]);
  if (f.sf === 0) e.w.i32x4_extract_lane(0);
  else e.w.i64x2_extract_lane(0);
  e.setR(f.rd, f.sf);
}

/** SCVTF, UCVTF from a general register, divided by 2^fracBits. */
function emitFromInteger(
  e: Emitter,
  f: IntegerConversion,
  isSigned: boolean,
  fracBits: number,
): void {
  if (!e.mode.fpDefault) {
    const op: ExactOp = isSigned ? "fromSigned" : "fromUnsigned";
    const request = { op, from: singleOrDouble(f.sf), to: singleOrDouble(f.ftype), lanes: 1 };
    callExact(e, { ...request, fracBits }, [
      () => {
        e.getX(f.rn);
        e.w.i64x2_splat();
      },
    ]);
    if (f.ftype === 0) e.w.f32x4_extract_lane(0);
    else e.w.f64x2_extract_lane(0);
    setFp(e, f.rd, f.ftype);
    return;
  }
  const sign = isSigned ? "s" : "u";
  e.getR(f.rn, f.sf);
  const type = f.ftype === 0 ? "f32" : "f64";
  e.w[`${type}_convert_i${f.sf === 0 ? 32 : 64}_${sign}`]();
  scaleDown(e, type, fracBits);
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

const FP: RowOptions<{ readonly ftype: number }> = { feature: "fp", undefinedIf: ftypeUndefined };
const FIXED: RowOptions<FixedConversion> = { feature: "fp", undefinedIf: fixedUndefined };
const ANY = { feature: "fp" } as const;

function toIntegerRow(
  name: string,
  rmode: string,
  opcode: string,
  isSigned: boolean,
  rounding: IntegerRounding,
): Row {
  const pattern = `sf:1 0011110 ftype:2 1 ${rmode} ${opcode} 000000 rn:5 rd:5`;
  return inst(name, pattern as "sf:1 ftype:2 rn:5 rd:5", fcvtToInteger(isSigned, rounding), FP);
}

export const ROWS: readonly Row[] = [
  inst("FCVT (S to D)", "00011110 00 1 0001 01 10000 rn:5 rd:5", emitFcvtSingleToDouble, ANY),
  inst("FCVT (S to H)", "00011110 00 1 0001 11 10000 rn:5 rd:5", fcvt(SINGLE, HALF), ANY),
  inst("FCVT (D to S)", "00011110 01 1 0001 00 10000 rn:5 rd:5", emitFcvtDoubleToSingle, ANY),
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
  inst(
    "SCVTF (scalar, integer)",
    "sf:1 0011110 ftype:2 1 00 010 000000 rn:5 rd:5",
    fromInteger(true),
    FP,
  ),
  inst(
    "UCVTF (scalar, integer)",
    "sf:1 0011110 ftype:2 1 00 011 000000 rn:5 rd:5",
    fromInteger(false),
    FP,
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
    fcvtToFixed(true),
    FIXED,
  ),
  inst(
    "FCVTZU (scalar, fixed-point)",
    "sf:1 0011110 ftype:2 0 11 001 scale:6 rn:5 rd:5",
    fcvtToFixed(false),
    FIXED,
  ),
];
