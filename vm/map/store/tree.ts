import { check } from "../../../emulator/arch/check.js";
import { panic, type VmOffset } from "../../types.js";
import type { VmMapEntry } from "../entry.js";
import { COMPARISONS, INNER, LEAF, Level, type Element } from "./level.js";

/** Where a search went: a node of each level and the element in it. More levels than there can be. */
const LEVELS = 16;

/**
 * A map's entries by address: a B+ tree whose nodes are stretches of flat arrays (level.ts). Starts and ends stand in
 * it, so that neither a lookup nor a search for space touches an entry before it is the answer: with many entries every
 * object touched is a cache miss. Each element knows the largest gap within it, which makes searches for space
 * logarithmic too.
 *
 * Differs from XNU, whose store is a red-black tree through the entries, beside a list of holes (vm_map_store.c).
 */
export class EntryTree {
  readonly #leaves = new Level<VmMapEntry>(LEAF);
  /** From the parents of the leaves up. */
  readonly #inner: Level<number>[] = [];
  #root = -1;
  readonly #nodes = new Int32Array(LEVELS);
  readonly #at = new Int32Array(LEVELS);

  /** The entry that contains `va`. */
  find(va: VmOffset): VmMapEntry | null {
    const leaf = this.#leafOf(va);
    if (leaf < 0) return null;
    const leaves = this.#leaves;
    const at = leaves.searchLeaf(leaf, va);
    const inside = leaves.first(leaf, at) <= va && va < leaves.last(leaf, at);
    return inside ? leaves.item(leaf, at) : null;
  }

  /** The entry with the highest start not above `va`: the one that contains it, if any does. */
  floor(va: VmOffset): VmMapEntry | null {
    const leaf = this.#leafOf(va);
    if (leaf < 0) return null;
    const leaves = this.#leaves;
    const at = leaves.searchLeaf(leaf, va);
    return leaves.first(leaf, at) <= va ? leaves.item(leaf, at) : null;
  }

  /** Comparisons that a lookup makes, whatever it looks for. */
  get comparisons(): number {
    return LEAF - 1 + this.#inner.length * COMPARISONS;
  }

