import { EC_HVC64, EC_SMC64, EC_UNKNOWN, esrClass, esrIss } from "./arch/esr.js";
import type { Exception } from "./cpu/exception.js";
import { PSTATE_SS } from "./cpu/state-layout.js";
import type { CpuState } from "./cpu/state.js";

/** What stands for firmware (PSCI, SMCCC): called between two instructions. */
export interface Firmware {
  readonly conduit: "hvc" | "smc";
  /** The registers hold the call's arguments, the PC is behind the instruction. */
  call(cpu: CpuState, immediate: number): void;
}

/** Answers semihosting calls ("Semihosting for AArch32 and AArch64", Arm): HLT #0xF000 at EL1, else UNDEFINED. */
export interface Semihosting {
  /** W0 holds the operation, X1 its argument, X0 takes the result. The PC is behind the instruction. */
  call(cpu: CpuState): void;
}

/** HLT #0xF000. */
const SEMIHOSTING_CALL = 0xd45e_0000;

/** Calls of firmware and of semihosting are not exceptions: they are answered here and now. */
export class HostCalls {
  readonly #cpu: CpuState;
  readonly #firmware: Firmware | null;
  readonly #semihosting: Semihosting | null;
  readonly #wordAtPc: () => number;

  /** @param wordAtPc the instruction at the PC, 0 if it cannot be read */
  constructor(
    cpu: CpuState,
    firmware: Firmware | null,
    semihosting: Semihosting | null,
    wordAtPc: () => number,
  ) {
    this.#cpu = cpu;
    this.#firmware = firmware;
    this.#semihosting = semihosting;
    this.#wordAtPc = wordAtPc;
  }

  /** @returns false if the exception is none of these calls */
  answer({ esr }: Exception): boolean {
    return this.#callsFirmware(esr) || this.#callsSemihosting(esr);
  }

  /** HLT is UNDEFINED as far as translated code knows. */
  #callsSemihosting(esr: number): boolean {
    const cpu = this.#cpu;
    if (this.#semihosting === null || esrClass(esr) !== EC_UNKNOWN || cpu.el === 0) return false;
    if (this.#wordAtPc() !== SEMIHOSTING_CALL) return false;
    cpu.pc += 4n;
    cpu.instructionCount++;
    cpu.pstate = (cpu.pstate & ~(1 << PSTATE_SS)) >>> 0; // if it was stepped, that was the step
    this.#semihosting.call(cpu);
    return true;
  }

  /** HVC and SMC come here only when they are the firmware's conduit. */
  #callsFirmware(esr: number): boolean {
    const ec = esrClass(esr);
    if (this.#firmware === null || (ec !== EC_HVC64 && ec !== EC_SMC64)) return false;
    this.#firmware.call(this.#cpu, esrIss(esr) & 0xffff);
    return true;
  }
}
