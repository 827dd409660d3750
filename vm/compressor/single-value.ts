/** Entries of the table; the value's low bits choose where the search starts. */
export const SINGLE_VALUE_SLOTS = 1024;
const MAX_PROBES = 32;

/**
 * Pages whose words are all equal need no memory: the value stands here once, with a count of the
 * pages that have it. XNU: vm_compressor.c c_segment_sv_hash_table.
 */
export class SingleValueTable {
  readonly #values = new Int32Array(SINGLE_VALUE_SLOTS);
  readonly #counts = new Uint32Array(SINGLE_VALUE_SLOTS);

  /** Count one more page of `value`. @returns its entry, or -1 when there is no room for it */
  insert(value: number): number {
    let free = -1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const at = ((value & (SINGLE_VALUE_SLOTS - 1)) + probe) % SINGLE_VALUE_SLOTS;
      if (this.#counts[at] === 0) {
        if (free < 0) free = at;
      } else if (this.#values[at] === value) {
        this.#counts[at]!++;
        return at;
      }
    }
    if (free < 0) return -1;
    this.#values[free] = value;
    this.#counts[free] = 1;
    return free;
  }

  value(at: number): number {
    return this.#values[at]!;
  }

  /** Pages that have the value of an entry. */
  count(at: number): number {
    return this.#counts[at]!;
  }

  drop(at: number): void {
    this.#counts[at]!--;
  }

  /** Pages in the table altogether. */
  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }
}
