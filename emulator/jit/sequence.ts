import type { Label } from "../wasm/builder.js";
import { emitBlock, type Emission } from "./block-emitter.js";
import { emitFindEntry } from "./entries.js";
import type { Block } from "./region.js";
import { emitStripStart } from "./strip-emitter.js";
import { hasOnePath, mayStrip, streamsOf, type LoopInsn } from "./strip.js";

/**
 * The blocks `from` to `to` with the loops among them, so that all branches forward and back have labels.
 * @param heading the first block, where it heads the loop that these blocks are
 */
export function emitSequence(context: Emission, from: number, to: number, heading = -1): void {
  const { shape, e, entry, labels } = context;
  const { blocks, ends, entries } = shape;
  const w = e.w;
  const starts: number[] = [];
  for (let i = from; i <= to; i = childEnd(i) + 1) starts.push(i);
  function childEnd(i: number): number {
    return i !== heading && ends[i]! >= 0 ? ends[i]! : i;
  }
  // Blocks of this range that something before them, other than their neighbour, branches to, or an entry is in.
  const targets = starts.filter((s) => {
    if (s === from) return false;
    return hasEntry(entries, s, childEnd(s)) || isForwardTarget(blocks, from, s);
  });
  for (const target of [...targets].reverse()) labels[target] = w.block();
  emitFindEntry(w, entry, entryLabels(entries, targets, childEnd, labels));
  for (const start of starts) {
    const forward = targets.includes(start) ? labels[start] : undefined;
    if (forward !== undefined) {
      w.end(forward);
      labels[start] = undefined;
    }
    if (start === heading || ends[start]! < 0) {
      if (entries[start]! > 0 && !context.isStrip) {
        w.i32_const(0);
        w.local_set(entry);
      }
      context.enter(start);
      emitBlock(context, start);
      continue;
    }
    if (hasOnePath(shape, start) && mayStrip(e.mode)) emitStrippedLoop(context, start);
    else {
      const loop = w.loop();
      labels[start] = loop;
      emitSequence(context, start, ends[start]!, start);
      labels[start] = undefined;
      w.end(loop);
    }
  }
}

/**
 * A loop with one path:
 *
 *     block $out
 *       loop $loop
 *         block $back
 *           the body; goes on at $back
 *         end
 *         how many iterations need no checks? too few: br $loop
 *         loop $strip
 *           block $again
 *             the body without them; goes on at $again
 *           end
 *           br_if $strip
 *         end
 *         br $loop
 *       end
 *     end
 *
 * What follows the loop is reached by a branch to $out. The body comes first: by then the inline TLB has what it accesses.
 */
function emitStrippedLoop(context: Emission, head: number): void {
  const { shape, e, labels } = context;
  const w = e.w;
  const end = shape.ends[head]!;
  const out = w.block();
  const loop = w.loop();
  const back = w.block();
  const behind = labels[end + 1];
  labels[end + 1] ??= out;
  labels[head] = back;
  context.apart = end;
  const insns: LoopInsn[] = (e.noted = []);
  emitSequence(context, head, end, head);
  e.noted = null;
  w.end(back);
  const streams = streamsOf(insns);
  if (streams.length > 0) {
    const { deltas, limit } = emitStripStart(e, streams, {
      insns: insns.length,
      longestPath: context.longestPath,
      otherwise: loop,
    });
    const strip = w.loop();
    const again = w.block();
    labels[head] = again;
    context.isStrip = true;
    e.hostDeltas = deltas;
    emitSequence(context, head, end, head);
    e.hostDeltas = null;
    context.isStrip = false;
    w.end(again);
    w.local_get(e.frame.budget);
    w.local_get(limit);
    w.i32_ge_s();
    w.br_if(strip);
    w.end(strip);
  }
  w.br(loop);
  context.apart = -1;
  labels[head] = undefined;
  labels[end + 1] = behind;
  w.end(loop);
  w.end(out);
}

function hasEntry(entries: readonly number[], from: number, to: number): boolean {
  for (let i = from; i <= to; i++) if (entries[i]! > 0) return true;
  return false;
}

/** Where to go for the entries in the given children of a sequence. */
function entryLabels(
  entries: readonly number[],
  children: readonly number[],
  childEnd: (i: number) => number,
  labels: readonly (Label | undefined)[],
): Map<number, Label> {
  const found = new Map<number, Label>();
  for (const child of children) {
    for (let i = child; i <= childEnd(child); i++) {
      if (entries[i]! > 0) found.set(entries[i]!, labels[child]!);
    }
  }
  return found;
}

function isForwardTarget(blocks: readonly Block[], from: number, target: number): boolean {
  for (let i = from; i < target; i++) {
    if (blocks[i]!.successors.includes(target)) return true;
  }
  return false;
}
