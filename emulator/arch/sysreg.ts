import { check } from "./check.js";

/**
 * The system register table: every register MRS and MSR know, where its value lives, who may touch
 * it and what a write does. Arm ARM D23 (AArch64 System register descriptions); names and
 * encodings are the manual's. A register that is not here is UNDEFINED, apart from the reserved
 * identification space, which reads as zero (`isReservedIdSpace`).
 */

/** A 64-bit constant as two unsigned 32-bit halves. */
export interface Halves {
  readonly lo: number;
  readonly hi: number;
}

/** State kept outside the system register slots; the CPU's state layout says at which offset. */
export type StateWord = "NZCV" | "PSTATE" | "FPCR" | "FPSR" | "SP_EL0" | "SP_EL1";

/** Where a register's value comes from. */
export type SysregHome =
  /** A 64-bit word of the state block, by index. */
  | { readonly kind: "slot"; readonly slot: number }
  /** A fixed value; the register cannot be written, or ignores writes. */
  | { readonly kind: "constant"; readonly lo: number; readonly hi: number }
  /** The bits in `mask` of a word kept elsewhere, at the same bit positions. */
  | { readonly kind: "state"; readonly word: StateWord; readonly mask: number }
  /** The system counter. */
  | { readonly kind: "counter"; readonly counter: Counter }
  /** A timer's CompareValue minus the counter, as a signed 32-bit number. */
  | { readonly kind: "timerValue"; readonly counter: Counter };

export type Counter = "virtual" | "physical";

/** Lowest exception level that may do it; "never" also for levels this machine does not have. */
export type AccessLevel = "el0" | "el1" | "never";

/**
 * The control bit that, when clear, traps the EL0 access to EL1 (EC 0x18), in the register that
 * holds it. CNTFRQ_EL0 is accessible while either counter is.
 */
export type El0Enable =
  | "SCTLR_EL1.UCT"
  | "SCTLR_EL1.UMA"
  | "CNTKCTL_EL1.EL0VCTEN"
  | "CNTKCTL_EL1.EL0PCTEN"
  | "CNTKCTL_EL1.EL0VCTEN|EL0PCTEN"
  | "CNTKCTL_EL1.EL0VTEN"
  | "CNTKCTL_EL1.EL0PTEN";

/**
 * What a write changes besides the value. "mmu": how addresses translate (`Mmu.contextChanged`);
 * "pstate": masking, PAN or stack selection; "fp": rounding, flushing or the FP enable;
 * "timer": when an interrupt is due; "debug": breakpoints and stepping.
 */
export type WriteEffect = "none" | "mmu" | "pstate" | "fp" | "timer" | "debug";

export interface Sysreg {
  readonly name: SysregName;
  /** op0:op1:CRn:CRm:op2, 16 bits, exactly bits 20:5 of MRS and MSR. */
  readonly key: number;
  readonly home: SysregHome;
  readonly read: AccessLevel;
  readonly write: AccessLevel;
  readonly el0Enable: El0Enable | null;
  /** Bits a write may change; the others keep their reset value (RES0 and RES1). */
  readonly writeMask: Halves;
  readonly reset: Halves;
  readonly effect: WriteEffect;
}

/** A home that is not a slot of the register's own. */
type FixedHome = Exclude<SysregHome, { readonly kind: "slot" }>;

interface Row {
  /** The manual's generic name: S<op0>_<op1>_C<CRn>_C<CRm>_<op2>. */
  readonly at: `S${number}_${number}_C${number}_C${number}_${number}`;
  /** Default: a slot of its own. */
  readonly home?: FixedHome;
  /** Default "el1". */
  readonly read?: AccessLevel;
  /** Default "el1", and "never" for constants. */
  readonly write?: AccessLevel;
  readonly el0Enable?: El0Enable;
  /** Default: every bit. */
  readonly writeMask?: Halves;
  /** Default 0. */
  readonly reset?: Halves;
  readonly effect?: WriteEffect;
}

const lo = (value: number): Halves => ({ lo: value, hi: 0 });
const constant = (low: number, high = 0): FixedHome => ({ kind: "constant", lo: low, hi: high });
const state = (word: StateWord, mask: number): FixedHome => ({ kind: "state", word, mask });

