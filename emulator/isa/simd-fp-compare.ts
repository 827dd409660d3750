import { HALF } from "../cpu/fp/format.js";
import type { Emitter } from "./emitter.js";
import { callExact, type ExactOp } from "./fp-exact.js";
import { fpShape, MODE_FZ, MODE_FZ16, pushAny } from "./fp-guard.js";
import { setFpFromVector } from "./fp-scalar.js";
import { fpLanes, getComparand } from "./fp-vector.js";
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
import { pushSplat, pushZero, setVq } from "./simd-lanes.js";

/** Floating-point comparisons to masks. NaNs compare false, as in WebAssembly. */

type Relation = "eq" | "ge" | "gt" | "le" | "lt";

/** `right` null compares with zero. */
interface Compared {
  readonly left: number;
  readonly right: number | null;
  readonly relation: Relation;
  readonly ofMagnitudes: boolean;
  readonly lanes: number;
}

/** Push the mask of `part` of the lanes. */
function pushMaskPart(e: Emitter, c: Compared, f: FpScalarTwo, part: 0 | 1): void {
  const shape = fpShape(f.format);
  for (const n of [c.left, c.right]) {
    if (n === null) pushZero(e);
    else getComparand(e, n, f.format, part);
    if (c.ofMagnitudes) e.w[`${shape}_abs`]();
  }
  e.w[`${shape}_${c.relation}`]();
}

/** The exact comparison, for its flags. "Less" is "greater" with the operands the other way round. */
function raiseFlags(e: Emitter, c: Compared, f: FpScalarTwo): void {
  const { w } = e;
  const { format } = f;
  const operand = (n: number | null) => (): void => {
    if (n === null) pushZero(e);
    else e.getV(n);
    if (!c.ofMagnitudes) return;
    if (format === HALF) {
      pushSplat(e, 1, 0x7fffn);
      w.v128_and();
    } else w[`${fpShape(format)}_abs`]();
  };
  const op: ExactOp =
    c.relation === "eq"
      ? "compareEq"
      : c.relation === "ge" || c.relation === "le"
        ? "compareGe"
        : "compareGt";
  const isLess = c.relation === "le" || c.relation === "lt";
  const [a, b] = isLess ? [c.right, c.left] : [c.left, c.right];
  callExact(e, { op, from: format, lanes: c.lanes }, [operand(a), operand(b)]);
  w.drop();
}

/** While FPSR's flags are kept: NaNs raise, and operands that are flushed. */
function raiseIfUnsure(e: Emitter, c: Compared, f: FpScalarTwo): void {
  const { w, mode } = e;
  if (!mode.fpsrExact) return;
  if (f.format === HALF || (mode.fpcr & (MODE_FZ | MODE_FZ16)) !== 0) {
    raiseFlags(e, c, f);
    return;
  }
  w.i32_const(0);
  for (const n of [c.left, c.right]) {
    if (n === null) continue;
    e.getV(n);
    e.getV(n);
    w[`${fpShape(f.format)}_ne`]();
    pushAny(e, f.format, c.lanes);
    w.i32_or();
  }
  const unsure = w.unlikely().if_();
  raiseFlags(e, c, f);
  w.end(unsure);
}

function pushMask(e: Emitter, c: Compared, f: FpScalarTwo): void {
  raiseIfUnsure(e, c, f);
  pushMaskPart(e, c, f, 0);
  if (f.format !== HALF) return;
  pushMaskPart(e, c, f, 1);
  e.w.i16x8_narrow_i32x4_s();
}

function compare(relation: Relation, of?: "abs") {
  return (e: Emitter, f: FpThree): void => {
    const lanes = fpLanes(f.q, f.format);
    pushMask(e, { left: f.rn, right: f.rm, relation, ofMagnitudes: of === "abs", lanes }, f);
    setVq(e, f.rd, f.q);
  };
}

function compareScalar(relation: Relation, of?: "abs") {
  return (e: Emitter, f: FpScalarThree): void => {
    pushMask(e, { left: f.rn, right: f.rm, relation, ofMagnitudes: of === "abs", lanes: 1 }, f);
    setFpFromVector(e, f.rd, f.format);
  };
}

function zero(relation: Relation) {
  return (e: Emitter, f: FpTwo): void => {
    const lanes = fpLanes(f.q, f.format);
    pushMask(e, { left: f.rn, right: null, relation, ofMagnitudes: false, lanes }, f);
    setVq(e, f.rd, f.q);
  };
}

function zeroScalar(relation: Relation) {
  return (e: Emitter, f: FpScalarTwo): void => {
    pushMask(e, { left: f.rn, right: null, relation, ofMagnitudes: false, lanes: 1 }, f);
    setFpFromVector(e, f.rd, f.format);
  };
}

export const ROWS: readonly Row[] = [
  ...fpThreeSame("FCMEQ (register)", 0, 0, "11100", compare("eq")),
  ...fpThreeSame("FCMGE (register)", 1, 0, "11100", compare("ge")),
  ...fpThreeSame("FCMGT (register)", 1, 1, "11100", compare("gt")),
  ...fpThreeSame("FACGE", 1, 0, "11101", compare("ge", "abs")),
  ...fpThreeSame("FACGT", 1, 1, "11101", compare("gt", "abs")),
  ...fpScalarThreeSame("FCMEQ (register, scalar)", 0, 0, "11100", compareScalar("eq")),
  ...fpScalarThreeSame("FCMGE (register, scalar)", 1, 0, "11100", compareScalar("ge")),
  ...fpScalarThreeSame("FCMGT (register, scalar)", 1, 1, "11100", compareScalar("gt")),
  ...fpScalarThreeSame("FACGE (scalar)", 1, 0, "11101", compareScalar("ge", "abs")),
  ...fpScalarThreeSame("FACGT (scalar)", 1, 1, "11101", compareScalar("gt", "abs")),
  ...fpTwoMisc("FCMGT (zero)", 0, 1, "01100", zero("gt")),
  ...fpTwoMisc("FCMEQ (zero)", 0, 1, "01101", zero("eq")),
  ...fpTwoMisc("FCMLT (zero)", 0, 1, "01110", zero("lt")),
  ...fpTwoMisc("FCMGE (zero)", 1, 1, "01100", zero("ge")),
  ...fpTwoMisc("FCMLE (zero)", 1, 1, "01101", zero("le")),
  ...fpScalarTwoMisc("FCMGT (zero, scalar)", 0, 1, "01100", zeroScalar("gt")),
  ...fpScalarTwoMisc("FCMEQ (zero, scalar)", 0, 1, "01101", zeroScalar("eq")),
  ...fpScalarTwoMisc("FCMLT (zero, scalar)", 0, 1, "01110", zeroScalar("lt")),
  ...fpScalarTwoMisc("FCMGE (zero, scalar)", 1, 1, "01100", zeroScalar("ge")),
  ...fpScalarTwoMisc("FCMLE (zero, scalar)", 1, 1, "01101", zeroScalar("le")),
];
