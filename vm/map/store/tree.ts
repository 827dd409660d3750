import type { VmMapEntry } from "../entry.js";
import { panic, type VmOffset } from "../../types.js";

/**
 * Red-black tree over a map's entries, keyed by range; its links live in the entries. Insertion
 * and deletion rebalance as in Cormen et al., with null for the black leaves.
 */
export class EntryTree {
  root: VmMapEntry | null = null;

  /** The entry with the highest start not above `va`: the one that contains it, if any does. */
  floor(va: VmOffset): VmMapEntry | null {
    let at = this.root;
    let best: VmMapEntry | null = null;
    while (at !== null) {
      if (va < at.start) at = at.treeLeft;
      else {
        best = at;
        if (va < at.end) break;
        at = at.treeRight;
      }
    }
    return best;
  }

  /** @throws KernelPanic if the entry is empty or overlaps another. */
  insert(entry: VmMapEntry): void {
    if (entry.end <= entry.start) panic("vm_map_store: entry with end <= start");
    let parent: VmMapEntry | null = null;
    let at = this.root;
    while (at !== null) {
      parent = at;
      if (entry.end <= at.start) at = at.treeLeft;
      else if (entry.start >= at.end) at = at.treeRight;
      else panic("vm_map_store: entry overlaps another");
    }
    entry.treeParent = parent;
    entry.treeLeft = null;
    entry.treeRight = null;
    entry.treeRed = true;
    if (parent === null) this.root = entry;
    else if (entry.start < parent.start) parent.treeLeft = entry;
    else parent.treeRight = entry;
    this.#repairInsert(entry);
  }

  remove(entry: VmMapEntry): void {
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
