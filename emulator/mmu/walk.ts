import {
  PTE_HI_ADDRESS,
  PTE_HI_CONTIGUOUS,
  PTE_HI_DBM,
  PTE_HI_GP,
  PTE_HI_PXN,
  PTE_HI_UXN,
  PTE_AP_SHIFT,
  PTE_ATTR_SHIFT,
  PTE_LO_AF,
  PTE_LO_NG,
  PTE_SH_SHIFT,
  TABLE_ATTRIBUTES,
  TABLE_HI_SHIFT,
  TABLE_NO_EL0,
  TABLE_PXN,
  TABLE_READ_ONLY,
  TABLE_UXN,
  tableIndex,
} from "../arch/descriptor.js";
import {
  FSC_ACCESS_FLAG_L0,
  FSC_ADDRESS_SIZE_L0,
  FSC_EXTERNAL_ON_WALK_L0,
  FSC_TRANSLATION_L0,
} from "../arch/esr.js";
import {
  ATTR_AP_EL0,
  ATTR_AP_RO,
  ATTR_CONTIGUOUS,
  ATTR_DBM,
  ATTR_GLOBAL,
  ATTR_GUARDED,
  ATTR_INDEX_SHIFT,
  ATTR_LEVEL_SHIFT,
  ATTR_PXN,
  ATTR_SH_SHIFT,
  ATTR_UXN,
} from "./access.js";
import type { MmuObserver } from "./observer.js";
import { RAM_OFFSET, type PhysMemory } from "./phys-memory.js";
import type { Half, Regime } from "./regime.js";

/** What a walk found. One object is reused for every walk. */
export interface WalkResult {
  /** Fault status with its level, or -1: the fields below are set. */
  fault: number;
  /** Physical address of the page or block, and log2 of its size. */
  base: number;
  shift: number;
  level: number;
  /** ATTR_* bits. */
  attributes: number;
  /** The access flag is clear, and the hardware's to set (TCR_EL1.HA). */
  clearAccessFlag: boolean;
  /** The leaf descriptor and the physical address it was read from. */
  pteLo: number;
  pteHi: number;
  ptePa: number;
  /** Descriptors read. */
  reads: number;
  /** It began at a table that was cached. */
  isShort: boolean;
}

export function newWalkResult(): WalkResult {
  return {
    fault: -1,
    base: 0,
    shift: 0,
    level: 0,
    attributes: 0,
    clearAccessFlag: false,
    pteLo: 0,
    pteHi: 0,
    ptePa: 0,
    reads: 0,
    isShort: false,
  };
}

/** The half that translates an address: bit 55 decides. */
export function halfFor(regime: Regime, vaHi: number): Half {
  return (vaHi & (1 << 23)) !== 0 ? regime.high : regime.low;
}

/**
 * True if the address lies inside its half: bits 63:(64 - TxSZ), or 55:(64 - TxSZ) where the top
 * byte is ignored, are copies of bit 55.
 */
export function inRange(
  txsz: number,
  topByteIgnored: boolean,
  vaLo: number,
  vaHi: number,
): boolean {
  const sign = (vaHi << 8) >> 31;
  const top = topByteIgnored ? (vaHi << 8) >> 8 : vaHi;
  const bits = 32 - txsz;
  if (bits >= 0) return top >> bits === sign;
  return (top | 0) === sign && vaLo >> (32 + bits) === sign;
}

/** Cached results of reading table descriptors, as a walk uses them (walk-cache.ts). */
export interface TableCache {
  /**
   * The deepest table known that the walk for an address goes through.
   * @returns its level, or -1; `table` and `hierarchy` then describe it
   */
  find(half: Half, asid: number, vaLo: number, vaHi: number): number;
  table: number;
  hierarchy: number;
  /** The descriptor of `level` for the address leads to `table`. */
  fill(
    half: Half,
    asid: number,
    vaLo: number,
    vaHi: number,
    level: number,
    table: number,
    hierarchy: number,
  ): void;
}

/** Where a walk reads descriptors. */
export interface WalkTarget {
  readonly memory: PhysMemory;
  readonly tables: TableCache | null;
  observer: MmuObserver | null;
}

/**
 * Walk the stage 1 tables for an address inside its half (Arm ARM D8.2). Looks at nothing but memory, the table
 * cache and the regime; permissions are the caller's to check.
 */
