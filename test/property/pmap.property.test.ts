import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  armFastFault,
  pmapChangeWiring,
  pmapClearRefmod,
  pmapDestroy,
  pmapDisconnect,
  pmapEnter,
  pmapFindPhys,
  pmapPageProtect,
  pmapProtect,
  pmapRemove,
  pmapTranslate,
  PMAP_OPTIONS_COMPRESSOR,
  PMAP_OPTIONS_INTERNAL,
  type Pmap,
} from "../../vm/pmap/index.js";
import {
  KERN_SUCCESS,
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type Ppn,
  type VmOffset,
  type VmProt,
} from "../../vm/types.js";
import { page, PmapBench } from "../support/pmap-bench.js";

const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;
const RX: VmProt = VM_PROT_READ | VM_PROT_EXECUTE;
const PAGES = 12;
const FRAMES = 5;

/** Some pages on each side of a twig (32 MiB) boundary, so that two leaf tables take part. */
function va(n: number): VmOffset {
  return page(n < PAGES / 2 ? 1 + n : 2048 - PAGES / 2 + n);
}

/** What one address of one pmap is supposed to be. */
interface Mapping {
  frame: number;
  /** A write is allowed, at once or after a fast fault. */
  mayWrite: boolean;
  wired: boolean;
}

/**
 * The obvious pmap: a table of mappings. And the worst TLB: it caches every translation that was
 * ever valid until an invalidation names it.
 */
class World {
  readonly bench = new PmapBench(FRAMES, 16);
  readonly pmaps: readonly Pmap[] = [this.bench.user(), this.bench.user()];
  readonly model = this.pmaps.map(() => new Map<number, Mapping>());
  readonly cached = new Map<string, { pmap: number; n: number; ppn: Ppn; write: boolean }>();

  enter(p: number, n: number, frame: number, prot: VmProt, fault: VmProt, wired: boolean): void {
    const kr = pmapEnter(
      this.pmaps[p]!,
      va(n),
      this.bench.frame(frame),
      prot,
      fault,
      0,
      wired,
      PMAP_OPTIONS_INTERNAL,
    );
    expect(kr).toBe(KERN_SUCCESS);
    this.model[p]!.set(n, { frame, mayWrite: (prot & VM_PROT_WRITE) !== 0, wired });
  }

  remove(p: number, from: number, to: number): void {
    pmapRemove(this.pmaps[p]!, va(from), va(to));
    for (let n = from; n < to; n++) this.model[p]!.delete(n);
  }

  protect(p: number, from: number, to: number, prot: VmProt): void {
    pmapProtect(this.pmaps[p]!, va(from), va(to), prot);
    for (let n = from; n < to; n++) {
      const mapping = this.model[p]!.get(n);
      if (mapping === undefined) continue;
      if (prot === VM_PROT_NONE) this.model[p]!.delete(n);
      else if (prot !== RW) mapping.mayWrite = false;
    }
  }

  pageProtect(frame: number, prot: VmProt, compress: boolean): void {
    const { system } = this.bench;
    if (prot === VM_PROT_NONE) {
      pmapDisconnect(system, this.bench.frame(frame), compress ? PMAP_OPTIONS_COMPRESSOR : 0);
    } else {
      pmapPageProtect(system, this.bench.frame(frame), prot);
    }
    for (const table of this.model) {
      for (const [n, mapping] of [...table]) {
        if (mapping.frame !== frame) continue;
        if (prot === VM_PROT_NONE) table.delete(n);
        else mapping.mayWrite = false;
      }
    }
  }

  fastFault(p: number, n: number, write: boolean): void {
    const kr = armFastFault(this.pmaps[p]!, va(n), write ? RW : VM_PROT_READ);
    const mapping = this.model[p]!.get(n);
    if (mapping === undefined) expect(kr).not.toBe(KERN_SUCCESS);
    else if (!write || mapping.mayWrite) {
      expect(kr).toBe(KERN_SUCCESS);
      const access = write ? VM_PROT_WRITE : VM_PROT_READ;
      expect(pmapTranslate(this.pmaps[p]!, va(n), access)).toBe(this.bench.frame(mapping.frame));
    }
  }

  wire(p: number, n: number, wired: boolean): void {
    const mapping = this.model[p]!.get(n);
    if (wired && mapping === undefined) return;
    pmapChangeWiring(this.pmaps[p]!, va(n), wired);
    if (mapping !== undefined) mapping.wired = wired;
  }

