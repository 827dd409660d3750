import { EC_WFX } from "../arch/esr.js";
import type { Emitter } from "./emitter.js";
import { emitPointerAuth, type PointerAuth } from "./pauth.js";
import { inst, type Row } from "./pattern.js";
import { requireSctlr, WAIT_FOR_INTERRUPT } from "./system-context.js";

/**
 * The hint space (Arm ARM C4.1.93): what a CPU does not have, and what nobody has allocated, does nothing.
 * YIELD, SEV, SEVL, DGH, ESB, TSB, CSDB and the BTI landing pads do nothing here either.
 */

const WFI = 3;
const SCTLR_NTWI = 1 << 16;
const SCTLR_NTWE = 1 << 18;
/** CV 1, COND always. */
const WFX_ISS = (1 << 24) | (0xe << 20);

const x17 = { rd: 17, modifier: 16 } as const;
const zero = { rd: 30, modifier: 31 } as const;
const sp = { rd: 30, modifier: "sp" } as const;

/** The pointer authentication hints by CRm:op2. */
const POINTER_AUTH: ReadonlyMap<number, PointerAuth> = new Map<number, PointerAuth>([
  [7, { operation: "strip", key: "IA", rd: 30, modifier: 31 }], // XPACLRI
  [8, { operation: "add", key: "IA", ...x17 }],
  [10, { operation: "add", key: "IB", ...x17 }],
  [12, { operation: "auth", key: "IA", ...x17 }],
  [14, { operation: "auth", key: "IB", ...x17 }],
  [24, { operation: "add", key: "IA", ...zero }],
  [25, { operation: "add", key: "IA", ...sp }],
  [26, { operation: "add", key: "IB", ...zero }],
  [27, { operation: "add", key: "IB", ...sp }],
  [28, { operation: "auth", key: "IA", ...zero }],
  [29, { operation: "auth", key: "IA", ...sp }],
  [30, { operation: "auth", key: "IB", ...zero }],
  [31, { operation: "auth", key: "IB", ...sp }],
]);

function emitHint(e: Emitter, f: { hint: number }): void {
  // WFE 2 and WFI may trap from EL0; the event register is always set here, so WFE never waits.
  if (f.hint === 2) requireSctlr(e, SCTLR_NTWE, WFX_ISS | 1, EC_WFX);
  else if (f.hint === WFI) {
    requireSctlr(e, SCTLR_NTWI, WFX_ISS, EC_WFX);
    e.callHelper(WAIT_FOR_INTERRUPT);
    e.leave();
  } else {
    const pointerAuth = POINTER_AUTH.get(f.hint);
    if (pointerAuth !== undefined && e.mode.config.model.features.has("pauth")) {
      emitPointerAuth(e, pointerAuth);
    }
  }
}

export const ROWS: readonly Row[] = [
  inst("HINT", "11010101000000110010 hint:7 11111", emitHint, {
    flow: (f) => (f.hint === WFI ? { kind: "stop" } : null),
  }),
];
