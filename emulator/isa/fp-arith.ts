import type { Emitter } from "./emitter.js";
import type { ExactOp } from "./fp-exact.js";
import { emitScalar, ftypeUndefined } from "./fp-scalar.js";
import { inst, type Row, type RowOptions } from "./pattern.js";

/** Floating-point data-processing, one and two sources: arithmetic. Arm ARM C4.1 "Scalar FP". */

interface TwoSources {
  readonly ftype: number;
  readonly rm: number;
  readonly rn: number;
  readonly rd: number;
}

const TYPE = ["f32", "f64"] as const;
const FP: RowOptions<{ readonly ftype: number }> = { feature: "fp", undefinedIf: ftypeUndefined };

function typeOf(ftype: number): "f32" | "f64" {
  return TYPE[ftype & 1]!;
}

/** Two operands, one WebAssembly instruction, NaNs apart. */
function binary(op: ExactOp, native: "add" | "sub" | "mul" | "div" | "max" | "min") {
  return (e: Emitter, f: TwoSources): void => {
    emitScalar(e, f.ftype, f.rd, op, [f.rn, f.rm], () => e.w[`${typeOf(f.ftype)}_${native}`]());
  };
}

function emitFnmul(e: Emitter, f: TwoSources): void {
  emitScalar(e, f.ftype, f.rd, "nmul", [f.rn, f.rm], () => {
    e.w[`${typeOf(f.ftype)}_mul`]();
    e.w[`${typeOf(f.ftype)}_neg`]();
  });
}

function emitFsqrt(e: Emitter, f: Omit<TwoSources, "rm">): void {
  emitScalar(e, f.ftype, f.rd, "sqrt", [f.rn], () => e.w[`${typeOf(f.ftype)}_sqrt`]());
}

export const ROWS: readonly Row[] = [
  inst("FMUL", "00011110 ftype:2 1 rm:5 0000 10 rn:5 rd:5", binary("mul", "mul"), FP),
  inst("FDIV", "00011110 ftype:2 1 rm:5 0001 10 rn:5 rd:5", binary("div", "div"), FP),
  inst("FADD", "00011110 ftype:2 1 rm:5 0010 10 rn:5 rd:5", binary("add", "add"), FP),
  inst("FSUB", "00011110 ftype:2 1 rm:5 0011 10 rn:5 rd:5", binary("sub", "sub"), FP),
  // WebAssembly's max and min order zeros as A64 does.
  inst("FMAX", "00011110 ftype:2 1 rm:5 0100 10 rn:5 rd:5", binary("max", "max"), FP),
  inst("FMIN", "00011110 ftype:2 1 rm:5 0101 10 rn:5 rd:5", binary("min", "min"), FP),
  inst("FMAXNM", "00011110 ftype:2 1 rm:5 0110 10 rn:5 rd:5", binary("maxNum", "max"), FP),
  inst("FMINNM", "00011110 ftype:2 1 rm:5 0111 10 rn:5 rd:5", binary("minNum", "min"), FP),
  inst("FNMUL", "00011110 ftype:2 1 rm:5 1000 10 rn:5 rd:5", emitFnmul, FP),
  inst("FSQRT", "00011110 ftype:2 1 000011 10000 rn:5 rd:5", emitFsqrt, FP),
];
