import { beforeEach, describe, expect, it } from "vitest";
import { NG, PAGE, TableWorld, USER_RW, AP_RO } from "../../support/page-tables.js";
import { put } from "../../support/el1-world.js";

/** Accesses that begin in one page and end in the next, whose frames are apart. */

const CODE = 0x1_0000_0000n;
const DATA = 0x2_0000_0000n;
const BYTES = 0x4000;
const EDGE = DATA + BigInt(BYTES);
const SVC = 0xd400_0001;
const STP = 0xad00_0400; // stp q0, q1, [x0]
const LDP = 0xad40_0c02; // ldp q2, q3, [x0]
const STR_X1 = 0xf900_0001; // str x1, [x0]
const LDR_X2 = 0xf940_0002; // ldr x2, [x0]
const TAG = 0x5an << 56n;

let w: TableWorld;
let frames: [number, number];
let slots: number[];
let code: number;

beforeEach(() => {
  w = new TableWorld({ granule: "16K", txsz: 17, tbi: true });
  w.use(1, 1n | (1n << 26n)); // SCTLR_EL1.UCI: IC IVAU at EL0
  w.machine.cpu.setSysreg("CPACR_EL1", 3n << 20n);
  code = w.frame();
  w.map(CODE, BigInt(code) | PAGE | USER_RW | NG);
  const second = w.frame();
  frames = [w.frame(), second];
  slots = frames.map((frame, n) =>
    w.map(DATA + BigInt(n * BYTES), BigInt(frame) | PAGE | USER_RW | NG),
  );
});

/** Run words at EL0 up to their SVC. @returns ESR_EL1 */
function run(...words: readonly number[]): number {
  const { machine } = w;
  put(machine, code, [...words, SVC]);
  machine.cpu.pc = CODE;
  machine.cpu.pstate = 0;
  expect(machine.run(10_000).kind).toBe("exception");
  return Number(machine.cpu.sysreg("ESR_EL1"));
}

const SVC_ESR = 0x5600_0000;
const lookups = (): number => w.machine.mmu.counters.lookups;
const bytesAt = (frame: number, from: number, to: number): number[] => [
  ...w.machine.memory.view(frame + from, to - from),
];

/** Have both pages in the inline TLB, for reads and writes. */
function warm(tag = 0n): void {
  const { cpu } = w.machine;
  for (const va of [DATA, EDGE]) {
    cpu.setX(0, va + tag + 0x100n);
    expect(run(STR_X1, LDR_X2)).toBe(SVC_ESR);
  }
}

describe("an access that ends in the next page", () => {
  it("takes no lookup of the TLB where the inline one has both pages, at every distance", () => {
    const { cpu } = w.machine;
    const values = Array.from({ length: 32 }, (_, n) => 0x11 + 7 * n);
    for (const n of [0, 1]) cpu.v(n).set(values.slice(16 * n, 16 * n + 16));
    for (const tag of [0n, TAG]) {
      warm(tag);
      cpu.setX(0, EDGE + tag - 16n);
      run(STP, LDP); // translated now
      const before = lookups();
      for (let first = 1; first < 32; first++) {
        for (const frame of frames) w.machine.memory.view(frame, BYTES).fill(0xee);
        cpu.setX(0, EDGE + tag - BigInt(first));
        for (const n of [2, 3]) cpu.v(n).fill(0);
        cpu.pc = CODE;
        cpu.pstate = 0;
        expect(w.machine.run(10).kind).toBe("exception");
        expect([...cpu.v(2), ...cpu.v(3)]).toEqual(values);
        expect(bytesAt(frames[0], BYTES - first - 1, BYTES)).toEqual([
          0xee,
          ...values.slice(0, first),
        ]);
        expect(bytesAt(frames[1], 0, 33 - first)).toEqual([...values.slice(first), 0xee]);
      }
      expect(lookups() - before).toBeLessThanOrEqual(31); // the fetch of each run, no more
    }
  });

  it("faults in the second page, and changes nothing in the first", () => {
    warm();
    const { cpu, mmu } = w.machine;
    w.write(slots[1]!, BigInt(frames[1]) | PAGE | USER_RW | AP_RO | NG);
    mmu.tlbiVa(Number(BigInt.asIntN(32, EDGE)), Number(EDGE >> 32n), 1);
    cpu.setX(0, EDGE - 3n);
    cpu.setX(1, -1n);
    const before = bytesAt(frames[0], BYTES - 8, BYTES);
    expect(run(LDR_X2)).toBe(SVC_ESR);
    expect(run(STR_X1)).toBe(0x9200_004f);
    expect(cpu.sysreg("FAR_EL1")).toBe(EDGE);
    expect(bytesAt(frames[0], BYTES - 8, BYTES)).toEqual(before);
  });

  it("faults in the first page, and changes nothing in the second", () => {
    warm();
    const { cpu, mmu } = w.machine;
    w.write(slots[0]!, 0n);
    mmu.tlbiVa(Number(BigInt.asIntN(32, DATA)), Number(DATA >> 32n), 1);
    cpu.setX(0, EDGE - 3n);
    cpu.setX(1, -1n);
    const before = bytesAt(frames[1], 0, 8);
    expect(run(STR_X1)).toBe(0x9200_0047);
    expect(cpu.sysreg("FAR_EL1")).toBe(EDGE - 3n);
    expect(run(LDR_X2)).toBe(0x9200_0007);
    expect(bytesAt(frames[1], 0, 8)).toEqual(before);
  });

  it("is seen where the second page holds translated code", () => {
    warm();
    const { machine } = w;
    const { cpu } = machine;
    const movz = (value: number): number => (0xd280_0002 | (value << 5)) >>> 0;
    put(machine, frames[1], [movz(1), SVC]);
    const call = (): bigint => {
      cpu.pc = EDGE;
      cpu.pstate = 0;
      expect(machine.run(10).kind).toBe("exception");
      return cpu.x(2);
    };
    expect(call()).toBe(1n);
    cpu.setX(0, EDGE - 4n);
    cpu.setX(1, BigInt(movz(2)) << 32n);
    expect(run(STR_X1, 0x9100_1000, 0xd50b_7520)).toBe(SVC_ESR); // add x0, x0, #4; ic ivau, x0
    expect(call()).toBe(2n);
  });

  it("goes from the last page below 4 GiB to the first above it", () => {
    const { cpu } = w.machine;
    const low = CODE - BigInt(BYTES);
    w.map(low, BigInt(frames[0]) | PAGE | USER_RW | NG);
    w.map(CODE, BigInt(code) | PAGE | USER_RW | NG);
    cpu.setX(1, 0x0102_0304_0506_0708n);
    for (const at of [low, CODE + 0x1000n, CODE - 5n, CODE - 5n]) {
      cpu.setX(0, at);
      expect(run(STR_X1, LDR_X2)).toBe(SVC_ESR);
      expect(cpu.x(2)).toBe(0x0102_0304_0506_0708n);
    }
  });
});
