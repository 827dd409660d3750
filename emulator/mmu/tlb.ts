import { check } from "../arch/check.js";
import { RIGHT_GLOBAL } from "./access.js";

/** Shape of the model. Powers of two. */
export interface TlbShape {
  readonly sets: number;
  readonly ways: number;
}

export const DEFAULT_TLB_SHAPE: TlbShape = { sets: 512, ways: 4 };

/** Told when an entry goes, for whatever reason: caches of the TLB forget it too. */
export interface TlbListener {
  /** The granule at `va` (halves, sign-extended from bit 55, granule aligned) is gone. */
  dropped(vaLo: number, vaHi: number, wasExecuted: boolean): void;
}

const KIND_INVALID = 0;
const KIND_VALID = 1;

/**
 * The translation lookaside buffer, as a model: set-associative, entries tagged with address, ASID
 * and global bit, replaced round robin. An entry stays until it is replaced or a TLBI names it,
 * whatever has happened to the tables meanwhile. A block is held as the granules of it that were
 * used, each remembering the block's size, so that a TLBI of any address in it finds them all.
 */
export class Tlb {
  readonly shape: TlbShape;
  readonly #listener: TlbListener;
  readonly #shift: number;
  readonly #state: Uint8Array;
  /** Granule number of the address: low 32 bits, and the rest signed. */
  readonly #pageLo: Int32Array;
  readonly #pageHi: Int32Array;
  readonly #asid: Uint16Array;
  readonly #rights: Uint16Array;
  readonly #base: Float64Array;
  readonly #size: Uint8Array;
  readonly #executed: Uint8Array;
  readonly #next: Uint8Array;
  /** Granules held of pages bigger than the granule. */
  #fractured = 0;
  /** The entry the last `lookup` found. */
  hit = -1;

  /** @param granuleShift log2 of the granule entries are held at */
  constructor(listener: TlbListener, granuleShift: number, shape: TlbShape = DEFAULT_TLB_SHAPE) {
    const { sets, ways } = shape;
    check((sets & (sets - 1)) === 0 && sets > 0 && ways > 0 && ways < 256, "bad TLB shape", shape);
    this.shape = shape;
    this.#listener = listener;
    this.#shift = granuleShift;
    const n = sets * ways;
    this.#state = new Uint8Array(n);
    this.#pageLo = new Int32Array(n);
    this.#pageHi = new Int32Array(n);
    this.#asid = new Uint16Array(n);
    this.#rights = new Uint16Array(n);
    this.#base = new Float64Array(n);
    this.#size = new Uint8Array(n);
    this.#executed = new Uint8Array(n);
    this.#next = new Uint8Array(sets);
  }

  get granuleShift(): number {
    return this.#shift;
  }

