import { describe, expect, it } from "vitest";
import { machineWith, RAM } from "../../support/el1-world.js";

/** Code that overwrites what it is about to execute. */

const STR_W1_X0 = 0xb900_0001;
const NOP = 0xd503_201f;
const SVC = 0xd400_0001;
const movzX2 = (value: number): number => (0xd280_0002 | (value << 5)) >>> 0;
const ISB = 0xd503_3fdf;
const IC_IVAU_X0 = 0xd50b_7520;

function run(
  words: readonly number[],
  target: number,
  icache: "coherent" | "architectural",
): bigint {
  const machine = machineWith(words, 1, { icache });
  machine.cpu.setX(0, BigInt(RAM + 4 * target));
  machine.cpu.setX(1, BigInt(movzX2(2)));
  expect(machine.run(100).kind).toBe("exception");
  expect(machine.instructionsExecuted).toBe(words.length);
  return machine.cpu.x(2);
}

describe("an instruction overwritten just before it is executed", () => {
  it("is the new one where instruction fetches are coherent", () => {
    expect(run([STR_W1_X0, movzX2(1), SVC], 1, "coherent")).toBe(2n);
    expect(run([STR_W1_X0, NOP, NOP, movzX2(1), SVC], 3, "coherent")).toBe(2n);
  });

  it("is the new one after the maintenance the architecture asks for", () => {
    const words = [STR_W1_X0, IC_IVAU_X0, ISB, movzX2(1), SVC];
    expect(run(words, 3, "architectural")).toBe(2n);
    expect(run(words, 3, "coherent")).toBe(2n);
  });

  it("may be the old one without it", () => {
    expect(run([STR_W1_X0, movzX2(1), SVC], 1, "architectural")).toBe(1n);
  });
});
