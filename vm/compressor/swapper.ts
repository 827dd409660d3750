import { check } from "../../emulator/arch/check.js";
import { THREAD_UNINT, type Blocking } from "../blocking.js";
import { vmPageWait } from "../page/pageout.js";
import { PAGE_SIZE } from "../types.js";
import { majorCompact, minorCompact } from "./compaction.js";
import type { Compressor } from "./compressor.js";
import { needsToMajorCompact, needsToMinorCompact, needsToSwap } from "./limits.js";
import {
  C_ON_AGE_Q,
  C_ON_BAD_Q,
  C_ON_MAJORCOMPACT_Q,
  C_ON_SWAPIO_Q,
  C_ON_SWAPOUT_Q,
  C_ON_SWAPPEDIN_Q,
  C_ON_SWAPPEDOUT_Q,
  type Segment,
} from "./segment.js";

/** Whoever waits for a segment looks again. */
function ioDone(compressor: Compressor, segment: Segment): void {
  segment.busy = false;
  if (segment.wanted) {
    segment.wanted = false;
    compressor.ctx.wakeup(segment);
  }
  if (segment.liveSlots === 0) compressor.destroySegment(segment);
  else compressor.noteHoles(segment);
}

/**
 * Read a segment back into memory; its swap space is free afterwards. XNU: c_seg_swapin.
 * @returns true if it was read; false if it could not be (its pages are lost) or somebody else works
 *   on it now
 */
export function* swapIn(compressor: Compressor, segment: Segment): Blocking<boolean> {
  const { ctx, store } = compressor;
  const count = segment.swappedPages;
  let pages = compressor.grabAll(count);
  while (pages === null) {
    yield* vmPageWait(ctx, THREAD_UNINT);
    if (compressor.segments[segment.number] !== segment) return false;
    if (segment.busy || !segment.onSwap) return false;
    pages = compressor.grabAll(count);
  }
  check(store !== null, "segment on swap without a store", segment.number);
  segment.pages.push(...pages);
  segment.busy = true;
  compressor.setState(segment, C_ON_SWAPIO_Q);
  const bytes = new Uint8Array(count * PAGE_SIZE);
  const ok = yield* store.read(segment.swapSlot, bytes);
  compressor.releaseSwap(segment);
  if (ok) {
    segment.write(ctx.phys, 0, bytes);
    compressor.bytesUsed += segment.bytesUsed;
    compressor.setState(segment, C_ON_SWAPPEDIN_Q);
    ctx.counters.swapins += count;
  } else {
    compressor.releasePages(segment, 0);
    compressor.setState(segment, C_ON_BAD_Q);
  }
  ioDone(compressor, segment);
  return ok;
}

/**
 * Write a segment to swap and free its frames. XNU: vm_swapout_thread, vm_swap_put.
 * @returns false if there was no room, or the store failed: the segment stays
 */
function* swapOut(compressor: Compressor, segment: Segment): Blocking<boolean> {
  const { ctx, store } = compressor;
  const slot = compressor.swapSlots.take();
  if (store === null || slot === null) {
    compressor.setState(segment, C_ON_AGE_Q);
    return false;
  }
  minorCompact(compressor, segment);
  const count = segment.pages.length;
  const bytes = new Uint8Array(count * PAGE_SIZE);
  segment.read(ctx.phys, 0, bytes);
  segment.busy = true;
  compressor.setState(segment, C_ON_SWAPIO_Q);
  const ok = yield* store.write(slot, bytes);
  if (ok) {
    compressor.bytesUsed -= segment.bytesUsed;
    compressor.releasePages(segment, 0);
    segment.swapSlot = slot;
    segment.swappedPages = count;
    compressor.setState(segment, C_ON_SWAPPEDOUT_Q);
    ctx.counters.swapouts += count;
  } else {
    compressor.swapSlots.give(slot);
    compressor.setState(segment, C_ON_AGE_Q);
  }
  ioDone(compressor, segment);
  return ok;
}

/** The segment to swap next: the oldest, then what was compacted or read back longest ago. */
function nextVictim(compressor: Compressor): Segment | null {
  for (const queue of [
    compressor.ageQueue,
    compressor.majorCompactQueue,
    compressor.swappedInQueue,
  ]) {
    for (const segment of queue) return segment;
  }
  return compressor.flushFilling() ? nextVictim(compressor) : null;
}

/** Fill a segment up with those that follow it. */
function absorb(compressor: Compressor, into: Segment): void {
  for (const from of [...compressor.ageQueue]) {
    if (from !== into && !majorCompact(compressor, into, from)) return;
  }
}

/** Swap while the machine asks for it. */
function* swapWhileNeeded(compressor: Compressor): Blocking<void> {
  while (needsToSwap(compressor.ctx)) {
    const segment = nextVictim(compressor);
    if (segment === null) break;
    compressor.swapForced = false;
    compressor.setState(segment, C_ON_SWAPOUT_Q);
    absorb(compressor, segment);
    if (!(yield* swapOut(compressor, segment))) {
      compressor.swapFailed = true;
      break;
    }
  }
  compressor.swapForced = false;
}

/**
 * The thread that keeps the pool of compressed pages in order: closes holes, merges segments, swaps.
 * XNU: vm_compressor_compact_and_swap, vm_swapout_thread.
 */
export function* vmCompactorDaemon(compressor: Compressor): Blocking<void> {
  const { ctx } = compressor;
  for (;;) {
    while (needsToMinorCompact(ctx)) {
      const [segment] = compressor.minorQueue;
      if (segment === undefined) break;
      compressor.minorQueue.delete(segment);
      if (!segment.busy && segment.pages.length > 0) minorCompact(compressor, segment);
    }
    yield* swapWhileNeeded(compressor);
    while (needsToMajorCompact(ctx)) {
      const [segment] = compressor.ageQueue;
      if (segment === undefined) break;
      compressor.setState(segment, C_ON_MAJORCOMPACT_Q);
      absorb(compressor, segment);
    }
    ctx.wakeup(compressor);
    compressor.compactorIdle = true;
    yield {
      channel: compressor.compactorWanted,
      interruptible: THREAD_UNINT,
      reason: "compactor idle",
    };
    compressor.compactorIdle = false;
  }
}
