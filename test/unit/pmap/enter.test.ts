import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  pmapChangeWiring,
  pmapCreate,
  pmapDestroy,
  pmapEnter,
  pmapExtract,
  pmapFindPhys,
  pmapGetRefmod,
  pmapReference,
  pmapRemove,
  pmapTtbr,
  PMAP_OPTIONS_INTERNAL,
  PMAP_OPTIONS_NOENTER,
  VM_MEM_MODIFIED,
  VM_MEM_REFERENCED,
  type Pmap,
} from "../../../vm/pmap/index.js";
import {
  KERN_FAILURE,
  KERN_RESOURCE_SHORTAGE,
  KERN_SUCCESS,
  KernelPanic,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type Ppn,
  type VmOffset,
  type VmProt,
} from "../../../vm/types.js";
import { page, PmapBench } from "../../support/pmap-bench.js";

const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;
const RX: VmProt = VM_PROT_READ | VM_PROT_EXECUTE;

let bench: PmapBench;
let pmap: Pmap;

beforeEach(() => {
  bench = new PmapBench();
  pmap = bench.user();
  bench.tlb.take();
});
afterEach(() => bench.check());

function enter(va: VmOffset, n: number, prot: VmProt, fault: VmProt = 0, wired = false): number {
  return pmapEnter(pmap, va, bench.frame(n), prot, fault, 0, wired, PMAP_OPTIONS_INTERNAL);
}

/** Physical address of test frame n, as it stands in a descriptor. */
function pa(n: number): bigint {
  return BigInt(bench.frame(n)) * BigInt(PAGE_SIZE);
}

// nG, AF, SH outer, AttrIndx 0, page, valid; then AP and the upper attributes.
const USER = 0xc00n | 0x200n | 3n;
const AP_RW = 1n << 6n;
const AP_RO = 3n << 6n;
const AP_XO = 2n << 6n;
const UXN = 1n << 54n;
const PXN = 1n << 53n;
const WIRED = 1n << 58n;
const WRITEABLE = 1n << 59n;

