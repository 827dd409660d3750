import { describe, expect, it } from "vitest";
import type { VmObject } from "../../../vm/object/object.js";
import { vmMapFork } from "../../../vm/map/fork.js";
import { vmMapDeallocate } from "../../../vm/map/lifecycle.js";
import { PAGE, vmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;
const PAGES = 8;
const GENERATIONS = 2000;

function depth(object: VmObject | null): number {
  let links = 0;
  for (let at = object?.shadow ?? null; at !== null; at = at.shadow) links++;
  return links;
}

describe("a line of 2,000 generations, each of which writes one page", () => {
  it("has chains no longer than one link, and leaves nothing behind", () => {
    const w = vmWorld({ pages: 128 });
    const free = w.system.pages.free.count;
    const live = w.system.objects.live.size;
    let map = w.newMap();
    w.allocateAt(map, BASE, PAGES * PAGE);
    for (let i = 0; i < PAGES; i++) w.write(map, BASE + i * PAGE, [i]);
    let deepest = 0;
    for (let n = 0; n < GENERATIONS; n++) {
      const child = w.finish(vmMapFork(map, 0, "child"));
      if (child === null) throw new Error("no memory for a child");
      w.maps.delete(map);
      w.maps.add(child);
      w.poke(child, BASE + (n % PAGES) * PAGE, n % 251);
      w.finish(vmMapDeallocate(map));
      // The parent's death leaves the child alone with what both had: the next write merges it.
      deepest = Math.max(deepest, depth(w.objectAt(child, BASE)));
      map = child;
      if (n % 200 === 0) w.check();
    }
    expect(deepest).toBe(1);
    w.check();
    for (let i = 0; i < PAGES; i++) {
      expect(w.read(map, BASE + i * PAGE, 1)).toEqual(
        Uint8Array.of((GENERATIONS - PAGES + i) % 251),
      );
    }
    w.exit(map);
    expect(w.system.pages.free.count).toBe(free);
    expect(w.system.objects.live.size).toBe(live);
  });

  it("has chains as long as the ancestors that live, in less memory than all of them use", () => {
    const w = vmWorld({ pages: 256 });
    const free = w.system.pages.free.count;
    const maps = [w.newMap()];
    w.allocateAt(maps[0]!, BASE, PAGES * PAGE);
    for (let i = 0; i < PAGES; i++) w.write(maps[0]!, BASE + i * PAGE, [i]);
    for (let n = 0; n < 40; n++) {
      const child = w.finish(vmMapFork(maps[n]!, 0, "child"));
      if (child === null) throw new Error("no memory for a child");
      w.maps.add(child);
      w.poke(child, BASE + (n % PAGES) * PAGE, 100 + n);
      maps.push(child);
    }
    w.check();
    const last = maps.at(-1)!;
    // After eight writes a generation has all eight pages of its own line: what is further up is
    // bypassed only where every page is covered, which a single page's object never is.
    expect(depth(w.objectAt(last, BASE))).toBe(40);
    w.pageout();
    expect(w.system.counters.compressions).toBeGreaterThan(0);
    for (let i = 0; i < PAGES; i++) {
      expect(w.read(last, BASE + i * PAGE, 1)).toEqual(Uint8Array.of(100 + 32 + i));
      expect(w.read(maps[0]!, BASE + i * PAGE, 1)).toEqual(Uint8Array.of(i));
    }
    for (const map of maps) w.exit(map);
    expect(w.system.pages.free.count).toBe(free);
    expect(w.system.compressor.pagesCompressed).toBe(0);
  });
});
