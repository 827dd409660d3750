import { check } from "../arch/check.js";
import { EC_SP_ALIGNMENT, EC_UNKNOWN, makeEsr } from "../arch/esr.js";
import {
  OFF_BOUNCE,
  OFF_CALL_DEPTH,
  OFF_CODE_CHANGED,
  OFF_EXIT_ARG,
  OFF_EXIT_CODE,
  OFF_ICOUNT_END,
  OFF_INDIRECT_FROM,
  OFF_PC,
} from "../cpu/state-layout.js";
import {
  ACCESS_BYTES,
  accessType,
  type AccessKind,
  type Emitter,
  type Mode,
} from "../isa/emitter.js";
import { branchType, BTYPE_NONE } from "../isa/branch-target.js";
import type { Body, Label, Local } from "../wasm/builder.js";
import { emitBranchType, emitLandingCheck } from "./branch-type.js";
import { emitJumpLookup, MAX_CALL_DEPTH } from "./dispatch.js";
import { emitKnownTargets, type KnownTarget } from "./jump-table.js";
import { EXIT_ESR, EXIT_LOOKUP, EXIT_PENDING, NEXT_EXIT, NEXT_RETURN } from "./exit.js";
import { FlagEmitter } from "./flag-emitter.js";
import type { FramePart } from "./frame.js";
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
  /** The function of this module that is the region at an address, or null. */
  ownFunction(pc: number): number | null;
  /** Label to go to a block of this region directly, or null: chain through the table. */
  labelOf(pc: number): Label | null;
  /** True if the block at `pc` is the very next code. */
  fallsInto(pc: number): boolean;
  /** True if the block at `pc` is in the region, however it is reached. */
  contains(pc: number): boolean;
  /** Blocks of the region that the current block's indirect branch is known to go to. */
  targets(): readonly number[];
  /** The part that a block of the region belongs to. */
  partOf(pc: number): FramePart;
}

/** Where registers go to the state block or come from it, in the middle of a region. */
export interface Sync {
  readonly at: number;
  readonly kind: "save" | "load";
  readonly part: FramePart;
}

/**
 * The emitter behind every instruction row: registers in locals, flags as operands, exits that put
 * everything back. One per region.
 */
export class RegionEmitter extends FlagEmitter implements Emitter {
  readonly #region: RegionContext;
  /** i32: table slot to go on at after the exit, or -1 to return to the dispatcher. */
  readonly slot: Local;
  /** Where every exit of the current part goes. */
  exitLabel: Label = 0 as Label;
  /** Where an exit goes whose registers are in the state block already. */
  savedExitLabel: Label = 0 as Label;
  /** Offsets in the body where what a part changes is to be stored, or what it mentions loaded. */
  readonly sync: Sync[] = [];
  /** Byte offset in its block of an instruction whose exception is recorded. */
  readonly #faultAt: Local;
  /** Where the block's exceptions are left with exactly; null outside a block. */
  #faultLabel: Label | null = null;
  #blockEnd: Label = 0 as Label;
  #blockPc = 0;
  #blockCount = 0;
  /** Instructions of the block from this one on. */
  #remaining = 0;
  /** Set by an instruction that ends its block's straight line. */
  ended = false;

  constructor(w: Body, mode: Mode, region: RegionContext) {
    super(w, mode);
    this.#region = region;
    this.slot = w.local("i32");
    this.#faultAt = w.local("i32");
  }

  /**
   * Start a block of `count` instructions. Its shape, so that values meet at one place for a block and not in
   * every exit:
   *
   *     block $end
   *       block $fault
   *         the instructions; what they do on an exception is faultAt = offset; br $fault
   *         br $end
   *       end
   *       PC and budget from faultAt; br $exit
   *     end
   */
  beginBlock(pc: number, count: number): void {
    this.#blockPc = pc;
    this.#blockCount = count;
    this.#blockEnd = this.w.block();
    this.#faultLabel = this.w.block();
    this.#faults = false;
  }

  #faults = false;

