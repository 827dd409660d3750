import type { Emitter } from "./emitter.js";
import { expandFpImmediate } from "./fp-move.js";
import { inst, type Row } from "./pattern.js";
import { setVq, splatBytes } from "./simd-lanes.js";

/** Modified immediates: MOVI, MVNI, ORR, BIC, FMOV (vector). Arm ARM: AdvSIMDExpandImm. */

type Modified = Readonly<Record<"q" | "op" | "abc" | "cmode" | "defgh" | "rd", number>>;

/** The constant as 16 bytes, before MVNI's or BIC's inversion. */
function expandImmediate(f: Modified): Uint8Array {
  const imm8 = (f.abc << 5) | f.defgh;
  const imm = BigInt(imm8);
  switch (f.cmode >> 1) {
    case 0:
    case 1:
    case 2:
    case 3: // 32-bit, shifted left by whole bytes
      return splatBytes(2, imm << BigInt(8 * (f.cmode >> 1)));
    case 4:
    case 5: // 16-bit
      return splatBytes(1, imm << BigInt(8 * ((f.cmode >> 1) - 4)));
    case 6: // 32-bit, ones shifted in
      return splatBytes(2, (f.cmode & 1) === 0 ? (imm << 8n) | 0xffn : (imm << 16n) | 0xffffn);
    default:
      return expandLast(f, imm8);
  }
}

function expandLast(f: Modified, imm8: number): Uint8Array {
  if (f.cmode === 14) {
    if (f.op === 0) return splatBytes(0, BigInt(imm8));
    return Uint8Array.from({ length: 16 }, (_, i) => ((imm8 >> (i & 7)) & 1 ? 0xff : 0));
  }
  const value = expandFpImmediate(imm8);
  if (f.op === 0) return new Uint8Array(new Float32Array([value, value, value, value]).buffer);
  return new Uint8Array(new Float64Array([value, value]).buffer);
}

/** cmode 0xx1 and 10x1 combine the constant with Vd (ORR, BIC); the others replace it (MOVI, MVNI, FMOV). */
function emitModified(e: Emitter, f: Modified): void {
  const combines = (f.cmode & 1) === 1 && f.cmode < 12;
  const inverts = f.op === 1 && f.cmode < 14;
  const constant = expandImmediate(f);
  if (combines) {
    e.getV(f.rd);
    e.w.v128_const(constant);
    if (inverts) e.w.v128_andnot();
    else e.w.v128_or();
  } else {
    e.w.v128_const(inverts ? constant.map((b) => ~b) : constant);
  }
  setVq(e, f.rd, f.q);
}

export const ROWS: readonly Row[] = [
  inst(
    "MOVI, MVNI, ORR, BIC, FMOV (vector, immediate)",
    "0 q:1 op:1 0111100000 abc:3 cmode:4 01 defgh:5 rd:5",
    emitModified,
    // A double per lane needs two lanes.
    { feature: "simd", undefinedIf: (f) => f.cmode === 15 && f.op === 1 && f.q === 0 },
  ),
];
