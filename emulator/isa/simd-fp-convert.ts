import { DOUBLE, HALF, SINGLE, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter } from "./emitter.js";
import { scaleDown, type IntegerRounding } from "./fp-convert.js";
import { callExact, singleOrDouble, type ExactOp } from "./fp-exact.js";
import { setFpFromVector } from "./fp-scalar.js";
import { fpLanes, fpShape, pushLanes, roundLanesTieAway } from "./fp-vector.js";
import type { Row } from "./pattern.js";
import {
  scalarShiftImmediate,
  shiftImmediate,
  type ScalarShiftImmediate,
  type ShiftImmediate,
} from "./simd-groups.js";
import { fpScalarTwoMisc, fpTwoMisc, type FpScalarTwo, type FpTwo } from "./simd-fp-groups.js";
import { getHalf, setNarrowed, setVq } from "./simd-lanes.js";

/** Conversions within vector registers: to and from integers and fixed point, between formats. */

const NATIVE_ROUNDING = {
  TieEven: "nearest",
  PlusInf: "ceil",
  MinusInf: "floor",
  Zero: "trunc",
} as const;

interface Conversion {
  readonly rn: number;
  readonly sz: number;
  readonly lanes: number;
  readonly fracBits: number;
}

/** Push Vn's lanes as integers: saturating, NaN to 0. */
function pushToInteger(
  e: Emitter,
  c: Conversion,
  isSigned: boolean,
  rounding: IntegerRounding,
): void {
  const format = singleOrDouble(c.sz);
  if (!e.mode.fpDefault) {
    const op: ExactOp = `to${isSigned ? "Signed" : "Unsigned"}${rounding}`;
    callExact(e, { op, from: format, ...c }, [() => e.getV(c.rn)]);
    return;
  }
  const shape = fpShape(format);
  e.getV(c.rn);
  if (c.fracBits > 0) {
    pushLanes(e, format, 2 ** c.fracBits);
    e.w[`${shape}_mul`](); // exact, or an infinity that saturates
  }
  if (rounding === "TieAway") roundLanesTieAway(e, format);
  else if (rounding !== "Zero") e.w[`${shape}_${NATIVE_ROUNDING[rounding]}`]();
  const sign = isSigned ? "s" : "u";
  if (c.sz === 0) {
    e.w[`i32x4_trunc_sat_f32x4_${sign}`]();
    return;
  }
  const x = e.popTemp("v128");
  for (let i = 0; i < c.lanes; i++) {
    e.w.local_get(x);
    e.w.f64x2_extract_lane(i);
    e.w[`i64_trunc_sat_f64_${sign}`]();
    if (i === 0) e.w.i64x2_splat();
    else e.w.i64x2_replace_lane(i);
  }
  e.free(x);
}

/** Push Vn's integer lanes as floating-point numbers. */
function pushFromInteger(e: Emitter, c: Conversion, isSigned: boolean): void {
  const format = singleOrDouble(c.sz);
  if (!e.mode.fpDefault) {
    const op: ExactOp = isSigned ? "fromSigned" : "fromUnsigned";
    callExact(e, { op, from: format, ...c }, [() => e.getV(c.rn)]);
    return;
  }
  const sign = isSigned ? "s" : "u";
  e.getV(c.rn);
  if (c.sz === 0) {
    e.w[`f32x4_convert_i32x4_${sign}`]();
    if (c.fracBits === 0) return;
    pushLanes(e, SINGLE, 2 ** -c.fracBits);
    e.w.f32x4_mul(); // exact: zero or at least one before
    return;
  }
  const x = e.popTemp("v128");
  for (let i = 0; i < c.lanes; i++) {
    e.w.local_get(x);
    e.w.i64x2_extract_lane(i);
    e.w[`f64_convert_i64_${sign}`]();
    scaleDown(e, "f64", c.fracBits);
    if (i === 0) e.w.f64x2_splat();
    else e.w.f64x2_replace_lane(i);
  }
  e.free(x);
}

function toInteger(isSigned: boolean, rounding: IntegerRounding) {
  return (e: Emitter, f: FpTwo): void => {
    const lanes = fpLanes(f.q, f.sz);
    pushToInteger(e, { rn: f.rn, sz: f.sz, lanes, fracBits: 0 }, isSigned, rounding);
    setVq(e, f.rd, f.q);
  };
}

