import { panic, type VmOffset } from "../../types.js";

/** Free space between two entries (struct vm_map_links of the hole list), [start, end). */
export interface Hole {
  start: VmOffset;
  end: VmOffset;
  next: Hole | null;
  prev: Hole | null;
}

/**
 * The exact complement of a map's entries, in ascending order, below a fixed ceiling: how the
 * first fit of an "anywhere" placement is found. XNU: vm_map_store.c, the hole list functions.
 */
export class HoleList {
  first: Hole | null;
  /** The hole touched last; where a lookup starts. */
  hint: Hole | null;
  /** Space at or above this address is not tracked. */
  readonly ceiling: VmOffset;

  constructor(floor: VmOffset, ceiling: VmOffset) {
    this.ceiling = ceiling;
    this.first = { start: floor, end: ceiling, next: null, prev: null };
    this.hint = this.first;
  }

  /**
   * The first hole that ends above `at`: the one an upward search from `at` begins with.
   * XNU: vm_map_lookup_hole_address, copyout's "next hole".
   */
  firstEndingAbove(at: VmOffset): Hole | null {
    let hole = this.first;
    if (this.hint !== null && this.hint.start <= at) hole = this.hint;
    while (hole !== null && hole.end <= at) hole = hole.next;
    return hole;
  }

  /**
   * [start, end) is now mapped. Only the first hole that touches the range is changed, so a caller
   * never inserts across two holes. @throws KernelPanic if no hole touches it
   */
  occupy(start: VmOffset, end: VmOffset): void {
    if (start >= this.ceiling) return;
    const hole = this.firstEndingAbove(start);
    if (hole === null || hole.start >= end) panic("vm_map_store: inserted entry is in no hole");
    this.hint = hole;
    const coversStart = start <= hole.start;
    const coversEnd = end >= hole.end;
    if (coversStart && coversEnd) {
      this.#unlink(hole);
    } else if (coversStart) {
      hole.start = end;
    } else if (coversEnd) {
      hole.end = start;
    } else {
      this.#linkAfter(hole, { start: end, end: hole.end, next: null, prev: null });
      hole.end = start;
    }
  }

  /** [start, end) was unmapped: grow the hole below, the hole above, join both, or make one. */
  release(start: VmOffset, end: VmOffset): void {
    if (start >= this.ceiling) return;
    const above = this.#firstStartingFrom(start);
    const below = above === null ? this.#last() : above.prev;
    if ((below !== null && below.end > start) || (above !== null && above.start < end)) {
      panic("vm_map_store: removed entry overlaps a hole");
    }
    const joinsBelow = below !== null && below.end === start;
    const joinsAbove = above !== null && above.start === end;
    if (joinsBelow && joinsAbove) {
      below.end = above.end;
      this.#unlink(above);
      this.hint = below;
    } else if (joinsBelow) {
      below.end = end;
      this.hint = below;
    } else if (joinsAbove) {
      above.start = start;
      this.hint = above;
    } else {
      const hole: Hole = { start, end, next: null, prev: null };
      this.#linkAfter(below, hole);
      this.hint = hole;
    }
  }

  *[Symbol.iterator](): Iterator<Hole> {
    for (let hole = this.first; hole !== null; hole = hole.next) yield hole;
  }

  #firstStartingFrom(at: VmOffset): Hole | null {
    let hole = this.first;
    if (this.hint !== null && this.hint.start < at) hole = this.hint;
    while (hole !== null && hole.start < at) hole = hole.next;
    return hole;
  }

  #last(): Hole | null {
    let hole = this.hint ?? this.first;
    while (hole !== null && hole.next !== null) hole = hole.next;
    return hole;
  }

  #linkAfter(after: Hole | null, hole: Hole): void {
    hole.prev = after;
    hole.next = after === null ? this.first : after.next;
    if (after === null) this.first = hole;
    else after.next = hole;
    if (hole.next !== null) hole.next.prev = hole;
  }

  #unlink(hole: Hole): void {
    if (hole.prev === null) this.first = hole.next;
    else hole.prev.next = hole.next;
    if (hole.next !== null) hole.next.prev = hole.prev;
    if (this.hint === hole) this.hint = hole.prev ?? hole.next;
  }
}
