import type { VmMap } from "../map/map.js";
import type { VmMapEntry } from "../map/entry.js";
import type { VmObject } from "../object/object.js";
import type { KernReturn, Ppn, VmOffset, VmProt } from "../types.js";

/** Fault types (vm_fault.h DBG_*_FAULT), as vm_fault numbers and traces them. */
export const DBG_ZERO_FILL_FAULT = 1;
export const DBG_PAGEIN_FAULT = 2;
export const DBG_COW_FAULT = 3;
export const DBG_CACHE_HIT_FAULT = 4;
export const DBG_NZF_PAGE_FAULT = 5;
export const DBG_GUARD_FAULT = 6;
export const DBG_PAGEINV_FAULT = 7;
export const DBG_PAGEIND_FAULT = 8;
export const DBG_COMPRESSOR_FAULT = 9;
export const DBG_COMPRESSOR_SWAPIN_FAULT = 10;
/** In traces only: a copy-on-write of a page that was only read. */
export const DBG_COR_FAULT = 11;
export type FaultType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** Names for people, by fault type. */
export const FAULT_TYPE_NAMES: Readonly<Record<FaultType, string>> = {
  1: "zero-fill",
  2: "page-in",
  3: "cow",
  4: "cache-hit",
  5: "nzf",
  6: "guard",
  7: "page-in",
  8: "page-in-anon",
  9: "decompress",
  10: "swap-in",
};

/** One finished vm_fault: what END and the "real fault" trace events carry, and why. */
export interface FaultEvent {
  readonly map: VmMap;
  /** Page-truncated fault address, and the access asked for. */
  readonly address: VmOffset;
  readonly access: VmProt;
  readonly changeWiring: boolean;
  readonly kr: KernReturn;
  readonly type: FaultType;
  /** The entry the lookup found, if any; its bounds are those at the time of the fault. */
  readonly entry: VmMapEntry | null;
  readonly entryStart: VmOffset;
  readonly entryEnd: VmOffset;
  /** Top object, the page's byte offset in it, and the shadow depth at which the page was found. */
  readonly object: VmObject | null;
  readonly offset: number;
  readonly depth: number;
  /** Frame now mapped, and the frame whose contents were copied (copy-on-write), if any. */
  readonly ppn: Ppn | null;
  readonly fromPpn: Ppn | null;
  /** Protection entered into the pmap; the PTE itself as halves and where it was written (physical). */
  readonly prot: VmProt;
  readonly pteLo: number;
  readonly pteHi: number;
  readonly ptePa: number;
  /** The page that was entered: its byte offset in its own object, and whether that is anonymous. */
  readonly pageOffset: number;
  readonly pageInternal: boolean;
  /** Memory tag of the entry. */
  readonly userTag: number;
  /** Taken through the slow path. */
  readonly slow: boolean;
  /** A copy made for a read (DBG_COR_FAULT in traces). */
  readonly copyOnRead: boolean;
}
