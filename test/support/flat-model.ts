import {
  KERN_INVALID_ADDRESS,
  KERN_NO_SPACE,
  KERN_NOT_SUPPORTED,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmInherit,
  type VmProt,
} from "../../vm/types.js";
import {
  bytesOfCells,
  CELL,
  cellOf,
  copyCell,
  freshCells,
  storeInCell,
  type Cell,
  type FlatBytes,
} from "./flat-cell.js";
import { arrivalOf, bytesOf, overwritePieces, type Fit, type FlatCopy } from "./flat-copy.js";

/**
 * Memory as its users see it, the slow and obvious way: one record for each page of each address
 * space, contents copied at once whenever anything is copied. No objects, no entries, no faults.
 */

export interface FlatPage {
  /** One for each 4 KiB of the page. */
  cells: readonly Cell[];
  prot: VmProt;
  max: VmProt;
  inheritance: VmInherit;
  userWired: number;
  /** The page is a view of another address space's page (a submap's), whatever that is now. */
  window: { readonly map: FlatMap; readonly page: number } | null;
}

/** Whole pages mapped a second time. */
export interface FlatRemap {
  readonly source: number;
  readonly target: number;
  readonly size: number;
  readonly asCopy: boolean;
  /** FITS, unless the target's pages are larger. */
  readonly fit: Fit;
  /** What is mapped at an address in the target because its pages are larger. */
  readonly around: (address: number) => Cell;
}

const BY_VALUE_LIMIT = 32768;
const WRITABLE_CODE = VM_PROT_WRITE | VM_PROT_EXECUTE;

/** One address space; addresses are bytes, pages are numbered by address / pageSize. */
export class FlatMap {
  readonly pages = new Map<number, FlatPage>();
  readonly pageSize: number;

  constructor(pageSize = PAGE_SIZE) {
    this.pageSize = pageSize;
  }

  /** The page that an access reaches. */
  target(page: number): FlatPage | undefined {
    const record = this.pages.get(page);
    const window = record?.window ?? null;
    return window === null ? record : window.map.target(window.page);
  }

  hasWindow(address: number, size: number): boolean {
    for (const [, record] of this.range(address, size)) if (isWindow(record)) return true;
    return false;
  }

  /** Show pages of another address space. */
  mapWindow(address: number, size: number, map: FlatMap, from: number): KernReturn {
    for (const [, record] of this.range(address, size)) {
      if (record !== undefined) return KERN_NO_SPACE;
    }
    for (const [page] of this.range(address, size)) {
      const inside = (from + (page * this.pageSize - address)) / this.pageSize;
      this.pages.set(page, { ...freshPage([]), window: { map, page: inside } });
    }
    return KERN_SUCCESS;
  }

  /** Every page of [address, address + size), with its record if it is mapped. */
  *range(address: number, size: number): Generator<readonly [number, FlatPage | undefined]> {
    const end = Math.ceil((address + size) / this.pageSize);
    for (let page = Math.floor(address / this.pageSize); page < end; page++) {
      yield [page, this.pages.get(page)];
    }
  }

  allocateAt(address: number, size: number): KernReturn {
    for (const [, record] of this.range(address, size)) {
      if (record !== undefined) return KERN_NO_SPACE;
    }
    this.#mapCells(address, freshCells(Math.ceil(size / CELL)));
    return KERN_SUCCESS;
  }

  deallocate(address: number, size: number): KernReturn {
    for (const [page, record] of this.range(address, size)) {
      if (isWindow(record) && record.userWired > 0) unwireBehind(record);
      this.pages.delete(page);
    }
    return KERN_SUCCESS;
  }

  protect(address: number, size: number, prot: VmProt, setMax: boolean): KernReturn {
    for (const [, record] of this.range(address, size)) {
      if (record === undefined) return KERN_INVALID_ADDRESS;
      if ((prot & record.max) !== prot) return KERN_PROTECTION_FAILURE;
      if ((prot & WRITABLE_CODE) === WRITABLE_CODE) return KERN_PROTECTION_FAILURE;
    }
    for (const [, record] of this.range(address, size)) {
      if (record === undefined) continue;
      if (setMax) record.max = prot;
      record.prot = setMax ? record.prot & prot : prot;
    }
    return KERN_SUCCESS;
  }

  inherit(address: number, size: number, inheritance: VmInherit): KernReturn {
    for (const [, record] of this.range(address, size)) {
      if (record !== undefined) record.inheritance = inheritance;
    }
    return KERN_SUCCESS;
  }

