import { cpuModel } from "../../../emulator/arch/cpu-model.js";
import { idField as fieldOf } from "../../../emulator/arch/id-registers.js";

/** Four bits of an ID register of the CPU that the simulated kernel runs on. */
function idField(name: "ID_AA64PFR0_EL1" | "ID_AA64ISAR0_EL1", shift: number): number {
  return fieldOf(name, shift, cpuModel("max"));
}

const NOT_IMPLEMENTED = 0xf;

function hwcap(): number {
  const fp = idField("ID_AA64PFR0_EL1", 16);
  const simd = idField("ID_AA64PFR0_EL1", 20);
  const aes = idField("ID_AA64ISAR0_EL1", 4);
  const features = [
    fp !== NOT_IMPLEMENTED,
    simd !== NOT_IMPLEMENTED,
    false, // EVTSTRM: no event stream
    aes >= 1,
    aes >= 2, // PMULL
    idField("ID_AA64ISAR0_EL1", 8) >= 1, // SHA1
    idField("ID_AA64ISAR0_EL1", 12) >= 1, // SHA2
    idField("ID_AA64ISAR0_EL1", 16) >= 1, // CRC32
    idField("ID_AA64ISAR0_EL1", 20) >= 2, // ATOMICS
    fp !== NOT_IMPLEMENTED && fp >= 1, // FPHP
    simd !== NOT_IMPLEMENTED && simd >= 1, // ASIMDHP
  ];
  return features.reduce((bits, has, i) => bits | (has ? 1 << i : 0), 0);
}

/**
 * AT_HWCAP: what the CPU's ID registers say, in Linux's bits (uapi/asm/hwcap.h). Without HWCAP_CPUID:
 * the ID registers themselves are not readable at EL0.
 */
export const HWCAP: number = hwcap();
