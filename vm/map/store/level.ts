/** Elements of a node at most, and what two neighbours may have together to become one. */
export const NODE = 32;
const MERGED = NODE / 2;
/** What a node keeps that is split at its upper end: maps are often filled upwards, and entries clipped later. */
const KEPT = NODE - 4;

/** An element: a range that has something at both ends, the largest gap inside it, and what it is. */
export interface Element<T> {
  readonly first: number;
  readonly last: number;
  readonly gap: number;
  readonly item: T;
}

/**
 * The nodes of one height of the tree (tree.ts). Node `n` has the elements from `n * NODE` on, in ascending order,
 * `counts[n]` of them. Their numbers stand side by side in flat arrays, so that a search reads one or two lines of memory
 * for each node and no object. Places after the last element are +Infinity, so it need not know their number either.
 */
export class Level<T> {
  /** Where each element begins and where it ends: `NODE` of the one, then `NODE` of the other, for every node. */
  #edges = new Float64Array(0);
  /** The largest gap within each element; nothing is kept of entries, which have none. */
  #gaps = new Float64Array(0);
  readonly #items: (T | null)[] = [];
  readonly counts: number[] = [];
  readonly #spare: number[] = [];
  readonly #hasGaps: boolean;

  constructor(hasGaps: boolean) {
    this.#hasGaps = hasGaps;
  }

  /** Index within the node of the last element that does not begin above `va`; 0 if there is none. */
  search(node: number, va: number): number {
    const edges = this.#edges;
    const base = node * (2 * NODE);
    // No branches to guess: half of them would be guessed wrong.
    let at = base + (Number(edges[base + 16]! <= va) << 4);
    at += Number(edges[at + 8]! <= va) << 3;
    at += Number(edges[at + 4]! <= va) << 2;
    at += Number(edges[at + 2]! <= va) << 1;
    return at + Number(edges[at + 1]! <= va) - base;
  }

  first(node: number, at: number): number {
    return this.#edges[node * (2 * NODE) + at]!;
  }

  last(node: number, at: number): number {
    return this.#edges[node * (2 * NODE) + NODE + at]!;
  }

  gap(node: number, at: number): number {
    return this.#hasGaps ? this.#gaps[node * NODE + at]! : 0;
  }

  item(node: number, at: number): T {
    return this.#items[node * NODE + at]!;
  }

  setFirst(node: number, at: number, first: number): void {
    this.#edges[node * (2 * NODE) + at] = first;
  }

  setLast(node: number, at: number, last: number): void {
    this.#edges[node * (2 * NODE) + NODE + at] = last;
  }

  setGap(node: number, at: number, gap: number): void {
    if (this.#hasGaps) this.#gaps[node * NODE + at] = gap;
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
    return this.counts[node] === NODE;
  }

  /** Put an element where another one is, which with those above it makes room; there must be some. */
  insert(node: number, at: number, { first, last, gap, item }: Element<T>): void {
    const count = this.counts[node]!;
    this.#move(node, at, node, at + 1, count - at);
    this.setFirst(node, at, first);
    this.setLast(node, at, last);
    this.setGap(node, at, gap);
    this.#items[node * NODE + at] = item;
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
    if (this.#edges.length < (node + 1) * 2 * NODE) this.#grow(node + 1 + (node >> 1));
    for (let at = 0; at < NODE; at++) this.#items.push(null);
    this.counts.push(0);
    return node;
  }

  /** Give up a node that has no elements any more. */
  drop(node: number): void {
    this.#spare.push(node);
  }

  /**
   * Move the upper part of a full node into a new one, which is returned: a half, or little where an element is to be
   * added at the end of everything.
   */
  split(node: number, atTheEnd: boolean): number {
    const upper = this.add();
    this.#moveTail(node, atTheEnd ? KEPT : NODE / 2, upper);
    return upper;
  }

  /** Take over what the node above has, if both have little. @returns whether that is done: `above` is empty then */
  merge(node: number, above: number): boolean {
    if (this.counts[node]! + this.counts[above]! > MERGED) return false;
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
    const up = from === to && toAt > at;
    const step = up ? -1 : 1;
    const begin = up ? count - 1 : 0;
    copy(this.#edges, from * (2 * NODE) + at, to * (2 * NODE) + toAt, begin, step, count);
    copy(
      this.#edges,
      from * (2 * NODE) + NODE + at,
      to * (2 * NODE) + NODE + toAt,
      begin,
      step,
      count,
    );
    if (this.#hasGaps) copy(this.#gaps, from * NODE + at, to * NODE + toAt, begin, step, count);
    const items = this.#items;
    for (let i = begin, left = count; left > 0; i += step, left--) {
      items[to * NODE + toAt + i] = items[from * NODE + at + i]!;
    }
  }

  /** Let the last element of a node go. */
  #clear(node: number, at: number): void {
    this.setFirst(node, at, Infinity);
    this.#items[node * NODE + at] = null;
    this.counts[node] = at;
  }

  #grow(nodes: number): void {
    const edges = new Float64Array(nodes * 2 * NODE).fill(Infinity);
    edges.set(this.#edges);
    this.#edges = edges;
    if (!this.#hasGaps) return;
    const gaps = new Float64Array(nodes * NODE);
    gaps.set(this.#gaps);
    this.#gaps = gaps;
  }

  /** Is nothing kept but the elements of these nodes, and are all others spare? For checks. */
  holdsOnly(nodes: ReadonlySet<number>): boolean {
    const spare = new Set(this.#spare);
    return this.counts.every((count, node) => {
      if (nodes.has(node) === spare.has(node) || (spare.has(node) && count !== 0)) return false;
      for (let at = 0; at < NODE; at++) {
        const used = at < count;
        if ((this.#items[node * NODE + at] === null) === used) return false;
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
