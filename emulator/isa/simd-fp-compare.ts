import type { Emitter } from "./emitter.js";
import { singleOrDouble } from "./fp-exact.js";
import { setFpFromVector } from "./fp-scalar.js";
import { fpShape, getComparand } from "./fp-vector.js";
import type { Row } from "./pattern.js";
import {
  fpScalarThreeSame,
  fpScalarTwoMisc,
  fpThreeSame,
  fpTwoMisc,
  type FpScalarThree,
  type FpScalarTwo,
  type FpThree,
  type FpTwo,
} from "./simd-fp-groups.js";
import { pushZero, setVq } from "./simd-lanes.js";

/** Floating-point comparisons to masks. NaNs compare false, as in WebAssembly. */

type Relation = "eq" | "ge" | "gt" | "le" | "lt";

function pushMask(e: Emitter, f: FpScalarThree, relation: Relation, ofMagnitudes: boolean): void {
  const format = singleOrDouble(f.sz);
  for (const n of [f.rn, f.rm]) {
    getComparand(e, n, format);
    if (ofMagnitudes) e.w[`${fpShape(format)}_abs`]();
  }
  e.w[`${fpShape(format)}_${relation}`]();
}

function compare(relation: Relation, ofMagnitudes = false) {
  return (e: Emitter, f: FpThree): void => {
    pushMask(e, f, relation, ofMagnitudes);
    setVq(e, f.rd, f.q);
  };
}

function compareScalar(relation: Relation, ofMagnitudes = false) {
  return (e: Emitter, f: FpScalarThree): void => {
    pushMask(e, f, relation, ofMagnitudes);
    setFpFromVector(e, f.rd, singleOrDouble(f.sz));
  };
}

function pushZeroMask(e: Emitter, f: FpScalarTwo, relation: Relation): void {
  const format = singleOrDouble(f.sz);
  getComparand(e, f.rn, format);
  pushZero(e);
  e.w[`${fpShape(format)}_${relation}`]();
}

function compareZero(relation: Relation) {
  return (e: Emitter, f: FpTwo): void => {
    pushZeroMask(e, f, relation);
    setVq(e, f.rd, f.q);
  };
}

function compareZeroScalar(relation: Relation) {
  return (e: Emitter, f: FpScalarTwo): void => {
    pushZeroMask(e, f, relation);
    setFpFromVector(e, f.rd, singleOrDouble(f.sz));
  };
}

export const ROWS: readonly Row[] = [
  fpThreeSame("FCMEQ (register)", 0, 0, "11100", compare("eq")),
  fpThreeSame("FCMGE (register)", 1, 0, "11100", compare("ge")),
  fpThreeSame("FCMGT (register)", 1, 1, "11100", compare("gt")),
  fpThreeSame("FACGE", 1, 0, "11101", compare("ge", true)),
  fpThreeSame("FACGT", 1, 1, "11101", compare("gt", true)),
  fpScalarThreeSame("FCMEQ (register, scalar)", 0, 0, "11100", compareScalar("eq")),
  fpScalarThreeSame("FCMGE (register, scalar)", 1, 0, "11100", compareScalar("ge")),
  fpScalarThreeSame("FCMGT (register, scalar)", 1, 1, "11100", compareScalar("gt")),
  fpScalarThreeSame("FACGE (scalar)", 1, 0, "11101", compareScalar("ge", true)),
  fpScalarThreeSame("FACGT (scalar)", 1, 1, "11101", compareScalar("gt", true)),
  fpTwoMisc("FCMGT (zero)", 0, 1, "01100", compareZero("gt")),
  fpTwoMisc("FCMEQ (zero)", 0, 1, "01101", compareZero("eq")),
  fpTwoMisc("FCMLT (zero)", 0, 1, "01110", compareZero("lt")),
  fpTwoMisc("FCMGE (zero)", 1, 1, "01100", compareZero("ge")),
  fpTwoMisc("FCMLE (zero)", 1, 1, "01101", compareZero("le")),
  fpScalarTwoMisc("FCMGT (zero, scalar)", 0, 1, "01100", compareZeroScalar("gt")),
  fpScalarTwoMisc("FCMEQ (zero, scalar)", 0, 1, "01101", compareZeroScalar("eq")),
  fpScalarTwoMisc("FCMLT (zero, scalar)", 0, 1, "01110", compareZeroScalar("lt")),
  fpScalarTwoMisc("FCMGE (zero, scalar)", 1, 1, "01100", compareZeroScalar("ge")),
  fpScalarTwoMisc("FCMLE (zero, scalar)", 1, 1, "01101", compareZeroScalar("le")),
];
