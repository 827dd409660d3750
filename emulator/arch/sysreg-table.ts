import { field, maskHi, maskLo, type Field } from "./bits.js";
import type { Feature } from "./features.js";
import type { Halves, IdRegister } from "./id-registers.js";
import { SctlrMemory, Tcr, Ttbr } from "./translation-control.js";

/**
 * The system registers, one row each: encoding, where the value lives, who may touch it, what a write can
 * change. Arm ARM D23; names and encodings are the manual's. What is not here is UNDEFINED, apart from
 * the reserved identification space. Absent on purpose: EL2 and EL3, the PMU (ID_AA64DFR0_EL1.PMUVer 0),
 * limited ordering regions, SVE, SME, MTE.
 */

/** State kept outside the system register slots; the CPU's state layout says at which offset. */
export type StateWord = "NZCV" | "PSTATE" | "FPCR" | "FPSR" | "SP_EL0" | "SP_EL1" | "INTERRUPTS";

export type Counter = "virtual" | "physical";

/** Where a register's value comes from, unless it has a slot of its own. */
export type FixedHome =
  /** A fixed value; the register cannot be written, or ignores writes. */
  | { readonly kind: "constant"; readonly lo: number; readonly hi: number }
  /** Computed from the CPU model's features (arch/id-registers.ts). */
  | { readonly kind: "features"; readonly register: IdRegister }
  /** The CPU model's MIDR. */
  | { readonly kind: "midr" }
  /** The bits in `mask` of a word kept elsewhere, at the same bit positions. */
  | { readonly kind: "state"; readonly word: StateWord; readonly mask: number }
  /** The system counter. */
  | { readonly kind: "counter"; readonly counter: Counter }
  /** A timer's CompareValue minus the counter, as a signed 32-bit number. */
  | { readonly kind: "timerValue"; readonly counter: Counter }
  /** The next random number; NZCV becomes 0, as it is never short of one. */
  | { readonly kind: "random" }
  /** Kept outside the CPU: an interrupt controller's (`ExternalRegisters`). */
  | { readonly kind: "external" };

/** Lowest exception level that may do it; "never" also for levels this machine does not have. */
export type AccessLevel = "el0" | "el1" | "never";

/** The control bit that decides whether EL0 may: otherwise the access traps to EL1 (EC 0x18). */
export type El0Control =
  // Traps while clear. CNTFRQ_EL0 is accessible while either counter is.
  | "SCTLR_EL1.UCT"
  | "SCTLR_EL1.UMA"
  | "CNTKCTL_EL1.EL0VCTEN"
  | "CNTKCTL_EL1.EL0PCTEN"
  | "CNTKCTL_EL1.EL0VCTEN|EL0PCTEN"
  | "CNTKCTL_EL1.EL0VTEN"
  | "CNTKCTL_EL1.EL0PTEN"
  // Traps while set.
  | "SCTLR_EL1.TSCXT"
  | "MDSCR_EL1.TDCC";

/**
 * What a write changes besides the value. "mmu": how addresses translate (`Mmu.contextChanged`);
 * "pstate": masking, PAN or stack selection; "fp": rounding, flushing or the FP enable;
 * "timer": whether or when an interrupt is due; "debug": breakpoints and stepping.
 */
export type WriteEffect = "none" | "mmu" | "pstate" | "fp" | "timer" | "debug";

/**
 * What happens to a written value, if it is not just stored: OSLAR_EL1's bit 0 becomes OSLSR_EL1.OSLK; ones
 * written to DBGCLAIMSET_EL1 or DBGCLAIMCLR_EL1 set or clear claim tags, which live in the latter's slot.
 */
export type WriteAction = "osLock" | "claimSet" | "claimClear";

