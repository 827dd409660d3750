import { check } from "./check.js";
import type { CpuModel } from "./cpu-model.js";
import type { Feature } from "./features.js";
import { idRegister, type Halves } from "./id-registers.js";
import {
  SYSREG_ROWS,
  type AccessLevel,
  type Counter,
  type El0Control,
  type FixedHome,
  type SysregRow,
  type WriteAction,
  type WriteEffect,
} from "./sysreg-table.js";

export { COUNTER_HZ } from "./cpu-model.js";
export type { Counter, El0Control } from "./sysreg-table.js";
export type { Halves } from "./id-registers.js";

/** The system register table by name, encoding and slot. The rows are in arch/sysreg-table.ts. */

/** Where a register's value comes from: a 64-bit word of the state block by index, or elsewhere. */
export type SysregHome = { readonly kind: "slot"; readonly slot: number } | FixedHome;

export interface Sysreg {
  readonly name: SysregName;
  /** op0:op1:CRn:CRm:op2, 16 bits, exactly bits 20:5 of MRS and MSR. */
  readonly key: number;
  readonly home: SysregHome;
  readonly read: AccessLevel;
  readonly write: AccessLevel;
  readonly el0Control: El0Control | null;
  /** Bits a write may change on any CPU; the others keep their reset value (RES0 and RES1). */
  readonly writeMask: Halves;
  /** Further ones by feature. */
  readonly featureBits: readonly (readonly [Feature, Halves])[];
  readonly reset: Halves;
  readonly res1Without: readonly (readonly [Feature, Halves])[];
  readonly effect: WriteEffect;
  readonly onWrite: WriteAction | null;
  readonly timer: Counter | null;
  readonly feature: Feature;
}

export type SysregName = keyof typeof SYSREG_ROWS;

const ALL_BITS: Halves = { lo: 0xffff_ffff, hi: 0xffff_ffff };
const NO_BITS: Halves = { lo: 0, hi: 0 };

function parseKey(at: string): number {
  const m = /^S(\d+)_(\d+)_C(\d+)_C(\d+)_(\d+)$/.exec(at);
  check(m !== null, "bad system register encoding", at);
  const [op0, op1, crn, crm, op2] = m.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return sysregKey(op0, op1, crn, crm, op2);
}

function writeMaskOf(row: SysregRow): Halves {
  if (row.home === undefined) return row.writeMask ?? ALL_BITS;
  switch (row.home.kind) {
    case "state":
      // Stack pointers are the only 64-bit words among these.
      return row.home.word.startsWith("SP_") ? ALL_BITS : { lo: row.home.mask >>> 0, hi: 0 };
    case "timerValue":
      return { lo: 0xffff_ffff, hi: 0 };
    case "external":
      return ALL_BITS;
    default:
      return NO_BITS;
  }
}

function buildTable(): Sysreg[] {
  let slots = 0;
  return Object.entries(SYSREG_ROWS as Readonly<Record<string, SysregRow>>).map(([name, row]) => ({
    name: name as SysregName,
    key: parseKey(row.at),
    home: row.home ?? { kind: "slot", slot: slots++ },
    read: row.read ?? "el1",
    write: row.write ?? (row.home?.kind === "constant" ? "never" : "el1"),
    el0Control: row.el0Control ?? null,
    writeMask: writeMaskOf(row),
    featureBits: Object.entries(row.featureBits ?? {}) as [Feature, Halves][],
    reset: row.reset ?? NO_BITS,
    res1Without: Object.entries(row.res1Without ?? {}) as [Feature, Halves][],
    effect: row.effect ?? "none",
    onWrite: row.onWrite ?? null,
    timer: row.timer ?? null,
    feature: row.feature ?? "base",
  }));
}

/** op0:op1:CRn:CRm:op2 packed as in bits 20:5 of MRS and MSR. */
export function sysregKey(op0: number, op1: number, crn: number, crm: number, op2: number): number {
  return (op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2;
}

/** Every register, in table order. */
export const SYSREGS: readonly Sysreg[] = buildTable();

const byName = new Map<string, Sysreg>(SYSREGS.map((r) => [r.name, r]));
const byKey = new Map<number, Sysreg>(SYSREGS.map((r) => [r.key, r]));
check(byKey.size === SYSREGS.length, "two system registers share an encoding");

/** Number of 64-bit words the registers need in the state block. */
export const SYSREG_SLOT_COUNT = SYSREGS.filter((r) => r.home.kind === "slot").length;

/** The register's row. */
export function sysreg(name: SysregName): Sysreg {
  const row = byName.get(name);
  check(row !== undefined, "no such system register", name);
  return row;
}

/** The register an MRS or MSR names (bits 20:5 of the instruction), or null: UNDEFINED. */
export function sysregByKey(key: number): Sysreg | null {
  return byKey.get(key) ?? null;
}

/** Bits a write may change on a CPU of this model. */
export function writableBits(row: Sysreg, model: CpuModel): Halves {
  let { lo, hi } = row.writeMask;
  for (const [feature, bits] of row.featureBits) {
    if (!model.features.has(feature)) continue;
    lo |= bits.lo;
    hi |= bits.hi;
  }
  return { lo: lo >>> 0, hi: hi >>> 0 };
}

/** Value after a reset on a CPU of this model. */
export function resetValue(row: Sysreg, model: CpuModel): Halves {
  let { lo, hi } = row.reset;
  for (const [feature, bits] of row.res1Without) {
    if (model.features.has(feature)) continue;
    lo |= bits.lo;
    hi |= bits.hi;
  }
  return { lo: lo >>> 0, hi: hi >>> 0 };
}

/** The value of a register that never changes while the machine lives, or null. */
export function fixedValue(row: Sysreg, model: CpuModel): Halves | null {
  const { home } = row;
  switch (home.kind) {
    case "constant":
      return home;
    case "features":
      return idRegister(home.register, model);
    case "midr":
      return { lo: model.midr, hi: 0 };
    default:
      return null;
  }
}

/** Index of a register kept in a 64-bit slot. @throws HostBug if it is not kept in one */
export function sysregSlot(name: SysregName): number {
  const { home } = sysreg(name);
  check(home.kind === "slot", "system register has no slot", name);
  return home.slot;
}

/**
 * The identification space: op0 3, op1 0, 1 or 3, CRn 0, CRm 0 to 7. With FEAT_IDST its reads at EL0 trap
 * (EC 0x18), registers without a row included; otherwise they are UNDEFINED.
 */
export function isIdSpace(key: number): boolean {
  const op1 = (key >>> 11) & 7;
  const [op0, crn, crm] = [key >>> 14, (key >>> 7) & 15, (key >>> 3) & 15];
  return op0 === 3 && crn === 0 && crm < 8 && (op1 === 0 || op1 === 1 || op1 === 3);
}

/** Identification registers with no row here: S3_0_C0_C<1-7>_<any> read as zero at EL1. */
export function isReservedIdSpace(key: number): boolean {
  return key >>> 7 === sysregKey(3, 0, 0, 0, 0) >>> 7 && ((key >>> 3) & 15) >= 1 && !(key & 0x40);
}

/** The name a disassembler would print: the register's own, or the generic S<op0>_... form. */
export function sysregDisplayName(key: number): string {
  const row = sysregByKey(key);
  if (row !== null) return row.name;
  return `S${key >>> 14}_${(key >>> 11) & 7}_C${(key >>> 7) & 15}_C${(key >>> 3) & 15}_${key & 7}`;
}

/** System registers as the MMU reads them: the 64-bit words of the state block, by slot. */
export interface SysregFile {
  readLo(slot: number): number;
  readHi(slot: number): number;
}