  #setOf(pageLo: number): number {
    const bits = pageLo ^ (pageLo >>> 9);
    return (bits & (this.shape.sets - 1)) * this.shape.ways;
  }

  /**
   * Find the translation of an address (halves; the top byte does not count) for `asid`.
   * @returns its RIGHT_* bits, or -1; `hit` and `physical` then describe it
   */
  lookup(vaLo: number, vaHi: number, asid: number): number {
    const shift = this.#shift;
    const pageLo = (vaLo >>> shift) | (vaHi << (32 - shift));
    const pageHi = (vaHi << 8) >> (8 + shift);
    const first = this.#setOf(pageLo);
    for (let i = first; i < first + this.shape.ways; i++) {
      if (
        this.#pageLo[i] === pageLo &&
        this.#pageHi[i] === pageHi &&
        this.#state[i] === KIND_VALID
      ) {
        const rights = this.#rights[i]!;
        if ((rights & RIGHT_GLOBAL) !== 0 || this.#asid[i] === asid) {
          this.hit = i;
          return rights;
        }
      }
    }
    this.hit = -1;
    return -1;
  }

  /** Physical address of the granule that `lookup` or `insert` last found. */
  get physical(): number {
    return this.#base[this.hit]!;
  }

  /** Code was fetched through the entry last found: its loss must be told to the engine. */
  markExecuted(): void {
    this.#executed[this.hit] = 1;
  }

  /**
   * Hold a translation.
   * @param base physical address of the page or block, `sizeShift` log2 of its size
   */
  insert(
    vaLo: number,
    vaHi: number,
    asid: number,
    base: number,
    sizeShift: number,
    rights: number,
  ): void {
    const shift = this.#shift;
    check(sizeShift >= shift, "page smaller than the TLB's granule", sizeShift, shift);
    const pageLo = (vaLo >>> shift) | (vaHi << (32 - shift));
    const set = this.#setOf(pageLo);
    let i = -1;
    for (let way = 0; way < this.shape.ways && i < 0; way++) {
      if (this.#state[set + way] === KIND_INVALID) i = set + way;
    }
    if (i < 0) {
      const victim = set / this.shape.ways;
      i = set + this.#next[victim]!;
      this.#next[victim] = (this.#next[victim]! + 1) % this.shape.ways;
      this.#drop(i);
    }
    this.#state[i] = KIND_VALID;
    this.#pageLo[i] = pageLo;
    this.#pageHi[i] = (vaHi << 8) >> (8 + shift);
    this.#asid[i] = asid;
    this.#rights[i] = rights;
    const within = sizeShift === shift ? 0 : offsetWithin(vaLo, vaHi, shift, sizeShift);
    this.#base[i] = base + within;
    this.#size[i] = sizeShift;
    this.#executed[i] = 0;
    if (sizeShift > shift) this.#fractured++;
    this.hit = i;
  }

  #drop(i: number): void {
    this.#state[i] = KIND_INVALID;
    if (this.#size[i]! > this.#shift) this.#fractured--;
    const shift = this.#shift;
    const lo = this.#pageLo[i]!;
    const hi = this.#pageHi[i]!;
    this.#listener.dropped(
      lo << shift,
      (hi << shift) | (lo >>> (32 - shift)),
      this.#executed[i] === 1,
    );
  }

  /** TLBI by address: `asid` and global entries, or every ASID when it is null. */
  invalidateVa(vaLo: number, vaHi: number, asid: number | null): void {
    const shift = this.#shift;
    const pageLo = (vaLo >>> shift) | (vaHi << (32 - shift));
    const pageHi = (vaHi << 8) >> (8 + shift);
    const first = this.#setOf(pageLo);
    for (let i = first; i < first + this.shape.ways; i++) {
      if (
        this.#state[i] === KIND_VALID &&
        this.#pageLo[i] === pageLo &&
        this.#pageHi[i] === pageHi &&
        this.#belongs(i, asid)
      ) {
        this.#drop(i);
      }
    }
    if (this.#fractured > 0) this.#invalidateBlocks(pageLo, pageHi, asid);
  }

  /** Granules of blocks that contain the given granule. */
  #invalidateBlocks(pageLo: number, pageHi: number, asid: number | null): void {
    for (let i = 0; i < this.#state.length; i++) {
      if (this.#state[i] !== KIND_VALID || this.#size[i]! <= this.#shift) continue;
      const extra = this.#size[i]! - this.#shift;
      const same =
        extra >= 32
          ? this.#pageHi[i]! >> (extra - 32) === pageHi >> (extra - 32)
          : this.#pageHi[i] === pageHi && this.#pageLo[i]! >>> extra === pageLo >>> extra;
      if (same && this.#belongs(i, asid)) this.#drop(i);
    }
  }

  /** TLBI by range: `granules` from the address on. */
  invalidateRange(vaLo: number, vaHi: number, granules: number, asid: number | null): void {
    if (granules >= this.#state.length) {
      this.#invalidateSpan(vaLo, vaHi, granules, asid);
      return;
    }
    let lo = vaLo;
    let hi = vaHi;
    for (let n = 0; n < granules; n++) {
      this.invalidateVa(lo, hi, asid);
      const next = (lo >>> 0) + 2 ** this.#shift;
      lo = next | 0;
      if (next >= 2 ** 32) hi = (hi + 1) | 0;
    }
  }

  #invalidateSpan(vaLo: number, vaHi: number, granules: number, asid: number | null): void {
    const shift = this.#shift;
    const number = (lo: number, hi: number): number => hi * 2 ** 32 + (lo >>> 0);
    const start = number((vaLo >>> shift) | (vaHi << (32 - shift)), (vaHi << 8) >> (8 + shift));
    for (let i = 0; i < this.#state.length; i++) {
      if (this.#state[i] !== KIND_VALID || !this.#belongs(i, asid)) continue;
      const page = number(this.#pageLo[i]!, this.#pageHi[i]!);
      const pages = 2 ** (this.#size[i]! - shift);
      const first = page - (((page % pages) + pages) % pages);
      if (first < start + granules && first + pages > start) this.#drop(i);
    }
  }

  /** TLBI by ASID: its entries that are not global. */
  invalidateAsid(asid: number): void {
    for (let i = 0; i < this.#state.length; i++) {
      if (
        this.#state[i] === KIND_VALID &&
        this.#asid[i] === asid &&
        (this.#rights[i]! & RIGHT_GLOBAL) === 0
      ) {
        this.#drop(i);
      }
    }
  }

  invalidateAll(): void {
    for (let i = 0; i < this.#state.length; i++) if (this.#state[i] === KIND_VALID) this.#drop(i);
  }

  #belongs(i: number, asid: number | null): boolean {
    return asid === null || this.#asid[i] === asid || (this.#rights[i]! & RIGHT_GLOBAL) !== 0;
  }

  /** Every entry, for checkers and dumps. */
  *entries(): Generator<TlbEntry> {
    const shift = this.#shift;
    for (let i = 0; i < this.#state.length; i++) {
      if (this.#state[i] !== KIND_VALID) continue;
      const lo = this.#pageLo[i]!;
      yield {
        vaLo: lo << shift,
        vaHi: (this.#pageHi[i]! << shift) | (lo >>> (32 - shift)),
        asid: this.#asid[i]!,
        rights: this.#rights[i]!,
        physical: this.#base[i]!,
        sizeShift: this.#size[i]!,
      };
    }
  }
}

export interface TlbEntry {
  /** First address of the granule, sign-extended halves. */
  readonly vaLo: number;
  readonly vaHi: number;
  readonly asid: number;
  readonly rights: number;
  /** Physical address of the granule. */
  readonly physical: number;
  /** log2 of the page or block it is part of. */
  readonly sizeShift: number;
}

/** Byte offset of the granule within its block. */
function offsetWithin(vaLo: number, vaHi: number, shift: number, sizeShift: number): number {
  const lo = (vaLo >>> 0) - ((vaLo >>> 0) % 2 ** shift);
  if (sizeShift <= 32) return lo % 2 ** sizeShift;
  return lo + (vaHi & (2 ** (sizeShift - 32) - 1)) * 2 ** 32;
}