  /** The leaf where `va` belongs; -1: there is none. */
  #leafOf(va: number): number {
    const inner = this.#inner;
    let node = this.#root;
    for (let height = inner.length - 1; height >= 0; height--) {
      const level = inner[height]!;
      node = level.item(node, level.searchInner(node, va));
    }
    return node;
  }

  /** As #leafOf, and remember the way: `#nodes[0]` is the leaf. @returns the element in it */
  #descend(va: number): number {
    let node = this.#root;
    for (let height = this.#inner.length; height > 0; height--) {
      const level = this.#inner[height - 1]!;
      const at = level.search(node, va);
      this.#nodes[height] = node;
      this.#at[height] = at;
      node = level.item(node, at);
    }
    this.#nodes[0] = node;
    return (this.#at[0] = this.#leaves.search(node, va));
  }

  #level(height: number): Level<VmMapEntry> | Level<number> {
    return height === 0 ? this.#leaves : this.#inner[height - 1]!;
  }

  /** @throws KernelPanic if the entry is empty or overlaps another. */
  insert(entry: VmMapEntry): void {
    const { start: first, end: last } = entry;
    if (last <= first) panic("vm_map_store: entry with end <= start");
    if (this.#root < 0) {
      this.#root = this.#leaves.add();
      this.#nodes[0] = this.#root;
      this.#leaves.insert(this.#root, 0, { first, last, gap: 0, item: entry });
      return;
    }
    const at = this.#descend(first);
    const leaf = this.#nodes[0]!;
    const above = this.#leaves.first(leaf, at) > first ? at : at + 1; // not above: before all of them
    const overlaps = above > at && this.#leaves.last(leaf, at) > first;
    if (overlaps || this.#firstAt(above) < last) panic("vm_map_store: entry overlaps another");
    this.#insert(0, this.#leaves, above, { first, last, gap: 0, item: entry });
  }

  /** Where what stands at this element of the path's leaf begins, or after it; +Infinity: nothing does. */
  #firstAt(element: number): number {
    let at = element;
    for (let height = 0; height <= this.#inner.length; height++) {
      const level = this.#level(height);
      const node = this.#nodes[height]!;
      if (at < level.counts[node]!) return level.first(node, at);
      at = this.#at[height + 1]! + 1;
    }
    return Infinity;
  }

  /** Add an element to the path's node of a level, and tell those above. */
  #insert<T>(height: number, level: Level<T>, at: number, element: Element<T>): void {
    const node = this.#nodes[height]!;
    if (!level.isFull(node)) {
      level.insert(node, at, element);
      this.#tell(height);
      return;
    }
    const upper = level.split(node, at >= level.width && this.#isLast(height));
    const count = level.counts[node]!;
    if (at > count) level.insert(upper, at - count, element);
    else level.insert(node, at, element);
    if (height === this.#inner.length) this.#addRoot(level);
    const parents = this.#inner[height]!;
    this.#summarize(height, node, this.#nodes[height + 1]!, this.#at[height + 1]!);
    this.#insert(height + 1, parents, this.#at[height + 1]! + 1, summary(level, upper));
  }

  /** Does the path go through the last elements of everything above? */
  #isLast(height: number): boolean {
    for (let at = height + 1; at <= this.#inner.length; at++) {
      const count = this.#inner[at - 1]!.counts[this.#nodes[at]!]!;
      if (this.#at[at] !== count - 1) return false;
    }
    return true;
  }

  /** One level more, whose only node has the former root. */
  #addRoot<T>(level: Level<T>): void {
    const parents = new Level<number>(INNER);
    const root = parents.add();
    parents.insert(root, 0, summary(level, this.#root));
    this.#inner.push(parents);
    this.#root = root;
    this.#nodes[this.#inner.length] = root;
    this.#at[this.#inner.length] = 0;
  }

  /** Write into a parent's element what its node has become. @returns whether that is news */
  #summarize(height: number, node: number, parent: number, at: number): boolean {
    const level = this.#level(height);
    const parents = this.#inner[height]!;
    const first = level.first(node, 0);
    const last = level.last(node, level.counts[node]! - 1);
    const gap = level.largestGap(node);
    if (
      parents.first(parent, at) === first &&
      parents.last(parent, at) === last &&
      parents.gap(parent, at) === gap
    ) {
      return false;
    }
    parents.setFirst(parent, at, first);
    parents.setLast(parent, at, last);
    parents.setGap(parent, at, gap);
    return true;
  }

  /** The path's node of a level has changed: tell those above, as far as it matters to them. */
  #tell(height: number): void {
    for (let h = height; h < this.#inner.length; h++) {
      if (!this.#summarize(h, this.#nodes[h]!, this.#nodes[h + 1]!, this.#at[h + 1]!)) return;
    }
  }

  remove(entry: VmMapEntry): void {
    this.#remove(0, this.#seek(entry, entry.start));
  }

  /** Descend to an entry. @returns the element of the leaf */
  #seek(entry: VmMapEntry, start: VmOffset): number {
    const at = this.#root < 0 ? 0 : this.#descend(start);
    if (this.#root < 0 || this.#leaves.item(this.#nodes[0]!, at) !== entry) {
      panic("vm_map_store: entry is not where it starts");
    }
    return at;
  }

  /** Take an element out of the path's node of a level, and a node that gets empty or small out of its parent. */
  #remove(height: number, element: number): void {
    const level = this.#level(height);
    const node = this.#nodes[height]!;
    level.remove(node, element);
    if (height === this.#inner.length) {
      this.#lowerRoot();
      return;
    }
    const parents = this.#inner[height]!;
    const parent = this.#nodes[height + 1]!;
    const at = this.#at[height + 1]!;
    if (level.counts[node] === 0) {
      level.drop(node);
      this.#remove(height + 1, at);
    } else if (at + 1 < parents.counts[parent]! && this.#merge(height, node, parent, at)) {
      this.#remove(height + 1, at + 1);
    } else if (at > 0 && this.#merge(height, parents.item(parent, at - 1), parent, at - 1)) {
      this.#remove(height + 1, at);
    } else {
      this.#tell(height);
    }
  }

  /** Join the node that is a parent's element `at` with the next one, which is dropped but still listed; if they are small. */
  #merge(height: number, node: number, parent: number, at: number): boolean {
    const level = this.#level(height);
    const above = this.#inner[height]!.item(parent, at + 1);
    if (!level.merge(node, above)) return false;
    level.drop(above);
    this.#summarize(height, node, parent, at);
    return true;
  }

  /** A root with one node below gives way to it, an empty one to nothing. */
  #lowerRoot(): void {
    for (let top = this.#inner.at(-1); top?.counts[this.#root] === 1; top = this.#inner.at(-1)) {
      this.#root = top.item(this.#root, 0);
      this.#inner.pop();
    }
    if (this.#inner.length > 0 || this.#leaves.counts[this.#root] !== 0) return;
    this.#leaves.drop(this.#root);
    this.#root = -1;
  }

  /** An entry begins elsewhere, between its neighbours. @param before where it began */
  startMoved(entry: VmMapEntry, before: VmOffset): void {
    const at = this.#seek(entry, before);
    this.#leaves.setFirst(this.#nodes[0]!, at, entry.start);
    this.#tell(0);
  }

  /** An entry ends elsewhere, not above the next one's start. */
  endMoved(entry: VmMapEntry): void {
    const at = this.#seek(entry, entry.start);
    this.#leaves.setLast(this.#nodes[0]!, at, entry.end);
    this.#tell(0);
  }

  /**
   * The first entry above `entry` that has a gap of at least `size` bytes right below it; null when
   * there is none.
   */
  nextWithGap(entry: VmMapEntry, size: number): VmMapEntry | null {
    this.#seek(entry, entry.start);
    for (let height = 0; height <= this.#inner.length; height++) {
      const found = this.#upward(height, this.#nodes[height]!, this.#at[height]!, size);
      if (found !== null) return found;
    }
    return null;
  }

  /** The first entry in a node above its element `from`, outside of that, with such a gap below. */
  #upward(height: number, node: number, from: number, size: number): VmMapEntry | null {
    const level = this.#level(height);
    const count = level.counts[node]!;
    for (let at = from + 1; at < count; at++) {
      if (level.first(node, at) - level.last(node, at - 1) >= size)
        return this.#lowest(height, node, at);
      if (level.gap(node, at) >= size) return this.#firstWithin(height, node, at, size);
    }
    return null;
  }

  /** The first entry with such a gap below it inside an element known to have one. */
  #firstWithin(height: number, node: number, at: number, size: number): VmMapEntry | null {
    const inner = this.#inner[height - 1]!;
    const child = inner.item(node, at);
    if (height > 1 && this.#inner[height - 2]!.gap(child, 0) >= size) {
      return this.#firstWithin(height - 1, child, 0, size);
    }
    return this.#upward(height - 1, child, 0, size);
  }

  /** `entry` itself or the first one below it that has a gap of at least `size` bytes below it. */
  lastWithGap(entry: VmMapEntry, size: number): VmMapEntry | null {
    this.#seek(entry, entry.start);
    for (let height = 0; height <= this.#inner.length; height++) {
      const found = this.#downward(height, this.#nodes[height]!, this.#at[height]!, size);
      if (found !== null) return found;
    }
    return null;
  }

  /** The last entry in a node at or below the beginning of its element `from` with such a gap below. */
  #downward(height: number, node: number, from: number, size: number): VmMapEntry | null {
    const level = this.#level(height);
    for (let at = from; at > 0; at--) {
      if (level.first(node, at) - level.last(node, at - 1) >= size)
        return this.#lowest(height, node, at);
      if (level.gap(node, at - 1) >= size) return this.#lastWithin(height, node, at - 1, size);
    }
    return null;
  }

  #lastWithin(height: number, node: number, at: number, size: number): VmMapEntry | null {
    const child = this.#inner[height - 1]!.item(node, at);
    const top = this.#level(height - 1).counts[child]! - 1;
    if (height > 1 && this.#inner[height - 2]!.gap(child, top) >= size) {
      return this.#lastWithin(height - 1, child, top, size);
    }
    return this.#downward(height - 1, child, top, size);
  }

  /** The lowest entry of an element. */
  #lowest(height: number, node: number, at: number): VmMapEntry {
    let child = node;
    let element = at;
    for (let h = height; h > 0; h--) {
      child = this.#inner[h - 1]!.item(child, element);
      element = 0;
    }
    return this.#leaves.item(child, element);
  }

  /** Check the tree against the entries it is of, in order. */
  assertConsistent(entries: Iterable<VmMapEntry>): void {
    const listed = [...entries];
    let nodes: number[] = this.#root < 0 ? [] : [this.#root];
    for (let height = this.#inner.length; height > 0; height--) {
      nodes = this.#assertInner(height, nodes);
    }
    let seen = 0;
    for (const leaf of nodes) {
      const count = this.#leaves.counts[leaf]!;
      check(count > 0 && count <= LEAF, "elements of a leaf", leaf, count);
      for (let at = 0; at < count; at++) {
        const entry = listed[seen++];
        check(this.#leaves.item(leaf, at) === entry, "entry is not in the tree", entry);
        check(this.#leaves.first(leaf, at) === entry?.start, "start in the tree", entry);
        check(this.#leaves.last(leaf, at) === entry?.end, "end in the tree", entry);
      }
    }
    check(seen === listed.length, "tree and list differ", seen, listed.length);
    check(this.#leaves.holdsOnly(new Set(nodes)), "leaves keep more than the entries");
  }

  /** @returns the nodes below those of a level */
  #assertInner(height: number, nodes: readonly number[]): number[] {
    const level = this.#inner[height - 1]!;
    const below = this.#level(height - 1);
    check(nodes.length > 1 || level.counts[nodes[0]!]! > 1 || height < this.#inner.length, "root");
    const children: number[] = [];
    for (const node of nodes) {
      const count = level.counts[node]!;
      check(count > 0 && count <= INNER, "elements of a node", node, count);
      for (let at = 0; at < count; at++) {
        const child = level.item(node, at);
        check(level.first(node, at) === below.first(child, 0), "start of a node", child);
        const last = below.last(child, below.counts[child]! - 1);
        check(level.last(node, at) === last, "end of a node", child);
        check(level.gap(node, at) === below.largestGap(child), "largest gap of a node", child);
        children.push(child);
      }
    }
    check(level.holdsOnly(new Set(nodes)), "inner nodes keep more than the nodes below");
    return children;
  }
}

/** What a parent keeps of a node. */
function summary<T>(level: Level<T>, node: number): Element<number> {
  return {
    first: level.first(node, 0),
    last: level.last(node, level.counts[node]! - 1),
    gap: level.largestGap(node),
    item: node,
  };
}
