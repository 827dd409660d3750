import { PAGE_SIZE } from "../../vm/types.js";
import { bytesOfCells, CELL, type Cell, type FlatBytes } from "./flat-cell.js";

/** A copy under way, in the flat model: what the pages it was made of held. */
export interface FlatCopy {
  readonly byValue: boolean;
  /** The address it was made of, and the exact number of bytes. */
  readonly offset: number;
  readonly size: number;
  /** Of the whole pages, the first the one that `offset` lies in. */
  readonly cells: readonly Cell[];
  /** Of the map it was made of. */
  readonly pageSize: number;
}

/** The exact bytes of a copy. */
export function bytesOf(copy: FlatCopy): FlatBytes {
  return bytesOfCells(copy.cells, copy.offset % copy.pageSize, copy.size);
}

/** How memory of smaller pages lies in larger ones: bytes of a larger page before and behind it. */
export interface Fit {
  readonly before: number;
  readonly behind: number;
  /** It is in several pieces that do not lie right. */
  readonly inside: boolean;
}

export const FITS: Fit = { before: 0, behind: 0, inside: false };

/** What a copyout maps: cells, the place of the first byte in them, and how many bytes must be free. */
export interface FlatCopyout {
  readonly cells: readonly Cell[];
  readonly inPage: number;
  readonly space: number;
}

/**
 * How a list copy arrives in a map of `pageSize`. From larger pages only the smaller ones that have
 * bytes of it; to larger pages as it is if its memory lies right (`fits`), else the bytes alone.
 */
export function arrivalOf(copy: FlatCopy, pageSize: number, fits: boolean): FlatCopyout {
  const inPage = copy.offset % copy.pageSize;
  const whole = copy.cells.length * CELL;
  if (copy.byValue || (pageSize > copy.pageSize && !fits)) {
    const { bytes, known } = bytesOf(copy);
    const space = roundUp(copy.size, pageSize);
    const cells = Array.from({ length: space / CELL }, (_, i): Cell => {
      const piece = new Uint8Array(CELL);
      piece.set(bytes.subarray(i * CELL, (i + 1) * CELL));
      const vague = known?.subarray(i * CELL, (i + 1) * CELL).includes(0) ?? false;
      return { bytes: piece, version: 0, vague };
    });
    return { cells, inPage: 0, space };
  }
  if (pageSize >= copy.pageSize) return { cells: copy.cells, inPage, space: whole };
  const cut = inPage - (inPage % pageSize);
  const end = roundUp(inPage + copy.size, pageSize);
  const cells = copy.cells.slice(cut / CELL, end / CELL);
  // Cut at the end only, it still asks for room in its own pages.
  return { cells, inPage: inPage - cut, space: cut === 0 ? whole : end - cut };
}

/** Pieces of an overwrite that are checked, then written, each by itself: [from, to) of the copy. */
export function overwritePieces(
  copy: FlatCopy,
  address: number,
  pageSize: number,
  mapped: boolean,
): [number, number][] {
  const { size } = copy;
  const inPage = address % pageSize;
  const small = pageSize < PAGE_SIZE || copy.pageSize < PAGE_SIZE || size < 3 * pageSize;
  if (small || inPage !== copy.offset % pageSize || !mapped) return [[0, size]];
  const head = inPage === 0 ? 0 : pageSize - inPage;
  const tail = size - ((inPage + size) % pageSize);
  const pieces: [number, number][] = [
    [0, head],
    [head, tail],
    [tail, size],
  ];
  return pieces.filter(([from, to]) => from < to);
}

function roundUp(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}
