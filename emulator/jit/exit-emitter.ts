import { check } from "../arch/check.js";
import { EC_UNKNOWN, makeEsr } from "../arch/esr.js";
import {
  OFF_CODE_CHANGED,
  OFF_EXIT_ARG,
  OFF_EXIT_CODE,
  OFF_ICOUNT_END,
  OFF_PC,
} from "../cpu/state-layout.js";
import type { Mode } from "../isa/emitter.js";
import type { Body, Label, Local } from "../wasm/builder.js";
import type { CodeBuffer } from "../wasm/code-buffer.js";
import { emitKeepBranchType } from "./branch-type.js";
import { EXIT_ESR, EXIT_LOOKUP, EXIT_PENDING, NEXT_EXIT } from "./exit.js";
import { FlagEmitter } from "./flag-emitter.js";
import type { LoopAccess, LoopInsn } from "./loop-values.js";
import type { Changes, FramePart } from "./frame.js";

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
  /** What is to be loaded before control goes on at a block from outside; null if the block does it. */
  partToLoadAt(pc: number): FramePart | null;
  /** True if the block at `pc` is in the loop that the current block is in, and their changes are stored behind it. */
  sharesChanges(pc: number): boolean;
}

/** Code put into the body when it is finished: what a part loads, the flags it stores, or changed registers. */
export interface Sync {
  readonly at: number;
  readonly kind: "save" | "load" | "stores";
  /** Of the first two kinds. */
  readonly part: FramePart | null;
  /** Of the third. */
  readonly changes: Changes | null;
  /** The code, known when it is written. */
  readonly code: CodeBuffer;
  from: number;
  to: number;
}

/** Blocks, instructions, and the ways out of a region: to the host, with everything exact. */
export class ExitEmitter extends FlagEmitter {
  protected readonly region: RegionContext;
  /** i32: table slot to go on at after the exit, or -1 to return to the dispatcher. */
  readonly slot: Local;
  /** Where every exit of the current part goes. */
  exitLabel: Label = 0 as Label;
  /** Byte offset in its block of an instruction whose exception is recorded. */
  readonly #faultAt: Local;
  /** Where the block's exceptions are left with exactly; null outside a block. */
  protected faultLabel: Label | null = null;
  #blockEnd: Label = 0 as Label;
  #blockPc = 0;
  #blockChanges: Changes = this.frame.changes;
  #blockCount = 0;
  /** Instructions of the block from this one on. */
  #remaining = 0;
  /** Set by an instruction that ends its block's straight line. */
  ended = false;
  /** Where the instructions of a loop are noted, by their addresses, or null. */
  noted: Map<number, LoopInsn> | null = null;
  #step: LoopInsn["step"] = null;
  protected access: LoopAccess | null = null;
  /** Code to be put into the body when it is finished, in the order of its places. */
  readonly sync: Sync[] = [];
  /** Where that code will be. */
  readonly #code: CodeBuffer;

