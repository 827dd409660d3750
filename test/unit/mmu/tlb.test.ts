import { describe, expect, it } from "vitest";
import { ACCESS_WRITE } from "../../../emulator/mmu/access.js";
import { decodeTlbi } from "../../../emulator/arch/tlbi.js";
import { parseTlb, type TlbOptions } from "../../../emulator/index.js";
import { BLOCK, NG, PAGE, TableWorld, USER_RW } from "../../support/page-tables.js";

const VA = 0x1_2345_4000n;
const PAGE_4K = 0x1000n;
const lo = (va: bigint): number => Number(BigInt.asIntN(32, va));
const hi = (va: bigint): number => Number(BigInt.asIntN(32, va >> 32n));

function world(tlb: TlbOptions = {}, tcr?: bigint): TableWorld {
  return new TableWorld(
    { granule: "4K", txsz: 25, ...(tcr === undefined ? {} : { tcr }) },
    { tlb },
  );
}

/** A page mapped, used, and gone from its table. */
function stale(w: TableWorld, va: bigint, attributes = NG): number {
  const frame = w.frame();
  const slot = w.map(va, BigInt(frame) | PAGE | USER_RW | attributes);
  expect(w.translate(va)).toBe(frame);
  w.write(slot, 0n);
  return frame;
}

describe("the unified TLB", () => {
  it("holds a block as one entry; a TLBI anywhere in it drops it", () => {
    const w = world();
    const slot = w.map(VA, 0x4020_0000n | BLOCK | USER_RW | NG, 2);
    expect(w.translate(VA)).toBe(0x4020_0000 + Number(VA & 0x1f_ffffn));
    expect(w.translate(VA + 0x1_0000n)).toBe(0x4020_0000 + Number((VA + 0x1_0000n) & 0x1f_ffffn));
    expect([...w.machine.mmu.tlb.entries()].map((e) => [e.vaLo, e.sizeShift, e.level])).toEqual([
      [0x2340_0000, 21, 2],
    ]);
    w.write(slot, 0n);
    w.machine.mmu.tlbiVa(lo(VA) + 0x2000, hi(VA), 1);
    expect(w.translate(VA)).toBe("0x06");
  });

  it("gives entries up in turn, or the one used longest ago", () => {
    // Pages of one set of two ways.
    const pages = [0n, 1n, 2n].map((n) => VA + n * PAGE_4K);
    const survivors = (tlb: TlbOptions): number[] => {
      const w = world(tlb);
      const frames = pages.map((va) => {
        const frame = w.frame();
        w.map(va, BigInt(frame) | PAGE | USER_RW | NG);
        return frame;
      });
      w.translate(pages[0]!);
      w.translate(pages[1]!);
      w.translate(pages[0]!);
      w.translate(pages[2]!);
      return [...w.machine.mmu.tlb.entries()].map((e) => frames.indexOf(e.physical)).sort();
    };
    const unified = { sets: 1, ways: 2 } as const;
    expect(survivors({ unified })).toEqual([1, 2]);
    expect(survivors({ unified: { ...unified, replacement: "lru" } })).toEqual([0, 2]);
    const random = { unified: { ...unified, replacement: "random" }, seed: 1 } as const;
    expect(survivors(random)).toEqual(survivors(random));
  });

  it("keeps the entries of one granule while the other is in use", () => {
    const w = world();
    const frame = stale(w, VA);
    const { cpu, mmu } = w.machine;
    const tcr = cpu.sysreg("TCR_EL1");
    const use = (value: bigint): void => {
      cpu.setSysreg("TCR_EL1", value);
      w.machine.contextChanged();
      mmu.contextChanged(0, false);
    };
    use((tcr & ~(3n << 14n)) | (2n << 14n));
    expect(typeof w.translate(VA)).toBe("string");
    use(tcr);
    expect(w.translate(VA)).toBe(frame);
  });

  it("has one entry for a contiguous set where it is asked to use the hint", () => {
    const CONTIGUOUS = 1n << 52n;
    for (const contiguous of [false, true]) {
      const w = world({ contiguous });
      const first = 0x4010_0000n;
      for (let i = 0n; i < 16n; i++) {
        const page = (VA & ~0xffffn) + i * PAGE_4K;
        w.map(page, (first + i * PAGE_4K) | PAGE | USER_RW | NG | CONTIGUOUS);
      }
      expect(w.translate(VA)).toBe(0x4010_4000);
      expect(w.translate(VA + PAGE_4K)).toBe(0x4010_5000);
      expect(w.machine.mmu.counters.walks).toBe(contiguous ? 1 : 2);
    }
  });
});

