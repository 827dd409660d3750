/**
 * What memory holds, in the flat model: pieces of 4 KiB, whatever the page sizes of those who map
 * them.
 */

/** Bytes in a cell. */
export const CELL = 4096;

/** Contents of a piece; pages that share memory have the same cell. Null bytes are all zero. */
export interface Cell {
  bytes: Uint8Array | null;
  /** Counts the changes. */
  version: number;
  /**
   * Nobody can say what is in it: memory that came along because a page of 16 KiB was mapped of which
   * only a part was meant.
   */
  vague: boolean;
}

export function cellOf(bytes: Uint8Array | null): Cell {
  return { bytes, version: 0, vague: false };
}

export function vagueCell(): Cell {
  return { bytes: null, version: 0, vague: true };
}

export function freshCells(count: number): Cell[] {
  return Array.from({ length: count }, () => cellOf(null));
}

export function copyCell(cell: Cell): Cell {
  return { bytes: cell.bytes?.slice() ?? null, version: 0, vague: cell.vague };
}

/** Bytes, and which of them are known (1) or vague (0); null: all are known. */
export interface FlatBytes {
  readonly bytes: Uint8Array;
  readonly known: Uint8Array | null;
}

/** `size` bytes from `from` on of consecutive cells. */
export function bytesOfCells(cells: readonly Cell[], from: number, size: number): FlatBytes {
  const bytes = new Uint8Array(size);
  let known: Uint8Array | null = null;
  for (let done = 0; done < size;) {
    const at = from + done;
    const cell = cells[Math.floor(at / CELL)];
    const chunk = Math.min(CELL - (at % CELL), size - done);
    if (cell?.vague === true) {
      known ??= new Uint8Array(size).fill(1);
      known.fill(0, done, done + chunk);
    } else if (cell !== undefined && cell.bytes !== null) {
      bytes.set(cell.bytes.subarray(at % CELL, (at % CELL) + chunk), done);
    }
    done += chunk;
  }
  return { bytes, known };
}

/** Store [from, to) of `data` at `at` in the cell. */
export function storeInCell(
  cell: Cell,
  at: number,
  data: FlatBytes,
  from: number,
  to: number,
): void {
  cell.bytes ??= new Uint8Array(CELL);
  cell.bytes.set(data.bytes.subarray(from, to), at);
  cell.version += 1;
  const known = data.known === null || !data.known.subarray(from, to).includes(0);
  if (!known) cell.vague = true;
  else if (to - from === CELL) cell.vague = false;
}

/** Are these the bytes, where they are known? */
export function matches(got: Uint8Array, { bytes, known }: FlatBytes): boolean {
  if (known === null) return Buffer.compare(got, bytes) === 0;
  return got.length === bytes.length && got.every((byte, i) => known[i] === 0 || byte === bytes[i]);
}
