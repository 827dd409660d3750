import { GEOMETRIES, type GranuleIndex } from "../arch/descriptor.js";
import { ATTR_GLOBAL } from "./access.js";
import { Replacer, type CacheShape } from "./replacement.js";

/** Told when an entry goes, for whatever reason. */
export interface DropListener {
  /**
   * @param vaLo first address of what it translated (halves, sign-extended from bit 55)
   * @param sizeShift log2 of its size
   * @param index the entry's own
   */
  dropped(vaLo: number, vaHi: number, sizeShift: number, index: number): void;
}

/** What an invalidation names: entries of which address spaces, and with which hint. */
export interface InvalidationScope {
  /** Only this ASID's entries (and global ones); null: every ASID's. */
  readonly asid: number | null;
  /** Only entries of this level and granule, where the hints of TLBI are honoured; null: of any. */
  readonly level: number | null;
  readonly granule: GranuleIndex | null;
}

const SHIFTS = 64;
/** Of the arrays of a `TranslationCache` together. */
const BYTES_PER_ENTRY = 33;

/**
 * A set-associative array of translations: of addresses (tlb.ts) or of the way to a table (walk-cache.ts).
 * Entries are tagged with the address bits above their size, the size, the granule they were made under, the
 * ASID and whether they are global (`ATTR_GLOBAL` in the attributes). The top byte of an address is no part of it.
 */
export class TranslationCache {
  readonly shape: CacheShape;
  readonly #listener: DropListener | null;
  readonly #replacer: Replacer;
  readonly #valid: Uint8Array;
  /** Address >> size: low 32 bits, and the rest signed. */
  readonly #pageLo: Int32Array;
  readonly #pageHi: Int32Array;
  readonly #shift: Uint8Array;
  readonly #granule: Uint8Array;
  readonly #asid: Uint16Array;
  readonly attributes: Int32Array;
  /** Physical address the translated range begins at, or of the table. */
  readonly base: Float64Array;
  /** Entries held by granule and size, and the sizes of each granule that ever were, rising. */
  readonly #held = new Int32Array(GEOMETRIES.length * SHIFTS);
  readonly #sizes: readonly number[][] = GEOMETRIES.map(() => []);
  /** The valid entries in no order, and where each of them stands there: forgetting costs what is forgotten. */
  readonly #live: Int32Array;
  readonly #liveAt: Int32Array;
  #total = 0;
  readonly #pageOf = { lo: 0, hi: 0 };

  constructor(shape: CacheShape, seed: number, listener: DropListener | null) {
    this.#replacer = new Replacer(shape, seed);
    this.shape = shape;
    this.#listener = listener;
    const n = shape.sets * shape.ways;
    // One piece: a big one costs the host nothing until it is used.
    const memory = new ArrayBuffer(n * BYTES_PER_ENTRY);
    let at = 0;
    const part = (bytes: number): [ArrayBuffer, number, number] => {
      at += n * bytes;
      return [memory, at - n * bytes, n];
    };
    this.base = new Float64Array(...part(8));
    this.#pageLo = new Int32Array(...part(4));
    this.#pageHi = new Int32Array(...part(4));
    this.attributes = new Int32Array(...part(4));
    this.#live = new Int32Array(...part(4));
    this.#liveAt = new Int32Array(...part(4));
    this.#asid = new Uint16Array(...part(2));
    this.#valid = new Uint8Array(...part(1));
    this.#shift = new Uint8Array(...part(1));
    this.#granule = new Uint8Array(...part(1));
  }

  get capacity(): number {
    return this.#valid.length;
  }

  /** Sizes (log2) that entries of a granule have or had, rising. */
  sizesOf(granule: GranuleIndex): readonly number[] {
    return this.#sizes[granule]!;
  }

  shiftOf(i: number): number {
    return this.#shift[i]!;
  }

