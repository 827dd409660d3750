import { check } from "../../emulator/arch/check.js";

/** Hardware ASIDs are 8 bits and 0 is the kernel's. */
const HW_ASIDS = 256;
/** Address spaces that can exist at once: several share a hardware ASID, told apart by a software one. */
export const MAX_ASIDS = 2048;

/** Hardware and software ASID of virtual ASID `v`. XNU: pmap.c alloc_asid. */
export function splitAsid(v: number): { readonly hw: number; readonly sw: number } {
  const low = v % HW_ASIDS;
  const high = Math.floor(v / HW_ASIDS);
  // 256 does not fit in 8 bits: those take a hardware ASID of their own from the top.
  return low === HW_ASIDS - 1
    ? { hw: HW_ASIDS - 1 - high, sw: HW_ASIDS - 1 }
    : { hw: low + 1, sw: high };
}

/** Hands out virtual ASIDs, each as late as possible after it was given back. */
export class AsidAllocator {
  readonly #taken = new Uint8Array(MAX_ASIDS);
  #next = 0;
  inUse = 0;

  /** @returns null when every ASID is taken */
  allocate(): number | null {
    for (let n = 0; n < MAX_ASIDS; n++) {
      const v = (this.#next + n) % MAX_ASIDS;
      if (this.#taken[v] !== 0) continue;
      this.#taken[v] = 1;
      this.#next = (v + 1) % MAX_ASIDS;
      this.inUse++;
      return v;
    }
    return null;
  }

  free(v: number): void {
    check(this.#taken[v] === 1, "ASID is not taken", v);
    this.#taken[v] = 0;
    this.inUse--;
  }
}