describe("the first levels", () => {
  it("hold nothing the unified TLB does not, and count for themselves", () => {
    const w = world({ data: { sets: 1, ways: 1 } });
    const frame = stale(w, VA);
    expect(w.translate(VA)).toBe(frame);
    stale(w, VA + PAGE_4K);
    expect(w.translate(VA)).toBe(frame);
    const { levels } = w.machine.mmu.counters;
    expect(levels.data).toEqual({ hits: 1, misses: 3 });
    expect(levels.unified).toEqual({ hits: 1, misses: 2 });
    w.machine.mmu.tlbiVa(lo(VA), hi(VA), 1, true);
    expect(w.machine.mmu.tlb.firstLevels().data).toEqual([]);
    expect(w.translate(VA)).toBe("0x07");
  });
});

describe("of two entries for one address", () => {
  const shape = { sets: 1, ways: 4 } as const;

  /** A page, and then a block around it that the program did not break the page's entry for. */
  function pageAndBlock(tlb: TlbOptions): { w: TableWorld; frame: number } {
    const w = world(tlb);
    const frame = stale(w, VA);
    w.map(VA, 0x4020_0000n | BLOCK | USER_RW | NG, 2);
    return { w, frame };
  }

  it("the smaller one counts, whatever the first level holds", () => {
    for (const data of [null, { sets: 1, ways: 1 }, { sets: 1, ways: 2 }]) {
      const { w, frame } = pageAndBlock({ unified: shape, data, walk: null });
      expect(w.translate(VA + PAGE_4K)).toBe(0x4020_0000 + Number((VA + PAGE_4K) & 0x1f_ffffn));
      expect(w.translate(VA)).toBe(frame);
    }
  });

  it("of one size too there is one answer, whatever the first level holds", () => {
    for (const data of [null, { sets: 1, ways: 1 }, { sets: 1, ways: 2 }]) {
      const w = world({ unified: shape, data });
      const own = stale(w, VA, NG); // ASID 1
      w.use(2);
      const everyones = stale(w, VA, 0n);
      expect(w.translate(VA)).toBe(everyones);
      w.use(1);
      expect(w.translate(VA)).toBe(own);
    }
  });

  it("both go when a clean page is written: the descriptor decides", () => {
    const DBM = 1n << 51n;
    const RO = 1n << 7n;
    const w = world({ unified: shape }, (2n << 32n) | (3n << 39n)); // IPS, HA and HD
    const own = w.frame();
    w.map(VA, BigInt(own) | PAGE | USER_RW | NG | DBM | RO);
    expect(w.translate(VA)).toBe(own);
    w.use(2);
    const everyones = w.frame();
    const slot = w.map(VA, BigInt(everyones) | PAGE | USER_RW | DBM | RO);
    expect(w.translate(VA)).toBe(everyones);
    w.use(1);
    const now = w.frame();
    w.write(slot, BigInt(now) | PAGE | USER_RW | NG | DBM | RO);
    expect(w.translate(VA, ACCESS_WRITE)).toBe(now);
    expect([...w.machine.mmu.tlb.entries()].map((e) => e.physical)).toEqual([now]);
    expect(w.translate(VA)).toBe(now);
  });
});

describe("the walk cache", () => {
  /** Two pages of one table, the first used; then the table is replaced by an empty one. */
  function replaced(tlb: TlbOptions = {}): TableWorld {
    const w = world(tlb);
    w.map(VA, BigInt(w.frame()) | PAGE | USER_RW | NG);
    w.map(VA + PAGE_4K, BigInt(w.frame()) | PAGE | USER_RW | NG);
    w.translate(VA);
    w.map(VA, BigInt(w.frame()) | 3n, 2);
    return w;
  }

  it("leads to a table that is no longer there, until a TLBI that is not for the last level only", () => {
    const w = replaced();
    const { mmu } = w.machine;
    expect(typeof w.translate(VA + PAGE_4K)).toBe("number");
    expect(mmu.counters).toMatchObject({ walks: 2, shortWalks: 1, walkReads: 4 });
    mmu.tlbiVa(lo(VA), hi(VA), 1, true);
    mmu.tlbiVa(lo(VA + PAGE_4K), hi(VA), 1, true);
    expect(typeof w.translate(VA)).toBe("number");
    mmu.tlbiVa(lo(VA), hi(VA), 1, false);
    expect(w.translate(VA)).toBe("0x07");
  });

  it("belongs to an ASID, and may be left out", () => {
    const w = replaced();
    w.machine.mmu.tlbiAsid(2);
    expect(typeof w.translate(VA + PAGE_4K)).toBe("number");
    w.use(2);
    expect(w.translate(VA + PAGE_4K)).toBe("0x07");
    w.use(1);
    w.machine.mmu.tlbiAsid(1);
    expect(w.translate(VA)).toBe("0x07");
    expect(replaced({ walk: null }).translate(VA + PAGE_4K)).toBe("0x07");
  });

  it("remembers what the tables take away", () => {
    const w = world();
    const slots = [VA, VA + PAGE_4K].map((va) =>
      w.map(va, BigInt(w.frame()) | PAGE | USER_RW | NG, 3, 1n << 61n),
    );
    expect(slots.length).toBe(2);
    expect(w.translate(VA)).toBe("0x0f");
    expect(w.translate(VA + PAGE_4K)).toBe("0x0f");
    expect(w.machine.mmu.counters.shortWalks).toBe(1);
  });
});

