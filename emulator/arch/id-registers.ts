import type { CpuModel } from "./cpu-model.js";
import { FEATURES, type IdField } from "./features.js";
import { PHYSICAL_ADDRESS_BITS } from "./translation-control.js";

/** A 64-bit constant as two unsigned 32-bit halves. */
export interface Halves {
  readonly lo: number;
  readonly hi: number;
}

/** Identification registers that follow from the features a CPU has. */
export type IdRegister = IdField["register"];

/**
 * What the fields that no feature of the table stands for say (Arm ARM D23). PFR0: EL0 and EL1, AArch64
 * only, no FP and no AdvSIMD unless a feature says otherwise. MMFR0: granules of 16 KiB (TGran16 1) and
 * 4 KiB (TGran4 0), not 64 KiB (TGran64 15) unless a feature says so; data is little-endian (BigEnd 0);
 * PARange is the model's.
 */
const BASE: Readonly<Partial<Record<IdRegister, Halves>>> = {
  ID_AA64PFR0_EL1: { lo: 0x00ff_0011, hi: 0 },
  ID_AA64MMFR0_EL1: { lo: 0x0f10_0000, hi: 0 },
};

/** ID_AA64MMFR0_EL1.PARange. */
const PA_RANGE = 0;

/** An identification register of a CPU model: of every field, the highest value a feature gives it. */
export function idRegister(register: IdRegister, model: CpuModel): Halves {
  const fields = new Map<number, number>();
  for (const feature of model.features) {
    for (const id of FEATURES[feature].id) {
      if (id.register === register) fields.set(id.lo, Math.max(id.value, fields.get(id.lo) ?? 0));
    }
  }
  if (register === "ID_AA64MMFR0_EL1") {
    fields.set(PA_RANGE, PHYSICAL_ADDRESS_BITS.indexOf(model.physicalAddressBits));
  }
  let { lo, hi } = BASE[register] ?? { lo: 0, hi: 0 };
  for (const [at, value] of fields) {
    if (at < 32) lo = (lo & ~(15 << at)) | (value << at);
    else hi = (hi & ~(15 << (at - 32))) | (value << (at - 32));
  }
  return { lo: lo >>> 0, hi: hi >>> 0 };
}

/** One field of 4 bits of an identification register. */
export function idField(register: IdRegister, lo: number, model: CpuModel): number {
  const value = idRegister(register, model);
  return lo < 32 ? (value.lo >>> lo) & 15 : (value.hi >>> (lo - 32)) & 15;
}
