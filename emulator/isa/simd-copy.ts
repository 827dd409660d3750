import type { Emitter } from "./emitter.js";
import { inst, type Row } from "./pattern.js";
import {
  extractUnsigned,
  lanes,
  replaceLane,
  setScalarFromVector,
  setVq,
  shuffleLanes,
} from "./simd-lanes.js";

/** DUP, INS, UMOV, SMOV. imm5's lowest set bit gives the lane size, the bits above it the index. */

interface Lane {
  readonly size: number;
  readonly index: number;
}

function laneOf(imm5: number): Lane {
  const size = 31 - Math.clz32(imm5 & -imm5);
  return { size, index: imm5 >> (size + 1) };
}

/** imm5 xxxx0 with no lane size in it. */
function noLane(f: { readonly imm5: number }): boolean {
  return (f.imm5 & 15) === 0;
}

type Copy = Readonly<Record<"q" | "imm5" | "rn" | "rd", number>>;

function duplicateUndefined(f: Copy): boolean {
  return noLane(f) || (f.q === 0 && (f.imm5 & 15) === 8);
}

function emitDupElement(e: Emitter, f: Copy): void {
  const { size, index } = laneOf(f.imm5);
  e.getV(f.rn);
  e.getV(f.rn);
  e.w.i8x16_shuffle(shuffleLanes(size, () => index));
  setVq(e, f.rd, f.q);
}

function emitDupScalar(e: Emitter, f: Omit<Copy, "q">): void {
  const { size, index } = laneOf(f.imm5);
  e.getV(f.rn);
  e.getV(f.rn);
  e.w.i8x16_shuffle(shuffleLanes(size, () => index));
  setScalarFromVector(e, f.rd, size);
}

function getGeneral(e: Emitter, n: number, size: number): void {
  if (size === 3) e.getX(n);
  else e.getW(n);
}

function emitDupGeneral(e: Emitter, f: Copy): void {
  const { size } = laneOf(f.imm5);
  getGeneral(e, f.rn, size);
  lanes(e, size, "splat");
  setVq(e, f.rd, f.q);
}

function emitInsElement(e: Emitter, f: Copy & { readonly imm4: number }): void {
  const { size, index } = laneOf(f.imm5);
  const from = f.imm4 >> size;
  const count = 16 >> size;
  e.getV(f.rd);
  e.getV(f.rn);
  e.w.i8x16_shuffle(shuffleLanes(size, (lane) => (lane === index ? count + from : lane)));
  e.setV(f.rd);
}

function emitInsGeneral(e: Emitter, f: Omit<Copy, "q">): void {
  const { size, index } = laneOf(f.imm5);
  e.getV(f.rd);
  getGeneral(e, f.rn, size);
  replaceLane(e, size, index);
  e.setV(f.rd);
}

function emitUmov(e: Emitter, f: Copy): void {
  const { size, index } = laneOf(f.imm5);
  e.getV(f.rn);
  extractUnsigned(e, size, index);
  if (size === 3) e.setX(f.rd);
  else e.setW(f.rd);
}

/** W from bytes, halfwords and words; X from doublewords. */
function umovUndefined(f: Copy): boolean {
  return noLane(f) || (laneOf(f.imm5).size === 3) !== (f.q === 1);
}

function emitSmov(e: Emitter, f: Copy): void {
  const { size, index } = laneOf(f.imm5);
  e.getV(f.rn);
  if (size === 0) e.w.i8x16_extract_lane_s(index);
  else if (size === 1) e.w.i16x8_extract_lane_s(index);
  else e.w.i32x4_extract_lane(index);
  if (f.q === 0) {
    e.setW(f.rd);
    return;
  }
  e.w.i64_extend_i32_s();
  e.setX(f.rd);
}

function smovUndefined(f: Copy): boolean {
  return noLane(f) || laneOf(f.imm5).size > (f.q === 1 ? 2 : 1);
}

export const ROWS: readonly Row[] = [
  inst("DUP (element)", "0 q:1 0 01110000 imm5:5 0 0000 1 rn:5 rd:5", emitDupElement, {
    feature: "simd",
    undefinedIf: duplicateUndefined,
  }),
  inst("DUP (element, scalar)", "01 0 11110000 imm5:5 0 0000 1 rn:5 rd:5", emitDupScalar, {
    feature: "simd",
    undefinedIf: noLane,
  }),
  inst("DUP (general)", "0 q:1 0 01110000 imm5:5 0 0001 1 rn:5 rd:5", emitDupGeneral, {
    feature: "simd",
    undefinedIf: duplicateUndefined,
  }),
  inst(
    "INS (element)",
    "0 1 1 01110000 imm5:5 0 imm4:4 1 rn:5 rd:5",
    (e, f) => emitInsElement(e, { ...f, q: 1 }),
    {
      feature: "simd",
      undefinedIf: noLane,
    },
  ),
  inst("INS (general)", "0 1 0 01110000 imm5:5 0 0011 1 rn:5 rd:5", emitInsGeneral, {
    feature: "simd",
    undefinedIf: noLane,
  }),
  inst("SMOV", "0 q:1 0 01110000 imm5:5 0 0101 1 rn:5 rd:5", emitSmov, {
    feature: "simd",
    undefinedIf: smovUndefined,
  }),
  inst("UMOV", "0 q:1 0 01110000 imm5:5 0 0111 1 rn:5 rd:5", emitUmov, {
    feature: "simd",
    undefinedIf: umovUndefined,
  }),
];
