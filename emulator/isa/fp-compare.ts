import type { Emitter, Local } from "./emitter.js";
import { ftypeUndefined, getFpAsDouble } from "./fp-scalar.js";
import { inst, type Row, type RowOptions } from "./pattern.js";

/**
 * FCMP, FCMPE, FCCMP, FCCMPE. The signalling forms differ in FPSR only, which is not raised. Under FPCR.FZ
 * subnormal operands count as zero of their sign.
 */

const FPCR_FZ = 1 << 5; // FPCR bit 24 within Mode.fpcr

/** Push Vn as an f64, flushed if FPCR says so. */
function getOperand(e: Emitter, n: number, ftype: number): Local {
  getFpAsDouble(e, n, ftype);
  if ((e.mode.fpcr & FPCR_FZ) === 0) return e.popTemp("f64");
  const x = e.popTemp("f64");
  e.w.f64_const(0);
  e.w.local_get(x);
  e.w.local_get(x);
  e.w.f64_abs();
  e.w.f64_const(ftype === 0 ? 2 ** -126 : 2 ** -1022);
  e.w.f64_lt();
  e.w.select();
  e.w.local_set(x);
  return x;
}

interface Compare {
  readonly ftype: number;
  readonly rm: number;
  readonly rn: number;
}

function emitFcmp(e: Emitter, f: Compare): void {
  const a = getOperand(e, f.rn, f.ftype);
  const b = getOperand(e, f.rm, f.ftype);
  e.flagsFcmp(a, b);
  e.free(a, b);
}

function emitFcmpZero(e: Emitter, f: Omit<Compare, "rm">): void {
  const a = getOperand(e, f.rn, f.ftype);
  e.w.f64_const(0);
  const zero = e.popTemp("f64");
  e.flagsFcmp(a, zero);
  e.free(a, zero);
}

function emitFccmp(
  e: Emitter,
  f: Compare & { readonly cond: number; readonly nzcv: number },
): void {
  const a = getOperand(e, f.rn, f.ftype);
  const b = getOperand(e, f.rm, f.ftype);
  e.cond(f.cond);
  e.flagsConditionalFcmp(a, b, f.nzcv);
  e.free(a, b);
}

const SETS: RowOptions<{ readonly ftype: number }> = {
  feature: "fp",
  undefinedIf: ftypeUndefined,
  flags: "sets",
};
const READS_SETS: typeof SETS = { ...SETS, flags: "reads+sets" };

export const ROWS: readonly Row[] = [
  inst("FCMP", "00011110 ftype:2 1 rm:5 001000 rn:5 00 000", emitFcmp, SETS),
  inst("FCMP (zero)", "00011110 ftype:2 1 xxxxx 001000 rn:5 01 000", emitFcmpZero, SETS),
  inst("FCMPE", "00011110 ftype:2 1 rm:5 001000 rn:5 10 000", emitFcmp, SETS),
  inst("FCMPE (zero)", "00011110 ftype:2 1 xxxxx 001000 rn:5 11 000", emitFcmpZero, SETS),
  inst("FCCMP", "00011110 ftype:2 1 rm:5 cond:4 01 rn:5 0 nzcv:4", emitFccmp, READS_SETS),
  inst("FCCMPE", "00011110 ftype:2 1 rm:5 cond:4 01 rn:5 1 nzcv:4", emitFccmp, READS_SETS),
];
