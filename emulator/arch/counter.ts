import { COUNTER_HZ } from "./cpu-model.js";

/** Instructions in a second of virtual time: an instruction takes a nanosecond. */
export const INSTRUCTIONS_PER_SECOND = 1_000_000_000;

/** Ticks of the counter and the instructions they take, in lowest terms: 24 MHz is 3 ticks in 125 instructions. */
export interface CounterRatio {
  readonly ticks: number;
  readonly instructions: number;
}

export function counterRatio(counterHz: number): CounterRatio {
  let [a, b] = [INSTRUCTIONS_PER_SECOND, counterHz];
  while (b !== 0) [a, b] = [b, a % b];
  return { ticks: counterHz / a, instructions: INSTRUCTIONS_PER_SECOND / a };
}

/** Counter value at a time in instruction times. @param counterHz CpuConfig.counterHz */
export function counterAt(time: number, counterHz: number = COUNTER_HZ): number {
  const { ticks, instructions } = counterRatio(counterHz);
  return Math.floor((time * ticks) / instructions);
}

/** The first time at which the counter has at least this value. */
export function timeOfCounter(value: number, counterHz: number): number {
  const { ticks, instructions } = counterRatio(counterHz);
  return Math.ceil((value * instructions) / ticks);
}
