import { counterAt, timeOfCounter } from "../arch/counter.js";
import { sysregSlot, type Counter } from "../arch/sysreg.js";
import type { CpuState } from "../cpu/state.js";
import type { Signal } from "./signal.js";
import type { TimedDevice } from "./timeline.js";

const CTL_ENABLE = 1;
const CTL_IMASK = 2;

const SLOTS = {
  physical: { ctl: sysregSlot("CNTP_CTL_EL0"), cval: sysregSlot("CNTP_CVAL_EL0") },
  virtual: { ctl: sysregSlot("CNTV_CTL_EL0"), cval: sysregSlot("CNTV_CVAL_EL0") },
} as const;

/**
 * The EL1 physical or virtual timer (Arm ARM D11.2): asks for an interrupt from the moment the counter reaches
 * CompareValue, while it is enabled and not masked. The registers are the CPU's.
 */
export class GenericTimer implements TimedDevice {
  readonly #cpu: CpuState;
  readonly #slots: (typeof SLOTS)[Counter];
  readonly #output: Signal;

  constructor(cpu: CpuState, counter: Counter, output: Signal) {
    this.#cpu = cpu;
    this.#slots = SLOTS[counter];
    this.#output = output;
  }

  advance(now: number): number {
    const cpu = this.#cpu;
    const { ctl, cval } = this.#slots;
    const isOn = (cpu.readLo(ctl) & (CTL_ENABLE | CTL_IMASK)) === CTL_ENABLE;
    const compare = (cpu.readHi(cval) >>> 0) * 2 ** 32 + (cpu.readLo(cval) >>> 0);
    const { counterHz } = cpu.config;
    const isMet = counterAt(now, counterHz) >= compare;
    this.#output(isOn && isMet);
    return isOn && !isMet ? timeOfCounter(compare, counterHz) : Infinity;
  }
}
