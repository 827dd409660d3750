import { describe, expect, it } from "vitest";
import type { Machine } from "../../../emulator/index.js";
import { put } from "../../support/el1-world.js";
import { AF, AP_EL0, AP_RO, PAGE, PXN, TableWorld, UXN } from "../../support/page-tables.js";

const CODE = 0x1_0000_0000n;
const USER_DATA = 0x2_0000_0000n;
const KERNEL_DATA = 0x2_0001_0000n;
const READ_ONLY = 0x2_0002_0000n;
const MISSING = 0x3_0000_0000n;

/** Code that EL0 and EL1 may run (not writable), data of each, one page for reading only. */
function world(
  words: readonly number[],
  el: 0 | 1,
): { machine: Machine; data: number; w: TableWorld } {
  const w = new TableWorld();
  const code = w.frame();
  const data = w.frame();
  w.map(CODE, BigInt(code) | PAGE | AF | AP_EL0 | AP_RO);
  w.map(USER_DATA, BigInt(data) | PAGE | AF | AP_EL0 | PXN | UXN);
  w.map(KERNEL_DATA, BigInt(w.frame()) | PAGE | AF | PXN | UXN);
  w.map(READ_ONLY, BigInt(w.frame()) | PAGE | AF | AP_EL0 | AP_RO | PXN | UXN);
  const { machine } = w;
  put(machine, code, words);
  machine.cpu.pc = CODE;
  machine.cpu.pstate = el === 0 ? 0 : 0b0101;
  machine.contextChanged();
  return { machine, data, w };
}

/** ESR and FAR of the first exception, or null. */
function fault(machine: Machine): [string, bigint] | null {
  if (machine.run(1).kind !== "exception") return null;
  const { cpu } = machine;
  return [`0x${cpu.sysreg("ESR_EL1").toString(16)}`, cpu.sysreg("FAR_EL1")];
}

describe("unprivileged accesses at EL1", () => {
  const LDTR_X0_X1 = 0xf840_0820;
  const STTR_X0_X1 = 0xf800_0820;
  const LDTRSB_W0_X1_1 = 0x38c0_1820; // ldtrsb w0, [x1, #1]

  it("do what EL0 may, PAN or not", () => {
    const { machine, data, w } = world([STTR_X0_X1, LDTRSB_W0_X1_1], 1);
    machine.cpu.pstate |= 1 << 22;
    machine.cpu.setX(0, 0x1122_3344_5566_8899n);
    machine.cpu.setX(1, USER_DATA);
    expect(fault(machine)).toBeNull();
    expect(w.read(data)).toBe(0x1122_3344_5566_8899n);
    expect(fault(machine)).toBeNull();
    expect(machine.cpu.x(0)).toBe(0xffff_ff88n);
  });

  it("fault where EL0 would, as aborts from EL1", () => {
    for (const [word, address, esr] of [
      [LDTR_X0_X1, KERNEL_DATA, "0x9600000f"],
      [STTR_X0_X1, KERNEL_DATA, "0x9600004f"],
      [STTR_X0_X1, READ_ONLY, "0x9600004f"],
      [LDTR_X0_X1, MISSING, "0x96000006"],
    ] as const) {
      const { machine } = world([word], 1);
      machine.cpu.setX(1, address);
      machine.cpu.setX(0, 5n);
      expect(fault(machine)).toEqual([esr, address]);
      expect(machine.cpu.x(0)).toBe(5n);
    }
  });

  it("are plain accesses with UAO, which PAN stops", () => {
    const { machine } = world([LDTR_X0_X1, LDTR_X0_X1], 1);
    machine.cpu.pstate |= 1 << 23;
    machine.cpu.setX(1, KERNEL_DATA);
    expect(fault(machine)).toBeNull();
    machine.cpu.setX(1, USER_DATA);
    machine.cpu.pstate |= 1 << 22;
    expect(fault(machine)).toEqual(["0x9600000f", USER_DATA]);
  });

  it("across two pages", () => {
    const { machine } = world([LDTR_X0_X1], 1);
    machine.cpu.setX(1, USER_DATA + 0x3ffcn);
    expect(fault(machine)).toEqual(["0x96000007", USER_DATA + 0x4000n]);
  });
});

