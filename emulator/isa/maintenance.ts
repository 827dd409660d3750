import {
  dataAbortIss,
  EC_DATA_ABORT_LOWER,
  EC_DATA_ABORT_SAME,
  makeEsr,
  systemTrapIss,
} from "../arch/esr.js";
import type { Feature } from "../arch/features.js";
import { sysregKey, sysregSlot } from "../arch/sysreg.js";
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

const CACHE_BY_VA = helper(
  "cacheByVa",
  ["i32", "i32", "i32"],
  "i32",
  (context, lo, hi, invalidate) => {
    const c = context as SystemHelperContext;
    const { el } = c.cpu;
    c.mmu.announce(lo!, hi!, ACCESS_READ, el, c.cpu.pan);
    const pa = c.mmu.translate(lo!, hi!, ACCESS_READ, el, c.cpu.pan);
    if (pa < 0) {
      const ec = el === 0 ? EC_DATA_ABORT_LOWER : EC_DATA_ABORT_SAME;
      c.raise(makeEsr(ec, dataAbortIss(c.mmu.fault.status, true, true)), { lo: lo!, hi: hi! });
      return 1;
    }
    if (invalidate === 1) c.invalidateCode(pa);
    return 0;
  },
);

const INVALIDATE_ALL_CODE = helper("invalidateAllCode", [], null, (context) => {
  (context as SystemHelperContext).invalidateCode(null);
  return undefined;
});

const TLBI = helper("tlbi", ["i32", "i32", "i32"], null, (context, op, lo, hi) => {
  tlbi(context as SystemHelperContext, op!, lo!, hi!);
  return undefined;
});

/** @param op CRm:op2; operand formats in Arm ARM C5.5 */
function tlbi(c: SystemHelperContext, op: number, lo: number, hi: number): void {
  const op2 = op & 7;
  const crm = op >>> 3;
  const asid = (hi >>> 16) & 0xff;
  if (crm === 2 || crm === 5 || crm === 6) {
    const scale = (hi >>> 12) & 3;
    const num = (hi >>> 7) & 31;
    const shift = [0, 12, 14, 16][(hi >>> 14) & 3]!;
    const base = ((hi & 31) * 2 ** 32 + (lo >>> 0)) * 2 ** shift;
    const baseHi = Math.floor(base / 2 ** 32);
    // Bit 36 of the base is the address's top bit: it extends.
    const vaHi = shift > 0 && (hi & 16) !== 0 ? baseHi | -(2 ** (shift + 5)) : baseHi;
    const bytes = (num + 1) * 2 ** (5 * scale + 1) * 2 ** shift;
    if (shift === 0) return;
    const ttl = (hi >>> 5) & 3;
    const ofAsid = op2 === 1 || op2 === 5 ? asid : null;
    c.mmu.tlbiRange((base % 2 ** 32) | 0, vaHi, bytes, ofAsid, op2 >= 5, ttl === 0 ? null : ttl);
    return;
  }
  // TTL: granule and level. Level 0 is no hint with 4 KiB and 64 KiB granules, nor is granule 0.
  const ttl = (hi >>> 12) & 15;
  const level = ttl >>> 2 === 0 || (ttl & 3) === 0 ? null : ttl & 3;
  const vaLo = lo << 12;
  const vaHi = (((hi << 12) | (lo >>> 20)) << 8) >> 8;
  switch (op2) {
    case 0:
      return c.mmu.tlbiAll();
    case 1:
    case 5:
      return c.mmu.tlbiVa(vaLo, vaHi, asid, op2 === 5, level);
    case 2:
      return c.mmu.tlbiAsid(asid);
    default:
      return c.mmu.tlbiVa(vaLo, vaHi, null, op2 === 7, level);
  }
}

const TRANSLATE = helper("addressTranslate", ["i32", "i32", "i32"], null, (context, op, lo, hi) => {
  const c = context as SystemHelperContext;
  const isWrite = (op! & 1) !== 0;
  const el = (op! & 2) !== 0 ? 0 : 1;
  const honoursPan = op! >= 8;
  const access = isWrite ? ACCESS_WRITE : ACCESS_READ;
  c.mmu.announce(lo!, hi!, access, el, honoursPan && c.cpu.pan);
  const pa = c.mmu.translate(lo!, hi!, access, el, honoursPan && c.cpu.pan);
  if (pa < 0) {
    c.cpu.writeSlot(PAR, 0x801 | (c.mmu.fault.status << 1), 0);
    return undefined;
  }
  // SH inner, the memory attribute byte of write-back memory.
  const page = pa - (pa % 4096);
  c.cpu.writeSlot(PAR, (page % 2 ** 32) | 0xb80, 0xff00_0000 | Math.floor(page / 2 ** 32));
  return undefined;
});

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
  e.w.i32_const(f.crm === 5 ? 1 : 0);
  e.callHelper(CACHE_BY_VA);
  e.takeRaised();
};

const zeroByVa: Operation = (e, f) => {
  requireSctlr(e, SCTLR_DZE, sysIss(f));
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
});
const invalidateTlb = el1Only((e, f) => {
  requirePosition(e);
  e.w.i32_const((f.crm << 3) | f.op2);
  pushHalves(e, f.rt);
  e.callHelper(TLBI);
  e.leave();
});

/** True for what ends the region, whatever the exception level. */
function leaves(operation: Operation): boolean {
  return operation === invalidateAll || operation === invalidateTlb;
}

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
      return found === undefined || leaves(found[1]) ? { kind: "stop" } : null;
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
