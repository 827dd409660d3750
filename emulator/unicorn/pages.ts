import type { PhysMemory } from "../mmu/phys-memory.js";
import { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE, type Access } from "../mmu/access.js";
import type { Mmu } from "../mmu/mmu.js";
import { UC_PROT_EXEC, UC_PROT_READ, UC_PROT_WRITE, type UnicornBinding } from "./binding.js";

interface LivePage {
  readonly va: bigint;
  readonly sizeBytes: number;
  /** Byte offset in the WebAssembly memory. */
  readonly host: number;
  /** UC_PROT_* */
  readonly perms: number;
}

/** Unicorn becomes slow, and aborts, with thousands of mappings. */
export const MAX_LIVE_PAGES = 256;

const PROT: Readonly<Record<Access, number>> = {
  [ACCESS_READ]: UC_PROT_READ,
  [ACCESS_WRITE]: UC_PROT_WRITE,
  [ACCESS_EXEC]: UC_PROT_EXEC,
};

/**
 * The pages mapped in Unicorn: a cache of the MMU's TLB, one mapping for each page in use with the
 * rights EL0 has at the moment. Nothing is in it that the TLB does not hold. Changed only while
 * Unicorn does not run.
 */
export class LivePages {
  readonly #mmu: Mmu;
  readonly #memory: PhysMemory;
  readonly #binding: UnicornBinding;
  /** By address of the page, as a number: exact, since the low 12 bits are zero. Oldest first. */
  readonly #pages = new Map<number, LivePage>();
  readonly #executable = new Map<number, LivePage>();
  /** Pages reached with a top byte the MMU ignores: an address the TLB drops may mean them, too. */
  #tagged = 0;
  /** Code had to be forgotten and the library cannot: it must be opened again. */
  stale = false;

  constructor(mmu: Mmu, binding: UnicornBinding) {
    this.#mmu = mmu;
    this.#memory = mmu.memory;
    this.#binding = binding;
  }

  get count(): number {
    return this.#pages.size;
  }

  /**
   * Make an EL0 access possible: map the page with all the rights it has now.
   * @param va any address in the page
   * @returns false if the MMU refuses, with `Mmu.fault` saying why
   */
  admit(va: bigint, access: Access): boolean {
    const mmu = this.#mmu;
    const lo = Number(BigInt.asIntN(32, va));
    const hi = Number(BigInt.asIntN(32, va >> 32n));
    let perms = 0;
    for (const kind of [ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC] as const) {
      if (kind !== access && mmu.translate(lo, hi, kind, 0, false) >= 0) perms |= PROT[kind];
    }
    // The wanted access comes last: the fault, and the TLB's newest entry, are its own.
    const physical = mmu.translate(lo, hi, access, 0, false);
    if (physical < 0) return false;
    perms |= PROT[access];
    const sizeBytes = 2 ** mmu.pageShift;
    const inPage = (lo & (sizeBytes - 1)) >>> 0;
    const key = hi * 2 ** 32 + (lo >>> 0) - inPage;
    const host = this.#memory.hostOffset(physical - inPage);
    const old = this.#pages.get(key);
    if (old !== undefined) this.#drop(key, old);
    const oldest = this.#pages.entries().next();
    if (this.#pages.size >= MAX_LIVE_PAGES && oldest.done !== true) this.#drop(...oldest.value);
    const page = { va: BigInt.asUintN(64, va - BigInt(inPage)), sizeBytes, host, perms };
    this.#binding.memMapPtr(page.va, sizeBytes, perms, host);
    this.#pages.set(key, page);
    if ((perms & UC_PROT_EXEC) !== 0) this.#executable.set(key, page);
    if (isTagged(hi)) this.#tagged++;
    return true;
  }

  /** Whether code at `va` can be fetched. */
  isExecutable(lo: number, hi: number): boolean {
    const inPage = (lo & (2 ** this.#mmu.pageShift - 1)) >>> 0;
    return this.#executable.has(hi * 2 ** 32 + (lo >>> 0) - inPage);
  }

  /** The TLB dropped the page at an address (halves, without tag). */
  dropped(lo: number, hi: number): void {
    const key = hi * 2 ** 32 + (lo >>> 0);
    const page = this.#pages.get(key);
    if (page !== undefined) this.#drop(key, page);
    if (this.#tagged === 0) return;
    const untagged = (va: bigint): bigint => BigInt.asUintN(56, va);
    const address = untagged((BigInt(hi) << 32n) | BigInt(lo >>> 0));
    for (const [other, tagged] of this.#pages) {
      if (untagged(tagged.va) === address) this.#drop(other, tagged);
    }
  }

  flush(): void {
    for (const [key, page] of this.#pages) this.#drop(key, page);
  }

  /** Forget everything without telling Unicorn, which is gone. */
  forget(): void {
    this.#pages.clear();
    this.#executable.clear();
    this.#tagged = 0;
    this.stale = false;
  }

  /** The host changed `[host, host + size)`: code made from it is stale. */
  wrote(host: number, size: number): void {
    for (const page of this.#executable.values()) {
      if (host < page.host + page.sizeBytes && page.host < host + size) this.#removeCode(page);
    }
    this.#binding.hostWrote(host, size);
  }

  #removeCode(page: LivePage): void {
    if (!this.#binding.removeCode(page.va, page.sizeBytes)) this.stale = true;
  }

  #drop(key: number, page: LivePage): void {
    // Unicorn keeps translations of a page that is no longer mapped, and finds them again.
    if ((page.perms & UC_PROT_EXEC) !== 0) this.#removeCode(page);
    this.#binding.memUnmap(page.va, page.sizeBytes);
    this.#pages.delete(key);
    this.#executable.delete(key);
    if (isTagged(Number(BigInt.asIntN(32, page.va >> 32n)))) this.#tagged--;
  }
}

/** Bits 63:56 are not copies of bit 55. */
function isTagged(hi: number): boolean {
  return hi !== (hi << 8) >> 8;
}
