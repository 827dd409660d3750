import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  armFastFault,
  pmapChangeWiring,
  pmapClearRefmod,
  pmapClearRefmodRange,
  pmapDestroy,
  pmapDisconnect,
  pmapEnter,
  pmapNest,
  pmapPageProtect,
  pmapProtect,
  pmapRemove,
  pmapSetNested,
  PMAP_OPTIONS_COMPRESSOR,
  PMAP_OPTIONS_INTERNAL,
  PMAP_OPTIONS_NOFLUSH,
  VM_MEM_MODIFIED,
  VM_MEM_REFERENCED,
  type Pmap,
} from "../../../vm/pmap/index.js";
import { rangeOperand } from "../../../vm/pmap/flush.js";
import {
  KernelPanic,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
  type VmProt,
} from "../../../vm/types.js";
import { page, PmapBench } from "../../support/pmap-bench.js";

const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;

/** The table "TLB maintenance" of the pmap's specification, instruction by instruction. */
let bench: PmapBench;
let a: Pmap; // hardware ASID 1
let b: Pmap; // hardware ASID 2

beforeEach(() => {
  bench = new PmapBench();
  a = bench.user();
  b = bench.user();
  // Tables are there, and an entry that keeps them there.
  for (const pmap of [a, b]) enter(pmap, 100, 50, VM_PROT_READ);
  bench.tlb.takeText();
});
afterEach(() => bench.check());

function enter(pmap: Pmap, n: number, frame: number, prot: VmProt, fault: VmProt = prot): void {
  pmapEnter(pmap, page(n), bench.frame(frame), prot, fault, 0, false, PMAP_OPTIONS_INTERNAL);
}

function log(): string[] {
  return bench.tlb.takeText();
}

const SYNC = ["dsb ish", "isb"];

describe("pmap_enter", () => {
  it("from empty: the write is ordered, nothing is invalidated", () => {
    enter(a, 1, 0, RW);
    expect(log()).toEqual(["dmb", "isb"]);
  });

  it("orders a new table before the entry that leads to it", () => {
    const fresh = bench.user();
    enter(fresh, 1, 0, RW);
    expect(log()).toEqual(["dmb", "dmb", "dmb", "isb"]);
    pmapRemove(fresh, page(1), page(2));
    pmapDestroy(fresh);
  });

  it("from a compressed marker: as from empty", () => {
    enter(a, 1, 0, RW);
    pmapDisconnect(bench.system, bench.frame(0), PMAP_OPTIONS_COMPRESSOR);
    log();
    enter(a, 1, 1, RW);
    expect(log()).toEqual(["dmb", "isb"]);
  });

  it("of the same frame with other rights: the page, last level", () => {
    enter(a, 1, 0, RW);
    log();
    enter(a, 1, 0, VM_PROT_READ);
    expect(log()).toEqual(["dsb ishst", "vale1is 4000 asid 1", ...SYNC]);
  });

  it("of the same frame with the same rights: nothing at all", () => {
    enter(a, 1, 0, RW);
    log();
    enter(a, 1, 0, RW);
    expect(log()).toEqual([]);
  });

  it("of another frame: break before make", () => {
    enter(a, 1, 0, RW);
    log();
    enter(a, 1, 1, RW);
    expect(log()).toEqual(["dsb ishst", "vale1is 4000 asid 1", ...SYNC, "dmb", "isb"]);
  });
});

