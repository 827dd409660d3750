import type { Emitter, Local } from "./emitter.js";
import { callExact, formatOf } from "./fp-exact.js";
import { MODE_FZ, MODE_FZ16 } from "./fp-guard.js";
import { FTYPE, getFpAsDouble } from "./fp-scalar.js";
import { inst, type Row, type RowOptions } from "./pattern.js";
import { pushZero } from "./simd-lanes.js";

/**
 * FCMP, FCMPE, FCCMP, FCCMPE. The signalling forms (E) differ in the flags of FPSR only. Under FPCR.FZ subnormal
 * operands count as zero of their sign.
 */

function flushes(e: Emitter, ftype: number): boolean {
  return (e.mode.fpcr & (ftype === 3 ? MODE_FZ16 : MODE_FZ)) !== 0;
}

/** Vn as an f64 in a local, flushed if FPCR says so. */
function getOperand(e: Emitter, n: number, ftype: number): Local {
  getFpAsDouble(e, n, ftype);
  const x = e.popTemp("f64");
  if (!flushes(e, ftype)) return x;
  e.w.f64_const(0);
  e.w.local_get(x);
  e.w.local_get(x);
  e.w.f64_abs();
  e.w.f64_const(2 ** (1 - formatOf(ftype).bias));
  e.w.f64_lt();
  e.w.select();
  e.w.local_set(x);
  return x;
}

interface Compare {
  readonly ftype: number;
  /** null: compare with zero. */
  readonly rm: number | null;
  readonly rn: number;
}

/** The two operands; a zero for an absent second register. */
function getOperands(e: Emitter, f: Compare): readonly [Local, Local] {
  const a = getOperand(e, f.rn, f.ftype);
  if (f.rm !== null) return [a, getOperand(e, f.rm, f.ftype)];
  e.w.f64_const(0);
  return [a, e.popTemp("f64")];
}

/** While FPSR's flags are kept: NaNs, and operands that were flushed, raise what the exact path says. */
function raiseFlags(e: Emitter, f: Compare, signalsAll: boolean, operands: readonly Local[]): void {
  const { w } = e;
  if (!e.mode.fpsrExact) return;
  w.i32_const(flushes(e, f.ftype) ? 1 : 0);
  for (const operand of operands) {
    w.local_get(operand);
    w.local_get(operand);
    w.f64_ne();
    w.i32_or();
  }
  const unsure = w.unlikely().if_();
  const op = signalsAll ? "compareGe" : "compareEq";
  const { rm } = f;
  callExact(e, { op, from: formatOf(f.ftype), lanes: 1 }, [
    () => e.getV(f.rn),
    () => (rm === null ? pushZero(e) : e.getV(rm)),
  ]);
  w.drop();
  w.end(unsure);
}

function fcmp(signalsAll: boolean) {
  return (e: Emitter, f: Compare): void => {
    const [a, b] = getOperands(e, f);
    raiseFlags(e, f, signalsAll, [a, b]);
    e.flagsFcmp(a, b);
    e.free(a, b);
  };
}

function fcmpZero(signalsAll: boolean) {
  const emit = fcmp(signalsAll);
  return (e: Emitter, f: Omit<Compare, "rm">): void => emit(e, { ...f, rm: null });
}

function fccmp(signalsAll: boolean) {
  return (e: Emitter, f: Compare & { readonly cond: number; readonly nzcv: number }): void => {
    const [a, b] = getOperands(e, f);
    e.cond(f.cond);
    if (e.mode.fpsrExact) {
      const condition = e.popTemp("i32");
      e.w.local_get(condition);
      const compares = e.w.if_();
      raiseFlags(e, f, signalsAll, [a, b]);
      e.w.end(compares);
      e.w.local_get(condition);
      e.free(condition);
    }
    e.flagsConditionalFcmp(a, b, f.nzcv);
    e.free(a, b);
  };
}

const SETS: RowOptions<{ readonly ftype: number }> = { ...FTYPE, flags: "sets" };
const READS_SETS: typeof SETS = { ...FTYPE, flags: "reads+sets" };

export const ROWS: readonly Row[] = [
  inst("FCMP", "00011110 ftype:2 1 rm:5 001000 rn:5 00 000", fcmp(false), SETS),
  inst("FCMP (zero)", "00011110 ftype:2 1 xxxxx 001000 rn:5 01 000", fcmpZero(false), SETS),
  inst("FCMPE", "00011110 ftype:2 1 rm:5 001000 rn:5 10 000", fcmp(true), SETS),
  inst("FCMPE (zero)", "00011110 ftype:2 1 xxxxx 001000 rn:5 11 000", fcmpZero(true), SETS),
  inst("FCCMP", "00011110 ftype:2 1 rm:5 cond:4 01 rn:5 0 nzcv:4", fccmp(false), READS_SETS),
  inst("FCCMPE", "00011110 ftype:2 1 rm:5 cond:4 01 rn:5 1 nzcv:4", fccmp(true), READS_SETS),
];