describe("entries of a user pmap", () => {
  it("a read-only page is RO/RO, not executable", () => {
    expect(enter(page(1), 0, VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect(bench.pte(pmap, page(1))).toBe(pa(0) | USER | AP_RO | UXN | PXN);
    expect(pmapGetRefmod(bench.system, bench.frame(0))).toBe(VM_MEM_REFERENCED);
  });

  it("an executable page is privileged-execute-never only", () => {
    enter(page(1), 0, RX);
    expect(bench.pte(pmap, page(1))).toBe(pa(0) | USER | AP_RO | PXN);
  });

  it("an execute-only page is not readable from EL0", () => {
    enter(page(1), 0, VM_PROT_EXECUTE);
    expect(bench.pte(pmap, page(1))).toBe(pa(0) | USER | AP_XO | PXN);
  });

  it("a writable page that was not modified waits for the first write", () => {
    enter(page(1), 0, RW, VM_PROT_READ);
    expect(bench.pte(pmap, page(1))).toBe(pa(0) | USER | AP_RO | UXN | PXN | WRITEABLE);
    expect(pmapGetRefmod(bench.system, bench.frame(0))).toBe(VM_MEM_REFERENCED);
  });

  it("a write fault makes it writable and modified at once", () => {
    enter(page(1), 0, RW, VM_PROT_WRITE | VM_PROT_READ);
    expect(bench.pte(pmap, page(1))).toBe(pa(0) | USER | AP_RW | UXN | PXN);
    expect(pmapGetRefmod(bench.system, bench.frame(0))).toBe(VM_MEM_REFERENCED | VM_MEM_MODIFIED);
  });

  it("a second mapping of a modified page is writable on a read fault", () => {
    enter(page(1), 0, RW, VM_PROT_WRITE);
    enter(page(2), 0, RW, VM_PROT_READ);
    expect(bench.pte(pmap, page(2))).toBe(pa(0) | USER | AP_RW | UXN | PXN);
  });

  it("a wired entry carries the wired mark and is counted", () => {
    enter(page(1), 0, RW, VM_PROT_WRITE, true);
    expect(bench.pte(pmap, page(1))).toBe(pa(0) | USER | AP_RW | UXN | PXN | WIRED);
    expect(pmap.ledger.wiredMem).toBe(PAGE_SIZE);
  });

  it("a memory type that is not cacheable is never executable", () => {
    const WCOMB = 6;
    pmapEnter(pmap, page(1), bench.frame(0), RX, 0, WCOMB, false, 0);
    expect(bench.pte(pmap, page(1))).toBe(pa(0) | 0xc00n | 3n | AP_RO | (1n << 2n) | UXN | PXN);
  });
});

describe("entries of the kernel pmap", () => {
  it("are global, never executable, and modified at once", () => {
    const va = -(2 ** 41) as VmOffset;
    expect(pmapEnter(bench.kernel, va, bench.frame(3), VM_PROT_ALL, 0, 0, true, 0)).toBe(0);
    expect(bench.pte(bench.kernel, va)).toBe(pa(3) | 0x400n | 0x200n | 3n | UXN | PXN | WIRED);
    expect(pmapGetRefmod(bench.system, bench.frame(3))).toBe(VM_MEM_REFERENCED | VM_MEM_MODIFIED);
    expect(bench.kernel.ledger.physMem).toBe(0);
    pmapRemove(bench.kernel, va, (va + PAGE_SIZE) as VmOffset);
    expect(pmapFindPhys(bench.kernel, va)).toBe(0);
  });
});

describe("replacing an entry", () => {
  it("from nothing needs no TLB maintenance", () => {
    enter(page(1), 0, RW);
    expect(bench.tlb.take()).toEqual([]);
  });

  it("the same entry again is not even written", () => {
    enter(page(1), 0, VM_PROT_READ);
    enter(page(1), 0, VM_PROT_READ);
    expect(bench.tlb.take()).toEqual([]);
    expect(pmap.ledger.internal).toBe(PAGE_SIZE);
  });

  it("new rights for the same frame invalidate the page; counts stay", () => {
    enter(page(1), 0, RW, VM_PROT_WRITE);
    enter(page(1), 0, VM_PROT_READ);
    const asid = pmap.hwAsid;
    expect(bench.tlb.take()).toEqual([{ op: "va", va: 0x4000, asid, lastLevel: true }]);
    expect(pmap.ledger.physMem).toBe(PAGE_SIZE);
  });

  it("another frame breaks before it makes", () => {
    enter(page(1), 0, RW, VM_PROT_WRITE);
    enter(page(1), 1, RW, VM_PROT_WRITE);
    const asid = pmap.hwAsid;
    expect(bench.tlb.take()).toEqual([{ op: "va", va: 0x4000, asid, lastLevel: true }]);
    expect(pmapFindPhys(pmap, page(1))).toBe(bench.frame(1));
    expect(pmap.ledger.physMem).toBe(PAGE_SIZE);
  });

  it("wired may be gained and lost", () => {
    enter(page(1), 0, RW, VM_PROT_WRITE, true);
    enter(page(1), 0, RW, VM_PROT_WRITE, false);
    expect(pmap.ledger.wiredMem).toBe(0);
    pmapChangeWiring(pmap, page(1), true);
    expect(pmap.ledger.wiredMem).toBe(PAGE_SIZE);
    pmapChangeWiring(pmap, page(1), false);
    pmapChangeWiring(pmap, page(9), false);
    expect(bench.tlb.take().length).toBe(1);
    expect(() => pmapChangeWiring(pmap, page(9), true)).toThrow(KernelPanic);
  });
});

describe("what cannot be entered", () => {
  it("page 0, unaligned and out-of-range addresses panic", () => {
    for (const va of [0, 0x4001, 2 ** 47, -0x4000]) {
      expect(() => enter(va as VmOffset, 0, RW)).toThrow(KernelPanic);
    }
  });

  it("an executable mapping of a frame that is not RAM fails", () => {
    expect(pmapEnter(pmap, page(1), 5 as Ppn, RX, 0, 0, false, 0)).toBe(KERN_FAILURE);
    expect(pmapEnter(pmap, page(1), 5 as Ppn, RW, 0, 0, false, 0)).toBe(KERN_SUCCESS);
    expect(bench.pte(pmap, page(1)) & AP_RO).toBe(AP_RW);
    expect(pmap.ledger.physMem).toBe(0);
  });

  it("without memory for a table it is a shortage, and nothing has changed", () => {
    bench.free.length = 1; // enough for level 2 only
    expect(enter(page(1), 0, RW)).toBe(KERN_RESOURCE_SHORTAGE);
    expect(pmapFindPhys(pmap, page(1))).toBe(0);
  });

  it("NOENTER only builds tables", () => {
    expect(pmapEnter(pmap, page(1), bench.frame(0), RW, 0, 0, false, PMAP_OPTIONS_NOENTER)).toBe(
      KERN_SUCCESS,
    );
    expect(pmapFindPhys(pmap, page(1))).toBe(0);
    expect(pmap.ledger.pageTable).toBe(3 * PAGE_SIZE);
  });
});

describe("addresses", () => {
  it("extract gives the byte's physical address", () => {
    enter(page(1), 7, RW);
    expect(pmapExtract(pmap, 0x4123 as VmOffset)).toBe(bench.frame(7) * PAGE_SIZE + 0x123);
    expect(pmapExtract(pmap, page(2))).toBe(0);
    expect(pmapExtract(pmap, (2 ** 47) as VmOffset)).toBe(0);
  });

  it("every level is indexed by its own bits", () => {
    const high = (2 ** 46 + 3 * 2 ** 36 + 5 * 2 ** 25 + 7 * 2 ** 14) as VmOffset;
    enter(high, 9, RW);
    expect(pmapFindPhys(pmap, high)).toBe(bench.frame(9));
    expect(pmapFindPhys(pmap, (high - 2 ** 25) as VmOffset)).toBe(0);
    expect(pmapFindPhys(pmap, (high - 2 ** 36) as VmOffset)).toBe(0);
  });
});

describe("life of a pmap", () => {
  it("TTBR0 is the root table and the ASID", () => {
    expect(pmapTtbr(pmap)).toEqual({ lo: pmap.root, hi: pmap.hwAsid * 0x1_0000 });
  });

  it("destroy gives every table page and the ASID back", () => {
    const before = bench.free.length;
    const other = bench.user();
    const asid = other.hwAsid;
    pmapEnter(other, page(1), bench.frame(0), RW, 0, 0, false, 0);
    pmapRemove(other, page(1), page(2));
    bench.tlb.take();
    pmapReference(other);
    pmapDestroy(other);
    expect(bench.system.pmaps.has(other)).toBe(true);
    pmapDestroy(other);
    expect(bench.free.length).toBe(before);
    expect(bench.tlb.take()).toEqual([{ op: "asid", asid }]);
    expect(() => pmapDestroy(other)).toThrow(KernelPanic);
  });

  it("destroy with mappings left panics", () => {
    const small = new PmapBench();
    const other = small.user();
    pmapEnter(other, page(1), small.frame(0), RW, 0, 0, false, 0);
    expect(() => pmapDestroy(other)).toThrow(KernelPanic);
  });

  it("unknown flags and exhausted memory make no pmap", () => {
    expect(pmapCreate(bench.system, 0x1000)).toBe(null);
    bench.free.length = 0;
    const inUse = bench.system.asids.inUse;
    expect(pmapCreate(bench.system)).toBe(null);
    expect(bench.system.asids.inUse).toBe(inUse);
  });

  it("switching between pmaps that share a hardware ASID flushes it", () => {
    const twin = bench.user();
    bench.activate(pmap);
    twin.hwAsid = pmap.hwAsid;
    twin.swAsid = 7;
    bench.tlb.take();
    bench.activate(pmap);
    expect(bench.tlb.take()).toEqual([]);
    bench.activate(twin);
    expect(bench.tlb.take()).toEqual([{ op: "asid", asid: pmap.hwAsid }]);
  });
});
