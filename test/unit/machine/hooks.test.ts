import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  OFF_BOUNCE,
  OFF_BUDGET,
  OFF_FPSR_EXACT,
  OFF_SYSREG,
  OFF_X,
} from "../../../emulator/cpu/state-layout.js";
import { Machine, type HookKind } from "../../../emulator/index.js";
import { AF, AP_EL0, AP_RO, PAGE, TableWorld } from "../../support/page-tables.js";

const RAM = 0x4000_0000;
const DATA = RAM + 0x10_0000;
const NOP = 0xd503_201f;
const SVC = 0xd400_0001;
const UDF = 0;
const ADD_X0_1 = 0x9100_0400; // add x0, x0, #1

/** A machine at EL0 with the MMU off, about to run some code at the start of RAM. */
function withCode(...words: readonly number[]): Machine {
  const machine = new Machine({ ramBytes: 8 * 2 ** 20, exceptions: "host" });
  machine.writePhysical(RAM, new Uint8Array(new Uint32Array(words).buffer));
  machine.cpu.pc = BigInt(RAM);
  machine.cpu.pstate = 0;
  return machine;
}

/** mov x1, #10; loop: subs x1, x1, #1; b.ne loop; svc #0 */
const LOOP = [0xd280_0141, 0xf100_0421, 0x54ff_ffe1, SVC];

describe("code hooks", () => {
  it("see every instruction once, before it is executed, with exact registers and flags", () => {
    const machine = withCode(...LOOP);
    const seen: string[] = [];
    machine.hook("code", ({ address, word }) => {
      const { cpu } = machine;
      expect(cpu.pc).toBe(address);
      expect(machine.readPhysical(Number(address), 4)).toEqual(bytesOf(word));
      seen.push(`${Number(address) - RAM}:${cpu.x(1)}:${cpu.nzcv >>> 28}`);
    });
    expect(machine.run(1000).kind).toBe("exception");
    expect(machine.instructionsExecuted).toBe(22);
    expect(seen).toEqual([
      "0:0:0",
      "4:10:0",
      ...[9, 8, 7, 6, 5, 4, 3, 2, 1].flatMap((n) => [`8:${n}:2`, `4:${n}:2`]),
      "8:0:6",
      "12:0:6",
    ]);
  });

  it("may change registers and the PC", () => {
    const machine = withCode(ADD_X0_1, UDF, ADD_X0_1, SVC);
    machine.hook(
      "code",
      () => {
        machine.cpu.setX(0, machine.cpu.x(0) * 10n);
        machine.cpu.pc += 4n;
      },
      { begin: BigInt(RAM + 4), end: BigInt(RAM + 8) },
    );
    machine.run(100);
    expect(machine.cpu.x(0)).toBe(11n);
    expect(machine.instructionsExecuted).toBe(3);
  });

  it("may stop the machine: the instruction is not executed", () => {
    const machine = withCode(ADD_X0_1, ADD_X0_1, SVC);
    machine.hook("code", ({ address }) => {
      if (address === BigInt(RAM + 4)) machine.stop();
    });
    expect(machine.run(100)).toEqual({ kind: "stopped" });
    expect([machine.cpu.x(0), machine.cpu.pcNumber]).toEqual([1n, RAM + 4]);
  });
});

describe("block hooks", () => {
  it("see every block once, however the run is cut", () => {
    for (const slice of [1, 2, 3, 1000]) {
      const machine = withCode(NOP, ...LOOP);
      const blocks: string[] = [];
      machine.hook("block", ({ address, size }) => {
        blocks.push(`${Number(address) - RAM}+${size}`);
      });
      while (machine.run(slice).kind === "budget");
      expect(blocks).toEqual(["0+16", ...Array.from({ length: 9 }, () => "8+8"), "16+4"]);
      expect(machine.instructionsExecuted).toBe(23);
    }
  });
});

