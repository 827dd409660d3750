import { runNow } from "../../vm/blocking.js";
import { vmMapRemove } from "../../vm/map/delete.js";
import { vmMapEnter } from "../../vm/map/enter.js";
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
  newEntry,
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

/** Maps of a size: so many that each operation of a round has an entry to itself. */
function mapsOf(size: number, holes: boolean): VmMap[] {
  const { system } = testSystem({ pages: size < OPERATIONS ? 4096 : 64 });
  system.faultSink = null;
  return Array.from({ length: Math.ceil(OPERATIONS / size) }, () => {
    const map = system.createTaskMap();
    if (map === null) throw new Error("no map");
    map.lockExclusive();
    for (let i = 0; i < size; i++) {
      const entry = newEntry(at(i));
      entry.maxProtection = VM_PROT_DEFAULT;
      entry.usePmap = true;
      map.link(map.lastEntry, entry);
    }
    if (!holes) map.disableHoleOptimization();
    map.unlockExclusive();
    return map;
  });
}

/** Different numbers below `count`, in no order. */
function different(count: number, wanted: number, random: SeededRandom): number[] {
  const found = new Set<number>();
  while (found.size < wanted) found.add(random.next32() % count);
  return [...found];
}

/** One round of everything on maps of a size; leaves them as they were. */
function mapRound(maps: readonly VmMap[], size: number, random: SeededRandom): Row {
  const picks = different(size * maps.length, OPERATIONS, random);
  const mapFor = (i: number): VmMap => maps[Math.floor(picks[i]! / size)]!;
  const placeFor = (i: number): VmOffset => at(picks[i]! % size);
  const gapFor = (i: number): VmOffset => (placeFor(i) + ENTRY) as VmOffset;
  const fixed = vmkFlagsFixed();
  const anywhere = vmkFlagsAnywhere();
  const succeed = (kr: number): void => {
    if (kr !== KERN_SUCCESS) throw new Error(`failed: ${kr}`);
  };
  const row: Row = {};
  const map = maps[0]!;
  map.lockShared();
  let sum = 0; // the entry that is found is used
  const places = picks.map((_, i) => (placeFor(i) + 5) as VmOffset);
  const lookUp = (i: number): void => {
    sum += vmMapEntryAt(map, places[i]!)!.protection;
  };
  row["look up"] = time(OPERATIONS, lookUp);
  row["look up again"] = time(OPERATIONS, (i) => lookUp(i % REPEATED));
  map.unlockShared();
  if (sum !== 2 * OPERATIONS * VM_PROT_DEFAULT) throw new Error("something else was found");
  row["enter fixed"] = time(OPERATIONS, (i) => {
    const request = { address: gapFor(i), size: PAGE_SIZE, flags: fixed };
    succeed(runNow(vmMapEnter(mapFor(i), request)).kr);
  });
  row["delete"] = time(OPERATIONS, (i) => {
    succeed(runNow(vmMapRemove(mapFor(i), gapFor(i), (gapFor(i) + PAGE_SIZE) as VmOffset)));
  });
  row["enter anywhere"] = time(OPERATIONS, (i) => {
    // Larger than any gap but the last.
    const request = { address: at(0), size: 2 * PAGE_SIZE, flags: anywhere };
    succeed(runNow(vmMapEnter(mapFor(i), request)).kr);
  });
  for (const each of maps) {
    runNow(vmMapRemove(each, (at(size - 1) + ENTRY) as VmOffset, each.maxOffset));
  }
  const protect = (i: number, from: number, size: number, prot: number): void => {
    const start = (placeFor(i) + from) as VmOffset;
    succeed(runNow(vmMapProtect(mapFor(i), start, (start + size) as VmOffset, prot, false)));
  };
  row["protect-clip"] = time(OPERATIONS, (i) => protect(i, PAGE_SIZE, PAGE_SIZE, VM_PROT_READ));
  row["protect-merge"] = time(OPERATIONS, (i) => protect(i, 0, ENTRY, VM_PROT_DEFAULT));
  if (maps.some((each) => each.nentries !== size)) throw new Error("a map is not what it was");
  return row;
}

function peerRound(peer: Peer, size: number, random: SeededRandom): Row {
  const picks = different(Math.max(size, OPERATIONS), OPERATIONS, random).map((n) => n % size);
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
  const map = mapsOf(size, true)[0]!;
  const bytes = heap() - before;
  console.log(
    `\nmap of ${map.nentries} entries: ${(bytes / 2 ** 20).toFixed(0)} MB, ` +
      `${(bytes / size).toFixed(0)} bytes an entry`,
  );
}

function printFork(size: number): void {
  for (const touched of [false, true]) {
    const map = mapsOf(size, true)[0]!;
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
  const holes = mapsOf(size, true);
  const free = mapsOf(size, false);
  const peer = (made: Peer): [(random: SeededRandom) => Row, () => number] => [
    (random) => peerRound(made, size, random),
    () => made.comparisons(Array.from({ length: REPEATED }, (_, i) => at((i * 7919) % size) + 5)),
  ];
  return {
    "map with the hole list": [
      (random) => mapRound(holes, size, random),
      () => holes[0]!.tree.comparisons,
    ],
    "map with first free": [
      (random) => mapRound(free, size, random),
      () => free[0]!.tree.comparisons,
    ],
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
