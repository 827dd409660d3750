import { HALF, SINGLE } from "../cpu/fp/format.js";
import type { Emitter } from "./emitter.js";
import { callExact } from "./fp-exact.js";
import { isNative, MODE_FZ, pushVectorGuard } from "./fp-guard.js";
import { negateLanes } from "./fp-vector.js";
import { widenHalves } from "./fp-half.js";
import { inst, type Row } from "./pattern.js";
import { pushElement } from "./simd-by-element.js";
import { getHalf, setVq } from "./simd-lanes.js";

/**
 * FMLAL, FMLSL (FEAT_FHM): products of halves added to singles, rounded once. A product of two halves is a
 * single exactly.
 */

const LONG = { op: "mulAddLong", from: HALF, to: SINGLE } as const;

interface Long {
  readonly q: number;
  readonly s: number;
  readonly rn: number;
  readonly rd: number;
}

/** Push a vector with the 2 or 4 halves that count in its low lanes: the lower part of Vn, or the upper one. */
function pushPart(e: Emitter, n: number, q: number, part: 0 | 1): void {
  if (q === 1) {
    getHalf(e, n, part);
    return;
  }
  e.getV(n);
  if (part === 0) return;
  e.w.i32_const(32);
  e.w.i64x2_shr_u();
}

function emitLong(e: Emitter, f: Long, part: 0 | 1, pushFactor: () => void): void {
  const { w } = e;
  const request = { ...LONG, lanes: f.q === 0 ? 2 : 4 };
  pushPart(e, f.rn, f.q, part);
  if (f.s === 1) negateLanes(e, HALF);
  const a = e.popTemp("v128");
  pushFactor();
  const b = e.popTemp("v128");
  const operands = [() => w.local_get(a), () => w.local_get(b), () => e.getV(f.rd)];
  if ((e.mode.fpcr & MODE_FZ) !== 0 || !isNative(e, request)) callExact(e, request, operands);
  else {
    for (const factor of [a, b]) {
      w.local_get(factor);
      widenHalves(e, 0);
    }
    w.f32x4_mul();
    e.getV(f.rd);
    w.f32x4_add();
    const result = e.popTemp("v128");
    pushVectorGuard(e, request, result, operands);
    const unsure = w.unlikely().if_();
    callExact(e, request, operands);
    w.local_set(result);
    w.end(unsure);
    w.local_get(result);
    e.free(result);
  }
  setVq(e, f.rd, f.q);
  e.free(a, b);
}

function vector(part: 0 | 1) {
  return (e: Emitter, f: Long & { readonly rm: number }): void => {
    emitLong(e, f, part, () => pushPart(e, f.rm, f.q, part));
  };
}

function byElement(part: 0 | 1) {
  return (e: Emitter, f: Long & Readonly<Record<"l" | "m" | "rm" | "h", number>>): void => {
    emitLong(e, f, part, () => pushElement(e, { ...f, size: 1 }));
  };
}

const FHM = { feature: "fhm" } as const;

/** `s` set: FMLSL, FMLSL2. */
export const ROWS: readonly Row[] = [
  inst("FMLAL, FMLSL", "0 q:1 0 01110 s:1 0 1 rm:5 11101 1 rn:5 rd:5", vector(0), FHM),
  inst("FMLAL2, FMLSL2", "0 q:1 1 01110 s:1 0 1 rm:5 11001 1 rn:5 rd:5", vector(1), FHM),
  inst(
    "FMLAL, FMLSL (by element)",
    "0 q:1 0 01111 10 l:1 m:1 rm:4 0 s:1 00 h:1 0 rn:5 rd:5",
    byElement(0),
    FHM,
  ),
  inst(
    "FMLAL2, FMLSL2 (by element)",
    "0 q:1 1 01111 10 l:1 m:1 rm:4 1 s:1 00 h:1 0 rn:5 rd:5",
    byElement(1),
    FHM,
  ),
];
