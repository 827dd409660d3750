import { MAX_REGION_INSNS } from "./region.js";

/**
 * How a run goes on: at full speed; with the budget checked by every block, near the limit; or by single
 * instructions, where a block is longer than what is left.
 */
export type Pace = "full" | "careful" | "single";

export function paceFor(left: number): Pace {
  if (left > MAX_REGION_INSNS) return "full";
  return left > 1 ? "careful" : "single";
}

/**
 * Instructions that run before everything comes back: V8 replaces a running function's code only
 * when it is entered again, so a loop that never returned would stay in its first, slow form. Slices
 * grow while nothing new is translated.
 */
export const MIN_SLICE = 150_000;
export const MAX_SLICE = 2 ** 24;
