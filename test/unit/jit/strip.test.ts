import { describe, expect, it } from "vitest";
import type { LoopInsn } from "../../../emulator/jit/loop-values.js";
import { streamsOf, type LoopBlock, type Stream } from "../../../emulator/jit/strip.js";

/** Which accesses of a loop move together, from what its instructions do. */

let pc = 0;

function insn(some: Partial<LoopInsn>): LoopInsn {
  return { pc: (pc += 4), written: 0, step: null, access: null, ...some };
}
const bit = (r: number): number => 1 << r;
/** ADD Xd, Xn, #by, or MOV Xd, Xn. */
const add = (rd: number, rn: number, by = 0): LoopInsn =>
  insn({ written: bit(rd), step: { rd, rn, by } });
const addRegister = (rd: number, rn: number, rm: number): LoopInsn =>
  insn({ written: bit(rd), step: { rd, rn, by: { rm } } });
/** LDR Xt, [Xn, #offset]. */
const load = (rt: number, rn: number, offset = 0): LoopInsn =>
  insn({
    written: bit(rt),
    access: { at: { rn, offset, mode: "offset" }, bytes: 8, isWrite: false },
  });
const store = (rn: number, offset = 0): LoopInsn =>
  insn({ access: { at: { rn, offset, mode: "offset" }, bytes: 8, isWrite: true } });

const block = (insns: readonly LoopInsn[], from: readonly number[], isLast = false): LoopBlock => ({
  insns,
  from,
  isLast,
});
const onePath = (...insns: readonly LoopInsn[]): Stream[] =>
  streamsOf([block(insns, [], true)], true);

const brief = ({ base, isWrite, stride, from, to }: Stream): unknown => [
  `${isWrite ? "writes" : "reads"} x${base.rn}`,
  from,
  to,
  stride === null ? "unevenly" : stride.bytes,
];

describe("the accesses of a loop", () => {
  it("move evenly where their base does, and belong together where they have one", () => {
    const streams = onePath(load(5, 0), load(6, 0, 8), add(0, 0, 32), store(1, -8), add(1, 1, -8));
    expect(streams.map(brief)).toEqual([
      ["reads x0", 0, 16, 32],
      ["writes x1", -8, 0, -8],
    ]);
    expect(streams[0]!.pcs).toHaveLength(2);
  });

  it("of a list go where the last one has read, with what lies beside it", () => {
    // find: ldr x2, [x0, #8]; ldr x0, [x0]
    expect(onePath(load(2, 0, 8), load(0, 0)).map(brief)).toEqual([
      ["reads x0", 0, 16, "unevenly"],
    ]);
    // reverse: mov x2, x1; mov x1, x0; ldr x0, [x0]; str x2, [x1]
    expect(onePath(add(2, 1), add(1, 0), load(0, 0), store(1)).map(brief)).toEqual([
      ["reads x0", 0, 8, "unevenly"],
      ["writes x0", 0, 8, "unevenly"],
    ]);
  });

  it("through what was read in the same iteration are of no stream", () => {
    expect(onePath(load(1, 0), load(2, 1)).map(brief)).toEqual([["reads x0", 0, 8, 0]]);
  });

  it("move evenly by a register only if the loop leaves it alone", () => {
    const [even] = onePath(load(5, 0), addRegister(0, 0, 3));
    expect(even!.stride).toEqual({ bytes: 0, register: { rm: 3, shift: 0 } });
    const [uneven] = onePath(load(5, 0), addRegister(0, 0, 3), load(3, 4));
    expect(uneven!.stride).toBeNull();
  });

  it("whose base becomes another register's value move unevenly", () => {
    expect(onePath(load(5, 0), add(0, 1, 8), add(1, 1, 8)).map(brief)).toEqual([
      ["reads x0", 0, 8, "unevenly"],
    ]);
  });

  it("behind a fork are of a stream if all ways agree on the base", () => {
    const fork = (left: LoopInsn, right: LoopInsn): unknown[] =>
      streamsOf(
        [block([], []), block([left], [0]), block([right], [0]), block([load(5, 2)], [1, 2], true)],
        false,
      ).map(brief);
    expect(fork(add(2, 0, 8), add(2, 0, 8))).toEqual([["reads x0", 8, 16, 0]]);
    expect(fork(add(2, 0, 8), add(2, 1, 8))).toEqual([]);
    expect(fork(add(2, 0, 8), add(2, 0, 16))).toEqual([]);
    expect(fork(add(2, 0, 8), load(2, 0))).toEqual([["reads x0", 0, 8, 0]]);
  });

  it("in a loop with forks stay where they are, or move unevenly", () => {
    const [moving, still] = streamsOf(
      [block([load(5, 0), load(6, 1)], []), block([add(0, 0, 8)], [0]), block([], [0, 1], true)],
      false,
    );
    expect(moving!.stride).toBeNull();
    expect(still!.stride).toEqual({ bytes: 0, register: null });
    // One way to the next iteration passes the step, the other too: it is even, but there is no one number of iterations.
    const [both] = streamsOf(
      [block([load(5, 0), add(0, 0, 8)], [], true), block([], [0], true)],
      false,
    );
    expect(both!.stride).toBeNull();
  });

  it("of a block that no way of the loop leads to are of no stream", () => {
    const streams = streamsOf([block([add(1, 1, 8)], [], true), block([load(5, 0)], [])], false);
    expect(streams).toEqual([]);
  });
});
