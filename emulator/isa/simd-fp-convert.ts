import { DOUBLE, HALF, SINGLE, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter } from "./emitter.js";
import { scaleDown, type IntegerRounding } from "./fp-convert.js";
import { callExact, singleOrDouble, type ExactOp } from "./fp-exact.js";
import { pushInexactMatters } from "./fp-flags.js";
import {
  fpShape,
  isNative,
  MODE_FZ,
  MODE_FZ16,
  MODE_RMODE,
  pushLanes,
  pushVectorGuard,
} from "./fp-guard.js";
import { pushHalves, widenHalves } from "./fp-half.js";
import { setFpFromVector } from "./fp-scalar.js";
import { fpLanes, roundLanesTieAway } from "./fp-vector.js";
import type { Row } from "./pattern.js";
import type { ScalarShiftImmediate, ShiftImmediate } from "./simd-groups.js";
import {
  fpScalarTwoMisc,
  fpScalarTwoMiscSized,
  fpShiftImmediate,
  fpTwoMisc,
  fpTwoMiscSized,
  type FpScalarTwo,
  type FpScalarTwoSized,
  type FpTwo,
  type FpTwoSized,
} from "./simd-fp-groups.js";
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
  readonly format: FpFormat;
  readonly lanes: number;
  readonly fracBits: number;
}

/**
 * Push Vn's lanes as integers: saturating, NaN to 0. A subnormal that FPCR.FZ makes zero rounds to zero anyway but
 * for the directed roundings and halves with so many fraction bits that one may be an integer.
 */
function pushToInteger(
  e: Emitter,
  c: Conversion,
  isSigned: boolean,
  rounding: IntegerRounding,
): void {
  const { w, mode } = e;
  const { format } = c;
  const flushMatters =
    rounding === "PlusInf" || rounding === "MinusInf" || c.fracBits >= format.bias;
  if (mode.fpsrExact || (flushMatters && (mode.fpcr & (MODE_FZ | MODE_FZ16)) !== 0)) {
    const op: ExactOp = `to${isSigned ? "Signed" : "Unsigned"}${rounding}`;
    callExact(e, { op, from: format, lanes: c.lanes, fracBits: c.fracBits }, [() => e.getV(c.rn)]);
    return;
  }
  const shape = fpShape(format);
  const sign = isSigned ? "s" : "u";
  const rounded = (part: 0 | 1): void => {
    e.getV(c.rn);
    if (format === HALF) widenHalves(e, part);
    if (c.fracBits > 0) {
      pushLanes(e, format, 2 ** c.fracBits);
      w[`${shape}_mul`](); // exact, or an infinity that saturates
    }
    if (rounding === "TieAway") roundLanesTieAway(e, format);
    else if (rounding !== "Zero") w[`${shape}_${NATIVE_ROUNDING[rounding]}`]();
  };
  if (format === HALF) {
    for (const part of [0, 1] as const) {
      rounded(part);
      w.i32x4_trunc_sat_f32x4_s();
    }
    w[`i16x8_narrow_i32x4_${sign}`](); // saturates
    return;
  }
  rounded(0);
  if (format === SINGLE) {
    w[`i32x4_trunc_sat_f32x4_${sign}`]();
    return;
  }
  const x = e.popTemp("v128");
  for (let i = 0; i < c.lanes; i++) {
    w.local_get(x);
    w.f64x2_extract_lane(i);
    w[`i64_trunc_sat_f64_${sign}`]();
    if (i === 0) w.i64x2_splat();
    else w.i64x2_replace_lane(i);
  }
  e.free(x);
}

