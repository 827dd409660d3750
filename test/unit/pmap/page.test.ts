import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  armFastFault,
  pmapChangeWiring,
  pmapClearModify,
  pmapClearReference,
  pmapClearRefmod,
  pmapDisconnect,
  pmapEnter,
  pmapFindPhys,
  pmapGetRefmod,
  pmapIsEmpty,
  pmapPageProtect,
  pmapProtect,
  pmapProtectOptions,
  pmapQueryPageInfo,
  pmapQueryResident,
  pmapRemove,
  pmapRemoveOptions,
  pmapSetModify,
  pmapTranslate,
  PMAP_OPTIONS_CLEAR_REUSABLE,
  PMAP_OPTIONS_CLEAR_WRITE,
  PMAP_OPTIONS_COMPRESSOR,
  PMAP_OPTIONS_INTERNAL,
  PMAP_OPTIONS_SET_REUSABLE,
  PMAP_QUERY_PAGE_COMPRESSED,
  PMAP_QUERY_PAGE_INTERNAL,
  PMAP_QUERY_PAGE_PRESENT,
  VM_MEM_MODIFIED,
  VM_MEM_REFERENCED,
  type Pmap,
} from "../../../vm/pmap/index.js";
import {
  KERN_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmProt,
} from "../../../vm/types.js";
import { page, PmapBench } from "../../support/pmap-bench.js";

const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;
const RX: VmProt = VM_PROT_READ | VM_PROT_EXECUTE;
const WRITEABLE = 1n << 59n;

let bench: PmapBench;
let a: Pmap;
let b: Pmap;

beforeEach(() => {
  bench = new PmapBench();
  a = bench.user();
  b = bench.user();
});
afterEach(() => bench.check());

function enter(
  pmap: Pmap,
  n: number,
  frame: number,
  prot: VmProt,
  fault: VmProt = 0,
  options: number = PMAP_OPTIONS_INTERNAL,
): void {
  pmapEnter(pmap, page(n), bench.frame(frame), prot, fault, 0, false, options);
  bench.tlb.take();
}

function writable(pmap: Pmap, n: number): boolean {
  return typeof pmapTranslate(pmap, page(n), VM_PROT_WRITE) === "number";
}

describe("removing a range", () => {
  it("clears entries with one invalidation and frees the empty table", () => {
    for (let i = 1; i <= 4; i++) enter(a, i, i, RW, VM_PROT_WRITE);
    pmapRemove(a, page(1), page(3));
    expect(bench.tlb.take()).toEqual([
      { op: "range", va: 0x4000, bytes: 0x8000, asid: a.hwAsid, lastLevel: true },
    ]);
    expect(a.ledger.pageTable).toBe(3 * PAGE_SIZE);
    pmapRemove(a, page(3), page(5));
    expect(bench.tlb.take()).toEqual([
      { op: "range", va: 0xc000, bytes: 0x8000, asid: a.hwAsid, lastLevel: false },
    ]);
    expect(a.ledger.pageTable).toBe(2 * PAGE_SIZE);
    expect(a.ledger.physMem).toBe(0);
  });

  it("of nothing does nothing", () => {
    pmapRemove(a, page(1), page(2 ** 20));
    expect(bench.tlb.take()).toEqual([]);
  });

  it("a table emptied by disconnect lingers until a removal passes by", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    pmapDisconnect(bench.system, bench.frame(0));
    expect(a.ledger.pageTable).toBe(3 * PAGE_SIZE);
    pmapRemove(a, page(9), page(10));
    expect(a.ledger.pageTable).toBe(2 * PAGE_SIZE);
  });
});

