import { describe, expect, it } from "vitest";
import { vmMapClipEnd, vmMapClipRange, vmMapClipStart } from "../../../vm/map/clip.js";
import { vmMapLookupEntry, vmMapLookupEntryOrNext, vmMapVerify } from "../../../vm/map/find.js";
import { vmMapSimplifyEntry, vmMapSimplifyRange } from "../../../vm/map/simplify.js";
import { KernelPanic } from "../../../vm/types.js";
import { PAGE, va } from "../../support/vm-world.js";
import { machWorld, type MachWorld } from "./mach-world.js";

const A = 0x10000;

function locked(m: MachWorld, change: () => void): void {
  m.map.lockExclusive();
  change();
  m.map.unlockExclusive();
  m.w.check();
}

describe("clipping", () => {
  it("gives a new entry the front, or the back, and both the object", () => {
    const m = machWorld();
    m.fixed(A, 4 * PAGE);
    m.w.write(m.map, A, [1]);
    const object = m.w.objectAt(m.map, A);
    const entry = m.entry(A);
    locked(m, () => {
      vmMapClipStart(m.map, entry, va(A + PAGE));
      vmMapClipEnd(m.map, entry, va(A + 3 * PAGE));
    });
    expect([...m.map.entries].map((e) => [e.start, e.end, e.offset])).toEqual([
      [A, A + PAGE, 0],
      [A + PAGE, A + 3 * PAGE, PAGE],
      [A + 3 * PAGE, A + 4 * PAGE, 3 * PAGE],
    ]);
    expect(m.entry(A + PAGE)).toBe(entry);
    expect(object.refCount).toBe(3);
  });

  it("does nothing at or outside the edges", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    const entry = m.entry(A);
    locked(m, () => {
      vmMapClipStart(m.map, entry, va(A));
      vmMapClipStart(m.map, entry, va(0));
      vmMapClipEnd(m.map, entry, va(A + 2 * PAGE));
      vmMapClipEnd(m.map, entry, va(A + 9 * PAGE));
      vmMapClipRange(m.map, va(A), va(A + 2 * PAGE));
    });
    expect(m.map.nentries).toBe(1);
  });

  it("copies wire counts to both halves", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.wire(A, 2 * PAGE);
    m.wire(A, PAGE);
    expect([...m.map.entries].map((e) => [e.wiredCount, e.userWiredCount])).toEqual([
      [1, 2],
      [1, 1],
    ]);
    expect(m.map.userWireSize).toBe(2 * PAGE);
  });

  it("panics for an atomic entry", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    const entry = m.entry(A);
    entry.atomic = true;
    m.map.lockExclusive();
    expect(() => vmMapClipStart(m.map, entry, va(A + PAGE))).toThrow(KernelPanic);
    expect(() => vmMapClipEnd(m.map, entry, va(A + PAGE))).toThrow(KernelPanic);
    m.map.unlockExclusive();
  });
});

describe("simplifying", () => {
  it("lets the later entry survive and drops one reference", () => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.w.write(m.map, A, [1]);
    m.inherit(A + PAGE, PAGE, 2);
    m.inherit(A + PAGE, PAGE, 1);
    const later = m.entry(A + PAGE);
    locked(m, () => vmMapSimplifyEntry(m.map, later));
    expect(m.entry(A)).toBe(later);
    expect(later.offset).toBe(0);
    expect(m.map.hint).toBe(later);
    expect(m.w.objectAt(m.map, A).refCount).toBe(1);
  });

  it("includes the entry at the end of the range", () => {
    const m = machWorld();
    m.fixed(A, 3 * PAGE);
    m.inherit(A + PAGE, PAGE, 2);
    m.inherit(A + PAGE, PAGE, 1);
    locked(m, () => vmMapSimplifyRange(m.map, va(A), va(A + PAGE)));
    expect(m.ranges()).toEqual([
      [A, A + 2 * PAGE],
      [A + 2 * PAGE, A + 3 * PAGE],
    ]);
  });

  it("does not merge memory without object that was made in two pieces", () => {
    const m = machWorld();
    m.fixed(A + PAGE, PAGE);
    m.fixed(A, PAGE);
    locked(m, () => vmMapSimplifyRange(m.map, va(A), va(A + 2 * PAGE)));
    expect(m.map.nentries).toBe(2);
  });

  const different: readonly [string, (entry: ReturnType<MachWorld["entry"]>) => void][] = [
    ["tag", (e) => (e.alias = 9)],
    ["behaviour", (e) => (e.behavior = 1)],
    ["inheritance", (e) => (e.inheritance = 2)],
    ["maximum protection", (e) => (e.maxProtection = 3)],
    ["no_cache", (e) => (e.noCache = true)],
    ["permanence", (e) => (e.permanent = true)],
    ["zero_wired_pages", (e) => (e.zeroWiredPages = true)],
    ["JIT", (e) => (e.usedForJit = true)],
    ["accounting", (e) => (e.iokitAcct = true)],
    ["atomicity", (e) => (e.atomic = true)],
  ];
  it.each(different)("keeps entries apart that differ in %s", (_name, change) => {
    const m = machWorld();
    m.fixed(A, 2 * PAGE);
    m.inherit(A + PAGE, PAGE, 2);
    m.inherit(A + PAGE, PAGE, 1);
    change(m.entry(A));
    locked(m, () => vmMapSimplifyRange(m.map, va(A), va(A + 2 * PAGE)));
    expect(m.map.nentries).toBe(2);
  });
});

describe("lookup", () => {
  it("finds the entry, the one before, or the one after", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.fixed(A + 2 * PAGE, PAGE);
    const low = m.entry(A);
    const high = m.entry(A + 2 * PAGE);
    m.map.lockShared();
    expect(vmMapLookupEntry(m.map, va(A + 5))).toEqual({ found: true, entry: low });
    expect(vmMapLookupEntry(m.map, va(A + PAGE))).toEqual({ found: false, entry: low });
    expect(vmMapLookupEntry(m.map, va(0))).toEqual({ found: false, entry: null });
    expect(vmMapLookupEntryOrNext(m.map, va(A + PAGE))).toBe(high);
    expect(vmMapLookupEntryOrNext(m.map, va(0))).toBe(low);
    expect(vmMapLookupEntryOrNext(m.map, va(A + 3 * PAGE))).toBe(null);
    m.map.unlockShared();
  });

  it("does not move the hint", () => {
    const m = machWorld();
    m.fixed(A, PAGE);
    m.fixed(2 * A, PAGE);
    const hint = m.entry(2 * A);
    expect(m.map.hint).toBe(hint);
    m.w.touch(m.map, A, 1);
    expect(m.map.hint).toBe(hint);
    m.deallocate(2 * A, PAGE);
    expect(m.map.hint).toBe(m.entry(A));
  });
});

describe("timestamp", () => {
  it("counts exclusive unlocks and downgrades, not shared unlocks", () => {
    const m = machWorld();
    const { map } = m;
    const from = map.timestamp;
    map.lockShared();
    map.unlockShared();
    expect(map.timestamp).toBe(from);
    map.lockExclusive();
    map.unlockExclusive();
    expect(map.timestamp).toBe(from + 1);
    map.lockExclusive();
    map.lockDowngrade();
    expect(map.timestamp).toBe(from + 2);
    expect(vmMapVerify(map, from + 2)).toBe(true);
    expect(vmMapVerify(map, from + 1)).toBe(false);
    map.unlockShared();
  });
});
