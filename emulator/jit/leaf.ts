import type { Instruction } from "../isa/decode.js";

/** A longer function is called. */
const MAX_LEAF_INSNS = 48;

/** A function that is worth having in the region that calls it: short, calling nobody, and all of it at hand. */
export interface Leaf {
  /** Addresses of the instructions it returns with; at least one. */
  readonly returns: readonly number[];
  /** Instructions in it. */
  readonly size: number;
}

/**
 * The leaf function at an address, or null if what is there is none.
 * @param insnAt the instruction at an address, null where the region may not go
 */
export function leafAt(entry: number, insnAt: (pc: number) => Instruction | null): Leaf | null {
  const seen = new Set<number>();
  const returns: number[] = [];
  const work = [entry];
  while (work.length > 0) {
    let at = work.pop()!;
    while (!seen.has(at)) {
      const insn = insnAt(at);
      if (insn === null || seen.size === MAX_LEAF_INSNS) return null;
      seen.add(at);
      const { flow } = insn;
      if (flow !== null) {
        if (flow.kind === "return") {
          returns.push(at);
          break;
        }
        if (flow.kind !== "jump" && flow.kind !== "cond") return null;
        work.push(at + flow.offset);
        if (flow.kind === "jump") break;
      }
      at += 4;
    }
  }
  return returns.length > 0 ? { returns, size: seen.size } : null;
}
