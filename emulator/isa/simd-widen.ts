import type { Emitter } from "./emitter.js";
import type { Row } from "./pattern.js";
import {
  noDoublewords,
  threeDifferent,
  twoMisc,
  scalarTwoMisc,
  type ScalarTwoRegisters,
  type ThreeRegisters,
  type TwoRegisters,
} from "./simd-groups.js";
import {
  extend,
  extendMultiply,
  getHalf,
  lanes,
  pushSplat,
  pushZero,
  setNarrowed,
  setScalarFromVector,
  shuffleLanes,
} from "./simd-lanes.js";
import { saturatedNarrow, type Narrowing } from "./simd-narrow.js";
import { scalarExtent } from "./simd-qc.js";

/**
 * Three registers of different widths: long (narrow by narrow to wide), wide (wide by narrow) and high
 * narrow. Q selects the high halves of narrow registers, the "2" forms.
 */

type Operation = "add" | "sub";

function pushExtended(e: Emitter, n: number, f: ThreeRegisters, isSigned: boolean): void {
  e.getV(n);
  extend(e, f.size, f.q, isSigned);
}

function long(op: Operation, isSigned: boolean) {
  return (e: Emitter, f: ThreeRegisters): void => {
    pushExtended(e, f.rn, f, isSigned);
    pushExtended(e, f.rm, f, isSigned);
    lanes(e, f.size + 1, op);
    e.setV(f.rd);
  };
}

function wide(op: Operation, isSigned: boolean) {
  return (e: Emitter, f: ThreeRegisters): void => {
    e.getV(f.rn);
    pushExtended(e, f.rm, f, isSigned);
    lanes(e, f.size + 1, op);
    e.setV(f.rd);
  };
}

/** SABDL, SABAL, ...: the widened difference cannot overflow. */
function longDifference(isSigned: boolean, accumulate: boolean) {
  return (e: Emitter, f: ThreeRegisters): void => {
    if (accumulate) e.getV(f.rd);
    pushExtended(e, f.rn, f, isSigned);
    pushExtended(e, f.rm, f, isSigned);
    lanes(e, f.size + 1, "sub");
    lanes(e, f.size + 1, "abs");
    if (accumulate) lanes(e, f.size + 1, "add");
    e.setV(f.rd);
  };
}

function longMultiply(isSigned: boolean, accumulate: Operation | null) {
  return (e: Emitter, f: ThreeRegisters): void => {
    if (accumulate !== null) e.getV(f.rd);
    e.getV(f.rn);
    e.getV(f.rm);
    extendMultiply(e, f.size, f.q, isSigned);
    if (accumulate !== null) lanes(e, f.size + 1, accumulate);
    e.setV(f.rd);
  };
}

/** The high halves of wide sums or differences, optionally rounded. */
function highNarrow(op: Operation, rounds: boolean) {
  return (e: Emitter, f: ThreeRegisters): void => {
    e.getV(f.rn);
    e.getV(f.rm);
    lanes(e, f.size + 1, op);
    if (rounds) {
      pushSplat(e, f.size + 1, 1n << BigInt((8 << f.size) - 1));
      lanes(e, f.size + 1, "add");
    }
    pushZero(e);
    e.w.i8x16_shuffle(shuffleLanes(f.size, (lane) => (2 * lane + 1) % (16 >> f.size)));
    setNarrowed(e, f.rd, f.q);
  };
}

/** XTN: the low halves of wide lanes. */
function emitXtn(e: Emitter, f: TwoRegisters): void {
  e.getV(f.rn);
  pushZero(e);
  e.w.i8x16_shuffle(shuffleLanes(f.size, (lane) => (2 * lane) % (16 >> f.size)));
  setNarrowed(e, f.rd, f.q);
}

function saturatingNarrow(kind: Narrowing) {
  return (e: Emitter, f: TwoRegisters): void => {
    e.getV(f.rn);
    saturatedNarrow(e, f.size, kind, 16);
    setNarrowed(e, f.rd, f.q);
  };
}

