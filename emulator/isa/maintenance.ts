import {
  dataAbortIss,
  EC_DATA_ABORT_LOWER,
  EC_DATA_ABORT_SAME,
  isExternalAbortOnWalk,
  makeEsr,
  systemTrapIss,
} from "../arch/esr.js";
import type { Feature } from "../arch/features.js";
import { parFault, parSuccess } from "../arch/par.js";
import { sysregKey, sysregSlot } from "../arch/sysreg.js";
import { decodeTlbi } from "../arch/tlbi.js";
import { ACCESS_READ, ACCESS_WRITE } from "../mmu/access.js";
import type { Emitter } from "./emitter.js";
import { helper } from "./helpers.js";
import { inst, type Row } from "./pattern.js";
import {
  pushHalves,
  requirePosition,
  requireSctlr,
  type SystemHelperContext,
} from "./system-context.js";

/**
 * Cache and TLB maintenance, address translation, prediction restriction: SYS and SYSL (Arm ARM C5.3 to
 * C5.6). All their encodings are allocated as far as decoding goes; those that name no operation of this
 * CPU, or none for the exception level, are UNDEFINED.
 */

const PAR = sysregSlot("PAR_EL1");
const SCTLR_ENRCTX = 1 << 10;
const SCTLR_DZE = 1 << 14;
const SCTLR_UCI = 1 << 26;
/** Bytes DC ZVA clears (DCZID_EL0.BS = 4). */
const ZVA_BYTES = 64;

/** The data abort that cache maintenance, IC IVAU or AT takes: a write as far as ESR_EL1 says (WnR, CM). */
function raiseAbort(c: SystemHelperContext, lo: number, hi: number): void {
  const ec = c.cpu.el === 0 ? EC_DATA_ABORT_LOWER : EC_DATA_ABORT_SAME;
  c.raise(makeEsr(ec, dataAbortIss(c.mmu.fault.status, true, true)), { lo, hi });
}

/**
 * The right to read is needed, to write for DC IVAC; PAN does not count, and the access flag does. Nothing
 * is accessed: an address that translates to nowhere is no fault.
 */
const CACHE_BY_VA = helper("cacheByVa", ["i32", "i32", "i32"], "i32", (context, lo, hi, crm) => {
  const c = context as SystemHelperContext;
  const access = crm === DC_IVAC_CRM ? ACCESS_WRITE : ACCESS_READ;
  c.mmu.announce(lo!, hi!, access, c.cpu.el, false);
  const pa = c.mmu.probe(lo!, hi!, access, c.cpu.el, false);
  if (pa < 0) {
    raiseAbort(c, lo!, hi!);
    return 1;
  }
  if (crm === IC_IVAU_CRM && c.memory.contains(pa, 1)) c.invalidateCode(pa);
  return 0;
});
const IC_IVAU_CRM = 5;
const DC_IVAC_CRM = 6;

/** What a DC ZVA of an address inside its block would fault with, its address told as it was given. */
const PROBE_ZERO = helper("probeZero", ["i32", "i32"], "i32", (context, lo, hi) => {
  const c = context as SystemHelperContext;
  const { el, pan } = c.cpu;
  if (c.mmu.translate(lo!, hi!, ACCESS_WRITE, el, pan, true) >= 0) return 0;
  const ec = el === 0 ? EC_DATA_ABORT_LOWER : EC_DATA_ABORT_SAME;
  c.raise(makeEsr(ec, dataAbortIss(c.mmu.fault.status, true)), { lo: lo!, hi: hi! });
  return 1;
});

const INVALIDATE_ALL_CODE = helper("invalidateAllCode", [], null, (context) => {
  (context as SystemHelperContext).invalidateCode(null);
  return undefined;
});

const TLBI = helper("tlbi", ["i32", "i32", "i32"], null, (context, op, lo, hi) => {
  tlbi(context as SystemHelperContext, op!, lo!, hi!);
  return undefined;
});