describe("TLBI operands", () => {
  it("by address: ASID, TTL, bits 55:12 extended from bit 55", () => {
    const request = decodeTlbi(3, 5, 0x0012_3456, (0x1234 << 16) | (0b0111 << 12) | 0x800, 0xffff);
    expect(request).toEqual({
      ...{ name: "VALE1", kind: "va", broadcast: "inner", lastLevel: true, asid: 0x1234 },
      ...{ vaLo: 0x2345_6000, vaHi: -0x80_0000 + 1, bytes: 0, level: 3, granule: 0 },
    });
    expect(decodeTlbi(7, 3, 0, 0, 0xffff)).toMatchObject({
      name: "VAAE1",
      broadcast: "none",
      asid: null,
    });
    // FEAT_ASID16 is not there on every CPU.
    expect(decodeTlbi(7, 2, 0, 0x1234 << 16, 0xff)).toMatchObject({ name: "ASIDE1", asid: 0x34 });
  });

  it("by range: TG, SCALE, NUM, TTL, 37 bits of address", () => {
    // TG 16 KiB, SCALE 1, NUM 2, TTL 3, BaseADDR all ones but the lowest.
    const upper = (7 << 16) | (2 << 14) | (1 << 12) | (2 << 7) | (3 << 5) | 0x1f;
    expect(decodeTlbi(5, 1, 0xffff_fffe | 0, upper, 0xffff)).toEqual({
      ...{ name: "RVAE1", kind: "range", broadcast: "outer", lastLevel: false, asid: 7 },
      ...{ vaLo: -0x8000, vaHi: -1, bytes: 3 * 64 * 0x4000, level: 3, granule: 1 },
    });
    expect(decodeTlbi(6, 7, 0, 0, 0xffff)).toBeNull(); // TG 0 is reserved
  });

  it("hints that do not fit leave the entry only where they are honoured", () => {
    for (const honourHints of [false, true]) {
      const w = world({ honourHints });
      const frame = stale(w, VA);
      const { mmu } = w.machine;
      mmu.tlbiVa(lo(VA), hi(VA), 1, true, 2);
      expect(w.translate(VA)).toBe(honourHints ? frame : "0x07");
      mmu.tlbiVa(lo(VA), hi(VA), 1, true, 3);
      expect(w.translate(VA)).toBe("0x07");
    }
  });

  it("are counted by name and ASID", () => {
    const w = world();
    const { mmu } = w.machine;
    mmu.tlbiAll();
    mmu.tlbi(decodeTlbi(7, 1, 0, 5 << 16, 0xffff)!);
    mmu.tlbi(decodeTlbi(3, 1, 0, 5 << 16, 0xffff)!);
    expect(mmu.counters.tlbi).toMatchObject({ VMALLE1: 1, VAE1: 2, VALE1: 0 });
    expect(mmu.counters.shootdowns).toBe(2);
    expect(mmu.counters.byAsid.get(5)?.invalidations).toBe(2);
  });
});

describe("the shape of a TLB in words", () => {
  it("is read", () => {
    expect(parseTlb("l1d=1x32:lru,l2=128x8,walk=none,seed=7,exact,hints,contiguous")).toEqual({
      ok: true,
      options: {
        data: { sets: 1, ways: 32, replacement: "lru" },
        unified: { sets: 128, ways: 8, replacement: "round-robin" },
        walk: null,
        seed: 7,
        inline: false,
        honourHints: true,
        contiguous: true,
      },
    });
  });

  it.each([
    "",
    "l2=3x4",
    "l2=none",
    "l3=1x1",
    "l2=1x256",
    "l2=4x4:fifo",
    "seed=x",
    "exact=1",
    "l1d=1x1=1",
  ])("refuses %s", (text) => {
    expect(parseTlb(text).ok).toBe(false);
  });
});
