import type { Feature } from "../../emulator/arch/features.js";
import type { Row } from "../../emulator/isa/pattern.js";

/**
 * Instructions that libunicorn 2.0.1 cannot judge, each with the reason. What is listed here is judged by
 * qemu-aarch64 or by tests with values from the manual.
 */

interface KnownDifference {
  readonly reason: string;
  readonly holds: (row: Row, word: number) => boolean;
}

/** Features of `max` that the library's newest CPU does not have. */
export const LACKING: readonly Feature[] = ["bf16", "i8mm"];

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason: "BF16 and I8MM are not implemented",
    holds: (row, word) => row.features(row.extract(word)).some((f) => LACKING.includes(f)),
  },
  {
    reason: "LDSMAX, LDSMIN, LDUMAX, LDUMIN of less than 64 bits take the extremes of whole registers",
    holds: (row, word) =>
      /^LD[SU](MAX|MIN)$/.test(row.name) && row.extract(word)["size"] !== 3,
  },
  {
    reason: "pointer authentication codes: its keys cannot be set and its algorithm is a hash of its own",
    holds: (row, word) =>
      row.features(row.extract(word)).includes("pauth") && !/^XPAC/.test(row.name),
  },
  {
    reason: "FCVTZS (vector, fixed-point, scalar) of halves leaves the sign in bits 31:16 of the register",
    holds: (row, word) =>
      row.name === "FCVTZS (vector, fixed-point, scalar)" && row.extract(word)["immh"]! >> 1 === 1,
  },
  {
    reason: "random numbers",
    holds: (row, word) => row.features(row.extract(word)).includes("rng"),
  },
];

export function isKnownDifference(row: Row, word: number): boolean {
  return KNOWN_DIFFERENCES.some(({ holds }) => holds(row, word));
}
