import type { CpuState, Firmware } from "../../emulator/index.js";

/** Power State Coordination Interface 1.0 (Arm DEN 0022), and SMCCC_VERSION (DEN 0028), for a machine of one CPU. */

const FUNCTION = {
  SMCCC_VERSION: 0x8000_0000,
  PSCI_VERSION: 0x8400_0000,
  CPU_SUSPEND: 0x8400_0001,
  CPU_OFF: 0x8400_0002,
  CPU_ON: 0x8400_0003,
  AFFINITY_INFO: 0x8400_0004,
  MIGRATE_INFO_TYPE: 0x8400_0006,
  SYSTEM_OFF: 0x8400_0008,
  SYSTEM_RESET: 0x8400_0009,
  PSCI_FEATURES: 0x8400_000a,
} as const;
/** Set in the number of a function that takes 64-bit arguments. */
const SMC64 = 0x4000_0000;
const HAS_64_BIT_FORM: ReadonlySet<number> = new Set([
  FUNCTION.CPU_SUSPEND,
  FUNCTION.CPU_ON,
  FUNCTION.AFFINITY_INFO,
]);
const KNOWN: ReadonlySet<number> = new Set(Object.values(FUNCTION));

const SUCCESS = 0n;
const NOT_SUPPORTED = -1n;
const INVALID_PARAMETERS = -2n;
const ALREADY_ON = -4n;

const VERSION_1_0 = 0x1_0000n;
const SMCCC_1_1 = 0x1_0001n;
const AFFINITY_ON = 0n;
/** No trusted operating system that would have to be migrated. */
const MIGRATION_NOT_REQUIRED = 2n;
/** Of MPIDR_EL1: 39:32, 23:0. The only CPU has zeroes there. */
const AFFINITY_BITS = 0xff_00ff_ffffn;

/** What the calls do to the machine. */
export interface PowerControl {
  systemOff(): void;
  systemReset(): void;
  cpuOff(): void;
  /** CPU_SUSPEND: wait for an interrupt. */
  standby(): void;
}

export class Psci implements Firmware {
  readonly conduit: "hvc" | "smc";
  readonly #power: PowerControl;

  constructor(conduit: "hvc" | "smc", power: PowerControl) {
    this.conduit = conduit;
    this.#power = power;
  }

  /** By the SMC Calling Convention: the function in W0, arguments from X1, the result in X0. */
  call(cpu: CpuState): void {
    const requested = Number(cpu.x(0) & 0xffff_ffffn);
    const id = canonical(requested);
    if (id === FUNCTION.SYSTEM_RESET) {
      this.#power.systemReset(); // no return: the registers are new
      return;
    }
    cpu.setX(0, BigInt.asUintN(64, this.#result(id, cpu)));
  }

  #result(id: number | null, cpu: CpuState): bigint {
    switch (id) {
      case FUNCTION.SMCCC_VERSION:
        return SMCCC_1_1;
      case FUNCTION.PSCI_VERSION:
        return VERSION_1_0;
      case FUNCTION.CPU_ON:
        return isUs(cpu.x(1)) ? ALREADY_ON : INVALID_PARAMETERS;
      case FUNCTION.AFFINITY_INFO:
        return affinityInfo(cpu.x(1), cpu.x(2));
      case FUNCTION.MIGRATE_INFO_TYPE:
        return MIGRATION_NOT_REQUIRED;
      case FUNCTION.PSCI_FEATURES: {
        const asked = canonical(Number(cpu.x(1) & 0xffff_ffffn));
        return asked === null ? NOT_SUPPORTED : SUCCESS;
      }
      case FUNCTION.CPU_SUSPEND:
        this.#power.standby();
        return SUCCESS;
      case FUNCTION.CPU_OFF:
        this.#power.cpuOff();
        return SUCCESS;
      case FUNCTION.SYSTEM_OFF:
        this.#power.systemOff();
        return SUCCESS;
      default:
        return NOT_SUPPORTED;
    }
  }
}

/** A function's 32-bit number; null if there is no such function, or not in that form. */
function canonical(id: number): number | null {
  const plain = (id & ~SMC64) >>> 0;
  if (!KNOWN.has(plain)) return null;
  return id === plain || HAS_64_BIT_FORM.has(plain) ? plain : null;
}

function isUs(target: bigint): boolean {
  return (target & AFFINITY_BITS) === 0n;
}

/** At higher levels of affinity everything is always on. */
function affinityInfo(target: bigint, level: bigint): bigint {
  if ((level & 0xffff_ffffn) > 0n) return AFFINITY_ON;
  return isUs(target) ? AFFINITY_ON : INVALID_PARAMETERS;
}
