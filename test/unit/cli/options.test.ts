import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import {
  parseCodeCache,
  parseCount,
  parseRam,
  parseSeed,
} from "../../../kernel-sim/cli/options.js";

describe("--ram", () => {
  it.each([
    ["8M", 8 * 2 ** 20],
    ["256m", 256 * 2 ** 20],
    ["256MiB", 256 * 2 ** 20],
    ["3G", 3 * 2 ** 30],
    ["65536K", 64 * 2 ** 20],
    ["8388608", 8 * 2 ** 20],
  ])("%s", (text, bytes) => expect(parseRam(text)).toBe(bytes));

  it.each([
    ["", "expected a size such as 256M or 1G."],
    ["lots", "expected a size such as 256M or 1G."],
    ["-1", "expected a size such as 256M or 1G."],
    ["1.5G", "expected a size such as 256M or 1G."],
    ["4G", "RAM must be between 8M and 3G."],
    ["1M", "RAM must be between 8M and 3G."],
    ["8388609", "RAM must be a multiple of 64K."],
  ])("refuses %j", (text, message) => {
    expect(() => parseRam(text)).toThrow(new InvalidArgumentError(message));
  });
});

describe("whole numbers", () => {
  it("seeds are 32 bits, decimal or hexadecimal", () => {
    expect([parseSeed("0"), parseSeed("0xffffffff"), parseSeed("42")]).toEqual([
      0,
      2 ** 32 - 1,
      42,
    ]);
    expect(() => parseSeed("4294967296")).toThrow("a seed is a whole number below 2^32.");
    expect(() => parseSeed("x")).toThrow("a seed is a whole number below 2^32.");
  });

  it("counts are exact", () => {
    expect(parseCount("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => parseCount("9007199254740992")).toThrow("expected a whole number");
  });
});

describe("--code-cache", () => {
  it("is a whole number of MiB", () => {
    expect([parseCodeCache("1"), parseCodeCache("1024")]).toEqual([2 ** 20, 2 ** 30]);
    for (const text of ["0", "1025", "1.5", "-1", "x", ""]) {
      expect(() => parseCodeCache(text)).toThrow("expected a whole number of MiB, 1 to 1024.");
    }
  });
});