/**
 * SCTLR_EL1 bits that read as one since what they control is absent: LSMAOE 29, nTLSMD 28, EIS 22,
 * TSCXT 20, EOS 11, SED 8, ITD 7.
 */
const SCTLR_RES1 = 0x3050_0980;
/**
 * SCTLR_EL1 bits that can be written: M 0, A 1, C 2, SA 3, SA0 4, UMA 9, I 12, DZE 14, UCT 15,
 * nTWI 16, nTWE 18, WXN 19, SPAN 23, UCI 26. Data is little-endian: EE and E0E are RES0.
 */
const SCTLR_RW = 0x048d_d21f;
/** CPACR_EL1.FPEN. */
const CPACR_RW = 0x0030_0000;

/** Counter frequency in Hz, as on Apple's machines. */
export const COUNTER_HZ = 24_000_000;

const ROWS = {
  // Thread pointers
  TPIDR_EL0: { at: "S3_3_C13_C0_2", read: "el0", write: "el0" },
  TPIDRRO_EL0: { at: "S3_3_C13_C0_3", read: "el0" },
  TPIDR_EL1: { at: "S3_0_C13_C0_4" },
  CONTEXTIDR_EL1: { at: "S3_0_C13_C0_1", writeMask: lo(0xffff_ffff) },

  // PSTATE and stack pointers
  NZCV: { at: "S3_3_C4_C2_0", home: state("NZCV", 0xf000_0000), read: "el0", write: "el0" },
  DAIF: {
    at: "S3_3_C4_C2_1",
    home: state("PSTATE", 0x3c0),
    read: "el0",
    write: "el0",
    el0Enable: "SCTLR_EL1.UMA",
    effect: "pstate",
  },
  CurrentEL: { at: "S3_0_C4_C2_2", home: state("PSTATE", 0xc), write: "never" },
  SPSel: { at: "S3_0_C4_C2_0", home: state("PSTATE", 1), effect: "pstate" },
  PAN: { at: "S3_0_C4_C2_3", home: state("PSTATE", 1 << 22), effect: "pstate" },
  UAO: { at: "S3_0_C4_C2_4", home: state("PSTATE", 1 << 23), effect: "pstate" },
  SP_EL0: { at: "S3_0_C4_C1_0", home: state("SP_EL0", 0xffff_ffff) },
  SP_EL1: {
    at: "S3_4_C4_C1_0",
    home: state("SP_EL1", 0xffff_ffff),
    read: "never",
    write: "never",
  },

  // Floating point
  FPCR: {
    at: "S3_3_C4_C4_0",
    home: state("FPCR", 0x07c8_0000),
    read: "el0",
    write: "el0",
    effect: "fp",
  },
  FPSR: { at: "S3_3_C4_C4_1", home: state("FPSR", 0x0800_009f), read: "el0", write: "el0" },
  CPACR_EL1: { at: "S3_0_C1_C0_2", writeMask: lo(CPACR_RW), effect: "fp" },

  // Exceptions
  ELR_EL1: { at: "S3_0_C4_C0_1" },
  SPSR_EL1: { at: "S3_0_C4_C0_0", writeMask: lo(0xf0f0_03df) },
  ESR_EL1: { at: "S3_0_C5_C2_0", writeMask: lo(0xffff_ffff) },
  FAR_EL1: { at: "S3_0_C6_C0_0" },
  AFSR0_EL1: { at: "S3_0_C5_C1_0", writeMask: lo(0) },
  AFSR1_EL1: { at: "S3_0_C5_C1_1", writeMask: lo(0) },
  VBAR_EL1: { at: "S3_0_C12_C0_0", writeMask: { lo: 0xffff_f800, hi: 0xffff_ffff } },
  ISR_EL1: { at: "S3_0_C12_C1_0", write: "never" },

  // Translation
  SCTLR_EL1: {
    at: "S3_0_C1_C0_0",
    writeMask: lo(SCTLR_RW),
    reset: lo(SCTLR_RES1),
    effect: "mmu",
  },
  ACTLR_EL1: { at: "S3_0_C1_C0_1", writeMask: lo(0) },
  // 8-bit ASIDs in bits 55:48, no CnP, 48-bit table addresses.
  TTBR0_EL1: { at: "S3_0_C2_C0_0", writeMask: { lo: 0xffff_fffe, hi: 0x00ff_ffff }, effect: "mmu" },
  TTBR1_EL1: { at: "S3_0_C2_C0_1", writeMask: { lo: 0xffff_fffe, hi: 0x00ff_ffff }, effect: "mmu" },
  // T0SZ..IPS, TBI0/1 37:38, HPD0/1 41:42. AS, HA, HD, E0PD, TBID are RES0 here.
  TCR_EL1: { at: "S3_0_C2_C0_2", writeMask: { lo: 0xffff_ffbf, hi: 0x0000_0667 }, effect: "mmu" },
  MAIR_EL1: { at: "S3_0_C10_C2_0", effect: "mmu" },
  AMAIR_EL1: { at: "S3_0_C10_C3_0", writeMask: lo(0) },
  PAR_EL1: { at: "S3_0_C7_C4_0" },

  // Counter and timers
  CNTFRQ_EL0: {
    at: "S3_3_C14_C0_0",
    home: constant(COUNTER_HZ),
    read: "el0",
    el0Enable: "CNTKCTL_EL1.EL0VCTEN|EL0PCTEN",
  },
  CNTPCT_EL0: {
    at: "S3_3_C14_C0_1",
    home: { kind: "counter", counter: "physical" },
    read: "el0",
    write: "never",
    el0Enable: "CNTKCTL_EL1.EL0PCTEN",
  },
  CNTVCT_EL0: {
    at: "S3_3_C14_C0_2",
    home: { kind: "counter", counter: "virtual" },
    read: "el0",
    write: "never",
    el0Enable: "CNTKCTL_EL1.EL0VCTEN",
  },
  CNTKCTL_EL1: { at: "S3_0_C14_C1_0", writeMask: lo(0x3ff) },
  CNTP_TVAL_EL0: {
    at: "S3_3_C14_C2_0",
    home: { kind: "timerValue", counter: "physical" },
    read: "el0",
    write: "el0",
    el0Enable: "CNTKCTL_EL1.EL0PTEN",
    effect: "timer",
  },
  CNTP_CTL_EL0: {
    at: "S3_3_C14_C2_1",
    read: "el0",
    write: "el0",
    el0Enable: "CNTKCTL_EL1.EL0PTEN",
    writeMask: lo(3),
    effect: "timer",
  },
  CNTP_CVAL_EL0: {
    at: "S3_3_C14_C2_2",
    read: "el0",
    write: "el0",
    el0Enable: "CNTKCTL_EL1.EL0PTEN",
    effect: "timer",
  },
  CNTV_TVAL_EL0: {
    at: "S3_3_C14_C3_0",
    home: { kind: "timerValue", counter: "virtual" },
    read: "el0",
    write: "el0",
    el0Enable: "CNTKCTL_EL1.EL0VTEN",
    effect: "timer",
  },
  CNTV_CTL_EL0: {
    at: "S3_3_C14_C3_1",
    read: "el0",
    write: "el0",
    el0Enable: "CNTKCTL_EL1.EL0VTEN",
    writeMask: lo(3),
    effect: "timer",
  },
  CNTV_CVAL_EL0: {
    at: "S3_3_C14_C3_2",
    read: "el0",
    write: "el0",
    el0Enable: "CNTKCTL_EL1.EL0VTEN",
    effect: "timer",
  },

  // Debug
  MDSCR_EL1: { at: "S2_0_C0_C2_2", writeMask: lo(0x0000_b001), effect: "debug" },
  OSLAR_EL1: { at: "S2_0_C1_C0_4", read: "never", writeMask: lo(1) },
  OSLSR_EL1: { at: "S2_0_C1_C1_4", home: constant(0x8) },
  OSDLR_EL1: { at: "S2_0_C1_C3_4", writeMask: lo(1) },

  // Caches: 64-byte lines, PIPT instruction cache, DC ZVA of 64 bytes
  CTR_EL0: {
    at: "S3_3_C0_C0_1",
    home: constant(0x8444_c004),
    read: "el0",
    el0Enable: "SCTLR_EL1.UCT",
  },
  // DZP (bit 4) is zero: DC ZVA is allowed wherever SCTLR_EL1.DZE allows it.
  DCZID_EL0: { at: "S3_3_C0_C0_7", home: constant(4), read: "el0" },
  CCSIDR_EL1: { at: "S3_1_C0_C0_0", home: constant(0x700f_e01a) },
  CLIDR_EL1: { at: "S3_1_C0_C0_1", home: constant(0x0a20_0023) },
  AIDR_EL1: { at: "S3_1_C0_C0_7", home: constant(0) },
  CSSELR_EL1: { at: "S3_2_C0_C0_0", writeMask: lo(0xf) },

  // Identification. Implementer 0 is "reserved for software use"; architecture 15: see the ID registers.
  MIDR_EL1: { at: "S3_0_C0_C0_0", home: constant(0x000f_4d40) },
  MPIDR_EL1: { at: "S3_0_C0_C0_5", home: constant(0x8000_0000) },
  REVIDR_EL1: { at: "S3_0_C0_C0_6", home: constant(0) },
  // EL0 and EL1 AArch64 only; FP and AdvSIMD without half precision.
  ID_AA64PFR0_EL1: { at: "S3_0_C0_C4_0", home: constant(0x0000_0011) },
  ID_AA64PFR1_EL1: { at: "S3_0_C0_C4_1", home: constant(0) },
  ID_AA64ZFR0_EL1: { at: "S3_0_C0_C4_4", home: constant(0) },
  // DebugVer 6 (Armv8); two breakpoints, two watchpoints, two context-aware: the minimum.
  ID_AA64DFR0_EL1: { at: "S3_0_C0_C5_0", home: constant(0x1010_1006) },
  ID_AA64DFR1_EL1: { at: "S3_0_C0_C5_1", home: constant(0) },
  ID_AA64AFR0_EL1: { at: "S3_0_C0_C5_4", home: constant(0) },
  ID_AA64AFR1_EL1: { at: "S3_0_C0_C5_5", home: constant(0) },
  // CRC32 19:16 = 1, Atomic 23:20 = 2 (LSE), TLB 59:56 = 2 (range TLBI).
  ID_AA64ISAR0_EL1: { at: "S3_0_C0_C6_0", home: constant(0x0021_0000, 0x0200_0000) },
  ID_AA64ISAR1_EL1: { at: "S3_0_C0_C6_1", home: constant(0) },
  ID_AA64ISAR2_EL1: { at: "S3_0_C0_C6_2", home: constant(0) },
  // PARange 40 bits, 8-bit ASID, TGran16 supported, TGran64 not, TGran4 supported.
  ID_AA64MMFR0_EL1: { at: "S3_0_C0_C7_0", home: constant(0x0f10_0002) },
  // HPDS 15:12 = 1, PAN 23:20 = 1, no hardware access flag or dirty state.
  ID_AA64MMFR1_EL1: { at: "S3_0_C0_C7_1", home: constant(0x0010_1000) },
  // UAO 7:4 = 1.
  ID_AA64MMFR2_EL1: { at: "S3_0_C0_C7_2", home: constant(0x0000_0010) },
} as const satisfies Readonly<Record<string, Row>>;

