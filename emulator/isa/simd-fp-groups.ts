import { HALF, SINGLE, type FpFormat } from "../cpu/fp/format.js";
import type { Emitter } from "./emitter.js";
import { singleOrDouble } from "./fp-exact.js";
import { inst, type FeatureNeed, type Row } from "./pattern.js";
import type {
  ByElement,
  ScalarByElement,
  ScalarShiftImmediate,
  ShiftImmediate,
} from "./simd-groups.js";

/**
 * The floating-point members of the Advanced SIMD groups: `a`, the high bit of size, belongs to the
 * opcode and `sz` chooses single or double precision. Half precision (FEAT_FP16) has encodings of its own: each
 * function makes the rows of both, and emitters see the format.
 */

type Named<N extends string> = Readonly<Record<N, number>>;
interface Formatted {
  readonly format: FpFormat;
}
export type FpTwo = Named<"q" | "rn" | "rd"> & Formatted;
export type FpThree = Named<"q" | "rm" | "rn" | "rd"> & Formatted;
export type FpScalarTwo = Named<"rn" | "rd"> & Formatted;
export type FpScalarThree = Named<"rm" | "rn" | "rd"> & Formatted;
/** Rows without half precision see `sz` itself. */
export type FpTwoSized = Named<"q" | "sz" | "rn" | "rd">;
export type FpScalarTwoSized = Named<"sz" | "rn" | "rd">;

type Bit = 0 | 1;
type Emit<F> = (e: Emitter, f: F) => void;

const FP16 = { feature: "fp16" } as const;

/** A vector of doubles needs 128 bits. */
export function noSingleDouble(f: { readonly q: number; readonly sz: number }): boolean {
  return f.sz === 1 && f.q === 0;
}

function inHalf<F>(emit: Emit<F & Formatted>): Emit<F> {
  return (e, f) => emit(e, { ...f, format: HALF });
}

function sized<F extends Named<"sz">>(emit: Emit<Omit<F, "sz"> & Formatted>): Emit<F> {
  return (e, f) => emit(e, { ...f, format: singleOrDouble(f.sz) });
}

// The casts keep the field names, which a pattern put together at run time hides from the compiler. Half
// precision has the low three bits of the opcode.

export function fpThreeSame(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: Emit<FpThree>,
): readonly Row[] {
  const pattern = `0 q:1 ${u} 01110 ${a} sz:1 1 rm:5 ${opcode} 1 rn:5 rd:5`;
  const half = `0 q:1 ${u} 01110 ${a} 10 rm:5 00 ${opcode.slice(2)} 1 rn:5 rd:5`;
  return [
    inst(name, pattern as "q:1 sz:1 rm:5 rn:5 rd:5", sized(emit), {
      feature: "simd",
      undefinedIf: noSingleDouble,
    }),
    inst(`${name}, half`, half as "q:1 rm:5 rn:5 rd:5", inHalf(emit), FP16),
  ];
}

export function fpScalarThreeSame(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: Emit<FpScalarThree>,
): readonly Row[] {
  const pattern = `01 ${u} 11110 ${a} sz:1 1 rm:5 ${opcode} 1 rn:5 rd:5`;
  const half = `01 ${u} 11110 ${a} 10 rm:5 00 ${opcode.slice(2)} 1 rn:5 rd:5`;
  return [
    inst(name, pattern as "sz:1 rm:5 rn:5 rd:5", sized(emit), { feature: "simd" }),
    inst(`${name}, half`, half as "rm:5 rn:5 rd:5", inHalf(emit), FP16),
  ];
}

export function fpTwoMisc(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: Emit<FpTwo>,
): readonly Row[] {
  const half = `0 q:1 ${u} 01110 ${a} 1 11100 ${opcode} 10 rn:5 rd:5`;
  return [
    fpTwoMiscSized(name, u, a, opcode, sized(emit)),
    inst(`${name}, half`, half as "q:1 rn:5 rd:5", inHalf(emit), FP16),
  ];
}

export function fpTwoMiscSized(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: Emit<FpTwoSized>,
  undefinedIf: (f: FpTwoSized) => boolean = noSingleDouble,
  feature: FeatureNeed = "simd",
): Row {
  const pattern = `0 q:1 ${u} 01110 ${a} sz:1 10000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "q:1 sz:1 rn:5 rd:5", emit, { feature, undefinedIf });
}

export function fpScalarTwoMisc(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: Emit<FpScalarTwo>,
): readonly Row[] {
  const half = `01 ${u} 11110 ${a} 1 11100 ${opcode} 10 rn:5 rd:5`;
  return [
    fpScalarTwoMiscSized(name, u, a, opcode, sized(emit), () => false),
    inst(`${name}, half`, half as "rn:5 rd:5", inHalf(emit), FP16),
  ];
}

export function fpScalarTwoMiscSized(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: Emit<FpScalarTwoSized>,
  undefinedIf: (f: FpScalarTwoSized) => boolean,
): Row {
  const pattern = `01 ${u} 11110 ${a} sz:1 10000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "sz:1 rn:5 rd:5", emit, { feature: "simd", undefinedIf });
}

