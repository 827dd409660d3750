import { INSTRUCTIONS_PER_SECOND } from "../arch/counter.js";
import type { DeviceAccessBytes, MmioDevice } from "./bus.js";
import { identification } from "./identification.js";
import type { Signal } from "./signal.js";
import type { TimedDevice } from "./timeline.js";

/** PrimeCell Real Time Clock (PL031), Arm DDI 0224: seconds of virtual time, and an alarm. */

const REG = { DR: 0, MR: 4, LR: 8, CR: 0xc, IMSC: 0x10, RIS: 0x14, MIS: 0x18, ICR: 0x1c } as const;
const PERIPHERAL_ID = [0x31, 0x10, 0x04, 0x00] as const;

export class Pl031 implements MmioDevice, TimedDevice {
  readonly name = "pl031";
  readonly base: number;
  readonly sizeBytes = 0x1000;
  readonly #epoch: number;
  readonly #now: () => number;
  readonly #output: Signal;
  /** Added to the seconds of virtual time. */
  #offset: number;
  #load = 0;
  #match = 0;
  /** When the counter comes to the match value, in seconds of virtual time; Infinity: it has, or never was asked to. */
  #alarm = Infinity;
  #raw = 0;
  #mask = 0;

  /**
   * @param epochSeconds what the clock shows at virtual time 0
   * @param now virtual time in instruction times
   */
  constructor(base: number, epochSeconds: number, now: () => number, output: Signal) {
    this.base = base;
    this.#epoch = this.#offset = epochSeconds;
    this.#now = now;
    this.#output = output;
  }

  reset(): void {
    this.#offset = this.#epoch;
    this.#load = this.#match = this.#raw = this.#mask = 0;
    this.#alarm = Infinity;
    this.#update();
  }

  advance(now: number): number {
    if (now >= this.#alarm * INSTRUCTIONS_PER_SECOND) {
      this.#alarm = Infinity;
      this.#raw = 1;
      this.#update();
    }
    return this.#alarm * INSTRUCTIONS_PER_SECOND;
  }

  #seconds(): number {
    return (Math.floor(this.#now() / INSTRUCTIONS_PER_SECOND) + this.#offset) >>> 0;
  }

  #setAlarm(): void {
    const passed = Math.floor(this.#now() / INSTRUCTIONS_PER_SECOND);
    const wait = (this.#match - this.#seconds()) >>> 0;
    this.#alarm = passed + wait;
  }

  read(offset: number, _bytes: DeviceAccessBytes): number | null {
    switch (offset & ~3) {
      case REG.DR:
        return this.#seconds();
      case REG.MR:
        return this.#match;
      case REG.LR:
        return this.#load;
      case REG.CR:
        return 1;
      case REG.IMSC:
        return this.#mask;
      case REG.RIS:
        return this.#raw;
      case REG.MIS:
        return this.#raw & this.#mask;
      default:
        return identification(offset, PERIPHERAL_ID) ?? 0;
    }
  }

  write(offset: number, _bytes: DeviceAccessBytes, value: number): boolean {
    switch (offset & ~3) {
      case REG.MR:
        this.#match = value;
        this.#setAlarm();
        break;
      case REG.LR:
        this.#load = value;
        this.#offset += value - this.#seconds();
        this.#setAlarm();
        break;
      case REG.IMSC:
        this.#mask = value & 1;
        break;
      case REG.ICR:
        this.#raw &= ~value;
        break;
      default:
      // The clock cannot be stopped; the rest is read-only.
    }
    this.#update();
    return true;
  }

  #update(): void {
    this.#output((this.#raw & this.#mask) !== 0);
  }
}