/** @param op CRm:op2 */
function tlbi(c: SystemHelperContext, op: number, lo: number, hi: number): void {
  const asidMask = c.cpu.config.model.features.has("asid16") ? 0xffff : 0xff;
  const request = decodeTlbi(op >>> 3, op & 7, lo, hi, asidMask);
  if (request !== null) c.mmu.tlbi(request);
}

/**
 * AT S1E1R, S1E1W, S1E0R, S1E0W (op 0 to 3), S1E1RP and S1E1WP (8 and 9), which honour PAN. An external abort
 * of the walk is taken as an exception (Arm ARM, AArch64.AT); every other fault is told in PAR_EL1.
 */
const TRANSLATE = helper(
  "addressTranslate",
  ["i32", "i32", "i32"],
  "i32",
  (context, op, lo, hi) => {
    const c = context as SystemHelperContext;
    const el = (op! & 2) !== 0 ? 0 : 1;
    const pan = op! >= 8 && c.cpu.pan;
    const access = (op! & 1) !== 0 ? ACCESS_WRITE : ACCESS_READ;
    c.mmu.announce(lo!, hi!, access, el, pan);
    const pa = c.mmu.probe(lo!, hi!, access, el, pan);
    if (pa < 0 && isExternalAbortOnWalk(c.mmu.fault.status)) {
      raiseAbort(c, lo!, hi!);
      return 1;
    }
    const { memoryType, shareability } = c.mmu.lastDetails;
    const par = pa < 0 ? parFault(c.mmu.fault.status) : parSuccess(pa, memoryType, shareability);
    c.cpu.writeSlot(PAR, par.lo, par.hi);
    return 0;
  },
);

interface Sys {
  op1: number;
  crn: number;
  crm: number;
  op2: number;
  rt: number;
}

type Operation = (e: Emitter, f: Sys) => void;

/** DC and IC by address, for which EL0 needs SCTLR_EL1.UCI. IC IVAU (CRm 5) drops translations. */
const maintainByVa: Operation = (e, f) => {
  requireSctlr(e, SCTLR_UCI, sysIss(f));
  requirePosition(e);
  pushHalves(e, f.rt);
  e.w.i32_const(f.crm);
  e.callHelper(CACHE_BY_VA);
  e.takeRaised();
};

const zeroByVa: Operation = (e, f) => {
  requireSctlr(e, SCTLR_DZE, sysIss(f));
  e.getW(f.rt);
  e.w.i32_const(ZVA_BYTES - 1);
  e.w.i32_and();
  const inside = e.w.unlikely().if_();
  pushHalves(e, f.rt);
  e.callHelper(PROBE_ZERO);
  e.takeRaised();
  e.w.end(inside);
  e.getX(f.rt);
  e.w.i64_const(-ZVA_BYTES, -1);
  e.w.i64_and();
  e.hostWrite(ZVA_BYTES, (host) => {
    for (let at = 0; at < ZVA_BYTES; at += 16) {
      e.w.local_get(host);
      e.w.v128_const(ZEROES);
      e.w.v128_store(at);
    }
  });
};
const ZEROES = new Uint8Array(16);

/** CFP, DVP and CPP RCTX: nothing here is predicted from what another context did. */
const restrictPrediction: Operation = (e, f) => {
  requireSctlr(e, SCTLR_ENRCTX, sysIss(f));
};

const el1Only =
  (operation: Operation): Operation =>
  (e, f) => {
    if (e.mode.el === 0) e.undefined();
    else operation(e, f);
  };

const nothing = el1Only(() => undefined);
const invalidateAll = el1Only((e) => {
  e.callHelper(INVALIDATE_ALL_CODE);
  e.leave();
});
const translate = el1Only((e, f) => {
  requirePosition(e);
  e.w.i32_const(((f.crm & 1) << 3) | f.op2);
  pushHalves(e, f.rt);
  e.callHelper(TRANSLATE);
  e.takeRaised();
});
const invalidateTlb = el1Only((e, f) => {
  requirePosition(e);
  e.w.i32_const((f.crm << 3) | f.op2);
  pushHalves(e, f.rt);
  e.callHelper(TLBI);
  // The code that follows may be fetched as before until an ISB, but an observer wants to see how it is.
  if (e.mode.observed) e.leave();
});

