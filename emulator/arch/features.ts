/**
 * Architectural features of the CPU, by short names. A row of the encoding table names the feature it
 * belongs to; a CPU model (arch/cpu-model.ts) is a set of them; the identification registers follow from the set. Arm ARM A2.2 and D23
 * (ID_AA64*_EL1).
 */

/** A field of an identification register and the value that says the feature is there. */
export interface IdField {
  readonly register:
    | "ID_AA64ISAR0_EL1"
    | "ID_AA64ISAR1_EL1"
    | "ID_AA64ISAR2_EL1"
    | "ID_AA64MMFR0_EL1"
    | "ID_AA64MMFR1_EL1"
    | "ID_AA64MMFR2_EL1"
    | "ID_AA64PFR0_EL1"
    | "ID_AA64PFR1_EL1";
  /** Lowest bit of the field of 4 bits. */
  readonly lo: number;
  /** Features that share a field have rising values; the highest present counts. */
  readonly value: number;
}

export interface FeatureInfo {
  /** The manual's name. */
  readonly arm: string;
  /** First architecture version that has it or may have it: 8.0 is 80. */
  readonly since: number;
  /** Its instructions trap with the FP and SIMD enable (CPACR_EL1.FPEN). */
  readonly usesFp: boolean;
  readonly id: readonly IdField[];
}

const isar0 = (lo: number, value = 1): IdField => ({ register: "ID_AA64ISAR0_EL1", lo, value });
const isar1 = (lo: number, value = 1): IdField => ({ register: "ID_AA64ISAR1_EL1", lo, value });
const mmfr0 = (lo: number, value = 1): IdField => ({ register: "ID_AA64MMFR0_EL1", lo, value });
const mmfr1 = (lo: number, value = 1): IdField => ({ register: "ID_AA64MMFR1_EL1", lo, value });
const mmfr2 = (lo: number, value = 1): IdField => ({ register: "ID_AA64MMFR2_EL1", lo, value });
const pfr0 = (lo: number, value = 1): IdField => ({ register: "ID_AA64PFR0_EL1", lo, value });
const pfr1 = (lo: number, value = 1): IdField => ({ register: "ID_AA64PFR1_EL1", lo, value });

const feature = (
  arm: string,
  since: number,
  usesFp: boolean,
  ...id: readonly IdField[]
): FeatureInfo => ({ arm, since, usesFp, id });

/** Every feature that any model may have. */
export const FEATURES = {
  base: feature("Armv8.0 A64", 80, false),
  fp: feature("FEAT_FP", 80, true, pfr0(16, 0)),
  simd: feature("FEAT_AdvSIMD", 80, true, pfr0(20, 0)),
  aes: feature("FEAT_AES", 80, true, isar0(4, 1)),
  pmull: feature("FEAT_PMULL", 80, true, isar0(4, 2)),
  sha1: feature("FEAT_SHA1", 80, true, isar0(8)),
  sha256: feature("FEAT_SHA256", 80, true, isar0(12, 1)),
  // Not of any CPU model: a machine that has the interrupt controller adds it.
  gicv3: feature("FEAT_GICv3", 80, false, pfr0(24)),
  crc32: feature("FEAT_CRC32", 80, false, isar0(16)),
  asid16: feature("16-bit ASIDs", 80, false, mmfr0(4, 2)),
  // The field says 15 where the granule is missing.
  tgran64: feature("64 KiB granule", 80, false, mmfr0(24, 0)),
  sb: feature("FEAT_SB", 80, false, isar1(36)),
  ssbs: feature("FEAT_SSBS2", 80, false, pfr1(4, 2)),
  lse: feature("FEAT_LSE", 81, false, isar0(20, 2)),
  rdm: feature("FEAT_RDM", 81, true, isar0(28)),
  pan: feature("FEAT_PAN2", 81, false, mmfr1(20, 2)),
  hpds: feature("FEAT_HPDS", 81, false, mmfr1(12, 1)),
  hafdbs: feature("FEAT_HAFDBS", 81, false, mmfr1(0, 2)),
  sha512: feature("FEAT_SHA512", 82, true, isar0(12, 2)),
  sha3: feature("FEAT_SHA3", 82, true, isar0(32)),
  sm3: feature("FEAT_SM3", 82, true, isar0(36)),
  sm4: feature("FEAT_SM4", 82, true, isar0(40)),
  dotprod: feature("FEAT_DotProd", 82, true, isar0(44)),
  fhm: feature("FEAT_FHM", 82, true, isar0(48)),
  fp16: feature("FEAT_FP16", 82, true, pfr0(16, 1), pfr0(20, 1)),
  dpb: feature("FEAT_DPB", 82, false, isar1(0, 1)),
  uao: feature("FEAT_UAO", 82, false, mmfr2(4)),
  hpds2: feature("FEAT_HPDS2", 82, false, mmfr1(12, 2)),
  cnp: feature("FEAT_TTCNP", 82, false, mmfr2(0)),
  lva: feature("FEAT_LVA", 82, false, mmfr2(16)),
  // ID_AA64MMFR0_EL1.PARange says it.
  lpa: feature("FEAT_LPA", 82, false),
  ras: feature("FEAT_RAS", 82, false, pfr0(28)),
  pauth: feature("FEAT_PAuth", 83, false, isar1(4, 1), isar1(24)),
  jscvt: feature("FEAT_JSCVT", 83, true, isar1(12)),
  fcma: feature("FEAT_FCMA", 83, true, isar1(16)),
  lrcpc: feature("FEAT_LRCPC", 83, false, isar1(20, 1)),
  lrcpc2: feature("FEAT_LRCPC2", 84, false, isar1(20, 2)),
  flagm: feature("FEAT_FlagM", 84, false, isar0(52, 1)),
  dit: feature("FEAT_DIT", 84, false, pfr0(48)),
  lse2: feature("FEAT_LSE2", 84, false, mmfr2(32)),
  idst: feature("FEAT_IDST", 84, false, mmfr2(36)),
  ttst: feature("FEAT_TTST", 84, false, mmfr2(28)),
  ttl: feature("FEAT_TTL", 84, false, mmfr2(48)),
  tlbirange: feature("FEAT_TLBIRANGE", 84, false, isar0(56, 2)),
  tlbios: feature("FEAT_TLBIOS", 84, false, isar0(56, 1)),
  flagm2: feature("FEAT_FlagM2", 85, false, isar0(52, 2)),
  frintts: feature("FEAT_FRINTTS", 85, true, isar1(32)),
  bti: feature("FEAT_BTI", 85, false, pfr1(0)),
  rng: feature("FEAT_RNG", 85, false, isar0(60)),
  dpb2: feature("FEAT_DPB2", 85, false, isar1(0, 2)),
  specres: feature("FEAT_SPECRES", 85, false, isar1(40)),
  e0pd: feature("FEAT_E0PD", 85, false, mmfr2(60)),
  csv2: feature("FEAT_CSV2_2", 85, false, pfr0(56, 2)),
  csv3: feature("FEAT_CSV3", 85, false, pfr0(60)),
  ecv: feature("FEAT_ECV", 86, false, mmfr0(60)),
  bf16: feature("FEAT_BF16", 86, true, isar1(44)),
  i8mm: feature("FEAT_I8MM", 86, true, isar1(52)),
  dgh: feature("FEAT_DGH", 86, false, isar1(48)),
  pan3: feature("FEAT_PAN3", 87, false, mmfr1(20, 3)),
} as const satisfies Readonly<Record<string, FeatureInfo>>;

export type Feature = keyof typeof FEATURES;

export const ALL_FEATURES = Object.keys(FEATURES) as readonly Feature[];
