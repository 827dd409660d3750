import { describe, expect, it } from "vitest";
import {
  loadUnicornJs,
  Machine,
  translatingEngine,
  UnicornEngine,
  type PhysMemory,
  type UnicornBinding,
} from "../../../emulator/index.js";
import { loadNativeUnicorn } from "../../../kernel-sim/cli/unicorn-native.js";
import { runGuest } from "../../support/run-guest.js";
import { fakeUnicornJs } from "../../support/fake-unicorn-js.js";
import { unicornMissing } from "../../support/unicorn.js";

const RAM = 0x4000_0000;
const ADD_X0_1 = 0x9100_0400;

type Load = (memory: PhysMemory) => UnicornBinding;

const bindings: readonly [string, () => Promise<Load>][] = [
  ["the native library", () => loadNativeUnicorn(null)],
  [
    "the surface of unicorn.js",
    async () => {
      const load = await loadUnicornJs(fakeUnicornJs());
      if (typeof load === "string") throw new Error(load);
      return load;
    },
  ],
];

const reason = unicornMissing ?? "";

describe.skipIf(unicornMissing !== null).each(bindings)(
  `UnicornEngine on %s ${reason}`,
  (_, load) => {
    async function withCode(...words: readonly number[]): Promise<Machine> {
      const binding = await load();
      const machine = new Machine({
        ramBytes: 8 * 2 ** 20,
        exceptions: "host",
        engine: (parts) =>
          new UnicornEngine(parts, binding(parts.memory), translatingEngine(parts)),
      });
      machine.writePhysical(RAM, new Uint8Array(new Uint32Array(words).buffer));
      machine.cpu.write("pc", BigInt(RAM));
      machine.cpu.write("pstate", 0n);
      return machine;
    }

    it("counts exactly, and takes SVC, BRK and UNDEFINED with their syndromes", async () => {
      // loop: add x0, x0, #1; b loop
      const machine = await withCode(ADD_X0_1, 0x17ff_ffff);
      for (const n of [1, 2, 5, 100]) expect(machine.run(n)).toEqual({ kind: "budget" });
      expect([machine.instructionsExecuted, machine.cpu.x(0)]).toEqual([108, 54n]);
      for (const [word, esr, past] of [
        [0xd400_1001, 0x5600_0080n, 4n], // svc #0x80
        [0xd420_00a0, 0xf200_0005n, 0n], // brk #5
        [0x0000_0000, 0x0200_0000n, 0n], // udf #0
        [0xd538_2000, 0x0200_0000n, 0n], // mrs x0, ttbr0_el1
      ] as const) {
        const other = await withCode(ADD_X0_1, word);
        expect(other.run(10)).toEqual({ kind: "exception", vector: "sync" });
        expect([other.cpu.sysreg("ESR_EL1"), other.cpu.sysreg("ELR_EL1")]).toEqual([
          esr,
          BigInt(RAM + 4) + past,
        ]);
      }
    });

    it("sees code the host changed, and the host sees what the guest stored", async () => {
      const machine = await withCode(ADD_X0_1, 0xf900_0020, 0xd400_0001); // str x0, [x1]
      machine.cpu.setX(1, BigInt(RAM + 0x10_0000));
      machine.run(10);
      expect(machine.readPhysical(RAM + 0x10_0000, 1)).toEqual(Uint8Array.of(1));
      machine.writePhysical(RAM, new Uint8Array(new Uint32Array([0x9100_1000]).buffer)); // #4
      machine.eret();
      machine.cpu.write("pc", BigInt(RAM));
      machine.run(10);
      expect(machine.readPhysical(RAM + 0x10_0000, 1)).toEqual(Uint8Array.of(5));
    });

    it("faults are the MMU's: syndrome and address", async () => {
      const machine = await withCode(0xf900_0020); // str x0, [x1]
      machine.cpu.setX(1, 0x1234_5678n);
      expect(machine.run(10)).toEqual({ kind: "exception", vector: "sync" });
      expect(machine.cpu.sysreg("FAR_EL1")).toBe(0x1234_5678n);
      expect(machine.cpu.sysreg("ESR_EL1")).toBe(0x9200_0050n); // write, external abort: no RAM there
      expect(machine.instructionsExecuted).toBe(0);
    });

    it("refuses EL1 code and access hooks", async () => {
      const machine = await withCode(ADD_X0_1);
      expect(() => machine.hook("read", () => undefined)).toThrow("no hooks for memory accesses");
      machine.cpu.write("pstate", 4n);
      expect(() => machine.run(1)).toThrow("the Unicorn engine runs EL0 code only");
    });

    it.each(["guests/bin/cow", "guests/bin/fork-tree"])("%s runs the same", async (path) => {
      const binding = await load();
      const theirs = runGuest(path, [], {
        engine: (parts) =>
          new UnicornEngine(parts, binding(parts.memory), translatingEngine(parts)),
      });
      const ours = runGuest(path, []);
      expect([theirs.stdout, theirs.status, theirs.kernel.stats.instructions]).toEqual([
        ours.stdout,
        ours.status,
        ours.kernel.stats.instructions,
      ]);
    });
  },
);

describe("a module that is no unicorn.js", () => {
  it.each<[unknown, string]>([
    [{}, "no unicorn.js: it has no MUnicorn factory"],
    [{ default: () => ({}) }, "not a unicorn.js this works with: no _malloc"],
  ])("is refused in a few words", async (module, complaint) => {
    expect(await loadUnicornJs(module)).toBe(complaint);
  });
});
