import { lazy } from "../arch/lazy.js";
import type { Emitter } from "./emitter.js";
import { helper } from "./helpers.js";
import { inst, type Row } from "./pattern.js";

/** Multiplication, division, shifts by register, bit counting and reversal (Arm ARM C4.1.95). */

interface Two {
  sf: number;
  rm: number;
  rn: number;
  rd: number;
}

function divide(isSigned: boolean) {
  return (e: Emitter, f: Two): void => {
    const { w } = e;
    const type = f.sf === 0 ? "i32" : "i64";
    e.getR(f.rm, f.sf);
    const divisor = e.popTemp(type);
    // Division by zero gives zero. MIN / -1 overflows: wasm traps, A64 wraps, so negate instead.
    w.local_get(divisor);
    w[`${type}_eqz` as const]();
    const zero = w.if_(type);
    e.constR(0, f.sf);
    w.else_(zero);
    if (isSigned) {
      w.local_get(divisor);
      e.constR(-1, f.sf);
      w[`${type}_eq` as const]();
      const negate = w.if_(type);
      e.constR(0, f.sf);
      e.getR(f.rn, f.sf);
      e.sub(f.sf);
      w.else_(negate);
      e.getR(f.rn, f.sf);
      w.local_get(divisor);
      w[`${type}_div_s` as const]();
      w.end(negate);
    } else {
      e.getR(f.rn, f.sf);
      w.local_get(divisor);
      w[`${type}_div_u` as const]();
    }
    w.end(zero);
    e.setR(f.rd, f.sf);
    e.free(divisor);
  };
}

function shiftVariable(op: "shl" | "shr_u" | "shr_s" | "rotr") {
  return (e: Emitter, f: Two): void => {
    e.getR(f.rn, f.sf);
    e.getR(f.rm, f.sf);
    // wasm takes the count modulo the size, as A64 does.
    e.w[`${f.sf === 0 ? "i32" : "i64"}_${op}` as const]();
    e.setR(f.rd, f.sf);
  };
}

function multiplyAdd(isSub: boolean) {
  return (e: Emitter, f: Two & { ra: number }): void => {
    e.getR(f.ra, f.sf);
    e.getR(f.rn, f.sf);
    e.getR(f.rm, f.sf);
    e.w[`${f.sf === 0 ? "i32" : "i64"}_mul` as const]();
    if (isSub) e.sub(f.sf);
    else e.add(f.sf);
    e.setR(f.rd, f.sf);
  };
}

function multiplyLong(isSigned: boolean, isSub: boolean) {
  return (e: Emitter, f: { rm: number; ra: number; rn: number; rd: number }): void => {
    const extend = (): void => {
      if (isSigned) e.w.i64_extend_i32_s();
      else e.w.i64_extend_i32_u();
    };
    e.getX(f.ra);
    e.getW(f.rn);
    extend();
    e.getW(f.rm);
    extend();
    e.w.i64_mul();
    if (isSub) e.w.i64_sub();
    else e.w.i64_add();
    e.setX(f.rd);
  };
}

/** High 64 bits of a 128-bit product, from four 32-bit partial products. */
function multiplyHigh(isSigned: boolean) {
  return (e: Emitter, f: { rm: number; rn: number; rd: number }): void => {
    const { w } = e;
    e.getX(f.rn);
    const a = e.popTemp("i64");
    e.getX(f.rm);
    const b = e.popTemp("i64");
    const low = e.temp("i64");
    const mid = e.temp("i64");
    const lowHalf = (x: typeof a): void => {
      w.local_get(x);
      w.i64_const(-1, 0);
      w.i64_and();
    };
    const highHalf = (x: typeof a): void => {
      w.local_get(x);
      w.i64_const(32, 0);
      w.i64_shr_u();
    };
    // mid = aHigh * bLow + (aLow * bLow >> 32): cannot overflow.
    lowHalf(a);
    lowHalf(b);
    w.i64_mul();
    w.i64_const(32, 0);
    w.i64_shr_u();
    highHalf(a);
    lowHalf(b);
    w.i64_mul();
    w.i64_add();
    w.local_set(mid);
    // low = aLow * bHigh + low half of mid.
    lowHalf(a);
    highHalf(b);
    w.i64_mul();
    lowHalf(mid);
    w.i64_add();
    w.local_set(low);
    highHalf(a);
    highHalf(b);
    w.i64_mul();
    highHalf(mid);
    w.i64_add();
    highHalf(low);
    w.i64_add();
    if (isSigned) {
      // A negative operand was read as 2^64 too large.
      for (const [x, y] of [
        [a, b],
        [b, a],
      ] as const) {
        w.local_get(x);
        w.i64_const(63, 0);
        w.i64_shr_s();
        w.local_get(y);
        w.i64_and();
        w.i64_sub();
      }
    }
    e.setX(f.rd);
    e.free(a, b, low, mid);
  };
}

