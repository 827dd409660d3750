import type { SysregName } from "../../arch/sysreg.js";
import type { Access } from "../access.js";
import type { Mmu } from "../mmu.js";
import type { Barrier, MmuObserver, Synchronization, TlbiOperation } from "../observer.js";
import { addressIn, isCacheable, kindOf, spanOf } from "./descriptor.js";
import type { MmuSanitizer } from "./sanitizer.js";
import type { Root, Table } from "./tables.js";

/** Addresses that may be lost again. */
const REMEMBERED = 64;

/**
 * Makes the MMU use the freedom it has, at random but the same for the same seed: software that keeps the rules does
 * not notice. Fills the TLB with whatever is reachable, drops entries, and lets a TLBI take effect only when a
 * DSB says so. Tells the sanitizer everything.
 */
export class Adversary implements MmuObserver {
  readonly #mmu: Mmu;
  readonly #sanitizer: MmuSanitizer;
  #random: number;
  #withheld: TlbiOperation[] = [];
  readonly #used: { readonly lo: number; readonly hi: number }[] = [];
  #next = 0;

  constructor(mmu: Mmu, sanitizer: MmuSanitizer, seed: number) {
    this.#mmu = mmu;
    this.#sanitizer = sanitizer;
    this.#random = (seed ^ 0x5bd1_e995) | 1;
  }

  /** Below `n`: xorshift32. */
  #below(n: number): number {
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x;
    return (x >>> 0) % n;
  }

  accessed(
    lo: number,
    hi: number,
    access: Access,
    el: 0 | 1,
    pan: boolean,
    exact: boolean,
  ): boolean {
    if (this.#sanitizer.accessed(lo, hi, access, el, pan, exact)) return true;
    this.#used[this.#next] = { lo, hi };
    this.#next = (this.#next + 1) % REMEMBERED;
    switch (this.#below(4)) {
      case 0: {
        const gone = this.#used[this.#below(this.#used.length)]!;
        this.#mmu.evict(gone.lo, gone.hi);
        break;
      }
      case 1:
        this.#speculate();
        break;
    }
    return false;
  }

  #speculate(): void {
    const { roots } = this.#sanitizer.tables;
    const current = roots.filter((root) => root.isCurrent);
    if (current.length === 0) return;
    const va = this.#anyLeaf(current[this.#below(current.length)]!);
    if (va !== null) this.#mmu.speculate((va % 2 ** 32) | 0, Math.floor(va / 2 ** 32) | 0);
  }

  /** The address of some leaf, or null if the way taken leads nowhere. */
  #anyLeaf(root: Root): number | null {
    const { tables } = this.#sanitizer;
    let table: Table | undefined = tables.at(root.pa).find((t) => t.roots.includes(root));
    let va = root.base;
    while (table !== undefined) {
      const { entries, geometry, level } = table;
      const start = this.#below(entries);
      let index = -1;
      for (let i = 0; i < entries && index < 0; i++) {
        const at = (start + i) % entries;
        if (isCacheable(tables.descriptor(table, at), geometry)) index = at;
      }
      if (index < 0) return null;
      va += index * spanOf(geometry, level);
      const found = tables.descriptor(table, index);
      if (kindOf(found, geometry) === "leaf") {
        const pages = spanOf(geometry, level) / geometry.pageBytes;
        return va + this.#below(pages) * geometry.pageBytes;
      }
      const pa = addressIn(found, geometry);
      table = tables.at(pa).find((t) => t.pa === pa && t.level === level + 1);
    }
    return null;
  }

  invalidated(operation: TlbiOperation): boolean {
    this.#sanitizer.invalidated(operation);
    this.#withheld.push(operation);
    return true;
  }

  barrier(barrier: Barrier): void {
    if (barrier.accesses === "all") {
      for (const operation of this.#withheld) this.#mmu.apply(operation);
      this.#withheld = [];
    }
    this.#sanitizer.barrier(barrier);
  }

  synchronized(by: Synchronization): void {
    this.#sanitizer.synchronized(by);
  }

  contextWritten(name: SysregName, old: bigint, value: bigint): void {
    this.#sanitizer.contextWritten(name, old, value);
  }

  written(pa: number, bytes: number): void {
    this.#sanitizer.written(pa, bytes);
  }
}
