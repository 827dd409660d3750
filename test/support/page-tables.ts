import { ACCESS_READ, Machine, type Access, type MachineOptions } from "../../emulator/index.js";

/** Bits of a leaf descriptor. Arm ARM D8.3. */
export const PAGE = 3n;
export const BLOCK = 1n;
export const AF = 1n << 10n;
export const NG = 1n << 11n;
export const AP_EL0 = 1n << 6n;
export const AP_RO = 1n << 7n;
export const PXN = 1n << 53n;
export const UXN = 1n << 54n;

/** Attributes that allow everything but execution at EL1. */
export const USER_RW = AF | AP_EL0;

export interface Space {
  readonly granule: "16K" | "4K" | "64K";
  /** TxSZ of both halves. */
  readonly txsz: number;
  readonly tbi?: boolean;
  /** Further bits of TCR_EL1. IPS is 40 bits without them. */
  readonly tcr?: bigint;
}

/** Page size, lowest bit of each level's index, TG0 and TG1. */
const GRANULES = {
  "4K": { shift: 12, levels: [39, 30, 21, 12], tg0: 0n, tg1: 2n },
  "16K": { shift: 14, levels: [47, 36, 25, 14], tg0: 2n, tg1: 1n },
  "64K": { shift: 16, levels: [55, 42, 29, 16], tg0: 1n, tg1: 3n },
} as const;

const RAM = 0x4000_0000;

/** A machine whose translation tables a test writes by hand. Frames are taken from the start of RAM. */
export class TableWorld {
  readonly machine: Machine;
  readonly space: Space;
  readonly pageBytes: number;
  readonly #levelShift: readonly number[];
  readonly roots: readonly [number, number];
  #next = RAM;

  constructor(space: Space = { granule: "16K", txsz: 17 }, options: MachineOptions = {}) {
    this.machine = new Machine({ ramBytes: 64 * 2 ** 20, exceptions: "host", ...options });
    this.space = space;
    this.pageBytes = 2 ** GRANULES[space.granule].shift;
    this.#levelShift = GRANULES[space.granule].levels;
    this.roots = [this.frame(), this.frame()];
    this.use(1);
  }

  /** A fresh zeroed frame: its physical address. */
  frame(): number {
    const pa = this.#next;
    this.#next += this.pageBytes;
    this.machine.memory.view(pa, this.pageBytes).fill(0);
    return pa;
  }

  /** Load TTBRs, TCR, SCTLR, with an ASID in TTBR0. */
  use(asid: number, sctlr = 1n): void {
    const { cpu } = this.machine;
    const { granule, txsz, tbi, tcr = 2n << 32n } = this.space;
    const size = BigInt(txsz) | (BigInt(txsz) << 16n);
    const { tg0, tg1 } = GRANULES[granule];
    const granules = (tg0 << 14n) | (tg1 << 30n);
    const tags = tbi === true ? 3n << 37n : 0n;
    cpu.setSysreg("TCR_EL1", size | granules | tags | tcr);
    cpu.setSysreg("MAIR_EL1", 0xffn);
    cpu.setSysreg("TTBR0_EL1", BigInt(this.roots[0]) | (BigInt(asid) << 48n));
    cpu.setSysreg("TTBR1_EL1", BigInt(this.roots[1]));
    cpu.setSysreg("SCTLR_EL1", sctlr);
    this.machine.contextChanged();
    this.machine.mmu.contextChanged(0, false); // now, not at the next run
  }

  #levelOfRoot(): number {
    return this.#levelShift.findIndex((shift) => 64 - this.space.txsz > shift);
  }

  #slot(va: bigint, level: number, table: number): number {
    const bits = BigInt(GRANULES[this.space.granule].shift - 3);
    const shift = BigInt(this.#levelShift[level] ?? 0);
    return table + 8 * Number((va >> shift) & ((1n << bits) - 1n));
  }

  read(pa: number): bigint {
    const view = this.machine.memory.view(pa, 8);
    return new DataView(view.buffer, view.byteOffset, 8).getBigUint64(0, true);
  }

  write(pa: number, value: bigint): void {
    const view = this.machine.memory.view(pa, 8);
    new DataView(view.buffer, view.byteOffset, 8).setBigUint64(0, value, true);
  }

  /** Put a descriptor for `va` at `level`, with tables above it. @returns where it stands */
  map(va: bigint, descriptor: bigint, level = 3, tableBits = 0n): number {
    let table = this.roots[((va >> 55n) & 1n) === 1n ? 1 : 0];
    for (let at = this.#levelOfRoot(); at < level; at++) {
      const slot = this.#slot(va, at, table);
      if ((this.read(slot) & 3n) !== 3n) this.write(slot, BigInt(this.frame()) | 3n | tableBits);
      table = Number(this.read(slot) & 0xffff_ffff_f000n);
    }
    const slot = this.#slot(va, level, table);
    this.write(slot, descriptor);
    return slot;
  }

  /** A physical address, or "DFSC 0x07" in the form of its status. */
  translate(va: bigint, access: Access = ACCESS_READ, el: 0 | 1 = 0, pan = false): number | string {
    const lo = Number(BigInt.asIntN(32, va));
    const hi = Number(BigInt.asIntN(32, va >> 32n));
    const { mmu } = this.machine;
    const pa = mmu.translate(lo, hi, access, el, pan);
    return pa >= 0 ? pa : `0x${mmu.fault.status.toString(16).padStart(2, "0")}`;
  }
}
