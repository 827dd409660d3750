import { COUNTER_HZ } from "../emulator/arch/sysreg.js";
import { INSTRUCTIONS_PER_SECOND, type Machine } from "../emulator/index.js";

/** When every machine believes it was switched on: 2024-01-01T00:00:00Z, seconds since 1970. */
export const BOOT_SECONDS = 1_704_067_200;
const NANOSECONDS = 1_000_000_000n;
const NS_PER_INSTRUCTION = NANOSECONDS / BigInt(INSTRUCTIONS_PER_SECOND);

/**
 * Virtual time: it follows the instructions executed, and jumps over the stretches in which every
 * thread slept. The same run reads the same times.
 */
export class Clock {
  readonly #machine: Machine;
  #idle = 0n;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Nanoseconds since boot. */
  get nanoseconds(): bigint {
    return BigInt(this.#machine.instructionsExecuted) * NS_PER_INSTRUCTION + this.#idle;
  }

  /** The system counter, COUNTER_HZ: mach_absolute_time. */
  get ticks(): bigint {
    return (this.nanoseconds * BigInt(COUNTER_HZ)) / NANOSECONDS;
  }

  /** Nanoseconds since 1970. */
  get realtimeNanoseconds(): bigint {
    return BigInt(BOOT_SECONDS) * NANOSECONDS + this.nanoseconds;
  }

  /** Nobody has anything to do before `nanoseconds`: let the time pass. */
  skipTo(nanoseconds: bigint): void {
    const now = this.nanoseconds;
    if (nanoseconds > now) this.#idle += nanoseconds - now;
  }
}
