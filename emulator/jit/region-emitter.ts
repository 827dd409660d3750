import { OFF_CALL_DEPTH, OFF_INDIRECT_FROM, OFF_PC } from "../cpu/state-layout.js";
import { branchType, BTYPE_NONE } from "../isa/branch-target.js";
import type { Emitter } from "../isa/emitter.js";
import type { Label, Local } from "../wasm/builder.js";
import { emitBranchType, emitLandingCheck } from "./branch-type.js";
import { addDepth, emitJumpLookup, MAX_CALL_DEPTH } from "./dispatch.js";
import { EXIT_ESR, NEXT_RETURN } from "./exit.js";
import { Changes } from "./frame.js";
import { emitKnownTargets, type KnownTarget } from "./jump-table.js";
import { MemoryEmitter } from "./memory-emitter.js";

/**
 * The emitter behind every instruction row: registers in locals, flags as operands, exits that put
 * everything back. One per region. This part is how control goes on.
 */
export class RegionEmitter extends MemoryEmitter implements Emitter {
  /** Where an exit goes whose registers are in the state block already. */
  savedExitLabel: Label = 0 as Label;

  /** The entry of a region in a guarded page. */
  checkLanding(pc: number, word: number): void {
    emitLandingCheck(this.w, this.mode, this.frame.budget, word, () => {
      this.exitAtBlockStart(EXIT_ESR, pc);
    });
  }

  /** Go on at an address: inside the region where that is possible, else through the table. */
  goto(target: number): void {
    if (!this.region.sharesChanges(target)) this.storeAll();
    if (this.region.fallsInto(target)) return;
    const label = this.region.labelOf(target);
    if (label !== null) {
      this.w.br(label);
      return;
    }
    this.#chain(target);
  }

  #chain(target: number): void {
    this.storePc(target);
    this.leaveFor(this.region.linkSlot(target));
  }

  branch(target: number): void {
    this.ended = true;
    this.goto(target);
  }

  branchIf(target: number): void {
    const label = this.region.labelOf(target);
    if (label !== null && this.region.sharesChanges(target)) {
      this.w.br_if(label);
      return;
    }
    const taken = this.w.if_();
    this.storeAll();
    if (label !== null) this.w.br(label);
    else this.#chain(target);
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

  /** With a target on the stack: go there if it is a block that is known for it. Stores what has changed, too. */
  #tryKnown(): void {
    const known: KnownTarget[] = [];
    for (const pc of this.region.targets()) {
      const label = this.region.labelOf(pc);
      if (label !== null) known.push({ pc, label });
    }
    const stays = known.every(({ pc }) => this.region.sharesChanges(pc));
    if (!stays) this.storeAll();
    if (known.length > 0) {
      const target = this.popTemp("i64");
      emitKnownTargets(this.w, target, known);
      this.w.local_get(target);
      this.w.free(target);
    }
    if (stays) this.storeAll();
  }

  /** The lookup that may follow is of this branch's target. */
  #noteSource(): void {
    this.w.i32_const(0);
    this.w.i64_const_number(this.pc);
    this.w.i64_store(OFF_INDIRECT_FROM);
  }

  branchIndirect(): void {
    this.ended = true;
    this.#noteBranchType();
    // In a guarded page every branch goes through the check of a region's entry.
    if (this.mode.guarded) this.storeAll();
    else this.#tryKnown();
    this.#noteSource();
    this.#lookUp();
    this.w.local_set(this.slot);
    this.w.br(this.exitLabel);
  }

  call(target: number): void {
    if (this.region.targets().includes(target) && this.region.labelOf(target) !== null) {
      this.branch(target);
      return;
    }
    this.storeAll();
    if (!this.#nests()) {
      // Not through a label: what a call leads to may be of another part, which loads its registers itself.
      this.ended = true;
      this.#chain(target);
      return;
    }
    this.storePc(target);
    const own = this.region.ownFunction(target);
    this.w.i32_const(this.region.linkSlot(target));
    this.#enter(own);
  }

  callIndirect(): void {
    if (!this.#nests()) {
      this.branchIndirect();
      return;
    }
    this.#noteBranchType();
    if (this.mode.guarded) this.storeAll();
    else this.#tryKnown();
    this.#noteSource();
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
    return !this.mode.careful && this.region.contains(this.pc + 4);
  }

  /**
   * Pop a slot and run the region there, and those that follow it, until the guest returns here. If it
   * does not, but goes elsewhere or to the host, so does this region.
   * @param own the region as a function of this module, which need not be looked up in the table
   */
  #enter(own: number | null): void {
    const w = this.w;
    w.local_set(this.slot);
    this.syncPart("save", this.frame.part);
    if (own !== null) this.#enterOwn(own);
    else {
      w.local_get(this.slot);
      w.call(this.region.host("enter"));
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
    this.frame.changes = new Changes(false); // what the scope had changed is stored, and others have run since
    this.flagKind = null;
    this.ended = true;
    const next = this.pc + 4;
    if (!this.region.fallsInto(next) && this.region.labelOf(next) === null) {
      // Everything is in the state block, and the PC is there too.
      w.i32_const(this.region.linkSlot(next));
      w.local_set(this.slot);
      w.br(this.savedExitLabel);
      return;
    }
    const part = this.region.partToLoadAt(next);
    if (part !== null) this.syncPart("load", part);
    this.goto(next);
  }

  /** The same as "enter" (jit/dispatch.ts), for a function that can be called directly. */
  #enterOwn(own: number): void {
    const w = this.w;
    w.i32_const(0);
    w.i32_load(OFF_CALL_DEPTH);
    w.i32_const(MAX_CALL_DEPTH);
    w.i32_ge_s();
    w.unlikely().br_if(this.savedExitLabel);
    addDepth(w, 1);
    w.callOwn(own);
    w.local_tee(this.slot);
    addDepth(w, -1);
    w.i32_const(0);
    w.i32_ge_s();
    const goesOn = w.unlikely().if_();
    w.local_get(this.slot);
    w.call(this.region.host("enter"));
    w.local_set(this.slot);
    w.end(goesOn);
  }

  ret(): void {
    this.ended = true;
    this.#tryKnown();
    this.w.free(this.#storeTarget());
    this.leaveFor(NEXT_RETURN);
  }
}
