import { describe, expect, it } from "vitest";
import { hex64 } from "../../../emulator/arch/hex.js";
import { qarma, type Word } from "../../../emulator/cpu/pauth/qarma.js";

const word = (digits: string): Word => ({
  hi: parseInt(digits.slice(0, 8), 16),
  lo: parseInt(digits.slice(8), 16),
});

describe("QARMA-64", () => {
  // R. Avanzi, "The QARMA Block Cipher Family", appendix: S-box sigma 2.
  it.each([
    [5, "0xc003b93999b33765"],
    [6, "0x270a787275c48d10"],
    [7, "0x5c06a7501b63b2fd"],
  ])("gives the published result of %i rounds", (rounds, expected) => {
    const { hi, lo } = qarma(
      word("fb623599da6e8127"),
      word("477d469dec0b8762"),
      word("84be85ce9804e94b"),
      word("ec2802d4e0a488e9"),
      rounds,
    );
    expect(hex64(lo, hi)).toBe(expected);
  });
});
