import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  armFastFault,
  pmapChangeWiring,
  pmapClearRefmod,
  pmapDestroy,
  pmapDisconnect,
  pmapEnterAddr,
  pmapExtract,
  pmapLeaveSharedRegion,
  pmapNest,
  pmapPageProtect,
  pmapProtect,
  pmapRemove,
  pmapSetNested,
  pmapTranslateAddr,
  pmapUnnest,
  PMAP_OPTIONS_COMPRESSOR,
  PMAP_OPTIONS_INTERNAL,
  PMAP_UNNEST_CLEAN,
  type Pmap,
} from "../../vm/pmap/index.js";
import {
  KERN_SUCCESS,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
  type VmProt,
} from "../../vm/types.js";
import type { TlbOp } from "../support/phys-buffer.js";
import { PmapBench } from "../support/pmap-bench.js";

const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;
const RX: VmProt = VM_PROT_READ | VM_PROT_EXECUTE;
/** Pages of each space's own, and behind them those that are a shared region's at first. */
const OWN = 12;
const SHARED = 3;
const PAGES = OWN + SHARED;
const FRAMES = 5;
const FRAME_BYTES = 2 ** 14;

/** What one address of one pmap is supposed to be. */
interface Mapping {
  frame: number;
  /** Byte offset in the frame: a page of 4 KiB may be any quarter. */
  readonly inFrame: number;
  /** A write is allowed, at once or after a fast fault. */
  mayWrite: boolean;
  wired: boolean;
}

/** One address space: the pmap, and the obvious pmap, a table of mappings. */
class Space {
  readonly table = new Map<number, Mapping>();
  /** It shows the shared region; afterwards its pages there are its own. */
  nested: boolean;

  constructor(
    readonly pmap: Pmap,
    nested: boolean,
  ) {
    this.nested = nested;
  }

  /** Some pages on each side of a twig boundary, so that two leaf tables take part. */
  va(n: number): VmOffset {
    const { pageBytes, twigBytes } = this.pmap.attr;
    if (n >= OWN) return (4 * twigBytes + (n - OWN) * pageBytes) as VmOffset;
    return ((n < OWN / 2 ? 1 + n : twigBytes / pageBytes - OWN / 2 + n) * pageBytes) as VmOffset;
  }

  isShared(n: number): boolean {
    return this.nested && n >= OWN;
  }
}

/** What the worst TLB holds: a translation that was valid once, until an invalidation names it. */
interface Cached {
  readonly space: Space;
  readonly n: number;
  readonly pa: number;
  readonly write: boolean;
  readonly global: boolean;
}

/**
 * Two address spaces of 16 KiB pages that show one shared region, and one of 4 KiB pages, over the
 * same few frames.
 */
class World {
  readonly bench = new PmapBench(FRAMES, 24);
  readonly region = new Space(this.#regionPmap(), false);
  readonly spaces: readonly Space[] = [
    this.#showing(this.bench.user()),
    this.#showing(this.bench.user()),
    new Space(this.bench.user4K(), false),
  ];
  readonly cached = new Map<string, Cached>();

  #regionPmap(): Pmap {
    const pmap = this.bench.user();
    pmapSetNested(pmap);
    return pmap;
  }

