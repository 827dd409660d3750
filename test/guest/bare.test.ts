import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BARE_PROGRAMS, type BareProgram } from "../../guests/bare/programs.js";
import { deviceTree } from "../../kernel-sim/bare/device-tree.js";
import {
  qemuBareMissing,
  runBoard,
  runQemuBare,
  type BareOutcome,
  type BareRun,
} from "../support/run-bare.js";
import { toolMissing } from "../support/tools.js";

/** The bare programs print what is expected, here and on the board they are written for. */
const BIN = resolve("guests/bare/bin");

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "machvm-bare-"));
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function runOf(program: BareProgram): BareRun {
  const { gic, append, files = false } = program;
  return {
    ...(gic === undefined ? {} : { gic }),
    ...(append === undefined ? {} : { append }),
    ...(files ? { root: scratch } : {}),
  };
}

function expectedOf({ name, exitStatus }: BareProgram): BareOutcome {
  return { stdout: readFileSync(`guests/bare/expected/${name}.txt`, "utf8"), status: exitStatus };
}

const rows = BARE_PROGRAMS.map((program) => [program.name, program] as const);

describe("bare programs", () => {
  it.each(rows)("%s", (name, program) => {
    const { stdout, status } = runBoard(join(BIN, `${name}.elf`), runOf(program));
    expect({ stdout, status }).toEqual(expectedOf(program));
  });

  it("hello, as a flat image", () => {
    const { stdout, status } = runBoard(join(BIN, "hello.bin"));
    expect({ stdout, status }).toEqual(expectedOf(BARE_PROGRAMS[0]!));
  });

  it("every binary has a program", () => {
    const names = BARE_PROGRAMS.map(({ name }) => `${name}.elf`);
    expect(readdirSync(BIN).sort()).toEqual([...names, "hello.bin"].sort());
  });

  it("runs alike whatever the pieces it runs in", () => {
    const whole = runBoard(join(BIN, "interrupts-v2.elf"));
    const again = runBoard(join(BIN, "interrupts-v2.elf"));
    const count = whole.board.machine.instructionsExecuted;
    expect(again.board.machine.instructionsExecuted).toBe(count);
    // Told of every block, and so in pieces, it is interrupted at the same instructions.
    const traced = runBoard(join(BIN, "interrupts-v2.elf"), {
      prepare: ({ machine }) => void machine.hook("block", () => undefined),
    });
    expect(traced.board.machine.instructionsExecuted).toBe(count);
    expect(traced.stdout).toBe(whole.stdout);
  });
});

describe.skipIf(qemuBareMissing !== null)(`under QEMU ${qemuBareMissing ?? ""}`, () => {
  it.each(rows)("%s", (name, program) => {
    expect(runQemuBare(join(BIN, `${name}.elf`), runOf(program))).toEqual(expectedOf(program));
  });

  it("hello, as a flat image", () => {
    expect(runQemuBare(join(BIN, "hello.bin"))).toEqual(expectedOf(BARE_PROGRAMS[0]!));
  });
});

const dtcMissing = toolMissing("dtc");

describe.skipIf(dtcMissing !== null)(`the device tree ${dtcMissing ?? ""}`, () => {
  it.each([2, 3] as const)("is one that dtc reads without a complaint: GICv%i", (gic) => {
    const blob = join(scratch, `tree-${gic}.dtb`);
    const tree = { ramBytes: 2 ** 27, gic, conduit: "hvc", bootargs: "console=ttyAMA0 a" } as const;
    writeFileSync(blob, deviceTree(tree));
    const result = spawnSync("dtc", ["-I", "dtb", "-O", "dts", blob], { encoding: "utf8" });
    expect(result.stderr).toBe("");
    expect(result.stdout).toContain('bootargs = "console=ttyAMA0 a";');
    expect(result.stdout).toContain("reg = <0x00 0x40000000 0x00 0x8000000>;");
    const back = execFileSync("dtc", ["-I", "dtb", "-O", "dtb", "-V", "17", blob], {
      stdio: "pipe",
    });
    expect(back.length).toBeGreaterThan(0);
  });
});
