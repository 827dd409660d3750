import { ALL_FEATURES, FEATURES, type Feature } from "./features.js";

/** What a CPU is: its features and what it calls itself. */
export interface CpuModel {
  readonly name: CpuModelName;
  readonly features: ReadonlySet<Feature>;
}

export const CPU_MODEL_NAMES = ["max", "cortex-a57", "apple-m1"] as const;
export type CpuModelName = (typeof CPU_MODEL_NAMES)[number];

/** Features that came with a version or before, apart from those left out. */
function upTo(version: number, without: readonly Feature[], extra: readonly Feature[] = []) {
  const features = ALL_FEATURES.filter((f) => FEATURES[f].since <= version && !without.includes(f));
  return new Set<Feature>([...features, ...extra]);
}

/**
 * `max`: Armv8.6-A with everything implemented. `cortex-a57`: Armv8.0-A with the cryptographic extension, as QEMU's.
 * `apple-m1`: the set Apple's M1 reports (Armv8.4-A and parts of 8.5-A).
 */
const MODELS: Readonly<Record<CpuModelName, CpuModel>> = {
  max: { name: "max", features: new Set(ALL_FEATURES) },
  "cortex-a57": { name: "cortex-a57", features: upTo(80, ["sb", "ssbs"]) },
  "apple-m1": {
    name: "apple-m1",
    features: upTo(84, ["sm3", "sm4"], ["flagm2", "frintts", "dpb2", "specres"]),
  },
};

export function cpuModel(name: CpuModelName): CpuModel {
  return MODELS[name];
}
