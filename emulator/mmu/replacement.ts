import { check } from "../arch/check.js";

/** Which way of a full set goes: in turn, the one used longest ago, or a random one from a seed. */
export const REPLACEMENTS = ["round-robin", "lru", "random"] as const;
export type Replacement = (typeof REPLACEMENTS)[number];

/** Shape of one set-associative array. */
export interface CacheShape {
  /** A power of two. */
  readonly sets: number;
  /** 1 to 255. One set makes it fully associative. */
  readonly ways: number;
  readonly replacement?: Replacement;
}

/** Chooses victims, deterministically. */
export class Replacer {
  readonly #kind: Replacement;
  readonly #ways: number;
  /** Round robin: next way, by set. LRU: when each entry was used last. */
  readonly #state: Float64Array;
  #time = 0;
  #random: number;

  /** @param seed of the random choice, 32 bits */
  constructor(shape: CacheShape, seed: number) {
    const { sets, ways } = shape;
    check((sets & (sets - 1)) === 0 && sets > 0 && ways > 0 && ways < 256, "bad TLB shape", shape);
    this.#kind = shape.replacement ?? "round-robin";
    this.#ways = ways;
    this.#state = new Float64Array(this.#kind === "lru" ? sets * ways : sets);
    this.#random = (seed ^ 0x9e37_79b9) | 1;
  }

  /** Entry `i` was used or filled. */
  touch(i: number): void {
    if (this.#kind === "lru") this.#state[i] = ++this.#time;
  }

  /** The entry to give up of the set that begins at entry `first`. */
  victim(first: number): number {
    switch (this.#kind) {
      case "round-robin": {
        const set = first / this.#ways;
        const way = this.#state[set]!;
        this.#state[set] = (way + 1) % this.#ways;
        return first + way;
      }
      case "lru": {
        let oldest = first;
        for (let i = first + 1; i < first + this.#ways; i++) {
          if (this.#state[i]! < this.#state[oldest]!) oldest = i;
        }
        return oldest;
      }
      case "random": {
        // Marsaglia's xorshift.
        this.#random ^= this.#random << 13;
        this.#random ^= this.#random >>> 17;
        this.#random ^= this.#random << 5;
        return first + ((this.#random >>> 0) % this.#ways);
      }
    }
  }
}
