import { HALF, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter, Local } from "./emitter.js";
import { singleOrDouble } from "./fp-exact.js";
import { fusedLanes } from "./fp-fused-lanes.js";
import { fpShape } from "./fp-guard.js";
import { setVq, shuffleLanes, splatBytes } from "./simd-lanes.js";
import { fpLanes, pushVector, sizeOf } from "./fp-vector.js";
import { inst, type FeatureNeed, type Row } from "./pattern.js";

/**
 * FCADD and FCMLA (FEAT_FCMA): lanes in pairs, the real part in the even one. The second operand is rotated by
 * quarter turns: parts change places and signs. Arm ARM: FCADD, FCMLA (vector), FCMLA (by element).
 */

/** size 01: halves, 10: singles, 11: doubles. */
function formatOfSize(size: number): FpFormat {
  return size === 1 ? HALF : singleOrDouble(size - 2);
}

function feature(f: { readonly size: number }): FeatureNeed {
  return f.size === 1 ? ["fcma", "fp16"] : "fcma";
}

/** Pop a v128; push it with lane `pick(i)` in lane `i`. */
function permute(e: Emitter, format: FpFormat, pick: (lane: number) => number): void {
  const x = e.popTemp("v128");
  e.w.local_get(x);
  e.w.local_get(x);
  e.w.i8x16_shuffle(shuffleLanes(sizeOf(format), pick));
  e.free(x);
}

/** Pop a v128; push it with the signs of its even (real) or odd (imaginary) lanes changed. */
function negateParts(e: Emitter, format: FpFormat, which: { even: boolean; odd: boolean }): void {
  if (!which.even && !which.odd) return;
  const sign = splatBytes(sizeOf(format), 1n << BigInt(format.width - 1));
  const bytes = format.width / 8;
  const mask = sign.map((byte, i) => {
    const isOdd = (Math.floor(i / bytes) & 1) === 1;
    return (isOdd ? which.odd : which.even) ? byte : 0;
  });
  e.w.v128_const(mask);
  e.w.v128_xor();
}

type Add = Readonly<Record<"q" | "size" | "rm" | "rot" | "rn" | "rd", number>>;

/** Vn plus Vm times i (rot 0, 90 degrees) or minus i (270). */
function emitFcadd(e: Emitter, f: Add): void {
  const format = formatOfSize(f.size);
  e.getV(f.rn);
  const a = e.popTemp("v128");
  e.getV(f.rm);
  permute(e, format, (lane) => lane ^ 1);
  negateParts(e, format, { even: f.rot === 0, odd: f.rot === 1 });
  const b = e.popTemp("v128");
  pushVector(e, "add", format, fpLanes(f.q, format), [a, b], () => {
    e.w[`${fpShape(format)}_add`]();
  });
  setVq(e, f.rd, f.q);
  e.free(a, b);
}

/**
 * Vd plus one half of the complex product: the real parts of Vn (rot 0 and 180 degrees) times the second factor,
 * or its imaginary parts (90, 270) times that factor turned by a quarter. Pops nothing; `factor` is kept.
 */
function pushMultiplyAdd(
  e: Emitter,
  f: Readonly<Record<"q" | "rot" | "rn" | "rd", number>>,
  format: FpFormat,
  factor: Local,
): void {
  const isImaginary = (f.rot & 1) === 1;
  e.getV(f.rn);
  permute(e, format, (lane) => (isImaginary ? lane | 1 : lane & ~1));
  const a = e.popTemp("v128");
  e.w.local_get(factor);
  if (isImaginary) permute(e, format, (lane) => lane ^ 1);
  negateParts(e, format, { even: f.rot === 1 || f.rot === 2, odd: f.rot >= 2 });
  const b = e.popTemp("v128");
  e.getV(f.rd);
  const c = e.popTemp("v128");
  fusedLanes(e, { a, b, c }, format, fpLanes(f.q, format));
  e.free(a, b, c);
}

type MultiplyAdd = Readonly<Record<"q" | "size" | "rm" | "rot" | "rn" | "rd", number>>;

function emitFcmla(e: Emitter, f: MultiplyAdd): void {
  e.getV(f.rm);
  const factor = e.popTemp("v128");
  pushMultiplyAdd(e, f, formatOfSize(f.size), factor);
  setVq(e, f.rd, f.q);
  e.free(factor);
}

type ByElement = MultiplyAdd & Readonly<Record<"l" | "m" | "h", number>>;

/** The element is a pair of lanes: H:L counts pairs of halves, H pairs of singles. */
function emitFcmlaByElement(e: Emitter, f: ByElement): void {
  const format = formatOfSize(f.size);
  const pair = f.size === 1 ? (f.h << 1) | f.l : f.h;
  e.getV((f.m << 4) | f.rm);
  permute(e, format, (lane) => 2 * pair + (lane & 1));
  const factor = e.popTemp("v128");
  pushMultiplyAdd(e, f, format, factor);
  setVq(e, f.rd, f.q);
  e.free(factor);
}

/** No bytes, and doubles need 128 bits for a pair. */
function vectorUndefined(f: Pick<Add, "q" | "size">): boolean {
  return f.size === 0 || (f.size === 3 && f.q === 0);
}

/** Halves, whose pair must lie within the vector, and four singles. */
function elementUndefined(f: ByElement): boolean {
  if (f.size === 1) return f.q === 0 && f.h === 1;
  return f.size !== 2 || f.q === 0 || f.l === 1;
}

export const ROWS: readonly Row[] = [
  inst("FCADD", "0 q:1 1 01110 size:2 0 rm:5 1 11 rot:1 0 1 rn:5 rd:5", emitFcadd, {
    feature,
    undefinedIf: vectorUndefined,
  }),
  inst("FCMLA", "0 q:1 1 01110 size:2 0 rm:5 1 10 rot:2 1 rn:5 rd:5", emitFcmla, {
    feature,
    undefinedIf: vectorUndefined,
  }),
  inst(
    "FCMLA (by element)",
    "0 q:1 1 01111 size:2 l:1 m:1 rm:4 0 rot:2 1 h:1 0 rn:5 rd:5",
    emitFcmlaByElement,
    { feature, undefinedIf: elementUndefined },
  ),
];
