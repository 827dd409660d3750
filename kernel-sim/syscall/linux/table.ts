import { check } from "../../../emulator/arch/check.js";
import type { LinuxRow } from "./call.js";
import { INFO_ROWS } from "./info-calls.js";
import { IO_ROWS } from "./io-calls.js";
import { MEMORY_ROWS } from "./memory-calls.js";
import { PATH_ROWS } from "./path-calls.js";
import { POLL_ROWS } from "./poll-calls.js";
import { PROCESS_ROWS } from "./process-calls.js";
import { SIGNAL_ROWS } from "./signal-calls.js";
import { TIME_ROWS } from "./time-calls.js";
import { WAIT_ROWS } from "./wait-calls.js";

/** Every call the Linux personality serves, by number (asm-generic/unistd.h). */
export const LINUX_CALLS: ReadonlyMap<number, LinuxRow> = byNumber([
  ...PATH_ROWS,
  ...IO_ROWS,
  ...POLL_ROWS,
  ...PROCESS_ROWS,
  ...WAIT_ROWS,
  ...SIGNAL_ROWS,
  ...TIME_ROWS,
  ...INFO_ROWS,
  ...MEMORY_ROWS,
]);

function byNumber(rows: readonly LinuxRow[]): ReadonlyMap<number, LinuxRow> {
  const table = new Map<number, LinuxRow>();
  for (const row of rows) {
    check(!table.has(row.number), "two rows for one Linux call", row.name);
    table.set(row.number, row);
  }
  return table;
}