describe("atomics", () => {
  const LDADD = 0xf820_0041; // ldadd x0, x1, [x2]
  const CAS = 0xc8a0_7c41; // cas x0, x1, [x2]
  const CASP = 0x4820_7c42; // casp x0, x1, x2, x3, [x2]

  it("fault for reading where nothing is, for writing where only reading is allowed", () => {
    for (const word of [LDADD, CAS]) {
      for (const [address, esr] of [
        [MISSING, "0x92000006"],
        [READ_ONLY, "0x9200004f"],
      ] as const) {
        const { machine } = world([word], 0);
        machine.cpu.setX(0, 7n); // CAS: not what is there
        machine.cpu.setX(1, 9n);
        machine.cpu.setX(2, address);
        expect(fault(machine)).toEqual([esr, address]);
        expect([machine.cpu.x(0), machine.cpu.x(1)]).toEqual([7n, 9n]);
      }
    }
  });

  it("may be misaligned within 16 bytes, and fault before translation otherwise", () => {
    for (const [address, expected] of [
      [USER_DATA + 4n, null],
      [USER_DATA + 9n, ["0x92000021", USER_DATA + 9n]],
      [MISSING + 9n, ["0x92000021", MISSING + 9n]],
    ] as const) {
      const { machine } = world([LDADD], 0);
      machine.cpu.setX(2, address);
      expect(fault(machine)).toEqual(expected);
    }
  });

  it("CASP writes both or none", () => {
    const { machine, data, w } = world([CASP, CASP], 0);
    w.write(data, 1n);
    w.write(data + 8, 2n);
    const { cpu } = machine;
    cpu.setX(0, 1n);
    cpu.setX(1, 3n);
    cpu.setX(2, USER_DATA);
    cpu.setX(3, 4n);
    expect(fault(machine)).toBeNull();
    expect([cpu.x(0), cpu.x(1), w.read(data), w.read(data + 8)]).toEqual([1n, 2n, 1n, 2n]);
    expect(fault(machine)).toBeNull();
    expect([w.read(data), w.read(data + 8)]).toEqual([USER_DATA, 4n]);
  });
});

describe("ordered accesses", () => {
  const LDAR = 0xc8df_fc20; // ldar x0, [x1]

  it("cross 16 bytes only with SCTLR_EL1.nAA", () => {
    const { machine, w } = world([LDAR, LDAR], 0);
    machine.cpu.setX(1, USER_DATA + 12n);
    expect(fault(machine)).toEqual(["0x92000021", USER_DATA + 12n]);
    w.use(1, 1n | (1n << 6n));
    machine.eret();
    expect(fault(machine)).toBeNull();
  });
});

describe("exclusives", () => {
  const LDXR = 0xc85f_7c20; // ldxr x0, [x1]
  const STXR = 0xc802_7c23; // stxr w2, x3, [x1]
  const CLREX = 0xd503_3f5f;
  const STR_X4 = 0xf900_0024; // str x4, [x1]
  const NOP = 0xd503_201f;

  /** The status of a store-exclusive that follows a load-exclusive of 5 and something in between. */
  function status(
    between: number,
    act: (machine: Machine, data: number) => void = () => undefined,
  ) {
    const { machine, data, w } = world([LDXR, between, STXR], 0);
    w.write(data, 5n);
    machine.cpu.setX(1, USER_DATA);
    machine.cpu.setX(2, 7n);
    machine.cpu.setX(3, 6n);
    machine.cpu.setX(4, 4n);
    machine.run(2);
    act(machine, data);
    machine.run(1);
    const status = machine.cpu.x(2);
    expect(w.read(data) === 6n).toBe(status === 0n);
    return status;
  }

  it("store when nothing came between", () => {
    expect(status(NOP)).toBe(0n);
  });

  it("fail after CLREX, another store, an exception return, the embedder's write", () => {
    expect(status(CLREX)).toBe(1n);
    expect(status(STR_X4)).toBe(1n);
    const back = (machine: Machine): void => {
      machine.cpu.setSysreg("ELR_EL1", CODE + 8n);
      machine.cpu.setSysreg("SPSR_EL1", 0n);
      machine.eret();
    };
    expect(status(NOP, back)).toBe(1n);
    expect(
      status(NOP, (machine, data) => {
        machine.notifyWrite(data, 8);
      }),
    ).toBe(1n);
  });

  it("need natural alignment", () => {
    const { machine } = world([LDXR], 0);
    machine.cpu.setX(1, USER_DATA + 4n);
    expect(fault(machine)).toEqual(["0x92000021", USER_DATA + 4n]);
  });
});

describe("strict alignment (SCTLR_EL1.A)", () => {
  it("goes by one register of a pair", () => {
    const LDP = 0xa940_0820; // ldp x0, x2, [x1]
    const { machine, w } = world([LDP, LDP], 0);
    w.use(1, 3n);
    machine.cpu.setX(1, USER_DATA + 8n);
    expect(fault(machine)).toBeNull();
    machine.cpu.setX(1, USER_DATA + 4n);
    expect(fault(machine)).toEqual(["0x92000021", USER_DATA + 4n]);
  });
});
