import { Machine, type MmuMode, type MmuReport } from "../../emulator/index.js";
import { hostRoutine } from "../../kernel-sim/host-routine.js";
import { MachineMemory, MachineTlb } from "../../kernel-sim/platform.js";
import type { PhysMemoryAccess, TlbSink } from "../../vm/platform.js";
import {
  pmapAssertConsistent,
  pmapCreate,
  pmapCreateKernel,
  pmapSwitch,
  PmapSystem,
  type Pmap,
} from "../../vm/pmap/index.js";
import type { Ppn } from "../../vm/types.js";
import type { TlbOp } from "./phys-buffer.js";

/** The pmap on a machine whose MMU is checked, with room for faults between the two. */

/** TLB maintenance on its way to the machine: a test changes it or drops it. */
export class InjectedTlb implements TlbSink {
  inject: (op: TlbOp) => TlbOp | null = (op) => op;
  readonly #next: TlbSink;

  constructor(next: TlbSink) {
    this.#next = next;
  }

  #pass(wanted: TlbOp): void {
    const op = this.inject(wanted);
    const next = this.#next;
    switch (op?.op) {
      case undefined:
        return;
      case "va":
        if (op.asid === null) next.tlbiVaAllAsid(op.va, op.lastLevel);
        else next.tlbiVa(op.va, op.asid, op.lastLevel);
        return;
      case "range":
        return next.tlbiRange(op.va, op.bytes, op.asid, op.lastLevel);
      case "asid":
        return next.tlbiAsid(op.asid);
      case "all":
        return next.tlbiAll();
      case "dsb ish":
        return next.dsb("ish");
      case "dsb ishst":
        return next.dsb("ishst");
      case "dmb":
        return next.dmb();
      case "isb":
        return next.isb();
    }
  }

  tlbiVa(va: number, asid: number, lastLevel: boolean): void {
    this.#pass({ op: "va", va, asid, lastLevel });
  }

  tlbiVaAllAsid(va: number, lastLevel: boolean): void {
    this.#pass({ op: "va", va, asid: null, lastLevel });
  }

  tlbiRange(va: number, bytes: number, asid: number | null, lastLevel: boolean): void {
    this.#pass({ op: "range", va, bytes, asid, lastLevel });
  }

  tlbiAsid(asid: number): void {
    this.#pass({ op: "asid", asid });
  }

  tlbiAll(): void {
    this.#pass({ op: "all" });
  }

  dsb(domain: "ish" | "ishst"): void {
    this.#pass({ op: `dsb ${domain}` });
  }

  dmb(): void {
    this.#pass({ op: "dmb" });
  }

  isb(): void {
    this.#pass({ op: "isb" });
  }
}

/** Descriptors on their way to memory: a test changes them or drops them. */
export class InjectedMemory implements PhysMemoryAccess {
  inject: (lo: number, hi: number, pa: number) => { lo: number; hi: number } | null = (lo, hi) => ({
    lo,
    hi,
  });
  readonly firstPpn: Ppn;
  readonly pageCount: number;
  readonly #next: PhysMemoryAccess;

  constructor(next: PhysMemoryAccess) {
    this.#next = next;
    this.firstPpn = next.firstPpn;
    this.pageCount = next.pageCount;
  }

  readPteLo(pa: number): number {
    return this.#next.readPteLo(pa);
  }

  readPteHi(pa: number): number {
    return this.#next.readPteHi(pa);
  }

  writePte(pa: number, lo: number, hi: number): void {
    const written = this.inject(lo, hi, pa);
    if (written !== null) this.#next.writePte(pa, written.lo, written.hi);
  }

  page(ppn: Ppn): Uint8Array {
    return this.#next.page(ppn);
  }

  zeroPage(ppn: Ppn): void {
    this.#next.zeroPage(ppn);
  }

  copyPage(from: Ppn, to: Ppn): void {
    this.#next.copyPage(from, to);
  }

  noteWrite(ppn: Ppn): void {
    this.#next.noteWrite(ppn);
  }
}

/** Frames for mapping; the others of the machine are for page tables. */
const MAPPED_FRAMES = 64;
const TCR = 17n | (2n << 14n) | (17n << 16n) | (1n << 30n) | (2n << 32n);

export class StrictPmaps {
  readonly machine: Machine;
  readonly memory: InjectedMemory;
  readonly tlb: InjectedTlb;
  readonly system: PmapSystem;
  readonly #free: Ppn[] = [];

  constructor(mmu: MmuMode = "strict") {
    this.machine = new Machine({
      ramBytes: 4 * 2 ** 20,
      exceptions: "host",
      mmu,
      mmuReporting: { hostRoutine },
    });
    this.memory = new InjectedMemory(new MachineMemory(this.machine));
    this.tlb = new InjectedTlb(new MachineTlb(this.machine.mmu));
    const { firstPpn, pageCount } = this.memory;
    for (let i = MAPPED_FRAMES; i < pageCount; i++) this.#free.push((firstPpn + i) as Ppn);
    this.system = new PmapSystem(this.memory, this.tlb, {
      allocPage: () => this.#free.pop() ?? null,
      freePage: (ppn) => this.#free.push(ppn),
    });
    const kernel = pmapCreateKernel(this.system);
    const { cpu } = this.machine;
    cpu.pstate = 0;
    cpu.setSysreg("MAIR_EL1", 0x0c08_04ff_00bb_44ffn);
    cpu.setSysreg("TCR_EL1", TCR | (1n << 7n));
    cpu.setSysreg("TTBR1_EL1", BigInt(kernel.root));
    cpu.setSysreg("SCTLR_EL1", cpu.sysreg("SCTLR_EL1") | 1n);
    this.#loaded();
  }

  #loaded(): void {
    this.machine.contextChanged();
    this.machine.mmu.contextChanged(0, false);
  }

  user(): Pmap {
    const pmap = pmapCreate(this.system);
    if (pmap === null) throw new Error("no pmap");
    return pmap;
  }

  /** Make a pmap the one in use. */
  use(pmap: Pmap): void {
    const { cpu } = this.machine;
    cpu.setSysreg("TCR_EL1", TCR);
    pmapSwitch(pmap, {
      parkTtbr0: () => undefined, // nothing runs meanwhile
      setTg0: () => undefined, // all have 16 KiB pages here
      setTtbr0: (lo, hi) => {
        cpu.setSysreg("TTBR0_EL1", (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0));
      },
    });
    this.#loaded();
  }

  frame(n: number): Ppn {
    return (this.memory.firstPpn + n) as Ppn;
  }

  /** An access at EL0. @returns whether it was allowed */
  read(va: number): boolean {
    return this.machine.readVirtual(BigInt(va), 1).ok;
  }

  write(va: number, value = 0): boolean {
    return this.machine.writeVirtual(BigInt(va), Uint8Array.of(value)) === null;
  }

  /** Everything that is due is done: what was reported, and the pmap's own check. */
  check(): readonly MmuReport[] {
    this.machine.mmuSanitizer?.settle();
    pmapAssertConsistent(this.system);
    return this.machine.mmuReports;
  }
}
