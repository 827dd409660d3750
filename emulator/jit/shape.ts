import { Changes, FramePart } from "./frame.js";
import { endsInCall, type Block } from "./region.js";

/** What the blocks of a region are to each other: parts, loops, entries. All by index in reverse postorder. */
export interface Shape {
  readonly blocks: readonly Block[];
  /** Blocks that each block is a successor of. */
  readonly predecessors: readonly (readonly number[])[];
  /** For every block that is branched back to, the last block of the loop it heads, else -1. */
  readonly ends: Int32Array;
  /** The part of each block: blocks that control passes between otherwise than by a call are of one part. */
  readonly partOf: readonly FramePart[];
  /** The parts, in the order of their first blocks. */
  readonly parts: readonly FramePart[];
  /** For every block the changes of the innermost loop it is in, if that loop makes no calls; else null. */
  readonly loops: readonly (Changes | null)[];
  /**
   * For every block that the region can be entered at, apart from the first, a number from 1 on: where it may have been
   * left in the middle, by the budget or by a call that did not return in its turn. 0 for the others.
   */
  readonly entries: Int32Array;
  /** How many entries there are. */
  readonly entryCount: number;
  /** 1 for blocks that nothing but a call's return leads to: they load what their part mentions themselves. */
  readonly loadsAtStart: Uint8Array;
}

/** @param single where it can be entered at its first block only */
export function shapeOf(blocks: readonly Block[], single: boolean): Shape {
  const count = blocks.length;
  const ends = new Int32Array(count).fill(-1);
  const predecessors: number[][] = [];
  for (let i = 0; i < count; i++) predecessors.push([]);
  let hasLoops = false;
  for (let i = 0; i < count; i++) {
    for (const s of blocks[i]!.successors) {
      predecessors[s]!.push(i);
      if (s > i) continue;
      ends[s] = Math.max(ends[s]!, i);
      hasLoops = true;
    }
  }
  if (hasLoops) nest(ends);
  const { partOf, parts } = partsOf(blocks);
  const entries = new Int32Array(count);
  const loadsAtStart = new Uint8Array(count);
  let entryCount = 0;
  for (let i = 1; i < count; i++) {
    const { afterCall } = blocks[i]!;
    if (!single && (afterCall || ends[i]! >= 0)) entries[i] = ++entryCount;
    if (afterCall && predecessors[i]!.length === 1 && ends[i]! < 0) loadsAtStart[i] = 1;
  }
  const loops = innermostLoops(blocks, ends, partOf, hasLoops);
  return { blocks, predecessors, ends, partOf, parts, loops, entries, entryCount, loadsAtStart };
}

function partsOf(blocks: readonly Block[]): Pick<Shape, "partOf" | "parts"> {
  const count = blocks.length;
  const leader = new Int32Array(count);
  for (let i = 0; i < count; i++) leader[i] = i;
  for (let i = 0; i < count; i++) {
    const block = blocks[i]!;
    if (endsInCall(block)) continue;
    for (const s of block.successors) leader[rootOf(leader, s)] = rootOf(leader, i);
  }
  const byRoot: (FramePart | null)[] = [];
  for (let i = 0; i < count; i++) byRoot.push(null);
  const partOf: FramePart[] = [];
  const parts: FramePart[] = [];
  for (let i = 0; i < count; i++) {
    const root = rootOf(leader, i);
    let part = byRoot[root]!;
    if (part === null) {
      part = new FramePart();
      byRoot[root] = part;
      parts.push(part);
    }
    partOf.push(part);
  }
  return { partOf, parts };
}

function rootOf(leader: Int32Array, i: number): number {
  let at = i;
  while (leader[at] !== at) at = leader[at] = leader[leader[at]!]!;
  return at;
}

/** Ranges are widened until they nest. */
function nest(ends: Int32Array): void {
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
}

function innermostLoops(
  blocks: readonly Block[],
  ends: Int32Array,
  partOf: readonly FramePart[],
  hasLoops: boolean,
): (Changes | null)[] {
  const loops: (Changes | null)[] = [];
  for (let i = 0; i < blocks.length; i++) loops.push(null);
  for (let head = 0; hasLoops && head < blocks.length; head++) {
    const end = ends[head]!;
    if (end >= 0 && isInnermost(blocks, ends, partOf, head)) {
      loops.fill(new Changes(true), head, end + 1);
    }
  }
  return loops;
}

/** Whether the loop at `head` has none within it, makes no calls and is of one part. */
function isInnermost(
  blocks: readonly Block[],
  ends: Int32Array,
  partOf: readonly FramePart[],
  head: number,
): boolean {
  for (let i = head; i <= ends[head]!; i++) {
    const isNested = i > head && ends[i]! >= 0;
    if (isNested || partOf[i] !== partOf[head] || endsInCall(blocks[i]!)) return false;
  }
  return true;
}
