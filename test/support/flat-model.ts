import {
  KERN_INVALID_ADDRESS,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
  VM_INHERIT_COPY,
  VM_INHERIT_SHARE,
  VM_PROT_ALL,
  VM_PROT_DEFAULT,
  VM_PROT_EXECUTE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type KernReturn,
  type VmInherit,
  type VmProt,
} from "../../vm/types.js";

/**
 * Memory as its users see it, the slow and obvious way: one record for each page of each address
 * space, contents copied at once whenever anything is copied. No objects, no entries, no faults.
 */

/** Contents of a page; two pages that share memory have the same cell. Null bytes are all zero. */
export interface Cell {
  bytes: Uint8Array | null;
  /** Counts the changes. */
  version: number;
}

export function cellOf(bytes: Uint8Array | null): Cell {
  return { bytes, version: 0 };
}

export interface FlatPage {
  cell: Cell;
  prot: VmProt;
  max: VmProt;
  inheritance: VmInherit;
  userWired: number;
  /** The page is a view of another address space's page (a submap's), whatever that is now. */
  window: { readonly map: FlatMap; readonly page: number } | null;
}

/** A copy under way: by value with exact bytes, or whole pages from the one `offset` lies in. */
export interface FlatCopy {
  readonly byValue: boolean;
  readonly offset: number;
  readonly size: number;
  readonly pages: readonly (Uint8Array | null)[];
  readonly pageSize: number;
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
      this.pages.set(page, { ...freshPage(), window: { map, page: inside } });
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
    for (const [page] of this.range(address, size)) this.pages.set(page, freshPage());
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
  write(address: number, bytes: Uint8Array): KernReturn {
    for (let done = 0; done < bytes.length;) {
      const at = address + done;
      const kr = this.access(at, VM_PROT_READ | VM_PROT_WRITE);
      if (kr !== KERN_SUCCESS) return kr;
      const chunk = Math.min(this.pageSize - (at % this.pageSize), bytes.length - done);
      this.poke(at, bytes.subarray(done, done + chunk));
      done += chunk;
    }
    return KERN_SUCCESS;
  }

  /** Store bytes of one page, whatever its rights. */
  poke(address: number, bytes: Uint8Array): void {
    const record = this.target(Math.floor(address / this.pageSize));
    if (record === undefined) throw new Error("poke of an unmapped page");
    const { cell } = record;
    cell.bytes ??= new Uint8Array(this.pageSize);
    cell.version += 1;
    cell.bytes.set(bytes, address % this.pageSize);
  }

  fork(): FlatMap {
    const child = new FlatMap(this.pageSize);
    for (const [page, record] of this.pages) {
      if (record.window !== null && record.inheritance === VM_INHERIT_COPY) continue;
      if (record.inheritance === VM_INHERIT_SHARE) {
        child.pages.set(page, { ...record, userWired: 0 });
      } else if (record.inheritance === VM_INHERIT_COPY) {
        child.pages.set(page, { ...record, cell: copyCell(record.cell), userWired: 0 });
      }
    }
    return child;
  }

  /** Contents, or why they cannot be read. */
  read(address: number, size: number): Uint8Array | KernReturn {
    const bytes = new Uint8Array(size);
    for (const [page] of this.range(address, size)) {
      const record = this.target(page);
      const kr = this.access(page * this.pageSize, VM_PROT_READ);
      if (kr !== KERN_SUCCESS) return kr;
      const from = Math.max(page * this.pageSize, address);
      const to = Math.min((page + 1) * this.pageSize, address + size);
      const contents = record?.cell.bytes?.subarray(
        from % this.pageSize,
        (from % this.pageSize) + to - from,
      );
      if (contents !== undefined) bytes.set(contents, from - address);
    }
    return bytes;
  }

  /** Map pages of another (or the same) address space here as well, or copies of them. */
  remapFrom(
    other: FlatMap,
    source: number,
    target: number,
    size: number,
    copy: boolean,
  ): KernReturn {
    const taken: FlatPage[] = [];
    for (const [, record] of other.range(source, size)) {
      if (record === undefined) return KERN_INVALID_ADDRESS;
      const cell = copy ? copyCell(record.cell) : record.cell;
      taken.push({ ...record, cell, inheritance: VM_INHERIT_COPY, userWired: 0 });
    }
    for (const [, record] of this.range(target, size)) {
      if (record !== undefined) return KERN_NO_SPACE;
    }
    taken.forEach((record, i) => this.pages.set(target / this.pageSize + i, record));
    return KERN_SUCCESS;
  }

