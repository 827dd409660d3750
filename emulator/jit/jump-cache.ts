import { INLINE_TLB_END } from "../mmu/inline-tlb.js";
import type { PhysMemory } from "../mmu/phys-memory.js";

/**
 * Where indirect branches find their target: direct-mapped, in the WebAssembly memory.
 *
 *     entry (16 bytes): i64 pc, i32 table slot, i32 mode key
 */
export const JUMP_CACHE = INLINE_TLB_END;
export const JUMP_CACHE_ENTRIES = 4096;
export const JUMP_CACHE_ENTRY_BYTES = 16;
export const JUMP_CACHE_END = JUMP_CACHE + JUMP_CACHE_ENTRIES * JUMP_CACHE_ENTRY_BYTES;

/** No branch goes to an odd address. */
const NO_PC = 1;

export class JumpCache {
  readonly #i32: Int32Array;

  constructor(memory: PhysMemory) {
    this.#i32 = memory.i32;
    this.flush();
  }

  flush(): void {
    for (let i = 0; i < JUMP_CACHE_ENTRIES; i++) this.#i32[JUMP_CACHE / 4 + i * 4] = NO_PC;
  }

  fill(pcLo: number, pcHi: number, slot: number, modeKey: number): void {
    const at = JUMP_CACHE / 4 + ((pcLo >>> 2) & (JUMP_CACHE_ENTRIES - 1)) * 4;
    this.#i32[at] = pcLo;
    this.#i32[at + 1] = pcHi;
    this.#i32[at + 2] = slot;
    this.#i32[at + 3] = modeKey;
  }
}
