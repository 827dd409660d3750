import { sysregSlot } from "../arch/sysreg.js";
import { exceptionReturn } from "../cpu/exception.js";
import type { PacKey } from "../cpu/pauth/pointer.js";
import { OFF_BOUNCE, OFF_SYSREG } from "../cpu/state-layout.js";
import { link } from "./branch.js";
import type { Emitter } from "./emitter.js";
import { helper } from "./helpers.js";
import { emitAuthenticate, type Modifier } from "./pauth.js";
import { inst, type Row } from "./pattern.js";
import { leaveAfterReturn } from "./system.js";
import type { SystemHelperContext } from "./system-context.js";

/**
 * Branches that authenticate their target first (FEAT_PAuth, Arm ARM C4.1.93): BRAA, BLRAA, RETAA, ERETAA and
 * their kin. A wrong code makes a target that faults when it is fetched.
 */

const ELR = sysregSlot("ELR_EL1");

/** Exception return to the address in the bounce buffer. */
const ERET_TO = helper("eretTo", [], null, (context) => {
  const c = context as SystemHelperContext;
  c.mmu.synchronized("eret");
  exceptionReturn(c.cpu, c.memory.i64[OFF_BOUNCE / 8]!);
  c.contextChanged();
  return undefined;
});

/** Push Xn authenticated with a modifier. */
function pushTarget(e: Emitter, key: PacKey, rn: number, modifier: Modifier): void {
  e.getX(rn);
  emitAuthenticate(e, key, modifier);
}

function emitCall(e: Emitter, key: PacKey, rn: number, modifier: Modifier): void {
  pushTarget(e, key, rn, modifier);
  const target = e.popTemp("i64");
  link(e);
  e.w.local_get(target);
  e.free(target);
  e.callIndirect();
}

function emitReturn(e: Emitter, key: PacKey): void {
  pushTarget(e, key, 30, "sp");
  e.ret();
}

function emitExceptionReturn(e: Emitter, key: PacKey): void {
  if (e.mode.el === 0) {
    e.undefined();
    return;
  }
  e.w.i32_const(0);
  e.w.i64_load(OFF_SYSREG + ELR * 8);
  emitAuthenticate(e, key, "sp");
  const target = e.popTemp("i64");
  e.w.i32_const(0);
  e.w.local_get(target);
  e.w.i64_store(OFF_BOUNCE);
  e.free(target);
  e.callHelper(ERET_TO);
  leaveAfterReturn(e);
}

const indirect = { feature: "pauth", flow: "indirect" } as const;
const call = { feature: "pauth", flow: "callIndirect" } as const;
const stop = { feature: "pauth", flow: "stop", flags: "sets" } as const;

export const ROWS: readonly Row[] = (
  [
    ["A", "IA", "0"],
    ["B", "IB", "1"],
  ] as const
).flatMap(([letter, key, m]) => [
  inst(
    `BRA${letter}Z`,
    `1101011 0 000 11111 00001 ${m} rn:5 11111`,
    (e, f) => {
      pushTarget(e, key, f.rn, 31);
      e.branchIndirect();
    },
    indirect,
  ),
  inst(
    `BRA${letter}`,
    `1101011 1 000 11111 00001 ${m} rn:5 rm:5`,
    (e, f) => {
      pushTarget(e, key, f.rn, f.rm === 31 ? "sp" : f.rm);
      e.branchIndirect();
    },
    indirect,
  ),
  inst(
    `BLRA${letter}Z`,
    `1101011 0 001 11111 00001 ${m} rn:5 11111`,
    (e, f) => {
      emitCall(e, key, f.rn, 31);
    },
    call,
  ),
  inst(
    `BLRA${letter}`,
    `1101011 1 001 11111 00001 ${m} rn:5 rm:5`,
    (e, f) => {
      emitCall(e, key, f.rn, f.rm === 31 ? "sp" : f.rm);
    },
    call,
  ),
  inst(
    `RETA${letter}`,
    `1101011 0 010 11111 00001 ${m} 11111 11111`,
    (e) => {
      emitReturn(e, key);
    },
    { feature: "pauth", flow: "return" },
  ),
  inst(
    `ERETA${letter}`,
    `1101011 0 100 11111 00001 ${m} 11111 11111`,
    (e) => {
      emitExceptionReturn(e, key);
    },
    stop,
  ),
]);
