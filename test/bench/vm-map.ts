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
import {
  at,
  ENTRY,
  now,
  SortedArray,
  SortedBtree,
  SortedKeys,
  time,
  type Peer,
  type Row,
} from "./vm-map-peers.js";

/**
 * `node --expose-gc --import ./register.mjs test/bench/vm-map.ts`: what map operations cost as a map
 * grows, next to sorted arrays and a B+ tree doing the same lookups and insertions. Medians of
 * interleaved rounds, in processor time. Absolute figures belong to the machine, and so does what grows because caches are too
 * small; the comparisons that a lookup makes do not, and are printed beside them.
 */

const SIZES = [10, 1e3, 1e5, 1e6] as const;
const ROUNDS = 7;
const WARM_UP_ROUNDS = 10;
const OPERATIONS = 2000;
/** Lookups of the same places, which caches hold. */
const REPEATED = 250;

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

/** One round of everything on a map; leaves it as it was. */
function mapRound(map: VmMap, size: number, random: SeededRandom): Row {
  const picks = Array.from({ length: OPERATIONS }, () => random.next32() % size);
  const pick = (i: number): number => picks[i]!;
  const fixed = vmkFlagsFixed();
  const anywhere = vmkFlagsAnywhere();
  const gapOf = (i: number): VmOffset => (at(pick(i)) + ENTRY) as VmOffset;
  const row: Row = {};
  map.lockShared();
  let sum = 0; // the entry that is found is used
  const lookUp = (i: number): void => {
    sum += vmMapEntryAt(map, (at(pick(i)) + 5) as VmOffset)!.protection;
  };
  row["look up"] = time(OPERATIONS, lookUp);
  row["look up again"] = time(OPERATIONS, (i) => lookUp(i % REPEATED));
  map.unlockShared();
  if (sum !== 2 * OPERATIONS * VM_PROT_DEFAULT) throw new Error("something else was found");
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

function peerRound(peer: Peer, size: number, random: SeededRandom): Row {
  const picks = Array.from({ length: OPERATIONS }, () => random.next32() % size);
  const places = picks.map((index) => at(index) + 5);
  const lookUp = (i: number): void => peer.lookUp(places[i]!);
  const row: Row = {
    "look up": time(OPERATIONS, lookUp),
    "look up again": time(OPERATIONS, (i) => lookUp(i % REPEATED)),
  };
  const few = Math.min(OPERATIONS, peer.affordable(size));
  row["enter fixed"] = time(few, (i) => peer.insert(at(picks[i]!) + ENTRY));
  row["delete"] = time(few, (i) => peer.remove(at(picks[i]!) + ENTRY));
  return row;
}

function medians(rounds: readonly Row[]): Row {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((row) => row[name]!))]));
}

/** Times by size; below them, how many times as fast as log n they grow. */
function print(title: string, rows: readonly Row[], comparisons: readonly number[]): void {
  const names = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): void =>
    console.log(cells.map((cell) => cell.padStart(15)).join(""));
  const growth = (figures: readonly number[]): string =>
    (figures.at(-1)! / figures[0]! / (Math.log(SIZES.at(-1)!) / Math.log(SIZES[0]))).toFixed(2);
  console.log(`\n${title}: nanoseconds each, comparisons of a lookup`);
  line(["entries", ...names, "comparisons"]);
  SIZES.forEach((size, i) => {
    const times = names.map((name) => rows[i]![name]!.toFixed(0));
    line([String(size), ...times, comparisons[i]!.toFixed(1)]);
  });
  const grown = names.map((name) => growth(rows.map((row) => row[name]!)));
  line(["growth / log n", ...grown, growth(comparisons)]);
}

function heap(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage(); // typed arrays are external
  return heapUsed + external;
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

/** What runs, for one size: each does a round, and says how many comparisons a lookup makes. */
function contenders(size: number): Record<string, [(random: SeededRandom) => Row, () => number]> {
  const holes = mapOf(size, true);
  const free = mapOf(size, false);
  const peer = (made: Peer): [(random: SeededRandom) => Row, () => number] => [
    (random) => peerRound(made, size, random),
    () => made.comparisons(Array.from({ length: REPEATED }, (_, i) => at((i * 7919) % size) + 5)),
  ];
  return {
    "map with the hole list": [
      (random) => mapRound(holes, size, random),
      () => holes.tree.comparisons,
    ],
    "map with first free": [(random) => mapRound(free, size, random), () => free.tree.comparisons],
    "sorted array of starts alone": peer(new SortedKeys(size)),
    "sorted array of starts, array of entries": peer(new SortedArray(size)),
    "sorted-btree of entries": peer(new SortedBtree(size)),
  };
}

function main(): void {
  const warm = contenders(1000);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    for (const [run] of Object.values(warm)) run(new SeededRandom(round + 1));
  }
  const all = SIZES.map(contenders);
  const rounds = all.map(() => ({}) as Record<string, Row[]>);
  for (let round = 1; round <= ROUNDS; round++) {
    all.forEach((of, i) => {
      for (const [name, [run]] of Object.entries(of)) {
        (rounds[i]![name] ??= []).push(run(new SeededRandom(round)));
      }
    });
  }
  for (const name of Object.keys(warm)) {
    const rows = rounds.map((of) => medians(of[name]!));
    print(
      name,
      rows,
      all.map((of) => of[name]![1]()),
    );
  }
  printMemory(1e6);
  printFork(1e5);
}

main();
