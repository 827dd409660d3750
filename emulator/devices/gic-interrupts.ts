import { partOfWord, type DeviceAccessBytes } from "./bus.js";
import { identification } from "./identification.js";
import type { Signal } from "./signal.js";

/**
 * What a GIC knows of each interrupt, and the registers of its distributor that GICv2 (Arm IHI 0048) and GICv3 (IHI
 * 0069) share. One CPU; INTIDs 0 to 15 are SGIs, 16 to 31 PPIs, the rest SPIs.
 */

export const FIRST_PPI = 16;
export const FIRST_SPI = 32;

/** Offsets common to GICD and, for INTIDs below 32, GICR_SGI. A bit, a byte or two bits for each interrupt. */
const REG = {
  IGROUPR: 0x080,
  ISENABLER: 0x100,
  ICENABLER: 0x180,
  ISPENDR: 0x200,
  ICPENDR: 0x280,
  ISACTIVER: 0x300,
  ICACTIVER: 0x380,
  IPRIORITYR: 0x400,
  ITARGETSR: 0x800,
  ICFGR: 0xc00,
  END: 0xd00,
} as const;

/** Bytes of registers with a bit for each of 1024 interrupts. */
const BANK_BYTES = 0x80;

export class GicInterrupts {
  readonly count: number;
  readonly enabled: Uint8Array;
  /** Made pending by an edge, by software, or by SPENDSGIR: until acknowledged or cleared. */
  readonly latched: Uint8Array;
  readonly active: Uint8Array;
  readonly group: Uint8Array;
  readonly priority: Uint8Array;
  readonly #line: Uint8Array;
  readonly #edge: Uint8Array;
  readonly #sgisAlwaysEnabled: boolean;
  /** Something changed that may matter to the CPU interface. */
  onChange: () => void = () => undefined;

  /** @param count INTIDs, a multiple of 32. @param sgisAlwaysEnabled as in Arm's own GICv2 */
  constructor(count: number, sgisAlwaysEnabled: boolean) {
    this.count = count;
    this.enabled = new Uint8Array(count);
    this.latched = new Uint8Array(count);
    this.active = new Uint8Array(count);
    this.group = new Uint8Array(count);
    this.priority = new Uint8Array(count);
    this.#line = new Uint8Array(count);
    this.#edge = new Uint8Array(count);
    this.#sgisAlwaysEnabled = sgisAlwaysEnabled;
    this.reset();
  }

