import type { Label } from "../wasm/builder.js";
import { emitBlock, type Emission } from "./block-emitter.js";
import { emitFindEntry } from "./entries.js";
import type { Shape } from "./shape.js";
import type { LoopInsn } from "./loop-values.js";
import { emitStripEnd, emitStripStart } from "./strip-emitter.js";
import { hasOnePath, isStrippable, loopBlocks, mayStrip, streamsOf } from "./strip.js";

/**
 * The blocks `from` to `to` with the loops among them, so that all branches forward and back have labels.
 * @param heading the first block, where it heads the loop that these blocks are
 */
export function emitSequence(context: Emission, from: number, to: number, heading = -1): void {
  const { shape, e, entry } = context;
  const { ends, entries } = shape;
  const { labels } = context.layout;
  const w = e.w;
  // Blocks and loops of this range that something before them, other than their neighbour, branches to, or an entry is in.
  const targets: number[] = [];
  for (let i = from; i <= to; i = childEnd(ends, i, heading) + 1) {
    if (i === from) continue;
    const isTarget = isForwardTarget(shape, from, i);
    if (isTarget || hasEntry(entries, i, childEnd(ends, i, heading))) targets.push(i);
  }
  for (let i = targets.length - 1; i >= 0; i--) labels[targets[i]!] = w.block();
  if (shape.entryCount > 0 && !context.isStrip)
    emitFindEntry(w, entry, entryLabels(context, targets, heading));
  for (let start = from; start <= to; start = childEnd(ends, start, heading) + 1) {
    // A loop's own label, which its head has on the way in here, is not one to close.
    const forward = start === from ? null : labels[start]!;
    if (forward !== null) {
      w.end(forward);
      labels[start] = null;
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
    if (isStrippable(shape, start) && mayStrip(e.mode)) emitStrippedLoop(context, start);
    else {
      const loop = w.loop();
      labels[start] = loop;
      emitSequence(context, start, ends[start]!, start);
      labels[start] = null;
      w.end(loop);
    }
  }
}

/** The last block of the loop that begins at a block of a sequence, or that block. */
function childEnd(ends: Int32Array, i: number, heading: number): number {
  return i !== heading && ends[i]! >= 0 ? ends[i]! : i;
}

/**
 * A loop that may have strips:
 *
 *     block $out
 *       loop $loop
 *         block $back
 *           the body; goes on at $back
 *         end
 *         for how many iterations does what moves evenly need no checks? too few: br $loop
 *         loop $strip
 *           block $again
 *             the body without them; goes on at $again
 *           end
 *           what does not move evenly has left its page? br $loop
 *           br_if $strip
 *           br $loop
 *         end
 *       end
 *     end
 *
 * What follows the loop is reached by a branch to $out. The body comes first: by then the inline TLB has what it accesses.
 */
function emitStrippedLoop(context: Emission, head: number): void {
  const { shape, e, layout } = context;
  const { labels } = layout;
  const w = e.w;
  const end = shape.ends[head]!;
  const out = w.block();
  const loop = w.loop();
  const back = w.block();
  const behind = labels[end + 1] ?? null;
  labels[end + 1] ??= out;
  labels[head] = back;
  layout.apart = end;
  const noted = (e.noted = new Map<number, LoopInsn>());
  emitSequence(context, head, end, head);
  e.noted = null;
  w.end(back);
  const isOnePath = hasOnePath(shape, head);
  const streams = streamsOf(loopBlocks(shape, head, noted), isOnePath);
  if (streams.length > 0) {
    const prepared = emitStripStart(e, streams, {
      insns: noted.size,
      longestPath: context.longestPath,
      otherwise: loop,
    });
    const strip = w.loop();
    const again = w.block();
    labels[head] = again;
    context.isStrip = true;
    e.hostDeltas = prepared.deltas;
    emitSequence(context, head, end, head);
    e.hostDeltas = null;
    context.isStrip = false;
    w.end(again);
    emitStripEnd(e, prepared, strip, loop);
    w.end(strip);
  } else w.br(loop);
  layout.apart = -1;
  labels[head] = null;
  labels[end + 1] = behind;
  w.end(loop);
  w.end(out);
}

function hasEntry(entries: Int32Array, from: number, to: number): boolean {
  for (let i = from; i <= to; i++) if (entries[i]! > 0) return true;
  return false;
}

/** Where to go for the entries in the given children of a sequence. */
function entryLabels(
  { shape: { ends, entries }, layout: { labels } }: Emission,
  children: readonly number[],
  heading: number,
): Map<number, Label> {
  const found = new Map<number, Label>();
  for (const child of children) {
    const end = childEnd(ends, child, heading);
    for (let i = child; i <= end; i++) {
      if (entries[i]! > 0) found.set(entries[i]!, labels[child]!);
    }
  }
  return found;
}

function isForwardTarget({ predecessors }: Shape, from: number, target: number): boolean {
  for (const p of predecessors[target]!) if (p >= from && p < target) return true;
  return false;
}
