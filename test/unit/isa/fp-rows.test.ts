import { describe, expect, it } from "vitest";
import { OFF_NZCV, OFF_V, OFF_X } from "../../../emulator/cpu/state-layout.js";
import { buildDecoder } from "../../../emulator/isa/decode.js";
import { FP_SIMD_ROWS } from "../../../emulator/isa/fp-simd-table.js";
import { rowRunner } from "../../support/row-runner.js";

/** Results worked out by hand from the Arm manual, so that they hold without an outside emulator. */

const decoder = buildDecoder(FP_SIMD_ROWS);
const runner = rowRunner();
const { f64, i64, u32, u8 } = runner.memory;

const SNAN = 0x7ff0_0000_0000_1234n;
const QNAN = 0xfff8_0000_0000_5678n;
const DEFAULT_NAN = 0x7ff8_0000_0000_0000n;
const INFINITY = 0x7ff0_0000_0000_0000n;

function execute(word: number, fpcr = 0): void {
  const row = decoder.decode(word);
  expect(row).not.toBeNull();
  if (row !== null) runner.compile(row, word, fpcr)();
}

function setD(n: number, value: number | bigint): void {
  const at = (OFF_V + 16 * n) >> 3;
  if (typeof value === "number") f64[at] = value;
  else i64[at] = value;
  i64[at + 1] = -1n;
}

function d(n: number): bigint {
  return BigInt.asUintN(64, i64[(OFF_V + 16 * n) >> 3]!);
}

function dNumber(n: number): number {
  return f64[(OFF_V + 16 * n) >> 3]!;
}

function setBytes(n: number, bytes: readonly number[]): void {
  u8.set(bytes, OFF_V + 16 * n);
}

function bytes(n: number): number[] {
  return [...u8.subarray(OFF_V + 16 * n, OFF_V + 16 * n + 16)];
}

const RAMP = Array.from({ length: 16 }, (_, i) => i);

describe("scalar floating point", () => {
  it("clears the rest of the register", () => {
    setD(0, 1);
    setD(1, 2);
    setD(2, 3);
    execute(0x1e622820); // fadd d0, d1, d2
    expect(dNumber(0)).toBe(5);
    expect(i64[(OFF_V >> 3) + 1]).toBe(0n);
  });

  it("returns the first signalling NaN, quiet, before an earlier quiet one", () => {
    setD(1, QNAN);
    setD(2, SNAN);
    execute(0x1e622820); // fadd d0, d1, d2
    expect(d(0)).toBe(0x7ff8_0000_0000_1234n);
    setD(2, 1);
    execute(0x1e622820);
    expect(d(0)).toBe(QNAN);
  });

  it("returns the positive default NaN for invalid operations", () => {
    setD(1, INFINITY);
    setD(2, 0);
    execute(0x1e620820); // fmul d0, d1, d2
    expect(d(0)).toBe(DEFAULT_NAN);
    setD(1, -1);
    execute(0x1e61c020); // fsqrt d0, d1
    expect(d(0)).toBe(DEFAULT_NAN);
  });

  it("negates the default NaN in FNMUL", () => {
    setD(1, INFINITY);
    setD(2, 0);
    execute(0x1e628820); // fnmul d0, d1, d2
    expect(d(0)).toBe(0xfff8_0000_0000_0000n);
  });

  it("lets a number win over a quiet NaN in FMAXNM only", () => {
    setD(1, QNAN);
    setD(2, 4);
    execute(0x1e626820); // fmaxnm d0, d1, d2
    expect(dNumber(0)).toBe(4);
    execute(0x1e624820); // fmax d0, d1, d2
    expect(d(0)).toBe(QNAN);
  });

  it("rounds a fused multiply-add once", () => {
    setD(1, 1 + 2 ** -52);
    setD(2, 1 - 2 ** -52);
    setD(3, -1);
    execute(0x1f420c20); // fmadd d0, d1, d2, d3
    expect(dNumber(0)).toBe(-(2 ** -104));
  });

  it("gives the default NaN for infinity times zero plus a quiet NaN", () => {
    setD(1, INFINITY);
    setD(2, 0);
    setD(3, QNAN);
    execute(0x1f420c20); // fmadd d0, d1, d2, d3
    expect(d(0)).toBe(DEFAULT_NAN);
  });

  it("rounds by FPCR.RMode and flushes by FPCR.FZ", () => {
    setD(1, 1);
    setD(2, 2 ** -60);
    execute(0x1e622820, 1 << 22); // fadd d0, d1, d2, towards plus infinity
    expect(dNumber(0)).toBe(1 + 2 ** -52);
    setD(1, 1n); // the smallest subnormal
    setD(2, 0);
    execute(0x1e622820, 1 << 24);
    expect(d(0)).toBe(0n);
  });

  it("saturates conversions and turns NaN into zero", () => {
    const x0 = OFF_X >> 3;
    setD(1, 1e300);
    execute(0x9e780020); // fcvtzs x0, d1
    expect(i64[x0]).toBe(0x7fff_ffff_ffff_ffffn);
    setD(1, SNAN);
    execute(0x9e780020);
    expect(i64[x0]).toBe(0n);
    setD(1, -1);
    execute(0x1e790020); // fcvtzu w0, d1
    expect(i64[x0]).toBe(0n);
    setD(1, 2.5);
    execute(0x1e640020); // fcvtas w0, d1
    expect(i64[x0]).toBe(3n);
    execute(0x1e600020); // fcvtns w0, d1
    expect(i64[x0]).toBe(2n);
  });

  it("sets NZCV as FPCompare does", () => {
    const flags = (a: number, b: number): number => {
      setD(1, a);
      setD(2, b);
      execute(0x1e622020); // fcmp d1, d2
      return u32[OFF_NZCV >> 2]! >>> 28;
    };
    expect(flags(1, 2)).toBe(0b1000);
    expect(flags(-0, 0)).toBe(0b0110);
    expect(flags(2, 1)).toBe(0b0010);
    expect(flags(NaN, 1)).toBe(0b0011);
  });
});

