/** Something whose outputs change by themselves as time passes. */
export interface TimedDevice {
  /**
   * Bring the outputs up to date with the time.
   * @param now virtual time, in instruction times
   * @returns when they change next if nobody touches the device; Infinity for never
   */
  advance(now: number): number;
}

/**
 * When what happens next. Virtual time is a function of the instructions executed and of waiting, so a run is
 * bounded by the next event and every event comes at its very instruction.
 */
export class Timeline {
  readonly #devices: TimedDevice[] = [];
  #next = Infinity;
  #stale = false;

  get isEmpty(): boolean {
    return this.#devices.length === 0;
  }

  add(device: TimedDevice): void {
    this.#devices.push(device);
    this.#stale = true;
  }

  /** A device's settings were changed: what it last said no longer holds. */
  touch(): void {
    this.#stale = true;
  }

  /** Let happen what is due at `now`. @returns when the next thing happens, later than `now` */
  advance(now: number): number {
    if (this.#stale || now >= this.#next) {
      this.#stale = false;
      let next = Infinity;
      for (const device of this.#devices) next = Math.min(next, device.advance(now));
      this.#next = next;
    }
    return this.#next;
  }
}