  /** Map pages of a file: the file's own, or what they hold now. */
  mapFile(address: number, cells: readonly Cell[], asCopy: boolean): KernReturn {
    for (const [, record] of this.range(address, cells.length * this.pageSize)) {
      if (record !== undefined) return KERN_NO_SPACE;
    }
    cells.forEach((cell, i) => {
      this.pages.set(address / this.pageSize + i, {
        ...freshPage(),
        cell: asCopy ? copyCell(cell) : cell,
      });
    });
    return KERN_SUCCESS;
  }

  copyin(address: number, size: number, list: boolean): KernReturn | FlatCopy {
    const byValue = size <= BY_VALUE_LIMIT && !list;
    const pages: (Uint8Array | null)[] = [];
    for (const [page] of this.range(address, size)) {
      const record = this.target(page);
      if (record === undefined) return KERN_INVALID_ADDRESS;
      if ((record.prot & record.max & VM_PROT_READ) === 0) {
        return byValue ? KERN_INVALID_ADDRESS : KERN_PROTECTION_FAILURE;
      }
      pages.push(copyCell(record.cell).bytes);
    }
    return { byValue, offset: address, size, pages, pageSize: this.pageSize };
  }

  /** Map a copy at the lowest address where it fits. @returns where its first byte is, or null */
  copyout(copy: FlatCopy): number | null {
    const inPage = copy.byValue ? 0 : copy.offset % this.pageSize;
    const bytes = bytesOf(copy);
    const count = Math.ceil((inPage + copy.size) / this.pageSize);
    const start = this.#firstFit(count);
    for (let i = 0; i < count; i++) {
      const record = freshPage();
      if (!copy.byValue) record.cell.bytes = copy.pages[i]?.slice() ?? null;
      this.pages.set(start + i, record);
    }
    if (copy.byValue) this.write(start * this.pageSize, bytes);
    return start * this.pageSize + inPage;
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
    const bytes = bytesOf(copy);
    if (copy.byValue) {
      const kr = this.write(address, bytes);
      return kr === KERN_SUCCESS ? KERN_SUCCESS : KERN_INVALID_ADDRESS;
    }
    for (const [from, to] of overwritePieces(this, address, copy)) {
      const kr = this.#overwritePiece(address + from, bytes.subarray(from, to));
      if (kr !== KERN_SUCCESS) return kr;
    }
    return KERN_SUCCESS;
  }

  #overwritePiece(address: number, bytes: Uint8Array): KernReturn {
    for (const [page] of this.range(address, bytes.length)) {
      const record = this.target(page);
      if (record === undefined) return KERN_INVALID_ADDRESS;
      if ((record.prot & VM_PROT_WRITE) === 0) return KERN_PROTECTION_FAILURE;
    }
    for (let done = 0; done < bytes.length;) {
      const at = address + done;
      const chunk = Math.min(this.pageSize - (at % this.pageSize), bytes.length - done);
      this.poke(at, bytes.subarray(done, done + chunk));
      done += chunk;
    }
    return KERN_SUCCESS;
  }
}

/** Head, body and tail for long copies with equal misalignment; otherwise all in one. */
function overwritePieces(map: FlatMap, address: number, copy: FlatCopy): [number, number][] {
  const { size } = copy;
  const { pageSize } = map;
  const inPage = address % pageSize;
  const mapped = map.pages.has(Math.floor(address / pageSize));
  const inCopy = copy.offset % pageSize;
  const whole = pageSize < PAGE_SIZE || size < 3 * pageSize || inPage !== inCopy || !mapped;
  if (whole) return [[0, size]];
  const head = inPage === 0 ? 0 : pageSize - inPage;
  const tail = size - ((inPage + size) % pageSize);
  const pieces: [number, number][] = [
    [0, head],
    [head, tail],
    [tail, size],
  ];
  return pieces.filter(([from, to]) => from < to);
}

/** The exact bytes of a copy. */
export function bytesOf(copy: FlatCopy): Uint8Array {
  const { pageSize } = copy;
  const whole = new Uint8Array(copy.pages.length * pageSize);
  copy.pages.forEach((bytes, i) => {
    if (bytes !== null) whole.set(bytes, i * pageSize);
  });
  const from = copy.offset % pageSize;
  return whole.subarray(from, from + copy.size);
}

function copyCell(cell: Cell): Cell {
  return cellOf(cell.bytes?.slice() ?? null);
}

function freshPage(): FlatPage {
  return {
    cell: cellOf(null),
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
