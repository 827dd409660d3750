import {
  PTE_HI_ADDRESS,
  PTE_HI_GP,
  PTE_HI_PXN,
  PTE_HI_UXN,
  PTE_LO_AF,
  PTE_LO_NG,
  tableIndex,
} from "../arch/descriptor.js";
import {
  FSC_ACCESS_FLAG_L0,
  FSC_ADDRESS_SIZE_L0,
  FSC_EXTERNAL_ON_WALK_L0,
  FSC_TRANSLATION_L0,
} from "../arch/esr.js";
import { RIGHT_DEVICE, RIGHT_GLOBAL, RIGHT_GUARDED, rightsOf } from "./access.js";
import { RAM_OFFSET, type PhysMemory } from "./phys-memory.js";
import type { MmuObserver } from "./observer.js";
import type { Half, Regime } from "./regime.js";

/** What a walk found. One object is reused for every walk. */
export interface WalkResult {
  /** Fault status with its level, or -1: the fields below are set. */
  fault: number;
  /** Physical address of the page or block, and log2 of its size. */
  base: number;
  shift: number;
  level: number;
  /** RIGHT_* bits. */
  rights: number;
  /** The leaf descriptor and the physical address it was read from. */
  pteLo: number;
  pteHi: number;
  ptePa: number;
  /** Descriptors read. */
  reads: number;
}

export function newWalkResult(): WalkResult {
  return {
    fault: -1,
    base: 0,
    shift: 0,
    level: 0,
    rights: 0,
    pteLo: 0,
    pteHi: 0,
    ptePa: 0,
    reads: 0,
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
export function inRange(half: Half, vaLo: number, vaHi: number): boolean {
  const sign = (vaHi << 8) >> 31;
  const top = half.topByteIgnored ? (vaHi << 8) >> 8 : vaHi;
  const bits = 32 - half.txsz;
  if (bits >= 0) return top >> bits === sign;
  return (top | 0) === sign && vaLo >> (32 + bits) === sign;
}

/**
 * Walk the stage 1 tables for an address (Arm ARM D8.2). Looks at nothing but memory and the
 * regime; permissions are the caller's to check.
 */
export function walk(
  memory: PhysMemory,
  regime: Regime,
  vaLo: number,
  vaHi: number,
  out: WalkResult,
  observer: MmuObserver | null = null,
): void {
  out.reads = 0;
  const half = halfFor(regime, vaHi);
  const geometry = half.geometry;
  if (half.walksDisabled || geometry === null || !inRange(half, vaLo, vaHi)) {
    out.fault = FSC_TRANSLATION_L0;
    return;
  }
  let table = half.table;
  if (table >= regime.outputLimit) {
    out.fault = FSC_ADDRESS_SIZE_L0;
    return;
  }
  let mask = half.rootMask;
  let apTable = 0;
  let uxnTable = false;
  let pxnTable = false;
  const fullMask = (1 << geometry.indexBits) - 1;
  for (let level = half.startLevel; ; level++) {
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
    if ((lo & 1) === 0 || (!isTableOrPage && (level === 3 || level < geometry.firstBlockLevel))) {
      out.fault = FSC_TRANSLATION_L0 + level;
      return;
    }
    const address = (hi & PTE_HI_ADDRESS) * 2 ** 32 + ((lo & geometry.addressMaskLo) >>> 0);
    if (level < 3 && isTableOrPage) {
      if (address >= regime.outputLimit) {
        out.fault = FSC_ADDRESS_SIZE_L0 + level;
        return;
      }
      if (!half.hierarchyDisabled) {
        apTable |= (hi >>> 29) & 3;
        uxnTable ||= (hi & (1 << 28)) !== 0;
        pxnTable ||= (hi & (1 << 27)) !== 0;
      }
      table = address;
      mask = fullMask;
      continue;
    }
    const size = 2 ** shift;
    const base = address - (address % size);
    if (base >= regime.outputLimit) {
      out.fault = FSC_ADDRESS_SIZE_L0 + level;
      return;
    }
    if ((lo & PTE_LO_AF) === 0) {
      out.fault = FSC_ACCESS_FLAG_L0 + level;
      return;
    }
    // APTable bit 0 takes EL0's access away, bit 1 takes writing away.
    const ap = ((lo >>> 6) & 3 & ~(apTable & 1)) | (apTable & 2);
    let rights = rightsOf(
      ap,
      uxnTable || (hi & PTE_HI_UXN) !== 0,
      pxnTable || (hi & PTE_HI_PXN) !== 0,
      regime.wxn,
    );
    if ((lo & PTE_LO_NG) === 0) rights |= RIGHT_GLOBAL;
    if ((hi & PTE_HI_GP) !== 0) rights |= RIGHT_GUARDED;
    const attr = (lo >>> 2) & 7;
    const mair = attr < 4 ? regime.mairLo >>> (attr * 8) : regime.mairHi >>> ((attr - 4) * 8);
    if ((mair & 0xf0) === 0) rights |= RIGHT_DEVICE;
    out.fault = -1;
    out.base = base;
    out.shift = shift;
    out.level = level;
    out.rights = rights;
    out.pteLo = lo;
    out.pteHi = hi;
    out.ptePa = pa;
    return;
  }
}
