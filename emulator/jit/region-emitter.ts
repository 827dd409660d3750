import { check } from "../arch/check.js";
import { EC_SP_ALIGNMENT, EC_UNKNOWN, makeEsr } from "../arch/esr.js";
import {
  OFF_BOUNCE,
  OFF_EXIT_ARG,
  OFF_EXIT_CODE,
  OFF_ICOUNT_END,
  OFF_PC,
} from "../cpu/state-layout.js";
import {
  ACCESS_BYTES,
  accessType,
  type AccessKind,
  type Emitter,
  type Mode,
} from "../isa/emitter.js";
import type { Body, Label, Local } from "../wasm/builder.js";
import { EXIT_ESR, EXIT_LOOKUP, EXIT_PENDING } from "./exit.js";
import { FlagEmitter } from "./flag-emitter.js";
import { JUMP_CACHE, JUMP_CACHE_ENTRIES } from "./jump-cache.js";
import {
  emitHostRead,
  emitHostWrite,
  emitPlainLoad,
  emitPlainStore,
  pushHalves,
} from "./memory-access.js";
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
export class RegionEmitter extends FlagEmitter implements Emitter {
  readonly #region: RegionContext;
  /** i32: table slot to go on at after the exit, or -1 to return to the dispatcher. */
  readonly slot: Local;
  /** Where every exit goes. */
  exitLabel: Label = 0 as Label;
  /** Instructions of the block from this one on. */
  #remaining = 0;
  /** Set by an instruction that ends its block's straight line. */
  ended = false;

  constructor(w: Body, mode: Mode, region: RegionContext) {
    super(w, mode);
    this.#region = region;
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

  // Memory

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

  loadUnprivileged(kind: AccessKind): void {
    const w = this.w;
    const va = this.popTemp("i64");
    const host = w.temp("i32");
    this.#callUnprivileged("loadUnprivileged", va, ACCESS_BYTES[kind], false);
    w.local_tee(host);
    w.i32_const(-1);
    w.i32_eq();
    this.takeRaised();
    w.local_get(host);
    emitPlainLoad(w, kind);
    w.free(va, host);
  }

  storeUnprivileged(kind: AccessKind): void {
    const w = this.w;
    const value = this.popTemp(accessType(kind));
    const va = this.popTemp("i64");
    w.i32_const(OFF_BOUNCE);
    w.local_get(value);
    emitPlainStore(w, kind);
    this.#callUnprivileged("storeUnprivileged", va, ACCESS_BYTES[kind], true);
    this.takeRaised();
    w.free(va, value);
  }

  /** Push what an unprivileged slow path answers. */
  #callUnprivileged(name: string, va: Local, bytes: number, isWrite: boolean): void {
    const w = this.w;
    this.#strictAlignment(va, bytes, isWrite);
    pushHalves(w, va);
    w.i32_const(bytes);
    w.call(this.#region.host(name));
  }

  hostRead(bytes: number, unit = bytes): Local {
    const va = this.popTemp("i64");
    this.#strictAlignment(va, unit, false);
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

  hostWrite(bytes: number, emit: (host: Local) => void, unit = bytes): void {
    const va = this.popTemp("i64");
    this.#strictAlignment(va, unit, true);
    const slow = this.#region.host("storeSlow");
    emitHostWrite(this.w, slow, va, bytes, this.mode.pageShift, emit, this.#fault);
    this.w.free(va);
  }

  /** SCTLR_EL1.A: an access is checked by the size of one register or element. */
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