type Entry = readonly [key: number, operation: Operation, feature: Feature];

const row = (
  op1: number,
  crn: number,
  crm: number,
  op2: number,
  operation: Operation,
  feature: Feature = "base",
): Entry => [at(op1, crn, crm, op2), operation, feature];

/** TLBI operations: VMALLE1, VAE1, ASIDE1, VAAE1, VALE1, VAALE1, and by range. */
const tlbiRows = (crm: number, feature: Feature): Entry[] =>
  [0, 1, 2, 3, 5, 7].map((op2) => row(0, 8, crm, op2, invalidateTlb, feature));
const tlbiRangeRows = (crm: number): Entry[] =>
  [1, 3, 5, 7].map((op2) => row(0, 8, crm, op2, invalidateTlb, "tlbirange"));

/** The SYS instructions by op1, CRn, CRm, op2. */
const OPERATIONS = new Map<number, Entry>(
  [
    row(3, 7, 4, 1, zeroByVa), // DC ZVA
    row(3, 7, 10, 1, maintainByVa), // DC CVAC
    row(3, 7, 11, 1, maintainByVa), // DC CVAU
    row(3, 7, 12, 1, maintainByVa, "dpb"), // DC CVAP
    row(3, 7, 13, 1, maintainByVa, "dpb2"), // DC CVADP
    row(3, 7, 14, 1, maintainByVa), // DC CIVAC
    row(3, 7, 5, 1, maintainByVa), // IC IVAU
    row(3, 7, 3, 4, restrictPrediction, "specres"), // CFP RCTX
    row(3, 7, 3, 5, restrictPrediction, "specres"), // DVP RCTX
    row(3, 7, 3, 7, restrictPrediction, "specres"), // CPP RCTX
    row(0, 7, 6, 1, el1Only(maintainByVa)), // DC IVAC
    row(0, 7, 6, 2, nothing), // DC ISW
    row(0, 7, 10, 2, nothing), // DC CSW
    row(0, 7, 14, 2, nothing), // DC CISW
    row(0, 7, 1, 0, invalidateAll), // IC IALLUIS
    row(0, 7, 5, 0, invalidateAll), // IC IALLU
    ...[0, 1, 2, 3].map((op2) => row(0, 7, 8, op2, translate)), // AT S1E1R, S1E1W, S1E0R, S1E0W
    ...[0, 1].map((op2) => row(0, 7, 9, op2, translate, "pan")), // AT S1E1RP, S1E1WP
    ...tlbiRows(7, "base"),
    ...tlbiRows(3, "base"),
    ...tlbiRows(1, "tlbios"),
    ...tlbiRangeRows(6),
    ...tlbiRangeRows(2),
    ...tlbiRangeRows(5),
  ].map((entry) => [entry[0], entry] as const),
);

function at(op1: number, crn: number, crm: number, op2: number): number {
  return sysregKey(1, op1, crn, crm, op2);
}

function sysIss(f: Sys): number {
  return systemTrapIss(at(f.op1, f.crn, f.crm, f.op2), f.rt, false);
}

function operationOf(f: Sys): Entry | undefined {
  return OPERATIONS.get(at(f.op1, f.crn, f.crm, f.op2));
}

function emitSys(e: Emitter, f: Sys): void {
  const found = operationOf(f);
  if (found === undefined || !e.mode.config.model.features.has(found[2])) e.undefined();
  else found[1](e, f);
}

export const ROWS: readonly Row[] = [
  inst("SYS", "1101010100 0 01 op1:3 crn:4 crm:4 op2:3 rt:5", emitSys, {
    flow: (f) => {
      const found = operationOf(f);
      return found === undefined || found[1] === invalidateAll ? { kind: "stop" } : null;
    },
  }),
  // No operation that returns a result exists before Armv9.
  inst(
    "SYSL",
    "1101010100 1 01 op1:3 crn:4 crm:4 op2:3 rt:5",
    (e) => {
      e.undefined();
    },
    { flow: "stop" },
  ),
];
