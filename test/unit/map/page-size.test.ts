import { describe, expect, it } from "vitest";
import {
  vmMapPageMask,
  vmMapPageShift,
  vmMapPageSize,
  vmMapRoundPage,
  vmMapRoundPageMask,
  vmMapTruncPage,
  vmMapTruncPageMask,
} from "../../../vm/map/page-size.js";
import { vmMapCreate } from "../../../vm/map/lifecycle.js";
import { testSystem } from "../../support/vm-buffer.js";
import { va } from "../../support/vm-world.js";

const MAX = 2n ** 64n - 1n;

describe("page size of a map", () => {
  it("is the kernel's without a map", () => {
    expect([vmMapPageShift(null), vmMapPageSize(null), vmMapPageMask(null)]).toEqual([
      14,
      16384,
      0x3fffn,
    ]);
  });

  it("is the map's own", () => {
    const map = vmMapCreate(testSystem().system, null, va(0), va(0x10_0000));
    map.pageShift = 12;
    expect([vmMapPageShift(map), vmMapPageSize(map), vmMapPageMask(map)]).toEqual([
      12,
      4096,
      0xfffn,
    ]);
  });
});

describe("rounding", () => {
  const forms = [
    [vmMapRoundPage, vmMapTruncPage],
    [vmMapRoundPageMask, vmMapTruncPageMask],
  ] as const;

  it.each(forms)("goes to whole pages and wraps to 0 (%o)", (round, trunc) => {
    expect(round(1n, 0x3fffn)).toBe(0x4000n);
    expect(round(0x4000n, 0x3fffn)).toBe(0x4000n);
    expect(round(0n, 0x3fffn)).toBe(0n);
    expect(round(MAX, 0x3fffn)).toBe(0n);
    expect(round(MAX - 0x3fffn, 0x3fffn)).toBe(MAX - 0x3fffn);
    expect(trunc(0x7fffn, 0x3fffn)).toBe(0x4000n);
    expect(trunc(MAX, 0xfffn)).toBe(MAX - 0xfffn);
  });

  it.each(forms)("is the identity for mask 0 (%o)", (round, trunc) => {
    for (const x of [0n, 1n, 0x1234_5678_9abc_def0n, MAX]) {
      expect(round(x, 0n)).toBe(x);
      expect(trunc(x, 0n)).toBe(x);
    }
  });

  it.each(forms)("takes a mask as a signed 32-bit number (%o)", (round, trunc) => {
    expect(trunc(MAX, 0xffff_ffffn)).toBe(0n);
    expect(round(0x1234n, 0xffff_ffffn)).toBe(0n);
    expect(trunc(MAX, 0x8000_0000n)).toBe(0x7fff_ffffn);
    expect(round(5n, 0x8000_0000n)).toBe(5n);
    expect(trunc(MAX, 0x7fff_ffffn)).toBe(MAX - 0x7fff_ffffn);
  });
});
