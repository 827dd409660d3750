import { describe, expect, it } from "vitest";
import { Gicv2, Gicv3 } from "../../../emulator/index.js";

/**
 * Corners of the interrupt controllers that qemu-system-aarch64 does not have or does otherwise; what it has is in
 * guests/bare/src/priorities.c.
 */

const [SPURIOUS, OTHER_GROUP] = [1023, 1022];
const GICD = { CTLR: 0, IGROUPR: 0x80, ISENABLER: 0x100, ICENABLER: 0x180, ICFGR: 0xc00 } as const;
const [GICD_IPRIORITYR, GICD_SGIR, GICD_CPENDSGIR, GICD_SPENDSGIR] = [0x400, 0xf00, 0xf10, 0xf20];
const GICC = { CTLR: 0, PMR: 4, BPR: 8, IAR: 0xc, EOIR: 0x10, RPR: 0x14, HPPIR: 0x18 } as const;
const ALIAS = { BPR: 0x1c, IAR: 0x20, EOIR: 0x24, HPPIR: 0x28 } as const;
const [ENABLE_BOTH, ACK_CTL, CBPR] = [3, 4, 16];

/** A GICv2 with both groups on: interrupts 32 and up wait for a line, every odd one is of group 1. */
function v2(): {
  readonly gic: Gicv2;
  gicd(offset: number, value: number, bytes?: 1 | 4): void;
  gicc(offset: number, value: number): void;
  get(offset: number): number;
  readonly irq: () => boolean;
} {
  let irq = false;
  const gic = new Gicv2(
    0,
    0x1_0000,
    64,
    (isHigh) => (irq = isHigh),
    () => undefined,
  );
  const gicd = (offset: number, value: number, bytes: 1 | 4 = 4): void => {
    gic.distributor.write(offset, bytes, value);
  };
  const gicc = (offset: number, value: number): void => {
    gic.cpuInterface.write(offset, 4, value);
  };
  gicd(GICD.CTLR, ENABLE_BOTH);
  gicc(GICC.CTLR, ENABLE_BOTH);
  gicc(GICC.PMR, 0xff);
  gicd(GICD.IGROUPR + 4, 0xaaaa_aaaa);
  gicd(GICD.ISENABLER + 4, 0xffff_ffff);
  const get = (offset: number): number => gic.cpuInterface.read(offset, 4)!;
  return { gic, gicd, gicc, get, irq: () => irq };
}

describe("GICv2", () => {
  it("has registers for group 1 alone", () => {
    const { gic, gicc, get, irq } = v2();
    gic.interrupts.setLine(33, true);
    expect([irq(), get(GICC.HPPIR), get(ALIAS.HPPIR)]).toEqual([true, OTHER_GROUP, 33]);
    expect([get(GICC.IAR), get(ALIAS.IAR), get(ALIAS.IAR)]).toEqual([OTHER_GROUP, 33, SPURIOUS]);
    // An interrupt of group 0 of the same priority waits, unseen here.
    gic.interrupts.setLine(34, true);
    expect([get(GICC.HPPIR), get(ALIAS.HPPIR), irq()]).toEqual([34, SPURIOUS, false]);
    gic.interrupts.setLine(33, false);
    gicc(ALIAS.EOIR, 34); // of group 0: not ended here
    expect([get(GICC.RPR), irq()]).toEqual([0, false]);
    gicc(ALIAS.EOIR, 33);
    expect([get(GICC.RPR), irq(), get(ALIAS.IAR), get(GICC.IAR)]).toEqual([
      0xff,
      true,
      SPURIOUS,
      34,
    ]);
    gicc(GICC.EOIR, 34);
    expect(get(GICC.RPR)).toBe(0xff);
  });

  it("acknowledges group 1 in GICC_IAR with AckCtl", () => {
    const { gic, gicc, get } = v2();
    gicc(GICC.CTLR, ENABLE_BOTH | ACK_CTL);
    gic.interrupts.setLine(33, true);
    expect([get(GICC.HPPIR), get(GICC.IAR), get(GICC.RPR)]).toEqual([33, 33, 0]);
  });

  it("divides priorities by the binary point of the group, or by group 0's for both", () => {
    const { gic, gicd, gicc, get, irq } = v2();
    const preempts = (first: number, second: number): boolean => {
      gic.interrupts.setLine(first, true);
      expect(get(first % 2 === 1 ? ALIAS.IAR : GICC.IAR)).toBe(first);
      gic.interrupts.setLine(second, true);
      const does = irq();
      gic.interrupts.setLine(second, false);
      gic.interrupts.setLine(first, false);
      gicc(first % 2 === 1 ? ALIAS.EOIR : GICC.EOIR, first);
      return does;
    };
    for (const [id, priority] of [
      [32, 0x30],
      [34, 0x20],
      [33, 0x30],
      [35, 0x20],
    ] as const) {
      gicd(GICD_IPRIORITYR + id, priority, 1);
    }
    expect([get(GICC.BPR), get(ALIAS.BPR)]).toEqual([0, 1]);
    expect([preempts(32, 34), preempts(33, 35)]).toEqual([true, true]);
    gicc(GICC.BPR, 4); // bits 7:5 of group 0: 0x20 and 0x30 are alike
    gicc(ALIAS.BPR, 4); // bits 7:4 of group 1
    expect([preempts(32, 34), preempts(33, 35)]).toEqual([false, true]);
    gicc(GICC.CTLR, ENABLE_BOTH | CBPR);
    expect([preempts(32, 34), preempts(33, 35)]).toEqual([false, false]);
  });

  it("takes a level as long as it is high, and an edge once", () => {
    const { gic, gicd, gicc, get, irq } = v2();
    gicd(GICD.ICFGR + 8, 2 << (2 * 4)); // 36: edge
    for (const [id, staysPending] of [
      [34, true],
      [36, false],
    ] as const) {
      gic.interrupts.setLine(id, true);
      expect(get(GICC.IAR)).toBe(id);
      gicc(GICC.EOIR, id);
      expect([id, irq()]).toEqual([id, staysPending]);
      gic.interrupts.setLine(id, false);
      expect(irq()).toBe(false);
    }
    gic.interrupts.setLine(36, true);
    gic.interrupts.setLine(36, false);
    expect(get(GICC.IAR)).toBe(36); // the edge is remembered
  });

  it("sends SGIs by list, to all others, or to itself; their enables are fixed", () => {
    const { gicd, get, gicc, gic } = v2();
    gicd(GICD.ICENABLER, 0xffff_ffff);
    expect(gic.distributor.read(GICD.ISENABLER, 4)).toBe(0xffff);
    gicd(GICD_SGIR, (1 << 24) | (0xff << 16) | 1); // all others
    gicd(GICD_SGIR, (0xfe << 16) | 1); // a list without us
    expect(get(GICC.IAR)).toBe(SPURIOUS);
    gicd(GICD_SGIR, (1 << 16) | 1);
    expect(get(GICC.IAR)).toBe(1);
    gicc(GICC.EOIR, 1);
    gicd(GICD_SPENDSGIR + 5, 1, 1);
    expect(gic.distributor.read(GICD_SPENDSGIR + 4, 4)).toBe(0x100);
    gicd(GICD_CPENDSGIR + 5, 1, 1);
    expect(get(GICC.IAR)).toBe(SPURIOUS);
  });

  it("stands everything that is written everywhere", () => {
    const { gic } = v2();
    for (const frame of [gic.distributor, gic.cpuInterface]) {
      for (let offset = 0; offset < 0x1100; offset += 4) {
        expect(frame.write(offset, 4, 0xffff_ffff)).toBe(true);
        const word = frame.read(offset, 4)!;
        expect(word >>> 0).toBe(word);
      }
    }
    gic.reset();
    expect(gic.cpuInterface.read(GICC.IAR, 4)).toBe(SPURIOUS);
    expect(gic.distributor.read(GICD.CTLR, 4)).toBe(0);
  });
});

