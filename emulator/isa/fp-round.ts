import type { Emitter } from "./emitter.js";
import type { ExactOp } from "./fp-exact.js";
import { emitScalar, FTYPE, roundTieAway, typeOf } from "./fp-scalar.js";
import { inst, type Row } from "./pattern.js";

/** FRINT*: round to an integral value in floating-point format. */

interface OneSource {
  readonly ftype: number;
  readonly rn: number;
  readonly rd: number;
}

function rint(op: ExactOp, native: "nearest" | "ceil" | "floor" | "trunc") {
  return (e: Emitter, f: OneSource): void => {
    emitScalar(e, f.ftype, f.rd, op, [f.rn], () => e.w[`${typeOf(f.ftype)}_${native}`]());
  };
}

function emitFrinta(e: Emitter, f: OneSource): void {
  emitScalar(e, f.ftype, f.rd, "roundTieAway", [f.rn], () => {
    if (f.ftype !== 1) e.w.f64_promote_f32();
    roundTieAway(e);
    if (f.ftype !== 1) e.w.f32_demote_f64();
  });
}

function frintUndefined(f: { readonly ftype: number }): boolean {
  return f.ftype > 1;
}

/**
 * FRINT32*, FRINT64*: what a signed integer of that many bits cannot hold becomes the lowest one. Native
 * where the rounded value surely fits.
 */
function rintInteger(width: 32 | 64, rounding: "Zero" | "Current") {
  const op: ExactOp = `round${width}${rounding}`;
  return (e: Emitter, f: OneSource): void => {
    const type = typeOf(f.ftype);
    emitScalar(e, f.ftype, f.rd, op, [f.rn], () => {
      e.w[`${type}_${rounding === "Zero" ? "trunc" : "nearest"}` as const]();
      const x = e.popTemp(type);
      // NaN, which the guard refuses, where it may not fit.
      e.w.local_get(x);
      e.w[`${type}_const`](NaN);
      e.w.local_get(x);
      e.w[`${type}_abs`]();
      e.w[`${type}_const`](2 ** (width - 1));
      e.w[`${type}_lt`]();
      e.w.select();
      e.free(x);
    });
  };
}

// The default FPCR rounds to nearest; any other comes through the exact operation.
const current = rint("roundCurrent", "nearest");
const exact = rint("roundExact", "nearest");
const FRINTTS = { feature: "frintts", undefinedIf: frintUndefined } as const;

export const ROWS: readonly Row[] = [
  inst(
    "FRINTN (scalar)",
    "00011110 ftype:2 1 001000 10000 rn:5 rd:5",
    rint("roundTieEven", "nearest"),
    FTYPE,
  ),
  inst(
    "FRINTP (scalar)",
    "00011110 ftype:2 1 001001 10000 rn:5 rd:5",
    rint("roundPlusInf", "ceil"),
    FTYPE,
  ),
  inst(
    "FRINTM (scalar)",
    "00011110 ftype:2 1 001010 10000 rn:5 rd:5",
    rint("roundMinusInf", "floor"),
    FTYPE,
  ),
  inst(
    "FRINTZ (scalar)",
    "00011110 ftype:2 1 001011 10000 rn:5 rd:5",
    rint("roundZero", "trunc"),
    FTYPE,
  ),
  inst("FRINTA (scalar)", "00011110 ftype:2 1 001100 10000 rn:5 rd:5", emitFrinta, FTYPE),
  inst("FRINTX (scalar)", "00011110 ftype:2 1 001110 10000 rn:5 rd:5", exact, FTYPE),
  inst("FRINTI (scalar)", "00011110 ftype:2 1 001111 10000 rn:5 rd:5", current, FTYPE),
  inst(
    "FRINT32Z (scalar)",
    "00011110 ftype:2 1 010000 10000 rn:5 rd:5",
    rintInteger(32, "Zero"),
    FRINTTS,
  ),
  inst(
    "FRINT32X (scalar)",
    "00011110 ftype:2 1 010001 10000 rn:5 rd:5",
    rintInteger(32, "Current"),
    FRINTTS,
  ),
  inst(
    "FRINT64Z (scalar)",
    "00011110 ftype:2 1 010010 10000 rn:5 rd:5",
    rintInteger(64, "Zero"),
    FRINTTS,
  ),
  inst(
    "FRINT64X (scalar)",
    "00011110 ftype:2 1 010011 10000 rn:5 rd:5",
    rintInteger(64, "Current"),
    FRINTTS,
  ),
];
