import type { VmMapEntry } from "../entry.js";
import { panic, type VmOffset } from "../../types.js";
import { EntryIndex } from "./entry-index.js";

/**
 * Red-black tree over a map's entries, keyed by range; its links live in the entries. Insertion
 * and deletion rebalance as in Cormen et al., with null for the black leaves. Each node also knows
 * the largest gap below an entry of its subtree, which makes a first-fit search logarithmic. Lookups by address go
 * through an index beside it.
 *
 * The gap below an entry is told from the entry list, so the list is changed between `attach` and
 * `settle`, and before `remove`.
 */
export class EntryTree {
  root: VmMapEntry | null = null;

  readonly index = new EntryIndex();

  /** The entry with the highest start not above `va`: the one that contains it, if any does. */
  floor(va: VmOffset): VmMapEntry | null {
    return this.index.floor(va);
  }

  /**
   * The first entry above `entry` that has a gap of at least `size` bytes right below it; null when
   * there is none.
   */
  nextWithGap(entry: VmMapEntry, size: number): VmMapEntry | null {
    let at: VmMapEntry = entry;
    for (;;) {
      const right = at.treeRight;
      if (right !== null && right.treeMaxGap >= size) return firstWithGap(right, size);
      let parent = at.treeParent;
      while (parent !== null && parent.treeRight === at) {
        at = parent;
        parent = at.treeParent;
      }
      if (parent === null) return null;
      if (gapBelow(parent) >= size) return parent;
      at = parent;
    }
  }

  /** `entry` itself or the first one below it that has a gap of at least `size` bytes below it. */
  lastWithGap(entry: VmMapEntry, size: number): VmMapEntry | null {
    let at: VmMapEntry = entry;
    for (;;) {
      if (gapBelow(at) >= size) return at;
      const left = at.treeLeft;
      if (left !== null && left.treeMaxGap >= size) return lastWithGapIn(left, size);
      let parent = at.treeParent;
      while (parent !== null && parent.treeLeft === at) {
        at = parent;
        parent = at.treeParent;
      }
      if (parent === null) return null;
      at = parent;
    }
  }

  /**
   * Hang the entry into its place, to be followed by its insertion into the list and `settle`.
   * @throws KernelPanic if the entry is empty or overlaps another.
   */
  attach(entry: VmMapEntry): void {
    if (entry.end <= entry.start) panic("vm_map_store: entry with end <= start");
    const below = this.index.floor(entry.start);
    const above = below === null ? this.index.first : below.next;
    if (
      (below !== null && below.end > entry.start) ||
      (above !== null && above.start < entry.end)
    ) {
      panic("vm_map_store: entry overlaps another");
    }
    this.index.insert(entry);
    // Of two neighbours, one has no child on the side of the other.
    const parent = below?.treeRight === null ? below : above;
    entry.treeParent = parent;
    entry.treeLeft = null;
    entry.treeRight = null;
    entry.treeMaxGap = 0;
    entry.treeRed = true;
    if (parent === null) this.root = entry;
    else if (parent === below) parent.treeRight = entry;
    else parent.treeLeft = entry;
  }

  /** Balance the tree after `attach`, and take note of the gaps around the entry. */
  settle(entry: VmMapEntry): void {
    this.gapChanged(entry);
    if (entry.next !== null) this.gapChanged(entry.next);
    this.#repairInsert(entry);
  }

  /** An entry begins elsewhere, between its neighbours. @param before where it began */
  startMoved(entry: VmMapEntry, before: VmOffset): void {
    this.index.moved(entry, before);
    this.gapChanged(entry);
  }

  /** The gap below `entry` is not what it was: its start has moved, or the end of the one before. */
  gapChanged(entry: VmMapEntry): void {
    for (let at: VmMapEntry | null = entry; at !== null; at = at.treeParent) {
      const gap = maxGap(at);
      if (gap === at.treeMaxGap) return;
      at.treeMaxGap = gap;
    }
  }

  /** @param next the entry that followed in the list, which `entry` has left already */
  remove(entry: VmMapEntry, next: VmMapEntry | null): void {
    this.index.remove(entry);
    let hole: VmMapEntry | null; // takes the removed position; null is a black leaf
    let holeParent: VmMapEntry | null;
    let removedRed = entry.treeRed;
    if (entry.treeLeft === null) {
      hole = entry.treeRight;
      holeParent = entry.treeParent;
      this.#transplant(entry, hole);
    } else if (entry.treeRight === null) {
      hole = entry.treeLeft;
      holeParent = entry.treeParent;
      this.#transplant(entry, hole);
    } else {
      const heir = leftmost(entry.treeRight);
      removedRed = heir.treeRed;
      hole = heir.treeRight;
      if (heir.treeParent === entry) {
        holeParent = heir;
      } else {
        holeParent = heir.treeParent;
        this.#transplant(heir, hole);
        heir.treeRight = entry.treeRight;
        heir.treeRight.treeParent = heir;
      }
      this.#transplant(entry, heir);
      heir.treeLeft = entry.treeLeft;
      heir.treeLeft.treeParent = heir;
      heir.treeRed = entry.treeRed;
    }
    entry.treeLeft = null;
    entry.treeRight = null;
    entry.treeParent = null;
    entry.treeRed = false;
    for (let at = holeParent; at !== null; at = at.treeParent) at.treeMaxGap = maxGap(at);
    if (next !== null) this.gapChanged(next);
    if (!removedRed) this.#repairRemove(hole, holeParent);
  }

