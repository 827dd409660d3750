import { check } from "../arch/check.js";
import { decodeBitMask } from "./bitmask.js";
import type { Emitter } from "./emitter.js";
import { pushShifted, shiftBy } from "./integer-operand.js";
import { inst, type Row } from "./pattern.js";

/** Logical operations, moves of constants, bit fields, address generation (Arm ARM C4.1.92). */

interface Logical {
  readonly sf: number;
  /** 0 AND, 1 ORR, 2 EOR, 3 ANDS. */
  readonly opc: number;
  readonly rn: number;
  readonly rd: number;
}

function combine(e: Emitter, sf: number, opc: number): void {
  if (opc === 1) e.or(sf);
  else if (opc === 2) e.xor(sf);
  else e.and(sf);
}

/** Pop a result into Rd (31 is XZR) and set N and Z from it. */
function setWithFlags(e: Emitter, sf: number, rd: number): void {
  const result = e.popTemp(sf === 0 ? "i32" : "i64");
  e.flagsLogic(sf, result);
  e.w.local_get(result);
  e.setR(rd, sf);
  e.free(result);
}

type Immediate = Logical & Readonly<Record<"n" | "immr" | "imms", number>>;

function pushMask(e: Emitter, f: Immediate): void {
  const mask = decodeBitMask(f.n, f.imms, f.immr, f.sf);
  check(mask !== null, "reserved bit mask");
  if (f.sf === 0) e.w.i32_const(mask.lo);
  else e.w.i64_const(mask.lo, mask.hi);
}

function emitImmediate(e: Emitter, f: Immediate): void {
  e.getR(f.rn, f.sf);
  pushMask(e, f);
  combine(e, f.sf, f.opc);
  if (f.opc === 3) setWithFlags(e, f.sf, f.rd);
  else e.setRsp(f.rd, f.sf);
}

type Shifted = Logical & Readonly<Record<"shift" | "n" | "rm" | "imm6", number>>;

function emitShifted(e: Emitter, f: Shifted): void {
  const isMove = f.opc === 1 && f.rn === 31;
  if (!isMove) e.getR(f.rn, f.sf);
  pushShifted(e, f.sf, f.rm, f.shift, f.imm6);
  if (f.n === 1) {
    e.constR(-1, f.sf);
    e.xor(f.sf);
  }
  if (!isMove) combine(e, f.sf, f.opc);
  if (f.opc === 3) setWithFlags(e, f.sf, f.rd);
  else e.setR(f.rd, f.sf);
}

interface MoveWide {
  readonly sf: number;
  /** 0 MOVN, 2 MOVZ, 3 MOVK. */
  readonly opc: number;
  readonly hw: number;
  readonly imm16: number;
  readonly rd: number;
}

function emitMoveWide(e: Emitter, f: MoveWide): void {
  const { w } = e;
  const part = f.imm16 << ((f.hw & 1) * 16);
  const [lo, hi] = f.hw < 2 ? [part, 0] : [0, part];
  if (f.opc === 3) {
    const hole = ~(0xffff << ((f.hw & 1) * 16));
    const [holeLo, holeHi] = f.hw < 2 ? [hole, -1] : [-1, hole];
    e.getX(f.rd);
    w.i64_const(holeLo, f.sf === 0 ? 0 : holeHi);
    w.i64_and();
    w.i64_const(lo, hi);
    w.i64_or();
  } else if (f.opc === 0) w.i64_const(~lo, f.sf === 0 ? 0 : ~hi);
  else w.i64_const(lo, hi);
  e.setX(f.rd);
}

interface BitField {
  readonly sf: number;
  /** 0 SBFM, 1 BFM, 2 UBFM. */
  readonly opc: number;
  readonly n: number;
  readonly immr: number;
  readonly imms: number;
  readonly rn: number;
  readonly rd: number;
}

function emitBitField(e: Emitter, f: BitField): void {
  if (f.opc === 1) {
    emitInsert(e, f);
    return;
  }
  // The field's top bit goes to the register's top, then all comes down to its place.
  const size = f.sf === 0 ? 32 : 64;
  const up = size - 1 - f.imms;
  const down = f.imms >= f.immr ? up + f.immr : f.immr - f.imms - 1;
  e.getR(f.rn, f.sf);
  if (up !== 0) shiftBy(e, f.sf, 0, up);
  if (down !== 0) shiftBy(e, f.sf, f.opc === 0 ? 2 : 1, down);
  e.setR(f.rd, f.sf);
}

