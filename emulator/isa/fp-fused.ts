import type { Emitter } from "./emitter.js";
import { fusedDouble, fusedSingle } from "./fp-fused-lanes.js";
import { ftypeUndefined, setFp } from "./fp-scalar.js";
import { inst, type Row, type RowOptions } from "./pattern.js";

/** Floating-point data-processing, three sources. Negations act on the operands, NaNs included. */

type ThreeSources = Readonly<Record<"ftype" | "rm" | "ra" | "rn" | "rd", number>>;

function fused(negateProduct: boolean, negateAddend: boolean) {
  return (e: Emitter, f: ThreeSources): void => {
    const negate = f.ftype === 0 ? "f32x4_neg" : "f64x2_neg";
    e.getV(f.rn);
    if (negateProduct) e.w[negate]();
    const a = e.popTemp("v128");
    e.getV(f.rm);
    const b = e.popTemp("v128");
    e.getV(f.ra);
    if (negateAddend) e.w[negate]();
    const c = e.popTemp("v128");
    if (f.ftype === 0) {
      fusedSingle(e, { a, b, c }, 1);
      e.w.f32x4_extract_lane(0);
    } else {
      fusedDouble(e, { a, b, c }, 1);
      e.w.f64x2_extract_lane(0);
    }
    setFp(e, f.rd, f.ftype);
    e.free(a, b, c);
  };
}

const FP: RowOptions<{ readonly ftype: number }> = { feature: "fp", undefinedIf: ftypeUndefined };

export const ROWS: readonly Row[] = [
  inst("FMADD", "00011111 ftype:2 0 rm:5 0 ra:5 rn:5 rd:5", fused(false, false), FP),
  inst("FMSUB", "00011111 ftype:2 0 rm:5 1 ra:5 rn:5 rd:5", fused(true, false), FP),
  inst("FNMADD", "00011111 ftype:2 1 rm:5 0 ra:5 rn:5 rd:5", fused(true, true), FP),
  inst("FNMSUB", "00011111 ftype:2 1 rm:5 1 ra:5 rn:5 rd:5", fused(false, true), FP),
];
