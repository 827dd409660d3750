import { normalizePc } from "../cpu/branch-address.js";
import {
  OFF_BUDGET,
  OFF_CALL_DEPTH,
  OFF_CODE_CHANGED,
  OFF_EXIT_ARG,
  OFF_EXIT_CODE,
  OFF_FLAG_A,
  OFF_FLAG_KIND,
  OFF_ICOUNT,
  OFF_ICOUNT_END,
  OFF_INTERRUPTS,
  OFF_NZCV,
  PSTATE_F,
} from "../cpu/state-layout.js";
import type { AccessHook, CpuEngine, EngineExit } from "../engine.js";
import { armBranchType, settleBranchType } from "./branch-type.js";
import { CodeAccess, NO_SLOT } from "./code-access.js";
import { AGAIN } from "./data-access.js";
import {
  ATTENTION_EXIT,
  BUDGET_EXIT,
  FIQ_EXIT,
  IRQ_EXIT,
  STOPPED_EXIT,
  syncExit,
  WAIT_EXIT,
} from "./engine-exits.js";
import { EXIT_BUDGET, EXIT_ESR, EXIT_LOOKUP, EXIT_PENDING, NEXT_EXIT } from "./exit.js";
import { MAX_SLICE, paceFor, type Pace } from "./pace.js";

/**
 * Runs guest code: the dispatcher, which enters translations slice by slice and deals with what made them
 * come back. Faults travel as return codes; nothing throws.
 */
export class Engine extends CodeAccess implements CpuEngine {
  /** Come back from `run` at the next opportunity. */
  stop(): void {
    this.stopRequested = true;
  }

  setAccessHook(hook: AccessHook | null): void {
    this.accessHook = hook;
  }

  timersChanged(): void {
    this.attention = ATTENTION_EXIT;
  }

  debugChanged(): void {
    this.debug.refresh();
  }

  waitForInterrupt(): void {
    this.attention = WAIT_EXIT;
  }

  /**
   * Execute at most `limit` instructions from the current state.
   * @returns why it stopped; the state block is exact, and an exception is not taken yet
   */
  run(limit: number): EngineExit {
    const { cpu } = this;
    const i32 = this.i32;
    this.enterContext();
    i32[OFF_FLAG_KIND / 4] = 0;
    i32[OFF_FLAG_A / 4] = i32[OFF_NZCV / 4]!;
    i32[OFF_FLAG_A / 4 + 1] = 0;
    let left = limit;
    // A hook sees the registers as they are before the instruction: nothing is kept in locals across two.
    const stepping = this.accessHook !== null;
    let pace = stepping ? "single" : paceFor(left);
    /** The pace to go back to after a single instruction. */
    let redone: Pace | null = null;
    let exit: EngineExit = BUDGET_EXIT;
    let again = false;
    this.pending = null;
    this.mmu.position = "exact";
    while (left > 0) {
      if (this.stopRequested) {
        exit = STOPPED_EXIT;
        break;
      }
      if (this.attention !== null) {
        exit = this.attention;
        this.attention = null;
        break;
      }
      const due = i32[OFF_INTERRUPTS / 4]! & ~cpu.pstate;
      if (due !== 0) {
        this.debug.interrupted();
        exit = (due & PSTATE_F) !== 0 ? FIQ_EXIT : IRQ_EXIT;
        break;
      }
      this.enterContext();
      this.isLive = this.debug.isArmed && this.debug.isLive();
      if (this.isLive) {
        const esr = this.debug.stepDue();
        if (esr !== null) {
          exit = syncExit(esr);
          break;
        }
      }
      const single = pace === "single" || this.isLive;
      this.pace = single ? "single" : pace;
      const slot = this.lookUp(this.pace);
      this.resumes = false;
      if (slot === NO_SLOT) {
        exit = this.#takePending();
        break;
      }
      const slice = single ? 1 : Math.min(left, this.slice);
      const start = cpu.instructionCount;
      i32[OFF_BUDGET / 4] = slice;
      setCount(i32, OFF_ICOUNT_END, start + slice);
      i32[OFF_CALL_DEPTH / 4] = 0;
      i32[OFF_CODE_CHANGED / 4] = 0;
      armBranchType(cpu, i32, slice);
      if (stepping || this.isLive) this.settleFlags();
      if (single) this.#runSingle();
      else {
        this.mmu.position = "inexact";
        this.chain(slot);
        this.mmu.position = "exact";
      }
      settleBranchType(cpu, i32, i32[OFF_BUDGET / 4]!);
      const executed = slice - i32[OFF_BUDGET / 4]!;
      left -= executed;
      setCount(i32, OFF_ICOUNT, start + executed);
      if (this.isLive && executed === 1) this.debug.stepped(this.singleWord);
      const code = i32[OFF_EXIT_CODE / 4];
      if (again && !stepping) pace = paceFor(left);
      again = code === EXIT_PENDING && this.pending === AGAIN;
      if (again) {
        pace = "single";
        continue;
      }
      this.resumes = code === EXIT_BUDGET;
      if (redone !== null) {
        pace = redone;
        redone = null;
      }
      if (code === EXIT_LOOKUP) continue;
      if (code === EXIT_BUDGET) {
        this.slice = Math.min(this.slice * 2, MAX_SLICE);
        if (this.translator.dropOutdated(cpu.pcNumber)) this.dropLinks();
        // A block that does not fit in what is left is finished one instruction at a time.
        pace = stepping || pace === "careful" ? "single" : paceFor(left);
        continue;
      }
      if (code === EXIT_PENDING && this.redo) {
        this.redo = false;
        redone = pace;
        pace = "single";
        continue;
      }
      if (code === EXIT_PENDING) exit = this.#takePending();
      else if (code === EXIT_ESR) {
        const esr = i32[OFF_EXIT_ARG / 4]! >>> 0;
        exit = syncExit(esr);
      }
      break;
    }
    this.stopRequested = false;
    this.mmu.position = "host";
    normalizePc(cpu); // the last instruction may have been a branch to a tagged address
    this.settleFlags();
    return exit;
  }

  #takePending(): EngineExit {
    const exception = this.pending;
    this.pending = null;
    return exception === null ? STOPPED_EXIT : { kind: "exception", exception };
  }

  /** Run the one-instruction translation that `lookUp` found. Where it would go on is a lookup too. */
  #runSingle(): void {
    if (this.single!.run() !== NEXT_EXIT) this.i32[OFF_EXIT_CODE / 4] = EXIT_LOOKUP;
  }
}

function setCount(i32: Int32Array, offset: number, count: number): void {
  i32[offset / 4] = count % 2 ** 32;
  i32[offset / 4 + 1] = Math.floor(count / 2 ** 32);
}
