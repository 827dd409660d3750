import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  armFastFault,
  COMM_PAGE_DATA_ADDRESS,
  COMM_PAGE_RO_ADDRESS,
  pmapCreateCommpages,
  pmapDestroy,
  pmapEnter,
  pmapExtract,
  pmapFindPhys,
  pmapInsertCommpage,
  pmapRemove,
  pmapRemoveCommpage,
  pmapTranslate,
  type Commpage,
  type Pmap,
} from "../../../vm/pmap/index.js";
import {
  KERN_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  KernelPanic,
  PAGE_SIZE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
} from "../../../vm/types.js";
import { walk } from "../../support/page-walk.js";
import { PmapBench } from "../../support/pmap-bench.js";

const DATA = COMM_PAGE_DATA_ADDRESS as VmOffset;
const RO = COMM_PAGE_RO_ADDRESS as VmOffset;

let bench: PmapBench;
let commpage: Commpage;
let pmap: Pmap;

beforeEach(() => {
  bench = new PmapBench(16, 24);
  commpage = pmapCreateCommpages(bench.system)!;
  pmap = bench.user();
});
afterEach(() => bench.check());

describe("the commpage", () => {
  it("stands at its two addresses, both the same page", () => {
    expect([DATA, RO]).toEqual([0xf_ffff_c000, 0xf_ffff_4000]);
    expect(pmapInsertCommpage(pmap)).toBe(KERN_SUCCESS);
    expect(pmapFindPhys(pmap, DATA)).toBe(commpage.ppn);
    expect(pmapFindPhys(pmap, RO)).toBe(commpage.ppn);
    expect(walk(bench.memory, pmap.root, DATA)).toMatchObject({ read: true, write: false });
  });

  it("its entry is write-back, inner shareable, read-only, global, never executable", () => {
    pmapInsertCommpage(pmap);
    const pa = BigInt(commpage.ppn) * BigInt(PAGE_SIZE);
    // UXN 54, PXN 53; AF 10, SH 3 in 9:8, AP 3 in 7:6, AttrIndx 0, page, valid; nG clear.
    expect(bench.pte(pmap, DATA)).toBe(pa | (3n << 53n) | 0x400n | 0x300n | 0xc0n | 3n);
  });

  it("a pmap of 4 KiB pages has the page's first 4 KiB", () => {
    const small = bench.user4K();
    pmapInsertCommpage(small);
    const pa = commpage.ppn * PAGE_SIZE;
    expect(walk(bench.memory, small.root, DATA, "4K")).toMatchObject({ pa, write: false });
    expect(walk(bench.memory, small.root, RO, "4K")).toMatchObject({ pa });
    expect(walk(bench.memory, small.root, DATA + 0x1000, "4K")).toBe(null);
    expect(pmapExtract(small, (RO + 0x123) as VmOffset)).toBe(pa + 0x123);
    pmapDestroy(small);
  });

  it("is not written to: the pmap has no answer, the map will refuse", () => {
    pmapInsertCommpage(pmap);
    expect(pmapTranslate(pmap, DATA, VM_PROT_READ)).toBe(commpage.ppn);
    expect(pmapTranslate(pmap, DATA, VM_PROT_WRITE)).toBe("permission");
    expect(armFastFault(pmap, DATA, VM_PROT_READ | VM_PROT_WRITE)).toBe(KERN_FAILURE);
  });

  it("costs a task no page of its own, and no removal touches it", () => {
    pmapInsertCommpage(pmap);
    expect(pmap.ledger.physMem).toBe(0);
    expect(pmap.ledger.pageTable).toBe(2 * PAGE_SIZE); // root and level 2
    bench.tlb.takeText();
    pmapRemove(pmap, 0xf_c000_0000 as VmOffset, 0x10_0000_0000 as VmOffset);
    expect(bench.tlb.takeText()).toEqual([]);
    expect(pmapFindPhys(pmap, DATA)).toBe(commpage.ppn);
    pmapDestroy(pmap);
    expect(pmapFindPhys(commpage.pmap16K, DATA)).toBe(commpage.ppn);
  });

  it("nothing can be entered beside it, nor over what is there", () => {
    pmapInsertCommpage(pmap);
    const near = (DATA - PAGE_SIZE) as VmOffset;
    expect(() => pmapEnter(pmap, near, bench.frame(1), 1, 0, 0, false, 0)).toThrow(KernelPanic);
    expect(() => pmapInsertCommpage(pmap)).toThrow("in use");
    const busy = bench.user();
    pmapEnter(busy, near, bench.frame(1), VM_PROT_READ, 0, 0, false, 0);
    expect(() => pmapInsertCommpage(busy)).toThrow("in use");
    pmapRemove(busy, near, DATA);
  });

  it("comes out again", () => {
    pmapInsertCommpage(pmap);
    bench.tlb.takeText();
    pmapRemoveCommpage(pmap);
    expect(bench.tlb.takeText()).toEqual([
      ...["dsb ishst", `rvae1is ffe000000+2000000 asid ${pmap.hwAsid}`, "dsb ish", "isb"],
    ]);
    expect(pmapFindPhys(pmap, DATA)).toBe(0);
    pmapRemoveCommpage(pmap);
  });

  it("without memory for a table it is a shortage", () => {
    bench.free.length = 0;
    expect(pmapInsertCommpage(pmap)).toBe(KERN_RESOURCE_SHORTAGE);
  });

  it("a pmap that is never active has no ASID and cannot be destroyed", () => {
    expect(commpage.pmap16K.asid).toBe(-1);
    expect(() => bench.activate(commpage.pmap4K)).toThrow("never active");
    expect(() => {
      pmapDestroy(commpage.pmap4K);
    }).toThrow(KernelPanic);
  });
});

describe("switching between page sizes", () => {
  it("invalidates the commpage's global entries, with TTBR0 parked", () => {
    const small = bench.user4K();
    pmapInsertCommpage(pmap);
    pmapInsertCommpage(small);
    bench.activate(pmap);
    bench.tlb.takeText();
    expect(bench.activate(small)[0]).toBe("park");
    expect(bench.tlb.takeText()).toEqual([
      ...["isb", "vaale1is fffffc000", "vaale1is fffff4000", "dsb ish", "isb"],
    ]);
    const other = bench.user4K();
    pmapInsertCommpage(other);
    expect(bench.activate(other)[0]).toBe("tg0 0");
    // One that does not show it at all must not find it either.
    expect(bench.activate(bench.user())[0]).toBe("park");
  });
});
