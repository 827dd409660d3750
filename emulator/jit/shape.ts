import { Changes, FramePart } from "./frame.js";
import { endsInCall, type Block } from "./region.js";

/** What the blocks of a region are to each other: parts, loops, entries. All by index in reverse postorder. */
export interface Shape {
  readonly blocks: readonly Block[];
  /** For every block that is branched back to, the last block of the loop it heads, else -1. */
  readonly ends: readonly number[];
  /** The part of each block: blocks that control passes between otherwise than by a call are of one part. */
  readonly partOf: readonly FramePart[];
  /** For every block the changes of the innermost loop it is in, if that loop makes no calls; else null. */
  readonly loops: readonly (Changes | null)[];
  /**
   * For every block that the region can be entered at, apart from the first, a number from 1 on: where it may have been
   * left in the middle, by the budget or by a call that did not return in its turn. 0 for the others.
   */
  readonly entries: readonly number[];
  /** Blocks that nothing but a call's return leads to: they load what their part mentions themselves. */
  readonly loadsAtStart: readonly boolean[];
}

/** @param single where it can be entered at its first block only */
export function shapeOf(blocks: readonly Block[], single: boolean): Shape {
  const ends = loopEnds(blocks);
  const partOf = partsOf(blocks);
  const predecessors = blocks.map(() => 0);
  for (const { successors } of blocks) for (const s of successors) predecessors[s]!++;
  let next = 1;
  return {
    blocks,
    ends,
    partOf,
    loops: innermostLoops(blocks, ends, partOf),
    entries: blocks.map(({ afterCall }, i) =>
      i > 0 && !single && (afterCall || ends[i]! >= 0) ? next++ : 0,
    ),
    loadsAtStart: blocks.map(
      ({ afterCall }, i) => i > 0 && afterCall && predecessors[i] === 1 && ends[i]! < 0,
    ),
  };
}

function partsOf(blocks: readonly Block[]): FramePart[] {
  const leader = blocks.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (leader[at] !== at) at = leader[at] = leader[leader[at]!]!;
    return at;
  };
  blocks.forEach((block, i) => {
    if (endsInCall(block)) return;
    for (const s of block.successors) leader[find(s)] = find(i);
  });
  const parts = new Map<number, FramePart>();
  return blocks.map((_, i) => {
    const root = find(i);
    let part = parts.get(root);
    if (part === undefined) parts.set(root, (part = new FramePart()));
    return part;
  });
}

/** Ranges are widened until they nest. */
function loopEnds(blocks: readonly Block[]): number[] {
  const ends = blocks.map(() => -1);
  blocks.forEach((block, i) => {
    for (const s of block.successors) if (s <= i) ends[s] = Math.max(ends[s]!, i);
  });
  for (let changed = true; changed;) {
    changed = false;
    for (let outer = 0; outer < ends.length; outer++) {
      for (let inner = outer + 1; inner <= ends[outer]!; inner++) {
        if (ends[inner]! > ends[outer]!) {
          ends[outer] = ends[inner]!;
          changed = true;
        }
      }
    }
  }
  return ends;
}

function innermostLoops(
  blocks: readonly Block[],
  ends: readonly number[],
  partOf: readonly FramePart[],
): (Changes | null)[] {
  const loops = blocks.map((): Changes | null => null);
  ends.forEach((end, head) => {
    for (let i = head; i <= end; i++) {
      const isNested = i > head && ends[i]! >= 0;
      if (isNested || partOf[i] !== partOf[head] || endsInCall(blocks[i]!)) return;
    }
    if (end >= 0) loops.fill(new Changes(true), head, end + 1);
  });
  return loops;
}