  /** After every step: both tables against the model, the TLB against the tables, the checker. */
  check(): void {
    for (const op of this.bench.tlb.take()) {
      for (const [key, entry] of this.cached) {
        const asid = this.pmaps[entry.pmap]!.hwAsid;
        const at = va(entry.n);
        const hit =
          op.op === "all" ||
          (op.op === "asid" && op.asid === asid) ||
          (op.op === "va" && op.va === at && (op.asid ?? asid) === asid) ||
          (op.op === "range" && op.va <= at && at < op.va + op.bytes && (op.asid ?? asid) === asid);
        if (hit) this.cached.delete(key);
      }
    }
    this.pmaps.forEach((pmap, p) => {
      for (let n = 0; n < PAGES; n++) this.#checkAddress(pmap, p, n);
      let wired = 0;
      for (const mapping of this.model[p]!.values()) if (mapping.wired) wired++;
      expect(pmap.ledger.wiredMem).toBe(wired * 0x4000);
    });
    this.bench.check();
  }

  #checkAddress(pmap: Pmap, p: number, n: number): void {
    const mapping = this.model[p]!.get(n);
    const ppn = pmapFindPhys(pmap, va(n));
    expect(ppn).toBe(mapping === undefined ? 0 : this.bench.frame(mapping.frame));
    const write = typeof pmapTranslate(pmap, va(n), VM_PROT_WRITE) === "number";
    if (write) expect(mapping?.mayWrite).toBe(true);
    const stale = this.cached.get(`${p}.${n}`);
    if (stale !== undefined) {
      expect(stale.ppn, "a stale translation to another frame").toBe(ppn);
      if (stale.write) expect(write, "a stale write permission").toBe(true);
    }
    if (ppn !== 0) this.cached.set(`${p}.${n}`, { pmap: p, n, ppn, write });
  }

  /** Tear down: everything must come back. */
  finish(): void {
    this.pmaps.forEach((pmap, p) => {
      this.remove(p, 0, PAGES - 1);
      pmapRemove(pmap, va(PAGES - 1), va(PAGES));
      this.model[p]!.clear();
      pmapDestroy(pmap);
    });
    this.bench.check();
    expect(this.bench.free.length).toBe(15); // all but the kernel's root
  }
}

const p = fc.nat(1);
const n = fc.nat(PAGES - 1);
const frame = fc.nat(FRAMES - 1);
const prot = fc.constantFrom<VmProt>(VM_PROT_READ, RW, RX, RW | VM_PROT_EXECUTE);
const range = fc.tuple(n, n).map(([x, y]) => [Math.min(x, y), Math.max(x, y)] as const);

const step: fc.Arbitrary<(w: World) => void> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(p, n, frame, prot, fc.constantFrom<VmProt>(0, VM_PROT_READ, RW), fc.boolean())
      .map(([q, at, f, pr, ft, wired]) => {
        const fault = (pr & ft) as VmProt;
        return (w: World) => w.enter(q, at, f, pr, fault, wired);
      }),
  },
  fc.tuple(p, range).map(
    ([q, [x, y]]) =>
      (w: World) =>
        w.remove(q, x, y),
  ),
  fc.tuple(p, range, fc.constantFrom<VmProt>(VM_PROT_NONE, VM_PROT_READ, RX, RW)).map(
    ([q, [x, y], pr]) =>
      (w: World) =>
        w.protect(q, x, y, pr),
  ),
  fc.tuple(frame, fc.constantFrom<VmProt>(VM_PROT_NONE, VM_PROT_READ, RX), fc.boolean()).map(
    ([f, pr, compress]) =>
      (w: World) =>
        w.pageProtect(f, pr, compress),
  ),
  fc.tuple(frame, fc.integer({ min: 1, max: 3 })).map(
    ([f, mask]) =>
      (w: World) =>
        pmapClearRefmod(w.bench.system, w.bench.frame(f), mask),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(p, n, fc.boolean()).map(
      ([q, at, wr]) =>
        (w: World) =>
          w.fastFault(q, at, wr),
    ),
  },
  fc.tuple(p, n, fc.boolean()).map(
    ([q, at, wired]) =>
      (w: World) =>
        w.wire(q, at, wired),
  ),
);

describe("two pmaps over a few frames", () => {
  it("agree with a table of mappings, and no TLB entry outlives its right", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: "max" }), (steps) => {
        const world = new World();
        for (const run of steps) {
          run(world);
          world.check();
        }
        world.finish();
      }),
      { numRuns: 200 },
    );
  });
});