/** BFM: imms >= immr copies a field down to bit 0 (BFXIL), else up from bit 0 (BFI). */
function emitInsert(e: Emitter, f: BitField): void {
  const size = f.sf === 0 ? 32 : 64;
  const isExtract = f.imms >= f.immr;
  const width = BigInt(isExtract ? f.imms - f.immr + 1 : f.imms + 1);
  const at = BigInt(isExtract ? 0 : size - f.immr);
  const mask = ((1n << width) - 1n) << at;
  const push = (value: bigint): void => {
    if (f.sf === 0) e.w.i32_const(Number(BigInt.asIntN(32, value)));
    else e.w.i64_const_big(value);
  };
  e.getR(f.rd, f.sf);
  push(~mask);
  e.and(f.sf);
  e.getR(f.rn, f.sf);
  const amount = isExtract ? f.immr : size - f.immr;
  if (amount !== 0) shiftBy(e, f.sf, isExtract ? 1 : 0, amount);
  push(mask);
  e.and(f.sf);
  e.or(f.sf);
  e.setR(f.rd, f.sf);
}

type Extract = Readonly<Record<"sf" | "n" | "rm" | "imms" | "rn" | "rd", number>>;

/** The register at bit `imms` of Rn:Rm. */
function emitExtract(e: Emitter, f: Extract): void {
  const size = f.sf === 0 ? 32 : 64;
  e.getR(f.rm, f.sf);
  if (f.rn === f.rm) shiftBy(e, f.sf, 3, f.imms);
  else if (f.imms !== 0) {
    shiftBy(e, f.sf, 1, f.imms);
    e.getR(f.rn, f.sf);
    shiftBy(e, f.sf, 0, size - f.imms);
    e.or(f.sf);
  }
  e.setR(f.rd, f.sf);
}

type Address = Readonly<Record<"immlo" | "immhi" | "rd", number>>;

function signedOffset(f: Address): number {
  return ((f.immhi << 13) >> 11) | f.immlo;
}

function emitAdr(e: Emitter, f: Address): void {
  e.pcRelative(signedOffset(f));
  e.setX(f.rd);
}

function emitAdrp(e: Emitter, f: Address): void {
  const inPage = ((e.pc % 4096) + 4096) % 4096;
  e.pcRelative(signedOffset(f) * 4096 - inPage);
  e.setX(f.rd);
}

const badMask = (f: Immediate): boolean => decodeBitMask(f.n, f.imms, f.immr, f.sf) === null;
const badShift = (f: Shifted): boolean => f.sf === 0 && f.imm6 > 31;

export const ROWS: readonly Row[] = [
  inst(
    "AND, ORR, EOR (immediate)",
    "sf:1 opc:2!=11 100100 n:1 immr:6 imms:6 rn:5 rd:5",
    emitImmediate,
    { undefinedIf: badMask },
  ),
  inst(
    "ANDS (immediate)",
    "sf:1 11 100100 n:1 immr:6 imms:6 rn:5 rd:5",
    (e, f) => emitImmediate(e, { ...f, opc: 3 }),
    { undefinedIf: (f) => badMask({ ...f, opc: 3 }), flags: "sets" },
  ),
  inst(
    "AND, ORR, EOR, BIC, ORN, EON (shifted register)",
    "sf:1 opc:2!=11 01010 shift:2 n:1 rm:5 imm6:6 rn:5 rd:5",
    emitShifted,
    { undefinedIf: badShift },
  ),
  inst(
    "ANDS, BICS (shifted register)",
    "sf:1 11 01010 shift:2 n:1 rm:5 imm6:6 rn:5 rd:5",
    (e, f) => emitShifted(e, { ...f, opc: 3 }),
    { undefinedIf: (f) => f.sf === 0 && f.imm6 > 31, flags: "sets" },
  ),
  inst("MOVN, MOVZ, MOVK", "sf:1 opc:2!=01 100101 hw:2 imm16:16 rd:5", emitMoveWide, {
    undefinedIf: (f) => f.sf === 0 && f.hw > 1,
  }),
  inst(
    "SBFM, BFM, UBFM",
    "sf:1 opc:2!=11 100110 n:1 immr:6 imms:6 rn:5 rd:5",
    emitBitField,
    { undefinedIf: (f) => f.n !== f.sf || (f.sf === 0 && (f.immr > 31 || f.imms > 31)) },
  ),
  inst("EXTR", "sf:1 00 100111 n:1 0 rm:5 imms:6 rn:5 rd:5", emitExtract, {
    undefinedIf: (f) => f.n !== f.sf || (f.sf === 0 && f.imms > 31),
  }),
  inst("ADR", "0 immlo:2 10000 immhi:19 rd:5", emitAdr),
  inst("ADRP", "1 immlo:2 10000 immhi:19 rd:5", emitAdrp),
];
