import { check } from "../../../emulator/arch/check.js";
import { panic, type VmOffset } from "../../types.js";
import type { VmMapEntry } from "../entry.js";

/** Entries of a leaf at most, and what two neighbours may have together to become one. */
const LEAF = 32;
const MERGED = 16;

/**
 * A map's entries by start, in leaves whose starts stand side by side: a lookup reads a few lines of memory, where
 * the path down a tree of entries reads two objects for every level. The tree (tree.ts) keeps what searches for
 * space need. XNU has the tree alone.
 */
export class EntryIndex {
  /** The leaves' contents, `LEAF` places for each: plain arrays of doubles hold them unboxed. */
  readonly #starts: number[] = [];
  readonly #entries: (VmMapEntry | null)[] = [];
  /** Places of leaves that are not in use. */
  readonly #spare: number[] = [];
  /** Of each leaf, in order: its place, how many entries it has, and the start of the first. */
  readonly #places: number[] = [];
  readonly #counts: number[] = [];
  readonly #firsts: number[] = [];

  /** The entry with the highest start not above `va`. */
  floor(va: VmOffset): VmMapEntry | null {
    const leaf = lastNotAbove(this.#firsts, 0, this.#firsts.length, va);
    return leaf < 0 ? null : this.#entries[this.#within(leaf, va)]!;
  }

  /** The lowest entry. */
  get first(): VmMapEntry | null {
    return this.#places.length === 0 ? null : this.#entries[this.#places[0]!]!;
  }

  /** Index in the contents of the leaf's last entry that does not start above `va`, or one less than its first. */
  #within(leaf: number, va: number): number {
    const place = this.#places[leaf]!;
    return lastNotAbove(this.#starts, place, place + this.#counts[leaf]!, va);
  }

  insert(entry: VmMapEntry): void {
    const { start } = entry;
    let leaf = Math.max(0, lastNotAbove(this.#firsts, 0, this.#firsts.length, start));
    if (this.#places.length === 0) this.#addLeaf(0);
    else if (this.#counts[leaf] === LEAF) {
      this.#split(leaf);
      if (start > this.#firsts[leaf + 1]!) leaf++;
    }
    const at = this.#within(leaf, start) + 1;
    const end = this.#places[leaf]! + this.#counts[leaf]!;
    this.#move(at, end, at + 1);
    this.#starts[at] = start;
    this.#entries[at] = entry;
    this.#counts[leaf]!++;
    this.#firsts[leaf] = this.#starts[this.#places[leaf]!]!;
  }

  remove(entry: VmMapEntry): void {
    const leaf = lastNotAbove(this.#firsts, 0, this.#firsts.length, entry.start);
    const at = this.#find(leaf, entry, entry.start);
    const place = this.#places[leaf]!;
    const end = place + this.#counts[leaf]!;
    this.#move(at + 1, end, at);
    this.#entries[end - 1] = null;
    this.#counts[leaf]!--;
    if (this.#counts[leaf] === 0) this.#dropLeaf(leaf);
    else {
      this.#firsts[leaf] = this.#starts[place]!;
      this.#merge(leaf);
      this.#merge(leaf - 1);
    }
  }

  /** An entry begins elsewhere, still between its neighbours. @param before where it began */
  moved(entry: VmMapEntry, before: VmOffset): void {
    const leaf = lastNotAbove(this.#firsts, 0, this.#firsts.length, before);
    const at = this.#find(leaf, entry, before);
    this.#starts[at] = entry.start;
    this.#firsts[leaf] = this.#starts[this.#places[leaf]!]!;
  }

  #find(leaf: number, entry: VmMapEntry, start: VmOffset): number {
    const at = leaf < 0 ? -1 : this.#within(leaf, start);
    if (this.#entries[at] !== entry) panic("vm_map_store: entry is not where it starts");
    return at;
  }

  /** Move the contents `[from, end)` to where `to` is. */
  #move(from: number, end: number, to: number): void {
    const starts = this.#starts;
    const entries = this.#entries;
    if (to < from) {
      for (let i = from; i < end; i++) {
        starts[i - from + to] = starts[i]!;
        entries[i - from + to] = entries[i]!;
      }
    } else {
      for (let i = end - 1; i >= from; i--) {
        starts[i - from + to] = starts[i]!;
        entries[i - from + to] = entries[i]!;
      }
    }
  }

  #addLeaf(leaf: number): void {
    let place = this.#spare.pop();
    if (place === undefined) {
      place = this.#starts.length;
      for (let i = 0; i < LEAF; i++) {
        this.#starts.push(0.5); // a double from the beginning
        this.#entries.push(null);
      }
    }
    this.#places.splice(leaf, 0, place);
    this.#counts.splice(leaf, 0, 0);
    this.#firsts.splice(leaf, 0, 0.5);
  }

  #dropLeaf(leaf: number): void {
    this.#spare.push(this.#places[leaf]!);
    this.#places.splice(leaf, 1);
    this.#counts.splice(leaf, 1);
    this.#firsts.splice(leaf, 1);
  }

  /** In halves; but the last leaf keeps nearly all, since maps are often filled upwards. */
  #split(leaf: number): void {
    const keeps = leaf === this.#places.length - 1 ? LEAF - 1 : LEAF / 2;
    this.#addLeaf(leaf + 1);
    this.#take(leaf + 1, leaf, keeps);
    this.#firsts[leaf + 1] = this.#starts[this.#places[leaf + 1]!]!;
  }

  /** Append to a leaf what another one has from its n-th entry on. */
  #take(to: number, from: number, n: number): void {
    const source = this.#places[from]!;
    const end = source + this.#counts[from]!;
    this.#move(source + n, end, this.#places[to]! + this.#counts[to]!);
    this.#entries.fill(null, source + n, end);
    this.#counts[to]! += this.#counts[from]! - n;
    this.#counts[from] = n;
  }

  /** Join a leaf with the one above if both are small. */
  #merge(leaf: number): void {
    if (leaf < 0 || leaf + 1 >= this.#places.length) return;
    if (this.#counts[leaf]! + this.#counts[leaf + 1]! > MERGED) return;
    this.#take(leaf, leaf + 1, 0);
    this.#dropLeaf(leaf + 1);
  }

  /** Check the index against the entries it is of, in order. */
  assertConsistent(entries: Iterable<VmMapEntry>): void {
    let leaf = 0;
    let n = 0;
    for (const entry of entries) {
      const count = this.#counts[leaf];
      check(count !== undefined && count > 0 && count <= LEAF, "leaf of the index", leaf);
      const at = this.#places[leaf]! + n;
      check(this.#entries[at] === entry, "entry is not in the index", entry);
      check(this.#starts[at] === entry.start, "start in the index", entry, this.#starts[at]);
      check(n > 0 || this.#firsts[leaf] === entry.start, "first start of a leaf", leaf);
      n++;
      if (n === count) [leaf, n] = [leaf + 1, 0];
    }
    check(leaf === this.#places.length && n === 0, "the index has more entries than the list");
    const places = [...this.#places, ...this.#spare].sort((a, b) => a - b);
    check(
      places.length * LEAF === this.#starts.length && places.every((at, i) => at === i * LEAF),
      "places of leaves",
    );
    const held = this.#entries.filter((entry) => entry !== null).length;
    check(held === this.#counts.reduce((sum, count) => sum + count, 0), "an entry is kept", held);
  }
}

/** Index of the last element of rising ones in `[low, high)` that is not above `value`, or `low - 1`. */
function lastNotAbove(rising: readonly number[], low: number, high: number, value: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rising[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
