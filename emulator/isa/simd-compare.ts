import type { Emitter } from "./emitter.js";
import type { Row } from "./pattern.js";
import {
  noSingleDoubleword,
  onlyDoublewords,
  scalarThreeSame,
  scalarTwoMisc,
  threeSame,
  twoMisc,
  type ScalarThreeRegisters,
  type ScalarTwoRegisters,
  type ThreeRegisters,
  type TwoRegisters,
} from "./simd-groups.js";
import {
  compareUnsigned,
  lanes,
  pushZero,
  setScalarFromVector,
  setVq,
  withOperands,
} from "./simd-lanes.js";

/** Integer comparisons: all ones where true. The scalar forms compare doublewords. */

type Relation = "eq" | "gt_s" | "ge_s" | "lt_s" | "le_s" | "gt_u" | "ge_u" | "test";

/** Push the mask of `relation` between Vn and Vm. */
function pushMask(e: Emitter, size: number, relation: Relation, n: number, m: number): void {
  if (relation === "gt_u" || relation === "ge_u") {
    withOperands(e, n, m, (a, b) => {
      compareUnsigned(e, size, relation === "gt_u" ? "gt" : "ge", a, b);
    });
    return;
  }
  e.getV(n);
  e.getV(m);
  if (relation === "test") {
    e.w.v128_and();
    pushZero(e);
    lanes(e, size, "ne");
  } else lanes(e, size, relation);
}

function compare(relation: Relation) {
  return (e: Emitter, f: ThreeRegisters): void => {
    pushMask(e, f.size, relation, f.rn, f.rm);
    setVq(e, f.rd, f.q);
  };
}

function compareScalar(relation: Relation) {
  return (e: Emitter, f: ScalarThreeRegisters): void => {
    pushMask(e, f.size, relation, f.rn, f.rm);
    setScalarFromVector(e, f.rd, f.size);
  };
}

type ZeroRelation = "eq" | "gt_s" | "ge_s" | "lt_s" | "le_s";

function compareZero(relation: ZeroRelation) {
  return (e: Emitter, f: TwoRegisters): void => {
    e.getV(f.rn);
    pushZero(e);
    lanes(e, f.size, relation);
    setVq(e, f.rd, f.q);
  };
}

function compareZeroScalar(relation: ZeroRelation) {
  return (e: Emitter, f: ScalarTwoRegisters): void => {
    e.getV(f.rn);
    pushZero(e);
    lanes(e, f.size, relation);
    setScalarFromVector(e, f.rd, f.size);
  };
}

export const ROWS: readonly Row[] = [
  threeSame("CMGT (register)", 0, "00110", compare("gt_s"), noSingleDoubleword),
  threeSame("CMGE (register)", 0, "00111", compare("ge_s"), noSingleDoubleword),
  threeSame("CMTST", 0, "10001", compare("test"), noSingleDoubleword),
  threeSame("CMHI", 1, "00110", compare("gt_u"), noSingleDoubleword),
  threeSame("CMHS", 1, "00111", compare("ge_u"), noSingleDoubleword),
  threeSame("CMEQ (register)", 1, "10001", compare("eq"), noSingleDoubleword),
  scalarThreeSame("CMGT (register, scalar)", 0, "00110", compareScalar("gt_s"), onlyDoublewords),
  scalarThreeSame("CMGE (register, scalar)", 0, "00111", compareScalar("ge_s"), onlyDoublewords),
  scalarThreeSame("CMTST (scalar)", 0, "10001", compareScalar("test"), onlyDoublewords),
  scalarThreeSame("CMHI (scalar)", 1, "00110", compareScalar("gt_u"), onlyDoublewords),
  scalarThreeSame("CMHS (scalar)", 1, "00111", compareScalar("ge_u"), onlyDoublewords),
  scalarThreeSame("CMEQ (register, scalar)", 1, "10001", compareScalar("eq"), onlyDoublewords),
  twoMisc("CMGT (zero)", 0, "01000", compareZero("gt_s"), noSingleDoubleword),
  twoMisc("CMEQ (zero)", 0, "01001", compareZero("eq"), noSingleDoubleword),
  twoMisc("CMLT (zero)", 0, "01010", compareZero("lt_s"), noSingleDoubleword),
  twoMisc("CMGE (zero)", 1, "01000", compareZero("ge_s"), noSingleDoubleword),
  twoMisc("CMLE (zero)", 1, "01001", compareZero("le_s"), noSingleDoubleword),
  scalarTwoMisc("CMGT (zero, scalar)", 0, "01000", compareZeroScalar("gt_s"), onlyDoublewords),
  scalarTwoMisc("CMEQ (zero, scalar)", 0, "01001", compareZeroScalar("eq"), onlyDoublewords),
  scalarTwoMisc("CMLT (zero, scalar)", 0, "01010", compareZeroScalar("lt_s"), onlyDoublewords),
  scalarTwoMisc("CMGE (zero, scalar)", 1, "01000", compareZeroScalar("ge_s"), onlyDoublewords),
  scalarTwoMisc("CMLE (zero, scalar)", 1, "01001", compareZeroScalar("le_s"), onlyDoublewords),
];
