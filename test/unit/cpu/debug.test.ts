import { describe, expect, it } from "vitest";
import { sysreg, type SysregName } from "../../../emulator/arch/sysreg.js";
import type { Machine } from "../../../emulator/index.js";
import { machineWith, moveSysreg, RAM } from "../../support/el1-world.js";

/** Corners of breakpoints and watchpoints; guests/bare/src/debug.c has what QEMU has as well. Arm ARM D2.8 to D2.10. */

const NOP = 0xd503_201f;
const LDR_X0_X1 = 0xf940_0020;
const STR_X0_X1 = 0xf900_0020;
const DATA = RAM + 0x100;
const OSLK = 1n << 1n;
const MDE = 1n << 15n;
/** Enabled, at EL0 and EL1, all of the word. */
const BREAK = 0x1e7n;
const SECURE_ONLY = 2n << 14n;
const [LINKED, CONTEXT, CONTEXT_LINKED] = [1n << 20n, 2n << 20n, 3n << 20n];
const LINKED_TO_1 = LINKED | (1n << 16n);
/** Enabled, at EL0 and EL1, loads and stores. */
const WATCH = 0x1fn;
const bas = (bytes: number): bigint => BigInt(bytes) << 5n;
const mask = (bits: number): bigint => BigInt(bits) << 24n;
const BREAKPOINT_LOWER = 0xc200_0022n;
const WATCHPOINT_LOWER = 0xd200_0022n;

type Registers = Partial<Record<SysregName, bigint>>;

/** A machine after one instruction at EL0, with X0 1 and X1 the address of what it watches, if it took an exception. */
function caught(word: number, registers: Registers): Machine | null {
  const machine = machineWith([word], 0);
  for (const [name, value] of Object.entries({ OSLSR_EL1: 0n, MDSCR_EL1: MDE, ...registers })) {
    machine.cpu.setSysreg(name as SysregName, value);
  }
  machine.cpu.setX(0, 1n);
  machine.cpu.setX(1, BigInt(DATA));
  machine.contextChanged();
  return machine.step().kind === "exception" ? machine : null;
}

describe("a breakpoint", () => {
  const here = { DBGBVR0_EL1: BigInt(RAM) };
  const context = { CONTEXTIDR_EL1: 0xdead_beefn, DBGBVR1_EL1: 0xdead_beefn };
  it.each<[string, Registers, boolean]>([
    ["on the instruction", { ...here, DBGBCR0_EL1: BREAK }, true],
    ["on another", { DBGBVR0_EL1: BigInt(RAM + 4), DBGBCR0_EL1: BREAK }, false],
    ["not enabled", { ...here, DBGBCR0_EL1: BREAK - 1n }, false],
    ["for EL1", { ...here, DBGBCR0_EL1: BREAK & ~4n }, false],
    ["for Secure state", { ...here, DBGBCR0_EL1: BREAK | SECURE_ONLY }, false],
    ["without bytes", { ...here, DBGBCR0_EL1: 7n }, false],
    ["with MDSCR_EL1.MDE clear", { ...here, DBGBCR0_EL1: BREAK, MDSCR_EL1: 0n }, false],
    ["under the OS lock", { ...here, DBGBCR0_EL1: BREAK, OSLSR_EL1: OSLK }, false],
    ["under the OS double lock", { ...here, DBGBCR0_EL1: BREAK, OSDLR_EL1: 1n }, false],
    ["on a context", { ...context, DBGBCR1_EL1: BREAK | CONTEXT }, true],
    ["on another context", { ...context, CONTEXTIDR_EL1: 1n, DBGBCR1_EL1: BREAK | CONTEXT }, false],
    ["half of a link only", { ...context, DBGBCR1_EL1: BREAK | CONTEXT_LINKED }, false],
    ["of a reserved type", { ...here, DBGBCR0_EL1: BREAK | (15n << 20n) }, false],
    [
      "on both halves of a link",
      {
        ...here,
        ...context,
        DBGBCR0_EL1: BREAK | LINKED_TO_1,
        DBGBCR1_EL1: BREAK | CONTEXT_LINKED,
      },
      true,
    ],
    [
      "linked to one that is not enabled",
      { ...here, ...context, DBGBCR0_EL1: BREAK | LINKED_TO_1, DBGBCR1_EL1: CONTEXT_LINKED },
      false,
    ],
    [
      "linked to one that is no half of a link",
      { ...here, ...context, DBGBCR0_EL1: BREAK | LINKED_TO_1, DBGBCR1_EL1: 1n | CONTEXT },
      false,
    ],
    [
      "linked to one there is not",
      {
        ...here,
        ...context,
        DBGBCR0_EL1: BREAK | LINKED | (5n << 16n),
        DBGBCR1_EL1: BREAK | CONTEXT_LINKED,
      },
      false,
    ],
  ])("%s", (_, registers, hits) => {
    const esr = caught(NOP, registers)?.cpu.sysreg("ESR_EL1");
    expect(esr).toBe(hits ? BREAKPOINT_LOWER : undefined);
  });

  it("keeps every bit of a context, a watchpoint none below an address's", () => {
    for (const [name, kept] of [
      ["DBGBVR1_EL1", 0xdead_beefn],
      ["DBGWVR1_EL1", 0xdead_beecn],
    ] as const) {
      const machine = machineWith([moveSysreg(sysreg(name).key, 0, false)], 1);
      machine.cpu.setX(0, 0xdead_beefn);
      expect(machine.step()).toEqual({ kind: "budget" });
      expect(machine.cpu.read(name)).toBe(kept);
    }
  });
});

