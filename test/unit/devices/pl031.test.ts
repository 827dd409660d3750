import { describe, expect, it } from "vitest";
import { Pl031 } from "../../../emulator/index.js";

const REG = { DR: 0, MR: 4, LR: 8, CR: 0xc, IMSC: 0x10, RIS: 0x14, MIS: 0x18, ICR: 0x1c } as const;
const SECOND = 1_000_000_000;

function world(epoch = 1000): {
  get(register: keyof typeof REG): number;
  set(register: keyof typeof REG, value: number): void;
  /** Let time pass. @returns whether the interrupt is signalled, and when the clock next wants to be asked */
  at(seconds: number): [boolean, number];
  readonly rtc: Pl031;
} {
  let now = 0;
  let level = false;
  const rtc = new Pl031(
    0,
    epoch,
    () => now,
    (isHigh) => (level = isHigh),
  );
  return {
    rtc,
    get: (register) => rtc.read(REG[register], 4)!,
    set: (register, value) => void rtc.write(REG[register], 4, value),
    at: (seconds) => {
      now = seconds * SECOND;
      const next = rtc.advance(now) / SECOND;
      return [level, next];
    },
  };
}

describe("PL031", () => {
  it("counts seconds, takes a new time, and rings once", () => {
    const { get, set, at } = world();
    at(2.5);
    expect(get("DR")).toBe(1002);
    set("LR", 5000);
    expect([get("DR"), get("LR")]).toEqual([5000, 5000]);
    set("IMSC", 1);
    set("MR", 5003);
    expect(at(2.5)).toEqual([false, 5]);
    expect(at(5)).toEqual([true, Infinity]);
    expect([get("DR"), get("RIS"), get("MIS")]).toEqual([5003, 1, 1]);
    set("ICR", 1);
    expect([get("RIS"), ...at(6)]).toEqual([0, false, Infinity]);
  });

  it("rings masked without being heard", () => {
    const { get, set, at } = world();
    set("MR", 1001);
    expect(at(1)).toEqual([false, Infinity]);
    expect([get("RIS"), get("MIS")]).toEqual([1, 0]);
    set("IMSC", 0xffff_ffff);
    expect([get("IMSC"), get("MIS"), at(1)[0]]).toEqual([1, 1, true]);
    set("ICR", 0xffff_fffe); // another bit
    expect(at(1)[0]).toBe(true);
  });

  it("rings at once for the time it is, and after 2^32 seconds for one that is past", () => {
    const { set, at } = world();
    set("IMSC", 1);
    set("MR", 1000);
    expect(at(0)).toEqual([true, Infinity]);
    set("MR", 999);
    expect(at(0)[1]).toBe(2 ** 32 - 1);
  });

  it("counts modulo 2^32", () => {
    const { get, set, at } = world(0xffff_ffff);
    set("IMSC", 1);
    set("MR", 1);
    expect([get("DR"), at(1)]).toEqual([0xffff_ffff, [false, 2]]);
    expect([get("DR"), at(2)[0], get("DR")]).toEqual([0, true, 1]);
  });

  it("moves the alarm with the time", () => {
    const { set, at } = world();
    set("MR", 1010);
    expect(at(0)[1]).toBe(10);
    set("LR", 1005);
    expect(at(0)[1]).toBe(5);
  });

  it("is always on, says what it is, and comes out of a reset as it began", () => {
    const { rtc, get, set, at } = world();
    set("CR", 0);
    expect(get("CR")).toBe(1);
    expect([0xfe0, 0xfe4, 0xfe8, 0xff0].map((offset) => rtc.read(offset, 4))).toEqual([
      0x31, 0x10, 0x04, 0x0d,
    ]);
    set("LR", 7);
    set("MR", 8);
    set("IMSC", 1);
    at(1);
    rtc.reset();
    const state = (["DR", "MR", "LR", "IMSC", "RIS"] as const).map(get);
    expect([state, at(1)]).toEqual([
      [1001, 0, 0, 0, 0],
      [false, Infinity],
    ]);
  });
});