/** U is clear for half precision. */
export function fpScalarPairwise(
  name: string,
  a: Bit,
  opcode: string,
  emit: Emit<FpScalarTwo>,
): readonly Row[] {
  const pattern = `01 1 11110 ${a} sz:1 11000 ${opcode} 10 rn:5 rd:5`;
  const half = `01 0 11110 ${a} 0 11000 ${opcode} 10 rn:5 rd:5`;
  return [
    inst(name, pattern as "sz:1 rn:5 rd:5", sized(emit), { feature: "simd" }),
    inst(`${name}, half`, half as "rn:5 rd:5", inHalf(emit), FP16),
  ];
}

/** 4S; or, with U clear, 4H and 8H. */
export function fpAcrossLanes(
  name: string,
  a: Bit,
  opcode: string,
  emit: Emit<FpTwo>,
): readonly Row[] {
  const pattern = `0 1 1 01110 ${a} 0 11000 ${opcode} 10 rn:5 rd:5`;
  const half = `0 q:1 0 01110 ${a} 0 11000 ${opcode} 10 rn:5 rd:5`;
  return [
    inst(name, pattern as "rn:5 rd:5", (e, f) => emit(e, { ...f, q: 1, format: SINGLE }), {
      feature: "simd",
    }),
    inst(`${name}, half`, half as "q:1 rn:5 rd:5", inHalf(emit), FP16),
  ];
}

// In the next groups half precision is one of the sizes.

/** size 00: halves; 10: singles; 11: doubles, which leave L zero. */
function elementUndefined(f: Named<"size" | "l">): boolean {
  return f.size === 1 || (f.size === 3 && f.l === 1);
}

function elementFeature(f: Named<"size">): "simd" | "fp16" {
  return f.size === 0 ? "fp16" : "simd";
}

/** Multiplies by an element, the vector and the scalar form. */
export function fpByElement(
  name: string,
  u: Bit,
  opcode: string,
  vector: Emit<ByElement>,
  scalar: Emit<ScalarByElement>,
): readonly Row[] {
  const pattern = `0 q:1 ${u} 01111 size:2 l:1 m:1 rm:4 ${opcode} h:1 0 rn:5 rd:5`;
  const scalarPattern = `01 ${u} 11111 size:2 l:1 m:1 rm:4 ${opcode} h:1 0 rn:5 rd:5`;
  type Shape = "q:1 size:2 l:1 m:1 rm:4 h:1 rn:5 rd:5";
  type ScalarShape = "size:2 l:1 m:1 rm:4 h:1 rn:5 rd:5";
  return [
    inst(`${name} (by element)`, pattern as Shape, vector, {
      feature: elementFeature,
      undefinedIf: (f) => elementUndefined(f) || (f.size === 3 && f.q === 0),
    }),
    inst(`${name} (by element, scalar)`, scalarPattern as ScalarShape, scalar, {
      feature: elementFeature,
      undefinedIf: elementUndefined,
    }),
  ];
}

function shiftFeature(f: Named<"immh">): "simd" | "fp16" {
  return f.immh < 4 ? "fp16" : "simd";
}

/** Fixed-point conversions, the vector and the scalar form. immh 001x: halves; 01xx: singles; 1xxx: doubles. */
export function fpShiftImmediate(
  name: string,
  u: Bit,
  opcode: string,
  vector: Emit<ShiftImmediate>,
  scalar: Emit<ScalarShiftImmediate>,
): readonly Row[] {
  const pattern = `0 q:1 ${u} 011110 immh:4!=0000 immb:3 ${opcode} 1 rn:5 rd:5`;
  const scalarPattern = `01 ${u} 111110 immh:4!=0000 immb:3 ${opcode} 1 rn:5 rd:5`;
  return [
    inst(`${name} (vector, fixed-point)`, pattern as "q:1 immh:4 immb:3 rn:5 rd:5", vector, {
      feature: shiftFeature,
      undefinedIf: (f) => f.immh < 2 || (f.immh >= 8 && f.q === 0),
    }),
    inst(
      `${name} (vector, fixed-point, scalar)`,
      scalarPattern as "immh:4 immb:3 rn:5 rd:5",
      scalar,
      { feature: shiftFeature, undefinedIf: (f) => f.immh < 2 },
    ),
  ];
}
