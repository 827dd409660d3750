import type { Emitter } from "./emitter.js";
import { inst, type Row } from "./pattern.js";
import { twoMisc, type TwoRegisters } from "./simd-groups.js";
import { pushZero, reverseBits, setVq, shuffleLanes } from "./simd-lanes.js";

/** Bitwise logic, selects and reversals. */

type Logic = Readonly<Record<"q" | "rm" | "rn" | "rd", number>>;

function bitwise(native: "and" | "or" | "xor" | "andnot") {
  return (e: Emitter, f: Logic): void => {
    e.getV(f.rn);
    e.getV(f.rm);
    e.w[`v128_${native}`]();
    setVq(e, f.rd, f.q);
  };
}

function emitOrn(e: Emitter, f: Logic): void {
  e.getV(f.rn);
  e.getV(f.rm);
  e.w.v128_not();
  e.w.v128_or();
  setVq(e, f.rd, f.q);
}

/** ORR; with both sources the same it is the vector MOV. */
function emitOrr(e: Emitter, f: Logic): void {
  if (f.rm !== f.rn) {
    bitwise("or")(e, f);
    return;
  }
  e.getV(f.rn);
  setVq(e, f.rd, f.q);
}

/** BSL, BIT, BIF: three registers in the roles (taken where set, taken where clear, mask). */
function select(roles: (f: Logic) => readonly [set: number, clear: number, mask: number]) {
  return (e: Emitter, f: Logic): void => {
    for (const register of roles(f)) e.getV(register);
    e.w.v128_bitselect();
    setVq(e, f.rd, f.q);
  };
}

function emitNot(e: Emitter, f: TwoRegisters): void {
  e.getV(f.rn);
  e.w.v128_not();
  setVq(e, f.rd, f.q);
}

function emitRbit(e: Emitter, f: TwoRegisters): void {
  e.getV(f.rn);
  reverseBits(e);
  setVq(e, f.rd, f.q);
}

/** Reverse the elements of 2^size bytes within each container of 2^container bytes. */
function reverse(container: number) {
  return (e: Emitter, f: TwoRegisters): void => {
    const flip = (1 << (container - f.size)) - 1;
    e.getV(f.rn);
    pushZero(e);
    e.w.i8x16_shuffle(shuffleLanes(f.size, (lane) => lane ^ flip));
    setVq(e, f.rd, f.q);
  };
}

/** REV's elements are smaller than their container. */
function notBelow(container: number): (f: TwoRegisters) => boolean {
  return (f) => f.size >= container;
}

const SIMD = { feature: "simd" } as const;

export const ROWS: readonly Row[] = [
  inst("AND (vector)", "0 q:1 0 01110 00 1 rm:5 00011 1 rn:5 rd:5", bitwise("and"), SIMD),
  inst(
    "BIC (vector, register)",
    "0 q:1 0 01110 01 1 rm:5 00011 1 rn:5 rd:5",
    bitwise("andnot"),
    SIMD,
  ),
  inst("ORR (vector, register)", "0 q:1 0 01110 10 1 rm:5 00011 1 rn:5 rd:5", emitOrr, SIMD),
  inst("ORN (vector)", "0 q:1 0 01110 11 1 rm:5 00011 1 rn:5 rd:5", emitOrn, SIMD),
  inst("EOR (vector)", "0 q:1 1 01110 00 1 rm:5 00011 1 rn:5 rd:5", bitwise("xor"), SIMD),
  inst(
    "BSL",
    "0 q:1 1 01110 01 1 rm:5 00011 1 rn:5 rd:5",
    select((f) => [f.rn, f.rm, f.rd]),
    SIMD,
  ),
  inst(
    "BIT",
    "0 q:1 1 01110 10 1 rm:5 00011 1 rn:5 rd:5",
    select((f) => [f.rn, f.rd, f.rm]),
    SIMD,
  ),
  inst(
    "BIF",
    "0 q:1 1 01110 11 1 rm:5 00011 1 rn:5 rd:5",
    select((f) => [f.rd, f.rn, f.rm]),
    SIMD,
  ),
  twoMisc("REV64", 0, "00000", reverse(3), notBelow(3)),
  twoMisc("REV32 (vector)", 1, "00000", reverse(2), notBelow(2)),
  twoMisc("REV16 (vector)", 0, "00001", reverse(1), notBelow(1)),
  inst(
    "NOT",
    "0 q:1 1 01110 00 10000 00101 10 rn:5 rd:5",
    (e, f) => emitNot(e, { ...f, size: 0 }),
    SIMD,
  ),
  inst(
    "RBIT (vector)",
    "0 q:1 1 01110 01 10000 00101 10 rn:5 rd:5",
    (e, f) => emitRbit(e, { ...f, size: 0 }),
    SIMD,
  ),
];
