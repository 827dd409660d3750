import { describe, expect, it } from "vitest";
import { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE } from "../../../emulator/index.js";
import {
  AF,
  AP_EL0,
  AP_RO,
  BLOCK,
  NG,
  PAGE,
  PXN,
  TableWorld,
  USER_RW,
  UXN,
} from "../../support/page-tables.js";

const VA = 0x1_2345_4000n;
const HIGH = 0xffff_8000_0000_4000n;

describe("a walk, 16 KiB granule, 47-bit addresses", () => {
  it("adds the offset in the page to the output address", () => {
    const w = new TableWorld();
    const frame = w.frame();
    w.map(VA, BigInt(frame) | PAGE | USER_RW);
    expect(w.translate(VA + 0x3fffn)).toBe(frame + 0x3fff);
    expect(w.translate(VA + 0x4000n)).toBe("0x07");
  });

  it("fails at the level of the table that says so", () => {
    const w = new TableWorld();
    expect(w.translate(VA)).toBe("0x05");
    w.map(VA, 0n, 2);
    expect(w.translate(VA)).toBe("0x06");
    w.map(VA, 0n, 3);
    expect(w.translate(VA)).toBe("0x07");
  });

  it("takes a block at level 2 only", () => {
    const w = new TableWorld();
    w.map(VA, 0x4000_0000n | BLOCK | USER_RW, 2);
    expect(w.translate(VA)).toBe(0x4000_0000 + Number(VA & 0x1ff_ffffn));
    const bad = new TableWorld();
    bad.map(VA, 0x40_0000_0000n | BLOCK | USER_RW, 1);
    expect(bad.translate(VA)).toBe("0x05");
  });

  it("refuses type 01 at level 3, which is reserved", () => {
    const w = new TableWorld();
    w.map(VA, BigInt(w.frame()) | BLOCK | USER_RW);
    expect(w.translate(VA)).toBe("0x07");
  });

  it("chooses the half by bit 55, and level 0 for an address in neither", () => {
    const w = new TableWorld();
    const [low, high] = [w.frame(), w.frame()];
    w.map(VA, BigInt(low) | PAGE | USER_RW);
    w.map(HIGH, BigInt(high) | PAGE | USER_RW);
    expect([w.translate(VA), w.translate(HIGH)]).toEqual([low, high]);
    expect(w.translate(1n << 50n)).toBe("0x04");
    expect(w.translate(VA | (0x5an << 56n))).toBe("0x04");
  });

  it("ignores the top byte with TBI", () => {
    const w = new TableWorld({ granule: "16K", txsz: 17, tbi: true });
    const frame = w.frame();
    w.map(VA, BigInt(frame) | PAGE | USER_RW);
    expect(w.translate(VA | (0x5an << 56n))).toBe(frame);
    expect(w.translate(1n << 50n)).toBe("0x04");
  });

  it("an output beyond the physical size is an address size fault of its level", () => {
    const w = new TableWorld();
    w.map(VA, (1n << 45n) | PAGE | USER_RW);
    expect(w.translate(VA)).toBe("0x03");
  });
});

describe("a walk, 4 KiB granule", () => {
  it("starts at level 0 for 47 bits, has blocks at levels 1 and 2", () => {
    const w = new TableWorld({ granule: "4K", txsz: 17 });
    expect(w.translate(VA)).toBe("0x04");
    const frame = w.frame();
    w.map(VA, BigInt(frame) | PAGE | USER_RW);
    expect(w.translate(VA + 0xfffn)).toBe(frame + 0xfff);
    w.map(VA + (1n << 21n), 0x4020_0000n | BLOCK | USER_RW, 2);
    expect(w.translate(VA + (1n << 21n))).toBe(0x4020_0000 + Number(VA & 0x1f_ffffn));
    w.map(0x2_4000_4000n, 0x4000_0000n | BLOCK | USER_RW, 1);
    expect(w.translate(0x2_4000_4321n)).toBe(0x4000_4321);
  });

  it("starts at level 1 for 39 bits", () => {
    const w = new TableWorld({ granule: "4K", txsz: 25 });
    expect(w.translate(VA)).toBe("0x05");
  });
});