export type SysregName = keyof typeof ROWS;

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

function writeMaskOf(row: Row): Halves {
  if (row.home === undefined) return row.writeMask ?? ALL_BITS;
  switch (row.home.kind) {
    case "state":
      // Stack pointers are the only 64-bit words among these.
      return row.home.word.startsWith("SP_") ? ALL_BITS : { lo: row.home.mask >>> 0, hi: 0 };
    case "timerValue":
      return lo(0xffff_ffff);
    default:
      return NO_BITS;
  }
}

function buildTable(): Sysreg[] {
  let slots = 0;
  return Object.entries(ROWS as Readonly<Record<string, Row>>).map(([name, row]) => ({
    name: name as SysregName,
    key: parseKey(row.at),
    home: row.home ?? { kind: "slot", slot: slots++ },
    read: row.read ?? "el1",
    write: row.write ?? (row.home?.kind === "constant" ? "never" : "el1"),
    el0Enable: row.el0Enable ?? null,
    writeMask: writeMaskOf(row),
    reset: row.reset ?? NO_BITS,
    effect: row.effect ?? "none",
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

/** Index of a register kept in a 64-bit slot. @throws HostBug if it is not kept in one */
export function sysregSlot(name: SysregName): number {
  const { home } = sysreg(name);
  check(home.kind === "slot", "system register has no slot", name);
  return home.slot;
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
