import type { Emitter } from "./emitter.js";
import { formatOf, type ExactOp } from "./fp-exact.js";
import { emitScalar, FTYPE } from "./fp-scalar.js";
import { roundLanesTieAway, roundLanesWithin } from "./fp-vector.js";
import { inst, type Row } from "./pattern.js";

/** FRINT*: round to an integral value in floating-point format. */

interface OneSource {
  readonly ftype: number;
  readonly rn: number;
  readonly rd: number;
}

function rint(op: ExactOp, native: "nearest" | "ceil" | "floor" | "trunc") {
  return (e: Emitter, f: OneSource): void => {
    emitScalar(e, f.ftype, f.rd, op, [f.rn], (shape) => e.w[`${shape}_${native}`]());
  };
}

function emitFrinta(e: Emitter, f: OneSource): void {
  emitScalar(e, f.ftype, f.rd, "roundTieAway", [f.rn], () => {
    roundLanesTieAway(e, formatOf(f.ftype));
  });
}

function frintUndefined(f: { readonly ftype: number }): boolean {
  return f.ftype > 1;
}

/** FRINT32*, FRINT64*: what a signed integer of that many bits cannot hold becomes the lowest one. */
function rintInteger(width: 32 | 64, rounding: "Zero" | "Current") {
  const op: ExactOp = `round${width}${rounding}`;
  return (e: Emitter, f: OneSource): void => {
    emitScalar(e, f.ftype, f.rd, op, [f.rn], () => {
      roundLanesWithin(e, formatOf(f.ftype), width, rounding === "Zero" ? "trunc" : "nearest");
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
