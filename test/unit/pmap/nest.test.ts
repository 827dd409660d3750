import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  PMAP_UNNEST_CLEAN,
  pmapDestroy,
  pmapEnter,
  pmapFindPhys,
  pmapForkNest,
  pmapLeaveSharedRegion,
  pmapNest,
  pmapProtect,
  pmapRemove,
  pmapSetNested,
  pmapSetSharedRegion,
  pmapSharedRegionSizeMin,
  pmapTrim,
  pmapTtbr,
  pmapUnnest,
  type Pmap,
} from "../../../vm/pmap/index.js";
import {
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  KernelPanic,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
  type VmProt,
} from "../../../vm/types.js";
import { PmapBench } from "../../support/pmap-bench.js";

const RX: VmProt = VM_PROT_READ | VM_PROT_EXECUTE;
const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;
const TWIG = 2 ** 25;
const START = 0x1_8000_0000 as VmOffset; // the shared region of arm64
const NG = 1n << 11n;
const SYNC = ["dsb ish", "isb"];

let bench: PmapBench;
let region: Pmap;
let a: Pmap;
let b: Pmap;

beforeEach(() => {
  bench = new PmapBench(32, 40);
  region = bench.user();
  pmapSetNested(region);
  a = bench.user();
  b = bench.user();
  for (const pmap of [a, b]) {
    pmapSetSharedRegion(pmap, region, START, 4 * TWIG);
    expect(pmapNest(pmap, region, START, 4 * TWIG)).toBe(KERN_SUCCESS);
  }
  bench.tlb.takeText();
});
afterEach(() => bench.check());

function at(twig: number, page = 0): VmOffset {
  return (START + twig * TWIG + page * 0x4000) as VmOffset;
}

function enter(pmap: Pmap, va: VmOffset, frame: number, prot: VmProt = RX): number {
  return pmapEnter(pmap, va, bench.frame(frame), prot, 0, 0, false, 0);
}

describe("nesting a shared region", () => {
  it("gives its ASID back; it is never active", () => {
    expect(region.asid).toBe(-1);
    expect(bench.system.asids.inUse).toBe(2);
    expect(() => bench.activate(region)).toThrow("never active");
    expect(() => {
      pmapSetNested(region);
    }).toThrow(KernelPanic);
  });

  it("what one faults in all have, by the same global entry", () => {
    enter(region, at(1, 5), 7);
    for (const pmap of [region, a, b]) expect(pmapFindPhys(pmap, at(1, 5))).toBe(bench.frame(7));
    expect(bench.pte(a, at(1, 5)) & NG).toBe(0n);
    expect(region.ledger.physMem).toBe(0x4000);
    expect(a.ledger.physMem).toBe(0);
    pmapRemove(region, at(1, 5), at(1, 6));
    expect(pmapFindPhys(b, at(1, 5))).toBe(0);
    expect(region.tables.size).toBe(2 + 4); // leaf tables stay until it is destroyed
  });

  it("links only whole twigs, and nothing twice", () => {
    expect(pmapSharedRegionSizeMin(a)).toBe(TWIG);
    const c = bench.user();
    const bad = (start: number, bytes: number): (() => unknown) => {
      return () => pmapNest(c, region, start as VmOffset, bytes);
    };
    expect(bad(START + 0x4000, TWIG)).toThrow(KernelPanic);
    expect(bad(START, TWIG / 2)).toThrow(KernelPanic);
    expect(() => pmapNest(a, region, START, TWIG)).toThrow("is in use");
    expect(() => pmapNest(region, a, START, TWIG)).toThrow(KernelPanic);
    expect(() => pmapNest(bench.user4K(), region, START, TWIG)).toThrow("different page sizes");
    enter(c, at(0), 1);
    expect(bad(START, TWIG)).toThrow("is in use");
    pmapRemove(c, at(0), at(0, 1));
    pmapDestroy(c);
  });

  it("without memory for tables nothing is nested", () => {
    const c = bench.user();
    bench.free.length = 0;
    expect(pmapNest(c, region, START, TWIG)).toBe(KERN_RESOURCE_SHORTAGE);
    expect(pmapFindPhys(c, at(0))).toBe(0);
    expect(c.nested).toBe(null);
  });

  it("nothing writable goes in, nothing goes in through a parent, nothing out", () => {
    expect(() => enter(region, at(0), 1, RW)).toThrow(KernelPanic);
    expect(() => enter(a, at(0), 1)).toThrow(KernelPanic);
    enter(region, at(0), 1);
    expect(() => {
      pmapRemove(a, at(0), at(0, 1));
    }).toThrow("is a shared region's");
    expect(() => {
      pmapProtect(a, at(0), at(0, 1), VM_PROT_READ);
    }).toThrow("is a shared region's");
    pmapRemove(a, at(0, 1), at(3)); // where nothing is mapped
    expect(pmapFindPhys(a, at(0))).toBe(bench.frame(1));
  });

  it("holds one reference for each that shows it", () => {
    expect(region.refCount).toBe(3);
    pmapDestroy(a);
    expect(region.refCount).toBe(2);
    pmapDestroy(b);
    pmapDestroy(region);
    expect(bench.system.pmaps.size).toBe(1);
    expect(bench.free.length).toBe(39);
  });

  it("a region with mappings cannot be destroyed", () => {
    const c = bench.user();
    pmapSetNested(c);
    enter(c, at(0), 1);
    expect(() => {
      pmapDestroy(c);
    }).toThrow(KernelPanic);
    c.refCount = 1;
  });
});

