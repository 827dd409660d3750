import { afterEach, expect, it, vi } from "vitest";
import { painterFor } from "../../../kernel-sim/cli/terminal.js";

afterEach(() => vi.unstubAllEnvs());

it("colours only a terminal", () => {
  vi.stubEnv("NO_COLOR", "");
  expect(painterFor(true).red("x")).toBe("\x1b[31mx\x1b[0m");
  expect(painterFor(false).red("x")).toBe("x");
});

it("honours NO_COLOR", () => {
  vi.stubEnv("NO_COLOR", "1");
  expect(painterFor(true).red("x")).toBe("x");
});