export interface SysregRow {
  /** The manual's generic name: S<op0>_<op1>_C<CRn>_C<CRm>_<op2>. */
  readonly at: `S${number}_${number}_C${number}_C${number}_${number}`;
  /** Default: a slot of its own. */
  readonly home?: FixedHome;
  /** Default "el1". */
  readonly read?: AccessLevel;
  /** Default "el1", and "never" for constants. */
  readonly write?: AccessLevel;
  readonly el0Control?: El0Control;
  /** Default: every bit. */
  readonly writeMask?: Halves;
  /** Further bits a write may change on CPUs that have a feature. */
  readonly featureBits?: Readonly<Partial<Record<Feature, Halves>>>;
  /** Default 0. */
  readonly reset?: Halves;
  readonly effect?: WriteEffect;
  readonly onWrite?: WriteAction;
  /** The control register of this counter's timer: bit 2 (ISTATUS) of what is read is computed. */
  readonly timer?: Counter;
  /** Bits that are RES1 on CPUs without a feature. */
  readonly res1Without?: Readonly<Partial<Record<Feature, Halves>>>;
  /** The register is UNDEFINED on CPUs without it. Default "base". */
  readonly feature?: Feature;
}

const lo = (value: number): Halves => ({ lo: value >>> 0, hi: 0 });
const hi = (value: number): Halves => ({ lo: 0, hi: value >>> 0 });
const bitsOf = (...fields: readonly Field[]): Halves => ({
  lo: fields.reduce((all, f) => (all | maskLo(f)) >>> 0, 0),
  hi: fields.reduce((all, f) => (all | maskHi(f)) >>> 0, 0),
});
const constant = (low: number, high = 0): FixedHome => ({ kind: "constant", lo: low, hi: high });
const state = (word: StateWord, mask: number): FixedHome => ({ kind: "state", word, mask });
const byFeatures = (register: IdRegister): FixedHome => ({ kind: "features", register });

const ASID_8: Field = field(Ttbr.asid.lo + 7, Ttbr.asid.lo);
/** A translation table base register: 8-bit ASIDs and no CnP unless a feature says so. */
const TTBR = <const At extends SysregRow["at"]>(at: At) =>
  ({
    at,
    writeMask: bitsOf(Ttbr.baddr, ASID_8),
    featureBits: { asid16: bitsOf(Ttbr.asid), cnp: bitsOf(Ttbr.cnp) },
    effect: "mmu",
  }) as const;

/**
 * SCTLR_EL1 bits that read as one after a reset, most for good since what they control is absent: LSMAOE
 * 29, nTLSMD 28, EIS 22, TSCXT 20, EOS 11, SED 8, ITD 7.
 */
const SCTLR_RES1 = 0x3050_0980;
/**
 * SCTLR_EL1 bits that can always be written: M 0, A 1, C 2, SA 3, SA0 4, UMA 9, I 12, DZE 14, UCT 15, nTWI 16,
 * nTWE 18, WXN 19, UCI 26. Data is little-endian: EE and E0E are RES0.
 */
const SCTLR_RW = 0x040d_d21f;
/** nAA 6; EnRCTX 10; TSCXT 20; SPAN 23; EnDB 13, EnDA 27, EnIB 30, EnIA 31; BT0 35, BT1 36; DSSBS 44; EPAN 57. */
const SCTLR_FEATURE_BITS = {
  lse2: lo(1 << 6),
  specres: lo(1 << 10),
  csv2: lo(1 << 20),
  pan: lo(1 << 23),
  pauth: lo(0xc800_2000),
  bti: hi(3 << 3),
  ssbs: hi(1 << 12),
  pan3: bitsOf(SctlrMemory.epan),
} as const;
const BTYPE_SSBS = { bti: lo(3 << 10), ssbs: lo(1 << 12) } as const;
/** CPACR_EL1.FPEN. */
const CPACR_RW = 0x0030_0000;
/** Bits 63:2 of an address, sign-extended or not. A breakpoint's value may be a CONTEXTIDR_EL1 as well: all bits. */
const WATCHPOINT_ADDRESS: Halves = { lo: 0xffff_fffc, hi: 0xffff_ffff };
/** A register of the GIC's CPU interface (GICv3 Architecture Specification, 12.2). */
const GIC_REGISTER = { home: { kind: "external" }, effect: "timer", feature: "gicv3" } as const;
const GIC_READ = { ...GIC_REGISTER, write: "never" } as const;
const GIC_WRITE = { ...GIC_REGISTER, read: "never" } as const;
/** Both data registers of the channel: what is written goes nowhere, what is read is zero. */
const DEBUG_CHANNEL = {
  home: { kind: "constant", lo: 0, hi: 0 },
  read: "el0",
  write: "el0",
  el0Control: "MDSCR_EL1.TDCC",
} as const;