describe("unnesting", () => {
  it("makes what others keep local, for all ASIDs, then cuts the links", () => {
    enter(region, at(1), 1);
    enter(region, at(2), 2);
    bench.tlb.takeText();
    pmapUnnest(a, at(1), TWIG);
    const start = at(1).toString(16);
    expect(bench.tlb.takeText()).toEqual([
      ...["dsb ishst", `rvaale1is ${start}+2000000`, ...SYNC],
      ...["dsb ishst", `rvae1is ${start}+2000000 asid ${a.hwAsid}`, ...SYNC],
    ]);
    expect(pmapFindPhys(a, at(1))).toBe(0);
    expect(pmapFindPhys(b, at(1))).toBe(bench.frame(1));
    expect(bench.pte(b, at(1)) & NG).toBe(NG);
    expect(bench.pte(b, at(2)) & NG).toBe(0n);
  });

  it("future mappings of the twig are local, too", () => {
    pmapUnnest(a, at(1), TWIG);
    enter(region, at(1, 3), 3);
    enter(region, at(0, 3), 4);
    expect(bench.pte(b, at(1, 3)) & NG).toBe(NG);
    expect(bench.pte(b, at(0, 3)) & NG).toBe(0n);
  });

  it("leaves room for mappings of its own", () => {
    enter(region, at(1), 1);
    pmapUnnest(a, at(1), TWIG);
    enter(a, at(1), 9, RW);
    expect(pmapFindPhys(a, at(1))).toBe(bench.frame(9));
    expect(pmapFindPhys(b, at(1))).toBe(bench.frame(1));
    pmapRemove(a, at(1), at(1, 1));
  });

  it("CLEAN, of a pmap that goes away, leaves the others' mappings global", () => {
    enter(region, at(1), 1);
    bench.tlb.takeText();
    pmapUnnest(a, START, 4 * TWIG, PMAP_UNNEST_CLEAN);
    expect(bench.tlb.takeText().filter((op) => op.startsWith("rvaa"))).toEqual([]);
    expect(bench.pte(b, at(1)) & NG).toBe(0n);
  });

  it("needs whole twigs and something nested", () => {
    expect(() => {
      pmapUnnest(a, at(1, 1), TWIG);
    }).toThrow(KernelPanic);
    expect(() => {
      pmapUnnest(bench.user(), START, TWIG);
    }).toThrow(KernelPanic);
  });

  it("everything, and another region may come", () => {
    pmapUnnest(a, START, 4 * TWIG, PMAP_UNNEST_CLEAN);
    pmapLeaveSharedRegion(a);
    expect(region.refCount).toBe(2);
    const other = bench.user();
    pmapSetNested(other);
    expect(pmapNest(a, other, START, TWIG)).toBe(KERN_SUCCESS);
    expect(a.nested?.pmap).toBe(other);
  });
});

