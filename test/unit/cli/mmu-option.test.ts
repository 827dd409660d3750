import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { parseMmuOption } from "../../../kernel-sim/cli/mmu-option.js";

describe("--mmu", () => {
  it.each([
    ["plain", "plain"],
    ["strict", "strict"],
    ["adversarial", { adversarial: 1 }],
    ["adversarial:7", { adversarial: 7 }],
    ["adversarial:0xffffffff", { adversarial: 0xffff_ffff }],
  ])("%s", (text, mode) => {
    expect(parseMmuOption(text)).toEqual(mode);
  });

  it.each([
    ["", "expected plain, strict or adversarial[:SEED]."],
    ["lenient", "expected plain, strict or adversarial[:SEED]."],
    ["strict:1", "expected plain, strict or adversarial[:SEED]."],
    ["adversarial:1:2", "expected plain, strict or adversarial[:SEED]."],
    ["adversarial:", "a seed is a whole number below 2^32."],
    ["adversarial:4294967296", "a seed is a whole number below 2^32."],
  ])("refuses %j", (text, message) => {
    expect(() => parseMmuOption(text)).toThrow(new InvalidArgumentError(message));
  });
});
