import { check } from "../arch/check.js";
import { EC_SP_ALIGNMENT, EC_UNKNOWN, makeEsr } from "../arch/esr.js";
import { OFF_EXIT_ARG, OFF_EXIT_CODE, OFF_ICOUNT_END, OFF_PC } from "../cpu/state-layout.js";
import {
  ACCESS_BYTES,
  accessType,
  type AccessKind,
  type Emitter,
  type Mode,
} from "../isa/emitter.js";
import type { Body, Label, Local, ValType } from "../wasm/builder.js";
import { EXIT_ESR, EXIT_LOOKUP, EXIT_PENDING } from "./exit.js";
import {
  emitCondition,
  emitPacked,
  emitPackedAnyKind,
  emitPackedCondition,
  FLAGS_ADD32,
  FLAGS_ADD64,
  FLAGS_LOGIC32,
  FLAGS_LOGIC64,
  FLAGS_NZCV,
  FLAGS_SUB32,
  FLAGS_SUB64,
  type FlagKind,
} from "./flags.js";
import { RegisterFrame } from "./frame.js";
import { JUMP_CACHE, JUMP_CACHE_ENTRIES } from "./jump-cache.js";
import { emitHostRead, emitHostWrite, emitPlainLoad, emitPlainStore } from "./memory-access.js";
import type { Insn } from "./region.js";

/** What the emitter needs of the region being translated. */
export interface RegionContext {
  /** Index of a slow path or helper in the module under construction. */
  host(name: string): number;
  /** Table slot that leads to the translation of an address. */
  linkSlot(pc: number): number;
  /** Label to go to a block of this region directly, or null: chain through the table. */
  labelOf(pc: number): Label | null;
  /** True if the block at `pc` is the very next code. */
  fallsInto(pc: number): boolean;
}

/** Slot of the stub that asks the dispatcher to look the PC up. */
export const LOOKUP_SLOT = 0;

/**
 * The emitter behind every instruction row: registers in locals, flags as operands, exits that put
 * everything back. One per region.
 */
export class RegionEmitter implements Emitter {
  readonly w: Body;
  readonly mode: Mode;
  readonly frame: RegisterFrame;
  readonly #region: RegionContext;
  /** i32: table slot to go on at after the exit, or -1 to return to the dispatcher. */
  readonly slot: Local;
  /** Where every exit goes. */
  exitLabel: Label = 0 as Label;
  pc = 0;
  word = 0;
  /** Instructions of the block from this one on. */
  #remaining = 0;
  /** What the flag locals hold here; null when only run time knows. */
  flagKind: FlagKind | null = null;
  /** Set by an instruction that ends its block's straight line. */
  ended = false;

  constructor(w: Body, mode: Mode, region: RegionContext) {
    this.w = w;
    this.mode = mode;
    this.#region = region;
    this.frame = new RegisterFrame(w, mode);
    this.slot = w.local("i32");
  }

  /** Start an instruction; `remaining` counts it and those after it in its block. */
  beginInstruction(insn: Insn, remaining: number): void {
    this.pc = insn.pc;
    this.word = insn.word;
    this.#remaining = remaining;
    this.ended = false;
  }

  endInstruction(): void {
    check(this.w.outstanding === 0, "scratch locals not freed", this.word, this.pc);
  }

  temp(type: ValType): Local {
    return this.w.temp(type);
  }

  free(...locals: Local[]): void {
    this.w.free(...locals);
  }

  popTemp(type: ValType): Local {
    const local = this.w.temp(type);
    this.w.local_set(local);
    return local;
  }

  // Integer registers

  getX(r: number): void {
    if (r === 31) this.w.i64_const(0, 0);
    else this.w.local_get(this.frame.x(r));
  }

  setX(r: number): void {
    if (r === 31) this.w.drop();
    else this.w.local_set(this.frame.xForWrite(r));
  }

  getW(r: number): void {
    if (r === 31) this.w.i32_const(0);
    else {
      this.w.local_get(this.frame.x(r));
      this.w.i32_wrap_i64();
    }
  }

  setW(r: number): void {
    this.w.i64_extend_i32_u();
    this.setX(r);
  }

  getR(r: number, sf: number): void {
    if (sf === 0) this.getW(r);
    else this.getX(r);
  }

