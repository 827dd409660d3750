import type { GranuleIndex } from "../arch/descriptor.js";
import type { TlbiRequest } from "../arch/tlbi.js";
import { ACCESS_EXEC, ATTR_GLOBAL, ATTR_LEVEL_SHIFT, rightsUnder, type Access } from "./access.js";
import type { LevelCounters, MmuCounters } from "./counters.js";
import { MicroTlb } from "./micro-tlb.js";
import { DEFAULT_UNIFIED, DEFAULT_WALK, type TlbOptions } from "./tlb-options.js";
import {
  TranslationCache,
  type CachedTranslation,
  type InvalidationScope,
} from "./translation-cache.js";
import { WalkCache } from "./walk-cache.js";

/** Told when an entry goes, for whatever reason: caches of the TLB forget it too. */
export interface TlbListener {
  /** The `2^sizeShift` bytes at `va` (halves, sign-extended from bit 55) have no translation any more. */
  dropped(vaLo: number, vaHi: number, sizeShift: number, wasExecuted: boolean): void;
}

/** What a TLBI of one ASID and address asks for, as `Tlb.invalidate` takes it. */
export type Invalidation = Pick<
  TlbiRequest,
  "kind" | "asid" | "vaLo" | "vaHi" | "bytes" | "lastLevel" | "level" | "granule"
>;

const NO_CONTROLS = { wxn: false, epan: false, setsDirty: false };

/**
 * The translation lookaside buffer, as a model (`TlbOptions` says of which shape): a unified TLB, perhaps smaller ones
 * for fetches and data in front of it, and a cache of table descriptors behind it. An entry stays until it is
 * replaced or a TLBI names it, whatever has happened to the tables meanwhile. Nothing is kept of walks that
 * fault. Of two entries for one address, which only software that does not break before it makes can
 * bring about, the smaller one counts.
 */
export class Tlb {
  readonly options: TlbOptions;
  readonly walkCache: WalkCache | null;
  readonly #unified: TranslationCache;
  readonly #instruction: MicroTlb | null;
  readonly #data: MicroTlb | null;
  readonly #listener: TlbListener;
  readonly #counters: MmuCounters;
  /** Code was fetched through the entry: its loss must be told to the engine. */
  readonly #executed: Uint8Array;

  constructor(listener: TlbListener, counters: MmuCounters, options: TlbOptions = {}) {
    this.options = options;
    this.#listener = listener;
    this.#counters = counters;
    const seed = options.seed ?? 0;
    this.#unified = new TranslationCache(options.unified ?? DEFAULT_UNIFIED, seed, this);
    this.#executed = new Uint8Array(this.#unified.capacity);
    const micro = (shape: TlbOptions["data"], salt: number): MicroTlb | null =>
      shape === null || shape === undefined ? null : new MicroTlb(shape, seed + salt);
    this.#instruction = micro(options.instruction, 1);
    this.#data = micro(options.data, 2);
    const walk = options.walk === undefined ? DEFAULT_WALK : options.walk;
    this.walkCache = walk === null ? null : new WalkCache(walk, seed + 3);
  }

  /**
   * Find the translation of an address (halves; the top byte does not count).
   * @returns its entry, or -1
   */
  lookup(vaLo: number, vaHi: number, asid: number, granule: GranuleIndex, access: Access): number {
    const isFetch = access === ACCESS_EXEC;
    const micro = isFetch ? this.#instruction : this.#data;
    const { levels } = this.#counters;
    const found = this.#answer(vaLo, vaHi, asid, granule);
    if (micro !== null) {
      const first = found >= 0 && micro.has(vaLo, found);
      count(isFetch ? levels.instruction : levels.data, first);
      if (first) return found;
      if (found >= 0) micro.insert(vaLo, found);
    }
    count(levels.unified, found >= 0);
    if (found >= 0) this.#unified.touch(found);
    return found;
  }

