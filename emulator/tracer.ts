import type { CpuState } from "./cpu/state.js";
import type { CpuEngine, EngineExit } from "./engine.js";
import type { Hooks } from "./hooks.js";
import type { Decoder } from "./isa/decode.js";
import { ACCESS_EXEC } from "./mmu/access.js";
import type { Mmu } from "./mmu/mmu.js";

/** Longest block told to a hook, in instructions. */
const MAX_BLOCK = 512;
const SMALLEST_PAGE = 4096;

/** What the tracer needs of the machine. */
export interface Traced {
  readonly cpu: CpuState;
  readonly mmu: Mmu;
  readonly engine: Pick<CpuEngine, "run" | "enterContext">;
  readonly decoder: Decoder;
  readonly hooks: Hooks;
  /** `Machine.stop` was called since this run began. */
  stopRequested(): boolean;
}

/**
 * Runs code in pieces between which a hook is called, or the PC compared: single instructions when
 * there is a code hook, else basic blocks. The engine stops exactly after so many
 * instructions, so the state is exact at each piece without any help of translated code.
 */
export class Tracer {
  readonly #machine: Traced;
  /** Where the block that was told last goes on, if it was left in its middle: it is not told again. */
  #resume: bigint | null = null;

  constructor(machine: Traced) {
    this.#machine = machine;
  }

  /**
   * Execute at most `limit` instructions.
   * @param until stop before executing the instruction at this address; or null
   * @returns "reached" at `until`
   */
  run(limit: number, until: bigint | null): EngineExit | { readonly kind: "reached" } {
    const { cpu, engine, hooks } = this.#machine;
    let left = limit;
    for (;;) {
      const { pc } = cpu;
      if (this.#machine.stopRequested()) return { kind: "stopped" };
      if (pc === until) return { kind: "reached" };
      if (left <= 0) return { kind: "budget" };
      engine.enterContext();
      const words = this.#straightLine(until);
      if (words.length > 0) {
        this.#tell(pc, words);
        if (this.#machine.stopRequested()) return { kind: "stopped" };
        // A hook moved the PC: that instruction has its own turn.
        if (cpu.pc !== pc) continue;
      }
      const single = words.length === 0 || hooks.has("code");
      const before = cpu.instructionCount;
      const exit = engine.run(Math.min(left, single ? 1 : words.length));
      const executed = cpu.instructionCount - before;
      left -= executed;
      const here = pc + BigInt(4 * executed);
      this.#resume = executed < words.length && cpu.pc === here ? here : null;
      if (exit.kind !== "budget") return exit;
    }
  }

  #tell(pc: bigint, words: readonly number[]): void {
    const { cpu, hooks } = this.#machine;
    if (hooks.has("block") && pc !== this.#resume) {
      hooks.tell("block", pc, { address: pc, size: 4 * words.length });
      if (cpu.pc !== pc || this.#machine.stopRequested()) return;
    }
    hooks.tell("code", pc, { address: pc, word: words[0]! });
  }

  /**
   * The instructions from the PC up to and including the first that may go elsewhere, within its page and
   * before `until`. Empty if the PC cannot be executed.
   */
  #straightLine(until: bigint | null): number[] {
    const { cpu, mmu, decoder } = this.#machine;
    const words: number[] = [];
    if ((cpu.pcLo & 3) !== 0) return words;
    const physical = mmu.translate(cpu.pcLo, cpu.pcHi, ACCESS_EXEC, cpu.el, false);
    if (physical < 0) return words;
    const room = (SMALLEST_PAGE - (physical % SMALLEST_PAGE)) / 4;
    const { u32 } = mmu.memory;
    const start = mmu.memory.hostOffset(physical) / 4;
    const { pc } = cpu;
    for (let i = 0; i < Math.min(room, MAX_BLOCK); i++) {
      if (i > 0 && until !== null && pc + BigInt(4 * i) === until) break;
      const word = u32[start + i]!;
      words.push(word);
      const found = decoder.allocated(word);
      if (found === null || (found.row.flow?.(found.fields) ?? null) !== null) break;
    }
    return words;
  }
}