describe("GICv3", () => {
  it("ignores the end of another group, of what there is not, and of nothing", () => {
    const gic = new Gicv3(
      0,
      0x2_0000,
      64,
      () => undefined,
      () => undefined,
    );
    gic.distributor.write(GICD.CTLR, 4, ENABLE_BOTH);
    gic.write("ICC_PMR_EL1", 0xffn);
    gic.write("ICC_IGRPEN0_EL1", 1n);
    gic.interrupts.enabled[32] = 1;
    gic.interrupts.setLine(32, true);
    gic.write("ICC_EOIR0_EL1", 32n); // not active
    expect(gic.read("ICC_IAR1_EL1")).toBe(BigInt(SPURIOUS));
    expect([gic.read("ICC_IAR0_EL1"), gic.read("ICC_RPR_EL1")]).toEqual([32n, 0n]);
    for (const [name, id] of [
      ["ICC_EOIR1_EL1", 32n],
      ["ICC_EOIR0_EL1", 1023n],
      ["ICC_EOIR0_EL1", 5000n],
      ["ICC_DIR_EL1", 32n], // EOImode is clear
    ] as const) {
      gic.write(name, id);
      expect([name, gic.read("ICC_RPR_EL1"), gic.interrupts.active[32]]).toEqual([name, 0n, 1]);
    }
    gic.interrupts.setLine(32, false);
    gic.write("ICC_EOIR0_EL1", 32n);
    expect([gic.read("ICC_RPR_EL1"), gic.interrupts.active[32]]).toEqual([0xffn, 0]);
  });

  it("has five bits of priority and limits binary points to them", () => {
    const gic = new Gicv3(
      0,
      0x2_0000,
      64,
      () => undefined,
      () => undefined,
    );
    gic.write("ICC_PMR_EL1", 0xffn);
    gic.write("ICC_BPR0_EL1", 0n);
    gic.write("ICC_BPR1_EL1", 0n);
    const state = ["ICC_PMR_EL1", "ICC_BPR0_EL1", "ICC_BPR1_EL1"] as const;
    expect(state.map((name) => gic.read(name))).toEqual([0xf8n, 2n, 3n]);
    gic.write("ICC_BPR0_EL1", 7n);
    gic.write("ICC_CTLR_EL1", 1n); // CBPR: group 1 reads group 0's plus one, 7 at most
    gic.write("ICC_BPR1_EL1", 4n); // ignored
    expect(gic.read("ICC_BPR1_EL1")).toBe(7n);
    gic.write("ICC_CTLR_EL1", 0n);
    expect(gic.read("ICC_BPR1_EL1")).toBe(3n);
  });

  it("keeps active priorities by group, and takes them from software", () => {
    const gic = new Gicv3(
      0,
      0x2_0000,
      64,
      () => undefined,
      () => undefined,
    );
    gic.write("ICC_AP1R0_EL1", 0x8000_0010n);
    expect(gic.read("ICC_AP1R0_EL1")).toBe(0x8000_0010n);
    expect([gic.read("ICC_AP0R0_EL1"), gic.read("ICC_RPR_EL1")]).toEqual([0n, 0x20n]);
    gic.write("ICC_AP0R0_EL1", 1n);
    expect(gic.read("ICC_RPR_EL1")).toBe(0n);
    gic.write("ICC_AP0R0_EL1", 0n);
    gic.write("ICC_AP1R0_EL1", 0n);
    expect(gic.read("ICC_RPR_EL1")).toBe(0xffn);
  });
});
