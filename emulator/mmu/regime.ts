import { getField, maskHi, maskLo } from "../arch/bits.js";
import type { CpuModel } from "../arch/cpu-model.js";
import { GEOMETRIES, GEOMETRY_4K, startLevel, type Geometry } from "../arch/descriptor.js";
import { sysregSlot, type SysregFile } from "../arch/sysreg.js";
import { PHYSICAL_ADDRESS_BITS, SctlrMemory, Tcr } from "../arch/translation-control.js";

/** How one half of the address space is translated: TTBR0 for low addresses, TTBR1 for high ones. */
export interface Half {
  geometry: Geometry;
  txsz: number;
  /** TxSZ is none this CPU has: every access is a translation fault at level 0. */
  badSize: boolean;
  startLevel: number;
  /** Entries of the first table, minus one. */
  rootMask: number;
  /** Physical address of the first table. */
  table: number;
  /** Table and output addresses at or above this are an address size fault. */
  outputLimit: number;
  firstBlockLevel: number;
  /** EPD: no walks. HPD: hierarchical attributes ignored. E0PD: not for EL0. */
  walksDisabled: boolean;
  hierarchyDisabled: boolean;
  deniedToEl0: boolean;
  /** TBI: the top byte of data addresses is ignored; of instruction addresses too unless TBID. */
  topByteIgnored: boolean;
  fetchTopByteIgnored: boolean;
}