describe("pmap_remove and pmap_protect", () => {
  it("of one page: one page", () => {
    enter(a, 1, 0, RW);
    log();
    pmapRemove(a, page(1), page(2));
    expect(log()).toEqual(["dsb ishst", "vale1is 4000 asid 1", ...SYNC]);
  });

  it("of several: one range instruction, over the whole range", () => {
    enter(a, 1, 0, RW);
    log();
    pmapRemove(a, page(1), page(5));
    expect(log()).toEqual(["dsb ishst", "rvale1is 4000+10000 asid 1", ...SYNC]);
  });

  it("of nothing valid: none", () => {
    pmapRemove(a, page(1), page(9));
    expect(log()).toEqual([]);
    enter(a, 1, 0, RW);
    pmapDisconnect(bench.system, bench.frame(0), PMAP_OPTIONS_COMPRESSOR);
    log();
    pmapRemove(a, page(1), page(2));
    expect(log()).toEqual([]);
  });

  it("that empties the leaf table: cached walks too", () => {
    pmapRemove(a, page(99), page(101));
    expect(log()).toEqual(["dsb ishst", "rvae1is 18c000+8000 asid 1", ...SYNC]);
    expect(a.tables.size).toBe(2);
  });

  it("each twig has its own", () => {
    enter(a, 2047, 0, RW);
    enter(a, 2048, 1, RW);
    log();
    pmapRemove(a, page(2047), page(2049));
    expect(log()).toEqual([
      ...["dsb ishst", "vale1is 1ffc000 asid 1", ...SYNC],
      ...["dsb ishst", "vae1is 2000000 asid 1", ...SYNC],
    ]);
  });

  it("protect invalidates the range even where nothing changed", () => {
    enter(a, 1, 0, VM_PROT_READ);
    log();
    pmapProtect(a, page(1), page(3), VM_PROT_READ);
    expect(log()).toEqual(["dsb ishst", "rvale1is 4000+8000 asid 1", ...SYNC]);
    pmapProtect(a, page(5000), page(5003), VM_PROT_READ); // no leaf table
    expect(log()).toEqual([]);
  });
});

describe("all mappings of a frame", () => {
  beforeEach(() => {
    enter(a, 1, 0, RW);
    enter(b, 2, 0, RW);
    log();
  });

  it("page_protect: each entry is written and invalidated, one wait", () => {
    pmapPageProtect(bench.system, bench.frame(0), VM_PROT_READ);
    expect(log()).toEqual([
      ...["dsb ishst", "vale1is 4000 asid 1", "dsb ishst", "vale1is 8000 asid 2"],
      ...SYNC,
    ]);
  });

  it("disconnect: likewise", () => {
    pmapDisconnect(bench.system, bench.frame(0));
    expect(log()).toEqual([
      ...["dsb ishst", "vale1is 4000 asid 1", "dsb ishst", "vale1is 8000 asid 2"],
      ...SYNC,
    ]);
  });

  it("clear_refmod: all written, then all invalidated", () => {
    pmapClearRefmod(bench.system, bench.frame(0), VM_MEM_MODIFIED | VM_MEM_REFERENCED);
    expect(log()).toEqual([
      ...["dsb ishst", "vale1is 4000 asid 1", "vale1is 8000 asid 2"],
      ...SYNC,
    ]);
    pmapClearRefmod(bench.system, bench.frame(0), VM_MEM_MODIFIED | VM_MEM_REFERENCED);
    expect(log()).toEqual([]);
  });

  it("a fast fault repairs all of them", () => {
    pmapClearRefmod(bench.system, bench.frame(0), VM_MEM_MODIFIED);
    log();
    armFastFault(a, page(1), RW);
    expect(log()).toEqual([
      ...["dsb ishst", "vale1is 4000 asid 1", "vale1is 8000 asid 2"],
      ...SYNC,
    ]);
  });

  it("NOFLUSH leaves the TLB alone, and panics where it would lose writes", () => {
    const { system } = bench;
    pmapClearRefmod(system, bench.frame(0), VM_MEM_REFERENCED, PMAP_OPTIONS_NOFLUSH);
    expect(log()).toEqual([]);
    expect(() => {
      pmapClearRefmod(system, bench.frame(0), VM_MEM_MODIFIED, PMAP_OPTIONS_NOFLUSH);
    }).toThrow(KernelPanic);
  });

  it("the range form has one invalidation for the range, and single ones elsewhere", () => {
    enter(a, 3, 1, RW);
    log();
    pmapClearRefmodRange(a, page(1), page(4), VM_MEM_MODIFIED);
    // Three pages are rounded up to what NUM and SCALE can say.
    expect(log()).toEqual([
      "dsb ishst",
      "vale1is 8000 asid 2",
      "rvale1is 4000+10000 asid 1",
      ...SYNC,
    ]);
  });

  it("change_wiring: nothing", () => {
    pmapChangeWiring(a, page(1), true);
    pmapChangeWiring(a, page(1), false);
    expect(log()).toEqual([]);
  });
});

