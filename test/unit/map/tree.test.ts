import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VmMapEntry } from "../../../vm/map/entry.js";
import { EntryTree } from "../../../vm/map/store/tree.js";
import { KernelPanic } from "../../../vm/types.js";
import { SeededRandom } from "../../../vm/random.js";
import { PAGE, va } from "../../support/vm-world.js";

/** A tree and the sorted array it must agree with. */
class Pair {
  readonly tree = new EntryTree();
  readonly entries: VmMapEntry[] = [];

  /** Index of the first entry that begins above `at`. */
  #above(at: number): number {
    const index = this.entries.findIndex(({ start }) => start > at);
    return index < 0 ? this.entries.length : index;
  }

  insert(start: number, end: number): void {
    const entry = new VmMapEntry(va(start), va(end));
    this.tree.insert(entry);
    this.entries.splice(this.#above(start), 0, entry);
  }

  remove(index: number): void {
    const [entry] = this.entries.splice(index, 1);
    this.tree.remove(entry!);
  }

  /** Let an entry give up a page at one of its ends, or take a free one. */
  move(index: number, atStart: boolean, up: boolean): void {
    const entry = this.entries[index]!;
    const { start, end } = entry;
    const by = up ? PAGE : -PAGE;
    const low = this.entries[index - 1]?.end ?? 0;
    const high = this.entries[index + 1]?.start ?? Infinity;
    if (atStart && start + by >= low && start + by < end) {
      entry.start = va(start + by);
      this.tree.startMoved(entry, start);
    } else if (!atStart && end + by > start && end + by <= high) {
      entry.end = va(end + by);
      this.tree.endMoved(entry);
    }
  }

  gapBelow(index: number): number {
    return index === 0 ? 0 : this.entries[index]!.start - this.entries[index - 1]!.end;
  }

  compareAt(at: number, size: number): void {
    const index = this.#above(at) - 1;
    const floor = this.entries[index] ?? null;
    expect(this.tree.floor(va(at))).toBe(floor);
    expect(this.tree.find(va(at))).toBe(floor !== null && at < floor.end ? floor : null);
    if (floor === null) return;
    const next = this.entries.find((_, i) => i > index && this.gapBelow(i) >= size);
    expect(this.tree.nextWithGap(floor, size)).toBe(next ?? null);
    const last = this.entries.findLast((_, i) => i <= index && this.gapBelow(i) >= size);
    expect(this.tree.lastWithGap(floor, size)).toBe(last ?? null);
  }
}

/** Entries that fill a tree, in slots of ten pages. */
const SLOT = 10 * PAGE;

function filled(count: number, order: "up" | "down" | "mixed", random: SeededRandom): Pair {
  const pair = new Pair();
  const slots = Array.from({ length: count }, (_, i) => (order === "down" ? count - 1 - i : i));
  if (order === "mixed") {
    for (let i = count - 1; i > 0; i--) {
      const j = random.next32() % (i + 1);
      [slots[i], slots[j]] = [slots[j]!, slots[i]!];
    }
  }
  for (const slot of slots) {
    const start = slot * SLOT + (1 + (random.next32() % 3)) * PAGE;
    pair.insert(start, start + (1 + (random.next32() % 6)) * PAGE);
  }
  return pair;
}

describe("the tree of entries", () => {
  it("agrees with a sorted array while it grows, changes and shrinks", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 15, 16, 17, 100, 1025, 1500),
        fc.constantFrom("up" as const, "down" as const, "mixed" as const),
        fc.integer({ min: 1 }),
        (count, order, seed) => {
          const random = new SeededRandom(seed);
          const below = (n: number): number => random.next32() % n;
          const pair = filled(count, order, random);
          pair.tree.assertConsistent(pair.entries);
          for (let step = 0; step < 200 && pair.entries.length > 0; step++) {
            const index = below(pair.entries.length);
            const kind = below(4);
            const end = pair.entries[index]!.end;
            if (kind === 0) pair.remove(index);
            else if (kind < 3) pair.move(index, below(2) === 0, below(2) === 0);
            else if (pair.gapBelow(index + 1 < pair.entries.length ? index + 1 : 0) >= PAGE) {
              pair.insert(end, end + PAGE);
            }
            if (step % 20 === 0) pair.tree.assertConsistent(pair.entries);
            pair.compareAt(below(count * 10 + 5) * PAGE + below(2), (1 + below(9)) * PAGE);
          }
          // A single large gap, then none.
          if (pair.entries.length > 4) {
            const from = below(pair.entries.length - 2);
            for (let i = below(pair.entries.length - from - 1); i > 0; i--) pair.remove(from + 1);
            pair.tree.assertConsistent(pair.entries);
            for (const { start } of [pair.entries[0]!, pair.entries.at(-1)!]) {
              pair.compareAt(start, 11 * PAGE);
              pair.compareAt(start, 1e6 * PAGE);
            }
          }
          while (pair.entries.length > 0) {
            pair.remove(below(pair.entries.length));
            if (below(100) === 0) pair.tree.assertConsistent(pair.entries);
          }
          pair.tree.assertConsistent([]);
          expect(pair.tree.floor(va(2 ** 46))).toBe(null);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("grows in height by the logarithm, whatever the order", () => {
    for (const order of ["up", "down", "mixed"] as const) {
      const heights = [1, 10, 100, 1500].map(
        (count) => (filled(count, order, new SeededRandom(count)).tree.comparisons - 15) / 14,
      );
      expect(heights).toEqual([0, 0, 1, 2]);
    }
  });

  it("refuses what is empty or overlaps, across leaves too", () => {
    const pair = filled(40, "up", new SeededRandom(1));
    const [first] = pair.entries;
    const attempt = (start: number, end: number) => (): void =>
      pair.tree.insert(new VmMapEntry(va(start), va(end)));
    expect(attempt(0, 0)).toThrow(KernelPanic);
    expect(attempt(0, first!.start + PAGE)).toThrow(KernelPanic);
    for (let i = 0; i + 1 < pair.entries.length; i++) {
      const { start, end } = pair.entries[i]!;
      expect(attempt(start, end)).toThrow(KernelPanic);
      expect(attempt(end - PAGE, end + PAGE)).toThrow(KernelPanic);
      expect(attempt(end, pair.entries[i + 1]!.start + PAGE)).toThrow(KernelPanic);
    }
    pair.tree.assertConsistent(pair.entries);
    expect(() => pair.tree.remove(new VmMapEntry(va(0), va(PAGE)))).toThrow(KernelPanic);
  });

  it("finds kernel addresses and those above 4 GiB, which entries keep in halves", () => {
    const addresses = [
      -(2 ** 47),
      -(2 ** 32) - PAGE,
      -(2 ** 31),
      -PAGE,
      0,
      2 ** 31,
      2 ** 32,
      2 ** 47,
    ];
    const tree = new EntryTree();
    const entries = addresses.map((start) => new VmMapEntry(va(start), va(start + PAGE)));
    for (const entry of entries) tree.insert(entry);
    expect(entries.map(({ start }) => start)).toEqual(addresses);
    expect(entries.map(({ end }) => end)).toEqual(addresses.map((start) => start + PAGE));
    for (const [i, start] of addresses.entries()) {
      expect(tree.find(va(start + PAGE - 1))).toBe(entries[i]);
      expect(tree.find(va(start - 1))).toBe(
        addresses[i - 1] === start - PAGE ? entries[i - 1] : null,
      );
    }
    tree.assertConsistent(entries);
  });
});
