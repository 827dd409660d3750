import { fpConvert } from "../cpu/fp/convert.js";
import { DOUBLE, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter } from "./emitter.js";
import { formatOf } from "./fp-exact.js";
import { FTYPE, ftypeFeature, getFpBits, setFpBits, setFpFromVector } from "./fp-scalar.js";
import { negateLanes } from "./fp-vector.js";
import { inst, type Row } from "./pattern.js";

/** Moves: FMOV, FABS, FNEG, FCSEL. They act on bits, NaNs included, and ignore FPCR. */

interface OneSource {
  readonly ftype: number;
  readonly rn: number;
  readonly rd: number;
}

function emitFmovRegister(e: Emitter, f: OneSource): void {
  e.getV(f.rn);
  setFpFromVector(e, f.rd, formatOf(f.ftype));
}

function emitFabs(e: Emitter, f: OneSource): void {
  const { width } = formatOf(f.ftype);
  e.getV(f.rn);
  e.w.v128_const(laneBytes((1n << BigInt(width - 1)) - 1n)); // the sign and the other lanes go
  e.w.v128_and();
  e.setV(f.rd);
}

function emitFneg(e: Emitter, f: OneSource): void {
  const format = formatOf(f.ftype);
  e.getV(f.rn);
  negateLanes(e, format);
  setFpFromVector(e, f.rd, format);
}

/** A v128 constant of 64 bits below and zero above. */
function laneBytes(value: bigint): Uint8Array {
  return new Uint8Array(new BigUint64Array([value, 0n]).buffer);
}

/**
 * The 8-bit immediate as a number: sign, three exponent bits, four fraction bits; (16 + 0..15) / 16 times a power
 * of two in -3..4. Arm ARM: VFPExpandImm.
 */
export function expandFpImmediate(imm8: number): number {
  const exponent = (((imm8 >> 4) & 7) ^ 4) - 3;
  const magnitude = ((16 + (imm8 & 15)) / 16) * 2 ** exponent;
  return imm8 & 0x80 ? -magnitude : magnitude;
}

/** The same as a bit pattern. */
export function fpImmediateBits(format: FpFormat, imm8: number): bigint {
  return fpConvert(DOUBLE, format, doubleBits(expandFpImmediate(imm8)));
}

function doubleBits(value: number): bigint {
  return new BigUint64Array(new Float64Array([value]).buffer)[0]!;
}

function emitFmovImmediate(
  e: Emitter,
  f: { readonly ftype: number; readonly imm8: number; readonly rd: number },
): void {
  e.w.v128_const(laneBytes(fpImmediateBits(formatOf(f.ftype), f.imm8)));
  e.setV(f.rd);
}

function emitFcsel(
  e: Emitter,
  f: OneSource & { readonly rm: number; readonly cond: number },
): void {
  getFpBits(e, f.rn, f.ftype);
  getFpBits(e, f.rm, f.ftype);
  e.cond(f.cond);
  e.w.select();
  setFpBits(e, f.rd, f.ftype);
}

interface Transfer {
  readonly sf: number;
  readonly ftype: number;
  readonly rn: number;
  readonly rd: number;
}

/** W with S, X with D, either with H. */
function transferUndefined(f: Transfer): boolean {
  return f.ftype !== 3 && f.sf !== f.ftype;
}

function emitFmovToGeneral(e: Emitter, f: Transfer): void {
  getFpBits(e, f.rn, f.ftype);
  if (f.ftype === 1) e.setX(f.rd);
  else e.setW(f.rd);
}

function emitFmovFromGeneral(e: Emitter, f: Transfer): void {
  if (f.ftype === 1) e.getX(f.rn);
  else e.getW(f.rn);
  setFpBits(e, f.rd, f.ftype);
}

type Registers = Pick<Transfer, "rn" | "rd">;

function emitFmovTopToGeneral(e: Emitter, f: Registers): void {
  e.getV(f.rn);
  e.w.i64x2_extract_lane(1);
  e.setX(f.rd);
}

function emitFmovTopFromGeneral(e: Emitter, f: Registers): void {
  e.getV(f.rd);
  e.getX(f.rn);
  e.w.i64x2_replace_lane(1);
  e.setV(f.rd);
}

const TRANSFER = { feature: ftypeFeature, undefinedIf: transferUndefined } as const;

export const ROWS: readonly Row[] = [
  inst("FMOV (register)", "00011110 ftype:2 1 000000 10000 rn:5 rd:5", emitFmovRegister, FTYPE),
  inst("FABS (scalar)", "00011110 ftype:2 1 000001 10000 rn:5 rd:5", emitFabs, FTYPE),
  inst("FNEG (scalar)", "00011110 ftype:2 1 000010 10000 rn:5 rd:5", emitFneg, FTYPE),
  inst(
    "FMOV (scalar, immediate)",
    "00011110 ftype:2 1 imm8:8 100 00000 rd:5",
    emitFmovImmediate,
    FTYPE,
  ),
  inst("FCSEL", "00011110 ftype:2 1 rm:5 cond:4 11 rn:5 rd:5", emitFcsel, {
    ...FTYPE,
    flags: "reads",
  }),
  inst(
    "FMOV (general), to general",
    "sf:1 0011110 ftype:2 1 00 110 000000 rn:5 rd:5",
    emitFmovToGeneral,
    TRANSFER,
  ),
  inst(
    "FMOV (general), from general",
    "sf:1 0011110 ftype:2 1 00 111 000000 rn:5 rd:5",
    emitFmovFromGeneral,
    TRANSFER,
  ),
  inst(
    "FMOV (general), from top half",
    "1 0011110 10 1 01 110 000000 rn:5 rd:5",
    emitFmovTopToGeneral,
    { feature: "fp" },
  ),
  inst(
    "FMOV (general), to top half",
    "1 0011110 10 1 01 111 000000 rn:5 rd:5",
    emitFmovTopFromGeneral,
    { feature: "fp" },
  ),
];
