import { ENGINE_BASE, type PhysMemory } from "./phys-memory.js";

/**
 * The cache of the TLB that translated code looks up itself, for the current context only. It lives
 * in the WebAssembly memory: for reads and for writes a first table, whose check is made inline, and a second,
 * indexed by a hash, that the out-of-line path looks up before it asks the host: two pages that
 * want the same first entry cost a few nanoseconds a turn, not a call of JavaScript.
 *
 *     entry (16 bytes): i64 tag, i32 addend, i32 unused
 *     first index  = (low32(va) >>> pageShift) & (INLINE_TLB_ENTRIES - 1)
 *     second index = (low32(va >>> pageShift) * INLINE_TLB_HASH) >>> (32 - log2(INLINE_TLB_ENTRIES))
 *     hit for n bytes:  (va ^ tag) <= 2^pageShift - n, unsigned 64 bits
 *     host offset = low32(va) + addend
 *
 * The tag is the page's full 64-bit address, tag byte included: where the top byte is ignored a
 * tagged pointer gets an entry of its own.
 */
export const INLINE_TLB_ENTRIES = 4096;
export const INLINE_TLB_ENTRY_BYTES = 16;
const TABLE_BYTES = INLINE_TLB_ENTRIES * INLINE_TLB_ENTRY_BYTES;
export const INLINE_TLB_READ = ENGINE_BASE;
export const INLINE_TLB_WRITE = INLINE_TLB_READ + TABLE_BYTES;
/** A second table lies so far behind its first one. */
export const INLINE_TLB_SECOND = 2 * TABLE_BYTES;
export const INLINE_TLB_END = INLINE_TLB_READ + 4 * TABLE_BYTES;
/** 2^32 divided by the golden ratio: spreads neighbouring pages and equal low bits alike. */
export const INLINE_TLB_HASH = 0x9e37_79b1;

const ENTRIES_LOG2 = Math.log2(INLINE_TLB_ENTRIES);
/** log2 of the bytes of an entry. */
export const INLINE_TLB_ENTRY_SHIFT = Math.log2(INLINE_TLB_ENTRY_BYTES);
/** Shift that leaves the second index in the hash. */
export const INLINE_TLB_HASH_SHIFT = 32 - ENTRIES_LOG2;

/**
 * An entry of zeroes is empty, as all are in fresh memory: its tag is that of the page at 0, which is looked for in the first
 * entry of each table alone. That one, when it is empty, holds the tag of the next page, which is looked for elsewhere.
 */
const WORDS = INLINE_TLB_ENTRY_BYTES / 4;
const TABLES = [INLINE_TLB_READ, INLINE_TLB_WRITE] as const;

/** Fills after which a flush empties the tables as a whole. */
const MAX_FILLED = 2048;
/** Pages of a bigger translation that are looked for one by one; beyond, all is forgotten. */
const MAX_DROPPED_LOG2 = 6;

export class InlineTlb {
  readonly #i32: Int32Array;
  /** Entries filled since the last flush (words), so that a flush costs what it forgets; both tables' first and second. */
  readonly #filled = new Int32Array(MAX_FILLED);
  #filledCount = 0;
  #shift = 14;

  /** @param memory as it was made: of zeroes */
  constructor(memory: PhysMemory) {
    this.#i32 = memory.i32;
    for (const table of TABLES) this.#guard(table);
  }

  get pageShift(): number {
    return this.#shift;
  }

  /** Forget everything and use pages of another size. */
  setPageShift(shift: number): void {
    this.flush();
    this.#shift = shift;
    for (const table of TABLES) this.#guard(table);
  }

  flush(): void {
    if (this.#filledCount < MAX_FILLED) {
      for (let n = 0; n < this.#filledCount; n++) this.#empty(this.#filled[n]!);
    } else {
      this.#i32.fill(0, INLINE_TLB_READ / 4, INLINE_TLB_END / 4);
      for (const table of TABLES) this.#guard(table);
    }
    this.#filledCount = 0;
  }

  /** Forget every writable page: one of them holds code now. */
  flushWrites(): void {
    if (this.#filledCount < MAX_FILLED) {
      for (let n = 0; n < this.#filledCount; n++) {
        const at = this.#filled[n]!;
        if (tableOf(at) === 1) this.#empty(at);
      }
      return;
    }
    for (const table of [INLINE_TLB_WRITE, INLINE_TLB_WRITE + INLINE_TLB_SECOND]) {
      this.#i32.fill(0, table / 4, (table + TABLE_BYTES) / 4);
    }
    this.#guard(INLINE_TLB_WRITE);
  }

  #guard(table: number): void {
    this.#empty(table / 4);
    this.#empty((table + INLINE_TLB_SECOND) / 4);
  }