export function walk(
  target: WalkTarget,
  regime: Regime,
  vaLo: number,
  vaHi: number,
  out: WalkResult,
): void {
  const { memory, tables, observer } = target;
  out.reads = 0;
  out.isShort = false;
  const half = halfFor(regime, vaHi);
  const { geometry, outputLimit } = half;
  if (half.walksDisabled) {
    out.fault = FSC_TRANSLATION_L0;
    return;
  }
  let table = half.table;
  let mask = half.rootMask;
  let level = half.startLevel;
  /** TABLE_* bits of all levels. */
  let hierarchy = 0;
  const fullMask = (1 << geometry.indexBits) - 1;
  const known = tables === null ? -1 : tables.find(half, regime.asid, vaLo, vaHi);
  out.isShort = known >= 0;
  if (known >= 0) {
    level = known;
    table = tables!.table;
    hierarchy = tables!.hierarchy;
    mask = fullMask;
  } else if (table >= outputLimit) {
    out.fault = FSC_ADDRESS_SIZE_L0;
    return;
  }
  for (; ; level++) {
    const shift = geometry.levelShift[level as 0 | 1 | 2 | 3];
    const pa = table + tableIndex(shift, mask, vaLo, vaHi) * 8;
    if (!memory.contains(pa, 8)) {
      out.fault = FSC_EXTERNAL_ON_WALK_L0 + level;
      return;
    }
    const at = (pa - memory.ramBase + RAM_OFFSET) / 4;
    const lo = memory.i32[at]!;
    const hi = memory.i32[at + 1]!;
    out.reads++;
    observer?.descriptorRead?.(vaLo, vaHi, regime.asid, level, pa, lo, hi);
    const isTableOrPage = (lo & 2) !== 0;
    if ((lo & 1) === 0 || (!isTableOrPage && (level === 3 || level < half.firstBlockLevel))) {
      out.fault = FSC_TRANSLATION_L0 + level;
      return;
    }
    let address = (hi & PTE_HI_ADDRESS) * 2 ** 32 + ((lo & geometry.addressMaskLo) >>> 0);
    if (geometry.addressHighShift >= 0 && regime.physicalLimit === 2 ** 52) {
      address += ((lo >>> geometry.addressHighShift) & 15) * 2 ** 48;
    }
    if (level < 3 && isTableOrPage) {
      if (address >= outputLimit) {
        out.fault = FSC_ADDRESS_SIZE_L0 + level;
        return;
      }
      hierarchy |= (hi >>> TABLE_HI_SHIFT) & TABLE_ATTRIBUTES;
      table = address;
      mask = fullMask;
      tables?.fill(half, regime.asid, vaLo, vaHi, level, table, hierarchy);
      continue;
    }
    const base = address - (address % 2 ** shift);
    if (base >= outputLimit) {
      out.fault = FSC_ADDRESS_SIZE_L0 + level;
      return;
    }
    out.clearAccessFlag = (lo & PTE_LO_AF) === 0;
    if (out.clearAccessFlag && !regime.setsAccessFlag) {
      out.fault = FSC_ACCESS_FLAG_L0 + level;
      return;
    }
    out.fault = -1;
    out.base = base;
    out.shift = shift;
    out.level = level;
    out.attributes = leafAttributes(lo, hi, level, half.hierarchyDisabled ? 0 : hierarchy);
    out.pteLo = lo;
    out.pteHi = hi;
    out.ptePa = pa;
    return;
  }
}

/** ATTR_* bits of a leaf. @param hierarchy TABLE_* bits of the tables above it */
export function leafAttributes(lo: number, hi: number, level: number, hierarchy: number): number {
  let attributes =
    ((lo >>> PTE_AP_SHIFT) & 3) |
    (((lo >>> PTE_ATTR_SHIFT) & 7) << ATTR_INDEX_SHIFT) |
    (((lo >>> PTE_SH_SHIFT) & 3) << ATTR_SH_SHIFT) |
    (level << ATTR_LEVEL_SHIFT);
  if ((hi & PTE_HI_UXN) !== 0) attributes |= ATTR_UXN;
  if ((hi & PTE_HI_PXN) !== 0) attributes |= ATTR_PXN;
  if ((hi & PTE_HI_DBM) !== 0) attributes |= ATTR_DBM;
  if ((lo & PTE_LO_NG) === 0) attributes |= ATTR_GLOBAL;
  if ((hi & PTE_HI_GP) !== 0) attributes |= ATTR_GUARDED;
  if ((hi & PTE_HI_CONTIGUOUS) !== 0) attributes |= ATTR_CONTIGUOUS;
  if (hierarchy === 0) return attributes;
  if ((hierarchy & TABLE_NO_EL0) !== 0) attributes &= ~ATTR_AP_EL0;
  // A page that a table makes read-only stays so: there is no dirty state to manage.
  if ((hierarchy & TABLE_READ_ONLY) !== 0) attributes = (attributes | ATTR_AP_RO) & ~ATTR_DBM;
  if ((hierarchy & TABLE_UXN) !== 0) attributes |= ATTR_UXN;
  if ((hierarchy & TABLE_PXN) !== 0) attributes |= ATTR_PXN;
  return attributes;
}