  setR(r: number, sf: number): void {
    if (sf === 0) this.setW(r);
    else this.setX(r);
  }

  getXsp(r: number): void {
    this.w.local_get(this.frame.x(r));
  }

  setXsp(r: number): void {
    this.w.local_set(this.frame.xForWrite(r));
  }

  getRsp(r: number, sf: number): void {
    this.getXsp(r);
    if (sf === 0) this.w.i32_wrap_i64();
  }

  setRsp(r: number, sf: number): void {
    if (sf === 0) this.w.i64_extend_i32_u();
    this.setXsp(r);
  }

  getBase(r: number): void {
    if (r === 31 && this.mode.spAlignment) {
      this.getXsp(31);
      this.w.i32_wrap_i64();
      this.w.i32_const(15);
      this.w.i32_and();
      this.exceptionIf(EC_SP_ALIGNMENT, 0);
    }
    this.getXsp(r);
  }

  pcRelative(offset: number): void {
    this.w.i64_const_number(this.pc + offset);
  }

  // Size-generic arithmetic

  constR(value: number, sf: number): void {
    if (sf === 0) this.w.i32_const(value);
    else this.w.i64_const_number(value);
  }

  add(sf: number): void {
    if (sf === 0) this.w.i32_add();
    else this.w.i64_add();
  }

  sub(sf: number): void {
    if (sf === 0) this.w.i32_sub();
    else this.w.i64_sub();
  }

  and(sf: number): void {
    if (sf === 0) this.w.i32_and();
    else this.w.i64_and();
  }

  or(sf: number): void {
    if (sf === 0) this.w.i32_or();
    else this.w.i64_or();
  }

  xor(sf: number): void {
    if (sf === 0) this.w.i32_xor();
    else this.w.i64_xor();
  }

  // Flags

