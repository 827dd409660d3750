import sortedBtree from "sorted-btree";
import { VmMapEntry } from "../../vm/map/entry.js";
import { PAGE_SIZE, VM_PROT_DEFAULT, type VmOffset } from "../../vm/types.js";

/**
 * What the map is compared with (vm-map.ts): sorted arrays, and sorted-btree. They only look up, insert and delete; the map
 * checks, clips and keeps count besides.
 */

/** CommonJS: the class is the module's default. */
const BTree = sortedBtree.default;
type BTree<K, V> = InstanceType<typeof sortedBtree.default<K, V>>;

/** An entry of three pages, then a gap of one. */
export const ENTRY = 3 * PAGE_SIZE;
export const STRIDE = 4 * PAGE_SIZE;
/** Where programs are: addresses below 2^31 would be small integers to V8, and cheaper. */
const BASE = 2 ** 32;

export const at = (index: number): VmOffset => (BASE + index * STRIDE) as VmOffset;

/** Nanoseconds for an operation, by its name. */
export type Row = Record<string, number>;

/** Nanoseconds of processor time so far: others on the machine do not count. */
export function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Nanoseconds for one of `count` operations. */
export function time(count: number, operation: (i: number) => void): number {
  const start = now();
  for (let i = 0; i < count; i++) operation(i);
  return (now() - start) / count;
}

export interface Peer {
  lookUp(va: number): void;
  insert(start: number): void;
  remove(start: number): void;
  /** Insertions that do not take too long. */
  affordable(size: number): number;
  /** Of one of these lookups, on average. */
  comparisons(places: readonly number[]): number;
}

const starts = (size: number): number[] => Array.from({ length: size }, (_, i) => at(i) as number);

export function newEntry(start: number): VmMapEntry {
  const entry = new VmMapEntry(start as VmOffset, (start + ENTRY) as VmOffset);
  entry.protection = VM_PROT_DEFAULT;
  return entry;
}

/** Index of the last number that is not above `key`. */
function floor(keys: readonly number[], key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Finds an index, and no entry: the least a binary search can do. */
export class SortedKeys implements Peer {
  readonly keys: number[];
  found = 0;

  constructor(size: number) {
    this.keys = starts(size);
  }

  lookUp(va: number): void {
    this.found += floor(this.keys, va);
  }

  insert(start: number): void {
    this.keys.splice(floor(this.keys, start) + 1, 0, start);
  }

  remove(start: number): void {
    this.keys.splice(floor(this.keys, start), 1);
  }

  affordable(size: number): number {
    return Math.max(20, Math.floor(2e7 / size));
  }

  comparisons(): number {
    return Math.log2(this.keys.length + 1);
  }
}

/** With the entries in an array beside it: finds the entry and uses it, as a map's caller does. */
export class SortedArray extends SortedKeys {
  readonly #entries: VmMapEntry[];

  constructor(size: number) {
    super(size);
    this.#entries = this.keys.map(newEntry);
  }

  override lookUp(va: number): void {
    this.found += this.#entries[floor(this.keys, va)]!.protection;
  }

  override insert(start: number): void {
    const index = floor(this.keys, start) + 1;
    this.keys.splice(index, 0, start);
    this.#entries.splice(index, 0, newEntry(start));
  }

  override remove(start: number): void {
    const index = floor(this.keys, start);
    this.keys.splice(index, 1);
    this.#entries.splice(index, 1);
  }
}

/** A well-known ordered map of JavaScript. */
export class SortedBtree implements Peer {
  readonly #tree = new BTree<number, VmMapEntry>();
  readonly #size: number;
  found = 0;

  constructor(size: number) {
    this.#size = size;
    for (const start of starts(size)) this.#tree.set(start, newEntry(start));
  }

  lookUp(va: number): void {
    this.found += this.#tree.nextLowerPair(va)![1].protection;
  }

  insert(start: number): void {
    this.#tree.set(start, newEntry(start));
  }

  remove(start: number): void {
    this.#tree.delete(start);
  }

  affordable(): number {
    return Infinity;
  }

  comparisons(places: readonly number[]): number {
    let count = 0;
    const counting = new BTree<number, null>(undefined, (a, b) => {
      count += 1;
      return a - b;
    });
    for (const start of starts(this.#size)) counting.set(start, null);
    count = 0;
    for (const va of places) counting.nextLowerPair(va);
    return count / places.length;
  }
}
