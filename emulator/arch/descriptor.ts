import { bit, field, layout, maskHi, maskLo } from "./bits.js";
import type { Field } from "./bits.js";

/**
 * VMSAv8-64 stage 1 translation table descriptors, one layout per granule, shared by the walker
 * (which reads them) and the pmap (which writes them). Arm ARM D8.3. Bits 63:59 and 58:55 of a
 * leaf are the hardware's to ignore; the names there are XNU's (osfmk/arm64/proc_reg.h).
 */

/** Attribute bits every page and block descriptor has. */
const leafAttributes = {
  valid: bit(0),
  attrIndx: field(4, 2),
  ns: bit(5),
  ap: field(7, 6),
  sh: field(9, 8),
  af: bit(10),
  nG: bit(11),
  gp: bit(50),
  dbm: bit(51),
  contiguous: bit(52),
  pxn: bit(53),
  uxn: bit(54),
  /** Software: the mapping is wired. */
  wired: bit(58),
  /** Software: read-only for modify tracking only; a write is allowed and repaired by armFastFault. */
  writeable: bit(59),
} as const;

const tableAttributes = {
  valid: bit(0),
  isTable: bit(1),
  pxnTable: bit(59),
  uxnTable: bit(60),
  apTable: field(62, 61),
  nsTable: bit(63),
} as const;

export const Stage1Page16K = layout({ ...leafAttributes, isPage: bit(1), output: field(47, 14) });
export const Stage1Block16K = layout({ ...leafAttributes, isTable: bit(1), output: field(47, 25) });
export const Stage1Table16K = layout({ ...tableAttributes, table: field(47, 14) });

export const Stage1Page4K = layout({ ...leafAttributes, isPage: bit(1), output: field(47, 12) });
/** Level 2; a level 1 block has its output address in bits 47:30. */
export const Stage1Block4K = layout({ ...leafAttributes, isTable: bit(1), output: field(47, 21) });
export const Stage1Table4K = layout({ ...tableAttributes, table: field(47, 12) });

/** Bits 15:12 are bits 51:48 of the address (FEAT_LPA). */
const high64K = { outputHigh: field(15, 12) } as const;
export const Stage1Page64K = layout({
  ...leafAttributes,
  ...high64K,
  isPage: bit(1),
  output: field(47, 16),
});
/** Level 2; a level 1 block (FEAT_LPA) has its output address in bits 47:42. */
export const Stage1Block64K = layout({
  ...leafAttributes,
  ...high64K,
  isTable: bit(1),
  output: field(47, 29),
});
export const Stage1Table64K = layout({
  ...tableAttributes,
  tableHigh: field(15, 12),
  table: field(47, 16),
});

/** An entry that is not valid: nothing (all zero), or where the compressor holds the page. */
export const InvalidEntry = layout({ valid: bit(0), compressedAlt: bit(62), compressed: bit(63) });

/** AP[2:1] of a leaf. */
export const AP_EL1_RW = 0;
export const AP_ALL_RW = 1;
export const AP_EL1_RO = 2;
export const AP_ALL_RO = 3;

/** SH of a leaf. */
export const SH_NONE = 0;
export const SH_OUTER = 2;
export const SH_INNER = 3;

/**
 * The same fields as masks, for code that handles descriptors as two 32-bit halves. LO masks apply
 * to bits 31:0, HI masks to bits 63:32. Signed, so that results of `&` and `|` compare equal.
 */
const L = Stage1Page16K;
export const PTE_LO_VALID = maskLo(L.valid) | 0;
/** Bits 1:0 of a table descriptor, and of a page at level 3. */
export const PTE_LO_TYPE = maskLo(L.valid) | maskLo(L.isPage) | 0;
export const PTE_LO_ATTR = maskLo(L.attrIndx) | 0;
export const PTE_LO_AP = maskLo(L.ap) | 0;
/** AP[1]: accessible from EL0. */
export const PTE_LO_AP_EL0 = 1 << L.ap.lo;
/** AP[2]: read-only. */
export const PTE_LO_AP_RO = 1 << L.ap.hi;
export const PTE_LO_SH = maskLo(L.sh) | 0;
export const PTE_LO_AF = maskLo(L.af) | 0;
export const PTE_LO_NG = maskLo(L.nG) | 0;
export const PTE_HI_GP = maskHi(L.gp) | 0;
/** AF is the hardware's to set (TCR_EL1.HA), and AP[2] to clear where DBM is set (HD). */
export const PTE_HI_DBM = maskHi(L.dbm) | 0;
export const PTE_HI_CONTIGUOUS = maskHi(L.contiguous) | 0;
export const PTE_HI_PXN = maskHi(L.pxn) | 0;
export const PTE_HI_UXN = maskHi(L.uxn) | 0;
export const PTE_HI_WIRED = maskHi(L.wired) | 0;
export const PTE_HI_WRITEABLE = maskHi(L.writeable) | 0;
export const PTE_HI_COMPRESSED = maskHi(InvalidEntry.compressed) | 0;
export const PTE_HI_COMPRESSED_ALT = maskHi(InvalidEntry.compressedAlt) | 0;
/** Bits 47:32 of an output or table address. */
export const PTE_HI_ADDRESS = 0xffff;

/** The value of a field in the low half, in place. */
export function inLo(f: Field, value: number): number {
  return (value << f.lo) & maskLo(f);
}

