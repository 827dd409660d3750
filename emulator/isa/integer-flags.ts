import type { Emitter } from "./emitter.js";
import { inst, type Row } from "./pattern.js";

/** Instructions on the condition flags themselves (FEAT_FlagM, FEAT_FlagM2; Arm ARM C4.1.93, C4.1.95). */

const N = 31;
const Z = 30;
const C = 29;
const V = 28;

/** Push bit `from` of an i32 local, moved to bit `to`. */
function moveBit(e: Emitter, local: ReturnType<Emitter["temp"]>, from: number, to: number): void {
  const { w } = e;
  w.local_get(local);
  if (to > from) {
    w.i32_const(to - from);
    w.i32_shl();
  } else if (to < from) {
    w.i32_const(from - to);
    w.i32_shr_u();
  }
  w.i32_const(1 << to);
  w.i32_and();
}

function emitCfinv(e: Emitter): void {
  e.getNZCV();
  e.w.i32_const(1 << C);
  e.w.i32_xor();
  e.setNZCV();
}

/** AXFLAG: N 0, Z = Z | V, C = C & !V, V 0. */
function emitAxflag(e: Emitter): void {
  const { w } = e;
  e.getNZCV();
  const f = e.popTemp("i32");
  moveBit(e, f, Z, Z);
  moveBit(e, f, V, Z);
  w.i32_or();
  moveBit(e, f, C, C);
  moveBit(e, f, V, C);
  w.i32_const(-1);
  w.i32_xor();
  w.i32_and();
  w.i32_or();
  e.setNZCV();
  e.free(f);
}

/** XAFLAG: N = !C & !Z, Z = Z & C, C = C | Z, V = !C & Z. */
function emitXaflag(e: Emitter): void {
  const { w } = e;
  e.getNZCV();
  const f = e.popTemp("i32");
  const not = (): void => {
    w.i32_const(-1);
    w.i32_xor();
  };
  moveBit(e, f, C, N);
  moveBit(e, f, Z, N);
  w.i32_or();
  not();
  w.i32_const(1 << N);
  w.i32_and();
  moveBit(e, f, Z, Z);
  moveBit(e, f, C, Z);
  w.i32_and();
  w.i32_or();
  moveBit(e, f, C, C);
  moveBit(e, f, Z, C);
  w.i32_or();
  w.i32_or();
  moveBit(e, f, Z, V);
  moveBit(e, f, C, V);
  not();
  w.i32_and();
  w.i32_or();
  e.setNZCV();
  e.free(f);
}

/** RMIF: the flags in `mask` from the low bits of Xn rotated right. */
function emitRmif(e: Emitter, f: { imm6: number; rn: number; mask: number }): void {
  const { w } = e;
  e.getX(f.rn);
  w.i64_const(f.imm6, 0);
  w.i64_rotr();
  w.i32_wrap_i64();
  w.i32_const(V);
  w.i32_shl();
  w.i32_const(f.mask << V);
  w.i32_and();
  e.getNZCV();
  w.i32_const(~(f.mask << V));
  w.i32_and();
  w.i32_or();
  e.setNZCV();
}

/** SETF8, SETF16: N and Z of a narrow value, V if the bit above its sign differs from it; C stays. */
function emitSetf(e: Emitter, f: { sz: number; rn: number }): void {
  const { w } = e;
  const bits = f.sz === 0 ? 8 : 16;
  e.getW(f.rn);
  const value = e.popTemp("i32");
  moveBit(e, value, bits - 1, N);
  w.local_get(value);
  w.i32_const((1 << bits) - 1);
  w.i32_and();
  w.i32_eqz();
  w.i32_const(Z);
  w.i32_shl();
  w.i32_or();
  moveBit(e, value, bits, V);
  moveBit(e, value, bits - 1, V);
  w.i32_xor();
  w.i32_or();
  e.getNZCV();
  w.i32_const(1 << C);
  w.i32_and();
  w.i32_or();
  e.setNZCV();
  e.free(value);
}

const flagm = { feature: "flagm", flags: "reads+sets" } as const;
const flagm2 = { feature: "flagm2", flags: "reads+sets" } as const;

export const ROWS: readonly Row[] = [
  inst("CFINV", "1101010100 0 00 000 0100 0000 000 11111", emitCfinv, flagm),
  inst("XAFLAG", "1101010100 0 00 000 0100 0000 001 11111", emitXaflag, flagm2),
  inst("AXFLAG", "1101010100 0 00 000 0100 0000 010 11111", emitAxflag, flagm2),
  inst("RMIF", "1 01 11010000 imm6:6 00001 rn:5 0 mask:4", emitRmif, flagm),
  inst("SETF8, SETF16", "0 01 11010000 00000 0 sz:1 0010 rn:5 0 1101", emitSetf, flagm),
];