  endBlock(): void {
    const { w } = this;
    // Dead code after a branch, but what falls into the next block must not run into the fault exit.
    if (this.#faults) w.br(this.#blockEnd);
    w.end(this.#faultLabel!);
    this.#faultLabel = null;
    if (this.#faults) this.#emitFaultExit();
    w.end(this.#blockEnd);
  }

  #emitFaultExit(): void {
    const { w } = this;
    w.local_get(this.frame.budget);
    w.i32_const(this.#blockCount);
    w.i32_add();
    w.local_get(this.#faultAt);
    w.i32_const(2);
    w.i32_shr_u();
    w.i32_sub();
    w.local_set(this.frame.budget);
    w.i32_const(0);
    w.local_get(this.#faultAt);
    w.i64_extend_i32_u();
    w.i64_const_number(this.#blockPc);
    w.i64_add();
    w.i64_store(OFF_PC);
    this.#exitCode(EXIT_PENDING);
  }

  /** Start an instruction; `remaining` counts it and those after it in its block. */
  beginInstruction(insn: Insn, remaining: number): void {
    this.pc = insn.pc;
    this.word = insn.word;
    this.#remaining = remaining;
    this.ended = false;
    this.#stores = false;
  }

  /** The instruction has stored to memory. */
  #stores = false;

  #leaveIfCodeChanged(): void {
    this.w.i32_const(0);
    this.w.i32_load(OFF_CODE_CHANGED);
    const changed = this.w.unlikely().if_();
    this.#refund(this.#remaining - 1);
    this.#storePc(this.pc + 4);
    this.#exitCode(EXIT_LOOKUP);
    this.w.end(changed);
  }

  endInstruction(): void {
    if (this.mode.coherent && this.#stores && !this.ended) this.#leaveIfCodeChanged();
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

  /** Pop an i32: if it is not zero, leave with the exception that has been recorded. */
  readonly #faultIf = (): void => {
    this.#faults = true;
    this.w.unlikely().br_if(this.#faultLabel!);
  };

  readonly #slowPath = {
    before: (): void => {
      this.#markFault();
    },
    faultIf: this.#faultIf,
  };

  /** Say which instruction the exceptions that follow are of. */
  #markFault(): void {
    this.w.i32_const(this.pc - this.#blockPc);
    this.w.local_set(this.#faultAt);
  }

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
    this.#strictAlignment(va, ACCESS_BYTES[kind], false);
    const host = w.temp("i32");
    this.#readByHost("loadUnprivileged", va, host, ACCESS_BYTES[kind]);
    w.local_get(host);
    emitPlainLoad(w, kind);
    w.free(va, host);
  }

  storeUnprivileged(kind: AccessKind): void {
    this.#stores = true;
    const value = this.popTemp(accessType(kind));
    const va = this.popTemp("i64");
    this.#strictAlignment(va, ACCESS_BYTES[kind], true);
    this.#writeByHost("storeUnprivileged", va, ACCESS_BYTES[kind], (host) => {
      this.w.local_get(host);
      this.w.local_get(value);
      emitPlainStore(this.w, kind);
    });
    this.w.free(va, value);
  }

  /** Have the host find `bytes` readable bytes at `va`: no lookup of the inline TLB. */
  #readByHost(name: string, va: Local, host: Local, bytes: number): void {
    const w = this.w;
    pushHalves(w, va);
    w.i32_const(bytes);
    w.call(this.#region.host(name));
    w.local_tee(host);
    w.i32_const(-1);
    w.i32_eq();
    this.takeRaised();
  }

  /** Have the host write what `emit` puts into the bounce buffer. */
  #writeByHost(name: string, va: Local, bytes: number, emit: (host: Local) => void): void {
    const w = this.w;
    const host = w.temp("i32");
    w.i32_const(OFF_BOUNCE);
    w.local_set(host);
    emit(host);
    w.free(host);
    pushHalves(w, va);
    w.i32_const(bytes);
    w.call(this.#region.host(name));
    this.takeRaised();
  }

  hostRead(bytes: number, unit = bytes): Local {
    const va = this.popTemp("i64");
    this.#strictAlignment(va, unit, false);
    const host = this.w.temp("i32");
    if (this.mode.accessHooks) this.#readByHost("loadHooked", va, host, bytes);
    else {
      const slow = this.#region.host("loadSlow");
      emitHostRead(this.w, slow, va, host, bytes, this.mode.pageShift, this.#slowPath);
    }
    this.w.free(va);
    return host;
  }

  hostWrite(bytes: number, emit: (host: Local) => void, unit = bytes): void {
    this.#stores = true;
    const va = this.popTemp("i64");
    this.#strictAlignment(va, unit, true);
    if (this.mode.accessHooks) this.#writeByHost("storeHooked", va, bytes, emit);
    else {
      const slow = this.#region.host("storeSlow");
      emitHostWrite(this.w, slow, va, bytes, this.mode.pageShift, emit, this.#slowPath);
    }
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
    const bad = w.unlikely().if_();
    w.local_get(address);
    w.i32_wrap_i64();
    w.local_get(address);
    w.i64_const(32, 0);
    w.i64_shr_u();
    w.i32_wrap_i64();
    w.i32_const(isWrite ? 1 : 0);
    w.call(this.#region.host("alignmentFault"));
    this.#markFault();
    this.#faults = true;
    w.br(this.#faultLabel!);
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
    this.#leaveFor(NEXT_EXIT);
  }

  #leaveFor(next: number): void {
    this.w.i32_const(next);
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

  /** The entry of a region in a guarded page. */
  checkLanding(pc: number, word: number): void {
    emitLandingCheck(this.w, this.mode, this.frame.budget, word, () => {
      this.exitAtBlockStart(EXIT_ESR, pc);
    });
  }

  /** Leave at the start of a block. */
  exitAtBlockStart(code: number, pc: number): void {
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
    this.#leaveFor(this.#region.linkSlot(target));
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

  /** Pop a target, store it as PC and push the slot of its region. */
  #lookUp(): void {
    const w = this.w;
    const target = this.#storeTarget();
    emitJumpLookup(w, target, () => {
      w.i32_const(this.mode.key);
    });
    w.free(target);
  }

  /** Pop a target, store it as PC. @returns a scratch local with it */
  #storeTarget(): Local {
    const target = this.popTemp("i64");
    this.w.i32_const(0);
    this.w.local_get(target);
    this.w.i64_store(OFF_PC);
    return target;
  }

  branchIndirect(): void {
    this.ended = true;
    const { w } = this;
    this.#noteBranchType();
    const known: KnownTarget[] = [];
    // In a guarded page every branch goes through the check of a region's entry.
    for (const pc of this.mode.guarded ? [] : this.#region.targets()) {
      const label = this.#region.labelOf(pc);
      if (label !== null) known.push({ pc, label });
    }
    if (known.length > 0) {
      const target = this.popTemp("i64");
      emitKnownTargets(w, target, known);
      w.local_get(target);
      w.free(target);
    }
    w.i32_const(0);
    w.i64_const_number(this.pc);
    w.i64_store(OFF_INDIRECT_FROM);
    this.#lookUp();
    w.local_set(this.slot);
    w.br(this.exitLabel);
  }

  call(target: number): void {
    if (!this.#nests()) {
      this.branch(target);
      return;
    }
    this.#storePc(target);
    const own = this.#region.ownFunction(target);
    this.w.i32_const(this.#region.linkSlot(target));
    this.#enter(own);
  }

  callIndirect(): void {
    if (!this.#nests()) {
      this.branchIndirect();
      return;
    }
    this.#noteBranchType();
    this.#lookUp();
    this.#enter(null);
  }

  #noteBranchType(): void {
    if (!this.mode.config.model.features.has("bti")) return;
    const type = branchType(this.word, this.mode.guarded);
    if (type !== BTYPE_NONE) emitBranchType(this.w, this.frame.budget, type);
  }

  /** A call nests where the region goes on at its return address. */
  #nests(): boolean {
    return !this.mode.careful && this.#region.contains(this.pc + 4);
  }

  /**
   * Pop a slot and run the region there, and those that follow it, until the guest returns here. If it
   * does not, but goes elsewhere or to the host, so does this region.
   * @param own the region as a function of this module, which need not be looked up in the table
   */
  #enter(own: number | null): void {
    const w = this.w;
    w.local_set(this.slot);
    this.sync.push({ at: w.length, kind: "save", part: this.frame.part });
    if (own !== null) this.#enterOwn(own);
    else {
      w.local_get(this.slot);
      w.call(this.#region.host("enter"));
      w.local_set(this.slot);
    }
    w.local_get(this.slot);
    w.i32_const(NEXT_RETURN);
    w.i32_ne();
    w.i32_const(0);
    w.i64_load(OFF_PC);
    w.i64_const_number(this.pc + 4);
    w.i64_ne();
    w.i32_or();
    w.unlikely().br_if(this.savedExitLabel);
    this.sync.push({ at: w.length, kind: "load", part: this.#region.partOf(this.pc + 4) });
    this.flagKind = null;
    this.ended = true;
    this.goto(this.pc + 4);
  }

  /** The same as "enter" (jit/dispatch.ts), for a function that can be called directly. */
  #enterOwn(own: number): void {
    const w = this.w;
    const addDepth = (n: number): void => {
      w.i32_const(0);
      w.i32_const(0);
      w.i32_load(OFF_CALL_DEPTH);
      w.i32_const(n);
      w.i32_add();
      w.i32_store(OFF_CALL_DEPTH);
    };
    w.i32_const(0);
    w.i32_load(OFF_CALL_DEPTH);
    w.i32_const(MAX_CALL_DEPTH);
    w.i32_ge_s();
    w.unlikely().br_if(this.savedExitLabel);
    addDepth(1);
    w.callOwn(own);
    w.local_tee(this.slot);
    addDepth(-1);
    w.i32_const(0);
    w.i32_ge_s();
    const goesOn = w.unlikely().if_();
    w.local_get(this.slot);
    w.call(this.#region.host("enter"));
    w.local_set(this.slot);
    w.end(goesOn);
  }

  ret(): void {
    this.ended = true;
    this.w.free(this.#storeTarget());
    this.#leaveFor(NEXT_RETURN);
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
    const taken = this.w.unlikely().if_();
    this.#exceptionExit(ec, iss, 0);
    this.w.end(taken);
  }

  undefined(): void {
    this.exception(EC_UNKNOWN, 0);
  }

  takeRaised(): void {
    this.#markFault();
    this.#faultIf();
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
