import sortedBtree from "sorted-btree";
import { runNow } from "../../vm/blocking.js";
import { vmMapRemove } from "../../vm/map/delete.js";
import { vmMapEnter } from "../../vm/map/enter.js";
import { VmMapEntry } from "../../vm/map/entry.js";
import { vmMapEntryAt } from "../../vm/map/find.js";
import { vmkFlagsAnywhere, vmkFlagsFixed } from "../../vm/map/flags.js";
import { vmMapFork } from "../../vm/map/fork.js";
import type { VmMap } from "../../vm/map/map.js";
import { vmMapProtect } from "../../vm/map/protect.js";
import { vmObjectAllocate } from "../../vm/object/index.js";
import { SeededRandom } from "../../vm/random.js";
import {
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_DEFAULT,
  VM_PROT_READ,
  type VmOffset,
} from "../../vm/types.js";
import { testSystem } from "../support/vm-buffer.js";

/**
 * `node --expose-gc --import ./register.mjs test/bench/vm-map.ts`: what map operations cost as a map
 * grows, next to a sorted array and a B+ tree doing the same lookups and insertions. Medians of
 * interleaved rounds, in processor time; absolute figures belong to the machine, the growth from row to row does not.
 */

/** CommonJS: the class is the module's default. */
const BTree = sortedBtree.default;
type BTree<K, V> = InstanceType<typeof sortedBtree.default<K, V>>;

const SIZES = [10, 1e3, 1e5, 1e6] as const;
const ROUNDS = 5;
const OPERATIONS = 2000;
/** An entry of three pages, then a gap of one. */
const ENTRY = 3 * PAGE_SIZE;
const STRIDE = 4 * PAGE_SIZE;
const BASE = PAGE_SIZE; // page zero is never used, so there is no room below

const at = (index: number): VmOffset => (BASE + index * STRIDE) as VmOffset;

/** Nanoseconds of processor time so far: others on the machine do not count. */
function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Nanoseconds for one of `count` operations. */
function time(count: number, operation: (i: number) => void): number {
  const start = now();
  for (let i = 0; i < count; i++) operation(i);
  return (now() - start) / count;
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? NaN;
}

function mapOf(size: number, holes: boolean): VmMap {
  const { system } = testSystem({ pages: 64 });
  system.faultSink = null;
  const map = system.createTaskMap();
  if (map === null) throw new Error("no map");
  map.lockExclusive();
  for (let i = 0; i < size; i++) {
    const entry = new VmMapEntry(at(i), (at(i) + ENTRY) as VmOffset);
    entry.protection = VM_PROT_DEFAULT;
    entry.maxProtection = VM_PROT_DEFAULT;
    entry.usePmap = true;
    map.link(map.lastEntry, entry);
  }
  if (!holes) map.disableHoleOptimization();
  map.unlockExclusive();
  return map;
}

type Row = Record<string, number>;

/** One round of everything on a map; leaves it as it was. */
function mapRound(map: VmMap, size: number, random: SeededRandom): Row {
  const picks = Array.from({ length: OPERATIONS }, () => random.next32() % size);
  const pick = (i: number): number => picks[i]!;
  const fixed = vmkFlagsFixed();
  const anywhere = vmkFlagsAnywhere();
  const gapOf = (i: number): VmOffset => (at(pick(i)) + ENTRY) as VmOffset;
  const row: Row = {};
  map.lockShared();
  row["look up"] = time(OPERATIONS, (i) => void vmMapEntryAt(map, (at(pick(i)) + 5) as VmOffset));
  map.unlockShared();
  let entered = 0;
  row["enter fixed"] = time(OPERATIONS, (i) => {
    const request = { address: gapOf(i), size: PAGE_SIZE, flags: fixed };
    if (runNow(vmMapEnter(map, request)).kr === KERN_SUCCESS) entered += 1;
  });
  row["delete"] = time(OPERATIONS, (i) => {
    runNow(vmMapRemove(map, gapOf(i), (gapOf(i) + PAGE_SIZE) as VmOffset));
  });
  if (entered === 0) throw new Error("nothing was entered");
  const found: VmOffset[] = [];
  row["enter anywhere"] = time(OPERATIONS, () => {
    // Larger than any gap but the last.
    const request = { address: 0 as VmOffset, size: 2 * PAGE_SIZE, flags: anywhere };
    const made = runNow(vmMapEnter(map, request));
    if (made.kr === KERN_SUCCESS) found.push(made.address);
  });
  const low = Math.min(...found) as VmOffset;
  runNow(vmMapRemove(map, low, (low + OPERATIONS * 2 * PAGE_SIZE) as VmOffset));
  row["protect-clip"] = time(OPERATIONS, (i) => {
    const start = (at(pick(i)) + PAGE_SIZE) as VmOffset;
    runNow(vmMapProtect(map, start, (start + PAGE_SIZE) as VmOffset, VM_PROT_READ, false));
  });
  for (let i = 0; i < OPERATIONS; i++) {
    const start = at(pick(i));
    runNow(vmMapProtect(map, start, (start + ENTRY) as VmOffset, VM_PROT_DEFAULT, false));
  }
  if (map.nentries !== size) throw new Error("the map did not come back to what it was");
  return row;
}

