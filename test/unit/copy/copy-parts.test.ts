import { describe, expect, it } from "vitest";
import {
  vmMapCopyClipEnd,
  vmMapCopyPutBack,
  vmMapCopyTakePrefix,
  type VmMapCopyEntryList,
} from "../../../vm/map/copy.js";
import { PAGE, va, vmWorld, type VmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;

function copyOf(w: VmWorld, offset: number, size: number): VmMapCopyEntryList {
  const map = w.newMap();
  w.allocateAt(map, BASE, 8 * PAGE);
  for (let i = 0; i < 8; i++) w.write(map, BASE + i * PAGE, [i]);
  return w.copyinList(map, BASE + offset, size);
}

/** [start, end) in pages from BASE, and the offset in pages into the object. */
function pieces(copy: VmMapCopyEntryList): number[][] {
  return Array.from(copy.entries, ({ start, end, offset }) => [
    (start - BASE) / PAGE,
    (end - BASE) / PAGE,
    offset / PAGE,
  ]);
}

describe("parts of a copy", () => {
  it("clips an entry, with a reference for each half", () => {
    const w = vmWorld();
    const copy = copyOf(w, 0, 6 * PAGE);
    const first = copy.entries.first!;
    const { object } = first;
    const before = object!.refCount;
    vmMapCopyClipEnd(copy, first, va(BASE + 2 * PAGE));
    expect(pieces(copy)).toEqual([
      [0, 2, 0],
      [2, 6, 2],
    ]);
    expect(object!.refCount).toBe(before + 1);
    w.check();
  });

  it("cuts at a page edge without sharing a page", () => {
    const w = vmWorld();
    const copy = copyOf(w, 100, 6 * PAGE - 200);
    const part = vmMapCopyTakePrefix(copy, PAGE - 100);
    w.copies.add(part);
    expect(part).toMatchObject({ offset: BASE + 100, size: PAGE - 100 });
    expect(copy).toMatchObject({ offset: BASE + PAGE, size: 5 * PAGE - 100 });
    expect(pieces(part)).toEqual([[0, 1, 0]]);
    expect(pieces(copy)).toEqual([[1, 6, 1]]);
    w.check();
  });

  it("cuts within a page, which both parts then have", () => {
    const w = vmWorld();
    const copy = copyOf(w, 100, 6 * PAGE - 200);
    const part = vmMapCopyTakePrefix(copy, 2 * PAGE);
    w.copies.add(part);
    expect(pieces(part)).toEqual([
      [0, 2, 0],
      [2, 3, 2],
    ]);
    expect(pieces(copy)).toEqual([[2, 6, 2]]);
    expect(copy.offset).toBe(BASE + 2 * PAGE + 100);
    w.check();
  });

  it("cuts nothing off for zero bytes, and puts parts back", () => {
    const w = vmWorld();
    const copy = copyOf(w, 0, 6 * PAGE);
    const nothing = vmMapCopyTakePrefix(copy, 0);
    expect(pieces(nothing)).toEqual([]);
    const part = vmMapCopyTakePrefix(copy, 3 * PAGE);
    vmMapCopyPutBack(copy, part);
    vmMapCopyPutBack(copy, nothing);
    expect(pieces(copy)).toEqual([
      [0, 3, 0],
      [3, 6, 3],
    ]);
    expect(copy).toMatchObject({ offset: BASE, size: 6 * PAGE });
    w.check();
  });
});