function toIntegerScalar(isSigned: boolean, rounding: IntegerRounding) {
  return (e: Emitter, f: FpScalarTwo): void => {
    pushToInteger(e, { rn: f.rn, sz: f.sz, lanes: 1, fracBits: 0 }, isSigned, rounding);
    setFpFromVector(e, f.rd, singleOrDouble(f.sz));
  };
}

function fromInteger(isSigned: boolean) {
  return (e: Emitter, f: FpTwo): void => {
    const lanes = fpLanes(f.q, f.sz);
    pushFromInteger(e, { rn: f.rn, sz: f.sz, lanes, fracBits: 0 }, isSigned);
    setVq(e, f.rd, f.q);
  };
}

function fromIntegerScalar(isSigned: boolean) {
  return (e: Emitter, f: FpScalarTwo): void => {
    pushFromInteger(e, { rn: f.rn, sz: f.sz, lanes: 1, fracBits: 0 }, isSigned);
    setFpFromVector(e, f.rd, singleOrDouble(f.sz));
  };
}

/** immh 01xx: words; 1xxx: doublewords. immh:immb = 2 * lane bits - fraction bits. */
function fixedPoint(f: ScalarShiftImmediate, q: number): Conversion {
  const sz = f.immh >> 3;
  const lanes = fpLanes(q, sz);
  return { rn: f.rn, sz, lanes, fracBits: (64 << sz) - ((f.immh << 3) | f.immb) };
}

function fixedScalarUndefined(f: ScalarShiftImmediate): boolean {
  return f.immh < 4;
}

function fixedUndefined(f: ShiftImmediate): boolean {
  return f.immh < 4 || (f.immh >= 8 && f.q === 0);
}

function toFixed(isSigned: boolean) {
  return (e: Emitter, f: ShiftImmediate): void => {
    pushToInteger(e, fixedPoint(f, f.q), isSigned, "Zero");
    setVq(e, f.rd, f.q);
  };
}

function toFixedScalar(isSigned: boolean) {
  return (e: Emitter, f: ScalarShiftImmediate): void => {
    const c = { ...fixedPoint(f, 0), lanes: 1 };
    pushToInteger(e, c, isSigned, "Zero");
    setFpFromVector(e, f.rd, singleOrDouble(c.sz));
  };
}

function fromFixed(isSigned: boolean) {
  return (e: Emitter, f: ShiftImmediate): void => {
    pushFromInteger(e, fixedPoint(f, f.q), isSigned);
    setVq(e, f.rd, f.q);
  };
}

function fromFixedScalar(isSigned: boolean) {
  return (e: Emitter, f: ScalarShiftImmediate): void => {
    const c = { ...fixedPoint(f, 0), lanes: 1 };
    pushFromInteger(e, c, isSigned);
    setFpFromVector(e, f.rd, singleOrDouble(c.sz));
  };
}

/** Pop a v128 operand; push its lanes in another format, by the native instruction unless one is a NaN. */
function pushConverted(
  e: Emitter,
  request: {
    readonly op: ExactOp;
    readonly from: FpFormat;
    readonly to: FpFormat;
    readonly lanes: number;
  },
  native: "f64x2_promote_low_f32x4" | "f32x4_demote_f64x2_zero" | null,
): void {
  const { w } = e;
  const x = e.popTemp("v128");
  const operands = [() => w.local_get(x)];
  if (native === null || !e.mode.fpDefault) callExact(e, request, operands);
  else {
    const shape = fpShape(request.to);
    w.local_get(x);
    w[native]();
    const result = e.popTemp("v128");
    w.local_get(result);
    w.local_get(result);
    w[`${shape}_ne`]();
    w.v128_any_true();
    const nan = w.if_();
    callExact(e, request, operands);
    w.local_set(result);
    w.end(nan);
    w.local_get(result);
    e.free(result);
  }
  e.free(x);
}

/** FCVTL, FCVTL2: half of Vn, widened. */
function emitFcvtl(e: Emitter, f: FpTwo): void {
  getHalf(e, f.rn, f.q);
  if (f.sz === 0) pushConverted(e, { op: "convert", from: HALF, to: SINGLE, lanes: 4 }, null);
  else {
    const request = { op: "convert", from: SINGLE, to: DOUBLE, lanes: 2 } as const;
    pushConverted(e, request, "f64x2_promote_low_f32x4");
  }
  e.setV(f.rd);
}