function arrayRound(keys: number[], size: number, random: SeededRandom): Row {
  const picks = Array.from({ length: OPERATIONS }, () => random.next32() % size);
  const floor = (key: number): number => {
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  const few = Math.min(OPERATIONS, Math.max(20, Math.floor(2e7 / size)));
  return {
    "look up": time(OPERATIONS, (i) => void floor(at(picks[i]!) + 5)),
    "enter fixed": time(few, (i) => {
      const key = at(picks[i]!) + ENTRY;
      keys.splice(floor(key) + 1, 0, key);
    }),
    delete: time(few, (i) => void keys.splice(floor(at(picks[i]!) + ENTRY), 1)),
  };
}

function treeRound(tree: BTree<number, number>, size: number, random: SeededRandom): Row {
  const picks = Array.from({ length: OPERATIONS }, () => random.next32() % size);
  return {
    "look up": time(OPERATIONS, (i) => void tree.nextLowerPair(at(picks[i]!) + 5)),
    "enter fixed": time(OPERATIONS, (i) => void tree.set(at(picks[i]!) + ENTRY, 1)),
    delete: time(OPERATIONS, (i) => void tree.delete(at(picks[i]!) + ENTRY)),
  };
}

function medians(rounds: readonly Row[]): Row {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((row) => row[name]!))]));
}

function print(title: string, rows: readonly (readonly [number, Row])[]): void {
  const names = Object.keys(rows[0]?.[1] ?? {});
  console.log(`\n${title}, nanoseconds each`);
  console.log(["entries", ...names].map((name) => name.padStart(15)).join(""));
  for (const [size, row] of rows) {
    const cells = [String(size), ...names.map((name) => row[name]!.toFixed(0))];
    console.log(cells.map((cell) => cell.padStart(15)).join(""));
  }
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function printMemory(size: number): void {
  const before = heap();
  const map = mapOf(size, true);
  const bytes = heap() - before;
  console.log(
    `\nmap of ${map.nentries} entries: ${(bytes / 2 ** 20).toFixed(0)} MB, ` +
      `${(bytes / size).toFixed(0)} bytes an entry`,
  );
}

function printFork(size: number): void {
  for (const touched of [false, true]) {
    const map = mapOf(size, true);
    if (touched) {
      for (const entry of map.entries) entry.object = vmObjectAllocate(map.context, ENTRY);
    }
    const figures = Array.from({ length: ROUNDS }, () => {
      const start = now();
      const child = runNow(vmMapFork(map));
      const each = (now() - start) / size;
      if (child?.nentries !== size) throw new Error("the child lacks entries");
      return each;
    });
    const kind = touched ? "with an object each" : "never touched";
    console.log(`fork of ${size} entries, ${kind}: ${median(figures).toFixed(0)} ns an entry`);
  }
}

async function main(): Promise<void> {
  const results = { holes: [], free: [], array: [], tree: [] } as Record<string, [number, Row][]>;
  for (const size of SIZES) {
    const maps = { holes: mapOf(size, true), free: mapOf(size, false) };
    const keys = Array.from({ length: size }, (_, i) => at(i) as number);
    const tree = new BTree<number, number>();
    for (const key of keys) tree.set(key, 1);
    const rounds: Record<string, Row[]> = { holes: [], free: [], array: [], tree: [] };
    for (let round = -1; round < ROUNDS; round++) {
      const seed = 1 + Math.abs(round);
      const rows = {
        holes: mapRound(maps.holes, size, new SeededRandom(seed)),
        free: mapRound(maps.free, size, new SeededRandom(seed)),
        array: arrayRound(keys, size, new SeededRandom(seed)),
        tree: treeRound(tree, size, new SeededRandom(seed)),
      };
      if (round < 0) continue; // for the compiler
      for (const [name, row] of Object.entries(rows)) rounds[name]!.push(row);
    }
    for (const name of Object.keys(rounds)) results[name]!.push([size, medians(rounds[name]!)]);
  }
  print("map with the hole list", results["holes"]!);
  print("map with first free", results["free"]!);
  print("sorted array", results["array"]!);
  print("sorted-btree", results["tree"]!);
  printMemory(1e6);
  printFork(1e5);
}

await main();
