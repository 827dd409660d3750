import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SkipReporter } from "./test/support/skip-reporter.js";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // Vitest leaves one core free, which is half of two.
    maxWorkers: availableParallelism(),
    reporters: ["default", new SkipReporter()],
  },
});