/** A memory type's shift into AttrIndx. */
export const PTE_ATTR_SHIFT = L.attrIndx.lo;
export const PTE_AP_SHIFT = L.ap.lo;
export const PTE_SH_SHIFT = L.sh.lo;

/** TableAttributes of a table descriptor as four adjacent bits of its high half: PXN, UXN, AP[1:0]. */
const T = Stage1Table16K;
export const TABLE_HI_SHIFT = T.pxnTable.lo - 32;
export const TABLE_PXN = 1 << 0;
export const TABLE_UXN = 1 << (T.uxnTable.lo - T.pxnTable.lo);
/** APTable[0]: no access from EL0. APTable[1]: read-only. */
export const TABLE_NO_EL0 = 1 << (T.apTable.lo - T.pxnTable.lo);
export const TABLE_READ_ONLY = 2 << (T.apTable.lo - T.pxnTable.lo);
export const TABLE_ATTRIBUTES = 15;

/** A number for each granule, for tags and tables. */
export type GranuleIndex = 0 | 1 | 2;

/** How one granule cuts an address up. Levels 0..3; level 3 entries map one page each. */
export interface Geometry {
  readonly name: "4K" | "16K" | "64K";
  readonly index: GranuleIndex;
  /** log2 of the granule in bytes; also of the size of a full table. */
  readonly pageShift: number;
  readonly pageBytes: number;
  /** Index bits one full table resolves; a table has 2^indexBits entries of 8 bytes. */
  readonly indexBits: number;
  /** Lowest address bit each level's index covers, by level. There is no level 0 with 64 KiB pages. */
  readonly levelShift: readonly [number, number, number, number];
  /** log2 of the bytes a set of contiguous entries maps, by level. */
  readonly contiguousShift: readonly [number, number, number, number];
  /** Lowest level at which a block descriptor is allowed, without FEAT_LPA and with it. */
  readonly firstBlockLevel: number;
  readonly firstBlockLevelLpa: number;
  /** Bits of the low descriptor half that belong to a page's output or next table address. */
  readonly addressMaskLo: number;
  /** Shift of the descriptor bits that are address bits 51:48 with FEAT_LPA, or -1: none are. */
  readonly addressHighShift: number;
  /** TCR_EL1.TG0 and TG1 codes; the two fields number the granules differently. */
  readonly tg0: number;
  readonly tg1: number;
  /** TLBI operands: TG of the range forms, and bits 3:2 of TTL. */
  readonly tlbiCode: number;
}

export const GEOMETRY_16K: Geometry = {
  name: "16K",
  index: 1,
  pageShift: 14,
  pageBytes: 1 << 14,
  indexBits: 11,
  levelShift: [47, 36, 25, 14],
  contiguousShift: [47, 36, 30, 21],
  firstBlockLevel: 2,
  firstBlockLevelLpa: 2,
  addressMaskLo: maskLo(Stage1Page16K.output) | 0,
  addressHighShift: -1,
  tg0: 2,
  tg1: 1,
  tlbiCode: 2,
};

export const GEOMETRY_4K: Geometry = {
  name: "4K",
  index: 0,
  pageShift: 12,
  pageBytes: 1 << 12,
  indexBits: 9,
  levelShift: [39, 30, 21, 12],
  contiguousShift: [39, 34, 25, 16],
  firstBlockLevel: 1,
  firstBlockLevelLpa: 1,
  addressMaskLo: maskLo(Stage1Page4K.output) | 0,
  addressHighShift: -1,
  tg0: 0,
  tg1: 2,
  tlbiCode: 1,
};

export const GEOMETRY_64K: Geometry = {
  name: "64K",
  index: 2,
  pageShift: 16,
  pageBytes: 1 << 16,
  indexBits: 13,
  levelShift: [55, 42, 29, 16],
  contiguousShift: [55, 42, 34, 21],
  firstBlockLevel: 2,
  firstBlockLevelLpa: 1,
  addressMaskLo: maskLo(Stage1Page64K.output) | 0,
  addressHighShift: Stage1Page64K.outputHigh.lo,
  tg0: 1,
  tg1: 3,
  tlbiCode: 3,
};

/** By `Geometry.index`. */
export const GEOMETRIES = [GEOMETRY_4K, GEOMETRY_16K, GEOMETRY_64K] as const;

/** Level of the first table walked for a `64 - txsz` bit address. Arm ARM D8.2.4. */
export function startLevel(geometry: Geometry, txsz: number): number {
  const resolved = 64 - txsz - geometry.pageShift;
  return 4 - Math.ceil(resolved / geometry.indexBits);
}

/** Number of entries of the first table: fewer than a full table's when few bits are left for it. */
export function rootEntries(geometry: Geometry, txsz: number): number {
  const level = startLevel(geometry, txsz);
  return 2 ** (64 - txsz - geometry.levelShift[level as 0 | 1 | 2 | 3]);
}

/**
 * Index into the table at `level` for a 64-bit address given as halves.
 * @param mask entries of that table minus one
 */
export function tableIndex(shift: number, mask: number, vaLo: number, vaHi: number): number {
  if (shift >= 32) return (vaHi >>> (shift - 32)) & mask;
  return ((vaLo >>> shift) | (vaHi << (32 - shift))) & mask;
}
