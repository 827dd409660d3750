import { EC_BRK64, EC_HVC64, EC_SMC64, EC_SVC64 } from "../arch/esr.js";
import type { Emitter } from "./emitter.js";
import { inst, signed, type Row } from "./pattern.js";

/**
 * Branches and exception-generating instructions (Arm ARM C4.1.93). The authenticating branches are in
 * isa/branch-pauth.ts.
 *
 * Branch target identification (FEAT_BTI) is the translator's, since it concerns the edges between instructions;
 * isa/branch-target.ts has its rules. What it has to do, on CPUs with the feature:
 * - After BR, BRAA and their kin PSTATE.BTYPE is `branchType(word, guarded)`, where `guarded` says whether the
 *   page the branch was fetched from has GP (descriptor bit 50) set; after every other instruction, and
 *   after an exception, it is 0. ERET restores it from SPSR_EL1 and taking an exception saves it: both
 *   work on the state block.
 * - Before an instruction from a guarded page is executed with BTYPE not 0, `isLandingPad(word, BTYPE, bt)`
 *   must hold, `bt` being SCTLR_EL1.BT0 (EL0) or BT1 (EL1). Otherwise a Branch Target exception is taken:
 *   EC_BTI with the ISS BTYPE, this instruction as return address, SPSR_EL1.BTYPE as it was. It comes
 *   after the instruction abort and the Illegal Execution State exception.
 */

const offset26 = (f: { imm26: number }): number => signed(f.imm26, 26) * 4;
const offset19 = (f: { imm19: number }): number => signed(f.imm19, 19) * 4;
const offset14 = (f: { imm14: number }): number => signed(f.imm14, 14) * 4;

/** Put the address of the next instruction in X30. */
export function link(e: Emitter): void {
  e.pcRelative(4);
  e.setX(30);
}

function compareAndBranch(branchIfZero: boolean) {
  return (e: Emitter, f: { sf: number; imm19: number; rt: number }): void => {
    e.getR(f.rt, f.sf);
    if (f.sf === 0) {
      e.w.i32_eqz();
    } else e.w.i64_eqz();
    if (!branchIfZero) e.w.i32_eqz();
    e.branchIf(e.pc + offset19(f));
  };
}

function testAndBranch(branchIfZero: boolean) {
  return (e: Emitter, f: { b5: number; b40: number; imm14: number; rt: number }): void => {
    const bit = (f.b5 << 5) | f.b40;
    e.getX(f.rt);
    e.w.i64_const_big(1n << BigInt(bit));
    e.w.i64_and();
    e.w.i64_eqz();
    if (!branchIfZero) e.w.i32_eqz();
    e.branchIf(e.pc + offset14(f));
  };
}

const stop = { flow: "stop" } as const;

export const ROWS: readonly Row[] = [
  inst(
    "B",
    "0 00101 imm26:26",
    (e, f) => {
      e.branch(e.pc + offset26(f));
    },
    { flow: (f) => ({ kind: "jump", offset: offset26(f) }) },
  ),
  inst(
    "BL",
    "1 00101 imm26:26",
    (e, f) => {
      link(e);
      e.call(e.pc + offset26(f));
    },
    { flow: (f) => ({ kind: "call", offset: offset26(f) }) },
  ),
  inst(
    "B.cond",
    "0101010 0 imm19:19 0 cond:4",
    (e, f) => {
      e.cond(f.cond);
      e.branchIf(e.pc + offset19(f));
    },
    { flags: "reads", flow: (f) => ({ kind: "cond", offset: offset19(f) }) },
  ),
  inst("CBZ", "sf:1 011010 0 imm19:19 rt:5", compareAndBranch(true), {
    flow: (f) => ({ kind: "cond", offset: offset19(f) }),
  }),
  inst("CBNZ", "sf:1 011010 1 imm19:19 rt:5", compareAndBranch(false), {
    flow: (f) => ({ kind: "cond", offset: offset19(f) }),
  }),
  inst("TBZ", "b5:1 011011 0 b40:5 imm14:14 rt:5", testAndBranch(true), {
    flow: (f) => ({ kind: "cond", offset: offset14(f) }),
  }),
  inst("TBNZ", "b5:1 011011 1 b40:5 imm14:14 rt:5", testAndBranch(false), {
    flow: (f) => ({ kind: "cond", offset: offset14(f) }),
  }),
  inst(
    "BR",
    "1101011 0 0 00 11111 000000 rn:5 00000",
    (e, f) => {
      e.getX(f.rn);
      e.branchIndirect();
    },
    { flow: "indirect" },
  ),
  inst(
    "BLR",
    "1101011 0 0 01 11111 000000 rn:5 00000",
    (e, f) => {
      e.getX(f.rn);
      const target = e.popTemp("i64");
      link(e);
      e.w.local_get(target);
      e.free(target);
      e.callIndirect();
    },
    { flow: "callIndirect" },
  ),
  inst(
    "RET",
    "1101011 0 0 10 11111 000000 rn:5 00000",
    (e, f) => {
      e.getX(f.rn);
      e.ret();
    },
    { flow: "return" },
  ),
  inst(
    "SVC",
    "11010100 000 imm16:16 000 01",
    (e, f) => {
      e.exception(EC_SVC64, f.imm16, 4);
    },
    stop,
  ),
  inst(
    "HVC",
    "11010100 000 imm16:16 000 10",
    (e, f) => {
      // There is no EL2: firmware, if there is any, answers (CpuConfig.conduit).
      if (e.mode.el === 0 || e.mode.config.conduit !== "hvc") e.undefined();
      else e.exception(EC_HVC64, f.imm16, 4);
    },
    stop,
  ),
  inst(
    "SMC",
    "11010100 000 imm16:16 000 11",
    (e, f) => {
      if (e.mode.el === 0 || e.mode.config.conduit !== "smc") e.undefined();
      else e.exception(EC_SMC64, f.imm16, 4);
    },
    stop,
  ),
  inst(
    "BRK",
    "11010100 001 imm16:16 000 00",
    (e, f) => {
      e.exception(EC_BRK64, f.imm16);
    },
    stop,
  ),
  inst(
    "HLT",
    "11010100 010 imm16:16 000 00",
    (e) => {
      // Without halting debug HLT is UNDEFINED.
      e.undefined();
    },
    stop,
  ),
  ...(["01", "10", "11"] as const).map((level) =>
    inst(
      `DCPS${parseInt(level, 2)}`,
      `11010100 101 imm16:16 000 ${level}`,
      (e) => {
        // Outside Debug state DCPS is UNDEFINED.
        e.undefined();
      },
      stop,
    ),
  ),
  inst(
    "UDF",
    "0000000000000000 imm16:16",
    (e) => {
      e.undefined();
    },
    stop,
  ),
];
