import type { Ppn } from "./types.js";

/**
 * What the VM needs from the machine, and nothing more. The kernel simulation implements it on the
 * emulator; tests implement it on a plain buffer.
 */

/** Physical memory as the VM and the pmap see it. Physical addresses are numbers below 2^48. */
export interface PhysMemoryAccess {
  /** First page of RAM and how many there are: RAM is one contiguous range of frames. */
  readonly firstPpn: Ppn;
  readonly pageCount: number;
  /** Every frame is zero until the VM hands it out for the first time: those need no zeroing then. */
  readonly startsZero?: boolean;
  /** One 64-bit translation table entry at physical address `pa` (8-byte aligned), as halves. */
  readPteLo(pa: number): number;
  readPteHi(pa: number): number;
  writePte(pa: number, lo: number, hi: number): void;
  /** A live view of one whole frame. A caller that writes through it then calls `noteWrite`. */
  page(ppn: Ppn): Uint8Array;
  zeroPage(ppn: Ppn): void;
  copyPage(from: Ppn, to: Ppn): void;
  /** The frame's bytes were changed, or the frame changes its owner: forget code translated from it. */
  noteWrite(ppn: Ppn): void;
}

/** TLB maintenance of the CPU, as the instructions of the architecture (Arm ARM C5.5). */
export interface TlbSink {
  /** TLBI VAE1IS / VALE1IS: this address for `asid`, and global entries. */
  tlbiVa(va: number, asid: number, lastLevelOnly: boolean): void;
  /** TLBI VAAE1IS / VAALE1IS: this address for all ASIDs. */
  tlbiVaAllAsid(va: number, lastLevelOnly: boolean): void;
  /** TLBI RVAE1IS / RVALE1IS (or the all-ASID form when `asid` is null): `bytes` from `va`. */
  tlbiRange(va: number, bytes: number, asid: number | null, lastLevelOnly: boolean): void;
  /** TLBI ASIDE1IS: every non-global entry of `asid`. */
  tlbiAsid(asid: number): void;
  /** TLBI VMALLE1IS. */
  tlbiAll(): void;
  /**
   * The barriers around it. Nothing to do in a sequential machine, but checkers watch for them.
   * DSB ISHST: table writes are visible to walks; DSB ISH: invalidations before it are complete.
   */
  dsb(domain: "ish" | "ishst"): void;
  /** DMB ISHST: table writes before it are seen before those after it. */
  dmb(): void;
  isb(): void;
}
