/** Up to so many pages have one array, larger pagers arrays of this many, made when needed. */
const CHUNK = 128;

/**
 * The 32-bit slot of each page of an anonymous object; 0 is "not here". XNU:
 * vm_compressor_pager.c compressor_pager_slot_lookup.
 */
export class PagerSlots {
  readonly pageCount: number;
  readonly #chunks: (Uint32Array | null)[];
  /** Slots that are not 0. */
  used = 0;

  constructor(pageCount: number) {
    this.pageCount = pageCount;
    this.#chunks = new Array<Uint32Array | null>(Math.ceil(pageCount / CHUNK)).fill(null);
  }

  get(page: number): number {
    return this.#chunks[Math.floor(page / CHUNK)]?.[page % CHUNK] ?? 0;
  }

  set(page: number, slot: number): void {
    const before = this.get(page);
    if (before === slot) return;
    const at = Math.floor(page / CHUNK);
    const chunk = (this.#chunks[at] ??= new Uint32Array(
      Math.min(CHUNK, this.pageCount - at * CHUNK),
    ));
    chunk[page % CHUNK] = slot;
    this.used += (slot === 0 ? 0 : 1) - (before === 0 ? 0 : 1);
  }

  /** Pages in [from, to) that have a slot, in order; the walk may clear the one it is at. */
  *occupied(from = 0, to = this.pageCount): IterableIterator<number> {
    for (let page = from; page < to; page++) {
      const chunk = this.#chunks[Math.floor(page / CHUNK)];
      if (chunk === null || chunk === undefined) {
        page = (Math.floor(page / CHUNK) + 1) * CHUNK - 1;
        continue;
      }
      if (chunk[page % CHUNK] !== 0) yield page;
    }
  }
}
