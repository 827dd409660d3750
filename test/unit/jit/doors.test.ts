import { describe, expect, it } from "vitest";
import { CodeCache, type Translation, type Unit } from "../../../emulator/jit/code-cache.js";

const PHYSICAL = 0x4000_1000;
const PC = 0x1_0000_1000;
const MODE = 5;

/** A unit of one region that can also be entered 8 and 24 bytes behind its start, as 1 and 2. */
function unitWith(isMappedAt: number): Unit {
  const unit: Unit = {
    pages: [{ va: PC, pa: isMappedAt }],
    codePages: new Set([PHYSICAL / 4096]),
    translations: [],
    covered: [PHYSICAL, 8],
    modeKey: MODE,
    bytes: 100,
    opened: new Set(),
    checked: -1,
  };
  const translation: Translation = {
    unit,
    physical: PHYSICAL,
    pc: PC,
    modeKey: MODE,
    end: PC + 32,
    isDetour: false,
    indirect: [],
    doors: [PC + 8, 1, PC + 24, 2],
    wanted: true,
    run: () => 0,
  };
  unit.translations.push(translation);
  return unit;
}

describe("ways into the middle of a region", () => {
  const isMapped = ({ pa }: { readonly pa: number }): boolean => pa === PHYSICAL;

  it("are found by address and mode, once", () => {
    const code = new CodeCache(() => undefined);
    const unit = unitWith(PHYSICAL);
    code.add(unit);
    expect(code.takeDoor(PHYSICAL + 4, PC + 4, MODE, isMapped)).toBe(null);
    expect(code.takeDoor(PHYSICAL + 24, PC + 24, MODE + 1, isMapped)).toBe(null);
    expect(code.takeDoor(PHYSICAL + 24, PC + 24 + 4096, MODE, isMapped)).toBe(null);
    expect(code.takeDoor(PHYSICAL + 24, PC + 24, MODE, isMapped)).toEqual({
      into: unit.translations[0],
      entry: 2,
    });
    expect(code.takeDoor(PHYSICAL + 24, PC + 24, MODE, isMapped)).toBe(null);
    expect(code.takeDoor(PHYSICAL + 8, PC + 8, MODE, isMapped)?.entry).toBe(1);
  });

  it("are there only while the pages of the unit are mapped where they were", () => {
    const code = new CodeCache(() => undefined);
    code.add(unitWith(PHYSICAL + 4096));
    expect(code.takeDoor(PHYSICAL + 8, PC + 8, MODE, isMapped)).toBe(null);
  });

  it("go with the unit", () => {
    const code = new CodeCache(() => undefined);
    code.add(unitWith(PHYSICAL));
    expect(code.covers(PHYSICAL + 28, MODE)).toBe(true);
    expect(code.covers(PHYSICAL + 32, MODE)).toBe(false);
    expect(code.dropPage(PHYSICAL / 4096)).toEqual([PHYSICAL / 4096]);
    expect(code.takeDoor(PHYSICAL + 8, PC + 8, MODE, isMapped)).toBe(null);
    expect(code.covers(PHYSICAL, MODE)).toBe(false);
  });
});