describe("whole address spaces", () => {
  it("destroy: the ASID", () => {
    pmapRemove(b, page(100), page(101));
    log();
    pmapDestroy(b);
    expect(log()).toEqual(["dsb ishst", "aside1is 2", ...SYNC]);
  });

  it("a shared region's mappings: every ASID", () => {
    const region = bench.user();
    pmapSetNested(region);
    pmapNest(a, region, page(2048), 2 ** 25);
    pmapEnter(region, page(2048), bench.frame(1), VM_PROT_READ, 0, 0, false, 0);
    pmapEnter(region, page(2049), bench.frame(2), VM_PROT_READ, 0, 0, false, 0);
    log();
    pmapProtect(region, page(2048), page(2049), VM_PROT_READ);
    expect(log()).toEqual(["dsb ishst", "vaale1is 2000000", ...SYNC]);
    pmapRemove(region, page(2048), page(2050));
    expect(log()).toEqual(["dsb ishst", "rvaale1is 2000000+8000", ...SYNC]);
  });

  it("the kernel's: ASID 0 finds its global entries", () => {
    const va = -(2 ** 41) as VmOffset;
    pmapEnter(bench.kernel, va, bench.frame(3), RW, 0, 0, false, 0);
    log();
    pmapRemove(bench.kernel, va, (va + 0x4000) as VmOffset);
    expect(log()).toEqual(["dsb ishst", `vale1is ${va.toString(16)} asid 0`, ...SYNC]);
  });
});

describe("a CPU without TLBI by range", () => {
  it("is told page by page, up to 256, then the ASID", () => {
    const plain = new PmapBench(64, 24, { rangeTlbi: false });
    const pmap = plain.user();
    const map = (n: number): void => {
      pmapEnter(pmap, page(n), plain.frame(0), RW, RW, 0, false, 0);
    };
    map(1);
    map(2000);
    plain.tlb.takeText();
    pmapProtect(pmap, page(1), page(4), VM_PROT_READ | VM_PROT_EXECUTE);
    expect(plain.tlb.takeText()).toEqual([
      "dsb ishst",
      ...["vale1is 4000 asid 1", "vale1is 8000 asid 1", "vale1is c000 asid 1"],
      ...SYNC,
    ]);
    pmapRemove(pmap, page(1), page(257));
    expect(plain.tlb.takeText().length).toBe(1 + 256 + 2);
    pmapProtect(pmap, page(1), page(258), VM_PROT_READ);
    expect(plain.tlb.takeText()).toEqual(["dsb ishst", "aside1is 1", ...SYNC]);
    plain.check();
  });
});

describe("the operand of a range instruction", () => {
  it.each([
    [2, 0, 0, 2],
    [3, 0, 1, 4],
    [64, 0, 31, 64],
    [65, 1, 1, 128],
    [2048, 1, 31, 2048],
    [2049, 2, 1, 4096],
    [65536, 2, 31, 65536],
    [65537, 3, 1, 131072],
    [2 ** 21, 3, 31, 2 ** 21],
  ])("%i pages: SCALE %i, NUM %i, %i covered", (pages, scale, num, covered) => {
    expect(rangeOperand(pages)).toEqual({ scale, num, covered });
  });
});
