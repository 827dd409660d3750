import type { VmOffset } from "../../types.js";
import type { VmMapEntry } from "../entry.js";

/** Free space between two entries, [start, end). */
export interface Hole {
  readonly start: VmOffset;
  readonly end: VmOffset;
}

/** The part of a map that tells where its holes are. */
interface Entries {
  readonly minOffset: VmOffset;
  readonly holeCeiling: VmOffset;
  readonly entries: { readonly first: VmMapEntry | null; readonly last: VmMapEntry | null };
  readonly tree: {
    floor(va: VmOffset): VmMapEntry | null;
    nextWithGap(entry: VmMapEntry, size: number): VmMapEntry | null;
  };
}

/**
 * The exact complement of a map's entries, in ascending order, below a fixed ceiling: how the first
 * fit of an "anywhere" placement is found. XNU: vm_map_store.c, the hole list functions.
 *
 * Differs from XNU: no list of its own. A hole is where an entry does not begin at the end of the one
 * before, and the tree of entries finds the next hole that is big enough, in logarithmic time.
 */
export class HoleList {
  readonly #map: Entries;

  constructor(map: Entries) {
    this.#map = map;
  }

  /** Space at or above this address is not tracked. */
  get ceiling(): VmOffset {
    return this.#map.holeCeiling;
  }

  /**
   * The first hole of at least `size` bytes that ends above `at`: the one an upward search from `at`
   * begins with. The hole may begin below `at`.
   */
  firstEndingAbove(at: VmOffset, size = 1): Hole | null {
    const { tree, entries, minOffset } = this.#map;
    const before = at < minOffset ? null : tree.floor(at);
    const next = before === null ? entries.first : before.next;
    const first = this.#hole(before === null ? minOffset : before.end, next);
    if (first !== null && first.end > at && first.end - first.start >= size) return first;
    return next === null ? null : this.#above(next, size);
  }

  /** The first hole of at least `size` bytes above a hole. */
  next(hole: Hole, size = 1): Hole | null {
    const entry = this.#map.tree.floor(hole.end);
    return entry === null || entry.start < hole.end ? null : this.#above(entry, size);
  }

  *[Symbol.iterator](): Iterator<Hole> {
    let hole = this.firstEndingAbove(this.#map.minOffset);
    for (; hole !== null; hole = this.next(hole)) yield hole;
  }

  /** The first big enough hole above the end of `entry`. */
  #above(entry: VmMapEntry, size: number): Hole | null {
    const next = this.#map.tree.nextWithGap(entry, size);
    const before = next?.prev ?? null;
    if (before !== null) return this.#hole(before.end, next);
    const last = this.#map.entries.last;
    const top = last === null ? null : this.#hole(last.end, null);
    return top !== null && top.end - top.start >= size ? top : null;
  }

  /** What lies between `start` and the next entry, below the ceiling. */
  #hole(start: VmOffset, next: VmMapEntry | null): Hole | null {
    const end = next === null || next.start > this.ceiling ? this.ceiling : next.start;
    return start < end ? { start, end } : null;
  }
}
