import { TABLE_ATTRIBUTES } from "../arch/descriptor.js";
import type { CacheShape } from "./replacement.js";
import type { Half } from "./regime.js";
import { TranslationCache } from "./translation-cache.js";
import type { TableCache } from "./walk.js";

/**
 * Intermediate caching of walks: for the address range that one table descriptor covers, where the next table
 * is and what the descriptors so far take away. Entries belong to one ASID, as the architecture has it for every level above
 * the last (Arm ARM D8.13); TLBI forms for the last level only leave them.
 */
export class WalkCache implements TableCache {
  readonly cache: TranslationCache;
  table = 0;
  hierarchy = 0;
  hits = 0;

  constructor(shape: CacheShape, seed: number) {
    this.cache = new TranslationCache(shape, seed, null);
  }

  find(half: Half, asid: number, vaLo: number, vaHi: number): number {
    const { index, levelShift } = half.geometry;
    for (let level = 2; level >= half.startLevel; level--) {
      const shift = levelShift[level as 0 | 1 | 2];
      const i = this.cache.find(vaLo, vaHi, asid, index, shift);
      if (i < 0) continue;
      this.hits++;
      this.table = this.cache.base[i]!;
      this.hierarchy = this.cache.attributes[i]! & TABLE_ATTRIBUTES;
      return level + 1;
    }
    return -1;
  }

  fill(
    half: Half,
    asid: number,
    vaLo: number,
    vaHi: number,
    level: number,
    table: number,
    hierarchy: number,
  ): void {
    const { index, levelShift } = half.geometry;
    const shift = levelShift[level as 0 | 1 | 2];
    this.cache.insert(vaLo, vaHi, asid, index, shift, hierarchy, table);
  }
}