describe("access rights", () => {
  /** What EL0 and EL1 may do with a page: r, w, x in lower case for EL0, upper for EL1. */
  function rights(attributes: bigint, pan = false, tableBits = 0n): string {
    const w = new TableWorld();
    w.map(VA, BigInt(w.frame()) | PAGE | AF | attributes, 3, tableBits);
    const may = (letter: string, access: 0 | 1 | 2, el: 0 | 1): string =>
      typeof w.translate(VA, access, el, pan) === "number" ? letter : "-";
    return (
      may("r", ACCESS_READ, 0) +
      may("w", ACCESS_WRITE, 0) +
      may("x", ACCESS_EXEC, 0) +
      may("R", ACCESS_READ, 1) +
      may("W", ACCESS_WRITE, 1) +
      may("X", ACCESS_EXEC, 1)
    );
  }

  it.each([
    [0n, "--xRWX"],
    [AP_EL0, "rwxRW-"],
    [AP_RO, "--xR-X"],
    [AP_EL0 | AP_RO, "r-xR-X"],
    [UXN | PXN, "---RW-"],
    [AP_EL0 | UXN, "rw-RW-"],
    [AP_EL0 | AP_RO | UXN | PXN, "r--R--"],
  ])("attributes %s allow %s", (attributes, expected) => {
    expect(rights(attributes)).toBe(expected);
  });

  it("PAN keeps EL1 from data EL0 may access", () => {
    expect(rights(AP_EL0, true)).toBe("rwx---");
    expect(rights(0n, true)).toBe("--xRWX");
  });

  it("table descriptors take rights away", () => {
    expect(rights(AP_EL0, false, 1n << 61n)).toBe("--xRWX");
    expect(rights(AP_EL0, false, 2n << 61n)).toBe("r-xR-X");
    expect(rights(AP_EL0, false, 1n << 60n)).toBe("rw-RW-");
  });

  it("a clear access flag comes before a missing right", () => {
    const w = new TableWorld();
    const slot = w.map(VA, BigInt(w.frame()) | PAGE | AP_RO);
    expect(w.translate(VA, ACCESS_WRITE)).toBe("0x0b");
    w.write(slot, w.read(slot) | AF);
    expect(w.translate(VA, ACCESS_WRITE)).toBe("0x0f");
  });
});

describe("the TLB", () => {
  function mapped(attributes: bigint): { w: TableWorld; slot: number; frame: number } {
    const w = new TableWorld();
    const frame = w.frame();
    const slot = w.map(VA, BigInt(frame) | PAGE | USER_RW | attributes);
    expect(w.translate(VA)).toBe(frame);
    w.write(slot, 0n);
    return { w, slot, frame };
  }
  const lo = Number(BigInt.asIntN(32, VA));
  const hi = Number(VA >> 32n);

  it("keeps a translation until it is told", () => {
    const { w, frame } = mapped(NG);
    expect(w.translate(VA)).toBe(frame);
    w.machine.mmu.tlbiVa(lo, hi, 1);
    expect(w.translate(VA)).toBe("0x07");
  });

  it("does not remember that there was none", () => {
    const w = new TableWorld();
    expect(w.translate(VA)).toBe("0x05");
    const frame = w.frame();
    w.map(VA, BigInt(frame) | PAGE | USER_RW);
    expect(w.translate(VA)).toBe(frame);
  });

  it("invalidates by the right ASID only", () => {
    const { w, frame } = mapped(NG);
    w.machine.mmu.tlbiVa(lo, hi, 2);
    w.machine.mmu.tlbiAsid(2);
    expect(w.translate(VA)).toBe(frame);
    w.machine.mmu.tlbiAsid(1);
    expect(w.translate(VA)).toBe("0x07");
  });

  it("another ASID does not see it, the first one does again", () => {
    const { w, frame } = mapped(NG);
    w.use(2);
    expect(w.translate(VA)).toBe("0x07");
    w.use(1);
    expect(w.translate(VA)).toBe(frame);
  });

  it("global translations survive ASIDE1 and serve every ASID; VAE1 and VMALLE1 end them", () => {
    const { w, frame } = mapped(0n);
    w.machine.mmu.tlbiAsid(1);
    w.use(2);
    expect(w.translate(VA)).toBe(frame);
    w.machine.mmu.tlbiVa(lo, hi, 7);
    expect(w.translate(VA)).toBe("0x07");
    const other = mapped(0n);
    other.w.machine.mmu.tlbiAll();
    expect(other.w.translate(VA)).toBe("0x07");
  });

  it("a range covers its pages and no others", () => {
    const w = new TableWorld();
    const pages = [0n, 1n, 2n, 3n].map((n) => VA + 0x4000n * n);
    const slots = pages.map((va) => w.map(va, BigInt(w.frame()) | PAGE | USER_RW | NG));
    for (const va of pages) expect(typeof w.translate(va)).toBe("number");
    for (const slot of slots) w.write(slot, 0n);
    w.machine.mmu.tlbiRange(lo + 0x4000, hi, 0x8000, 1);
    expect(pages.map((va) => typeof w.translate(va))).toEqual([
      "number",
      "string",
      "string",
      "number",
    ]);
  });
});

it("with the MMU off addresses are physical", () => {
  const w = new TableWorld();
  w.use(1, 0n);
  expect(w.translate(0x4000_1234n)).toBe(0x4000_1234);
});
