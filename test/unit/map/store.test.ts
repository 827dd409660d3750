import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vmMapAssertConsistent } from "../../../vm/map/consistent.js";
import { VmMapEntry } from "../../../vm/map/entry.js";
import { vmMapClipEnd } from "../../../vm/map/clip.js";
import { vmMapCreate } from "../../../vm/map/lifecycle.js";
import type { VmMap } from "../../../vm/map/map.js";
import { vmMapSimplifyEntry } from "../../../vm/map/simplify.js";
import { KernelPanic } from "../../../vm/types.js";
import { testSystem } from "../../support/vm-buffer.js";
import { PAGE, va } from "../../support/vm-world.js";

/** Small enough that steps often meet. */
const PAGES = 48;
const { system } = testSystem();

function newMap(): VmMap {
  const map = vmMapCreate(system, null, va(0), va(PAGES * PAGE));
  return map;
}

/** Which entry each page belongs to, 0 for none: the whole truth about a map's layout. */
class FlatMap {
  readonly owner = new Array<number>(PAGES).fill(0);
  /** Page offset of each entry's memory: entries merge where it continues. */
  readonly offsets = new Map<number, number>();
  #next = 1;

  isFree(from: number, to: number): boolean {
    return this.owner.slice(from, to).every((id) => id === 0);
  }

  add(from: number, to: number, offset: number): void {
    this.offsets.set(this.#next, offset);
    this.owner.fill(this.#next++, from, to);
  }

  clear(from: number, to: number): void {
    this.owner.fill(0, from, to);
  }

  offsetAt(page: number): number {
    return this.offsets.get(this.owner[page] ?? 0) ?? NaN;
  }

  /** [from, to) of the entry with this page, or null. */
  extent(page: number): [number, number] | null {
    const id = this.owner[page];
    if (id === undefined || id === 0) return null;
    return [this.owner.indexOf(id), this.owner.lastIndexOf(id) + 1];
  }

  ranges(): [number, number][] {
    const found: [number, number][] = [];
    for (let page = 0; page < PAGES;) {
      const extent = this.extent(page);
      if (extent !== null) found.push(extent);
      page = extent?.[1] ?? page + 1;
    }
    return found;
  }

  gaps(): [number, number][] {
    const found: [number, number][] = [];
    let from = 0;
    for (const [start, end] of this.ranges()) {
      if (from < start) found.push([from, start]);
      from = end;
    }
    found.push([from, Infinity]);
    return found;
  }
}

type Step = {
  readonly kind: "link" | "unlink" | "clip" | "merge" | "extend";
  a: number;
  b: number;
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("link", "link", "unlink", "clip", "merge", "extend"),
  a: fc.nat(PAGES - 1),
  b: fc.integer({ min: 1, max: 8 }),
});

/** Do the step to both if the map's rules allow it. */
function apply(map: VmMap, flat: FlatMap, { kind, a, b }: Step): void {
  const at = va(a * PAGE);
  const entry = map.tree.floor(at);
  const here = entry !== null && at < entry.end ? entry : null;
  const extent = flat.extent(a);
  expect(here === null).toBe(extent === null);
  if (kind === "link") {
    const end = Math.min(a + b, PAGES);
    if (!flat.isFree(a, end)) return;
    map.link(entry, new VmMapEntry(at, va(end * PAGE)));
    flat.add(a, end, 0);
  } else if (here === null || extent === null) {
    return;
  } else if (kind === "unlink") {
    map.unlink(here);
    flat.clear(...extent);
  } else if (kind === "clip") {
    if (a <= extent[0]) return;
    vmMapClipEnd(map, here, at);
    flat.add(a, extent[1], flat.offsetAt(a) + a - extent[0]);
  } else if (kind === "merge") {
    vmMapSimplifyEntry(map, here);
    const below = flat.extent(extent[0] - 1);
    if (below === null) return;
    const offset = flat.offsetAt(below[0]);
    if (offset + extent[0] - below[0] === flat.offsetAt(a)) flat.add(below[0], extent[1], offset);
  } else {
    const end = Math.min(extent[1] + b, PAGES);
    if (!flat.isFree(extent[1], end) || end === extent[1]) return;
    map.extend(here, va(end * PAGE));
    flat.owner.fill(flat.owner[a] ?? 0, extent[1], end);
  }
}

function compare(map: VmMap, flat: FlatMap): void {
  vmMapAssertConsistent(map);
  const ranges = Array.from(map.entries, ({ start, end }) => [start / PAGE, end / PAGE]);
  expect(ranges).toEqual(flat.ranges());
  for (let page = 0; page < PAGES; page++) {
    const entry = map.tree.floor(va(page * PAGE + 5));
    const found = entry !== null && page * PAGE < entry.end;
    expect(found ? [entry.start / PAGE, entry.end / PAGE] : null).toEqual(flat.extent(page));
  }
  if (map.holes === null) return;
  const holes = [...map.holes].map(({ start, end }) => [start / PAGE, end / PAGE]);
  const ceiling = map.holeCeiling / PAGE;
  expect(holes).toEqual(flat.gaps().map(([from, to]) => [from, Math.min(to, ceiling)]));
  for (let page = 0; page < PAGES; page++) {
    const next = flat.gaps().find(([, to]) => to > page);
    expect(map.holes.firstEndingAbove(va(page * PAGE))?.start).toBe((next?.[0] ?? NaN) * PAGE);
  }
}

describe("the entries of a map", () => {
  it("agree with a flat array after any steps: list, tree and holes", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), fc.boolean(), (steps, holes) => {
        const map = newMap();
        const flat = new FlatMap();
        for (const one of steps) {
          map.lockExclusive();
          if (!holes) map.disableHoleOptimization();
          apply(map, flat, one);
          map.unlockExclusive();
          vmMapAssertConsistent(map);
        }
        compare(map, flat);
      }),
      { numRuns: 300 },
    );
  });

  it("stay a balanced tree in every order of insertion and removal", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...Array(PAGES).keys()], { minLength: PAGES }),
        fc.shuffledSubarray([...Array(PAGES).keys()], { minLength: PAGES }),
        (inserts, removals) => {
          const map = newMap();
          map.lockExclusive();
          for (const page of inserts) {
            const entry = new VmMapEntry(va(page * PAGE), va((page + 1) * PAGE));
            map.link(map.tree.floor(va(page * PAGE)), entry);
          }
          map.unlockExclusive();
          vmMapAssertConsistent(map);
          expect(map.nentries).toBe(PAGES);
          removals.forEach((page, i) => {
            map.lockExclusive();
            const entry = map.tree.floor(va(page * PAGE));
            if (entry !== null) map.unlink(entry);
            map.unlockExclusive();
            if (i % 8 === 0) vmMapAssertConsistent(map);
          });
          vmMapAssertConsistent(map);
          expect(map.tree.floor(va(PAGES * PAGE))).toBe(null);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("panic rather than overlap or be empty", () => {
    const map = newMap();
    map.lockExclusive();
    map.link(null, new VmMapEntry(va(4 * PAGE), va(6 * PAGE)));
    const overlapping = new VmMapEntry(va(5 * PAGE), va(7 * PAGE));
    expect(() => map.link(map.firstEntry, overlapping)).toThrow(KernelPanic);
    const empty = new VmMapEntry(va(PAGE), va(PAGE));
    expect(() => map.link(null, empty)).toThrow(KernelPanic);
    map.unlockExclusive();
  });
});