/** FCVTN, FCVTN2: Vn narrowed into half of Vd. */
function emitFcvtn(e: Emitter, f: FpTwo): void {
  e.getV(f.rn);
  if (f.sz === 0) pushConverted(e, { op: "convert", from: SINGLE, to: HALF, lanes: 4 }, null);
  else {
    const request = { op: "convert", from: DOUBLE, to: SINGLE, lanes: 2 } as const;
    pushConverted(e, request, "f32x4_demote_f64x2_zero");
  }
  setNarrowed(e, f.rd, f.q);
}

const TO_ODD = { op: "convertOdd", from: DOUBLE, to: SINGLE } as const;

function emitFcvtxn(e: Emitter, f: FpTwo): void {
  e.getV(f.rn);
  pushConverted(e, { ...TO_ODD, lanes: 2 }, null);
  setNarrowed(e, f.rd, f.q);
}

function emitFcvtxnScalar(e: Emitter, f: FpScalarTwo): void {
  e.getV(f.rn);
  pushConverted(e, { ...TO_ODD, lanes: 1 }, null);
  setFpFromVector(e, f.rd, SINGLE);
}

/** Name, U, a, opcode of the FCVT* pairs. */
const TO_INTEGER: readonly (readonly [string, 0 | 1, 0 | 1, string, IntegerRounding])[] = [
  ["FCVTNS", 0, 0, "11010", "TieEven"],
  ["FCVTNU", 1, 0, "11010", "TieEven"],
  ["FCVTMS", 0, 0, "11011", "MinusInf"],
  ["FCVTMU", 1, 0, "11011", "MinusInf"],
  ["FCVTAS", 0, 0, "11100", "TieAway"],
  ["FCVTAU", 1, 0, "11100", "TieAway"],
  ["FCVTPS", 0, 1, "11010", "PlusInf"],
  ["FCVTPU", 1, 1, "11010", "PlusInf"],
  ["FCVTZS", 0, 1, "11011", "Zero"],
  ["FCVTZU", 1, 1, "11011", "Zero"],
];

export const ROWS: readonly Row[] = [
  ...TO_INTEGER.flatMap(([name, u, a, opcode, rounding]) => [
    fpTwoMisc(`${name} (vector)`, u, a, opcode, toInteger(u === 0, rounding)),
    fpScalarTwoMisc(`${name} (vector, scalar)`, u, a, opcode, toIntegerScalar(u === 0, rounding)),
  ]),
  fpTwoMisc("SCVTF (vector, integer)", 0, 0, "11101", fromInteger(true)),
  fpTwoMisc("UCVTF (vector, integer)", 1, 0, "11101", fromInteger(false)),
  fpScalarTwoMisc("SCVTF (vector, integer, scalar)", 0, 0, "11101", fromIntegerScalar(true)),
  fpScalarTwoMisc("UCVTF (vector, integer, scalar)", 1, 0, "11101", fromIntegerScalar(false)),
  shiftImmediate("SCVTF (vector, fixed-point)", 0, "11100", fromFixed(true), fixedUndefined),
  shiftImmediate("UCVTF (vector, fixed-point)", 1, "11100", fromFixed(false), fixedUndefined),
  shiftImmediate("FCVTZS (vector, fixed-point)", 0, "11111", toFixed(true), fixedUndefined),
  shiftImmediate("FCVTZU (vector, fixed-point)", 1, "11111", toFixed(false), fixedUndefined),
  scalarShiftImmediate(
    "SCVTF (vector, fixed-point, scalar)",
    0,
    "11100",
    fromFixedScalar(true),
    fixedScalarUndefined,
  ),
  scalarShiftImmediate(
    "UCVTF (vector, fixed-point, scalar)",
    1,
    "11100",
    fromFixedScalar(false),
    fixedScalarUndefined,
  ),
  scalarShiftImmediate(
    "FCVTZS (vector, fixed-point, scalar)",
    0,
    "11111",
    toFixedScalar(true),
    fixedScalarUndefined,
  ),
  scalarShiftImmediate(
    "FCVTZU (vector, fixed-point, scalar)",
    1,
    "11111",
    toFixedScalar(false),
    fixedScalarUndefined,
  ),
  fpTwoMisc("FCVTL", 0, 0, "10111", emitFcvtl, () => false),
  fpTwoMisc("FCVTN", 0, 0, "10110", emitFcvtn, () => false),
  fpTwoMisc("FCVTXN", 1, 0, "10110", emitFcvtxn, (f) => f.sz === 0),
  fpScalarTwoMisc("FCVTXN (scalar)", 1, 0, "10110", emitFcvtxnScalar, (f) => f.sz === 0),
];
