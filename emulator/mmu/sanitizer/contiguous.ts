import { addressIn, contiguousEntries, isContiguous, kindOf, spanOf } from "./descriptor.js";
import type { Table, Tables } from "./tables.js";

/** An entry that does not agree with its group. */
export interface Conflict {
  readonly table: Table;
  readonly index: number;
  readonly why: string;
}

/** Attributes that all entries of a group share: everything but the address. */
const LO_SHARED = 0xfff;
const HI_SHARED = 0x0070_0000;

/**
 * Whether the group around an entry breaks the rules of the Contiguous bit, so that one TLB entry for the group
 * and one for a page of it may match the same address (Arm ARM D8, "The Contiguous bit").
 * @returns the first entry that disagrees with the first contiguous one, or null
 */
export function findConflict(tables: Tables, table: Table, index: number): Conflict | null {
  const { geometry, level } = table;
  const count = contiguousEntries(geometry, level);
  const start = index - (index % count);
  if (start + count > table.entries) return null;
  const group = Array.from({ length: count }, (_, i) => tables.descriptor(table, start + i));
  const isOne = group.map((d) => kindOf(d, geometry) === "leaf" && isContiguous(d));
  const first = isOne.indexOf(true);
  if (first < 0) return null;
  const size = spanOf(geometry, level);
  const model = group[first]!;
  const base = addressIn(model, geometry) - first * size;
  for (const [i, d] of group.entries()) {
    const why =
      kindOf(d, geometry) !== "leaf"
        ? "is invalid"
        : !isOne[i]!
          ? "lacks it"
          : base % (size * count) !== 0 || addressIn(d, geometry) !== base + i * size
            ? "has an address out of line"
            : ((d.lo ^ model.lo) & LO_SHARED) !== 0 || ((d.hi ^ model.hi) & HI_SHARED) !== 0
              ? "has other attributes"
              : null;
    if (why !== null) {
      const text = `entry ${i} of a group of ${count} with the Contiguous bit ${why}`;
      return { table, index: start + i, why: text };
    }
  }
  return null;
}
