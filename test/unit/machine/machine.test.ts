import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Machine } from "../../../emulator/index.js";
import { AP_EL0, AF, PAGE, TableWorld } from "../../support/page-tables.js";

const RAM = 0x4000_0000;

const NOP = 0xd503_201f;
const SVC = 0xd400_0001;
const ADD_X0_1 = 0x9100_0400; // add x0, x0, #1
const B_SELF = 0x1400_0000; // b .
const RET = 0xd65f_03c0;
const BLR_X1 = 0xd63f_0020;

/** A machine with the MMU off and some code at the start of RAM, about to run it at EL0. */
function withCode(...words: readonly number[]): Machine {
  const machine = new Machine({ ramBytes: 8 * 2 ** 20, exceptions: "host" });
  put(machine, RAM, words);
  machine.cpu.pc = BigInt(RAM);
  machine.cpu.pstate = 0;
  return machine;
}

function put(machine: Machine, at: number, words: readonly number[]): void {
  const bytes = new Uint8Array(new Uint32Array(words).buffer);
  machine.memory.view(at, bytes.length).set(bytes);
  machine.notifyWrite(at, bytes.length);
}

describe("the instruction limit", () => {
  it("is exact where a call goes to the next instruction", () => {
    const BL_NEXT = 0x9400_0001;
    for (let n = 1; n <= 6; n++) {
      const machine = withCode(NOP, NOP, BL_NEXT, NOP, NOP, NOP, NOP);
      expect(machine.run(n)).toEqual({ kind: "budget" });
      expect([machine.instructionsExecuted, machine.cpu.pcNumber]).toEqual([n, RAM + 4 * n]);
    }
  });

  it("is exact, in the middle of a block and of a loop", () => {
    // loop: add x0, x0, #1; nop; b loop
    const machine = withCode(ADD_X0_1, NOP, 0x17ff_fffe);
    let total = 0;
    for (const n of [1, 2, 3, 4, 5, 7, 100, 1001, 250_000]) {
      expect(machine.run(n)).toEqual({ kind: "budget" });
      total += n;
      expect(machine.instructionsExecuted).toBe(total);
      expect(machine.cpu.x(0)).toBe(BigInt(Math.ceil(total / 3)));
      expect(machine.cpu.pcNumber).toBe(RAM + 4 * (total % 3));
    }
  });

  it("zero runs nothing", () => {
    const machine = withCode(B_SELF);
    expect(machine.run(0)).toEqual({ kind: "budget" });
    expect(machine.instructionsExecuted).toBe(0);
  });
});

describe("exceptions to the host", () => {
  it("SVC returns behind itself, BRK and UNDEFINED at themselves", () => {
    const cases: [number, bigint, number][] = [
      [0xd400_1001, 0x5600_0080n, 4], // svc #0x80
      [0xd420_00a0, 0xf200_0005n, 0], // brk #5
      [0x0000_0000, 0x0200_0000n, 0], // udf #0
    ];
    for (const [word, esr, past] of cases) {
      const machine = withCode(NOP, word);
      expect(machine.run(10)).toEqual({ kind: "exception", vector: "sync" });
      expect(machine.cpu.sysreg("ESR_EL1")).toBe(esr);
      expect(machine.cpu.sysreg("ELR_EL1")).toBe(BigInt(RAM + 4 + past));
      expect(machine.cpu.el).toBe(1);
      machine.eret();
      expect([machine.cpu.el, machine.cpu.pcNumber]).toEqual([0, RAM + 4 + past]);
    }
  });

  it("names what it decodes, and nothing else", () => {
    const machine = new Machine({ ramBytes: 8 * 2 ** 20 });
    expect(machine.describeInstruction(ADD_X0_1)).toBe("ADD (immediate)");
    expect(machine.describeInstruction(0xffff_ffff)).toBeNull();
  });

  it("a data abort in the middle of a block leaves everything before it done, nothing after", () => {
    const w = new TableWorld();
    const { machine } = w;
    const code = w.frame();
    w.map(0x1_0000_0000n, BigInt(code) | PAGE | AF | AP_EL0);
    // add x0,x0,#1; str x0,[x1],#8; add x0,x0,#1
    put(machine, code, [ADD_X0_1, 0xf800_8420, ADD_X0_1]);
    machine.cpu.pstate = 0;
    machine.cpu.pc = 0x1_0000_0000n;
    machine.cpu.setX(0, 41n);
    machine.cpu.setX(1, 0x2_0000_4008n);
    expect(machine.run(100)).toEqual({ kind: "exception", vector: "sync" });
    const { cpu } = machine;
    expect([cpu.x(0), cpu.x(1)]).toEqual([42n, 0x2_0000_4008n]);
    expect(cpu.sysreg("ELR_EL1")).toBe(0x1_0000_0004n);
    expect(cpu.sysreg("FAR_EL1")).toBe(0x2_0000_4008n);
    expect(cpu.sysreg("ESR_EL1")).toBe(0x9200_0046n); // write, translation fault, level 2
    expect(machine.instructionsExecuted).toBe(1);

    const page = w.frame();
    w.map(0x2_0000_4000n, BigInt(page) | PAGE | AF | AP_EL0);
    machine.eret();
    expect(machine.run(2)).toEqual({ kind: "budget" });
    expect([cpu.x(0), cpu.x(1), w.read(page + 8)]).toEqual([43n, 0x2_0000_4010n, 42n]);
  });

  it("a store across two pages of which the second is missing stores nothing", () => {
    const w = new TableWorld();
    const { machine } = w;
    const code = w.frame();
    const page = w.frame();
    w.map(0x1_0000_0000n, BigInt(code) | PAGE | AF | AP_EL0);
    w.map(0x2_0000_0000n, BigInt(page) | PAGE | AF | AP_EL0);
    put(machine, code, [0xf900_0020]); // str x0, [x1]
    machine.cpu.pstate = 0;
    machine.cpu.pc = 0x1_0000_0000n;
    machine.cpu.setX(0, -1n);
    machine.cpu.setX(1, 0x2_0000_3ffcn);
    machine.run(1);
    expect(machine.cpu.sysreg("FAR_EL1")).toBe(0x2_0000_4000n);
    expect(w.read(page + 0x3ff8)).toBe(0n);
  });
});

