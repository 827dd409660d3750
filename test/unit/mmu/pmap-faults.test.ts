import { describe, expect, it } from "vitest";
import {
  AP_ALL_RO,
  AP_ALL_RW,
  PTE_ATTR_SHIFT,
  PTE_LO_NG,
  PTE_LO_VALID,
} from "../../../emulator/arch/descriptor.js";
import type { MmuReport } from "../../../emulator/index.js";
import {
  armFastFault,
  pmapClearRefmod,
  pmapDestroy,
  pmapEnter,
  pmapPageProtect,
  pmapProtect,
  pmapRemove,
  PMAP_OPTIONS_INTERNAL,
  VM_MEM_MODIFIED,
  VM_MEM_REFERENCED,
  type Pmap,
} from "../../../vm/pmap/index.js";
import { pteAp, withAp } from "../../../vm/pmap/pte.js";
import { findPte } from "../../../vm/pmap/tables.js";
import {
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
  type VmProt,
} from "../../../vm/types.js";
import { page } from "../../support/pmap-bench.js";
import type { TlbOp } from "../../support/phys-buffer.js";
import { VmWorld } from "../../support/vm-world.js";
import { StrictPmaps } from "../../support/strict-pmap.js";

/** Faults put between the pmap and the machine: each is found, and named. */

const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;

class World extends StrictPmaps {
  readonly pmap = this.user();

  constructor() {
    super();
    this.use(this.pmap);
    for (let i = 1; i <= 4; i++) this.enter(page(i), i);
  }

  enter(va: VmOffset, frame: number, pmap: Pmap = this.pmap, prot = RW): void {
    pmapEnter(pmap, va, this.frame(frame), prot, prot, 0, false, PMAP_OPTIONS_INTERNAL);
  }
}

const BARRIERS: readonly TlbOp["op"][] = ["dsb ish", "dsb ishst", "dmb", "isb"];
const isTlbi = ({ op }: TlbOp): boolean => !BARRIERS.includes(op);
/** What makes writes visible, or completes a TLBI. */
const isDsb = ({ op }: TlbOp): boolean => op === "dsb ish" || op === "dsb ishst";

/** Drops the n-th DSB from now on. */
function loseDsb(world: World, n: number): void {
  let left = n;
  world.tlb.inject = (op) => (isDsb(op) && left-- === 0 ? null : op);
}

function found(world: World): readonly (readonly [string, string | null])[] {
  return world
    .check()
    .map(({ rule, writer }: MmuReport) => [rule, writer?.kind === "host" ? writer.name : null]);
}

/** A map whose page waits for a copy, and the descriptor of that page. */
function waitingForCopy(): { world: VmWorld; pte: number } {
  const world = new VmWorld();
  const map = world.newMap();
  const at = world.allocate(map, 0x4000);
  world.write(map, at, [1]);
  world.fork(map);
  world.touch(map, at, VM_PROT_READ);
  world.checkNow();
  return { world, pte: findPte(map.pmap!, at) };
}

describe("the pmap as it is", () => {
  it("keeps every rule", () => {
    const world = new World();
    const { pmap, system } = world;
    const second = world.user();
    world.use(second);
    world.enter(page(1), 1, second);
    world.read(page(1));
    world.use(pmap);
    pmapClearRefmod(system, world.frame(1), VM_MEM_MODIFIED | VM_MEM_REFERENCED);
    armFastFault(pmap, page(1), RW);
    expect(world.write(page(1))).toBe(true);
    pmapPageProtect(system, world.frame(1), VM_PROT_READ);
    world.enter(page(1), 5);
    expect(world.write(page(1), 7)).toBe(true);
    pmapProtect(pmap, page(1), page(4), VM_PROT_READ);
    expect(world.write(page(1))).toBe(false);
    pmapPageProtect(system, world.frame(2), VM_PROT_NONE);
    pmapRemove(pmap, page(1), page(5));
    expect(world.read(page(3))).toBe(false);
    pmapRemove(second, page(1), page(2));
    pmapDestroy(second);
    world.enter(page(9), 9);
    world.read(page(9));
    expect(world.check()).toEqual([]);
  });
});

