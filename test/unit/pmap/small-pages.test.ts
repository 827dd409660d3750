import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  armFastFault,
  pmapCreate,
  pmapDestroy,
  pmapDisconnect,
  pmapEnter,
  pmapEnterAddr,
  pmapExtract,
  pmapFindPhys,
  pmapGetRefmod,
  pmapPageProtect,
  pmapQueryResident,
  pmapRemove,
  pmapTranslateAddr,
  pmapTtbr,
  PMAP_CREATE_64BIT,
  PMAP_CREATE_FORCE_4K_PAGES,
  PMAP_OPTIONS_COMPRESSOR,
  PMAP_OPTIONS_INTERNAL,
  VM_MEM_MODIFIED,
  VM_MEM_REFERENCED,
  type Pmap,
} from "../../../vm/pmap/index.js";
import {
  KERN_SUCCESS,
  KernelPanic,
  PAGE_SIZE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
  type VmProt,
} from "../../../vm/types.js";
import { walk } from "../../support/page-walk.js";
import { PmapBench } from "../../support/pmap-bench.js";

const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;
const SMALL = 0x1000;

let bench: PmapBench;
let pmap: Pmap;

beforeEach(() => {
  bench = new PmapBench();
  pmap = bench.user4K();
  bench.tlb.takeText();
});
afterEach(() => bench.check());

/** Physical address of quarter `q` of frame `n`. */
function quarter(n: number, q: number): number {
  return bench.frame(n) * PAGE_SIZE + q * SMALL;
}

function enter(va: number, physical: number, prot: VmProt, fault: VmProt = prot): number {
  const internal = PMAP_OPTIONS_INTERNAL;
  return pmapEnterAddr(pmap, va as VmOffset, physical, prot, fault, 0, false, internal);
}

describe("a pmap of 4 KiB pages", () => {
  it("has four levels, found by a walk from the manual", () => {
    // 47 bits: 8 at level 0, 9 at each below.
    const va = 0x7f * 2 ** 39 + 0x1ab * 2 ** 30 + 0x1cd * 2 ** 21 + 0x1ef * 2 ** 12;
    expect(enter(va, quarter(3, 2), RW)).toBe(KERN_SUCCESS);
    const found = walk(bench.memory, pmap.root, va, "4K");
    expect(found).toMatchObject({ pa: quarter(3, 2), read: true, write: true, execute: false });
    expect(walk(bench.memory, pmap.root, va + SMALL, "4K")).toBe(null);
    expect(pmapFindPhys(pmap, va as VmOffset)).toBe(bench.frame(3));
    expect(pmapExtract(pmap, (va + 0x123) as VmOffset)).toBe(quarter(3, 2) + 0x123);
    expect(pmapTranslateAddr(pmap, (va + 5) as VmOffset, VM_PROT_WRITE)).toBe(quarter(3, 2) + 5);
  });

  it("the first page that can be mapped is at 0x1000", () => {
    expect(enter(SMALL, quarter(0, 0), RW)).toBe(KERN_SUCCESS);
    expect(() => enter(0, quarter(0, 0), RW)).toThrow(KernelPanic);
    expect(() => enter(0x1800, quarter(0, 0), RW)).toThrow(KernelPanic);
    expect(() => enter(0x2000, quarter(0, 0) + 0x800, RW)).toThrow(KernelPanic);
    const big = bench.user();
    const at = 0x4000 as VmOffset;
    expect(() => pmapEnterAddr(big, at, quarter(0, 1), RW, 0, 0, false, 0)).toThrow(KernelPanic);
  });

  it("pmapEnter by frame maps its first quarter", () => {
    pmapEnter(pmap, SMALL as VmOffset, bench.frame(2), RW, RW, 0, false, 0);
    expect(pmapExtract(pmap, SMALL as VmOffset)).toBe(quarter(2, 0));
  });

  it("quarters of one frame are mappings of their own, and are found by the frame", () => {
    for (let q = 0; q < 4; q++) enter(0x10000 + q * SMALL, quarter(1, q), RW, VM_PROT_READ);
    expect(pmap.ledger.internal).toBe(PAGE_SIZE);
    expect(pmapGetRefmod(bench.system, bench.frame(1))).toBe(VM_MEM_REFERENCED);
    // The frame is what is modified: one write opens all four.
    armFastFault(pmap, 0x11000 as VmOffset, RW);
    expect(pmapGetRefmod(bench.system, bench.frame(1))).toBe(VM_MEM_MODIFIED | VM_MEM_REFERENCED);
    for (let q = 0; q < 4; q++) {
      const at = (0x10000 + q * SMALL) as VmOffset;
      expect(pmapTranslateAddr(pmap, at, VM_PROT_WRITE)).toBe(quarter(1, q));
    }
    pmapPageProtect(bench.system, bench.frame(1), VM_PROT_READ);
    expect(pmapTranslateAddr(pmap, 0x13000 as VmOffset, VM_PROT_WRITE)).toBe("permission");
    pmapDisconnect(bench.system, bench.frame(1), PMAP_OPTIONS_COMPRESSOR);
    expect(pmap.ledger.internalCompressed).toBe(4 * SMALL);
    const all = pmapQueryResident(pmap, 0 as VmOffset, 0x20000 as VmOffset);
    expect(all).toEqual({ resident: 0, compressed: PAGE_SIZE });
  });

  it("another quarter of the same frame is another page: break before make", () => {
    enter(SMALL, quarter(1, 0), RW);
    bench.tlb.takeText();
    enter(SMALL, quarter(1, 3), RW);
    expect(bench.tlb.takeText()).toEqual([
      ...["dsb ishst", "vale1is 1000 asid 1", "dsb ish", "isb"],
      ...["dmb", "isb"],
    ]);
    expect(pmapExtract(pmap, SMALL as VmOffset)).toBe(quarter(1, 3));
  });

  it("counts its own pages in every ledger", () => {
    enter(SMALL, quarter(1, 0), RW);
    expect(pmap.ledger.physMem).toBe(SMALL);
    expect(pmap.ledger.internal).toBe(SMALL);
  });

  it("invalidates ranges of its own pages", () => {
    for (let i = 1; i <= 4; i++) enter(i * SMALL, quarter(i, 0), RW);
    enter(9 * SMALL, quarter(9, 0), RW);
    bench.tlb.takeText();
    pmapRemove(pmap, SMALL as VmOffset, (5 * SMALL) as VmOffset);
    expect(bench.tlb.takeText()[1]).toBe("rvale1is 1000+4000 asid 1");
  });

  it("shares frames with pmaps of 16 KiB pages", () => {
    const big = bench.user();
    pmapEnter(big, 0x4000 as VmOffset, bench.frame(1), RW, RW, 0, false, PMAP_OPTIONS_INTERNAL);
    enter(SMALL, quarter(1, 1), RW, VM_PROT_READ);
    bench.check();
    expect(pmapTranslateAddr(pmap, SMALL as VmOffset, VM_PROT_WRITE)).toBe(quarter(1, 1));
    pmapDisconnect(bench.system, bench.frame(1));
    expect(pmapExtract(big, 0x4000 as VmOffset)).toBe(0);
    expect(pmapExtract(pmap, SMALL as VmOffset)).toBe(0);
  });
});

