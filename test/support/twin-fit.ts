import type { VmMapEntry } from "../../vm/map/entry.js";
import type { VmObject } from "../../vm/object/object.js";
import { CELL, vagueCell, type Cell } from "./flat-cell.js";
import { FITS, type Fit } from "./flat-copy.js";
import type { Space } from "./twin-compare.js";

/**
 * The page-size rules look at how memory lies in its objects, which no flat model knows: so that is
 * read off the machine.
 */

/** A piece of memory in its object. */
interface Piece {
  readonly offset: number;
  readonly size: number;
}

/** The pieces of [address, address + size) of an address space, which must be mapped. */
export function piecesOf({ map }: Space, address: number, size: number): Piece[] {
  const pieces: Piece[] = [];
  for (let entry = map.firstEntry; entry !== null; entry = entry.next) {
    const from = Math.max(entry.start, address);
    const to = Math.min(entry.end, address + size);
    if (from < to) pieces.push({ offset: entry.offset + (from - entry.start), size: to - from });
  }
  return pieces;
}

export function piecesOfEntries(entries: Iterable<VmMapEntry>): Piece[] {
  return Array.from(entries, (entry) => ({
    offset: entry.offset,
    size: entry.end - entry.start,
  }));
}

/** May pages of `pageSize` map these pieces, each page one piece of memory? */
export function fitOf(pieces: readonly Piece[], pageSize: number): Fit {
  let { before, behind, inside } = FITS;
  pieces.forEach(({ offset, size }, i) => {
    const low = offset % pageSize;
    const high = (pageSize - ((offset + size) % pageSize)) % pageSize;
    if (i === 0) before = low;
    else if (low !== 0) inside = true;
    if (i === pieces.length - 1) behind = high;
    else if (high !== 0) inside = true;
  });
  return { before, behind, inside };
}

/**
 * The cell for what is mapped at `address` of `space`, which the model does not know yet: the file's,
 * that of whoever else maps the same place of the same object, or else nobody knows what is in it.
 */
export function cellAround(
  space: Space,
  address: number,
  others: readonly Space[],
  file: { readonly object: VmObject; readonly cells: readonly Cell[] },
): Cell {
  for (let entry = space.map.firstEntry; entry !== null; entry = entry.next) {
    if (address < entry.start || address >= entry.end || entry.object === null) continue;
    const offset = entry.offset + (address - entry.start);
    const known = entry.object === file.object ? file.cells[offset / CELL] : undefined;
    return known ?? cellOfPlace(entry.object, offset, others) ?? vagueCell();
  }
  return vagueCell();
}

function cellOfPlace(object: VmObject, offset: number, spaces: readonly Space[]): Cell | null {
  for (const { map, flat } of spaces) {
    for (let entry = map.firstEntry; entry !== null; entry = entry.next) {
      if (entry.object !== object || entry.needsCopy) continue;
      const at = entry.start + (offset - entry.offset);
      if (at < entry.start || at >= entry.end) continue;
      const record = flat.pages.get(Math.floor(at / flat.pageSize));
      const cell = record?.cells[(at % flat.pageSize) / CELL];
      if (cell !== undefined) return cell;
    }
  }
  return null;
}
