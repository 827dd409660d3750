import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  armFastFault,
  pmapChangeWiring,
  pmapClearModify,
  pmapClearReference,
  pmapClearRefmod,
  pmapCopyPage,
  pmapCopyPartPage,
  pmapCreateCommpages,
  pmapDisconnect,
  pmapEnter,
  pmapFindPhys,
  pmapFindPhysNofault,
  pmapGetRefmod,
  pmapInsertCommpage,
  pmapNest,
  pmapPageProtect,
  pmapProtect,
  pmapProtectOptions,
  pmapRemove,
  pmapSetNested,
  pmapTranslate,
  pmapZeroPage,
  pmapZeroPartPage,
  PMAP_OPTIONS_COMPRESSOR,
  PMAP_OPTIONS_INTERNAL,
  VM_MEM_MODIFIED,
  VM_MEM_REFERENCED,
  type Pmap,
} from "../../../vm/pmap/index.js";
import {
  KERN_FAILURE,
  KERN_INVALID_ADDRESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_PROT_ALL,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
  type VmProt,
} from "../../../vm/types.js";
import { page, PmapBench } from "../../support/pmap-bench.js";
import { PAGE, vmWorld } from "../../support/vm-world.js";

const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;
const RX: VmProt = VM_PROT_READ | VM_PROT_EXECUTE;
const BOTH = VM_MEM_MODIFIED | VM_MEM_REFERENCED;
const AF = 1n << 10n;
const AP = 3n << 6n;
const AP_RW = 1n << 6n;
const AP_RO = 3n << 6n;
const WRITEABLE = 1n << 59n;
const NG = 1n << 11n;

/**
 * The pmap part of the specification's list "Easy to get wrong", by its numbers. The other numbers
 * are the CPU's or the kernel's:
 *
 *   18, 19, 24 to 30  test/unit/kernel/trap.test.ts, test/unit/mmu, test/unit/cpu, test/differential
 *   20, 23, 31, 32    test/unit/kernel/trap.test.ts, test/guest/guests.test.ts ("wild")
 *   22                test/unit/linux, test/unit/darwin: PROT_WRITE is readable
 *
 * All of 1 to 17, 21, 33 and 34 are here.
 */
let bench: PmapBench;
let a: Pmap;
let b: Pmap;

beforeEach(() => {
  bench = new PmapBench();
  a = bench.user();
  b = bench.user();
});
afterEach(() => bench.check());

function enter(pmap: Pmap, n: number, frame: number, prot: VmProt, fault: VmProt = 0): void {
  const options = PMAP_OPTIONS_INTERNAL;
  expect(pmapEnter(pmap, page(n), bench.frame(frame), prot, fault, 0, false, options)).toBe(0);
}

function refmod(frame: number): number {
  return pmapGetRefmod(bench.system, bench.frame(frame));
}