  #showing(pmap: Pmap): Space {
    const space = new Space(pmap, true);
    const { twigBytes } = pmap.attr;
    expect(pmapNest(pmap, this.region.pmap, space.va(OWN), twigBytes)).toBe(KERN_SUCCESS);
    return space;
  }

  /** Where a page's mapping lives: the region's are everybody's. */
  #home(space: Space, n: number): Space {
    return space.isShared(n) ? this.region : space;
  }

  enter(
    s: number,
    n: number,
    frame: number,
    part: number,
    prot: VmProt,
    fault: VmProt,
    wired: boolean,
  ): void {
    const home = this.#home(this.spaces[s]!, n);
    const rights = home === this.region ? prot & ~VM_PROT_WRITE : prot;
    const inFrame = (part * home.pmap.pageSize) % FRAME_BYTES;
    const kr = pmapEnterAddr(
      home.pmap,
      home.va(n),
      this.bench.frame(frame) * FRAME_BYTES + inFrame,
      rights,
      fault & rights,
      0,
      wired,
      PMAP_OPTIONS_INTERNAL,
    );
    expect(kr).toBe(KERN_SUCCESS);
    home.table.set(n, { frame, inFrame, mayWrite: (rights & VM_PROT_WRITE) !== 0, wired });
  }

  /** Nothing of the region is removed or protected through those who show it. */
  #ranges(s: number, from: number, to: number): { home: Space; from: number; to: number }[] {
    const space = this.spaces[s]!;
    const split = Math.min(Math.max(OWN, from), to);
    const own = { home: space, from, to: split };
    const behind = { home: this.#home(space, OWN), from: split, to };
    return [own, behind].filter((range) => range.from < range.to);
  }

  remove(s: number, first: number, last: number): void {
    for (const { home, from, to } of this.#ranges(s, first, last)) {
      pmapRemove(home.pmap, home.va(from), (home.va(to - 1) + home.pmap.pageSize) as VmOffset);
      for (let n = from; n < to; n++) home.table.delete(n);
    }
  }

  protect(s: number, first: number, last: number, prot: VmProt): void {
    for (const { home, from, to } of this.#ranges(s, first, last)) {
      const end = (home.va(to - 1) + home.pmap.pageSize) as VmOffset;
      pmapProtect(home.pmap, home.va(from), end, prot);
      for (let n = from; n < to; n++) {
        const mapping = home.table.get(n);
        if (mapping === undefined) continue;
        if (prot === VM_PROT_NONE) home.table.delete(n);
        else if (prot !== RW) mapping.mayWrite = false;
      }
    }
  }

  /** Whoever shows the region stops doing so; its pages there are its own from now on. */
  unnest(s: number, clean: boolean): void {
    const space = this.spaces[s]!;
    if (!space.nested) return;
    const { pmap } = space;
    pmapUnnest(pmap, space.va(OWN), pmap.attr.twigBytes, clean ? PMAP_UNNEST_CLEAN : 0);
    if (clean) pmapLeaveSharedRegion(pmap);
    space.nested = false;
  }

  pageProtect(frame: number, prot: VmProt, compress: boolean): void {
    const { system } = this.bench;
    if (prot === VM_PROT_NONE) {
      pmapDisconnect(system, this.bench.frame(frame), compress ? PMAP_OPTIONS_COMPRESSOR : 0);
    } else {
      pmapPageProtect(system, this.bench.frame(frame), prot);
    }
    for (const { table } of [this.region, ...this.spaces]) {
      for (const [n, mapping] of [...table]) {
        if (mapping.frame !== frame) continue;
        if (prot === VM_PROT_NONE) table.delete(n);
        else mapping.mayWrite = false;
      }
    }
  }

  fastFault(s: number, n: number, write: boolean): void {
    const space = this.spaces[s]!;
    const kr = armFastFault(space.pmap, space.va(n), write ? RW : VM_PROT_READ);
    const mapping = this.#home(space, n).table.get(n);
    if (mapping === undefined) expect(kr).not.toBe(KERN_SUCCESS);
    else if (!write || mapping.mayWrite) {
      expect(kr).toBe(KERN_SUCCESS);
      const access = write ? VM_PROT_WRITE : VM_PROT_READ;
      expect(pmapTranslateAddr(space.pmap, space.va(n), access)).toBe(this.#address(mapping));
    }
  }

  wire(s: number, n: number, wired: boolean): void {
    const space = this.spaces[s]!;
    const mapping = this.#home(space, n).table.get(n);
    if (wired && mapping === undefined) return;
    pmapChangeWiring(space.pmap, space.va(n), wired);
    if (mapping !== undefined) mapping.wired = wired;
  }

  #address(mapping: Mapping): number {
    return this.bench.frame(mapping.frame) * FRAME_BYTES + mapping.inFrame;
  }

  /** After every step: all tables against the model, the TLB against the tables, the checker. */
  check(): void {
    for (const op of this.bench.tlb.take()) {
      for (const [key, entry] of this.cached) if (hits(op, entry)) this.cached.delete(key);
    }
    this.spaces.forEach((space, s) => {
      for (let n = 0; n < PAGES; n++) this.#checkAddress(space, s, n);
    });
    for (const { pmap, table } of [this.region, ...this.spaces]) {
      const mappings = [...table.values()];
      const bytes = (count: number): number => count * pmap.pageSize;
      expect(pmap.ledger.wiredMem).toBe(bytes(mappings.filter(({ wired }) => wired).length));
      expect(pmap.ledger.physMem).toBe(bytes(mappings.length));
    }
    this.bench.check();
  }

  #checkAddress(space: Space, s: number, n: number): void {
    const { pmap } = space;
    const home = this.#home(space, n);
    const mapping = home.table.get(n);
    const pa = pmapExtract(pmap, space.va(n));
    expect(pa).toBe(mapping === undefined ? 0 : this.#address(mapping));
    const write = typeof pmapTranslateAddr(pmap, space.va(n), VM_PROT_WRITE) === "number";
    if (write) expect(mapping?.mayWrite).toBe(true);
    const stale = this.cached.get(`${s}.${n}`);
    if (stale !== undefined) {
      expect(stale.pa, "a stale translation to another place").toBe(pa);
      if (stale.write) expect(write, "a stale write permission").toBe(true);
    }
    if (pa === 0) return;
    const global = (this.bench.pte(pmap, space.va(n)) & (1n << 11n)) === 0n;
    if (stale !== undefined) expect(stale.global, "a stale global mark").toBe(global);
    this.cached.set(`${s}.${n}`, { space, n, pa, write, global });
  }

  /** Tear down: everything must come back. */
  finish(): void {
    this.spaces.forEach((space, s) => {
      this.unnest(s, true);
      this.remove(s, 0, PAGES);
      pmapDestroy(space.pmap);
    });
    const { pmap } = this.region;
    pmapRemove(pmap, this.region.va(OWN), this.region.va(PAGES));
    pmapDestroy(pmap);
    this.bench.check();
    expect(this.bench.free.length).toBe(23); // all but the kernel's root
  }
}

