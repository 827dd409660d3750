import type { Feature } from "../../emulator/arch/features.js";
import { cpuModel } from "../../emulator/arch/cpu-model.js";
import type { Row } from "../../emulator/isa/pattern.js";
import { isJudgeError, JUDGE_ERRORS } from "./fp-judge-errors.js";

/**
 * Instructions that a judge cannot judge, each with the reason. What is listed for one is judged by the
 * other or by tests with values from the manual.
 */

export type JudgeName = "unicorn" | "qemu max" | "qemu cortex-a57";

interface KnownDifference {
  readonly reason: string;
  readonly judges: readonly JudgeName[];
  readonly holds: (row: Row, word: number) => boolean;
}

/** Features of `max` that the library's newest CPU does not have. */
export const LACKING: readonly Feature[] = ["bf16", "i8mm"];

const ALL: readonly JudgeName[] = ["unicorn", "qemu max", "qemu cortex-a57"];
const A57 = cpuModel("cortex-a57");

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason: "libunicorn 2.0.1 has neither BF16 nor I8MM",
    judges: ["unicorn"],
    holds: (row, word) => row.features(row.extract(word)).some((f) => LACKING.includes(f)),
  },
  {
    reason:
      "LDSMAX, LDSMIN, LDUMAX, LDUMIN of less than 64 bits take the extremes of whole registers",
    judges: ["unicorn"],
    holds: (row, word) => /^LD[SU](MAX|MIN)$/.test(row.name) && row.extract(word)["size"] !== 3,
  },
  {
    reason:
      "pointer authentication: the judges' keys cannot be set, and TCR_EL1, which places the codes, is not ours",
    judges: ALL,
    holds: (row, word) => row.features(row.extract(word)).includes("pauth"),
  },
  // Where single instructions are compared these are put right; in a program their results go on.
  ...JUDGE_ERRORS.map((error) => ({
    reason: error.why,
    judges: ALL,
    holds: (row: Row, word: number) => isJudgeError(error, row, word),
  })),
  {
    reason: "random numbers",
    judges: ALL,
    holds: (row, word) => row.features(row.extract(word)).includes("rng"),
  },
  {
    reason: "what Armv8.0-A does not have",
    judges: ["qemu cortex-a57"],
    holds: (row, word) => row.features(row.extract(word)).some((f) => !A57.features.has(f)),
  },
];

export function isKnownDifference(judge: JudgeName, row: Row, word: number): boolean {
  return KNOWN_DIFFERENCES.some(({ judges, holds }) => judges.includes(judge) && holds(row, word));
}