  constructor(w: Body, mode: Mode, region: RegionContext, code: CodeBuffer) {
    super(w, mode);
    this.region = region;
    this.#code = code;
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
   *       store what the block's scope changes; PC and budget from faultAt; br $exit
   *     end
   */
  beginBlock(pc: number, count: number): void {
    this.#blockPc = pc;
    this.#blockCount = count;
    this.#blockChanges = this.frame.changes;
    this.#blockEnd = this.w.block();
    this.faultLabel = this.w.block();
    this.faults = false;
  }

  protected faults = false;

  endBlock(): void {
    const { w } = this;
    // Dead code after a branch, but what falls into the next block must not run into the fault exit.
    if (this.faults) w.br(this.#blockEnd);
    w.end(this.faultLabel!);
    this.faultLabel = null;
    if (this.faults) this.#emitFaultExit();
    w.end(this.#blockEnd);
  }

  /**
   * A local holds its register's value at every place, so what the whole scope changes can be stored wherever the
   * exception was: once for the block, and not in front of each of its accesses.
   */
  #emitFaultExit(): void {
    const { w } = this;
    this.#syncChanges(this.#blockChanges);
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
    this.exitCode(EXIT_PENDING);
  }

  /** Start an instruction; `remaining` counts it and those after it in its block. */
  beginInstruction(pc: number, word: number, remaining: number): void {
    this.pc = pc;
    this.word = word;
    this.#remaining = remaining;
    this.ended = false;
    this.stores = false;
    this.#step = null;
    this.access = null;
    this.frame.writtenX = 0;
  }

  noteStep(rd: number, rn: number, by: number | { readonly rm: number }): void {
    this.#step = { rd, rn, by };
  }

  /**
   * Store what the scope has changed: here, where the current instruction leaves before it has changed anything.
   */
  protected storeChanged(): void {
    const { changes } = this.frame;
    if (changes.isLoop || (changes.x | changes.v) !== 0) this.#syncChanges(changes.seen());
  }

  #syncChanges(changes: Changes): void {
    const at = this.w.length;
    this.sync.push({ at, kind: "stores", part: null, changes, code: this.#code, from: 0, to: 0 });
  }

  /** Here a part's registers are loaded, or its flags and the budget stored. */
  syncPart(kind: "save" | "load", part: FramePart): void {
    const at = this.w.length;
    this.sync.push({ at, kind, part, changes: null, code: this.#code, from: 0, to: 0 });
  }

  /** The same where the current instruction is done. */
  protected storeAll(): void {
    this.frame.endInstruction();
    this.storeChanged();
  }

  /** The instruction has stored to memory. */
  protected stores = false;

  leaveIf(): void {
    const leaves = this.w.unlikely().if_();
    this.storeAll();
    this.refund(this.#remaining - 1);
    this.storePc(this.pc + 4);
    this.exitCode(EXIT_LOOKUP);
    this.w.end(leaves);
  }

  endInstruction(): void {
    this.noted?.set(this.pc, {
      pc: this.pc,
      written: this.frame.writtenX,
      step: this.#step,
      access: this.access,
    });
    this.frame.endInstruction();
    if (this.mode.coherent && this.stores && !this.ended) {
      this.w.i32_const(0);
      this.w.i32_load(OFF_CODE_CHANGED);
      this.leaveIf();
    }
    // The check's arguments, which are boxed, cost more than the check.
    if (this.w.outstanding !== 0) check(false, "scratch locals not freed", this.word, this.pc);
  }

  /** Pop an i32: if it is not zero, leave with the exception that has been recorded. */
  protected readonly faultIf = (): void => {
    this.faults = true;
    this.w.unlikely().br_if(this.faultLabel!);
  };

  /** Say which instruction the exceptions that follow are of. */
  protected markFault(): void {
    this.w.i32_const(this.pc - this.#blockPc);
    this.w.local_set(this.#faultAt);
  }

  /** Put an address in the PC of the state block. */
  protected storePc(pc: number): void {
    this.w.i32_const(0);
    this.w.i64_const_number(pc);
    this.w.i64_store(OFF_PC);
  }

  protected exitCode(code: number): void {
    this.w.i32_const(0);
    this.w.i32_const(code);
    this.w.i32_store(OFF_EXIT_CODE);
    this.leaveFor(NEXT_EXIT);
  }

  protected leaveFor(next: number): void {
    this.w.i32_const(next);
    this.w.local_set(this.slot);
    this.w.br(this.exitLabel);
  }

  /** Give back the instructions of the block that are not executed. */
  protected refund(count: number): void {
    if (count === 0) return;
    this.w.local_get(this.frame.budget);
    this.w.i32_const(count);
    this.w.i32_add();
    this.w.local_set(this.frame.budget);
  }

  /** Leave at the start of a block. */
  exitAtBlockStart(code: number, pc: number): void {
    this.storeChanged();
    this.storePc(pc);
    this.exitCode(code);
  }

  #exceptionExit(ec: number, iss: number, returnOffset: number): void {
    this.w.i32_const(0);
    this.w.i32_const(makeEsr(ec, iss) | 0);
    this.w.i32_store(OFF_EXIT_ARG);
    this.refund(returnOffset === 0 ? this.#remaining : this.#remaining - 1);
    if (returnOffset !== 0 && this.mode.config.model.features.has("bti")) {
      emitKeepBranchType(this.w, this.frame.budget);
    }
    this.storePc(this.pc + returnOffset);
    this.exitCode(EXIT_ESR);
  }

  exception(ec: number, iss: number, returnOffset: 0 | 4 = 0): void {
    this.ended = true;
    this.storeAll();
    this.#exceptionExit(ec, iss, returnOffset);
  }

  exceptionIf(ec: number, iss: number): void {
    const taken = this.w.unlikely().if_();
    this.storeChanged();
    this.#exceptionExit(ec, iss, 0);
    this.w.end(taken);
  }

  undefined(): void {
    this.exception(EC_UNKNOWN, 0);
  }

  takeRaised(): void {
    this.markFault();
    this.faultIf();
  }

  leave(): void {
    this.ended = true;
    this.storeAll();
    this.refund(this.#remaining - 1);
    this.storePc(this.pc + 4);
    this.exitCode(EXIT_LOOKUP);
  }

  leaveToPc(): void {
    this.ended = true;
    this.storeAll();
    this.refund(this.#remaining - 1);
    this.exitCode(EXIT_LOOKUP);
  }

  callHelper(name: string): void {
    this.w.call(this.region.host(name));
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