describe("memory hooks", () => {
  // str x0,[x1]; ldrb w2,[x1,#1]; stp q0,q1,[x1,#32]; ldp w3,w4,[x1,#4]; ldadd x0,x5,[x1]; svc
  const CODE = [0xf900_0020, 0x3940_0422, 0xad01_0420, 0x2940_9023, 0xf820_0025, SVC];

  it("see address, size and value; nothing is missed after code ran without them", () => {
    const machine = withCode(...CODE);
    const { cpu } = machine;
    const start = (): void => {
      cpu.write("CPACR_EL1", 3n << 20n);
      cpu.setX(0, 0x1122_3344_5566_7788n);
      cpu.setX(1, BigInt(DATA));
      cpu.setVector(0, (1n << 127n) | 5n);
      cpu.setVector(1, 7n);
      cpu.pc = BigInt(RAM);
      cpu.pstate = 0;
      machine.memory.view(DATA, 128).fill(0);
    };
    start();
    machine.run(100);
    start();
    const seen: string[] = [];
    for (const kind of ["read", "write"] as const) {
      machine.hook(kind, ({ address, size, value }) => {
        seen.push(`${kind} ${Number(address) - DATA} ${size} ${value.toString(16)}`);
      });
    }
    machine.run(100);
    const pair = (7n << 128n) | (1n << 127n) | 5n;
    expect(seen).toEqual([
      "write 0 8 1122334455667788",
      "read 1 1 77",
      `write 32 32 ${pair.toString(16)}`,
      "read 4 8 11223344",
      "read 0 8 1122334455667788",
      "write 0 8 22446688aaccef10",
    ]);
    expect([cpu.x(2), cpu.x(3), cpu.x(4), cpu.x(5)]).toEqual([
      0x77n,
      0x1122_3344n,
      0n,
      0x1122_3344_5566_7788n,
    ]);
  });

  it("see the registers before the instruction, and may stop after it", () => {
    const machine = withCode(ADD_X0_1, 0xb800_4420, ADD_X0_1, SVC); // str w0, [x1], #4
    machine.cpu.setX(1, BigInt(DATA));
    const seen: unknown[] = [];
    machine.hook("write", ({ value }) => {
      const { cpu } = machine;
      seen.push([cpu.pcNumber - RAM, cpu.x(0), cpu.x(1), value]);
      machine.stop();
    });
    expect(machine.run(100)).toEqual({ kind: "stopped" });
    expect(seen).toEqual([[4, 1n, BigInt(DATA), 1n]]);
    expect([machine.cpu.pcNumber - RAM, machine.cpu.x(1)]).toEqual([8, BigInt(DATA + 4)]);
  });

  it("are gone when they are removed", () => {
    const machine = withCode(...CODE);
    machine.cpu.setX(1, BigInt(DATA));
    let calls = 0;
    const hook = machine.hook("write", () => calls++);
    machine.run(1);
    expect(machine.unhook(hook)).toBe(true);
    expect(machine.unhook(hook)).toBe(false);
    machine.run(100);
    expect(calls).toBe(1);
  });
});

describe("fault hooks", () => {
  it("map what was not mapped, and the access is tried again", () => {
    const w = new TableWorld();
    const { machine } = w;
    const code = w.frame();
    w.map(0x1_0000_0000n, BigInt(code) | PAGE | AF | AP_EL0);
    // add x0,x0,#1; str x0,[x1],#8; svc
    machine.writePhysical(code, bytesOf(ADD_X0_1, 0xf800_8420, SVC));
    machine.cpu.pstate = 0;
    machine.cpu.pc = 0x1_0000_0000n;
    machine.cpu.setX(1, 0x2_0000_4008n);
    const seen: unknown[] = [];
    let frame = 0;
    machine.hook("unmapped", (event) => {
      seen.push(event);
      frame = w.frame();
      w.map(0x2_0000_4000n, BigInt(frame) | PAGE | AF | AP_EL0 | AP_RO);
      return true;
    });
    machine.hook("protected", (event) => {
      seen.push(event);
      w.map(0x2_0000_4000n, BigInt(frame) | PAGE | AF | AP_EL0);
      machine.mmu.tlbiAll();
      return true;
    });
    expect(machine.run(100).kind).toBe("exception");
    expect(seen).toEqual([
      { access: "write", address: 0x2_0000_4008n, status: 0x06 },
      { access: "write", address: 0x2_0000_4008n, status: 0x0f },
    ]);
    expect(machine.cpu.sysreg("ESR_EL1")).toBe(0x5600_0000n);
    expect([w.read(frame + 8), machine.cpu.x(1)]).toEqual([1n, 0x2_0000_4010n]);
  });

  it("that say yes and do nothing are not asked for ever", () => {
    const machine = withCode(0xf940_0020, SVC); // ldr x0, [x1]
    let asked = 0;
    machine.hook("unmapped", ({ access, address }) => {
      expect([access, address]).toEqual(["read", 0x1000n]);
      asked++;
      return true;
    });
    machine.cpu.setX(1, 0x1000n);
    expect(machine.run(100).kind).toBe("exception");
    expect([asked, machine.cpu.sysreg("FAR_EL1")]).toEqual([1, 0x1000n]);
  });
});

