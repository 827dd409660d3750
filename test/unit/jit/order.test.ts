import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { orderBlocks } from "../../../emulator/jit/order.js";

describe("the order of blocks", () => {
  it("puts a first successor behind its block, and what cannot be reached nowhere", () => {
    expect(orderBlocks([[]])).toEqual([0]);
    expect(orderBlocks([[1, 2], [3], [3], [], [0]])).toEqual([0, 1, 2, 3]);
  });

  it("keeps the blocks of a loop together, before what it is left for", () => {
    // 0 -> 1; 1 leaves for 3 or goes on with 2, which goes back.
    expect(orderBlocks([[1], [3, 2], [1], []])).toEqual([0, 1, 2, 3]);
    // The same around an inner loop of 2 alone.
    expect(orderBlocks([[1], [3, 2], [4, 2], [], [1]])).toEqual([0, 1, 2, 4, 3]);
  });

  it("has every reachable block once, the entry first", () => {
    const graphs = fc
      .integer({ min: 1, max: 12 })
      .chain((n) =>
        fc.array(fc.array(fc.nat(n - 1), { maxLength: 3 }), { minLength: n, maxLength: n }),
      );
    fc.assert(
      fc.property(graphs, (successors) => {
        const reachable = new Set([0]);
        for (const block of reachable) for (const s of successors[block]!) reachable.add(s);
        const order = orderBlocks(successors);
        expect(order[0]).toBe(0);
        expect([...order].sort((a, b) => a - b)).toEqual([...reachable].sort((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });
});
