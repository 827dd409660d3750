/** Elements of a leaf and of any other node at most. */
export const LEAF = 16;
export const INNER = 64;
/** Comparisons in a node that is no leaf; in a leaf there is one with every element but the first. */
export const COMPARISONS = 14;

/** An element: a range that has something at both ends, the largest gap inside it, and what it is. */
export interface Element<T> {
  readonly first: number;
  readonly last: number;
  readonly gap: number;
  readonly item: T;
}

/**
 * The nodes of one height of the tree (tree.ts). Node `n` has places for `width` elements from `n * width` on, and
 * `counts[n]` of them in ascending order. Their numbers stand side by side in flat arrays, so that a search reads a few
 * lines of memory for each node and no object. Places after the last element are +Infinity, so it need not know how many
 * there are.
 */
export class Level<T> {
  readonly width: number;
  readonly counts: number[] = [];
  /** Where each element begins and where it ends: `width` of the one, then `width` of the other, for every node. */
  #edges = new Float64Array(0);
  /** The largest gap within each element; nothing is kept of entries, which have none. */
  #gaps = new Float64Array(0);
  readonly #items: (T | null)[] = [];
  readonly #spare: number[] = [];

  constructor(width: typeof LEAF | typeof INNER) {
    this.width = width;
  }

  /** Index within the node of the last element that does not begin above `va`; 0 if there is none. */
  search(node: number, va: number): number {
    return this.width === LEAF ? this.searchLeaf(node, va) : this.searchInner(node, va);
  }