  /** The smallest entry for an address, without using it. */
  #answer(vaLo: number, vaHi: number, asid: number, granule: GranuleIndex): number {
    const unified = this.#unified;
    const sizes = unified.sizesOf(granule);
    for (let at = 0; at < sizes.length; at++) {
      const found = unified.peek(vaLo, vaHi, asid, granule, sizes[at]!);
      if (found >= 0) return found;
    }
    return -1;
  }

  /** ATTR_* bits of an entry. */
  attributes(entry: number): number {
    return this.#unified.attributes[entry]!;
  }

  /** Physical address of the first byte an entry translates. */
  base(entry: number): number {
    return this.#unified.base[entry]!;
  }

  /** log2 of the bytes an entry translates. */
  shift(entry: number): number {
    return this.#unified.shiftOf(entry);
  }

  setAttributes(entry: number, attributes: number): void {
    this.#unified.attributes[entry] = attributes;
  }

  /** Code was fetched through an entry. */
  markExecuted(entry: number): void {
    this.#executed[entry] = 1;
  }

  /** Drop whatever translates an address. */
  forget(vaLo: number, vaHi: number, asid: number, granule: GranuleIndex): void {
    for (;;) {
      const entry = this.#answer(vaLo, vaHi, asid, granule);
      if (entry < 0) return;
      this.#unified.drop(entry);
    }
  }

  /**
   * Hold a translation.
   * @param base physical address of the page, block or contiguous set, `shift` log2 of its size
   * @returns its entry
   */
  insert(
    vaLo: number,
    vaHi: number,
    asid: number,
    granule: GranuleIndex,
    shift: number,
    attributes: number,
    base: number,
    access: Access,
  ): number {
    const entry = this.#unified.insert(vaLo, vaHi, asid, granule, shift, attributes, base);
    this.#executed[entry] = 0;
    (access === ACCESS_EXEC ? this.#instruction : this.#data)?.insert(vaLo, entry);
    return entry;
  }

  /** @internal The unified TLB lost an entry. */
  dropped(vaLo: number, vaHi: number, sizeShift: number, index: number): void {
    this.#instruction?.dropped(index);
    this.#data?.dropped(index);
    this.#listener.dropped(vaLo, vaHi, sizeShift, this.#executed[index] === 1);
  }

  /** Do what a TLBI does. */
  invalidate(op: Invalidation): void {
    const unified = this.#unified;
    const tables = op.lastLevel ? undefined : this.walkCache?.cache;
    let dropped: number;
    if (op.kind === "all") {
      dropped = unified.invalidateAll();
      tables?.invalidateAll();
    } else if (op.kind === "asid") {
      dropped = unified.invalidateAsid(op.asid!);
      tables?.invalidateAsid(op.asid!);
    } else {
      const { asid, vaLo, vaHi } = op;
      const bytes = Math.max(op.bytes, 1);
      const hints = this.options.honourHints === true;
      const scope: InvalidationScope = {
        asid,
        level: hints ? op.level : null,
        granule: hints ? op.granule : null,
      };
      dropped = unified.invalidateRange(vaLo, vaHi, bytes, scope, leafLevel);
      // A hint tells the level of the leaf: the tables above it go, whatever it says.
      const anyLevel = hints ? { asid, level: null, granule: null } : scope;
      tables?.invalidateRange(vaLo, vaHi, bytes, anyLevel, leafLevel);
    }
    this.#counters.entriesInvalidated += dropped;
  }

  /** Every entry, for checkers and dumps. */
  *entries(): Generator<TlbEntry> {
    for (const entry of this.#unified.entries()) {
      const { attributes } = entry;
      yield {
        ...entry,
        level: leafLevel(attributes),
        isGlobal: (attributes & ATTR_GLOBAL) !== 0,
        rights: rightsUnder(attributes, NO_CONTROLS),
      };
    }
  }

  /** Indexes of the entries that the first levels hold, for checkers. */
  firstLevels(): { readonly instruction: number[]; readonly data: number[] } {
    return { instruction: this.#instruction?.held() ?? [], data: this.#data?.held() ?? [] };
  }
}

export interface TlbEntry extends CachedTranslation {
  readonly level: number;
  readonly isGlobal: boolean;
  /** RIGHT_* bits, without WXN and dirty state by hardware. */
  readonly rights: number;
}

function leafLevel(attributes: number): number {
  return (attributes >> ATTR_LEVEL_SHIFT) & 3;
}

function count(level: LevelCounters, isHit: boolean): void {
  if (isHit) level.hits++;
  else level.misses++;
}