export const SYSREG_ROWS = {
  // Thread pointers
  TPIDR_EL0: { at: "S3_3_C13_C0_2", read: "el0", write: "el0" },
  TPIDRRO_EL0: { at: "S3_3_C13_C0_3", read: "el0" },
  TPIDR_EL1: { at: "S3_0_C13_C0_4" },
  CONTEXTIDR_EL1: { at: "S3_0_C13_C0_1", writeMask: lo(0xffff_ffff) },
  SCXTNUM_EL0: {
    at: "S3_3_C13_C0_7",
    read: "el0",
    write: "el0",
    el0Control: "SCTLR_EL1.TSCXT",
    feature: "csv2",
  },
  SCXTNUM_EL1: { at: "S3_0_C13_C0_7", feature: "csv2" },

  // PSTATE and stack pointers
  NZCV: { at: "S3_3_C4_C2_0", home: state("NZCV", 0xf000_0000), read: "el0", write: "el0" },
  DAIF: {
    at: "S3_3_C4_C2_1",
    home: state("PSTATE", 0x3c0),
    read: "el0",
    write: "el0",
    el0Control: "SCTLR_EL1.UMA",
    effect: "pstate",
  },
  CurrentEL: { at: "S3_0_C4_C2_2", home: state("PSTATE", 0xc), write: "never" },
  SPSel: { at: "S3_0_C4_C2_0", home: state("PSTATE", 1), effect: "pstate" },
  PAN: {
    at: "S3_0_C4_C2_3",
    home: state("PSTATE", 1 << 22),
    effect: "pstate",
    feature: "pan",
  },
  UAO: { at: "S3_0_C4_C2_4", home: state("PSTATE", 1 << 23), feature: "uao" },
  DIT: {
    at: "S3_3_C4_C2_5",
    home: state("PSTATE", 1 << 24),
    read: "el0",
    write: "el0",
    feature: "dit",
  },
  SSBS: {
    at: "S3_3_C4_C2_6",
    home: state("PSTATE", 1 << 12),
    read: "el0",
    write: "el0",
    feature: "ssbs",
  },
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
  SPSR_EL1: {
    at: "S3_0_C4_C0_0",
    // NZCV, SS, IL, DAIF, M.
    writeMask: lo(0xf030_03df),
    featureBits: { pan: lo(1 << 22), uao: lo(1 << 23), dit: lo(1 << 24), ...BTYPE_SSBS },
  },
  ESR_EL1: { at: "S3_0_C5_C2_0", writeMask: lo(0xffff_ffff) },
  FAR_EL1: { at: "S3_0_C6_C0_0" },
  AFSR0_EL1: { at: "S3_0_C5_C1_0", writeMask: lo(0) },
  AFSR1_EL1: { at: "S3_0_C5_C1_1", writeMask: lo(0) },
  VBAR_EL1: { at: "S3_0_C12_C0_0", writeMask: { lo: 0xffff_f800, hi: 0xffff_ffff } },
  DISR_EL1: { at: "S3_0_C12_C1_1", feature: "ras" },
  // No error records.
  ERRIDR_EL1: { at: "S3_0_C5_C3_0", home: constant(0), feature: "ras" },
  ERRSELR_EL1: { at: "S3_0_C5_C3_1", writeMask: lo(0), feature: "ras" },
  ISR_EL1: { at: "S3_0_C12_C1_0", home: state("INTERRUPTS", 0xc0), write: "never" },

  // Interrupt controller, where it has system registers
  ICC_PMR_EL1: { at: "S3_0_C4_C6_0", ...GIC_REGISTER },
  ICC_IAR0_EL1: { at: "S3_0_C12_C8_0", ...GIC_READ },
  ICC_EOIR0_EL1: { at: "S3_0_C12_C8_1", ...GIC_WRITE },
  ICC_HPPIR0_EL1: { at: "S3_0_C12_C8_2", ...GIC_READ },
  ICC_BPR0_EL1: { at: "S3_0_C12_C8_3", ...GIC_REGISTER },
  ICC_AP0R0_EL1: { at: "S3_0_C12_C8_4", ...GIC_REGISTER },
  ICC_AP1R0_EL1: { at: "S3_0_C12_C9_0", ...GIC_REGISTER },
  ICC_DIR_EL1: { at: "S3_0_C12_C11_1", ...GIC_WRITE },
  ICC_RPR_EL1: { at: "S3_0_C12_C11_3", ...GIC_READ },
  ICC_SGI1R_EL1: { at: "S3_0_C12_C11_5", ...GIC_WRITE },
  ICC_ASGI1R_EL1: { at: "S3_0_C12_C11_6", ...GIC_WRITE },
  ICC_SGI0R_EL1: { at: "S3_0_C12_C11_7", ...GIC_WRITE },
  ICC_IAR1_EL1: { at: "S3_0_C12_C12_0", ...GIC_READ },
  ICC_EOIR1_EL1: { at: "S3_0_C12_C12_1", ...GIC_WRITE },
  ICC_HPPIR1_EL1: { at: "S3_0_C12_C12_2", ...GIC_READ },
  ICC_BPR1_EL1: { at: "S3_0_C12_C12_3", ...GIC_REGISTER },
  ICC_CTLR_EL1: { at: "S3_0_C12_C12_4", ...GIC_REGISTER },
  ICC_SRE_EL1: { at: "S3_0_C12_C12_5", ...GIC_REGISTER },
  ICC_IGRPEN0_EL1: { at: "S3_0_C12_C12_6", ...GIC_REGISTER },
  ICC_IGRPEN1_EL1: { at: "S3_0_C12_C12_7", ...GIC_REGISTER },

  // Translation
  SCTLR_EL1: {
    at: "S3_0_C1_C0_0",
    writeMask: lo(SCTLR_RW),
    featureBits: SCTLR_FEATURE_BITS,
    res1Without: { pan: lo(1 << 23) },
    reset: lo(SCTLR_RES1),
    effect: "mmu",
  },
  ACTLR_EL1: { at: "S3_0_C1_C0_1", writeMask: lo(0) },
  TTBR0_EL1: TTBR("S3_0_C2_C0_0"),
  TTBR1_EL1: TTBR("S3_0_C2_C0_1"),
  TCR_EL1: {
    at: "S3_0_C2_C0_2",
    writeMask: bitsOf(
      ...[Tcr.t0sz, Tcr.epd0, Tcr.walk0, Tcr.tg0, Tcr.t1sz, Tcr.a1, Tcr.epd1, Tcr.walk1, Tcr.tg1],
      ...[Tcr.ips, Tcr.tbi0, Tcr.tbi1],
    ),
    featureBits: {
      asid16: bitsOf(Tcr.as),
      hafdbs: bitsOf(Tcr.ha, Tcr.hd),
      hpds: bitsOf(Tcr.hpd0, Tcr.hpd1),
      hpds2: bitsOf(Tcr.hwu),
      pauth: bitsOf(Tcr.tbid0, Tcr.tbid1),
      e0pd: bitsOf(Tcr.e0pd0, Tcr.e0pd1),
    },
    effect: "mmu",
  },
  MAIR_EL1: { at: "S3_0_C10_C2_0", effect: "mmu" },
  AMAIR_EL1: { at: "S3_0_C10_C3_0", writeMask: lo(0) },
  PAR_EL1: { at: "S3_0_C7_C4_0" },

  // Pointer authentication keys
  APIAKeyLo_EL1: { at: "S3_0_C2_C1_0", feature: "pauth" },
  APIAKeyHi_EL1: { at: "S3_0_C2_C1_1", feature: "pauth" },
  APIBKeyLo_EL1: { at: "S3_0_C2_C1_2", feature: "pauth" },
  APIBKeyHi_EL1: { at: "S3_0_C2_C1_3", feature: "pauth" },
  APDAKeyLo_EL1: { at: "S3_0_C2_C2_0", feature: "pauth" },
  APDAKeyHi_EL1: { at: "S3_0_C2_C2_1", feature: "pauth" },
  APDBKeyLo_EL1: { at: "S3_0_C2_C2_2", feature: "pauth" },
  APDBKeyHi_EL1: { at: "S3_0_C2_C2_3", feature: "pauth" },
  APGAKeyLo_EL1: { at: "S3_0_C2_C3_0", feature: "pauth" },
  APGAKeyHi_EL1: { at: "S3_0_C2_C3_1", feature: "pauth" },

  // Random numbers
  RNDR: {
    at: "S3_3_C2_C4_0",
    home: { kind: "random" },
    read: "el0",
    write: "never",
    feature: "rng",
  },
  RNDRRS: {
    at: "S3_3_C2_C4_1",
    home: { kind: "random" },
    read: "el0",
    write: "never",
    feature: "rng",
  },

  // Counter and timers
  CNTFRQ_EL0: {
    at: "S3_3_C14_C0_0",
    // EL1 is the highest level there is, and may write it; nothing but reads depends on it.
    writeMask: lo(0xffff_ffff),
    read: "el0",
    el0Control: "CNTKCTL_EL1.EL0VCTEN|EL0PCTEN",
  },
  CNTPCT_EL0: {
    at: "S3_3_C14_C0_1",
    home: { kind: "counter", counter: "physical" },
    read: "el0",
    write: "never",
    el0Control: "CNTKCTL_EL1.EL0PCTEN",
  },
  CNTVCT_EL0: {
    at: "S3_3_C14_C0_2",
    home: { kind: "counter", counter: "virtual" },
    read: "el0",
    write: "never",
    el0Control: "CNTKCTL_EL1.EL0VCTEN",
  },
  CNTPCTSS_EL0: {
    at: "S3_3_C14_C0_5",
    home: { kind: "counter", counter: "physical" },
    read: "el0",
    write: "never",
    el0Control: "CNTKCTL_EL1.EL0PCTEN",
    feature: "ecv",
  },
  CNTVCTSS_EL0: {
    at: "S3_3_C14_C0_6",
    home: { kind: "counter", counter: "virtual" },
    read: "el0",
    write: "never",
    el0Control: "CNTKCTL_EL1.EL0VCTEN",
    feature: "ecv",
  },
  CNTKCTL_EL1: {
    at: "S3_0_C14_C1_0",
    writeMask: lo(0x3ff),
    featureBits: { ecv: lo(1 << 17) },
  },
  CNTP_TVAL_EL0: {
    at: "S3_3_C14_C2_0",
    home: { kind: "timerValue", counter: "physical" },
    read: "el0",
    write: "el0",
    el0Control: "CNTKCTL_EL1.EL0PTEN",
    effect: "timer",
  },
  CNTP_CTL_EL0: {
    at: "S3_3_C14_C2_1",
    timer: "physical",
    writeMask: lo(3),
    read: "el0",
    write: "el0",
    el0Control: "CNTKCTL_EL1.EL0PTEN",
    effect: "timer",
  },
  CNTP_CVAL_EL0: {
    at: "S3_3_C14_C2_2",
    read: "el0",
    write: "el0",
    el0Control: "CNTKCTL_EL1.EL0PTEN",
    effect: "timer",
  },
  CNTV_TVAL_EL0: {
    at: "S3_3_C14_C3_0",
    home: { kind: "timerValue", counter: "virtual" },
    read: "el0",
    write: "el0",
    el0Control: "CNTKCTL_EL1.EL0VTEN",
    effect: "timer",
  },
  CNTV_CTL_EL0: {
    at: "S3_3_C14_C3_1",
    timer: "virtual",
    writeMask: lo(3),
    read: "el0",
    write: "el0",
    el0Control: "CNTKCTL_EL1.EL0VTEN",
    effect: "timer",
  },
  CNTV_CVAL_EL0: {
    at: "S3_3_C14_C3_2",
    read: "el0",
    write: "el0",
    el0Control: "CNTKCTL_EL1.EL0VTEN",
    effect: "timer",
  },

  // Debug: two breakpoints, two watchpoints, a debug communications channel with nobody at the other end
  MDSCR_EL1: { at: "S2_0_C0_C2_2", writeMask: lo(0x0000_f001), effect: "debug" },
  MDCCINT_EL1: { at: "S2_0_C0_C2_0", writeMask: lo(0x6000_0000) },
  MDCCSR_EL0: {
    at: "S2_3_C0_C1_0",
    home: constant(0),
    read: "el0",
    el0Control: "MDSCR_EL1.TDCC",
  },
  DBGDTR_EL0: { at: "S2_3_C0_C4_0", ...DEBUG_CHANNEL },
  DBGDTRRX_EL0: { at: "S2_3_C0_C5_0", ...DEBUG_CHANNEL },
  OSDTRRX_EL1: { at: "S2_0_C0_C0_2", writeMask: lo(0xffff_ffff) },
  OSDTRTX_EL1: { at: "S2_0_C0_C3_2", writeMask: lo(0xffff_ffff) },
  OSECCR_EL1: { at: "S2_0_C0_C6_2", writeMask: lo(0) },
  DBGBVR0_EL1: { at: "S2_0_C0_C0_4", effect: "debug" },
  DBGBVR1_EL1: { at: "S2_0_C0_C1_4", effect: "debug" },
  DBGBCR0_EL1: { at: "S2_0_C0_C0_5", writeMask: lo(0x00ff_e1e7), effect: "debug" },
  DBGBCR1_EL1: { at: "S2_0_C0_C1_5", writeMask: lo(0x00ff_e1e7), effect: "debug" },
  DBGWVR0_EL1: { at: "S2_0_C0_C0_6", writeMask: WATCHPOINT_ADDRESS, effect: "debug" },
  DBGWVR1_EL1: { at: "S2_0_C0_C1_6", writeMask: WATCHPOINT_ADDRESS, effect: "debug" },
  DBGWCR0_EL1: { at: "S2_0_C0_C0_7", writeMask: lo(0x1f1f_ffff), effect: "debug" },
  DBGWCR1_EL1: { at: "S2_0_C0_C1_7", writeMask: lo(0x1f1f_ffff), effect: "debug" },
  MDRAR_EL1: { at: "S2_0_C1_C0_0", home: constant(0) },
  OSLAR_EL1: {
    at: "S2_0_C1_C0_4",
    home: constant(0),
    read: "never",
    write: "el1",
    onWrite: "osLock",
    effect: "debug",
  },
  // OSLM 2: the lock is implemented; OSLK 1 after a reset: locked.
  OSLSR_EL1: { at: "S2_0_C1_C1_4", write: "never", reset: lo(0xa) },
  OSDLR_EL1: { at: "S2_0_C1_C3_4", writeMask: lo(1) },
  DBGPRCR_EL1: { at: "S2_0_C1_C4_4", writeMask: lo(1) },
  // Claim tags: writing ones sets them by one register and clears them by the other.
  DBGCLAIMSET_EL1: {
    at: "S2_0_C7_C8_6",
    home: constant(0xff),
    write: "el1",
    onWrite: "claimSet",
  },
  DBGCLAIMCLR_EL1: {
    at: "S2_0_C7_C9_6",
    onWrite: "claimClear",
  },
  DBGAUTHSTATUS_EL1: { at: "S2_0_C7_C14_6", home: constant(0) },

  // Caches: 64-byte lines, PIPT instruction cache, DC ZVA of 64 bytes
  CTR_EL0: {
    at: "S3_3_C0_C0_1",
    home: constant(0x8444_c004),
    read: "el0",
    el0Control: "SCTLR_EL1.UCT",
  },
  // DZP (bit 4) is zero: DC ZVA is allowed wherever SCTLR_EL1.DZE allows it.
  DCZID_EL0: { at: "S3_3_C0_C0_7", home: constant(4), read: "el0" },
  CCSIDR_EL1: { at: "S3_1_C0_C0_0", home: constant(0x700f_e01a) },
  CLIDR_EL1: { at: "S3_1_C0_C0_1", home: constant(0x0a20_0023) },
  AIDR_EL1: { at: "S3_1_C0_C0_7", home: constant(0) },
  CSSELR_EL1: { at: "S3_2_C0_C0_0", writeMask: lo(0xf) },

  // Identification: by CPU model
  MIDR_EL1: { at: "S3_0_C0_C0_0", home: { kind: "midr" }, write: "never" },
  MPIDR_EL1: { at: "S3_0_C0_C0_5", home: constant(0x8000_0000) },
  REVIDR_EL1: { at: "S3_0_C0_C0_6", home: constant(0) },
  ID_AA64PFR0_EL1: { at: "S3_0_C0_C4_0", home: byFeatures("ID_AA64PFR0_EL1"), write: "never" },
  ID_AA64PFR1_EL1: { at: "S3_0_C0_C4_1", home: byFeatures("ID_AA64PFR1_EL1"), write: "never" },
  ID_AA64ZFR0_EL1: { at: "S3_0_C0_C4_4", home: constant(0) },
  // DebugVer 6 (Armv8); two breakpoints, two watchpoints, two context-aware: the minimum. No PMU.
  ID_AA64DFR0_EL1: { at: "S3_0_C0_C5_0", home: constant(0x1010_1006) },
  ID_AA64DFR1_EL1: { at: "S3_0_C0_C5_1", home: constant(0) },
  ID_AA64AFR0_EL1: { at: "S3_0_C0_C5_4", home: constant(0) },
  ID_AA64AFR1_EL1: { at: "S3_0_C0_C5_5", home: constant(0) },
  ID_AA64ISAR0_EL1: { at: "S3_0_C0_C6_0", home: byFeatures("ID_AA64ISAR0_EL1"), write: "never" },
  ID_AA64ISAR1_EL1: { at: "S3_0_C0_C6_1", home: byFeatures("ID_AA64ISAR1_EL1"), write: "never" },
  ID_AA64ISAR2_EL1: { at: "S3_0_C0_C6_2", home: byFeatures("ID_AA64ISAR2_EL1"), write: "never" },
  ID_AA64MMFR0_EL1: { at: "S3_0_C0_C7_0", home: byFeatures("ID_AA64MMFR0_EL1"), write: "never" },
  ID_AA64MMFR1_EL1: { at: "S3_0_C0_C7_1", home: byFeatures("ID_AA64MMFR1_EL1"), write: "never" },
  ID_AA64MMFR2_EL1: { at: "S3_0_C0_C7_2", home: byFeatures("ID_AA64MMFR2_EL1"), write: "never" },
} as const satisfies Readonly<Record<string, SysregRow>>;
