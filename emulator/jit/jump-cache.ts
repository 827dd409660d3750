import { INLINE_TLB_END } from "../mmu/inline-tlb.js";
import type { PhysMemory } from "../mmu/phys-memory.js";

/**
 * Where indirect branches find their target: direct-mapped, in the WebAssembly memory.
 *
 *     entry (16 bytes): i64 pc, i32 table slot, i32 mode key
 *
 * An entry of zeroes is empty, as all are in fresh memory: address 0 is looked for in the first one alone, which holds an odd
 * address when it is empty.
 */
export const JUMP_CACHE = INLINE_TLB_END;
export const JUMP_CACHE_ENTRIES = 16384;
export const JUMP_CACHE_ENTRY_BYTES = 16;
export const JUMP_CACHE_END = JUMP_CACHE + JUMP_CACHE_ENTRIES * JUMP_CACHE_ENTRY_BYTES;

/** No branch goes to an odd address. */
const NO_PC = 1;
const FIRST = JUMP_CACHE / 4;
/** Fills after which a flush empties the cache as a whole. */
const MAX_FILLED = 2048;

export class JumpCache {
  readonly #i32: Int32Array;
  /** Entries filled since the last flush (words), so that a flush costs what it forgets. */
  readonly #filled = new Int32Array(MAX_FILLED);
  #filledCount = 0;

  /** @param memory as it was made: of zeroes */
  constructor(memory: PhysMemory) {
    this.#i32 = memory.i32;
    this.#i32[FIRST] = NO_PC;
  }

  flush(): void {
    if (this.#filledCount < MAX_FILLED) {
      for (let n = 0; n < this.#filledCount; n++) {
        const at = this.#filled[n]!;
        this.#i32[at] = 0;
        this.#i32[at + 1] = 0;
      }
    } else this.#i32.fill(0, FIRST, JUMP_CACHE_END / 4);
    this.#i32[FIRST] = NO_PC;
    this.#filledCount = 0;
  }

  fill(pcLo: number, pcHi: number, slot: number, modeKey: number): void {
    const at = wordOf(pcLo);
    const wasEmpty = this.#i32[at] === (at === FIRST ? NO_PC : 0);
    if (wasEmpty && this.#filledCount < MAX_FILLED) {
      this.#filled[this.#filledCount++] = at;
    }
    this.#i32[at] = pcLo;
    this.#i32[at + 1] = pcHi;
    this.#i32[at + 2] = slot;
    this.#i32[at + 3] = modeKey;
  }

  /**
   * The slot of an address under a mode, and the mode's whole key.
   * @param known the bits of the key that count: the rest depends on the page
   * @returns null if it is not there
   */
  find(pcLo: number, pcHi: number, modeKey: number, known: number): JumpTarget | null {
    const i32 = this.#i32;
    const at = wordOf(pcLo);
    if (i32[at] !== pcLo || i32[at + 1] !== pcHi) return null;
    const key = i32[at + 3]!;
    if (((key ^ modeKey) & known) !== 0) return null;
    this.#found.slot = i32[at + 2]!;
    this.#found.modeKey = key;
    return this.#found;
  }

  readonly #found = { slot: 0, modeKey: 0 };
}

/** Good until the next one is looked for. */
export interface JumpTarget {
  readonly slot: number;
  readonly modeKey: number;
}

function wordOf(pcLo: number): number {
  return FIRST + ((pcLo >>> 2) & (JUMP_CACHE_ENTRIES - 1)) * 4;
}
