import type { Emitter } from "./emitter.js";
import type { ExactOp } from "./fp-exact.js";
import { emitScalar, ftypeUndefined, roundTieAway } from "./fp-scalar.js";
import { inst, type Row, type RowOptions } from "./pattern.js";

/** FRINT*: round to an integral value in floating-point format. */

interface OneSource {
  readonly ftype: number;
  readonly rn: number;
  readonly rd: number;
}

const FP: RowOptions<{ readonly ftype: number }> = { feature: "fp", undefinedIf: ftypeUndefined };

function rint(op: ExactOp, native: "nearest" | "ceil" | "floor" | "trunc") {
  return (e: Emitter, f: OneSource): void => {
    const type = f.ftype === 0 ? "f32" : "f64";
    emitScalar(e, f.ftype, f.rd, op, [f.rn], () => e.w[`${type}_${native}`]());
  };
}

function emitFrinta(e: Emitter, f: OneSource): void {
  emitScalar(e, f.ftype, f.rd, "roundTieAway", [f.rn], () => {
    if (f.ftype === 0) e.w.f64_promote_f32();
    roundTieAway(e);
    if (f.ftype === 0) e.w.f32_demote_f64();
  });
}

// The default FPCR rounds to nearest; any other comes through the exact operation.
const current = rint("roundCurrent", "nearest");

export const ROWS: readonly Row[] = [
  inst(
    "FRINTN (scalar)",
    "00011110 ftype:2 1 001000 10000 rn:5 rd:5",
    rint("roundTieEven", "nearest"),
    FP,
  ),
  inst(
    "FRINTP (scalar)",
    "00011110 ftype:2 1 001001 10000 rn:5 rd:5",
    rint("roundPlusInf", "ceil"),
    FP,
  ),
  inst(
    "FRINTM (scalar)",
    "00011110 ftype:2 1 001010 10000 rn:5 rd:5",
    rint("roundMinusInf", "floor"),
    FP,
  ),
  inst(
    "FRINTZ (scalar)",
    "00011110 ftype:2 1 001011 10000 rn:5 rd:5",
    rint("roundZero", "trunc"),
    FP,
  ),
  inst("FRINTA (scalar)", "00011110 ftype:2 1 001100 10000 rn:5 rd:5", emitFrinta, FP),
  inst("FRINTX (scalar)", "00011110 ftype:2 1 001110 10000 rn:5 rd:5", current, FP),
  inst("FRINTI (scalar)", "00011110 ftype:2 1 001111 10000 rn:5 rd:5", current, FP),
];
