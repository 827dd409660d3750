import { check } from "./arch/check.js";
import type { Vector } from "./cpu/exception.js";

/** An instruction about to be executed. The registers are exact and may be changed, the PC included. */
export interface CodeEvent {
  /** Virtual address, unsigned. */
  readonly address: bigint;
  /** The instruction word, unsigned. */
  readonly word: number;
}

/** A run of instructions about to be executed that is entered at the top and left at the end. */
export interface BlockEvent {
  readonly address: bigint;
  /** Bytes up to and including its last instruction, which is a branch unless a page ends first. */
  readonly size: number;
}

/**
 * A data access about to be made: its translation has succeeded. The registers are those before the
 * instruction, to be read only.
 */
export interface AccessEvent {
  readonly address: bigint;
  /** Bytes, 1 to 64: a pair or a structure is one access. */
  readonly size: number;
  /** Little-endian: what is about to be read, or written. */
  readonly value: bigint;
}

/** An access the MMU refused. The registers are exact: those before the instruction. */
export interface FaultEvent {
  readonly access: "read" | "write" | "exec";
  /** The first byte that could not be accessed (FAR_EL1). */
  readonly address: bigint;
  /** DFSC or IFSC: why, 6 bits (arch/esr.ts). */
  readonly status: number;
}

/** An exception about to be taken to EL1. The registers are exact; the PC is the return address. */
export interface ExceptionEvent {
  readonly vector: Vector;
  /** The syndrome: exception class in bits 31:26. Unsigned. */
  readonly esr: number;
  /** FAR_EL1, or null when the class has none. */
  readonly address: bigint | null;
}

/**
 * What can be hooked, and with what. A handler that returns a boolean is asked: true says that the
 * event is dealt with, and the machine goes on at the PC; the exception is not taken.
 */
export interface HookHandlers {
  /** Before every instruction. */
  readonly code: (event: CodeEvent) => void;
  /** Before every basic block. */
  readonly block: (event: BlockEvent) => void;
  /** Before every read of data. Translation tables and instructions are no data. */
  readonly read: (event: AccessEvent) => void;
  readonly write: (event: AccessEvent) => void;
  /** There is no memory at the address. True: there is now, try again. */
  readonly unmapped: (event: FaultEvent) => boolean;
  /** The page is there but forbids the access. True: try again. */
  readonly protected: (event: FaultEvent) => boolean;
  /** An UNDEFINED instruction. True: it is dealt with, and the PC is where to go on. */
  readonly invalid: (event: CodeEvent) => boolean;
  /** Any exception, after the hooks above had their say. True: it is dealt with. */
  readonly exception: (event: ExceptionEvent) => boolean;
}

export type HookKind = keyof HookHandlers;

/** Addresses a hook is for: `[begin, end)`, unsigned. Exceptions go by the PC. */
export interface HookRange {
  readonly begin: bigint;
  readonly end: bigint;
}

/** A hook that was set; for `Machine.unhook`. */
export interface Hook {
  readonly kind: HookKind;
}

interface Entry<K extends HookKind> extends Hook {
  readonly kind: K;
  readonly handler: HookHandlers[K];
  readonly range: HookRange;
}

type Lists = { [K in HookKind]: readonly Entry<K>[] };

const EVERYWHERE: HookRange = { begin: 0n, end: 2n ** 64n };

/** The hooks of a machine, in the order they were set. */
export class Hooks {
  // Lists are replaced, never changed: a handler may set and remove hooks.
  readonly #lists: Lists = {
    code: [],
    block: [],
    read: [],
    write: [],
    unmapped: [],
    protected: [],
    invalid: [],
    exception: [],
  };

  add<K extends HookKind>(kind: K, handler: HookHandlers[K], range: HookRange = EVERYWHERE): Hook {
    check(Object.hasOwn(this.#lists, kind), "no such kind of hook", kind);
    check(range.begin < range.end, "empty range of a hook", range.begin, range.end);
    const entry: Entry<K> = { kind, handler, range };
    const lists: { [P in HookKind]: readonly Entry<P>[] } = this.#lists;
    lists[kind] = [...lists[kind], entry] as Lists[K];
    return entry;
  }

  /** @returns false if it was not set */
  remove(hook: Hook): boolean {
    const lists = this.#lists as Record<HookKind, readonly Hook[]>;
    const before = lists[hook.kind];
    lists[hook.kind] = before.filter((entry) => entry !== hook);
    return lists[hook.kind].length < before.length;
  }

  has(kind: HookKind): boolean {
    return this.#lists[kind].length > 0;
  }

  /** Tell the hooks of a kind that are for `address`. */
  tell<K extends "code" | "block" | "read" | "write">(
    kind: K,
    address: bigint,
    event: Parameters<HookHandlers[K]>[0],
  ): void {
    for (const { handler, range } of this.#lists[kind]) {
      if (address >= range.begin && address < range.end) {
        (handler as (event: unknown) => void)(event);
      }
    }
  }

  /** Ask the hooks of a kind that are for `address`, until one deals with it. */
  ask<K extends "unmapped" | "protected" | "invalid" | "exception">(
    kind: K,
    address: bigint,
    event: Parameters<HookHandlers[K]>[0],
  ): boolean {
    for (const { handler, range } of this.#lists[kind]) {
      if (address < range.begin || address >= range.end) continue;
      if ((handler as (event: unknown) => boolean)(event)) return true;
    }
    return false;
  }
}