describe("code that changes", () => {
  // x1 -> function: add x0, x0, #1; ret
  const CALLER = [BLR_X1, SVC];
  const OTHER = 0x9100_0800; // add x0, x0, #2

  function caller(): { machine: Machine; at: number } {
    const machine = withCode(...CALLER);
    const at = RAM + 0x1_0000;
    put(machine, at, [ADD_X0_1, RET]);
    machine.cpu.setX(1, BigInt(at));
    machine.run(100);
    expect(machine.cpu.x(0)).toBe(1n);
    machine.cpu.pc = BigInt(RAM);
    machine.cpu.pstate = 0;
    return { machine, at };
  }

  it("by the embedder, who says so", () => {
    const { machine, at } = caller();
    put(machine, at, [OTHER]);
    machine.run(100);
    expect(machine.cpu.x(0)).toBe(3n);
  });

  it("by the guest's own store", () => {
    const { machine, at } = caller();
    // str w2, [x1]; blr x1; svc
    put(machine, RAM + 0x2_0000, [0xb900_0022, BLR_X1, SVC]);
    machine.cpu.setX(2, BigInt(OTHER));
    machine.cpu.pc = BigInt(RAM + 0x2_0000);
    machine.run(100);
    expect(machine.cpu.x(0)).toBe(3n);
    expect(machine.cpu.x(1)).toBe(BigInt(at));
  });
});

describe("any words at all", () => {
  const words = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 24 });

  /** Run words as EL0 code until the first exception. @returns everything that can be seen */
  function outcome(code: readonly number[], step: boolean): string {
    const machine = withCode(...code, B_SELF);
    for (let n = 0; n < 31; n++) machine.cpu.setX(n, BigInt(RAM + 0x10_0000 + 64 * n));
    let exit = machine.run(step ? 1 : 200);
    for (let n = 1; step && n < 200 && exit.kind === "budget"; n++) exit = machine.step();
    const { cpu } = machine;
    const seen = Array.from({ length: 31 }, (_, n) => cpu.x(n).toString(16));
    const vectors = Array.from({ length: 32 }, (_, n) => Buffer.from(cpu.v(n)).toString("hex"));
    const esr = exit.kind === "exception" ? cpu.sysreg("ESR_EL1").toString(16) : "";
    const memory = Buffer.from(machine.memory.view(RAM, 4096)).toString("hex");
    return JSON.stringify([
      exit.kind,
      esr,
      cpu.pcNumber,
      cpu.nzcv,
      machine.instructionsExecuted,
      seen,
      vectors,
      memory,
    ]);
  }

  it("do the same twice, and stepping does the same as running", () => {
    fc.assert(
      fc.property(words, (code) => {
        const once = outcome(code, false);
        expect(outcome(code, false)).toBe(once);
        expect(outcome(code, true)).toBe(once);
      }),
      { numRuns: 60 },
    );
  });
});
