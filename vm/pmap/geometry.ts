import {
  GEOMETRY_16K,
  GEOMETRY_4K,
  rootEntries,
  startLevel,
  type Geometry,
} from "../../emulator/arch/descriptor.js";

/** TCR_EL1.T0SZ and T1SZ: 47 bits of address in each half, whatever the granule. */
export const PMAP_TXSZ = 17;
/** Bytes of one half of the address space. */
export const PMAP_VA_BYTES = 2 ** (64 - PMAP_TXSZ);
/** Bytes of a descriptor. */
export const PTE_BYTES = 8;

/**
 * How the tables of one page size are built (XNU: struct page_table_attr). A 16 KiB tree has three
 * levels of 2048 entries, 1 to 3; a 4 KiB tree four of 512, 0 to 3, with the upper half of its root
 * out of reach.
 */
export interface PtAttr {
  readonly geometry: Geometry;
  readonly pageShift: number;
  readonly pageBytes: number;
  /** Entries and bytes of a table; the root is as big as the others. */
  readonly tableEntries: number;
  readonly tableBytes: number;
  readonly rootLevel: number;
  /** Entries of the root that addresses can reach. */
  readonly rootEntries: number;
  /** Bytes that one level 2 entry, a "twig", covers: all that one leaf table maps. */
  readonly twigBytes: number;
}

function ptAttr(geometry: Geometry): PtAttr {
  const tableEntries = 2 ** geometry.indexBits;
  return {
    geometry,
    pageShift: geometry.pageShift,
    pageBytes: geometry.pageBytes,
    tableEntries,
    tableBytes: tableEntries * PTE_BYTES,
    rootLevel: startLevel(geometry, PMAP_TXSZ),
    rootEntries: rootEntries(geometry, PMAP_TXSZ),
    twigBytes: 2 ** geometry.levelShift[2],
  };
}

export const PT_ATTR_16K = ptAttr(GEOMETRY_16K);
export const PT_ATTR_4K = ptAttr(GEOMETRY_4K);

/** Bytes that one entry of the table at `level` covers. */
export function levelBytes(attr: PtAttr, level: number): number {
  return 2 ** attr.geometry.levelShift[level as 0 | 1 | 2 | 3];
}
