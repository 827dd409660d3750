import { GEOMETRY_16K, GEOMETRY_4K, startLevel, type Geometry } from "../arch/descriptor.js";
import { sysregSlot, type SysregFile } from "../arch/sysreg.js";

/** How one half of the address space is translated: TTBR0 for low addresses, TTBR1 for high ones. */
export interface Half {
  /** Null for a granule that is not implemented: every walk is a translation fault at level 0. */
  geometry: Geometry | null;
  txsz: number;
  startLevel: number;
  /** Entries of the first table, minus one. */
  rootMask: number;
  /** Physical address of the first table. */
  table: number;
  /** EPD: no walks. HPD: hierarchical attributes ignored. TBI: the top byte is ignored. */
  walksDisabled: boolean;
  hierarchyDisabled: boolean;
  topByteIgnored: boolean;
}

/** The EL1&0 translation regime as TCR, TTBR0/1, MAIR and SCTLR set it up (Arm ARM D8.2). */
export interface Regime {
  enabled: boolean;
  wxn: boolean;
  asid: number;
  /** Output addresses at or above this are an address size fault. */
  outputLimit: number;
  mairLo: number;
  mairHi: number;
  readonly low: Half;
  readonly high: Half;
  /** log2 of the smallest granule in use. */
  pageShift: number;
}

const SLOT = {
  sctlr: sysregSlot("SCTLR_EL1"),
  tcr: sysregSlot("TCR_EL1"),
  ttbr0: sysregSlot("TTBR0_EL1"),
  ttbr1: sysregSlot("TTBR1_EL1"),
  mair: sysregSlot("MAIR_EL1"),
} as const;

/** TCR_EL1.IPS: output address bits; sizes above what the machine implements are cut to it. */
const IPS_BITS = [32, 36, 40, 42, 44, 48, 48, 48] as const;
const IMPLEMENTED_PA_BITS = 40;

const SCTLR_M = 1 << 0;
const SCTLR_WXN = 1 << 19;
const TCR_A1 = 1 << 22;

function newHalf(): Half {
  return {
    geometry: null,
    txsz: 0,
    startLevel: 0,
    rootMask: 0,
    table: 0,
    walksDisabled: false,
    hierarchyDisabled: false,
    topByteIgnored: false,
  };
}

export function newRegime(): Regime {
  return {
    enabled: false,
    wxn: false,
    asid: 0,
    outputLimit: 2 ** IMPLEMENTED_PA_BITS,
    mairLo: 0,
    mairHi: 0,
    low: newHalf(),
    high: newHalf(),
    pageShift: 14,
  };
}

/** Decode the control registers into `regime`. */
export function readRegime(sysregs: SysregFile, regime: Regime): void {
  const sctlr = sysregs.readLo(SLOT.sctlr);
  const tcrLo = sysregs.readLo(SLOT.tcr);
  const tcrHi = sysregs.readHi(SLOT.tcr);
  regime.enabled = (sctlr & SCTLR_M) !== 0;
  regime.wxn = (sctlr & SCTLR_WXN) !== 0;
  const asidOf = (tcrLo & TCR_A1) !== 0 ? SLOT.ttbr1 : SLOT.ttbr0;
  regime.asid = (sysregs.readHi(asidOf) >>> 16) & 0xff;
  regime.outputLimit = 2 ** Math.min(IPS_BITS[tcrHi & 7]!, IMPLEMENTED_PA_BITS);
  regime.mairLo = sysregs.readLo(SLOT.mair);
  regime.mairHi = sysregs.readHi(SLOT.mair);

  const tg0 = (tcrLo >>> 14) & 3;
  const { low, high } = regime;
  low.geometry = tg0 === 2 ? GEOMETRY_16K : tg0 === 0 ? GEOMETRY_4K : null;
  low.walksDisabled = (tcrLo & (1 << 7)) !== 0;
  low.topByteIgnored = (tcrHi & (1 << 5)) !== 0;
  low.hierarchyDisabled = (tcrHi & (1 << 9)) !== 0;
  finishHalf(low, tcrLo & 0x3f, sysregs.readLo(SLOT.ttbr0), sysregs.readHi(SLOT.ttbr0));

  const tg1 = tcrLo >>> 30;
  high.geometry = tg1 === 1 ? GEOMETRY_16K : tg1 === 2 ? GEOMETRY_4K : null;
  high.walksDisabled = (tcrLo & (1 << 23)) !== 0;
  high.topByteIgnored = (tcrHi & (1 << 6)) !== 0;
  high.hierarchyDisabled = (tcrHi & (1 << 10)) !== 0;
  finishHalf(high, (tcrLo >>> 16) & 0x3f, sysregs.readLo(SLOT.ttbr1), sysregs.readHi(SLOT.ttbr1));

  const small = [low, high].some((h) => !h.walksDisabled && h.geometry === GEOMETRY_4K);
  regime.pageShift = regime.enabled && small ? GEOMETRY_4K.pageShift : GEOMETRY_16K.pageShift;
}

function finishHalf(half: Half, txsz: number, ttbrLo: number, ttbrHi: number): void {
  // TxSZ outside 16..39 (48 to 25 bits of address) is treated as the nearest legal value.
  half.txsz = Math.min(Math.max(txsz, 16), 39);
  const geometry = half.geometry;
  if (geometry === null) return;
  half.startLevel = startLevel(geometry, half.txsz);
  const shift = geometry.levelShift[half.startLevel as 0 | 1 | 2 | 3];
  const entries = 2 ** (64 - half.txsz - shift);
  half.rootMask = entries - 1;
  const base = (ttbrHi & 0xffff) * 2 ** 32 + ((ttbrLo & ~1) >>> 0);
  half.table = base - (base % Math.max(entries * 8, 64));
}
