import type { Emitter } from "./emitter.js";
import { inst, type FeatureNeed, type Row, type RowOptions } from "./pattern.js";

/**
 * The encoding groups of Advanced SIMD data processing. Rows of a group share their field positions and
 * differ in U and opcode. Arm ARM C4.1, "Data Processing - Scalar Floating-Point and Advanced SIMD".
 *
 * Vector groups have `q` (1: 128 bits, 0: 64) and `size` (log2 of the lane's bytes). Scalar rows work on
 * lane 0.
 */

type Named<N extends string> = Readonly<Record<N, number>>;

export type TwoRegisters = Named<"q" | "size" | "rn" | "rd">;
export type ThreeRegisters = Named<"q" | "size" | "rm" | "rn" | "rd">;
export type ScalarTwoRegisters = Named<"size" | "rn" | "rd">;
export type ScalarThreeRegisters = Named<"size" | "rm" | "rn" | "rd">;
/** `m`, `rm` and `h`, `l` name the element: see `elementIndex`. */
export type ByElement = Named<"q" | "size" | "l" | "m" | "rm" | "h" | "rn" | "rd">;
export type ScalarByElement = Named<"size" | "l" | "m" | "rm" | "h" | "rn" | "rd">;
export type ShiftImmediate = Named<"q" | "immh" | "immb" | "rn" | "rd">;
export type ScalarShiftImmediate = Named<"immh" | "immb" | "rn" | "rd">;

type Emit<F> = (e: Emitter, f: F) => void;
type Unallocated<F> = (f: F) => boolean;
type Bit = 0 | 1;

function options<F>(
  undefinedIf: Unallocated<F> | undefined,
  feature: FeatureNeed = "simd",
): RowOptions<F> {
  return undefinedIf === undefined ? { feature } : { feature, undefinedIf };
}

// The casts keep the field names, which a pattern put together at run time hides from the compiler.

export function threeSame(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ThreeRegisters>,
  undefinedIf?: Unallocated<ThreeRegisters>,
): Row {
  const pattern = `0 q:1 ${u} 01110 size:2 1 rm:5 ${opcode} 1 rn:5 rd:5`;
  return inst(name, pattern as "q:1 size:2 rm:5 rn:5 rd:5", emit, options(undefinedIf));
}

export function scalarThreeSame(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ScalarThreeRegisters>,
  undefinedIf?: Unallocated<ScalarThreeRegisters>,
): Row {
  const pattern = `01 ${u} 11110 size:2 1 rm:5 ${opcode} 1 rn:5 rd:5`;
  return inst(name, pattern as "size:2 rm:5 rn:5 rd:5", emit, options(undefinedIf));
}

/** Three-same-extra: later additions. */
export function threeSameExtra(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ThreeRegisters>,
  undefinedIf: Unallocated<ThreeRegisters>,
  feature: FeatureNeed,
): Row {
  const pattern = `0 q:1 ${u} 01110 size:2 0 rm:5 1 ${opcode} 1 rn:5 rd:5`;
  return inst(name, pattern as "q:1 size:2 rm:5 rn:5 rd:5", emit, options(undefinedIf, feature));
}

export function scalarThreeSameExtra(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ScalarThreeRegisters>,
  undefinedIf: Unallocated<ScalarThreeRegisters>,
  feature: FeatureNeed,
): Row {
  const pattern = `01 ${u} 11110 size:2 0 rm:5 1 ${opcode} 1 rn:5 rd:5`;
  return inst(name, pattern as "size:2 rm:5 rn:5 rd:5", emit, options(undefinedIf, feature));
}

export function threeDifferent(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ThreeRegisters>,
  undefinedIf?: Unallocated<ThreeRegisters>,
): Row {
  const pattern = `0 q:1 ${u} 01110 size:2 1 rm:5 ${opcode} 00 rn:5 rd:5`;
  return inst(name, pattern as "q:1 size:2 rm:5 rn:5 rd:5", emit, options(undefinedIf));
}