/** The instruction names the entry: by address for its ASID or any, and global ones under each. */
function hits(op: TlbOp, { space, n, global }: Cached): boolean {
  const { hwAsid } = space.pmap;
  const at = space.va(n);
  switch (op.op) {
    case "all":
      return true;
    case "asid":
      return op.asid === hwAsid && !global;
    case "va":
      return op.va === at && (op.asid === null || op.asid === hwAsid || global);
    case "range": {
      const inRange = op.va <= at && at < op.va + op.bytes;
      return inRange && (op.asid === null || op.asid === hwAsid || global);
    }
    default:
      return false;
  }
}

const s = fc.nat(2);
const n = fc.nat(PAGES - 1);
const frame = fc.nat(FRAMES - 1);
const prot = fc.constantFrom<VmProt>(VM_PROT_READ, RW, RX, RW | VM_PROT_EXECUTE);
const fault = fc.constantFrom<VmProt>(0, VM_PROT_READ, RW);
const range = fc.tuple(n, n).map(([x, y]) => [Math.min(x, y), Math.max(x, y) + 1] as const);
type Step = (w: World) => void;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(s, n, frame, fc.nat(3), prot, fault, fc.boolean()).map(
      (args): Step =>
        (w) =>
          w.enter(...args),
    ),
  },
  fc.tuple(s, range).map(
    ([q, [x, y]]): Step =>
      (w) =>
        w.remove(q, x, y),
  ),
  fc.tuple(s, range, fc.constantFrom<VmProt>(VM_PROT_NONE, VM_PROT_READ, RX, RW)).map(
    ([q, [x, y], pr]): Step =>
      (w) =>
        w.protect(q, x, y, pr),
  ),
  fc.tuple(frame, fc.constantFrom<VmProt>(VM_PROT_NONE, VM_PROT_READ, RX), fc.boolean()).map(
    (args): Step =>
      (w) =>
        w.pageProtect(...args),
  ),
  fc.tuple(frame, fc.integer({ min: 1, max: 3 })).map(
    ([f, mask]): Step =>
      (w) =>
        pmapClearRefmod(w.bench.system, w.bench.frame(f), mask),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(s, n, fc.boolean()).map(
      (args): Step =>
        (w) =>
          w.fastFault(...args),
    ),
  },
  fc.tuple(s, n, fc.boolean()).map(
    (args): Step =>
      (w) =>
        w.wire(...args),
  ),
  {
    weight: 1,
    arbitrary: fc.tuple(s, fc.boolean()).map(
      (args): Step =>
        (w) =>
          w.unnest(...args),
    ),
  },
);

describe("pmaps of both page sizes and a shared region over a few frames", () => {
  it("agree with tables of mappings, and no TLB entry outlives its right", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: "max" }), (steps) => {
        const world = new World();
        for (const run of steps) {
          run(world);
          world.check();
        }
        world.finish();
      }),
      { numRuns: 150 },
    );
  });
});