describe("with the VM above", () => {
  it("1. a read, then a write of fresh memory: vm_fault once, then the fast path", () => {
    const w = vmWorld();
    const map = w.newMap();
    const at = 16 * PAGE;
    expect(w.allocateAt(map, at, PAGE)).toBe(KERN_SUCCESS);
    const { faults } = w.system.counters;
    expect(w.touch(map, at, VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect(w.system.counters.faults).toBe(faults + 1);
    expect(pmapTranslate(map.pmap!, at as VmOffset, VM_PROT_WRITE)).toBe("permission");
    expect(w.touch(map, at, RW)).toBe(KERN_SUCCESS);
    expect(w.system.counters.faults).toBe(faults + 1); // the pmap alone
  });

  it("2. a first store takes one fault, and leaves no mark behind", () => {
    const w = vmWorld();
    const map = w.newMap();
    const at = 16 * PAGE;
    w.allocateAt(map, at, PAGE);
    const { faults } = w.system.counters;
    expect(w.touch(map, at, RW)).toBe(KERN_SUCCESS);
    expect(w.system.counters.faults).toBe(faults + 1);
    const { lastPteLo, lastPteHi, ppAttr } = w.system.pmaps;
    expect((lastPteLo >>> 6) & 3).toBe(1);
    expect(lastPteHi & 0x0800_0000).toBe(0);
    const frame = pmapFindPhys(map.pmap!, at as VmOffset);
    expect(ppAttr[w.system.pmaps.index(frame)]! & 0xc0).toBe(0xc0);
  });

  it("17. an address with garbage above bit 47 is no address, and no panic", () => {
    const w = vmWorld();
    const map = w.newMap();
    const at = 2 ** 50;
    expect(pmapFindPhys(map.pmap!, at as VmOffset)).toBe(0);
    expect(armFastFault(map.pmap!, at as VmOffset, VM_PROT_READ)).toBe(KERN_FAILURE);
    expect(w.touch(map, at, VM_PROT_READ)).toBe(KERN_INVALID_ADDRESS);
  });

  it("20. fetching from a page that is not executable is refused by the map", () => {
    const w = vmWorld();
    const map = w.newMap();
    w.allocateAt(map, 16 * PAGE, PAGE);
    w.touch(map, 16 * PAGE, VM_PROT_READ);
    expect(w.touch(map, 16 * PAGE, RX)).toBe(KERN_PROTECTION_FAILURE);
  });
});

describe("entering", () => {
  it("3. a second mapping of a modified page is writable on a read fault", () => {
    enter(a, 1, 0, RW, RW);
    enter(b, 1, 0, RW, VM_PROT_READ);
    expect(bench.pte(b, page(1)) & (AP | WRITEABLE)).toBe(AP_RW);
  });

  it("14. the same frame again is no second mapping; another flushes the first", () => {
    enter(a, 1, 0, RW, RW);
    const { ledger } = a;
    const before = { ...ledger };
    enter(a, 1, 0, VM_PROT_READ);
    expect(ledger).toEqual(before);
    bench.tlb.takeText();
    enter(a, 1, 1, RW, RW);
    expect(bench.tlb.takeText()[1]).toBe("vale1is 4000 asid 1");
    expect(ledger).toEqual(before);
  });

  it("15. from invalid to valid nothing is invalidated", () => {
    enter(a, 1, 0, RW, RW);
    pmapDisconnect(bench.system, bench.frame(0), PMAP_OPTIONS_COMPRESSOR);
    bench.tlb.take();
    enter(a, 1, 0, RW, RW);
    enter(a, 2, 1, RW, RW);
    expect(bench.tlb.take()).toEqual([]);
  });

  it("16. a task's own entries have its ASID; commpage and shared region are global", () => {
    const commpage = pmapCreateCommpages(bench.system)!;
    pmapInsertCommpage(a);
    const region = bench.user();
    pmapSetNested(region);
    pmapNest(a, region, page(2048), 2 ** 25);
    pmapEnter(region, page(2048), bench.frame(3), VM_PROT_READ, 0, 0, false, 0);
    enter(a, 1, 0, RW, RW);
    expect(bench.pte(a, page(1)) & NG).toBe(NG);
    expect(bench.pte(a, page(2048)) & NG).toBe(0n);
    expect(bench.pte(a, 0xf_ffff_c000 as VmOffset) & NG).toBe(0n);
    expect(pmapFindPhys(a, 0xf_ffff_c000 as VmOffset)).toBe(commpage.ppn);
  });

  it("21. execute-only is AP 2: EL0 cannot load, nor does AT find it", () => {
    enter(a, 1, 0, VM_PROT_EXECUTE);
    expect(bench.pte(a, page(1)) & AP).toBe(2n << 6n);
    expect(pmapTranslate(a, page(1), VM_PROT_READ)).toBe("permission");
    expect(pmapFindPhys(a, page(1))).toBe(bench.frame(0));
    expect(pmapFindPhysNofault(a, a, page(1))).toBe(0);
    // The fast path does not know such entries: it is the VM that says yes.
    expect(armFastFault(a, page(1), RX)).toBe(KERN_FAILURE);
  });
});

describe("referenced and modified", () => {
  it("4. clear_modify leaves the mark for the fast path, page_protect takes it", () => {
    enter(a, 1, 0, RW, RW);
    pmapClearModify(bench.system, bench.frame(0));
    expect(bench.pte(a, page(1)) & (AP | WRITEABLE)).toBe(AP_RO | WRITEABLE);
    expect(armFastFault(a, page(1), RW)).toBe(KERN_SUCCESS);
    expect(refmod(0)).toBe(BOTH);
    pmapPageProtect(bench.system, bench.frame(0), RX);
    expect(bench.pte(a, page(1)) & (AP | WRITEABLE)).toBe(AP_RO);
    expect(armFastFault(a, page(1), RW)).toBe(KERN_FAILURE);
  });

  it("5. one write upgrades all mappings that carry the mark, in every pmap", () => {
    enter(a, 1, 0, RW);
    enter(b, 7, 0, RW);
    enter(b, 8, 0, VM_PROT_READ);
    armFastFault(a, page(1), RW);
    expect(bench.pte(b, page(7)) & (AP | WRITEABLE)).toBe(AP_RW);
    expect(bench.pte(b, page(8)) & AP).toBe(AP_RO);
  });

  it("6. clear_reference takes AF everywhere; a read brings it back, by the pmap alone", () => {
    enter(a, 1, 0, RW, RW);
    enter(b, 1, 0, RW, RW);
    pmapClearReference(bench.system, bench.frame(0));
    expect([bench.pte(a, page(1)) & AF, bench.pte(b, page(1)) & AF]).toEqual([0n, 0n]);
    expect(refmod(0)).toBe(VM_MEM_MODIFIED);
    expect(armFastFault(b, page(1), VM_PROT_READ)).toBe(KERN_SUCCESS);
    expect([bench.pte(a, page(1)) & AF, bench.pte(b, page(1)) & AF]).toEqual([AF, AF]);
    expect(refmod(0)).toBe(BOTH);
  });

  it("7. any wired mapping keeps the bits set, and what comes after it in the list", () => {
    enter(a, 1, 0, RW, RW);
    enter(b, 1, 0, RW, RW);
    pmapChangeWiring(a, page(1), true);
    pmapClearRefmod(bench.system, bench.frame(0), BOTH);
    expect(refmod(0)).toBe(BOTH);
    expect(bench.pte(b, page(1)) & (AF | AP)).toBe(AF | AP_RW); // after the wired one
    pmapChangeWiring(a, page(1), false);
    pmapChangeWiring(b, page(1), true);
    pmapClearRefmod(bench.system, bench.frame(0), BOTH);
    expect(refmod(0)).toBe(BOTH);
    expect(bench.pte(a, page(1)) & (AF | AP)).toBe(AP_RO); // before it
  });

  it("8. disconnect returns the bits and leaves them", () => {
    enter(a, 1, 0, RW, RW);
    expect(pmapDisconnect(bench.system, bench.frame(0))).toBe(BOTH);
    expect(refmod(0)).toBe(BOTH);
  });

  it("34. zero_page, copy_page and their parts do not modify", () => {
    const { system } = bench;
    bench.memory.page(bench.frame(0)).fill(7);
    pmapCopyPage(system, bench.frame(0), bench.frame(1));
    pmapZeroPage(system, bench.frame(0));
    pmapCopyPartPage(system, bench.frame(1), 100, bench.frame(0), 16, 4);
    pmapZeroPartPage(system, bench.frame(1), PAGE_SIZE - 2, 2);
    expect([...bench.memory.peek(bench.frame(0)).subarray(14, 22)]).toEqual([
      ...[0, 0, 7, 7, 7, 7, 0, 0],
    ]);
    expect([...bench.memory.peek(bench.frame(1)).subarray(PAGE_SIZE - 3)]).toEqual([7, 0, 0]);
    expect([refmod(0), refmod(1)]).toEqual([0, 0]);
    expect(() => {
      pmapZeroPartPage(system, bench.frame(1), PAGE_SIZE - 2, 3);
    }).toThrow("not in one frame");
  });
});

describe("taking rights away", () => {
  it("9. page_protect with READ|WRITE removes all mappings", () => {
    enter(a, 1, 0, RW, RW);
    enter(b, 1, 0, RW, RW);
    pmapPageProtect(bench.system, bench.frame(0), RW);
    expect([pmapFindPhys(a, page(1)), pmapFindPhys(b, page(1))]).toEqual([0, 0]);
  });

  it("10. protect with READ|WRITE or ALL changes nothing", () => {
    enter(a, 1, 0, VM_PROT_READ);
    const before = bench.pte(a, page(1));
    bench.tlb.takeText();
    pmapProtect(a, page(1), page(2), RW);
    pmapProtect(a, page(1), page(2), VM_PROT_ALL);
    expect(bench.pte(a, page(1))).toBe(before);
    expect(bench.tlb.takeText()).toEqual([]);
  });

  it("11. protect with NONE keeps compressed markers, remove drops them", () => {
    enter(a, 1, 0, RW, RW);
    pmapDisconnect(bench.system, bench.frame(0), PMAP_OPTIONS_COMPRESSOR);
    pmapProtectOptions(a, page(1), page(2), VM_PROT_NONE, 0);
    expect(bench.pte(a, page(1))).toBe(1n << 63n);
    pmapRemove(a, page(1), page(2));
    expect(bench.pte(a, page(1))).toBe(0n);
  });
});

describe("tables and ledgers", () => {
  it("12. compressing leaves the footprint; removing the marker lowers it", () => {
    enter(a, 1, 0, RW, RW);
    enter(a, 2, 1, RW, RW);
    const before = a.ledger.physFootprint;
    pmapDisconnect(bench.system, bench.frame(0), PMAP_OPTIONS_COMPRESSOR);
    expect(a.ledger.physFootprint).toBe(before);
    pmapRemove(a, page(1), page(2));
    expect(a.ledger.physFootprint).toBe(before - PAGE_SIZE);
  });

  it("13. a table of markers stays; the last marker takes it along; disconnect does not", () => {
    enter(a, 1, 0, RW, RW);
    pmapDisconnect(bench.system, bench.frame(0), PMAP_OPTIONS_COMPRESSOR);
    expect(a.tables.size).toBe(3);
    const before = a.ledger.physFootprint;
    pmapRemove(a, page(1), page(2));
    expect(a.tables.size).toBe(2);
    expect(a.ledger.physFootprint).toBe(before - 2 * PAGE_SIZE); // the marker, and the table
    enter(a, 1, 0, RW, RW);
    pmapDisconnect(bench.system, bench.frame(0));
    expect(a.tables.size).toBe(3);
  });

  it("33. counts live per leaf table; unwiring what is not there is no error", () => {
    enter(a, 1, 0, RW, RW);
    enter(a, 2048, 1, RW, RW);
    pmapChangeWiring(a, page(2048), true);
    const counts = [...a.tables]
      .map((table) => bench.system.tableOf(table))
      .filter(({ level }) => level === 3)
      .map(({ va, refcnt, wiredcnt }) => [va, refcnt, wiredcnt]);
    expect(counts).toEqual([
      [0, 1, 0],
      [2 ** 25, 1, 1],
    ]);
    pmapChangeWiring(a, page(5), false);
    pmapChangeWiring(a, page(5000), false);
  });
});
