import { describe, expect, it } from "vitest";
import { HostBug } from "../../../emulator/arch/check.js";
import { newBody } from "../../../emulator/wasm/builder.js";
import { ModuleBuilder } from "../../../emulator/wasm/module.js";
import {
  MEMORY,
  PLAIN,
  SATURATING,
  SIMD,
  SIMD_LANE,
  SIMD_MEMORY,
  SIMD_MEMORY_LANE,
} from "../../../emulator/wasm/opcodes.js";
import type { Body, ValType } from "../../../emulator/wasm/builder.js";

/** Build one function and return it; memory is one page. */
function build(
  params: readonly ValType[],
  results: readonly ValType[],
  emit: (w: Body, module: ModuleBuilder) => void,
  imports: Readonly<Record<string, WebAssembly.ImportValue>> = {},
): (...args: unknown[]) => unknown {
  const module = new ModuleBuilder(1);
  const w = newBody();
  module.begin();
  w.begin(params);
  emit(w, module);
  module.func({ params, results }, w);
  const bytes = module.finish();
  expect(WebAssembly.validate(bytes)).toBe(true);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    m: { memory, table, ...imports },
  });
  return instance.exports["f0"] as (...args: unknown[]) => unknown;
}

describe("constants", () => {
  it.each([0, 1, -1, 63, 64, -64, -65, 8191, 8192, 0x7fff_ffff, -0x8000_0000])("i32 %d", (n) => {
    expect(build([], ["i32"], (w) => w.i32_const(n))()).toBe(n);
  });

  it.each([
    0n,
    -1n,
    63n,
    64n,
    0x7fff_ffffn,
    0x8000_0000n,
    -0x8000_0000n,
    0xffff_ffffn,
    1n << 32n,
    0x7fff_ffff_ffff_ffffn,
    -0x8000_0000_0000_0000n,
    0x0123_4567_89ab_cdefn,
  ])("i64 %s", (n) => {
    expect(build([], ["i64"], (w) => w.i64_const_big(n))()).toBe(n);
  });

  it.each([0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 41), 2 ** 47 - 4])(
    "i64 from the number %d",
    (n) => {
      expect(build([], ["i64"], (w) => w.i64_const_number(n))()).toBe(BigInt(n));
    },
  );

  it("a vector, byte 0 first", () => {
    const bytes = Array.from({ length: 16 }, (_, i) => i * 3);
    const lane9 = build([], ["i32"], (w) => {
      w.v128_const(bytes);
      w.i8x16_extract_lane_u(9);
    });
    expect(lane9()).toBe(27);
  });
});

describe("structure", () => {
  it("turns label handles into depths", () => {
    // Sum of 1..n by a loop inside a block.
    const sum = build(["i32"], ["i32"], (w) => {
      const n = 0 as ReturnType<Body["local"]>;
      const total = w.local("i32");
      const done = w.block();
      const again = w.loop();
      w.local_get(n);
      w.i32_eqz();
      w.br_if(done);
      w.local_get(total);
      w.local_get(n);
      w.i32_add();
      w.local_set(total);
      w.local_get(n);
      w.i32_const(1);
      w.i32_sub();
      w.local_set(n);
      w.br(again);
      w.end(again);
      w.end(done);
      w.local_get(total);
    });
    expect(sum(100)).toBe(5050);
  });

  it("selects an arm by br_table", () => {
    const pick = build(["i32"], ["i32"], (w) => {
      const outer = w.block("i32");
      const other = w.block();
      const one = w.block();
      const zero = w.block();
      w.local_get(0 as ReturnType<Body["local"]>);
      w.br_table([zero, one], other);
      w.end(zero);
      w.i32_const(10);
      w.br(outer);
      w.end(one);
      w.i32_const(11);
      w.br(outer);
      w.end(other);
      w.i32_const(12);
      w.end(outer);
    });
    expect([pick(0), pick(1), pick(2), pick(-1)]).toEqual([10, 11, 12, 12]);
  });

  it("refuses labels closed out of order", () => {
    const w = newBody();
    w.begin([]);
    const outer = w.block();
    w.block();
    expect(() => w.end(outer)).toThrow(HostBug);
  });

  it("reuses scratch locals by type and counts the ones still out", () => {
    const w = newBody();
    w.begin([]);
    const a = w.temp("i64");
    const b = w.temp("i32");
    expect(w.outstanding).toBe(2);
    w.free(a, b);
    expect(w.outstanding).toBe(0);
    expect(w.temp("i32")).toBe(b);
    expect(w.temp("i64")).toBe(a);
  });

  it("imports a host function once however often it is called", () => {
    const seen: number[] = [];
    const twice = build(
      [],
      [],
      (w, module) => {
        for (const n of [7, 8]) {
          w.i32_const(n);
          w.call(module.import("note", { params: ["i32"], results: [] }));
        }
      },
      { note: (n: number) => seen.push(n) },
    );
    twice();
    expect(seen).toEqual([7, 8]);
  });
});

describe("opcode tables", () => {
  /** Operands of every instruction are taken from unreachable code, where any type will do. */
  const validate = (emit: (w: Body) => void): boolean => {
    const module = new ModuleBuilder(1);
    const w = newBody();
    module.begin();
    w.begin([]);
    w.unreachable();
    emit(w);
    w.unreachable();
    module.func({ params: [], results: [] }, w);
    return WebAssembly.validate(module.finish());
  };

  it("has instructions that exist", () => {
    const bad: string[] = [];
    const check = (name: string, emit: (w: Body) => void): void => {
      if (!validate(emit)) bad.push(name);
    };
    const named = <T extends object>(table: T): (keyof T & string)[] =>
      Object.keys(table) as (keyof T & string)[];
    for (const name of named(PLAIN)) check(name, (w) => w[name]());
    for (const name of named(SATURATING)) check(name, (w) => w[name]());
    for (const name of named(SIMD)) check(name, (w) => w[name]());
    for (const name of named(MEMORY)) check(name, (w) => w[name](16));
    for (const name of named(SIMD_MEMORY)) check(name, (w) => w[name](16));
    for (const name of named(SIMD_LANE)) check(name, (w) => w[name](1));
    for (const name of named(SIMD_MEMORY_LANE)) check(name, (w) => w[name](16, 1));
    expect(bad).toEqual([]);
  });

  it("gives every instruction a code of its own", () => {
    for (const table of [PLAIN, SATURATING, { ...SIMD, ...SIMD_LANE, ...SIMD_MEMORY }]) {
      const codes = Object.values(table);
      expect(new Set(codes).size).toBe(codes.length);
    }
  });
});
