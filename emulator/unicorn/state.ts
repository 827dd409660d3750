import { sysregSlot } from "../arch/sysreg.js";
import {
  OFF_FPCR,
  OFF_FPSR,
  OFF_NZCV,
  OFF_PC,
  OFF_SP_EL0,
  OFF_SYSREG,
  OFF_V,
  OFF_X,
} from "../cpu/state-layout.js";
import { UC_REG, type RegisterBatch } from "./binding.js";

/** Which register of Unicorn's is which word of our state block, at EL0. */

type Row = readonly [register: number, offset: number, bytes: number];

function batch(rows: readonly Row[]): RegisterBatch {
  return {
    registers: rows.map(([register]) => register),
    offsets: rows.map(([, offset]) => offset),
    bytes: rows.map(([, , bytes]) => bytes),
  };
}

const system = (name: "TPIDR_EL0" | "TPIDRRO_EL0"): number => OFF_SYSREG + 8 * sysregSlot(name);

/** Everything EL0 code can change, and the read-only thread pointer. */
export const EL0_REGISTERS = batch([
  ...Array.from({ length: 31 }, (_, n): Row => [UC_REG.x(n), OFF_X + 8 * n, 8]),
  ...Array.from({ length: 32 }, (_, n): Row => [UC_REG.q(n), OFF_V + 16 * n, 16]),
  [UC_REG.SP, OFF_SP_EL0, 8],
  [UC_REG.PC, OFF_PC, 8],
  [UC_REG.NZCV, OFF_NZCV, 4],
  [UC_REG.FPCR, OFF_FPCR, 4],
  [UC_REG.FPSR, OFF_FPSR, 4],
  [UC_REG.TPIDR_EL0, system("TPIDR_EL0"), 8],
  [UC_REG.TPIDRRO_EL0, system("TPIDRRO_EL0"), 8],
]);

export const PC_ONLY = batch([[UC_REG.PC, OFF_PC, 8]]);

/** X0 to X3 and CPACR_EL1, for the way to EL0. */
export const BOOT_REGISTERS = batch([
  ...[0, 1, 2, 3].map((n): Row => [UC_REG.x(n), OFF_X + 8 * n, 8]),
  [UC_REG.CPACR_EL1, OFF_SYSREG + 8 * sysregSlot("CPACR_EL1"), 4],
]);