describe("trimming", () => {
  it("leaves only the true bounds, and gives back what nobody shows", () => {
    const c = bench.user();
    const wide = bench.user();
    pmapSetNested(wide);
    pmapNest(c, wide, START, 4 * TWIG);
    expect(wide.tables.size).toBe(6);
    pmapTrim(c, wide, at(1), 2 * TWIG);
    expect(wide.tables.size).toBe(4);
    expect(c.nested).toEqual({ pmap: wide, start: at(1), bytes: 2 * TWIG });
    enter(wide, at(1), 1);
    expect(pmapFindPhys(c, at(1))).toBe(bench.frame(1));
    expect(pmapFindPhys(c, at(0))).toBe(0);
    enter(c, at(0), 2, RW);
    bench.check();
    pmapRemove(c, at(0), at(0, 1));
  });

  it("while another shows all of it, its tables stay", () => {
    pmapTrim(a, region, at(1), TWIG);
    expect(region.tables.size).toBe(6);
    enter(region, at(0), 1);
    expect(pmapFindPhys(b, at(0))).toBe(bench.frame(1));
    expect(pmapFindPhys(a, at(0))).toBe(0);
    pmapRemove(region, at(0), at(0, 1));
    pmapTrim(b, region, at(1), TWIG);
    expect(region.tables.size).toBe(3);
  });
});

describe("fork and switch", () => {
  it("a child shows the parent's region, once its parts are nested", () => {
    const child = bench.user();
    pmapForkNest(a, child);
    expect(region.refCount).toBe(4);
    pmapNest(child, region, START, 4 * TWIG);
    enter(region, at(3), 1);
    expect(pmapFindPhys(child, at(3))).toBe(bench.frame(1));
    expect(region.refCount).toBe(4);
  });

  it("to one with the same region needs no invalidation; to another one, the region's range", () => {
    bench.activate(a);
    bench.tlb.takeText();
    bench.activate(b);
    expect(bench.tlb.takeText()).toEqual([]);
    const c = bench.user();
    const { lo, hi } = pmapTtbr(c);
    const ttbr = `ttbr0 ${(hi * 2 ** 32 + lo).toString(16)}`;
    expect(bench.activate(c)).toEqual(["park", "tg0 2", ttbr]);
    const all = `rvaale1is ${START.toString(16)}+8000000`;
    expect(bench.tlb.takeText()).toEqual(["isb", all, ...SYNC]);
    bench.activate(a);
    expect(bench.tlb.takeText()).toEqual([]);
  });

  it("away from a region of unknown bounds: everything", () => {
    const c = bench.user();
    const unbound = bench.user();
    pmapSetNested(unbound);
    pmapNest(c, unbound, START, TWIG);
    bench.activate(c);
    bench.tlb.takeText();
    bench.activate(a);
    expect(bench.tlb.takeText()).toEqual(["isb", "vmalle1is", ...SYNC]);
  });
});

describe("a shared region of 4 KiB pages", () => {
  it("is nested by 2 MiB", () => {
    const small = bench.user4K();
    pmapSetNested(small);
    const c = bench.user4K();
    expect(pmapNest(c, small, START, 2 ** 21)).toBe(KERN_SUCCESS);
    pmapEnter(small, (START + 0x1000) as VmOffset, bench.frame(3), RX, 0, 0, false, 0);
    expect(pmapFindPhys(c, (START + 0x1000) as VmOffset)).toBe(bench.frame(3));
    pmapUnnest(c, START, 2 ** 21);
    expect(pmapFindPhys(c, (START + 0x1000) as VmOffset)).toBe(0);
    pmapRemove(small, START, (START + 0x2000) as VmOffset);
    pmapDestroy(c);
    pmapDestroy(small);
  });
});