  #setFlags(kind: FlagKind): void {
    const f = this.frame.flagsForWrite();
    this.w.i32_const(kind);
    this.w.local_set(f.kind);
    this.flagKind = kind;
  }

  #operand(sf: number, from: Local, to: Local): void {
    this.w.local_get(from);
    if (sf === 0) this.w.i64_extend_i32_u();
    this.w.local_set(to);
  }

  flagsAdd(sf: number, a: Local, b: Local): void {
    const f = this.frame.flagsForWrite();
    this.#operand(sf, a, f.a);
    this.#operand(sf, b, f.b);
    this.#setFlags(sf === 0 ? FLAGS_ADD32 : FLAGS_ADD64);
  }

  flagsSub(sf: number, a: Local, b: Local): void {
    const f = this.frame.flagsForWrite();
    this.#operand(sf, a, f.a);
    this.#operand(sf, b, f.b);
    this.#setFlags(sf === 0 ? FLAGS_SUB32 : FLAGS_SUB64);
  }

  flagsAdc(sf: number, a: Local, b: Local, carry: Local): void {
    const w = this.w;
    const type = sf === 0 ? "i32" : "i64";
    const sum = w.temp(type);
    const result = w.temp(type);
    const top = (bit: number): void => {
      this.constR(type === "i32" ? 31 : 63, sf);
      w[`${type}_shr_u` as const]();
      if (sf !== 0) w.i32_wrap_i64();
      w.i32_const(bit);
      w.i32_shl();
    };
    w.local_get(a);
    w.local_get(b);
    this.add(sf);
    w.local_tee(sum);
    w.local_get(carry);
    if (sf !== 0) w.i64_extend_i32_u();
    this.add(sf);
    w.local_tee(result);
    top(31);
    w.local_get(result);
    w[`${type}_eqz` as const]();
    w.i32_const(30);
    w.i32_shl();
    w.i32_or();
    w.local_get(sum);
    w.local_get(a);
    w[`${type}_lt_u` as const]();
    w.local_get(result);
    w.local_get(sum);
    w[`${type}_lt_u` as const]();
    w.i32_or();
    w.i32_const(29);
    w.i32_shl();
    w.i32_or();
    w.local_get(a);
    w.local_get(result);
    this.xor(sf);
    w.local_get(b);
    w.local_get(result);
    this.xor(sf);
    this.and(sf);
    top(28);
    w.i32_or();
    w.free(sum, result);
    this.setNZCV();
  }

  flagsLogic(sf: number, result: Local): void {
    this.#operand(sf, result, this.frame.flagsForWrite().a);
    this.#setFlags(sf === 0 ? FLAGS_LOGIC32 : FLAGS_LOGIC64);
  }

  flagsConditional(sf: number, a: Local, b: Local, nzcv: number, isAdd: boolean): void {
    const w = this.w;
    const wide = sf !== 0;
    const kind = isAdd ? (wide ? FLAGS_ADD64 : FLAGS_ADD32) : wide ? FLAGS_SUB64 : FLAGS_SUB32;
    const wideA = w.temp("i64");
    const wideB = w.temp("i64");
    const holds = w.if_("i32");
    this.#operand(sf, a, wideA);
    this.#operand(sf, b, wideB);
    emitPacked(w, kind, { kind: wideA, a: wideA, b: wideB });
    w.else_(holds);
    w.i32_const(nzcv << 28);
    w.end(holds);
    w.free(wideA, wideB);
    this.setNZCV();
  }

  /** Push the packed flags of a floating-point comparison. */
  #packedFcmp(a: Local, b: Local): void {
    const w = this.w;
    // Less: N. Equal: Z and C. Greater: C. Unordered: C and V.
    w.i32_const(0x8 << 28);
    w.i32_const(0x6 << 28);
    w.i32_const(0x2 << 28);
    w.i32_const(0x3 << 28);
    w.local_get(a);
    w.local_get(b);
    w.f64_gt();
    w.select();
    w.local_get(a);
    w.local_get(b);
    w.f64_eq();
    w.select();
    w.local_get(a);
    w.local_get(b);
    w.f64_lt();
    w.select();
  }

  flagsFcmp(a: Local, b: Local): void {
    this.#packedFcmp(a, b);
    this.setNZCV();
  }

  flagsConditionalFcmp(a: Local, b: Local, nzcv: number): void {
    const holds = this.w.if_("i32");
    this.#packedFcmp(a, b);
    this.w.else_(holds);
    this.w.i32_const(nzcv << 28);
    this.w.end(holds);
    this.setNZCV();
  }

  setNZCV(): void {
    const f = this.frame.flagsForWrite();
    this.w.i32_const(0xf0000000 | 0);
    this.w.i32_and();
    this.w.i64_extend_i32_u();
    this.w.local_set(f.a);
    this.#setFlags(FLAGS_NZCV);
  }

  getNZCV(): void {
    const f = this.frame.flags();
    if (this.flagKind === null) emitPackedAnyKind(this.w, f);
    else emitPacked(this.w, this.flagKind, f);
  }

  cond(code: number): void {
    const f = this.frame.flags();
    if (this.flagKind === null) {
      if (code >= 14) this.w.i32_const(1);
      else {
        emitPackedAnyKind(this.w, f);
        emitPackedCondition(this.w, code);
      }
    } else emitCondition(this.w, code, this.flagKind, f);
  }

  // Vector registers

  getV(n: number): void {
    this.w.local_get(this.frame.v(n));
  }

  setV(n: number): void {
    this.w.local_set(this.frame.vForWrite(n));
  }

  getD(n: number): void {
    this.getV(n);
    this.w.f64x2_extract_lane(0);
  }

  getS(n: number): void {
    this.getV(n);
    this.w.f32x4_extract_lane(0);
  }

  getDbits(n: number): void {
    this.getV(n);
    this.w.i64x2_extract_lane(0);
  }

  getSbits(n: number): void {
    this.getV(n);
    this.w.i32x4_extract_lane(0);
  }

  getHbits(n: number): void {
    this.getV(n);
    this.w.i16x8_extract_lane_u(0);
  }

  getBbits(n: number): void {
    this.getV(n);
    this.w.i8x16_extract_lane_u(0);
  }

  /** Pop a lane value into lane 0 of an otherwise zero register. */
  #setLane(n: number, type: ValType, replace: () => void): void {
    const value = this.popTemp(type);
    this.w.v128_const(ZERO_VECTOR);
    this.w.local_get(value);
    replace();
    this.setV(n);
    this.w.free(value);
  }

  setD(n: number): void {
    this.#setLane(n, "f64", () => {
      this.w.f64x2_replace_lane(0);
    });
  }

  setS(n: number): void {
    this.#setLane(n, "f32", () => {
      this.w.f32x4_replace_lane(0);
    });
  }

  setDbits(n: number): void {
    this.#setLane(n, "i64", () => {
      this.w.i64x2_replace_lane(0);
    });
  }

  setSbits(n: number): void {
    this.#setLane(n, "i32", () => {
      this.w.i32x4_replace_lane(0);
    });
  }

  setHbits(n: number): void {
    this.#setLane(n, "i32", () => {
      this.w.i16x8_replace_lane(0);
    });
  }

  setBbits(n: number): void {
    this.#setLane(n, "i32", () => {
      this.w.i8x16_replace_lane(0);
    });
  }

  setVlow(n: number): void {
    this.w.i64x2_extract_lane(0);
    this.setDbits(n);
  }

  // Memory

  readonly #fault = (): void => {
    this.#exit(EXIT_PENDING, this.#remaining);
  };

  load(kind: AccessKind): void {
    const host = this.hostRead(ACCESS_BYTES[kind]);
    this.w.local_get(host);
    emitPlainLoad(this.w, kind);
    this.w.free(host);
  }

  store(kind: AccessKind): void {
    const value = this.popTemp(accessType(kind));
    this.hostWrite(ACCESS_BYTES[kind], (host) => {
      this.w.local_get(host);
      this.w.local_get(value);
      emitPlainStore(this.w, kind);
    });
    this.w.free(value);
  }

  hostRead(bytes: number): Local {
    const va = this.popTemp("i64");
    this.#strictAlignment(va, bytes, false);
    const host = this.w.temp("i32");
    emitHostRead(
      this.w,
      this.#region.host("loadSlow"),
      va,
      host,
      bytes,
      this.mode.pageShift,
      this.#fault,
    );
    this.w.free(va);
    return host;
  }

  hostWrite(bytes: number, emit: (host: Local) => void): void {
    const va = this.popTemp("i64");
    this.#strictAlignment(va, bytes, true);
    const slow = this.#region.host("storeSlow");
    emitHostWrite(this.w, slow, va, bytes, this.mode.pageShift, emit, this.#fault);
    this.w.free(va);
  }

  /** SCTLR_EL1.A: every access of a power of two bytes is checked, pairs by their halves. */
  #strictAlignment(va: Local, bytes: number, isWrite: boolean): void {
    if (!this.mode.strictAlignment || bytes === 1 || bytes > 16) return;
    this.checkAligned(va, bytes, isWrite, false);
  }

  checkAligned(address: Local, bytes: number, isWrite: boolean, lse2: boolean): void {
    if (bytes === 1) return;
    const w = this.w;
    w.local_get(address);
    w.i32_wrap_i64();
    if (lse2) {
      w.i32_const(15);
      w.i32_and();
      w.i32_const(16 - bytes);
      w.i32_gt_u();
    } else {
      w.i32_const(bytes - 1);
      w.i32_and();
    }
    const bad = w.if_();
    w.local_get(address);
    w.i32_wrap_i64();
    w.local_get(address);
    w.i64_const(32, 0);
    w.i64_shr_u();
    w.i32_wrap_i64();
    w.i32_const(isWrite ? 1 : 0);
    w.call(this.#region.host("alignmentFault"));
    this.#exit(EXIT_PENDING, this.#remaining);
    w.end(bad);
  }

  // Control

  /** Put an address in the PC of the state block. */
  #storePc(pc: number): void {
    this.w.i32_const(0);
    this.w.i64_const_number(pc);
    this.w.i64_store(OFF_PC);
  }

  #exitCode(code: number): void {
    this.w.i32_const(0);
    this.w.i32_const(code);
    this.w.i32_store(OFF_EXIT_CODE);
    this.w.i32_const(-1);
    this.w.local_set(this.slot);
    this.w.br(this.exitLabel);
  }

  /** Give back the instructions of the block that are not executed. */
  #refund(count: number): void {
    if (count === 0) return;
    this.w.local_get(this.frame.budget);
    this.w.i32_const(count);
    this.w.i32_add();
    this.w.local_set(this.frame.budget);
  }

  /** Leave with this instruction's address as PC, `unexecuted` instructions of the block not done. */
  #exit(code: number, unexecuted: number): void {
    this.#refund(unexecuted);
    this.#storePc(this.pc);
    this.#exitCode(code);
  }

  /** Leave at the start of a block because its `count` instructions exceed the budget. */
  exitAtBlockStart(code: number, pc: number, count: number): void {
    this.#refund(count);
    this.#storePc(pc);
    this.#exitCode(code);
  }

  /** Go on at an address: inside the region where that is possible, else through the table. */
  goto(target: number): void {
    if (this.#region.fallsInto(target)) return;
    const label = this.#region.labelOf(target);
    if (label !== null) {
      this.w.br(label);
      return;
    }
    this.#chain(target);
  }

  #chain(target: number): void {
    this.#storePc(target);
    this.w.i32_const(this.#region.linkSlot(target));
    this.w.local_set(this.slot);
    this.w.br(this.exitLabel);
  }

  branch(target: number): void {
    this.ended = true;
    this.goto(target);
  }

  branchIf(target: number): void {
    const label = this.#region.labelOf(target);
    if (label !== null) {
      this.w.br_if(label);
      return;
    }
    const taken = this.w.if_();
    this.#chain(target);
    this.w.end(taken);
  }

  branchIndirect(): void {
    this.ended = true;
    const w = this.w;
    const target = this.popTemp("i64");
    const entry = w.temp("i32");
    w.i32_const(0);
    w.local_get(target);
    w.i64_store(OFF_PC);
    w.i32_const(LOOKUP_SLOT);
    w.local_set(this.slot);
    w.local_get(target);
    w.i32_wrap_i64();
    w.i32_const(2);
    w.i32_shl();
    w.i32_const((JUMP_CACHE_ENTRIES - 1) << 4);
    w.i32_and();
    w.local_tee(entry);
    w.i64_load(JUMP_CACHE);
    w.local_get(target);
    w.i64_eq();
    w.local_get(entry);
    w.i32_load(JUMP_CACHE + 12);
    w.i32_const(this.mode.key);
    w.i32_eq();
    w.i32_and();
    const hit = w.if_();
    w.local_get(entry);
    w.i32_load(JUMP_CACHE + 8);
    w.local_set(this.slot);
    w.end(hit);
    w.br(this.exitLabel);
    w.free(target, entry);
  }

  call(target: number): void {
    this.branch(target);
  }

  ret(): void {
    this.branchIndirect();
  }

  #exceptionExit(ec: number, iss: number, returnOffset: number): void {
    this.w.i32_const(0);
    this.w.i32_const(makeEsr(ec, iss) | 0);
    this.w.i32_store(OFF_EXIT_ARG);
    this.#refund(returnOffset === 0 ? this.#remaining : this.#remaining - 1);
    this.#storePc(this.pc + returnOffset);
    this.#exitCode(EXIT_ESR);
  }

  exception(ec: number, iss: number, returnOffset: 0 | 4 = 0): void {
    this.ended = true;
    this.#exceptionExit(ec, iss, returnOffset);
  }

  exceptionIf(ec: number, iss: number): void {
    const taken = this.w.if_();
    this.#exceptionExit(ec, iss, 0);
    this.w.end(taken);
  }

  undefined(): void {
    this.exception(EC_UNKNOWN, 0);
  }

  takeRaised(): void {
    const raised = this.w.if_();
    this.#exit(EXIT_PENDING, this.#remaining);
    this.w.end(raised);
  }

  leave(): void {
    this.ended = true;
    this.#refund(this.#remaining - 1);
    this.#storePc(this.pc + 4);
    this.#exitCode(EXIT_LOOKUP);
  }

  leaveToPc(): void {
    this.ended = true;
    this.#refund(this.#remaining - 1);
    this.#exitCode(EXIT_LOOKUP);
  }

  callHelper(name: string): void {
    this.w.call(this.#region.host(name));
  }

  instructionCount(): void {
    const w = this.w;
    w.i32_const(0);
    w.i64_load(OFF_ICOUNT_END);
    w.local_get(this.frame.budget);
    w.i32_const(this.#remaining);
    w.i32_add();
    w.i64_extend_i32_s();
    w.i64_sub();
  }
}

const ZERO_VECTOR = new Uint8Array(16);
