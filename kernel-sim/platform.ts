import type { Machine, Mmu, PhysMemory } from "../emulator/index.js";
import type { PhysMemoryAccess, TlbSink } from "../vm/platform.js";
import { PAGE_SIZE, type Ppn } from "../vm/types.js";

/**
 * Physical memory for the VM, on the machine's. Frames are whole 16 KiB pages; whatever changes a
 * frame's bytes tells the machine, which forgets code it translated from them.
 */
export class MachineMemory implements PhysMemoryAccess {
  readonly firstPpn: Ppn;
  readonly pageCount: number;
  /** A machine that was just made: nothing has been written to its memory. */
  readonly startsZero = true;
  readonly #machine: Machine;
  readonly #memory: PhysMemory;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#memory = machine.memory;
    const { ramBase, ramBytes } = machine.memory;
    this.firstPpn = Math.ceil(ramBase / PAGE_SIZE) as Ppn;
    this.pageCount = Math.floor((ramBase + ramBytes) / PAGE_SIZE) - this.firstPpn;
  }

  readPteLo(pa: number): number {
    return this.#memory.i32[this.#memory.hostOffset(pa) / 4]!;
  }

  readPteHi(pa: number): number {
    return this.#memory.i32[this.#memory.hostOffset(pa) / 4 + 1]!;
  }

  writePte(pa: number, lo: number, hi: number): void {
    const at = this.#memory.hostOffset(pa) / 4;
    this.#memory.i32[at] = lo;
    this.#memory.i32[at + 1] = hi;
    this.#machine.mmu.noteWrite(pa, 8);
  }

  page(ppn: Ppn): Uint8Array {
    return this.#memory.view(ppn * PAGE_SIZE, PAGE_SIZE);
  }

  zeroPage(ppn: Ppn): void {
    this.page(ppn).fill(0);
    this.noteWrite(ppn);
  }

  copyPage(from: Ppn, to: Ppn): void {
    this.page(to).set(this.page(from));
    this.noteWrite(to);
  }

  noteWrite(ppn: Ppn): void {
    this.#machine.notifyWrite(ppn * PAGE_SIZE, PAGE_SIZE);
  }
}

const DSB = { kind: "dsb", accesses: "all" } as const;
const DSB_STORES = { kind: "dsb", accesses: "stores" } as const;

/** TLB maintenance for the pmap, on the machine's MMU. One CPU: broadcast forms are the local ones. */
export class MachineTlb implements TlbSink {
  readonly #mmu: Mmu;

  constructor(mmu: Mmu) {
    this.#mmu = mmu;
  }

  tlbiVa(va: number, asid: number, lastLevelOnly: boolean): void {
    this.#mmu.tlbiVa(vaLo(va), vaHi(va), asid, lastLevelOnly);
  }

  tlbiVaAllAsid(va: number, lastLevelOnly: boolean): void {
    this.#mmu.tlbiVa(vaLo(va), vaHi(va), null, lastLevelOnly);
  }

  tlbiRange(va: number, bytes: number, asid: number | null, lastLevelOnly: boolean): void {
    this.#mmu.tlbiRange(vaLo(va), vaHi(va), bytes, asid, lastLevelOnly);
  }

  tlbiAsid(asid: number): void {
    this.#mmu.tlbiAsid(asid);
  }

  tlbiAll(): void {
    this.#mmu.tlbiAll();
  }

  dsb(domain: "ish" | "ishst"): void {
    this.#mmu.barrier(domain === "ish" ? DSB : DSB_STORES);
  }

  dmb(): void {
    // XNU publishes a first entry with this: enough where the old one faults (FEAT_ETS). Observers know DSB only.
    this.#mmu.barrier(DSB_STORES);
  }

  isb(): void {
    this.#mmu.synchronized("isb");
  }
}

/** Low half of a sign-extended address, signed. */
export function vaLo(va: number): number {
  return (va % 2 ** 32) | 0;
}

/** High half of a sign-extended address, signed. */
export function vaHi(va: number): number {
  return Math.floor(va / 2 ** 32) | 0;
}

/** A sign-extended address from its halves. Exact for canonical addresses. */
export function vaOf(lo: number, hi: number): number {
  return hi * 2 ** 32 + (lo >>> 0);
}