describe("tables of 4 KiB", () => {
  it("share frames: four to a frame, one credit", () => {
    const before = bench.free.length;
    expect(pmap.ledger.pageTable).toBe(SMALL); // the root
    enter(SMALL, quarter(0, 0), RW); // levels 1, 2 and 3
    expect(bench.free.length).toBe(before - 1);
    expect(pmap.ledger.pageTable).toBe(SMALL + PAGE_SIZE);
    enter(2 ** 21, quarter(1, 0), RW); // the fourth quarter
    expect(bench.free.length).toBe(before - 1);
    enter(2 * 2 ** 21, quarter(2, 0), RW); // another frame
    expect(bench.free.length).toBe(before - 2);
    expect(pmap.ledger.pageTable).toBe(SMALL + 2 * PAGE_SIZE);
    pmapRemove(pmap, (2 * 2 ** 21) as VmOffset, (2 * 2 ** 21 + SMALL) as VmOffset);
    expect(bench.free.length).toBe(before - 1);
    expect(pmap.ledger.pageTable).toBe(SMALL + PAGE_SIZE);
  });

  it("a quarter that was used before is a table of zeroes again", () => {
    enter(2 ** 21, quarter(1, 0), RW);
    pmapRemove(pmap, (2 ** 21) as VmOffset, (2 ** 21 + SMALL) as VmOffset);
    enter(SMALL, quarter(2, 0), RW);
    bench.check();
    expect(pmapQueryResident(pmap, 0 as VmOffset, (2 ** 30) as VmOffset).resident).toBe(SMALL);
  });

  it("roots of several pmaps share a frame, and give it back together", () => {
    const before = bench.free.length;
    const others = [bench.user4K(), bench.user4K(), bench.user4K()];
    expect(bench.free.length).toBe(before); // beside the first one's
    const fifth = bench.user4K();
    expect(bench.free.length).toBe(before - 1);
    pmapDestroy(fifth);
    for (const other of others) pmapDestroy(other);
    expect(bench.free.length).toBe(before);
    pmapDestroy(pmap);
    expect(bench.free.length).toBe(before + 1);
    pmap = bench.user4K();
  });

  it("destroy gives everything back", () => {
    const before = bench.free.length;
    const other = bench.user4K();
    for (const va of [SMALL, 2 ** 21, 2 ** 30, 2 ** 39]) {
      pmapEnterAddr(other, va as VmOffset, quarter(0, 0), RW, RW, 0, false, 0);
    }
    pmapRemove(other, 0 as VmOffset, (2 ** 47) as VmOffset);
    pmapDestroy(other);
    expect(bench.free.length).toBe(before);
  });
});

describe("making the two kinds", () => {
  it("takes the flags XNU takes, and no size", () => {
    const flags = PMAP_CREATE_64BIT | PMAP_CREATE_FORCE_4K_PAGES;
    expect(pmapCreate(bench.system, flags, 0x4000)).toBe(null);
    expect(pmapCreate(bench.system, 0x2)).toBe(null);
    const narrow = pmapCreate(bench.system, 0)!;
    expect([narrow.is64Bit, narrow.max]).toEqual([false, 0xf000_0000]);
    expect([pmap.is64Bit, pmap.max, pmap.pageSize]).toEqual([true, 2 ** 47, SMALL]);
    expect(pmapCreate(bench.system, PMAP_CREATE_64BIT | 0x64)?.disableJop).toBe(true);
  });

  it("a switch between them changes TCR.TG0", () => {
    const big = bench.user();
    bench.activate(pmap);
    const { lo, hi } = pmapTtbr(big);
    const ttbr = (hi * 2 ** 32 + lo).toString(16);
    expect(bench.activate(big)).toEqual(["tg0 2", `ttbr0 ${ttbr}`]);
    expect(bench.activate(pmap)[0]).toBe("tg0 0");
  });
});
