import { describe, expect, it } from "vitest";
import {
  KERNEL_PAGES,
  overflowIsBadAddress,
  overflowOfAllocate,
  overflowOfProtect,
  rawBehavior,
  rawInherit,
  rawProt,
  rawU64,
  sanitizeAddress,
  sanitizeAddressEnd,
  sanitizeBehavior,
  sanitizeCurAndMax,
  sanitizeInherit,
  sanitizeMask,
  sanitizeProt,
  sanitizeRange,
  sanitizeSize,
  type RangeRules,
  type RangeSpace,
} from "../../../vm/sanitize.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_SUCCESS,
  VM_MIN_KERNEL_ADDRESS,
} from "../../../vm/types.js";
import { va } from "../../support/vm-world.js";

const SMALL_PAGES: RangeSpace = { pageShift: 12, minOffset: va(0) };
const KERNEL: RangeSpace = { pageShift: 14, minOffset: VM_MIN_KERNEL_ADDRESS };
const FAILS: RangeRules = { zeroSize: "fails" };
const MAX = 0xffff_ffff_ffff_ffffn;

function range(
  address: number | bigint,
  size: number | bigint,
  rules: RangeRules = FAILS,
  space = KERNEL_PAGES,
): unknown {
  return sanitizeRange(space, rawU64(address), rawU64(size), rules);
}

const ok = (start: number, end: number): unknown => ({
  proceed: true,
  start,
  end,
  size: end - start,
});
const stop = (kr: number): unknown => ({ proceed: false, kr });