  /**
   * User wiring. A hole goes unnoticed right after pages that were wired already; so does any lack
   * of rights on them. Whether a hole or missing rights of the pages before it are found first
   * depends on how the pages are grouped into entries, so there may be two right answers.
   */
  wire(address: number, size: number, access: VmProt): readonly KernReturn[] {
    const pages = [...this.range(address, size)];
    if (pages[0]?.[1] === undefined) return [KERN_INVALID_ADDRESS];
    const errors = new Set<KernReturn>();
    let previous: FlatPage | undefined;
    for (const [, record] of pages) {
      if (record === undefined) {
        if (previous !== undefined && previous.userWired === 0) {
          errors.add(KERN_INVALID_ADDRESS);
          break;
        }
      } else if (record.userWired === 0) {
        const code = (record.prot & VM_PROT_EXECUTE) !== 0;
        if (code || (record.prot & access) !== access) errors.add(KERN_PROTECTION_FAILURE);
      }
      previous = record;
    }
    if (errors.size > 0) return [...errors];
    for (const [, record] of pages) {
      if (record !== undefined) record.userWired += 1;
    }
    return [KERN_SUCCESS];
  }

  /**
   * May a range of views be wired, all of it? The pages behind it must be there, allow `access` and
   * not be code; what happens otherwise depends on how they are grouped.
   */
  canWireWindow(address: number, size: number, access: VmProt): boolean {
    for (const [page, record] of this.range(address, size)) {
      if (!isWindow(record)) return false;
      const behind = this.target(page);
      if (behind === undefined || (behind.prot & access) !== access) return false;
      if ((behind.prot & VM_PROT_EXECUTE) !== 0) return false;
    }
    return true;
  }

  wireWindow(address: number, size: number): void {
    for (const [page, record] of this.range(address, size)) {
      if (record === undefined) continue;
      const behind = this.target(page);
      if (record.userWired === 0 && behind !== undefined) behind.userWired += 1;
      record.userWired += 1;
    }
  }

  unwire(address: number, size: number): KernReturn {
    const pages = [...this.range(address, size)];
    if (pages[0]?.[1] === undefined) return KERN_INVALID_ADDRESS;
    for (const [, record] of pages) {
      if (record === undefined || record.userWired === 0) continue;
      record.userWired -= 1;
      if (record.window !== null && record.userWired === 0) unwireBehind(record);
    }
    return KERN_SUCCESS;
  }

  access(address: number, access: VmProt): KernReturn {
    const record = this.target(Math.floor(address / this.pageSize));
    if (record === undefined) return KERN_INVALID_ADDRESS;
    return (record.prot & access) === access ? KERN_SUCCESS : KERN_PROTECTION_FAILURE;
  }

  /** A store by the CPU: page by page, until one refuses. */
  write(address: number, data: FlatBytes): KernReturn {
    return this.#store(address, data, VM_PROT_READ | VM_PROT_WRITE);
  }

