import type { Emitter, Local } from "./emitter.js";
import type { Row } from "./pattern.js";
import { noDoublewords, onlyBytes, twoMisc, type TwoRegisters } from "./simd-groups.js";
import { lanes, pushSplat, pushWideLane, pushLanewise, setVq } from "./simd-lanes.js";

/** CNT, CLZ and CLS: bits counted in each lane. */

function emitCnt(e: Emitter, f: TwoRegisters): void {
  e.getV(f.rn);
  e.w.i8x16_popcnt();
  setVq(e, f.rd, f.q);
}

const LEADING_ZEROS = Uint8Array.from({ length: 16 }, (_, n) => Math.clz32(n) - 28);
/** Only where the high nibble is zero does the low one count. */
const IF_HIGH_IS_ZERO = Uint8Array.from({ length: 16 }, (_, n) => (n === 0 ? 4 : 0));

/** Push the leading zeros of each byte, by its nibbles. */
function pushByteZeros(e: Emitter, v: Local): void {
  const { w } = e;
  const high = (): void => {
    w.local_get(v);
    w.i32_const(4);
    w.i8x16_shr_u();
  };
  w.v128_const(LEADING_ZEROS);
  high();
  w.i8x16_swizzle();
  // At most 4 of the low nibble's, and those only if ...
  w.v128_const(LEADING_ZEROS);
  w.local_get(v);
  pushSplat(e, 0, 0x0fn);
  w.v128_and();
  w.i8x16_swizzle();
  w.v128_const(IF_HIGH_IS_ZERO);
  high();
  w.i8x16_swizzle();
  w.i8x16_min_u();
  w.i8x16_add();
}

function pushLeadingZeros(e: Emitter, f: TwoRegisters, v: Local): void {
  if (f.size === 0) {
    pushByteZeros(e, v);
    return;
  }
  pushLanewise(e, (f.q === 0 ? 8 : 16) >> f.size, f.size, (lane) => {
    pushWideLane(e, v, f.size, lane, "u");
    e.w.i32_wrap_i64();
    e.w.i32_clz();
    if (f.size === 2) return;
    e.w.i32_const(16);
    e.w.i32_sub();
  });
}

function emitClz(e: Emitter, f: TwoRegisters): void {
  e.getV(f.rn);
  const v = e.popTemp("v128");
  pushLeadingZeros(e, f, v);
  setVq(e, f.rd, f.q);
  e.free(v);
}

/** Bits below the top one that are like it: where neighbours differ there is a one. */
function emitCls(e: Emitter, f: TwoRegisters): void {
  e.getV(f.rn);
  e.getV(f.rn);
  e.w.i32_const(1);
  lanes(e, f.size, "shr_s");
  e.w.v128_xor();
  const v = e.popTemp("v128");
  pushLeadingZeros(e, f, v);
  pushSplat(e, f.size, 1n);
  lanes(e, f.size, "sub");
  setVq(e, f.rd, f.q);
  e.free(v);
}

export const ROWS: readonly Row[] = [
  twoMisc("CNT", 0, "00101", emitCnt, onlyBytes),
  twoMisc("CLZ (vector)", 1, "00100", emitClz, noDoublewords),
  twoMisc("CLS (vector)", 0, "00100", emitCls, noDoublewords),
];
