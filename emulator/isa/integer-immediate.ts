import type { Emitter } from "./emitter.js";
import { inst, signed, type Row } from "./pattern.js";

/** Data processing with an immediate (Arm ARM C4.1.92). */

/** Decode the 13 bits N:immr:imms of a logical immediate. Arm ARM DecodeBitMasks. @returns null if reserved */
export function bitMask(n: number, imms: number, immr: number, sf: number): bigint | null {
  const combined = (n << 6) | (~imms & 0x3f);
  const len = 31 - Math.clz32(combined);
  if (len < 1 || (sf === 0 && n === 1)) return null;
  const size = 1 << len;
  const levels = size - 1;
  const s = imms & levels;
  const r = immr & levels;
  if (s === levels) return null;
  const width = BigInt(size);
  const ones = (1n << BigInt(s + 1)) - 1n;
  let element = ones;
  if (r > 0) {
    const low = ones & ((1n << BigInt(r)) - 1n);
    element = (ones >> BigInt(r)) | (low << (width - BigInt(r)));
  }
  let value = 0n;
  for (let at = 0; at < 64; at += size) value |= element << BigInt(at);
  return sf === 0 ? value & 0xffff_ffffn : value;
}

function constant(e: Emitter, value: bigint, sf: number): void {
  if (sf === 0) e.w.i32_const(Number(BigInt.asIntN(32, value)));
  else e.w.i64_const_big(value);
}

function addSubImmediate(isSub: boolean, setFlags: boolean) {
  return (
    e: Emitter,
    f: { sf: number; sh: number; imm12: number; rn: number; rd: number },
  ): void => {
    const value = f.imm12 << (f.sh * 12);
    // With flags, register 31 is XZR.
    if (f.sf === 1 && (f.rd !== 31 || !setFlags)) e.noteStep(f.rd, f.rn, isSub ? -value : value);
    e.getRsp(f.rn, f.sf);
    if (!setFlags) {
      e.constR(value, f.sf);
      if (isSub) e.sub(f.sf);
      else e.add(f.sf);
      e.setRsp(f.rd, f.sf);
      return;
    }
    const type = f.sf === 0 ? "i32" : "i64";
    const a = e.popTemp(type);
    e.constR(value, f.sf);
    const b = e.popTemp(type);
    emitAddSubFlags(e, f.sf, a, b, isSub, f.rd);
    e.free(a, b);
  };
}

/** Flags and result of a + b or a - b. */
export function emitAddSubFlags(
  e: Emitter,
  sf: number,
  a: ReturnType<Emitter["temp"]>,
  b: ReturnType<Emitter["temp"]>,
  isSub: boolean,
  rd: number,
): void {
  if (isSub) e.flagsSub(sf, a, b);
  else e.flagsAdd(sf, a, b);
  if (rd === 31) return;
  e.w.local_get(a);
  e.w.local_get(b);
  if (isSub) e.sub(sf);
  else e.add(sf);
  e.setR(rd, sf);
}

function logicalImmediate(op: "and" | "or" | "xor", setFlags: boolean) {
  return (
    e: Emitter,
    f: { sf: number; n: number; immr: number; imms: number; rn: number; rd: number },
  ): void => {
    e.getR(f.rn, f.sf);
    constant(e, bitMask(f.n, f.imms, f.immr, f.sf)!, f.sf);
    e[op](f.sf);
    if (!setFlags) {
      e.setRsp(f.rd, f.sf);
      return;
    }
    const result = e.popTemp(f.sf === 0 ? "i32" : "i64");
    e.flagsLogic(f.sf, result);
    e.w.local_get(result);
    e.setR(f.rd, f.sf);
    e.free(result);
  };
}

const reservedMask = {
  undefinedIf: (f: { sf: number; n: number; immr: number; imms: number }): boolean =>
    bitMask(f.n, f.imms, f.immr, f.sf) === null,
};

function moveWide(kind: "movn" | "movz" | "movk") {
  return (e: Emitter, f: { sf: number; hw: number; imm16: number; rd: number }): void => {
    const shift = BigInt(f.hw * 16);
    const value = BigInt(f.imm16) << shift;
    if (kind === "movk") {
      e.getR(f.rd, f.sf);
      constant(e, ~(0xffffn << shift), f.sf);
      e.and(f.sf);
      constant(e, value, f.sf);
      e.or(f.sf);
    } else constant(e, kind === "movn" ? ~value : value, f.sf);
    e.setR(f.rd, f.sf);
  };
}

const wideTooFar = {
  undefinedIf: (f: { sf: number; hw: number }): boolean => f.sf === 0 && f.hw > 1,
};

interface Bitfield {
  sf: number;
  n: number;
  immr: number;
  imms: number;
  rn: number;
  rd: number;
}

const badBitfield = {
  undefinedIf: (f: Bitfield): boolean =>
    f.n !== f.sf || (f.sf === 0 && (f.immr > 31 || f.imms > 31)),
};

