import type { Emitter } from "./emitter.js";
import type { ExactOp } from "./fp-exact.js";
import { emitScalar, FTYPE } from "./fp-scalar.js";
import { inst, type Row } from "./pattern.js";

/** Floating-point data-processing, one and two sources: arithmetic. Arm ARM C4.1 "Scalar FP". */

interface TwoSources {
  readonly ftype: number;
  readonly rm: number;
  readonly rn: number;
  readonly rd: number;
}

/** Two operands, one WebAssembly instruction, NaNs apart. */
function binary(op: ExactOp, native: "add" | "sub" | "mul" | "div" | "max" | "min") {
  return (e: Emitter, f: TwoSources): void => {
    emitScalar(e, f.ftype, f.rd, op, [f.rn, f.rm], (shape) => e.w[`${shape}_${native}`]());
  };
}

function emitFnmul(e: Emitter, f: TwoSources): void {
  emitScalar(e, f.ftype, f.rd, "nmul", [f.rn, f.rm], (shape) => {
    e.w[`${shape}_mul`]();
    e.w[`${shape}_neg`]();
  });
}

function emitFsqrt(e: Emitter, f: Omit<TwoSources, "rm">): void {
  emitScalar(e, f.ftype, f.rd, "sqrt", [f.rn], (shape) => e.w[`${shape}_sqrt`]());
}

export const ROWS: readonly Row[] = [
  inst("FMUL", "00011110 ftype:2 1 rm:5 0000 10 rn:5 rd:5", binary("mul", "mul"), FTYPE),
  inst("FDIV", "00011110 ftype:2 1 rm:5 0001 10 rn:5 rd:5", binary("div", "div"), FTYPE),
  inst("FADD", "00011110 ftype:2 1 rm:5 0010 10 rn:5 rd:5", binary("add", "add"), FTYPE),
  inst("FSUB", "00011110 ftype:2 1 rm:5 0011 10 rn:5 rd:5", binary("sub", "sub"), FTYPE),
  // WebAssembly's max and min order zeros as A64 does.
  inst("FMAX", "00011110 ftype:2 1 rm:5 0100 10 rn:5 rd:5", binary("max", "max"), FTYPE),
  inst("FMIN", "00011110 ftype:2 1 rm:5 0101 10 rn:5 rd:5", binary("min", "min"), FTYPE),
  inst("FMAXNM", "00011110 ftype:2 1 rm:5 0110 10 rn:5 rd:5", binary("maxNum", "max"), FTYPE),
  inst("FMINNM", "00011110 ftype:2 1 rm:5 0111 10 rn:5 rd:5", binary("minNum", "min"), FTYPE),
  inst("FNMUL", "00011110 ftype:2 1 rm:5 1000 10 rn:5 rd:5", emitFnmul, FTYPE),
  inst("FSQRT", "00011110 ftype:2 1 000011 10000 rn:5 rd:5", emitFsqrt, FTYPE),
];