  #firstOf(pageLo: number, shift: number): number {
    const bits = pageLo ^ (pageLo >>> 9) ^ (shift - 12);
    return (bits & (this.shape.sets - 1)) * this.shape.ways;
  }

  /** The entry of one size for an address, as one that is used now. @returns its index, or -1 */
  find(vaLo: number, vaHi: number, asid: number, granule: GranuleIndex, shift: number): number {
    const i = this.peek(vaLo, vaHi, asid, granule, shift);
    if (i >= 0) this.#replacer.touch(i);
    return i;
  }

  touch(i: number): void {
    this.#replacer.touch(i);
  }

  /** The entry of one size for an address. @returns its index, or -1 */
  peek(vaLo: number, vaHi: number, asid: number, granule: GranuleIndex, shift: number): number {
    if (this.#held[granule * SHIFTS + shift] === 0) return -1;
    const pageLo = pageLoOf(vaLo, vaHi, shift);
    const pageHi = pageHiOf(vaHi, shift);
    const first = this.#firstOf(pageLo, shift);
    for (let i = first; i < first + this.shape.ways; i++) {
      if (
        this.#pageLo[i] === pageLo &&
        this.#pageHi[i] === pageHi &&
        this.#shift[i] === shift &&
        this.#valid[i] === 1 &&
        this.#granule[i] === granule &&
        (this.#asid[i] === asid || (this.attributes[i]! & ATTR_GLOBAL) !== 0)
      ) {
        return i;
      }
    }
    return -1;
  }

  /** Hold a translation of the `2^shift` bytes around an address. @returns its index */
  insert(
    vaLo: number,
    vaHi: number,
    asid: number,
    granule: GranuleIndex,
    shift: number,
    attributes: number,
    base: number,
  ): number {
    const pageLo = pageLoOf(vaLo, vaHi, shift);
    const first = this.#firstOf(pageLo, shift);
    let i = first;
    while (i < first + this.shape.ways && this.#valid[i] === 1) i++;
    if (i === first + this.shape.ways) {
      i = this.#replacer.victim(first);
      this.drop(i);
    }
    this.#valid[i] = 1;
    this.#pageLo[i] = pageLo;
    this.#pageHi[i] = pageHiOf(vaHi, shift);
    this.#shift[i] = shift;
    this.#granule[i] = granule;
    this.#asid[i] = asid;
    this.attributes[i] = attributes;
    this.base[i] = base;
    this.#live[this.#total] = i;
    this.#liveAt[i] = this.#total;
    this.#count(granule, shift, 1);
    this.#replacer.touch(i);
    return i;
  }

  #count(granule: number, shift: number, change: 1 | -1): void {
    const at = granule * SHIFTS + shift;
    this.#held[at] = this.#held[at]! + change;
    this.#total += change;
    const sizes = this.#sizes[granule]!;
    if (change === -1 || this.#held[at] !== 1 || sizes.includes(shift)) return;
    sizes.push(shift);
    sizes.sort((a, b) => a - b);
  }

  drop(i: number): void {
    this.#valid[i] = 0;
    const shift = this.#shift[i]!;
    this.#count(this.#granule[i]!, shift, -1);
    const last = this.#live[this.#total]!;
    this.#live[this.#liveAt[i]!] = last;
    this.#liveAt[last] = this.#liveAt[i]!;
    if (this.#listener === null) return;
    this.#addressOf(i);
    this.#listener.dropped(this.#pageOf.lo, this.#pageOf.hi, shift, i);
  }

  /** The first address entry `i` translates, into `#pageOf`. */
  #addressOf(i: number): void {
    const shift = this.#shift[i]!;
    const lo = this.#pageLo[i]!;
    const wide = shift >= 32;
    this.#pageOf.lo = wide ? 0 : lo << shift;
    this.#pageOf.hi = wide
      ? lo << (shift - 32)
      : (this.#pageHi[i]! << shift) | (lo >>> (32 - shift));
  }

  /** Whether entry `i` has a size and granule, and is what an invalidation names. */
  #isNamed(
    i: number,
    granule: number,
    shift: number,
    scope: InvalidationScope,
    levelOf: (attributes: number) => number,
  ): boolean {
    if (this.#valid[i] !== 1 || this.#shift[i] !== shift || this.#granule[i] !== granule) {
      return false;
    }
    const attributes = this.attributes[i]!;
    const { asid, level } = scope;
    if (asid !== null && this.#asid[i] !== asid && (attributes & ATTR_GLOBAL) === 0) return false;
    return level === null || levelOf(attributes) === level;
  }

  /** Drop what translates any address of `[va, va + bytes)`. @returns entries dropped */
  invalidateRange(
    vaLo: number,
    vaHi: number,
    bytes: number,
    scope: InvalidationScope,
    levelOf: (attributes: number) => number,
  ): number {
    let dropped = 0;
    if (this.#total === 0) return 0;
    for (let granule = 0; granule < GEOMETRIES.length; granule++) {
      if (scope.granule !== null && scope.granule !== granule) continue;
      const sizes = this.#sizes[granule]!;
      for (const shift of sizes) {
        if (this.#held[granule * SHIFTS + shift] === 0) continue;
        const pageLo = pageLoOf(vaLo, vaHi, shift);
        const pageHi = pageHiOf(vaHi, shift);
        const pages = bytes === 1 ? 1 : pagesIn(vaLo, vaHi, bytes, shift);
        if (pages === 1) {
          const first = this.#firstOf(pageLo, shift);
          for (let i = first; i < first + this.shape.ways; i++) {
            if (this.#pageLo[i] !== pageLo || this.#pageHi[i] !== pageHi) continue;
            if (!this.#isNamed(i, granule, shift, scope, levelOf)) continue;
            this.drop(i);
            dropped++;
          }
          continue;
        }
        const start = pageNumber(pageLo, pageHi, shift);
        dropped += this.#invalidatePages(granule, shift, start, pages, scope, levelOf);
      }
    }
    return dropped;
  }

  #invalidatePages(
    granule: number,
    shift: number,
    start: number,
    pages: number,
    scope: InvalidationScope,
    levelOf: (attributes: number) => number,
  ): number {
    const { sets, ways } = this.shape;
    const all = pages >= sets;
    let dropped = 0;
    for (let page = 0; page < (all ? 1 : pages); page++) {
      const first = all ? 0 : this.#firstOf((start + page) | 0, shift);
      for (let i = first; i < (all ? this.capacity : first + ways); i++) {
        if (!this.#isNamed(i, granule, shift, scope, levelOf)) continue;
        const at = pageNumber(this.#pageLo[i]!, this.#pageHi[i]!, shift);
        if (at < start || at >= start + pages) continue;
        this.drop(i);
        dropped++;
      }
    }
    return dropped;
  }

  /** Drop the entries of an ASID that are not global. @returns entries dropped */
  invalidateAsid(asid: number): number {
    const before = this.#total;
    // From the end: the one that takes a dropped one's place has been looked at.
    for (let at = before - 1; at >= 0; at--) {
      const i = this.#live[at]!;
      if (this.#asid[i] !== asid || (this.attributes[i]! & ATTR_GLOBAL) !== 0) continue;
      this.drop(i);
    }
    return before - this.#total;
  }

  /** @returns entries dropped */
  invalidateAll(): number {
    const before = this.#total;
    while (this.#total > 0) this.drop(this.#live[this.#total - 1]!);
    return before;
  }

  /** Every entry, for checkers and dumps. */
  *entries(): Generator<CachedTranslation> {
    for (let i = 0; i < this.capacity; i++) {
      if (this.#valid[i] !== 1) continue;
      this.#addressOf(i);
      yield {
        index: i,
        vaLo: this.#pageOf.lo,
        vaHi: this.#pageOf.hi,
        asid: this.#asid[i]!,
        attributes: this.attributes[i]!,
        physical: this.base[i]!,
        sizeShift: this.#shift[i]!,
        granule: this.#granule[i] as GranuleIndex,
      };
    }
  }
}

export interface CachedTranslation {
  readonly index: number;
  /** First address translated, sign-extended halves. */
  readonly vaLo: number;
  readonly vaHi: number;
  readonly asid: number;
  readonly attributes: number;
  readonly physical: number;
  /** log2 of the bytes translated. */
  readonly sizeShift: number;
  readonly granule: GranuleIndex;
}

/** Low 32 bits of the address >> shift. */
function pageLoOf(vaLo: number, vaHi: number, shift: number): number {
  const top = (vaHi << 8) >> 8;
  return shift >= 32 ? top >> (shift - 32) : (vaLo >>> shift) | (top << (32 - shift));
}

/** The rest of it, signed. */
function pageHiOf(vaHi: number, shift: number): number {
  return (vaHi << 8) >> (shift >= 32 ? 31 : 8 + shift);
}

function pageNumber(pageLo: number, pageHi: number, shift: number): number {
  return shift >= 32 ? pageLo : pageHi * 2 ** 32 + (pageLo >>> 0);
}

/** Ranges of `2^shift` bytes that `[va, va + bytes)` is in. */
function pagesIn(vaLo: number, vaHi: number, bytes: number, shift: number): number {
  const size = 2 ** shift;
  const within = shift >= 32 ? addressWithin(vaLo, vaHi, size) : (vaLo >>> 0) % size;
  return Math.ceil((within + bytes) / size);
}

function addressWithin(vaLo: number, vaHi: number, size: number): number {
  return ((vaHi & (size / 2 ** 32 - 1)) >>> 0) * 2 ** 32 + (vaLo >>> 0);
}