  #repairInsert(start: VmMapEntry): void {
    let at = start;
    for (;;) {
      const parent = at.treeParent;
      if (parent === null || !parent.treeRed) break;
      const grand = parent.treeParent!; // a red parent is not the root
      const onLeft = parent === grand.treeLeft;
      const uncle = onLeft ? grand.treeRight : grand.treeLeft;
      if (uncle?.treeRed === true) {
        parent.treeRed = false;
        uncle.treeRed = false;
        grand.treeRed = true;
        at = grand;
        continue;
      }
      const inner = onLeft ? parent.treeRight : parent.treeLeft;
      if (at === inner) this.#rotate(parent, onLeft);
      const top = at === inner ? at : parent;
      top.treeRed = false;
      grand.treeRed = true;
      this.#rotate(grand, !onLeft);
      break;
    }
    if (this.root !== null) this.root.treeRed = false;
  }

  #repairRemove(hole: VmMapEntry | null, holeParent: VmMapEntry | null): void {
    let at = hole;
    let parent = holeParent;
    while (parent !== null && at?.treeRed !== true) {
      const onLeft = at === parent.treeLeft;
      let sibling = (onLeft ? parent.treeRight : parent.treeLeft)!; // black height >= 1 there
      if (sibling.treeRed) {
        sibling.treeRed = false;
        parent.treeRed = true;
        this.#rotate(parent, onLeft);
        sibling = (onLeft ? parent.treeRight : parent.treeLeft)!;
      }
      let outer = onLeft ? sibling.treeRight : sibling.treeLeft;
      const inner = onLeft ? sibling.treeLeft : sibling.treeRight;
      if (inner?.treeRed !== true && outer?.treeRed !== true) {
        sibling.treeRed = true;
        at = parent;
        parent = at.treeParent;
        continue;
      }
      if (outer?.treeRed !== true) {
        inner!.treeRed = false;
        sibling.treeRed = true;
        this.#rotate(sibling, !onLeft);
        outer = sibling;
        sibling = inner!;
      }
      sibling.treeRed = parent.treeRed;
      parent.treeRed = false;
      outer!.treeRed = false;
      this.#rotate(parent, onLeft);
      at = this.root;
      break;
    }
    if (at !== null) at.treeRed = false;
  }

  /** Turn the edge between `top` and its right (`left` true: rotate left) or left child. */
  #rotate(top: VmMapEntry, left: boolean): void {
    const child = (left ? top.treeRight : top.treeLeft)!; // callers rotate towards a real child
    const middle = left ? child.treeLeft : child.treeRight;
    this.#transplant(top, child);
    if (left) {
      child.treeLeft = top;
      top.treeRight = middle;
    } else {
      child.treeRight = top;
      top.treeLeft = middle;
    }
    top.treeParent = child;
    if (middle !== null) middle.treeParent = top;
    child.treeMaxGap = top.treeMaxGap;
    top.treeMaxGap = maxGap(top);
  }

  #transplant(old: VmMapEntry, heir: VmMapEntry | null): void {
    const parent = old.treeParent;
    if (parent === null) this.root = heir;
    else if (parent.treeLeft === old) parent.treeLeft = heir;
    else parent.treeRight = heir;
    if (heir !== null) heir.treeParent = parent;
  }
}

function leftmost(entry: VmMapEntry): VmMapEntry {
  let at = entry;
  while (at.treeLeft !== null) at = at.treeLeft;
  return at;
}

/** Bytes between an entry and the one before it; what is below the first entry is not a gap. */
export function gapBelow(entry: VmMapEntry): number {
  return entry.prev === null ? 0 : entry.start - entry.prev.end;
}

function maxGap(node: VmMapEntry): number {
  let gap = gapBelow(node);
  const { treeLeft: left, treeRight: right } = node;
  if (left !== null && left.treeMaxGap > gap) gap = left.treeMaxGap;
  if (right !== null && right.treeMaxGap > gap) gap = right.treeMaxGap;
  return gap;
}

/** In a subtree that is known to have one. */
function firstWithGap(top: VmMapEntry, size: number): VmMapEntry | null {
  let at: VmMapEntry | null = top;
  while (at !== null) {
    const left: VmMapEntry | null = at.treeLeft;
    if (left !== null && left.treeMaxGap >= size) at = left;
    else if (gapBelow(at) >= size) return at;
    else at = at.treeRight;
  }
  return null;
}

function lastWithGapIn(top: VmMapEntry, size: number): VmMapEntry | null {
  let at: VmMapEntry | null = top;
  while (at !== null) {
    const right: VmMapEntry | null = at.treeRight;
    if (right !== null && right.treeMaxGap >= size) at = right;
    else if (gapBelow(at) >= size) return at;
    else at = at.treeLeft;
  }
  return null;
}
