import type { PhysMemoryAccess } from "../../vm/platform.js";
import type { Ppn } from "../../vm/types.js";

/**
 * A page walk of its own, from the manual alone (Arm ARM D8.3: 16 KiB granule, 47-bit addresses,
 * levels 1 to 3 of 2048 entries), so that tests do not trust the code they test.
 */

/** What an EL0 access finds at an address. */
export interface Translation {
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

const PAGE = 2 ** 14;
const ENTRIES = 2048;

/** Walk from the table at physical address `root`; null is a translation fault at some level. */
export function walk(phys: PhysMemoryAccess, root: number, va: number): Translation | null {
  let table = root;
  for (const shift of [36, 25]) {
    const entry = table + (Math.floor(va / 2 ** shift) % ENTRIES) * 8;
    const lo = phys.readPteLo(entry) >>> 0;
    if (lo % 4 !== 3) return null;
    table = outputAddress(lo, phys.readPteHi(entry) >>> 0);
  }
  return leaf(phys, table + (Math.floor(va / PAGE) % ENTRIES) * 8);
}

/** The same for 4 KiB pages and 47-bit addresses: levels 0 to 3, and where in its frame the page is. */
export function walk4K(
  phys: PhysMemoryAccess,
  root: number,
  va: number,
): (Translation & { readonly pa: number }) | null {
  const address = (at: number): number =>
    (phys.readPteHi(at) & 0xffff) * 2 ** 32 +
    (phys.readPteLo(at) >>> 0) -
    ((phys.readPteLo(at) >>> 0) % 2 ** 12);
  let table = root;
  for (const shift of [39, 30, 21]) {
    const entry = table + (Math.floor(va / 2 ** shift) % 512) * 8;
    if ((phys.readPteLo(entry) >>> 0) % 4 !== 3) return null;
    table = address(entry);
  }
  const entry = table + (Math.floor(va / 2 ** 12) % 512) * 8;
  const found = leaf(phys, entry);
  return found === null ? null : { ...found, pa: address(entry) };
}

/** Every translation below `root`, in address order: [virtual address, what is there]. */
export function* translations(
  phys: PhysMemoryAccess,
  root: number,
): Generator<readonly [number, Translation]> {
  for (let one = 0; one < ENTRIES; one++) {
    const level2 = nextTable(phys, root + one * 8);
    if (level2 === 0) continue;
    for (let two = 0; two < ENTRIES; two++) {
      const level3 = nextTable(phys, level2 + two * 8);
      if (level3 === 0) continue;
      for (let three = 0; three < ENTRIES; three++) {
        const found = leaf(phys, level3 + three * 8);
        if (found !== null) yield [one * 2 ** 36 + two * 2 ** 25 + three * PAGE, found];
      }
    }
  }
}

function nextTable(phys: PhysMemoryAccess, entry: number): number {
  const lo = phys.readPteLo(entry) >>> 0;
  return lo % 4 === 3 ? outputAddress(lo, phys.readPteHi(entry) >>> 0) : 0;
}

function leaf(phys: PhysMemoryAccess, entry: number): Translation | null {
  const lo = phys.readPteLo(entry) >>> 0;
  if (lo % 4 !== 3) return null;
  const hi = phys.readPteHi(entry) >>> 0;
  const el0 = (lo & 0x40) !== 0;
  return {
    ppn: (outputAddress(lo, hi) / PAGE) as Ppn,
    read: el0,
    write: el0 && (lo & 0x80) === 0,
    execute: (hi & 0x0040_0000) === 0,
    accessFlag: (lo & 0x400) !== 0,
    writeable: (hi & 0x0800_0000) !== 0,
    wired: (hi & 0x0400_0000) !== 0,
  };
}

/** Bits 47:14. */
function outputAddress(lo: number, hi: number): number {
  return (hi & 0xffff) * 2 ** 32 + (lo - (lo % PAGE));
}