function saturatingNarrowScalar(kind: Narrowing) {
  return (e: Emitter, f: ScalarTwoRegisters): void => {
    e.getV(f.rn);
    saturatedNarrow(e, f.size, kind, scalarExtent(f.size + 1));
    setScalarFromVector(e, f.rd, f.size);
  };
}

/** SHLL: widen and shift by the narrow lane's own width. */
function emitShll(e: Emitter, f: TwoRegisters): void {
  pushZero(e);
  getHalf(e, f.rn, f.q);
  // Each wide lane: zero below, the narrow lane above.
  e.w.i8x16_shuffle(shuffleLanes(f.size, (lane) => (lane & 1 ? (16 >> f.size) + (lane >> 1) : 0)));
  e.setV(f.rd);
}

export const ROWS: readonly Row[] = [
  threeDifferent("SADDL", 0, "0000", long("add", true), noDoublewords),
  threeDifferent("UADDL", 1, "0000", long("add", false), noDoublewords),
  threeDifferent("SADDW", 0, "0001", wide("add", true), noDoublewords),
  threeDifferent("UADDW", 1, "0001", wide("add", false), noDoublewords),
  threeDifferent("SSUBL", 0, "0010", long("sub", true), noDoublewords),
  threeDifferent("USUBL", 1, "0010", long("sub", false), noDoublewords),
  threeDifferent("SSUBW", 0, "0011", wide("sub", true), noDoublewords),
  threeDifferent("USUBW", 1, "0011", wide("sub", false), noDoublewords),
  threeDifferent("ADDHN", 0, "0100", highNarrow("add", false), noDoublewords),
  threeDifferent("RADDHN", 1, "0100", highNarrow("add", true), noDoublewords),
  threeDifferent("SABAL", 0, "0101", longDifference(true, true), noDoublewords),
  threeDifferent("UABAL", 1, "0101", longDifference(false, true), noDoublewords),
  threeDifferent("SUBHN", 0, "0110", highNarrow("sub", false), noDoublewords),
  threeDifferent("RSUBHN", 1, "0110", highNarrow("sub", true), noDoublewords),
  threeDifferent("SABDL", 0, "0111", longDifference(true, false), noDoublewords),
  threeDifferent("UABDL", 1, "0111", longDifference(false, false), noDoublewords),
  threeDifferent("SMLAL (vector)", 0, "1000", longMultiply(true, "add"), noDoublewords),
  threeDifferent("UMLAL (vector)", 1, "1000", longMultiply(false, "add"), noDoublewords),
  threeDifferent("SMLSL (vector)", 0, "1010", longMultiply(true, "sub"), noDoublewords),
  threeDifferent("UMLSL (vector)", 1, "1010", longMultiply(false, "sub"), noDoublewords),
  threeDifferent("SMULL (vector)", 0, "1100", longMultiply(true, null), noDoublewords),
  threeDifferent("UMULL (vector)", 1, "1100", longMultiply(false, null), noDoublewords),
  twoMisc("XTN", 0, "10010", emitXtn, noDoublewords),
  twoMisc("SQXTN", 0, "10100", saturatingNarrow("SQXTN"), noDoublewords),
  twoMisc("UQXTN", 1, "10100", saturatingNarrow("UQXTN"), noDoublewords),
  twoMisc("SQXTUN", 1, "10010", saturatingNarrow("SQXTUN"), noDoublewords),
  scalarTwoMisc("SQXTN (scalar)", 0, "10100", saturatingNarrowScalar("SQXTN"), noDoublewords),
  scalarTwoMisc("UQXTN (scalar)", 1, "10100", saturatingNarrowScalar("UQXTN"), noDoublewords),
  scalarTwoMisc("SQXTUN (scalar)", 1, "10010", saturatingNarrowScalar("SQXTUN"), noDoublewords),
  twoMisc("SHLL", 1, "10011", emitShll, noDoublewords),
];
