import { check } from "../../emulator/arch/check.js";

/** Hardware ASIDs of a CPU: how many bits one has. TCR_EL1.AS. */
export type AsidBits = 8 | 16;

const HW_ASIDS_8 = 256;
const HW_ASIDS_16 = 65536;
/** Address spaces that may exist at once where they have to share 8-bit ASIDs. */
export const MAX_ASIDS = 2048;

/** What a virtual ASID stands for: the tag in the TLB, and who of those that share it. */
export interface SplitAsid {
  readonly hw: number;
  readonly sw: number;
}

/** Hardware and software ASID of virtual ASID `v` with 8 bits; 0 is the kernel's. XNU: alloc_asid. */
export function splitAsid(v: number): SplitAsid {
  const low = v % HW_ASIDS_8;
  const high = Math.floor(v / HW_ASIDS_8);
  // 256 does not fit in 8 bits: those take a hardware ASID of their own from the top.
  return low === HW_ASIDS_8 - 1
    ? { hw: HW_ASIDS_8 - 1 - high, sw: HW_ASIDS_8 - 1 }
    : { hw: low + 1, sw: high };
}

/**
 * Hands out virtual ASIDs, numbered from 0. XNU: pmap.c alloc_asid, free_asid.
 *
 * With 8 bits, several share a hardware ASID, and reuse is pseudo-LRU: one that was given back stays
 * unused until every other has been handed out in this generation; then the next generation begins
 * with all that are free. With 16 bits each is a hardware ASID of its own, and the search goes on
 * from the one allocated last.
 */
export class AsidAllocator {
  readonly bits: AsidBits;
  /** How many there are. */
  readonly count: number;
  readonly #taken: Uint8Array;
  /** Handed out in this generation, whether given back or not. */
  readonly #recent: Uint8Array;
  /** Where the next search starts: every ASID below is taken or recent. */
  #next = 0;
  inUse = 0;
  /** How often every free ASID became eligible again. */
  generation = 0;

  constructor(bits: AsidBits = 8) {
    this.bits = bits;
    this.count = bits === 8 ? MAX_ASIDS : HW_ASIDS_16 - 1;
    this.#taken = new Uint8Array(this.count);
    this.#recent = new Uint8Array(bits === 8 ? this.count : 0);
  }

  /** Hardware ASIDs, the kernel's included. */
  get hwCount(): number {
    return this.bits === 8 ? HW_ASIDS_8 : HW_ASIDS_16;
  }

  split(v: number): SplitAsid {
    return this.bits === 8 ? splitAsid(v) : { hw: v + 1, sw: 0 };
  }

  /** @returns null when every ASID is taken */
  allocate(): number | null {
    if (this.inUse === this.count) return null;
    const v = this.bits === 8 ? this.#leastRecent() : this.#nextFit();
    this.#taken[v] = 1;
    this.inUse++;
    return v;
  }

  #leastRecent(): number {
    let v = this.#recent.indexOf(0, this.#next);
    if (v < 0) {
      this.generation++;
      this.#recent.set(this.#taken);
      v = this.#recent.indexOf(0);
    }
    this.#recent[v] = 1;
    this.#next = v + 1;
    return v;
  }

  #nextFit(): number {
    const above = this.#taken.indexOf(0, this.#next);
    const v = above < 0 ? this.#taken.indexOf(0) : above;
    this.#next = v + 1;
    return v;
  }

  free(v: number): void {
    check(this.#taken[v] === 1, "ASID is not taken", v);
    this.#taken[v] = 0;
    this.inUse--;
  }
}
