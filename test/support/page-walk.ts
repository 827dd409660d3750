import type { PhysMemoryAccess } from "../../vm/platform.js";
import type { Ppn } from "../../vm/types.js";

/**
 * A page walk of its own, from the manual alone (Arm ARM D8.3: 47-bit addresses; 16 KiB granule,
 * levels 1 to 3 of 2048 entries; 4 KiB granule, levels 0 to 3 of 512), so that tests do not trust the
 * code they test.
 */

/** What an EL0 access finds at an address. */
export interface Translation {
  /** Physical address of the page. */
  readonly pa: number;
  /** The frame of 16 KiB it is, or is a part of. */
  readonly ppn: Ppn;
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** AF: clear means the access faults although it is allowed. */
  readonly accessFlag: boolean;
  /** Software bit 59: the pmap may make it writable without asking the map. */
  readonly writeable: boolean;
  /** Software bit 58. */
  readonly wired: boolean;
}

/** Page size, and the lowest address bit that each level's index covers. */
interface Granule {
  readonly page: number;
  readonly entries: number;
  readonly tableShifts: readonly number[];
}

const GRANULES: Readonly<Record<"16K" | "4K", Granule>> = {
  "16K": { page: 2 ** 14, entries: 2048, tableShifts: [36, 25] },
  "4K": { page: 2 ** 12, entries: 512, tableShifts: [39, 30, 21] },
};

const FRAME = 2 ** 14;

/** Walk from the table at physical address `root`; null is a translation fault at some level. */
export function walk(
  phys: PhysMemoryAccess,
  root: number,
  va: number,
  granule: "16K" | "4K" = "16K",
): Translation | null {
  const { page, entries, tableShifts } = GRANULES[granule];
  let table = root;
  for (const shift of tableShifts) {
    table = nextTable(phys, table + (Math.floor(va / 2 ** shift) % entries) * 8, page);
    if (table === 0) return null;
  }
  return leaf(phys, table + (Math.floor(va / page) % entries) * 8, page);
}

/** Every translation below `root`, in address order: [virtual address, what is there]. */
export function translations(
  phys: PhysMemoryAccess,
  root: number,
  granule: "16K" | "4K" = "16K",
): Generator<readonly [number, Translation]> {
  return below(phys, root, 0, 0, GRANULES[granule]);
}

function* below(
  phys: PhysMemoryAccess,
  table: number,
  level: number,
  va: number,
  granule: Granule,
): Generator<readonly [number, Translation]> {
  const shift = granule.tableShifts[level];
  for (let i = 0; i < granule.entries; i++) {
    const entry = table + i * 8;
    if (phys.readPteLo(entry) % 2 === 0) continue;
    if (shift !== undefined) {
      const next = nextTable(phys, entry, granule.page);
      if (next !== 0) yield* below(phys, next, level + 1, va + i * 2 ** shift, granule);
      continue;
    }
    const found = leaf(phys, entry, granule.page);
    if (found !== null) yield [va + i * granule.page, found];
  }
}

function nextTable(phys: PhysMemoryAccess, entry: number, page: number): number {
  const lo = phys.readPteLo(entry) >>> 0;
  return lo % 4 === 3 ? outputAddress(lo, phys.readPteHi(entry) >>> 0, page) : 0;
}

function leaf(phys: PhysMemoryAccess, entry: number, page: number): Translation | null {
  const lo = phys.readPteLo(entry) >>> 0;
  if (lo % 4 !== 3) return null;
  const hi = phys.readPteHi(entry) >>> 0;
  const el0 = (lo & 0x40) !== 0;
  const pa = outputAddress(lo, hi, page);
  return {
    pa,
    ppn: Math.floor(pa / FRAME) as Ppn,
    read: el0,
    write: el0 && (lo & 0x80) === 0,
    execute: (hi & 0x0040_0000) === 0,
    accessFlag: (lo & 0x400) !== 0,
    writeable: (hi & 0x0800_0000) !== 0,
    wired: (hi & 0x0400_0000) !== 0,
  };
}

/** Bits 47 down to the page's size. */
function outputAddress(lo: number, hi: number, page: number): number {
  return (hi & 0xffff) * 2 ** 32 + (lo - (lo % page));
}