  /** Store page by page, until one lacks the rights (VM_PROT_NONE: is not there). */
  #store(address: number, data: FlatBytes, access: VmProt): KernReturn {
    const size = data.bytes.length;
    for (let done = 0; done < size;) {
      const at = address + done;
      const kr = this.access(at, access);
      if (kr !== KERN_SUCCESS) return kr;
      const record = this.target(Math.floor(at / this.pageSize));
      const cell = record?.cells[Math.floor((at % this.pageSize) / CELL)];
      if (cell === undefined) throw new Error("store to an unmapped page");
      const chunk = Math.min(CELL - (at % CELL), size - done);
      storeInCell(cell, at % CELL, data, done, done + chunk);
      done += chunk;
    }
    return KERN_SUCCESS;
  }

  fork(): FlatMap {
    const child = new FlatMap(this.pageSize);
    for (const [page, record] of this.pages) {
      if (record.window !== null && record.inheritance === VM_INHERIT_COPY) continue;
      if (record.inheritance === VM_INHERIT_SHARE) {
        child.pages.set(page, { ...record, userWired: 0 });
      } else if (record.inheritance === VM_INHERIT_COPY) {
        child.pages.set(page, copyPage(record));
      }
    }
    return child;
  }

  /** Contents, or why they cannot be read. */
  read(address: number, size: number): FlatBytes | KernReturn {
    const cells: Cell[] = [];
    for (const [page] of this.range(address, size)) {
      const kr = this.access(page * this.pageSize, VM_PROT_READ);
      if (kr !== KERN_SUCCESS) return kr;
      cells.push(...(this.target(page)?.cells ?? []));
    }
    return bytesOfCells(cells, address % this.pageSize, size);
  }

  /** Map pages of another (or the same) address space here as well, or copies of them. */
  remapFrom(other: FlatMap, request: FlatRemap): KernReturn {
    const { source, target, size, asCopy, fit } = request;
    const taken: FlatPage[] = [];
    for (const [, record] of other.range(source, size)) {
      if (record === undefined) return KERN_INVALID_ADDRESS;
      const page = asCopy ? copyPage(record) : { ...record, userWired: 0 };
      taken.push({ ...page, inheritance: VM_INHERIT_COPY });
    }
    const fits = !fit.inside && fit.before === 0 && fit.behind === 0;
    if (fit.inside && !asCopy) return KERN_NOT_SUPPORTED;
    const byValue = asCopy && !fits;
    const before = byValue ? 0 : fit.before;
    const length = Math.ceil((before + size) / this.pageSize) * this.pageSize;
    for (const [, record] of this.range(target, length)) {
      if (record !== undefined) return KERN_NO_SPACE;
    }
    for (let at = 0; at < length; at += this.pageSize) {
      const cells: Cell[] = [];
      for (let piece = at - before; piece < at - before + this.pageSize; piece += CELL) {
        const page = taken[Math.floor(piece / other.pageSize)];
        const cell = page?.cells[Math.floor((piece % other.pageSize) / CELL)];
        cells.push(cell ?? (byValue ? cellOf(null) : request.around(target + before + piece)));
      }
      const from = taken[Math.floor(Math.max(at - before, 0) / other.pageSize)];
      const rights = byValue ? { max: VM_PROT_DEFAULT } : from;
      this.pages.set((target + at) / this.pageSize, { ...freshPage(cells), ...rights, cells });
    }
    return KERN_SUCCESS;
  }

  /** Map pages of a file: the file's own, or what they hold now. */
  mapFile(address: number, cells: readonly Cell[], asCopy: boolean): KernReturn {
    const size = cells.length * CELL;
    for (const [, record] of this.range(address, size)) {
      if (record !== undefined) return KERN_NO_SPACE;
    }
    this.#mapCells(address, asCopy ? cells.map(copyCell) : cells);
    return KERN_SUCCESS;
  }

  #mapCells(address: number, cells: readonly Cell[]): void {
    const perPage = this.pageSize / CELL;
    for (let i = 0; i < cells.length; i += perPage) {
      const page = address / this.pageSize + i / perPage;
      this.pages.set(page, freshPage(cells.slice(i, i + perPage)));
    }
  }

  copyin(address: number, size: number, list: boolean): KernReturn | FlatCopy {
    const byValue = size <= BY_VALUE_LIMIT && !list;
    const cells: Cell[] = [];
    for (const [page] of this.range(address, size)) {
      const record = this.target(page);
      if (record === undefined) return KERN_INVALID_ADDRESS;
      if ((record.prot & record.max & VM_PROT_READ) === 0) {
        return byValue ? KERN_INVALID_ADDRESS : KERN_PROTECTION_FAILURE;
      }
      cells.push(...record.cells.map(copyCell));
    }
    return { byValue, offset: address, size, cells, pageSize: this.pageSize };
  }

  /**
   * Map a copy at the lowest address where it fits.
   * @param fits the copy's memory can be mapped as it is by larger pages
   * @returns where its first byte is
   */
  copyout(copy: FlatCopy, fits: boolean): number {
    const { cells, inPage, space } = arrivalOf(copy, this.pageSize, fits);
    const start = this.#firstFit(space / this.pageSize) * this.pageSize;
    this.#mapCells(start, cells);
    return start + inPage;
  }

  #firstFit(count: number): number {
    let start = PAGE_SIZE / this.pageSize; // the machine's page zero stays unmapped
    for (let free = 0; ;) {
      if (this.pages.has(start + free)) {
        start += free + 1;
        free = 0;
      } else if (++free === count) {
        return start;
      }
    }
  }

  /** Write a copy over what is mapped: pieces are checked as a whole, then written. */
  overwrite(address: number, copy: FlatCopy): KernReturn {
    const { bytes, known } = bytesOf(copy);
    if (copy.byValue) {
      const kr = this.write(address, { bytes, known });
      return kr === KERN_SUCCESS ? KERN_SUCCESS : KERN_INVALID_ADDRESS;
    }
    const mapped = this.pages.has(Math.floor(address / this.pageSize));
    for (const [from, to] of overwritePieces(copy, address, this.pageSize, mapped)) {
      const piece = {
        bytes: bytes.subarray(from, to),
        known: known?.subarray(from, to) ?? null,
      };
      const kr = this.#overwritePiece(address + from, piece);
      if (kr !== KERN_SUCCESS) return kr;
    }
    return KERN_SUCCESS;
  }

  #overwritePiece(address: number, data: FlatBytes): KernReturn {
    for (const [page] of this.range(address, data.bytes.length)) {
      const record = this.target(page);
      if (record === undefined) return KERN_INVALID_ADDRESS;
      if ((record.prot & VM_PROT_WRITE) === 0) return KERN_PROTECTION_FAILURE;
    }
    return this.#store(address, data, VM_PROT_NONE);
  }
}

function copyPage(record: FlatPage): FlatPage {
  return { ...record, cells: record.cells.map(copyCell), userWired: 0 };
}

function freshPage(cells: readonly Cell[]): FlatPage {
  return {
    cells,
    prot: VM_PROT_DEFAULT,
    max: VM_PROT_ALL,
    inheritance: VM_INHERIT_COPY,
    userWired: 0,
    window: null,
  };
}

function isWindow(record: FlatPage | undefined): record is FlatPage {
  return record !== undefined && record.window !== null;
}

/** The last user wiring of a view is gone: so is the one it stood for. */
function unwireBehind({ window }: FlatPage): void {
  const behind = window?.map.pages.get(window.page);
  if (behind !== undefined && behind.userWired > 0) behind.userWired -= 1;
}
