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

const VA = 0x1_2345_0000n;
const IPS_40 = 2n << 32n;
const HA = 1n << 39n;
const HD = 1n << 40n;
const DBM = 1n << 51n;
const M = 1n;
const WXN = 1n << 19n;
const EPAN = 1n << 57n;

describe("a walk, 64 KiB granule", () => {
  it("starts at level 2 for 42 bits and at level 1 for 48", () => {
    expect(new TableWorld({ granule: "64K", txsz: 22 }).translate(VA)).toBe("0x06");
    const w = new TableWorld({ granule: "64K", txsz: 16 });
    expect(w.translate(VA)).toBe("0x05");
    const frame = w.frame();
    w.map(VA, BigInt(frame) | PAGE | USER_RW);
    expect(w.translate(VA + 0xffffn)).toBe(frame + 0xffff);
  });

  it("has blocks at level 2, and at level 1 with 52-bit addresses", () => {
    const w = new TableWorld({ granule: "64K", txsz: 16 });
    w.map(VA, 0x4000_0000n | BLOCK | USER_RW, 2);
    expect(w.translate(VA)).toBe(0x4000_0000 + Number(VA & 0x1fff_ffffn));
    const bigger = new TableWorld({ granule: "64K", txsz: 16 });
    bigger.map(0x4000_1234n, BLOCK | USER_RW, 1);
    expect(bigger.translate(0x4000_1234n)).toBe(0x4000_1234);
    const older = new TableWorld({ granule: "64K", txsz: 16 }, { cpuModel: "cortex-a57" });
    older.map(0x4000_1234n, BLOCK | USER_RW, 1);
    expect(older.translate(0x4000_1234n)).toBe("0x05");
  });

  it("takes bits 15:12 for address bits 51:48: beyond a smaller output size they are a fault", () => {
    const w = new TableWorld({ granule: "64K", txsz: 16 });
    w.map(VA, BigInt(w.frame()) | (1n << 12n) | PAGE | USER_RW);
    expect(w.translate(VA)).toBe("0x03");
    const wide = new TableWorld({ granule: "64K", txsz: 16, tcr: 6n << 32n });
    wide.map(VA, BigInt(wide.frame()) | (1n << 12n) | PAGE | USER_RW);
    expect(wide.translate(VA)).toBe("0x10"); // nothing is there
  });

  it("is 4 KiB where the CPU has no 64 KiB pages", () => {
    const w = new TableWorld({ granule: "64K", txsz: 25 }, { cpuModel: "apple-m1" });
    expect(w.machine.mmu.regime.low.geometry.name).toBe("4K");
  });
});

describe("sizes", () => {
  it.each<["max" | "cortex-a57", "4K" | "16K" | "64K", number, boolean]>([
    ["max", "4K", 16, true],
    ["max", "4K", 15, false],
    ["max", "4K", 48, true],
    ["max", "4K", 49, false],
    ["max", "64K", 12, true],
    ["max", "64K", 11, false],
    ["max", "64K", 47, true],
    ["max", "64K", 48, false],
    ["cortex-a57", "4K", 39, true],
    ["cortex-a57", "4K", 40, false],
    ["cortex-a57", "64K", 15, false],
  ])("%s with %s pages: TxSZ %i is there: %s", (cpuModel, granule, txsz, isThere) => {
    const w = new TableWorld({ granule, txsz: 25 }, { cpuModel });
    w.machine.cpu.setSysreg(
      "TCR_EL1",
      (w.machine.cpu.sysreg("TCR_EL1") & ~0x3f003fn) | BigInt(txsz * 0x10001),
    );
    w.machine.contextChanged();
    w.machine.mmu.contextChanged(0, false);
    expect(w.machine.mmu.regime.low.badSize).toBe(!isThere);
    if (!isThere) expect(w.translate(0x1000n)).toBe("0x04");
  });
});