/** Swap neighbouring groups of `bits` bits: mask keeps the lower group of each pair. */
function swapGroups(e: Emitter, sf: number, bits: number, mask: bigint): void {
  const { w } = e;
  const type = sf === 0 ? "i32" : "i64";
  const value = e.popTemp(type);
  const pushMask = (): void => {
    if (sf === 0) w.i32_const(Number(BigInt.asIntN(32, mask)));
    else w.i64_const_big(mask);
  };
  w.local_get(value);
  pushMask();
  e.and(sf);
  e.constR(bits, sf);
  w[`${type}_shl` as const]();
  w.local_get(value);
  e.constR(bits, sf);
  w[`${type}_shr_u` as const]();
  pushMask();
  e.and(sf);
  e.or(sf);
  e.free(value);
}

const BYTES = 0x00ff_00ff_00ff_00ffn;
const HALVES = 0x0000_ffff_0000_ffffn;

interface One {
  sf: number;
  rn: number;
  rd: number;
}

function emitRev16(e: Emitter, f: One): void {
  e.getR(f.rn, f.sf);
  swapGroups(e, f.sf, 8, BYTES);
  e.setR(f.rd, f.sf);
}

/** REV32, and REV of a W register: bytes reversed in each word. */
function emitRev32(e: Emitter, f: One): void {
  e.getR(f.rn, f.sf);
  swapGroups(e, f.sf, 8, BYTES);
  swapGroups(e, f.sf, 16, HALVES);
  e.setR(f.rd, f.sf);
}

function emitRev64(e: Emitter, f: { rn: number; rd: number }): void {
  e.getX(f.rn);
  swapGroups(e, 1, 8, BYTES);
  swapGroups(e, 1, 16, HALVES);
  e.w.i64_const(32, 0);
  e.w.i64_rotl();
  e.setX(f.rd);
}

function emitRbit(e: Emitter, f: One): void {
  e.getR(f.rn, f.sf);
  swapGroups(e, f.sf, 1, 0x5555_5555_5555_5555n);
  swapGroups(e, f.sf, 2, 0x3333_3333_3333_3333n);
  swapGroups(e, f.sf, 4, 0x0f0f_0f0f_0f0f_0f0fn);
  swapGroups(e, f.sf, 8, BYTES);
  swapGroups(e, f.sf, 16, HALVES);
  if (f.sf !== 0) {
    e.w.i64_const(32, 0);
    e.w.i64_rotl();
  }
  e.setR(f.rd, f.sf);
}

function emitClz(e: Emitter, f: One): void {
  e.getR(f.rn, f.sf);
  if (f.sf === 0) e.w.i32_clz();
  else e.w.i64_clz();
  e.setR(f.rd, f.sf);
}

/** Leading bits equal to the sign, not counting it: CLZ of (x ^ (x asr 1)), less one. */
function emitCls(e: Emitter, f: One): void {
  const { w } = e;
  e.getR(f.rn, f.sf);
  e.getR(f.rn, f.sf);
  e.constR(1, f.sf);
  if (f.sf === 0) {
    w.i32_shr_s();
    w.i32_xor();
    w.i32_clz();
  } else {
    w.i64_shr_s();
    w.i64_xor();
    w.i64_clz();
  }
  e.constR(1, f.sf);
  e.sub(f.sf);
  e.setR(f.rd, f.sf);
}

/** Bit-reflected polynomials of CRC32 and CRC32C. */
const CRC_POLYNOMIAL = { crc32: 0xedb8_8320, crc32c: 0x82f6_3b78 } as const;

function crcTable(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ polynomial : c >>> 1;
    return c >>> 0;
  });
}

