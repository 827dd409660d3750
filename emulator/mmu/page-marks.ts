/** Pages that hold translated code, or are watched, are tracked in units of the smallest page. */
const MARK_SHIFT = 12;
export const PAGE_CODE = 1;
export const PAGE_WATCHED = 2;

/** What is to be known of a write to each 4 KiB of RAM. */
export class PageMarks {
  readonly #base: number;
  /** PAGE_* bits. */
  readonly #bits: Uint8Array;

  constructor(ramBase: number, ramBytes: number) {
    this.#base = ramBase;
    this.#bits = new Uint8Array(ramBytes >>> MARK_SHIFT);
  }

  #indexOf(pa: number): number {
    return Math.floor((pa - this.#base) / 2 ** MARK_SHIFT);
  }

  has(pa: number, mark: number): boolean {
    return (this.#bits[this.#indexOf(pa)]! & mark) !== 0;
  }

  /** @returns whether that changed anything */
  set(pa: number, mark: number, isSet: boolean): boolean {
    const index = this.#indexOf(pa);
    if (((this.#bits[index]! & mark) !== 0) === isSet) return false;
    this.#bits[index]! ^= mark;
    return true;
  }

  /** Whether any of the frames that share a page of `2^pageShift` bytes with `pa` has a mark. */
  anyInPage(pa: number, pageShift: number): boolean {
    const unit = 1 << (pageShift - MARK_SHIFT);
    const index = this.#indexOf(pa);
    const first = index - (index % unit);
    for (let i = first; i < first + unit; i++) if (this.#bits[i] !== 0) return true;
    return false;
  }

  /** Call `visit` for each part of a range that lies in a page with a mark. */
  eachMarked(
    pa: number,
    bytes: number,
    mark: number,
    visit: (pa: number, bytes: number) => void,
  ): void {
    for (let at = pa; at < pa + bytes;) {
      const next = Math.min(at - (at % 2 ** MARK_SHIFT) + 2 ** MARK_SHIFT, pa + bytes);
      if (this.has(at, mark)) visit(at, next - at);
      at = next;
    }
  }
}
