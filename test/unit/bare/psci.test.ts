import { describe, expect, it } from "vitest";
import type { Machine } from "../../../emulator/index.js";
import { Psci } from "../../../kernel-sim/bare/psci.js";
import { machineWith, RAM } from "../../support/el1-world.js";

const CALL = { hvc: 0xd400_0002, smc: 0xd400_0003 } as const;
const UNDEFINED = 0x0200_0000n;

/** A machine about to execute one instruction whose firmware notes what it is asked to do to the machine. */
function world(
  word: number,
  conduit: "hvc" | "smc",
  el: 0 | 1 = 1,
): { machine: Machine; done: string[] } {
  const done: string[] = [];
  const note = (what: string) => (): void => {
    done.push(what);
  };
  const firmware = new Psci(conduit, {
    systemOff: note("off"),
    systemReset: note("reset"),
    cpuOff: note("cpu off"),
    standby: note("standby"),
  });
  return { machine: machineWith([word], el, { firmware }), done };
}

/** Call a function. @returns X0, signed, and what was done */
function call(id: number, x1 = 0n, x2 = 0n): [number, string[]] {
  const { machine, done } = world(CALL.hvc, "hvc");
  machine.cpu.setX(0, BigInt(id));
  machine.cpu.setX(1, x1);
  machine.cpu.setX(2, x2);
  expect(machine.step()).toEqual({ kind: "budget" });
  expect(machine.cpu.pcNumber).toBe(RAM + 4);
  return [Number(BigInt.asIntN(64, machine.cpu.x(0))), done];
}

// Function numbers and return codes: Arm DEN 0022, 5.1 and 5.2.2.
const [SUCCESS, NOT_SUPPORTED, INVALID_PARAMETERS, ALREADY_ON] = [0, -1, -2, -4];

describe("PSCI calls", () => {
  it.each<[string, number, bigint, bigint, number]>([
    ["PSCI_VERSION", 0x8400_0000, 0n, 0n, 0x1_0000],
    ["SMCCC_VERSION", 0x8000_0000, 0n, 0n, 0x1_0001],
    ["CPU_ON of this CPU, 32-bit", 0x8400_0003, 0n, 0n, ALREADY_ON],
    ["CPU_ON of this CPU, 64-bit", 0xc400_0003, 0n, 0n, ALREADY_ON],
    // Bits 31:24 of MPIDR_EL1 are no affinity: U and MT may stand there.
    ["CPU_ON with bits that are no affinity", 0xc400_0003, 0xff00_0000n, 0n, ALREADY_ON],
    ["CPU_ON of a CPU that is not there", 0xc400_0003, 1n, 0n, INVALID_PARAMETERS],
    ["CPU_ON, affinity 3", 0xc400_0003, 1n << 32n, 0n, INVALID_PARAMETERS],
    ["AFFINITY_INFO of this CPU", 0xc400_0004, 0n, 0n, 0],
    ["AFFINITY_INFO of another", 0x8400_0004, 0x100n, 0n, INVALID_PARAMETERS],
    ["AFFINITY_INFO of another's cluster", 0xc400_0004, 0x100n, 1n, 0],
    ["MIGRATE_INFO_TYPE", 0x8400_0006, 0n, 0n, 2],
    ["MIGRATE", 0x8400_0005, 0n, 0n, NOT_SUPPORTED],
    ["a function there is not", 0x8400_0123, 0n, 0n, NOT_SUPPORTED],
    ["another owner's", 0x8600_0000, 0n, 0n, NOT_SUPPORTED],
    ["a 64-bit form there is not", 0xc400_0000, 0n, 0n, NOT_SUPPORTED],
    ["PSCI_FEATURES of CPU_ON", 0x8400_000a, 0xc400_0003n, 0n, SUCCESS],
    ["PSCI_FEATURES of SMCCC_VERSION", 0x8400_000a, 0x8000_0000n, 0n, SUCCESS],
    ["PSCI_FEATURES of what there is not", 0x8400_000a, 0x8400_1234n, 0n, NOT_SUPPORTED],
    ["PSCI_FEATURES of a form there is not", 0x8400_000a, 0xc400_0009n, 0n, NOT_SUPPORTED],
  ])("%s", (_, id, x1, x2, result) => {
    expect(call(id, x1, x2)).toEqual([result, []]);
  });

  it.each<[string, number, string]>([
    ["CPU_SUSPEND", 0x8400_0001, "standby"],
    ["CPU_SUSPEND, 64-bit", 0xc400_0001, "standby"],
    ["CPU_OFF", 0x8400_0002, "cpu off"],
    ["SYSTEM_OFF", 0x8400_0008, "off"],
  ])("%s acts", (_, id, what) => {
    expect(call(id)).toEqual([SUCCESS, [what]]);
  });

  it("SYSTEM_RESET acts and leaves the registers to the reset", () => {
    expect(call(0x8400_0009)).toEqual([0x8400_0009, ["reset"]]);
  });

  it("look at W0 only", () => {
    const { machine, done } = world(CALL.hvc, "hvc");
    machine.cpu.setX(0, 0xffff_ffff_8400_0008n);
    machine.step();
    expect([machine.cpu.x(0), done]).toEqual([0n, ["off"]]);
  });
});

describe("the conduit", () => {
  it.each(["hvc", "smc"] as const)("%s calls, whatever its immediate", (conduit) => {
    const { machine, done } = world(CALL[conduit] | (0x1234 << 5), conduit);
    machine.cpu.setX(0, 0x8400_0008n);
    expect(machine.step()).toEqual({ kind: "budget" });
    expect(done).toEqual(["off"]);
  });

  it.each([
    ["HVC where SMC is the conduit", "hvc", "smc", 1],
    ["SMC where HVC is the conduit", "smc", "hvc", 1],
    ["HVC at EL0", "hvc", "hvc", 0],
    ["SMC at EL0", "smc", "smc", 0],
  ] as const)("%s is UNDEFINED", (_, instruction, conduit, el) => {
    const { machine, done } = world(CALL[instruction], conduit, el);
    machine.cpu.setX(0, 0x8400_0008n);
    expect(machine.step()).toEqual({ kind: "exception", vector: "sync" });
    expect(machine.cpu.sysreg("ESR_EL1")).toBe(UNDEFINED);
    expect(machine.cpu.sysreg("ELR_EL1")).toBe(BigInt(RAM));
    expect([machine.cpu.x(0), done]).toEqual([0x8400_0008n, []]);
  });
});
