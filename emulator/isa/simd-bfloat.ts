import { BFLOAT16, SINGLE } from "../cpu/fp/format.js";
import type { Emitter } from "./emitter.js";
import { callExact } from "./fp-exact.js";
import { fusedLanes } from "./fp-fused-lanes.js";
import { inst, type Row } from "./pattern.js";
import { addDots, widenBfloats } from "./simd-bfloat-dot.js";
import { elementOf } from "./simd-by-element.js";
import { threeSameExtra, type ByElement, type ThreeRegisters } from "./simd-groups.js";
import {
  pushSplat,
  setNarrowed,
  setScalarFromVector,
  setVq,
  shuffleLanes,
  withOperands,
} from "./simd-lanes.js";

/** FEAT_BF16: numbers that are the top halves of singles. */

type Element = Omit<ByElement, "size">;

/** Push the low `lanes` singles of Vn as bfloat16, packed; zero above. */
function pushConverted(e: Emitter, n: number, lanes: number): void {
  const { w, mode } = e;
  if (mode.fpcr !== 0 || mode.fpsrExact) {
    const request = { op: "convert", from: SINGLE, to: BFLOAT16, lanes } as const;
    callExact(e, request, [() => e.getV(n)]);
    return;
  }
  // Half of the last place, less a little where the result is even already; NaNs are cut and made quiet.
  e.getV(n);
  const v = e.popTemp("v128");
  w.local_get(v);
  w.i32_const(16);
  w.i32x4_shr_u();
  const top = e.popTemp("v128");
  w.local_get(v);
  w.local_get(top);
  pushSplat(e, 2, 1n);
  w.v128_and();
  w.i32x4_add();
  pushSplat(e, 2, 0x7fffn);
  w.i32x4_add();
  w.i32_const(16);
  w.i32x4_shr_u();
  w.local_get(top);
  pushSplat(e, 2, 0x40n);
  w.v128_or();
  w.local_get(v);
  w.local_get(v);
  w.f32x4_eq();
  w.v128_bitselect();
  pushSplat(e, 2, 0n);
  w.i16x8_narrow_i32x4_u();
  e.free(v, top);
}

function emitBfcvt(e: Emitter, f: { readonly rn: number; readonly rd: number }): void {
  pushConverted(e, f.rn, 1);
  setScalarFromVector(e, f.rd, 1);
}

function emitBfcvtn(
  e: Emitter,
  f: { readonly q: number; readonly rn: number; readonly rd: number },
): void {
  pushConverted(e, f.rn, 4);
  setNarrowed(e, f.rd, f.q);
}

function emitBfdot(e: Emitter, f: ThreeRegisters): void {
  withOperands(e, f.rn, f.rm, (a, b) => {
    e.getV(f.rd);
    addDots(e, a, b);
  });
  setVq(e, f.rd, f.q);
}

/** The element is a pair, found like a word. */
function emitBfdotElement(e: Emitter, f: Element): void {
  const { register, index } = elementOf({ ...f, size: 2 });
  e.getV(f.rn);
  const a = e.popTemp("v128");
  e.getV(register);
  e.getV(register);
  e.w.i8x16_shuffle(shuffleLanes(2, () => index));
  const b = e.popTemp("v128");
  e.getV(f.rd);
  addDots(e, a, b);
  setVq(e, f.rd, f.q);
  e.free(a, b);
}

/** Two rows of four numbers by two rows: a matrix of two by two singles. Pairs are summed in turn. */
function emitBfmmla(e: Emitter, f: ThreeRegisters): void {
  const { w } = e;
  withOperands(e, f.rn, f.rm, (rows, columns) => {
    e.getV(f.rd);
    for (const pair of [0, 1]) {
      const spread = (v: typeof rows, pick: (lane: number) => number): void => {
        w.local_get(v);
        w.local_get(v);
        w.i8x16_shuffle(shuffleLanes(2, (lane) => 2 * pick(lane) + pair));
      };
      spread(rows, (lane) => lane >> 1);
      const a = e.popTemp("v128");
      spread(columns, (lane) => lane & 1);
      const b = e.popTemp("v128");
      addDots(e, a, b);
      e.free(a, b);
    }
  });
  e.setV(f.rd);
}

/** BFMLALB, BFMLALT: an ordinary fused multiply-add of the even or odd numbers as singles. */
function multiplyLong(
  e: Emitter,
  f: Omit<ThreeRegisters, "size" | "rm">,
  second: () => void,
): void {
  e.getV(f.rn);
  widenBfloats(e, f.q === 0 ? "low" : "high");
  const a = e.popTemp("v128");
  second();
  const b = e.popTemp("v128");
  e.getV(f.rd);
  const c = e.popTemp("v128");
  fusedLanes(e, { a, b, c }, SINGLE, 4);
  e.setV(f.rd);
  e.free(a, b, c);
}

function emitBfmlal(e: Emitter, f: Omit<ThreeRegisters, "size">): void {
  multiplyLong(e, f, () => {
    e.getV(f.rm);
    widenBfloats(e, f.q === 0 ? "low" : "high");
  });
}

function emitBfmlalElement(e: Emitter, f: Element): void {
  const { register, index } = elementOf({ ...f, size: 1 });
  multiplyLong(e, f, () => {
    e.getV(register);
    e.getV(register);
    e.w.i8x16_shuffle(shuffleLanes(1, () => index));
    widenBfloats(e, "high");
  });
}

const BF16 = ["simd", "bf16"] as const;

export const ROWS: readonly Row[] = [
  inst("BFCVT", "00011110 01 1 000110 10000 rn:5 rd:5", emitBfcvt, { feature: ["fp", "bf16"] }),
  inst("BFCVTN", "0 q:1 0 01110 10 10000 10110 10 rn:5 rd:5", emitBfcvtn, { feature: BF16 }),
  inst(
    "BFDOT (vector)",
    "0 q:1 1 01110 01 0 rm:5 1 1111 1 rn:5 rd:5",
    (e, f) => emitBfdot(e, { ...f, size: 1 }),
    { feature: BF16 },
  ),
  inst("BFMLALB, BFMLALT (vector)", "0 q:1 1 01110 11 0 rm:5 1 1111 1 rn:5 rd:5", emitBfmlal, {
    feature: BF16,
  }),
  threeSameExtra("BFMMLA", 1, "1101", emitBfmmla, (f) => f.size !== 1 || f.q === 0, BF16),
  inst(
    "BFDOT (by element)",
    "0 q:1 0 01111 01 l:1 m:1 rm:4 1111 h:1 0 rn:5 rd:5",
    emitBfdotElement,
    { feature: BF16 },
  ),
  inst(
    "BFMLALB, BFMLALT (by element)",
    "0 q:1 0 01111 11 l:1 m:1 rm:4 1111 h:1 0 rn:5 rd:5",
    emitBfmlalElement,
    { feature: BF16 },
  ),
];
