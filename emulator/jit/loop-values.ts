import type { Indexing } from "../isa/emitter.js";

/**
 * What the registers are while an iteration of a loop runs, by what they were when it began: enough to say of two addresses that they
 * lie so far from each other, and how far one moves in an iteration.
 */

/** What one instruction of a loop does to addresses. */
export interface LoopInsn {
  readonly pc: number;
  /** X registers it changes: bits 0..30, 31 SP. */
  readonly written: number;
  /** Xrd = Xrn + by, and nothing else. */
  readonly step: {
    readonly rd: number;
    readonly rn: number;
    readonly by: number | { readonly rm: number };
  } | null;
  readonly access: LoopAccess | null;
}

export interface LoopAccess {
  readonly at: Indexing;
  readonly bytes: number;
  readonly isWrite: boolean;
}

/** Register `origin` as it was when the iteration began, plus bytes, plus a register that the loop leaves alone. */
export interface Value {
  readonly origin: number;
  readonly bytes: number;
  readonly register: number | null;
}

/** By register, 31 SP; null: anything. */
export type Values = readonly (Value | null)[];

const NOTHING: Values = new Array<null>(32).fill(null);

/** All registers when an iteration begins. */
export function initialValues(): (Value | null)[] {
  return Array.from({ length: 32 }, (_, origin) => ({ origin, bytes: 0, register: null }));
}

/** What is true of the registers on every one of the ways to a place; nothing is where there is none. */
export function meet(ways: readonly Values[]): (Value | null)[] {
  const [first = NOTHING, ...others] = ways;
  return first.map((value, r) => (others.every((way) => same(way[r]!, value)) ? value : null));
}

function same(a: Value | null, b: Value | null): boolean {
  if (a === null || b === null) return a === b;
  return a.origin === b.origin && a.bytes === b.bytes && a.register === b.register;
}

/** What an instruction makes of the registers. @param everWritten the registers that the loop changes */
export function advance(values: (Value | null)[], insn: LoopInsn, everWritten: number): void {
  const { step, access, written } = insn;
  let fresh: Value | null = null;
  if (step !== null) fresh = stepped(values[step.rn]!, step.by, everWritten);
  const at = access?.at;
  const writesBack = at !== undefined && at.mode !== "offset" && typeof at.offset === "number";
  const base = writesBack ? stepped(values[at.rn]!, at.offset as number, everWritten) : null;
  for (let bits = written; bits !== 0; bits &= bits - 1) {
    const r = 31 - Math.clz32(bits & -bits);
    if (step !== null && step.rd === r) values[r] = fresh;
    // Write-back comes last (isa/transfer.ts): what was loaded into the base does not matter.
    else values[r] = writesBack && at.rn === r ? base : null;
  }
}

function stepped(
  from: Value | null,
  by: number | { readonly rm: number },
  everWritten: number,
): Value | null {
  if (from === null) return null;
  if (typeof by === "number") return { ...from, bytes: from.bytes + by };
  const stays = by.rm < 31 && ((everWritten >>> by.rm) & 1) === 0;
  return stays && from.register === null ? { ...from, register: by.rm } : null;
}
