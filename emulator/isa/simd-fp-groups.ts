import type { Emitter } from "./emitter.js";
import { inst, type Row } from "./pattern.js";

/**
 * The floating-point members of the Advanced SIMD groups: `a`, the high bit of size, belongs to the
 * opcode and `sz` chooses single or double precision. Half precision is FEAT_FP16.
 */

type Named<N extends string> = Readonly<Record<N, number>>;
export type FpTwo = Named<"q" | "sz" | "rn" | "rd">;
export type FpThree = Named<"q" | "sz" | "rm" | "rn" | "rd">;
export type FpScalarTwo = Named<"sz" | "rn" | "rd">;
export type FpScalarThree = Named<"sz" | "rm" | "rn" | "rd">;

type Bit = 0 | 1;

/** A vector of doubles needs 128 bits. */
export function noSingleDouble(f: { readonly q: number; readonly sz: number }): boolean {
  return f.sz === 1 && f.q === 0;
}

export function fpThreeSame(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: (e: Emitter, f: FpThree) => void,
): Row {
  const pattern = `0 q:1 ${u} 01110 ${a} sz:1 1 rm:5 ${opcode} 1 rn:5 rd:5`;
  return inst(name, pattern as "q:1 sz:1 rm:5 rn:5 rd:5", emit, {
    feature: "simd",
    undefinedIf: noSingleDouble,
  });
}

export function fpScalarThreeSame(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: (e: Emitter, f: FpScalarThree) => void,
): Row {
  const pattern = `01 ${u} 11110 ${a} sz:1 1 rm:5 ${opcode} 1 rn:5 rd:5`;
  return inst(name, pattern as "sz:1 rm:5 rn:5 rd:5", emit, { feature: "simd" });
}

export function fpTwoMisc(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: (e: Emitter, f: FpTwo) => void,
  undefinedIf: (f: FpTwo) => boolean = noSingleDouble,
): Row {
  const pattern = `0 q:1 ${u} 01110 ${a} sz:1 10000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "q:1 sz:1 rn:5 rd:5", emit, { feature: "simd", undefinedIf });
}

export function fpScalarTwoMisc(
  name: string,
  u: Bit,
  a: Bit,
  opcode: string,
  emit: (e: Emitter, f: FpScalarTwo) => void,
  undefinedIf: (f: FpScalarTwo) => boolean = () => false,
): Row {
  const pattern = `01 ${u} 11110 ${a} sz:1 10000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "sz:1 rn:5 rd:5", emit, { feature: "simd", undefinedIf });
}

export function fpScalarPairwise(
  name: string,
  a: Bit,
  opcode: string,
  emit: (e: Emitter, f: FpScalarTwo) => void,
): Row {
  const pattern = `01 1 11110 ${a} sz:1 11000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "sz:1 rn:5 rd:5", emit, { feature: "simd" });
}

/** Only 4S exists. */
export function fpAcrossLanes(
  name: string,
  a: Bit,
  opcode: string,
  emit: (e: Emitter, f: Named<"rn" | "rd">) => void,
): Row {
  const pattern = `0 1 1 01110 ${a} 0 11000 ${opcode} 10 rn:5 rd:5`;
  return inst(name, pattern as "rn:5 rd:5", emit, { feature: "simd" });
}
