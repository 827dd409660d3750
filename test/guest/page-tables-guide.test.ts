import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  formatReport,
  Machine,
  symbolizer,
  type MmuMode,
  type MmuReport,
} from "../../emulator/index.js";
import { assemble, assemblerMissing, type Assembled } from "../support/assemble.js";

/** The guide "Test your page tables in five minutes" of emulator/README.md is true. */

const SOURCE = "guests/bare/src/page-move.S";
const LOAD = 0x4008_0000;

let program: Assembled | null = null;

interface Ran {
  readonly reports: readonly MmuReport[];
  /** The reports as text, with the program's symbols. */
  readonly text: string;
}

function run(mmu: MmuMode): Ran {
  program ??= assemble(SOURCE, LOAD);
  const { bytes, symbols } = program;
  const machine = new Machine({ ramBytes: 8 * 2 ** 20, mmu });
  machine.writePhysical(LOAD, bytes);
  machine.cpu.pc = BigInt(LOAD);
  machine.cpu.pstate = 0b0101;
  machine.hook("invalid", () => {
    machine.stop(); // HLT: the semihosting call that ends the program
    return true;
  });
  expect(machine.run(10_000).kind).toBe("stopped");
  const text = machine.mmuReports.flatMap((r) => formatReport(r, symbolizer(symbols))).join("\n");
  return { reports: machine.mmuReports, text };
}

describe.skipIf(assemblerMissing !== null)(
  `the guide to page tables ${assemblerMissing ?? ""}`,
  () => {
    const guide = readFileSync("emulator/README.md", "utf8");
    const [, section = ""] = guide.split("## Test your page tables in five minutes");

    it("shows the report that its program gets", () => {
      const [, shown] = /```text\n(mmu: .*?)\n```/s.exec(section) ?? [];
      expect(run("strict").text).toBe(shown);
    });

    it("says the same on an adversarial MMU", () => {
      expect(run({ adversarial: 7 }).reports.map(({ rule }) => rule)).toEqual([
        "break-before-make",
      ]);
    });

    it("the program does the same, unwatched", () => {
      expect(run("plain").reports).toEqual([]);
    });
  },
);
