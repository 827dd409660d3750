import { check } from "../../../emulator/arch/check.js";
import type { BsdRow, MachRow, PlatformRow } from "./call.js";
import { INFO_ROWS } from "./info-calls.js";
import { IO_ROWS } from "./io-calls.js";
import { MACH_MISC_ROWS } from "./mach-misc-traps.js";
import { MACH_PORT_ROWS } from "./mach-port-traps.js";
import { MACH_VM_ROWS } from "./mach-vm-traps.js";
import { MEMORY_ROWS } from "./memory-calls.js";
import { PATH_ROWS } from "./path-calls.js";
import { PLATFORM_ROWS } from "./platform-calls.js";
import { PROCESS_ROWS } from "./process-calls.js";
import { SIGNAL_ROWS } from "./signal-calls.js";

/**
 * Every BSD call served, by number (xnu bsd/kern/syscalls.master). A number without a row is
 * `nosys`: ENOSYS and a SIGSYS.
 */
export const BSD_CALLS: ReadonlyMap<number, BsdRow> = byKey(
  withNocancel([
    ...PROCESS_ROWS,
    ...IO_ROWS,
    ...PATH_ROWS,
    ...MEMORY_ROWS,
    ...SIGNAL_ROWS,
    ...INFO_ROWS,
  ]),
  (row) => row.number,
);

/**
 * Every Mach trap served, by positive number (xnu osfmk/kern/syscall_sw.c). A number without a row
 * raises EXC_SYSCALL.
 */
export const MACH_TRAPS: ReadonlyMap<number, MachRow> = byKey(
  [...MACH_VM_ROWS, ...MACH_PORT_ROWS, ...MACH_MISC_ROWS],
  (row) => row.number,
);

export const PLATFORM_CALLS: ReadonlyMap<number, PlatformRow> = byKey(
  PLATFORM_ROWS,
  (row) => row.selector,
);

/** Threads are never cancelled here, so the variants differ in nothing but number and name. */
function withNocancel(rows: readonly BsdRow[]): readonly BsdRow[] {
  return rows.flatMap((row) =>
    row.nocancel === null
      ? [row]
      : [row, { ...row, number: row.nocancel, name: `${row.name}_nocancel`, nocancel: null }],
  );
}

function byKey<Row extends { readonly name: string }>(
  rows: readonly Row[],
  key: (row: Row) => number,
): ReadonlyMap<number, Row> {
  const table = new Map<number, Row>();
  for (const row of rows) {
    check(!table.has(key(row)), "two rows for one number", row.name);
    table.set(key(row), row);
  }
  return table;
}