/** Push Vn's integer lanes as floating-point numbers. */
function pushFromInteger(e: Emitter, c: Conversion, isSigned: boolean): void {
  const { w, mode } = e;
  const { format } = c;
  const exact = (): void => {
    const op: ExactOp = isSigned ? "fromSigned" : "fromUnsigned";
    callExact(e, { op, from: format, lanes: c.lanes, fracBits: c.fracBits }, [() => e.getV(c.rn)]);
  };
  const inHalf = format === HALF && (mode.fpsrExact || (mode.fpcr & MODE_FZ16) !== 0);
  if ((mode.fpcr & MODE_RMODE) !== 0 || inHalf) {
    exact();
    return;
  }
  if (!mode.fpsrExact) {
    pushConvertedIntegers(e, c, isSigned);
    return;
  }
  pushInexactMatters(e);
  const unsure = w.unlikely().if_("v128");
  exact();
  w.else_(unsure);
  pushConvertedIntegers(e, c, isSigned);
  w.end(unsure);
}

/** The same natively. Only the conversion rounds: scaling is exact, the number is zero or at least one before. */
function pushConvertedIntegers(e: Emitter, c: Conversion, isSigned: boolean): void {
  const { w } = e;
  const { format } = c;
  const sign = isSigned ? "s" : "u";
  const scale = (): void => {
    if (c.fracBits === 0) return;
    pushLanes(e, SINGLE, 2 ** -c.fracBits);
    w.f32x4_mul();
  };
  if (format === HALF) {
    pushHalves(e, c.lanes, (part) => {
      e.getV(c.rn);
      w[`i32x4_extend_${part === 0 ? "low" : "high"}_i16x8_${sign}`]();
      w.f32x4_convert_i32x4_s(); // exact, then rounded once
      scale();
    });
    return;
  }
  e.getV(c.rn);
  if (format === SINGLE) {
    w[`f32x4_convert_i32x4_${sign}`]();
    scale();
    return;
  }
  const x = e.popTemp("v128");
  for (let i = 0; i < c.lanes; i++) {
    w.local_get(x);
    w.i64x2_extract_lane(i);
    w[`f64_convert_i64_${sign}`]();
    scaleDown(e, "f64", c.fracBits);
    if (i === 0) w.f64x2_splat();
    else w.f64x2_replace_lane(i);
  }
  e.free(x);
}

function vector(f: FpTwo): Conversion {
  return { rn: f.rn, format: f.format, lanes: fpLanes(f.q, f.format), fracBits: 0 };
}

function scalar(f: FpScalarTwo): Conversion {
  return { rn: f.rn, format: f.format, lanes: 1, fracBits: 0 };
}

function toInteger(isSigned: boolean, rounding: IntegerRounding) {
  return (e: Emitter, f: FpTwo): void => {
    pushToInteger(e, vector(f), isSigned, rounding);
    setVq(e, f.rd, f.q);
  };
}

function toIntegerScalar(isSigned: boolean, rounding: IntegerRounding) {
  return (e: Emitter, f: FpScalarTwo): void => {
    pushToInteger(e, scalar(f), isSigned, rounding);
    setFpFromVector(e, f.rd, f.format);
  };
}

function fromInteger(isSigned: boolean) {
  return (e: Emitter, f: FpTwo): void => {
    pushFromInteger(e, vector(f), isSigned);
    setVq(e, f.rd, f.q);
  };
}

function fromIntegerScalar(isSigned: boolean) {
  return (e: Emitter, f: FpScalarTwo): void => {
    pushFromInteger(e, scalar(f), isSigned);
    setFpFromVector(e, f.rd, f.format);
  };
}

/** immh 001x: halfwords; 01xx: words; 1xxx: doublewords. immh:immb = 2 * lane bits - fraction bits. */
function fixedPoint(f: ScalarShiftImmediate, q: number): Conversion {
  const format = f.immh < 4 ? HALF : singleOrDouble(f.immh >> 3);
  const fracBits = 2 * format.width - ((f.immh << 3) | f.immb);
  return { rn: f.rn, format, lanes: fpLanes(q, format), fracBits };
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
    setFpFromVector(e, f.rd, c.format);
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
    setFpFromVector(e, f.rd, c.format);
  };
}

interface FormatConversion {
  readonly op: ExactOp;
  readonly from: FpFormat;
  readonly to: FpFormat;
  readonly lanes: number;
}