/** SBFM and UBFM: extract bits imms:immr, or insert bits imms:0 at -immr, and extend. */
function bitfieldMove(isSigned: boolean) {
  return (e: Emitter, f: Bitfield): void => {
    const size = f.sf === 0 ? 32 : 64;
    const shiftRight = (n: number): void => {
      if (n === 0) return;
      e.constR(n, f.sf);
      if (f.sf === 0) {
        if (isSigned) e.w.i32_shr_s();
        else e.w.i32_shr_u();
      } else if (isSigned) e.w.i64_shr_s();
      else e.w.i64_shr_u();
    };
    const shiftLeft = (n: number): void => {
      if (n === 0) return;
      e.constR(n, f.sf);
      if (f.sf === 0) e.w.i32_shl();
      else e.w.i64_shl();
    };
    e.getR(f.rn, f.sf);
    // Put the field's top bit at the top, then bring it down to where it belongs, extending.
    const up = size - 1 - f.imms;
    shiftLeft(up);
    if (f.imms >= f.immr) shiftRight(up + f.immr);
    else shiftRight(f.immr - f.imms - 1);
    e.setR(f.rd, f.sf);
  };
}

function emitBfm(e: Emitter, f: Bitfield): void {
  const size = f.sf === 0 ? 32 : 64;
  const extract = f.imms >= f.immr;
  const width = extract ? f.imms - f.immr + 1 : f.imms + 1;
  const at = extract ? 0 : size - f.immr;
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(at);
  e.getR(f.rd, f.sf);
  constant(e, ~mask, f.sf);
  e.and(f.sf);
  e.getR(f.rn, f.sf);
  const shift = extract ? f.immr : at;
  if (shift > 0) {
    e.constR(shift, f.sf);
    if (f.sf === 0) {
      if (extract) e.w.i32_shr_u();
      else e.w.i32_shl();
    } else if (extract) e.w.i64_shr_u();
    else e.w.i64_shl();
  }
  constant(e, mask, f.sf);
  e.and(f.sf);
  e.or(f.sf);
  e.setR(f.rd, f.sf);
}

function emitExtr(
  e: Emitter,
  f: { sf: number; rm: number; imms: number; rn: number; rd: number },
): void {
  const size = f.sf === 0 ? 32 : 64;
  if (f.imms === 0) {
    e.getR(f.rm, f.sf);
  } else {
    e.getR(f.rm, f.sf);
    e.constR(f.imms, f.sf);
    if (f.sf === 0) e.w.i32_shr_u();
    else e.w.i64_shr_u();
    e.getR(f.rn, f.sf);
    e.constR(size - f.imms, f.sf);
    if (f.sf === 0) e.w.i32_shl();
    else e.w.i64_shl();
    e.or(f.sf);
  }
  e.setR(f.rd, f.sf);
}

export const ROWS: readonly Row[] = [
  inst("ADR", "0 immlo:2 10000 immhi:19 rd:5", (e, f) => {
    e.pcRelative(signed((f.immhi << 2) | f.immlo, 21));
    e.setX(f.rd);
  }),
  inst("ADRP", "1 immlo:2 10000 immhi:19 rd:5", (e, f) => {
    const offset = signed((f.immhi << 2) | f.immlo, 21) * 4096;
    e.pcRelative(offset - (((e.pc % 4096) + 4096) % 4096));
    e.setX(f.rd);
  }),
  inst("ADD (immediate)", "sf:1 0 0 100010 sh:1 imm12:12 rn:5 rd:5", addSubImmediate(false, false)),
  inst(
    "ADDS (immediate)",
    "sf:1 0 1 100010 sh:1 imm12:12 rn:5 rd:5",
    addSubImmediate(false, true),
    { flags: "sets" },
  ),
  inst("SUB (immediate)", "sf:1 1 0 100010 sh:1 imm12:12 rn:5 rd:5", addSubImmediate(true, false)),
  inst("SUBS (immediate)", "sf:1 1 1 100010 sh:1 imm12:12 rn:5 rd:5", addSubImmediate(true, true), {
    flags: "sets",
  }),
  inst(
    "AND (immediate)",
    "sf:1 00 100100 n:1 immr:6 imms:6 rn:5 rd:5",
    logicalImmediate("and", false),
    reservedMask,
  ),
  inst(
    "ORR (immediate)",
    "sf:1 01 100100 n:1 immr:6 imms:6 rn:5 rd:5",
    logicalImmediate("or", false),
    reservedMask,
  ),
  inst(
    "EOR (immediate)",
    "sf:1 10 100100 n:1 immr:6 imms:6 rn:5 rd:5",
    logicalImmediate("xor", false),
    reservedMask,
  ),
  inst(
    "ANDS (immediate)",
    "sf:1 11 100100 n:1 immr:6 imms:6 rn:5 rd:5",
    logicalImmediate("and", true),
    { ...reservedMask, flags: "sets" },
  ),
  inst("MOVN", "sf:1 00 100101 hw:2 imm16:16 rd:5", moveWide("movn"), wideTooFar),
  inst("MOVZ", "sf:1 10 100101 hw:2 imm16:16 rd:5", moveWide("movz"), wideTooFar),
  inst("MOVK", "sf:1 11 100101 hw:2 imm16:16 rd:5", moveWide("movk"), wideTooFar),
  inst("SBFM", "sf:1 00 100110 n:1 immr:6 imms:6 rn:5 rd:5", bitfieldMove(true), badBitfield),
  inst("BFM", "sf:1 01 100110 n:1 immr:6 imms:6 rn:5 rd:5", emitBfm, badBitfield),
  inst("UBFM", "sf:1 10 100110 n:1 immr:6 imms:6 rn:5 rd:5", bitfieldMove(false), badBitfield),
  inst("EXTR", "sf:1 00 100111 n:1 0 rm:5 imms:6 rn:5 rd:5", emitExtr, {
    undefinedIf: (f) => f.n !== f.sf || (f.sf === 0 && f.imms > 31),
  }),
];
