import { describe, expect, it } from "vitest";
import { Machine } from "../../../emulator/index.js";
import { buildDecoder } from "../../../emulator/isa/decode.js";
import { ROWS } from "../../../emulator/isa/table.js";
import { discover, leavesOf, type Region } from "../../../emulator/jit/region.js";
import { A64Program } from "../../support/a64-program.js";
import { put, RAM } from "../../support/el1-world.js";

const decoder = buildDecoder(ROWS);
const RET = 0xd65f_03c0;
const BRK = 0xd420_0000;
const NOP = 0xd503_201f;
const bl = (words: number): number => (0x9400_0000 | (words & 0x3ff_ffff)) >>> 0;

const PAGE = 4096;

/** The region that begins with the first of some words, at the start of a page; UDF follows, and in the next page RET. */
function regionOf(words: readonly number[], targetsOf?: (pc: number) => readonly number[]): Region {
  const fetch = (pc: number): number => words[(pc - RAM) / 4] ?? (pc < RAM + PAGE ? 0 : RET);
  return discover(decoder, RAM, fetch, PAGE, "region", targetsOf);
}

const at = (...words: readonly number[]): number[] => words.map((n) => RAM + 4 * n);

describe("a function that calls nobody", () => {
  it("is part of the region that calls it, and returns to each of its calls", () => {
    const region = regionOf([bl(3), bl(2), BRK, NOP, RET]);
    expect(leavesOf(region)).toEqual(at(3, 3));
    const ret = region.blocks.find((block) => block.insns.some((insn) => insn.word === RET));
    expect(ret?.targets).toEqual(at(1, 2));
    expect(region.blocks.map((block) => block.pc).sort()).toEqual(at(0, 1, 2, 3));
  });

  it("is called as others are if it calls, is long, never returns, or lies in another page", () => {
    expect(leavesOf(regionOf([bl(2), BRK, bl(1), RET]))).toEqual([]);
    const long = new Array<number>(48).fill(NOP);
    expect(leavesOf(regionOf([bl(2), BRK, ...long, RET]))).toEqual([]);
    expect(leavesOf(regionOf([bl(2), BRK, ...long.slice(1), RET]))).toEqual(at(2));
    expect(leavesOf(regionOf([bl(2), BRK, 0x1400_0000]))).toEqual([]);
    expect(leavesOf(regionOf([bl(PAGE / 4), BRK]))).toEqual([]);
  });

  it("is part of it, too, if a pointer has been seen to lead there", () => {
    const words = [0xd63f_0000, BRK, NOP, RET, bl(0), RET];
    const region = regionOf(words, (pc) => (pc === RAM ? at(2, 4) : []));
    expect(leavesOf(region)).toEqual(at(2));
  });
});

/** Calls through a table of four pointers, the next at every turn, then all in a row; x0 is a hash of what ran. */
function program(): A64Program {
  const p = new A64Program()
    .mov("x19", 8_000)
    .mov("x0", 1)
    .mov("sp", RAM + 0x10_0000);
  const names = ["one", "two", "deep", "astray"];
  names.forEach((name, n) => p.mov(`x${20 + n}`, { label: name }));
  p.label("loop");
  for (let n = 0; n < names.length; n++) p.blr(`x${20 + n}`);
  // x20..x23 rotate: every call has every target in time. mov x24, x20; mov x20, x21; ...
  for (let n = 0; n < 5; n++) {
    const [to, from] = [n === 0 ? 24 : 19 + n, n === 4 ? 24 : 20 + n];
    p.word(0xaa00_03e0 | (from << 16) | to);
  }
  p.sub("x19", "x19", 1).cbnz("x19", "loop").word(BRK);
  const hash = (value: number): number[] => [
    0x8b00_1400, // add x0, x0, x0, lsl #5
    0x9100_0000 | (value << 10), // add x0, x0, #value
  ];
  p.label("one")
    .word(...hash(1))
    .word(RET);
  p.label("two")
    .word(...hash(2))
    .word(0x9240_0001 | (0 << 10)) // and x1, x0, #1
    .cbnz("x1", "odd")
    .word(...hash(3))
    .label("odd")
    .word(RET);
  p.label("deep").word(0xaa1e_03f9, bl(2), 0xd65f_0320); // mov x25, x30; bl; ret x25
  p.word(...hash(4)).word(RET);
  // Returns to the second instruction behind its call where the hash is even: "mov x24, x20", or a call.
  p.label("astray")
    .word(...hash(5))
    .word(0x9240_0001)
    .cbnz("x1", "here")
    .word(0x9100_13de) // add x30, x30, #4
    .label("here")
    .word(RET);
  return p;
}

describe("calls through pointers that change", () => {
  const run = (slice: number): unknown => {
    const machine = new Machine({ ramBytes: 8 * 2 ** 20, exceptions: "host" });
    put(machine, RAM, [...new Uint32Array(program().assemble().buffer)]);
    machine.cpu.pc = BigInt(RAM);
    for (;;) {
      const exit = machine.run(slice);
      if (exit.kind === "budget") continue;
      const { cpu } = machine;
      return { kind: exit.kind, pc: cpu.pc, x0: cpu.x(0), count: cpu.instructionCount };
    }
  };

  it("end alike in one run, in slices, and by single instructions", () => {
    const whole = run(10_000_000);
    expect(whole).toMatchObject({ kind: "exception" });
    expect(run(997)).toEqual(whole);
    expect(run(1)).toEqual(whole);
  });
});
