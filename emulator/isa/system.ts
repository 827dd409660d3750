import {
  dataAbortIss,
  EC_DATA_ABORT_LOWER,
  EC_DATA_ABORT_SAME,
  EC_SYSTEM_TRAP,
  EC_WFX,
  makeEsr,
  systemTrapIss,
} from "../arch/esr.js";
import { sysregKey, sysregSlot } from "../arch/sysreg.js";
import { exceptionReturn } from "../cpu/exception.js";
import { OFF_EXCLUSIVE_VALID, OFF_SYSREG } from "../cpu/state-layout.js";
import { ACCESS_READ, ACCESS_WRITE } from "../mmu/access.js";
import type { Emitter } from "./emitter.js";
import { helper } from "./helpers.js";
import { inst, type Row } from "./pattern.js";
import type { SystemHelperContext } from "./system-registers.js";

/** Hints, barriers, cache and TLB maintenance, address translation, ERET (Arm ARM C5). */

const SCTLR = sysregSlot("SCTLR_EL1");
const PAR = sysregSlot("PAR_EL1");
const SCTLR_DZE = 1 << 14;
const SCTLR_NTWI = 1 << 16;
const SCTLR_NTWE = 1 << 18;
const SCTLR_UCI = 1 << 26;
/** Bytes DC ZVA clears (DCZID_EL0.BS = 4). */
const ZVA_BYTES = 64;

/** Trap an EL0 instruction unless an SCTLR_EL1 bit is set. */
function requireSctlr(e: Emitter, bit: number, ec: number, iss: number): void {
  if (e.mode.el !== 0) return;
  e.w.i32_const(0);
  e.w.i32_load(OFF_SYSREG + SCTLR * 8);
  e.w.i32_const(bit);
  e.w.i32_and();
  e.w.i32_eqz();
  e.exceptionIf(ec, iss);
}

function pushHalves(e: Emitter, rt: number): void {
  e.getW(rt);
  e.getX(rt);
  e.w.i64_const(32, 0);
  e.w.i64_shr_u();
  e.w.i32_wrap_i64();
}

const CACHE_BY_VA = helper(
  "cacheByVa",
  ["i32", "i32", "i32"],
  "i32",
  (context, lo, hi, invalidate) => {
    const c = context as SystemHelperContext;
    const { el } = c.cpu;
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
    c.mmu.tlbiRange((base % 2 ** 32) | 0, vaHi, bytes, op2 === 1 || op2 === 5 ? asid : null);
    return;
  }
  const vaLo = lo << 12;
  const vaHi = (((hi << 12) | (lo >>> 20)) << 8) >> 8;
  switch (op2) {
    case 0:
      return c.mmu.tlbiAll();
    case 1:
    case 5:
      return c.mmu.tlbiVa(vaLo, vaHi, asid);
    case 2:
      return c.mmu.tlbiAsid(asid);
    default:
      return c.mmu.tlbiVa(vaLo, vaHi, null);
  }
}

