import { InvalidArgumentError, Option } from "commander";
import {
  formatReport,
  type MmuMode,
  type MmuReport,
  type Symbolize,
} from "../../emulator/index.js";
import { parseSeed } from "./options.js";
import { writeAll } from "./terminal.js";

/** `--mmu`, for every command that runs a machine. */

/** Exit status of a run with reports, whatever the guest's own was. */
export const MMU_STATUS = 66;

/** `plain`, `strict`, `adversarial` or `adversarial:SEED`. */
export function parseMmuOption(text: string): MmuMode {
  if (text === "plain" || text === "strict") return text;
  const [name, seed, ...more] = text.split(":");
  if (name !== "adversarial" || more.length > 0) {
    throw new InvalidArgumentError("expected plain, strict or adversarial[:SEED].");
  }
  return { adversarial: seed === undefined ? 1 : parseSeed(seed) };
}

export function mmuOption(): Option {
  return new Option(
    "--mmu <mode>",
    "strict: report software that relies on luck with its translation tables; adversarial[:SEED]: and give it none",
  )
    .argParser(parseMmuOption)
    .default("plain");
}

/** Print a report on standard error. */
export function printReport(report: MmuReport, symbolize?: Symbolize): void {
  writeAll(2, `${formatReport(report, symbolize).join("\n")}\n`);
}

/**
 * Sum up at the end of a run.
 * @param status the guest's exit status
 * @returns the command's
 */
export function mmuStatus(reports: readonly MmuReport[], status: number): number {
  if (reports.length === 0) return status;
  const times = reports.reduce((sum, { count }) => sum + count, 0);
  const bugs = reports.length === 1 ? "1 report" : `${reports.length} reports`;
  writeAll(2, `machvm: mmu: ${bugs}, seen ${times === 1 ? "once" : `${times} times`}\n`);
  return MMU_STATUS;
}