describe("protecting a range", () => {
  it("takes write access and the hint away", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    enter(a, 2, 1, RW, VM_PROT_READ);
    pmapProtect(a, page(1), page(3), VM_PROT_READ);
    expect(writable(a, 1)).toBe(false);
    expect(bench.pte(a, page(2)) & WRITEABLE).toBe(0n);
    expect(bench.tlb.take().length).toBe(1);
    expect(armFastFault(a, page(1), RW)).toBe(KERN_FAILURE);
  });

  it("never gives any", () => {
    enter(a, 1, 0, VM_PROT_READ);
    const before = bench.pte(a, page(1));
    pmapProtect(a, page(1), page(2), RW);
    pmapProtect(a, page(1), page(2), VM_PROT_ALL);
    pmapProtect(a, page(1), page(2), RX);
    expect(bench.pte(a, page(1))).toBe(before);
  });

  it("execute-only becomes readable with READ|EXECUTE", () => {
    enter(a, 1, 0, VM_PROT_EXECUTE);
    expect(pmapTranslate(a, page(1), VM_PROT_READ)).toBe("permission");
    pmapProtect(a, page(1), page(2), RX);
    expect(pmapTranslate(a, page(1), VM_PROT_READ)).toBe(bench.frame(0));
  });

  it("to nothing removes, but keeps compressed markers", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    enter(a, 2, 1, RW, VM_PROT_WRITE);
    pmapDisconnect(bench.system, bench.frame(0), PMAP_OPTIONS_COMPRESSOR);
    pmapProtectOptions(a, page(1), page(3), VM_PROT_NONE, 0);
    expect(bench.pte(a, page(1))).toBe(1n << 63n);
    expect(bench.pte(a, page(2))).toBe(0n);
  });
});

describe("every mapping of a frame", () => {
  it("READ makes all read-only; the next write goes to vm_fault", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    enter(b, 5, 0, RW, VM_PROT_WRITE);
    pmapPageProtect(bench.system, bench.frame(0), VM_PROT_READ);
    expect([writable(a, 1), writable(b, 5)]).toEqual([false, false]);
    expect(bench.tlb.take()).toEqual([
      { op: "va", va: 0x4000, asid: a.hwAsid, lastLevel: true },
      { op: "va", va: 0x14000, asid: b.hwAsid, lastLevel: true },
    ]);
    expect(armFastFault(b, page(5), RW)).toBe(KERN_FAILURE);
  });

  it("dropping only the hint needs no invalidation", () => {
    enter(a, 1, 0, RW, VM_PROT_READ);
    pmapPageProtect(bench.system, bench.frame(0), RX);
    expect(bench.pte(a, page(1)) & WRITEABLE).toBe(0n);
    expect(bench.tlb.take()).toEqual([]);
  });

  it("READ|WRITE removes them, ALL leaves them", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    pmapPageProtect(bench.system, bench.frame(0), VM_PROT_ALL);
    expect(writable(a, 1)).toBe(true);
    pmapPageProtect(bench.system, bench.frame(0), RW);
    expect(pmapFindPhys(a, page(1))).toBe(0);
  });

  it("three mappings come and go through list and head", () => {
    enter(a, 1, 0, RW);
    enter(b, 2, 0, RW);
    enter(a, 3, 0, RW);
    bench.check();
    pmapRemove(b, page(2), page(3));
    bench.check();
    pmapRemove(a, page(1), page(2));
    bench.check();
    expect(pmapFindPhys(a, page(3))).toBe(bench.frame(0));
    pmapDisconnect(bench.system, bench.frame(0));
    expect(pmapIsEmpty(a, page(0), page(100))).toBe(true);
  });

  it("disconnect reports the modified state and leaves it", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    const both = VM_MEM_MODIFIED | VM_MEM_REFERENCED;
    expect(pmapDisconnect(bench.system, bench.frame(0))).toBe(both);
    expect(pmapGetRefmod(bench.system, bench.frame(0))).toBe(both);
  });
});

describe("compressed markers", () => {
  it("keep the footprint until the marker goes", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    const before = a.ledger.physFootprint;
    pmapDisconnect(bench.system, bench.frame(0), PMAP_OPTIONS_COMPRESSOR);
    expect(a.ledger.physFootprint).toBe(before);
    expect(a.ledger.internalCompressed).toBe(PAGE_SIZE);
    expect(pmapQueryPageInfo(a, page(1)).disposition).toBe(PMAP_QUERY_PAGE_COMPRESSED);
    expect(pmapQueryResident(a, page(0), page(9))).toEqual({ resident: 0, compressed: PAGE_SIZE });
    pmapRemoveOptions(a, page(1), page(2), 0);
    expect(a.ledger.internalCompressed).toBe(PAGE_SIZE);
    pmapRemove(a, page(1), page(2));
    expect(a.ledger.physFootprint).toBe(before - 2 * PAGE_SIZE); // the page, and its leaf table
  });

  it("give way to the page when it comes back", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    const before = { ...a.ledger };
    pmapDisconnect(bench.system, bench.frame(0), PMAP_OPTIONS_COMPRESSOR);
    enter(a, 1, 3, RW, VM_PROT_WRITE);
    expect(a.ledger).toEqual(before);
    expect(pmapQueryPageInfo(a, page(1)).disposition).toBe(
      PMAP_QUERY_PAGE_PRESENT | PMAP_QUERY_PAGE_INTERNAL,
    );
  });
});