/** The EL1&0 translation regime as TCR, TTBR0/1, MAIR and SCTLR set it up (Arm ARM D8.2). */
export interface Regime {
  enabled: boolean;
  wxn: boolean;
  epan: boolean;
  /** HA: the hardware sets the access flag. HD: and makes clean pages dirty. */
  setsAccessFlag: boolean;
  setsDirty: boolean;
  asid: number;
  mairLo: number;
  mairHi: number;
  readonly low: Half;
  readonly high: Half;
  /** Physical addresses end here. */
  physicalLimit: number;
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

const byCode = (code: (g: Geometry) => number): readonly Geometry[] =>
  [0, 1, 2, 3].map((c) => GEOMETRIES.find((g) => code(g) === c) ?? GEOMETRY_4K);
/** Geometry by the granule code of TCR_EL1. A code that means nothing means 4 KiB. */
const BY_TG0 = byCode((g) => g.tg0);
const BY_TG1 = byCode((g) => g.tg1);

const HALVES = [
  {
    ...{ ttbr: SLOT.ttbr0, size: Tcr.t0sz, granule: Tcr.tg0, byCode: BY_TG0, epd: Tcr.epd0 },
    ...{ tbi: Tcr.tbi0, tbid: Tcr.tbid0, hpd: Tcr.hpd0, e0pd: Tcr.e0pd0 },
  },
  {
    ...{ ttbr: SLOT.ttbr1, size: Tcr.t1sz, granule: Tcr.tg1, byCode: BY_TG1, epd: Tcr.epd1 },
    ...{ tbi: Tcr.tbi1, tbid: Tcr.tbid1, hpd: Tcr.hpd1, e0pd: Tcr.e0pd1 },
  },
] as const;

const A1 = maskLo(Tcr.a1);
const [AS, HA, HD] = [maskHi(Tcr.as), maskHi(Tcr.ha), maskHi(Tcr.hd)];
const [M, WXN, EPAN] = [
  maskLo(SctlrMemory.m),
  maskLo(SctlrMemory.wxn),
  maskHi(SctlrMemory.epan),
] as const;

function newHalf(): Half {
  return {
    geometry: GEOMETRY_4K,
    txsz: 16,
    badSize: false,
    startLevel: 0,
    rootMask: 0,
    table: 0,
    outputLimit: 0,
    firstBlockLevel: 1,
    walksDisabled: false,
    hierarchyDisabled: false,
    deniedToEl0: false,
    topByteIgnored: false,
    fetchTopByteIgnored: false,
  };
}

export function newRegime(): Regime {
  return {
    enabled: false,
    wxn: false,
    epan: false,
    setsAccessFlag: false,
    setsDirty: false,
    asid: 0,
    mairLo: 0,
    mairHi: 0,
    low: newHalf(),
    high: newHalf(),
    physicalLimit: 0,
    pageShift: 14,
  };
}

/** Decode the control registers into `regime`. */
export function readRegime(sysregs: SysregFile, model: CpuModel, regime: Regime): void {
  const sctlr = sysregs.readLo(SLOT.sctlr);
  const tcrLo = sysregs.readLo(SLOT.tcr);
  const tcrHi = sysregs.readHi(SLOT.tcr);
  regime.enabled = (sctlr & M) !== 0;
  regime.wxn = (sctlr & WXN) !== 0;
  regime.epan = (sysregs.readHi(SLOT.sctlr) & EPAN) !== 0;
  regime.setsAccessFlag = (tcrHi & HA) !== 0;
  regime.setsDirty = (tcrHi & (HA | HD)) === (HA | HD);
  const asidOf = (tcrLo & A1) !== 0 ? SLOT.ttbr1 : SLOT.ttbr0;
  const asidMask = (tcrHi & AS) !== 0 ? 0xffff : 0xff;
  regime.asid = (sysregs.readHi(asidOf) >>> 16) & asidMask;
  regime.mairLo = sysregs.readLo(SLOT.mair);
  regime.mairHi = sysregs.readHi(SLOT.mair);
  regime.physicalLimit = 2 ** model.physicalAddressBits;
  readHalf(sysregs, model, 0, regime.low);
  readHalf(sysregs, model, 1, regime.high);
  regime.pageShift = regime.enabled ? smallestGranule(regime) : 14;
}

function smallestGranule({ low, high }: Regime): number {
  if (low.walksDisabled && !high.walksDisabled) return high.geometry.pageShift;
  if (high.walksDisabled && !low.walksDisabled) return low.geometry.pageShift;
  return Math.min(low.geometry.pageShift, high.geometry.pageShift);
}

function readHalf(sysregs: SysregFile, model: CpuModel, which: 0 | 1, half: Half): void {
  const { features } = model;
  const row = HALVES[which];
  const tcrLo = sysregs.readLo(SLOT.tcr);
  const tcrHi = sysregs.readHi(SLOT.tcr);
  const named = row.byCode[getField(tcrLo, tcrHi, row.granule)]!;
  // A granule the CPU lacks behaves as one that it has: which one is its choice.
  const geometry = named.name === "64K" && !features.has("tgran64") ? GEOMETRY_4K : named;
  const is64K = geometry.name === "64K";
  half.geometry = geometry;
  half.walksDisabled = (tcrLo & maskLo(row.epd)) !== 0;
  half.topByteIgnored = (tcrHi & maskHi(row.tbi)) !== 0;
  half.fetchTopByteIgnored = half.topByteIgnored && (tcrHi & maskHi(row.tbid)) === 0;
  half.hierarchyDisabled = (tcrHi & maskHi(row.hpd)) !== 0;
  half.deniedToEl0 = (tcrHi & maskHi(row.e0pd)) !== 0;
  half.firstBlockLevel = features.has("lpa")
    ? geometry.firstBlockLevelLpa
    : geometry.firstBlockLevel;

  const txsz = getField(tcrLo, tcrHi, row.size);
  const smallest = is64K && features.has("lva") ? 12 : 16;
  const biggest = features.has("ttst") ? (is64K ? 47 : 48) : 39;
  half.txsz = Math.min(Math.max(txsz, smallest), biggest);
  half.badSize = half.txsz !== txsz;

  const ips = PHYSICAL_ADDRESS_BITS[getField(tcrLo, tcrHi, Tcr.ips)] ?? model.physicalAddressBits;
  const outputBits = Math.min(ips, model.physicalAddressBits, is64K ? 52 : 48);
  half.outputLimit = 2 ** outputBits;

  half.startLevel = startLevel(geometry, half.txsz);
  const shift = geometry.levelShift[half.startLevel as 0 | 1 | 2 | 3];
  const entries = 2 ** (64 - half.txsz - shift);
  half.rootMask = entries - 1;
  const ttbrLo = sysregs.readLo(row.ttbr);
  const bits47 = (sysregs.readHi(row.ttbr) & 0xffff) * 2 ** 32 + ((ttbrLo & ~1) >>> 0);
  // With 52 bits of output address bits 5:2 are address bits 51:48 (FEAT_LPA), and the table is 64-byte aligned.
  const wide = is64K && outputBits === 52;
  const base = wide ? bits47 + ((ttbrLo >>> 2) & 15) * 2 ** 48 : bits47;
  half.table = base - (base % Math.max(entries * 8, wide ? 64 : 8));
}
