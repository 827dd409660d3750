import { exceptionReturn } from "../cpu/exception.js";
import { OFF_CODE_CHANGED, OFF_EXCLUSIVE_VALID, OFF_NZCV } from "../cpu/state-layout.js";
import type { Emitter } from "./emitter.js";
import { helper } from "./helpers.js";
import { inst, type Row } from "./pattern.js";
import { requirePosition, type SystemHelperContext } from "./system-context.js";

/** Barriers, CLREX, ERET and DRPS (Arm ARM C4.1.93). */

const ERET = helper("eret", [], null, (context) => {
  const c = context as SystemHelperContext;
  exceptionReturn(c.cpu); // the dispatcher sees that the level is another one
  c.mmu.synchronized("eret");
  return undefined;
});

const BARRIER = helper("barrier", ["i32"], null, (context, crm) => {
  const { mmu } = context as SystemHelperContext;
  const accesses = ([null, "loads", "stores", "all"] as const)[crm! & 3]!;
  if (accesses !== null) mmu.barrier({ kind: "dsb", accesses });
  return undefined;
});

const SYNCHRONIZED = helper("synchronized", [], null, (context) => {
  (context as SystemHelperContext).mmu.synchronized("isb");
  return undefined;
});

/** Leave with the PC and the flags that a helper's exception return left in the state block. */
export function leaveAfterReturn(e: Emitter): void {
  e.w.i32_const(0);
  e.w.i32_load(OFF_NZCV);
  e.setNZCV();
  e.leaveToPc();
}

const stop = { flow: "stop" } as const;
const nothing = (): void => undefined;

export const ROWS: readonly Row[] = [
  inst("CLREX", "11010101000000110011 crm:4 010 11111", (e) => {
    e.w.i32_const(0);
    e.w.i32_const(0);
    e.w.i32_store(OFF_EXCLUSIVE_VALID);
  }),
  // Memory is sequentially consistent and nothing is speculated. CRm 0 and 4 are SSBB and PSSBB.
  inst("DSB", "11010101000000110011 crm:4 100 11111", (e, f) => {
    if (!e.mode.observed) return;
    requirePosition(e);
    e.w.i32_const(f.crm);
    e.callHelper(BARRIER);
  }),
  inst("DMB", "11010101000000110011 crm:4 101 11111", nothing),
  inst("SB", "11010101000000110011 0000 111 11111", nothing, { feature: "sb" }),
  // What else is synchronized took effect at once.
  inst("ISB", "11010101000000110011 crm:4 110 11111", (e) => {
    if (e.mode.observed) {
      e.callHelper(SYNCHRONIZED);
      e.leave();
      return;
    }
    e.w.i32_const(0);
    e.w.i32_load(OFF_CODE_CHANGED);
    e.leaveIf();
  }),
  inst(
    "ERET",
    "1101011 0 100 11111 000000 11111 00000",
    (e) => {
      if (e.mode.el === 0) {
        e.undefined();
        return;
      }
      e.callHelper(ERET);
      leaveAfterReturn(e);
    },
    { ...stop, flags: "sets" },
  ),
  inst(
    "DRPS",
    "1101011 0 101 11111 000000 11111 00000",
    (e) => {
      e.undefined(); // outside Debug state
    },
    stop,
  ),
];
