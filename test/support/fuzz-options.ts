/** How much the fuzzers do, and from which seed: MACHVM_FUZZ_SEED, MACHVM_FUZZ_INSTRUCTIONS and MACHVM_FUZZ_TABLES change it. */

import { scaled } from "./scale.js";

/** Instructions to execute over all fuzzers. */
export const FUZZ_INSTRUCTIONS = Number(
  process.env["MACHVM_FUZZ_INSTRUCTIONS"] ?? scaled(1_000_000, 100_000),
);

export const FUZZ_SEED = Number(process.env["MACHVM_FUZZ_SEED"] ?? 20261);

/** Random translation tables: MACHVM_FUZZ_TABLES. */
export const FUZZ_TABLES = Number(process.env["MACHVM_FUZZ_TABLES"] ?? scaled(20_000, 4_000));