describe("referenced and modified", () => {
  it("the first write after a read fault is resolved by the pmap alone", () => {
    enter(a, 1, 0, RW, VM_PROT_READ);
    expect(armFastFault(a, page(1), RW)).toBe(KERN_SUCCESS);
    expect(writable(a, 1)).toBe(true);
    expect(pmapGetRefmod(bench.system, bench.frame(0))).toBe(VM_MEM_MODIFIED | VM_MEM_REFERENCED);
  });

  it("one write upgrades every mapping with the hint", () => {
    enter(a, 1, 0, RW, VM_PROT_READ);
    enter(b, 2, 0, RW, VM_PROT_READ);
    enter(b, 3, 0, VM_PROT_READ);
    armFastFault(a, page(1), RW);
    expect([writable(a, 1), writable(b, 2), writable(b, 3)]).toEqual([true, true, false]);
  });

  it("clearing MODIFIED withholds write access until the next write", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    pmapClearModify(bench.system, bench.frame(0));
    expect(writable(a, 1)).toBe(false);
    expect(pmapGetRefmod(bench.system, bench.frame(0))).toBe(VM_MEM_REFERENCED);
    expect(armFastFault(a, page(1), RW)).toBe(KERN_SUCCESS);
    expect(writable(a, 1)).toBe(true);
  });

  it("clearing REFERENCED takes the access flag", () => {
    enter(a, 1, 0, VM_PROT_READ);
    pmapClearReference(bench.system, bench.frame(0));
    expect(pmapTranslate(a, page(1), VM_PROT_READ)).toBe("permission");
    expect(bench.tlb.take()).toEqual([{ op: "va", va: 0x4000, asid: a.hwAsid, lastLevel: true }]);
    expect(armFastFault(a, page(1), VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect(pmapGetRefmod(bench.system, bench.frame(0))).toBe(VM_MEM_REFERENCED);
  });

  it("a wired mapping keeps the state set", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    pmapChangeWiring(a, page(1), true);
    pmapClearRefmod(bench.system, bench.frame(0), VM_MEM_MODIFIED | VM_MEM_REFERENCED);
    expect(pmapGetRefmod(bench.system, bench.frame(0))).toBe(VM_MEM_MODIFIED | VM_MEM_REFERENCED);
    expect(writable(a, 1)).toBe(true);
  });

  it("CLEAR_WRITE sends the next write to vm_fault", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    pmapClearRefmod(bench.system, bench.frame(0), VM_MEM_MODIFIED, PMAP_OPTIONS_CLEAR_WRITE);
    expect(armFastFault(a, page(1), RW)).toBe(KERN_FAILURE);
  });

  it("set_modify touches no entry", () => {
    enter(a, 1, 0, RW, VM_PROT_READ);
    pmapSetModify(bench.system, bench.frame(0));
    expect(writable(a, 1)).toBe(false);
    expect(armFastFault(a, page(1), RW)).toBe(KERN_SUCCESS);
  });

  it("a stale TLB entry makes a spurious fault, which is a success", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    expect(armFastFault(a, page(1), RW)).toBe(KERN_SUCCESS);
    expect(armFastFault(a, page(1), RX)).toBe(KERN_FAILURE);
    expect(armFastFault(a, page(2), VM_PROT_READ)).toBe(KERN_FAILURE);
  });

  it("reusable pages leave the footprint and come back", () => {
    enter(a, 1, 0, RW, VM_PROT_WRITE);
    const before = { ...a.ledger };
    pmapClearRefmod(bench.system, bench.frame(0), 0, PMAP_OPTIONS_SET_REUSABLE);
    expect(a.ledger.reusable).toBe(PAGE_SIZE);
    expect(a.ledger.physFootprint).toBe(before.physFootprint - PAGE_SIZE);
    bench.check();
    pmapClearRefmod(bench.system, bench.frame(0), 0, PMAP_OPTIONS_CLEAR_REUSABLE);
    expect(a.ledger).toEqual(before);
  });
});
