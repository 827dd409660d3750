import { describe, expect, it } from "vitest";
import { HostBug } from "../../../emulator/arch/check.js";
import { areDisjoint, buildDecoder } from "../../../emulator/isa/decode.js";
import {
  inst,
  leadingBits,
  parsePattern,
  signed,
  type Row,
} from "../../../emulator/isa/pattern.js";
import { ROWS } from "../../../emulator/isa/table.js";

const nothing = (): void => undefined;

describe("patterns", () => {
  it("reads fields and fixed bits from bit 31 down", () => {
    const row = inst("ADD", "sf:1 0 0 01011 shift:2 0 rm:5 imm6:6 rn:5 rd:5", nothing);
    expect(row.mask >>> 0).toBe(0x7f20_0000);
    expect(row.value).toBe(0x0b00_0000);
    // add x3, x4, x5, lsr #7
    expect(row.extract(0x8b45_1c83)).toEqual({ sf: 1, shift: 1, rm: 5, imm6: 7, rn: 4, rd: 3 });
  });

  it("leaves x bits open", () => {
    expect(parsePattern("1x0x 0000000000000000000000000000").mask >>> 0).toBe(0xafff_ffff);
  });

  it("refuses patterns that are not 32 bits wide or name a field twice", () => {
    expect(() => parsePattern("0101")).toThrow(HostBug);
    expect(() => parsePattern("rd:16 rd:16")).toThrow(HostBug);
    expect(() => parsePattern("2000000000000000 rd:16")).toThrow(HostBug);
  });

  it("gives the leading fixed bits of every row as reading the whole pattern does", () => {
    for (const { pattern } of ROWS) {
      const whole = parsePattern(pattern);
      const leading = leadingBits(pattern, 21);
      expect([pattern, leading.mask >>> 21, leading.value >>> 21]).toEqual([
        pattern,
        whole.mask >>> 21,
        whole.value >>> 21,
      ]);
    }
  });

  it("takes an x at the start of a token for a bit or a name", () => {
    expect(leadingBits("x0 1x xy:3 0101x x:1 1 rest:18", 19)).toEqual({
      mask: 0x61e0_0000,
      value: 0x20a0_0000,
    });
  });

  it("sign-extends fields", () => {
    expect(signed(0x1ff, 9)).toBe(-1);
    expect(signed(0x0ff, 9)).toBe(255);
    expect(signed(0x3ff_ffff, 26)).toBe(-1);
  });
});

describe("the decoder", () => {
  const immediate = inst("shift", "0000 immh:4!=0000 rest:24", nothing);
  const modified = inst("modified immediate", "0000 0000 rest:24", nothing);

  it("finds the row by its fixed bits and honours excluded values", () => {
    const decoder = buildDecoder([immediate, modified]);
    expect(decoder.decode(0x0000_0001)).toBe(modified);
    expect(decoder.decode(0x0100_0001)).toBe(immediate);
    expect(decoder.decode(0x1000_0001)).toBeNull();
  });

  it("finds in every bucket what trying all rows finds", () => {
    const decoder = buildDecoder(ROWS);
    const matching = (word: number): Row | null =>
      ROWS.find(
        (row) =>
          (word & row.mask) >>> 0 === row.value &&
          !row.exclusions.some((x) => (word & x.mask) >>> 0 === x.value),
      ) ?? null;
    for (let top = 0; top < 2048; top++) {
      for (const low of [0, 0x1f_ffff, 0x0a_5a5a]) {
        const word = ((top << 21) | low) >>> 0;
        expect(decoder.decode(word)).toBe(matching(word));
      }
    }
  });

  it("knows exactly whether exclusions leave a common word", () => {
    const row = (pattern: string): Row => inst("row", pattern, nothing);
    const rest = "xxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    // Only 10xx and 01xx are left to the first; the exclusions of the second take one of them away.
    const first = row(`a:2!=00 b:2 ${rest}`);
    expect(areDisjoint(first, row(`a:2!=01 b:2 ${rest}`))).toBe(false);
    expect(areDisjoint(first, row(`00 b:2 ${rest}`))).toBe(true);
    expect(areDisjoint(row(`a:1!=0 b:3 ${rest}`), row(`a:1!=1 b:3 ${rest}`))).toBe(true);
    expect(areDisjoint(row(`a:2!=00 xx ${rest}`), row(`x a:1!=0 0 x ${rest}`))).toBe(false);
    expect(areDisjoint(row(`a:4!=0000 ${rest}`), row(`000 a:1!=1 ${rest}`))).toBe(true);
  });

  it("finds no two rows of the whole table that share a word", () => {
    for (const [i, a] of ROWS.entries()) {
      for (const b of ROWS.slice(i + 1)) {
        if (!areDisjoint(a, b)) expect.fail(`${a.name} and ${b.name}`);
      }
    }
  });

  it("sees whether two rows share a word", () => {
    const other = inst("other", "0000 xxxx rest:24", nothing);
    expect(areDisjoint(immediate, modified)).toBe(true);
    expect(areDisjoint(modified, other)).toBe(false);
  });
});