/** Pop a v128 operand; push its low lanes in another format, by `native` where the guard lets it. */
function pushConverted(e: Emitter, request: FormatConversion, native: (() => void) | null): void {
  const { w } = e;
  const x = e.popTemp("v128");
  const operands = [() => w.local_get(x)];
  if (native === null || !isNative(e, request)) callExact(e, request, operands);
  else {
    w.local_get(x);
    native();
    const result = e.popTemp("v128");
    pushVectorGuard(e, request, result, operands);
    const unsure = w.unlikely().if_();
    callExact(e, request, operands);
    w.local_set(result);
    w.end(unsure);
    w.local_get(result);
    e.free(result);
  }
  e.free(x);
}

/** FCVTL, FCVTL2: half of Vn, widened. */
function emitFcvtl(e: Emitter, f: FpTwoSized): void {
  getHalf(e, f.rn, f.q);
  if (f.sz === 0) {
    const request = { op: "convert", from: HALF, to: SINGLE, lanes: 4 } as const;
    pushConverted(e, request, () => widenHalves(e, 0));
  } else {
    const request = { op: "convert", from: SINGLE, to: DOUBLE, lanes: 2 } as const;
    pushConverted(e, request, () => e.w.f64x2_promote_low_f32x4());
  }
  e.setV(f.rd);
}

/** FCVTN, FCVTN2: Vn narrowed into half of Vd. */
function emitFcvtn(e: Emitter, f: FpTwoSized): void {
  e.getV(f.rn);
  if (f.sz === 0) {
    const request = { op: "convert", from: SINGLE, to: HALF, lanes: 4 } as const;
    pushConverted(e, request, () => {
      const x = e.popTemp("v128");
      pushHalves(e, 4, () => e.w.local_get(x));
      e.free(x);
    });
  } else {
    const request = { op: "convert", from: DOUBLE, to: SINGLE, lanes: 2 } as const;
    pushConverted(e, request, () => e.w.f32x4_demote_f64x2_zero());
  }
  setNarrowed(e, f.rd, f.q);
}

const TO_ODD = { op: "convertOdd", from: DOUBLE, to: SINGLE } as const;

function emitFcvtxn(e: Emitter, f: FpTwoSized): void {
  e.getV(f.rn);
  pushConverted(e, { ...TO_ODD, lanes: 2 }, null);
  setNarrowed(e, f.rd, f.q);
}

function emitFcvtxnScalar(e: Emitter, f: FpScalarTwoSized): void {
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
    ...fpTwoMisc(`${name} (vector)`, u, a, opcode, toInteger(u === 0, rounding)),
    ...fpScalarTwoMisc(
      `${name} (vector, scalar)`,
      u,
      a,
      opcode,
      toIntegerScalar(u === 0, rounding),
    ),
  ]),
  ...fpTwoMisc("SCVTF (vector, integer)", 0, 0, "11101", fromInteger(true)),
  ...fpTwoMisc("UCVTF (vector, integer)", 1, 0, "11101", fromInteger(false)),
  ...fpScalarTwoMisc("SCVTF (vector, integer, scalar)", 0, 0, "11101", fromIntegerScalar(true)),
  ...fpScalarTwoMisc("UCVTF (vector, integer, scalar)", 1, 0, "11101", fromIntegerScalar(false)),
  ...fpShiftImmediate("SCVTF", 0, "11100", fromFixed(true), fromFixedScalar(true)),
  ...fpShiftImmediate("UCVTF", 1, "11100", fromFixed(false), fromFixedScalar(false)),
  ...fpShiftImmediate("FCVTZS", 0, "11111", toFixed(true), toFixedScalar(true)),
  ...fpShiftImmediate("FCVTZU", 1, "11111", toFixed(false), toFixedScalar(false)),
  fpTwoMiscSized("FCVTL", 0, 0, "10111", emitFcvtl, () => false),
  fpTwoMiscSized("FCVTN", 0, 0, "10110", emitFcvtn, () => false),
  fpTwoMiscSized("FCVTXN", 1, 0, "10110", emitFcvtxn, (f) => f.sz === 0),
  fpScalarTwoMiscSized("FCVTXN (scalar)", 1, 0, "10110", emitFcvtxnScalar, (f) => f.sz === 0),
];
