import { SYSREGS, type SysregFile, type SysregName } from "../arch/sysreg.js";
import type { Access } from "./access.js";

/**
 * What the MMU tells somebody who watches it: everything that decides whether software keeps the
 * architecture's rules about translation tables. Without an observer nothing of this costs anything.
 * Virtual addresses are halves, sign-extended; physical addresses and counts are numbers.
 */
export interface MmuObserver {
  /**
   * The guest, or the host on its behalf, is about to use the translation of an address. Told where
   * the inline TLB is not enough: at its misses, at instruction fetches where execution enters a
   * region, at every AT and at cache maintenance by address.
   * @param exact whether the position (`Mmu.position`) is that of the instruction
   * @returns true: not now; asked when the position is not exact, the instruction then runs again
   *   alone and asks again
   */
  accessed(
    vaLo: number,
    vaHi: number,
    access: Access,
    el: 0 | 1,
    pan: boolean,
    exact: boolean,
  ): boolean;
  /** A walk read a descriptor, valid or not, at physical address `pa` on behalf of `asid`. */
  descriptorRead?(
    vaLo: number,
    vaHi: number,
    asid: number,
    level: number,
    pa: number,
    lo: number,
    hi: number,
  ): void;
  /** The TLB took a translation in: `base` is the page or block, `shift` log2 of its size. */
  filled?(
    vaLo: number,
    vaHi: number,
    asid: number,
    base: number,
    shift: number,
    level: number,
    rights: number,
  ): void;
  /** A lookup found an entry. */
  hit?(vaLo: number, vaHi: number, asid: number): void;
  /** The TLB lost the entry of the granule at an address, for whatever reason. */
  evicted?(vaLo: number, vaHi: number): void;
  /** A TLBI, before it has any effect. @returns true: withheld, `Mmu.apply` will be called for it */
  invalidated(operation: TlbiOperation): boolean;
  barrier(barrier: Barrier): void;
  /** A context synchronization event. */
  synchronized(by: Synchronization): void;
  /** A register that controls translation got another value (64 bits, unsigned). */
  contextWritten(name: SysregName, old: bigint, value: bigint): void;
  /** Memory in a page that `Mmu.watch` names was written; it holds the new bytes already. */
  written(pa: number, bytes: number): void;
}

/** A TLB invalidation of the EL1&0 regime (Arm ARM C5.5), decoded. */
export type TlbiOperation =
  | { readonly kind: "all" }
  | { readonly kind: "asid"; readonly asid: number }
  | {
      readonly kind: "va" | "range";
      readonly vaLo: number;
      readonly vaHi: number;
      /** Bytes from the address on; 0 for one address. */
      readonly bytes: number;
      /** Null: every ASID. */
      readonly asid: number | null;
      /** The forms with L: entries of the last level only, no cached walks. */
      readonly lastLevel: boolean;
      /** The level of the leaf that the TTL field promises, or null: no hint. */
      readonly level: number | null;
    };

export interface Barrier {
  readonly kind: "dsb";
  /** Which accesses it waits for. */
  readonly accesses: "all" | "stores" | "loads";
}

/** Arm ARM, "Context Synchronization event". "host": the embedder plays EL1 and resumes the guest. */
export type Synchronization = "isb" | "exception" | "eret" | "host";

/**
 * Where the machine is when something happens: in the host's code; in a guest instruction whose PC
 * and count are in the state block; or in translated code that keeps them elsewhere.
 */
export type Position = "host" | "exact" | "inexact";

/** Registers that control translation. */
const CONTROL = SYSREGS.filter((row) => row.effect === "mmu" && row.home.kind === "slot");

/** The values of the control registers that were told last. */
export class ControlRegisters {
  readonly #sysregs: SysregFile;
  readonly #last: { readonly name: SysregName; readonly slot: number; value: bigint }[] = [];

  constructor(sysregs: SysregFile) {
    this.#sysregs = sysregs;
    for (const { name, home } of CONTROL) {
      if (home.kind === "slot")
        this.#last.push({ name, slot: home.slot, value: this.#read(home.slot) });
    }
  }

  #read(slot: number): bigint {
    const hi = BigInt(this.#sysregs.readHi(slot) >>> 0);
    return (hi << 32n) | BigInt(this.#sysregs.readLo(slot) >>> 0);
  }

  /** Tell of every register whose value is not the one told last. */
  tellChanges(observer: MmuObserver): void {
    for (const entry of this.#last) {
      const value = this.#read(entry.slot);
      if (value === entry.value) continue;
      const old = entry.value;
      entry.value = value;
      observer.contextWritten(entry.name, old, value);
    }
  }
}
