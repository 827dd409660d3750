import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allows, ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE } from "../../emulator/mmu/access.js";
import type { TlbEntry } from "../../emulator/mmu/tlb.js";
import { halfFor } from "../../emulator/mmu/walk.js";
import type { CacheShape, TlbOptions } from "../../emulator/index.js";
import { AF, AP_EL0, AP_RO, BLOCK, NG, PAGE, TableWorld, UXN } from "../support/page-tables.js";

/**
 * Whatever is done to tables, registers and TLB, the inline TLB holds nothing but what the model would answer, and the
 * first levels nothing but entries of the unified one.
 */
const PAGES = 6;
const BASE = 0x1_2340_0000n;
const pageOf = (n: number): bigint => BASE + BigInt(n) * 0x1000n;
const DBM = 1n << 51n;

type Step =
  | { readonly kind: "map"; readonly page: number; readonly attributes: bigint }
  | { readonly kind: "block" | "unmap"; readonly page: number }
  | {
      readonly kind: "access";
      readonly page: number;
      readonly access: number;
      readonly tag: number;
    }
  | { readonly kind: "context"; readonly asid: number; readonly el: 0 | 1; readonly pan: boolean }
  | { readonly kind: "granule"; readonly is16K: boolean }
  | { readonly kind: "tlbi"; readonly how: number; readonly page: number; readonly asid: number };

const page = fc.nat(PAGES - 1);
const attributes = fc
  .subarray([AP_EL0, AP_RO, NG, UXN, DBM, AF, AF])
  .map((bits) => bits.reduce((all, b) => all | b, 0n));
const asid = fc.integer({ min: 1, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("map"), page, attributes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("block", "unmap"), page }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("access"),
      page,
      access: fc.nat(2),
      tag: fc.constantFrom(0, 0x5a),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("context"),
      asid,
      el: fc.constantFrom(0 as const, 1 as const),
      pan: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("granule"), is16K: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("tlbi"), how: fc.nat(5), page, asid }) },
);

const shape: fc.Arbitrary<CacheShape> = fc.record({
  sets: fc.constantFrom(1, 2, 4),
  ways: fc.integer({ min: 1, max: 3 }),
  replacement: fc.constantFrom("round-robin" as const, "lru" as const, "random" as const),
});
const options: fc.Arbitrary<TlbOptions> = fc.record({
  unified: shape,
  data: fc.option(shape, { nil: null }),
  instruction: fc.option(shape, { nil: null }),
  walk: fc.option(shape, { nil: null }),
  contiguous: fc.boolean(),
  seed: fc.nat(1000),
});

class World {
  readonly w: TableWorld;
  #el: 0 | 1 = 0;
  #pan = false;

  constructor(tlb: TlbOptions) {
    const tcr = (2n << 32n) | (3n << 37n) | (3n << 39n); // IPS, TBI, HA and HD
    this.w = new TableWorld({ granule: "4K", txsz: 25, tcr }, { tlb, ramBytes: 16 * 2 ** 20 });
    for (let n = 0; n < PAGES; n++) {
      this.apply({ kind: "map", page: n, attributes: AF | AP_EL0 | NG });
    }
  }

  #context(): void {
    this.w.machine.mmu.contextChanged(this.#el, this.#pan);
  }

  apply(s: Step): void {
    const { w } = this;
    const { mmu, cpu } = w.machine;
    const va = "page" in s ? pageOf(s.page) : 0n;
    const [lo, hi] = [Number(BigInt.asIntN(32, va)), Number(va >> 32n)];
    switch (s.kind) {
      case "map":
        w.map(va, 0x4080_0000n | (BigInt(s.page % 3) << 12n) | PAGE | s.attributes);
        break;
      case "block":
        w.map(va, 0x4080_0000n | BLOCK | AF | AP_EL0 | NG, 2);
        break;
      case "unmap":
        w.map(va, 0n);
        break;
      case "access": {
        const top = hi | (s.tag << 24);
        if (s.access === ACCESS_READ) mmu.refillRead(lo, top, false);
        else if (s.access === ACCESS_WRITE) mmu.refillWrite(lo, top, false);
        else mmu.translate(lo, top, ACCESS_EXEC, this.#el, false);
        break;
      }
      case "context":
        this.#el = s.el;
        this.#pan = s.pan;
        w.use(s.asid);
        this.#context();
        break;
      case "granule": {
        const tcr = cpu.sysreg("TCR_EL1") & ~(3n << 14n);
        cpu.setSysreg("TCR_EL1", tcr | (s.is16K ? 2n << 14n : 0n));
        this.#context();
        break;
      }
      case "tlbi":
        if (s.how === 0) mmu.tlbiAll();
        else if (s.how === 1) mmu.tlbiAsid(s.asid);
        else if (s.how === 2) mmu.tlbiRange(lo, hi, 0x3000, s.asid, true);
        else mmu.tlbiVa(lo, hi, s.how === 3 ? null : s.asid, s.how === 4);
    }
  }

  check(): void {
    const { mmu, memory } = this.w.machine;
    const { regime } = mmu;
    const entries = [...mmu.tlb.entries()];
    for (const { write, vaLo, vaHi, hostOffset } of mmu.inline.entries()) {
      const backing = entries.filter((e) => this.#answers(e, vaLo, vaHi));
      // The smaller of two counts.
      const best = backing.sort((a, b) => a.sizeShift - b.sizeShift)[0];
      expect(best, `inline entry ${vaHi.toString(16)} ${vaLo.toString(16)}`).toBeDefined();
      const offset = (vaLo >>> 0) % 2 ** best!.sizeShift;
      expect(memory.physAddress(hostOffset)).toBe(best!.physical + offset);
      const access = write ? ACCESS_WRITE : ACCESS_READ;
      expect(allows(best!.attributes, access, this.#el, this.#pan, regime)).toBe(true);
    }
    const held = new Set(entries.map((e) => e.index));
    const { instruction, data } = mmu.tlb.firstLevels();
    for (const index of [...instruction, ...data]) expect(held.has(index)).toBe(true);
  }

  #answers(entry: TlbEntry, vaLo: number, vaHi: number): boolean {
    const { regime } = this.w.machine.mmu;
    const inEntry =
      Math.floor((vaLo >>> 0) / 2 ** entry.sizeShift) ===
        Math.floor((entry.vaLo >>> 0) / 2 ** entry.sizeShift) && (vaHi << 8) >> 8 === entry.vaHi;
    return (
      inEntry &&
      entry.granule === halfFor(regime, vaHi).geometry.index &&
      (entry.isGlobal || entry.asid === regime.asid)
    );
  }
}

describe("the inline TLB", () => {
  it("never disagrees with the model", () => {
    let checked = 0;
    fc.assert(
      fc.property(options, fc.array(step, { minLength: 10, maxLength: 60 }), (tlb, steps) => {
        const world = new World(tlb);
        for (const s of steps) {
          world.apply(s);
          world.check();
          checked += [...world.w.machine.mmu.inline.entries()].length > 0 ? 1 : 0;
        }
      }),
      { numRuns: 300 },
    );
    expect(checked).toBeGreaterThan(100);
  });
});
