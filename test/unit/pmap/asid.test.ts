import { describe, expect, it } from "vitest";
import { AsidAllocator, splitAsid } from "../../../vm/pmap/asid.js";
import { pmapCreate, pmapDestroy, pmapTtbr, type Pmap } from "../../../vm/pmap/index.js";
import { PmapBench } from "../../support/pmap-bench.js";

describe("virtual ASIDs on 8-bit hardware", () => {
  it("are split as XNU splits them", () => {
    expect(splitAsid(0)).toEqual({ hw: 1, sw: 0 });
    expect(splitAsid(254)).toEqual({ hw: 255, sw: 0 });
    expect(splitAsid(255)).toEqual({ hw: 255, sw: 255 });
    expect(splitAsid(256)).toEqual({ hw: 1, sw: 1 });
    expect(splitAsid(511)).toEqual({ hw: 254, sw: 255 });
    expect(splitAsid(2047)).toEqual({ hw: 248, sw: 255 });
  });

  it("never give two address spaces the same pair, nor the kernel's 0", () => {
    const pairs = new Set<string>();
    for (let v = 0; v < 2048; v++) {
      const { hw, sw } = splitAsid(v);
      expect(hw).toBeGreaterThan(0);
      expect(hw).toBeLessThan(256);
      pairs.add(`${hw}.${sw}`);
    }
    expect(pairs.size).toBe(2048);
  });

  it("one given back rests until the generation is used up", () => {
    const asids = new AsidAllocator();
    expect([asids.allocate(), asids.allocate(), asids.allocate()]).toEqual([0, 1, 2]);
    asids.free(1);
    for (let v = 3; v < 2048; v++) expect(asids.allocate()).toBe(v);
    expect(asids.generation).toBe(0);
    expect(asids.allocate()).toBe(1);
    expect(asids.generation).toBe(1);
    expect(asids.allocate()).toBe(null);
    expect(asids.inUse).toBe(2048);
    asids.free(7);
    asids.free(5);
    expect(asids.allocate()).toBe(5); // free and not yet used in this generation
    asids.free(5);
    expect([asids.allocate(), asids.allocate()]).toEqual([7, 5]);
  });

  it("giving one back twice is a bug", () => {
    const asids = new AsidAllocator();
    asids.free(asids.allocate()!);
    expect(() => {
      asids.free(0);
    }).toThrow("ASID is not taken");
  });
});

describe("16-bit ASIDs", () => {
  it("are hardware ASIDs one to one, next fit", () => {
    const asids = new AsidAllocator(16);
    expect(asids.count).toBe(65535);
    expect([asids.allocate(), asids.allocate()]).toEqual([0, 1]);
    asids.free(0);
    expect(asids.allocate()).toBe(2);
    expect(asids.split(2)).toEqual({ hw: 3, sw: 0 });
    expect(asids.split(65534)).toEqual({ hw: 65535, sw: 0 });
    for (let v = 3; v < 65535; v++) asids.allocate();
    expect(asids.allocate()).toBe(0); // wraps to the one given back
    expect(asids.allocate()).toBe(null);
  });

  it("fill the top of TTBR0", () => {
    const bench = new PmapBench(4, 8, { asidBits: 16 });
    for (let i = 0; i < 299; i++) bench.system.asids.allocate();
    const pmap = pmapCreate(bench.system)!;
    expect(pmap.hwAsid).toBe(300);
    expect(pmapTtbr(pmap)).toEqual({ lo: pmap.root, hi: 300 * 0x1_0000 });
  });
});

describe("address spaces that share a hardware ASID", () => {
  it("are told apart when they take turns, and only then", () => {
    const bench = new PmapBench(4, 8);
    const first = bench.user(); // virtual 0: hardware 1, software 0
    const between: (number | null)[] = [];
    for (let v = 1; v < 256; v++) between.push(bench.system.asids.allocate());
    const second = bench.user(); // virtual 256: hardware 1, software 1
    expect([first.hwAsid, first.swAsid]).toEqual([1, 0]);
    expect([second.hwAsid, second.swAsid]).toEqual([1, 1]);
    const ttbr = (pmap: Pmap): string => `ttbr0 ${(2 ** 48 + pmap.root).toString(16)}`;
    expect(bench.activate(first)).toEqual(["tg0 2", ttbr(first)]);
    bench.tlb.takeText();
    expect(bench.activate(second)).toEqual(["park", "tg0 2", ttbr(second)]);
    expect(bench.tlb.takeText()).toEqual(["isb", "aside1is 1", "dsb ish", "isb"]);
    expect(bench.activate(second)).toEqual(["tg0 2", ttbr(second)]);
    expect(bench.activate(first)).toEqual(["park", "tg0 2", ttbr(first)]);
    for (const v of between) bench.system.asids.free(v!);
    bench.check();
    pmapDestroy(first);
    pmapDestroy(second);
    bench.check();
  });
});