  /** Word index of the first table's entry for an address. */
  #first(table: number, vaLo: number): number {
    return table / 4 + ((vaLo >>> this.#shift) & (INLINE_TLB_ENTRIES - 1)) * WORDS;
  }

  /** Word index of the second table's entry for an address. */
  #second(table: number, vaLo: number, vaHi: number): number {
    const shift = this.#shift;
    const page = (vaLo >>> shift) | (vaHi << (32 - shift));
    const hash = Math.imul(page, INLINE_TLB_HASH) >>> INLINE_TLB_HASH_SHIFT;
    return (table + INLINE_TLB_SECOND) / 4 + hash * WORDS;
  }

  #empty(at: number): void {
    this.#i32[at] = isFirst(at) ? 1 << this.#shift : 0;
    this.#i32[at + 1] = 0;
  }

  /** @param hostOffset where the byte at `va` is */
  #fill(table: number, vaLo: number, vaHi: number, hostOffset: number): void {
    this.#set(this.#first(table, vaLo), vaLo, vaHi, hostOffset);
    this.#set(this.#second(table, vaLo, vaHi), vaLo, vaHi, hostOffset);
  }

  #set(at: number, vaLo: number, vaHi: number, hostOffset: number): void {
    this.#i32[at] = vaLo & -(1 << this.#shift);
    this.#i32[at + 1] = vaHi;
    this.#i32[at + 2] = hostOffset - vaLo;
    if (this.#filledCount < MAX_FILLED) this.#filled[this.#filledCount++] = at;
  }

  fillRead(vaLo: number, vaHi: number, hostOffset: number): void {
    this.#fill(INLINE_TLB_READ, vaLo, vaHi, hostOffset);
  }

  fillWrite(vaLo: number, vaHi: number, hostOffset: number): void {
    this.#fill(INLINE_TLB_WRITE, vaLo, vaHi, hostOffset);
  }

  /**
   * Forget the `2^sizeShift` bytes at `va`, whatever tag byte they were reached with: neither index depends on
   * that.
   */
  drop(vaLo: number, vaHi: number, sizeShift: number): void {
    const more = sizeShift - this.#shift;
    if (more > MAX_DROPPED_LOG2) {
      this.flush();
      return;
    }
    // Aligned to its size, a translation of less than 4 GiB does not carry into the high half.
    const pages = more > 0 ? 1 << more : 1;
    for (let n = 0; n < pages; n++) this.#dropPage(vaLo + (n << this.#shift), vaHi);
  }

  #dropPage(vaLo: number, vaHi: number): void {
    const page = vaLo & -(1 << this.#shift);
    for (const table of TABLES) {
      this.#dropAt(this.#first(table, vaLo), page, vaHi);
      this.#dropAt(this.#second(table, vaLo, vaHi), page, vaHi);
    }
  }

  #dropAt(at: number, page: number, vaHi: number): void {
    if (this.#i32[at] !== page || ((this.#i32[at + 1]! ^ vaHi) & 0x00ff_ffff) !== 0) return;
    this.#empty(at);
  }

  /** Valid entries of all tables, for checkers. */
  *entries(): Generator<InlineEntry> {
    for (let at = INLINE_TLB_READ / 4; at < INLINE_TLB_END / 4; at += WORDS) {
      const vaLo = this.#i32[at]!;
      const vaHi = this.#i32[at + 1]!;
      if (vaHi === 0 && vaLo === (isFirst(at) ? 1 << this.#shift : 0)) continue;
      yield {
        write: tableOf(at) === 1,
        vaLo,
        vaHi,
        hostOffset: (this.#i32[at + 2]! + vaLo) >>> 0,
      };
    }
  }
}

/** Which of TABLES a word belongs to. */
function tableOf(at: number): 0 | 1 {
  return (Math.floor((at * 4 - INLINE_TLB_READ) / TABLE_BYTES) & 1) as 0 | 1;
}

/** Whether a word is the first of a table. */
function isFirst(at: number): boolean {
  return (at * 4 - INLINE_TLB_READ) % TABLE_BYTES === 0;
}

export interface InlineEntry {
  readonly write: boolean;
  readonly vaLo: number;
  readonly vaHi: number;
  /** Host offset of the page's first byte. */
  readonly hostOffset: number;
}
