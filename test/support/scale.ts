/** Whether there is time for much: where `CI` is set. */
const CI = process.env["CI"] !== undefined && process.env["CI"] !== "false";

/** How often a test does what it does: `much` in continuous integration, `little` on a developer's machine. */
export function scaled(much: number, little: number): number {
  return CI ? much : little;
}

/** Multiplies the work of differential tests: MACHVM_DIFF_ROUNDS. */
export const DIFF_ROUNDS = Number(process.env["MACHVM_DIFF_ROUNDS"] ?? 1);

/** Changes the words and numbers of a differential test: MACHVM_DIFF_SEED. */
export function diffSeed(byDefault = 0): number {
  return Number(process.env["MACHVM_DIFF_SEED"] ?? byDefault);
}