describe("Advanced SIMD", () => {
  it("adds bytes modulo 256 and clears the high half of a 64-bit vector", () => {
    setBytes(1, RAMP);
    setBytes(2, new Array<number>(16).fill(250));
    execute(0x0e228420); // add v0.8b, v1.8b, v2.8b
    expect(bytes(0)).toEqual([250, 251, 252, 253, 254, 255, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("extracts across a pair of registers", () => {
    setBytes(1, RAMP);
    setBytes(
      2,
      RAMP.map((i) => i + 16),
    );
    execute(0x6e021820); // ext v0.16b, v1.16b, v2.16b, #3
    expect(bytes(0)).toEqual(RAMP.map((i) => i + 3));
  });

  it("looks up bytes, zero beyond the table", () => {
    setBytes(
      1,
      RAMP.map((i) => 100 + i),
    );
    setBytes(2, [15, 0, 16, 255, ...new Array<number>(12).fill(1)]);
    execute(0x4e020020); // tbl v0.16b, {v1.16b}, v2.16b
    expect(bytes(0)).toEqual([115, 100, 0, 0, ...new Array<number>(12).fill(101)]);
  });

  it("keeps the low half in the second-part narrowing forms", () => {
    setBytes(0, RAMP);
    setBytes(1, RAMP);
    execute(0x4e212820); // xtn2 v0.16b, v1.8h
    expect(bytes(0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 2, 4, 6, 8, 10, 12, 14]);
  });

  it("sums across lanes", () => {
    setBytes(1, RAMP);
    execute(0x6e303820); // uaddlv h0, v1.16b
    expect(bytes(0)).toEqual([120, ...new Array<number>(15).fill(0)]);
  });

  it("takes structures apart and puts them together", () => {
    const at = runner.memory.hostOffset(runner.memory.ramBase);
    for (let i = 0; i < 48; i++) u8[at + i] = i;
    i64[(OFF_X >> 3) + 1] = BigInt(at);
    execute(0x4cdf4020); // ld3 {v0.16b, v1.16b, v2.16b}, [x1], #48
    expect(bytes(1)).toEqual(RAMP.map((i) => 3 * i + 1));
    expect(i64[(OFF_X >> 3) + 1]).toBe(BigInt(at + 48));
    execute(0x4c004020); // st3 {v0.16b, v1.16b, v2.16b}, [x1]
    expect([...u8.subarray(at + 48, at + 96)]).toEqual(Array.from({ length: 48 }, (_, i) => i));
  });
});
