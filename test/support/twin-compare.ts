import { expect } from "vitest";
import type { VmMapEntry } from "../../vm/map/entry.js";
import type { VmMap } from "../../vm/map/map.js";
import { CELL, matches, type Cell } from "./flat-cell.js";
import { bytesOf, type FlatCopy } from "./flat-copy.js";
import type { FlatMap, FlatPage } from "./flat-model.js";
import type { VmMapCopy } from "../../vm/map/copy.js";
import { pageOf } from "./vm-world-checks.js";
import { PAGE, type VmWorld } from "./vm-world.js";

/** An address space and its model. */
export interface Space {
  readonly map: VmMap;
  readonly flat: FlatMap;
  /** What was last found equal, by page number. */
  readonly seen: Map<number, Seen>;
}

/** A page whose contents were compared, and what would have to change for them to differ now. */
interface Seen {
  ppn: number;
  frameVersion: number;
  cells: readonly Cell[];
  /** The sum of the cells': each only ever grows. */
  cellVersion: number;
}

/** A copy under way and its model. */
export interface CopyPair {
  readonly real: VmMapCopy;
  readonly flat: FlatCopy;
}

/** Assertions cost more than what they check: only a failing one is made. */
export function agree(got: unknown, expected: unknown): void {
  if (got !== expected) expect(got).toBe(expected);
}

/** Every page of an address space: rights, wirings and contents. */
export function compareSpace(w: VmWorld, space: Space, submap: VmMap): void {
  const { map: real, flat } = space;
  const { pageSize } = flat;
  let mapped = 0;
  for (let entry = real.firstEntry; entry !== null; entry = entry.next) {
    for (let at: number = entry.start; at < entry.end; at += pageSize) {
      const number = at / pageSize;
      const record = flat.pages.get(number);
      if (record === undefined || !sameRights(entry, record)) {
        expect({ page: number, ...rightsOf(entry) }).toEqual({
          page: number,
          ...(record === undefined ? null : expectedRights(record)),
        });
      } else if (record.window === null) {
        compareContents(w, space, entry, at, record.cells);
      } else if (entry.submap !== submap) {
        expect.fail(`page ${number} of ${real.owner} is no view`);
      }
      mapped += 1;
    }
  }
  agree(mapped, flat.pages.size);
}

/** A copy by value holds its bytes already. */
export function compareCopy({ real, flat }: CopyPair): void {
  if (real.type === "kernelBuffer" && !matches(real.data, bytesOf(flat))) {
    expect.fail("a copy by value has other contents");
  }
}

function compareContents(
  w: VmWorld,
  space: Space,
  entry: VmMapEntry,
  at: number,
  cells: readonly Cell[],
): void {
  const { phys } = w.test;
  const number = at / space.flat.pageSize;
  const found = pageOf(entry, at);
  const inFrame = (entry.offset + (at - entry.start)) % PAGE;
  const where = `page ${number} of ${space.map.owner}`;
  if (found instanceof Uint8Array) {
    return compareCells(found, inFrame, cells, `compressed ${where}`);
  }
  if (found === null) return compareCells(unbacked(w, entry, at), 0, cells, where);
  const { ppn } = found;
  const frameVersion = phys.version(ppn);
  let cellVersion = 0;
  for (const cell of cells) cellVersion += cell.version;
  const seen = space.seen.get(number);
  if (
    seen?.ppn === ppn &&
    seen.frameVersion === frameVersion &&
    seen.cells === cells &&
    seen.cellVersion === cellVersion
  ) {
    return;
  }
  compareCells(phys.peek(ppn), inFrame, cells, where);
  const now = { ppn, frameVersion, cells, cellVersion };
  if (seen === undefined) space.seen.set(number, now);
  else Object.assign(seen, now);
}

/** Null stands for zeroes. */
function compareCells(
  bytes: Uint8Array | null,
  from: number,
  cells: readonly Cell[],
  where: string,
): void {
  let at = from;
  for (const cell of cells) {
    const piece = bytes?.subarray(at, at + CELL) ?? null;
    if (!cell.vague && !sameBytes(piece, cell.bytes)) expect.fail(`${where} has other contents`);
    at += CELL;
  }
}

/** What a page without a frame holds: part of the file, or zeroes. */
function unbacked(w: VmWorld, entry: VmMapEntry, at: number): Uint8Array | null {
  let offset = entry.offset + (at - entry.start);
  let object = entry.object;
  for (; object !== null && object.shadow !== null; object = object.shadow) {
    offset += object.shadowOffset;
  }
  const file = object === null ? undefined : w.files.get(object);
  return file?.subarray(offset, offset + PAGE) ?? null;
}

function sameRights(entry: VmMapEntry, record: FlatPage): boolean {
  return (
    entry.protection === record.prot &&
    entry.maxProtection === record.max &&
    entry.inheritance === record.inheritance &&
    entry.userWiredCount === record.userWired
  );
}

function rightsOf(entry: VmMapEntry): object {
  const { protection, maxProtection, inheritance, userWiredCount } = entry;
  return { protection, maxProtection, inheritance, userWiredCount };
}

function expectedRights(record: FlatPage): object {
  return {
    protection: record.prot,
    maxProtection: record.max,
    inheritance: record.inheritance,
    userWiredCount: record.userWired,
  };
}

const ZERO = Buffer.alloc(CELL);

/** Null bytes are all zero. */
function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) {
    const bytes = a ?? b;
    return bytes === null || Buffer.compare(bytes, ZERO.subarray(0, bytes.length)) === 0;
  }
  return Buffer.compare(a, b) === 0;
}
