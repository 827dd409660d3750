import { Replacer, type CacheShape } from "./replacement.js";

const NONE = -1;

/**
 * A first-level TLB for fetches or for data. It holds nothing that the unified one does not (inclusion), and is asked
 * only whether it holds what that one answers: it decides what an access costs, never what it finds. Blocks are held
 * by their smallest pages.
 */
export class MicroTlb {
  readonly #shape: CacheShape;
  readonly #replacer: Replacer;
  /** Entries of the unified TLB. */
  readonly #index: Int32Array;

  constructor(shape: CacheShape, seed: number) {
    this.#shape = shape;
    this.#replacer = new Replacer(shape, seed);
    this.#index = new Int32Array(shape.sets * shape.ways).fill(NONE);
  }

  #firstOf(vaLo: number): number {
    const page = vaLo >>> 12;
    return ((page ^ (page >>> 4)) & (this.#shape.sets - 1)) * this.#shape.ways;
  }

  /** Whether an entry of the unified TLB is held for an address in it; as one that is used now. */
  has(vaLo: number, index: number): boolean {
    const first = this.#firstOf(vaLo);
    for (let at = first; at < first + this.#shape.ways; at++) {
      if (this.#index[at] !== index) continue;
      this.#replacer.touch(at);
      return true;
    }
    return false;
  }

  insert(vaLo: number, index: number): void {
    const first = this.#firstOf(vaLo);
    let at = first;
    while (at < first + this.#shape.ways && this.#index[at] !== NONE) at++;
    if (at === first + this.#shape.ways) at = this.#replacer.victim(first);
    this.#index[at] = index;
    this.#replacer.touch(at);
  }

  /** The unified TLB lost an entry. */
  dropped(index: number): void {
    for (let at = 0; at < this.#index.length; at++) {
      if (this.#index[at] === index) this.#index[at] = NONE;
    }
  }

  /** Entries of the unified TLB that are held, for checkers. */
  held(): number[] {
    return [...this.#index].filter((i) => i !== NONE);
  }
}