export function scalarThreeDifferent(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ScalarThreeRegisters>,
  undefinedIf?: Unallocated<ScalarThreeRegisters>,
): Row {
  const pattern = `01 ${u} 11110 size:2 1 rm:5 ${opcode} 00 rn:5 rd:5`;
  return inst(name, pattern as "size:2 rm:5 rn:5 rd:5", emit, options(undefinedIf));
}

export function twoMisc(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<TwoRegisters>,
  undefinedIf?: Unallocated<TwoRegisters>,
): Row {
  const pattern = `0 q:1 ${u} 01110 size:2 10000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "q:1 size:2 rn:5 rd:5", emit, options(undefinedIf));
}

export function scalarTwoMisc(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ScalarTwoRegisters>,
  undefinedIf?: Unallocated<ScalarTwoRegisters>,
): Row {
  const pattern = `01 ${u} 11110 size:2 10000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "size:2 rn:5 rd:5", emit, options(undefinedIf));
}

export function acrossLanes(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<TwoRegisters>,
  undefinedIf?: Unallocated<TwoRegisters>,
): Row {
  const pattern = `0 q:1 ${u} 01110 size:2 11000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "q:1 size:2 rn:5 rd:5", emit, options(undefinedIf));
}

export function scalarPairwise(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ScalarTwoRegisters>,
  undefinedIf?: Unallocated<ScalarTwoRegisters>,
): Row {
  const pattern = `01 ${u} 11110 size:2 11000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "size:2 rn:5 rd:5", emit, options(undefinedIf));
}

export function byElement(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ByElement>,
  undefinedIf?: Unallocated<ByElement>,
  feature?: FeatureNeed,
): Row {
  const pattern = `0 q:1 ${u} 01111 size:2 l:1 m:1 rm:4 ${opcode} h:1 0 rn:5 rd:5`;
  type Shape = "q:1 size:2 l:1 m:1 rm:4 h:1 rn:5 rd:5";
  return inst(name, pattern as Shape, emit, options(undefinedIf, feature));
}

export function scalarByElement(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ScalarByElement>,
  undefinedIf?: Unallocated<ScalarByElement>,
  feature?: FeatureNeed,
): Row {
  const pattern = `01 ${u} 11111 size:2 l:1 m:1 rm:4 ${opcode} h:1 0 rn:5 rd:5`;
  type Shape = "size:2 l:1 m:1 rm:4 h:1 rn:5 rd:5";
  return inst(name, pattern as Shape, emit, options(undefinedIf, feature));
}

/** immh 0000 is the modified-immediate group. */
export function shiftImmediate(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ShiftImmediate>,
  undefinedIf?: Unallocated<ShiftImmediate>,
): Row {
  const pattern = `0 q:1 ${u} 011110 immh:4!=0000 immb:3 ${opcode} 1 rn:5 rd:5`;
  return inst(name, pattern as "q:1 immh:4 immb:3 rn:5 rd:5", emit, options(undefinedIf));
}

export function scalarShiftImmediate(
  name: string,
  u: Bit,
  opcode: string,
  emit: Emit<ScalarShiftImmediate>,
  undefinedIf?: Unallocated<ScalarShiftImmediate>,
): Row {
  const pattern = `01 ${u} 111110 immh:4!=0000 immb:3 ${opcode} 1 rn:5 rd:5`;
  return inst(name, pattern as "immh:4 immb:3 rn:5 rd:5", emit, options(undefinedIf));
}

/** No one-lane vectors of doublewords: size 11 needs Q. */
export function noSingleDoubleword(f: { readonly q: number; readonly size: number }): boolean {
  return f.size === 3 && f.q === 0;
}

export function noDoublewords(f: { readonly size: number }): boolean {
  return f.size === 3;
}

export function onlyDoublewords(f: { readonly size: number }): boolean {
  return f.size !== 3;
}

export function onlyBytes(f: { readonly size: number }): boolean {
  return f.size !== 0;
}

/** Halfwords and words: the sizes of by-element and doubling multiplies. */
export function onlyHalfOrWord(f: { readonly size: number }): boolean {
  return f.size !== 1 && f.size !== 2;
}