describe("an injected fault is found", () => {
  it("a skipped TLBI", () => {
    const world = new World();
    world.tlb.inject = (op) => (isTlbi(op) ? null : op);
    pmapRemove(world.pmap, page(1), page(2));
    world.read(page(1));
    expect(found(world)).toEqual([["missing-tlbi", "pmapRemove"]]);
    expect(world.machine.mmuReports[0]?.access).toMatchObject({
      va: page(1),
      now: "translation fault, level 3",
    });
  });

  it("a wrong ASID", () => {
    const world = new World();
    world.tlb.inject = (op) => (op.op === "va" ? { ...op, asid: 9 } : op);
    pmapRemove(world.pmap, page(1), page(2));
    world.read(page(1));
    expect(found(world)).toEqual([["tlbi-too-narrow", "pmapRemove"]]);
    expect(world.machine.mmuReports[0]?.maintenance).toMatchObject({
      place: { name: "pmapRemove" },
      text: "TLBI VALE1 of 0x4000, ASID 9: the entry is of ASID 1",
    });
  });

  it("a range too short", () => {
    const world = new World();
    world.tlb.inject = (op) => (op.op === "range" ? { ...op, bytes: op.bytes - 0x8000 } : op);
    pmapProtect(world.pmap, page(1), page(4), VM_PROT_READ);
    expect(found(world)).toEqual([["tlbi-too-narrow", "pmapProtect"]]);
    expect(world.machine.mmuReports[0]?.descriptor?.va).toBe(page(3));
  });

  it("a lost DSB before the TLBI", () => {
    const world = new World();
    loseDsb(world, 0);
    pmapRemove(world.pmap, page(1), page(2));
    expect(found(world)).toEqual([["tlbi-before-dsb", "pmapRemove"]]);
  });

  it("a lost DSB after the TLBI", () => {
    const world = new World();
    loseDsb(world, 1);
    pmapRemove(world.pmap, page(1), page(2));
    expect(found(world)).toEqual([["tlbi-without-dsb", "pmapRemove"]]);
  });

  it("a lost DSB of a fast fault", () => {
    const world = new World();
    pmapClearRefmod(world.system, world.frame(2), VM_MEM_MODIFIED);
    loseDsb(world, 0);
    armFastFault(world.pmap, page(2), RW);
    world.tlb.inject = (op) => op;
    expect(found(world)).toEqual([["tlbi-before-dsb", "armFastFault"]]);
  });

  it("a new page that is never published", () => {
    const world = new World();
    world.tlb.inject = (op) => (isTlbi(op) ? op : null);
    world.enter(page(7), 7);
    world.read(page(7));
    expect(found(world)).toEqual([["write-without-dsb", "pmapEnter"]]);
  });

  it("a page replaced without break-before-make", () => {
    const world = new World();
    world.memory.inject = (lo, hi) => ((lo & PTE_LO_VALID) === 0 ? null : { lo, hi });
    world.enter(page(1), 9);
    expect(found(world)).toEqual([
      ["break-before-make", "pmapEnter"],
      ["missing-tlbi", "pmapEnter"], // the one between break and make came too early for this
    ]);
    expect(world.machine.mmuReports[0]?.detail).toBe("another output address");
  });

  it("a leaf TLBI where a table went away", () => {
    const world = new World();
    world.tlb.inject = (op) =>
      op.op === "range" || op.op === "va" ? { ...op, lastLevel: true } : op;
    pmapRemove(world.pmap, page(1), page(5)); // the last pages: the leaf table goes
    world.tlb.inject = (op) => op;
    expect(found(world)).toEqual([["tlbi-too-narrow", "pmapRemove"]]);
    expect(world.machine.mmuReports[0]).toMatchObject({
      descriptor: { level: 2, old: { text: expect.stringMatching(/^table at/) as string } },
    });
  });

  it("and the page of that table used again", () => {
    const world = new World();
    world.tlb.inject = (op) =>
      op.op === "range" || op.op === "va" ? { ...op, lastLevel: true } : op;
    pmapRemove(world.pmap, page(1), page(5));
    world.enter(page(4096), 6); // takes the page that was freed last
    expect(world.machine.mmuReports.map(({ rule }) => rule)).toContain("table-in-use");
  });

  it("an ASID that another address space had, not invalidated", () => {
    const world = new World();
    const { system } = world;
    world.read(page(1));
    // Virtual ASIDs 256 apart share one of the hardware.
    for (let i = 1; i < 256; i++) pmapDestroy(world.user());
    const other = world.user();
    expect(other.hwAsid).toBe(world.pmap.hwAsid);
    world.enter(page(1), 20, other);
    world.tlb.inject = (op) => (op.op === "asid" ? null : op);
    world.use(other);
    world.read(page(1));
    expect(world.machine.mmuReports.map(({ rule, access }) => [rule, access?.va])).toEqual([
      ["asid-reuse", page(1)],
    ]);
    expect(system.last.swAsid[other.hwAsid]).toBe(other.swAsid);
  });

  it("a page of the user's that is global", () => {
    const world = new World();
    const other = world.user();
    world.memory.inject = (lo, hi) => ({ lo: lo & ~PTE_LO_NG, hi });
    world.enter(page(6), 6);
    world.memory.inject = (lo, hi) => ({ lo, hi });
    world.enter(page(6), 7, other);
    world.read(page(6));
    world.use(other);
    world.read(page(6));
    expect(world.machine.mmuReports.map(({ rule, detail }) => [rule, detail])).toEqual([
      ["tlb-conflict", "a global entry of other tables matches under every ASID"],
    ]);
  });

  it("one mapping of a page with another memory type", () => {
    const world = new World();
    const other = world.user();
    world.use(other);
    world.memory.inject = (lo, hi) =>
      (lo & 0x400) !== 0 ? { lo: lo | (1 << PTE_ATTR_SHIFT), hi } : { lo, hi };
    world.enter(page(1), 1, other);
    expect(found(world)).toEqual([["mismatched-attributes", "pmapEnter"]]);
  });

  it("a writable entry while a copy is pending", () => {
    const { world, pte } = waitingForCopy();
    const { phys } = world.test;
    const lo = phys.readPteLo(pte);
    expect(pteAp(lo)).toBe(AP_ALL_RO);
    phys.writePte(pte, withAp(lo, AP_ALL_RW), phys.readPteHi(pte));
    expect(() => {
      world.checkNow();
    }).toThrow("is writable while a copy is pending");
  });

  it("a lost pv entry", () => {
    const world = new World();
    const { system } = world;
    system.pv.type[system.index(world.frame(2))] = 0;
    expect(() => world.check()).toThrow("number of reverse mappings");
  });

  it("an entry lost from a table", () => {
    const world = new World();
    world.memory.writePte(findPte(world.pmap, page(2)), 0, 0);
    expect(() => world.check()).toThrow("entry count of a leaf table");
  });
});