describe("a range", () => {
  it("is widened to whole pages", () => {
    expect(range(0x10003, 0x4000)).toEqual(ok(0x10000, 0x18000));
    expect(range(0x10000, 0x4000)).toEqual(ok(0x10000, 0x14000));
    expect(range(0x10fff, 2, FAILS, SMALL_PAGES)).toEqual(ok(0x10000, 0x12000));
    expect(range(0, 1)).toEqual(ok(0, 0x4000));
  });

  it("is counted from the truncated start where the start is realigned", () => {
    const rules: RangeRules = { ...FAILS, realignStart: true };
    expect(range(0x10003, 0x4000, rules)).toEqual(ok(0x10000, 0x14000));
    expect(range(MAX, 0x4000, rules)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(range(MAX - 0x4000n, 0x3fff, rules)).toEqual(
      ok(Number(MAX - 0x7fffn), Number(MAX - 0x3fffn)),
    );
  });

  it("keeps its bytes where that is asked for", () => {
    expect(range(0x10003, 5, { ...FAILS, unaligned: true })).toEqual(ok(0x10003, 0x10008));
  });

  it("of no bytes is what the caller says, before anything else is looked at", () => {
    expect(range(MAX, 0, { zeroSize: "succeeds" })).toEqual(stop(KERN_SUCCESS));
    expect(range(0x10003, 0)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(range(0x10003, 0, { zeroSize: "fallthrough" })).toEqual(ok(0x10000, 0x10000));
    const exact: RangeRules = { zeroSize: "fallthrough", unaligned: true };
    expect(range(0x10003, 0, exact)).toEqual(ok(0x10003, 0x10003));
    const aligned: RangeRules = { zeroSize: "succeeds", checkAlignedStart: true };
    expect(range(0x10003, 0, aligned)).toEqual(stop(KERN_INVALID_ARGUMENT));
  });

  it("may not wrap, by its sum or by rounding", () => {
    expect(range(0x4000, MAX - 0x3fffn)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(range(0x4000, MAX - 0x4000n)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(range(0x4000, MAX - 0x7fffn)).toEqual(ok(0x4000, 2 ** 64 - 0x4000));
  });

  it("is refused with the caller's code, which may depend on how it wraps", () => {
    const kinds: string[] = [];
    const rules: RangeRules = {
      zeroSize: "fails",
      onOverflow: (overflow) => {
        kinds.push(`${overflow.kind} ${overflow.address} ${overflow.size} ${overflow.pageShift}`);
        return KERN_INVALID_ADDRESS;
      },
    };
    expect(range(1, MAX, rules)).toEqual(stop(KERN_INVALID_ADDRESS));
    expect(range(0, MAX, rules)).toEqual(stop(KERN_INVALID_ADDRESS));
    expect(kinds).toEqual([`sum 1 ${MAX} 14`, `rounding 0 ${MAX} 14`]);
  });

  it("must stay in one half where address bits are checked", () => {
    const rules: RangeRules = { ...FAILS, unaligned: true, checkAddressBits: true };
    expect(range(2n ** 48n - 0x4000n, 0x4000, rules)).toEqual(ok(2 ** 48 - 0x4000, 2 ** 48));
    expect(range(2n ** 48n - 0x4000n, 0x8000, rules)).toEqual(stop(KERN_INVALID_ADDRESS));
  });

  it("of the upper half lies above a user's map, and is negative for the kernel's", () => {
    const high = 0xffff_fe00_0000_4000n;
    expect(range(high, 0x4000)).toEqual(ok(Number(high), Number(high) + 0x4000));
    expect(range(high, 0x4000, FAILS, KERNEL)).toEqual(
      ok(VM_MIN_KERNEL_ADDRESS + 0x4000, VM_MIN_KERNEL_ADDRESS + 0x8000),
    );
    expect(sanitizeAddress(KERNEL, rawU64(high + 5n))).toBe(VM_MIN_KERNEL_ADDRESS + 0x4000);
    expect(sanitizeAddress(KERNEL_PAGES, rawU64(0x7fff))).toBe(0x4000);
  });

  it("given by its end has a huge size if the end comes first", () => {
    const between = (start: number, end: number): unknown =>
      sanitizeAddressEnd(KERNEL_PAGES, rawU64(start), rawU64(end), FAILS);
    expect(between(0x4001, 0x8001)).toEqual(ok(0x4000, 0xc000));
    expect(between(0x8000, 0x4000)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(between(0x8000, 0x8000)).toEqual(stop(KERN_INVALID_ARGUMENT));
  });
});

describe("codes kept for compatibility", () => {
  const wraps = (
    address: number | bigint,
    size: number | bigint,
    onOverflow: NonNullable<RangeRules["onOverflow"]>,
    realignStart = false,
  ): unknown => range(address, size, { zeroSize: "succeeds", onOverflow, realignStart });

  it("of allocate", () => {
    expect(wraps(0x4000, MAX - 0xfffn, overflowOfAllocate, true)).toEqual(
      stop(KERN_INVALID_ARGUMENT),
    );
    expect(wraps(MAX - 0xffffn, 0x2_0000, overflowOfAllocate, true)).toEqual(
      stop(KERN_INVALID_ADDRESS),
    );
  });

  it("of protect", () => {
    expect(wraps(0, MAX, overflowOfProtect)).toEqual(stop(KERN_INVALID_ADDRESS));
    expect(wraps(0x3fff, MAX - 0x3fffn, overflowOfProtect)).toEqual(stop(KERN_INVALID_ADDRESS));
    expect(wraps(0x4000, MAX - 0x4000n, overflowOfProtect)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(wraps(1, MAX, overflowOfProtect)).toEqual(stop(KERN_INVALID_ARGUMENT));
  });

  it("of copies and msync", () => {
    expect(wraps(1, MAX, overflowIsBadAddress)).toEqual(stop(KERN_INVALID_ADDRESS));
    expect(wraps(0, MAX, overflowIsBadAddress)).toEqual(stop(KERN_INVALID_ADDRESS));
  });
});

describe("a size", () => {
  const size = (offset: number | bigint, bytes: number | bigint, space = KERNEL_PAGES): unknown =>
    sanitizeSize(space, rawU64(offset), rawU64(bytes), "succeeds");

  it("covers every page its bytes touch", () => {
    const whole = (bytes: number, offset: number, exact: number): unknown => ({
      proceed: true,
      size: bytes,
      offset,
      exact,
    });
    expect(size(0, 1)).toEqual(whole(0x4000, 0, 1));
    expect(size(0x3fff, 2)).toEqual(whole(0x8000, 0x3fff, 2));
    expect(size(0x1001, 0x1000, SMALL_PAGES)).toEqual(whole(0x2000, 0x1001, 0x1000));
  });

  it("may not wrap or round to nothing", () => {
    expect(size(0, MAX)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(size(2, MAX - 1n)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(size(0, MAX - 0x1000n, SMALL_PAGES)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(size(0, 0)).toEqual(stop(KERN_SUCCESS));
    const fails = sanitizeSize(KERNEL_PAGES, rawU64(0), rawU64(0), "fails");
    expect(fails).toEqual(stop(KERN_INVALID_ARGUMENT));
  });
});

describe("small arguments", () => {
  it("protections have three bits and what the caller adds", () => {
    for (let prot = 0; prot < 8; prot++) {
      expect(sanitizeProt(rawProt(prot))).toEqual({ proceed: true, prot });
    }
    for (const prot of [8, 0x10, 0x20, -1, 0x8000_0000]) {
      expect(sanitizeProt(rawProt(prot))).toEqual(stop(KERN_INVALID_ARGUMENT));
    }
    expect(sanitizeProt(rawProt(0x17), 0x10)).toEqual({ proceed: true, prot: 0x17 });
  });

  it("a current protection beyond the maximum is refused or reduced", () => {
    const both = (cur: number, max: number, reduce: boolean): unknown =>
      sanitizeCurAndMax(rawProt(cur), rawProt(max), 0, reduce);
    expect(both(3, 1, false)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(both(3, 1, true)).toEqual({ proceed: true, cur: 1, max: 1 });
    expect(both(8, 7, true)).toEqual(stop(KERN_INVALID_ARGUMENT));
    expect(both(1, 8, true)).toEqual(stop(KERN_INVALID_ARGUMENT));
  });

  it("inheritance goes to 2, behaviour to 12", () => {
    const inherits = [-1, 0, 1, 2, 3].map((n) => sanitizeInherit(rawInherit(n)).proceed);
    expect(inherits).toEqual([false, true, true, true, false]);
    const behaves = [-1, 0, 12, 13, 99].map((n) => sanitizeBehavior(rawBehavior(n)).proceed);
    expect(behaves).toEqual([false, true, true, false, false]);
  });

  it("a mask is never refused", () => {
    expect(sanitizeMask(rawU64(0x3fff))).toBe(0x3fff);
    expect(sanitizeMask(rawU64(MAX))).toBe(2 ** 52 - 1);
  });

  it("a raw argument is a register's 64 bits", () => {
    expect(rawU64(-1)).toBe(MAX);
    expect(rawU64(2n ** 64n + 5n)).toBe(5n);
  });
});