  /** The inputs stay as they are. */
  reset(): void {
    for (const state of [this.enabled, this.latched, this.active, this.group, this.priority]) {
      state.fill(0);
    }
    this.#edge.fill(0);
    this.#edge.fill(1, 0, FIRST_PPI);
    if (this.#sgisAlwaysEnabled) this.enabled.fill(1, 0, FIRST_PPI);
    this.onChange();
  }

  /** The level of an interrupt's input. */
  setLine(id: number, isHigh: boolean): void {
    const level = isHigh ? 1 : 0;
    if (this.#line[id] === level) return;
    this.#line[id] = level;
    if (isHigh && this.#edge[id] === 1) this.latched[id] = 1;
    this.onChange();
  }

  /** The input of a private peripheral interrupt, 0 to 15. */
  ppi(n: number): Signal {
    return (isHigh) => {
      this.setLine(FIRST_PPI + n, isHigh);
    };
  }

  /** The input of a shared peripheral interrupt, from 0 on. */
  spi(n: number): Signal {
    return (isHigh) => {
      this.setLine(FIRST_SPI + n, isHigh);
    };
  }

  isPending(id: number): boolean {
    return this.latched[id] === 1 || (this.#edge[id] === 0 && this.#line[id] === 1);
  }

  makePending(id: number): void {
    this.latched[id] = 1;
    this.onChange();
  }

  /** The register at an offset, for interrupts `[first, end)`; null if there is none. Bytes and words. */
  read(offset: number, bytes: DeviceAccessBytes, first: number, end: number): number | null {
    const word = this.#readWord(offset & ~3, first, end);
    return word === null ? null : partOfWord(word, offset, bytes);
  }

  #readWord(offset: number, first: number, end: number): number | null {
    const collect = (id: number, n: number, valueOf: (id: number) => number): number => {
      let word = 0;
      for (let i = 0; i < n; i++) {
        const at = id + i;
        if (at >= first && at < end) word |= valueOf(at) << ((32 / n) * i);
      }
      return word >>> 0;
    };
    if (offset >= REG.IGROUPR && offset < REG.IPRIORITYR) {
      const id = (offset % BANK_BYTES) * 8;
      return collect(id, 32, this.#bit(offset - (offset % BANK_BYTES)));
    }
    if (offset >= REG.IPRIORITYR && offset < REG.ITARGETSR) {
      return collect(offset - REG.IPRIORITYR, 4, (at) => this.priority[at]!);
    }
    // With one CPU the target registers are RAZ/WI; GICv3 routes otherwise.
    if (offset >= REG.ITARGETSR && offset < REG.ICFGR) return 0;
    if (offset >= REG.ICFGR && offset < REG.END) {
      return collect((offset - REG.ICFGR) * 4, 16, (at) => this.#edge[at]! << 1);
    }
    return null;
  }

  /** How the registers that start at `bank` see an interrupt. */
  #bit(bank: number): (id: number) => number {
    switch (bank) {
      case REG.IGROUPR:
        return (id) => this.group[id]!;
      case REG.ISENABLER:
      case REG.ICENABLER:
        return (id) => this.enabled[id]!;
      case REG.ISPENDR:
      case REG.ICPENDR:
        return (id) => (this.isPending(id) ? 1 : 0);
      default:
        return (id) => this.active[id]!;
    }
  }

  /** Write the register at an offset, for interrupts `[first, end)`. @returns false if there is none */
  write(
    offset: number,
    bytes: DeviceAccessBytes,
    value: number,
    first: number,
    end: number,
  ): boolean {
    const at = offset & ~3;
    if (at >= REG.IGROUPR && at < REG.IPRIORITYR) {
      const bank = at - (at % BANK_BYTES);
      const id = (offset % BANK_BYTES) * 8;
      for (let i = 0; i < bytes * 8; i++) {
        if (id + i >= first && id + i < end) this.#writeBit(bank, id + i, (value >>> i) & 1);
      }
    } else if (at >= REG.IPRIORITYR && at < REG.ITARGETSR) {
      for (let i = 0; i < bytes; i++) {
        const id = offset - REG.IPRIORITYR + i;
        if (id >= first && id < end) this.priority[id] = value >>> (8 * i);
      }
    } else if (at >= REG.ICFGR && at < REG.END) {
      for (let i = 0; i < bytes * 4; i++) {
        const id = (offset - REG.ICFGR) * 4 + i;
        const isProgrammable = id >= FIRST_PPI && id >= first && id < end;
        if (isProgrammable) this.#edge[id] = (value >>> (2 * i + 1)) & 1;
      }
    } else return at >= REG.ITARGETSR && at < REG.ICFGR;
    this.onChange();
    return true;
  }

  #writeBit(bank: number, id: number, bit: number): void {
    if (bank === REG.IGROUPR) {
      this.group[id] = bit;
      return;
    }
    if (bit === 0) return;
    const isFixed = this.#sgisAlwaysEnabled && id < FIRST_PPI;
    switch (bank) {
      case REG.ISENABLER:
        this.enabled[id] = 1;
        break;
      case REG.ICENABLER:
        if (!isFixed) this.enabled[id] = 0;
        break;
      case REG.ISPENDR:
        // GICv2 has registers of their own for SGIs.
        if (!isFixed) this.latched[id] = 1;
        break;
      case REG.ICPENDR:
        if (!isFixed) this.latched[id] = 0;
        break;
      case REG.ISACTIVER:
        this.active[id] = 1;
        break;
      default:
        this.active[id] = 0;
    }
  }
}

/** Identification registers of a frame of the GIC; the last eight words of it are a PrimeCell's. */
export function gicIdentification(offset: number, pid2: number): number | null {
  if (offset >= 0xfd0 && offset < 0xfe0) return offset === 0xfd0 ? 0x44 : 0;
  return identification(offset, [0x92, 0xb4, pid2, 0x00]);
}