describe("a watchpoint on an access to eight bytes", () => {
  const at = (offset: number): Registers => ({ DBGWVR0_EL1: BigInt(DATA + offset) });
  it.each<[string, Registers, number | null]>([
    ["on all of them", { ...at(0), DBGWCR0_EL1: WATCH | bas(0xff) }, 0],
    ["on the last", { ...at(0), DBGWCR0_EL1: WATCH | bas(0x80) }, 7],
    ["on two apart", { ...at(0), DBGWCR0_EL1: WATCH | bas(0x24) }, 2],
    ["on a byte by the word's address", { ...at(4), DBGWCR0_EL1: WATCH | bas(2) }, 5],
    // BAS[7:4] have no meaning where the address is a word's.
    ["on bytes beyond a word's", { ...at(4), DBGWCR0_EL1: WATCH | bas(0xf0) }, null],
    ["on the next eight", { ...at(8), DBGWCR0_EL1: WATCH | bas(0xff) }, null],
    ["on no bytes", { ...at(0), DBGWCR0_EL1: WATCH }, null],
    ["not enabled", { ...at(0), DBGWCR0_EL1: (WATCH | bas(0xff)) & ~1n }, null],
    ["for EL1", { ...at(0), DBGWCR0_EL1: (WATCH | bas(0xff)) & ~4n }, null],
    ["for stores", { ...at(0), DBGWCR0_EL1: (WATCH | bas(0xff)) & ~8n }, null],
    ["for Secure state", { ...at(0), DBGWCR0_EL1: WATCH | bas(0xff) | SECURE_ONLY }, null],
    ["on 32 bytes around", { ...at(0), DBGWCR0_EL1: WATCH | bas(0xff) | mask(5) }, 0],
    ["on 32 bytes elsewhere", { ...at(32), DBGWCR0_EL1: WATCH | bas(0xff) | mask(5) }, null],
    ["on 2 GiB", { DBGWVR0_EL1: BigInt(RAM), DBGWCR0_EL1: WATCH | bas(0xff) | mask(31) }, 0],
    [
      "on the other 2 GiB",
      { DBGWVR0_EL1: 2n ** 31n, DBGWCR0_EL1: WATCH | bas(0xff) | mask(31) },
      null,
    ],
    ["linked to no context", { ...at(0), DBGWCR0_EL1: WATCH | bas(0xff) | LINKED_TO_1 }, null],
  ])("%s", (_, registers, first) => {
    const cpu = caught(LDR_X0_X1, registers)?.cpu;
    expect(cpu?.sysreg("ESR_EL1")).toBe(first === null ? undefined : WATCHPOINT_LOWER);
    if (first !== null) expect(cpu?.sysreg("FAR_EL1")).toBe(BigInt(DATA + first));
  });

  it("says that it was a store, and the store does not happen", () => {
    const machine = caught(STR_X0_X1, { ...at(0), DBGWCR0_EL1: WATCH | bas(0x40) })!;
    expect(machine.cpu.sysreg("ESR_EL1")).toBe(WATCHPOINT_LOWER | 0x40n);
    expect(machine.cpu.sysreg("FAR_EL1")).toBe(BigInt(DATA + 6));
    expect(machine.memory.view(DATA, 8)).toEqual(new Uint8Array(8));
  });
});
