import type { Emitter } from "./emitter.js";
import { formatOf } from "./fp-exact.js";
import { fusedLanes } from "./fp-fused-lanes.js";
import { negateLanes } from "./fp-vector.js";
import { FTYPE, setFpFromVector } from "./fp-scalar.js";
import { inst, type Row } from "./pattern.js";

/** Floating-point data-processing, three sources. Negations act on the operands, NaNs included. */

type ThreeSources = Readonly<Record<"ftype" | "rm" | "ra" | "rn" | "rd", number>>;

function fused(negateProduct: boolean, negateAddend: boolean) {
  return (e: Emitter, f: ThreeSources): void => {
    const format = formatOf(f.ftype);
    e.getV(f.rn);
    if (negateProduct) negateLanes(e, format);
    const a = e.popTemp("v128");
    e.getV(f.rm);
    const b = e.popTemp("v128");
    e.getV(f.ra);
    if (negateAddend) negateLanes(e, format);
    const c = e.popTemp("v128");
    fusedLanes(e, { a, b, c }, format, 1);
    setFpFromVector(e, f.rd, format);
    e.free(a, b, c);
  };
}

export const ROWS: readonly Row[] = [
  inst("FMADD", "00011111 ftype:2 0 rm:5 0 ra:5 rn:5 rd:5", fused(false, false), FTYPE),
  inst("FMSUB", "00011111 ftype:2 0 rm:5 1 ra:5 rn:5 rd:5", fused(true, false), FTYPE),
  inst("FNMADD", "00011111 ftype:2 1 rm:5 0 ra:5 rn:5 rd:5", fused(true, true), FTYPE),
  inst("FNMSUB", "00011111 ftype:2 1 rm:5 1 ra:5 rn:5 rd:5", fused(false, true), FTYPE),
];
