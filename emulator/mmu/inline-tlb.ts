import { ENGINE_BASE, type PhysMemory } from "./phys-memory.js";

/**
 * The cache of the TLB that translated code looks up itself, for the current context only. It lives
 * in the WebAssembly memory: one direct-mapped table for reads and one for writes.
 *
 *     entry (16 bytes): i64 tag, i32 addend, i32 unused
 *     index = ((va >> pageShift) ^ (va >> (pageShift + 12))) & (INLINE_TLB_ENTRIES - 1)
 *     hit for n bytes:  (va ^ tag) <= 2^pageShift - n, unsigned 64 bits
 *     host offset = low32(va) + addend
 *
 * The tag is the page's full 64-bit address, tag byte included: where the top byte is ignored a
 * tagged pointer gets an entry of its own.
 */
export const INLINE_TLB_ENTRIES = 4096;
export const INLINE_TLB_ENTRY_BYTES = 16;
export const INLINE_TLB_READ = ENGINE_BASE;
export const INLINE_TLB_WRITE = INLINE_TLB_READ + INLINE_TLB_ENTRIES * INLINE_TLB_ENTRY_BYTES;
export const INLINE_TLB_END = INLINE_TLB_WRITE + INLINE_TLB_ENTRIES * INLINE_TLB_ENTRY_BYTES;
/** Distance of the second index part, in bits above the page shift. */
export const INLINE_TLB_FOLD = 12;

/**
 * The tag of an entry that holds nothing has bit 0 set, and its page belongs to another entry: a tag of
 * just 1 in entry 0 would match all of page 0, the null pointers.
 */
const NO_TAG = 1;
const WORDS = INLINE_TLB_ENTRY_BYTES / 4;

export class InlineTlb {
  readonly #i32: Int32Array;
  #shift = 14;

  constructor(memory: PhysMemory) {
    this.#i32 = memory.i32;
    this.flush();
  }

  get pageShift(): number {
    return this.#shift;
  }

  /** Forget everything and use pages of another size. */
  setPageShift(shift: number): void {
    this.#shift = shift;
    this.flush();
  }

  flush(): void {
    this.#flushTable(INLINE_TLB_READ);
    this.#flushTable(INLINE_TLB_WRITE);
  }

  /** Forget every writable page: one of them holds code now. */
  flushWrites(): void {
    this.#flushTable(INLINE_TLB_WRITE);
  }

  #flushTable(table: number): void {
    const first = table / 4;
    for (let i = 0; i < INLINE_TLB_ENTRIES; i++) {
      this.#i32[first + i * WORDS] = NO_TAG;
      this.#i32[first + i * WORDS + 1] = 0;
    }
    this.#i32[first] = NO_TAG | (1 << this.#shift);
  }

  /** Word index of the entry for an address. */
  #at(table: number, vaLo: number, vaHi: number): number {
    const shift = this.#shift;
    const near = (vaLo >>> shift) | (vaHi << (32 - shift));
    const farShift = shift + INLINE_TLB_FOLD;
    const far = (vaLo >>> farShift) | (vaHi << (32 - farShift));
    return table / 4 + ((near ^ far) & (INLINE_TLB_ENTRIES - 1)) * WORDS;
  }

  /** @param hostOffset where the byte at `va` is */
  #fill(table: number, vaLo: number, vaHi: number, hostOffset: number): void {
    const at = this.#at(table, vaLo, vaHi);
    this.#i32[at] = vaLo & -(1 << this.#shift);
    this.#i32[at + 1] = vaHi;
    this.#i32[at + 2] = hostOffset - vaLo;
  }

  fillRead(vaLo: number, vaHi: number, hostOffset: number): void {
    this.#fill(INLINE_TLB_READ, vaLo, vaHi, hostOffset);
  }

  fillWrite(vaLo: number, vaHi: number, hostOffset: number): void {
    this.#fill(INLINE_TLB_WRITE, vaLo, vaHi, hostOffset);
  }

  /** Forget the page at `va`, whatever tag byte it was reached with. */
  drop(vaLo: number, vaHi: number): void {
    for (const table of TABLES) {
      const at = this.#at(table, vaLo, vaHi);
      const sameLow = this.#i32[at] === (vaLo & -(1 << this.#shift));
      if (sameLow && ((this.#i32[at + 1]! ^ vaHi) & 0x00ff_ffff) === 0) {
        this.#i32[at] = at === table / 4 ? NO_TAG | (1 << this.#shift) : NO_TAG;
        this.#i32[at + 1] = 0;
      }
    }
  }

  /** Valid entries, for checkers. */
  *entries(): Generator<InlineEntry> {
    for (const table of TABLES) {
      for (let i = 0; i < INLINE_TLB_ENTRIES; i++) {
        const at = table / 4 + i * WORDS;
        const vaLo = this.#i32[at]!;
        if ((vaLo & 1) !== 0) continue;
        yield {
          write: table === INLINE_TLB_WRITE,
          vaLo,
          vaHi: this.#i32[at + 1]!,
          hostOffset: (this.#i32[at + 2]! + vaLo) >>> 0,
        };
      }
    }
  }
}

const TABLES = [INLINE_TLB_READ, INLINE_TLB_WRITE] as const;

export interface InlineEntry {
  readonly write: boolean;
  readonly vaLo: number;
  readonly vaHi: number;
  /** Host offset of the page's first byte. */
  readonly hostOffset: number;
}
