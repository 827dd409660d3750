import { formatReport, type MmuReport } from "../../emulator/index.js";

/**
 * The MMU's behaviour in tests of whole programs and of system calls: checked, and silent at the end.
 * It costs next to nothing.
 */
export const STRICT = { mmu: "strict" } as const;

/** @throws Error with the text of all reports, if there are any */
export function assertNoReports(reports: readonly MmuReport[]): void {
  if (reports.length === 0) return;
  throw new Error(reports.flatMap((report) => formatReport(report)).join("\n"));
}