function crcHelper(name: "crc32" | "crc32c"): string {
  const table = lazy(() => crcTable(CRC_POLYNOMIAL[name]));
  return helper(name, ["i32", "i32", "i32", "i32"], "i32", (_, acc, lo, hi, bytes) => {
    const bytesTable = table();
    let crc = acc! >>> 0;
    for (let i = 0; i < bytes!; i++) {
      const byte = ((i < 4 ? lo! >>> (i * 8) : hi! >>> ((i - 4) * 8)) ^ crc) & 0xff;
      crc = (crc >>> 8) ^ bytesTable[byte]!;
    }
    return crc | 0;
  });
}

function emitCrc(name: string) {
  return (e: Emitter, f: { sz: number; rm: number; rn: number; rd: number }): void => {
    e.getW(f.rn);
    e.getW(f.rm);
    e.getX(f.rm);
    e.w.i64_const(32, 0);
    e.w.i64_shr_u();
    e.w.i32_wrap_i64();
    e.w.i32_const(1 << f.sz);
    e.callHelper(name);
    e.setW(f.rd);
  };
}

const CRC32 = crcHelper("crc32");
const CRC32C = crcHelper("crc32c");

export const ROWS: readonly Row[] = [
  inst("UDIV", "sf:1 0 0 11010110 rm:5 000010 rn:5 rd:5", divide(false)),
  inst("SDIV", "sf:1 0 0 11010110 rm:5 000011 rn:5 rd:5", divide(true)),
  inst("LSLV", "sf:1 0 0 11010110 rm:5 001000 rn:5 rd:5", shiftVariable("shl")),
  inst("LSRV", "sf:1 0 0 11010110 rm:5 001001 rn:5 rd:5", shiftVariable("shr_u")),
  inst("ASRV", "sf:1 0 0 11010110 rm:5 001010 rn:5 rd:5", shiftVariable("shr_s")),
  inst("RORV", "sf:1 0 0 11010110 rm:5 001011 rn:5 rd:5", shiftVariable("rotr")),
  inst("CRC32", "sf:1 0 0 11010110 rm:5 010 0 sz:2 rn:5 rd:5", emitCrc(CRC32), {
    feature: "crc32",
    undefinedIf: (f) => (f.sz === 3) !== (f.sf === 1),
  }),
  inst("CRC32C", "sf:1 0 0 11010110 rm:5 010 1 sz:2 rn:5 rd:5", emitCrc(CRC32C), {
    feature: "crc32",
    undefinedIf: (f) => (f.sz === 3) !== (f.sf === 1),
  }),
  inst("RBIT", "sf:1 1 0 11010110 00000 000000 rn:5 rd:5", emitRbit),
  inst("REV16", "sf:1 1 0 11010110 00000 000001 rn:5 rd:5", emitRev16),
  inst("REV (32-bit), REV32", "sf:1 1 0 11010110 00000 000010 rn:5 rd:5", emitRev32),
  inst("REV (64-bit)", "1 1 0 11010110 00000 000011 rn:5 rd:5", emitRev64),
  inst("CLZ", "sf:1 1 0 11010110 00000 000100 rn:5 rd:5", emitClz),
  inst("CLS", "sf:1 1 0 11010110 00000 000101 rn:5 rd:5", emitCls),
  inst("MADD", "sf:1 00 11011 000 rm:5 0 ra:5 rn:5 rd:5", multiplyAdd(false)),
  inst("MSUB", "sf:1 00 11011 000 rm:5 1 ra:5 rn:5 rd:5", multiplyAdd(true)),
  inst("SMADDL", "1 00 11011 001 rm:5 0 ra:5 rn:5 rd:5", multiplyLong(true, false)),
  inst("SMSUBL", "1 00 11011 001 rm:5 1 ra:5 rn:5 rd:5", multiplyLong(true, true)),
  inst("UMADDL", "1 00 11011 101 rm:5 0 ra:5 rn:5 rd:5", multiplyLong(false, false)),
  inst("UMSUBL", "1 00 11011 101 rm:5 1 ra:5 rn:5 rd:5", multiplyLong(false, true)),
  inst("SMULH", "1 00 11011 010 rm:5 0 xxxxx rn:5 rd:5", multiplyHigh(true)),
  inst("UMULH", "1 00 11011 110 rm:5 0 xxxxx rn:5 rd:5", multiplyHigh(false)),
];
