import type { Emitter } from "./emitter.js";

/** Push Rm shifted by a constant: shift 0 LSL, 1 LSR, 2 ASR, 3 ROR. */
export function pushShifted(
  e: Emitter,
  sf: number,
  rm: number,
  shift: number,
  amount: number,
): void {
  e.getR(rm, sf);
  if (amount !== 0) shiftBy(e, sf, shift, amount);
}

/** Shift the top of the stack by a constant. */
export function shiftBy(e: Emitter, sf: number, shift: number, amount: number): void {
  e.constR(amount, sf);
  shiftTop(e, sf, shift);
}

/** Pop an amount (taken modulo the size, as WebAssembly does) and shift what is under it. */
export function shiftTop(e: Emitter, sf: number, shift: number): void {
  const { w } = e;
  if (sf === 0) {
    [w.i32_shl, w.i32_shr_u, w.i32_shr_s, w.i32_rotr][shift]?.call(w);
  } else {
    [w.i64_shl, w.i64_shr_u, w.i64_shr_s, w.i64_rotr][shift]?.call(w);
  }
}

/**
 * Push Rm extended and shifted left (Arm ARM, ExtendReg): option 0 UXTB, 1 UXTH, 2 UXTW, 3 UXTX, then
 * the signed four.
 */
export function pushExtended(
  e: Emitter,
  sf: number,
  rm: number,
  option: number,
  shift: number,
): void {
  const { w } = e;
  e.getR(rm, sf);
  switch (option) {
    case 0:
      e.constR(0xff, sf);
      e.and(sf);
      break;
    case 1:
      e.constR(0xffff, sf);
      e.and(sf);
      break;
    case 2:
      if (sf === 0) break;
      w.i64_const(-1, 0);
      w.i64_and();
      break;
    case 4:
      if (sf === 0) w.i32_extend8_s();
      else w.i64_extend8_s();
      break;
    case 5:
      if (sf === 0) w.i32_extend16_s();
      else w.i64_extend16_s();
      break;
    case 6:
      if (sf !== 0) w.i64_extend32_s();
      break;
  }
  if (shift !== 0) shiftBy(e, sf, 0, shift);
}