const TRANSLATE = helper("addressTranslate", ["i32", "i32", "i32"], null, (context, op, lo, hi) => {
  const c = context as SystemHelperContext;
  const isWrite = (op! & 1) !== 0;
  const el = (op! & 2) !== 0 ? 0 : 1;
  const honoursPan = op! >= 8;
  const access = isWrite ? ACCESS_WRITE : ACCESS_READ;
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

const ERET = helper("eret", [], null, (context) => {
  const c = context as SystemHelperContext;
  exceptionReturn(c.cpu);
  c.contextChanged();
  return undefined;
});

interface Sys {
  op1: number;
  crn: number;
  crm: number;
  op2: number;
  rt: number;
}

type SysOperation = (e: Emitter, f: Sys) => void;

const maintainUnified: SysOperation = (e, f) => {
  requireSctlr(e, SCTLR_UCI, EC_SYSTEM_TRAP, sysIss(f));
  pushHalves(e, f.rt);
  e.w.i32_const(f.crm === 5 ? 1 : 0);
  e.callHelper(CACHE_BY_VA);
  e.takeRaised();
};

const zeroByVa: SysOperation = (e, f) => {
  requireSctlr(e, SCTLR_DZE, EC_SYSTEM_TRAP, sysIss(f));
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

const el1Only =
  (operation: SysOperation): SysOperation =>
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
  e.w.i32_const(((f.crm & 1) << 3) | f.op2);
  pushHalves(e, f.rt);
  e.callHelper(TRANSLATE);
});
const invalidateTlb = el1Only((e, f) => {
  e.w.i32_const((f.crm << 3) | f.op2);
  pushHalves(e, f.rt);
  e.callHelper(TLBI);
  e.leave();
});

/** The SYS instructions by op1, CRn, CRm, op2. */
const OPERATIONS = new Map<number, SysOperation>([
  [at(3, 7, 4, 1), zeroByVa],
  [at(3, 7, 10, 1), maintainUnified],
  [at(3, 7, 11, 1), maintainUnified],
  [at(3, 7, 12, 1), maintainUnified],
  [at(3, 7, 14, 1), maintainUnified],
  [at(3, 7, 5, 1), maintainUnified],
  [at(0, 7, 6, 1), el1Only(maintainUnified)],
  [at(0, 7, 6, 2), nothing],
  [at(0, 7, 10, 2), nothing],
  [at(0, 7, 14, 2), nothing],
  [at(0, 7, 1, 0), invalidateAll],
  [at(0, 7, 5, 0), invalidateAll],
  ...[0, 1, 2, 3].map((op2) => [at(0, 7, 8, op2), translate] as const),
  ...[0, 1].map((op2) => [at(0, 7, 9, op2), translate] as const),
  ...[1, 3, 7].flatMap((crm) =>
    [0, 1, 2, 3, 5, 7].map((op2) => [at(0, 8, crm, op2), invalidateTlb] as const),
  ),
  ...[2, 5, 6].flatMap((crm) =>
    [1, 3, 5, 7].map((op2) => [at(0, 8, crm, op2), invalidateTlb] as const),
  ),
]);

function at(op1: number, crn: number, crm: number, op2: number): number {
  return sysregKey(1, op1, crn, crm, op2);
}

function sysIss(f: Sys): number {
  return systemTrapIss(at(f.op1, f.crn, f.crm, f.op2), f.rt, false);
}

function emitSys(e: Emitter, f: Sys): void {
  OPERATIONS.get(at(f.op1, f.crn, f.crm, f.op2))!(e, f);
}

function emitHint(e: Emitter, f: { hint: number }): void {
  // WFE 2 and WFI 3 may trap from EL0; the event register is always set here, so WFE never waits.
  if (f.hint === 2) requireSctlr(e, SCTLR_NTWE, EC_WFX, WFX_ISS | 1);
  else if (f.hint === 3) requireSctlr(e, SCTLR_NTWI, EC_WFX, WFX_ISS);
}
/** CV 1, COND always. */
const WFX_ISS = (1 << 24) | (0xe << 20);

const stop = { flow: "stop" } as const;

export const ROWS: readonly Row[] = [
  inst("HINT", "11010101000000110010 hint:7 11111", emitHint),
  inst("CLREX", "11010101000000110011 crm:4 010 11111", (e) => {
    e.w.i32_const(0);
    e.w.i32_const(0);
    e.w.i32_store(OFF_EXCLUSIVE_VALID);
  }),
  inst("DSB", "11010101000000110011 crm:4 100 11111", () => undefined),
  inst("DMB", "11010101000000110011 crm:4 101 11111", () => undefined),
  inst(
    "ISB",
    "11010101000000110011 crm:4 110 11111",
    (e) => {
      e.leave();
    },
    stop,
  ),
  inst("SYS", "1101010100 0 01 op1:3 crn:4 crm:4 op2:3 rt:5", emitSys, {
    undefinedIf: (f) => !OPERATIONS.has(at(f.op1, f.crn, f.crm, f.op2)),
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
      e.leaveToPc();
    },
    stop,
  ),
];