describe("exception hooks", () => {
  it("serve system calls without leaving the run, and can stop it", () => {
    const machine = withCode(ADD_X0_1, SVC, ADD_X0_1, SVC, ADD_X0_1, SVC);
    const calls: unknown[] = [];
    machine.hook("exception", ({ vector, esr, address }) => {
      calls.push([vector, esr, address, machine.cpu.x(0)]);
      if (calls.length === 2) machine.stop();
      return true;
    });
    expect(machine.run(100)).toEqual({ kind: "stopped" });
    expect(calls).toEqual([1n, 2n].map((x0) => ["sync", 0x5600_0000, null, x0]));
    expect([machine.cpu.el, machine.cpu.pcNumber]).toEqual([0, RAM + 16]);
  });

  it("for invalid instructions can emulate them", () => {
    const machine = withCode(UDF, 0x0000_1234, SVC);
    const words: number[] = [];
    machine.hook("invalid", ({ address, word }) => {
      words.push(word);
      machine.cpu.pc = address + 4n;
      return word !== 0x1234 || words.length < 10;
    });
    machine.run(100);
    expect(words).toEqual([0, 0x1234]);
    expect(machine.cpu.sysreg("ESR_EL1")).toBe(0x5600_0000n);
  });

  it("that decline leave the exception as it would have been", () => {
    const machine = withCode(UDF);
    machine.hook("invalid", () => false);
    machine.hook("exception", () => false);
    expect(machine.run(100)).toEqual({ kind: "exception", vector: "sync" });
    expect(machine.cpu.sysreg("ELR_EL1")).toBe(BigInt(RAM));
  });
});

describe("runUntil", () => {
  it("stops before the instruction, every time it comes there", () => {
    const machine = withCode(...LOOP);
    const at = BigInt(RAM + 8);
    for (let n = 9; n >= 0; n--) {
      expect(machine.runUntil(at, 100)).toEqual({ kind: "reached" });
      expect([machine.cpu.pc, machine.cpu.x(1)]).toEqual([at, BigInt(n)]);
      expect(machine.runUntil(at, 100)).toEqual({ kind: "reached" });
      machine.step();
    }
    expect(machine.runUntil(at, 100).kind).toBe("exception");
  });

  it("keeps the limit", () => {
    const machine = withCode(...LOOP);
    expect(machine.runUntil(BigInt(RAM + 12), 5)).toEqual({ kind: "budget" });
    expect(machine.instructionsExecuted).toBe(5);
  });
});

it("run cannot be called from a hook", () => {
  const machine = withCode(NOP, SVC);
  machine.hook("code", () => machine.run(1));
  expect(() => machine.run(1)).toThrow("run called while the machine runs");
});

describe("any words at all do the same with hooks as without", () => {
  const words = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 16 });
  const KINDS: readonly HookKind[] = ["code", "block", "read", "write", "exception"];

  interface Outcome {
    readonly exit: unknown;
    readonly executed: number;
    readonly state: string;
  }

  function outcome(code: readonly number[], kinds: readonly HookKind[]): Outcome {
    const machine = withCode(...code, SVC);
    for (let n = 0; n < 31; n++) machine.cpu.setX(n, BigInt(DATA + 64 * n));
    for (const kind of kinds) machine.hook(kind, () => false);
    const exit = machine.run(100);
    const { state } = machine.saveContext();
    // The engine's own words are no state: budget, exit code, bounce buffer, flag operands.
    const own: [number, number][] = [
      [OFF_BUDGET, OFF_FPSR_EXACT],
      [OFF_BOUNCE, OFF_SYSREG],
    ];
    for (const [from, to] of own) state.fill(0, from - OFF_X, to - OFF_X);
    return {
      exit,
      executed: machine.instructionsExecuted,
      state: Buffer.from(state).toString("hex"),
    };
  }

  it("to every register and the count", () => {
    fc.assert(
      fc.property(words, fc.subarray([...KINDS], { minLength: 1 }), (code, kinds) => {
        expect(outcome(code, kinds)).toEqual(outcome(code, []));
      }),
      { numRuns: 40 },
    );
  });
});

function bytesOf(...words: readonly number[]): Uint8Array {
  return new Uint8Array(new Uint32Array(words).buffer);
}
