import { BenchError } from "./timing.js";

/** Resident memory while a guest writes and runs new code. */
export function soak(_minutes: number): void {
  throw new BenchError("--soak is not implemented yet");
}