  /** The same in a node that is known to be a leaf. */
  searchLeaf(node: number, va: number): number {
    // Never so; but what is looked at now is on its way from memory while the search goes on.
    const items = this.#items;
    if (items[node * LEAF] === undefined || items[node * LEAF + 8] === undefined) return 0;
    return lastOf16(this.#edges, node * (2 * LEAF), va);
  }

  /** The same in one that is known to be none. */
  searchInner(node: number, va: number): number {
    return lastOf64(this.#edges, node * (2 * INNER), va);
  }

  first(node: number, at: number): number {
    return this.#edges[2 * node * this.width + at]!;
  }

  last(node: number, at: number): number {
    return this.#edges[(2 * node + 1) * this.width + at]!;
  }

  gap(node: number, at: number): number {
    return this.width === INNER ? this.#gaps[node * this.width + at]! : 0;
  }

  item(node: number, at: number): T {
    return this.#items[node * this.width + at]!;
  }

  setFirst(node: number, at: number, first: number): void {
    this.#edges[2 * node * this.width + at] = first;
  }

  setLast(node: number, at: number, last: number): void {
    this.#edges[(2 * node + 1) * this.width + at] = last;
  }

  setGap(node: number, at: number, gap: number): void {
    if (this.width === INNER) this.#gaps[node * this.width + at] = gap;
  }

  /** The largest gap in a node: inside its elements and between them. */
  largestGap(node: number): number {
    let largest = this.gap(node, 0);
    for (let at = 1; at < this.counts[node]!; at++) {
      const between = this.first(node, at) - this.last(node, at - 1);
      if (between > largest) largest = between;
      const inside = this.gap(node, at);
      if (inside > largest) largest = inside;
    }
    return largest;
  }

  isFull(node: number): boolean {
    return this.counts[node] === this.width;
  }

  /** Put an element where another one is, which with those above it makes room; there must be some. */
  insert(node: number, at: number, { first, last, gap, item }: Element<T>): void {
    const count = this.counts[node]!;
    this.#move(node, at, node, at + 1, count - at);
    this.setFirst(node, at, first);
    this.setLast(node, at, last);
    this.setGap(node, at, gap);
    this.#items[node * this.width + at] = item;
    this.counts[node] = count + 1;
  }

  remove(node: number, at: number): void {
    const count = this.counts[node]!;
    this.#move(node, at + 1, node, at, count - at - 1);
    this.#clear(node, count - 1);
  }

  /** A node without elements. */
  add(): number {
    const spare = this.#spare.pop();
    if (spare !== undefined) return spare;
    const node = this.counts.length;
    if (this.#edges.length < (node + 1) * 2 * this.width) this.#grow(node + 1 + (node >> 1));
    for (let at = 0; at < this.width; at++) this.#items.push(null);
    this.counts.push(0);
    return node;
  }

  /** Give up a node that has no elements any more. */
  drop(node: number): void {
    this.#spare.push(node);
  }

  /**
   * Move the upper part of a full node into a new one, which is returned: a half, or an eighth where an element is to be
   * added at the end of everything. Maps are often filled upwards, and their entries clipped later.
   */
  split(node: number, atTheEnd: boolean): number {
    const upper = this.add();
    this.#moveTail(node, atTheEnd ? (this.width * 7) / 8 : this.width / 2, upper);
    return upper;
  }

  /** Take over what the node above has, if both have little. @returns whether that is done: `above` is empty then */
  merge(node: number, above: number): boolean {
    if (this.counts[node]! + this.counts[above]! > this.width / 2) return false;
    this.#moveTail(above, 0, node);
    return true;
  }

  /** Append to `to` what `from` has from its n-th element on. */
  #moveTail(from: number, n: number, to: number): void {
    const count = this.counts[from]!;
    this.#move(from, n, to, this.counts[to]!, count - n);
    this.counts[to]! += count - n;
    for (let at = count - 1; at >= n; at--) this.#clear(from, at);
  }

  /** Copy elements over others, up or down. Loops: the arrays' own methods cost more for so few. */
  #move(from: number, at: number, to: number, toAt: number, count: number): void {
    const { width } = this;
    const up = from === to && toAt > at;
    const step = up ? -1 : 1;
    const begin = up ? count - 1 : 0;
    copy(this.#edges, 2 * from * width + at, 2 * to * width + toAt, begin, step, count);
    copy(this.#edges, (2 * from + 1) * width + at, (2 * to + 1) * width + toAt, begin, step, count);
    if (this.width === INNER)
      copy(this.#gaps, from * width + at, to * width + toAt, begin, step, count);
    const items = this.#items;
    for (let i = begin, left = count; left > 0; i += step, left--) {
      items[to * width + toAt + i] = items[from * width + at + i]!;
    }
  }

  /** Let the last element of a node go. */
  #clear(node: number, at: number): void {
    this.setFirst(node, at, Infinity);
    this.#items[node * this.width + at] = null;
    this.counts[node] = at;
  }

  #grow(nodes: number): void {
    const edges = new Float64Array(nodes * 2 * this.width).fill(Infinity);
    edges.set(this.#edges);
    this.#edges = edges;
    if (this.width !== INNER) return;
    const gaps = new Float64Array(nodes * this.width);
    gaps.set(this.#gaps);
    this.#gaps = gaps;
  }

  /** Is nothing kept but the elements of these nodes, and are all others spare? For checks. */
  holdsOnly(nodes: ReadonlySet<number>): boolean {
    const spare = new Set(this.#spare);
    return this.counts.every((count, node) => {
      if (nodes.has(node) === spare.has(node) || (spare.has(node) && count !== 0)) return false;
      for (let at = 0; at < this.width; at++) {
        const used = at < count;
        if ((this.#items[node * this.width + at] === null) === used) return false;
        if ((this.first(node, at) === Infinity) === used) return false;
      }
      return true;
    });
  }
}

/** Within an array, `count` numbers from the `begin`-th on, in steps. */
function copy(
  array: Float64Array,
  from: number,
  to: number,
  begin: number,
  step: number,
  count: number,
): void {
  for (let i = begin, left = count; left > 0; i += step, left--) array[to + i] = array[from + i]!;
}

/** Last of the 16 from `base` on that is not above `va`, or the first. */
function lastOf16(edges: Float64Array, base: number, va: number): number {
  // No branches to guess, half of which would be guessed wrong, and no comparison waits for another: what memory has to
  // bring it brings at once.
  return (
    Number(edges[base + 1]! <= va) +
    Number(edges[base + 2]! <= va) +
    Number(edges[base + 3]! <= va) +
    Number(edges[base + 4]! <= va) +
    Number(edges[base + 5]! <= va) +
    Number(edges[base + 6]! <= va) +
    Number(edges[base + 7]! <= va) +
    Number(edges[base + 8]! <= va) +
    Number(edges[base + 9]! <= va) +
    Number(edges[base + 10]! <= va) +
    Number(edges[base + 11]! <= va) +
    Number(edges[base + 12]! <= va) +
    Number(edges[base + 13]! <= va) +
    Number(edges[base + 14]! <= va) +
    Number(edges[base + 15]! <= va)
  );
}

/** The same of 64, in two steps of seven comparisons. */
function lastOf64(edges: Float64Array, base: number, va: number): number {
  const eight =
    8 *
    (Number(edges[base + 8]! <= va) +
      Number(edges[base + 16]! <= va) +
      Number(edges[base + 24]! <= va) +
      Number(edges[base + 32]! <= va) +
      Number(edges[base + 40]! <= va) +
      Number(edges[base + 48]! <= va) +
      Number(edges[base + 56]! <= va));
  const at = base + eight;
  return (
    eight +
    Number(edges[at + 1]! <= va) +
    Number(edges[at + 2]! <= va) +
    Number(edges[at + 3]! <= va) +
    Number(edges[at + 4]! <= va) +
    Number(edges[at + 5]! <= va) +
    Number(edges[at + 6]! <= va) +
    Number(edges[at + 7]! <= va)
  );
}