describe("access flag and dirty state by hardware", () => {
  function world(
    attributes: bigint,
    tcr = HA | HD,
  ): { w: TableWorld; slot: number; frame: number } {
    const w = new TableWorld({ granule: "4K", txsz: 25, tcr: IPS_40 | tcr });
    const frame = w.frame();
    return { w, slot: w.map(VA, BigInt(frame) | PAGE | AP_EL0 | attributes), frame };
  }

  it("sets the flag of what is accessed, and not of what is refused", () => {
    const { w, slot, frame } = world(AP_RO, HA);
    expect(w.translate(VA, ACCESS_WRITE)).toBe("0x0f");
    expect(w.read(slot) & AF).toBe(0n);
    expect(w.translate(VA)).toBe(frame);
    expect(w.read(slot) & AF).toBe(AF);
    expect(w.machine.mmu.counters.accessFlagsSet).toBe(1);
  });

  it("a clean page is readable, and the first write makes it dirty", () => {
    const { w, slot, frame } = world(AF | AP_RO | DBM);
    expect(w.translate(VA)).toBe(frame);
    expect(w.read(slot) & AP_RO).toBe(AP_RO);
    expect(w.translate(VA, ACCESS_WRITE)).toBe(frame);
    expect(w.read(slot) & AP_RO).toBe(0n);
    expect(w.translate(VA, ACCESS_WRITE)).toBe(frame);
    expect(w.machine.mmu.counters.dirtyStatesSet).toBe(1);
  });

  it("the descriptor decides about the first write, whatever the TLB holds", () => {
    const { w, slot, frame } = world(AF | AP_RO | DBM | NG);
    expect(w.translate(VA)).toBe(frame);
    w.write(slot, w.read(slot) & ~DBM);
    expect(w.translate(VA, ACCESS_WRITE)).toBe("0x0f");
  });

  it("a clean page counts as writable for WXN and for execution at EL1", () => {
    const { w, frame } = world(AF | AP_RO | DBM);
    expect(w.translate(VA, ACCESS_EXEC, 1)).toBe("0x0f");
    const without = world(AF | AP_RO | DBM, HA);
    expect(without.w.translate(VA, ACCESS_EXEC, 1)).toBe(without.frame);
    expect(w.translate(VA, ACCESS_EXEC, 0)).toBe(frame);
    w.use(1, M | WXN);
    expect(w.translate(VA, ACCESS_EXEC, 0)).toBe("0x0f");
  });

  it("what a table makes read-only stays so", () => {
    const w = new TableWorld({ granule: "4K", txsz: 25, tcr: IPS_40 | HA | HD });
    const slot = w.map(VA, BigInt(w.frame()) | PAGE | USER_RW | AP_RO | DBM, 3, 2n << 61n);
    expect(w.translate(VA, ACCESS_WRITE)).toBe("0x0f");
    expect(w.read(slot) & AP_RO).toBe(AP_RO);
  });

  it("a descriptor in a page of code makes that code stale", () => {
    const { w, slot } = world(0n, HA);
    const written: number[] = [];
    w.machine.mmu.onDescriptorWrite = (pa) => void written.push(pa);
    w.translate(VA);
    expect(written).toEqual([slot]);
  });
});

describe("privileges", () => {
  function rights(attributes: bigint, sctlr: bigint, pan: boolean): string {
    const w = new TableWorld({ granule: "4K", txsz: 25 });
    w.use(1, M | sctlr);
    w.map(VA, BigInt(w.frame()) | PAGE | AF | attributes);
    return ([ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC] as const)
      .map((access) => (typeof w.translate(VA, access, 1, pan) === "number" ? "rwx"[access] : "-"))
      .join("");
  }

  it("EPAN keeps EL1 from the data of what EL0 can execute only", () => {
    expect(rights(0n, 0n, true)).toBe("rwx");
    expect(rights(0n, EPAN, true)).toBe("--x");
    expect(rights(0n, EPAN, false)).toBe("rwx");
    expect(rights(UXN, EPAN, true)).toBe("rwx");
    expect(rights(AP_RO | UXN | PXN, EPAN, true)).toBe("r--");
  });

  it("E0PD denies a half to EL0, with a translation fault of level 0", () => {
    const w = new TableWorld({ granule: "4K", txsz: 25, tcr: IPS_40 | (1n << 55n) });
    const frame = w.frame();
    w.map(VA, BigInt(frame) | PAGE | USER_RW);
    expect(w.translate(VA, ACCESS_READ, 1)).toBe(frame);
    expect(w.translate(VA, ACCESS_READ, 0)).toBe("0x04");
  });

  it("16-bit ASIDs with TCR_EL1.AS, 8 bits without", () => {
    for (const [tcr, asid] of [
      [1n << 36n, 0x1234],
      [0n, 0x34],
    ] as const) {
      const w = new TableWorld({ granule: "4K", txsz: 25, tcr: IPS_40 | tcr });
      w.use(0x1234);
      expect(w.machine.mmu.regime.asid).toBe(asid);
    }
  });
});

it("with the MMU off an address beyond the physical size is an address size fault, a tag without TBI too", () => {
  const w = new TableWorld({ granule: "4K", txsz: 25 });
  w.use(1, 0n);
  expect(w.translate(0x5a00_0000_4000_0000n)).toBe("0x00");
  expect(w.translate(1n << 52n)).toBe("0x00");
  const tagged = new TableWorld({ granule: "4K", txsz: 25, tbi: true });
  tagged.use(1, 0n);
  expect(tagged.translate(0x5a00_0000_4000_0000n)).toBe(0x4000_0000);
});
