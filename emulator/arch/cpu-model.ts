import type { PhysicalAddressBits } from "./translation-control.js";
import { ALL_FEATURES, FEATURES, type Feature } from "./features.js";

/** What a CPU is: its features and what it calls itself. */
export interface CpuModel {
  readonly name: CpuModelName;
  readonly features: ReadonlySet<Feature>;
  /** MIDR_EL1: implementer, variant, architecture, part, revision. */
  readonly midr: number;
  /** Bits of a physical address (ID_AA64MMFR0_EL1.PARange). */
  readonly physicalAddressBits: PhysicalAddressBits;
}

export const CPU_MODEL_NAMES = ["max", "cortex-a57", "apple-m1"] as const;
export type CpuModelName = (typeof CPU_MODEL_NAMES)[number];

/** How a machine is made, as far as its CPU can tell. Never changes while the machine lives. */
export interface CpuConfig {
  readonly model: CpuModel;
  /**
   * The instruction that calls firmware (PSCI, SMCCC). There is no EL2 and no EL3: without firmware
   * ("none"), and always for the other instruction, HVC and SMC are UNDEFINED.
   */
  readonly conduit: "none" | "hvc" | "smc";
  /** What RNDR's numbers start from: an unsigned 32-bit number. */
  readonly seed: number;
  /** Frequency of the system counter; CNTFRQ_EL0 after a reset. Divides 10^9 or a small multiple of it. */
  readonly counterHz: number;
}

/** What a CPU may have by itself: the system registers of the GIC come with an interrupt controller. */
const OWN_FEATURES = ALL_FEATURES.filter((f) => f !== "gicv3");

/** Features that came with a version or before, apart from those left out. */
function upTo(version: number, without: readonly Feature[], extra: readonly Feature[] = []) {
  const features = OWN_FEATURES.filter((f) => FEATURES[f].since <= version && !without.includes(f));
  return new Set<Feature>([...features, ...extra]);
}

/**
 * `max`: Armv8.6-A with everything implemented, and PAN3; implementer 0 is "reserved for software use".
 * `cortex-a57`: Armv8.0-A with the cryptographic extension, as QEMU's; but it has 16 KiB pages too, which the
 * kernel simulation uses. `apple-m1`: the set Apple's M1 reports (Armv8.4-A and parts of 8.5-A), without 64 KiB
 * pages, 16-bit ASIDs and hardware management of the access flag.
 */
const MODELS: Readonly<Record<CpuModelName, CpuModel>> = {
  max: {
    name: "max",
    features: new Set(OWN_FEATURES),
    midr: 0x000f_4d40,
    physicalAddressBits: 52,
  },
  "cortex-a57": {
    name: "cortex-a57",
    features: upTo(80, ["sb", "ssbs"]),
    midr: 0x411f_d070,
    physicalAddressBits: 44,
  },
  "apple-m1": {
    name: "apple-m1",
    features: upTo(
      84,
      ["sm3", "sm4", "asid16", "tgran64", "hafdbs", "lpa", "lva"],
      ["flagm2", "frintts", "dpb2", "specres", "csv2", "csv3"],
    ),
    midr: 0x611f_0231,
    physicalAddressBits: 36,
  },
};

export function cpuModel(name: CpuModelName): CpuModel {
  return MODELS[name];
}

/** The model with one more feature. */
export function withFeature(model: CpuModel, feature: Feature): CpuModel {
  return { ...model, features: new Set([...model.features, feature]) };
}

/** Counter frequency in Hz unless the machine says otherwise: as on Apple's machines. */
export const COUNTER_HZ = 24_000_000;

/** The default: `max`, without firmware, from seed 0. */
export const DEFAULT_CPU_CONFIG: CpuConfig = {
  model: MODELS.max,
  conduit: "none",
  seed: 0,
  counterHz: COUNTER_HZ,
};
